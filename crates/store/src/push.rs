//! Web push: who agreed to it, and where apps are woken. One place a session, gone with it.

use bauta_model::{AccountId, KeyholderId, SessionId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, keyholders, push_agreements, push_subscriptions, sessions};
use crate::sessions::Owner;
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

/// Whether web push was agreed to for sessions of `owner`: by the person; for what the operator made, by all who are
/// behind the account.
pub fn agreed(conn: &mut Conn, owner: Owner) -> Result<bool> {
    if let Some(person) = owner.keyholder {
        let found: i64 = on!(conn, c => push_agreements::table.find(person.get()).count().get_result(c))?;
        return Ok(found > 0);
    }
    let people: Vec<Option<i64>> = on!(conn, c => keyholders::table
        .left_join(push_agreements::table.on(push_agreements::keyholder_id.eq(keyholders::id)))
        .filter(keyholders::account_id.eq(owner.account.get()))
        .select(push_agreements::keyholder_id.nullable())
        .load(c))?;
    Ok(!people.is_empty() && people.iter().all(Option::is_some))
}

/// `person` agrees.
pub fn agree(conn: &mut Conn, person: KeyholderId) -> Result<()> {
    on!(conn, c => diesel::insert_into(push_agreements::table)
        .values(push_agreements::keyholder_id.eq(person.get()))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// `person`, of those behind `account`, agrees no longer: none of their apps is woken any more, and none that the operator
/// made.
pub fn withdraw(conn: &mut Conn, account: AccountId, person: KeyholderId) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(push_agreements::table.find(person.get())).execute(c))?;
    let keyholder = Some(person);
    let theirs = crate::sessions::ids(conn, Owner { account, keyholder })?;
    on!(conn, c => diesel::delete(
        push_subscriptions::table.filter(push_subscriptions::session_id.eq_any(theirs))
    ).execute(c))?;
    Ok(())
}

/// How many apps of `owner` are woken.
pub fn count(conn: &mut Conn, owner: Owner) -> Result<i64> {
    let owned = crate::sessions::ids(conn, owner)?;
    Ok(on!(conn, c => push_subscriptions::table
        .filter(push_subscriptions::session_id.eq_any(owned))
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

/// Those of an account that may be told now: whoever they are of agreed, and it is not suspended.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Subscription>> {
    let rows: Vec<(Row, Option<i64>)> = on!(conn, c => push_subscriptions::table
        .inner_join(accounts::table.on(accounts::id.eq(push_subscriptions::account_id)))
        .inner_join(sessions::table.on(sessions::id.eq(push_subscriptions::session_id)))
        .filter(push_subscriptions::account_id.eq(account.get()))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .order(push_subscriptions::id)
        .select((ROW, sessions::keyholder_id))
        .load(c))?;
    let mut found = Vec::new();
    for (row, keyholder) in rows {
        let keyholder = keyholder.map(KeyholderId::new);
        if agreed(conn, Owner { account, keyholder })? {
            found.push(read(conn, row)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyholders::{self, Keyholder};
    use crate::sessions::{self, NewSession};
    use crate::testing::{on_both, people};
    use bauta_model::Duties;

    const ME: AccountId = AccountId::new(1);
    const ANN: KeyholderId = KeyholderId::new(21);
    const BEN: KeyholderId = KeyholderId::new(22);

    fn of(keyholder: Option<KeyholderId>) -> Owner {
        Owner {
            account: ME,
            keyholder,
        }
    }

    fn session(conn: &mut Conn, id: i64, keyholder: Option<KeyholderId>) -> SessionId {
        let id = SessionId::new(id);
        let new = NewSession {
            id,
            token_hash: [id.get() as u8; 32],
            account: Some(ME),
            keyholder,
            app: None,
            kind: 1,
            scopes: "push".into(),
            expires: None,
        };
        sessions::insert(conn, &new).unwrap();
        id
    }

    fn two(conn: &mut Conn) {
        people(conn, 1);
        for id in [ANN, BEN] {
            let new = Keyholder {
                id,
                account: ME,
                label: String::new(),
                duties: Duties::ALL,
            };
            keyholders::insert(conn, &new).unwrap();
        }
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
            two(conn);
            let (first, second) = (session(conn, 1, Some(ANN)), session(conn, 2, Some(ANN)));
            for new in [(10, first), (11, first), (12, second)] {
                put(conn, &subscription(new.0, new.1)).unwrap();
            }
            assert_eq!(of_session(conn, first).unwrap().unwrap().target, "target 11");
            assert_eq!(of_account(conn, ME).unwrap(), [], "nobody agreed yet");
            agree(conn, ANN).unwrap();
            agree(conn, ANN).unwrap();
            assert_eq!(of_account(conn, ME).unwrap().len(), 2);
            assert!(change(conn, first, 5, 2).unwrap());
            let changed = of_session(conn, first).unwrap().unwrap();
            assert_eq!((changed.alerts, changed.policy), (5, 2));
            assert!(sessions::delete(conn, of(Some(ANN)), first).unwrap());
            assert_eq!(count(conn, of(Some(ANN))).unwrap(), 1, "it went with its session");
            assert!(!change(conn, first, 1, 1).unwrap() && !remove(conn, first).unwrap());
            forget(conn, &[12]).unwrap();
            assert_eq!(of_session(conn, second).unwrap(), None);
            put(conn, &subscription(13, second)).unwrap();
            withdraw(conn, ME, ANN).unwrap();
            assert!(!agreed(conn, of(Some(ANN))).unwrap() && of_session(conn, second).unwrap().is_none());
        });
    }

    #[test]
    fn the_word_of_one_is_not_that_of_another() {
        on_both(|conn| {
            two(conn);
            let sessions = [Some(ANN), Some(BEN), None].map(|who| (who, who.map_or(9, KeyholderId::get)));
            let [ann, ben, operator] = sessions.map(|(who, id)| session(conn, id, who));
            for (id, session) in [(31, ann), (32, ben), (33, operator)] {
                put(conn, &subscription(id, session)).unwrap();
            }
            let told = |conn: &mut Conn| -> Vec<i64> {
                let all = of_account(conn, ME).unwrap();
                all.into_iter().map(|one| one.id).collect()
            };
            agree(conn, ANN).unwrap();
            assert_eq!(told(conn), [31]);
            assert!(!agreed(conn, of(Some(BEN))).unwrap() && !agreed(conn, of(None)).unwrap());
            agree(conn, BEN).unwrap();
            assert_eq!(told(conn), [31, 32, 33], "nobody's token is told when all agree");
            withdraw(conn, ME, BEN).unwrap();
            assert_eq!(told(conn), [31]);
            assert!(of_session(conn, operator).unwrap().is_none());
            keyholders::delete(conn, ME, ANN).unwrap();
            assert_eq!(told(conn), Vec::<i64>::new());
        });
    }
}
