//! Looks every hour whether a certificate is due, and fetches one.

use std::time::Duration;

use bauta_model::{Clock, Event, Secret, emit};
use bauta_outbound::Client;
use url::Url;

use crate::account;
use crate::chain::Held;
use crate::files::Folder;
use crate::order;

/// How often the certificate's age is looked at.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// How long to wait after a try in vain: at first, and at most. Authorities count failures by the hour.
const FIRST: Duration = Duration::from_secs(15 * 60);
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// How often an order is begun anew at once when the authority has called one nonce after another stale.
const STALE: usize = 4;

/// What the authority is shown on the TLS port (`acme-tls/1`), DER.
pub struct Proof {
    /// The self-signed certificate.
    pub certificate: Vec<u8>,
    /// Its key, PKCS #8.
    pub key: Secret<Vec<u8>>,
}

/// What keeping a certificate needs.
pub struct Setup {
    /// Where account and certificate lie.
    pub folder: Folder,
    /// The authority's directory (RFC 8555 § 7.1.1).
    pub directory: Url,
    /// The name to be certified.
    pub name: String,
    /// The way out.
    pub client: Client,
    /// What time it is.
    pub clock: Clock,
}

/// Why there is no certificate. Only whether there is one is said: the authority's words are nobody else's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the authority: {0}")]
    Protocol(#[from] instant_acme::Error),
    #[error("the authority did not accept the proof")]
    Refused(Option<String>),
    #[error("the authority offers no proof over TLS")]
    NoChallenge,
    #[error("a certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("{0}")]
    Disk(#[from] std::io::Error),
}

impl Error {
    /// Whether only the nonce was not wanted any more: RFC 8555 § 6.5 asks to try again.
    fn is_stale_nonce(&self) -> bool {
        let Self::Protocol(instant_acme::Error::Api(problem)) = self else {
            return false;
        };
        problem.r#type.as_deref() == Some("urn:ietf:params:acme:error:badNonce")
    }

    /// What the log says: a word of a closed list, for the authority's own may name whoever asked.
    fn why(&self) -> &'static str {
        match self {
            Self::Protocol(instant_acme::Error::Api(problem)) => of_problem(problem.r#type.as_deref()),
            Self::Refused(kind) => of_problem(kind.as_deref()),
            Self::Protocol(instant_acme::Error::Other(_)) => "authority-not-reached",
            Self::Protocol(instant_acme::Error::Timeout(_)) => "authority-too-slow",
            Self::Protocol(_) | Self::Make(_) => "authority-not-understood",
            Self::NoChallenge => "no-proof-over-tls",
            Self::Disk(_) => "disk",
        }
    }
}

/// The kinds of problem that an operator can mend (RFC 8555 § 6.7).
fn of_problem(kind: Option<&str>) -> &'static str {
    match kind.and_then(|kind| kind.strip_prefix("urn:ietf:params:acme:error:")) {
        Some("caa") => "forbidden-by-caa",
        Some("connection" | "tls") => "port-443-not-reached",
        Some("dns") => "name-not-found",
        Some("externalAccountRequired") => "authority-wants-an-account",
        Some("rateLimited") => "too-many-tries",
        Some("rejectedIdentifier" | "unsupportedIdentifier") => "name-not-certified-there",
        Some("incorrectResponse" | "unauthorized") => "proof-refused",
        _ => "refused",
    }
}

/// Keeps a certificate for as long as the server runs. `show` puts a proof on the TLS port or takes it away; `fresh`
/// hears that the file is another one.
pub async fn keep(setup: Setup, show: impl Fn(Option<Proof>) + Send + Sync, fresh: impl Fn() + Send + Sync) {
    let mut wait = FIRST;
    loop {
        if !is_due(&setup) {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        match fetch_with_fresh_nonces(&setup, &show).await {
            Ok(()) => {
                emit(Event::CertificateObtained);
                fresh();
                wait = FIRST;
            }
            Err(error) => {
                emit(Event::CertificateRefused { why: error.why() });
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(MOST);
            }
        }
    }
}

fn is_due(setup: &Setup) -> bool {
    let held = std::fs::read(setup.folder.certificate()).ok();
    held.as_deref()
        .and_then(Held::read)
        .is_none_or(|held| held.is_due(&setup.name, setup.clock.now()))
}

/// The library below tries a request three times; where every one of them was too late, the order is begun anew.
async fn fetch_with_fresh_nonces(
    setup: &Setup,
    show: &(dyn Fn(Option<Proof>) + Send + Sync),
) -> Result<(), Error> {
    for _ in 1..STALE {
        match fetch(setup, show).await {
            Err(error) if error.is_stale_nonce() => {}
            answer => return answer,
        }
    }
    fetch(setup, show).await
}

async fn fetch(setup: &Setup, show: &(dyn Fn(Option<Proof>) + Send + Sync)) -> Result<(), Error> {
    let account = account::open(&setup.folder, &setup.directory, &setup.client).await?;
    let made = order::fetch(&account, &setup.name, show).await?;
    setup
        .folder
        .replace(&setup.folder.certificate(), made.expose().as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: &str) -> &'static str {
        Error::Refused(Some(format!("urn:ietf:params:acme:error:{kind}"))).why()
    }

    #[test]
    fn what_can_be_mended_is_told_apart() {
        assert_eq!(refused("dns"), "name-not-found");
        assert_eq!(refused("connection"), "port-443-not-reached");
        assert_eq!(refused("rateLimited"), "too-many-tries");
        assert_eq!(refused("somethingNew"), "refused");
        assert_eq!(Error::Refused(None).why(), "refused");
    }
}
