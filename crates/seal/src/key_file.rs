//! The key file: a key for each value that outlived its day, sorted, in sealed blocks, under the root of one day.
//!
//! Layout: a header (name, day, flags, count; nonce and tag that vouch for it), then blocks of up to [`BLOCK`] entries, each
//! a nonce, the sealed entries and a tag. Keys are read from the disk when they are needed: a server with millions of
//! values holds the first id of each block, and no key but those of the day.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use bauta_model::Day;
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::value::{Id, Key};
use crate::{Error, Result, Root};

const NAME: &[u8; 16] = b"bauta-keys-1\n\0\0\0";
const NONCE: usize = 24;
const TAG: usize = 16;
/// Name, day, flags, count.
const HEADER: usize = 16 + 4 + 4 + 8;
const START: u64 = (HEADER + NONCE + TAG) as u64;

/// Bytes of an entry: the id and the key.
const ENTRY: usize = 16 + 32;

/// Entries of a block: reading one opens about 4 KiB.
const BLOCK: usize = 80;
const BLOCK_BYTES: u64 = (NONCE + BLOCK * ENTRY + TAG) as u64;

/// A key of a value that outlived its day.
pub(crate) struct Entry {
    pub(crate) id: Id,
    pub(crate) key: Key,
}

/// What a file says of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The day of the root that it is under.
    pub(crate) day: Day,
    /// Values that are not sealed may still be there.
    pub(crate) plain: bool,
    count: u64,
}

/// An open key file.
pub(crate) struct KeyFile {
    file: File,
    header: Header,
    key: Key,
    /// The first id of each block.
    firsts: Vec<Id>,
}

impl KeyFile {
    /// Opens it and reads all of it once, so that damage shows now.
    pub(crate) fn open(path: &Path, root: &Root) -> Result<Self> {
        let mut file = File::open(path)?;
        let (header, bytes) = read_header(&mut file)?;
        let key = root.on(header.day)?.keys();
        let (head, vouched) = bytes.split_at(HEADER);
        let (nonce, tag) = vouched.split_at(NONCE);
        cipher(&key)
            .decrypt_in_place_detached(
                GenericArray::from_slice(nonce),
                head,
                &mut [],
                GenericArray::from_slice(tag),
            )
            .map_err(|_| Error::WrongRoot)?;
        let mut opened = Self {
            file,
            header,
            key,
            firsts: Vec::new(),
        };
        if opened.file.metadata()?.len() != opened.length() {
            return Err(Error::Damaged);
        }
        for number in 0..opened.blocks() {
            let block = opened.block(number)?;
            let first = block.first_chunk().ok_or(Error::Damaged)?;
            opened.firsts.push(*first);
        }
        Ok(opened)
    }

    /// The day of a file that is not opened yet.
    pub(crate) fn day_of(path: &Path) -> Result<Day> {
        Ok(read_header(&mut File::open(path)?)?.0.day)
    }

    pub(crate) const fn header(&self) -> Header {
        self.header
    }

    const fn blocks(&self) -> u64 {
        self.header.count.div_ceil(BLOCK as u64)
    }

    const fn length(&self) -> u64 {
        START + self.blocks() * (NONCE + TAG) as u64 + self.header.count * ENTRY as u64
    }

    /// The entries of a block, one after another.
    fn block(&self, number: u64) -> Result<Zeroizing<Vec<u8>>> {
        let before = number * BLOCK as u64;
        let entries = (self.header.count - before).min(BLOCK as u64) as usize;
        let mut bytes = Zeroizing::new(vec![0; NONCE + entries * ENTRY + TAG]);
        self.file
            .read_exact_at(&mut bytes, START + number * BLOCK_BYTES)?;
        let (nonce, rest) = bytes.split_at_mut(NONCE);
        let (sealed, tag) = rest.split_at_mut(entries * ENTRY);
        cipher(&self.key)
            .decrypt_in_place_detached(
                GenericArray::from_slice(nonce),
                &block_place(self.header.day, number),
                sealed,
                GenericArray::from_slice(tag),
            )
            .map_err(|_| Error::Damaged)?;
        bytes.drain(..NONCE);
        bytes.truncate(entries * ENTRY);
        Ok(bytes)
    }

    /// The key of the value `id`.
    pub(crate) fn find(&self, id: &Id) -> Result<Option<Key>> {
        let Some(number) = self.firsts.partition_point(|first| first <= id).checked_sub(1) else {
            return Ok(None);
        };
        let block = self.block(number as u64)?;
        let entries: &[[u8; ENTRY]] = block.as_chunks().0;
        let found = entries.binary_search_by(|entry| entry[..16].cmp(id));
        Ok(found.ok().map(|at| key_of(&entries[at])))
    }

    /// Gives every entry to `take`, by id.
    pub(crate) fn each(&self, mut take: impl FnMut(Entry) -> Result<()>) -> Result<()> {
        for number in 0..self.blocks() {
            let block = self.block(number)?;
            for entry in block.as_chunks::<ENTRY>().0 {
                let mut id = [0; 16];
                id.copy_from_slice(&entry[..16]);
                take(Entry {
                    id,
                    key: key_of(entry),
                })?;
            }
        }
        Ok(())
    }
}

fn key_of(entry: &[u8; ENTRY]) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&entry[16..]);
    key
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(GenericArray::from_slice(&**key))
}

/// A block can't stand in another's place, nor in a file of another day.
fn block_place(day: Day, number: u64) -> [u8; 12] {
    let mut place = [0; 12];
    place[..4].copy_from_slice(&day.get().to_le_bytes());
    place[4..].copy_from_slice(&number.to_le_bytes());
    place
}

fn read_header(file: &mut File) -> Result<(Header, [u8; START as usize])> {
    let mut bytes = [0; START as usize];
    file.read_exact(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => Error::Damaged,
        _ => Error::File(error),
    })?;
    let number = |from: usize| i32::from_le_bytes(bytes[from..from + 4].try_into().unwrap_or_default());
    if bytes[..16] != *NAME {
        return Err(Error::Damaged);
    }
    let header = Header {
        day: Day::new(number(16)),
        plain: number(20) == 1,
        count: u64::from_le_bytes(bytes[24..HEADER].try_into().unwrap_or_default()),
    };
    Ok((header, bytes))
}

/// Writes a key file, an entry after another.
pub(crate) struct Writing {
    file: BufWriter<File>,
    key: Key,
    header: Header,
    block: Zeroizing<Vec<u8>>,
    blocks: u64,
}

impl Writing {
    /// Begins a file at `path`, in place of whatever a killed process left there.
    pub(crate) fn begin(path: &Path, root: &Root, plain: bool) -> Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.seek(SeekFrom::Start(START))?;
        Ok(Self {
            file: BufWriter::new(file),
            key: root.keys(),
            header: Header {
                day: root.day(),
                plain,
                count: 0,
            },
            block: Zeroizing::new(Vec::with_capacity(BLOCK * ENTRY)),
            blocks: 0,
        })
    }

    /// Adds an entry. Ids have to come in order.
    pub(crate) fn add(&mut self, entry: &Entry) -> Result<()> {
        self.block.extend_from_slice(&entry.id);
        self.block.extend_from_slice(&*entry.key);
        self.header.count += 1;
        if self.block.len() == BLOCK * ENTRY {
            self.end_block()?;
        }
        Ok(())
    }

    fn end_block(&mut self) -> Result<()> {
        let nonce = nonce();
        let tag = cipher(&self.key)
            .encrypt_in_place_detached(
                GenericArray::from_slice(&nonce),
                &block_place(self.header.day, self.blocks),
                &mut self.block,
            )
            .map_err(|_| Error::Damaged)?;
        for part in [&nonce[..], &self.block, &tag] {
            self.file.write_all(part)?;
        }
        self.block.clear();
        self.blocks += 1;
        Ok(())
    }

    /// Ends the file; it is on the disk when this returns. How many keys are in it.
    pub(crate) fn end(mut self) -> Result<u64> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        let mut head = [0; HEADER];
        head[..16].copy_from_slice(NAME);
        head[16..20].copy_from_slice(&self.header.day.get().to_le_bytes());
        head[20..24].copy_from_slice(&i32::from(self.header.plain).to_le_bytes());
        head[24..].copy_from_slice(&self.header.count.to_le_bytes());
        let nonce = nonce();
        let tag = cipher(&self.key)
            .encrypt_in_place_detached(GenericArray::from_slice(&nonce), &head, &mut [])
            .map_err(|_| Error::Damaged)?;
        let mut file = self
            .file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        for part in [&head[..], &nonce, &tag] {
            file.write_all(part)?;
        }
        file.sync_all()?;
        Ok(self.header.count)
    }
}

fn nonce() -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).expect("the operating system has randomness");
    nonce
}
