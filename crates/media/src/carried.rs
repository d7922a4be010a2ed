//! What a file carried beside its pixels, in its own words: for whoever sent it, once. The child gathers it, and the parent
//! believes nothing of it but its bounds.

use crate::found::Found;

/// Values that are told.
pub(crate) const MOST_VALUES: usize = 16;
/// Characters of one.
pub(crate) const MOST_CHARS: usize = 100;
/// Bytes of all of them on their way from the child.
pub(crate) const MOST_BYTES: usize = MOST_VALUES * (MOST_CHARS * 4 + 3);

/// Kinds of what was found, and, where they are asked for, values of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) kinds: Found,
    pub(crate) values: Vec<(Found, String)>,
    /// Values are wanted.
    tells: bool,
}

impl Carried {
    pub(crate) fn new(tells: bool) -> Self {
        Self {
            tells,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, kinds: Found) {
        self.kinds = self.kinds.with(kinds);
    }

    /// Notes a kind with its value, as far as that is text.
    pub(crate) fn say(&mut self, kind: Found, value: &[u8]) {
        self.add(kind);
        let value = text(value);
        let known = self
            .values
            .iter()
            .any(|(of, other)| *of == kind && *other == value);
        if self.tells && !value.is_empty() && !known && self.values.len() < MOST_VALUES {
            self.values.push((kind, value));
        }
    }

    /// For the pipe: of each value its kind (u16), its length in bytes (one byte more than fits in one: u16), its text.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (kind, value) in &self.values {
            bytes.extend(kind.code().to_le_bytes());
            bytes.extend((value.len() as u16).to_le_bytes());
            bytes.extend(value.as_bytes());
        }
        bytes
    }
}

/// Values as a child claims them; what makes no sense is left out.
pub(crate) fn values(mut bytes: &[u8]) -> Vec<(Found, String)> {
    let mut carried = Carried::new(true);
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let kind = Found::from_code(u16::from_le_bytes([head[0], head[1]]));
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some((value, rest)) = rest.split_at_checked(length) else {
            break;
        };
        carried.say(kind, value);
        bytes = rest;
    }
    carried.values
}

/// What of it can be read, on one line.
fn text(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    let plain = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let readable = line.chars().any(char::is_alphanumeric);
    // What is mostly no text is some other coding.
    let strange = line.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if !readable || strange * 4 > line.chars().count() {
        return String::new();
    }
    line.chars().take(MOST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_is_told_once_and_only_where_it_is_asked_for() {
        let mut carried = Carried::new(true);
        for value in [
            &b"Nikon D7\0"[..],
            b"Nikon D7",
            b"\0\0\0",
            b"\xff\xfe\xff\xfe1",
            b"two\nlines",
        ] {
            carried.say(Found::DEVICE, value);
        }
        let told: Vec<&str> = carried.values.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(told, ["Nikon D7", "two lines"]);
        assert_eq!(values(&carried.to_bytes()), carried.values);
        let mut silent = Carried::new(false);
        silent.say(Found::PERSON, b"Ann");
        assert!(silent.kinds.has(Found::PERSON) && silent.values.is_empty());
    }

    proptest! {
        #[test]
        fn whatever_a_child_claims_is_bounded_text(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            let told = values(&bytes);
            prop_assert!(told.len() <= MOST_VALUES);
            for (_, value) in &told {
                prop_assert!(value.chars().count() <= MOST_CHARS);
                prop_assert!(!value.chars().any(char::is_control));
            }
        }

        #[test]
        fn what_is_gathered_fits_through_the_pipe(all in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..900), 0..40)) {
            let mut carried = Carried::new(true);
            for value in &all {
                carried.say(Found::TEXT, value);
            }
            let bytes = carried.to_bytes();
            prop_assert!(bytes.len() <= MOST_BYTES);
            prop_assert_eq!(values(&bytes), carried.values);
        }
    }
}
