//! Previews of links: got when a post is published, by the worker, once a day at most, and never because somebody reads or
//! writes. Of a page only words and a rebuilt picture are taken, never HTML.

use std::sync::Arc;

use bauta_model::{CoarseTime, LinkCard, MediaId, Post, PostId};
use bauta_store::Conn;
use bauta_store::link_previews::{self as rows, Link, Picture, Told};
use bauta_text::PageHead;
use bauta_timeline::Cards;
use url::{Position, Url};

use crate::{App, Refused};

pub use bauta_store::link_previews::Wanted;

/// Tries of one page.
const MOST_TRIES: i16 = 3;
/// Pictures that are deleted at a time.
const STEP: i64 = 100;

/// What decides whether a post shows its link: for the writer's thread.
#[derive(Clone)]
pub(crate) struct Showing {
    on: bool,
    domain: String,
}

impl Showing {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            on: app.site.previews,
            domain: app.site.domain.clone(),
        }
    }

    /// Has the page got that a new post links to, at `due`: the first one, of a post that everybody may read and that shows
    /// nothing else. A link that only some were told of is asked for by nobody. Gives what is known of the page already.
    pub(crate) fn show(
        &self,
        conn: &mut Conn,
        post: &Post,
        due: CoarseTime,
    ) -> bauta_store::Result<Option<LinkCard>> {
        let Some(link) = self.link(conn, post, !post.media.is_empty())? else {
            return Ok(None);
        };
        rows::show(conn, post.id, Some(&link), due)?;
        Ok(bauta_store::posts::by_id(conn, post.id)?.and_then(|post| post.card))
    }

    /// As [`Showing::show`], for a post that has other words now.
    pub(crate) fn show_edited(
        &self,
        conn: &mut Conn,
        (post, has_media): (&Post, bool),
        due: CoarseTime,
    ) -> bauta_store::Result<()> {
        let link = self.link(conn, post, has_media)?;
        rows::show(conn, post.id, link.as_ref(), due)
    }

    fn link(&self, conn: &mut Conn, post: &Post, has_media: bool) -> bauta_store::Result<Option<Link>> {
        if !self.on || !post.visibility.is_open() || has_media {
            return Ok(None);
        }
        let Some(mut url) = bauta_text::first_link(&post.html) else {
            return Ok(None);
        };
        url.set_fragment(None);
        let host = host_of(&url);
        if host == self.domain || url.host_str().is_none_or(|host| host.ends_with(".onion")) {
            return Ok(None);
        }
        Ok(Some(Link {
            hash: crate::keyed::hash(conn, &[b"link", url.as_str().as_bytes()])?,
            host,
            url: url.into(),
        }))
    }
}

/// The host of an address, with a port where it is not the usual one.
pub fn host_of(url: &Url) -> String {
    url[Position::BeforeHost..Position::AfterPort].to_owned()
}

/// Pages that are to be asked for now.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn due(app: &App, most: i64) -> Result<Vec<Wanted>, Refused> {
    let now = app.clock.now();
    Ok(app
        .store
        .read("previews_due", move |conn| rows::due(conn, now, most))
        .await?)
}

/// Asks a page again at `due`, or no more today.
///
/// # Errors
/// As above.
pub async fn not_got(app: &App, wanted: &Wanted, due: Option<CoarseTime>) -> Result<(), Refused> {
    let (id, again) = (wanted.id, due.filter(|_| wanted.attempts + 1 < MOST_TRIES));
    app.store
        .write("preview_later", move |conn| match again {
            Some(due) => rows::put_off(conn, id, due),
            None => rows::give_up(conn, id),
        })
        .await?;
    Ok(())
}

/// Takes in what a page said of itself, with its picture, which came from a host. A picture that can't be rebuilt is left
/// out.
///
/// # Errors
/// [`Refused::Busy`] and [`Refused::Failed`].
pub async fn got(
    app: &App,
    wanted: &Wanted,
    head: PageHead,
    picture: Option<(String, Vec<u8>)>,
) -> Result<(), Refused> {
    let picture = match picture {
        Some((host, file)) => rebuilt(app, host, head.picture_said, file).await?,
        None => None,
    };
    let told = Told {
        title: head.title,
        description: head.description,
        site: head.site,
        picture,
    };
    let (id, cards) = (wanted.id, Arc::clone(&app.cards));
    app.store
        .write_then(
            "preview",
            move |conn| rows::take_in(conn, id, &told),
            move |posts| forget(&cards, posts),
        )
        .await?;
    Ok(())
}

async fn rebuilt(app: &App, host: String, said: String, file: Vec<u8>) -> Result<Option<Picture>, Refused> {
    let made = match app.worker.attachment(file).await {
        Ok(made) => made,
        Err(error) => {
            return match crate::pictures::refused("file", error) {
                Refused::Invalid { .. } => Ok(None),
                ours => Err(ours),
            };
        }
    };
    Ok(Some(Picture {
        bytes: made.preview.bytes,
        host,
        said,
        blurhash: made.blurhash,
        width: made.preview.width,
        height: made.preview.height,
    }))
}

fn forget(cards: &Cards, posts: &[PostId]) {
    for post in posts {
        cards.invalidate(*post);
    }
}

/// Makes room: the oldest pictures go until the others have at most `most` bytes.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn make_room(app: &App, most: i64) -> Result<(), Refused> {
    loop {
        let held = app.store.read("preview_bytes", rows::bytes).await?;
        if held <= most {
            return Ok(());
        }
        let oldest = app
            .store
            .read("previews_oldest", |conn| rows::oldest(conn, STEP))
            .await?;
        if drop_pictures(app, move |_| Ok(oldest)).await? == 0 {
            return Ok(());
        }
    }
}

/// Deletes the pictures of pages of hosts that `meant` names, and those that lie there.
pub(crate) async fn purge(
    app: &App,
    meant: impl Fn(&str) -> bool + Send + 'static,
) -> Result<usize, Refused> {
    drop_pictures(app, move |conn| rows::of_hosts(conn, meant)).await
}

async fn drop_pictures(
    app: &App,
    which: impl FnOnce(&mut Conn) -> bauta_store::Result<Vec<MediaId>> + Send + 'static,
) -> Result<usize, Refused> {
    let cards = Arc::clone(&app.cards);
    let (count, _) = app
        .store
        .write_then(
            "drop_preview_pictures",
            move |conn| {
                let ids = which(conn)?;
                rows::drop_pictures(conn, &ids)
            },
            move |(_, posts)| forget(&cards, posts),
        )
        .await?;
    Ok(count)
}

/// The picture of a page, and its format.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn picture(app: &App, id: MediaId) -> Result<(&'static str, Vec<u8>), Refused> {
    let bytes = app
        .store
        .read("preview_picture", move |conn| rows::picture(conn, id))
        .await?
        .ok_or(Refused::NotFound)?;
    Ok((crate::emojis::mime_of(&bytes), bytes))
}
