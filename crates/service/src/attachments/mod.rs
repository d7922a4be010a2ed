//! Media of posts: uploaded, described, deleted. A post shows them once it names them.

mod upload;
mod working;

use bauta_model::{Attachment, AttachmentKind, Focus, MediaId};
use bauta_store::{Conn, attachments};

use crate::pictures::Eraser;
use crate::{App, Refused, Speaker};

pub use bauta_media::{Found, MAX_FILM_PIXELS, MAX_FILM_RATE};
pub use upload::{Carried, New, Uploaded, Wait, upload};
pub(crate) use working::Working;

/// An upload as its owner asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is there.
    Done(Attachment),
    /// It is being worked on, and will be of this kind.
    Working(AttachmentKind),
}

/// What is said of an attachment; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// What it shows, as typed.
    pub description: Option<String>,
    /// What must not be cut off.
    pub focus: Option<Focus>,
}

/// An attachment of the speaker.
///
/// # Errors
/// [`Refused::NotFound`] for one of somebody else; [`Refused::Invalid`] where it could not be worked on, with the reason.
pub async fn read(app: &App, speaker: &Speaker, id: MediaId) -> Result<Progress, Refused> {
    if app.working.is_working(speaker.account, id)? {
        let kind = app.working.kind(speaker.account, id);
        return Ok(Progress::Working(kind.unwrap_or(AttachmentKind::Picture)));
    }
    own(app, speaker, id).await.map(Progress::Done)
}

/// Attachments of the speaker that wait to be posted, in the order of `ids`; what is not there any more is left out.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn waiting(app: &App, speaker: &Speaker, ids: &[MediaId]) -> Result<Vec<Attachment>, Refused> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (account, wanted) = (speaker.account, ids.to_vec());
    let mut found = app
        .store
        .read("waiting_media", move |conn| attachments::by_ids(conn, &wanted))
        .await?;
    found.retain(|one| one.account == account && one.post.is_none());
    let in_order = ids.iter().filter_map(|id| {
        let at = found.iter().position(|one| one.attachment.id == *id)?;
        Some(found.swap_remove(at).attachment)
    });
    Ok(in_order.collect())
}

async fn own(app: &App, speaker: &Speaker, id: MediaId) -> Result<Attachment, Refused> {
    let account = speaker.account;
    let found = app
        .store
        .read("medium", move |conn| attachments::by_ids(conn, &[id]))
        .await?
        .pop();
    found
        .filter(|one| one.account == account)
        .map(|one| one.attachment)
        .ok_or(Refused::NotFound)
}

/// Says what an attachment shows, before it is posted or after.
///
/// # Errors
/// [`Refused::Invalid`] names `description`; [`Refused::NotFound`] for one of somebody else.
pub async fn describe(
    app: &App,
    speaker: &Speaker,
    id: MediaId,
    described: Described,
) -> Result<Attachment, Refused> {
    speaker.speaks()?;
    let described = clean(app, described)?;
    app.working.finished(speaker.account, id).await?;
    let account = speaker.account;
    let cards = std::sync::Arc::clone(&app.cards);
    app.store
        .write_then(
            "describe_medium",
            move |conn| {
                let found = attachments::by_ids(conn, &[id])?.pop();
                let found = found
                    .filter(|one| one.account == account)
                    .ok_or(Refused::NotFound)?;
                let attachment = put(conn, found.attachment, &described)?;
                Ok::<_, Refused>((attachment, found.post))
            },
            move |(_, post)| {
                if let Some(post) = post {
                    cards.invalidate(*post);
                }
            },
        )
        .await
        .map(|(attachment, _)| attachment)
}

/// Writes what changes, and gives the attachment as it is now.
pub(crate) fn put(
    conn: &mut Conn,
    before: Attachment,
    described: &Described,
) -> Result<Attachment, bauta_store::Error> {
    let after = Attachment {
        description: described
            .description
            .clone()
            .unwrap_or_else(|| before.description.clone()),
        focus: described.focus.unwrap_or(before.focus),
        ..before.clone()
    };
    if after != before {
        attachments::describe(conn, after.id, &after.description, after.focus)?;
    }
    Ok(after)
}

/// Cleans and measures a description.
pub(crate) fn clean(app: &App, described: Described) -> Result<Described, Refused> {
    let description = described.description.as_deref().map(bauta_text::clean_text);
    let most = app.site.limits.description_chars;
    if description
        .as_ref()
        .is_some_and(|text| text.chars().count() > most)
    {
        return Err(Refused::invalid(
            "description",
            format!("A description has at most {most} characters."),
        ));
    }
    Ok(Described {
        description,
        ..described
    })
}

/// Deletes an attachment that no post shows. Its bytes are erased at once.
///
/// # Errors
/// [`Refused::NotFound`] for one of somebody else; [`Refused::Invalid`] for one that a post shows.
pub async fn delete(app: &App, speaker: &Speaker, id: MediaId) -> Result<(), Refused> {
    speaker.speaks()?;
    app.working.finished(speaker.account, id).await?;
    let account = speaker.account;
    let eraser = Eraser::of(app);
    app.store
        .write_then(
            "delete_medium",
            move |conn| {
                let found = attachments::by_ids(conn, &[id])?.pop();
                let found = found
                    .filter(|one| one.account == account)
                    .ok_or(Refused::NotFound)?;
                if found.post.is_some() {
                    return Err(Refused::invalid(
                        "id",
                        "A post shows this: edit the post to take it away.",
                    ));
                }
                Ok(attachments::delete(conn, &[id])?)
            },
            move |places| eraser.erase(places.clone()),
        )
        .await
        .map(|_| ())
}

/// Why media can't be put to a post.
pub(crate) fn not_yours(app: &App, speaker: &Speaker, ids: &[MediaId]) -> Refused {
    let working = ids
        .iter()
        .any(|id| matches!(app.working.is_working(speaker.account, *id), Ok(true)));
    Refused::invalid(
        "media_ids",
        if working {
            "A picture is still being worked on: try again in a moment."
        } else {
            "A picture of this post is not there, is in another post, or is not yours."
        },
    )
}

/// Refuses more media than a post takes, and the same one twice.
pub(crate) fn check_count(app: &App, ids: &[MediaId]) -> Result<(), Refused> {
    let most = app.site.limits.attachments;
    if ids.len() > most {
        return Err(Refused::invalid(
            "media_ids",
            format!("A post has at most {most} pictures."),
        ));
    }
    let twice = ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id));
    if twice {
        return Err(Refused::invalid("media_ids", "A post shows a picture once."));
    }
    Ok(())
}
