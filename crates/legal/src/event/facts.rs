//! What happens to the demand itself.

use std::collections::BTreeSet;

use bauta_model::CoarseTime;
use serde::{Deserialize, Serialize};

use super::names;
use super::records::{CourtDocument, Document, Item, Line, NarrowedLine, Scope};
use crate::moment::slot;
use crate::state::Guard;
use crate::{Deadline, DefectCode, Demand, Hash, OfficerId, ReceivedTime, Terms};

/// What happened to the demand itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProcessFact {
    /// It came.
    Received(Box<Received>),
    /// What is kept of what it asks for: decided before anything else.
    HoldDecided(HoldDecision),
    /// Somebody checks whether it is genuine.
    VerificationBegun {},
    /// It is genuine.
    Verified {
        /// How that is known.
        how: Verified,
        /// Whom, which number, where it was found.
        note: String,
    },
    /// It is not.
    NotGenuine {
        /// Why.
        reason: String,
    },
    /// It was read against the rules.
    Reviewed {
        /// What is wrong on its face.
        defects: BTreeSet<DefectCode>,
        /// Its dates.
        deadlines: Vec<Deadline>,
    },
    /// A date was agreed or ordered anew; it takes the place of the one of the same name.
    DeadlineSet {
        /// The date.
        deadline: Deadline,
        /// Why.
        reason: String,
    },
    /// How many of the accounts exist was counted anew.
    AccountsCounted {
        /// How many exist.
        found: u32,
    },
    /// Asked against held was computed.
    ScopeComputed(Scope),
    /// What the operator knows of something outside the program: the operator's own statement, which the officer answers
    /// for. A later one about the same takes its place.
    OutsideStated {
        /// For which line of the demand.
        line: u16,
        /// About what, by its name in the inventory.
        about: String,
        /// In the operator's words.
        statement: String,
    },
    /// Nothing that is asked for is held. Notice is owed all the same.
    NoRecords {},
    /// The user is to be told.
    NoticeDue {
        /// By when.
        #[serde(with = "slot")]
        by: CoarseTime,
    },
    /// The notice waits for each keyholder's next visit, the receipt with it.
    NoticeSent {
        /// To how many keyholders; 0 where no account exists.
        keyholders: u16,
        /// The end of the time to answer.
        #[serde(with = "slot")]
        window_ends: CoarseTime,
    },
    /// The notice waits for the end of a valid gag.
    NoticeDelayed {},
    /// The notice would reach the wrong hands, or cost a life. Counts when a second person agrees.
    NoticeExcepted {
        /// Which of the two.
        ground: Exception,
        /// The written finding.
        reason: String,
    },
    /// A second person agrees to what the first one entered.
    Seconded {
        /// To what.
        step: Step,
        /// In which way.
        second: Second,
    },
    /// What a user said.
    Answered(Answer),
    /// The provider objected.
    Objected {
        /// The defects that it names.
        grounds: BTreeSet<DefectCode>,
        /// What else it says.
        reason: String,
    },
    /// The objection is no longer upheld, without a court.
    ObjectionLifted {
        /// Why.
        reason: String,
    },
    /// The issuer asks for less, in writing.
    Narrowed {
        /// What is asked for now.
        lines: Vec<NarrowedLine>,
        /// The writing.
        document: Document,
    },
    /// The issuer asks a court to enforce it.
    EnforcementSought {
        /// Which court.
        court: String,
    },
    /// The issuer fell silent.
    WentStale {
        /// Since when, after what.
        reason: String,
    },
    /// Somebody asks a court to set it aside.
    Challenged {
        /// Who.
        by: Challenger,
        /// Which court.
        court: String,
    },
    /// A court decided.
    Adjudicated {
        /// What.
        outcome: Adjudication,
        /// Its decision.
        document: CourtDocument,
    },
    /// A higher court looks at the decision.
    ReviewSought {
        /// Which court.
        court: String,
    },
    /// One of the four findings.
    FindingRecorded {
        /// Which one.
        finding: Finding,
        /// It is met.
        met: bool,
        /// Why.
        reason: String,
    },
    /// What will be done. Counts when a second person agrees.
    Determined(Decision),
    /// What will be produced lies ready, for a second person to look at.
    Ready {
        /// What.
        items: BTreeSet<Item>,
        /// The hash of the manifest of the preview.
        manifest: Hash,
    },
    /// It was produced, by another officer than the one who made it ready.
    Produced {
        /// What.
        items: BTreeSet<Item>,
        /// The hash of the manifest.
        manifest: Hash,
        /// In which way a second person looked at it.
        second: Second,
    },
    /// It was withdrawn, and has no force from here on.
    Withdrawn {
        /// The date of the withdrawal, as received.
        on: ReceivedTime,
        /// The letter, where there is one.
        document: Option<Document>,
    },
    /// An official says that a life is in danger.
    EmergencyAsked {
        /// What is told of the danger.
        reason: String,
    },
    /// The emergency was not answered.
    EmergencyDeclined {
        /// Why.
        reason: String,
    },
    /// The first of two people approves.
    EmergencyApproved {
        /// What may be disclosed.
        items: BTreeSet<Item>,
        /// What shows the danger.
        reason: String,
    },
    /// The second of two people disclosed it, after a call-back.
    EmergencyDisclosed {
        /// What.
        items: BTreeSet<Item>,
        /// The hash of the manifest.
        manifest: Hash,
    },
    /// A court ordered one guard aside for one step. Counts when a second officer has entered it too.
    CourtOrdered {
        /// The order.
        document: CourtDocument,
        /// Which guard.
        guard: Guard,
        /// For which step.
        step: Step,
    },
    /// Counsel corrected the rule, or it is read under a newer pack. Counts when a second person agrees.
    TermsRevised {
        /// The new terms.
        terms: Terms,
        /// The pack that they were taken from.
        pack: Hash,
        /// Why.
        reason: String,
    },
    /// What it orders was done, as when moderators took an item away. What was produced or disclosed says so by itself.
    EffectGiven {},
    /// The same wish came again as a new demand.
    RenewedBy {
        /// The public number of the new one.
        demand: String,
    },
    /// Counsel defers the entry in the log until the gag ends.
    LogDeferred {
        /// Why.
        reason: String,
    },
    /// The entry is deferred no longer.
    LogResumed {},
    /// A document came to the papers.
    DocumentAdded(Document),
    /// An officer is no longer at the desk.
    OfficerLeft {
        /// Who.
        officer: OfficerId,
    },
    /// Nothing more will happen to it.
    Closed {},
}

names!(ProcessFact {
    Received => "received",
    HoldDecided => "hold_decided",
    VerificationBegun => "verification_begun",
    Verified => "verified",
    NotGenuine => "not_genuine",
    Reviewed => "reviewed",
    DeadlineSet => "deadline_set",
    AccountsCounted => "accounts_counted",
    ScopeComputed => "scope_computed",
    OutsideStated => "outside_stated",
    NoRecords => "no_records",
    NoticeDue => "notice_due",
    NoticeSent => "notice_sent",
    NoticeDelayed => "notice_delayed",
    NoticeExcepted => "notice_excepted",
    Seconded => "seconded",
    Answered => "answered",
    Objected => "objected",
    ObjectionLifted => "objection_lifted",
    Narrowed => "narrowed",
    EnforcementSought => "enforcement_sought",
    WentStale => "went_stale",
    Challenged => "challenged",
    Adjudicated => "adjudicated",
    ReviewSought => "review_sought",
    FindingRecorded => "finding_recorded",
    Determined => "determined",
    Ready => "ready",
    Produced => "produced",
    Withdrawn => "withdrawn",
    EmergencyAsked => "emergency_asked",
    EmergencyDeclined => "emergency_declined",
    EmergencyApproved => "emergency_approved",
    EmergencyDisclosed => "emergency_disclosed",
    CourtOrdered => "court_ordered",
    TermsRevised => "terms_revised",
    EffectGiven => "effect_given",
    RenewedBy => "renewed_by",
    LogDeferred => "log_deferred",
    LogResumed => "log_resumed",
    DocumentAdded => "document_added",
    OfficerLeft => "officer_left",
    Closed => "closed",
});

/// A demand on the day it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// What the paper says.
    pub demand: Demand,
    /// The rules that it is under, copied from the pack.
    pub terms: Terms,
    /// The hash of the pack.
    pub pack: Hash,
    /// Its lines, in its order.
    pub lines: Vec<Line>,
    /// How many of the accounts exist.
    pub found: u32,
    /// The public number of the demand that it renews. Nothing else is taken over from that.
    pub renews: Option<String>,
}

/// What is kept of what a demand asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldDecision {
    /// What.
    pub held: Held,
    /// Why.
    pub reason: String,
}

/// The ways to decide about a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// A sealed copy of the rows that are held, requested and no credential: the default.
    SealedCopy,
    /// Nothing, for the reason that is given.
    Nothing,
}

/// How it is known that a demand is genuine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Somebody called back on a number found independently.
    CalledBack,
    /// It stands on a court's docket.
    CourtRecord,
    /// It was handed over by somebody who identified themselves.
    InPerson,
    /// It is signed with a key that was known before.
    Signature,
}

/// What stands in the way of telling the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// The account is known to be in another's hands.
    AccountTaken,
    /// A life is threatened.
    ThreatToLife,
}

/// The steps that take a second person, and those that a court's order can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// What will be done.
    Determination,
    /// What will be produced lies ready.
    Ready,
    /// Producing.
    Production,
    /// Not telling the user.
    NoticeException,
    /// Entering a court's order.
    CourtOrder,
    /// Reading the demand under other terms.
    Terms,
}

/// In which way a second person took part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Second {
    /// Another officer did it.
    Officer,
    /// Counsel did it.
    Counsel,
    /// The desk has one officer, who waited 24 hours or until a binding deadline. The report says so.
    Waited,
}

/// What a user said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// No, in their own words, which are sealed apart.
    Objects {
        /// Which of the keyholders, from 0.
        keyholder: u16,
    },
    /// Yes.
    Consents {
        /// Which of the keyholders, from 0.
        keyholder: u16,
        /// To what.
        to: Told,
    },
    /// No longer.
    Revokes {
        /// Which of the keyholders, from 0.
        keyholder: u16,
        /// What they had agreed to.
        to: Told,
    },
    /// Who speaks for them: the key and the name are sealed apart.
    NamesCounsel {
        /// Which of the keyholders, from 0.
        keyholder: u16,
    },
    /// They have read the notice.
    Seen {
        /// Which of the keyholders, from 0.
        keyholder: u16,
    },
}

/// What somebody can agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Producing what is asked for.
    Disclosure,
    /// A public page about the demand.
    Publication,
}

/// Who went to court against a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenger {
    /// Whoever runs the server.
    Provider,
    /// The user.
    User,
}

/// What a court decided about a demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Adjudication {
    /// It is set aside.
    Quashed {},
    /// It reaches less far.
    Modified {
        /// What is asked for now.
        lines: Vec<NarrowedLine>,
    },
    /// It has to be obeyed.
    Enforced {},
}

/// The four findings that guide disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// An offence has been shown.
    OffenceShown,
    /// It is the least restrictive means.
    LeastRestrictive,
    /// It is not meant to suppress speech.
    NotToSuppressSpeech,
    /// The need outweighs the speaker's rights.
    NeedOutweighs,
}

impl Finding {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::OffenceShown,
        Self::LeastRestrictive,
        Self::NotToSuppressSpeech,
        Self::NeedOutweighs,
    ];
}

/// What will be done with a demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// It will be answered with these records.
    Produce {
        /// What is approved.
        items: BTreeSet<Item>,
        /// On what ground.
        basis: Basis,
    },
    /// It will not be answered.
    Refuse {
        /// On what ground.
        ground: Ground,
        /// What else is said.
        reason: String,
    },
}

/// What a production rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Basis {
    /// The demand and its row of the pack.
    Instrument {},
    /// A law that makes the provider report it.
    DutyToReport {
        /// Which law.
        law: String,
    },
    /// Each keyholder agreed.
    Consent {},
}

/// Why a demand is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It carries no duty.
    NoDuty,
    /// It has defects.
    Defects,
    /// A finding is not met.
    Findings,
    /// The law of another country forbids it.
    ForeignLaw,
    /// It asks for a hold only.
    HoldOnly,
}
