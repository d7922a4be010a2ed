//! Names of objects: random, so that they tell no order, no account and no kind. A row keeps one in the two numbers that
//! say of other media where they lie in the media folder.

use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The name of an object. Its first number is below zero, as no number of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    first: i32,
    rest: i64,
}

impl Name {
    /// A fresh one: 95 bits by chance.
    ///
    /// # Panics
    /// When the operating system has no randomness to give.
    pub fn random() -> Self {
        let chance = || getrandom::u64().expect("the operating system has randomness");
        Self {
            first: (chance() as u32 | 1 << 31).cast_signed(),
            rest: chance().cast_signed(),
        }
    }

    /// The name that two numbers of a row make; nothing where they are a place in the media folder.
    pub const fn of(first: i32, rest: i64) -> Option<Self> {
        if first < 0 {
            Some(Self { first, rest })
        } else {
            None
        }
    }

    /// The two numbers.
    pub const fn numbers(self) -> (i32, i64) {
        (self.first, self.rest)
    }

    /// Reads what [`fmt::Display`] writes, and nothing else.
    pub fn read(text: &str) -> Option<Self> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 24 || !text.bytes().all(digits) {
            return None;
        }
        let first = u32::from_str_radix(&text[..8], 16).ok()?.cast_signed();
        Self::of(first, u64::from_str_radix(&text[8..], 16).ok()?.cast_signed())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:08x}{:016x}",
            self.first.cast_unsigned(),
            self.rest.cast_unsigned()
        )
    }
}

/// What goes before the names of all objects of one data directory: random, kept in a file of it. A copy that was restored
/// from a backup has another, so that it deletes nothing of the server that it is a copy of.
///
/// # Errors
/// Those of the file.
pub fn folder(file: &Path) -> std::io::Result<String> {
    match std::fs::read_to_string(file) {
        Ok(text) if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(text),
        Ok(_) => Err(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "it is not what this server wrote: bring the file back, since without it no object is found",
        )),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut text = String::with_capacity(16);
            let chance = getrandom::u64().map_err(std::io::Error::other)?;
            write!(text, "{chance:016x}").map_err(std::io::Error::other)?;
            let mut made = std::fs::OpenOptions::new()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(file)?;
            made.write_all(text.as_bytes())?;
            made.sync_all()?;
            Ok(text)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_folder_stays_and_another_directory_has_another() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = here.path().join("bucket-folder");
        let first = folder(&file).unwrap();
        assert_eq!(folder(&file).unwrap(), first);
        assert_ne!(folder(&there.path().join("bucket-folder")).unwrap(), first);
        std::fs::write(&file, "x").unwrap();
        assert!(folder(&file).is_err());
    }

    proptest! {
        #[test]
        fn a_name_is_read_as_it_was_written_and_sorts_alike(first in i32::MIN..0, rest in any::<i64>()) {
            let name = Name::of(first, rest).unwrap();
            prop_assert_eq!(Name::read(&name.to_string()), Some(name));
            prop_assert_eq!(name.numbers(), (first, rest));
        }

        #[test]
        fn nothing_else_is_a_name(text in "[0-9a-fA-F/]{0,30}") {
            if let Some(name) = Name::read(&text) {
                prop_assert_eq!(name.to_string(), text);
            }
        }

        #[test]
        fn no_place_in_the_media_folder_is_a_name(first in 0..i32::MAX, rest in any::<i64>()) {
            prop_assert_eq!(Name::of(first, rest), None);
        }
    }
}
