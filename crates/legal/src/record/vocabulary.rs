//! The words that a demand may ask for records with: what is made of these alone names nobody.

/// Words of records, and the small words between them, in lower case without their plural.
const WORDS: &[&str] = &[
    "a",
    "about",
    "access",
    "account",
    "activity",
    "address",
    "all",
    "an",
    "and",
    "any",
    "associated",
    "at",
    "bank",
    "basic",
    "billing",
    "biography",
    "browser",
    "by",
    "card",
    "cell",
    "communication",
    "connection",
    "contact",
    "content",
    "creation",
    "credit",
    "data",
    "date",
    "day",
    "deletion",
    "detail",
    "device",
    "direct",
    "display",
    "e-mail",
    "each",
    "email",
    "file",
    "first",
    "follower",
    "following",
    "for",
    "from",
    "full",
    "history",
    "home",
    "i.p",
    "identification",
    "identifier",
    "identity",
    "imei",
    "information",
    "internet",
    "ip",
    "its",
    "kept",
    "last",
    "length",
    "list",
    "location",
    "log",
    "login",
    "mac",
    "mail",
    "mailing",
    "mean",
    "media",
    "message",
    "method",
    "mobile",
    "name",
    "network",
    "number",
    "of",
    "on",
    "or",
    "other",
    "passphrase",
    "password",
    "payment",
    "period",
    "phone",
    "photo",
    "picture",
    "port",
    "post",
    "postal",
    "private",
    "profile",
    "protocol",
    "public",
    "recipient",
    "record",
    "recovery",
    "regarding",
    "registration",
    "related",
    "relating",
    "residence",
    "screen",
    "sender",
    "sent",
    "server",
    "service",
    "session",
    "sign-in",
    "signin",
    "sim",
    "source",
    "start",
    "street",
    "subscriber",
    "telephone",
    "temporarily",
    "that",
    "the",
    "their",
    "this",
    "time",
    "to",
    "type",
    "upload",
    "use",
    "used",
    "user",
    "used",
    "username",
    "utilized",
    "with",
    "agent",
    "assigned",
    "include",
    "including",
    "stored",
];

/// Whether a text is made of the listed words alone.
pub fn is_plain(text: &str) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '(' | ')'));
    words.filter(|word| !word.is_empty()).all(is_listed) && text.chars().any(char::is_alphabetic)
}

fn is_listed(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.trim_matches('.');
    let singular = |end: &str, put: &str| word.strip_suffix(end).map(|stem| format!("{stem}{put}"));
    let forms = [
        Some(word.to_owned()),
        singular("s", ""),
        singular("es", ""),
        singular("ies", "y"),
    ];
    forms
        .into_iter()
        .flatten()
        .any(|form| WORDS.contains(&form.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_records_are_shown_and_names_are_not() {
        for plain in [
            "all records regarding the account",
            "user names",
            "account login",
            "phone numbers",
            "mailing addresses",
            "I.P. addresses",
            "E-mail address; and any other identities",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for naming in [
            "all records regarding @ALT_uscis",
            "the account ALT_uscis",
            "phone numbers of Jane Roe",
            "555-0199",
            "",
            "...",
            "names\u{202e}",
        ] {
            assert!(!is_plain(naming), "{naming}");
        }
    }
}
