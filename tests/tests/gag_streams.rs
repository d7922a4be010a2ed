//! Invariant 14 over open streams: whom a demand under a gag is about hears, byte for byte, what somebody hears about whom no
//! demand is.

use bauta_tests::case::summons;
use bauta_tests::desk::{step, until_notice};
use bauta_tests::http::{Request, Stream};
use bauta_tests::server::Bauta;
use bauta_tests::websocket::WebSocket;
use serde_json::{Value, json};

/// The streams that somebody has open, of each kind.
struct Listener {
    events: Vec<Stream>,
    socket: WebSocket,
}

const STREAMS: [&str; 3] = ["user", "user/notification", "direct"];

impl Listener {
    fn new(server: &Bauta, handle: &str) -> Self {
        let token = server.token(handle, "read");
        let open = |name: &&str| {
            let path = format!("/api/v1/streaming/{name}");
            server.client().with_token(&token).open(&Request::get(&path))
        };
        let events = STREAMS.iter().map(open).collect();
        let head = format!("authorization: Bearer {token}");
        let mut socket = WebSocket::open(
            &server.address(),
            server.domain(),
            "/api/v1/streaming?stream=user",
            &[&head],
        );
        assert_eq!(socket.status(), 101);
        socket.wish("subscribe", "direct", None);
        // Its answer shows that what was wished before is granted.
        socket.wish("subscribe", "no such stream", None);
        assert_eq!(socket.message().expect("it answers")["status"], 400);
        Self { events, socket }
    }

    /// What comes up to a line with `mark`, on every stream. A heartbeat says that time passes, and nothing else.
    fn hears(&mut self, mark: &str) -> Vec<String> {
        let mut heard = Vec::new();
        for stream in &mut self.events {
            loop {
                let line = stream.next_line().expect("the stream is open");
                let is_last = line.contains(mark);
                if !line.starts_with(':') && !line.is_empty() {
                    heard.push(line);
                }
                if is_last {
                    break;
                }
            }
        }
        loop {
            let message = self.socket.message().expect("the socket is open").to_string();
            let is_last = message.contains(mark);
            heard.push(message);
            if is_last {
                return heard;
            }
        }
    }
}

/// Whoever follows takes direct posts.
fn follow(server: &Bauta, handle: &str, other: &str) {
    let token = server.token(handle, "read follow");
    let mut client = server.client().with_token(&token);
    let found = client
        .get(&format!("/api/v1/accounts/lookup?acct={other}"))
        .json();
    let id = found["id"].as_str().expect("an account has an id");
    let done = client.send(&Request::post(&format!("/api/v1/accounts/{id}/follow")));
    assert_eq!(done.status, 200, "{}", done.text());
}

/// Posts to two people at once, so that each of their streams has a last line.
fn post(server: &Bauta, text: &str) {
    let token = server.token("bob", "read write");
    let form = [("status", text), ("visibility", "direct")];
    let mut client = server.client().with_token(&token);
    let posted = client.send(&Request::post("/api/v1/statuses").form(&form));
    assert_eq!(posted.status, 200, "{}", posted.text());
}

/// What two people hear is compared without what is theirs: the number of a notification and of a conversation.
fn alike(heard: Vec<String>) -> Vec<String> {
    heard
        .into_iter()
        .map(|line| {
            let payload = line.strip_prefix("data: ").unwrap_or(&line);
            match serde_json::from_str::<Value>(payload) {
                Ok(mut told) => {
                    without_numbers(&mut told);
                    told.to_string()
                }
                Err(_) => line,
            }
        })
        .collect()
}

fn without_numbers(told: &mut Value) {
    // Within a message of a socket the payload is a text of JSON.
    if let Some(Ok(mut payload)) = told["payload"].as_str().map(serde_json::from_str::<Value>) {
        without_numbers(&mut payload);
        told["payload"] = payload;
    }
    if told["status"].is_object() || told["last_status"].is_object() {
        told["id"] = json!("");
        told["group_key"] = json!("");
        // Those with whom one speaks: each has the other among them.
        told["accounts"] = json!(told["accounts"].as_array().map(Vec::len));
    }
}

#[test]
fn an_open_stream_tells_nothing_of_a_demand_under_a_gag() {
    let server = Bauta::setup().without_rate_limits().start();
    for handle in ["ann", "cat", "bob"] {
        server.done(&["account", "create", handle]);
    }
    for (officer, role) in [("clerk", "intake"), ("alice", "determine")] {
        server.done(&["account", "create", officer, "--role", role]);
    }
    let key = age::x25519::Identity::generate().to_public().to_string();
    server.done(&["desk", "officer", "alice", "--key", &key]);
    for handle in ["ann", "cat"] {
        follow(&server, handle, "bob");
    }
    let (mut ann, mut cat) = (Listener::new(&server, "ann"), Listener::new(&server, "cat"));
    post(&server, "@ann @cat before");
    assert_eq!(alike(ann.hears("before")), alike(cat.hears("before")));

    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("it can be written");
        path.display().to_string()
    };
    let mut order = summons(&["ann"]);
    order["instrument"] = json!("search warrant");
    order["non_disclosure"] = json!("order");
    let demand = file("demand.json", order.to_string().as_bytes());
    let taken = step(&server, "clerk", &["intake", &demand]);
    let id = taken["id"].as_str().expect("an id");
    let paper = file("order.txt", b"It is ordered that nobody be told.");
    let court = ["--order", &paper, "--court", "D. Court", "--on", "2026-11-01"];
    let gag = [
        &["gag", id][..],
        &court,
        &["--ends", "2099-01-01", "--named", "clerk"],
    ]
    .concat();
    step(&server, "alice", &gag);
    assert_eq!(until_notice(&server, "clerk", id)["position"], "notice_delayed");

    post(&server, "@ann @cat under the gag");
    let (told, other) = (ann.hears("under the gag"), cat.hears("under the gag"));
    assert!(told.len() > STREAMS.len(), "{told:?}");
    assert_eq!(alike(told), alike(other));

    // When it is lifted she hears of it, at once and alone.
    step(&server, "alice", &[&["gag", id, "--lift"][..], &court].concat());
    assert_eq!(step(&server, "clerk", &["notice", id])["position"], "noticed");
    post(&server, "@ann @cat after");
    let (told, other) = (ann.hears("after"), cat.hears("after"));
    let says = |heard: &[String]| {
        heard
            .iter()
            .any(|line| line.contains("A message from your server"))
    };
    assert_eq!((says(&told), says(&other)), (true, false));
}
