//! Posts: writing, changing, and what people do with them.

pub mod aside;
mod ballots;
mod boost;
mod delete_post;
mod draft;
mod edit;
mod edit_media;
mod expiry;
mod habits;
mod history;
mod idempotency;
mod kept;
mod leak_check;
mod marks;
mod pass_on;
pub(crate) mod past;
mod pin;
mod polls;
mod post;
mod quote;
mod quote_answers;
mod reactions;
mod read;
mod receive;
mod receive_quote;
mod reply_policy;
mod scheduled;
mod short_links;
#[cfg(test)]
mod tests;
mod thread;

pub(crate) use ballots::Ballots;
pub use ballots::receive_vote;
pub use boost::{boost, unboost};
pub use delete_post::{delete_post, remove};
pub(crate) use delete_post::{note_gone, remove_and};
pub use draft::Draft;
pub use edit::{Edit, edit};
pub(crate) use expiry::let_go;
pub use expiry::{LIFETIMES, Rule, Spared, end_of, rule, set_rule};
pub use habits::habits;
pub use history::{Version, history};
pub use idempotency::Idempotency;
pub use leak_check::Leak;
pub use marks::{bookmark, favourite, mute_thread, unbookmark, unfavourite, unmute_thread};
pub use pass_on::{PassedOn, remove_and_pass_on};
pub use pin::{Pins, pin, receive_pins, unpin};
pub(crate) use polls::tell_of_ends;
pub use polls::{LONGEST, NewPoll, PollWish, SHORTEST, poll_of, vote};
pub use post::post;
pub(crate) use post::{Memory, heard};
pub use quote::{quotes_of, revoke_quote, set_quote_policy};
pub use quote_answers::{
    QuoteRequest, answer_quote_request, check_asking, may_quote, quote_answered, stamp_gone,
};
pub use reactions::{People, boosted_by, favourited_by};
pub(crate) use read::only_readable;
pub use read::{read, read_many, source};
pub(crate) use receive::listed_as;
pub use receive::{
    QuoteReceived, Received, never_came, receive, receive_boost, receive_edit, receive_for_boost,
};
pub(crate) use reply_policy::may_reply;
pub use reply_policy::set_reply_policy;
pub(crate) use scheduled::publish_due;
pub use scheduled::{
    Scheduled, all_scheduled, as_if_published, hold, reschedule, schedule, scheduled, unschedule,
};
pub use short_links::{Resolved, resolve, stop};
pub use thread::{Thread, thread};
