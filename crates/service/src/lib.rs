//! What people can do, and the rules. No HTTP, no SQL.
//!
//! One module a verb, grouped by what it acts on. A verb takes the [`App`], who speaks ([`Speaker`]) and a request, and
//! answers with words of the domain or with [`Refused`].

pub mod accounts;
pub mod alarms;
pub mod announcements;
mod app;
pub mod apps;
mod at_start;
pub mod attachments;
pub mod by_slot;
pub mod conversations;
mod csv;
pub mod deliveries;
pub mod depot;
pub mod discovery;
pub mod domains;
pub mod emojis;
pub mod exchange;
mod figures;
pub mod filters;
mod gates;
pub mod housekeeping;
pub mod keepsakes;
mod keyed;
pub mod link_previews;
mod listed;
pub mod lists;
pub mod moderation;
pub mod notifications;
pub mod peers;
pub mod pictures;
pub mod posts;
pub mod push;
pub mod quoted;
pub mod reach;
pub mod reading;
mod refused;
pub mod relations;
pub mod remote_emojis;
pub mod remote_media;
pub mod reports;
pub mod search;
pub mod showcase;
mod shown;
mod site;
mod speaker;
pub mod streams;
pub mod tags;
#[cfg(test)]
mod testing;
pub mod timelines;
mod turning;

pub use app::{App, Setup};
pub use bauta_credentials::Cost;
pub use bauta_store::Deletion;
pub use bauta_store::Window;
pub use figures::{Figures, figures, rows_of_tables};
pub use listed::Listed;
pub use refused::Refused;
pub use site::{Contact, LegalSettings, Limits, Registrations, Rules, Site, is_web_address};
pub use speaker::{Scopes, SessionKind, Speaker};
