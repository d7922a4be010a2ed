//! How somebody stands to a person: the buttons on a profile, and a question before what can't be undone by the same
//! button.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Account, AccountId};
use bauta_service::relations::{self, Between, Silence, Wish};
use bauta_service::{App, Refused, Speaker};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::profile::account_at;
use crate::pages::speaking::back;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// What can be done with a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tie {
    /// Follow, or ask to.
    Follow,
    /// Follow no more.
    Unfollow,
    /// Block.
    Block,
    /// Block no more.
    Unblock,
    /// Mute.
    Mute,
    /// Mute no more.
    Unmute,
    /// Be followed by them no more.
    Remove,
}

impl Tie {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Follow,
        Self::Unfollow,
        Self::Block,
        Self::Unblock,
        Self::Mute,
        Self::Unmute,
        Self::Remove,
    ];

    /// The last part of its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::Remove => "remove",
        }
    }

    /// The verb, and what it means.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Follow => (EN.follow, EN.follow_means),
            Self::Unfollow => (EN.unfollow, EN.unfollow_means),
            Self::Block => (EN.block, EN.block_means),
            Self::Unblock => (EN.unblock, EN.unblock_means),
            Self::Mute => (EN.mute, EN.mute_means),
            Self::Unmute => (EN.unmute, EN.unmute_means),
            Self::Remove => (EN.remove, EN.remove_means),
        }
    }
}

/// How the visitor stands to an account, as its profile shows it: see `care/relation.html`.
pub struct Relation {
    /// The texts.
    pub say: &'static Words,
    /// The texts about what is kept.
    pub circles: &'static crate::words_circles::Words,
    /// How they stand.
    pub between: Between,
}

impl Relation {
    /// To an account; nothing for strangers, and for one's own.
    ///
    /// # Errors
    /// What the service refuses.
    pub async fn of(app: &App, visitor: &Visitor, account: AccountId) -> Result<Option<Self>, Refused> {
        match visitor
            .speaker
            .as_ref()
            .filter(|speaker| speaker.account != account)
        {
            Some(speaker) => {
                let between = relations::relationship(app, speaker, account).await?;
                Ok(Some(Self {
                    say: &EN,
                    circles: &crate::words_circles::EN,
                    between,
                }))
            }
            None => Ok(None),
        }
    }
}

#[derive(Template)]
#[template(path = "care/question.html")]
struct Question {
    frame: Frame,
    say: &'static Words,
    account: Arc<Account>,
    tie: Tie,
    verb: &'static str,
    means: &'static str,
}

/// What the form of a person says beyond its address. Everything may be missing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct How {
    /// False undoes: one button follows and unfollows.
    on: Option<bool>,
    /// Whether boosts are wanted.
    boosts: Option<bool>,
    /// Whether to be told of every post.
    notify: Option<bool>,
    /// Hours that a mute lasts; empty for good.
    hours: String,
    /// Anything, if a mute leaves notifications alone.
    keep_told: String,
}

/// Hours that a mute can last, in the order of the form: an hour, a day, a week, thirty days.
const HOURS: [u64; 4] = [1, 24, 168, 720];

/// `GET /@handle/…`
pub async fn question(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    tie: Tie,
) -> Response {
    error::answer(&app, &visitor, question_page(&app, &visitor, &name, tie).await)
}

async fn question_page(app: &App, visitor: &Visitor, name: &str, tie: Tie) -> Result<Response, Refused> {
    visitor.person()?;
    let account = match account_at(app, name, &format!("/{}", tie.path())).await? {
        Ok(card) => Arc::clone(&card.account),
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (verb, means) = tie.words();
    let question = Question {
        frame: Frame::new(
            app,
            visitor,
            format!("{verb} @{}?", account.handle),
            Here::Elsewhere,
        ),
        say: &EN,
        account,
        tie,
        verb,
        means,
    };
    Ok(page(StatusCode::OK, &question))
}

/// `POST /@handle/…`
pub async fn tie(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    ask: Ask,
    Form(visitor, how): Form<How>,
    tie: Tie,
) -> Response {
    error::answer(&app, &visitor, tied(&app, &visitor, &name, &ask, &how, tie).await)
}

async fn tied(
    app: &App,
    visitor: &Visitor,
    name: &str,
    ask: &Ask,
    how: &How,
    tie: Tie,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let Ok(card) = account_at(app, name, "").await? else {
        return Err(Refused::NotFound);
    };
    let tie = match tie {
        Tie::Follow if how.on == Some(false) => Tie::Unfollow,
        other => other,
    };
    change(app, speaker, card.account.id, how, tie).await?;
    let profile = format!("/@{}", card.account.handle);
    Ok(Redirect::to(&back(ask, &profile)).into_response())
}

async fn change(
    app: &App,
    speaker: &Speaker,
    target: AccountId,
    how: &How,
    tie: Tie,
) -> Result<Between, Refused> {
    match tie {
        Tie::Follow => relations::follow(app, speaker, target, how.wish()).await,
        Tie::Unfollow => relations::unfollow(app, speaker, target).await,
        Tie::Block => relations::block(app, speaker, target).await,
        Tie::Unblock => relations::unblock(app, speaker, target).await,
        Tie::Mute => relations::mute(app, speaker, target, how.silence()?).await,
        Tie::Unmute => relations::unmute(app, speaker, target).await,
        Tie::Remove => relations::remove_follower(app, speaker, target).await,
    }
}

impl How {
    /// How to follow: one button changes one thing.
    const fn wish(&self) -> Wish {
        Wish {
            show_boosts: self.boosts,
            notify: self.notify,
        }
    }

    fn silence(&self) -> Result<Silence, Refused> {
        let lasting = match self.hours.as_str() {
            "" => None,
            text => {
                let hours = text.parse().ok().filter(|hours| HOURS.contains(hours));
                let hours = hours.ok_or_else(|| Refused::invalid("hours", EN.wrong_hours))?;
                Some(Duration::from_hours(hours))
            }
        };
        Ok(Silence {
            hide_notifications: self.keep_told.is_empty(),
            lasting,
        })
    }
}
