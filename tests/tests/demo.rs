//! `bauta demo`: the whole story, from the account to the record, checked by `bauta verify`.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use bauta_tests::forms::{Browser, Page};
use bauta_tests::http::{Client, Request};
use bauta_tests::server::program;
use serde_json::{Value, json};

fn bauta(arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of this test")
}

/// What `bauta verify --json` says, and its exit status.
fn verify(place: &str) -> (Option<i32>, Value) {
    let done = bauta(&["verify", place, "--json"]);
    let said = serde_json::from_slice(&done.stdout).unwrap_or(Value::Null);
    (done.status.code(), said)
}

#[test]
fn the_story_is_played_into_a_record_that_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    let (data, out) = (text(&data), text(&out));
    let played = bauta(&["demo", "--data", data, "--followers", "40", "--no-serve"]);
    assert!(played.status.success(), "{played:?}");
    let (status, said) = verify(data);
    assert_eq!((status, &said["replayed"]), (Some(0), &json!(1)), "{said}");
    let built = bauta(&["report", "build", "--data", data, "--out", out]);
    assert!(built.status.success(), "{built:?}");
    let (status, said) = verify(out);
    assert_eq!((status, &said["demands"]), (Some(0), &json!(2)), "{said}");
    let again = bauta(&["demo", "--data", data, "--no-serve"]);
    assert_eq!(
        again.status.code(),
        Some(1),
        "it is not played over somebody's data"
    );
    let abroad = folder.path().join("abroad");
    let refused = bauta(&["demo", "--data", text(&abroad), "--listen", "0.0.0.0:0"]);
    assert_eq!((refused.status.code(), abroad.exists()), (Some(1), false));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("this machine only"));
}

/// A demo that is served; it ends with this value.
struct Served {
    process: Child,
    address: String,
    said: Vec<String>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    /// Starts a demo with few followers, and waits until it listens.
    fn start(data: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = port.expect("loopback has a free port").to_string();
        let process = Command::new(program())
            .args(["demo", "--data", data, "--followers", "40", "--listen", &address])
            .env("BAUTA_RATE_LIMITS", "off")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut served = Self {
            process,
            address,
            said: Vec::new(),
        };
        let output = BufReader::new(served.process.stdout.take().expect("piped"));
        for line in output.lines().map_while(Result::ok) {
            let ready = line.starts_with("listening on ");
            served.said.push(line);
            if ready {
                return served;
            }
        }
        panic!("it never listened: {:?}", served.said);
    }

    fn host(&self) -> String {
        let port = self.address.rsplit(':').next().unwrap_or_default();
        format!("localhost:{port}")
    }

    fn browser(&self) -> Browser {
        Browser::new(Client::new(&self.address, &self.host()))
    }

    /// Paths of the links that were printed.
    fn printed(&self) -> Vec<String> {
        let base = format!("http://{}", self.host());
        let words = self.said.iter().flat_map(|line| line.split_whitespace());
        words
            .filter_map(|word| word.strip_prefix(&base).map(str::to_owned))
            .collect()
    }
}

#[test]
fn a_visitor_walks_the_tour_receives_the_demand_and_sees_the_check_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let demo = Served::start(text(&data));
    let mut reader = demo.browser();
    let visit = reader.get("/demo/visit");
    assert!(
        visit.says("Nothing. No table has a row that it did not have before you came."),
        "{}",
        visit.text()
    );

    let printed = demo.printed();
    assert!(
        printed.len() == 1 + 7 + 3,
        "the tour, seven stops, three roles: {printed:?}"
    );
    for path in &printed {
        let mut browser = demo.browser();
        let page = browser.get(path);
        assert_eq!(page.status(), 200, "{path}: {}", page.text());
        if !path.ends_with("/article") {
            assert_eq!(page.lint(), Vec::<String>::new(), "{path}");
            assert!(page.says("A made-up story"), "{path}");
        }
    }
    // Whoever is signed in sees what it left: a session, and no more.
    let mut speaker = demo.browser();
    let told = speaker.get("/demo/as/speaker");
    assert!(told.says("Waterways Office"), "{}", told.text());
    let visit = speaker.get("/demo/visit");
    assert!(
        visit.says("sessions") && !visit.says("Nothing. No table"),
        "{}",
        visit.text()
    );

    let paper = reader.get("/demo/paper");
    for date in [
        "13 March 2017, 11:45",
        "14 March 2017",
        "6 April 2017",
        "7 April 2017",
        "21 April 2017",
    ] {
        let page = reader.follow(&paper, date);
        assert_eq!(page.status(), 200, "{date}");
    }
    assert!(
        paper.says("an illustration") && paper.says("This is not legal advice"),
        "{}",
        paper.text()
    );
    let received = reader.submit(&paper.form("Receive this demand"));
    assert!(received.path.starts_with("/demo/received/"), "{}", received.path);
    assert!(
        received.says("19 U.S.C. 1509") || received.says("1509"),
        "{}",
        received.text()
    );
    assert!(received.says("Never collected") && received.says("A credential: never produced"));
    assert_eq!(received.lint(), Vec::<String>::new());
    let id = received.path.rsplit('/').next().expect("an id").to_owned();
    let mut officer = demo.browser();
    officer.get("/demo/as/officer");
    assert_eq!(
        officer.get(&format!("/desk/{id}")).status(),
        200,
        "it is a demand like others"
    );
    let refused = reader.get(&format!("/desk/{id}"));
    assert!(
        refused.path.starts_with("/sign-in"),
        "no stranger sees it: {}",
        refused.path
    );

    let check = reader.get("/demo/check");
    for (what, status) in [
        ("Nothing: the copy as it is", "status 0"),
        ("A leaf: what was committed to", "status 2"),
        ("A tile: a hash of the tree", "status 2"),
        ("The report: a figure", "status 4"),
    ] {
        let page = reader.submit(
            &check
                .form("Check the copy")
                .choose("What is changed in the copy", what),
        );
        assert!(page.says(status), "{what}: {}", page.text());
        assert_eq!(page.lint(), Vec::<String>::new(), "{what}");
    }

    // The account's receipt, and what the server publishes, hold.
    let messages = speaker.get("/notices");
    let receipts: Vec<String> = receipts_of(&mut speaker, &messages);
    assert!(!receipts.is_empty(), "{}", messages.text());
    let file = folder.path().join("receipt");
    std::fs::write(&file, &receipts[0]).expect("written");
    let done = bauta(&[
        "verify",
        &format!("http://{}", demo.host()),
        "--receipt",
        text(&file),
    ]);
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// The text of each receipt that the account can fetch, of every message.
fn receipts_of(browser: &mut Browser, messages: &Page) -> Vec<String> {
    let notices = messages.links().into_iter().map(|(_, path)| path);
    let notices: Vec<String> = notices.filter(|path| path.starts_with("/notices/")).collect();
    let mut receipts = Vec::new();
    for notice in notices {
        let receipt = browser.get(&format!("{notice}/receipt/demand"));
        if receipt.status() == 200 {
            receipts.push(receipt.response.text());
        }
    }
    receipts
}

#[test]
fn a_copy_with_one_bit_flipped_by_hand_does_not_verify() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    let played = bauta(&["demo", "--data", text(&data), "--followers", "4", "--no-serve"]);
    assert!(played.status.success(), "{played:?}");
    let built = bauta(&["report", "build", "--data", text(&data), "--out", text(&out)]);
    assert!(built.status.success(), "{built:?}");
    for (file, status) in [
        ("log/tile/0/000", 2),
        ("log/tile/entries/000", 2),
        ("log/checkpoint", 1),
    ] {
        let path = out.join(file);
        let before = std::fs::read(&path).expect("it is there");
        let mut bytes = before.clone();
        bytes[0] ^= 1;
        std::fs::write(&path, &bytes).expect("written");
        assert_eq!(verify(text(&out)).0, Some(status), "{file}");
        std::fs::write(&path, &before).expect("written");
    }
    assert_eq!(verify(text(&out)).0, Some(0), "mended");
}

#[test]
fn no_other_server_has_the_pages_of_the_demo() {
    let server = bauta_tests::server::Bauta::start();
    for path in [
        "/demo",
        "/demo/as/officer",
        "/demo/paper",
        "/demo/received/1",
        "/demo/check",
        "/demo/visit",
        "/demo/article",
    ] {
        assert_eq!(server.client().get(path).status, 404, "{path}");
        let sent = server
            .client()
            .send(&Request::post(path).form(&[("flip", "tile")]));
        assert!(matches!(sent.status, 404 | 405), "{path}: {}", sent.status);
    }
}
