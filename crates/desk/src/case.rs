//! A demand with everything that happened to it, and the one way to add to it.

use bauta_legal::{Event, Fact, OfficerId, State};
use bauta_model::{AccountId, CoarseTime, DemandId};
use bauta_store::Conn;
use bauta_store::desk::demands;
use serde::{Deserialize, Serialize};

use crate::{Desk, Officer, Refused};

/// An account that a demand is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// As the demand writes it.
    pub handle: String,
    /// The account's number, where there is one.
    pub account: Option<i64>,
}

impl Target {
    /// The account, where there is one.
    pub fn account(&self) -> Option<AccountId> {
        self.account.map(AccountId::new)
    }
}

/// A demand as an officer may see it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Random.
    pub id: DemandId,
    /// Its name in the public record.
    pub public_name: String,
    /// The demand that it renews.
    pub renews: Option<DemandId>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What that comes to.
    pub state: State,
    /// Whom it is about.
    pub targets: Vec<Target>,
    /// For the commitments of the public record.
    pub(crate) salt: String,
}

impl Case {
    /// Reads a demand, whoever asks.
    pub(crate) fn load(conn: &mut Conn, id: DemandId) -> Result<Self, Refused> {
        let row = demands::by_id(conn, id)?.ok_or(Refused::NotFound)?;
        let events = demands::events(conn, id)?
            .into_iter()
            .map(|row| {
                let fact: Fact = serde_json::from_str(&row.fact).map_err(|_| Refused::failed())?;
                Ok(Event {
                    at: row.at,
                    officer: OfficerId::new(row.officer as u64),
                    fact,
                })
            })
            .collect::<Result<Vec<_>, Refused>>()?;
        let state = State::fold(&events).map_err(|_| Refused::failed())?;
        let targets = demands::targets(conn, id)?
            .iter()
            .map(|target| serde_json::from_str(target).map_err(|_| Refused::failed()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id,
            public_name: row.public_name,
            renews: row.renews,
            events,
            state,
            targets,
            salt: row.salt,
        })
    }

    /// Reads a demand for an officer. One that nobody may speak of is there for those who are named only.
    pub(crate) fn load_for(conn: &mut Conn, id: DemandId, officer: &Officer) -> Result<Self, Refused> {
        let case = Self::load(conn, id)?;
        if case.is_seen_by(officer, conn.now()) {
            Ok(case)
        } else {
            Err(Refused::NotFound)
        }
    }

    /// The officer may see it.
    pub fn is_seen_by(&self, officer: &Officer, at: CoarseTime) -> bool {
        !self.state.gag.in_force(at) || self.state.gag.named.contains(&officer.id)
    }

    /// The targets that exist, in their order: their place is the number of the keyholder.
    pub fn found(&self) -> Vec<AccountId> {
        self.targets.iter().filter_map(Target::account).collect()
    }
}

/// A demand that is being added to, in one transaction.
pub(crate) struct Entry<'a> {
    pub conn: &'a mut Conn,
    pub case: Case,
    pub officer: Officer,
}

impl Entry<'_> {
    /// Adds a fact, if it can follow.
    pub(crate) fn add(&mut self, fact: Fact) -> Result<(), Refused> {
        self.officer.may_record(&fact)?;
        self.add_as(self.officer.id, fact)
    }

    /// Adds what the server itself may record.
    pub(crate) fn add_as(&mut self, officer: OfficerId, fact: Fact) -> Result<(), Refused> {
        // A clock that was set back does not stop the desk.
        let now = self.conn.now();
        let at = self.case.state.last.map_or(now, |last| last.max(now));
        let event = Event { at, officer, fact };
        let next = self.case.state.apply(&event)?;
        let row = demands::Event {
            number: next.events as i32,
            at,
            officer: officer.get() as i64,
            fact: serde_json::to_string(&event.fact).map_err(|_| Refused::failed())?,
        };
        demands::append(self.conn, self.case.id, &row).map_err(|error| {
            if error.is_duplicate() {
                Refused::Raced { found: next.events }
            } else {
                error.into()
            }
        })?;
        self.case.state = next;
        self.case.events.push(event);
        crate::public::queue(self.conn, &self.case, &self.case.salt)
    }

    /// When it is now.
    pub(crate) fn now(&self) -> CoarseTime {
        self.conn.now()
    }
}

impl Desk {
    /// Runs `work` on a demand in one transaction. `expected` is how many events the officer saw: whoever comes second is
    /// told so.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        work: impl FnOnce(&mut Entry<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        self.change_then(officer, id, expected, work, |_| ()).await
    }

    /// As [`Desk::change`]; `after` sees what came of it once it is durable, in commit order.
    pub(crate) async fn change_then<T: Send + 'static>(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        work: impl FnOnce(&mut Entry<'_>) -> Result<T, Refused> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, Refused> {
        let officer = officer.clone();
        self.store
            .write_then(
                "desk_change",
                move |conn: &mut Conn| {
                    let case = Case::load_for(conn, id, &officer)?;
                    let found = case.state.events;
                    if expected.is_some_and(|expected| expected != found) {
                        return Err(Refused::Raced { found });
                    }
                    work(&mut Entry { conn, case, officer })
                },
                after,
            )
            .await
    }

    /// Appends facts, all or none, and gives the demand as it is then.
    ///
    /// # Errors
    /// [`Refused::NotNow`] when one can't follow; [`Refused::Raced`] when somebody else was first; [`Refused::Forbidden`]
    /// for another's duty.
    pub async fn record(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        facts: Vec<Fact>,
    ) -> Result<Case, Refused> {
        self.change(officer, id, expected, move |entry| {
            for fact in facts {
                entry.add(fact)?;
            }
            Ok(entry.case.clone())
        })
        .await
    }

    /// A demand, as the officer may see it.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for one that the officer is not named for.
    pub async fn case(&self, officer: &Officer, id: DemandId) -> Result<Case, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_case", move |conn| Case::load_for(conn, id, &officer))
            .await
    }

    /// Every demand that the officer may see, oldest first.
    pub async fn cases(&self, officer: &Officer) -> Result<Vec<Case>, Refused> {
        let officer = officer.clone();
        let mut all = self
            .store
            .read("desk_cases", move |conn| {
                let rows = demands::all(conn)?;
                let now = conn.now();
                let cases: Vec<Case> = rows
                    .into_iter()
                    .map(|row| Case::load(conn, row.id))
                    .collect::<Result<_, _>>()?;
                Ok::<_, Refused>(
                    cases
                        .into_iter()
                        .filter(|case| case.is_seen_by(&officer, now))
                        .collect::<Vec<_>>(),
                )
            })
            .await?;
        all.sort_by_key(|case| (case.events.first().map(|event| event.at), case.id));
        Ok(all)
    }
}
