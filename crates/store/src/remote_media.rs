//! Media that other servers name: where each is, and whether a rebuilt copy of it is here.
//!
//! A copy is an ordinary file of the account that shows it, under the same number. Without one the medium is away: it is
//! shown as a place to ask at, and nobody is asked because somebody reads.

use bauta_model::{AccountId, Attachment, AttachmentKind, CoarseTime, Focus, MediaId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::media::{self, Kind, Medium, Place as BytesPlace};
use crate::schema::{
    accounts, attachments, follows, media as media_table, remote_accounts, remote_media as rows,
};
use crate::{Conn, Error, Place, Result, attachments as shown};

/// A medium as its server names it. Texts are clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// For what.
    pub kind: Kind,
    /// Where it is.
    pub url: String,
    /// The host of `url`, with a port where it is not the usual one.
    pub host: String,
    /// What it shows.
    pub description: String,
    /// Its colours.
    pub blurhash: String,
    /// What must not be cut off.
    pub focus: Focus,
    /// Whether it is got.
    pub state: State,
}

/// Whether a medium is got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Once somebody here follows who shows it.
    Wanted,
    /// Somebody here asked for it.
    Asked,
    /// When somebody asks.
    Away,
    /// Never: it can't be rebuilt here.
    Unreadable,
}

impl State {
    const ALL: [Self; 4] = [Self::Wanted, Self::Asked, Self::Away, Self::Unreadable];
}

/// A medium that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number, and that of its copy.
    pub id: MediaId,
    /// Who shows it.
    pub account: AccountId,
    /// Where; nothing for a picture of a profile.
    pub post: Option<PostId>,
    /// Its place there.
    pub position: i16,
    /// Tries in vain.
    pub attempts: i16,
    /// What its server says.
    pub named: Named,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = rows, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    account_id: i64,
    post_id: Option<i64>,
    kind: i16,
    position: i16,
    host: String,
    url: Vec<u8>,
    description: Vec<u8>,
    blurhash: String,
    focus_x: i16,
    focus_y: i16,
    state: i16,
    attempts: i16,
    due_slot: Option<i64>,
    got_day: Option<i32>,
}

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("remote_media", column, id)
}

fn known(conn: &Conn, row: Row) -> Result<Known> {
    Ok(Known {
        id: MediaId::new(row.id),
        account: AccountId::new(row.account_id),
        post: row.post_id.map(PostId::new),
        position: row.position,
        attempts: row.attempts,
        named: Named {
            kind: Kind::from_code(row.kind).ok_or(Error::Unknown("remote_media.kind"))?,
            url: conn.open(place("url", row.id), &row.url)?,
            host: row.host,
            description: conn.open(place("description", row.id), &row.description)?,
            blurhash: row.blurhash,
            focus: Focus::new(row.focus_x, row.focus_y),
            state: State::ALL
                .into_iter()
                .find(|state| *state as i16 == row.state)
                .ok_or(Error::Unknown("remote_media.state"))?,
        },
    })
}

/// Writes that `account` shows a medium. What is wanted is got at `due`.
pub fn name(
    conn: &mut Conn,
    (account, post, position): (AccountId, Option<PostId>, i16),
    named: &Named,
    due: CoarseTime,
) -> Result<Known> {
    let id = MediaId::random();
    let goes = matches!(named.state, State::Wanted | State::Asked);
    let row = Row {
        id: id.get(),
        account_id: account.get(),
        post_id: post.map(PostId::get),
        kind: named.kind.code(),
        position,
        host: named.host.clone(),
        url: conn.seal(place("url", id.get()), &named.url),
        description: conn.seal(place("description", id.get()), &named.description),
        blurhash: named.blurhash.clone(),
        focus_x: named.focus.x(),
        focus_y: named.focus.y(),
        state: named.state as i16,
        attempts: 0,
        due_slot: goes.then(|| due.unix_seconds()),
        got_day: None,
    };
    on!(conn, c => diesel::insert_into(rows::table).values(&row).execute(c))?;
    Ok(Known {
        id,
        account,
        post,
        position,
        attempts: 0,
        named: named.clone(),
    })
}

/// A medium by its number.
pub fn by_id(conn: &mut Conn, id: MediaId) -> Result<Option<Known>> {
    let row: Option<Row> = on!(conn, c => rows::table
        .find(id.get())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(|row| known(conn, row)).transpose()
}

/// What a post shows, in order; of no post, the pictures of the profile.
pub fn shown_by(conn: &mut Conn, account: AccountId, post: Option<PostId>) -> Result<Vec<Known>> {
    let none_of_it = rows::post_id
        .is_null()
        .and(post.is_none().into_sql::<diesel::sql_types::Bool>());
    let found: Vec<Row> = on!(conn, c => rows::table
        .filter(rows::account_id.eq(account.get()))
        .filter(rows::post_id.eq(post.map(PostId::get)).or(none_of_it))
        .order((rows::position, rows::id))
        .select(Row::as_select())
        .load(c))?;
    found.into_iter().map(|row| known(conn, row)).collect()
}

/// Those of posts that have no copy here, each with its place in its post.
pub(crate) fn away(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, i16, Attachment)>> {
    let found: Vec<Row> = on!(conn, c => rows::table
        .filter(rows::post_id.eq_any(posts))
        .filter(diesel::dsl::not(rows::id.eq_any(media_table::table.select(media_table::id))))
        .order((rows::position, rows::id))
        .select(Row::as_select())
        .load(c))?;
    let mut all = Vec::with_capacity(found.len());
    for row in found {
        let Some(post) = row.post_id else { continue };
        let one = known(conn, row)?;
        all.push((post, one.position, one.as_away()));
    }
    Ok(all)
}

impl Known {
    /// As readers are told of it while there is no copy.
    pub fn as_away(&self) -> Attachment {
        Attachment {
            id: self.id,
            kind: AttachmentKind::Away,
            mime: String::new(),
            width: 0,
            height: 0,
            preview: None,
            description: self.named.description.clone(),
            blurhash: self.named.blurhash.clone(),
            focus: self.named.focus,
            seconds: None,
        }
    }
}

/// Those that are to be got by `now`: what somebody asked for, and what is of accounts that somebody here follows.
pub fn due(conn: &mut Conn, now: CoarseTime, most: i64) -> Result<Vec<Known>> {
    let found: Vec<Row> = on!(conn, c => rows::table
        .filter(rows::due_slot.le(now.unix_seconds()))
        .filter(rows::state.eq(State::Asked as i16).or(rows::account_id.eq_any(follows::table
            .filter(diesel::dsl::not(follows::follower_id.eq_any(
                remote_accounts::table.select(remote_accounts::account_id))))
            .select(follows::followee_id))))
        .order(rows::due_slot)
        .limit(most)
        .select(Row::as_select())
        .load(c))?;
    found.into_iter().map(|row| known(conn, row)).collect()
}

/// Tries again at `due`.
pub fn put_off(conn: &mut Conn, id: MediaId, due: CoarseTime) -> Result<()> {
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::attempts.eq(rows::attempts + 1), rows::due_slot.eq(due.unix_seconds())))
        .execute(c))?;
    Ok(())
}

/// Ends trying.
pub fn give_up(conn: &mut Conn, id: MediaId, state: State) -> Result<()> {
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::state.eq(state as i16), rows::due_slot.eq(None::<i64>)))
        .execute(c))?;
    Ok(())
}

/// Has one got that somebody asks for.
pub fn ask(conn: &mut Conn, id: MediaId) -> Result<()> {
    let now = conn.now().unix_seconds();
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::state.eq(State::Asked as i16), rows::attempts.eq(0), rows::due_slot.eq(now)))
        .execute(c))?;
    Ok(())
}

/// Takes a copy in whose bytes are on the disk already. False if nobody shows it any more, or it is here.
pub fn take_in(
    conn: &mut Conn,
    known: &Known,
    made: Option<&Attachment>,
    file: &Medium,
    preview: Option<&Medium>,
) -> Result<bool> {
    if by_id(conn, known.id)?.is_none() || media::by_id(conn, known.id)?.is_some() {
        return Ok(false);
    }
    if let (Some(made), Some(post)) = (made, known.post) {
        shown::insert(conn, made, file, preview)?;
        on!(conn, c => diesel::update(attachments::table.find(known.id.get()))
            .set((
                attachments::post_id.eq(post.get()),
                attachments::position.eq(known.position),
                attachments::waiting_day.eq(None::<i32>),
            ))
            .execute(c))?;
    } else {
        media::insert(conn, file)?;
        put_on_profile(conn, known)?;
    }
    let today = conn.now().day().get();
    on!(conn, c => diesel::update(rows::table.find(known.id.get()))
        .set((
            rows::state.eq(State::Away as i16),
            rows::due_slot.eq(None::<i64>),
            rows::got_day.eq(today),
        ))
        .execute(c))?;
    Ok(true)
}

fn put_on_profile(conn: &mut Conn, known: &Known) -> Result<()> {
    let (at, id) = (accounts::table.find(known.account.get()), Some(known.id.get()));
    match known.named.kind {
        Kind::Header => on!(conn, c => diesel::update(at).set(accounts::header_id.eq(id)).execute(c))?,
        _ => on!(conn, c => diesel::update(at).set(accounts::avatar_id.eq(id)).execute(c))?,
    };
    Ok(())
}

/// Deletes copies, and leaves where each is. Gives where their bytes lie, and which posts and accounts showed them.
pub fn drop_copies(conn: &mut Conn, ids: &[MediaId]) -> Result<Dropped> {
    let mut dropped = Dropped::default();
    for id in ids {
        let Some(known) = by_id(conn, *id)? else { continue };
        let places = if known.post.is_some() {
            shown::delete(conn, &[*id])?
        } else {
            media::take_off(conn, *id)?.into_iter().collect()
        };
        dropped.copies += usize::from(!places.is_empty());
        dropped.places.extend(places);
        dropped.posts.extend(known.post);
        dropped.accounts.push(known.account);
        on!(conn, c => diesel::update(rows::table.find(id.get()))
            .set(rows::got_day.eq(None::<i32>))
            .execute(c))?;
    }
    Ok(dropped)
}

/// What went with copies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// How many.
    pub copies: usize,
    /// Where their bytes lie, to be erased.
    pub places: Vec<BytesPlace>,
    /// Posts that showed them.
    pub posts: Vec<PostId>,
    /// Whose they are.
    pub accounts: Vec<AccountId>,
}

/// Deletes media with their copies: nobody shows them any more.
pub fn forget(conn: &mut Conn, ids: &[MediaId]) -> Result<Dropped> {
    let dropped = drop_copies(conn, ids)?;
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    on!(conn, c => diesel::delete(rows::table.filter(rows::id.eq_any(&ids))).execute(c))?;
    conn.purge_after_commit();
    Ok(dropped)
}

/// Copies of those whose host, or whose account's host, `meant` names; what is still to be got is not.
pub fn stop(conn: &mut Conn, meant: impl Fn(&str) -> bool) -> Result<Vec<MediaId>> {
    let all: Vec<(i64, String, String)> = on!(conn, c => rows::table
        .inner_join(remote_accounts::table.on(remote_accounts::account_id.eq(rows::account_id)))
        .filter(rows::got_day.is_not_null().or(rows::due_slot.is_not_null()))
        .select((rows::id, rows::host, remote_accounts::domain))
        .load(c))?;
    let ids: Vec<i64> = all
        .into_iter()
        .filter(|(_, host, domain)| meant(host) || meant(domain))
        .map(|(id, _, _)| id)
        .collect();
    on!(conn, c => diesel::update(rows::table.filter(rows::id.eq_any(&ids)).filter(rows::due_slot.is_not_null()))
        .set((rows::state.eq(State::Away as i16), rows::due_slot.eq(None::<i64>)))
        .execute(c))?;
    Ok(ids.into_iter().map(MediaId::new).collect())
}

/// Bytes of all copies.
pub fn bytes(conn: &mut Conn) -> Result<i64> {
    let sum: Option<i64> = on!(conn, c => media_table::table
        .filter(media_table::account_id.eq_any(remote_accounts::table.select(remote_accounts::account_id)))
        .select(diesel::dsl::sum(media_table::length))
        .first(c))?;
    Ok(sum.unwrap_or(0))
}

/// The copies that go first when room is short: of posts before those of profiles, oldest first.
pub fn oldest(conn: &mut Conn, most: i64) -> Result<Vec<MediaId>> {
    let ids: Vec<i64> = on!(conn, c => rows::table
        .filter(rows::got_day.is_not_null())
        .order((rows::kind, rows::got_day, rows::id))
        .limit(most)
        .select(rows::id)
        .load(c))?;
    Ok(ids.into_iter().map(MediaId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts;
    use crate::testing::{NOW, on_both, post, publish, stranger};
    use bauta_model::Visibility;

    fn named(url: &str, kind: Kind, state: State) -> Named {
        Named {
            kind,
            url: url.into(),
            host: "files.example".into(),
            description: format!("of {url}"),
            blurhash: String::new(),
            focus: Focus::default(),
            state,
        }
    }

    fn file(id: MediaId, kind: Kind) -> Medium {
        Medium {
            id,
            account: AccountId::new(2),
            kind,
            mime: "image/png".into(),
            width: 40,
            height: 30,
            key: None,
            place: BytesPlace {
                segment: 1,
                offset: id.get() / 7,
                length: 100,
            },
        }
    }

    fn take(conn: &mut Conn, known: &Known) {
        let made = Attachment {
            kind: AttachmentKind::Picture,
            mime: "image/png".into(),
            ..known.as_away()
        };
        let kind = known.named.kind;
        let made = known.post.map(|_| made);
        assert!(take_in(conn, known, made.as_ref(), &file(known.id, kind), None).unwrap());
        assert!(!take_in(conn, known, made.as_ref(), &file(known.id, kind), None).unwrap());
    }

    fn elsewhere(conn: &mut Conn) {
        stranger(conn);
        publish(conn, &post(10, 2, Visibility::Public));
    }

    fn kinds(conn: &mut Conn) -> Vec<AttachmentKind> {
        let post = posts::by_id(conn, PostId::new(10)).unwrap().unwrap();
        post.media.iter().map(|one| one.kind).collect()
    }

    #[test]
    fn copies_come_go_oldest_first_and_can_be_asked_for_again() {
        on_both(|conn| {
            elsewhere(conn);
            let (whose, at) = (AccountId::new(2), Some(PostId::new(10)));
            let wanted = |url| named(url, Kind::Attachment, State::Wanted);
            let one = name(conn, (whose, at, 0), &wanted("https://files.example/1"), NOW).unwrap();
            let two = name(conn, (whose, at, 1), &wanted("https://files.example/2"), NOW).unwrap();
            let face = named("https://files.example/3", Kind::Avatar, State::Wanted);
            let face = name(conn, (whose, None, 0), &face, NOW).unwrap();
            assert!(due(conn, NOW, 10).unwrap().is_empty(), "nobody follows");
            let how = crate::follows::How {
                show_boosts: true,
                notify: false,
            };
            crate::follows::follow(conn, AccountId::new(1), whose, how).unwrap();
            assert_eq!(due(conn, NOW, 10).unwrap().len(), 3);
            assert_eq!(kinds(conn), [AttachmentKind::Away; 2]);
            for known in [&one, &face] {
                take(conn, known);
            }
            assert_eq!(kinds(conn), [AttachmentKind::Picture, AttachmentKind::Away]);
            assert_eq!(bytes(conn).unwrap(), 200);
            assert_eq!(oldest(conn, 10).unwrap(), [one.id, face.id], "faces go last");
            let dropped = drop_copies(conn, &[one.id, face.id, two.id]).unwrap();
            assert_eq!((dropped.copies, dropped.places.len()), (2, 2));
            assert_eq!((bytes(conn).unwrap(), oldest(conn, 10).unwrap().len()), (0, 0));
            assert_eq!(kinds(conn), [AttachmentKind::Away; 2]);
            ask(conn, one.id).unwrap();
            take(conn, &one);
            assert_eq!(kinds(conn), [AttachmentKind::Picture, AttachmentKind::Away]);
            // Of a host nothing is left but where it was, and what was still to come does not.
            assert!(stop(conn, |host| host == "other.example").unwrap().is_empty());
            let all = stop(conn, |host| host == "a.example").unwrap();
            assert_eq!(all.len(), 2);
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            let dropped = forget(conn, &all).unwrap();
            assert_eq!((dropped.copies, kinds(conn).len()), (1, 0));
        });
    }

    #[test]
    fn what_fails_is_tried_again_and_what_nobody_shows_is_not_taken() {
        on_both(|conn| {
            elsewhere(conn);
            let place = (AccountId::new(2), Some(PostId::new(10)), 0);
            let one = named("https://files.example/1", Kind::Attachment, State::Asked);
            let one = name(conn, place, &one, NOW).unwrap();
            let later = NOW.plus(std::time::Duration::from_secs(600));
            put_off(conn, one.id, later).unwrap();
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            assert_eq!(due(conn, later, 10).unwrap()[0].attempts, 1);
            give_up(conn, one.id, State::Unreadable).unwrap();
            assert!(due(conn, later, 10).unwrap().is_empty());
            let post = posts::by_id(conn, PostId::new(10)).unwrap().unwrap();
            crate::post_changes::delete(conn, &post).unwrap();
            let gone = file(one.id, Kind::Attachment);
            assert!(!take_in(conn, &one, Some(&one.as_away()), &gone, None).unwrap());
        });
    }
}
