//! Hashes under the key of this server, for what has to be recognised again and is written nowhere as it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_credentials::KeyedHash;
use bauta_store::{Conn, settings};

/// The setting that holds the key. It lies beside the hashes: whoever has both can try what was public, and learns whether
/// it was here.
const SETTING: &str = "retired_handles_key";

/// The hash of `parts`, of which the first says what the others are. Only within a write: the first one makes the key.
pub(crate) fn hash(conn: &mut Conn, parts: &[&[u8]]) -> bauta_store::Result<[u8; 32]> {
    let key = match key(conn)? {
        Some(key) => key,
        None => make_key(conn)?,
    };
    Ok(KeyedHash::from_key(&key).of(parts))
}

/// As [`hash`]; nothing where nothing was ever hashed.
pub(crate) fn hash_if_any(conn: &mut Conn, parts: &[&[u8]]) -> bauta_store::Result<Option<[u8; 32]>> {
    Ok(key(conn)?.map(|key| KeyedHash::from_key(&key).of(parts)))
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
