//! TLS: what is spoken, what is not remembered, and certificates that change under a running server.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod house;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bauta_edge::{Listen, Tls, TlsError};
use bauta_model::Event;
use bauta_tests::tls::believing_anyone;
use house::{House, any_port, config_at, get_request, open, read_all, status};
use rcgen::CertifiedKey;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Puts a fresh certificate into a folder.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn load(folder: &TempDir) -> Result<Tls, TlsError> {
    Tls::load(folder.path().join("cert.pem"), folder.path().join("key.pem"))
}

async fn open_with(tls: &Tls) -> House {
    open(config_at(vec![Listen::Tls(any_port(), tls.clone())])).await
}

fn trusting(
    certificate: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&str],
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Arc::new(config)
}

async fn connect(house: &House, config: &Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::clone(config))
        .connect(name, house.connect().await)
        .await
}

async fn say(house: &House, config: &Arc<ClientConfig>) -> (TlsStream<TcpStream>, String) {
    let mut stream = connect(house, config).await.unwrap();
    stream.write_all(get_request("/").as_bytes()).await.unwrap();
    let answer = read_all(&mut stream).await;
    (stream, answer)
}

#[tokio::test]
async fn both_versions_are_spoken_and_no_session_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = certify(folder.path());
    let house = open_with(&load(&folder).unwrap()).await;
    for (version, expected) in [
        (&rustls::version::TLS13, ProtocolVersion::TLSv1_3),
        (&rustls::version::TLS12, ProtocolVersion::TLSv1_2),
    ] {
        // One client configuration, so that the client would resume if it could.
        let config = trusting(&certificate, &[version], &[]);
        for _ in 0..2 {
            let (stream, answer) = say(&house, &config).await;
            assert_eq!(status(&answer), 200);
            let (_, connection) = stream.get_ref();
            assert_eq!(connection.protocol_version(), Some(expected));
            assert_eq!(connection.handshake_kind(), Some(HandshakeKind::Full));
            assert_eq!(connection.tls13_tickets_received(), 0);
        }
    }
    house.stop().await;
}

#[tokio::test]
async fn http_2_is_agreed_on() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = certify(folder.path());
    let house = open_with(&load(&folder).unwrap()).await;
    let config = trusting(&certificate, rustls::ALL_VERSIONS, &["h2", "http/1.1"]);
    let stream = connect(&house, &config).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("https://localhost/").body(()).unwrap();
    let (answer, _) = client.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    drop(client);
    house.stop().await;
}

#[tokio::test]
async fn who_speaks_no_tls_is_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let house = open_with(&load(&folder).unwrap()).await;
    assert!(!house.say(get_request("/")).await.contains("HTTP/"));
    house.stop().await;
}

#[tokio::test]
async fn an_authority_sees_its_proof_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::load_when_there(folder.path().join("certificate.pem")).unwrap();
    let house = open_with(&tls).await;
    let mut wanted = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    wanted.custom_extensions = vec![rcgen::CustomExtension::new_acme_identifier(&[7; 32])];
    let key = rcgen::KeyPair::generate().unwrap();
    let proof = wanted.self_signed(&key).unwrap().der().clone();
    tls.show(Some((&proof, &key.serialize_der()))).unwrap();

    let authority = believing_anyone("acme-tls/1");
    let stream = connect(&house, &authority).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"acme-tls/1".as_slice()));
    assert_eq!(stream.get_ref().1.peer_certificates(), Some([proof].as_slice()));
    assert!(
        connect(&house, &believing_anyone("http/1.1")).await.is_err(),
        "there is no certificate yet"
    );

    tls.show(None).unwrap();
    assert!(
        connect(&house, &authority).await.is_err(),
        "it is taken away again"
    );
    house.stop().await;
}

static SAID: Mutex<Vec<Event>> = Mutex::new(Vec::new());

#[tokio::test]
async fn a_new_certificate_is_taken_and_a_broken_one_is_not() {
    bauta_model::install_sink(|event| SAID.lock().unwrap().push(event));
    let folder = tempfile::tempdir().unwrap();
    let old = certify(folder.path());
    let tls = load(&folder).unwrap();
    let house = open_with(&tls).await;
    let trusts_old = trusting(&old, rustls::ALL_VERSIONS, &[]);
    tls.reload();
    assert!(
        SAID.lock().unwrap().is_empty(),
        "files that did not change are not news"
    );

    fs::write(folder.path().join("key.pem"), "not a key").unwrap();
    tls.reload();
    tls.reload();
    assert_eq!(*SAID.lock().unwrap(), [Event::CertificateKept]);
    assert_eq!(status(&say(&house, &trusts_old).await.1), 200);

    fs::remove_file(folder.path().join("cert.pem")).unwrap();
    tls.reload();
    assert_eq!(status(&say(&house, &trusts_old).await.1), 200);

    let new = certify(folder.path());
    tls.reload();
    assert_eq!(SAID.lock().unwrap().last(), Some(&Event::CertificateReloaded));
    assert_eq!(
        status(&say(&house, &trusting(&new, rustls::ALL_VERSIONS, &[])).await.1),
        200
    );
    assert!(connect(&house, &trusts_old).await.is_err());
    house.stop().await;
}

#[test]
fn files_that_do_not_fit_are_refused_at_the_start() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certify(one.path());
    certify(other.path());
    let mixed = Tls::load(one.path().join("cert.pem"), other.path().join("key.pem"));
    assert!(matches!(mixed, Err(TlsError::Refused(_))));
    let swapped = Tls::load(one.path().join("key.pem"), one.path().join("cert.pem"));
    assert!(matches!(swapped, Err(TlsError::NoCertificate(_))));
    let missing = Tls::load(one.path().join("none.pem"), one.path().join("key.pem"));
    assert!(matches!(missing, Err(TlsError::Read { .. })));
}
