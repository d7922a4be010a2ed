//! Deleting the account: what happens is said first, and the passphrase is asked for.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use bauta_model::Secret;
use bauta_service::{App, Deletion, Refused, accounts};

use super::access::Confirmed;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{Problems, limiter};
use crate::visitor::{Visitor, clear_cookie};
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/delete.html")]
struct Delete {
    frame: Frame,
    problems: Problems,
    /// What becomes of what is deleted.
    becomes: &'static str,
    /// Several people are behind the account: they decide together.
    together: bool,
}

#[derive(Template)]
#[template(path = "account/deleted.html")]
struct Deleted {
    frame: Frame,
}

/// `GET /settings/delete`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = show(&app, &visitor, StatusCode::OK, Problems::none()).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    problems: Problems,
) -> Result<Response, Refused> {
    let group = accounts::keyholders::group(app, visitor.person()?).await?;
    let template = Delete {
        together: group.people.len() > 1,
        frame: Frame::new(app, visitor, TEXT.set_delete, Here::Settings),
        problems,
        becomes: match app.store.deletion() {
            Deletion::KeyDies => TEXT.delete_key_dies,
            Deletion::Overwritten => TEXT.delete_real,
            Deletion::NotReal => TEXT.delete_not_real,
        },
    };
    Ok(page(status, &template))
}

/// `POST /settings/delete`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Confirmed>) -> Response {
    error::answer(&app, &visitor, delete(&app, &visitor, fields).await)
}

async fn delete(app: &App, visitor: &Visitor, fields: Confirmed) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let typed = Secret::new(fields.passphrase);
    if let Err(refused) = accounts::delete_account(app, person, &typed, limiter(visitor)).await {
        let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
        return show(app, visitor, status, problems).await;
    }
    let nobody = Visitor::stranger(None);
    let frame = Frame::new(app, &nobody, TEXT.delete_done_title, Here::Elsewhere);
    Ok((
        [(SET_COOKIE, clear_cookie())],
        page(StatusCode::OK, &Deleted { frame }),
    )
        .into_response())
}
