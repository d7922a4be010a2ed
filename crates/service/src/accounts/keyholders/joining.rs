//! Coming to an account that others are behind: by an invitation that is shown once and used once.

use bauta_credentials::Lane;
use bauta_credentials::codes::{self, CodeHash, Kind};
use bauta_model::{AccountId, Duties, Handle, KeyholderId, LimiterKey, Month, Secret, SessionId, Standing};
use bauta_store::Conn;
use bauta_store::keyholders::{self, Invite, Keyholder};
use bauta_store::sessions::Owner;

use super::{MOST, hash, readable, set_hash, unused};
use crate::accounts::authenticate::DISABLED;
use crate::accounts::sessions::{begin, end_of_session};
use crate::accounts::sign_up::judge;
use crate::gates::Gate;
use crate::{App, Refused, Scopes, SessionKind, Speaker};

/// Days for which an invitation is good.
const DAYS: i32 = 7;

/// Invites somebody to act through the speaker's account. The code is shown once; who made it is not kept.
///
/// # Errors
/// [`Refused::Forbidden`] for somebody who does not manage; [`Refused::Invalid`] where there are enough.
pub async fn invite(app: &App, speaker: &Speaker, duties: Duties) -> Result<Secret<String>, Refused> {
    speaker.keyholder()?;
    speaker.manages()?;
    let (code, hash) = codes::generate(Kind::Keyholder);
    let account = speaker.account;
    app.store
        .write("invite_keyholder", move |conn| {
            let today = conn.now().day();
            let waiting = keyholders::invites_waiting(conn, account, today)?;
            if keyholders::count(conn, account)? + waiting >= MOST as i64 {
                return Err(full());
            }
            let invite = Invite {
                account,
                duties,
                until: today.plus(DAYS),
            };
            Ok(keyholders::insert_invite(conn, hash.as_bytes(), &invite)?)
        })
        .await?;
    Ok(code)
}

/// Makes every invitation into the speaker's account void.
///
/// # Errors
/// [`Refused::Forbidden`] for somebody who does not manage.
pub async fn void_invites(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    speaker.keyholder()?;
    speaker.manages()?;
    let account = speaker.account;
    Ok(app
        .store
        .write("void_keyholder_invites", move |conn| {
            keyholders::void_invites(conn, account)
        })
        .await?)
}

fn full() -> Refused {
    Refused::invalid(
        "invite",
        format!("At most {MOST} people can be behind an account, those who are invited included."),
    )
}

/// What an invitation is into.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub handle: Handle,
    /// What the one who comes will do.
    pub duties: Duties,
}

/// What an invitation is into, for whoever was given it.
///
/// # Errors
/// [`Refused::Invalid`] names `code`.
pub async fn invited(app: &App, code: &str, limiter: LimiterKey) -> Result<Invited, Refused> {
    app.gates.pass(Gate::SignUp, limiter)?;
    let hash = CodeHash::of(Kind::Keyholder, code).ok_or_else(no_such_invite)?;
    app.store
        .read("invited", move |conn| {
            let today = conn.now().day();
            let found = keyholders::invite(conn, hash.as_bytes(), today)?.ok_or_else(no_such_invite)?;
            Ok(Invited {
                account: found.account,
                handle: handle(conn, found.account)?,
                duties: found.duties,
            })
        })
        .await
}

fn handle(conn: &mut Conn, account: AccountId) -> Result<Handle, Refused> {
    let found = bauta_store::accounts::by_id(conn, account)?.ok_or_else(no_such_invite)?;
    if found.standing == Standing::Suspended {
        return Err(DISABLED);
    }
    Ok(found.handle)
}

fn no_such_invite() -> Refused {
    Refused::invalid("code", "This invitation was used, or has expired, or never was.")
}

/// Everything that makes somebody one of the people behind an account.
pub struct Joining {
    /// The invitation, as typed.
    pub code: String,
    /// The word by which the others will know them.
    pub label: String,
    /// From [`crate::accounts::sign_up::propose`], or their own.
    pub passphrase: Secret<String>,
    /// Recovery codes are wanted.
    pub with_codes: bool,
    /// In place of an address.
    pub limiter: LimiterKey,
}

/// Somebody who came.
pub struct Joined {
    /// For the cookie.
    pub token: Secret<String>,
    /// The session in their list.
    pub session: SessionId,
    /// The last month in which it is good.
    pub expires: Month,
    /// Recovery codes, if they were wanted: shown once.
    pub codes: Vec<Secret<String>>,
}

/// Makes somebody one of the people behind an account, and begins a session of the pages. The invitation is used up.
///
/// # Errors
/// [`Refused::Invalid`] names `code`, `label` or `passphrase`.
pub async fn join(app: &App, request: Joining) -> Result<Joined, Refused> {
    let invited = invited(app, &request.code, request.limiter).await?;
    let code = CodeHash::of(Kind::Keyholder, &request.code).ok_or_else(no_such_invite)?;
    let label = readable(&request.label)?;
    judge(app, &invited.handle, &request.passphrase)?;
    let account = invited.account;
    let owner = Owner {
        account,
        keyholder: Some(KeyholderId::random()),
    };
    let hash = hash(app, owner, &request.passphrase, Lane::Stranger).await?;
    let (codes, code_hashes): (Vec<_>, Vec<_>) = if request.with_codes {
        codes::recovery_set().into_iter().unzip()
    } else {
        (Vec::new(), Vec::new())
    };
    let expires = end_of_session(app.clock.month());
    let (session, token) = begin(Some(owner), None, SessionKind::Web, &Scopes::all(), Some(expires));
    let joined = Joined {
        token,
        session: session.id,
        expires,
        codes,
    };
    app.store
        .write("join_keyholder", move |conn| {
            let id = come(conn, owner, &code, label)?;
            set_hash(conn, account, id, &hash)?;
            let hashes: Vec<_> = code_hashes.iter().map(|hash| *hash.as_bytes()).collect();
            bauta_store::credentials::set_recovery_codes(conn, account, id, &hashes)?;
            Ok::<_, Refused>(bauta_store::sessions::insert(conn, &session)?)
        })
        .await?;
    Ok(joined)
}

fn come(conn: &mut Conn, owner: Owner, code: &CodeHash, label: String) -> Result<KeyholderId, Refused> {
    let today = conn.now().day();
    let found = keyholders::invite(conn, code.as_bytes(), today)?;
    let found = found
        .filter(|invite| invite.account == owner.account)
        .ok_or_else(no_such_invite)?;
    if !keyholders::use_up_invite(conn, code.as_bytes())? {
        return Err(no_such_invite());
    }
    if keyholders::count(conn, owner.account)? >= MOST as i64 {
        return Err(full());
    }
    unused(conn, owner.account, &label, None)?;
    let new = Keyholder {
        id: owner.keyholder.ok_or_else(no_such_invite)?,
        account: owner.account,
        label,
        duties: found.duties,
    };
    keyholders::insert(conn, &new)?;
    bauta_store::desk::notices::wait_for(conn, owner.account, new.id)?;
    Ok(new.id)
}
