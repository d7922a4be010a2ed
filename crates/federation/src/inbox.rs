//! The inbox: who signed, and whether to believe it.

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header, request::Parts};
use axum::response::Response;
use bauta_model::Standing;
use parking_lot::Mutex;
use serde_json::Value;

use crate::discovery::plain;
use crate::fetch::Failed;
use crate::serve::{failed, unsigned};
use crate::signature::{self, Bad, Message};
use crate::{Peers, incoming, json, keys};

/// Bytes of an activity.
const MOST_BYTES: usize = 1024 * 1024;
/// How long one activity may keep us busy, whatever its server does.
const LONGEST: Duration = Duration::from_secs(30);
/// Signatures that were seen within the window in which they count: none counts twice.
#[derive(Default)]
pub struct Seen(Mutex<HashMap<[u8; 16], i64>>);

/// Signatures that are remembered.
const MOST_SEEN: usize = 100_000;
/// Seconds after which a signature can't count any more.
const FORGOTTEN: i64 = 2 * 3600;

impl Seen {
    /// False if the signature was seen before.
    fn is_new(&self, signature: &str, now: i64) -> bool {
        let mut seen = self.0.lock();
        if seen.len() >= MOST_SEEN {
            seen.retain(|_, at| *at > now - FORGOTTEN);
        }
        if seen.len() >= MOST_SEEN {
            seen.clear();
        }
        let mut key = [0; 16];
        key.copy_from_slice(&digest(&SHA256, signature.as_bytes()).as_ref()[..16]);
        seen.insert(key, now).is_none_or(|at| at <= now - FORGOTTEN)
    }
}

impl Peers {
    /// `POST /inbox` and `POST /@name/inbox`.
    pub(crate) async fn inbox(&self, parts: &Parts, body: Body) -> Response {
        let Ok(_permit) = self.gate.try_acquire() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "Try again in a while.");
        };
        match tokio::time::timeout(LONGEST, self.taken(parts, body)).await {
            Ok(answer) => answer,
            Err(_) => failed(Failed::Later),
        }
    }

    async fn taken(&self, parts: &Parts, body: Body) -> Response {
        if !is_activity(parts) {
            return plain(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "An inbox takes application/activity+json.",
            );
        }
        let Ok(body) = to_bytes(body, MOST_BYTES).await else {
            return plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "An activity has at most a mebibyte.",
            );
        };
        let incoming = match incoming::read(&body) {
            Ok(incoming) => incoming,
            Err(why) => return plain(StatusCode::BAD_REQUEST, &why.to_string()),
        };
        let actor = &incoming.actor;
        if self.is_farewell_of_a_stranger(actor, &incoming.value).await {
            return plain(StatusCode::ACCEPTED, "Nobody here knew them.");
        }
        let signer = match self.verified(parts, Some(&body)).await {
            Ok(signer) => signer,
            Err(refusal) => return refusal,
        };
        if signer != *actor {
            return match self.forwarded(&incoming).await {
                Ok(()) => plain(StatusCode::ACCEPTED, "Its origin is asked, if it matters here."),
                Err(why) => failed(why),
            };
        }
        match self.perform(actor, &incoming).await {
            Ok(()) => {
                self.hear_of_followers(actor, parts);
                plain(StatusCode::ACCEPTED, "Taken.")
            }
            Err(why) => failed(why),
        }
    }

    /// A whole server is told when an account is deleted; of one that nobody here knew there is no key to be had any more.
    async fn is_farewell_of_a_stranger(&self, actor: &str, activity: &Value) -> bool {
        json::is(activity, "Delete")
            && json::id_of(activity, "object") == Some(actor)
            && self.known(actor).await.is_ok_and(|known| known.is_none())
    }

    /// The actor who signed a request, or the answer to one that nobody signed rightly.
    pub(crate) async fn verified(&self, parts: &Parts, body: Option<&[u8]>) -> Result<String, Response> {
        let scheme = if self.app.site.base_url.starts_with("https") {
            "https"
        } else {
            "http"
        };
        let message = Message {
            method: &parts.method,
            scheme,
            authority: &self.app.site.domain,
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &parts.headers,
            body,
        };
        let now = self.app.clock.now().unix_seconds();
        let signed = signature::read(&message, now).map_err(unsigned)?;
        let domain = json::authority(&signed.key_id).ok_or_else(|| unsigned(Bad::Unreadable))?;
        if self.blocks(&domain) {
            return Err(plain(
                StatusCode::FORBIDDEN,
                "This server does not speak with yours.",
            ));
        }
        for fresh in [false, true] {
            let (key, standing) = match self.key(&signed.key_id, fresh).await {
                Ok(known) => known,
                Err(Failed::Later) => return Err(failed(Failed::Later)),
                Err(_) => return Err(unsigned(Bad::Unreadable)),
            };
            if signed
                .bases
                .iter()
                .any(|base| keys::verify(&key.pem, base, &signed.signature))
            {
                if body.is_some() && !self.seen.is_new(&signed.signature, now) {
                    return Err(plain(StatusCode::CONFLICT, "This was sent before."));
                }
                // Accounts that moderators suspended ask and tell nothing.
                if standing == Some(Standing::Suspended) {
                    return Err(plain(StatusCode::FORBIDDEN, "This account is suspended here."));
                }
                return Ok(key.owner);
            }
        }
        Err(plain(
            StatusCode::UNAUTHORIZED,
            "The signature is not by that key.",
        ))
    }
}

fn is_activity(parts: &Parts) -> bool {
    let whole = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = whole.and_then(|whole| whole.split(';').next()).map(str::trim);
    matches!(kind, Some("application/activity+json" | "application/ld+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_signature_counts_twice() {
        let seen = Seen::default();
        assert!(seen.is_new("a", 1000) && seen.is_new("b", 1000));
        assert!(!seen.is_new("a", 1001));
        assert!(seen.is_new("a", 1001 + FORGOTTEN + 1));
    }
}
