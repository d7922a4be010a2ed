//! What is in memory and hears, after the commit, how an account stands from now on.

use std::sync::Arc;

use bauta_model::{AccountId, Standing};
use bauta_timeline::{Accounts, Timelines};

use super::authenticate::SessionCache;
use crate::App;

/// Sessions, cards and timelines.
pub(crate) struct Memory {
    sessions: Arc<SessionCache>,
    accounts: Arc<Accounts>,
    timelines: Arc<Timelines>,
}

impl Memory {
    pub(crate) fn of(app: &App) -> Self {
        Self {
            sessions: Arc::clone(&app.sessions),
            accounts: Arc::clone(&app.accounts),
            timelines: Arc::clone(&app.timelines),
        }
    }

    /// `account` is read anew, and so are its sessions.
    pub(crate) fn set(&self, account: AccountId, standing: Standing) {
        self.accounts.invalidate(account);
        self.timelines.set_standing(account, standing);
        self.sessions.forget_account(account);
    }
}
