//! Idempotency keys: an app that did not hear the answer asks again, and gets the same post. In memory, for an hour, and as
//! keyed hashes: an app may make a key of anything, a device's number too.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bauta_credentials::KeyedHash;
use bauta_model::{AccountId, PostId};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::Refused;

/// How long a key is remembered.
const LIFETIME: Duration = Duration::from_hours(1);
/// Keys of one account, at most: the oldest goes.
const MOST: usize = 300;

/// What an account's keys came to.
type Keys = HashMap<[u8; 32], (Instant, Arc<Made>)>;

/// What a key came to.
#[derive(Default)]
pub(crate) struct Made {
    /// Empty while the first request is at work; the others wait for it.
    told: OnceCell<PostId>,
    /// As the writer knows it: also where whoever asked could not be told.
    written: OnceLock<PostId>,
}

impl Made {
    /// The post is written. For the writer's thread.
    pub(crate) fn note(&self, post: PostId) {
        let _ = self.written.set(post);
    }

    /// The post that is written already. For the writer's thread, before it writes.
    pub(crate) fn before(&self) -> Option<PostId> {
        self.written.get().copied()
    }
}

/// The keys of every account that posted with one in the last hour.
pub struct Idempotency {
    all: Mutex<HashMap<AccountId, Keys>>,
    hash: KeyedHash,
}

impl Default for Idempotency {
    fn default() -> Self {
        Self {
            all: Mutex::default(),
            hash: KeyedHash::random(),
        }
    }
}

impl Idempotency {
    /// The post of `key`; `make` makes it if there is none yet. A failure is not remembered; but a post that is there
    /// although it failed ([`Refused::Unsure`]) is, by what `make` is given.
    pub(crate) async fn once<F>(
        &self,
        account: AccountId,
        key: &str,
        make: impl FnOnce(Arc<Made>) -> F,
    ) -> Result<PostId, Refused>
    where
        F: Future<Output = Result<PostId, Refused>>,
    {
        let made = self.made(account, key);
        made.told
            .get_or_try_init(|| make(Arc::clone(&made)))
            .await
            .copied()
    }

    fn made(&self, account: AccountId, key: &str) -> Arc<Made> {
        let now = Instant::now();
        let key = self.hash.of(&[key.as_bytes()]);
        let mut all = self.all.lock();
        let keys = all.entry(account).or_default();
        keys.retain(|_, (born, _)| now.duration_since(*born) < LIFETIME);
        if keys.len() >= MOST
            && !keys.contains_key(&key)
            && let Some(oldest) = keys
                .iter()
                .min_by_key(|(_, (born, _))| *born)
                .map(|(key, _)| *key)
        {
            keys.remove(&oldest);
        }
        let (_, made) = keys.entry(key).or_insert_with(|| (now, Arc::default()));
        Arc::clone(made)
    }

    /// Forgets what is older than an hour; for a worker that comes by now and then.
    pub fn sweep(&self) {
        let now = Instant::now();
        self.all.lock().retain(|_, keys| {
            keys.retain(|_, (born, _)| now.duration_since(*born) < LIFETIME);
            !keys.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::new(1);
    const BOB: AccountId = AccountId::new(2);

    #[tokio::test]
    async fn the_same_key_of_the_same_account_is_the_same_post() {
        let keys = Idempotency::default();
        let make = |id| move |_| async move { Ok(PostId::new(id)) };
        assert_eq!(keys.once(ALICE, "k", make(1)).await.unwrap(), PostId::new(1));
        assert_eq!(keys.once(ALICE, "k", make(2)).await.unwrap(), PostId::new(1));
        assert_eq!(keys.once(ALICE, "other", make(3)).await.unwrap(), PostId::new(3));
        assert_eq!(keys.once(BOB, "k", make(4)).await.unwrap(), PostId::new(4));
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let keys = Idempotency::default();
        assert!(
            keys.once(ALICE, "k", |_| async { Err(Refused::Busy) })
                .await
                .is_err()
        );
        assert_eq!(
            keys.once(ALICE, "k", |_| async { Ok(PostId::new(1)) })
                .await
                .unwrap(),
            PostId::new(1)
        );
    }

    #[tokio::test]
    async fn a_post_that_nobody_could_be_told_of_is_remembered() {
        let keys = Idempotency::default();
        let lost = keys
            .once(ALICE, "k", |made| async move {
                made.note(PostId::new(1));
                Err(Refused::Unsure)
            })
            .await;
        assert!(lost.is_err());
        let again = keys.once(
            ALICE,
            "k",
            |made| async move { made.before().ok_or(Refused::Busy) },
        );
        assert_eq!(again.await.unwrap(), PostId::new(1));
    }

    #[tokio::test]
    async fn an_account_holds_no_more_than_its_share() {
        let keys = Idempotency::default();
        for n in 0..2 * MOST {
            let id = PostId::new(n as i64);
            keys.once(ALICE, &n.to_string(), |_| async move { Ok(id) })
                .await
                .unwrap();
        }
        assert_eq!(keys.all.lock()[&ALICE].len(), MOST);
    }
}
