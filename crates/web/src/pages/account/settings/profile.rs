//! The profile: what others read about the person.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_service::accounts::update_profile::{self, Changes, PictureChange};
use bauta_service::{App, Refused, accounts};

use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::Problems;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_account::TEXT;

#[derive(Template)]
#[template(path = "account/profile.html")]
struct Profile {
    frame: Frame,
    problems: Problems,
    saved: bool,
    typed: Typed,
    has_avatar: bool,
    has_header: bool,
    name_chars: usize,
    bio_chars: usize,
}

/// What stands in the form.
struct Typed {
    display_name: String,
    bio: String,
    lines: Vec<(String, String)>,
    locked: bool,
    bot: bool,
    discoverable: bool,
    indexable: bool,
    collections: bool,
}

/// `GET /settings/profile`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let saved = !ask.text("saved").is_empty();
    let shown = show(&app, &visitor, None, StatusCode::OK, Problems::none(), saved).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    typed: Option<Typed>,
    status: StatusCode,
    problems: Problems,
    saved: bool,
) -> Result<Response, Refused> {
    let card = accounts::by_id(app, visitor.person()?.account).await?;
    let account = &card.account;
    let mut typed = typed.unwrap_or_else(|| Typed {
        display_name: account.display_name.clone(),
        bio: account.bio.clone(),
        lines: account
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect(),
        locked: account.locked,
        bot: account.bot,
        discoverable: account.discoverable,
        indexable: account.indexable,
        collections: !account.hide_collections,
    });
    typed.lines.resize_with(app.site.limits.fields, Default::default);
    let template = Profile {
        frame: Frame::new(app, visitor, TEXT.set_profile, Here::Settings),
        problems,
        saved,
        typed,
        has_avatar: account.avatar.is_some(),
        has_header: account.header.is_some(),
        name_chars: app.site.limits.name_chars,
        bio_chars: app.site.limits.bio_chars,
    };
    Ok(page(status, &template))
}

/// `POST /settings/profile`
pub async fn send(State(app): State<Arc<App>>, mut upload: Upload) -> Response {
    let changed = change(&app, &mut upload).await;
    error::answer(&app, &upload.visitor, changed)
}

async fn change(app: &App, upload: &mut Upload) -> Result<Response, Refused> {
    let (avatar, header) = (picture(upload, "avatar"), picture(upload, "header"));
    let typed = typed(app, upload);
    let changes = Changes {
        display_name: Some(typed.display_name.clone()),
        bio: Some(typed.bio.clone()),
        fields: Some(typed.lines.clone()),
        locked: Some(typed.locked),
        bot: Some(typed.bot),
        discoverable: Some(typed.discoverable),
        indexable: Some(typed.indexable),
        hide_collections: Some(!typed.collections),
        avatar,
        header,
    };
    match update_profile::update_profile(app, upload.visitor.person()?, changes).await {
        Ok(_) => Ok(Redirect::to("/settings/profile?saved=1").into_response()),
        Err(refused) => {
            let (status, problems) = Problems::of(refused, ("", ""))?;
            show(app, &upload.visitor, Some(typed), status, problems, false).await
        }
    }
}

fn typed(app: &App, upload: &Upload) -> Typed {
    // Browsers send a line break of a text as CR LF.
    let text = |name: &str| upload.text(name).replace("\r\n", "\n");
    Typed {
        display_name: text("display_name"),
        bio: text("note"),
        lines: (1..=app.site.limits.fields)
            .map(|place| (text(&format!("label{place}")), text(&format!("value{place}"))))
            .collect(),
        locked: upload.ticked("locked"),
        bot: upload.ticked("bot"),
        discoverable: upload.ticked("discoverable"),
        indexable: upload.ticked("indexable"),
        collections: upload.ticked("collections"),
    }
}

/// A new picture wins over the box that takes the old one away.
fn picture(upload: &mut Upload, name: &str) -> PictureChange {
    match upload.file(name) {
        Some(file) => PictureChange::Replace(file),
        None if upload.ticked(&format!("remove_{name}")) => PictureChange::Remove,
        None => PictureChange::Keep,
    }
}
