//! Counsel's link: it works once. Looking at the page takes nothing; the button does.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bauta_desk::legal::NOT_ADVICE;
use bauta_service::{App, Refused};

use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_desk::{DESK, Words};

#[derive(Template)]
#[template(path = "desk/pickup.html")]
struct Pickup {
    frame: Frame,
    say: &'static Words,
    not_advice: &'static str,
    token: String,
}

/// `GET /counsel/TOKEN`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, Path(token): Path<String>) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, token).await)
}

async fn show(app: &App, visitor: &Visitor, token: String) -> Result<Response, Refused> {
    if !app.desk.can_pick_up(&token).await? {
        return Err(Refused::NotFound);
    }
    let pickup = Pickup {
        frame: Frame::with_form(app, visitor, DESK.pickup, Here::Elsewhere),
        say: &DESK,
        not_advice: NOT_ADVICE,
        token,
    };
    Ok(page(StatusCode::OK, &pickup))
}

/// `POST /counsel/TOKEN`
pub async fn take(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    let taken = match app.desk.pick_up(&token).await {
        Ok(bytes) => {
            let headers = [
                (CONTENT_TYPE, "application/octet-stream"),
                (CONTENT_DISPOSITION, "attachment; filename=\"notice.json.age\""),
            ];
            Ok((headers, bytes).into_response())
        }
        Err(refused) => Err(Refused::from(refused)),
    };
    error::answer(&app, &visitor, taken)
}
