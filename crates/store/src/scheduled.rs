//! Posts that appear later by themselves: what was typed, and the slot at which it is published.

use bauta_model::{AccountId, CoarseTime, ScheduledId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::scheduled_posts;
use crate::window::{Window, in_window};
use crate::{Conn, Place, Result};

/// A post that waits for its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// Its number while it waits; the post gets another.
    pub id: ScheduledId,
    /// Whose it is.
    pub account: AccountId,
    /// The slot at whose beginning it is published.
    pub at: CoarseTime,
    /// What is published, in the words of whoever writes and reads it.
    pub draft: String,
    /// Its slot came, and it could not be published.
    pub failed: bool,
}

type Row = (i64, i64, i64, Vec<u8>, bool);

const ROW: (
    scheduled_posts::id,
    scheduled_posts::account_id,
    scheduled_posts::publish_slot,
    scheduled_posts::draft,
    scheduled_posts::failed,
) = (
    scheduled_posts::id,
    scheduled_posts::account_id,
    scheduled_posts::publish_slot,
    scheduled_posts::draft,
    scheduled_posts::failed,
);

fn read(conn: &Conn, (id, account, at, draft, failed): Row) -> Result<Scheduled> {
    Ok(Scheduled {
        id: ScheduledId::new(id),
        account: AccountId::new(account),
        at: CoarseTime::from_unix_seconds(at),
        draft: conn.open(draft_place(id), &draft)?,
        failed,
    })
}

const fn draft_place(id: i64) -> Place {
    Place::new("scheduled_posts", "draft", id)
}

/// Keeps a post for later.
pub fn insert(conn: &mut Conn, post: &Scheduled) -> Result<()> {
    let draft = conn.seal(draft_place(post.id.get()), &post.draft);
    on!(conn, c => diesel::insert_into(scheduled_posts::table)
        .values((
            scheduled_posts::id.eq(post.id.get()),
            scheduled_posts::account_id.eq(post.account.get()),
            scheduled_posts::publish_slot.eq(post.at.unix_seconds()),
            scheduled_posts::draft.eq(&draft),
            scheduled_posts::failed.eq(post.failed),
        ))
        .execute(c))?;
    Ok(())
}

/// How many wait for `account`.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => scheduled_posts::table
        .filter(scheduled_posts::account_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// What waits for `account`, in the order of random ids.
pub fn list(conn: &mut Conn, account: AccountId, window: &Window<ScheduledId>) -> Result<Vec<Scheduled>> {
    let rows: Vec<Row> = in_window!(
        conn,
        window.bounds(ScheduledId::get),
        scheduled_posts::id,
        scheduled_posts::table
            .filter(scheduled_posts::account_id.eq(account.get()))
            .select(ROW)
    );
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// One of what waits for `account`; nothing where it is somebody else's.
pub fn get(conn: &mut Conn, account: AccountId, id: ScheduledId) -> Result<Option<Scheduled>> {
    let row: Option<Row> = on!(conn, c => scheduled_posts::table
        .filter(scheduled_posts::id.eq(id.get()).and(scheduled_posts::account_id.eq(account.get())))
        .select(ROW)
        .first(c)
        .optional())?;
    row.map(|row| read(conn, row)).transpose()
}

/// Gives one another slot, and another try.
pub fn move_to(conn: &mut Conn, id: ScheduledId, at: CoarseTime) -> Result<()> {
    on!(conn, c => diesel::update(scheduled_posts::table.find(id.get()))
        .set((
            scheduled_posts::publish_slot.eq(at.unix_seconds()),
            scheduled_posts::failed.eq(false),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes one away: it is published in the same write, or not wanted any more. False if it is gone.
pub fn take(conn: &mut Conn, id: ScheduledId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(scheduled_posts::table.find(id.get())).execute(c))?;
    Ok(gone > 0)
}

/// What is due and was not tried in vain, the earliest slot first.
pub fn due(conn: &mut Conn, most: i64) -> Result<Vec<Scheduled>> {
    let now = conn.now().unix_seconds();
    let rows: Vec<Row> = on!(conn, c => scheduled_posts::table
        .filter(diesel::dsl::not(scheduled_posts::failed))
        .filter(scheduled_posts::publish_slot.le(now))
        .order((scheduled_posts::publish_slot, scheduled_posts::id))
        .limit(most)
        .select(ROW)
        .load(c))?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// It could not be published, and is not tried again by itself.
pub fn set_failed(conn: &mut Conn, id: ScheduledId) -> Result<()> {
    on!(conn, c => diesel::update(scheduled_posts::table.find(id.get()))
        .set(scheduled_posts::failed.eq(true))
        .execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, on_both, people};
    use std::time::Duration;

    #[test]
    fn what_is_due_is_given_until_it_is_taken_or_fails() {
        on_both(|conn| {
            people(conn, 2);
            let (me, other) = (AccountId::new(1), AccountId::new(2));
            let wait = |id, minutes| Scheduled {
                id: ScheduledId::new(id),
                account: me,
                at: NOW.plus(Duration::from_mins(minutes)),
                draft: format!("draft {id}"),
                failed: false,
            };
            let (first, second, later) = (wait(9, 0), wait(5, 0), wait(7, 1));
            for one in [&first, &second, &later] {
                insert(conn, one).unwrap();
            }
            assert_eq!(due(conn, 10).unwrap(), [second.clone(), first.clone()]);
            assert!(take(conn, first.id).unwrap() && !take(conn, first.id).unwrap());
            set_failed(conn, second.id).unwrap();
            assert_eq!(due(conn, 10).unwrap(), []);
            let ids: Vec<_> = list(conn, me, &Window::first(10))
                .unwrap()
                .iter()
                .map(|one| one.id)
                .collect();
            assert_eq!(ids, [later.id, second.id]);
            assert_eq!((count(conn, me).unwrap(), count(conn, other).unwrap()), (2, 0));
            assert_eq!(get(conn, other, later.id).unwrap(), None);
            move_to(conn, second.id, NOW).unwrap();
            assert_eq!(due(conn, 10).unwrap(), std::slice::from_ref(&second));
            assert_eq!(get(conn, me, second.id).unwrap(), Some(second));
        });
    }
}
