//! Where an app may be sent back to. Compared letter by letter (RFC 9700 § 2.1): no patterns, no extra parameters.

use url::{Host, Url};

/// Stands for "show the code to the person".
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The longest redirect URI, in bytes.
const LONGEST: usize = 2000;

/// Schemes that run or read something in the browser itself.
const DANGEROUS: [&str; 9] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "javascript",
    "mailto",
    "vbscript",
    "view-source",
];

/// Where an app is sent back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// Nowhere: the person copies the code.
    OutOfBand,
    /// An address, exactly as it was registered.
    Uri(String),
}

impl Redirect {
    /// The redirect that the app registered as `asked`.
    pub(crate) fn registered(asked: &str, uris: &[String]) -> Option<Self> {
        if !uris.iter().any(|uri| uri == asked) {
            return None;
        }
        Some(if asked == OUT_OF_BAND {
            Self::OutOfBand
        } else {
            Self::Uri(asked.to_owned())
        })
    }

    /// What the app has to repeat when it redeems the code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OutOfBand => OUT_OF_BAND,
            Self::Uri(uri) => uri,
        }
    }
}

/// True if an app may register `uri`: https, http to this machine or to an onion service, or a scheme of the app's own
/// (RFC 8252 § 7). No fragment, no user name.
pub(crate) fn is_acceptable(uri: &str) -> bool {
    if uri == OUT_OF_BAND {
        return true;
    }
    if uri.len() > LONGEST || !uri.bytes().all(|b| b.is_ascii_graphic()) {
        return false;
    }
    let Ok(url) = Url::parse(uri) else { return false };
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.scheme() {
        "https" => url.has_host(),
        "http" => url.host().is_some_and(|host| stays_private(&host)),
        scheme => !DANGEROUS.contains(&scheme),
    }
}

fn stays_private(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            *name == "localhost" || name.ends_with(".localhost") || name.ends_with(".onion")
        }
        Host::Ipv4(address) => address.octets()[0] == 127,
        Host::Ipv6(address) => address.segments() == [0, 0, 0, 0, 0, 0, 0, 1],
    }
}

/// `uri` with parameters added to its query.
pub(crate) fn with(uri: &str, parameters: &[(&str, &str)]) -> Option<String> {
    let mut url = Url::parse(uri).ok()?;
    url.query_pairs_mut().extend_pairs(parameters);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn apps_of_every_kind_have_an_address() {
        for uri in [
            OUT_OF_BAND,
            "https://app.example/callback?x=1",
            "http://localhost:3000/",
            "http://127.0.0.1:1/a",
            "http://[::1]:1/a",
            "http://abc.onion/a",
            "org.joinmastodon.android://callback",
            "com.example.app:/oauth",
        ] {
            assert!(is_acceptable(uri), "{uri}");
        }
    }

    #[test]
    fn what_runs_in_the_browser_or_leaks_is_refused() {
        for uri in [
            "",
            "/callback",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "https://app.example/#a",
            "https://me:secret@app.example/",
            "http://app.example/",
            "http://localhost.example.org/",
            "https://app.example/\nhttps://evil.example/",
            "https://äpp.example/",
        ] {
            assert!(!is_acceptable(uri), "{uri}");
        }
        assert!(!is_acceptable(&format!(
            "https://app.example/{}",
            "a".repeat(LONGEST)
        )));
    }

    proptest! {
        #[test]
        fn only_the_very_same_text_is_registered(one in "[a-z]{1,8}://[a-z./?=]{1,20}", two in "[a-z]{1,8}://[a-z./?=]{1,20}", extra in "[a-z/?&.]{1,5}") {
            let uris = [one.clone()];
            prop_assert_eq!(Redirect::registered(&one, &uris), Some(Redirect::Uri(one.clone())));
            prop_assert_eq!(Redirect::registered(&two, &uris).is_some(), one == two);
            prop_assert_eq!(Redirect::registered(&format!("{one}{extra}"), &uris), None);
            prop_assert_eq!(Redirect::registered(&one.to_uppercase(), &uris), None);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if is_acceptable(&text) {
                prop_assert!(text.is_ascii() && !text.contains('\n'));
                prop_assert!(text == OUT_OF_BAND || with(&text, &[("code", "x")]).is_some());
            }
        }
    }
}
