//! A marked run over real HTTP: what identifies a person is in no file, not in the output, and in nothing that others get.
//!
//! Every request carries marks in its address, headers and values. Marks that were planted on purpose must be found in each
//! of the same places, or the test proves nothing.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use bauta_tests::http::{Client, Request, Response};
use bauta_tests::server::{Bauta, program};

const AGENT: &str = "agentb61f02c9e84d7a35";
const REFERRER: &str = "referrer5c0de1f29a7b48e6";
const LANGUAGE: &str = "xx-language7d90b1";
const FORWARDED: &str = "203.0.113.77";
const WRONG: &str = "wrongpassphrase93ad17f0c2";
const PLANTED: &str = "planted0f7e3b9d51c2a468";

/// What must be found nowhere.
const MARKS: &[&str] = &[AGENT, REFERRER, LANGUAGE, FORWARDED, WRONG];

/// A client whose every header tells on its person.
fn marked(server: &Bauta) -> Client {
    server
        .client()
        .with_header("User-Agent", AGENT)
        .with_header("Referer", &format!("https://{REFERRER}.example/"))
        .with_header("Accept-Language", LANGUAGE)
        .with_header("X-Forwarded-For", FORWARDED)
        .with_header("X-Real-IP", FORWARDED)
        .with_header("Forwarded", &format!("for={FORWARDED}"))
        .with_header("CF-Connecting-IP", FORWARDED)
        .with_header("Sec-CH-UA-Model", AGENT)
}

#[test]
fn nothing_tells_where_a_person_came_from() {
    let server = Bauta::setup().registrations("open").without_rate_limits().start();
    server.done(&["account", "create", "reader"]);
    server.done(&["account", "create", "speaker"]);
    let mut speaker = marked(&server).with_token(&server.token("speaker", "read write follow"));
    let mut reader = marked(&server).with_token(&server.token("reader", "read write follow"));
    let mut stranger = marked(&server);

    let text = format!("What I say in public holds {PLANTED}");
    let posted = speaker
        .send(&Request::post("/api/v1/statuses").form(&[("status", text.as_str())]))
        .json();
    let id = posted["id"].as_str().expect("a post has an id").to_owned();
    let me = speaker.get("/api/v1/accounts/verify_credentials").json();
    let account = me["id"].as_str().expect("an account has an id").to_owned();
    let mut seen = vec![
        reader.send(&Request::post(&format!("/api/v1/accounts/{account}/follow"))),
        reader.get("/api/v1/timelines/home"),
        reader.send(&Request::post(&format!("/api/v1/statuses/{id}/favourite"))),
        stranger.send(&Request::post("/oauth/token").form(&[
            ("grant_type", "password"),
            ("username", "speaker"),
            ("password", WRONG),
        ])),
        stranger.send(&Request::post("/sign-in").form(&[("handle", "speaker"), ("passphrase", WRONG)])),
        stranger.send(&Request::post("/api/v1/statuses").body("application/json", b"{\"status\": ")),
    ];
    seen.extend(strangers_view(&mut stranger, &account, &id));
    let own_address = from_own_address(&server);

    let dir = server.data().to_owned();
    let files = everything(&dir);
    let output = format!("{}{}", server.said(), failing_start());
    let sent: String = seen.iter().map(wire).collect();
    for mark in MARKS.iter().copied().chain([own_address.as_str()]) {
        for (path, bytes) in &files {
            assert!(!holds(bytes, mark), "{mark} is in {}", path.display());
        }
        assert!(!output.contains(mark), "{mark} is in the output");
        assert!(!sent.contains(mark), "{mark} was sent to others");
    }
    assert!(
        files.iter().any(|(_, bytes)| holds(bytes, PLANTED)),
        "the planted mark must be found in a file"
    );
    assert!(
        output.contains(PLANTED),
        "the planted mark must be found in the output"
    );
    assert!(
        sent.contains(PLANTED),
        "the planted mark must be found in what was sent"
    );
}

/// What a stranger gets: pages, API, feeds, embeds.
fn strangers_view(stranger: &mut Client, account: &str, id: &str) -> Vec<Response> {
    [
        "/".to_owned(),
        "/local".to_owned(),
        "/@speaker".to_owned(),
        format!("/@speaker/{id}"),
        format!("/@speaker/{id}/embed"),
        "/@speaker.atom".to_owned(),
        "/privacy".to_owned(),
        "/nothing/here".to_owned(),
        format!("/api/v1/statuses/{id}"),
        format!("/api/v1/accounts/{account}"),
        "/api/v1/timelines/public".to_owned(),
        "/api/v2/instance".to_owned(),
    ]
    .iter()
    .map(|path| stranger.get(path))
    .collect()
}

/// Posts from a loopback address of its own, which is then a mark as any other.
fn from_own_address(server: &Bauta) -> String {
    let address = "127.77.193.42".to_owned();
    let script = "import socket,sys; s=socket.create_connection((sys.argv[1],int(sys.argv[2])),source_address=(sys.argv[3],0)); \
                  s.sendall(b'GET /api/v2/instance HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n'); print(s.recv(100))";
    let (host, port) = server
        .address()
        .rsplit_once(':')
        .map(|(h, p)| (h.to_owned(), p.to_owned()))
        .expect("an address");
    let done = Command::new("python3")
        .args(["-c", script, &host, &port, &address])
        .output()
        .expect("python3 is installed");
    assert!(
        String::from_utf8_lossy(&done.stdout).contains("HTTP/1.1 200"),
        "{done:?}"
    );
    drop(TcpStream::connect(server.address()));
    address
}

/// A start that fails, and names a file called by the planted mark.
fn failing_start() -> String {
    let output = Command::new(program())
        .args(["serve", "--config", &format!("/nonexistent/{PLANTED}.toml")])
        .output()
        .expect("the program runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn wire(response: &Response) -> String {
    format!("{response:?}\n{}\n", response.text())
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes
        .windows(mark.len())
        .any(|window| window.eq_ignore_ascii_case(mark.as_bytes()))
}

/// Every file below `dir` with its bytes.
fn everything(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).expect("it can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(everything(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            files.push((path, bytes));
        }
    }
    files
}
