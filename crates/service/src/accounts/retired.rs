//! Names of deleted accounts. They are kept as hashes under a key of the server, and given to nobody.

use bauta_model::Handle;
use bauta_store::{Conn, account_deletion};

use crate::keyed;

/// What the hashes are of.
const WHAT: &[u8] = b"retired handle";

/// True if an account of this name was deleted.
pub(super) fn is_retired(conn: &mut Conn, handle: &Handle) -> bauta_store::Result<bool> {
    match keyed::hash_if_any(conn, &[WHAT, handle.key().as_bytes()])? {
        Some(hash) => account_deletion::is_retired(conn, &hash),
        None => Ok(false),
    }
}

/// The hash to keep of a name.
pub(super) fn retire(conn: &mut Conn, handle: &Handle) -> bauta_store::Result<[u8; 32]> {
    keyed::hash(conn, &[WHAT, handle.key().as_bytes()])
}
