//! Media of other servers: rebuilt when they arrive, kept while there is room, got again when somebody asks. Nobody is
//! asked because somebody reads.

use std::sync::Arc;

use bauta_media::Rebuilt;
use bauta_model::{AccountId, Attachment, AttachmentKind, CoarseTime, Focus, MediaId, PostId, Preview};
use bauta_store::Conn;
use bauta_store::media::{Kind, Medium};
use bauta_store::remote_media::{self, Dropped, Known, Named, State};
use bauta_timeline::{Accounts, Cards};

use crate::pictures::{Eraser, store_bytes, take_in};
use crate::{App, Refused, Speaker};

pub use bauta_store::remote_media::Known as Remote;

/// A medium as its server tells it. Texts are as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Where it is.
    pub url: String,
    /// The host of `url`, with a port where it is not the usual one.
    pub host: String,
    /// A picture that may be got.
    pub may_be_got: bool,
    /// It can be rebuilt here.
    pub picture: bool,
    /// What it shows.
    pub description: String,
    /// Its colours.
    pub blurhash: String,
    /// What must not be cut off.
    pub focus: Focus,
}

/// Media of one post that are kept.
const MOST: usize = 16;
/// Characters of a description; the rest is cut.
const DESCRIPTION_CHARS: usize = 1500;
/// Characters of colours: nine components each way.
const BLURHASH_CHARS: usize = 168;
/// Tries of one medium.
pub const MOST_TRIES: i16 = 4;

/// As it is kept. `wanted`: it is got as soon as somebody here follows who shows it.
pub(crate) fn named(shown: &Shown, kind: Kind, wanted: bool) -> Named {
    let hash = &shown.blurhash;
    let sound = hash.len() <= BLURHASH_CHARS
        && hash
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"<>\\&'".contains(&b));
    Named {
        kind,
        url: shown.url.clone(),
        host: shown.host.clone(),
        description: bauta_text::clean_text(&shown.description)
            .chars()
            .take(DESCRIPTION_CHARS)
            .collect(),
        blurhash: if sound { hash.clone() } else { String::new() },
        focus: shown.focus,
        state: match (shown.picture, shown.may_be_got && wanted) {
            (false, _) => State::Unreadable,
            (true, true) => State::Wanted,
            (true, false) => State::Away,
        },
    }
}

/// True if these media are what was shown before, in words and in number.
pub(crate) fn are_shown(before: &[Known], media: &[Shown]) -> bool {
    let now = media.iter().take(MOST);
    now.len() == before.len()
        && now
            .zip(before)
            .all(|(shown, known)| is_same(known, &named(shown, Kind::Attachment, false)))
}

/// Makes a post show these media and no others; what stays keeps its copy. Gives what is new, and what went.
pub(crate) fn show(
    conn: &mut Conn,
    (account, post): (AccountId, PostId),
    media: &[Shown],
    followed: bool,
) -> Result<(Vec<Attachment>, Dropped), bauta_store::Error> {
    let mut before = remote_media::shown_by(conn, account, Some(post))?;
    let now = conn.now();
    let mut new = Vec::new();
    for (position, shown) in (0..).zip(media.iter().take(MOST)) {
        let named = named(shown, Kind::Attachment, followed);
        let there = before
            .iter()
            .position(|known| is_same(known, &named) && known.position == position);
        if let Some(at) = there {
            before.swap_remove(at);
        } else {
            let known = remote_media::name(conn, (account, Some(post), position), &named, now)?;
            new.push(known.as_away());
        }
    }
    let gone: Vec<MediaId> = before.iter().map(|known| known.id).collect();
    Ok((new, remote_media::forget(conn, &gone)?))
}

fn is_same(known: &Known, named: &Named) -> bool {
    let of = |named: &Named| (named.url.clone(), named.description.clone(), named.focus);
    of(&known.named) == of(named)
}

/// Makes a profile show these pictures: another one replaces what is shown once it was got, `due` or later.
pub(crate) fn show_profile(
    conn: &mut Conn,
    account: AccountId,
    pictures: [(Kind, Option<&Shown>); 2],
    due: CoarseTime,
) -> Result<Dropped, bauta_store::Error> {
    let before = remote_media::shown_by(conn, account, None)?;
    let mut gone = Vec::new();
    for (kind, shown) in pictures {
        let own = before.iter().filter(|known| known.named.kind == kind);
        match shown {
            None => gone.extend(own.map(|known| known.id)),
            Some(shown) if own.clone().any(|known| known.named.url == shown.url) => {}
            Some(shown) => {
                remote_media::name(conn, (account, None, 0), &named(shown, kind, true), due)?;
            }
        }
    }
    remote_media::forget(conn, &gone)
}

/// What is to be got now.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn due(app: &App, most: i64) -> Result<Vec<Known>, Refused> {
    let now = app.clock.now();
    Ok(app
        .store
        .read("remote_media_due", move |conn| remote_media::due(conn, now, most))
        .await?)
}

/// Tries one again at `due`, or no more: then it waits until somebody asks for it.
///
/// # Errors
/// As above.
pub async fn not_got(app: &App, known: &Known, due: Option<CoarseTime>) -> Result<(), Refused> {
    let (id, again) = (known.id, due.filter(|_| known.attempts + 1 < MOST_TRIES));
    app.store
        .write("remote_media_later", move |conn| match again {
            Some(due) => remote_media::put_off(conn, id, due),
            None => remote_media::give_up(conn, id, State::Away),
        })
        .await?;
    Ok(())
}

/// Takes the file of one in, rebuilt from its pixels. What can't be rebuilt is never asked for again.
///
/// # Errors
/// [`Refused::Busy`] and [`Refused::Failed`].
pub async fn got(app: &App, known: Known, file: Vec<u8>) -> Result<(), Refused> {
    let id = known.id;
    match rebuilt(app, known, file).await {
        Err(Refused::Invalid { .. }) => {
            app.store
                .write("remote_media_bad", move |conn| {
                    remote_media::give_up(conn, id, State::Unreadable)
                })
                .await?;
            Ok(())
        }
        other => other,
    }
}

async fn rebuilt(app: &App, known: Known, file: Vec<u8>) -> Result<(), Refused> {
    if known.named.kind != Kind::Attachment {
        let picture = take_in(app, known.account, known.named.kind, file).await?;
        let picture = Medium {
            id: known.id,
            ..picture
        };
        return keep(app, known, None, picture, None).await;
    }
    let made = app.worker.attachment(file).await;
    let made = made.map_err(|error| crate::pictures::refused("file", error))?;
    let medium = |id, kind, picture: &bauta_media::Picture, (place, key)| Medium {
        id,
        account: known.account,
        kind,
        mime: picture.mime.to_owned(),
        width: picture.width.cast_signed(),
        height: picture.height.cast_signed(),
        place,
        key,
    };
    let preview = if made.moves || made.preview.width < made.file.width {
        let place = store_bytes(app, made.preview.bytes.clone()).await?;
        Some(medium(MediaId::random(), Kind::Preview, &made.preview, place))
    } else {
        None
    };
    let place = match store_bytes(app, made.file.bytes.clone()).await {
        Ok(place) => place,
        Err(refused) => {
            Eraser::of(app).erase(preview.iter().map(|medium| medium.place).collect());
            return Err(refused);
        }
    };
    let whole = medium(known.id, Kind::Attachment, &made.file, place);
    let attachment = attachment(&known, &made, preview.as_ref());
    keep(app, known, Some(attachment), whole, preview).await
}

fn attachment(known: &Known, made: &Rebuilt, preview: Option<&Medium>) -> Attachment {
    Attachment {
        kind: if made.moves {
            AttachmentKind::Animation
        } else {
            AttachmentKind::Picture
        },
        mime: made.file.mime.to_owned(),
        width: made.file.width,
        height: made.file.height,
        preview: preview.map(|medium| Preview {
            id: medium.id,
            width: medium.width.cast_unsigned(),
            height: medium.height.cast_unsigned(),
        }),
        // Of the pixels that are shown, whatever its server said.
        blurhash: made.blurhash.clone(),
        ..known.as_away()
    }
}

/// Writes the rows of a copy. Where nobody shows it any more, its bytes go again. A picture of a profile replaces the one
/// that was there.
async fn keep(
    app: &App,
    known: Known,
    made: Option<Attachment>,
    file: Medium,
    preview: Option<Medium>,
) -> Result<(), Refused> {
    let places: Vec<_> = preview.iter().chain([&file]).map(|medium| medium.place).collect();
    let mut memory = Memory::of(app);
    let eraser = Eraser::of(app);
    let of = known.clone();
    let kept = app
        .store
        .write_then(
            "remote_media",
            move |conn| {
                if !remote_media::take_in(conn, &known, made.as_ref(), &file, preview.as_ref())? {
                    return Ok::<_, bauta_store::Error>(None);
                }
                let mut older = Vec::new();
                if known.post.is_none() {
                    let all = remote_media::shown_by(conn, known.account, None)?;
                    older.extend(
                        all.iter()
                            .filter(|one| one.named.kind == known.named.kind && one.id != known.id)
                            .map(|one| one.id),
                    );
                }
                remote_media::forget(conn, &older).map(Some)
            },
            move |dropped| {
                let Some(dropped) = dropped else { return };
                let mut dropped = dropped.clone();
                dropped.posts.extend(of.post);
                dropped.accounts.push(of.account);
                memory.tell(&mut dropped);
            },
        )
        .await;
    if !matches!(kept, Ok(Some(_))) {
        eraser.erase(places);
    }
    Ok(kept.map(|_| ())?)
}

/// What is told that copies came or went: it runs on the writer's thread, whoever hung up.
pub(crate) struct Memory {
    cards: Arc<Cards>,
    accounts: Arc<Accounts>,
    eraser: Option<Eraser>,
}

impl Memory {
    /// Only within the runtime.
    pub(crate) fn of(app: &App) -> Self {
        Self {
            cards: Arc::clone(&app.cards),
            accounts: Arc::clone(&app.accounts),
            eraser: Some(Eraser::of(app)),
        }
    }

    pub(crate) fn tell(&mut self, dropped: &mut Dropped) {
        for post in dropped.posts.drain(..) {
            self.cards.invalidate(post);
        }
        for account in dropped.accounts.drain(..) {
            self.accounts.invalidate(account);
        }
        if let Some(eraser) = self.eraser.take() {
            eraser.erase(std::mem::take(&mut dropped.places));
        }
    }
}

/// Copies that are deleted at a time.
const STEP: i64 = 100;

/// Makes room: the oldest copies go until the others have at most `most` bytes.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn make_room(app: &App, most: i64) -> Result<usize, Refused> {
    let mut gone = 0;
    loop {
        let held = app.store.read("remote_media_bytes", remote_media::bytes).await?;
        if held <= most {
            return Ok(gone);
        }
        let oldest = app
            .store
            .read("remote_media_oldest", |conn| remote_media::oldest(conn, STEP))
            .await?;
        let copies = drop_copies(app, oldest).await?;
        if copies == 0 {
            return Ok(gone);
        }
        gone += copies;
    }
}

async fn drop_copies(app: &App, ids: Vec<MediaId>) -> Result<usize, Refused> {
    let mut memory = Memory::of(app);
    let dropped = app
        .store
        .write_then(
            "drop_remote_media",
            move |conn| remote_media::drop_copies(conn, &ids),
            move |dropped| memory.tell(&mut dropped.clone()),
        )
        .await?;
    Ok(dropped.copies)
}

/// Deletes the copies of what lies on `domain` or is shown by its accounts, and gets none that was still to come.
///
/// # Errors
/// [`Refused::Invalid`] for what is no domain.
pub async fn purge_host(app: &App, domain: &str) -> Result<usize, Refused> {
    let domain = crate::domains::named(app, domain)?;
    let (named, emojis) = (domain.clone(), domain.clone());
    let ids = app
        .store
        .write("stop_remote_media", move |conn| {
            remote_media::stop(conn, |host| bauta_store::domain_rules::is_under(host, &domain))
        })
        .await?;
    let pictures =
        crate::link_previews::purge(app, move |host| bauta_store::domain_rules::is_under(host, &named));
    let emojis = crate::remote_emojis::purge(app, move |host| {
        bauta_store::domain_rules::is_under(host, &emojis)
    });
    Ok(drop_copies(app, ids).await? + pictures.await? + emojis.await?)
}

/// What is known of a medium that has no copy here, to somebody who may read the post that shows it.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn away(app: &App, reader: Option<&Speaker>, id: MediaId) -> Result<Known, Refused> {
    let known = app
        .store
        .read("remote_medium", move |conn| remote_media::by_id(conn, id))
        .await?
        .ok_or(Refused::NotFound)?;
    let post = known.post.ok_or(Refused::NotFound)?;
    crate::reading::readable(app, reader, post).await?;
    Ok(known)
}

/// Has a medium got at the beginning of the next slot, because somebody asks for it.
///
/// # Errors
/// [`Refused::Forbidden`] for what is not taken from its server; [`Refused::NotFound`].
pub async fn ask(app: &App, speaker: &Speaker, id: MediaId) -> Result<Known, Refused> {
    speaker.speaks()?;
    let known = away(app, Some(speaker), id).await?;
    let account = known.account;
    let domain = app
        .store
        .read("remote_account", move |conn| {
            bauta_store::remote::of(conn, account)
        })
        .await?
        .ok_or(Refused::NotFound)?
        .domain;
    let rules = app.domains.rules();
    if rules.rejects_media(&known.named.host) || rules.rejects_media(&domain) {
        return Err(Refused::Forbidden("This server takes no pictures from there."));
    }
    if known.named.state == State::Unreadable {
        return Err(Refused::Forbidden("This can't be rebuilt here."));
    }
    app.store
        .write("ask_for_remote_medium", move |conn| remote_media::ask(conn, id))
        .await?;
    Ok(known)
}

/// True where a medium can be asked for.
pub fn can_be_asked_for(known: &Known) -> bool {
    known.named.state != State::Unreadable
}

/// Stops and deletes what rules don't let in any more, in the transaction that changes them.
pub(crate) fn follow_rules(
    conn: &mut Conn,
    rejects: impl Fn(&str) -> bool,
) -> Result<Dropped, bauta_store::Error> {
    let ids = remote_media::stop(conn, rejects)?;
    remote_media::drop_copies(conn, &ids)
}
