//! TLS: only a certificate of a trusted authority, for that name.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use url::Url;

use crate::resolve::Resolve;

use super::house::{Changing, client_with, ok, redirect};
use crate::{Authorities, Client, Error, Options, Redirects, Request};

fn authority() -> &'static CertifiedIssuer<'static, KeyPair> {
    static AUTHORITY: OnceLock<CertifiedIssuer<'static, KeyPair>> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    })
}

/// The authority of this test run, as a file.
pub fn authority_file() -> PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("bauta-outbound-authority-{}.pem", std::process::id()));
        std::fs::write(&path, authority().pem()).unwrap();
        path
    })
    .clone()
}

/// A TLS server whose certificate is for `name`; answers with its port.
async fn serve(name: &str) -> u16 {
    serve_saying(name, ok("secret")).await
}

async fn serve_saying(name: &str, answer: String) -> u16 {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    port
}

fn url(port: u16) -> Url {
    Url::parse(&format!("https://peer.example:{port}/")).unwrap()
}

fn names() -> Box<dyn Resolve> {
    Box::new(Arc::new(Changing::new(&[&["127.0.0.1"]])))
}

#[tokio::test]
async fn a_host_is_believed_by_its_certificate() {
    let port = serve("peer.example").await;
    let answer = client_with(true, names()).send(Request::get(url(port))).await;
    assert_eq!(answer.unwrap().body, "secret");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_believed() {
    let port = serve("other.example").await;
    let answer = client_with(true, names()).send(Request::get(url(port))).await;
    assert_eq!(answer.unwrap_err(), Error::Tls);
}

#[tokio::test]
async fn an_authority_that_is_not_named_is_not_believed() {
    let port = serve("peer.example").await;
    let stranger = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let path = std::env::temp_dir().join(format!("bauta-outbound-stranger-{}.pem", std::process::id()));
    std::fs::write(&path, params.self_signed(&stranger).unwrap().pem()).unwrap();
    let options = Options {
        local: true,
        authorities: Authorities::File(path.clone()),
        ..Options::default()
    };
    let client = Client::with_resolver(&options, names()).unwrap();
    assert_eq!(
        client.send(Request::get(url(port))).await.unwrap_err(),
        Error::Tls
    );
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn https_never_becomes_http() {
    let port = serve_saying("peer.example", redirect("http://peer.example:1/")).await;
    let request = Request::get(url(port)).redirects(Redirects::Anywhere);
    let answer = client_with(true, names()).send(request).await;
    assert_eq!(answer.unwrap_err(), Error::NotAllowed);
}

#[test]
fn a_file_without_authorities_is_no_client() {
    for text in ["", "not PEM"] {
        let path = std::env::temp_dir().join(format!(
            "bauta-outbound-none-{}-{}.pem",
            text.len(),
            std::process::id()
        ));
        std::fs::write(&path, text).unwrap();
        let options = Options {
            authorities: Authorities::File(path.clone()),
            ..Options::default()
        };
        assert!(Client::new(&options).is_err());
        std::fs::remove_file(path).unwrap();
    }
}
