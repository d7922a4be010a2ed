//! What moderators announce to everybody here, what people wave away, and how they react. Who wrote one is not kept.

use std::collections::HashSet;

use bauta_model::{AccountId, AnnouncementId, CoarseTime};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{
    announcement_dismissals as dismissals, announcement_reactions as reactions, announcements,
};
use crate::{Conn, Place, Result};

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Random.
    pub id: AnnouncementId,
    /// As typed.
    pub text: String,
    /// Rendered.
    pub html: String,
    /// In which slot it was published.
    pub published: CoarseTime,
    /// From which slot on it is not shown any more.
    pub ends: Option<CoarseTime>,
}

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("announcements", column, id)
}

/// Publishes one.
pub fn insert(conn: &mut Conn, new: &Announcement) -> Result<()> {
    let id = new.id.get();
    let text = conn.seal(place("text", id), &new.text);
    let html = conn.seal(place("html", id), &new.html);
    on!(conn, c => diesel::insert_into(announcements::table)
        .values((
            announcements::id.eq(id),
            announcements::text.eq(text),
            announcements::html.eq(html),
            announcements::published_slot.eq(new.published.unix_seconds()),
            announcements::ends_slot.eq(new.ends.map(CoarseTime::unix_seconds)),
        ))
        .execute(c))?;
    Ok(())
}

/// Those that are shown now, the newest first.
pub fn shown(conn: &mut Conn) -> Result<Vec<Announcement>> {
    type Row = (i64, Vec<u8>, Vec<u8>, i64, Option<i64>);
    let now = conn.now().unix_seconds();
    let rows: Vec<Row> = on!(conn, c => announcements::table
        .filter(announcements::ends_slot.is_null().or(announcements::ends_slot.gt(now)))
        .order((announcements::published_slot.desc(), announcements::id.desc()))
        .select((
            announcements::id,
            announcements::text,
            announcements::html,
            announcements::published_slot,
            announcements::ends_slot,
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, text, html, published, ends)| {
            Ok(Announcement {
                id: AnnouncementId::new(id),
                text: conn.open(place("text", id), &text)?,
                html: conn.open(place("html", id), &html)?,
                published: CoarseTime::from_unix_seconds(published),
                ends: ends.map(CoarseTime::from_unix_seconds),
            })
        })
        .collect()
}

/// True if there is one, shown or not.
pub fn exists(conn: &mut Conn, id: AnnouncementId) -> Result<bool> {
    let found: i64 = on!(conn, c => announcements::table
        .filter(announcements::id.eq(id.get()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// Deletes one. False if there is none.
pub fn delete(conn: &mut Conn, id: AnnouncementId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(announcements::table.find(id.get())).execute(c))?;
    Ok(gone > 0)
}

/// Deletes those that are not shown any more.
pub fn purge(conn: &mut Conn) -> Result<usize> {
    let now = conn.now().unix_seconds();
    let gone = on!(conn, c => diesel::delete(announcements::table.filter(announcements::ends_slot.le(now))).execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(gone)
}

/// `account` waves one away.
pub fn dismiss(conn: &mut Conn, account: AccountId, id: AnnouncementId) -> Result<()> {
    on!(conn, c => diesel::insert_into(dismissals::table)
        .values((dismissals::announcement_id.eq(id.get()), dismissals::account_id.eq(account.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// What `account` waved away.
pub fn dismissed(conn: &mut Conn, account: AccountId) -> Result<HashSet<AnnouncementId>> {
    let ids: Vec<i64> = on!(conn, c => dismissals::table
        .filter(dismissals::account_id.eq(account.get()))
        .select(dismissals::announcement_id)
        .load(c))?;
    Ok(ids.into_iter().map(AnnouncementId::new).collect())
}

/// A reaction to an announcement, with how many gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// To which.
    pub announcement: AnnouncementId,
    /// An emoji, or the name of a small picture.
    pub name: String,
    /// How many.
    pub count: i64,
    /// The account that asks is among them.
    pub mine: bool,
}

/// Every reaction, the most given first, as `account` sees them.
pub fn reactions(conn: &mut Conn, account: AccountId) -> Result<Vec<Reaction>> {
    use diesel::dsl::count_star;
    let counted: Vec<(i64, String, i64)> = on!(conn, c => reactions::table
        .group_by((reactions::announcement_id, reactions::name))
        .order((count_star().desc(), reactions::name.asc()))
        .select((reactions::announcement_id, reactions::name, count_star()))
        .load(c))?;
    let mine: Vec<(i64, String)> = on!(conn, c => reactions::table
        .filter(reactions::account_id.eq(account.get()))
        .select((reactions::announcement_id, reactions::name))
        .load(c))?;
    let whole = |(id, name, count): (i64, String, i64)| Reaction {
        announcement: AnnouncementId::new(id),
        mine: mine.iter().any(|(of, given)| *of == id && *given == name),
        name,
        count,
    };
    Ok(counted.into_iter().map(whole).collect())
}

/// Gives a reaction, unless that makes more than `most` different ones: then false.
pub fn react(
    conn: &mut Conn,
    account: AccountId,
    id: AnnouncementId,
    name: &str,
    most: usize,
) -> Result<bool> {
    let names: Vec<String> = on!(conn, c => reactions::table
        .filter(reactions::announcement_id.eq(id.get()))
        .select(reactions::name)
        .distinct()
        .load(c))?;
    if names.len() >= most && !names.iter().any(|given| given == name) {
        return Ok(false);
    }
    on!(conn, c => diesel::insert_into(reactions::table)
        .values((
            reactions::announcement_id.eq(id.get()),
            reactions::account_id.eq(account.get()),
            reactions::name.eq(name),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(true)
}

/// Takes a reaction back.
pub fn unreact(conn: &mut Conn, account: AccountId, id: AnnouncementId, name: &str) -> Result<()> {
    on!(conn, c => diesel::delete(reactions::table.find((id.get(), account.get(), name))).execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, on_both, people};
    use std::time::Duration;

    #[test]
    fn an_announcement_is_shown_until_its_end_and_each_waves_it_away_for_themselves() {
        on_both(|conn| {
            people(conn, 2);
            let (one, two) = (AccountId::new(1), AccountId::new(2));
            let new = |id, minutes: u64, ends| Announcement {
                id: AnnouncementId::new(id),
                text: "High water".into(),
                html: "<p>High water</p>".into(),
                published: NOW.plus(Duration::from_mins(minutes)),
                ends,
            };
            let (older, newer) = (new(1, 0, None), new(2, 1, Some(NOW.plus(Duration::from_mins(9)))));
            for announcement in [&older, &newer, &new(3, 0, Some(NOW))] {
                insert(conn, announcement).unwrap();
            }
            assert_eq!(shown(conn).unwrap(), [newer.clone(), older.clone()]);
            dismiss(conn, one, older.id).unwrap();
            dismiss(conn, one, older.id).unwrap();
            assert_eq!(dismissed(conn, one).unwrap(), HashSet::from([older.id]));
            assert_eq!(dismissed(conn, two).unwrap(), HashSet::new());
            assert!(react(conn, one, older.id, "sea", 2).unwrap());
            assert!(react(conn, two, older.id, "sea", 2).unwrap());
            assert!(react(conn, two, older.id, "🌊", 2).unwrap());
            assert!(!react(conn, one, older.id, "one more", 2).unwrap());
            let all = reactions(conn, one).unwrap();
            let seen: Vec<_> = all
                .iter()
                .map(|one| (one.name.as_str(), one.count, one.mine))
                .collect();
            assert_eq!(seen, [("sea", 2, true), ("🌊", 1, false)]);
            unreact(conn, one, older.id, "sea").unwrap();
            assert_eq!(reactions(conn, one).unwrap()[0].count, 1);
            assert_eq!(purge(conn).unwrap(), 1);
            assert!(delete(conn, older.id).unwrap() && !delete(conn, older.id).unwrap());
            assert!(!exists(conn, older.id).unwrap() && exists(conn, newer.id).unwrap());
            assert_eq!(reactions(conn, one).unwrap(), []);
        });
    }
}
