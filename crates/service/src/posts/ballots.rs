//! Ballots that come from other servers: each choice by itself, and each perhaps more than once.
//!
//! What an account chose is kept in no table. Which of its choices were counted is remembered in memory for an hour, so
//! that a choice that is told twice counts once; after that, or after a start, no further choice of that account counts.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, PostId};
use bauta_store::{Conn, polls};
use tokio::sync::Mutex;

use super::polls::{poll_of, tell_of_counts};
use crate::{App, Refused, Speaker};

/// Ballots are counted one after another within a part, so that no two choices of one account meet.
const PARTS: usize = 16;
/// Ballots that a part remembers.
const MOST: usize = 4096;
/// Seconds after which a ballot is forgotten.
const FORGOTTEN: i64 = 3600;

/// Choices that were counted, as bits, and when the first of them was.
type Counted = HashMap<(PostId, AccountId), (u64, CoarseTime)>;

/// What is remembered of ballots.
#[derive(Default)]
pub(crate) struct Ballots([Mutex<Counted>; PARTS]);

impl Ballots {
    fn part(&self, account: AccountId) -> &Mutex<Counted> {
        &self.0[account.get().unsigned_abs() as usize % PARTS]
    }

    /// Forgets what is old.
    pub(crate) async fn sweep(&self, now: CoarseTime) {
        for part in &self.0 {
            forget(&mut *part.lock().await, now);
        }
    }
}

fn forget(part: &mut Counted, now: CoarseTime) {
    part.retain(|_, (_, since)| since.unix_seconds() > now.unix_seconds() - FORGOTTEN);
}

/// Counts that `voter`, of another server, chose the option called `title` in a poll of this one.
///
/// # Errors
/// [`Refused::NotFound`] where the voter may not read the post, or it asks nothing of that name;
/// [`Refused::Forbidden`] for a poll that is over, that is the voter's, or in which the voter has had their choice.
pub async fn receive_vote(app: &App, voter: &Speaker, id: PostId, title: &str) -> Result<(), Refused> {
    let found = poll_of(app, Some(voter), id).await?;
    if found.author.account.handle.domain().is_some() {
        return Err(Refused::NotFound);
    }
    let (account, now) = (voter.account, app.clock.now());
    let title = bauta_text::clean_line(title);
    let mut part = app.ballots.part(account).lock().await;
    if part.len() >= MOST {
        forget(&mut part, now);
    }
    let before = part.get(&(id, account)).copied();
    let cards = Arc::clone(&app.cards);
    let counted = app
        .store
        .write_then(
            "receive_vote",
            move |conn| count(conn, (account, id), &title, before.map_or(0, |(bits, _)| bits)),
            move |_| cards.invalidate(id),
        )
        .await?;
    if part.len() < MOST {
        part.insert((id, account), (counted, before.map_or(now, |(_, since)| since)));
    }
    Ok(())
}

/// Counts a choice, unless it is among those `before`; answers with all that were counted.
fn count(
    conn: &mut Conn,
    (account, id): (AccountId, PostId),
    title: &str,
    before: u64,
) -> Result<u64, Refused> {
    let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
    let poll = post.poll.as_ref().ok_or(Refused::NotFound)?;
    let choice = poll.titles().position(|one| one == title).filter(|at| *at < 64);
    let choice = choice.ok_or(Refused::NotFound)?;
    if poll.is_over(conn.now()) {
        return Err(Refused::Forbidden("The poll has already ended."));
    }
    let bit = 1 << choice;
    if polls::vote(conn, account, id, &[choice])? {
        tell_of_counts(conn, &post, poll)?;
        return Ok(bit);
    }
    if before & bit != 0 {
        return Ok(before);
    }
    if before == 0 || !poll.multiple {
        return Err(Refused::Forbidden("This account has already voted in this poll."));
    }
    polls::vote_more(conn, id, &[choice])?;
    tell_of_counts(conn, &post, poll)?;
    Ok(before | bit)
}
