//! All SQL. Nobody else sees a connection.
//!
//! One way in: a named piece of work, [`Store::read`] or [`Store::write`], that gets a [`Conn`] and calls the plain
//! query functions of the modules below, one module a table group.

mod answer;
mod cached;
#[cfg(test)]
mod care_tests;
mod conn;
mod error;
mod given;
pub mod gone_names;
mod ids;
mod link;
mod live_schema;
mod lock;
#[cfg(test)]
mod lost_answer_tests;
mod migrate;
mod patience;
mod postgres;
mod purge;
mod readers;
#[cfg(test)]
mod relations_model;
mod schema;
mod seal;
mod store;
#[cfg(test)]
mod testing;
mod transaction;
pub mod waiting;
mod window;
mod wiping;
mod writer;

pub mod account_deletion;
pub mod accounts;
pub mod alarms;
pub mod announcements;
pub mod appeals;
pub mod apps;
#[cfg(feature = "testing")]
pub mod arrange;
pub mod aside;
pub mod attachments;
pub mod backup;
pub mod blocks;
pub mod bulk;
pub mod conversations;
pub mod credentials;
pub mod custom_emojis;
pub mod deletions;
pub mod desk;
pub mod discovery;
pub mod domain_rules;
pub mod exchange;
pub mod expiry;
pub mod filters;
pub mod follows;
pub mod holdings;
pub mod invites;
pub mod keepsakes;
pub mod keyholders;
pub mod lapses;
pub mod link_previews;
pub mod lists;
pub mod log_entries;
pub mod markers;
pub mod media;
pub mod moderation;
pub mod moves;
pub mod notification_policy;
pub mod notifications;
mod older_rows;
pub mod onion_accounts;
pub mod outbox;
pub mod polls;
pub mod post_actions;
pub mod post_changes;
pub mod posts;
pub mod proposals;
pub mod purges;
pub mod push;
pub mod quarantine;
pub mod queue;
pub mod quotes;
pub mod relations;
pub mod remote;
pub mod remote_emojis;
pub mod remote_media;
pub mod reports;
pub mod scheduled;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod shared_followers;
pub mod short_links;
pub mod tags;
pub mod threads;
pub mod timelines;
pub mod told;

pub use bauta_seal::{Keyring, Turned};
pub use conn::{Conn, Told};
pub use error::{Error, Result};
pub use lock::DataLock;
pub use seal::{Deletion, Place};
pub use store::{Options, Store, Where};
pub use window::Window;
pub use wiping::traces_of_sqlite;
