//! Uploading: from a stranger's file to pixels on the disk.

use std::sync::Arc;

use bauta_media::{Format, MediaError, Picture, Rebuilt};
use bauta_model::{AccountId, Attachment, AttachmentKind, Focus, MediaId, Preview};
use bauta_store::attachments;
use bauta_store::media::{Kind, Medium};

use super::{Described, Found, clean};
use crate::pictures::{Eraser, refused, store_bytes};
use crate::{App, Refused, Speaker};

/// A file that somebody sends, and what they say of it.
pub struct New {
    /// As sent.
    pub file: Vec<u8>,
    /// What it shows, as typed; empty if nothing is said.
    pub description: String,
    /// What must not be cut off.
    pub focus: Focus,
}

/// What became of an upload.
#[derive(Debug)]
pub enum Uploaded {
    /// It is there. What the file carried beside its pixels is told once, and kept nowhere.
    Done(Attachment, Found),
    /// It takes longer: ask for it by this id.
    Working(MediaId),
}

/// Attachments of one account that may wait to be posted.
const MOST_WAITING: i64 = 40;

/// Takes in a file, rebuilt from its pixels. What moves takes longer: unless the caller can `wait`, it is worked on
/// behind the answer.
///
/// # Errors
/// [`Refused::Invalid`] names `file` or `description`; [`Refused::Busy`].
pub async fn upload(app: &Arc<App>, speaker: &Speaker, new: New, wait: bool) -> Result<Uploaded, Refused> {
    let said = clean(
        app,
        Described {
            description: Some(new.description),
            focus: Some(new.focus),
        },
    )?;
    let most = app.site.limits.picture_bytes;
    if new.file.is_empty() {
        return Err(Refused::invalid("file", "A picture is missing."));
    }
    if new.file.len() > most {
        let most = most / (1024 * 1024);
        return Err(Refused::invalid(
            "file",
            format!("A picture has at most {most} MB."),
        ));
    }
    let format = Format::of(&new.file);
    if !format.is_taken() {
        return Err(refused("file", MediaError::Format(format)));
    }
    check_waiting(app, speaker.account).await?;
    let id = MediaId::random();
    let begun = app.working.begin(speaker.account, id);
    let (owner, account) = (Arc::clone(app), speaker.account);
    // A task of its own: it ends what it began, whoever hangs up.
    let made = tokio::spawn(async move {
        let made = make(&owner, account, id, new.file, said).await;
        begun.end(made.as_ref().err().map(ToString::to_string));
        made
    });
    if wait || format != Format::Gif {
        let (attachment, found) = made.await.map_err(|_| Refused::Busy)??;
        return Ok(Uploaded::Done(attachment, found));
    }
    Ok(Uploaded::Working(id))
}

async fn check_waiting(app: &App, account: AccountId) -> Result<(), Refused> {
    let waiting = app
        .store
        .read("waiting_count", move |conn| attachments::waiting(conn, account))
        .await?;
    too_many(waiting)
}

fn too_many(waiting: i64) -> Result<(), Refused> {
    if waiting >= MOST_WAITING {
        return Err(Refused::invalid(
            "file",
            format!("{MOST_WAITING} pictures of yours wait to be posted: post some, or wait two days."),
        ));
    }
    Ok(())
}

async fn make(
    app: &App,
    account: AccountId,
    id: MediaId,
    file: Vec<u8>,
    said: Described,
) -> Result<(Attachment, Found), Refused> {
    let rebuilt = app
        .worker
        .attachment(file)
        .await
        .map_err(|error| refused("file", error))?;
    let found = rebuilt.found;
    let attachment = |preview: Option<&Medium>, rebuilt: &Rebuilt| Attachment {
        id,
        kind: if rebuilt.moves {
            AttachmentKind::Animation
        } else {
            AttachmentKind::Picture
        },
        mime: rebuilt.file.mime.to_owned(),
        width: rebuilt.file.width,
        height: rebuilt.file.height,
        preview: preview.map(|medium| Preview {
            id: medium.id,
            width: medium.width.cast_unsigned(),
            height: medium.height.cast_unsigned(),
        }),
        description: said.description.clone().unwrap_or_default(),
        blurhash: rebuilt.blurhash.clone(),
        focus: said.focus.unwrap_or_default(),
        seconds: None,
    };
    // A picture that is small already is its own smaller form.
    let needs_preview = rebuilt.moves || rebuilt.preview.width < rebuilt.file.width;
    let preview = if needs_preview {
        Some(written(app, account, MediaId::random(), Kind::Preview, &rebuilt.preview).await?)
    } else {
        None
    };
    let whole = match written(app, account, id, Kind::Attachment, &rebuilt.file).await {
        Ok(whole) => whole,
        Err(refused) => {
            Eraser::of(app).erase(preview.iter().map(|medium| medium.place).collect());
            return Err(refused);
        }
    };
    let attachment = attachment(preview.as_ref(), &rebuilt);
    let places = preview
        .iter()
        .chain([&whole])
        .map(|medium| medium.place)
        .collect();
    let row = attachment.clone();
    let inserted = app
        .store
        .write("upload", move |conn| {
            too_many(attachments::waiting(conn, account)?)?;
            attachments::insert(conn, &row, &whole, preview.as_ref())?;
            Ok::<_, Refused>(())
        })
        .await;
    match inserted {
        Ok(()) => Ok((attachment, found)),
        Err(refused) => {
            Eraser::of(app).erase(places);
            Err(refused)
        }
    }
}

/// Puts a rebuilt file on the disk.
async fn written(
    app: &App,
    account: AccountId,
    id: MediaId,
    kind: Kind,
    picture: &Picture,
) -> Result<Medium, Refused> {
    Ok(Medium {
        id,
        account,
        kind,
        mime: picture.mime.to_owned(),
        width: picture.width.cast_signed(),
        height: picture.height.cast_signed(),
        place: store_bytes(app, picture.bytes.clone()).await?,
    })
}
