//! Conversations: threads of direct posts as one account sees them.

use std::collections::HashMap;

use bauta_model::{AccountId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::conversations;
use crate::timelines::{Page, Paged, page};
use crate::{Conn, Result};

/// The last direct post of each thread that ?1 wrote in or is named in, without what is put away, without blocked and
/// suspended authors.
macro_rules! last_of_threads {
    ($order:literal) => {
        concat!(
            "SELECT MAX(p.id) AS id FROM posts p JOIN accounts a ON a.id = p.author_id \
             WHERE p.id IN (SELECT w.id FROM posts w WHERE w.author_id = ?1 AND w.visibility = 3 \
             UNION SELECT n.post_id FROM post_mentions n WHERE n.account_id = ?1) \
             AND p.visibility = 3 AND p.state = 0 AND a.standing <> 2 \
             AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = ?1 AND x.target_id = p.author_id) \
             AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.target_id = ?1 AND x.account_id = p.author_id) \
             AND p.id > COALESCE((SELECT c.removed_id FROM conversations c \
             WHERE c.account_id = ?1 AND c.thread_id = p.thread_id), 0) \
             GROUP BY p.thread_id HAVING MAX(p.id) < ?2 AND MAX(p.id) > ?3 ORDER BY id ",
            $order,
            " LIMIT ?4"
        )
    };
}

pub(crate) const LAST: Paged = Paged {
    down: last_of_threads!("DESC"),
    up: last_of_threads!("ASC"),
};

/// The last post of each conversation of `account`, newest first.
pub fn last_posts(conn: &mut Conn, account: AccountId, wanted: &Page) -> Result<Vec<PostId>> {
    page(conn, LAST, Some(account), wanted, &[], None)
}

/// How far `account` read each of `threads`; nothing for those that it never opened.
pub fn read_up_to(
    conn: &mut Conn,
    account: AccountId,
    threads: &[PostId],
) -> Result<HashMap<PostId, PostId>> {
    let threads: Vec<i64> = threads.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, i64)> = on!(conn, c => conversations::table
        .filter(conversations::account_id.eq(account.get()).and(conversations::thread_id.eq_any(&threads)))
        .select((conversations::thread_id, conversations::read_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(thread, read)| (PostId::new(thread), PostId::new(read)))
        .collect())
}

/// `account` has read a conversation up to `last`, and where `remove` puts it away up to there.
pub fn settle(conn: &mut Conn, account: AccountId, thread: PostId, last: PostId, remove: bool) -> Result<()> {
    let removed = if remove { last.get() } else { 0 };
    on!(conn, c => diesel::insert_into(conversations::table)
        .values((
            conversations::account_id.eq(account.get()),
            conversations::thread_id.eq(thread.get()),
            conversations::read_id.eq(last.get()),
            conversations::removed_id.eq(removed),
        ))
        .on_conflict((conversations::account_id, conversations::thread_id))
        .do_update()
        .set(conversations::read_id.eq(last.get()))
        .execute(c))?;
    if remove {
        on!(conn, c => diesel::update(conversations::table.find((account.get(), thread.get())))
            .set(conversations::removed_id.eq(removed))
            .execute(c))?;
    }
    Ok(())
}

/// The newest post of a conversation of `account`; nothing where it is in none such.
pub fn last_of(conn: &mut Conn, account: AccountId, thread: PostId) -> Result<Option<PostId>> {
    let found = crate::ids::select(conn, LAST_OF, &[account.get(), thread.get()], None)?;
    Ok(found.first().copied().map(PostId::new))
}

/// The newest direct post of the thread ?2 that ?1 wrote or is named in.
pub(crate) const LAST_OF: &str = "SELECT p.id AS id FROM posts p WHERE p.thread_id = ?2 AND p.visibility = 3 \
     AND (p.author_id = ?1 OR EXISTS (SELECT 1 FROM post_mentions n WHERE n.post_id = p.id AND n.account_id = ?1)) \
     ORDER BY p.id DESC LIMIT 1";

#[cfg(test)]
mod tests {
    use bauta_model::{Post, Visibility};

    use super::*;
    use crate::testing::{arrange, mention, on_both, people, post, publish, reply};

    #[test]
    fn a_conversation_is_a_thread_until_it_is_put_away() {
        on_both(|conn| {
            people(conn, 3);
            let [one, two, three] = [1, 2, 3].map(AccountId::new);
            let first = Post {
                mentions: vec![mention(2)],
                ..post(10, 1, Visibility::Direct)
            };
            publish(conn, &first);
            publish(
                conn,
                &Post {
                    visibility: Visibility::Direct,
                    mentions: vec![mention(1)],
                    ..reply(11, 2, &first)
                },
            );
            publish(
                conn,
                &Post {
                    mentions: vec![mention(1)],
                    ..post(12, 3, Visibility::Direct)
                },
            );
            let last = |conn: &mut Conn, who| last_posts(conn, who, &Page::newest(9)).unwrap();
            let ids = |all: &[i64]| all.iter().copied().map(PostId::new).collect::<Vec<_>>();
            assert_eq!(last(conn, one), ids(&[12, 11]));
            assert_eq!(last(conn, two), ids(&[11]));
            assert_eq!(last(conn, three), ids(&[12]));
            let below = Page {
                below: Some(PostId::new(12)),
                ..Page::newest(9)
            };
            assert_eq!(last_posts(conn, one, &below).unwrap(), ids(&[11]));
            assert_eq!(last_of(conn, one, first.thread).unwrap(), Some(PostId::new(11)));
            assert_eq!(last_of(conn, three, first.thread).unwrap(), None);
            settle(conn, one, first.thread, PostId::new(11), false).unwrap();
            assert_eq!(
                read_up_to(conn, one, &[first.thread]).unwrap(),
                HashMap::from([(first.thread, PostId::new(11))])
            );
            settle(conn, one, first.thread, PostId::new(11), true).unwrap();
            assert_eq!(last(conn, one), ids(&[12]));
            arrange(conn, "INSERT INTO blocks (account_id, target_id) VALUES (3, 1)");
            assert_eq!(last(conn, one), ids(&[]));
        });
    }
}
