//! Where an app is, as a source of a content security policy (CSP 3 § 2.3.1).

use url::Url;

/// The origin of a web address, or the scheme of anything else. Never more than one source, whatever the address is:
/// an app must not write into our policy.
pub fn source(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let scheme = format!("{}:", url.scheme());
    // The grammar has no IPv6 addresses; and a name may hold what ends a directive. Then the scheme has to do.
    let plain = |host: &&str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
    };
    match url.host_str().filter(plain) {
        Some(host) if matches!(url.scheme(), "https" | "http") => {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            Some(format!("{scheme}//{host}{port}"))
        }
        _ => Some(scheme),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_of_app_has_a_source() {
        for (uri, expected) in [
            ("https://app.example/callback?x=1", "https://app.example"),
            ("https://app.example:8443/", "https://app.example:8443"),
            ("http://127.0.0.1:3000/a", "http://127.0.0.1:3000"),
            ("http://[::1]:3000/a", "http:"),
            ("org.joinmastodon.android://callback", "org.joinmastodon.android:"),
            ("https://a;script-src/", "https:"),
        ] {
            assert_eq!(source(uri).as_deref(), Some(expected), "{uri}");
        }
    }

    proptest! {
        #[test]
        fn nothing_in_an_address_ends_the_directive(uri in "(https|http|a.b-c)://[\\x21-\\x7e]{0,20}") {
            if let Some(source) = source(&uri) {
                prop_assert!(source.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-:/".contains(&b)), "{}", source);
            }
        }
    }
}
