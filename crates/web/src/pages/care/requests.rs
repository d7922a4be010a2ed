//! Who asks to follow somebody whose follows need consent.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::AccountId;
use bauta_service::{App, Refused, relations};
use serde::Deserialize;

use super::{older, window};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::posts::author_html;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

#[derive(Template)]
#[template(path = "care/requests.html")]
struct Requests {
    frame: Frame,
    say: &'static Words,
    people: Vec<(AccountId, String, String)>,
    older: Option<AccountId>,
}

/// `GET /requests`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, list_page(&app, &visitor, &ask).await)
}

async fn list_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let found = relations::requests(app, speaker, window(ask)?).await?;
    let people = found.items.iter().map(|card| {
        let account = &card.account;
        (
            account.id,
            account.handle.as_str().to_owned(),
            author_html(app, card).to_owned(),
        )
    });
    let requests = Requests {
        frame: Frame::new(app, visitor, EN.requests, Here::Notifications),
        say: &EN,
        people: people.collect(),
        older: older(&found),
    };
    Ok(page(StatusCode::OK, &requests))
}

/// An answer to a request: `accept=ID` or `reject=ID`.
#[derive(Deserialize)]
pub struct Said {
    accept: Option<String>,
    reject: Option<String>,
}

/// `POST /requests`
pub async fn answer(State(app): State<Arc<App>>, Form(visitor, said): Form<Said>) -> Response {
    error::answer(&app, &visitor, answered(&app, &visitor, &said).await)
}

async fn answered(app: &App, visitor: &Visitor, said: &Said) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let id = |text: &str| text.parse::<AccountId>().map_err(|_| Refused::NotFound);
    let _settled = match (&said.accept, &said.reject) {
        (Some(account), None) => relations::accept_request(app, speaker, id(account)?).await?,
        (None, Some(account)) => relations::reject_request(app, speaker, id(account)?).await?,
        _ => return Err(Refused::invalid("form", crate::EN.broken_form)),
    };
    Ok(Redirect::to("/requests").into_response())
}
