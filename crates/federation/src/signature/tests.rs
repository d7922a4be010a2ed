//! The requests of RFC 9421, appendix B.2, and what hostile servers send.

use aws_lc_rs::signature::{ED25519, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use proptest::prelude::*;

use super::digest::{self, BodyDigest};
use super::rfc9421::{Input, signature_of};
use super::{Bad, Message, draft, read, rfc9421};
use crate::keys::{OwnKey, verify};

const RSA_PSS: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2\
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+\
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq\
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W\
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4\
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI2wIDAQAB";
const ED25519_KEY: &str = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
const SECRET: &str =
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

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

fn example(headers: &HeaderMap) -> Message<'_> {
    Message {
        method: &Method::POST,
        scheme: "https",
        authority: "example.com",
        path: "/foo",
        query: Some("param=Value&Pet=dog"),
        headers,
        body: Some(b"{\"hello\": \"world\"}"),
    }
}

fn example_headers() -> HeaderMap {
    headers(&[
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", "application/json"),
        (
            "content-digest",
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
        ),
        ("content-length", "18"),
    ])
}

/// The base that is built for `input`, and the bytes of `signature`.
fn vector(input: &str, signature: &str) -> (String, Vec<u8>) {
    let headers = example_headers();
    let message = example(&headers);
    let input = Input::parse(input).unwrap();
    let base = input.base(&message, message.query).unwrap();
    let signature = STANDARD
        .decode(signature_of(signature, input.label).unwrap())
        .unwrap();
    (base, signature)
}

#[test]
fn requests_of_appendix_b_that_rsa_pss_signed() {
    let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA512, STANDARD.decode(RSA_PSS).unwrap());
    for (input, signature) in [
        (
            "sig-b21=();created=1618884473;keyid=\"test-key-rsa-pss\";nonce=\"b3k2pp5k7z-50gnwp.yemd\"",
            "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
        ),
        (
            "sig-b22=(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\");created=1618884473;keyid=\"test-key-rsa-pss\";tag=\"header-example\"",
            "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
        ),
        (
            "sig-b23=(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" \"content-digest\" \"content-length\");created=1618884473;keyid=\"test-key-rsa-pss\"",
            "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
        ),
    ] {
        let (base, signature) = vector(input, signature);
        assert!(key.verify(base.as_bytes(), &signature).is_ok(), "{base}");
    }
}

#[test]
fn the_request_of_appendix_b_that_ed25519_signed() {
    let (base, signature) = vector(
        "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"",
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    );
    let key = UnparsedPublicKey::new(&ED25519, STANDARD.decode(ED25519_KEY).unwrap());
    assert!(key.verify(base.as_bytes(), &signature).is_ok(), "{base}");
}

#[test]
fn the_request_of_appendix_b_with_a_shared_secret() {
    let (base, signature) = vector(
        "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"",
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    );
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &STANDARD.decode(SECRET).unwrap());
    assert!(
        aws_lc_rs::hmac::verify(&key, base.as_bytes(), &signature).is_ok(),
        "{base}"
    );
}

#[test]
fn the_digest_of_the_example_is_that_of_its_body() {
    let headers = example_headers();
    let digest = headers["content-digest"].to_str().unwrap();
    assert!(digest::new_is(digest, b"{\"hello\": \"world\"}"));
    assert!(!digest::new_is(digest, b"{\"hello\": \"world!\"}"));
    assert!(!digest::new_is("", b"") && !digest::old_is("MD5=x", b""));
    let both = format!("{},SHA-256=wrong", BodyDigest::of(b"x").old_header());
    assert!(digest::old_is(&BodyDigest::of(b"x").old_header(), b"x") && !digest::old_is(&both, b"x"));
}

const NOW: i64 = 1_618_884_475;
const DATE: &str = "Tue, 20 Apr 2021 02:07:55 GMT";
const BODY: &[u8] = b"{}";

fn inbox(headers: &HeaderMap) -> Message<'_> {
    Message {
        method: &Method::POST,
        scheme: "https",
        authority: "bauta.example",
        path: "/inbox",
        query: Some("a=b"),
        headers,
        body: Some(BODY),
    }
}

fn by_draft(key: &OwnKey) -> HeaderMap {
    let place = ("bauta.example", "/inbox?a=b");
    draft::sign(
        key,
        "https://p.example/a#k",
        &Method::POST,
        place,
        Some(&BodyDigest::of(BODY)),
        DATE,
        None,
    )
    .into_iter()
    .collect()
}

fn by_rfc(key: &OwnKey) -> HeaderMap {
    let uri = "https://bauta.example/inbox?a=b";
    rfc9421::sign(
        key,
        "https://p.example/a#k",
        &Method::POST,
        uri,
        Some(&BodyDigest::of(BODY)),
        NOW,
        None,
    )
    .into_iter()
    .collect()
}

fn holds(message: &Message<'_>, pem: &str) -> bool {
    read(message, NOW).is_ok_and(|signed| {
        signed
            .bases
            .iter()
            .any(|base| verify(pem, base, &signed.signature))
    })
}

#[test]
fn what_we_sign_we_verify_and_nothing_else_passes() {
    let (key, _) = OwnKey::generate().unwrap();
    let pem = key.public_pem();
    let (other, _) = OwnKey::generate().unwrap();
    for headers in [by_draft(&key), by_rfc(&key)] {
        let message = inbox(&headers);
        assert_eq!(read(&message, NOW).unwrap().key_id, "https://p.example/a#k");
        assert!(holds(&message, &pem));
        assert!(!holds(&message, &other.public_pem()), "by another key");
        assert!(
            !holds(
                &Message {
                    authority: "other.example",
                    ..message
                },
                &pem
            ),
            "over another host"
        );
        assert!(
            !holds(
                &Message {
                    path: "/@a/inbox",
                    ..message
                },
                &pem
            ),
            "for another path"
        );
        assert!(
            !holds(
                &Message {
                    method: &Method::PUT,
                    ..message
                },
                &pem
            ),
            "for another method"
        );
        assert_eq!(
            read(
                &Message {
                    body: Some(b"[]"),
                    ..message
                },
                NOW
            ),
            Err(Bad::Digest)
        );
        assert_eq!(read(&message, NOW + 7200), Err(Bad::Stale));
        assert_eq!(read(&message, NOW - 7200), Err(Bad::Stale));
        for name in ["date", "digest", "content-digest", "signature", "signature-input"] {
            let Some(value) = headers.get(name) else { continue };
            let mut twice = headers.clone();
            twice.append(name, value.clone());
            let twice = read(&inbox(&twice), NOW);
            assert!(
                matches!(twice, Err(Bad::Header | Bad::Digest)),
                "{name} twice: {twice:?}"
            );
        }
    }
}

#[test]
fn a_query_that_was_not_signed_does_not_matter_to_the_draft() {
    let (key, _) = OwnKey::generate().unwrap();
    let place = ("bauta.example", "/inbox");
    let digest = BodyDigest::of(BODY);
    let headers: HeaderMap = draft::sign(&key, "k", &Method::POST, place, Some(&digest), DATE, None)
        .into_iter()
        .collect();
    assert!(holds(&inbox(&headers), &key.public_pem()));
}

#[test]
fn a_signature_that_covers_too_little_does_not_count() {
    for covered in [
        "host date digest",
        "(request-target) date digest",
        "(request-target) host digest",
        "(request-target) host date",
        "",
    ] {
        let signature = format!("keyId=\"k\",headers=\"{covered}\",signature=\"eA==\"");
        let headers = headers(&[
            ("date", DATE),
            ("digest", &BodyDigest::of(BODY).old_header()),
            ("signature", &signature),
        ]);
        assert_eq!(read(&inbox(&headers), NOW), Err(Bad::Uncovered), "{covered}");
    }
    for covered in [
        "\"@path\" \"@authority\"",
        "\"@method\" \"@authority\"",
        "\"@method\" \"@path\"",
        "\"@method\" \"@target-uri\"",
    ] {
        let input = format!("s=({covered});created={NOW};keyid=\"k\"");
        let headers = headers(&[
            ("signature-input", &input),
            ("signature", "s=:eA==:"),
            ("content-digest", &BodyDigest::of(BODY).new_header()),
        ]);
        assert_eq!(read(&inbox(&headers), NOW), Err(Bad::Uncovered), "{covered}");
    }
    assert_eq!(read(&inbox(&HeaderMap::new()), NOW), Err(Bad::Missing));
    let unknown = headers(&[(
        "signature",
        "keyId=\"k\",algorithm=\"hmac-sha256\",signature=\"eA==\"",
    )]);
    assert_eq!(read(&inbox(&unknown), NOW), Err(Bad::Algorithm));
}

#[test]
fn a_key_may_be_asked_for_by_its_whole_name() {
    let (key, _) = OwnKey::generate().unwrap();
    for (fragment, holds) in [("", true), ("#main-key", true), ("#other", false)] {
        let uri = format!("https://example.com/foo?param=Value&Pet=dog{fragment}");
        let signed = rfc9421::sign(&key, "https://p.example/a#k", &Method::GET, &uri, None, NOW, None);
        let headers: HeaderMap = signed.into_iter().collect();
        let message = Message {
            method: &Method::GET,
            body: None,
            ..example(&headers)
        };
        let signed = read(&message, NOW).unwrap();
        let mut bases = signed.bases.iter();
        let found = bases.any(|base| verify(&key.public_pem(), base, &signed.signature));
        assert_eq!(found, holds, "{fragment}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_header_is_read_or_refused(
        signature in "[a-zA-Z0-9=\",:;() @/#.-]{0,120}",
        input in "(sig1=\\()?[a-zA-Z0-9=\",:;() @/#.-]{0,120}",
    ) {
        for pairs in [
            vec![("signature", signature.as_str()), ("date", DATE)],
            vec![("signature", signature.as_str()), ("signature-input", input.as_str())],
        ] {
            let headers = headers(&pairs);
            let _ = read(&inbox(&headers), NOW);
        }
    }

    #[test]
    fn a_changed_signature_does_not_hold(at in 0usize..300, byte in b'A'..=b'Z') {
        static KEY: std::sync::OnceLock<(OwnKey, String)> = std::sync::OnceLock::new();
        let (key, _) = KEY.get_or_init(|| OwnKey::generate().unwrap());
        let mut headers = by_draft(key);
        let mut value = headers["signature"].to_str().unwrap().to_owned();
        let at = at % value.len();
        // Names of headers are the same in capitals.
        prop_assume!(!value.as_bytes()[at].eq_ignore_ascii_case(&byte));
        value.replace_range(at..=at, &char::from(byte).to_string());
        headers.insert("signature", HeaderValue::from_str(&value).unwrap());
        // The key's name is not covered: a change there is another key. Nor is the word "algorithm", which may be missing.
        let message = inbox(&headers);
        if let Ok(signed) = read(&message, NOW) && signed.key_id == "https://p.example/a#k" {
            let holds = signed.bases.iter().any(|base| verify(&key.public_pem(), base, &signed.signature));
            prop_assert!(!holds || !value.contains("algorithm=\"rsa-sha256\""));
        }
    }
}
