//! Acting from one's own server: a visitor with an account elsewhere types its handle, and goes on there to follow an
//! account, or to answer or boost a post. The handle is kept nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Handle;
use bauta_service::search::{self, Act};
use bauta_service::{App, Refused, accounts};
use serde::Deserialize;

use super::PostPath;
use super::share::{SHARE_POLICY, open_post};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words::EN;

#[derive(Template)]
#[template(path = "page/elsewhere.html")]
struct Elsewhere {
    frame: Frame,
    path: String,
    means: &'static str,
    typed: String,
    wrong: bool,
    back: String,
}

/// What a visitor fills in.
#[derive(Deserialize)]
pub struct Own {
    account: String,
}

/// `GET /@handle/elsewhere`
pub async fn follow(State(app): State<Arc<App>>, visitor: Visitor, Path(handle): Path<String>) -> Response {
    let made = account(&app, &handle).await;
    let made = made.map(|back| form(&app, &visitor, (Act::Follow, &back), "", StatusCode::OK));
    error::answer(&app, &visitor, made)
}

/// `POST /@handle/elsewhere`
pub async fn go_follow(
    State(app): State<Arc<App>>,
    Path(handle): Path<String>,
    Form(visitor, own): Form<Own>,
) -> Response {
    let made = match account(&app, &handle).await {
        Ok(back) => Ok(go(&app, &visitor, (Act::Follow, &back), &own.account).await),
        Err(refused) => Err(refused),
    };
    error::answer(&app, &visitor, made)
}

/// `GET /@handle/ID/elsewhere`
pub async fn open(State(app): State<Arc<App>>, visitor: Visitor, Path(path): Path<PostPath>) -> Response {
    let made = match open_post(&app, &visitor, &path, "/elsewhere").await {
        Ok(Ok(shown)) => {
            let back = format!("/@{}/{}", shown.author.account.handle, shown.card.post.id);
            Ok(form(&app, &visitor, (Act::Open, &back), "", StatusCode::OK))
        }
        Ok(Err(elsewhere)) => Ok(elsewhere),
        Err(refused) => Err(refused),
    };
    error::answer(&app, &visitor, made)
}

/// `POST /@handle/ID/elsewhere`
pub async fn go_open(
    State(app): State<Arc<App>>,
    Path(path): Path<PostPath>,
    Form(visitor, own): Form<Own>,
) -> Response {
    let made = match open_post(&app, &visitor, &path, "/elsewhere").await {
        Ok(Ok(shown)) => {
            let back = format!("/@{}/{}", shown.author.account.handle, shown.card.post.id);
            Ok(go(&app, &visitor, (Act::Open, &back), &own.account).await)
        }
        Ok(Err(elsewhere)) => Ok(elsewhere),
        Err(refused) => Err(refused),
    };
    error::answer(&app, &visitor, made)
}

/// The page of an account of this server.
async fn account(app: &App, handle: &str) -> Result<String, Refused> {
    let handle = Handle::parse(handle).map_err(|_| Refused::NotFound)?;
    let card = accounts::by_handle(app, &handle).await?;
    Ok(format!("/@{}", card.account.handle))
}

fn form(app: &App, visitor: &Visitor, (act, back): (Act, &str), typed: &str, status: StatusCode) -> Response {
    let made = Elsewhere {
        frame: Frame::with_form(app, visitor, EN.elsewhere_title, Here::Elsewhere),
        path: format!("{back}/elsewhere"),
        means: match act {
            Act::Follow => EN.elsewhere_follow,
            Act::Open => EN.elsewhere_open,
        },
        typed: typed.to_owned(),
        wrong: status != StatusCode::OK,
        back: back.to_owned(),
    };
    let mut response = page(status, &made);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SHARE_POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn go(app: &App, visitor: &Visitor, (act, back): (Act, &str), typed: &str) -> Response {
    let object = format!("{}{back}", app.site.base_url);
    match search::way_from(app, typed, act, object).await {
        Some(address) => Redirect::to(&address).into_response(),
        None => form(app, visitor, (act, back), typed, StatusCode::UNPROCESSABLE_ENTITY),
    }
}
