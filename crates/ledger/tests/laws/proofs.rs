//! What is read as a receipt is written back byte for byte, and proves nothing by being well-formed.

use bauta_ledger::TlogProof;

/// Whether it was one.
pub fn check(bytes: &[u8]) -> bool {
    let Ok(proof) = TlogProof::parse(bytes) else {
        return false;
    };
    assert_eq!(proof.to_text().as_bytes(), bytes);
    assert!(!proof.includes(b"an entry that nobody logged"));
    let _ = proof.opening();
    true
}
