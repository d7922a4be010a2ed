//! The root: a secret of one day, from which the next day's is computed.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use bauta_model::{Day, Secret};
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, Result};

/// What a written root begins with.
const NAME: &str = "bauta-root-1";

/// Bytes of the check at the end of a written root.
const CHECK: usize = 4;

/// Years that a root may be led on: more is a mistyped day.
const MOST_DAYS: i32 = 100 * 366;

/// The secret of a day.
pub struct Root {
    day: Day,
    key: Secret<[u8; 32]>,
}

impl Root {
    /// A new one, of `day`.
    ///
    /// # Panics
    /// When the operating system has no randomness.
    pub fn new(day: Day) -> Self {
        let mut key = [0; 32];
        getrandom::fill(&mut key).expect("the operating system has randomness");
        let root = Self::of(day, &key);
        key.zeroize();
        root
    }

    fn of(day: Day, key: &[u8; 32]) -> Self {
        Self {
            day,
            key: Secret::new(*key),
        }
    }

    /// The day that it is of.
    pub const fn day(&self) -> Day {
        self.day
    }

    /// Reads what [`Root::text`] wrote; spaces around it don't count.
    ///
    /// # Errors
    /// [`Error::NotARoot`].
    pub fn read(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.trim().split(':').collect();
        let [NAME, day, hex, check] = parts[..] else {
            return Err(Error::NotARoot);
        };
        let key = Zeroizing::new(unhex::<32>(hex).ok_or(Error::NotARoot)?);
        let root = Self::of(Self::read_day(day).ok_or(Error::NotARoot)?, &key);
        if unhex::<CHECK>(check) == Some(root.check()) {
            Ok(root)
        } else {
            Err(Error::NotARoot)
        }
    }

    /// A day as a root names it, `YYYY-MM-DD`.
    pub fn read_day(text: &str) -> Option<Day> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let day = Day::from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        (day.iso() == text).then_some(day)
    }

    /// The one line that a person or a machine keeps: the day, the secret, and a check for mistyping.
    pub fn text(&self) -> Secret<String> {
        Secret::new(format!(
            "{NAME}:{}:{}:{}",
            self.day.iso(),
            *hex(self.key.expose()),
            *hex(&self.check())
        ))
    }

    fn check(&self) -> [u8; CHECK] {
        let mut bytes = Zeroizing::new(self.day.get().to_be_bytes().to_vec());
        bytes.extend_from_slice(self.key.expose());
        let digest = digest(&SHA256, &bytes);
        let mut check = [0; CHECK];
        check.copy_from_slice(&digest.as_ref()[..CHECK]);
        check
    }

    /// The root of `day`, which this one leads to.
    ///
    /// # Errors
    /// [`Error::RootIsNewer`] when `day` is over; [`Error::NotARoot`] when it is more than a century ahead.
    pub fn on(&self, day: Day) -> Result<Self> {
        let days = day.get().saturating_sub(self.day.get());
        if days < 0 {
            return Err(Error::RootIsNewer {
                root: self.day,
                keys: day,
            });
        }
        if days > MOST_DAYS {
            return Err(Error::NotARoot);
        }
        let mut key = Zeroizing::new(*self.key.expose());
        for _ in 0..days {
            *key = *derived(&key, b"the root of the next day");
        }
        Ok(Self::of(day, &key))
    }

    /// The key of the values that are written on this day.
    pub(crate) fn values(&self) -> Zeroizing<[u8; 32]> {
        derived(self.key.expose(), b"values of the day")
    }

    /// The key of the key file that is written on this day.
    pub(crate) fn keys(&self) -> Zeroizing<[u8; 32]> {
        derived(self.key.expose(), b"the key file")
    }
}

/// HKDF with SHA-256 (RFC 5869).
fn derived(key: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, b"bauta seal 1")
        .extract(key)
        .expand(&[purpose], HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut *bytes))
        .expect("32 bytes are one block of SHA-256");
    bytes
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}
