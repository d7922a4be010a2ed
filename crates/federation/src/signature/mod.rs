//! HTTP signatures: draft-cavage-http-signatures-12, which most servers speak, and RFC 9421.
//!
//! Reading is strict: a signature counts only if it covers the method, the path, the host, a time within the window and,
//! where there is a body, its digest; and only if no covered header occurs twice.

pub(crate) mod digest;
pub(crate) mod draft;
pub(crate) mod rfc9421;

use http::{HeaderMap, Method};

/// A request as far as signatures see it.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// The method.
    pub method: &'a Method,
    /// `https` or `http`.
    pub scheme: &'a str,
    /// The host with its port, as this server is called.
    pub authority: &'a str,
    /// The path.
    pub path: &'a str,
    /// What follows `?`, without it.
    pub query: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, where there may be one.
    pub body: Option<&'a [u8]>,
}

impl Message<'_> {
    /// The only value of a header; nothing where it is missing or occurs twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    }

    /// Path and query as the first line of a request has them.
    pub fn target(&self) -> String {
        match self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// There is none.
    #[error("the request is not signed")]
    Missing,
    /// It can't be read.
    #[error("the signature can't be read")]
    Unreadable,
    /// It leaves out what it has to cover.
    #[error("the signature does not cover method, path, host, date and digest")]
    Uncovered,
    /// A header that it covers is missing or occurs twice.
    #[error("a signed header is missing or occurs twice")]
    Header,
    /// It is too old or from the future.
    #[error("the signature is too old or from the future")]
    Stale,
    /// The digest is not the body's.
    #[error("the digest is not that of the body")]
    Digest,
    /// It was made in a way that is not understood.
    #[error("the algorithm is not known")]
    Algorithm,
}

/// A signature that covers enough. The key of [`Signed::key_id`] has to have signed one of [`Signed::bases`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Which key.
    pub key_id: String,
    /// What it may have signed: with and without the query, as servers differ.
    pub bases: Vec<String>,
    /// The signature, base64.
    pub signature: String,
}

/// Seconds that a signature may be old: an hour, as clocks and queues go.
const OLDEST: i64 = 3600;
/// Seconds that it may be from the future.
const NEWEST: i64 = 300;

/// Reads the signature of a request at `now` (seconds since 1970): RFC 9421 where it is there, the draft otherwise.
///
/// # Errors
/// [`Bad`] where it can't count, whoever made it.
pub fn read(message: &Message<'_>, now: i64) -> Result<Signed, Bad> {
    let signed = if message.headers.contains_key("signature-input") {
        rfc9421::read(message, now)?
    } else {
        draft::read(message, now)?
    };
    if signed.key_id.is_empty() || signed.key_id.len() > 2048 {
        return Err(Bad::Unreadable);
    }
    Ok(signed)
}

fn fresh(seconds: i64, now: i64) -> Result<(), Bad> {
    if seconds < now - OLDEST || seconds > now + NEWEST {
        return Err(Bad::Stale);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
