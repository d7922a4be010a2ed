//! The demand itself: what is known of it, and how facts change that. The rules stand in `rules.rs`.

use std::collections::{BTreeMap, BTreeSet};

use bauta_model::CoarseTime;

use super::position::To;
use super::{Guard, Position, Refusal, Region, Rule, State};
use crate::event::Correction;
use crate::{
    Adjudication, Answer, Binding, CourtDocument, Deadline, Decision, DefectCode, Demand, Document, Event,
    Exception, Finding, Hash, HoldDecision, Item, Line, NarrowedLine, OfficerId, ProcessFact, Received,
    Scope, Second, Step, Terms, Told,
};

/// What is known of a demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Where it stands.
    pub position: Position,
    /// What the paper says, in the newest reading.
    pub demand: Option<Demand>,
    /// The rules that it is under.
    pub terms: Option<Terms>,
    /// The hash of the pack of these rules.
    pub pack: Option<Hash>,
    /// The lines that are asked for now, by number. A number is never given twice.
    pub lines: BTreeMap<u16, Line>,
    /// The next number of a line.
    pub next_line: u16,
    /// It was narrowed.
    pub narrowed: bool,
    /// How many of its accounts exist.
    pub found: u32,
    /// The demand that it renews.
    pub renews: Option<String>,
    /// The demands that renew it.
    pub renewed_by: Vec<String>,
    /// What is kept.
    pub hold: Option<HoldDecision>,
    /// It is known to be genuine.
    pub verified: bool,
    /// What is wrong on its face.
    pub defects: BTreeSet<DefectCode>,
    /// Its dates, by name.
    pub deadlines: BTreeMap<String, Deadline>,
    /// Asked against held.
    pub scope: Option<Scope>,
    /// Whether the user was told.
    pub notice: Notice,
    /// How many keyholders were told.
    pub keyholders: u16,
    /// The end of the user's time to answer.
    pub window_ends: Option<CoarseTime>,
    /// Keyholders who agreed, by what they agreed to.
    pub consents: BTreeSet<(Told, u16)>,
    /// Keyholders who objected.
    pub objections: BTreeSet<u16>,
    /// Keyholders who named counsel.
    pub counsel: BTreeSet<u16>,
    /// Keyholders who have read the notice.
    pub seen: BTreeSet<u16>,
    /// The provider objected at some time.
    pub provider_objected: bool,
    /// The four findings.
    pub findings: BTreeMap<Finding, bool>,
    /// What a court decided last.
    pub adjudged: Option<Adjudged>,
    /// What will be done.
    pub determination: Option<Determination>,
    /// What lies ready.
    pub prepared: Option<Prepared>,
    /// What was disclosed.
    pub produced: BTreeSet<Item>,
    /// The hash of the manifest of what was disclosed.
    pub manifest: Option<Hash>,
    /// When it was disclosed.
    pub disclosed_at: Option<CoarseTime>,
    /// A single officer waited in place of a second person.
    pub waited: bool,
    /// Court's orders that put a guard aside for a step still to come.
    pub overrides: Vec<Override>,
    /// An exception from notice that waits for a second person.
    pub exception: Option<(OfficerId, Exception)>,
    /// Terms that wait for a second person.
    pub revision: Option<(OfficerId, Terms, Hash)>,
    /// What the operator said of what lies outside the program: by line, and by name in the inventory.
    pub statements: BTreeMap<(u16, String), Statement>,
    /// Documents, in the order in which they came.
    pub documents: Vec<Document>,
    /// Counsel deferred the entry in the log.
    pub log_deferred: bool,
}

/// Whether the user was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notice {
    /// Not yet.
    #[default]
    Not,
    /// It falls due.
    Due {
        /// By when.
        by: CoarseTime,
    },
    /// It waits for the end of a gag.
    Delayed,
    /// It was given.
    Sent {
        /// When.
        at: CoarseTime,
    },
    /// Two people found that it would reach the wrong hands or cost a life.
    Excepted {
        /// Which of the two.
        ground: Exception,
    },
}

/// What a court decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjudged {
    /// The demand has to be obeyed, whole or in part; else it is set aside.
    pub enforced: bool,
    /// It was narrowed.
    pub modified: bool,
    /// The decision.
    pub document: CourtDocument,
}

/// What will be done, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Determination {
    /// What.
    pub decision: Decision,
    /// The first person.
    pub by: OfficerId,
    /// When.
    pub at: CoarseTime,
    /// The second person agreed.
    pub second: Option<Second>,
}

/// What the operator said of something outside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// In the operator's words.
    pub words: String,
    /// The officer who answers for it.
    pub by: OfficerId,
    /// When.
    pub at: CoarseTime,
}

/// What lies ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// What.
    pub items: BTreeSet<Item>,
    /// The hash of the manifest of the preview.
    pub manifest: Hash,
    /// Who made it ready, or approved an emergency.
    pub by: OfficerId,
    /// When.
    pub at: CoarseTime,
}

/// A court's order that puts a guard aside for one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Which guard.
    pub guard: Guard,
    /// For which step.
    pub step: Step,
    /// Who entered it first.
    pub by: OfficerId,
    /// A second officer has entered it too.
    pub seconded: bool,
    /// The order.
    pub document: CourtDocument,
}

impl Process {
    /// Each keyholder has agreed, and there is at least one.
    pub fn all_consent(&self, to: Told) -> bool {
        self.keyholders > 0 && (0..self.keyholders).all(|keyholder| self.consents.contains(&(to, keyholder)))
    }

    /// It has to be obeyed, as far as it reaches, without a further order.
    pub fn is_binding(&self) -> bool {
        if let Some(adjudged) = &self.adjudged {
            return adjudged.enforced;
        }
        match self.terms.as_ref().map(|terms| terms.binding) {
            Some(Binding::Yes) => true,
            Some(Binding::UntilObjection) => !self.provider_objected,
            Some(Binding::NotByItself | Binding::Voluntary) | None => false,
        }
    }

    fn forget_approvals(&mut self) {
        self.determination = None;
        self.prepared = None;
    }

    /// Puts `lines` in the place of those that they narrow.
    fn narrow(&mut self, lines: &[NarrowedLine]) {
        self.set_lines(lines.iter().map(|narrowed| narrowed.line.clone()));
        self.narrowed = true;
        self.scope = None;
        self.forget_approvals();
    }

    fn set_lines(&mut self, lines: impl Iterator<Item = Line>) {
        self.lines.clear();
        for line in lines {
            self.lines.insert(self.next_line, line);
            self.next_line = self.next_line.saturating_add(1);
        }
    }

    fn receive(&mut self, received: &Received) {
        self.demand = Some(received.demand.clone());
        self.terms = Some(received.terms.clone());
        self.pack = Some(received.pack);
        self.set_lines(received.lines.iter().cloned());
        self.found = received.found;
        self.renews.clone_from(&received.renews);
    }

    fn answer(&mut self, answer: &Answer) {
        match *answer {
            Answer::Objects { keyholder } => {
                self.objections.insert(keyholder);
            }
            Answer::Consents { keyholder, to } => {
                self.consents.insert((to, keyholder));
            }
            Answer::Revokes { keyholder, to } => {
                self.consents.remove(&(to, keyholder));
            }
            Answer::NamesCounsel { keyholder } => {
                self.counsel.insert(keyholder);
            }
            Answer::Seen { keyholder } => {
                self.seen.insert(keyholder);
            }
        }
    }

    /// Takes what a fact says into what is known. The rules have been asked.
    fn take(&mut self, event: &Event, fact: &ProcessFact) {
        match fact {
            ProcessFact::Received(received) => self.receive(received),
            ProcessFact::HoldDecided(decision) => self.hold = Some(decision.clone()),
            ProcessFact::Verified { .. } => self.verified = true,
            ProcessFact::Reviewed { defects, deadlines } => {
                self.defects.clone_from(defects);
                self.deadlines = deadlines
                    .iter()
                    .map(|one| (one.name.clone(), one.clone()))
                    .collect();
            }
            ProcessFact::DeadlineSet { deadline, .. } => {
                self.deadlines.insert(deadline.name.clone(), deadline.clone());
            }
            ProcessFact::AccountsCounted { found } => self.found = *found,
            ProcessFact::ScopeComputed(scope) => {
                self.scope = Some(scope.clone());
                self.forget_approvals();
            }
            ProcessFact::OutsideStated {
                line,
                about,
                statement,
            } => {
                let statement = Statement {
                    words: statement.clone(),
                    by: event.officer,
                    at: event.at,
                };
                self.statements.insert((*line, about.clone()), statement);
            }
            ProcessFact::NoticeDue { by } => self.notice = Notice::Due { by: *by },
            ProcessFact::NoticeSent {
                keyholders,
                window_ends,
            } => {
                self.notice = Notice::Sent { at: event.at };
                self.keyholders = *keyholders;
                self.window_ends = Some(*window_ends);
            }
            ProcessFact::NoticeDelayed {} => self.notice = Notice::Delayed,
            ProcessFact::NoticeExcepted { ground, .. } => self.exception = Some((event.officer, *ground)),
            ProcessFact::Seconded { step, second } => self.second(*step, *second),
            ProcessFact::Answered(answer) => self.answer(answer),
            ProcessFact::Objected { .. } => {
                self.provider_objected = true;
                self.forget_approvals();
            }
            ProcessFact::Narrowed { lines, .. } => self.narrow(lines),
            ProcessFact::Adjudicated { outcome, document } => self.adjudicate(outcome, document),
            ProcessFact::FindingRecorded { finding, met, .. } => {
                self.findings.insert(*finding, *met);
            }
            ProcessFact::Determined(decision) => {
                self.determination = Some(Determination {
                    decision: decision.clone(),
                    by: event.officer,
                    at: event.at,
                    second: None,
                });
            }
            ProcessFact::Ready { items, manifest } => self.prepare(event, items, *manifest),
            ProcessFact::EmergencyApproved { items, .. } => self.prepare(event, items, Hash::new([0; 32])),
            ProcessFact::Produced {
                items,
                manifest,
                second,
            } => {
                self.waited |= *second == Second::Waited;
                self.overrides.retain(|order| order.step != Step::Production);
                self.disclose(event, items, *manifest);
            }
            ProcessFact::EmergencyDisclosed { items, manifest } => self.disclose(event, items, *manifest),
            ProcessFact::CourtOrdered {
                document,
                guard,
                step,
            } => self.overrides.push(Override {
                guard: *guard,
                step: *step,
                by: event.officer,
                seconded: false,
                document: document.clone(),
            }),
            ProcessFact::TermsRevised { terms, pack, .. } => {
                self.revision = Some((event.officer, terms.clone(), *pack));
            }
            ProcessFact::RenewedBy { demand } => self.renewed_by.push(demand.clone()),
            ProcessFact::LogDeferred { .. } => self.log_deferred = true,
            ProcessFact::LogResumed {} => self.log_deferred = false,
            ProcessFact::DocumentAdded(document) => self.documents.push(document.clone()),
            ProcessFact::EnforcementSought { .. }
            | ProcessFact::Challenged { .. }
            | ProcessFact::ObjectionLifted { .. } => self.forget_approvals(),
            ProcessFact::VerificationBegun {}
            | ProcessFact::NotGenuine { .. }
            | ProcessFact::NoRecords {}
            | ProcessFact::WentStale { .. }
            | ProcessFact::ReviewSought { .. }
            | ProcessFact::Withdrawn { .. }
            | ProcessFact::EmergencyAsked { .. }
            | ProcessFact::EmergencyDeclined { .. }
            | ProcessFact::OfficerLeft { .. }
            | ProcessFact::EffectGiven {}
            | ProcessFact::Closed {} => {}
        }
    }

    fn prepare(&mut self, event: &Event, items: &BTreeSet<Item>, manifest: Hash) {
        self.prepared = Some(Prepared {
            items: items.clone(),
            manifest,
            by: event.officer,
            at: event.at,
        });
    }

    fn disclose(&mut self, event: &Event, items: &BTreeSet<Item>, manifest: Hash) {
        self.produced.clone_from(items);
        self.manifest = Some(manifest);
        self.disclosed_at = Some(event.at);
    }

    fn adjudicate(&mut self, outcome: &Adjudication, document: &CourtDocument) {
        if let Adjudication::Modified { lines } = outcome {
            self.narrow(lines);
        }
        self.forget_approvals();
        self.adjudged = Some(Adjudged {
            enforced: !matches!(outcome, Adjudication::Quashed {}),
            modified: matches!(outcome, Adjudication::Modified { .. }),
            document: document.clone(),
        });
    }

    fn second(&mut self, step: Step, second: Second) {
        self.waited |= second == Second::Waited;
        match step {
            Step::Determination => {
                if let Some(determination) = &mut self.determination {
                    determination.second = Some(second);
                }
                self.overrides.retain(|order| order.step != Step::Determination);
            }
            Step::NoticeException => {
                if let Some((_, ground)) = self.exception.take() {
                    self.notice = Notice::Excepted { ground };
                }
            }
            Step::CourtOrder => {
                if let Some(order) = self.overrides.iter_mut().find(|order| !order.seconded) {
                    order.seconded = true;
                }
            }
            Step::Terms => {
                if let Some((_, terms, pack)) = self.revision.take() {
                    self.terms = Some(terms);
                    self.pack = Some(pack);
                    self.scope = None;
                    self.forget_approvals();
                }
            }
            Step::Ready | Step::Production => {}
        }
    }

    fn after_scope(&self) -> Position {
        match self.notice {
            Notice::Not => Position::ScopeComputed,
            Notice::Due { .. } => Position::NoticeDue,
            Notice::Delayed => Position::NoticeDelayed,
            Notice::Sent { .. } | Notice::Excepted { .. } => Position::Noticed,
        }
    }

    fn after_second(&self, step: Step) -> Position {
        let before_notice = matches!(
            self.position,
            Position::ScopeComputed | Position::NoticeDue | Position::NoticeDelayed
        );
        match step {
            Step::Determination => Position::Determined,
            Step::NoticeException if before_notice => Position::Noticed,
            Step::Terms if self.position.is_on_the_way() => Position::Verifying,
            _ => self.position,
        }
    }
}

impl State {
    pub(super) fn change_process(&mut self, event: &Event, fact: &ProcessFact) -> Result<(), Refusal> {
        let from = self.process.position;
        let to = from.edge(fact.name()).ok_or(Refusal::Edge {
            region: Region::Process,
            from: from.name(),
            fact: fact.name(),
        })?;
        let leaves = to != To::Stay && from == Position::Received;
        if leaves && self.process.hold.is_none() {
            return Err(Rule::NoHold.into());
        }
        self.check(event, fact)?;
        let seconded = match fact {
            ProcessFact::Seconded { step, .. } => self.process.after_second(*step),
            _ => from,
        };
        self.process.take(event, fact);
        self.process.position = match to {
            To::Stay => from,
            To::At(position) => position,
            To::AfterScope => self.process.after_scope(),
            To::Adjudicated if self.process.adjudged.as_ref().is_some_and(|court| court.enforced) => {
                Position::Enforced
            }
            To::Adjudicated => Position::Quashed,
            To::Seconded => seconded,
        };
        Ok(())
    }

    /// A correction stands beside the older event. A demand read anew is reviewed anew, and nothing that was approved
    /// on the old reading holds.
    pub(super) fn correct(&mut self, correction: &Correction) -> Result<(), Refusal> {
        if correction.of >= self.events {
            return Err(Rule::NoSuchEvent.into());
        }
        if correction.note.trim().is_empty() {
            return Err(Rule::NoReason.into());
        }
        let Some(restated) = &correction.demand else {
            return Ok(());
        };
        let process = &mut self.process;
        if !process.position.is_before_production() {
            return Err(Refusal::Edge {
                region: Region::Process,
                from: process.position.name(),
                fact: "corrected",
            });
        }
        if restated.lines.is_empty() {
            return Err(Rule::NoLines.into());
        }
        if process.narrowed && !process.lines.values().eq(restated.lines.iter()) {
            return Err(Rule::NotNarrower.into());
        }
        process.demand = Some(restated.demand.clone());
        process.set_lines(restated.lines.iter().cloned());
        process.scope = None;
        process.forget_approvals();
        process.position = match process.position {
            position if position.is_on_the_way() => Position::Verifying,
            Position::NoRecords => Position::Verifying,
            Position::EmergencyApproved => Position::EmergencyAsked,
            position => position,
        };
        Ok(())
    }
}
