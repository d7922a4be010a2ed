//! Signed notes: a text with signature lines below (signed-note).

use std::fmt::Write as _;

use crate::encoding::{from_base64, to_base64};
use crate::key::{Algorithm, SigningKey, VerifierKey, is_key_name};

/// Bytes that a note may have, as in Go's implementation.
pub const MOST_NOTE_BYTES: usize = 1_000_000;

/// Signatures that a note may have. The specification asks for at least 16.
pub const MOST_SIGNATURES: usize = 100;

/// What begins a signature line: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a signed note.
    #[error("this is no signed note: {0}")]
    Malformed(&'static str),
    /// A signature that claims to be a known key's isn't.
    #[error("the signature of {0} does not fit the text: the note was changed")]
    Forged(String),
    /// None of the known keys signed it.
    #[error("none of the known keys signed this note")]
    Unsigned,
}

/// A signature line.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// What the key made, without the id: at least one byte.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// Reads a line without its newline.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix(DASH);
        let rest = rest.ok_or(NoteError::Malformed(
            "a signature line does not begin with a dash",
        ))?;
        let (name, signature) = rest
            .split_once(' ')
            .ok_or(NoteError::Malformed("a signature line has no signature"))?;
        if !is_key_name(name) {
            return Err(NoteError::Malformed("a signature line has no proper name"));
        }
        let bytes = from_base64(signature);
        let bytes = bytes.ok_or(NoteError::Malformed("a signature is not proper base64"))?;
        match bytes.split_first_chunk::<4>() {
            Some((id, bytes)) if !bytes.is_empty() => Ok(Self {
                name: name.to_owned(),
                id: u32::from_be_bytes(*id),
                bytes: bytes.to_vec(),
            }),
            _ => Err(NoteError::Malformed("a signature is too short")),
        }
    }

    /// The line, with its newline.
    pub fn to_line(&self) -> String {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend(&self.bytes);
        format!("{DASH}{} {}\n", self.name, to_base64(&bytes))
    }

    /// Whether `key` is the one that this line names.
    pub fn claims(&self, key: &VerifierKey) -> bool {
        self.id == key.id() && self.name == key.name()
    }
}

/// A text with its signatures, which nobody has checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A text without signatures yet. It must end with a newline and hold no other control characters.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Malformed("the text does not end with a newline"));
        }
        refuse_controls(text)?;
        Ok(Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        })
    }

    /// Reads a note. What is read is written back byte for byte by [`Note::to_text`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MOST_NOTE_BYTES {
            return Err(NoteError::Malformed("it is too long"));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
        refuse_controls(all)?;
        let end = all.rfind("\n\n");
        let end = end.ok_or(NoteError::Malformed(
            "there is no blank line before the signatures",
        ))?;
        let (text, lines) = (&all[..=end], &all[end + 2..]);
        let lines = lines.strip_suffix('\n');
        let lines = lines.ok_or(NoteError::Malformed("the last line does not end"))?;
        if lines.split('\n').count() > MOST_SIGNATURES {
            return Err(NoteError::Malformed("it has too many signatures"));
        }
        let signatures: Result<Vec<_>, _> = lines.split('\n').map(Signature::parse).collect();
        Ok(Self {
            text: text.to_owned(),
            signatures: signatures?,
        })
    }

    /// The text that is signed, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unchecked.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The whole note.
    pub fn to_text(&self) -> String {
        let mut all = format!("{}\n", self.text);
        for signature in &self.signatures {
            let _ = write!(all, "{}", signature.to_line());
        }
        all
    }

    /// Adds a signature line. The same line twice, or one above [`MOST_SIGNATURES`], is left out.
    pub fn add(&mut self, signature: Signature) {
        if self.signatures.len() < MOST_SIGNATURES && !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
    }

    /// Signs with a key of type Ed25519. Cosignatures need a time: see [`crate::cosignature::cosign`].
    pub fn sign(&mut self, key: &SigningKey) {
        debug_assert_eq!(
            key.public().algorithm(),
            Algorithm::Ed25519,
            "a witness signs a time too"
        );
        let bytes = key.sign(self.text.as_bytes()).to_vec();
        self.add(Signature {
            name: key.public().name().to_owned(),
            id: key.public().id(),
            bytes,
        });
    }

    /// The known keys that signed, each with its signature. Lines of unknown keys are ignored, even if they share a
    /// name or an id with a known one.
    ///
    /// # Errors
    /// [`NoteError::Forged`] when one line of a known key does not fit, whatever else is there. That no known key
    /// signed is no error here: the list is empty.
    pub fn verified<'k>(
        &self,
        known: &'k [VerifierKey],
    ) -> Result<Vec<(&'k VerifierKey, &Signature)>, NoteError> {
        let mut verified: Vec<(&VerifierKey, &Signature)> = Vec::new();
        for signature in &self.signatures {
            for key in known.iter().filter(|key| signature.claims(key)) {
                if !key.verifies(&self.text, &signature.bytes) {
                    return Err(NoteError::Forged(key.name().to_owned()));
                }
                verified.push((key, signature));
            }
        }
        Ok(verified)
    }

    /// As [`Note::verified`], where at least one of the known keys must have signed.
    pub fn verify<'k>(
        &self,
        known: &'k [VerifierKey],
    ) -> Result<Vec<(&'k VerifierKey, &Signature)>, NoteError> {
        let verified = self.verified(known)?;
        if verified.is_empty() {
            Err(NoteError::Unsigned)
        } else {
            Ok(verified)
        }
    }
}

fn refuse_controls(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::Malformed("it holds control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    use super::*;

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, Algorithm::Ed25519, Zeroizing::new([seed; 32])).expect("a seed")
    }

    fn signed(text: &str, keys: &[&SigningKey]) -> Note {
        let mut note = Note::new(text).expect("a text");
        for key in keys {
            note.sign(key);
        }
        note
    }

    #[test]
    fn a_note_is_read_back_and_verified() {
        let (a, b) = (key("a.example", 1), key("b.example", 2));
        let note = signed("One.\n\nTwo \u{2014} three.\n", &[&a, &b]);
        let read = Note::parse(note.to_text().as_bytes()).expect("our own");
        assert_eq!(read, note);
        let known = [a.public().clone()];
        let verified = read.verify(&known).expect("signed");
        assert_eq!(verified.len(), 1);
        assert_eq!(verified[0].0.name(), "a.example");
    }

    #[test]
    fn unknown_keys_are_ignored_and_a_known_one_that_fails_is_not() {
        let (a, b) = (key("a.example", 1), key("b.example", 2));
        let note = signed("Text.\n", &[&a, &b]);
        assert_eq!(
            note.verify(&[key("c.example", 3).public().clone()]),
            Err(NoteError::Unsigned)
        );
        // The same name with another key, and the other way round.
        assert_eq!(
            note.verify(&[key("a.example", 2).public().clone()]),
            Err(NoteError::Unsigned)
        );
        let forged = note.to_text().replace("Text.", "Test.");
        let forged = Note::parse(forged.as_bytes()).expect("a note");
        assert_eq!(
            forged.verify(&[a.public().clone()]),
            Err(NoteError::Forged("a.example".to_owned()))
        );
        // One good signature does not excuse a bad one.
        let mut mixed = signed("Text.\n", &[&a]);
        let mut bad = signed("Other.\n", &[&b]).signatures[0].clone();
        mixed.add(bad.clone());
        let known = [a.public().clone(), b.public().clone()];
        assert!(matches!(mixed.verify(&known), Err(NoteError::Forged(_))));
        bad.id ^= 1;
        let mut unknown = signed("Text.\n", &[&a]);
        unknown.add(bad);
        assert!(unknown.verify(&known).is_ok());
    }

    #[test]
    fn sixteen_signatures_and_many_more_are_fine() {
        let keys: Vec<SigningKey> = (0..MOST_SIGNATURES as u8)
            .map(|n| key(&format!("k{n}.example"), n))
            .collect();
        let known: Vec<VerifierKey> = keys.iter().map(|key| key.public().clone()).collect();
        let note = signed("Text.\n", &keys.iter().collect::<Vec<_>>());
        let read = Note::parse(note.to_text().as_bytes()).expect("a note");
        assert_eq!(read.verify(&known).expect("signed").len(), MOST_SIGNATURES);
        let more = format!("{}{}", note.to_text(), note.signatures[0].to_line());
        assert!(matches!(
            Note::parse(more.as_bytes()),
            Err(NoteError::Malformed(_))
        ));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let good = signed("Text.\n", &[&key("a.example", 1)]).to_text();
        assert!(Note::parse(good.as_bytes()).is_ok());
        let bad = [
            String::new(),
            "Text.\n".to_owned(),
            "Text.\n\n".to_owned(),
            good.trim_end().to_owned(),
            good.replace("\n\n", "\n"),
            good.replace('\u{2014}', "-"),
            good.replace("a.example ", "a.example  "),
            good.replace("a.example ", "a.example"),
            good.replace("a.example", "a+b"),
            good.replace("a.example", "a\u{a0}b"),
            good.replace("Text", "Te\txt"),
            good.replace("Text", "Te\rxt"),
            good.replace("=\n", "\n"),
            format!("{good}\n"),
            format!("{good}{DASH}a.example AAAAAA==\n"),
            "x".repeat(MOST_NOTE_BYTES + 1),
        ];
        for bad in bad {
            assert!(
                matches!(Note::parse(bad.as_bytes()), Err(NoteError::Malformed(_))),
                "{bad:.90}"
            );
        }
        assert!(Note::parse(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n").is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_changed_bit_of_a_known_keys_note_goes_unseen(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let a = key("a.example", 1);
            let mut bytes = signed("One.\n\nTwo.\n", &[&a]).to_text().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let known = [a.public().clone()];
            let verified = Note::parse(&bytes).and_then(|note| note.verify(&known).map(|_| ()));
            prop_assert!(verified.is_err());
        }
    }
}
