//! What people answer to decisions of moderators, one answer to each.

use bauta_model::{AccountId, ActionId, Month};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::appeals;
use crate::{Conn, Error, Place, Result};

/// What became of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits.
    Waiting,
    /// The decision was taken back, or held to be wrong.
    Granted,
    /// The decision stands.
    Refused,
}

impl State {
    const fn code(self) -> i16 {
        match self {
            Self::Waiting => 0,
            Self::Granted => 1,
            Self::Refused => 2,
        }
    }

    fn from_code(code: i16) -> Result<Self> {
        let known = [Self::Waiting, Self::Granted, Self::Refused];
        let found = known.into_iter().find(|state| state.code() == code);
        found.ok_or(Error::Unknown("appeals.state"))
    }
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Against which decision.
    pub action: ActionId,
    /// Whose it is.
    pub account: AccountId,
    /// What they say.
    pub text: String,
    /// What became of it.
    pub state: State,
    /// When it was made.
    pub month: Month,
}

const fn place(action: i64) -> Place {
    Place::new("appeals", "text", action)
}

type Row = (i64, i64, Vec<u8>, i16, i32);

fn appeal(conn: &Conn, (action, account, text, state, month): Row) -> Result<Appeal> {
    Ok(Appeal {
        action: ActionId::new(action),
        account: AccountId::new(account),
        text: conn.open(place(action), &text)?,
        state: State::from_code(state)?,
        month: Month::new(month),
    })
}

const ROW: (
    appeals::action_id,
    appeals::account_id,
    appeals::text,
    appeals::state,
    appeals::month,
) = (
    appeals::action_id,
    appeals::account_id,
    appeals::text,
    appeals::state,
    appeals::month,
);

/// Takes one in. False if the decision was answered before.
pub fn insert(conn: &mut Conn, new: &Appeal) -> Result<bool> {
    let text = conn.seal(place(new.action.get()), &new.text);
    let made = on!(conn, c => diesel::insert_into(appeals::table)
        .values((
            appeals::action_id.eq(new.action.get()),
            appeals::account_id.eq(new.account.get()),
            appeals::text.eq(text),
            appeals::state.eq(new.state.code()),
            appeals::month.eq(new.month.get()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// The appeals of an account.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Vec<Appeal>> {
    let rows: Vec<Row> = on!(conn, c => appeals::table
        .filter(appeals::account_id.eq(account.get()))
        .select(ROW)
        .load(c))?;
    rows.into_iter().map(|row| appeal(conn, row)).collect()
}

/// Those that wait, in no order that tells anything.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Appeal>> {
    let rows: Vec<Row> = on!(conn, c => appeals::table
        .filter(appeals::state.eq(State::Waiting.code()))
        .order(appeals::action_id)
        .limit(limit)
        .select(ROW)
        .load(c))?;
    rows.into_iter().map(|row| appeal(conn, row)).collect()
}

/// Settles one that waits. Nothing if none does.
pub fn settle(conn: &mut Conn, action: ActionId, state: State) -> Result<Option<Appeal>> {
    let row: Option<Row> = on!(conn, c => appeals::table
        .filter(appeals::action_id.eq(action.get()).and(appeals::state.eq(State::Waiting.code())))
        .select(ROW)
        .first(c)
        .optional())?;
    let Some(row) = row else { return Ok(None) };
    on!(conn, c => diesel::update(appeals::table.find(action.get()))
        .set(appeals::state.eq(state.code()))
        .execute(c))?;
    appeal(conn, row).map(|before| Some(Appeal { state, ..before }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, people};

    #[test]
    fn a_decision_is_answered_once_and_the_answer_is_settled_once() {
        on_both(|conn| {
            people(conn, 2);
            let new = |action, account| Appeal {
                action: ActionId::new(action),
                account: AccountId::new(account),
                text: "I did not say that.".into(),
                state: State::Waiting,
                month: Month::new(566),
            };
            assert!(insert(conn, &new(5, 1)).unwrap());
            assert!(!insert(conn, &new(5, 1)).unwrap());
            assert!(insert(conn, &new(6, 2)).unwrap());
            assert_eq!(of(conn, AccountId::new(1)).unwrap(), [new(5, 1)]);
            assert_eq!(waiting(conn, 9).unwrap(), [new(5, 1), new(6, 2)]);
            let settled = settle(conn, ActionId::new(5), State::Granted).unwrap();
            assert_eq!(settled.map(|one| one.state), Some(State::Granted));
            assert_eq!(settle(conn, ActionId::new(5), State::Refused).unwrap(), None);
            assert_eq!(waiting(conn, 9).unwrap(), [new(6, 2)]);
        });
    }
}
