//! Any header is a signature or refused; what counts binds method, path, host, time and body.

use bauta_federation::signature::{Bad, Message, read};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// When the requests are made: 20 April 2021, 02:07:55.
const NOW: i64 = 1_618_884_475;
const BODY: &[u8] = b"{\"hello\": \"world\"}";
/// Headers as a server sends them with that body.
const USUAL: [(&str, &str); 4] = [
    ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("content-type", "application/activity+json"),
    (
        "content-digest",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ),
    ("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
];

/// Reads the first line of `text` as the parameters of a signature of either kind, and the second as what goes with
/// them. Says which counted: the draft's, RFC 9421's.
pub fn check(text: &str) -> (bool, bool) {
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    (
        law(&[("signature", first), ("x-more", second)]),
        law(&[("signature-input", first), ("signature", second)]),
    )
}

fn law(more: &[(&'static str, &str)]) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in USUAL.iter().chain(more) {
        let Ok(value) = HeaderValue::from_str(value) else {
            return false;
        };
        headers.append(HeaderName::from_static(name), value);
    }
    let message = Message {
        method: &Method::POST,
        scheme: "https",
        authority: "bauta.example",
        path: "/@alice/inbox",
        query: Some("a=b"),
        headers: &headers,
        body: Some(BODY),
    };
    let Ok(signed) = read(&message, NOW) else {
        return false;
    };
    assert!(!signed.key_id.is_empty() && signed.key_id.len() <= 2048);
    assert!(!signed.bases.is_empty() && signed.bases.len() <= 2);
    assert_eq!(
        read(&message, NOW).as_ref(),
        Ok(&signed),
        "it is read alike twice"
    );
    let others = [
        Message {
            method: &Method::PUT,
            ..message
        },
        Message {
            path: "/@bob/inbox",
            ..message
        },
        Message {
            authority: "other.example",
            ..message
        },
    ];
    for other in &others {
        // The same signature over something else has nothing in common with it that a key could have signed.
        let bases = read(other, NOW).map(|other| other.bases).unwrap_or_default();
        assert!(
            bases.iter().all(|base| !signed.bases.contains(base)),
            "{:?}",
            signed.bases
        );
    }
    let body = Message {
        body: Some(b"{}"),
        ..message
    };
    assert_eq!(read(&body, NOW), Err(Bad::Digest));
    for late in [NOW + 100_000, NOW - 100_000] {
        assert_eq!(read(&message, late), Err(Bad::Stale));
    }
    true
}
