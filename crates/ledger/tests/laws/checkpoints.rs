//! What is read as a checkpoint, or as a request to a witness, is written back byte for byte.

use bauta_ledger::SignedCheckpoint;
use bauta_ledger::witness::{AddCheckpoint, Reply};

/// Whether it was a checkpoint.
pub fn check(bytes: &[u8]) -> bool {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_text().as_bytes(), bytes);
    }
    for status in [200, 409] {
        let _ = Reply::read(status, bytes);
    }
    let Ok(signed) = SignedCheckpoint::parse(bytes) else {
        return false;
    };
    assert_eq!(signed.note.to_text().as_bytes(), bytes);
    assert_eq!(signed.checkpoint.to_string(), signed.note.text());
    true
}
