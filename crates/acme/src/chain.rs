//! What a certificate says of itself: for which names, and until when.

use bauta_model::CoarseTime;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::Pem;

/// A certificate that is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Held {
    names: Vec<String>,
    from: i64,
    until: i64,
}

impl Held {
    /// Reads the first certificate of a PEM file; nothing where there is none that can be read.
    pub(crate) fn read(pem: &[u8]) -> Option<Self> {
        let blocks = Pem::iter_from_buffer(pem).collect::<Result<Vec<_>, _>>().ok()?;
        let leaf = blocks.iter().find(|block| block.label == "CERTIFICATE")?;
        let certificate = leaf.parse_x509().ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        let validity = certificate.validity();
        Some(Self {
            names: names.value.general_names.iter().filter_map(dns).collect(),
            from: validity.not_before.timestamp(),
            until: validity.not_after.timestamp(),
        })
    }

    /// Whether another one should be asked for: it is for another name, or less than a third of its time is left.
    pub(crate) fn is_due(&self, name: &str, now: CoarseTime) -> bool {
        let is_for_it = self.names.iter().any(|held| held.eq_ignore_ascii_case(name));
        !is_for_it || now.unix_seconds() >= self.until - (self.until - self.from) / 3
    }
}

fn dns(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Valid from the year 2000 for three hundred days.
    fn made() -> String {
        let mut wanted = rcgen::CertificateParams::new(["bauta.example".to_owned()]).expect("a name");
        wanted.not_before = rcgen::date_time_ymd(2000, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(2000, 10, 27);
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = wanted.self_signed(&key).expect("a certificate");
        format!("{}{}", key.serialize_pem(), certificate.pem())
    }

    fn day(days: i64) -> CoarseTime {
        CoarseTime::from_unix_seconds(946_684_800 + days * 86_400)
    }

    #[test]
    fn a_third_before_its_end_it_is_due() {
        let held = Held::read(made().as_bytes()).expect("a certificate");
        assert!(!held.is_due("BAUTA.example", day(0)));
        assert!(!held.is_due("BAUTA.example", day(199)));
        assert!(held.is_due("BAUTA.example", day(201)));
    }

    #[test]
    fn for_another_name_it_is_due_at_once() {
        let held = Held::read(made().as_bytes()).expect("a certificate");
        assert!(held.is_due("other.example", day(0)));
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        for pem in [
            "",
            "nothing",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            &key,
        ] {
            assert_eq!(Held::read(pem.as_bytes()), None, "{pem}");
        }
    }
}
