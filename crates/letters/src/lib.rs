//! What the desk writes: drafts of letters, from facts to text, print-ready HTML and PDF, and deadlines as a calendar.
//!
//! Pure: the same facts give the same bytes, with no clock, name or path of the machine in them. A draft is edited and
//! sent by a person; nothing here or above sends one.

mod calendar;
mod drafts;
mod editing;
mod facts;
mod html;
mod letter;
mod pdf;
mod plain;
mod widths;
mod words;

pub use calendar::calendar;
pub use drafts::{CantWrite, Kind, draft};
pub use editing::{editable, edited};
pub use facts::{Case, Deadline, Ground, Line, Log, Matter, Outcome, Secrecy, Sender, Stated, Status};
pub use html::{fragment, html};
pub use letter::{Block, Letter, Table};
pub use pdf::pdf;
pub use plain::plain;
pub use words::NOT_ADVICE;

/// How a date reads in a letter: `13 March 2017, 11:45`; what no calendar has stays as it was received, in quotes.
pub fn received_date(text: &str) -> String {
    facts::received(text)
}
