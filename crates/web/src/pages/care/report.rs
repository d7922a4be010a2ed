//! Telling moderators about a post or an account.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::{AccountId, Handle, PostId};
use bauta_service::reports::{self, Category};
use bauta_service::{App, Refused, accounts, posts};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// What the form says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    /// A handle; not needed with a post.
    account: String,
    /// The id of a post.
    post: String,
    /// Mastodon's word for what is wrong.
    category: String,
    /// What moderators should know, as typed.
    comment: String,
    /// Not empty: the moderators of the other server are told too.
    forward: String,
}

/// What is reported.
struct About {
    account: AccountId,
    handle: String,
    /// The other server that the account is of.
    domain: Option<String>,
    post: Option<PostId>,
    list: List,
}

/// A category with its words.
const CATEGORIES: [(&str, &str); 4] = [
    ("violation", EN.report_violation),
    ("spam", EN.report_spam),
    ("legal", EN.report_legal),
    ("other", EN.report_other),
];

#[derive(Template)]
#[template(path = "care/report.html")]
struct Report {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    about: About,
    fields: Fields,
    categories: [(&'static str, &'static str); 4],
}

impl Report {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /report`
pub async fn form(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let fields = Fields {
        account: ask.text("account").to_owned(),
        post: ask.text("post").to_owned(),
        ..Fields::default()
    };
    error::answer(
        &app,
        &visitor,
        form_page(&app, &visitor, &ask, fields, None).await,
    )
}

async fn form_page(
    app: &App,
    visitor: &Visitor,
    ask: &Ask,
    fields: Fields,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let about = about(app, visitor, ask, &fields).await?;
    let ids = [("category", "category"), ("comment", "comment")];
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let report = Report {
        frame: Frame::new(app, visitor, EN.report_title, Here::Elsewhere),
        say: &EN,
        trouble: EN.report_not_sent,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        about,
        fields,
        categories: CATEGORIES,
    };
    Ok(page(status, &report))
}

/// Whom and what a report is about: a post that the visitor can read, or an account.
async fn about(app: &App, visitor: &Visitor, ask: &Ask, fields: &Fields) -> Result<About, Refused> {
    let speaker = visitor.person()?;
    if fields.post.is_empty() {
        let handle = Handle::parse_any(&fields.account).map_err(|_| Refused::NotFound)?;
        let card = accounts::by_handle(app, &handle).await?;
        return Ok(About {
            account: card.account.id,
            handle: card.account.handle.as_str().to_owned(),
            domain: card.account.handle.domain().map(str::to_owned),
            post: None,
            list: List::default(),
        });
    }
    let id = fields.post.parse().map_err(|_| Refused::NotFound)?;
    let shown = posts::read(app, Some(speaker), id).await?;
    let reader = Reader {
        context: None,
        account: None,
        ..Reader::new(app, visitor, ask)
    };
    Ok(About {
        account: shown.author.account.id,
        handle: shown.author.account.handle.as_str().to_owned(),
        domain: shown.author.account.handle.domain().map(str::to_owned),
        post: Some(shown.card.post.id),
        list: List::whole(&[shown], &reader),
    })
}

/// `POST /report`
pub async fn send(State(app): State<Arc<App>>, ask: Ask, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, sent(&app, &visitor, &ask, fields).await)
}

#[derive(Template)]
#[template(path = "care/reported.html")]
struct Reported {
    frame: Frame,
    say: &'static Words,
    handle: String,
}

async fn sent(app: &App, visitor: &Visitor, ask: &Ask, fields: Fields) -> Result<Response, Refused> {
    let about = about(app, visitor, ask, &fields).await?;
    match file(app, visitor, &about, &fields).await {
        Ok(()) => {
            let reported = Reported {
                frame: Frame::new(app, visitor, EN.report_done_title, Here::Elsewhere),
                say: &EN,
                handle: about.handle,
            };
            Ok(page(StatusCode::OK, &reported))
        }
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => form_page(app, visitor, ask, fields, Some(refused)).await,
    }
}

async fn file(app: &App, visitor: &Visitor, about: &About, fields: &Fields) -> Result<(), Refused> {
    let category = Category::from_api(&fields.category)
        .ok_or_else(|| Refused::invalid("category", EN.report_wrong_category))?;
    let filing = reports::Filing {
        target: about.account,
        posts: about.post.into_iter().collect(),
        category,
        comment: fields.comment.clone(),
        forward: !fields.forward.is_empty(),
    };
    reports::file(app, visitor.person()?, filing).await.map(|_| ())
}
