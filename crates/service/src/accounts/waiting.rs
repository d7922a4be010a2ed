//! The waiting room: whoever signs up without an invite is let in by moderators, or by chance, some each day. Nothing says how
//! long anybody has waited, and nobody can pay or hurry their way past.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{Account, AccountId, Standing, chance};
use bauta_store::{Conn, Window, waiting};

use super::delete_account::erase_account_and;
use super::standing;
use crate::moderation::{Found, moderators_only};
use crate::reading::account_cards;
use crate::{App, Listed, Refused, Speaker};

/// Who may wait at a time: a flood does not fill the disk.
const MOST: i64 = 2_000;
/// Characters of what somebody says to whoever decides.
pub const MOST_WORDS: usize = 500;
/// Runs of housekeeping in a day.
const RUNS_A_DAY: u32 = 24;
/// Rows that are looked at in one go.
const STEP: i64 = 100;

/// Somebody who waits, with what they said.
pub struct Applicant {
    /// The account that nobody sees yet.
    pub card: Found,
    /// May be empty.
    pub words: String,
}

/// Refuses words that are too long, and makes the rest clean.
pub(super) fn clean(words: &str) -> Result<String, Refused> {
    let words = bauta_text::clean_text(words);
    if words.chars().count() > MOST_WORDS {
        return Err(Refused::invalid(
            "reason",
            format!("At most {MOST_WORDS} characters to whoever decides."),
        ));
    }
    Ok(words)
}

/// Lets a new account wait, in the write that makes it.
pub(super) fn begin(conn: &mut Conn, account: AccountId, words: &str) -> Result<(), Refused> {
    if waiting::count(conn)? >= MOST {
        return Err(Refused::Forbidden(
            "The waiting room is full. Come again another day; nothing of what you typed was kept.",
        ));
    }
    Ok(waiting::insert(conn, account, words)?)
}

/// Whether whoever can't do anything yet waits to be let in, and was not suspended.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn is_waiting(app: &App, speaker: &Speaker) -> Result<bool, Refused> {
    let account = speaker.account;
    let waits = app.store.read("waits", move |conn| waiting::waits(conn, account));
    Ok(waits.await?)
}

/// Those who wait, in no order in which they came.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate.
pub async fn applicants(
    app: &App,
    speaker: &Speaker,
    window: Window<AccountId>,
) -> Result<Listed<Applicant, AccountId>, Refused> {
    moderators_only(speaker)?;
    let asked = window;
    let found = app
        .store
        .read("applicants", move |conn| waiting::list(conn, &asked))
        .await?;
    let ids: Vec<AccountId> = found.iter().map(|one| one.account).collect();
    let cards = account_cards(app, &ids).await?;
    let items = found.into_iter().filter_map(|one| {
        Some(Applicant {
            card: Arc::clone(cards.get(&one.account)?),
            words: one.words,
        })
    });
    Ok(Listed::new(items.collect(), &ids, &window))
}

/// What those among `accounts` who wait said.
///
/// # Errors
/// As [`applicants`].
pub async fn said_by(
    app: &App,
    speaker: &Speaker,
    accounts: Vec<AccountId>,
) -> Result<HashMap<AccountId, String>, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("said_by", move |conn| waiting::among(conn, &accounts))
        .await?;
    Ok(found.into_iter().map(|one| (one.account, one.words)).collect())
}

/// Lets somebody in. It is put on no record: a day would say when they came.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate; [`Refused::NotFound`] for whoever does not wait.
pub async fn let_in(app: &App, speaker: &Speaker, target: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    open(app, target).await
}

async fn open(app: &App, target: AccountId) -> Result<(), Refused> {
    let memory = standing::Memory::of(app);
    app.store
        .write_then(
            "let_in",
            move |conn| {
                if !waiting::end(conn, target)? {
                    return Err(Refused::NotFound);
                }
                Ok(bauta_store::accounts::set_standing(conn, target, Standing::Good)?)
            },
            move |()| memory.set(target, Standing::Good),
        )
        .await?;
    Ok(())
}

/// Turns somebody away: the account is deleted, with what was said.
///
/// # Errors
/// As [`let_in`].
pub async fn turn_away(app: &App, speaker: &Speaker, target: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    erase_account_and(app, target, still_waits).await
}

fn still_waits(conn: &mut Conn, account: &Account) -> Result<(), Refused> {
    if waiting::waits(conn, account.id)? {
        Ok(())
    } else {
        Err(Refused::NotFound)
    }
}

/// Lets some in by chance, as many as an hour has of a day's; and deletes whoever was not answered in the month in which they
/// came and the next.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub(crate) async fn by_itself(app: &App) -> Result<(), Refused> {
    let before = app.clock.month().plus(-1);
    let share = share_of(app.site.let_in_a_day);
    let (mut all, old) = app
        .store
        .read("waiting", move |conn| {
            let all = if share > 0 {
                waiting::everybody(conn)?
            } else {
                Vec::new()
            };
            Ok::<_, bauta_store::Error>((all, waiting::since_before(conn, before, STEP)?))
        })
        .await?;
    chance::shuffle(&mut all);
    for account in all.into_iter().take(share) {
        or_gone(open(app, account).await)?;
    }
    for account in old {
        or_gone(erase_account_and(app, account, still_waits).await)?;
    }
    Ok(())
}

/// Somebody else decided a moment ago.
fn or_gone(done: Result<(), Refused>) -> Result<(), Refused> {
    match done {
        Err(Refused::NotFound) => Ok(()),
        done => done,
    }
}

/// An hour's share of a day's number: chance rounds it, so that it comes out right over many days.
fn share_of(a_day: u32) -> usize {
    let rest = u64::from(a_day % RUNS_A_DAY);
    let one_more = chance::below(RUNS_A_DAY.into()) < rest;
    (a_day / RUNS_A_DAY) as usize + usize::from(one_more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_shared_out_over_its_hours() {
        assert_eq!(share_of(0), 0);
        assert_eq!(share_of(48), 2);
        let month: usize = (0..30 * RUNS_A_DAY).map(|_| share_of(30)).sum();
        assert!((700..1_100).contains(&month), "{month}");
    }
}
