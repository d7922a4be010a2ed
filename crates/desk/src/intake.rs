//! Taking a demand in, and reading it against the rules and against what is held.

use std::collections::BTreeSet;

use bauta_legal::category::line;
use bauta_legal::{
    Deadline, Defect, Event, Fact, Intake, InvalidIntake, Line, ProcessFact, Received, Server, State,
    deadlines, review,
};
use bauta_model::{DemandId, Handle};
use bauta_store::Conn;
use bauta_store::desk::demands;
use serde::Serialize;

use crate::case::Entry;
use crate::holdings::{Counted, scope};
use crate::outside::beyond;
use crate::{AskedLine, Case, Desk, Officer, OutsideLine, Refused, Target};

/// A demand read against the rules and against what is held. Computed, never typed.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// What is wrong on its face, with the rule, the fact and the source.
    pub defects: Vec<Defect>,
    /// Asked against held.
    pub holdings: Vec<AskedLine>,
    /// What only the operator can answer.
    pub outside: Vec<OutsideLine>,
    /// Lines that name no kind of record that the inventory knows: they have to be narrowed, or explained.
    pub unanswered: Vec<String>,
    /// Its dates, with how they were computed.
    pub deadlines: Vec<Deadline>,
    /// The hash of the inventory.
    pub inventory: String,
    /// The hash of the rules.
    pub rules: String,
    /// On every page and letter of the desk.
    pub not_advice: &'static str,
}

impl Desk {
    /// Takes a demand in, as it was received: impossible dates and all.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a text that is no demand, names no account, or an instrument that no rule knows.
    pub async fn intake(
        &self,
        officer: &Officer,
        text: &str,
        renews: Option<DemandId>,
    ) -> Result<Case, Refused> {
        self.take_in(officer, Intake::read(text, self.rules), renews)
            .await
    }

    /// As [`Desk::intake`], read already.
    ///
    /// # Errors
    /// As [`Desk::intake`].
    pub async fn take_in(
        &self,
        officer: &Officer,
        intake: Result<Intake, InvalidIntake>,
        renews: Option<DemandId>,
    ) -> Result<Case, Refused> {
        let Intake { mut demand, targets } =
            intake.map_err(|error| Refused::invalid(error.field(), error.to_string()))?;
        let handles = handles(&targets);
        demand.accounts = handles.len() as u32;
        let terms = self
            .rules
            .terms(&demand)
            .ok_or_else(|| Refused::invalid("instrument", "no rule of the pack fits this instrument"))?;
        let lines: Vec<Line> = demand
            .requested
            .iter()
            .map(|text| line(self.inventory, text))
            .collect();
        let (officer, pack) = (officer.clone(), self.rules.hash());
        self.store
            .write("desk_intake", move |conn| {
                let targets = find_all(conn, &handles)?;
                let older = renews.map(|id| Case::load_for(conn, id, &officer)).transpose()?;
                let received = Received {
                    demand,
                    terms,
                    pack,
                    lines,
                    found: targets.iter().filter(|target| target.account.is_some()).count() as u32,
                    renews: older.as_ref().map(|older| older.public_name.clone()),
                };
                let row = demands::Demand {
                    id: DemandId::random(),
                    public_name: public_name(),
                    renews,
                    salt: crate::papers::salt(),
                };
                let salt = row.salt.clone();
                demands::insert(conn, &row)?;
                let targets_json: Vec<String> = targets
                    .iter()
                    .map(|target| serde_json::to_string(target).map_err(|_| Refused::failed()))
                    .collect::<Result<_, _>>()?;
                demands::insert_targets(conn, row.id, &targets_json)?;
                if let Some(case) = older {
                    let mut entry = Entry {
                        conn: &mut *conn,
                        case,
                        officer: officer.clone(),
                    };
                    entry.add(Fact::Process(ProcessFact::RenewedBy {
                        demand: row.public_name.clone(),
                    }))?;
                }
                let case = Case {
                    id: row.id,
                    public_name: row.public_name,
                    renews,
                    events: Vec::<Event>::new(),
                    state: State::default(),
                    targets,
                    salt,
                };
                let mut entry = Entry { conn, case, officer };
                entry.add(Fact::Process(ProcessFact::Received(Box::new(received))))?;
                Ok(entry.case)
            })
            .await
    }

    /// Reads a demand against the rules and what is held, now. Nothing is recorded.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn review(&self, officer: &Officer, id: DemandId) -> Result<Review, Refused> {
        let (officer, inventory, rules) = (officer.clone(), self.inventory, self.rules);
        let server = self.server_names();
        self.store
            .read("desk_review", move |conn| {
                let case = Case::load_for(conn, id, &officer)?;
                let process = &case.state.process;
                let demand = process.demand.as_ref().ok_or(Refused::NotFound)?;
                let counted = Counted::of(conn, inventory, &case.targets)?;
                let holdings = counted.answer(inventory, &process.lines);
                let answered: BTreeSet<&str> =
                    holdings.iter().map(|answer| answer.requested.as_str()).collect();
                let unanswered = process
                    .lines
                    .values()
                    .filter(|line| !answered.contains(line.text.as_str()))
                    .map(|line| line.text.clone())
                    .collect();
                let facts = Server {
                    entities: &server,
                    now: conn.now(),
                    found: process.found,
                    inventory,
                };
                Ok(Review {
                    defects: review(demand, rules, &facts),
                    outside: beyond(inventory, process),
                    unanswered,
                    deadlines: deadlines(demand, rules),
                    holdings,
                    inventory: inventory.hash().to_owned(),
                    rules: rules.hash().to_string(),
                    not_advice: bauta_legal::NOT_ADVICE,
                })
            })
            .await
    }

    /// Records what the review found: its defects and its dates.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn record_review(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
    ) -> Result<Case, Refused> {
        let found = self.review(officer, id).await?;
        let fact = ProcessFact::Reviewed {
            defects: found.defects.iter().map(|defect| defect.code).collect(),
            deadlines: found.deadlines,
        };
        self.record(officer, id, expected, vec![Fact::Process(fact)])
            .await
    }

    /// Computes asked against held and records it.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn scope(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
    ) -> Result<Case, Refused> {
        let (inventory, pack) = (self.inventory, self.rules.hash());
        self.change(officer, id, expected, move |entry| {
            let counted = Counted::of(entry.conn, inventory, &entry.case.targets)?;
            let answers = counted.answer(inventory, &entry.case.state.process.lines);
            let scope = scope(inventory, pack, &answers)?;
            entry.add(Fact::Process(ProcessFact::ScopeComputed(scope)))?;
            Ok(entry.case.clone())
        })
        .await
    }

    pub(crate) fn server_names(&self) -> Vec<String> {
        let mut names = self.entities.clone();
        names.push(self.domain.clone());
        names
    }
}

/// A random name that leads to nobody: 32 hexadecimal digits.
fn public_name() -> String {
    crate::papers::salt().chars().take(32).collect()
}

/// Each account once, however it is written.
fn handles(targets: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    targets
        .iter()
        .map(|target| target.trim().to_owned())
        .filter(|target| seen.insert(target.to_lowercase()))
        .collect()
}

/// What is no handle at all takes the same statement as a handle that nobody has.
fn find_all(conn: &mut Conn, handles: &[String]) -> Result<Vec<Target>, Refused> {
    let nobody = Handle::parse("0").map_err(|_| Refused::failed())?;
    handles
        .iter()
        .map(|text| {
            let parsed = Handle::parse(text).ok();
            let found = bauta_store::accounts::by_handle(conn, parsed.as_ref().unwrap_or(&nobody))?;
            let found = found.filter(|_| parsed.is_some());
            Ok(Target {
                handle: text.clone(),
                account: found.map(|account| account.id.get()),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_names_each_account_once() {
        let targets = ["A", "a ", "b"].map(str::to_owned);
        assert_eq!(handles(&targets), ["A", "b"]);
        assert_ne!(public_name(), public_name());
    }
}
