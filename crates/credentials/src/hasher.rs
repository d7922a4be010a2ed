//! Argon2id behind a gate: a few hashes at a time, short queues, and the same work whether a name exists or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bauta_model::Secret;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::passphrase::normalise;

/// Who asks. A flood of strangers must not keep people out who are already in: each lane has permits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Sign-up, login, a recovery code.
    Stranger,
    /// Somebody with a session: changing a passphrase, deleting an account.
    Session,
}

/// Too many wait already. Nothing was hashed; trying again later may work (HTTP 503).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Too many people are signing in at this moment. Please try again in a minute.")]
pub struct Busy;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Cost {
    /// 19 MiB and two passes: OWASP's first choice for small servers (Password Storage Cheat Sheet, Argon2id).
    pub const USUAL: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
    };
    /// 64 MiB and three passes: the second recommended option of RFC 9106 § 4, for servers with memory to spare.
    pub const STRONG: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };
    /// The least that Argon2 takes, for test suites.
    pub const TESTS: Self = Self {
        memory_kib: 8,
        passes: 1,
    };

    fn params(self) -> Params {
        Params::new(self.memory_kib, self.passes, 1, None).expect("every cost above is one that Argon2 takes")
    }
}

/// Hashes and verifies passphrases on blocking threads. Cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    inner: Arc<Inner>,
}

struct Inner {
    params: Params,
    /// The hash of no passphrase: verified against when there is no account, so that the work is the same.
    nobody: String,
    strangers: Gate,
    sessions: Gate,
}

struct Gate {
    permits: Arc<Semaphore>,
    queue: usize,
    /// Those who wait and those who are at work.
    present: AtomicUsize,
}

impl Hasher {
    /// A hasher that gives strangers half of the processors, and people with a session one.
    pub fn new(cost: Cost) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_lanes(cost, (processors / 2).max(1), 64)
    }

    /// A hasher with `at_once` permits for strangers and room for `queue` people in each lane, at work or waiting.
    pub fn with_lanes(cost: Cost, at_once: usize, queue: usize) -> Self {
        Self {
            inner: Arc::new(Inner {
                params: cost.params(),
                nobody: hash_of_nobody(cost),
                strangers: Gate::new(at_once, queue),
                sessions: Gate::new(1, queue),
            }),
        }
    }

    /// The PHC string of a passphrase, with a fresh salt. The passphrase is normalised first.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub async fn hash(&self, passphrase: &Secret<String>, lane: Lane) -> Result<String, Busy> {
        let passphrase = normalise(passphrase.expose());
        let inner = Arc::clone(&self.inner);
        self.at_work(lane, move || {
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).expect("the operating system has randomness");
            inner
                .argon2()
                .hash_password_with_salt(passphrase.expose().as_bytes(), &salt)
                .expect("Argon2 takes every text shorter than 4 GiB and a salt of 16 bytes")
                .to_string()
        })
        .await
    }

    /// Whether `stored` is the hash of this passphrase. `None` stands for an account that does not exist: the work is
    /// the same, and the answer is no. A stored text that is no PHC string is no too.
    pub async fn verify(
        &self,
        passphrase: &Secret<String>,
        stored: Option<&str>,
        lane: Lane,
    ) -> Result<bool, Busy> {
        let passphrase = normalise(passphrase.expose());
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.inner.nobody).to_owned();
        let inner = Arc::clone(&self.inner);
        self.at_work(lane, move || {
            // The parameters are those of the stored hash, so that old hashes stay good when the cost changes.
            let right = PasswordHash::new(&stored).is_ok_and(|stored| {
                inner
                    .argon2()
                    .verify_password(passphrase.expose().as_bytes(), &stored)
                    .is_ok()
            });
            right && known
        })
        .await
    }

    /// The PHC string of a passphrase under the salt and at the cost of `like`: for somebody who joins others behind one
    /// account. Nothing where `like` is no PHC string.
    pub async fn hash_like(
        &self,
        passphrase: &Secret<String>,
        like: &str,
        lane: Lane,
    ) -> Result<Option<String>, Busy> {
        let passphrase = normalise(passphrase.expose());
        let like = like.to_owned();
        self.at_work(lane, move || like_another(passphrase.expose(), &like))
            .await
    }

    /// Whose passphrase this is, by its place in `stored`: the hashes of all who can sign in to one account. They share
    /// a salt, so that it is one hash's work however many they are; it is the same work where there is nobody.
    pub async fn find(
        &self,
        passphrase: &Secret<String>,
        stored: &[String],
        lane: Lane,
    ) -> Result<Option<usize>, Busy> {
        let [first, _, ..] = stored else {
            let only = stored.first().map(String::as_str);
            return Ok(self.verify(passphrase, only, lane).await?.then_some(0));
        };
        let made = self.hash_like(passphrase, first, lane).await?.map(Secret::new);
        let places = stored.iter().enumerate();
        Ok(made.and_then(|made| {
            // All are looked at, wherever the right one stands.
            let right: Vec<usize> = places
                .filter(|(_, hash)| made.is(hash.as_bytes()))
                .map(|(at, _)| at)
                .collect();
            right.first().copied()
        }))
    }

    /// Whether a stored hash was made at this hasher's cost. If not, the next right passphrase is the time to replace it.
    pub fn is_current(&self, stored: &str) -> bool {
        PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok())
            .is_some_and(|params| {
                params.m_cost() == self.inner.params.m_cost() && params.t_cost() == self.inner.params.t_cost()
            })
    }

    async fn at_work<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let gate = match lane {
            Lane::Stranger => &self.inner.strangers,
            Lane::Session => &self.inner.sessions,
        };
        let _place = gate.enter()?;
        let permit = Arc::clone(&gate.permits)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        // The permit goes with the work: somebody who hangs up does not make room for one hash more.
        let done = spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        Ok(done.await.expect("hashing does not panic"))
    }
}

impl Inner {
    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }
}

fn like_another(passphrase: &str, like: &str) -> Option<String> {
    let like = PasswordHash::new(like).ok()?;
    let params = Params::try_from(&like).ok()?;
    let salt = like.salt?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(passphrase.as_bytes(), salt.as_ref())
        .ok()
        .map(|hash| hash.to_string())
}

/// True if hashes share their salt and their cost: one hash's work compares a passphrase with all of them.
pub fn are_kin<'a>(hashes: impl IntoIterator<Item = &'a str>) -> bool {
    let mut made_with = hashes
        .into_iter()
        .map(|hash| hash.rsplit_once('$').map_or(hash, |(made_with, _)| made_with));
    let first = made_with.next();
    made_with.all(|other| Some(other) == first)
}

/// Random bytes in the form of a hash: no passphrase has it, and making it costs nothing at start.
fn hash_of_nobody(cost: Cost) -> String {
    let mut bytes = [0; 48];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    format!(
        "$argon2id$v=19$m={},t={},p=1${}${}",
        cost.memory_kib,
        cost.passes,
        STANDARD_NO_PAD.encode(&bytes[..16]),
        STANDARD_NO_PAD.encode(&bytes[16..])
    )
}

impl Gate {
    fn new(at_once: usize, queue: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(at_once)),
            queue,
            present: AtomicUsize::new(0),
        }
    }

    fn enter(&self) -> Result<Place<'_>, Busy> {
        let before = self.present.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.present);
        if before < self.queue { Ok(place) } else { Err(Busy) }
    }
}

/// A place in the queue, free again when dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn the_right_passphrase_opens_and_no_other() {
        let hasher = Hasher::new(Cost::TESTS);
        let stored = hasher
            .hash(&secret("obedient walrus trombone"), Lane::Stranger)
            .await
            .unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        for (typed, opens) in [
            ("obedient walrus trombone", true),
            ("  obedient  walrus trombone ", true),
            ("Obedient walrus trombone", false),
            ("", false),
        ] {
            let right = hasher
                .verify(&secret(typed), Some(&stored), Lane::Session)
                .await
                .unwrap();
            assert_eq!(right, opens, "{typed}");
        }
    }

    #[tokio::test]
    async fn nobody_has_no_passphrase_but_costs_the_same_work() {
        let hasher = Hasher::new(Cost::TESTS);
        assert!(!hasher.verify(&secret(""), None, Lane::Stranger).await.unwrap());
        let nobody = PasswordHash::new(&hasher.inner.nobody).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (8, 1, 1));
        // A hash that did not parse, or had another length, would cost other work.
        let real = hasher.hash(&secret("x"), Lane::Stranger).await.unwrap();
        assert_eq!(real.len(), hasher.inner.nobody.len());
    }

    #[tokio::test]
    async fn one_hash_finds_whoever_of_several_it_is() {
        let hasher = Hasher::new(Cost::TESTS);
        let first = hasher.hash(&secret("first"), Lane::Stranger).await.unwrap();
        let mut all = vec![first.clone()];
        for words in ["second", "third"] {
            let made = hasher.hash_like(&secret(words), &first, Lane::Stranger).await;
            all.push(made.unwrap().unwrap());
        }
        assert!(are_kin(all.iter().map(String::as_str)));
        for (typed, found) in [
            ("first", Some(0)),
            (" second ", Some(1)),
            ("third", Some(2)),
            ("fourth", None),
        ] {
            let whose = hasher.find(&secret(typed), &all, Lane::Stranger).await.unwrap();
            assert_eq!(whose, found, "{typed}");
            let alone = hasher.find(&secret(typed), &all[..1], Lane::Stranger).await;
            assert_eq!(alone.unwrap(), found.filter(|at| *at == 0), "{typed}");
        }
        assert_eq!(
            hasher.find(&secret("first"), &[], Lane::Stranger).await.unwrap(),
            None
        );
        let stranger = hasher.hash(&secret("first"), Lane::Stranger).await.unwrap();
        assert!(!are_kin([first.as_str(), stranger.as_str()]));
        assert_eq!(
            hasher
                .hash_like(&secret("x"), "no hash", Lane::Stranger)
                .await
                .unwrap(),
            None
        );
        // An older cost is kept: no two of a group's hashes need work of their own.
        let dearer = Hasher::new(Cost {
            memory_kib: 16,
            passes: 1,
        });
        let made = dearer.hash_like(&secret("second"), &first, Lane::Stranger).await;
        assert_eq!(made.unwrap().unwrap(), all[1]);
    }

    #[tokio::test]
    async fn hashes_of_an_older_cost_stay_good_and_are_known_as_such() {
        let old = Hasher::new(Cost::TESTS);
        let stored = old.hash(&secret("a"), Lane::Stranger).await.unwrap();
        let new = Hasher::new(Cost {
            memory_kib: 16,
            passes: 1,
        });
        assert!(
            new.verify(&secret("a"), Some(&stored), Lane::Stranger)
                .await
                .unwrap()
        );
        assert!(old.is_current(&stored) && !new.is_current(&stored));
        assert!(!new.is_current("not a hash"));
        assert!(
            !new.verify(&secret("a"), Some("not a hash"), Lane::Stranger)
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_full_queue_of_strangers_turns_away_strangers_only() {
        let hasher = Hasher::with_lanes(Cost::TESTS, 1, 2);
        let busy = hasher.inner.strangers.permits.acquire().await.unwrap();
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.hash(&secret("x"), Lane::Stranger).await })
            })
            .collect();
        while hasher.inner.strangers.present.load(Ordering::Relaxed) < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.hash(&secret("x"), Lane::Stranger).await, Err(Busy));
        assert!(hasher.hash(&secret("x"), Lane::Session).await.is_ok());
        drop(busy);
        for hash in waiting {
            assert!(hash.await.unwrap().is_ok());
        }
        assert!(hasher.hash(&secret("x"), Lane::Stranger).await.is_ok());
    }
}
