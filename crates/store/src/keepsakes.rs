//! What an account keeps about others for itself or shows on its profile: notes, recommendations, servers left out.

use std::collections::{HashMap, HashSet};

use bauta_model::AccountId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{account_notes, blocked_domains, endorsements, follows, remote_accounts};
use crate::seal::Place;
use crate::window::{Window, in_window};
use crate::{Conn, Result};

/// A note is bound to the account that it is about.
const fn note_place(target: i64) -> Place {
    Place::new("account_notes", "note", target)
}

/// Writes down what `account` notes about `target`; an empty text takes the note away.
pub fn set_note(conn: &mut Conn, account: AccountId, target: AccountId, text: &str) -> Result<()> {
    if text.is_empty() {
        on!(conn, c => diesel::delete(account_notes::table.find((account.get(), target.get()))).execute(c))?;
        conn.purge_after_commit();
        return Ok(());
    }
    let sealed = conn.seal(note_place(target.get()), text);
    on!(conn, c => diesel::insert_into(account_notes::table)
        .values((
            account_notes::account_id.eq(account.get()),
            account_notes::target_id.eq(target.get()),
            account_notes::note.eq(&sealed),
        ))
        .on_conflict((account_notes::account_id, account_notes::target_id))
        .do_update()
        .set(account_notes::note.eq(&sealed))
        .execute(c))?;
    Ok(())
}

/// What `account` noted about each of `targets`, where it did.
pub fn notes(
    conn: &mut Conn,
    account: AccountId,
    targets: &[AccountId],
) -> Result<HashMap<AccountId, String>> {
    let targets: Vec<i64> = targets.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => account_notes::table
        .filter(account_notes::account_id.eq(account.get()).and(account_notes::target_id.eq_any(&targets)))
        .select((account_notes::target_id, account_notes::note))
        .load(c))?;
    rows.into_iter()
        .map(|(target, note)| Ok((AccountId::new(target), conn.open(note_place(target), &note)?)))
        .collect()
}

/// `account` recommends `target` on its profile. False if it does already.
pub fn endorse(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(endorsements::table)
        .values((endorsements::account_id.eq(account.get()), endorsements::target_id.eq(target.get())))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// `account` recommends `target` no more. False if it did not.
pub fn unendorse(conn: &mut Conn, account: AccountId, target: AccountId) -> Result<bool> {
    let key = (account.get(), target.get());
    let gone = on!(conn, c => diesel::delete(endorsements::table.find(key)).execute(c))?;
    Ok(gone > 0)
}

/// Whom `account` recommends.
pub fn endorsed(conn: &mut Conn, account: AccountId, window: &Window<AccountId>) -> Result<Vec<AccountId>> {
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        endorsements::target_id,
        endorsements::table
            .filter(endorsements::account_id.eq(account.get()))
            .select(endorsements::target_id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// Those of `targets` whom `account` recommends.
pub fn endorsed_among(
    conn: &mut Conn,
    account: AccountId,
    targets: &[AccountId],
) -> Result<HashSet<AccountId>> {
    let targets: Vec<i64> = targets.iter().map(|id| id.get()).collect();
    let rows: Vec<i64> = on!(conn, c => endorsements::table
        .filter(endorsements::account_id.eq(account.get()).and(endorsements::target_id.eq_any(&targets)))
        .select(endorsements::target_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// `account` wants to see nothing of a server. False if it said so already.
pub fn block_domain(conn: &mut Conn, account: AccountId, domain: &str) -> Result<bool> {
    let made = on!(conn, c => diesel::insert_into(blocked_domains::table)
        .values((blocked_domains::account_id.eq(account.get()), blocked_domains::domain.eq(domain)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// `account` may see what comes from a server again. False if it could already.
pub fn unblock_domain(conn: &mut Conn, account: AccountId, domain: &str) -> Result<bool> {
    let gone =
        on!(conn, c => diesel::delete(blocked_domains::table.find((account.get(), domain))).execute(c))?;
    Ok(gone > 0)
}

/// Those of `targets` whose servers `account` left out.
pub fn of_blocked_domains(
    conn: &mut Conn,
    account: AccountId,
    targets: &[AccountId],
) -> Result<HashSet<AccountId>> {
    let targets: Vec<i64> = targets.iter().map(|id| id.get()).collect();
    let rows: Vec<i64> = on!(conn, c => remote_accounts::table
        .inner_join(blocked_domains::table.on(blocked_domains::domain.eq(remote_accounts::domain)))
        .filter(blocked_domains::account_id.eq(account.get()))
        .filter(remote_accounts::account_id.eq_any(&targets))
        .select(remote_accounts::account_id)
        .load(c))?;
    Ok(rows.into_iter().map(AccountId::new).collect())
}

/// Whom `account` follows on a server, and who follows it from there.
pub fn tied_to(
    conn: &mut Conn,
    account: AccountId,
    domain: &str,
) -> Result<(Vec<AccountId>, Vec<AccountId>)> {
    let followed: Vec<i64> = on!(conn, c => follows::table
        .inner_join(remote_accounts::table.on(remote_accounts::account_id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(account.get()).and(remote_accounts::domain.eq(domain)))
        .select(follows::followee_id)
        .load(c))?;
    let followers: Vec<i64> = on!(conn, c => follows::table
        .inner_join(remote_accounts::table.on(remote_accounts::account_id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(account.get()).and(remote_accounts::domain.eq(domain)))
        .select(follows::follower_id)
        .load(c))?;
    let ids = |rows: Vec<i64>| rows.into_iter().map(AccountId::new).collect();
    Ok((ids(followed), ids(followers)))
}

/// The servers of which `account` wants to see nothing, by name.
pub fn blocked_domains(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    Ok(on!(conn, c => blocked_domains::table
        .filter(blocked_domains::account_id.eq(account.get()))
        .order(blocked_domains::domain)
        .select(blocked_domains::domain)
        .load(c))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, people};

    #[test]
    fn what_is_kept_is_the_accounts_own() {
        on_both(|conn| {
            people(conn, 3);
            let [me, other, third] = [1, 2, 3].map(AccountId::new);
            set_note(conn, me, other, "met at the locks").unwrap();
            set_note(conn, me, other, "met at the weir").unwrap();
            assert_eq!(
                notes(conn, me, &[other, third]).unwrap(),
                HashMap::from([(other, "met at the weir".to_owned())])
            );
            assert!(notes(conn, third, &[other]).unwrap().is_empty());
            set_note(conn, me, other, "").unwrap();
            assert!(notes(conn, me, &[other]).unwrap().is_empty());
            assert!(endorse(conn, me, other).unwrap() && !endorse(conn, me, other).unwrap());
            assert_eq!(endorsed(conn, me, &Window::first(9)).unwrap(), [other]);
            assert_eq!(
                endorsed_among(conn, me, &[other, third]).unwrap(),
                HashSet::from([other])
            );
            assert!(unendorse(conn, me, other).unwrap() && !unendorse(conn, me, other).unwrap());
            assert!(block_domain(conn, me, "far.example").unwrap());
            assert!(!block_domain(conn, me, "far.example").unwrap());
            assert_eq!(blocked_domains(conn, me).unwrap(), ["far.example"]);
            assert!(blocked_domains(conn, other).unwrap().is_empty());
            assert!(unblock_domain(conn, me, "far.example").unwrap());
        });
    }
}
