//! Pictures: those of profiles taken in rebuilt, all of them read and erased. And the mask of those who have none.

use std::sync::Arc;

use bauta_media::{MediaError, PictureKind, SegmentError, Segments};
use bauta_model::{AccountId, Event, Incident, MediaId, emit};
use bauta_store::Store;
use bauta_store::media::{FileKey, Kind, Medium, Place, Span, Stored, plain_length};
use tokio::runtime::Handle as Runtime;

use crate::depot::{Depot, name_of, parted};
use crate::{App, Refused};

/// A medium without its bytes.
#[derive(Clone)]
pub struct Found {
    id: MediaId,
    /// What this server encoded it to.
    pub mime: &'static str,
    /// It belongs to a post, or waits for one; it may be deleted any day.
    pub of_post: bool,
    /// Bytes.
    pub length: u64,
    place: Place,
    key: Option<FileKey>,
}

/// A picture, ready to be sent.
pub struct Served {
    /// `image/jpeg`, `image/png` or `image/gif`.
    pub mime: &'static str,
    /// It belongs to a post, or waits for one; it may be deleted any day.
    pub of_post: bool,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads a picture.
///
/// # Errors
/// As [`find`].
pub async fn read(app: &App, id: MediaId) -> Result<Served, Refused> {
    let found = find(app, id).await?;
    Ok(Served {
        mime: found.mime,
        of_post: found.of_post,
        bytes: part(app, &found, 0, found.length).await?,
    })
}

/// As [`read`], also where its owner was suspended: for the archive of whoever owns it.
///
/// # Errors
/// [`Refused::NotFound`] where there is none, or moderators hid the post that shows it.
pub(crate) async fn read_own(app: &App, id: MediaId) -> Result<Served, Refused> {
    let found = look_up(app, id).await?.1;
    Ok(Served {
        mime: found.mime,
        of_post: found.of_post,
        bytes: part(app, &found, 0, found.length).await?,
    })
}

/// Reads `length` bytes of a medium.
///
/// # Errors
/// [`Refused::NotFound`] where it was deleted since, or has not that many.
pub async fn part(app: &App, found: &Found, from: u64, length: u64) -> Result<Vec<u8>, Refused> {
    let end = from.checked_add(length).ok_or(Refused::NotFound)?;
    if end > found.length {
        return Err(Refused::NotFound);
    }
    read_at(app, found.id, (found.place, found.key.clone()), from, length).await
}

/// Reads a part of a medium at the place where it was a moment ago.
async fn read_at(app: &App, id: MediaId, stored: Stored, from: u64, take: u64) -> Result<Vec<u8>, Refused> {
    let at = stored.0;
    let read = read_there(app, stored, from, take).await;
    if name_of(at).is_some() || !app.depot.is_used() {
        return read;
    }
    // A film is read over minutes: it may have been carried away since it was looked up.
    let now = app
        .store
        .read("lies_now", move |conn| bauta_store::media::by_id(conn, id))
        .await?;
    match now {
        Some(now) if now.place != at => read_there(app, (now.place, now.key), from, take).await,
        _ => read,
    }
}

async fn read_there(app: &App, (at, key): Stored, from: u64, take: u64) -> Result<Vec<u8>, Refused> {
    let Some(name) = name_of(at) else {
        let media = Arc::clone(&app.media);
        return on_a_thread(move || read_part(&media, at, key.as_ref(), from, take)).await;
    };
    let Some(key) = key else {
        return app.depot.part(name, from, take).await;
    };
    let lies = at.length.unsigned_abs().into();
    let span = Span::of(lies, from, take).ok_or(Refused::NotFound)?;
    let sealed = app.depot.part(name, span.offset, span.length).await?;
    on_a_thread(move || key.open(&span, sealed).ok_or(SegmentError::NoSuchPlace)).await
}

/// What lies at a place of the media folder, sealed or not.
pub(crate) async fn raw(app: &App, at: Place) -> Result<Vec<u8>, Refused> {
    let media = Arc::clone(&app.media);
    on_a_thread(move || media.read(place(at))).await
}

/// Reads a part of what lies at a place, opened where it is sealed.
fn read_part(
    media: &Segments,
    at: Place,
    key: Option<&FileKey>,
    from: u64,
    take: u64,
) -> Result<Vec<u8>, SegmentError> {
    let whole = place(at);
    let part = |offset: u64, length: u64| bauta_media::Place {
        offset: whole.offset + offset.cast_signed(),
        length: length as i32,
        ..whole
    };
    let Some(key) = key else {
        return media.read(part(from, take));
    };
    let span = Span::of(at.length.unsigned_abs().into(), from, take).ok_or(SegmentError::NoSuchPlace)?;
    let sealed = media.read(part(span.offset, span.length))?;
    // What does not open was erased in this moment.
    key.open(&span, sealed).ok_or(SegmentError::NoSuchPlace)
}

/// How long a medium is that lies sealed or not.
fn length_of(at: Place, key: Option<&FileKey>) -> u64 {
    let lies: u64 = at.length.unsigned_abs().into();
    match key {
        Some(_) => plain_length(lies).unwrap_or(0),
        None => lies,
    }
}

fn read_whole(media: &Segments, medium: &Medium) -> Result<Vec<u8>, SegmentError> {
    let key = medium.key.as_ref();
    read_part(media, medium.place, key, 0, length_of(medium.place, key))
}

/// Looks a medium up.
///
/// # Errors
/// [`Refused::NotFound`] where there is none, its owner was suspended, or moderators hid the post that shows it.
pub async fn find(app: &App, id: MediaId) -> Result<Found, Refused> {
    let (owner, found) = look_up(app, id).await?;
    crate::accounts::by_id(app, owner).await?;
    Ok(found)
}

/// A medium, and whose it is.
async fn look_up(app: &App, id: MediaId) -> Result<(AccountId, Found), Refused> {
    let medium = app
        .store
        .read("read_picture", move |conn| {
            let found = bauta_store::media::by_id(conn, id)?;
            let hidden = match &found {
                Some(medium) if is_of_post(medium.kind) => bauta_store::attachments::is_hidden(conn, id)?,
                _ => false,
            };
            Ok::<_, bauta_store::Error>(found.filter(|_| !hidden))
        })
        .await?
        .ok_or(Refused::NotFound)?;
    let found = Found {
        id,
        mime: match medium.mime.as_str() {
            "image/png" => "image/png",
            "image/gif" => "image/gif",
            "video/mp4" => "video/mp4",
            "audio/mp4" => "audio/mp4",
            _ => "image/jpeg",
        },
        of_post: is_of_post(medium.kind),
        length: length_of(medium.place, medium.key.as_ref()),
        place: medium.place,
        key: medium.key,
    };
    Ok((medium.account, found))
}

const fn is_of_post(kind: Kind) -> bool {
    matches!(kind, Kind::Attachment | Kind::Preview)
}

/// The mask of an account that has no avatar: a PNG in two tones, drawn from its random id.
pub fn mask(account: AccountId) -> Vec<u8> {
    bauta_media::mask(account)
}

/// Rebuilds a file from its pixels and puts it on the disk. Its row is the caller's to write; without one the bytes
/// are erased at the next start.
pub(crate) async fn take_in(
    app: &App,
    account: AccountId,
    kind: Kind,
    file: Vec<u8>,
) -> Result<Medium, Refused> {
    let (field, shape) = match kind {
        Kind::Header => ("header", PictureKind::Header),
        Kind::Avatar | Kind::Attachment | Kind::Preview => ("avatar", PictureKind::Avatar),
    };
    if file.len() > app.site.limits.picture_bytes {
        let most = app.site.limits.picture_bytes / (1024 * 1024);
        return Err(Refused::invalid(
            field,
            format!("A picture has at most {most} MB."),
        ));
    }
    let picture = app
        .worker
        .picture(shape, file)
        .await
        .map_err(|error| refused(field, error))?;
    let (at, key) = store_bytes(app, picture.bytes).await?;
    Ok(Medium {
        id: MediaId::random(),
        account,
        kind,
        mime: picture.mime.to_owned(),
        width: picture.width.cast_signed(),
        height: picture.height.cast_signed(),
        place: at,
        key,
    })
}

/// The bytes of a medium.
///
/// # Errors
/// [`Refused::NotFound`] where they were erased, [`Refused::Busy`] where they lie in a bucket that is away.
pub(crate) async fn bytes_of(app: &App, medium: &Medium) -> Result<Vec<u8>, Refused> {
    let (at, key) = (medium.place, medium.key.clone());
    let length = length_of(at, key.as_ref());
    read_at(app, medium.id, (at, key), 0, length).await
}

/// Puts bytes on the disk, under a key of their own where the server is sealed. A row is the caller's to write; without one
/// they are erased at the next start.
pub(crate) async fn store_bytes(app: &App, bytes: Vec<u8>) -> Result<Stored, Refused> {
    let (media, sealed) = (Arc::clone(&app.media), app.store.keyring().is_some());
    on_a_thread(move || {
        let key = sealed.then(FileKey::random);
        let bytes = match &key {
            Some(key) => key.seal(&bytes),
            None => bytes,
        };
        Ok((lies(media.append(&bytes)?), key))
    })
    .await
}

const fn lies(at: bauta_media::Place) -> Place {
    Place {
        segment: at.segment,
        offset: at.offset,
        length: at.length,
    }
}

/// Files that are looked up at a time.
const STEP: i64 = 50;

/// Seals the files that lie there as they are, from before the server was sealed or from a backup of such a one. Killed at any
/// step it goes on at the next start: a file has its key in its row before the bytes that can be read are erased, and bytes
/// that no row names are swept. How many there were.
///
/// # Errors
/// Those of the disk and of the database.
pub async fn seal_files(app: &App) -> Result<usize, Refused> {
    if app.store.keyring().is_none() {
        return Ok(0);
    }
    let (mut count, bucket) = (0, app.depot.is_used());
    loop {
        let found = app
            .store
            .read("unsealed_media", move |conn| {
                bauta_store::media::unsealed(conn, bucket, STEP)
            })
            .await?;
        if found.is_empty() {
            return Ok(count);
        }
        for medium in found {
            let stored = store_bytes(app, bytes_of(app, &medium).await?).await?;
            let (id, before, new) = (medium.id, medium.place, stored.0);
            let sealed = app
                .store
                .write("seal_media", move |conn| {
                    bauta_store::media::set_sealed(conn, id, before, &stored)
                })
                .await?;
            let over = if sealed { before } else { new };
            if let Some(name) = name_of(over) {
                app.depot.let_go(vec![name]);
            } else {
                let media = Arc::clone(&app.media);
                on_a_thread(move || media.erase(place(over))).await?;
            }
            count += usize::from(sealed);
        }
    }
}

pub(crate) fn refused(field: &'static str, error: MediaError) -> Refused {
    match error {
        MediaError::Busy => Refused::Busy,
        error if error.is_ours() => failed(),
        error => Refused::invalid(field, error.to_string()),
    }
}

fn failed() -> Refused {
    let incident = Incident::random();
    emit(Event::RequestFailed { incident });
    Refused::Failed(incident)
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SegmentError> + Send + 'static,
) -> Result<T, Refused> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(SegmentError::NoSuchPlace)) => Err(Refused::NotFound),
        Ok(Err(_)) | Err(_) => Err(failed()),
    }
}

const fn place(place: Place) -> bauta_media::Place {
    bauta_media::Place {
        segment: place.segment,
        offset: place.offset,
        length: place.length,
    }
}

/// What reads pictures for the desk.
pub(crate) fn reader(media: &Arc<Segments>, depot: &Arc<Depot>) -> bauta_desk::PictureBytes {
    let (media, depot) = (Arc::clone(media), Arc::clone(depot));
    Arc::new(move |medium| {
        if name_of(medium.place).is_none() {
            return read_whole(&media, medium).ok();
        }
        let lies = depot.raw_waiting(medium.place)?;
        let Some(key) = &medium.key else {
            return Some(lies);
        };
        let whole = length_of(medium.place, Some(key));
        key.open(&Span::of(lies.len() as u64, 0, whole)?, lies)
    })
}

/// Erases bytes behind an answer: those of the media folder on a thread of its own, those of a bucket at the end of the
/// slot. What it does not get to is erased at the next start.
pub(crate) struct Eraser {
    media: Arc<Segments>,
    depot: Arc<Depot>,
    runtime: Runtime,
}

impl Eraser {
    /// Only within the runtime.
    pub(crate) fn of(app: &App) -> Self {
        Self {
            media: Arc::clone(&app.media),
            depot: Arc::clone(&app.depot),
            runtime: Runtime::current(),
        }
    }

    pub(crate) fn erase(self, places: Vec<Place>) {
        let (places, objects) = parted(places);
        self.depot.let_go(objects);
        if places.is_empty() {
            return;
        }
        self.runtime.spawn_blocking(move || {
            for at in places {
                if self.media.erase(place(at)).is_err() {
                    emit(Event::RequestFailed {
                        incident: Incident::random(),
                    });
                }
            }
        });
    }
}

/// Erases what no row names: the process ended between writing bytes and writing their row, or between deleting a row
/// and erasing its bytes. Blocks; for the start, before anything is taken in.
pub(crate) fn erase_nameless(store: &Store, media: &Segments) -> Result<(), bauta_store::Error> {
    let found = crate::at_start::read(store, "list_pictures", bauta_store::media::places)?;
    let live: Vec<bauta_media::Place> = found.into_iter().map(place).collect();
    media
        .sweep(&live)
        .map_err(|error| bauta_store::Error::File(std::io::Error::other(error)))?;
    Ok(())
}
