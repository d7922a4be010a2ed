//! Quarantine: what was taken down for the law's sake. A hold keeps its words and files, sealed, until its last day; while
//! a demand has a copy of the same account made, that day waits.

use bauta_model::{AccountId, Attachment, Day, HoldId, MediaId, Post, PostId};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::alarms::Kind;
use crate::conn::on;
use crate::desk::held_files::{self, File};
use crate::media::{self, Kind as Use, Medium, Place as BytesPlace, Stored};
use crate::schema::{
    accounts, attachments, held_files as files, held_rows, holds, media as media_table, quarantines,
};
use crate::{Conn, Error, Place, Result, remote, remote_media};

/// The purpose of a hold that is a quarantine. That of a copy for a demand is 1.
const PURPOSE: i16 = 2;
const FOR_A_DEMAND: i16 = 1;

/// What is taken down, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct New {
    /// Whose it is.
    pub account: AccountId,
    /// The post; nothing for pictures of a profile.
    pub post: Option<PostId>,
    /// Who decided.
    pub moderator: AccountId,
    /// What it is.
    pub kind: Kind,
    /// The last day of the copy.
    pub until: Day,
}

/// A quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// That of its hold.
    pub id: HoldId,
    /// What was taken down.
    pub new: New,
    /// Since when.
    pub since: Day,
    /// When it was reported to an authority.
    pub sent: Option<Day>,
}

/// The words beside the files, as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Whose they are.
    pub handle: String,
    /// The name beside it.
    pub name: String,
    /// A post's text; of a profile what it says of itself.
    pub text: String,
    /// A post's warning.
    pub warning: String,
    /// The slot of the post, in seconds.
    pub at: Option<i64>,
    /// Everybody could see it.
    pub public: bool,
}

/// What is kept of a file beside its bytes, so that it can be put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// Its format.
    pub mime: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// What it was for.
    used: i16,
    /// The file whose smaller picture it is.
    of: Option<i64>,
    position: i16,
    shown_as: i16,
    /// What it shows, in its author's words.
    pub description: String,
    blurhash: String,
    focus: (i16, i16),
    seconds: Option<i32>,
}

impl Kept {
    /// It is a smaller picture of another of them.
    pub const fn is_preview(&self) -> bool {
        self.of.is_some()
    }
}

/// Files of `account` that `post` shows, or that its profile does. Each with what it is.
pub fn files_of(conn: &mut Conn, account: AccountId, post: Option<PostId>) -> Result<Vec<(Kept, Medium)>> {
    let Some(post) = post else {
        let uses = [Use::Avatar.code(), Use::Header.code()];
        let ids: Vec<i64> = on!(conn, c => media_table::table
            .filter(media_table::account_id.eq(account.get()).and(media_table::kind.eq_any(uses)))
            .select(media_table::id)
            .load(c))?;
        let mut found = Vec::new();
        for id in ids {
            if let Some(medium) = media::by_id(conn, MediaId::new(id))? {
                found.push((kept(conn, &medium, None)?, medium));
            }
        }
        return Ok(found);
    };
    let ids: Vec<i64> = on!(conn, c => attachments::table
        .filter(attachments::account_id.eq(account.get()).and(attachments::post_id.eq(post.get())))
        .order((attachments::position, attachments::media_id))
        .select(attachments::media_id)
        .load(c))?;
    let mut found = Vec::new();
    for id in ids {
        found.extend(uploaded(conn, MediaId::new(id))?);
    }
    Ok(found)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachments)]
struct Shown {
    media_id: i64,
    position: i16,
    kind: i16,
    description: Vec<u8>,
    blurhash: String,
    focus_x: i16,
    focus_y: i16,
    seconds: Option<i32>,
}

fn kept(conn: &Conn, medium: &Medium, shown: Option<Shown>) -> Result<Kept> {
    let mut kept = Kept {
        id: medium.id.get(),
        mime: medium.mime.clone(),
        width: medium.width,
        height: medium.height,
        used: medium.kind.code(),
        of: None,
        position: 0,
        shown_as: 0,
        description: String::new(),
        blurhash: String::new(),
        focus: (0, 0),
        seconds: None,
    };
    if let Some(shown) = shown {
        let place = Place::new("attachments", "description", shown.media_id);
        kept.of = (shown.media_id != kept.id).then_some(shown.media_id);
        kept.position = shown.position;
        kept.shown_as = shown.kind;
        kept.description = conn.open(place, &shown.description)?;
        kept.blurhash = shown.blurhash;
        kept.focus = (shown.focus_x, shown.focus_y);
        kept.seconds = shown.seconds;
    }
    Ok(kept)
}

/// Files that are as long and as large as `medium` and of its format: whether their bytes are the same is for the caller
/// to see. Each with the post that shows it.
pub fn alike(conn: &mut Conn, medium: &Medium) -> Result<Vec<(Medium, Option<PostId>)>> {
    let found: Vec<i64> = on!(conn, c => media_table::table
        .filter(media_table::length.eq(medium.place.length))
        .filter(media_table::width.eq(medium.width).and(media_table::height.eq(medium.height)))
        .filter(media_table::mime.eq(&medium.mime))
        .filter(media_table::id.ne(medium.id.get()))
        .order(media_table::id)
        .select(media_table::id)
        .load(c))?;
    let mut all = Vec::with_capacity(found.len());
    for id in found {
        let id = MediaId::new(id);
        if let Some(medium) = media::by_id(conn, id)? {
            all.push((medium, crate::attachments::post_of(conn, id)?));
        }
    }
    Ok(all)
}

/// An uploaded file with its smaller picture, by the number of either, as [`files_of`] gives them.
pub fn uploaded(conn: &mut Conn, id: MediaId) -> Result<Vec<(Kept, Medium)>> {
    let shown: Option<(i64, Option<i64>)> = on!(conn, c => attachments::table
        .filter(attachments::media_id.eq(id.get()).or(attachments::preview_id.eq(id.get())))
        .select((attachments::media_id, attachments::preview_id))
        .first(c)
        .optional())?;
    let Some((file, preview)) = shown else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for one in [Some(file), preview].into_iter().flatten() {
        if let Some(medium) = media::by_id(conn, MediaId::new(one))? {
            let shown = on!(conn, c => attachments::table.find(file).select(Shown::as_select()).first(c))?;
            found.push((kept(conn, &medium, Some(shown))?, medium));
        }
    }
    Ok(found)
}

/// Keeps a copy, and takes the files away. Gives where their bytes lie, to be erased.
pub fn take(
    conn: &mut Conn,
    new: &New,
    words: &Words,
    taken: &[(Kept, Vec<u8>)],
) -> Result<(HoldId, Vec<BytesPlace>)> {
    let id = HoldId::random();
    on!(conn, c => diesel::insert_into(holds::table)
        .values((
            holds::id.eq(id.get()),
            holds::purpose.eq(PURPOSE),
            holds::account_id.eq(new.account.get()),
            holds::until_day.eq(new.until.get()),
        ))
        .execute(c))?;
    let today = conn.now().day().get();
    on!(conn, c => diesel::insert_into(quarantines::table)
        .values((
            quarantines::hold_id.eq(id.get()),
            quarantines::post_id.eq(new.post.map(PostId::get)),
            quarantines::moderator_id.eq(new.moderator.get()),
            quarantines::kind.eq(new.kind.code()),
            quarantines::since_day.eq(today),
        ))
        .execute(c))?;
    copy(conn, id, 0, "posts", words)?;
    let mut places = Vec::new();
    for (number, (kept, bytes)) in taken.iter().enumerate() {
        copy(conn, id, number as i32 + 1, "media", kept)?;
        let file = File {
            id: MediaId::new(kept.id),
            mime: kept.mime.clone(),
            public: words.public,
            bytes: bytes.clone(),
        };
        held_files::keep(conn, id, &file)?;
    }
    for (kept, _) in taken {
        places.extend(remove(conn, kept)?);
    }
    conn.purge_after_commit();
    Ok((id, places))
}

fn copy(conn: &mut Conn, hold: HoldId, number: i32, table: &str, what: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(what).map_err(|_| Error::Unknown("held_rows.content"))?;
    let content = conn.seal(place(hold), &text);
    on!(conn, c => diesel::insert_into(held_rows::table)
        .values((
            held_rows::hold_id.eq(hold.get()),
            held_rows::number.eq(number),
            held_rows::source_table.eq(table),
            held_rows::content.eq(&content),
        ))
        .execute(c))?;
    Ok(())
}

const fn place(id: HoldId) -> Place {
    Place::new("held_rows", "content", id.get())
}

/// Takes a file away, and of one from elsewhere the way to get it again.
fn remove(conn: &mut Conn, kept: &Kept) -> Result<Vec<BytesPlace>> {
    let id = MediaId::new(kept.id);
    if remote_media::by_id(conn, id)?.is_some() {
        let dropped = remote_media::drop_copies(conn, &[id])?;
        remote_media::give_up(conn, id, remote_media::State::Unreadable)?;
        return Ok(dropped.places);
    }
    match Use::from_code(kept.used) {
        Some(Use::Avatar | Use::Header) => Ok(media::take_off(conn, id)?.into_iter().collect()),
        Some(Use::Attachment) => crate::attachments::delete(conn, &[id]),
        // It goes with the file whose smaller picture it is.
        _ => Ok(media::delete(conn, id)?.into_iter().collect()),
    }
}

type Row = (
    i64,
    Option<i64>,
    i64,
    i16,
    i32,
    Option<i32>,
    Option<i64>,
    Option<i32>,
);

fn quarantine((id, post, moderator, kind, since, sent, account, until): Row) -> Result<Quarantine> {
    Ok(Quarantine {
        id: HoldId::new(id),
        new: New {
            account: AccountId::new(account.ok_or(Error::Unknown("holds.account_id"))?),
            post: post.map(PostId::new),
            moderator: AccountId::new(moderator),
            kind: Kind::from_code(kind)?,
            until: Day::new(until.ok_or(Error::Unknown("holds.until_day"))?),
        },
        since: Day::new(since),
        sent: sent.map(Day::new),
    })
}

macro_rules! rows {
    ($query:expr) => {
        $query
            .inner_join(holds::table.on(holds::id.eq(quarantines::hold_id)))
            .select((
                quarantines::hold_id,
                quarantines::post_id,
                quarantines::moderator_id,
                quarantines::kind,
                quarantines::since_day,
                quarantines::sent_day,
                holds::account_id,
                holds::until_day,
            ))
    };
}

/// All of them, the latest first.
pub fn list(conn: &mut Conn, most: i64) -> Result<Vec<Quarantine>> {
    let found: Vec<Row> = on!(conn, c => rows!(quarantines::table)
        .order((quarantines::since_day.desc(), quarantines::hold_id))
        .limit(most)
        .load(c))?;
    found.into_iter().map(quarantine).collect()
}

/// One of them.
pub fn by_id(conn: &mut Conn, id: HoldId) -> Result<Option<Quarantine>> {
    let found: Option<Row> = on!(conn, c => rows!(quarantines::table)
        .filter(quarantines::hold_id.eq(id.get()))
        .first(c)
        .optional())?;
    found.map(quarantine).transpose()
}

/// Whether a post is in quarantine.
pub fn has_post(conn: &mut Conn, post: PostId) -> Result<bool> {
    let found: i64 = on!(conn, c => quarantines::table
        .filter(quarantines::post_id.eq(post.get()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// What it keeps: the words, and what each file is.
pub fn contents(conn: &mut Conn, id: HoldId) -> Result<(Words, Vec<Kept>)> {
    let found: Vec<(String, Vec<u8>)> = on!(conn, c => held_rows::table
        .filter(held_rows::hold_id.eq(id.get()))
        .order(held_rows::number)
        .select((held_rows::source_table, held_rows::content))
        .load(c))?;
    let broken = |_| Error::Unknown("held_rows.content");
    let (mut words, mut kept) = (Words::default(), Vec::new());
    for (table, content) in found {
        let text = conn.open(place(id), &content)?;
        if table == "media" {
            kept.push(serde_json::from_str(&text).map_err(broken)?);
        } else {
            words = serde_json::from_str(&text).map_err(broken)?;
        }
    }
    Ok((words, kept))
}

/// A file that it keeps.
pub fn file(conn: &mut Conn, id: HoldId, file: MediaId) -> Result<Option<Vec<u8>>> {
    let content: Option<Vec<u8>> = on!(conn, c => files::table
        .inner_join(quarantines::table.on(quarantines::hold_id.eq(files::hold_id)))
        .filter(files::hold_id.eq(id.get()).and(files::media_id.eq(file.get())))
        .select(files::content)
        .first(c)
        .optional())?;
    content
        .map(|content| conn.open_bytes(Place::new("held_files", "content", file.get()), &content))
        .transpose()
}

/// Writes that it was reported to an authority today, and that the copy is kept until `until`.
pub fn sent(conn: &mut Conn, id: HoldId, until: Day) -> Result<()> {
    let today = conn.now().day().get();
    on!(conn, c => diesel::update(quarantines::table.find(id.get()))
        .set(quarantines::sent_day.eq(today))
        .execute(c))?;
    on!(conn, c => diesel::update(holds::table.find(id.get()))
        .set(holds::until_day.eq(until.get()))
        .execute(c))?;
    Ok(())
}

/// Lets copies whose time is over stay while a demand has a copy of the same account: before what is over goes.
pub fn wait_for_demands(conn: &mut Conn) -> Result<()> {
    let today = conn.now().day().get();
    let wanted: Vec<Option<i64>> = on!(conn, c => holds::table
        .filter(holds::purpose.eq(FOR_A_DEMAND))
        .filter(holds::until_day.is_null().or(holds::until_day.ge(today)))
        .select(holds::account_id)
        .distinct()
        .load(c))?;
    let wanted: Vec<i64> = wanted.into_iter().flatten().collect();
    on!(conn, c => diesel::update(holds::table
            .filter(holds::purpose.eq(PURPOSE))
            .filter(holds::until_day.lt(today))
            .filter(holds::account_id.eq_any(&wanted)))
        .set(holds::until_day.eq(today))
        .execute(c))?;
    Ok(())
}

/// Those whose time is over: they go with the next purge, and what they were made of goes before.
pub fn over(conn: &mut Conn) -> Result<Vec<Quarantine>> {
    let today = conn.now().day().get();
    let found: Vec<Row> = on!(conn, c => rows!(quarantines::table)
        .filter(holds::until_day.lt(today))
        .load(c))?;
    found.into_iter().map(quarantine).collect()
}

/// Puts files back, each under a new number: the old one is among what was deleted. `places` are those of their bytes, by
/// their old numbers. Of an account elsewhere nothing is put back: it can be asked for again.
pub fn put_back(conn: &mut Conn, found: &Quarantine, kept: &[Kept], places: &[(i64, Stored)]) -> Result<()> {
    let account = found.new.account;
    if remote::of(conn, account)?.is_some() {
        for one in kept.iter().filter(|one| one.used != Use::Preview.code()) {
            remote_media::give_up(conn, MediaId::new(one.id), remote_media::State::Away)?;
        }
        return discard(conn, found.id);
    }
    for one in kept {
        let Some(file) = medium(account, one, places) else {
            continue;
        };
        match file.kind {
            Use::Avatar | Use::Header => put_on_profile(conn, &file)?,
            Use::Attachment => put_to_post(conn, found.new.post, one, &file, kept, places)?,
            Use::Preview => {}
        }
    }
    discard(conn, found.id)
}

fn medium(account: AccountId, kept: &Kept, places: &[(i64, Stored)]) -> Option<Medium> {
    let (_, (place, key)) = places.iter().find(|(id, _)| *id == kept.id)?;
    Some(Medium {
        id: MediaId::random(),
        account,
        kind: Use::from_code(kept.used)?,
        mime: kept.mime.clone(),
        width: kept.width,
        height: kept.height,
        place: *place,
        key: key.clone(),
    })
}

/// Where nothing else was put since.
fn put_on_profile(conn: &mut Conn, file: &Medium) -> Result<()> {
    media::insert(conn, file)?;
    let at = accounts::table.find(file.account.get());
    let id = Some(file.id.get());
    match file.kind {
        Use::Header => on!(conn, c => diesel::update(at.filter(accounts::header_id.is_null()))
            .set(accounts::header_id.eq(id)).execute(c))?,
        _ => on!(conn, c => diesel::update(at.filter(accounts::avatar_id.is_null()))
            .set(accounts::avatar_id.eq(id)).execute(c))?,
    };
    Ok(())
}

fn put_to_post(
    conn: &mut Conn,
    post: Option<PostId>,
    kept: &Kept,
    file: &Medium,
    all: &[Kept],
    places: &[(i64, Stored)],
) -> Result<()> {
    let small = all.iter().find(|one| one.of == Some(kept.id));
    let preview = small.and_then(|small| medium(file.account, small, places));
    let pixels = |side: i32| side.unsigned_abs();
    let attachment = Attachment {
        id: file.id,
        kind: bauta_model::AttachmentKind::from_code(kept.shown_as)
            .ok_or(Error::Unknown("attachments.kind"))?,
        mime: kept.mime.clone(),
        width: pixels(kept.width),
        height: pixels(kept.height),
        preview: preview.as_ref().map(|preview| bauta_model::Preview {
            id: preview.id,
            width: pixels(preview.width),
            height: pixels(preview.height),
        }),
        description: kept.description.clone(),
        blurhash: kept.blurhash.clone(),
        focus: bauta_model::Focus::new(kept.focus.0, kept.focus.1),
        seconds: kept.seconds.map(i32::unsigned_abs),
    };
    crate::attachments::insert(conn, &attachment, file, preview.as_ref())?;
    if let Some(post) = post {
        on!(conn, c => diesel::update(attachments::table.find(file.id.get()))
            .set((
                attachments::post_id.eq(post.get()),
                attachments::position.eq(kept.position),
                attachments::waiting_day.eq(None::<i32>),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Destroys a copy.
pub fn discard(conn: &mut Conn, id: HoldId) -> Result<()> {
    on!(conn, c => diesel::delete(holds::table.find(id.get())).execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

/// What is kept of the words of a post.
pub fn words_of(post: &Post, handle: &str, name: &str) -> Words {
    Words {
        handle: handle.to_owned(),
        name: name.to_owned(),
        text: post.text.clone(),
        warning: post.warning.clone(),
        at: Some(post.id.unix_seconds()),
        public: post.visibility.is_open(),
    }
}
