//! Names of deleted accounts. They are kept as hashes under a key of the server, and given to nobody.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_credentials::KeyedHash;
use bauta_model::Handle;
use bauta_store::{Conn, account_deletion, settings};

/// The setting that holds the key. It lies beside the hashes: whoever has both can try names, and learns whether an
/// account of that name, which was public, was here once.
const SETTING: &str = "retired_handles_key";

/// True if an account of this name was deleted.
pub(super) fn is_retired(conn: &mut Conn, handle: &Handle) -> bauta_store::Result<bool> {
    match key(conn)? {
        Some(key) => account_deletion::is_retired(conn, &hash(&key, handle)),
        None => Ok(false),
    }
}

/// The hash to keep of a name. Only within a write: the first one makes the key.
pub(super) fn retire(conn: &mut Conn, handle: &Handle) -> bauta_store::Result<[u8; 32]> {
    let key = match key(conn)? {
        Some(key) => key,
        None => make_key(conn)?,
    };
    Ok(hash(&key, handle))
}

fn hash(key: &[u8; 32], handle: &Handle) -> [u8; 32] {
    KeyedHash::from_key(key).of(&[b"retired handle", handle.key().as_bytes()])
}

fn key(conn: &mut Conn) -> bauta_store::Result<Option<[u8; 32]>> {
    let Some(text) = settings::get(conn, SETTING)? else {
        return Ok(None);
    };
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(Some)
        .ok_or(bauta_store::Error::Unknown("settings.value"))
}

fn make_key(conn: &mut Conn) -> bauta_store::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the operating system has randomness");
    settings::set(conn, SETTING, &STANDARD.encode(key))?;
    Ok(key)
}
