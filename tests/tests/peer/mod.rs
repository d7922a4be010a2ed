//! A small server of its own that signs, records who asks it, and lies.
#![allow(dead_code, reason = "each test uses some of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_tests::http::{Client, Request, Response};
use serde_json::{Value, json};

/// A path, and the whole answer that is given there; after an endless one bytes follow until nobody reads them.
type Pages = Arc<Mutex<Vec<(String, Vec<u8>, bool)>>>;

/// The server. It ends with the test.
pub struct Peer {
    /// `127.0.0.1:PORT`.
    pub host: String,
    /// The actor that signs.
    pub actor: String,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<Vec<u8>>>,
    key: RsaKeyPair,
}

/// How a request is signed wrongly, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    None,
    Unsigned,
    OtherHost,
    OtherKey,
    Stale,
    WrongDigest,
    TwoDigests,
}

impl Peer {
    /// Starts one with an actor called `name`.
    pub fn start(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let host = listener.local_addr().expect("it is bound").to_string();
        Self::start_as(name, listener, host)
    }

    /// Starts one that others reach as `host`.
    pub fn start_as(name: &str, listener: TcpListener, host: String) -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let (pages, asked) = (Pages::default(), Arc::<Mutex<Vec<String>>>::default());
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let actor = format!("http://{host}/{name}");
        let peer = Self {
            host: host.clone(),
            actor: actor.clone(),
            pages: Arc::clone(&pages),
            asked: Arc::clone(&asked),
            heard: Arc::clone(&heard),
            key,
        };
        peer.page(
            &format!("/{name}"),
            "application/activity+json",
            &peer.document(name),
        );
        let jrd = json!({
            "subject": format!("acct:{name}@{host}"),
            "links": [{"rel": "self", "type": "application/activity+json", "href": actor}],
        });
        peer.page("/.well-known/webfinger", "application/jrd+json", &jrd);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, asked, heard) = (Arc::clone(&pages), Arc::clone(&asked), Arc::clone(&heard));
                std::thread::spawn(move || answer(stream, &pages, &asked, &heard));
            }
        });
        peer
    }

    /// The name of the list of what the actor `name` pinned, which its document tells from now on.
    pub fn pins(&self, name: &str) -> String {
        let list = format!("{}/featured", self.actor);
        let mut document = self.document(name);
        document["featured"] = json!(list);
        self.page(&format!("/{name}"), "application/activity+json", &document);
        list
    }

    fn document(&self, name: &str) -> Value {
        let der: PublicKeyX509Der<'_> = self.key.public_key().as_der().expect("it has one");
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        json!({
            "id": self.actor, "type": "Person", "preferredUsername": name,
            "inbox": format!("{}/inbox", self.actor), "outbox": format!("{}/outbox", self.actor),
            "followers": format!("{}/followers", self.actor),
            "publicKey": {"id": format!("{}#main-key", self.actor), "owner": self.actor, "publicKeyPem": pem},
        })
    }

    /// Answers `path` with a document from now on.
    pub fn page(&self, path: &str, kind: &str, value: &Value) {
        self.file(path, kind, value.to_string().as_bytes());
    }

    /// Answers `path` with a file from now on.
    pub fn file(&self, path: &str, kind: &str, bytes: &[u8]) {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            bytes.len()
        );
        self.raw(path, [head.as_bytes(), bytes].concat(), false);
    }

    /// Answers `path` with this, head and all, and with more of it for ever if it is `endless`.
    pub fn raw(&self, path: &str, whole: Vec<u8>, endless: bool) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.retain(|(known, _, _)| known != path);
        pages.push((path.to_owned(), whole, endless));
    }

    /// First lines of every request so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every byte of every request so far.
    pub fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends an activity to an inbox.
    pub fn tell(&self, client: &mut Client, activity: &Value, lie: Lie) -> Response {
        self.tell_with(client, activity, lie, None)
    }

    /// As [`Peer::tell`], with one more header, signed.
    pub fn tell_with(
        &self,
        client: &mut Client,
        activity: &Value,
        lie: Lie,
        more: Option<(&'static str, &str)>,
    ) -> Response {
        let body = activity.to_string();
        let uri = format!("http://{}/inbox", client.host());
        let signed = self.signed_with("POST", &uri, Some(body.as_bytes()), lie, more);
        let mut request = Request::post("/inbox").body("application/activity+json", body.as_bytes());
        for (name, value) in signed {
            request = request.with_header(name, &value);
        }
        client.send(&request)
    }

    /// Asks for a document.
    pub fn ask(&self, client: &mut Client, path: &str) -> Response {
        let uri = format!("http://{}{path}", client.host());
        let mut request = Request::get(path).with_header("accept", "application/activity+json");
        for (name, value) in self.signed("GET", &uri, None, Lie::None) {
            request = request.with_header(name, &value);
        }
        client.send(&request)
    }

    /// The headers of a signature (RFC 9421).
    pub fn signed(
        &self,
        method: &str,
        uri: &str,
        body: Option<&[u8]>,
        lie: Lie,
    ) -> Vec<(&'static str, String)> {
        self.signed_with(method, uri, body, lie, None)
    }

    fn signed_with(
        &self,
        method: &str,
        uri: &str,
        body: Option<&[u8]>,
        lie: Lie,
        more: Option<(&'static str, &str)>,
    ) -> Vec<(&'static str, String)> {
        if lie == Lie::Unsigned {
            return Vec::new();
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        let created = if lie == Lie::Stale { now - 100_000 } else { now };
        let uri = if lie == Lie::OtherHost {
            uri.replace("localhost", "elsewhere.example")
        } else {
            uri.to_owned()
        };
        let mut list = "\"@method\" \"@target-uri\"".to_owned();
        let mut base = format!("\"@method\": {method}\n\"@target-uri\": {uri}\n");
        let mut headers = Vec::new();
        if let Some(body) = body {
            let right = digest(&SHA256, if lie == Lie::WrongDigest { b"other" } else { body });
            let value = format!("sha-256=:{}:", STANDARD.encode(right));
            list.push_str(" \"content-digest\"");
            let _ = std::fmt::Write::write_fmt(&mut base, format_args!("\"content-digest\": {value}\n"));
            headers.push(("content-digest", value.clone()));
            if lie == Lie::TwoDigests {
                headers.push(("content-digest", value));
            }
        }
        if let Some((name, value)) = more {
            let _ = std::fmt::Write::write_fmt(&mut list, format_args!(" \"{name}\""));
            let _ = std::fmt::Write::write_fmt(&mut base, format_args!("\"{name}\": {value}\n"));
            headers.push((name, value.to_owned()));
        }
        let params = format!("({list});created={created};keyid=\"{}#main-key\"", self.actor);
        let _ = std::fmt::Write::write_fmt(&mut base, format_args!("\"@signature-params\": {params}"));
        let other = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let key = if lie == Lie::OtherKey { &other } else { &self.key };
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            base.as_bytes(),
            &mut signature,
        )
        .expect("it signs");
        headers.push(("signature-input", format!("s={params}")));
        headers.push(("signature", format!("s=:{}:", STANDARD.encode(signature))));
        headers
    }
}

fn answer(stream: TcpStream, pages: &Pages, asked: &Mutex<Vec<String>>, heard: &Mutex<Vec<u8>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut whole = first.clone().into_bytes();
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            whole.extend_from_slice(line.as_bytes());
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        whole.extend_from_slice(b"\r\n");
        let _ = reader.by_ref().take(length).read_to_end(&mut whole);
        heard.lock().unwrap_or_else(PoisonError::into_inner).extend(whole);
        let path = first.split(['?', ' ']).nth(1).unwrap_or_default().to_owned();
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(first);
        let found = pages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .find(|page| page.0 == path)
            .cloned();
        let (said, endless) = match found {
            Some((_, whole, endless)) => (whole, endless),
            None => (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec(), false),
        };
        if reader.get_mut().write_all(&said).is_err() {
            return;
        }
        if endless {
            while reader.get_mut().write_all(&[b'x'; 4096]).is_ok() {}
            return;
        }
    }
}
