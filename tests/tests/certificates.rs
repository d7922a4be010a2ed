//! A server that asks an authority for its certificate: Debian's Pebble, with a name server that leads to loopback.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bauta_tests::eventually;
use bauta_tests::server::{Bauta, free_port};
use bauta_tests::tls;
use rustls::{ClientConnection, StreamOwned};
use tempfile::TempDir;

const NAME: &str = "bauta.localhost";

/// An authority, and the name server that it asks.
struct Authority {
    folder: TempDir,
    port: u16,
    processes: Vec<Child>,
}

impl Drop for Authority {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Authority {
    /// One that looks for proofs at `tls_port` of loopback.
    fn start(tls_port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(folder.path().join("cert.pem"), own.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), own.signing_key.serialize_pem()).unwrap();
        let (port, names) = (free_port(), free_port());
        let settings = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": "",
            "certificate": folder.path().join("cert.pem"),
            "privateKey": folder.path().join("key.pem"),
            "httpPort": 1,
            "tlsPort": tls_port,
        }});
        fs::write(folder.path().join("pebble.json"), settings.to_string()).unwrap();
        let name_server = Command::new("pebble-challtestsrv")
            .args([
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
            ])
            .args(["-management", &format!("127.0.0.1:{}", free_port())])
            .args(["-dns01", &format!("127.0.0.1:{names}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pebble-challtestsrv, of Debian's pebble, is installed");
        let pebble = Command::new("pebble")
            .arg("-config")
            .arg(folder.path().join("pebble.json"))
            .args(["-strict", "-dnsserver", &format!("127.0.0.1:{names}")])
            // Every tenth request is told that its nonce is stale: a client has to live with that.
            .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "10")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's pebble is installed");
        let authority = Self {
            folder,
            port,
            processes: vec![name_server, pebble],
        };
        eventually("the authority listens", || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        authority
    }

    /// Writes a configuration that asks it.
    fn configuration(&self) -> String {
        let path = self.folder.path().join("bauta.toml");
        let text = format!(
            "[tls]\nacme = 'https://localhost:{}/dir'\nacme_authorities = '{}'\n",
            self.port,
            self.folder.path().join("cert.pem").display()
        );
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn start(authority: &Authority, port: u16, data: &Path) -> Bauta {
    Bauta::setup()
        .port(port)
        .domain(NAME)
        .data(data)
        .argument("--config")
        .argument(&authority.configuration())
        .start()
}

/// The chain that is shown, and the answer to a request for `/health`; nothing where no connection is made.
fn visit(port: u16, protocol: &str) -> Option<(Vec<Vec<u8>>, String)> {
    let connection =
        ClientConnection::new(tls::believing_anyone(protocol), NAME.try_into().unwrap()).unwrap();
    let socket = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let mut stream = StreamOwned::new(connection, socket);
    let request = format!("GET /health HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let chain = stream.conn.peer_certificates()?;
    Some((
        chain.iter().map(|certificate| certificate.to_vec()).collect(),
        answer,
    ))
}

#[test]
fn a_certificate_is_obtained_kept_and_obtained_again() {
    let port = free_port();
    let authority = Authority::start(port);
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let mut bauta = start(&authority, port, &data);
    let (chain, answer) = eventually("there is a certificate", || visit(port, "http/1.1"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(chain.len() > 1, "the authority's own certificate comes along");
    assert!(bauta.said().contains("certificate-obtained"), "{}", bauta.said());
    // What only the authority may see is gone again.
    assert!(visit(port, "acme-tls/1").is_none());

    bauta.stop();
    bauta.start_again();
    let (kept, _) = eventually("it is there again", || visit(port, "http/1.1"));
    assert_eq!(kept, chain, "what is good is kept");

    bauta.stop();
    let other = rcgen::generate_simple_self_signed(["other.localhost".to_owned()]).unwrap();
    let text = format!("{}{}", other.signing_key.serialize_pem(), other.cert.pem());
    fs::write(data.join("acme/certificate.pem"), text).unwrap();
    bauta.start_again();
    let again = eventually("what is for another name is replaced", || {
        visit(port, "http/1.1")
            .map(|(chain, _)| chain)
            .filter(|chain| *chain != [other.cert.der().to_vec()])
    });
    assert_ne!(again, chain);
    bauta.stop();
}

#[test]
fn who_can_not_prove_the_name_is_told_why_and_runs_on() {
    let authority = Authority::start(free_port());
    let port = free_port();
    let place = tempfile::tempdir().unwrap();
    let mut bauta = start(&authority, port, &place.path().join("data"));
    // Pebble has one word for a port that nobody answers at and for a wrong certificate.
    eventually("it is refused", || {
        bauta
            .said()
            .contains("certificate-refused proof-refused")
            .then_some(())
    });
    assert!(
        visit(port, "http/1.1").is_none(),
        "there is no certificate to show"
    );
    assert!(!place.path().join("data/acme/certificate.pem").exists());
    assert!(place.path().join("data/acme/account.json").exists());
    bauta.stop();
}
