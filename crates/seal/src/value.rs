//! One value: sealed under the key of its day, opened with that or with its own.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) begins with a key of the value's own, made by HChaCha20 from the day's
//! key and the first 16 bytes of the nonce. That key opens this value alone, so it is what outlives the day.

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::generic_array::typenum::U10;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use zeroize::Zeroizing;

/// Where a value lives: what its seal binds it to, so that it can't be moved elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: i64,
}

impl Place {
    /// The place of `column` in row `row` of `table`.
    pub const fn new(table: &'static str, column: &'static str, row: i64) -> Self {
        Self { table, column, row }
    }

    /// Associated data: no two places have the same.
    fn bytes(&self, version: u8) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.table.len() + self.column.len() + 11);
        bytes.push(version);
        for name in [self.table, self.column] {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
        }
        bytes.extend_from_slice(&self.row.to_be_bytes());
        bytes
    }
}

/// The first byte of a value that is not sealed.
const PLAIN: u8 = 0;

/// The first byte of a sealed value: version 1 is followed by nonce, sealed bytes and tag.
const SEALED: u8 = 1;

const NONCE: usize = 24;
const TAG: usize = 16;

/// By what a value's own key is found.
pub(crate) type Id = [u8; 16];

/// A key of one day or of one value.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// What the bytes of a value are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// There is nothing in it that could be sealed.
    Empty,
    /// Anybody who has the bytes can read them.
    Plain,
    /// A key is needed.
    Sealed,
    /// None that this version knows.
    Unknown,
}

/// What `bytes` are, by their first.
pub const fn state(bytes: &[u8]) -> State {
    match bytes {
        [PLAIN] => State::Empty,
        [PLAIN, ..] => State::Plain,
        [SEALED, rest @ ..] if rest.len() >= NONCE + TAG => State::Sealed,
        _ => State::Unknown,
    }
}

/// The bytes of a value that is not sealed.
pub fn plain(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len() + 1);
    bytes.push(PLAIN);
    bytes.extend_from_slice(value);
    bytes
}

/// Seals under the key of a day.
pub(crate) fn seal(day: &Key, place: &Place, value: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).expect("the operating system has randomness");
    let mut bytes = Vec::with_capacity(1 + NONCE + value.len() + TAG);
    bytes.push(SEALED);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(value);
    let own = own_key(day, &nonce);
    let tag = ChaCha20Poly1305::new(GenericArray::from_slice(&*own))
        .encrypt_in_place_detached(
            &short_nonce(&nonce),
            &place.bytes(SEALED),
            &mut bytes[1 + NONCE..],
        )
        .expect("a value is shorter than 256 GiB");
    bytes.extend_from_slice(&tag);
    bytes
}

/// A sealed value taken apart.
pub(crate) struct Sealed<'a> {
    nonce: &'a [u8; NONCE],
    bytes: &'a [u8],
    tag: &'a [u8; TAG],
}

impl<'a> Sealed<'a> {
    /// The parts of what is sealed; nothing of what is not.
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        let (&SEALED, rest) = bytes.split_first()? else {
            return None;
        };
        let (nonce, rest) = rest.split_first_chunk()?;
        let (bytes, tag) = rest.split_last_chunk()?;
        Some(Self { nonce, bytes, tag })
    }

    pub(crate) fn id(&self) -> Id {
        let mut id = [0; 16];
        id.copy_from_slice(&self.nonce[..16]);
        id
    }

    /// The value's own key, if it was sealed under the key of this day.
    pub(crate) fn own_key(&self, day: &Key) -> Key {
        own_key(day, self.nonce)
    }

    /// Opens with the value's own key.
    pub(crate) fn open(&self, own: &Key, place: &Place) -> Option<Vec<u8>> {
        let mut value = self.bytes.to_vec();
        ChaCha20Poly1305::new(GenericArray::from_slice(&**own))
            .decrypt_in_place_detached(
                &short_nonce(self.nonce),
                &place.bytes(SEALED),
                &mut value,
                GenericArray::from_slice(self.tag),
            )
            .ok()?;
        Some(value)
    }
}

/// The key of one value (HChaCha20).
fn own_key(day: &Key, nonce: &[u8; NONCE]) -> Key {
    let key = chacha20::hchacha::<U10>(
        GenericArray::from_slice(&**day),
        GenericArray::from_slice(&nonce[..16]),
    );
    Zeroizing::new(key.into())
}

/// What is left of the nonce for the inner cipher.
fn short_nonce(nonce: &[u8; NONCE]) -> chacha20poly1305::Nonce {
    let mut short = [0; 12];
    short[4..].copy_from_slice(&nonce[16..]);
    short.into()
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::XChaCha20Poly1305;
    use chacha20poly1305::aead::{Aead, Payload};

    use super::*;

    #[test]
    fn a_sealed_value_is_xchacha20_poly1305() {
        let (day, place) = (Zeroizing::new([7; 32]), Place::new("posts", "text", 5));
        let sealed = seal(&day, &place, b"words");
        let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(&*day));
        let payload = Payload {
            msg: &sealed[1 + NONCE..],
            aad: &place.bytes(SEALED),
        };
        let opened = cipher
            .decrypt(GenericArray::from_slice(&sealed[1..=NONCE]), payload)
            .expect("another implementation opens it");
        assert_eq!(opened, b"words");
    }

    #[test]
    fn no_two_places_have_the_same_bytes() {
        let one = Place::new("a", "bc", 1).bytes(SEALED);
        assert_ne!(one, Place::new("ab", "c", 1).bytes(SEALED));
        assert_ne!(one, Place::new("a", "bc", 2).bytes(SEALED));
    }
}
