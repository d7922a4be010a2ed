//! Lists: some of those whom an account follows, read apart.

use bauta_model::{AccountId, ListId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{follows, list_members, lists};
use crate::seal::Place;
use crate::window::{Window, in_window};
use crate::{Conn, Error, Result};

/// Which replies to others a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replies {
    /// None.
    None,
    /// To people of the list.
    #[default]
    List,
    /// To whoever is followed.
    Followed,
}

impl Replies {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::None, Self::List, Self::Followed];

    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::None => 0,
            Self::List => 1,
            Self::Followed => 2,
        }
    }

    /// Reads the stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|replies| replies.code() == code)
    }
}

/// A list without its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The list.
    pub id: ListId,
    /// Its name.
    pub title: String,
    /// Which replies it shows.
    pub replies: Replies,
    /// Who is in it is not in the home timeline.
    pub exclusive: bool,
}

type Row = (i64, Vec<u8>, i16, bool);

fn read(conn: &Conn, (id, title, replies, exclusive): Row) -> Result<List> {
    Ok(List {
        id: ListId::new(id),
        title: conn.open(title_place(id), &title)?,
        replies: Replies::from_code(replies).ok_or(Error::Unknown("lists.replies"))?,
        exclusive,
    })
}

const fn title_place(list: i64) -> Place {
    Place::new("lists", "title", list)
}

/// The lists of `account`, in the order of their random ids.
pub fn all(conn: &mut Conn, account: AccountId) -> Result<Vec<List>> {
    let rows: Vec<Row> = on!(conn, c => lists::table
        .filter(lists::account_id.eq(account.get()))
        .order(lists::id)
        .select((lists::id, lists::title, lists::replies, lists::exclusive))
        .load(c))?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// A list of `account`; nothing where it is somebody else's.
pub fn get(conn: &mut Conn, account: AccountId, list: ListId) -> Result<Option<List>> {
    let row: Option<Row> = on!(conn, c => lists::table
        .filter(lists::id.eq(list.get()).and(lists::account_id.eq(account.get())))
        .select((lists::id, lists::title, lists::replies, lists::exclusive))
        .first(c)
        .optional())?;
    row.map(|row| read(conn, row)).transpose()
}

/// How many lists `account` has.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => lists::table
        .filter(lists::account_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// Makes a list, or changes one that is there.
pub fn put(conn: &mut Conn, account: AccountId, list: &List) -> Result<()> {
    let title = conn.seal(title_place(list.id.get()), &list.title);
    let (replies, exclusive) = (list.replies.code(), list.exclusive);
    on!(conn, c => diesel::insert_into(lists::table)
        .values((
            lists::id.eq(list.id.get()),
            lists::account_id.eq(account.get()),
            lists::title.eq(&title),
            lists::replies.eq(replies),
            lists::exclusive.eq(exclusive),
        ))
        .on_conflict(lists::id)
        .do_update()
        .set((lists::title.eq(&title), lists::replies.eq(replies), lists::exclusive.eq(exclusive)))
        .execute(c))?;
    Ok(())
}

/// Deletes a list of `account`. False if there is none.
pub fn delete(conn: &mut Conn, account: AccountId, list: ListId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(
            lists::table.filter(lists::id.eq(list.get()).and(lists::account_id.eq(account.get()))))
        .execute(c))?;
    conn.purge_after_commit();
    Ok(gone > 0)
}

/// Who is in a list.
pub fn members(conn: &mut Conn, list: ListId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        list_members::account_id,
        list_members::table
            .filter(list_members::list_id.eq(list.get()))
            .select(list_members::account_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// How many are in a list.
pub fn count_members(conn: &mut Conn, list: ListId) -> Result<i64> {
    Ok(on!(conn, c => list_members::table
        .filter(list_members::list_id.eq(list.get()))
        .count()
        .get_result(c))?)
}

/// Puts `member` into a list. False if it is in it already.
pub fn add(conn: &mut Conn, list: ListId, member: AccountId) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(list_members::table)
        .values((list_members::list_id.eq(list.get()), list_members::account_id.eq(member.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Takes `member` out of a list. False if it is not in it.
pub fn remove(conn: &mut Conn, list: ListId, member: AccountId) -> Result<bool> {
    let gone =
        on!(conn, c => diesel::delete(list_members::table.find((list.get(), member.get()))).execute(c))?;
    Ok(gone > 0)
}

/// The lists of `account` that `member` is in.
pub fn containing(conn: &mut Conn, account: AccountId, member: AccountId) -> Result<Vec<List>> {
    let rows: Vec<Row> = on!(conn, c => lists::table
        .inner_join(list_members::table.on(list_members::list_id.eq(lists::id)))
        .filter(lists::account_id.eq(account.get()).and(list_members::account_id.eq(member.get())))
        .order(lists::id)
        .select((lists::id, lists::title, lists::replies, lists::exclusive))
        .load(c))?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// Who is in a list of `account` that keeps them out of its home timeline.
pub fn apart(conn: &mut Conn, account: AccountId) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = on!(conn, c => lists::table
        .inner_join(list_members::table.on(list_members::list_id.eq(lists::id)))
        .filter(lists::account_id.eq(account.get()).and(lists::exclusive.eq(true)))
        .select(list_members::account_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// `account` does not follow `member` any more: a list holds only who is followed.
pub(crate) fn forget(conn: &mut Conn, account: AccountId, member: AccountId) -> Result<()> {
    let own = lists::table
        .filter(lists::account_id.eq(account.get()))
        .select(lists::id);
    on!(conn, c => diesel::delete(list_members::table.filter(
            list_members::account_id.eq(member.get()).and(list_members::list_id.eq_any(own))))
        .execute(c))?;
    Ok(())
}

/// Those of `members` whom `account` follows.
pub fn followed(conn: &mut Conn, account: AccountId, members: &[AccountId]) -> Result<Vec<AccountId>> {
    let members: Vec<i64> = members.iter().map(|id| id.get()).collect();
    let rows: Vec<i64> = on!(conn, c => follows::table
        .filter(follows::follower_id.eq(account.get()).and(follows::followee_id.eq_any(&members)))
        .select(follows::followee_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follows::{How, follow, unfollow};
    use crate::testing::{on_both, people};

    fn list(number: i64, exclusive: bool) -> List {
        List {
            id: ListId::new(number),
            title: format!("List {number}"),
            replies: Replies::Followed,
            exclusive,
        }
    }

    #[test]
    fn a_list_is_its_owners_and_holds_only_whom_they_follow() {
        on_both(|conn| {
            people(conn, 3);
            let [me, other, third] = [1, 2, 3].map(AccountId::new);
            let how = How {
                show_boosts: true,
                notify: false,
            };
            follow(conn, me, other, how).unwrap();
            put(conn, me, &list(7, true)).unwrap();
            put(conn, other, &list(8, false)).unwrap();
            assert_eq!(all(conn, me).unwrap(), [list(7, true)]);
            assert_eq!(get(conn, me, ListId::new(8)).unwrap(), None);
            assert!(!delete(conn, me, ListId::new(8)).unwrap());
            assert_eq!(followed(conn, me, &[other, third]).unwrap(), [other]);
            assert!(add(conn, ListId::new(7), other).unwrap());
            assert!(!add(conn, ListId::new(7), other).unwrap());
            assert_eq!(apart(conn, me).unwrap(), [other]);
            assert_eq!(containing(conn, me, other).unwrap(), [list(7, true)]);
            put(conn, me, &list(7, false)).unwrap();
            assert_eq!(apart(conn, me).unwrap(), []);
            unfollow(conn, me, other).unwrap();
            assert_eq!(members(conn, ListId::new(7), &Window::first(9)).unwrap(), []);
            assert!(delete(conn, me, ListId::new(7)).unwrap());
            assert_eq!(count(conn, me).unwrap(), 0);
        });
    }
}
