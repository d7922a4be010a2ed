//! Signing up: a handle, a passphrase, and nothing else. Nothing is stored before everything is there.

use std::sync::Arc;

use bauta_credentials::codes::{self, CodeHash, Kind};
use bauta_credentials::{Lane, passphrase};
use bauta_model::{
    Account, AccountId, AppId, Duties, Handle, Hold, KeyholderId, LimiterKey, Month, Preferences, Role,
    Secret, SessionId, Standing,
};
use bauta_store::Conn;
use bauta_store::keyholders::Keyholder;
use bauta_store::sessions::{NewSession, Owner};

use super::retired;
use super::sessions::{begin, end_of_session};
use super::waiting;
use crate::gates::Gate;
use crate::{App, Refused, Registrations, Scopes, SessionKind};

/// Everything that makes an account.
pub struct Request {
    /// The name to be known by.
    pub handle: Handle,
    /// From [`propose`], or the person's own.
    pub passphrase: Secret<String>,
    /// What lets the person in.
    pub way_in: WayIn,
    /// Recovery codes are wanted.
    pub with_codes: bool,
    /// When its posts appear.
    pub hold: Hold,
    /// What the account is used with first.
    pub first: First,
    /// In place of an address.
    pub limiter: LimiterKey,
}

/// What lets somebody in.
pub enum WayIn {
    /// Nothing: for servers that are open, or have a waiting room.
    Open,
    /// Words to whoever decides who is let in.
    Asking(String),
    /// An invite, as typed.
    Invite(String),
    /// The token of the first operator's link.
    FirstOperator(String),
}

/// What a new account is used with first.
pub enum First {
    /// The pages.
    Web,
    /// The app that signed the person up.
    App(AppId, Scopes),
}

/// A new account.
pub struct SignedUp {
    /// The account.
    pub account: Account,
    /// The token of its first session.
    pub token: Secret<String>,
    /// That session.
    pub session: SessionId,
    /// What the session may do.
    pub scopes: Scopes,
    /// Recovery codes, if they were wanted: shown once.
    pub codes: Vec<Secret<String>>,
}

/// A passphrase of seven words.
pub fn propose() -> Secret<String> {
    passphrase::generate()
}

/// Judges a handle and a passphrase of the person's own before the last step. Nothing is stored.
pub async fn check(app: &App, handle: &Handle, own: Option<&Secret<String>>) -> Result<(), Refused> {
    if let Some(own) = own {
        judge(app, handle, own)?;
    }
    let wanted = handle.clone();
    app.store
        .read("check_handle", move |conn| free(conn, &wanted))
        .await
}

/// Whether an invite would let somebody in now.
pub async fn invite_is_good(app: &App, typed: &str) -> Result<bool, Refused> {
    let Some(hash) = CodeHash::of(Kind::Invite, typed) else {
        return Ok(false);
    };
    let month = app.clock.month();
    Ok(app
        .store
        .read("check_invite", move |conn| {
            bauta_store::invites::is_good(conn, hash.as_bytes(), month)
        })
        .await?)
}

/// Makes an account and its first session. An invite is used up in the same write; neither it nor who made it is
/// kept with the account.
///
/// # Errors
/// [`Refused::Forbidden`] where nobody can sign up; [`Refused::Invalid`] names `handle`, `passphrase` or `invite`.
pub async fn sign_up(app: &App, request: Request) -> Result<SignedUp, Refused> {
    app.gates.pass(Gate::SignUp, request.limiter)?;
    let entry = entry(app, &request.way_in)?;
    let role = match entry {
        Entry::FirstOperator => Role::Operator,
        Entry::Open | Entry::Invite(_) | Entry::Waiting(_) => Role::User,
    };
    if role == Role::User {
        not_reserved(&request.handle)?;
    }
    if let WayIn::Invite(typed) = &request.way_in
        && matches!(entry, Entry::Invite(_))
        && !invite_is_good(app, typed).await?
    {
        return Err(no_such_invite());
    }
    check(app, &request.handle, Some(&request.passphrase)).await?;
    let hash = app.hasher.hash(&request.passphrase, Lane::Stranger).await?;
    let mut account = blank(request.handle, role, app.clock.month());
    if matches!(entry, Entry::Waiting(_)) {
        account.standing = Standing::Suspended;
    }
    let keyholder = KeyholderId::random();
    let owner = Owner {
        account: account.id,
        keyholder: Some(keyholder),
    };
    let (session, token, scopes) = first_session(owner, request.first, app.clock.month());
    let (codes, code_hashes): (Vec<_>, Vec<_>) = if request.with_codes {
        codes::recovery_set().into_iter().unzip()
    } else {
        (Vec::new(), Vec::new())
    };
    let signed_up = SignedUp {
        account: account.clone(),
        token,
        session: session.id,
        scopes,
        codes,
    };
    let made = Made {
        account,
        keyholder,
        hash,
        code_hashes: code_hashes.iter().map(|hash| *hash.as_bytes()).collect(),
        session: Some(session),
        hold: request.hold,
    };
    let first_operator = Arc::clone(&app.first_operator);
    let (accounts, id) = (Arc::clone(&app.accounts), signed_up.account.id);
    app.store
        .write_then(
            "sign_up",
            move |conn| {
                use_entry(conn, &entry)?;
                write(conn, &made)?;
                match &entry {
                    Entry::Waiting(words) => waiting::begin(conn, id, words),
                    _ => Ok(()),
                }
            },
            move |()| {
                accounts.invalidate(id);
                if role == Role::Operator {
                    first_operator.close();
                }
            },
        )
        .await?;
    Ok(signed_up)
}

/// A way in that was looked at.
enum Entry {
    Open,
    Invite(CodeHash),
    FirstOperator,
    /// Into the waiting room, with words to whoever decides.
    Waiting(String),
}

fn entry(app: &App, way_in: &WayIn) -> Result<Entry, Refused> {
    match (way_in, app.site.registrations) {
        (WayIn::FirstOperator(token), _) => {
            if app.first_operator.is(token) {
                Ok(Entry::FirstOperator)
            } else {
                Err(Refused::Forbidden(
                    "This link was used, or the server was restarted since.",
                ))
            }
        }
        (_, Registrations::Closed) => Err(Refused::Forbidden("This server takes in nobody at the moment.")),
        // On an open server an invite is not needed, and not used up.
        (_, Registrations::Open) => Ok(Entry::Open),
        // With an invite nobody waits.
        (WayIn::Invite(typed), Registrations::Invite | Registrations::Approval) => {
            CodeHash::of(Kind::Invite, typed)
                .map(Entry::Invite)
                .ok_or_else(no_such_invite)
        }
        (WayIn::Asking(words), Registrations::Approval) => waiting::clean(words).map(Entry::Waiting),
        (WayIn::Open, Registrations::Approval) => Ok(Entry::Waiting(String::new())),
        (WayIn::Open | WayIn::Asking(_), Registrations::Invite) => Err(Refused::invalid(
            "invite",
            "This server is by invitation. Ask somebody who is here for an invite.",
        )),
    }
}

fn use_entry(conn: &mut Conn, entry: &Entry) -> Result<(), Refused> {
    match entry {
        Entry::Open | Entry::Waiting(_) => Ok(()),
        Entry::Invite(hash) => {
            let month = conn.now().month();
            if bauta_store::invites::use_up(conn, hash.as_bytes(), month)? {
                Ok(())
            } else {
                Err(no_such_invite())
            }
        }
        // Two people with the same link: the second finds an operator.
        Entry::FirstOperator if bauta_store::accounts::any_with_role(conn, Role::Operator)? => {
            Err(Refused::Forbidden("This server has an operator already."))
        }
        Entry::FirstOperator => Ok(()),
    }
}

fn no_such_invite() -> Refused {
    Refused::invalid("invite", "This invite was used, or has expired, or never was.")
}

fn first_session(owner: Owner, first: First, now: Month) -> (NewSession, Secret<String>, Scopes) {
    match first {
        First::Web => {
            let scopes = Scopes::all();
            let (session, token) = begin(
                Some(owner),
                None,
                SessionKind::Web,
                &scopes,
                Some(end_of_session(now)),
            );
            (session, token, scopes)
        }
        First::App(app, scopes) => {
            let (session, token) = begin(Some(owner), Some(app), SessionKind::App, &scopes, None);
            (session, token, scopes)
        }
    }
}

/// What the write needs.
pub(super) struct Made {
    pub(super) account: Account,
    pub(super) keyholder: KeyholderId,
    pub(super) hash: String,
    pub(super) code_hashes: Vec<[u8; 32]>,
    pub(super) session: Option<NewSession>,
    pub(super) hold: Hold,
}

/// Writes a new account with all that belongs to it.
pub(super) fn write(conn: &mut Conn, made: &Made) -> Result<(), Refused> {
    free(conn, &made.account.handle)?;
    let id = made.account.id;
    bauta_store::accounts::insert(conn, &made.account)?;
    let only = Keyholder {
        id: made.keyholder,
        account: id,
        label: String::new(),
        duties: Duties::ALL,
    };
    bauta_store::keyholders::insert(conn, &only)?;
    bauta_store::credentials::set_passphrase_hash(conn, id, only.id, &made.hash)?;
    if !made.code_hashes.is_empty() {
        bauta_store::credentials::set_recovery_codes(conn, id, only.id, &made.code_hashes)?;
    }
    if made.hold != Hold::AtOnce {
        let wanted = Preferences {
            hold: made.hold,
            ..Preferences::default()
        };
        bauta_store::accounts::set_preferences(conn, id, &wanted)?;
    }
    if let Some(session) = &made.session {
        bauta_store::sessions::insert(conn, session)?;
    }
    Ok(())
}

/// Refuses a handle that somebody has, or had: a deleted account's name is nobody's, so that no one speaks in it.
fn free(conn: &mut Conn, handle: &Handle) -> Result<(), Refused> {
    let taken = bauta_store::accounts::by_handle(conn, handle)?.is_some();
    if taken || retired::is_retired(conn, handle)? {
        return Err(Refused::invalid("handle", TAKEN));
    }
    Ok(())
}

/// The sentence for a handle that can't be had.
pub const TAKEN: &str = "Somebody has this handle, or had it. Take another one.";

/// Refuses a weak passphrase. What everybody knows around it is worth nothing.
pub(super) fn judge(app: &App, handle: &Handle, own: &Secret<String>) -> Result<(), Refused> {
    let about = [handle.as_str(), app.site.title.as_str(), app.site.domain.as_str()];
    Ok(passphrase::judge(own.expose(), &about)?)
}

/// Handles that would be taken for the server's own voice. Operators can make them.
const RESERVED: [&str; 20] = [
    "abuse",
    "admin",
    "administrator",
    "bauta",
    "help",
    "hostmaster",
    "info",
    "mod",
    "moderator",
    "mods",
    "noreply",
    "operator",
    "postmaster",
    "root",
    "security",
    "staff",
    "support",
    "system",
    "team",
    "webmaster",
];

fn not_reserved(handle: &Handle) -> Result<(), Refused> {
    if RESERVED.contains(&handle.key()) {
        return Err(Refused::invalid(
            "handle",
            "This handle would be taken for the server's own voice. Take another one.",
        ));
    }
    Ok(())
}

/// An account that has said nothing yet. Its posts can be found, as public posts are public; it is suggested to
/// nobody, and whom it follows is not shown, until its owner decides otherwise.
pub(super) fn blank(handle: Handle, role: Role, joined: Month) -> Account {
    Account {
        indexable: true,
        role,
        ..Account::new(AccountId::random(), handle, joined)
    }
}
