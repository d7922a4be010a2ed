//! Drafts that their authors put aside. When is not kept: the list has the order of random ids.

use bauta_model::{AccountId, AsideId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::aside_drafts;
use crate::{Conn, Place, Result};

const fn place(id: i64) -> Place {
    Place::new("aside_drafts", "draft", id)
}

/// Puts a draft aside, in place of what lies there under its number. False where that is somebody else's.
pub fn put(conn: &mut Conn, account: AccountId, id: AsideId, draft: &str) -> Result<bool> {
    let sealed = conn.seal(place(id.get()), draft);
    let changed = on!(conn, c => diesel::insert_into(aside_drafts::table)
        .values((
            aside_drafts::id.eq(id.get()),
            aside_drafts::account_id.eq(account.get()),
            aside_drafts::draft.eq(&sealed),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if changed > 0 {
        return Ok(true);
    }
    conn.purge_after_commit();
    let changed = on!(conn, c => diesel::update(aside_drafts::table
            .filter(aside_drafts::id.eq(id.get()).and(aside_drafts::account_id.eq(account.get()))))
        .set(aside_drafts::draft.eq(&sealed))
        .execute(c))?;
    Ok(changed > 0)
}

/// How many `account` put aside.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => aside_drafts::table
        .filter(aside_drafts::account_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// All that `account` put aside.
pub fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<(AsideId, String)>> {
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => aside_drafts::table
        .filter(aside_drafts::account_id.eq(account.get()))
        .order(aside_drafts::id)
        .select((aside_drafts::id, aside_drafts::draft))
        .load(c))?;
    rows.into_iter()
        .map(|(id, draft)| Ok((AsideId::new(id), conn.open(place(id), &draft)?)))
        .collect()
}

/// One of what `account` put aside.
pub fn get(conn: &mut Conn, account: AccountId, id: AsideId) -> Result<Option<String>> {
    let row: Option<Vec<u8>> = on!(conn, c => aside_drafts::table
        .filter(aside_drafts::id.eq(id.get()).and(aside_drafts::account_id.eq(account.get())))
        .select(aside_drafts::draft)
        .first(c)
        .optional())?;
    row.map(|draft| conn.open(place(id.get()), &draft)).transpose()
}

/// Takes one away; nothing where there is none.
pub fn take(conn: &mut Conn, account: AccountId, id: AsideId) -> Result<Option<String>> {
    let found = get(conn, account, id)?;
    if found.is_some() {
        conn.purge_after_commit();
        on!(conn, c => diesel::delete(aside_drafts::table.find(id.get())).execute(c))?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, people};

    #[test]
    fn a_draft_lies_aside_for_its_author_alone_until_it_is_taken() {
        on_both(|conn| {
            people(conn, 2);
            let (me, other) = (AccountId::new(1), AccountId::new(2));
            let (first, second) = (AsideId::new(7), AsideId::new(5));
            assert!(put(conn, me, first, "one").unwrap());
            assert!(put(conn, me, first, "one, longer").unwrap());
            assert!(put(conn, me, second, "two").unwrap());
            assert!(!put(conn, other, first, "theirs").unwrap());
            let listed = [(second, "two".to_owned()), (first, "one, longer".to_owned())];
            assert_eq!(list(conn, me).unwrap(), listed);
            assert_eq!(get(conn, other, first).unwrap(), None);
            assert_eq!(take(conn, other, first).unwrap(), None);
            assert_eq!(take(conn, me, first).unwrap().as_deref(), Some("one, longer"));
            assert_eq!(take(conn, me, first).unwrap(), None);
            assert_eq!((count(conn, me).unwrap(), count(conn, other).unwrap()), (1, 0));
        });
    }
}
