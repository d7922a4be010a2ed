//! Accounts: coming, going, and everything that their owners decide about them.

pub mod authenticate;
mod by_operator;
mod chrome;
pub mod delete_account;
mod first_operator;
pub mod holdings;
pub mod invites;
pub mod keyholders;
pub mod log_in;
mod log_out;
pub mod moving;
pub mod passphrase;
pub(crate) mod preferences;
mod read;
pub mod recovery;
pub mod repeat_deletions;
mod retired;
pub mod sessions;
pub mod sign_up;
mod sweep;
pub mod update_profile;

pub use authenticate::authenticate;
pub use by_operator::{create_by_operator, token_by_operator};
pub use chrome::{Chrome, chrome};
pub use delete_account::delete_account;
pub(crate) use delete_account::{erase_account, erase_account_and};
pub(crate) use first_operator::FirstOperator;
pub use first_operator::{first_link_is_good, first_operator_link};
pub use log_in::log_in;
pub use log_out::{log_out, log_out_everywhere};
pub use preferences::{check_preferences, preferences, set_preferences};
pub use read::{by_handle, by_id, local_handle, many};
pub use repeat_deletions::repeat_deletions;
pub use sign_up::sign_up;
pub(crate) use sweep::{sweep, sweep_apps};
pub use update_profile::update_profile;
