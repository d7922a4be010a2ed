//! Who may tell somebody of what they do: quiet mode, an answer for each kind of stranger, and who waits aside.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{CoarseTime, NotificationId, counted};
use bauta_service::notifications::{self, Answer, Policy, Settle};
use bauta_service::{App, Refused, accounts};
use serde::Deserialize;

use super::{older, window};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::post::excerpt;
use crate::posts::author_html;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_told::{EN, Words};

/// One kind of stranger: the name of its field, its words, and the answer.
type Row = (&'static str, &'static str, Answer);

#[derive(Template)]
#[template(path = "care/told.html")]
struct Told {
    frame: Frame,
    say: &'static Words,
    saved: bool,
    quiet: bool,
    rows: [Row; 5],
    answers: [(&'static str, &'static str, Answer); 3],
    waiting: usize,
}

const ANSWERS: [(&str, &str, Answer); 3] = [
    ("accept", EN.told_accept, Answer::Accept),
    ("filter", EN.told_filter, Answer::Filter),
    ("drop", EN.told_drop, Answer::Drop),
];

/// `GET /settings/notifications`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    error::answer(&app, &visitor, show(&app, &visitor, saved).await)
}

async fn show(app: &App, visitor: &Visitor, saved: bool) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let (policy, aside) = notifications::policy(app, speaker).await?;
    let preferences = accounts::preferences(app, speaker).await?;
    let told = Told {
        frame: Frame::new(app, visitor, EN.told, Here::Settings),
        say: &EN,
        saved,
        quiet: notifications::is_quiet(&policy, &preferences),
        rows: [
            ("following", EN.told_not_following, policy.not_following),
            ("followers", EN.told_not_followers, policy.not_followers),
            ("new", EN.told_new, policy.new_accounts),
            ("direct", EN.told_direct, policy.private_mentions),
            ("limited", EN.told_limited, policy.limited_accounts),
        ],
        answers: ANSWERS,
        waiting: aside.people,
    };
    Ok(page(StatusCode::OK, &told))
}

/// The form, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    quiet: String,
    following: String,
    followers: String,
    new: String,
    direct: String,
    limited: String,
}

/// `POST /settings/notifications`: quiet mode by its own button, or every answer.
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, set(&app, &visitor, fields).await)
}

async fn set(app: &App, visitor: &Visitor, fields: Fields) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    if fields.quiet.is_empty() {
        let answer = |word: &str, before| {
            let known = ANSWERS.iter().find(|(name, ..)| *name == word);
            known.map_or(before, |(.., answer)| *answer)
        };
        let changed = move |before: Policy| Policy {
            not_following: answer(&fields.following, before.not_following),
            not_followers: answer(&fields.followers, before.not_followers),
            new_accounts: answer(&fields.new, before.new_accounts),
            private_mentions: answer(&fields.direct, before.private_mentions),
            limited_accounts: answer(&fields.limited, before.limited_accounts),
        };
        notifications::change_policy(app, speaker, changed).await?;
    } else {
        notifications::set_quiet(app, speaker, fields.quiet == "on").await?;
    }
    Ok(Redirect::to("/settings/notifications?saved=1").into_response())
}

/// Somebody who waits.
struct Line {
    id: NotificationId,
    handle: String,
    html: String,
    count: String,
    until: CoarseTime,
    /// Path and first words of the newest post.
    post: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "care/aside.html")]
struct Aside {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Line>,
    older: Option<NotificationId>,
}

/// Characters of a post that are shown below a name.
const EXCERPT: usize = 240;

/// `GET /notifications/aside`
pub async fn aside(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, aside_page(&app, &visitor, &ask).await)
}

async fn aside_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let found = notifications::requests(app, visitor.person()?, window(ask)?).await?;
    let line = |one: &notifications::Waiting| Line {
        id: one.id,
        handle: one.from.account.handle.as_str().to_owned(),
        html: author_html(app, &one.from).to_owned(),
        count: counted(one.count, EN.aside_one, EN.aside_many),
        until: one.until,
        post: one.post.as_ref().map(|shown| {
            let path = format!("/@{}/{}", shown.author.account.handle, shown.card.post.id);
            (path, excerpt(&shown.card.post, EXCERPT))
        }),
    };
    let aside = Aside {
        lines: found.items.iter().map(line).collect(),
        frame: Frame::new(app, visitor, EN.aside, Here::Notifications),
        say: &EN,
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &aside))
}

/// What becomes of somebody who waits: `accept=ID` or `dismiss=ID`.
#[derive(Deserialize)]
pub struct Settled {
    accept: Option<String>,
    dismiss: Option<String>,
}

/// `POST /notifications/aside`
pub async fn settle(State(app): State<Arc<App>>, Form(visitor, said): Form<Settled>) -> Response {
    error::answer(&app, &visitor, settled(&app, &visitor, &said).await)
}

async fn settled(app: &App, visitor: &Visitor, said: &Settled) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let (id, how) = match (&said.accept, &said.dismiss) {
        (Some(id), None) => (id, Settle::LetIn),
        (None, Some(id)) => (id, Settle::Forget),
        _ => return Err(Refused::invalid("form", crate::EN.broken_form)),
    };
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    // Who is gone meanwhile is settled.
    notifications::settle(app, speaker, vec![id], how).await?;
    Ok(Redirect::to("/notifications/aside").into_response())
}
