//! Archives as they come: `.tar.gz` as this server and older Mastodon write them, `.zip` as Mastodon does now. Nothing of one
//! is written to the disk, and what it holds unpacked is bounded.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::Refused;

/// Bytes of everything in an archive that is read, unpacked.
const MOST_UNPACKED: u64 = 160 << 20;
/// Files of an archive.
const MOST_FILES: usize = 50_000;

/// Files by their names, without what leads to them.
pub(super) struct Packed(HashMap<String, Vec<u8>>);

impl Packed {
    /// Unpacks the files that `wanted` names. Takes a while: for a blocking thread.
    ///
    /// # Errors
    /// [`Refused::Invalid`] names `file`: it is no archive, is broken, or holds too much.
    pub fn open(file: Vec<u8>, wanted: impl Fn(&str) -> bool) -> Result<Self, Refused> {
        let mut room = Room {
            left: MOST_UNPACKED,
            files: HashMap::new(),
            seen: 0,
        };
        match file.get(..4) {
            Some([0x1f, 0x8b, ..]) => room.tar(&file, wanted)?,
            Some(b"PK\x03\x04") => room.zip(file, wanted)?,
            _ => return Err(wrong("The file is no archive: it has to be a .zip or a .tar.gz.")),
        }
        Ok(Self(room.files))
    }

    /// A file, taken out of the archive.
    pub fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        self.0.remove(name)
    }

    /// A file at an address or path as posts name it, wherever their server kept it.
    pub fn take_medium(&mut self, path: &str) -> Option<Vec<u8>> {
        let at = path.find(MEDIA)?;
        let name = path[at..].split(['?', '#']).next()?;
        self.take(name)
    }
}

/// Where archives keep media.
pub(super) const MEDIA: &str = "media_attachments/";

struct Room {
    left: u64,
    seen: usize,
    files: HashMap<String, Vec<u8>>,
}

impl Room {
    fn tar(&mut self, file: &[u8], wanted: impl Fn(&str) -> bool) -> Result<(), Refused> {
        // Also what is skipped is unpacked.
        let unpacked = MultiGzDecoder::new(file).take(MOST_UNPACKED);
        let mut archive = tar::Archive::new(unpacked);
        for entry in archive.entries().map_err(broken)? {
            let mut entry = entry.map_err(broken)?;
            let name = plain_name(&String::from_utf8_lossy(&entry.path_bytes()));
            self.count()?;
            if entry.header().entry_type().is_file() && wanted(&name) {
                self.put(name, &mut entry)?;
            }
        }
        Ok(())
    }

    fn zip(&mut self, file: Vec<u8>, wanted: impl Fn(&str) -> bool) -> Result<(), Refused> {
        let mut archive = ZipArchive::new(Cursor::new(file)).map_err(broken)?;
        for number in 0..archive.len() {
            let mut entry = archive.by_index(number).map_err(broken)?;
            let name = plain_name(&entry.name().map_err(broken)?);
            self.count()?;
            if entry.is_file() && wanted(&name) {
                self.put(name, &mut entry)?;
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Refused> {
        self.seen += 1;
        if self.seen > MOST_FILES {
            return Err(wrong("The archive holds more than 50,000 files."));
        }
        Ok(())
    }

    /// What the archive says of a length is not believed.
    fn put(&mut self, name: String, entry: &mut impl Read) -> Result<(), Refused> {
        let mut bytes = Vec::new();
        let read = entry
            .take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(broken)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| wrong("The archive holds more than 160 MB unpacked."))?;
        self.files.insert(name, bytes);
        Ok(())
    }
}

/// A name without `./` or `/` in front.
fn plain_name(name: &str) -> String {
    name.trim_start_matches(['.', '/']).to_owned()
}

fn wrong(why: &str) -> Refused {
    Refused::invalid("file", why)
}

/// Every way in which an archive can be broken is the same to whoever sent it.
fn broken<E>(_: E) -> Refused {
    wrong("The archive is broken or cut off: get it anew.")
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    /// An archive as Mastodon packs it.
    pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn all(file: Vec<u8>) -> Result<Packed, Refused> {
        Packed::open(file, |_| true)
    }

    #[test]
    fn a_medium_is_found_however_its_server_named_it() {
        let file = zipped(&[
            ("media_attachments/files/1/original/a.png", b"one"),
            ("./actor.json", b"{}"),
        ]);
        let mut packed = all(file).unwrap();
        assert_eq!(
            packed.take_medium("/media_attachments/files/1/original/b.png"),
            None
        );
        let at = "https://files.far.example/system/media_attachments/files/1/original/a.png?x=1";
        assert_eq!(packed.take_medium(at), Some(b"one".to_vec()));
        assert_eq!(packed.take("actor.json"), Some(b"{}".to_vec()));
    }

    #[test]
    fn what_grows_without_end_is_refused() {
        let zeros = vec![0; 24 << 20];
        let many: Vec<String> = (0..7).map(|n| format!("{n}")).collect();
        let files: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &zeros[..])).collect();
        assert!(matches!(
            all(zipped(&files)),
            Err(Refused::Invalid { field: "file", .. })
        ));
        assert!(all(b"PK\x03\x04".to_vec()).is_err());
        assert!(all(b"no archive".to_vec()).is_err());
    }

    proptest! {
        #[test]
        fn a_broken_archive_is_refused_and_nothing_else_happens(
            at in 0_usize..400,
            byte: u8,
            cut in 0_usize..400,
        ) {
            let mut file = zipped(&[("outbox.json", &[7; 100]), ("b", b"2")]);
            let length = file.len();
            file[at % length] = byte;
            file.truncate(length - cut % length);
            let _ = all(file);
            let mut tar = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
            tar.extend([byte; 40]);
            let _ = all(tar);
        }
    }
}
