//! The key that turns where a request came from into a limiter key, and is thrown away every ten minutes.

use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use bauta_model::{LimiterKey, Secret};
use parking_lot::Mutex;

/// How long a key lives. After that nobody can tell any more who was behind a limiter key.
const LIFE: Duration = Duration::from_mins(10);

/// What is known of the other end of a connection.
pub(crate) enum Origin<'a> {
    /// A network prefix.
    Network(&'a [u8; 8]),
    /// A circuit of the onion service.
    Circuit(u32),
    /// Everybody behind a unix socket or a declared proxy.
    Shared,
}

/// Holds the current key. It is random, in memory only, and zeroed when it is replaced.
pub(crate) struct Keyring {
    current: Mutex<Epoch>,
    life: Duration,
}

struct Epoch {
    key: Secret<[u8; 32]>,
    born: Instant,
}

impl Epoch {
    fn begin() -> Self {
        let mut key = [0; 32];
        getrandom::fill(&mut key).expect("the operating system has randomness");
        Self {
            key: Secret::new(key),
            born: Instant::now(),
        }
    }
}

impl Keyring {
    pub(crate) fn new() -> Self {
        Self::with_life(LIFE)
    }

    fn with_life(life: Duration) -> Self {
        Self {
            current: Mutex::new(Epoch::begin()),
            life,
        }
    }

    /// The limiter key of an origin, for as long as the current key lives. A connection keeps the one that it got
    /// when it was accepted, so that its address need not be kept.
    pub(crate) fn limiter_key(&self, origin: &Origin<'_>) -> LimiterKey {
        self.rotate();
        let epoch = self.current.lock();
        let key = hmac::Key::new(hmac::HMAC_SHA256, epoch.key.expose());
        let mut context = hmac::Context::with_key(&key);
        match origin {
            Origin::Network(prefix) => {
                context.update(b"network");
                context.update(*prefix);
            }
            Origin::Circuit(id) => {
                context.update(b"circuit");
                context.update(&id.to_be_bytes());
            }
            Origin::Shared => context.update(b"shared"),
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&context.sign().as_ref()[..16]);
        LimiterKey::new(hash)
    }

    /// Replaces a key that has lived its time. Also called by the clock, so that a quiet server forgets too.
    pub(crate) fn rotate(&self) {
        let mut epoch = self.current.lock();
        if epoch.born.elapsed() >= self.life {
            *epoch = Epoch::begin();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_has_one_key_and_others_have_others() {
        let keys = Keyring::new();
        let network = Origin::Network(&[4, 192, 0, 2, 0, 0, 0, 0]);
        let key = keys.limiter_key(&network);
        assert!(key == keys.limiter_key(&network));
        assert!(key != keys.limiter_key(&Origin::Network(&[4, 192, 0, 3, 0, 0, 0, 0])));
        assert!(key != keys.limiter_key(&Origin::Circuit(7)));
        assert!(keys.limiter_key(&Origin::Circuit(7)) != keys.limiter_key(&Origin::Circuit(8)));
        assert!(key != keys.limiter_key(&Origin::Shared));
    }

    #[test]
    fn a_new_key_makes_the_same_network_unrecognisable() {
        let keys = Keyring::with_life(Duration::ZERO);
        let network = Origin::Network(&[4, 192, 0, 2, 0, 0, 0, 0]);
        assert!(keys.limiter_key(&network) != keys.limiter_key(&network));
    }

    #[test]
    fn two_servers_do_not_agree_on_a_key() {
        assert!(Keyring::new().limiter_key(&Origin::Shared) != Keyring::new().limiter_key(&Origin::Shared));
    }
}
