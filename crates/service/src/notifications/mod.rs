//! Notifications: what an account was told, and down to where it read.

mod grouped;
mod list;
mod markers;
mod policy;
#[cfg(test)]
mod tests;

pub use bauta_store::markers::List;
pub use bauta_store::notification_policy::{Answer, Policy};
pub use bauta_store::notifications::Kind;
pub use grouped::{Group, Key, dismiss_group, group, grouped, unread_groups};
pub use list::{Asked, Told, clear, dismiss, get, list, unread, unread_of};
pub use markers::{Place, markers, set_marker};
pub use policy::{
    Aside, Settle, Waiting, change_policy, is_quiet, policy, request, requests, set_quiet, settle,
};
