//! How far ids were given: an id must never be given twice, and the newest post may be deleted before a restart.
//!
//! The rows of posts and notifications can't tell, so a mark in the settings does. It is set ahead of what was given,
//! so that it has to be written once for some thousand ids or once a slot.

use bauta_model::{NotificationId, PostId};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{notifications, posts};
use crate::{Conn, Result, settings};

/// The names of the marks in the settings.
const POSTS: &str = "posts_given_below";
const NOTIFICATIONS: &str = "notifications_given_below";

/// How far ahead a mark is set. Gaps between ids are 16 on average, and a second has room for sixteen million.
const AHEAD: i64 = 1 << 14;

/// The newest ids that were given, and the marks that the database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// The newest post.
    pub post: PostId,
    /// The newest notification.
    pub notification: NotificationId,
    posts_below: i64,
    notifications_below: i64,
}

impl Given {
    /// Of a connection that gives none.
    pub const fn nothing() -> Self {
        Self {
            post: PostId::new(0),
            notification: NotificationId::new(0),
            posts_below: 0,
            notifications_below: 0,
        }
    }

    /// As if no mark were written: the next transaction writes it again.
    pub const fn unnoted(self) -> Self {
        Self {
            posts_below: 0,
            notifications_below: 0,
            ..self
        }
    }
}

/// Where ids stand at the start: past every row and past every mark.
pub(crate) fn read(conn: &mut Conn) -> Result<Given> {
    let post: Option<i64> = on!(conn, c => posts::table.select(max(posts::id)).first(c))?;
    let notification: Option<i64> =
        on!(conn, c => notifications::table.select(max(notifications::id)).first(c))?;
    let post = post.unwrap_or(0).max(mark(conn, POSTS)?);
    let notification = notification.unwrap_or(0).max(mark(conn, NOTIFICATIONS)?);
    Ok(Given {
        post: PostId::new(post),
        notification: NotificationId::new(notification),
        posts_below: post,
        notifications_below: notification,
    })
}

fn mark(conn: &mut Conn, name: &str) -> Result<i64> {
    let value = settings::get(conn, name)?;
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Moves the marks past `given` where they are not.
pub(crate) fn note(conn: &mut Conn, given: Given) -> Result<Given> {
    let mut noted = given;
    if given.post.get() > given.posts_below {
        noted.posts_below = given.post.get() + AHEAD;
        settings::set(conn, POSTS, &noted.posts_below.to_string())?;
    }
    if given.notification.get() > given.notifications_below {
        noted.notifications_below = given.notification.get() + AHEAD;
        settings::set(conn, NOTIFICATIONS, &noted.notifications_below.to_string())?;
    }
    Ok(noted)
}

#[cfg(test)]
mod tests {
    use bauta_model::{Clock, Visibility};

    use super::*;
    use crate::store::{Options, Where, connect};
    use crate::testing::{NOW, account, post};
    use crate::{Error, Store, accounts, post_changes, posts};

    fn on_both(test: impl Fn(&Options)) {
        let folder = tempfile::tempdir().unwrap();
        let postgres = Where::Postgres(bauta_tests::postgres::fresh_database());
        for database in [Where::embedded(folder.path()), postgres] {
            let clock = Clock::system();
            clock.set(NOW);
            test(&Options {
                database,
                clock,
                readers: 1,
                keyring: None,
            });
        }
    }

    /// Opens the store as after a kill, gives a post and a notification id, and deletes what has them.
    fn give_and_delete(options: &Options) -> (PostId, NotificationId) {
        let store = Store::open(options, bauta_inventory::Inventory::builtin()).unwrap();
        let given = run(store.write("give", |conn| {
            let ids = (conn.next_post_id(), conn.next_notification_id());
            posts::insert(conn, &post(ids.0.get(), 1, Visibility::Public), None)?;
            Ok::<_, Error>(ids)
        }))
        .unwrap();
        run(store.write("delete", move |conn| {
            let post = posts::by_id(conn, given.0)?.unwrap();
            post_changes::delete(conn, &post)
        }))
        .unwrap();
        given
    }

    #[test]
    fn an_id_is_not_given_again_after_a_restart_that_follows_a_deletion() {
        on_both(|options| {
            let store = Store::open(options, bauta_inventory::Inventory::builtin()).unwrap();
            run(store.write("account", |conn| accounts::insert(conn, &account(1)))).unwrap();
            drop(store);
            let mut last = (PostId::new(0), NotificationId::new(0));
            // A gap is 1 to 32, so that a few restarts would repeat an id if nothing but rows told where ids stand.
            for _ in 0..40 {
                let given = give_and_delete(options);
                assert!(given.0 > last.0 && given.1 > last.1, "{given:?} after {last:?}");
                assert_eq!(given.0.unix_seconds(), NOW.unix_seconds());
                last = given;
            }
        });
    }

    #[test]
    fn a_mark_is_written_once_for_many_ids() {
        on_both(|options| {
            let mut conn = connect(options).unwrap();
            crate::migrate::run(&mut conn).unwrap();
            conn.resume_ids().unwrap();
            let mut writes = 0;
            for _ in 0..2000 {
                let id = conn.next_post_id().get();
                let before = mark(&mut conn, POSTS).unwrap();
                conn.note_given().unwrap();
                let after = mark(&mut conn, POSTS).unwrap();
                assert!(after >= id);
                writes += usize::from(after != before);
            }
            assert!((1..=5).contains(&writes), "{writes} writes");
        });
    }

    #[test]
    fn a_mark_that_was_rolled_back_is_written_again() {
        on_both(|options| {
            let mut conn = connect(options).unwrap();
            crate::migrate::run(&mut conn).unwrap();
            conn.resume_ids().unwrap();
            conn.batch("BEGIN").unwrap();
            let lost = conn.next_post_id();
            conn.note_given().unwrap();
            conn.forget_noted();
            conn.batch("ROLLBACK").unwrap();
            assert_eq!(mark(&mut conn, POSTS).unwrap(), 0);
            let next = conn.next_post_id();
            conn.note_given().unwrap();
            assert!(next > lost && mark(&mut conn, POSTS).unwrap() >= next.get());
        });
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(work)
    }
}
