//! Web push, with a push service and an app of our own: nothing before both wanted it, and nothing in it but that there
//! is something.

mod group;
mod person;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::signature;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bauta_tests::eventually;
use bauta_tests::http::{Client, Request};
use bauta_tests::server::{Bauta, Setup};
use person::server;
use serde_json::{Value, json};

/// A message as it came: its path, headers in lower case, and body.
#[derive(Clone)]
struct Message {
    path: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Message {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let found = self.headers.iter().find_map(|line| line.strip_prefix(&start));
        found.unwrap_or_else(|| panic!("{name} among {:?}", self.headers))
    }
}

/// A push service. Paths that begin with `/gone` are of apps that it does not know any more.
struct Service {
    host: String,
    came: Arc<Mutex<Vec<Message>>>,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let host = listener.local_addr().expect("it is bound").to_string();
        let came = Arc::<Mutex<Vec<Message>>>::default();
        let all = Arc::clone(&came);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let all = Arc::clone(&all);
                std::thread::spawn(move || take(stream, &all));
            }
        });
        Self { host, came }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    fn at(&self, path: &str) -> Vec<Message> {
        let came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.iter().filter(|one| one.path == path).cloned().collect()
    }

    fn waits_for(&self, path: &str, count: usize) -> Vec<Message> {
        eventually("the messages come", || {
            let came = self.at(path);
            (came.len() >= count).then_some(came)
        })
    }
}

fn take(stream: TcpStream, all: &Mutex<Vec<Message>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut headers = Vec::new();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            if header.trim().is_empty() {
                break;
            }
            let (name, value) = header.trim().split_once(':')?;
            headers.push(format!("{}: {}", name.to_lowercase(), value.trim()));
        }
        let mut message = Message {
            path,
            headers,
            body: Vec::new(),
        };
        let length = message.header("content-length").parse().ok()?;
        message.body = vec![0; length];
        reader.read_exact(&mut message.body).ok()?;
        let gone = message.path.starts_with("/gone");
        all.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        let status = if gone { "410 Gone" } else { "201 Created" };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        (&stream).write_all(answer.as_bytes()).ok()?;
    }
}

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(key: &Prk, info: &[&[u8]], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    let okm = key.expand(info, Bytes(length)).expect("it is short");
    okm.fill(&mut out).expect("it has that length");
    out
}

/// The keys of an app.
struct Keys {
    private: PrivateKey,
    secret: [u8; 16],
}

impl Keys {
    fn new() -> Self {
        Self {
            private: PrivateKey::generate(&ECDH_P256).expect("a key"),
            secret: [7; 16],
        }
    }

    fn public(&self) -> Vec<u8> {
        let public = self.private.compute_public_key().expect("it has one");
        public.as_ref().to_vec()
    }

    /// RFC 8291 as the app reads it.
    fn open(&self, message: &[u8]) -> Value {
        let (salt, rest) = message.split_at(16);
        let (theirs, record) = rest[5..].split_at(usize::from(rest[4]));
        let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let shared = agree(&self.private, peer, Unspecified, |shared| {
            Ok(Salt::new(HKDF_SHA256, &self.secret).extract(shared))
        });
        let info: [&[u8]; 3] = [b"WebPush: info\0", &self.public(), theirs];
        let material = expand(&shared.expect("they agree"), &info, 32);
        let key = Salt::new(HKDF_SHA256, salt).extract(&material);
        let content = expand(&key, &[b"Content-Encoding: aes128gcm\0"], 16);
        let nonce = expand(&key, &[b"Content-Encoding: nonce\0"], 12);
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content).expect("16 bytes"));
        let nonce = Nonce::try_assume_unique_for_key(&nonce).expect("12 bytes");
        let mut record = record.to_vec();
        let plain = cipher
            .open_in_place(nonce, Aad::empty(), &mut record)
            .expect("it opens");
        let end = plain.iter().rposition(|byte| *byte != 0).expect("it has an end");
        assert_eq!(plain[end], 2, "the last record");
        serde_json::from_slice(&plain[..end]).expect("it is JSON")
    }

    fn asks(&self, endpoint: &str, alerts: &[&str], policy: &str) -> Request {
        let alerts: serde_json::Map<String, Value> = alerts
            .iter()
            .map(|word| ((*word).to_owned(), json!(true)))
            .collect();
        let body = json!({
            "subscription": {"endpoint": endpoint, "standard": true, "keys": {
                "p256dh": URL_SAFE_NO_PAD.encode(self.public()), "auth": URL_SAFE_NO_PAD.encode(self.secret)}},
            "data": {"alerts": alerts, "policy": policy},
        });
        Request::post(PATH).body("application/json", body.to_string().as_bytes())
    }
}

const PATH: &str = "/api/v1/push/subscription";

fn with_push(setup: Setup) -> Bauta {
    setup.environment("BAUTA_PUSH", "on").start()
}

fn app_of(server: &Bauta, handle: &str) -> Client {
    server
        .client()
        .with_token(&server.token(handle, "read write follow push"))
}

fn good(client: &mut Client, request: &Request) -> Value {
    let answer = client.send(request);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The signature of the server, under the key that apps register with.
fn check_signature(server: &Bauta, service: &Service, message: &Message) {
    let instance = server.client().get("/api/v2/instance").json();
    let public = instance["configuration"]["vapid"]["public_key"]
        .as_str()
        .expect("there is one")
        .to_owned();
    let said = message.header("authorization");
    let (token, key) = said
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .expect("as RFC 8292 has it");
    assert_eq!(key, public);
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let (signed, signature) = token.rsplit_once('.').expect("a token has three parts");
    signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, bytes(key))
        .verify(signed.as_bytes(), &bytes(signature))
        .expect("it is of the server");
    let claims: Value =
        serde_json::from_slice(&bytes(signed.split('.').nth(1).expect("claims"))).expect("JSON");
    assert_eq!(claims["aud"], format!("http://{}", service.host));
    assert_eq!(claims["sub"], server.url(""));
}

#[test]
fn an_app_is_woken_with_nothing_but_that_there_is_something() {
    woken(&with_push(server()));
    woken(&with_push(
        server().database(&bauta_tests::postgres::fresh_database()),
    ));
}

fn woken(server: &Bauta) {
    let service = Service::start();
    let mut browser = server.somebody("ann", "user");
    let mut ann = app_of(server, "ann");
    let keys = Keys::new();
    let asks = keys.asks(&service.url("/ann"), &["mention", "favourite", "quote"], "all");

    // Not before she said that she knows what it means.
    let refused = ann.send(&asks);
    assert_eq!(refused.status, 422);
    let why = refused.json()["error"].as_str().expect("it says why").to_owned();
    assert!(why.contains(&server.url("/settings/push")), "{why}");
    let page = browser.get("/settings/push");
    assert!(
        page.says("The company knows which") && page.lint().is_empty(),
        "{}",
        page.text()
    );
    assert!(
        browser
            .submit(&page.form("I know this. Apps may be woken"))
            .says("You agreed")
    );

    let made = good(&mut ann, &asks);
    assert_eq!(made["alerts"]["mention"], true);
    assert_eq!(made["alerts"]["reblog"], false);
    assert_eq!(
        (&made["policy"], &made["standard"]),
        (&json!("all"), &json!(true))
    );

    // Of another token of hers, and of somebody else, there is nothing to be seen or changed.
    let mut other = app_of(server, "ann");
    server.done(&["account", "create", "bob"]);
    let mut bob = app_of(server, "bob");
    for client in [&mut other, &mut bob] {
        assert_eq!(client.get(PATH).status, 404);
        let change = Request::new("PUT", PATH).form(&[("data[alerts][mention]", "false"), ("id", "1")]);
        assert_eq!(client.send(&change).status, 404);
        assert_eq!(client.send(&Request::new("DELETE", PATH)).status, 200);
    }
    assert_eq!(ann.get(PATH).json(), made);

    let secret = "Bring the ladder to the north gate";
    let post = |client: &mut Client, text: &str| {
        good(
            client,
            &Request::post("/api/v1/statuses").form(&[("status", text)]),
        )["id"]
            .clone()
    };
    post(&mut bob, &format!("@ann {secret}"));
    let message = service.waits_for("/ann", 1).remove(0);
    assert_eq!(message.header("content-encoding"), "aes128gcm");
    assert!(message.header("ttl").parse::<u32>().is_ok());
    check_signature(server, &service, &message);
    let told = keys.open(&message.body);
    assert_eq!(told["notification_type"], "mention");
    assert_eq!(told["access_token"], "");
    let shown = told.to_string();
    for word in ["ladder", "bob", "ann"] {
        assert!(!shown.contains(word), "{shown}");
    }
    let id = told["notification_id"].as_i64().expect("a number").to_string();
    let read = ann.get(&format!("/api/v1/notifications/{id}")).json();
    assert!(read["status"]["content"].to_string().contains("ladder"), "{read}");

    // What was not asked for wakes nobody; what is sent has one length.
    let own = post(&mut ann, "Tide at nine");
    let own = own.as_str().expect("an id");
    bob.send(&Request::post(&format!("/api/v1/statuses/{own}/reblog")));
    bob.send(&Request::post(&format!("/api/v1/statuses/{own}/favourite")));
    service.waits_for("/ann", 2);
    let quotes = [("status", "At nine, she says"), ("quoted_status_id", own)];
    good(&mut bob, &Request::post("/api/v1/statuses").form(&quotes));
    let came = service.waits_for("/ann", 3);
    let kinds: Vec<Value> = came
        .iter()
        .map(|one| keys.open(&one.body)["notification_type"].clone())
        .collect();
    assert_eq!(kinds, ["mention", "favourite", "quote"]);
    assert_eq!(came[0].body.len(), came[1].body.len());

    // Only of those whom she follows; then of nobody.
    let change = |policy: &str| {
        Request::new("PUT", PATH).form(&[("data[alerts][mention]", "true"), ("data[policy]", policy)])
    };
    assert_eq!(good(&mut ann, &change("followed"))["policy"], "followed");
    assert_eq!(ann.send(&change("friends")).status, 422);
    server.done(&["account", "create", "carol"]);
    let bob_id = bob.get("/api/v1/accounts/verify_credentials").json()["id"].clone();
    let follow = format!("/api/v1/accounts/{}/follow", bob_id.as_str().expect("an id"));
    good(&mut ann, &Request::post(&follow));
    post(&mut app_of(server, "carol"), "@ann from a stranger");
    post(&mut bob, "@ann from a friend");
    service.waits_for("/ann", 4);

    // What the service does not know is forgotten.
    let gone = Keys::new();
    good(
        &mut other,
        &gone.asks(&service.url("/gone/1"), &["mention"], "all"),
    );
    post(&mut bob, "@ann are you there?");
    service.waits_for("/gone/1", 1);
    eventually("it is forgotten", || {
        (other.get(PATH).status == 404).then_some(())
    });
    for one in service.at("/ann") {
        let id = keys.open(&one.body)["notification_id"].to_string();
        let told = ann.get(&format!("/api/v1/notifications/{id}")).json();
        assert_eq!(told["account"]["acct"], "bob", "she follows nobody else");
    }

    // Held, and shown as held without its value.
    let held = browser.get("/settings/held");
    assert!(
        held.says("places where apps are woken") || held.says("place where apps are woken"),
        "{}",
        held.text()
    );
    assert!(!held.text().contains(&service.host));

    // A taken back word takes all of it along.
    let page = browser.get("/settings/push");
    browser.submit(&page.form("Wake no app, and forget where"));
    assert_eq!(ann.get(PATH).status, 404);
    assert_eq!(ann.send(&asks).status, 422);
}

#[test]
fn the_word_of_one_behind_an_account_wakes_no_app_of_another() {
    let server = with_push(server().registrations("open"));
    let service = Service::start();
    let mut red = group::riva(&server);
    let page = red.get("/settings/keyholders");
    let invitation = group::link(&red.submit(&page.form("Make an invitation")));
    let (mut blue, words) = group::comes(&server, &invitation, "blue");
    let page = blue.get("/settings/push");
    blue.submit(&page.form("I know this. Apps may be woken"));
    let (mut reds, mut blues) = (group::app_of(&server, &red.words), group::app_of(&server, &words));
    let keys = Keys::new();
    good(&mut blues, &keys.asks(&service.url("/blue"), &["mention"], "all"));
    let refused = reds.send(&keys.asks(&service.url("/red"), &["mention"], "all"));
    assert_eq!(refused.status, 422, "{}", refused.text());
    let _ = red.get("/settings/push").form("I know this. Apps may be woken");
}

#[test]
fn nothing_is_woken_where_the_operator_does_not_want_it() {
    let server = server().start();
    let mut browser = server.somebody("ann", "user");
    let mut ann = app_of(&server, "ann");
    assert!(
        browser
            .get("/settings/push")
            .says("Web push is off on this server.")
    );
    let refused = ann.send(&Keys::new().asks("http://127.0.0.1:9/x", &["mention"], "all"));
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Web push is off"));
    let instance = ann.get("/api/v2/instance").json();
    assert_eq!(instance["configuration"]["vapid"]["public_key"], "");
    assert!(!server.data().join("push.key").exists());
}

#[test]
fn only_public_places_are_asked() {
    let server = with_push(Bauta::setup().without_rate_limits());
    let mut browser = server.somebody("ann", "user");
    let page = browser.get("/settings/push");
    browser.submit(&page.form("I know this. Apps may be woken"));
    let mut ann = app_of(&server, "ann");
    for endpoint in [
        "http://push.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.1/x",
        "https://localhost/x",
        "https://push.example:22/x",
        "https://me@push.example/x",
        "file:///etc/passwd",
        "",
        &format!("https://push.example/{}", "x".repeat(1000)),
    ] {
        let refused = ann.send(&Keys::new().asks(endpoint, &["mention"], "all"));
        assert_eq!(refused.status, 422, "{endpoint}");
    }
    let asks = Keys::new().asks("https://push.example/x", &["mention"], "all");
    good(&mut ann, &asks);
    let wrong = json!({"subscription": {"endpoint": "https://push.example/x", "keys": {"p256dh": "AAAA", "auth": "AA"}}});
    let wrong = Request::post(PATH).body("application/json", wrong.to_string().as_bytes());
    assert_eq!(ann.send(&wrong).status, 422);
    // A token that ends takes its place along.
    let page = browser.get("/settings/sessions");
    browser.submit(&page.form("End all others"));
    assert_eq!(ann.get(PATH).status, 401);
    assert!(browser.get("/settings/push").says("Apps that are woken now: 0"));
}
