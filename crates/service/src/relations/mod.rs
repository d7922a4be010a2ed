//! Relations: following, blocking, muting, and what they let through.

mod block;
mod carry;
mod follow;
mod lists;
mod mute;
mod mute_ends;
mod relationships;
mod requests;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bauta_model::{Account, AccountId, Standing};
use bauta_store::Conn;
use bauta_store::relations::between;
use bauta_timeline::{Accounts, Timelines};

use crate::showcase::Showcases;
use crate::streams::Streams;
use crate::{App, Refused, Speaker};

pub use bauta_store::relations::Between;
pub use block::{block, unblock};
pub(crate) use carry::carry_moves;
pub use follow::{Wish, follow, remove_follower, unfollow};
pub use lists::{blocked, followers, following, muted};
pub use mute::{Silence, mute, unmute};
pub(crate) use mute_ends::MuteEnds;
pub use relationships::{familiar_followers, relationship, relationships};
pub use requests::{accept_request, count_requests, reject_request, requests};

/// How two accounts stand to each other after a change, seen from both sides.
struct Ties {
    forth: Between,
    back: Between,
}

/// What is in memory of two accounts, and hears of a change on the writer's thread.
struct Memory {
    timelines: Arc<Timelines>,
    accounts: Arc<Accounts>,
    ends: Arc<MuteEnds>,
    streams: Arc<Streams>,
    showcases: Arc<Showcases>,
    one: AccountId,
    other: AccountId,
}

impl Memory {
    fn of(app: &App, one: AccountId, other: AccountId) -> Self {
        Self {
            timelines: Arc::clone(&app.timelines),
            accounts: Arc::clone(&app.accounts),
            ends: Arc::clone(&app.mute_ends),
            streams: Arc::clone(&app.streams),
            showcases: Arc::clone(&app.showcases),
            one,
            other,
        }
    }

    /// Makes memory say what the rows say, whatever it said before.
    fn settle(&self, ties: &Ties) {
        self.settle_one(self.one, self.other, ties.forth);
        self.settle_one(self.other, self.one, ties.back);
        // Their counts changed, or may have.
        self.accounts.invalidate(self.one);
        self.accounts.invalidate(self.other);
    }

    fn settle_one(&self, reader: AccountId, account: AccountId, tie: Between) {
        if tie.follows {
            self.timelines.follow(reader, account, tie.show_boosts);
        } else {
            self.timelines.unfollow(reader, account);
            self.streams.leave_circles(reader, account);
            self.showcases.forget(reader);
        }
        self.timelines.hide(reader, account, tie.hides());
        if let Some(until) = tie.muted_until {
            self.ends.note(until, reader);
        }
    }
}

/// Writes a change of how the speaker stands to `other`, tells memory, and answers with how they stand now.
async fn change<F>(
    app: &App,
    speaker: &Speaker,
    other: AccountId,
    name: &'static str,
    work: F,
) -> Result<Between, Refused>
where
    F: FnOnce(&mut Conn) -> Result<(), Refused> + Send + 'static,
{
    let one = speaker.account;
    let memory = Memory::of(app, one, other);
    let ties = app
        .store
        .write_then(
            name,
            move |conn| {
                work(conn)?;
                Ok::<_, Refused>(Ties {
                    forth: between(conn, one, other)?,
                    back: between(conn, other, one)?,
                })
            },
            move |ties| memory.settle(ties),
        )
        .await?;
    Ok(ties.forth)
}

/// The account of `id`, unless moderators suspended it. Within a write, so that what was asked is still so when it is
/// written.
fn present(conn: &mut Conn, id: AccountId) -> Result<Account, Refused> {
    exists(conn, id).and_then(|account| {
        if account.standing == Standing::Suspended {
            Err(Refused::NotFound)
        } else {
            Ok(account)
        }
    })
}

/// The account of `id`, whatever moderators decided.
fn exists(conn: &mut Conn, id: AccountId) -> Result<Account, Refused> {
    bauta_store::accounts::by_id(conn, id)?.ok_or(Refused::NotFound)
}

fn not_oneself(speaker: &Speaker, other: AccountId) -> Result<(), Refused> {
    if speaker.account == other {
        return Err(Refused::Forbidden("This can't be done to one's own account."));
    }
    Ok(())
}
