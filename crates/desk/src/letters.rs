//! Letters: what the desk knows of a demand, as the plain facts that `letters` drafts from. A draft is read, changed and
//! sent by a person; nothing here sends it.

use bauta_inventory::Status;
use bauta_legal::{Binding, CasePosition, Fact, Held, NonDisclosure, ProcessFact, State};
use bauta_letters as letters;
use bauta_letters::{Kind, Matter, Secrecy};
use bauta_model::{CoarseTime, Day, DemandId};

use crate::intake::Review;
use crate::{Case, Desk, Officer, Proof, Refused};

/// A letter's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Plain text.
    Text,
    /// A page that prints well.
    Html,
    /// PDF.
    Pdf,
}

/// A draft as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// How it may be called: the demand's public name and the kind.
    pub name: String,
    /// Its media type.
    pub mime: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Desk {
    /// A letter of the kind called `kind`, as it was last changed or else as the facts give it; `calendar` gives the demand's dates as a calendar (RFC 5545).
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a kind that there is not, and where the facts do not carry it.
    pub async fn letter(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: &str,
        form: Form,
    ) -> Result<Draft, Refused> {
        if kind == "calendar" {
            let matter = self.matter(officer, id).await?;
            let bytes = letters::calendar(&matter).into_bytes();
            return Ok(named(
                &matter.reference,
                kind,
                "ics",
                "text/calendar; charset=utf-8",
                bytes,
            ));
        }
        let (kind, letter, _) = self.current(officer, id, kind).await?;
        let reference = self.case(officer, id).await?.public_name;
        let (ending, mime, bytes) = match form {
            Form::Text => (
                "txt",
                "text/plain; charset=utf-8",
                letters::plain(&letter).into_bytes(),
            ),
            Form::Html => (
                "html",
                "text/html; charset=utf-8",
                letters::html(&letter).into_bytes(),
            ),
            Form::Pdf => ("pdf", "application/pdf", letters::pdf(&letter)),
        };
        Ok(named(&reference, kind.name(), ending, mime, bytes))
    }

    pub(crate) async fn matter(&self, officer: &Officer, id: DemandId) -> Result<Matter, Refused> {
        let case = self.case(officer, id).await?;
        let review = self.review(officer, id).await?;
        let (now, process) = (self.clock.now(), &case.state.process);
        let demand = process.demand.as_ref().ok_or(Refused::NotFound)?;
        let instrument = self.rules.instrument(&demand.instrument);
        Ok(Matter {
            sender: self.sender.clone(),
            today: now.day(),
            reference: case.public_name.clone(),
            instrument: instrument.map_or_else(|| demand.instrument.to_string(), |row| row.name.clone()),
            authority: demand.authority.clone(),
            issuer: demand.issuer.clone(),
            issuer_rank: demand.issuer_rank.clone(),
            served_on: demand.served.on.text().to_owned(),
            served_by: demand.served.by.clone(),
            due: demand.due.as_ref().map(|due| due.text().to_owned()),
            requested: process.lines.values().map(|line| line.text.clone()).collect(),
            accounts: demand.accounts,
            binds: process
                .terms
                .as_ref()
                .is_some_and(|terms| terms.binding == Binding::Yes),
            secrecy: match demand.non_disclosure {
                NonDisclosure::None => Secrecy::None,
                NonDisclosure::Request => Secrecy::Requested,
                _ => Secrecy::Commanded,
            },
            gagged: case.state.gag.in_force(now),
            produced: !process.produced.is_empty(),
            window_ends: process.window_ends.map(last_day),
            hold: process
                .hold
                .as_ref()
                .is_some_and(|hold| hold.held == Held::SealedCopy),
            log: self.log_of(officer, id).await?,
            steps: steps(&case),
            case: lawsuit(&case.state),
            outcome: outcome(&case),
            deadlines: deadlines(&case.state, &review),
            held: held(&review),
            inventory: review.inventory,
            rules: review.rules,
            grounds: review.defects.into_iter().map(ground).collect(),
        })
    }
}

impl Desk {
    /// What a letter can say of the public log: that it has the demand, or the promise that it will.
    async fn log_of(&self, officer: &Officer, id: DemandId) -> Result<letters::Log, Refused> {
        match self.proof(officer, id, 0).await {
            Ok(Proof::Promise { text }) => Ok(promised(&text)),
            Ok(Proof::Receipt { leaf, .. }) => Ok(letters::Log::Entered { leaf }),
            // Deferred, told in a band, or a log that stands still: a letter can be written all the same.
            Err(Refused::NotFound | Refused::Invalid { .. } | Refused::Failed(_)) => Ok(letters::Log::Absent),
            Err(refused) => Err(refused),
        }
    }
}

/// The third and the fourth line of a promise: the commitment, and the hour since 1970 by which it is there.
fn promised(text: &str) -> letters::Log {
    let (commitment, by) = (text.lines().nth(2), text.lines().nth(3));
    let by = by.and_then(|by| by.parse::<i64>().ok());
    let by = by.map(|hour| CoarseTime::from_unix_seconds(hour * 3600).day());
    by.zip(commitment)
        .map_or(letters::Log::Absent, |(by, commitment)| letters::Log::Promised {
            by,
            commitment: commitment.to_owned(),
        })
}

pub(crate) fn kinds() -> String {
    let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::name).collect();
    format!("there is no such letter: write {} or calendar", names.join(", "))
}

fn named(reference: &str, kind: &str, ending: &str, mime: &'static str, bytes: Vec<u8>) -> Draft {
    Draft {
        name: format!("{reference}-{kind}.{ending}"),
        mime,
        bytes,
    }
}

/// A window ends with a slot: at midnight it was the day before that was its last.
fn last_day(end: CoarseTime) -> Day {
    CoarseTime::from_unix_seconds(end.unix_seconds() - 1).day()
}

fn ground(defect: bauta_legal::Defect) -> letters::Ground {
    letters::Ground {
        code: defect.code.to_string(),
        rule: defect.rule,
        fact: defect.fact,
        source: defect.source,
    }
}

/// What has to be narrowed; asked against held; then what only the operator knows.
fn held(review: &Review) -> Vec<letters::Line> {
    let line = |requested: &str, status, sentence: &str, rows| letters::Line {
        requested: requested.to_owned(),
        status,
        sentence: sentence.to_owned(),
        rows,
        statement: None,
    };
    let broad = review.unanswered.iter();
    let broad = broad.map(|text| line(text, letters::Status::TooBroad, "", 0));
    let answered = review.holdings.iter().map(|asked| {
        let status = match asked.status {
            Status::Held => letters::Status::Held,
            Status::Credential => letters::Status::Credential,
            Status::Expired => letters::Status::Expired,
            Status::NeverCollected => letters::Status::NeverCollected,
            Status::Outside => letters::Status::Outside,
        };
        line(&asked.requested, status, &asked.sentence, asked.rows)
    });
    // What is asked of the operator stands once, with what they said.
    let answered = answered.filter(|line| line.status != letters::Status::Outside);
    let outside = review.outside.iter().map(|asked| letters::Line {
        statement: asked.statement.as_ref().map(|said| letters::Stated {
            words: said.words.clone(),
            on: said.day,
        }),
        ..line(&asked.requested, letters::Status::Outside, &asked.question, 0)
    });
    let mut lines: Vec<letters::Line> = Vec::new();
    for one in broad.chain(answered).chain(outside) {
        if !lines.contains(&one) {
            lines.push(one);
        }
    }
    lines
}

/// Those that were recorded, else those that the rules give.
fn deadlines(state: &State, review: &Review) -> Vec<letters::Deadline> {
    let mut chosen: Vec<_> = state.process.deadlines.values().collect();
    if chosen.is_empty() {
        chosen = review.deadlines.iter().collect();
    }
    chosen.sort_by_key(|deadline| deadline.at);
    let one = |deadline: &bauta_legal::Deadline| {
        let how = &deadline.how;
        let mut parts = vec![how.rule.clone()];
        parts.extend(how.steps.iter().cloned());
        parts.push(how.zone.clone());
        if how.calendar != "none" {
            parts.push(how.calendar.clone());
        }
        letters::Deadline {
            name: deadline.name.replace('_', " "),
            at: deadline.at,
            binds: deadline.binds,
            how: parts.join("; "),
        }
    };
    chosen.into_iter().map(one).collect()
}

/// Each event by its name, without what officers wrote.
fn steps(case: &Case) -> Vec<(Day, String)> {
    let name = |fact: &Fact| {
        let name = fact.name();
        name.strip_prefix("process.")
            .unwrap_or(&name)
            .replace(['_', '.'], " ")
    };
    let events = case.events.iter();
    events.map(|event| (event.at.day(), name(&event.fact))).collect()
}

/// The newest case, unless its docket is sealed.
fn lawsuit(state: &State) -> Option<letters::Case> {
    let case = state.cases.last().filter(|case| !case.sealed)?;
    let status = match case.position {
        CasePosition::DismissedWithoutPrejudice if case.dismissed_voluntarily => {
            "voluntarily dismissed without prejudice".to_owned()
        }
        position => position.name().replace('_', " "),
    };
    Some(letters::Case {
        court: case.court.clone()?,
        docket: case.docket.clone()?,
        status,
    })
}

fn outcome(case: &Case) -> Option<letters::Outcome> {
    case.events.iter().rev().find_map(|event| match &event.fact {
        Fact::Process(ProcessFact::Withdrawn { on, .. }) => Some(letters::Outcome {
            withdrawn: true,
            words: "withdrawn".to_owned(),
            on: on.day().unwrap_or_else(|| event.at.day()),
        }),
        _ => None,
    })
}
