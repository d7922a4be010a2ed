//! Several people behind one account. Each signs in with the account's name and an own passphrase; what the account
//! says and does is the account's, and nobody can tell from what is kept who of them it was, they themselves neither.

mod answering;
mod deciding;
mod joining;
mod leaving;
mod rule;

use bauta_credentials::{Lane, are_kin};
use bauta_model::{AccountId, Duties, KeyholderId, Secret};
use bauta_store::Conn;
use bauta_store::sessions::Owner;
use bauta_store::{credentials, keyholders};

use crate::{App, Refused, Speaker};

pub use answering::{Given, answer};
pub use deciding::{Decision, Matter, agree, carry_out as settle, decisions, propose, stop};
pub use joining::{Invited, Joined, Joining, invite, invited, join, void_invites};
pub use leaving::leave;
pub use rule::{Stage, WAIT};

/// People behind one account, at most: those who come count as well.
pub const MOST: usize = 12;
/// Characters of a label.
pub const LABEL_CHARS: usize = 30;

/// One of the people behind the speaker's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Random.
    pub id: KeyholderId,
    /// The word by which the others know them; empty while they have chosen none.
    pub label: String,
    /// What they do.
    pub duties: Duties,
    /// It is the speaker.
    pub me: bool,
}

/// Everybody behind the speaker's account, and how many invitations wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// In an order that tells nothing about when they came.
    pub people: Vec<Person>,
    /// Invitations that nobody has used.
    pub invites: i64,
}

/// Who is behind the speaker's account.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn group(app: &App, speaker: &Speaker) -> Result<Group, Refused> {
    let (account, me, today) = (speaker.account, speaker.keyholder, app.clock.today());
    let read = app.store.read("keyholders", move |conn| {
        let people = keyholders::of_account(conn, account)?;
        let invites = keyholders::invites_waiting(conn, account, today)?;
        Ok::<_, bauta_store::Error>(Group {
            people: people.into_iter().map(|one| person(one, me)).collect(),
            invites,
        })
    });
    Ok(read.await?)
}

fn person(one: keyholders::Keyholder, me: Option<KeyholderId>) -> Person {
    Person {
        me: Some(one.id) == me,
        id: one.id,
        label: one.label,
        duties: one.duties,
    }
}

/// Refuses what binds everybody behind an account and is not for one of several to decide.
///
/// # Errors
/// [`Refused::Forbidden`].
pub(super) fn alone(conn: &mut Conn, account: AccountId) -> Result<(), Refused> {
    if keyholders::count(conn, account)? > 1 {
        return Err(Refused::Forbidden(
            "Several people are behind this account: it is not for one of them to decide this. Decide it before you invite others.",
        ));
    }
    Ok(())
}

/// Sets the word by which the others know the speaker.
///
/// # Errors
/// [`Refused::Invalid`] names `label`.
pub async fn set_label(app: &App, speaker: &Speaker, label: &str) -> Result<(), Refused> {
    let (account, me) = (speaker.account, speaker.keyholder()?);
    let label = readable(label)?;
    app.store
        .write("set_label", move |conn| {
            unused(conn, account, &label, Some(me))?;
            Ok(keyholders::set_label(conn, me, &label)?)
        })
        .await
}

/// A label as it is kept.
fn readable(label: &str) -> Result<String, Refused> {
    let label = bauta_text::clean_line(label);
    if label.is_empty() {
        return Err(Refused::invalid("label", "A word has at least one character."));
    }
    if label.chars().count() > LABEL_CHARS {
        let why = format!("A word has at most {LABEL_CHARS} characters.");
        return Err(Refused::invalid("label", why));
    }
    Ok(label)
}

/// Refuses a label that somebody else behind the account has: decisions name people by it.
fn unused(conn: &mut Conn, account: AccountId, label: &str, but: Option<KeyholderId>) -> Result<(), Refused> {
    let lower = label.to_lowercase();
    let people = keyholders::of_account(conn, account)?;
    let mut others = people.iter().filter(|one| Some(one.id) != but);
    if others.any(|one| one.label.to_lowercase() == lower) {
        return Err(Refused::invalid(
            "label",
            "Somebody here has this word. Take another one.",
        ));
    }
    Ok(())
}

/// The hash of a passphrase for one of the people behind an account: under the salt that all of them share, if there are
/// others. Then a try at signing in costs one hash, however many they are (docs/decisions/0060).
pub(super) async fn hash(
    app: &App,
    owner: Owner,
    passphrase: &Secret<String>,
    lane: Lane,
) -> Result<String, Refused> {
    let others = app
        .store
        .read("kin", move |conn| credentials::of_account(conn, owner.account))
        .await?;
    let mut others = others.into_iter().filter(|(id, _)| Some(*id) != owner.keyholder);
    let Some((_, like)) = others.next() else {
        return Ok(app.hasher.hash(passphrase, lane).await?);
    };
    let made = app.hasher.hash_like(passphrase, &like, lane).await?;
    made.ok_or(Refused::Busy)
}

/// Within a write: sets the hash of one of the people behind an account.
///
/// # Errors
/// [`Refused::Busy`] where the others changed meanwhile, so that it does not share their salt; [`Refused::Invalid`]
/// for a passphrase that is another's: it could not be told whose it is.
pub(super) fn set_hash(
    conn: &mut Conn,
    account: AccountId,
    keyholder: KeyholderId,
    hash: &str,
) -> Result<(), Refused> {
    let all = credentials::of_account(conn, account)?;
    let others = all
        .iter()
        .filter(|(id, _)| *id != keyholder)
        .map(|(_, hash)| hash.as_str());
    if others.clone().any(|other| other == hash) {
        return Err(Refused::invalid(
            "passphrase",
            "This passphrase can't be had. Take another one.",
        ));
    }
    if !are_kin(others.chain([hash])) {
        return Err(Refused::Busy);
    }
    Ok(credentials::set_passphrase_hash(conn, account, keyholder, hash)?)
}
