//! What is read as an entry bundle is written back byte for byte. The first byte says how many entries to look for.

use bauta_ledger::{Leaf, bundle};

/// Whether it was one.
pub fn check(bytes: &[u8]) -> bool {
    let Some((width, bytes)) = bytes.split_first() else {
        return false;
    };
    let Ok(entries) = bundle::decode(bytes, u16::from(*width)) else {
        return false;
    };
    assert_eq!(bundle::encode(&entries).as_deref(), Ok(bytes));
    assert_eq!(
        bundle::decode_first(bytes, u16::from(*width)).as_ref(),
        Ok(&entries)
    );
    for entry in entries {
        if let Ok(leaf) = Leaf::decode(entry) {
            assert_eq!(leaf.encode(), entry);
        }
    }
    true
}
