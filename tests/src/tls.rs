//! A TLS client that believes any certificate, for tests that look at what is shown.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

/// A client that offers one protocol (RFC 7301) and believes any certificate.
///
/// # Panics
/// When this build of TLS has no versions.
pub fn believing_anyone(protocol: &str) -> Arc<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    Arc::new(config)
}

/// A door on loopback that speaks plain HTTP/1.1 and goes on over TLS to `address`, which it calls `name`: for clients that
/// know no TLS. Answers with where it is; it ends with the test.
///
/// # Panics
/// When loopback has no free port.
pub fn plain_door(address: &str, name: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let door = listener.local_addr().expect("it is bound").to_string();
    let address = address.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let address = address.clone();
            // Whoever breaks off is seen by the test at the other end.
            std::thread::spawn(move || pass_on(client, &address, name));
        }
    });
    door
}

fn pass_on(mut client: TcpStream, address: &str, name: &'static str) -> std::io::Result<()> {
    let mut server = TcpStream::connect(address)?;
    let name = ServerName::try_from(name).map_err(|_| ErrorKind::InvalidInput)?;
    let connection = ClientConnection::new(believing_anyone("http/1.1"), name);
    let mut connection = connection.map_err(|_| ErrorKind::InvalidInput)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut server)?;
    }
    for side in [&client, &server] {
        side.set_read_timeout(Some(Duration::from_millis(5)))?;
    }
    let mut server = StreamOwned::new(connection, server);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match client.read(&mut buffer) {
            Ok(read) if read > 0 => server.write_all(&buffer[..read])?,
            Err(error) if !waits(&error) => return Err(error),
            // A client that has said all waits for its answer.
            _ => {}
        }
        match server.read(&mut buffer) {
            Ok(0) => return client.shutdown(Shutdown::Both),
            Ok(read) => client.write_all(&buffer[..read])?,
            Err(error) if waits(&error) => {}
            Err(_) => return client.shutdown(Shutdown::Both),
        }
    }
}

fn waits(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
