//! Moderating: the queue of reports, and what moderators decide. Every decision is on a record, with its reason and its
//! day; whom it is about can read it.

mod accounts;
mod appeals;
mod decide;
mod posts;
mod quarantine;
#[cfg(test)]
mod quarantine_tests;
mod queue;
pub(crate) mod record;
#[cfg(test)]
mod tests;

pub use accounts::{
    Found, Listing, delete_account, limit, people, person, person_at, suspend, unlimit, unsuspend, warn,
};
pub use appeals::{APPEAL_CHARS, Waiting, appeal, appeals, can_be_appealed, settle_appeal};
pub use bauta_store::appeals::State as AppealState;
pub use bauta_store::moderation::{Action, Decision};
pub use bauta_store::reports::Wanted;
pub(crate) use decide::moderators_only;
pub use decide::{REASON_CHARS, Why};
pub use posts::{delete_post, hide_post, show_post};
pub(crate) use quarantine::end as end_quarantines;
pub use quarantine::{
    Alarm, Due, Held, Kept, Kind, Looked, Quarantine, Words, due, held_file, look, quarantine, quarantined,
    quarantines, release, sent, term_of,
};
pub use queue::{Case, assign, count_open, queue, reopen, report, resolve, set_category, unassign};
pub use record::{Entry, Notice, decisions_about_me, record};
