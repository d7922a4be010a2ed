//! TLS from files that are read again when they change.
//!
//! TLS 1.2 and 1.3 with aws-lc-rs. No session is resumed, by ticket or by number: a ticket lets whoever watches the
//! wire tell that two connections from two networks are one person's. It costs a full handshake a connection.
//!
//! Certificates are not obtained here: any ACME client can write the files, and they are read within a minute.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use bauta_model::{Event, Secret, emit};
use parking_lot::{Mutex, RwLock};
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;

/// A certificate chain and its key. Clones are the same one: keep one to [`Self::reload`].
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<ServerConfig>>,
    /// Digest of the files as they were last read, good or bad.
    seen: Mutex<Option<Fingerprint>>,
}

type Fingerprint = [u8; 32];

/// Why TLS can't be offered.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("{path} can't be read: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The certificate file holds no certificate.
    #[error("{0} holds no PEM certificate")]
    NoCertificate(PathBuf),
    /// The key file holds no key.
    #[error("{0} holds no PEM private key")]
    NoKey(PathBuf),
    /// The two don't fit each other, or are of a kind that is not supported.
    #[error("certificate and key can't be used together: {0}")]
    Refused(#[from] rustls::Error),
}

impl Tls {
    /// Reads a PEM chain (the server's certificate first) and a PEM key (PKCS #8, PKCS #1 or SEC 1).
    pub fn load(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let (certificate, key) = (certificate.into(), key.into());
        let files = Files::read(&certificate, &key)?;
        let config = files.config(&certificate, &key)?;
        Ok(Self(Arc::new(Inner {
            seen: Mutex::new(Some(files.fingerprint())),
            certificate,
            key,
            current: RwLock::new(Arc::new(config)),
        })))
    }

    /// Reads the files again. What is new holds for the next connection; what is broken changes nothing, and is
    /// said once. Blocks on the disk.
    pub fn reload(&self) {
        let Inner {
            certificate,
            key,
            current,
            seen,
        } = &*self.0;
        let mut seen = seen.lock();
        let read = Files::read(certificate, key);
        let fingerprint = read.as_ref().ok().map(Files::fingerprint);
        if fingerprint == *seen {
            return;
        }
        *seen = fingerprint;
        match read.and_then(|files| files.config(certificate, key)) {
            Ok(config) => {
                *current.write() = Arc::new(config);
                emit(Event::CertificateReloaded);
            }
            Err(_) => emit(Event::CertificateKept),
        }
    }

    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.current.read())
    }
}

/// What is on the disk.
struct Files {
    certificate: Vec<u8>,
    key: Secret<Vec<u8>>,
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            fs::read(path).map_err(|source| TlsError::Read {
                path: path.to_owned(),
                source,
            })
        };
        Ok(Self {
            certificate: read(certificate)?,
            key: Secret::new(read(key)?),
        })
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&(self.certificate.len() as u64).to_be_bytes());
        context.update(&self.certificate);
        context.update(self.key.expose());
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.finish().as_ref());
        fingerprint
    }

    fn config(&self, certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, pem::Error>>()
            .map_err(|_| TlsError::NoCertificate(certificate.to_owned()))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificate.to_owned()));
        }
        let key =
            PrivateKeyDer::from_pem_slice(self.key.expose()).map_err(|_| TlsError::NoKey(key.to_owned()))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }
}
