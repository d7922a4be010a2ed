//! The headers that get past the door. Whatever is not on the list does not exist for the rest of the house (law 2).

use std::sync::atomic::{AtomicBool, Ordering};

use bauta_model::{Event, emit};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// A header that passes as it came, and why the house can't do without it.
pub struct Allowed {
    /// Its name.
    pub name: HeaderName,
    /// What needs it.
    pub reason: &'static str,
}

const fn allowed(name: HeaderName, reason: &'static str) -> Allowed {
    Allowed { name, reason }
}

/// Every header that passes with its own value, besides what a server signs ([`SIGNATURES`], [`SIGNABLE`]). Three more pass in a form of our own: `host` (checked), `cookie`
/// (only our own), `connection` with `upgrade` (only to open a WebSocket).
///
/// Not on it, and why one might expect them: `accept-encoding` and `accept-language` tell browsers apart and
/// nothing here compresses or translates; `if-none-match` and `if-range` need validators, which can be turned
/// into cookies; `access-control-request-*` is answered the same for everybody.
pub const ALLOWED: [Allowed; 11] = [
    allowed(
        header::ACCEPT,
        "one path can answer as page, JSON or ActivityPub document",
    ),
    allowed(header::AUTHORIZATION, "the access token of an app"),
    allowed(
        header::CONTENT_LENGTH,
        "form parsers refuse early what is too long",
    ),
    allowed(header::CONTENT_TYPE, "form, JSON or multipart"),
    allowed(
        HeaderName::from_static("idempotency-key"),
        "an app that repeats a post after a lost answer posts once",
    ),
    allowed(header::ORIGIN, "defence against forged requests from other sites"),
    allowed(header::RANGE, "players ask for parts of a film (RFC 9110 § 14)"),
    allowed(
        HeaderName::from_static("sec-fetch-site"),
        "the same, for form posts without Origin",
    ),
    allowed(
        header::SEC_WEBSOCKET_KEY,
        "RFC 6455 handshake of the streaming API",
    ),
    allowed(header::SEC_WEBSOCKET_VERSION, "the same"),
    allowed(
        header::SEC_WEBSOCKET_PROTOCOL,
        "browsers can pass an access token to the streaming API in no other way",
    ),
];

/// What only a proxy or a CDN adds. These headers are dropped like all others; that one was there is remembered.
const FORWARDING: [&str; 24] = [
    "cdn-loop",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "cf-ipcountry",
    "cf-ray",
    "client-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    "forwarded-for",
    "true-client-ip",
    "via",
    "x-amz-cf-id",
    "x-azure-clientip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-original-forwarded-for",
    "x-originating-ip",
    "x-real-ip",
];

static PROXY_SEEN: AtomicBool = AtomicBool::new(false);

/// Whether a request came with a forwarding header since the process began: a proxy or CDN may stand in front, and
/// sees addresses. Anybody can send such a header, so it is a sign and not a proof.
pub fn proxy_seen() -> bool {
    PROXY_SEEN.load(Ordering::Relaxed)
}

/// Remembers a forwarding header, and says so once.
pub(crate) fn notice_proxy(headers: &HeaderMap) {
    if !proxy_seen()
        && FORWARDING.iter().any(|name| headers.contains_key(*name))
        && !PROXY_SEEN.swap(true, Ordering::Relaxed)
    {
        emit(Event::ProxySeen);
    }
}

/// The headers that the house may see, apart from `host`.
pub(crate) fn scrub(raw: &HeaderMap) -> HeaderMap {
    #[cfg(feature = "weaken")]
    if bauta_memory::weaken::is(bauta_memory::weaken::HEADERS) {
        return raw.clone();
    }
    let mut clean = HeaderMap::with_capacity(8);
    for Allowed { name, .. } in &ALLOWED {
        for value in raw.get_all(name) {
            clean.append(name.clone(), value.clone());
        }
    }
    signed(raw, &mut clean);
    if let Some(cookies) = own_cookies(raw) {
        clean.insert(header::COOKIE, cookies);
    }
    if opens_a_websocket(raw) {
        clean.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        clean.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    clean
}

/// Headers by which a server signs what it asks or sends (RFC 9421, and the older draft that most servers use).
const SIGNATURES: [&str; 2] = ["signature", "signature-input"];

/// Of what a signature names, the headers that the house can check: nothing that tells of a person or of the way here.
const SIGNABLE: [&str; 4] = ["date", "digest", "content-digest", "collection-synchronization"];

/// Passes a signature, and of the headers that it names those that can be checked. People's browsers and apps sign
/// nothing: this is how servers ask.
fn signed(raw: &HeaderMap, clean: &mut HeaderMap) {
    let mut named = String::new();
    for name in SIGNATURES {
        for value in raw.get_all(name) {
            named.push_str(&String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
            clean.append(HeaderName::from_static(name), value.clone());
        }
    }
    if named.is_empty() {
        return;
    }
    let words: Vec<&str> = named.split([' ', '"', ',', '(', ')', '=', ';']).collect();
    for name in SIGNABLE.into_iter().filter(|name| words.contains(name)) {
        for value in raw.get_all(name) {
            clean.append(HeaderName::from_static(name), value.clone());
        }
    }
}

/// The cookies that this house set. Others on the same name belong to somebody else's program.
fn own_cookies(raw: &HeaderMap) -> Option<HeaderValue> {
    let mut own: Vec<u8> = Vec::new();
    for line in raw.get_all(header::COOKIE) {
        for pair in line.as_bytes().split(|byte| *byte == b';') {
            let pair = pair.trim_ascii();
            if is_own(pair) {
                if !own.is_empty() {
                    own.extend_from_slice(b"; ");
                }
                own.extend_from_slice(pair);
            }
        }
    }
    if own.is_empty() {
        return None;
    }
    let mut value = HeaderValue::from_bytes(&own).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// `bauta…`, also behind the prefixes by which a browser promises that the cookie came over TLS.
fn is_own(pair: &[u8]) -> bool {
    let name = pair
        .strip_prefix(b"__Host-")
        .or_else(|| pair.strip_prefix(b"__Secure-"))
        .unwrap_or(pair);
    name.starts_with(b"bauta")
}

fn opens_a_websocket(raw: &HeaderMap) -> bool {
    let upgrades = raw.get_all(header::CONNECTION).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|token| token.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
    });
    upgrades
        && raw
            .get(header::UPGRADE)
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn only_our_own_cookies_pass() {
        let raw = headers(&[
            ("cookie", "other=1; bauta_session=a; __Host-bauta_csrf=b"),
            ("cookie", "_ga=GA1.2; xbauta=2;bauta=c"),
        ]);
        let clean = scrub(&raw);
        let cookies: Vec<_> = clean.get_all("cookie").iter().collect();
        assert_eq!(cookies, ["bauta_session=a; __Host-bauta_csrf=b; bauta=c"]);
        assert!(scrub(&headers(&[("cookie", "other=1")])).is_empty());
    }

    #[test]
    fn a_signature_passes_with_what_it_names_and_no_more() {
        let draft = headers(&[
            (
                "signature",
                "keyId=\"k\",headers=\"(request-target) host date digest user-agent\",signature=\"x\"",
            ),
            ("date", "now"),
            ("digest", "SHA-256=x"),
            ("content-digest", "sha-256=:x:"),
            ("user-agent", "Peer/1"),
            ("x-forwarded-for", "203.0.113.7"),
        ]);
        let clean = scrub(&draft);
        let mut names: Vec<&str> = clean.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["date", "digest", "signature"]);
        let rfc = headers(&[
            ("signature", "sig1=:x:"),
            (
                "signature-input",
                "sig1=(\"@method\" \"content-digest\");created=1",
            ),
            ("content-digest", "sha-256=:x:"),
            ("date", "now"),
        ]);
        assert_eq!(scrub(&rfc).len(), 3);
        assert!(
            scrub(&headers(&[("date", "now"), ("digest", "x")])).is_empty(),
            "nothing is signed"
        );
    }

    #[test]
    fn a_connection_header_passes_only_to_open_a_websocket() {
        let raw = headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket")]);
        let clean = scrub(&raw);
        assert_eq!(clean["connection"], "upgrade");
        assert_eq!(clean["upgrade"], "websocket");
        assert!(scrub(&headers(&[("connection", "upgrade"), ("upgrade", "h2c")])).is_empty());
        assert!(scrub(&headers(&[("upgrade", "websocket")])).is_empty());
    }

    #[test]
    fn no_forwarding_header_is_allowed() {
        for Allowed { name, .. } in &ALLOWED {
            assert!(!FORWARDING.contains(&name.as_str()), "{name}");
        }
    }

    proptest! {
        #[test]
        fn nothing_off_the_list_passes(name in "[a-z][a-z0-9-]{0,30}", value in "[ -~]{0,40}") {
            let clean = scrub(&headers(&[(&name, &value)]));
            let listed = ALLOWED.iter().any(|allowed| allowed.name.as_str() == name) || name == "cookie";
            prop_assert!(listed || clean.is_empty());
        }
    }
}
