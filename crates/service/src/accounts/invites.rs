//! Invites. Forgetful: a code lets one person in; who made it, for whom, and who used it is not kept.

use bauta_credentials::codes::{self, Kind};
use bauta_model::{Month, Role, Secret};
use bauta_store::Conn;

use crate::{App, Refused, Speaker};

/// The most that is minted at once.
const AT_ONCE: u32 = 1000;

/// Mints `count` invites as the speaker: operators any number, people some a month, from the month after they joined.
/// They are good until the end of the month after next.
///
/// # Errors
/// [`Refused::Forbidden`] beyond what the speaker may mint now.
pub async fn mint(app: &App, speaker: &Speaker, count: u32) -> Result<Vec<Secret<String>>, Refused> {
    speaker.manages()?;
    let (codes, hashes) = make(count)?;
    let (account, role) = (speaker.account, speaker.role);
    let a_month = app.site.limits.invites_a_month;
    app.store
        .write("mint_invites", move |conn| {
            let now = conn.now().month();
            if role != Role::Operator {
                let joined = joined(conn, account)?;
                let minted = bauta_store::invites::minted(conn, account, now)?;
                let wanted = minted.saturating_add(i32::try_from(count).unwrap_or(i32::MAX));
                if wanted > allowance(a_month, joined, now) {
                    return Err(Refused::Forbidden(
                        "You have no more invites this month. In your first month there are none.",
                    ));
                }
                bauta_store::invites::set_minted(conn, account, now, wanted)?;
            }
            Ok(bauta_store::invites::insert(conn, &hashes, last_month(now))?)
        })
        .await?;
    Ok(codes)
}

/// Mints `count` invites as whoever runs the server.
pub async fn mint_by_operator(app: &App, count: u32) -> Result<Vec<Secret<String>>, Refused> {
    let (codes, hashes) = make(count)?;
    app.store
        .write("mint_invites", move |conn| {
            let now = conn.now().month();
            bauta_store::invites::insert(conn, &hashes, last_month(now))
        })
        .await?;
    Ok(codes)
}

/// How many more the speaker can mint this month; nothing stands for any number.
pub async fn left(app: &App, speaker: &Speaker) -> Result<Option<i32>, Refused> {
    if speaker.role == Role::Operator {
        return Ok(None);
    }
    let account = speaker.account;
    let a_month = app.site.limits.invites_a_month;
    app.store
        .read("invites_left", move |conn| {
            let now = conn.now().month();
            let joined = joined(conn, account)?;
            let minted = bauta_store::invites::minted(conn, account, now)?;
            Ok(Some((allowance(a_month, joined, now) - minted).max(0)))
        })
        .await
}

fn joined(conn: &mut Conn, account: bauta_model::AccountId) -> Result<Month, Refused> {
    bauta_store::accounts::by_id(conn, account)?
        .map(|account| account.joined)
        .ok_or(Refused::NotSignedIn)
}

fn allowance(a_month: i32, joined: Month, now: Month) -> i32 {
    if joined < now { a_month } else { 0 }
}

/// An invite is good for two whole months and what is left of this one.
fn last_month(now: Month) -> Month {
    now.plus(2)
}

fn make(count: u32) -> Result<(Vec<Secret<String>>, Vec<[u8; 32]>), Refused> {
    if count == 0 || count > AT_ONCE {
        return Err(Refused::invalid(
            "count",
            "Between 1 and 1000 invites can be made at once.",
        ));
    }
    Ok((0..count)
        .map(|_| {
            let (code, hash) = codes::generate(Kind::Invite);
            (code, *hash.as_bytes())
        })
        .unzip())
}
