//! Timelines and rendered pieces, in memory. No SQL: service loads what is cold and hands it in.
//!
//! A post is appended once, however many follow its author. A home timeline is merged when it is read, from what each
//! followed author said last, and kept with its reader until the next posts join it.

mod cache;
mod cards;
mod entry;
mod home;
mod log;
mod marks;
mod pick;
mod reader;
mod repeats;
mod timelines;

pub use cache::{Limits as CacheLimits, Ticket};
pub use cards::{AccountCard, Accounts, Card, Cards, Piece};
pub use entry::{Answer, AuthorFilter, Entry, Page, Reach};
pub use marks::{Flags, Mark, Marks};
pub use reader::{Follow, Reader, ReaderSeed};
pub use repeats::{REPEAT_WITHIN, Repeats};
pub use timelines::{Limits, Timelines};
