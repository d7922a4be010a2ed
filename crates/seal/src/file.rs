//! Files under a key of their own, in chunks, so that a part can be read without the rest.
//!
//! Each chunk of 64 KiB is sealed with XChaCha20-Poly1305 and is 16 bytes longer for it. A key seals one file, once, so the
//! number of a chunk is its nonce; whether it is the last is part of it, so a file that was cut off does not open.

use chacha20poly1305::aead::{AeadInPlace, KeyInit, generic_array::GenericArray};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes of a chunk before it is sealed.
const CHUNK: u64 = 64 << 10;
/// How much longer each chunk is when it is sealed.
const TAG: u64 = 16;

/// The key of one file.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey(Zeroizing<[u8; 32]>);

/// A key is never printed.
impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey")
    }
}

impl FileKey {
    /// A fresh one.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn random() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *key).expect("the operating system has randomness");
        Self(key)
    }

    /// Reads what [`FileKey::bytes`] gave. Nothing for bytes that are no key.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let key: [u8; 32] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(key)))
    }

    /// To be kept, sealed.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a whole file. Only once with each key.
    pub fn seal(&self, file: &[u8]) -> Vec<u8> {
        let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(&*self.0));
        let chunks = chunks_of(file.len() as u64);
        let mut sealed = Vec::with_capacity(file.len() + (chunks * TAG) as usize);
        for (number, chunk) in file.chunks(CHUNK as usize).enumerate() {
            let start = sealed.len();
            sealed.extend_from_slice(chunk);
            let number = number as u64;
            let tag = cipher
                .encrypt_in_place_detached(&nonce(number, number + 1 == chunks), b"", &mut sealed[start..])
                .expect("a chunk is shorter than 256 GiB");
            sealed.extend_from_slice(&tag);
        }
        sealed
    }

    /// Opens `sealed`, which is what [`Span::of`] asked for. Nothing if it was changed, cut off or moved.
    pub fn open(&self, span: &Span, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        if sealed.len() as u64 != span.length {
            return None;
        }
        let cipher = XChaCha20Poly1305::new(GenericArray::from_slice(&*self.0));
        let mut end = 0;
        let (mut read, mut number) = (0, span.first);
        while read < sealed.len() {
            let length = (sealed.len() - read).min((CHUNK + TAG) as usize);
            let body = length.checked_sub(TAG as usize)?;
            let tag = *GenericArray::from_slice(&sealed[read + body..read + length]);
            let last = number + 1 == span.chunks;
            cipher
                .decrypt_in_place_detached(&nonce(number, last), b"", &mut sealed[read..read + body], &tag)
                .ok()?;
            sealed.copy_within(read..read + body, end);
            end += body;
            read += length;
            number += 1;
        }
        sealed.truncate(end);
        sealed.drain(..span.skip.min(end));
        sealed.truncate(span.take);
        (sealed.len() == span.take).then_some(sealed)
    }
}

/// The number of a chunk, and whether it is the last.
fn nonce(number: u64, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    nonce[8] = u8::from(last);
    nonce.into()
}

const fn chunks_of(length: u64) -> u64 {
    length.div_ceil(CHUNK)
}

/// How long a file is that is `sealed` bytes long when it is sealed. Nothing for a length that none has.
pub const fn plain_length(sealed: u64) -> Option<u64> {
    let chunks = sealed.div_ceil(CHUNK + TAG);
    match sealed.checked_sub(chunks * TAG) {
        Some(plain) if chunks_of(plain) == chunks => Some(plain),
        _ => None,
    }
}

/// Which bytes of a sealed file hold a part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte to read.
    pub offset: u64,
    /// How many.
    pub length: u64,
    first: u64,
    chunks: u64,
    skip: usize,
    take: usize,
}

impl Span {
    /// Of `take` bytes from `from` on, of a file that is `sealed` bytes long when it is sealed. Nothing where it has not
    /// that many.
    pub fn of(sealed: u64, from: u64, take: u64) -> Option<Self> {
        let plain = plain_length(sealed)?;
        let end = from.checked_add(take).filter(|end| *end <= plain)?;
        let first = from / CHUNK;
        let last = if take == 0 { first } else { chunks_of(end) };
        let offset = (first * (CHUNK + TAG)).min(sealed);
        let length = (last * (CHUNK + TAG)).min(sealed) - offset;
        Some(Self {
            offset,
            length: if take == 0 { 0 } else { length },
            first,
            chunks: chunks_of(plain),
            skip: (from - first * CHUNK) as usize,
            take: take as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(key: &FileKey, sealed: &[u8], from: u64, take: u64) -> Option<Vec<u8>> {
        let span = Span::of(sealed.len() as u64, from, take)?;
        let bytes = &sealed[span.offset as usize..(span.offset + span.length) as usize];
        key.open(&span, bytes.to_vec())
    }

    fn whole(key: &FileKey, sealed: &[u8]) -> Option<Vec<u8>> {
        part(key, sealed, 0, plain_length(sealed.len() as u64)?)
    }

    fn file(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 31 % 251) as u8).collect()
    }

    #[test]
    fn another_key_a_cut_and_chunks_in_another_order_open_nothing() {
        let key = FileKey::random();
        let file = file(3 * CHUNK as usize);
        let sealed = key.seal(&file);
        assert_eq!(sealed.len() as u64, 3 * (CHUNK + TAG));
        assert_eq!(whole(&key, &sealed).as_deref(), Some(&file[..]));
        assert_eq!(whole(&FileKey::random(), &sealed), None);
        let step = (CHUNK + TAG) as usize;
        assert_eq!(whole(&key, &sealed[..2 * step]), None, "cut at a chunk's end");
        let swapped = [&sealed[step..2 * step], &sealed[..step], &sealed[2 * step..]].concat();
        assert_eq!(whole(&key, &swapped), None);
        assert!(
            !sealed
                .windows(32)
                .any(|window| file.windows(32).step_by(4099).any(|part| part == window))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_part_is_what_it_was(
            length in prop_oneof![0usize..200, 65_000usize..66_100, 131_000usize..200_000],
            from in any::<u64>(),
            take in any::<u64>(),
        ) {
            let (key, file) = (FileKey::random(), file(length));
            let sealed = key.seal(&file);
            prop_assert_eq!(plain_length(sealed.len() as u64), Some(length as u64));
            let from = from % (length as u64 + 1);
            let take = take % (length as u64 - from + 1);
            let expected = &file[from as usize..(from + take) as usize];
            prop_assert_eq!(part(&key, &sealed, from, take), Some(expected.to_vec()));
            prop_assert_eq!(part(&key, &sealed, from, length as u64 - from + 1), None);
        }

        #[test]
        fn no_changed_byte_opens(length in 1usize..70_000, at in any::<usize>(), by in 1u8..) {
            let (key, file) = (FileKey::random(), file(length));
            let mut sealed = key.seal(&file);
            let at = at % sealed.len();
            sealed[at] ^= by;
            prop_assert_eq!(whole(&key, &sealed), None);
        }
    }
}
