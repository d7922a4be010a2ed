//! A demand as data, for scripts and for the pages of the desk: all of it a fold over events.

use std::collections::{BTreeMap, BTreeSet};

use bauta_inventory::Status;
use bauta_legal::{Fact, Item, Notice, OfficerId, Position, ProcessFact, voluntary_dismissals};
use bauta_model::{CoarseTime, Day, DemandId};
use bauta_store::desk::{demands, drafts, held, notices, officers, papers};
use serde_json::{Value, json};

use crate::case::Entry;
use crate::{Case, Desk, Officer, Refused};

/// Days after closing on which papers are destroyed: three years.
const PAPERS_DAYS: i32 = 3 * 365 + 1;

impl Case {
    /// Every record that is asked for and held, save credentials: the most that can be approved.
    pub fn producible(&self, only_public: bool) -> BTreeSet<Item> {
        let scope = self.state.process.scope.iter().flat_map(|scope| &scope.lines);
        scope
            .filter(|line| line.status == Status::Held)
            .flat_map(|line| line.records.iter().map(move |record| (line.line, record)))
            .filter(|(_, record)| !record.credential && record.rows > 0 && (record.public || !only_public))
            .map(|(line, record)| Item {
                line,
                column: record.column.clone(),
                public: record.public,
            })
            .collect()
    }

    /// The next date that matters: the earliest of its deadlines, the end of the user's time, and when notice is due.
    pub fn next_date(&self, now: CoarseTime) -> Option<CoarseTime> {
        if self.state.process.position == Position::Closed {
            return None;
        }
        let deadlines = self.state.process.deadlines.values().map(|deadline| deadline.at);
        let own = [self.state.process.window_ends, self.state.notice_by()];
        deadlines
            .chain(own.into_iter().flatten())
            .filter(|at| *at >= now)
            .min()
    }

    /// One line of the inbox.
    pub fn line(&self, now: CoarseTime) -> Value {
        let demand = self.state.process.demand.as_ref();
        json!({
            "id": self.id.to_string(),
            "public_name": self.public_name,
            "instrument": demand.map(|demand| demand.instrument.as_str()),
            "issuer": demand.map(|demand| &demand.issuer),
            "position": self.state.process.position.name(),
            "gag": self.state.gag.position.name(),
            "accounts": self.targets.len(),
            "notice_owed": self.state.notice_owed(),
            "next_date": self.next_date(now).map(time),
            "events": self.state.events,
        })
    }
}

/// `2017-04-07T14:02:00Z`.
fn time(at: CoarseTime) -> String {
    at.rfc3339().replace(".000Z", "Z")
}

fn name_of(names: &BTreeMap<OfficerId, String>, id: OfficerId) -> String {
    if id == OfficerId::SERVER {
        return "the server".to_owned();
    }
    names
        .get(&id)
        .cloned()
        .unwrap_or_else(|| "a former officer".to_owned())
}

fn notice(case: &Case) -> Value {
    let process = &case.state.process;
    let (state, at) = match process.notice {
        Notice::Not => ("not", None),
        Notice::Due { by } => ("due", Some(by)),
        Notice::Delayed => ("delayed", None),
        Notice::Sent { at } => ("sent", Some(at)),
        Notice::Excepted { .. } => ("excepted", None),
    };
    json!({
        "state": state,
        "at": at.map(time),
        "owed": case.state.notice_owed(),
        "by": case.state.notice_by().map(time),
        "keyholders": process.keyholders,
        "window_ends": process.window_ends.map(time),
        "objections": process.objections,
        "consents": process.consents.len(),
        "counsel": process.counsel,
    })
}

fn cases(case: &Case) -> Value {
    let list = case.state.cases.iter().enumerate().map(|(number, one)| {
        json!({
            "number": number,
            "position": one.position.name(),
            "voluntary_dismissals": voluntary_dismissals(&case.state.cases, number as u16),
            "docket": docket(case, number as u16),
        })
    });
    list.collect()
}

/// What was entered about one case, as it was entered.
fn docket(case: &Case, number: u16) -> Value {
    let entries = case.events.iter().filter_map(|event| match &event.fact {
        Fact::Case { case, fact } if *case == number => Some(json!({"at": time(event.at), "fact": fact})),
        _ => None,
    });
    entries.collect()
}

fn regions(case: &Case, now: CoarseTime) -> Value {
    let state = &case.state;
    json!({
        "gag": {
            "position": state.gag.position.name(),
            "in_force": state.gag.in_force(now),
            "ends": state.gag.ends.map(time),
            "review": state.gag.review.map(time),
        },
        "preservation": {
            "position": state.preservation.position.name(),
            "columns": state.preservation.columns,
            "until": state.preservation.until.map(time),
        },
        "publication": state.publication,
    })
}

impl Desk {
    /// A demand as data.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn show(&self, officer: &Officer, id: DemandId) -> Result<Value, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_show", move |conn| {
                let case = Case::load_for(conn, id, &officer)?;
                let now = conn.now();
                let mut names: BTreeMap<OfficerId, String> =
                    officers::all(conn)?.into_iter().map(Officer::of).map(|one| (one.id, one.name)).collect();
                let machine = Officer::at_the_machine();
                names.insert(machine.id, machine.name);
                let timeline: Value = case
                    .events
                    .iter()
                    .enumerate()
                    .map(|(number, event)| {
                        json!({
                            "number": number,
                            "at": time(event.at),
                            "officer": name_of(&names, event.officer),
                            "what": event.fact.name(),
                            "fact": event.fact,
                        })
                    })
                    .collect();
                let holds: Value = held::holds_of(conn, id)?
                    .into_iter()
                    .map(|hold| {
                        let rows: BTreeMap<String, i64> = hold.rows.into_iter().collect();
                        json!({"until": hold.until.map(Day::iso), "rows": rows})
                    })
                    .collect();
                let told: Value = notices::of_demand(conn, id)?
                    .into_iter()
                    .map(|notice| {
                        let seen = notices::is_seen(conn, notice.id)?;
                        let answer = format!("{:?}", notice.answer).to_lowercase();
                        Ok(json!({"until": notice.until.iso(), "seen": seen, "answer": answer}))
                    })
                    .collect::<Result<Vec<Value>, Refused>>()?
                    .into();
                let process = &case.state.process;
                let determination = process.determination.as_ref().map(|one| {
                    json!({"decision": one.decision, "by": name_of(&names, one.by), "seconded": one.second})
                });
                let renewals: Vec<String> =
                    demands::renewals(conn, id)?.into_iter().map(|id| id.to_string()).collect();
                let mut shown = json!({
                    "id": case.id.to_string(),
                    "public_name": case.public_name,
                    "renews": case.renews.map(|id| id.to_string()),
                    "renewed_by": renewals,
                    "position": process.position.name(),
                    "events": case.state.events,
                    "demand": process.demand,
                    "targets": case.targets.iter().map(|target| json!({"handle": target.handle, "exists": target.account.is_some()})).collect::<Value>(),
                    "lines": process.lines,
                    "hold": process.hold,
                    "holds": holds,
                    "verified": process.verified,
                    "defects": process.defects,
                    "deadlines": process.deadlines.values().collect::<Vec<_>>(),
                    "scope": process.scope,
                    "notice": notice(&case),
                    "told": told,
                    "findings": process.findings.iter().map(|(finding, met)| json!({"finding": finding, "met": met})).collect::<Value>(),
                    "determination": determination,
                    "produced": process.produced,
                    "cases": cases(&case),
                    "next_date": case.next_date(now).map(time),
                    "timeline": timeline,
                    "not_advice": bauta_legal::NOT_ADVICE,
                });
                if let (Some(shown), Value::Object(regions)) = (shown.as_object_mut(), regions(&case, now)) {
                    shown.extend(regions);
                }
                Ok(shown)
            })
            .await
    }

    /// The inbox: every demand that the officer may see.
    ///
    /// # Errors
    /// [`Refused::Failed`] where the store fails.
    pub async fn list(&self, officer: &Officer) -> Result<Value, Refused> {
        let now = self.clock.now();
        Ok(self
            .cases(officer)
            .await?
            .iter()
            .map(|case| case.line(now))
            .collect())
    }

    /// Closes a demand: its papers are destroyed in three years, its copies go with the day, unless an order to preserve
    /// still runs.
    ///
    /// # Errors
    /// As [`Desk::record`]: not while notice is owed.
    pub async fn close(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
    ) -> Result<Case, Refused> {
        self.change(officer, id, expected, move |entry| {
            entry.add(Fact::Process(ProcessFact::Closed {}))?;
            let today = entry.now().day();
            papers::destroy_on(entry.conn, id, today.plus(PAPERS_DAYS))?;
            drafts::destroy_on(entry.conn, id, today.plus(PAPERS_DAYS))?;
            let_go(entry, today)?;
            Ok(entry.case.clone())
        })
        .await
    }
}

/// When what comes now is destroyed with the papers of its demand; nothing is known of that before it is closed.
pub(crate) fn destroy_day(case: &Case, now: CoarseTime) -> Option<Day> {
    let closed = case.state.process.position == Position::Closed;
    closed.then(|| now.day().plus(PAPERS_DAYS))
}

fn let_go(entry: &mut Entry<'_>, today: Day) -> Result<(), Refused> {
    let kept = entry
        .case
        .state
        .preservation
        .until
        .is_some_and(|until| until > today.start());
    if !kept {
        held::keep_until(entry.conn, entry.case.id, today)?;
    }
    Ok(())
}
