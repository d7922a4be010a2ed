//! Small pictures that other servers name in their texts: where each is, and the rebuilt copy of it, if there is one.

use bauta_model::{CoarseTime, Day, EmojiId};
use diesel::prelude::*;

use crate::conn::on;
use crate::custom_emojis::{Bytes, Emoji};
use crate::schema::{follows, remote_accounts, remote_emojis as rows};
use crate::{Conn, Place, Result};

/// A small picture as a text of another server names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name, without colons.
    pub shortcode: String,
    /// Where it is.
    pub url: String,
    /// The host of `url`, with a port where it is not the usual one.
    pub host: String,
}

/// Whose texts name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namer {
    /// The domain of their handles.
    pub domain: String,
    /// The host that they are on.
    pub server: String,
}

/// One that is to be got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its number.
    pub id: EmojiId,
    /// Where it is.
    pub url: String,
    /// The host of that.
    pub host: String,
    /// Tries in vain.
    pub attempts: i16,
}

/// Names of one domain that are remembered.
const MOST_OF_A_DOMAIN: i64 = 3000;

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("remote_emojis", column, id)
}

/// Writes that somebody's texts name these. What is new, or was told otherwise on an earlier day, is got at `due` or later.
/// Gives the numbers of those that are replaced.
pub fn name(conn: &mut Conn, namer: &Namer, named: &[Named], due: CoarseTime) -> Result<Vec<EmojiId>> {
    type Found = (i64, Vec<u8>, i32, Option<i64>, i32);
    let today = conn.now().day().get();
    let mut replaced = Vec::new();
    for one in named {
        let found: Option<Found> = on!(conn, c => rows::table
            .filter(rows::domain.eq(&namer.domain))
            .filter(rows::shortcode.eq(&one.shortcode))
            .select((rows::id, rows::url, rows::named_day, rows::due_slot, rows::bytes))
            .first(c)
            .optional())?;
        if let Some((id, url, day, waits, bytes)) = found {
            let same = conn.open(place("url", id), &url)? == one.url;
            // Who says each time something else is believed once a day.
            if day >= today || (same && (waits.is_some() || bytes > 0)) {
                continue;
            }
            on!(conn, c => diesel::delete(rows::table.find(id)).execute(c))?;
            replaced.push(EmojiId::new(id));
        } else if count(conn, &namer.domain)? >= MOST_OF_A_DOMAIN {
            continue;
        }
        insert(conn, namer, one, due)?;
    }
    Ok(replaced)
}

fn count(conn: &mut Conn, domain: &str) -> Result<i64> {
    Ok(on!(conn, c => rows::table.filter(rows::domain.eq(domain)).count().get_result(c))?)
}

fn insert(conn: &mut Conn, namer: &Namer, named: &Named, due: CoarseTime) -> Result<()> {
    let id = EmojiId::random().get();
    let url = conn.seal(place("url", id), &named.url);
    let today: Day = conn.now().day();
    on!(conn, c => diesel::insert_into(rows::table)
        .values((
            (rows::id.eq(id), rows::domain.eq(&namer.domain), rows::shortcode.eq(&named.shortcode)),
            (rows::server.eq(&namer.server), rows::host.eq(&named.host), rows::url.eq(url)),
            (rows::named_day.eq(today.get()), rows::attempts.eq(0), rows::due_slot.eq(due.unix_seconds())),
            (rows::width.eq(0), rows::height.eq(0), rows::bytes.eq(0)),
        ))
        .execute(c))?;
    Ok(())
}

/// Those that are to be got by `now`: of servers of which somebody here follows somebody.
pub fn due(conn: &mut Conn, now: CoarseTime, most: i64) -> Result<Vec<Wanted>> {
    let strangers = diesel::alias!(remote_accounts as strangers);
    let followed = follows::table
        .filter(diesel::dsl::not(follows::follower_id.eq_any(
            strangers.select(strangers.field(remote_accounts::account_id)),
        )))
        .select(follows::followee_id);
    let found: Vec<(i64, Vec<u8>, String, i16)> = on!(conn, c => rows::table
        .filter(rows::due_slot.le(now.unix_seconds()))
        .filter(rows::server.eq_any(remote_accounts::table
            .filter(remote_accounts::account_id.eq_any(followed))
            .select(remote_accounts::domain)))
        .order(rows::due_slot)
        .limit(most)
        .select((rows::id, rows::url, rows::host, rows::attempts))
        .load(c))?;
    let wanted = found.into_iter().map(|(id, url, host, attempts)| {
        Ok(Wanted {
            id: EmojiId::new(id),
            url: conn.open(place("url", id), &url)?,
            host,
            attempts,
        })
    });
    wanted.collect()
}

/// Tries again at `due`, or not until somebody names it on another day.
pub fn put_off(conn: &mut Conn, id: EmojiId, due: Option<CoarseTime>) -> Result<()> {
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::attempts.eq(rows::attempts + 1), rows::due_slot.eq(due.map(CoarseTime::unix_seconds))))
        .execute(c))?;
    Ok(())
}

/// Takes a copy in, of so many pixels.
pub fn take_in(conn: &mut Conn, id: EmojiId, file: &Bytes, (width, height): (i32, i32)) -> Result<()> {
    let row = id.get();
    let bytes = i32::try_from(file.picture.len() + file.still.len()).unwrap_or(i32::MAX);
    let picture = conn.seal_bytes(place("picture", row), &file.picture);
    let still = conn.seal_bytes(place("still", row), &file.still);
    on!(conn, c => diesel::update(rows::table.find(row))
        .set((
            rows::due_slot.eq(None::<i64>),
            rows::width.eq(width),
            rows::height.eq(height),
            rows::picture.eq(picture),
            rows::still.eq(still),
            rows::bytes.eq(bytes),
        ))
        .execute(c))?;
    Ok(())
}

/// Those that have a copy here, each with the domain whose texts name it.
pub fn all(conn: &mut Conn) -> Result<Vec<(String, Emoji)>> {
    let found: Vec<(i64, String, String, i32, i32)> = on!(conn, c => rows::table
        .filter(rows::bytes.gt(0))
        .select((rows::id, rows::domain, rows::shortcode, rows::width, rows::height))
        .load(c))?;
    let all = found.into_iter().map(|(id, domain, shortcode, width, height)| {
        let emoji = Emoji {
            id: EmojiId::new(id),
            shortcode,
            category: String::new(),
            in_picker: false,
            mime: String::new(),
            width,
            height,
        };
        (domain, emoji)
    });
    Ok(all.collect())
}

/// The bytes of one.
pub fn bytes(conn: &mut Conn, id: EmojiId) -> Result<Option<Bytes>> {
    type Found = (Option<Vec<u8>>, Option<Vec<u8>>);
    let found: Option<Found> = on!(conn, c => rows::table
        .find(id.get())
        .select((rows::picture, rows::still))
        .first(c)
        .optional())?;
    let Some((Some(picture), Some(still))) = found else {
        return Ok(None);
    };
    Ok(Some(Bytes {
        mime: String::new(),
        picture: conn.open_bytes(place("picture", id.get()), &picture)?,
        still: conn.open_bytes(place("still", id.get()), &still)?,
    }))
}

/// Deletes the oldest until the others have at most `most` bytes. Gives how many.
pub fn make_room(conn: &mut Conn, most: i64) -> Result<usize> {
    let all: Vec<(i64, i32)> = on!(conn, c => rows::table
        .filter(rows::bytes.gt(0))
        .order((rows::named_day.desc(), rows::id))
        .select((rows::id, rows::bytes))
        .load(c))?;
    let mut sum = 0;
    let over = all.into_iter().filter(|(_, bytes)| {
        sum += i64::from(*bytes);
        sum > most
    });
    let gone: Vec<i64> = over.map(|(id, _)| id).collect();
    delete(conn, &gone)
}

/// Deletes those that lie on a host, or are named by a server, that `meant` names. Gives how many there were.
pub fn forget_hosts(conn: &mut Conn, meant: impl Fn(&str) -> bool) -> Result<usize> {
    let all: Vec<(i64, String, String, String)> =
        on!(conn, c => rows::table.select((rows::id, rows::domain, rows::server, rows::host)).load(c))?;
    let gone: Vec<i64> = all
        .into_iter()
        .filter(|(_, domain, server, host)| meant(domain) || meant(server) || meant(host))
        .map(|(id, _, _, _)| id)
        .collect();
    delete(conn, &gone)
}

fn delete(conn: &mut Conn, ids: &[i64]) -> Result<usize> {
    for part in ids.chunks(1000) {
        on!(conn, c => diesel::delete(rows::table.filter(rows::id.eq_any(part))).execute(c))?;
    }
    if !ids.is_empty() {
        conn.purge_after_commit();
    }
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, on_both, people};
    use crate::{follows as following, remote};
    use bauta_model::AccountId;

    fn named(shortcode: &str, url: &str) -> Named {
        Named {
            shortcode: shortcode.into(),
            url: url.into(),
            host: "files.example".into(),
        }
    }

    fn namer() -> Namer {
        Namer {
            domain: "a.example".into(),
            server: "social.a.example".into(),
        }
    }

    #[test]
    fn copies_come_for_those_who_are_followed_change_once_a_day_and_go() {
        on_both(|conn| {
            people(conn, 2);
            let account = remote::RemoteAccount {
                account: AccountId::new(2),
                uri: "https://social.a.example/2".into(),
                url: "https://social.a.example/2".into(),
                domain: "social.a.example".into(),
                inbox: "https://social.a.example/2/inbox".into(),
                shared_inbox: "https://social.a.example/inbox".into(),
                followers_uri: String::new(),
                featured_uri: String::new(),
                fetched: Day::new(1),
            };
            remote::set(conn, &account).unwrap();
            let both = [
                named("sea", "https://files.example/1"),
                named("land", "https://files.example/2"),
            ];
            assert!(name(conn, &namer(), &both, NOW).unwrap().is_empty());
            assert!(due(conn, NOW, 10).unwrap().is_empty(), "nobody follows");
            let how = following::How {
                show_boosts: true,
                notify: false,
            };
            following::follow(conn, AccountId::new(1), AccountId::new(2), how).unwrap();
            let wanted = due(conn, NOW, 10).unwrap();
            assert_eq!(wanted.len(), 2);
            let file = Bytes {
                mime: String::new(),
                picture: vec![1; 40],
                still: vec![2; 10],
            };
            for one in &wanted {
                take_in(conn, one.id, &file, (20, 10)).unwrap();
            }
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            assert_eq!(bytes(conn, wanted[0].id).unwrap(), Some(file));
            let known = all(conn).unwrap();
            assert!(
                known
                    .iter()
                    .all(|(domain, one)| domain == "a.example" && one.width == 20)
            );
            // Another picture: not today.
            let other = [named("sea", "https://files.example/3")];
            assert!(name(conn, &namer(), &other, NOW).unwrap().is_empty());
            conn.clock().set(NOW.day().plus(1).start());
            assert!(
                name(conn, &namer(), &both, NOW).unwrap().is_empty(),
                "the same is kept"
            );
            assert_eq!(name(conn, &namer(), &other, NOW).unwrap().len(), 1);
            assert_eq!(
                (all(conn).unwrap().len(), due(conn, NOW, 10).unwrap().len()),
                (1, 1)
            );
            let id = due(conn, NOW, 10).unwrap()[0].id;
            put_off(conn, id, None).unwrap();
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            assert_eq!(make_room(conn, 50).unwrap(), 0);
            assert_eq!(make_room(conn, 49).unwrap(), 1);
            assert_eq!(forget_hosts(conn, |host| host == "other.example").unwrap(), 0);
            assert_eq!(forget_hosts(conn, |host| host == "social.a.example").unwrap(), 1);
        });
    }
}
