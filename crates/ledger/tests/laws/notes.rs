//! What is read as a signed note is written back byte for byte.

use bauta_ledger::Note;
use bauta_ledger::promise::Promise;

/// Whether it was one.
pub fn check(bytes: &[u8]) -> bool {
    let _ = Promise::open(bytes, &[]);
    let Ok(note) = Note::parse(bytes) else {
        return false;
    };
    assert_eq!(note.to_text().as_bytes(), bytes);
    assert!(note.verify(&[]).is_err());
    true
}
