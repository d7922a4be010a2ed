//! Moving to another account, and letting another account move here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Secret;
use bauta_service::accounts::moving;
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{Problems, limiter};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/move.html")]
struct Moving {
    frame: Frame,
    problems: Problems,
    /// Numbers and handles of the other accounts.
    aliases: Vec<(String, String)>,
    /// The handle of where this account went.
    moved: Option<String>,
    fields: Fields,
}

/// What the forms of the page say.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    /// `name`, `forget`, `move` or `stay`.
    act: String,
    /// A handle that is this person's too, as typed.
    alias: String,
    /// The number of one that is not.
    id: String,
    /// Where to move, as typed.
    target: String,
    passphrase: String,
}

/// `GET /settings/move`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = show(&app, &visitor, Problems::none(), Fields::default()).await;
    error::answer(&app, &visitor, shown)
}

async fn show(app: &App, visitor: &Visitor, problems: Problems, fields: Fields) -> Result<Response, Refused> {
    let person = visitor.person()?;
    let aliases = moving::aliases(app, person).await?;
    let moved = moving::moved_to(app, person.account).await?;
    let status = problems.status();
    let template = Moving {
        frame: Frame::new(app, visitor, TEXT.set_move, Here::Settings),
        problems,
        aliases: aliases
            .iter()
            .map(|card| (card.account.id.to_string(), card.account.handle.to_string()))
            .collect(),
        moved: moved.map(|card| card.account.handle.to_string()),
        fields,
    };
    Ok(page(status, &template))
}

/// `POST /settings/move`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let answer = match act(&app, &visitor, &fields).await {
        Ok(()) => Ok(Redirect::to("/settings/move").into_response()),
        Err(refused) => match Problems::of(refused, ("passphrase", TEXT.pass_wrong)) {
            Ok((_, problems)) => show(&app, &visitor, problems, fields).await,
            Err(refused) => Err(refused),
        },
    };
    error::answer(&app, &visitor, answer)
}

async fn act(app: &App, visitor: &Visitor, fields: &Fields) -> Result<(), Refused> {
    let person = visitor.person()?;
    match fields.act.as_str() {
        "name" => moving::add_alias(app, person, &fields.alias).await,
        "forget" => {
            let other = fields.id.parse().map_err(|_| Refused::NotFound)?;
            moving::remove_alias(app, person, other).await
        }
        "move" => {
            let typed = Secret::new(fields.passphrase.clone());
            moving::move_to(app, person, &fields.target, &typed, limiter(visitor)).await
        }
        "stay" => moving::stay(app, person).await,
        _ => Err(Refused::NotFound),
    }
}
