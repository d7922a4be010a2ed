//! Bringing an archive in: posts join at their place in the past, with their media made anew, and bookmarks are looked up. The
//! profile stays what it is, and nobody is followed: that would be saying who one was.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{MediaId, PostId};

use super::Kind;
use super::import::{self, What, go_on};
use super::outbox::{self, Medium, Told};
use super::packed::{MEDIA, Packed};
use crate::attachments::{self, New, Uploaded, Wait};
use crate::posts::past::{Past, bring_in, brought_before};
use crate::{App, Refused, Speaker, accounts};

/// The largest archive, in bytes.
pub const MOST_ARCHIVE_BYTES: usize = 64 << 20;
/// Posts and bookmarks of an archive, together.
const MOST_LINES: usize = 10_000;
/// Before 2000 nobody published on the web as here, in seconds since 1970.
const EARLIEST: i64 = 946_684_800;

/// Archives that are brought in at a time: each is in memory until it is done.
static BRINGING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);

/// What an archive holds of what can be brought in.
struct Contents {
    posts: Vec<Told>,
    bookmarks: Vec<String>,
    files: Packed,
}

/// Begins to bring an archive in, ours or Mastodon's. What is here already stays, and nothing comes twice.
///
/// # Errors
/// [`Refused::Invalid`] names `file`: it is too long, no archive, or another import goes on; [`Refused::Busy`] while
/// somebody else's archive is brought in.
pub async fn begin_archive(app: &Arc<App>, speaker: &Speaker, file: Vec<u8>) -> Result<(), Refused> {
    speaker.speaks()?;
    if file.len() > MOST_ARCHIVE_BYTES {
        return Err(wrong(
            "The archive has more than 64 MB: take some of its media out, and bring them in with a second archive.",
        ));
    }
    let permit = BRINGING.try_acquire().map_err(|_| Refused::Busy)?;
    let read = tokio::task::spawn_blocking(move || contents(file)).await;
    let contents = read.map_err(|_| Refused::Busy)??;
    let lines = contents.posts.len() + contents.bookmarks.len();
    if lines == 0 {
        return Err(wrong("There is nothing in the archive that can be brought in."));
    }
    if lines > MOST_LINES {
        return Err(wrong("The archive has more than 10,000 posts and bookmarks."));
    }
    app.imports.begin(speaker.account, What::Archive, lines)?;
    let work = run(Arc::clone(app), speaker.clone(), contents);
    go_on(app, speaker, async move {
        work.await;
        drop(permit);
    });
    Ok(())
}

/// What is here already of an archive.
#[derive(Default)]
struct Here {
    by_uri: HashMap<String, PostId>,
    last: Option<PostId>,
}

fn wrong(why: &str) -> Refused {
    Refused::invalid("file", why)
}

fn contents(file: Vec<u8>) -> Result<Contents, Refused> {
    let wanted = |name: &str| name.starts_with(MEDIA) || matches!(name, "outbox.json" | "bookmarks.json");
    let mut files = Packed::open(file, wanted)?;
    let posts = match files.take("outbox.json") {
        Some(file) => outbox::posts(&file)?,
        None => Vec::new(),
    };
    let bookmarks = match files.take("bookmarks.json") {
        Some(file) => outbox::addresses(&file)?,
        None => Vec::new(),
    };
    Ok(Contents {
        posts,
        bookmarks,
        files,
    })
}

async fn run(app: Arc<App>, speaker: Speaker, contents: Contents) {
    let (me, mut files) = (speaker.account, contents.files);
    let mut here = Here::default();
    for told in contents.posts {
        // Whoever was suspended or deleted meanwhile does nothing more.
        if accounts::by_id(&app, me).await.is_err() {
            return;
        }
        let brought = bring(&app, &speaker, &told, &here, &mut files).await;
        let brought = brought.map(|id| {
            here.last = Some(id);
            here.by_uri.insert(told.uri, id);
        });
        app.imports
            .note(me, &bauta_text::excerpt(&told.text, 60), brought);
    }
    let bookmarks = contents.bookmarks.into_iter().map(|address| vec![address]);
    import::run(app, speaker, Kind::Bookmarks, bookmarks.collect()).await;
}

async fn bring(
    app: &Arc<App>,
    speaker: &Speaker,
    told: &Told,
    here: &Here,
    files: &mut Packed,
) -> Result<PostId, Refused> {
    if told.at < EARLIEST {
        return Err(Refused::invalid("published", "Its time makes no sense."));
    }
    let at = app.clock.slot_of(told.at);
    if let Some(before) = brought_before(app, speaker, at, &told.text).await? {
        return Ok(before);
    }
    let continues = match &told.answers {
        // What it continues was not taken: alone it would say something else.
        Some(answered) => Some(*here.by_uri.get(answered).ok_or(Refused::NotFound)?),
        None => None,
    };
    let media = take_in(app, speaker, &told.media, files).await?;
    let past = Past {
        text: told.text.clone(),
        warning: told.warning.clone(),
        visibility: told.visibility,
        sensitive: told.sensitive,
        language: told.language.clone(),
        continues,
        media: media.clone(),
        before: here.last,
        at,
    };
    let brought = bring_in(app, speaker, past).await;
    if brought.is_err() {
        give_back(app, speaker, media).await;
    }
    brought
}

/// Makes the media of a post anew. Where one can't be, the post is left out: without it, it would be another one.
async fn take_in(
    app: &Arc<App>,
    speaker: &Speaker,
    media: &[Medium],
    files: &mut Packed,
) -> Result<Vec<MediaId>, Refused> {
    let mut taken = Vec::with_capacity(media.len());
    for medium in media {
        match take_one(app, speaker, medium, files).await {
            Ok(id) => taken.push(id),
            Err(refused) => {
                give_back(app, speaker, taken).await;
                return Err(refused);
            }
        }
    }
    Ok(taken)
}

async fn take_one(
    app: &Arc<App>,
    speaker: &Speaker,
    medium: &Medium,
    files: &mut Packed,
) -> Result<MediaId, Refused> {
    let file = files
        .take_medium(&medium.path)
        .ok_or_else(|| wrong("One of its pictures is not in the archive."))?;
    let new = New {
        file,
        description: medium.description.clone(),
        focus: medium.focus,
        tells: false,
    };
    match attachments::upload(app, speaker, new, Wait::Always).await? {
        Uploaded::Done(one, _) => Ok(one.id),
        Uploaded::Working(id, _) => Ok(id),
    }
}

async fn give_back(app: &App, speaker: &Speaker, media: Vec<MediaId>) {
    for id in media {
        // What can't be deleted now is when nobody has posted it in two days.
        let _ = attachments::delete(app, speaker, id).await;
    }
}
