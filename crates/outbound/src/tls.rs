//! Whom TLS trusts.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::SetupError;

/// Whose certificates are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authorities {
    /// The system's: the operator's distribution keeps them, and a distrusted one is gone without a new Bauta.
    #[default]
    System,
    /// The PEM file's, and no others.
    File(PathBuf),
}

/// TLS 1.2 and 1.3 with the authorities, no resumption (a ticket ties two connections together), HTTP/1.1.
pub fn config(authorities: &Authorities) -> Result<ClientConfig, SetupError> {
    let mut roots = RootCertStore::empty();
    match authorities {
        Authorities::System => {
            let (_added, _unread) =
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Authorities::File(path) => {
            let certificates = CertificateDer::pem_file_iter(path).map_err(|_| SetupError::Authorities)?;
            for certificate in certificates {
                let certificate = certificate.map_err(|_| SetupError::Authorities)?;
                roots.add(certificate).map_err(|_| SetupError::Authorities)?;
            }
        }
    }
    if roots.is_empty() {
        return Err(SetupError::NoAuthorities);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| SetupError::Authorities)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
