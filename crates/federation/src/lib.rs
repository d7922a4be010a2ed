//! ActivityPub: what other servers ask and tell, and what they are told.
//!
//! Translates only: a format in, a verb of the service, a format out. [`Peers::serve`] stands before the pages and takes
//! what is for it; [`Peers::start`] tells others what happened here. What is spoken is in FEDERATION.md.

mod activities;
mod budget;
mod circles;
mod date;
mod deliver;
mod discovery;
mod emojis;
mod envelope;
mod fetch;
mod find;
mod followers;
mod forwarded;
mod inbox;
pub mod incoming;
mod intents;
mod json;
mod keys;
mod media;
mod moving;
mod notes;
mod outgoing;
mod people;
mod pins;
mod previews;
mod questions;
mod quotes;
mod sending;
mod serve;
pub mod signature;
mod threads;

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::AccountId;
use bauta_outbound::{Client, Options, SetupError};
use bauta_service::{App, Refused};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use keys::OwnKey;

/// How this server meets others.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// How requests leave. `local` also allows peers on loopback, over plain HTTP.
    pub outbound: Options,
    /// Domains that are not spoken to, with those under them.
    pub blocked: Vec<String>,
    /// Bytes of copies of others' pictures that are kept.
    pub media_bytes: i64,
}

/// Everything that speaking with other servers needs. One per process.
pub struct Peers {
    app: Arc<App>,
    client: Client,
    local: bool,
    blocked: Vec<String>,
    /// Bytes of copies of others' pictures that are kept.
    media_bytes: i64,
    /// Activities that are looked at, at a time.
    gate: Semaphore,
    keys: Mutex<HashMap<AccountId, Arc<OwnKey>>>,
    seen: inbox::Seen,
    /// Hosts that refused the old signatures and took the new ones.
    new_signatures: Mutex<std::collections::HashSet<String>>,
    budget: budget::Budget,
    sending: sending::Sending,
    pins: pins::Waiting,
    followers: followers::Waiting,
}

/// Activities that are looked at, at a time: others are told to come back.
const AT_ONCE: usize = 128;
/// Keys of ours that are held ready.
const MOST_KEYS: usize = 1000;

impl Peers {
    /// Makes ready. Nothing is asked or told yet.
    ///
    /// # Errors
    /// What [`Client::new`] refuses.
    pub fn new(app: Arc<App>, setup: &Setup) -> Result<Arc<Self>, SetupError> {
        Ok(Arc::new(Self {
            app,
            client: Client::new(&setup.outbound)?,
            local: setup.outbound.local,
            blocked: setup
                .blocked
                .iter()
                .map(|domain| domain.to_ascii_lowercase())
                .collect(),
            media_bytes: setup.media_bytes,
            gate: Semaphore::new(AT_ONCE),
            keys: Mutex::default(),
            seen: inbox::Seen::default(),
            new_signatures: Mutex::default(),
            budget: budget::Budget::default(),
            sending: sending::Sending::default(),
            pins: pins::Waiting::default(),
            followers: followers::Waiting::default(),
        }))
    }

    /// Starts telling others what happens here, and looking up what people search for. Needs a runtime; ends with it.
    pub fn start(peers: &Arc<Self>) {
        find::start(peers);
        deliver::start(peers);
        media::start(peers);
        pins::start(peers);
        followers::start(peers);
    }

    /// True for a host that is not spoken to: by the configuration, or by what was decided since.
    fn blocks(&self, host: &str) -> bool {
        if self.app.domains.rules().refuses(host) {
            return true;
        }
        let host = host.split(':').next().unwrap_or_default();
        self.blocked.iter().any(|blocked| {
            host == blocked
                || host
                    .strip_suffix(blocked.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    }

    /// True if what others tell may make us ask `host` once more.
    fn may_ask_again(&self, host: &str) -> bool {
        self.budget.allows(host, self.app.clock.now().unix_seconds())
    }

    /// One of our keys, held ready after its first use.
    async fn own_key(&self, account: AccountId) -> Result<Arc<OwnKey>, Refused> {
        if let Some(key) = self.keys.lock().get(&account) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(keys::own(&self.app, account).await?);
        let mut keys = self.keys.lock();
        if keys.len() >= MOST_KEYS {
            keys.clear();
        }
        keys.insert(account, Arc::clone(&key));
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first cells of a table's rows in FEDERATION.md, without their backticks.
    fn listed(heading: &str) -> Vec<String> {
        let page = include_str!("../../../FEDERATION.md");
        let section = page.split(&format!("\n## {heading}\n")).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_page_lists_what_is_answered_and_understood() {
        assert_eq!(listed("Addresses"), serve::ADDRESSES);
        assert_eq!(listed("Activities"), incoming::UNDERSTOOD);
    }
}
