//! Demands to unmask somebody: what they are, what they can compel, what may happen to them and in which order.
//!
//! Pure: no database, no files, no clock. The desk joins it with the store; `bauta verify` replays the same events.
//! Bauta sorts facts and shows rules that may be out of date. This is not legal advice.

pub mod category;
mod deadline;
mod defect;
mod demand;
mod event;
mod hash;
mod intake;
mod moment;
mod officer;
pub mod pack;
pub mod record;
pub mod report;
mod review;
mod state;
mod terms;

pub use deadline::{deadline_set, deadlines, notice_window};
pub use defect::DefectCode;
pub use demand::{Cited, Demand, MEMBER_STATES, NonDisclosure, ReceivedTime, Served};
pub use event::{
    Adjudication, Answer, Basis, CaseFact, Challenger, Correction, CourtDocument, Decision, DocketEntry,
    Document, Event, Exception, Fact, Finding, GagBasis, GagFact, Ground, Held, HoldDecision, Item,
    LETTER_SENT, Line, NarrowedLine, Party, PreservationFact, ProcessFact, PublicationFact, Received, Record,
    Restated, Scope, ScopeLine, Second, Step, Told, Verified,
};
pub use hash::Hash;
pub use intake::{Intake, InvalidIntake};
pub use moment::{InvalidMoment, day, optional_slot, slot};
pub use officer::OfficerId;
pub use pack::RulePack;
pub use review::{Defect, Server, review};
pub use state::{
    Adjudged, Case, CasePosition, Determination, Gag, GagPosition, Guard, Logged, Notice, Override, Position,
    Prepared, Preservation, PreservationPosition, Process, Publication, Refusal, Region, Rule, State,
    voluntary_dismissals,
};
pub use terms::{Binding, Bucket, Deadline, DeadlineNote, InstrumentId, LogRule, NoticeRule, Terms};

#[cfg(test)]
mod tests;

/// On every page and letter of the desk.
pub const NOT_ADVICE: &str = "Bauta sorts facts and shows rules that may be out of date. This is not legal advice. \
     Talk to a lawyer before you answer, refuse, delete or tell anyone.";
