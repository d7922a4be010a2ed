//! All SQL. Nobody else sees a connection.
//!
//! One way in: a named piece of work, [`Store::read`] or [`Store::write`], that gets a [`Conn`] and calls the plain
//! query functions of the modules below, one module a table group.

mod conn;
mod error;
mod ids;
mod live_schema;
mod lock;
mod migrate;
mod purge;
mod readers;
mod schema;
mod seal;
mod store;
#[cfg(test)]
mod testing;
mod writer;

pub mod account_deletion;
pub mod accounts;
pub mod apps;
#[cfg(feature = "testing")]
pub mod arrange;
pub mod backup;
pub mod bulk;
pub mod credentials;
pub mod deletions;
pub mod holdings;
pub mod invites;
pub mod media;
pub mod notifications;
pub mod post_actions;
pub mod post_changes;
pub mod posts;
pub mod relations;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod short_links;
pub mod threads;
pub mod timelines;

pub use conn::Conn;
pub use error::{Error, Result};
pub use lock::DataLock;
pub use seal::Place;
pub use store::{Options, Store, Where};
