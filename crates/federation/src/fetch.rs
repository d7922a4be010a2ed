//! Getting documents from other servers: signed by the server itself, believed only for their own origin.

use std::sync::Arc;

use bauta_outbound::{Answer, Error, Limits, Redirects, Request};
use http::header::{ACCEPT, HeaderValue};
use serde_json::Value;
use url::{Position, Url};

use crate::json;
use crate::keys::{OwnKey, SERVER};
use crate::signature::draft;
use crate::{Peers, date};

/// Why a document was not got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The host says that it is not there (404, 410).
    Gone,
    /// It must not be asked, or what came must not be believed.
    Refused,
    /// It may be got later.
    Later,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        if error.may_pass() {
            Self::Later
        } else {
            Self::Refused
        }
    }
}

/// Bytes of a document.
const MOST_BYTES: usize = 512 * 1024;

/// What is asked for.
const ACTIVITY: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

impl Peers {
    /// The document of a name. Its `id` is of the origin that answered; where the `id` is another name there, that is
    /// got in its place.
    pub(crate) async fn document(&self, uri: &str) -> Result<Value, Failed> {
        let first = self.get(uri).await?;
        let id = json::id(&first).ok_or(Failed::Refused)?.to_owned();
        if without_fragment(&id) == without_fragment(uri) {
            return Ok(first);
        }
        let second = self.get(&id).await?;
        if json::id(&second) != Some(id.as_str()) {
            return Err(Failed::Refused);
        }
        Ok(second)
    }

    async fn get(&self, uri: &str) -> Result<Value, Failed> {
        let mut url = Url::parse(uri).map_err(|_| Failed::Refused)?;
        url.set_fragment(None);
        if !self.may_ask(&url) {
            return Err(Failed::Refused);
        }
        let key = self.own_key(SERVER).await.map_err(|_| Failed::Later)?;
        let (key_id, date) = (
            format!("{}/actor#main-key", self.app.site.base_url),
            date::write(self.app.clock.now()),
        );
        let request = Request::get(url)
            .limits(Limits {
                body: MOST_BYTES,
                ..Limits::default()
            })
            .header(ACCEPT, HeaderValue::from_static(ACTIVITY))
            .prepared(move |method, url| signed(&key, &key_id, method, url, &date));
        let answer = self.client.send(request).await?;
        let value = read(&answer, |kind| {
            kind == "application/activity+json"
                || (kind == "application/ld+json" && names_activities(&answer))
        })?;
        let id = json::id(&value).ok_or(Failed::Refused)?;
        if json::same_origin(id, answer.url.as_str()) {
            Ok(value)
        } else {
            Err(Failed::Refused)
        }
    }

    /// What WebFinger at `domain` says of `resource`.
    pub(crate) async fn webfinger(&self, domain: &str, resource: &str) -> Result<Value, Failed> {
        // In the clear only among servers of one machine that are met so themselves.
        let plain = self.local && !self.app.site.base_url.starts_with("https");
        let scheme = if plain { "http" } else { "https" };
        let mut url =
            Url::parse(&format!("{scheme}://{domain}/.well-known/webfinger")).map_err(|_| Failed::Refused)?;
        url.query_pairs_mut().append_pair("resource", resource);
        if !self.may_ask(&url) {
            return Err(Failed::Refused);
        }
        let request = Request::get(url)
            .redirects(Redirects::Anywhere)
            .limits(Limits {
                body: 64 * 1024,
                ..Limits::default()
            })
            .header(
                ACCEPT,
                HeaderValue::from_static("application/jrd+json, application/json"),
            );
        let answer = self.client.send(request).await?;
        read(&answer, |kind| {
            matches!(kind, "application/jrd+json" | "application/json")
        })
    }

    /// True for a host that may be asked at all.
    pub(crate) fn may_ask(&self, url: &Url) -> bool {
        let plain = self.local || url.host_str().is_some_and(|host| host.ends_with(".onion"));
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && plain);
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        scheme && host != self.app.site.domain && !self.blocks(&host)
    }
}

fn signed(
    key: &Arc<OwnKey>,
    key_id: &str,
    method: &http::Method,
    url: &Url,
    date: &str,
) -> Vec<(http::HeaderName, HeaderValue)> {
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let target = &url[Position::BeforePath..Position::AfterQuery];
    draft::sign(key, key_id, method, (authority, target), None, date, None)
}

fn names_activities(answer: &Answer) -> bool {
    answer
        .header("content-type")
        .is_some_and(|whole| whole.contains("https://www.w3.org/ns/activitystreams"))
}

fn read(answer: &Answer, wanted: impl Fn(&str) -> bool) -> Result<Value, Failed> {
    match answer.status {
        200 => {}
        404 | 410 => return Err(Failed::Gone),
        429 | 500..=599 => return Err(Failed::Later),
        _ => return Err(Failed::Refused),
    }
    if !answer.content_type().is_some_and(|kind| wanted(&kind)) {
        return Err(Failed::Refused);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Failed::Refused)
}

fn without_fragment(uri: &str) -> &str {
    uri.split('#').next().unwrap_or_default()
}
