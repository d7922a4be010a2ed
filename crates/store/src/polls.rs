//! Polls of posts. A ballot is secret: that an account voted is kept until the poll is over and everybody was told, so
//! that nobody votes twice; what it chose is counted, and kept nowhere.

use std::collections::{HashMap, HashSet};

use bauta_model::{AccountId, CoarseTime, Poll, PollOption, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{poll_options, poll_voters, polls, post_edit_options, remote_accounts};
use crate::{Conn, Error, Place, Result};

const fn title_place(post: i64) -> Place {
    Place::new("poll_options", "title", post)
}

const fn old_title_place(post: i64) -> Place {
    Place::new("post_edit_options", "title", post)
}

/// Puts a poll to a post. Nobody has voted in it.
pub(crate) fn insert(conn: &mut Conn, post: PostId, poll: &Poll) -> Result<()> {
    let id = post.get();
    on!(conn, c => diesel::insert_into(polls::table)
        .values((
            polls::post_id.eq(id),
            polls::multiple.eq(poll.multiple),
            polls::hide_totals.eq(poll.hide_totals),
            polls::expires_slot.eq(poll.expires.unix_seconds()),
            polls::voters_count.eq(0),
            polls::told.eq(false),
        ))
        .execute(c))?;
    let rows: Vec<_> = poll
        .titles()
        .enumerate()
        .map(|(position, title)| {
            (
                poll_options::post_id.eq(id),
                poll_options::position.eq(position as i16),
                poll_options::title.eq(conn.seal(title_place(id), title)),
                poll_options::votes_count.eq(0_i64),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(poll_options::table).values(&rows).execute(c))?;
    Ok(())
}

/// The polls of posts.
pub(crate) fn of_posts(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, Poll)>> {
    type Row = (i64, bool, bool, i64, i64);
    let rows: Vec<Row> = on!(conn, c => polls::table
        .filter(polls::post_id.eq_any(posts))
        .select((
            polls::post_id,
            polls::multiple,
            polls::hide_totals,
            polls::expires_slot,
            polls::voters_count,
        ))
        .load(c))?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let titles: Vec<(i64, Vec<u8>, i64)> = on!(conn, c => poll_options::table
        .filter(poll_options::post_id.eq_any(&ids))
        .order((poll_options::post_id, poll_options::position))
        .select((poll_options::post_id, poll_options::title, poll_options::votes_count))
        .load(c))?;
    let mut options: HashMap<i64, Vec<PollOption>> = HashMap::new();
    for (post, title, votes) in titles {
        let title = conn.open(title_place(post), &title)?;
        options.entry(post).or_default().push(PollOption { title, votes });
    }
    Ok(rows
        .into_iter()
        .map(|(post, multiple, hide_totals, expires, voters)| {
            let poll = Poll {
                options: options.remove(&post).unwrap_or_default(),
                multiple,
                hide_totals,
                expires: CoarseTime::from_unix_seconds(expires),
                voters,
            };
            (post, poll)
        })
        .collect())
}

/// Counts what an account chose, by the options' numbers from nought. False, and nothing is counted, if it voted before.
///
/// # Errors
/// [`Error::Unknown`] for an option that is not there: the write is to be undone.
pub fn vote(conn: &mut Conn, account: AccountId, post: PostId, choices: &[usize]) -> Result<bool> {
    let new = on!(conn, c => diesel::insert_into(poll_voters::table)
        .values((poll_voters::post_id.eq(post.get()), poll_voters::account_id.eq(account.get())))
        .on_conflict((poll_voters::post_id, poll_voters::account_id))
        .do_nothing()
        .execute(c))?;
    if new == 0 {
        return Ok(false);
    }
    vote_more(conn, post, choices)?;
    on!(conn, c => diesel::update(polls::table.find(post.get()))
        .set(polls::voters_count.eq(polls::voters_count + 1))
        .execute(c))?;
    Ok(true)
}

/// Counts what an account chose that has voted before: another server tells each choice by itself.
///
/// # Errors
/// As [`vote`].
pub fn vote_more(conn: &mut Conn, post: PostId, choices: &[usize]) -> Result<()> {
    let chosen: Vec<i16> = choices.iter().map(|choice| *choice as i16).collect();
    let counted = on!(conn, c => diesel::update(poll_options::table
            .filter(poll_options::post_id.eq(post.get()))
            .filter(poll_options::position.eq_any(&chosen)))
        .set(poll_options::votes_count.eq(poll_options::votes_count + 1))
        .execute(c))?;
    if counted != chosen.len() {
        return Err(Error::Unknown("poll_options.position"));
    }
    Ok(())
}

/// Writes how many chose what in a poll of another server, which alone counts them.
pub fn set_counts(conn: &mut Conn, post: PostId, poll: &Poll) -> Result<()> {
    for (position, option) in poll.options.iter().enumerate() {
        on!(conn, c => diesel::update(poll_options::table.find((post.get(), position as i16)))
            .set(poll_options::votes_count.eq(option.votes))
            .execute(c))?;
    }
    on!(conn, c => diesel::update(polls::table.find(post.get()))
        .set(polls::voters_count.eq(poll.voters))
        .execute(c))?;
    Ok(())
}

/// Where those who voted are written to, as far as they are of other servers: each server once.
pub fn voter_inboxes(conn: &mut Conn, post: PostId) -> Result<Vec<String>> {
    Ok(on!(conn, c => remote_accounts::table
        .filter(remote_accounts::account_id.eq_any(poll_voters::table
            .filter(poll_voters::post_id.eq(post.get()))
            .select(poll_voters::account_id)))
        .select(remote_accounts::shared_inbox)
        .distinct()
        .load(c))?)
}

/// In which of these posts' polls an account has voted. Of a poll that is over nobody knows.
pub fn voted(conn: &mut Conn, account: AccountId, posts: &[PostId]) -> Result<HashSet<PostId>> {
    let posts: Vec<i64> = posts.iter().map(|post| post.get()).collect();
    let found: Vec<i64> = on!(conn, c => poll_voters::table
        .filter(poll_voters::account_id.eq(account.get()))
        .filter(poll_voters::post_id.eq_any(&posts))
        .select(poll_voters::post_id)
        .load(c))?;
    Ok(found.into_iter().map(PostId::new).collect())
}

/// Replaces the poll of a post. Votes stay where the same is asked as before; otherwise they and who gave them are gone.
pub fn replace(conn: &mut Conn, post: PostId, before: Option<&Poll>, after: Option<&Poll>) -> Result<()> {
    if let (Some(before), Some(after)) = (before, after)
        && before.asks_the_same(after)
    {
        if (before.hide_totals, before.expires) != (after.hide_totals, after.expires) {
            on!(conn, c => diesel::update(polls::table.find(post.get()))
                .set((
                    polls::hide_totals.eq(after.hide_totals),
                    polls::expires_slot.eq(after.expires.unix_seconds()),
                    polls::told.eq(false),
                ))
                .execute(c))?;
        }
        return Ok(());
    }
    if before.is_some() {
        conn.purge_after_commit();
        on!(conn, c => diesel::delete(polls::table.find(post.get())).execute(c))?;
    }
    after.map_or(Ok(()), |poll| insert(conn, post, poll))
}

/// Polls that are over and of whose end not everybody was told, those that ended first before others.
pub fn to_tell(conn: &mut Conn, most: i64) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    let found: Vec<i64> = on!(conn, c => polls::table
        .filter(diesel::dsl::not(polls::told))
        .filter(polls::expires_slot.le(now))
        .order((polls::expires_slot, polls::post_id))
        .limit(most)
        .select(polls::post_id)
        .load(c))?;
    Ok(found.into_iter().map(PostId::new).collect())
}

/// Forgets that some accounts voted, and gives them, to be told of the end. Where there are none left, everybody was.
pub fn take_voters(conn: &mut Conn, post: PostId, most: i64) -> Result<Vec<AccountId>> {
    let found: Vec<i64> = on!(conn, c => poll_voters::table
        .filter(poll_voters::post_id.eq(post.get()))
        .order(poll_voters::account_id)
        .limit(most)
        .select(poll_voters::account_id)
        .load(c))?;
    if !found.is_empty() {
        conn.purge_after_commit();
        on!(conn, c => diesel::delete(poll_voters::table
                .filter(poll_voters::post_id.eq(post.get()))
                .filter(poll_voters::account_id.eq_any(&found)))
            .execute(c))?;
    }
    Ok(found.into_iter().map(AccountId::new).collect())
}

/// Everybody was told of the end.
pub fn set_told(conn: &mut Conn, post: PostId) -> Result<()> {
    on!(conn, c => diesel::update(polls::table.find(post.get()))
        .set(polls::told.eq(true))
        .execute(c))?;
    Ok(())
}

/// Keeps what could be chosen in the version that an edit replaces.
pub(crate) fn keep_version(conn: &mut Conn, post: PostId, number: i32, poll: &Poll) -> Result<()> {
    let rows: Vec<_> = poll
        .titles()
        .enumerate()
        .map(|(position, title)| {
            (
                post_edit_options::post_id.eq(post.get()),
                post_edit_options::number.eq(number),
                post_edit_options::position.eq(position as i16),
                post_edit_options::title.eq(conn.seal(old_title_place(post.get()), title)),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(post_edit_options::table).values(&rows).execute(c))?;
    Ok(())
}

/// What could be chosen in a post's earlier versions, by the version's number.
pub(crate) fn of_versions(conn: &mut Conn, post: PostId) -> Result<Vec<(i32, String)>> {
    let rows: Vec<(i32, Vec<u8>)> = on!(conn, c => post_edit_options::table
        .filter(post_edit_options::post_id.eq(post.get()))
        .order((post_edit_options::number, post_edit_options::position))
        .select((post_edit_options::number, post_edit_options::title))
        .load(c))?;
    rows.into_iter()
        .map(|(number, title)| Ok((number, conn.open(old_title_place(post.get()), &title)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, arrange, on_both, people, post, publish};
    use crate::{account_deletion, post_changes, posts};
    use bauta_model::{Post, Visibility};
    use std::time::Duration;

    fn poll(titles: &[&str]) -> Poll {
        Poll {
            options: titles
                .iter()
                .map(|title| PollOption {
                    title: (*title).to_owned(),
                    votes: 0,
                })
                .collect(),
            multiple: true,
            hide_totals: false,
            expires: NOW.plus(Duration::from_mins(5)),
            voters: 0,
        }
    }

    fn asked(conn: &mut Conn) -> Post {
        people(conn, 3);
        let asked = Post {
            poll: Some(poll(&["high", "low", "dry"])),
            ..post(10, 1, Visibility::Public)
        };
        publish(conn, &asked);
        asked
    }

    fn counted(conn: &mut Conn) -> Option<(Vec<i64>, i64)> {
        let poll = posts::by_id(conn, PostId::new(10)).unwrap()?.poll?;
        Some((
            poll.options.iter().map(|option| option.votes).collect(),
            poll.voters,
        ))
    }

    #[test]
    fn an_account_votes_once_and_what_it_chose_is_only_counted() {
        on_both(|conn| {
            let asked = asked(conn);
            assert_eq!(posts::by_id(conn, asked.id).unwrap(), Some(asked.clone()));
            let (two, three) = (AccountId::new(2), AccountId::new(3));
            assert!(vote(conn, two, asked.id, &[0, 2]).unwrap());
            assert!(!vote(conn, two, asked.id, &[1]).unwrap());
            assert!(vote(conn, three, asked.id, &[0]).unwrap());
            assert_eq!(counted(conn), Some((vec![2, 0, 1], 2)));
            assert_eq!(voted(conn, two, &[asked.id]).unwrap(), HashSet::from([asked.id]));
            assert!(voted(conn, AccountId::new(1), &[asked.id]).unwrap().is_empty());
            account_deletion::delete(conn, two, &[2; 32]).unwrap();
            assert_eq!(
                counted(conn),
                Some((vec![2, 0, 1], 2)),
                "a ballot can't be found again"
            );
        });
    }

    #[test]
    fn choices_that_come_one_by_one_are_one_voters_and_another_servers_count_replaces_ours() {
        on_both(|conn| {
            let asked = asked(conn);
            assert!(vote(conn, AccountId::new(2), asked.id, &[0]).unwrap());
            vote_more(conn, asked.id, &[2]).unwrap();
            assert_eq!(counted(conn), Some((vec![1, 0, 1], 1)));
            assert!(vote_more(conn, asked.id, &[3]).is_err());
            let mut told = poll(&["high", "low", "dry"]);
            told.options[1].votes = 7;
            told.voters = 6;
            set_counts(conn, asked.id, &told).unwrap();
            assert_eq!(counted(conn), Some((vec![0, 7, 0], 6)));
            assert!(
                voter_inboxes(conn, asked.id).unwrap().is_empty(),
                "nobody of another server"
            );
        });
    }

    #[test]
    fn an_option_that_is_not_there_is_an_error() {
        on_both(|conn| {
            let asked = asked(conn);
            assert!(vote(conn, AccountId::new(2), asked.id, &[3]).is_err());
        });
    }

    #[test]
    fn who_voted_is_forgotten_when_they_are_told_of_the_end() {
        on_both(|conn| {
            let asked = asked(conn);
            for account in [2, 3] {
                vote(conn, AccountId::new(account), asked.id, &[1]).unwrap();
            }
            assert_eq!(to_tell(conn, 10).unwrap(), []);
            arrange(conn, "UPDATE polls SET expires_slot = 60");
            assert_eq!(to_tell(conn, 10).unwrap(), [asked.id]);
            assert_eq!(take_voters(conn, asked.id, 1).unwrap(), [AccountId::new(2)]);
            assert_eq!(take_voters(conn, asked.id, 1).unwrap(), [AccountId::new(3)]);
            assert_eq!(take_voters(conn, asked.id, 1).unwrap(), []);
            set_told(conn, asked.id).unwrap();
            assert_eq!(to_tell(conn, 10).unwrap(), []);
            assert_eq!(counted(conn), Some((vec![0, 2, 0], 2)));
        });
    }

    #[test]
    fn votes_are_for_what_was_asked() {
        on_both(|conn| {
            let first = asked(conn);
            vote(conn, AccountId::new(2), first.id, &[1]).unwrap();
            let mut edit = |before: &Post, poll: Option<Poll>| {
                let after = Post {
                    poll,
                    ..before.clone()
                };
                post_changes::edit(conn, before, NOW, &after).unwrap();
                (after, counted(conn))
            };
            let longer = Poll {
                expires: NOW.plus(Duration::from_mins(9)),
                ..poll(&["high", "low", "dry"])
            };
            let (second, votes) = edit(&first, Some(longer));
            assert_eq!(votes, Some((vec![0, 1, 0], 1)));
            let (third, votes) = edit(&second, Some(poll(&["high", "low"])));
            assert_eq!(votes, Some((vec![0, 0], 0)));
            let (_, votes) = edit(&third, None);
            assert_eq!(votes, None);
            assert!(voted(conn, AccountId::new(2), &[first.id]).unwrap().is_empty());
            let versions = post_changes::versions(conn, first.id).unwrap();
            let options: Vec<_> = versions.iter().map(|version| version.options.join(" ")).collect();
            assert_eq!(options, ["high low dry", "high low dry", "high low"]);
            let gone = posts::by_id(conn, first.id).unwrap().unwrap();
            post_changes::delete(conn, &gone).unwrap();
            assert!(of_versions(conn, first.id).unwrap().is_empty());
        });
    }
}
