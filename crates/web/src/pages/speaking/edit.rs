//! Editing a post: the composer, without what an edit can't change.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Post;
use bauta_service::posts::Edit;
use bauta_service::{App, Refused, posts};

use super::compose::{self, After, Fields, Purpose, Step};
use super::{leak, pictures, place};
use crate::csrf::Form;
use crate::error;
use crate::pages::{PostPath, post_at};
use crate::visitor::Visitor;

/// `GET /@handle/ID/edit`
pub async fn begin(State(app): State<Arc<App>>, visitor: Visitor, path: Path<PostPath>) -> Response {
    error::answer(&app, &visitor, first(&app, &visitor, &path).await)
}

async fn first(app: &App, visitor: &Visitor, path: &PostPath) -> Result<Response, Refused> {
    let (post, place) = own(app, visitor, path).await?;
    let mut fields = Fields {
        sensitive: if post.sensitive {
            "yes".to_owned()
        } else {
            String::new()
        },
        text: post.text.clone(),
        warning: post.warning.clone(),
        language: post.language.clone().unwrap_or_default(),
        quoters: post.quote_policy.as_api().to_owned(),
        repliers: post.reply_policy.as_api().to_owned(),
        ..Fields::default()
    };
    fields.show(&post.media);
    if let Some(poll) = &post.poll {
        fields.show_poll(poll);
    }
    Ok(compose::form(
        app,
        visitor,
        Purpose::Edit(place),
        fields,
        (StatusCode::OK, None, After::Nothing),
    ))
}

/// The post of an address as its author typed it, and its path; there is none that is somebody else's.
async fn own(app: &App, visitor: &Visitor, path: &PostPath) -> Result<(Arc<Post>, String), Refused> {
    let speaker = visitor.person()?;
    let Ok(shown) = post_at(app, visitor, path, "").await? else {
        return Err(Refused::NotFound);
    };
    let post = posts::source(app, speaker, shown.card.post.id).await?;
    Ok((post, place(&shown)))
}

/// `POST /@handle/ID/edit`
pub async fn send(
    State(app): State<Arc<App>>,
    path: Path<PostPath>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, change(&app, &visitor, &path, fields).await)
}

async fn change(app: &App, visitor: &Visitor, path: &PostPath, fields: Fields) -> Result<Response, Refused> {
    let (post, place) = own(app, visitor, path).await?;
    let purpose = Purpose::Edit(place.clone());
    if matches!(fields.step(), Step::Change | Step::Mend(_) | Step::Attach) {
        return Ok(leak::changed(app, visitor, purpose, fields));
    }
    match save(app, visitor, &post, &fields).await {
        Ok(()) => Ok(Redirect::to(&place).into_response()),
        Err(Refused::Leak(_)) => Ok(leak::page_of(app, visitor, &purpose, fields)),
        // It was deleted meanwhile: there is nothing to try again with.
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => Ok(compose::again(app, visitor, purpose, fields, &refused)),
    }
}

async fn save(app: &App, visitor: &Visitor, post: &Post, fields: &Fields) -> Result<(), Refused> {
    let (kept, _) = fields.kept();
    let edit = Edit {
        text: fields.text.clone(),
        warning: fields.warning.clone(),
        sensitive: !fields.sensitive.is_empty(),
        media: Some(kept.iter().map(|picture| picture.id).collect()),
        described: kept.iter().map(pictures::described).collect(),
        language: fields.language(),
        poll: fields.poll_wish(post.poll.as_ref(), app.clock.now()),
        quote_policy: fields.quote_policy(),
        reply_policy: fields.reply_policy(),
        confirmed: fields.step() == Step::Anyway,
    };
    posts::edit(app, visitor.person()?, post.id, edit)
        .await
        .map(|_| ())
}
