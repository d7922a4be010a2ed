//! What is read as a policy says the same when it is written and read again.

use bauta_ledger::Policy;

/// Whether it was one.
pub fn check(bytes: &[u8]) -> bool {
    let Ok(policy) = Policy::parse(bytes) else {
        return false;
    };
    // Names of groups that are not UTF-8 are written with replacement characters; those of others can't be.
    let text = policy.to_string();
    if !text.contains('\u{fffd}') {
        assert_eq!(Policy::parse(text.as_bytes()).as_ref(), Ok(&policy));
    }
    true
}
