//! Host names as people may see them: in their own script where that can't deceive, else in ASCII.

use crate::characters::is_right_to_left;
use url::{Host, Url};

/// Host and port of a link, ready to be shown.
pub fn shown(url: &Url) -> String {
    let host = match url.host() {
        Some(Host::Domain(domain)) => unicode(domain).unwrap_or_else(|| domain.to_owned()),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// A script of host names. A label mixes no two of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Tamil,
    Thai,
    Georgian,
    Hangul,
    Chinese,
}

impl Script {
    /// Nothing for a script, or a letter of it, that we don't vouch for.
    const fn of(c: char) -> Option<Self> {
        Some(match c {
            // Without the dotless i, the long s and their like, which pass for other letters.
            'a'..='z' | 'ß'..='ö' | 'ø'..='\u{130}' | '\u{132}'..='\u{137}' | '\u{139}'..='\u{17E}' => {
                Self::Latin
            }
            '\u{370}'..='\u{3FF}' => Self::Greek,
            '\u{400}'..='\u{45F}' => Self::Cyrillic,
            '\u{530}'..='\u{58F}' => Self::Armenian,
            '\u{5D0}'..='\u{5EA}' => Self::Hebrew,
            '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D3}' => Self::Arabic,
            '\u{900}'..='\u{97F}' => Self::Devanagari,
            '\u{980}'..='\u{9FF}' => Self::Bengali,
            '\u{B80}'..='\u{BFF}' => Self::Tamil,
            '\u{E01}'..='\u{E4E}' => Self::Thai,
            '\u{10D0}'..='\u{10FF}' => Self::Georgian,
            '\u{AC00}'..='\u{D7A3}' => Self::Hangul,
            // Kana and ideographs are one system here.
            '\u{3005}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{30FC}'
            | '\u{4E00}'..='\u{9FFF}' => Self::Chinese,
            _ => return None,
        })
    }

    /// Whole words of it can pass for Latin ones (аррӏе): shown only under a top-level domain of the same script.
    const fn passes_for_latin(self) -> bool {
        matches!(self, Self::Greek | Self::Cyrillic | Self::Armenian)
    }
}

/// The domain in Unicode, if every label may be shown so.
fn unicode(domain: &str) -> Option<String> {
    if !domain.contains("xn--") {
        return None;
    }
    let (shown, result) = idna::domain_to_unicode(domain);
    result.ok()?;
    let top = shown
        .rsplit('.')
        .find(|label| !label.is_empty())
        .and_then(|label| label_script(label).ok().flatten());
    for label in shown.split('.').filter(|label| !label.is_empty()) {
        let script = label_script(label).ok()?;
        if script.is_some_and(Script::passes_for_latin) && top != script {
            return None;
        }
    }
    let right_to_left = |label: &str| label.chars().any(is_right_to_left);
    if right_to_left(&shown) && !shown.split('.').all(right_to_left) {
        return None;
    }
    Some(shown)
}

/// A letter that we don't vouch for, or two scripts in one label.
struct Doubtful;

/// The one script of a label; none if it is digits and hyphens.
fn label_script(label: &str) -> Result<Option<Script>, Doubtful> {
    let mut script = None;
    for c in label.chars().filter(|c| !c.is_ascii_digit() && *c != '-') {
        let this = Script::of(c).ok_or(Doubtful)?;
        if script.is_some_and(|script| script != this) {
            return Err(Doubtful);
        }
        script = Some(this);
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> String {
        shown(&Url::parse(url).unwrap())
    }

    #[test]
    fn honest_names_are_shown_in_their_own_script() {
        assert_eq!(of("https://bücher.example/"), "bücher.example");
        assert_eq!(of("https://日本語.jp"), "日本語.jp");
        assert_eq!(of("https://правда.рф"), "правда.рф");
        assert_eq!(of("https://www.example.org:8443/x"), "www.example.org:8443");
    }

    #[test]
    fn names_that_pass_for_others_are_shown_in_ascii() {
        assert_eq!(of("https://pаypal.com"), "xn--pypal-4ve.com");
        assert_eq!(of("https://аррӏе.com"), "xn--80ak6aa92e.com");
        assert_eq!(of("https://правда.com"), "xn--80aafi6cg.com");
        assert!(of("https://a.עברית.com").starts_with("a.xn--"));
    }

    #[test]
    fn numbers_are_shown_as_the_address_that_they_mean() {
        assert_eq!(of("https://2130706433/"), "127.0.0.1");
        assert_eq!(of("https://[::1]:8080/"), "[::1]:8080");
    }
}
