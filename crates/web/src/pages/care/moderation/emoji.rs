//! Small pictures with a name: what there is, one more, one less.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::EmojiId;
use bauta_service::emojis::{self, New};
use bauta_service::{App, Refused};

use super::moderator;
use crate::csrf::{Form, Nothing};
use crate::emoji::picture;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_care::EN as CARE;
use crate::words_emoji::{EN, Words};

struct Line {
    id: EmojiId,
    name: String,
    category: String,
    picture: String,
}

#[derive(Template)]
#[template(path = "care/emoji.html")]
struct Emojis {
    frame: Frame,
    say: &'static Words,
    care: &'static crate::words_care::Words,
    lines: Vec<Line>,
    problems: Problems,
    shortcode: String,
    category: String,
}

/// `GET /moderation/emoji`
pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, Problems::none(), ("", "")))
}

fn show(
    app: &App,
    visitor: &Visitor,
    problems: Problems,
    (shortcode, category): (&str, &str),
) -> Result<Response, Refused> {
    moderator(visitor)?;
    let line = |one: &Arc<emojis::Emoji>| Line {
        id: one.id,
        name: one.shortcode.clone(),
        category: one.category.clone(),
        picture: picture(one),
    };
    let emojis = Emojis {
        frame: Frame::new(app, visitor, EN.emoji, Here::Moderation),
        say: &EN,
        care: &CARE,
        lines: app.emojis.all().iter().map(line).collect(),
        problems,
        shortcode: shortcode.to_owned(),
        category: category.to_owned(),
    };
    Ok(page(emojis.problems.status(), &emojis))
}

/// `POST /moderation/emoji`
pub async fn add(State(app): State<Arc<App>>, mut upload: Upload) -> Response {
    let new = New {
        shortcode: upload.text("shortcode").to_owned(),
        category: upload.text("category").to_owned(),
        file: upload.file("file").unwrap_or_default(),
    };
    error::answer(&app, &upload.visitor, added(&app, &upload, new).await)
}

async fn added(app: &App, upload: &Upload, new: New) -> Result<Response, Refused> {
    match emojis::add(app, moderator(&upload.visitor)?, new).await {
        Ok(()) => Ok(Redirect::to("/moderation/emoji").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            let typed = (upload.text("shortcode"), upload.text("category"));
            show(app, &upload.visitor, problems, typed)
        }
    }
}

/// `POST /moderation/emoji/ID/remove`
pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, Nothing {}): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, removed(&app, &visitor, &id).await)
}

async fn removed(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    emojis::remove(app, moderator(visitor)?, id).await?;
    Ok(Redirect::to("/moderation/emoji").into_response())
}
