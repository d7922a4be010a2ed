//! Uploading: from a stranger's file to pixels on the disk.

use std::sync::Arc;

use bauta_media::{Film, Format, MediaError, Picture, Rebuilt};
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
    /// What the file says of its maker is told in its own words.
    pub tells: bool,
}

/// What became of an upload.
#[derive(Debug)]
pub enum Uploaded {
    /// It is there. What the file carried beside its pixels is told once, and kept nowhere.
    Done(Attachment, Carried),
    /// It takes longer: ask for it by this id.
    Working(MediaId, AttachmentKind),
}

/// What the caller waits for; the rest is worked on behind the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Whatever it is.
    Always,
    /// Anything but films and sounds, which can take minutes.
    ForPictures,
    /// Pictures that stand still.
    ForStills,
}

impl Wait {
    fn is_for(self, format: Format) -> bool {
        match self {
            Self::Always => true,
            Self::ForPictures => !format.is_film(),
            Self::ForStills => !format.is_film() && !matches!(format, Format::Gif),
        }
    }
}

/// Attachments of one account that may wait to be posted.
const MOST_WAITING: i64 = 40;

/// What a file carried beside its pixels.
#[derive(Debug, Default)]
pub struct Carried {
    /// What it was.
    pub kinds: Found,
    /// Some of it in its own words, where that was asked for. It is nowhere else.
    pub values: Vec<(Found, String)>,
}

/// What a file was made into.
struct Made {
    kind: AttachmentKind,
    file: Picture,
    /// None where the file is its own smaller form, or has none.
    preview: Option<Picture>,
    blurhash: String,
    seconds: Option<u32>,
    found: Carried,
}

impl From<Rebuilt> for Made {
    fn from(rebuilt: Rebuilt) -> Self {
        // A picture that is small already is its own smaller form.
        let needs_preview = rebuilt.moves || rebuilt.preview.width < rebuilt.file.width;
        Self {
            kind: if rebuilt.moves {
                AttachmentKind::Animation
            } else {
                AttachmentKind::Picture
            },
            file: rebuilt.file,
            preview: needs_preview.then_some(rebuilt.preview),
            blurhash: rebuilt.blurhash,
            seconds: None,
            found: Carried {
                kinds: rebuilt.found,
                values: rebuilt.values,
            },
        }
    }
}

impl From<Film> for Made {
    fn from(film: Film) -> Self {
        Self {
            kind: if film.preview.is_some() {
                AttachmentKind::Film
            } else {
                AttachmentKind::Sound
            },
            file: film.file,
            preview: film.preview,
            blurhash: film.blurhash,
            seconds: Some(film.seconds),
            found: Carried::default(),
        }
    }
}

/// Takes in a file, rebuilt from its pixels or samples. What takes longer than the caller waits is worked on behind the
/// answer.
///
/// # Errors
/// [`Refused::Invalid`] names `file` or `description`; [`Refused::Busy`].
pub async fn upload(app: &Arc<App>, speaker: &Speaker, new: New, wait: Wait) -> Result<Uploaded, Refused> {
    speaker.speaks()?;
    let said = clean(
        app,
        Described {
            description: Some(new.description),
            focus: Some(new.focus),
        },
    )?;
    if new.file.is_empty() {
        return Err(Refused::invalid("file", "A picture is missing."));
    }
    let format = Format::of(&new.file);
    check_format(app, format, new.file.len())?;
    check_waiting(app, speaker.account).await?;
    let id = MediaId::random();
    let begun = app.working.begin(speaker.account, id, kind_of(format));
    let (owner, account) = (Arc::clone(app), speaker.account);
    // A task of its own: it ends what it began, whoever hangs up.
    let made = tokio::spawn(async move {
        let made = make(&owner, (account, id), (format, new.tells), new.file, said).await;
        begun.end(made.as_ref().err().map(ToString::to_string));
        made
    });
    if wait.is_for(format) {
        let (attachment, found) = made.await.map_err(|_| Refused::Busy)??;
        return Ok(Uploaded::Done(attachment, found));
    }
    Ok(Uploaded::Working(id, kind_of(format)))
}

/// What a file will be, as far as its first bytes tell.
const fn kind_of(format: Format) -> AttachmentKind {
    match format {
        Format::Mp4 | Format::WebM => AttachmentKind::Film,
        Format::Mp3 | Format::Ogg | Format::Flac | Format::Wav => AttachmentKind::Sound,
        Format::Gif => AttachmentKind::Animation,
        _ => AttachmentKind::Picture,
    }
}

fn check_format(app: &App, format: Format, length: usize) -> Result<(), Refused> {
    if format.is_film() && !app.site.takes_films() {
        return Err(refused("file", MediaError::NoFilms));
    }
    if !format.is_film() && !format.is_taken() {
        return Err(refused("file", MediaError::Format(format)));
    }
    let (what, most) = if format.is_film() {
        ("film or a sound", app.site.limits.film_bytes)
    } else {
        ("picture", app.site.limits.picture_bytes)
    };
    if length > most {
        let most = most / (1024 * 1024);
        return Err(Refused::invalid(
            "file",
            format!("A {what} has at most {most} MB."),
        ));
    }
    Ok(())
}

async fn rebuilt(app: &App, (format, tells): (Format, bool), file: Vec<u8>) -> Result<Made, Refused> {
    let made = if format.is_film() {
        app.worker.film(file).await.map(Made::from)
    } else if tells {
        app.worker.attachment_and_said(file).await.map(Made::from)
    } else {
        app.worker.attachment(file).await.map(Made::from)
    };
    made.map_err(|error| refused("file", error))
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
    (account, id): (AccountId, MediaId),
    (format, tells): (Format, bool),
    file: Vec<u8>,
    said: Described,
) -> Result<(Attachment, Carried), Refused> {
    let mut made = rebuilt(app, (format, tells), file).await?;
    let found = std::mem::take(&mut made.found);
    let attachment = |preview: Option<&Medium>, made: &Made| Attachment {
        id,
        kind: made.kind,
        mime: made.file.mime.to_owned(),
        width: made.file.width,
        height: made.file.height,
        preview: preview.map(|medium| Preview {
            id: medium.id,
            width: medium.width.cast_unsigned(),
            height: medium.height.cast_unsigned(),
        }),
        description: said.description.clone().unwrap_or_default(),
        blurhash: made.blurhash.clone(),
        focus: said.focus.unwrap_or_default(),
        seconds: made.seconds,
    };
    let preview = match &made.preview {
        Some(preview) => Some(written(app, account, MediaId::random(), Kind::Preview, preview).await?),
        None => None,
    };
    let whole = match written(app, account, id, Kind::Attachment, &made.file).await {
        Ok(whole) => whole,
        Err(refused) => {
            Eraser::of(app).erase(preview.iter().map(|medium| medium.place).collect());
            return Err(refused);
        }
    };
    let attachment = attachment(preview.as_ref(), &made);
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
    let (place, key) = store_bytes(app, picture.bytes.clone()).await?;
    Ok(Medium {
        id,
        account,
        kind,
        mime: picture.mime.to_owned(),
        width: picture.width.cast_signed(),
        height: picture.height.cast_signed(),
        place,
        key,
    })
}
