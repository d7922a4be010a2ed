//! Settings of `[tls]`: files of the operator's, or an authority that is asked for a certificate (ACME).

use std::path::{Path, PathBuf};

use bauta_acme::Folder;
use bauta_outbound::Authorities;
use bauta_service::Site;
use serde::Deserialize;
use url::{Host, Url};

use crate::failure::{Failure, Outcome};

/// Keys of the section.
pub const TLS_KEYS: &[&str] = &["certificate", "key", "acme", "acme_authorities"];

/// The authority that everybody may ask.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// The section as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFile {
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    acme: Option<String>,
    acme_authorities: Option<PathBuf>,
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// PEM files, read again when they change: the chain, and the private key.
    Files {
        /// The chain, the server's certificate first.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
    /// An authority is asked.
    Acme(Acme),
}

/// The authority that is asked, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// Its directory.
    pub directory: Url,
    /// Who vouches for the authority's own TLS.
    pub authorities: Authorities,
    /// The name to be certified.
    pub name: String,
    /// Where account and certificate lie.
    pub folder: Folder,
}

/// Reads the section.
pub fn read(file: TlsFile, data: &Path, site: &Site) -> Outcome<Tls> {
    match (file.certificate, file.key, file.acme) {
        (Some(certificate), Some(key), None) if file.acme_authorities.is_none() => {
            Ok(Tls::Files { certificate, key })
        }
        (None, None, Some(acme)) => Ok(Tls::Acme(Acme {
            directory: directory(&acme)?,
            authorities: file
                .acme_authorities
                .map_or(Authorities::System, Authorities::File),
            name: name(site)?,
            folder: Folder::new(data.join("acme")),
        })),
        _ => Err(Failure::new(
            "[tls] needs certificate and key, or acme (with acme_authorities where the authority is your own), and not both",
        )),
    }
}

fn directory(text: &str) -> Outcome<Url> {
    let text = if text == "letsencrypt" { LETS_ENCRYPT } else { text };
    Url::parse(text)
        .ok()
        .filter(|url| url.scheme() == "https" && url.has_host())
        .ok_or_else(|| {
            Failure::new(format!(
                "tls.acme is \"letsencrypt\" or the https URL of a directory, not {text:?}"
            ))
        })
}

/// The name that an authority can certify. It looks for it at port 443.
fn name(site: &Site) -> Outcome<String> {
    let name = site.domain.split(':').next().unwrap_or_default();
    let is_name =
        name.contains('.') && !name.ends_with(".onion") && matches!(Host::parse(name), Ok(Host::Domain(_)));
    if is_name {
        Ok(name.to_owned())
    } else {
        Err(Failure::new(format!(
            "no authority certifies {name:?}: set domain to the server's name"
        )))
    }
}

#[cfg(test)]
mod tests {
    use bauta_service::Registrations;

    use super::*;

    fn read_for(domain: &str, text: &str) -> Outcome<Tls> {
        let site = Site::new(domain, Registrations::Closed);
        read(toml::from_str(text).expect("a section"), Path::new("data"), &site)
    }

    #[test]
    fn an_authority_is_named_or_known() {
        let Ok(Tls::Acme(known)) = read_for("alt.example", "acme = 'letsencrypt'") else {
            panic!("it is known");
        };
        assert_eq!(known.directory.as_str(), LETS_ENCRYPT);
        assert_eq!(known.name, "alt.example");
        assert!(read_for("alt.example", "acme = 'https://ca.example/directory'").is_ok());
        for text in [
            "acme = 'http://ca.example/directory'",
            "acme = 'yes'",
            "acme = ''",
        ] {
            assert!(read_for("alt.example", text).is_err(), "{text}");
        }
    }

    #[test]
    fn half_of_it_and_both_are_errors() {
        for text in [
            "",
            "certificate = 'a'",
            "key = 'a'",
            "certificate = 'a'\nkey = 'b'\nacme = 'letsencrypt'",
            "certificate = 'a'\nkey = 'b'\nacme_authorities = 'c'",
        ] {
            assert!(read_for("alt.example", text).is_err(), "{text}");
        }
        assert!(read_for("alt.example", "certificate = 'a'\nkey = 'b'").is_ok());
    }

    #[test]
    fn what_nobody_certifies_is_refused() {
        for domain in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "abc.onion"] {
            assert!(read_for(domain, "acme = 'letsencrypt'").is_err(), "{domain}");
        }
    }
}
