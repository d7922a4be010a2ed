//! Accounts that end when nobody uses them, for whoever wants that. Kept is the month in which it would be, moved on at most
//! once a month; never when somebody was here.

use bauta_model::{AccountId, Duty, Month, Role};
use bauta_store::lapses;
pub use bauta_store::lapses::Lapse;

use super::delete_account::erase_account_and;
use super::keyholders;
use crate::{App, Refused, Speaker};

/// The numbers of months that can be chosen.
pub const MONTHS: [i32; 4] = [3, 6, 12, 24];

/// When the speaker's account ends by itself.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn lapse(app: &App, speaker: &Speaker) -> Result<Option<Lapse>, Refused> {
    let account = speaker.account;
    Ok(app
        .store
        .read("lapse", move |conn| lapses::of(conn, account))
        .await?)
}

/// Sets after how many whole months without use the speaker's account ends; nothing: never.
///
/// # Errors
/// [`Refused::Invalid`] names `after` for a number that is not among [`MONTHS`]; [`Refused::Forbidden`] to an operator, and to
/// one of several people.
pub async fn set_lapse(app: &App, speaker: &Speaker, after: Option<i32>) -> Result<(), Refused> {
    if after.is_some_and(|months| !MONTHS.contains(&months)) {
        return Err(Refused::invalid("after", "Choose one of the times."));
    }
    if after.is_some() && speaker.role == Role::Operator {
        return Err(Refused::Forbidden(
            "An account that runs the server does not end by itself.",
        ));
    }
    speaker.may(Duty::Manage)?;
    let account = speaker.account;
    let wanted = after.map(|months| Lapse::used_in(months, app.clock.month()));
    app.store
        .write("set_lapse", move |conn| {
            if wanted.is_some() {
                keyholders::alone(conn, account)?;
            }
            Ok::<_, Refused>(lapses::set(conn, account, wanted)?)
        })
        .await
}

/// Moves the month of an account on that is used in `now`.
pub(super) async fn move_on(app: &App, account: AccountId, now: Month) -> Result<(), Refused> {
    app.store
        .write("move_lapse_on", move |conn| lapses::move_on(conn, account, now))
        .await?;
    Ok(())
}

/// After a restore: nobody knows what was used since the backup, so every month counts anew from now.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn begin_lapses_anew(app: &App) -> Result<(), Refused> {
    let now = app.clock.month();
    app.store
        .write("begin_lapses_anew", move |conn| lapses::begin_anew(conn, now))
        .await?;
    Ok(())
}

/// Accounts that are deleted in one go.
const STEP: i64 = 100;

/// Deletes accounts whose month has come. Whether it still has is asked again in the transaction that deletes.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub(crate) async fn end_unused(app: &App) -> Result<(), Refused> {
    let now = app.clock.month();
    let due = app
        .store
        .read("unused", move |conn| lapses::due(conn, now, STEP))
        .await?;
    for account in due {
        let ended = erase_account_and(app, account, move |conn, _| {
            if lapses::is_due(conn, account, now)? {
                Ok(())
            } else {
                Err(Refused::NotFound)
            }
        });
        match ended.await {
            // Somebody came, or an order did.
            Ok(()) | Err(Refused::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(())
}
