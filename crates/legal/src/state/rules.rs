//! The rules that stand in the way of a fact, beyond the arrows.

use std::collections::BTreeSet;
use std::time::Duration;

use bauta_inventory::Us;
use bauta_model::CoarseTime;

use super::{CasePosition, Guard, Notice, Position, Refusal, Rule, State};
use crate::{
    Adjudication, Answer, Basis, Deadline, Decision, Event, Finding, Item, Line, NarrowedLine, OfficerId,
    ProcessFact, Record, Scope, Second, Step, Told,
};

/// How long a single officer waits in place of a second person.
const WAIT: Duration = Duration::from_hours(24);

fn check(holds: bool, rule: Rule) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(rule.into()) }
}

/// A date keeps how it was computed.
fn computed(deadline: &Deadline) -> Result<(), Refusal> {
    let how = &deadline.how;
    let kept = [&how.rule, &how.calendar, &how.zone]
        .into_iter()
        .all(|text| !text.trim().is_empty());
    check(kept, Rule::NoHow)
}

fn written(text: &str) -> Result<(), Refusal> {
    check(!text.trim().is_empty(), Rule::NoReason)
}

impl State {
    pub(super) fn check(&self, event: &Event, fact: &ProcessFact) -> Result<(), Refusal> {
        match fact {
            ProcessFact::Received(received) => check(!received.lines.is_empty(), Rule::NoLines),
            ProcessFact::HoldDecided(decision) => written(&decision.reason),
            ProcessFact::NotGenuine { reason }
            | ProcessFact::ObjectionLifted { reason }
            | ProcessFact::FindingRecorded { reason, .. }
            | ProcessFact::WentStale { reason }
            | ProcessFact::EmergencyDeclined { reason }
            | ProcessFact::TermsRevised { reason, .. } => written(reason),
            ProcessFact::OutsideStated { line, statement, .. } => {
                let asked = self.process.lines.get(line);
                check(asked.is_some_and(|line| !line.umbrella), Rule::NotAsked)?;
                written(statement)
            }
            ProcessFact::Reviewed { deadlines, .. } => deadlines.iter().try_for_each(computed),
            ProcessFact::DeadlineSet { deadline, reason } => {
                computed(deadline)?;
                written(reason)
            }
            ProcessFact::EmergencyAsked { reason } => {
                check(
                    self.process.terms.as_ref().is_some_and(|terms| terms.emergency),
                    Rule::NotAnEmergency,
                )?;
                written(reason)
            }
            ProcessFact::ScopeComputed(scope) => self.check_scope(scope),
            ProcessFact::NoRecords {} => {
                let answers = self
                    .records()
                    .any(|(_, record)| !record.credential && record.rows > 0);
                check(self.process.scope.is_some(), Rule::NoScope)?;
                check(!answers, Rule::StillHeld)
            }
            ProcessFact::NoticeDue { .. } => check(!self.told(), Rule::AlreadyNoticed),
            ProcessFact::NoticeSent { keyholders, .. } => {
                check(!self.is_sent(), Rule::AlreadyNoticed)?;
                check(!self.gag.bars_notice(event.at), Rule::GagForbidsNotice)?;
                check(
                    (*keyholders == 0) == (self.process.found == 0),
                    Rule::KeyholdersWrong,
                )
            }
            ProcessFact::NoticeDelayed {} => {
                check(!self.told(), Rule::AlreadyNoticed)?;
                check(self.gag.bars_notice(event.at), Rule::NoGag)
            }
            ProcessFact::NoticeExcepted { reason, .. } => {
                check(!self.told(), Rule::AlreadyNoticed)?;
                written(reason)
            }
            ProcessFact::Seconded { step, second } => self.check_second(event, *step, *second),
            ProcessFact::Answered(answer) => self.check_answer(answer),
            ProcessFact::Narrowed { lines, .. } => self.check_narrower(lines),
            ProcessFact::Adjudicated {
                outcome: Adjudication::Modified { lines },
                ..
            } => self.check_narrower(lines),
            ProcessFact::Determined(decision) => self.check_decision(decision),
            ProcessFact::Ready { items, .. } => {
                self.check_approved(items)?;
                check(!self.is_stayed(), Rule::Stayed)
            }
            ProcessFact::Produced { items, second, .. } => self.check_production(event, items, *second),
            ProcessFact::EmergencyApproved { items, reason } => {
                check(self.process.verified, Rule::NotVerified)?;
                self.check_items(items)?;
                written(reason)
            }
            ProcessFact::EmergencyDisclosed { items, .. } => self.check_emergency(event, items),
            ProcessFact::LogDeferred { reason } => {
                check(self.gag.in_force(event.at), Rule::NoLogDefer)?;
                written(reason)
            }
            ProcessFact::Closed {} => self.check_closing(),
            _ => Ok(()),
        }
    }

    fn is_sent(&self) -> bool {
        matches!(self.process.notice, Notice::Sent { .. })
    }

    fn told(&self) -> bool {
        matches!(self.process.notice, Notice::Sent { .. } | Notice::Excepted { .. })
    }

    fn is_stayed(&self) -> bool {
        self.cases
            .iter()
            .any(|case| case.position == CasePosition::Stayed)
    }

    /// Each record of the scope, with the number of its line.
    fn records(&self) -> impl Iterator<Item = (u16, &Record)> {
        let lines = self.process.scope.iter().flat_map(|scope| &scope.lines);
        lines.flat_map(|line| line.records.iter().map(|record| (line.line, record)))
    }

    fn record(&self, item: &Item) -> Option<&Record> {
        self.records()
            .find(|(line, record)| {
                *line == item.line && record.column == item.column && record.public == item.public
            })
            .map(|(_, record)| record)
    }

    /// Every record answers a line that is asked for, and lies within its classes. An umbrella is answered by nothing.
    fn check_scope(&self, scope: &Scope) -> Result<(), Refusal> {
        for answered in &scope.lines {
            let line = self.process.lines.get(&answered.line).ok_or(Rule::NotAsked)?;
            check(answered.records.is_empty() || !line.umbrella, Rule::NotAsked)?;
            check(
                answered.records.iter().all(|record| covers(line, record)),
                Rule::NotAsked,
            )?;
        }
        Ok(())
    }

    fn check_answer(&self, answer: &Answer) -> Result<(), Refusal> {
        let (Answer::Objects { keyholder }
        | Answer::Consents { keyholder, .. }
        | Answer::Revokes { keyholder, .. }
        | Answer::NamesCounsel { keyholder }
        | Answer::Seen { keyholder }) = answer;
        check(*keyholder < self.process.keyholders, Rule::NoSuchKeyholder)
    }

    fn check_narrower(&self, lines: &[NarrowedLine]) -> Result<(), Refusal> {
        check(!lines.is_empty(), Rule::NoLines)?;
        for narrowed in lines {
            let old = self.process.lines.get(&narrowed.of).ok_or(Rule::NotNarrower)?;
            check(contains(old, &narrowed.line), Rule::NotNarrower)?;
        }
        Ok(())
    }

    /// Items are asked for, held, and no credentials.
    fn check_items(&self, items: &BTreeSet<Item>) -> Result<(), Refusal> {
        check(self.process.scope.is_some(), Rule::NoScope)?;
        check(!items.is_empty(), Rule::NothingChosen)?;
        for item in items {
            let line = self.process.lines.get(&item.line).ok_or(Rule::NotAsked)?;
            check(!line.umbrella, Rule::NotAsked)?;
            let record = self.record(item).ok_or(Rule::NotHeld)?;
            check(!record.credential, Rule::Credential)?;
        }
        Ok(())
    }

    fn check_decision(&self, decision: &Decision) -> Result<(), Refusal> {
        let (items, basis) = match decision {
            Decision::Refuse { reason, .. } => return written(reason),
            Decision::Produce { items, basis } => (items, basis),
        };
        let terms = self.process.terms.as_ref().ok_or(Rule::NoScope)?;
        check(!terms.hold_only, Rule::HoldOnly)?;
        self.check_items(items)?;
        self.check_classes(items, basis)?;
        self.check_findings(basis)
    }

    fn check_classes(&self, items: &BTreeSet<Item>, basis: &Basis) -> Result<(), Refusal> {
        match basis {
            Basis::Consent {} => return check(self.process.all_consent(Told::Disclosure), Rule::NoConsent),
            Basis::DutyToReport { law } => return written(law),
            Basis::Instrument {} => {}
        }
        let terms = self.process.terms.as_ref().ok_or(Rule::NoScope)?;
        for item in items {
            let record = self.record(item).ok_or(Rule::NotHeld)?;
            if record.public || terms.us.contains(&record.us) || terms.eu.contains(&record.eu) {
                continue;
            }
            check(record.us != Us::PrivateContent, Rule::ContentBarred)?;
            check(
                self.is_excused(Guard::Compelled, Step::Determination),
                Rule::NotCompelled,
            )?;
        }
        Ok(())
    }

    fn check_findings(&self, basis: &Basis) -> Result<(), Refusal> {
        if !matches!(basis, Basis::Instrument {}) || self.is_excused(Guard::Findings, Step::Determination) {
            return Ok(());
        }
        let binding = self.process.is_binding();
        let holds = |finding: &Finding| {
            self.process
                .findings
                .get(finding)
                .is_some_and(|met| *met || binding)
        };
        check(Finding::ALL.iter().all(holds), Rule::NoFindings)
    }

    /// Items lie within what two people approved, and what they approved holds still.
    fn check_approved(&self, items: &BTreeSet<Item>) -> Result<(), Refusal> {
        self.check_items(items)?;
        let determination = self.process.determination.as_ref().ok_or(Rule::NotApproved)?;
        let Decision::Produce {
            items: approved,
            basis,
        } = &determination.decision
        else {
            return Err(Rule::NotApproved.into());
        };
        check(
            determination.second.is_some() && items.is_subset(approved),
            Rule::NotApproved,
        )?;
        let consent = !matches!(basis, Basis::Consent {}) || self.process.all_consent(Told::Disclosure);
        check(consent, Rule::NoConsent)
    }

    fn check_production(&self, event: &Event, items: &BTreeSet<Item>, second: Second) -> Result<(), Refusal> {
        self.check_approved(items)?;
        let prepared = self.process.prepared.as_ref().ok_or(Rule::NotApproved)?;
        check(items.is_subset(&prepared.items), Rule::NotApproved)?;
        check(!self.is_stayed(), Rule::Stayed)?;
        let excused = |guard| self.is_excused(guard, Step::Production);
        check(
            self.process.verified || excused(Guard::CallBack),
            Rule::NotVerified,
        )?;
        match self.process.notice {
            Notice::Sent { .. } => check(
                !self.window_is_open(event.at) || excused(Guard::Window),
                Rule::WindowOpen,
            )?,
            Notice::Excepted { .. } => {}
            Notice::Delayed => check(self.gag.bars_notice(event.at), Rule::NoNotice)?,
            Notice::Not | Notice::Due { .. } => return Err(Rule::NoNotice.into()),
        }
        self.check_person(event, (prepared.by, prepared.at), second, Step::Production)
    }

    fn window_is_open(&self, at: CoarseTime) -> bool {
        self.process.window_ends.is_some_and(|ends| at < ends) && !self.process.all_consent(Told::Disclosure)
    }

    fn check_emergency(&self, event: &Event, items: &BTreeSet<Item>) -> Result<(), Refusal> {
        let approved = self.process.prepared.as_ref().ok_or(Rule::NotApproved)?;
        self.check_items(items)?;
        check(items.is_subset(&approved.items), Rule::NotApproved)?;
        check(self.process.verified, Rule::NotVerified)?;
        check(!self.is_stayed(), Rule::Stayed)?;
        check(event.officer != approved.by, Rule::SamePerson)
    }

    fn check_second(&self, event: &Event, step: Step, second: Second) -> Result<(), Refusal> {
        let process = &self.process;
        match step {
            Step::Determination => {
                let open = process
                    .determination
                    .as_ref()
                    .filter(|open| open.second.is_none());
                let open = open.filter(|_| process.position == Position::Determining);
                let open = open.ok_or(Rule::NothingToSecond)?;
                self.check_decision(&open.decision)?;
                self.check_person(event, (open.by, open.at), second, step)
            }
            Step::NoticeException => {
                let (by, _) = process.exception.as_ref().ok_or(Rule::NothingToSecond)?;
                check(!self.told(), Rule::AlreadyNoticed)?;
                two_people(event, *by, second)
            }
            Step::CourtOrder => {
                let order = process.overrides.iter().find(|order| !order.seconded);
                two_people(event, order.ok_or(Rule::NothingToSecond)?.by, second)?;
                check(second == Second::Officer, Rule::NeedsTwo)
            }
            Step::Terms => {
                check(process.position.is_before_production(), Rule::NothingToSecond)?;
                let (by, _, _) = process.revision.as_ref().ok_or(Rule::NothingToSecond)?;
                two_people(event, *by, second)
            }
            Step::Ready | Step::Production => Err(Rule::NothingToSecond.into()),
        }
    }

    /// A second person, or a single officer who has waited.
    fn check_person(
        &self,
        event: &Event,
        first: (OfficerId, CoarseTime),
        second: Second,
        step: Step,
    ) -> Result<(), Refusal> {
        if second != Second::Waited {
            return check(event.officer != first.0, Rule::SamePerson);
        }
        check(
            self.officers.iter().all(|officer| *officer == event.officer),
            Rule::NotAlone,
        )?;
        let waited = first.1.plus(WAIT);
        let until = self
            .binding_deadline()
            .map_or(waited, |deadline| deadline.min(waited));
        check(
            event.at >= until || self.is_excused(Guard::Wait, step),
            Rule::TooEarly,
        )
    }

    fn is_excused(&self, guard: Guard, step: Step) -> bool {
        let orders = self.process.overrides.iter();
        orders
            .filter(|order| order.seconded)
            .any(|order| order.guard == guard && order.step == step)
    }

    fn check_closing(&self) -> Result<(), Refusal> {
        let refused = self.process.determination.as_ref().is_some_and(|determination| {
            determination.second.is_some() && matches!(determination.decision, Decision::Refuse { .. })
        });
        check(
            refused || self.process.position != Position::Determined,
            Rule::NotRefused,
        )?;
        check(!self.notice_owed(), Rule::NoticeOwed)
    }
}

fn two_people(event: &Event, first: OfficerId, second: Second) -> Result<(), Refusal> {
    check(second != Second::Waited, Rule::NeedsTwo)?;
    check(event.officer != first, Rule::SamePerson)
}

/// A record lies within the classes of a line. Whether content is public is decided row by row.
fn covers(line: &Line, record: &Record) -> bool {
    let content = |us: Us| matches!(us, Us::PublicContent | Us::PrivateContent);
    let us = line.us.contains(&record.us) || (content(record.us) && line.us.iter().any(|us| content(*us)));
    us || line.eu.contains(&record.eu)
}

/// `new` asks for nothing that `old` did not ask for. Out of an umbrella anything can be narrowed that has a class; words
/// that nobody knows contain only themselves.
fn contains(old: &Line, new: &Line) -> bool {
    if old == new {
        return true;
    }
    let classed = !new.umbrella && !new.us.is_empty();
    classed && (old.umbrella || (new.us.is_subset(&old.us) && new.eu.is_subset(&old.eu)))
}
