//! TLS from files that are read again when they change.
//!
//! TLS 1.2 and 1.3 with aws-lc-rs. No session is resumed, by ticket or by number: a ticket lets whoever watches the
//! wire tell that two connections from two networks are one person's. It costs a full handshake a connection.
//!
//! Certificates are not obtained here: `acme`, or any ACME client, writes the files, and they are read within a minute.
//! What an authority wants to see meanwhile (RFC 8737) is shown to who asks for it by its protocol name, and to nobody
//! else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use bauta_model::{Event, Secret, emit};
use parking_lot::{Mutex, RwLock};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{Acceptor, NoServerSessionStorage, WantsServerCert};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ConfigBuilder, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// A certificate chain and its key. Clones are the same one: keep one to [`Self::reload`].
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    certificate: PathBuf,
    key: PathBuf,
    /// Nothing until there are files, where they may come later.
    current: RwLock<Option<Arc<ServerConfig>>>,
    /// For `acme-tls/1`, while an authority wants to see it.
    proof: RwLock<Option<Arc<ServerConfig>>>,
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
        let tls = Self::nothing_yet(certificate, key);
        *tls.0.seen.lock() = Some(files.fingerprint());
        *tls.0.current.write() = Some(Arc::new(config));
        Ok(tls)
    }

    /// The same for files that will be there later: until then no connection is made.
    pub fn load_when_there(path: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let path = path.into();
        if path.exists() {
            Self::load(&path, &path)
        } else {
            Ok(Self::nothing_yet(path.clone(), path))
        }
    }

    fn nothing_yet(certificate: PathBuf, key: PathBuf) -> Self {
        Self(Arc::new(Inner {
            certificate,
            key,
            current: RwLock::new(None),
            proof: RwLock::new(None),
            seen: Mutex::new(None),
        }))
    }

    /// Shows an authority a certificate and its PKCS #8 key (both DER), or no longer.
    ///
    /// # Errors
    /// [`TlsError::Refused`] when the key can't be used.
    pub fn show(&self, proof: Option<(&[u8], &[u8])>) -> Result<(), TlsError> {
        let config = match proof {
            None => None,
            Some((certificate, key)) => {
                let chain = vec![CertificateDer::from(certificate.to_vec())];
                let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
                Some(Arc::new(proof_config(chain, key)?))
            }
        };
        *self.0.proof.write() = config;
        Ok(())
    }

    /// Reads the files again. What is new holds for the next connection; what is broken changes nothing, and is
    /// said once. Blocks on the disk.
    pub fn reload(&self) {
        let Inner {
            certificate,
            key,
            current,
            seen,
            ..
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
                *current.write() = Some(Arc::new(config));
                emit(Event::CertificateReloaded);
            }
            Err(_) => emit(Event::CertificateKept),
        }
    }

    /// Says hello. Nothing where that fails, and where the other side was an authority that has seen enough.
    pub(crate) async fn accept<IO: AsyncRead + AsyncWrite + Unpin>(&self, wire: IO) -> Option<TlsStream<IO>> {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), wire).await.ok()?;
        let is_authority = hello
            .client_hello()
            .alpn()
            .is_some_and(|mut names| names.any(|name| name == ACME_TLS));
        let config = if is_authority {
            &self.0.proof
        } else {
            &self.0.current
        };
        let config = config.read().clone()?;
        let mut stream = hello.into_stream(config).await.ok()?;
        if is_authority {
            // It closes when it has seen the certificate (RFC 8737 § 3); nothing else is said.
            let _ = stream.shutdown().await;
            return None;
        }
        Some(stream)
    }
}

/// The protocol name of an authority that looks (RFC 8737 § 6.2).
const ACME_TLS: &[u8] = b"acme-tls/1";

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
        Ok(config_of(chain, key)?)
    }
}

/// For clients that come for our pages.
fn config_of(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = forgetful(builder()?.with_single_cert(chain, key)?);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// For an authority. That the certificate fits its key isn't looked at: it has a critical extension, at which whoever
/// parses certificates for use has to stop.
fn proof_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let builder = builder()?;
    let key = builder.crypto_provider().key_provider.load_private_key(key)?;
    let shown = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    let mut config = forgetful(builder.with_cert_resolver(Arc::new(shown)));
    config.alpn_protocols = vec![ACME_TLS.to_vec()];
    Ok(config)
}

fn builder() -> Result<ConfigBuilder<ServerConfig, WantsServerCert>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth())
}

/// Without memory of sessions.
fn forgetful(mut config: ServerConfig) -> ServerConfig {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config
}
