//! Web push: who agreed to it, and where apps are woken. One place a session, gone with it.

use bauta_model::{AccountId, SessionId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, push_agreements, push_subscriptions};
use crate::{Conn, Place, Result};

/// Where an app is woken, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Random.
    pub id: i64,
    /// The session that asked for it.
    pub session: SessionId,
    /// Whose session it is.
    pub account: AccountId,
    /// URL and keys, in the words of whoever writes and reads them.
    pub target: String,
    /// A bit for each kind that is wanted.
    pub alerts: i32,
    /// The stored number of whom it is wanted.
    pub policy: i16,
}

type Row = (i64, i64, i64, Vec<u8>, i32, i16);

const ROW: (
    push_subscriptions::id,
    push_subscriptions::session_id,
    push_subscriptions::account_id,
    push_subscriptions::target,
    push_subscriptions::alerts,
    push_subscriptions::policy,
) = (
    push_subscriptions::id,
    push_subscriptions::session_id,
    push_subscriptions::account_id,
    push_subscriptions::target,
    push_subscriptions::alerts,
    push_subscriptions::policy,
);

const fn place(id: i64) -> Place {
    Place::new("push_subscriptions", "target", id)
}

fn read(conn: &Conn, (id, session, account, target, alerts, policy): Row) -> Result<Subscription> {
    Ok(Subscription {
        id,
        session: SessionId::new(session),
        account: AccountId::new(account),
        target: conn.open(place(id), &target)?,
        alerts,
        policy,
    })
}

/// Whether `account` agreed to web push.
pub fn agreed(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let found: i64 = on!(conn, c => push_agreements::table.find(account.get()).count().get_result(c))?;
    Ok(found > 0)
}

/// `account` agrees.
pub fn agree(conn: &mut Conn, account: AccountId) -> Result<()> {
    on!(conn, c => diesel::insert_into(push_agreements::table)
        .values(push_agreements::account_id.eq(account.get()))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// `account` agrees no longer, and none of its apps is woken any more.
pub fn withdraw(conn: &mut Conn, account: AccountId) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(push_agreements::table.find(account.get())).execute(c))?;
    on!(conn, c => diesel::delete(
        push_subscriptions::table.filter(push_subscriptions::account_id.eq(account.get()))
    ).execute(c))?;
    Ok(())
}

/// How many apps of `account` are woken.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => push_subscriptions::table
        .filter(push_subscriptions::account_id.eq(account.get()))
        .count()
        .get_result(c))?)
}

/// Takes one in, in place of the one that its session had.
pub fn put(conn: &mut Conn, new: &Subscription) -> Result<()> {
    remove(conn, new.session)?;
    let target = conn.seal(place(new.id), &new.target);
    on!(conn, c => diesel::insert_into(push_subscriptions::table)
        .values((
            push_subscriptions::id.eq(new.id),
            push_subscriptions::session_id.eq(new.session.get()),
            push_subscriptions::account_id.eq(new.account.get()),
            push_subscriptions::target.eq(&target),
            push_subscriptions::alerts.eq(new.alerts),
            push_subscriptions::policy.eq(new.policy),
        ))
        .execute(c))?;
    Ok(())
}

/// The one of a session.
pub fn of_session(conn: &mut Conn, session: SessionId) -> Result<Option<Subscription>> {
    let row: Option<Row> = on!(conn, c => push_subscriptions::table
        .filter(push_subscriptions::session_id.eq(session.get()))
        .select(ROW)
        .first(c)
        .optional())?;
    row.map(|row| read(conn, row)).transpose()
}

/// Changes of what and of whom the one of a session is told. False if there is none.
pub fn change(conn: &mut Conn, session: SessionId, alerts: i32, policy: i16) -> Result<bool> {
    let changed = on!(conn, c => diesel::update(
            push_subscriptions::table.filter(push_subscriptions::session_id.eq(session.get())))
        .set((push_subscriptions::alerts.eq(alerts), push_subscriptions::policy.eq(policy)))
        .execute(c))?;
    Ok(changed > 0)
}

/// Takes away the one of a session. False if there is none.
pub fn remove(conn: &mut Conn, session: SessionId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(
            push_subscriptions::table.filter(push_subscriptions::session_id.eq(session.get())))
        .execute(c))?;
    Ok(gone > 0)
}

/// Takes away those that their push services don't know any more.
pub fn forget(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(push_subscriptions::table.filter(push_subscriptions::id.eq_any(ids)))
        .execute(c))?;
    Ok(())
}

/// Those of an account that may be told now: it agreed, and is not suspended.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Subscription>> {
    let rows: Vec<Row> = on!(conn, c => push_subscriptions::table
        .inner_join(accounts::table.on(accounts::id.eq(push_subscriptions::account_id)))
        .inner_join(push_agreements::table.on(push_agreements::account_id.eq(push_subscriptions::account_id)))
        .filter(push_subscriptions::account_id.eq(account.get()))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .order(push_subscriptions::id)
        .select(ROW)
        .load(c))?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::{self, NewSession};
    use crate::testing::{on_both, people};

    const ME: AccountId = AccountId::new(1);

    fn session(conn: &mut Conn, id: i64) -> SessionId {
        let id = SessionId::new(id);
        let new = NewSession {
            id,
            token_hash: [id.get() as u8; 32],
            account: Some(ME),
            keyholder: None,
            app: None,
            kind: 1,
            scopes: "push".into(),
            expires: None,
        };
        sessions::insert(conn, &new).unwrap();
        id
    }

    fn subscription(id: i64, session: SessionId) -> Subscription {
        Subscription {
            id,
            session,
            account: ME,
            target: format!("target {id}"),
            alerts: 3,
            policy: 0,
        }
    }

    #[test]
    fn a_session_has_one_and_takes_it_along_when_it_ends() {
        on_both(|conn| {
            people(conn, 2);
            let (first, second) = (session(conn, 1), session(conn, 2));
            for new in [(10, first), (11, first), (12, second)] {
                put(conn, &subscription(new.0, new.1)).unwrap();
            }
            assert_eq!(of_session(conn, first).unwrap().unwrap().target, "target 11");
            assert_eq!(of_account(conn, ME).unwrap(), [], "nobody agreed yet");
            agree(conn, ME).unwrap();
            agree(conn, ME).unwrap();
            assert!(agreed(conn, ME).unwrap() && !agreed(conn, AccountId::new(2)).unwrap());
            assert_eq!(of_account(conn, ME).unwrap().len(), 2);
            assert!(change(conn, first, 5, 2).unwrap());
            let changed = of_session(conn, first).unwrap().unwrap();
            assert_eq!((changed.alerts, changed.policy), (5, 2));
            let owner = sessions::Owner {
                account: ME,
                keyholder: None,
            };
            assert!(sessions::delete(conn, owner, first).unwrap());
            assert_eq!(count(conn, ME).unwrap(), 1, "it went with its session");
            assert!(!change(conn, first, 1, 1).unwrap() && !remove(conn, first).unwrap());
            forget(conn, &[12]).unwrap();
            assert_eq!(of_session(conn, second).unwrap(), None);
            put(conn, &subscription(13, second)).unwrap();
            withdraw(conn, ME).unwrap();
            assert!(!agreed(conn, ME).unwrap() && of_session(conn, second).unwrap().is_none());
        });
    }
}
