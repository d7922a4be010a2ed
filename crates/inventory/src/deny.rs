//! Names that no column, file or field may bear (law 11): there is no handle that others can unmask.

/// Words that are refused wherever they stand in a name: `contact_email`, `emailhash`.
const ANYWHERE: [&str; 26] = [
    "email",
    "phone",
    "birth",
    "address",
    "useragent",
    "fingerprint",
    "payment",
    "passport",
    "latitude",
    "longitude",
    "location",
    "geohash",
    "referrer",
    "referer",
    "imei",
    "imsi",
    "msisdn",
    "gender",
    "lastlogin",
    "lastseen",
    "lastactive",
    "realname",
    "legalname",
    "surname",
    "creditcard",
    "cardnumber",
];

/// Words that are refused as a word of their own: `peer_ip`, but not `description`.
const AS_A_WORD: [&str; 17] = [
    "ip", "ips", "ipv4", "ipv6", "mail", "tel", "sms", "dob", "sex", "ssn", "device", "agent", "browser",
    "geo", "gps", "iban", "contact",
];

/// The forbidden word in a name, if there is one.
pub(crate) fn forbidden(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let squeezed: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let words = || lower.split(|c: char| !c.is_alphanumeric());
    ANYWHERE
        .into_iter()
        .find(|word| squeezed.contains(word))
        .or_else(|| {
            AS_A_WORD
                .into_iter()
                .find(|word| words().any(|found| found.trim_end_matches('s') == *word || found == *word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_unmask_somebody_is_refused() {
        for name in [
            "email",
            "contact_email",
            "e_mail_hash",
            "phone_number",
            "birth_date",
            "mailing_address",
            "last_ip",
            "ip",
            "device_id",
            "user_agent",
            "agent",
            "key_fingerprint",
            "payment_id",
            "lastLogin",
            "last_seen",
            "sign_in_ips",
            "devices",
            "geo",
        ] {
            assert!(forbidden(name).is_some(), "{name}");
        }
    }

    #[test]
    fn words_that_only_look_like_it_are_not() {
        for name in [
            "description",
            "zip_length",
            "language",
            "message",
            "discarded",
            "tip",
            "page",
            "moderator_id",
        ] {
            assert_eq!(forbidden(name), None, "{name}");
        }
    }
}
