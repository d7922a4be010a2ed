//! A server with an account, a desk, a log whose hours pass when a test says so, and a witness that is another process.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bauta_ledger::Policy;
use bauta_ledger::tile::TileId;
use bauta_model::{Clock, CoarseTime};
use bauta_public_log::{PublicLog, Setup};
use bauta_store::{Options, Store, Where};
use bauta_tests::case::summons;
use bauta_tests::eventually;
use bauta_tests::forms::Browser;
use bauta_tests::server::{Bauta, program};
use serde_json::Value;

/// Where every log of these tests says it is.
const ORIGIN: &str = "localhost/log";

/// What a check came to.
#[derive(Debug)]
pub struct Verdict {
    pub status: u8,
    pub said: Value,
}

pub struct House {
    pub server: Bauta,
    folder: tempfile::TempDir,
    passphrase: String,
    officer: String,
    hours: i64,
    witness: Option<(Child, String)>,
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some((witness, _)) = &mut self.witness {
            let _ = witness.kill();
            let _ = witness.wait();
        }
    }
}

impl House {
    /// Without a witness.
    pub fn new() -> Self {
        Self::start(tempfile::tempdir().expect("a folder"), None)
    }

    /// With one that runs beside it.
    pub fn with_witness() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // The log's first key is made before the server begins, so that the witness knows it.
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("a folder");
        let named = folder.path().join("named.toml");
        fs::write(&named, "domain = 'localhost'\n").expect("written");
        let shown = Command::new(program())
            .args(["ledger", "key", "rotate", "--drop-old", "--data"])
            .arg(&data)
            .arg("--config")
            .arg(&named)
            .output()
            .expect("the program runs");
        let key = String::from_utf8_lossy(&shown.stdout).into_owned();
        let logs = folder.path().join("logs");
        fs::write(&logs, &key).expect("written");
        let (child, witness_key, place) = witness(folder.path(), &logs);
        let own = format!("witness w {witness_key} http://{place}\nquorum w\n");
        fs::write(folder.path().join("policy"), &own).expect("written");
        fs::write(folder.path().join("reader"), format!("log {}\n{own}", key.trim())).expect("written");
        Self::start(folder, Some((child, own)))
    }

    fn start(folder: tempfile::TempDir, witness: Option<(Child, String)>) -> Self {
        let policy = folder.path().join("policy");
        let mut text = String::new();
        if witness.is_some() {
            text = format!("log = {{ policy = '{}' }}\n", policy.display());
        }
        fs::write(folder.path().join("bauta.toml"), text).expect("written");
        let server = Self::serve(folder.path(), "data");
        let made = server.done(&["account", "create", "ALT_USCIS"]);
        let passphrase = made.lines().last().unwrap_or_default().to_owned();
        let made = server.done(&["account", "create", "alice", "--role", "determine"]);
        let officer = made.lines().last().unwrap_or_default().to_owned();
        let key = age::x25519::Identity::generate().to_public().to_string();
        server.done(&["desk", "officer", "alice", "--key", &key]);
        Self {
            server,
            folder,
            passphrase,
            officer,
            hours: 0,
            witness,
        }
    }

    /// A server with the data in a folder of the house.
    pub fn serve(house: &Path, data: &str) -> Bauta {
        Bauta::setup()
            .without_rate_limits()
            .domain("localhost")
            .data(&house.join(data))
            .environment("BAUTA_SLOT", "1s")
            .argument("--config")
            .argument(house.join("bauta.toml").to_str().expect("text"))
            .start()
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).expect("it can be written");
        path
    }

    /// The facts of the paper.
    pub fn summons(&self) -> String {
        self.file("demand.json", summons(&["ALT_USCIS"]).to_string().as_bytes())
    }

    /// A step at the machine, as data.
    pub fn desk(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["desk"];
        all.extend(arguments);
        if !arguments.contains(&"--json") {
            all.push("--json");
        }
        serde_json::from_str(&self.server.done(&all)).expect("it is JSON")
    }

    pub fn until_notice(&self, id: &str) {
        self.desk(&["hold", id]);
        self.desk(&["verify", id, "--note", "called the switchboard"]);
        self.desk(&["review", id, "--record"]);
        self.desk(&["scope", id]);
        assert_eq!(self.desk(&["notice", id])["position"], "noticed");
    }

    /// From the fax to the later note on the docket, as it happened; then everybody may read it. Gives the demand.
    pub fn play_the_case(&self) -> String {
        let taken = self.desk(&["intake", &self.summons()]);
        let id = taken["id"].as_str().expect("an id").to_owned();
        self.desk(&["gag", &id, "--request"]);
        self.until_notice(&id);
        let key = age::x25519::Identity::generate().to_public().to_string();
        self.desk(&["counsel", &id, "--key", &key]);
        self.desk(&["consent", &id, "--publish"]);
        self.desk(&["object", &id, "--reason", "The statute is about imports."]);
        let (court, docket) = ("N.D. Cal.", "3:17-cv-01916");
        self.desk(&["challenge", &id, "--court", court]);
        let filed = ["--court", court, "--docket", docket, "--on", "2017-04-06"];
        self.desk(
            &[
                &["case", &id, "file"][..],
                &filed,
                &["--party", "plaintiff=Twitter, Inc."],
            ]
            .concat(),
        );
        let entry = ["--on", "2017-04-06", "--kind", "complaint", "--pages", "25"];
        self.desk(&[&["case", &id, "docket"][..], &entry].concat());
        self.desk(&["withdraw", &id, "--on", "2017-04-07"]);
        let rule = "Fed. R. Civ. P. 41(a)(1)(A)(i)";
        self.desk(&["case", &id, "dismiss", "--on", "2017-04-07", "--rule", rule]);
        assert_eq!(self.desk(&["close", &id])["position"], "closed");
        let note = ["--on", "2017-04-21", "--kind", "letter of the inspector general"];
        self.desk(&[&["case", &id, "docket"][..], &note].concat());
        self.desk(&["publish", &id, "--to", "redacted_page"]);
        id
    }

    /// As many hours as the queue needs, and one more, pass while the server is stopped.
    pub fn pass_hours(&mut self) {
        self.server.stop();
        let data = self.server.data();
        let real = Clock::system();
        let options = Options {
            database: Where::embedded(data),
            clock: real.clone(),
            readers: 1,
            keyring: None,
        };
        let store =
            Arc::new(Store::open(&options, bauta_inventory::Inventory::builtin()).expect("the database"));
        let begun = real.now().unix_seconds();
        let clock = Clock::system();
        let log = PublicLog::open(Setup {
            folder: data.join("log"),
            keys: data.join("keys"),
            origin: ORIGIN.to_owned(),
            policy: Policy::of_logs([]),
            store,
            clock: clock.clone(),
            client: None,
        });
        let log = Arc::new(log.expect("the log"));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        loop {
            self.hours += 1;
            clock.set(CoarseTime::from_unix_seconds(begun + self.hours * 3600));
            runtime.block_on(log.tick()).expect("it grows");
            let status = runtime.block_on(log.status()).expect("it stands");
            if status.waiting == 0 {
                break;
            }
        }
        drop(log);
        drop(runtime);
        self.server.start_again();
    }

    /// Until the newest checkpoint has the witness's line.
    pub fn until_cosigned(&self) {
        eventually("the witness cosigns", || {
            let checkpoint = self.server.client().get("/log/checkpoint").text();
            checkpoint.contains("w.localhost ").then_some(())
        });
    }

    /// The policy of a reader, who has the keys from elsewhere.
    pub fn reader_policy(&self) -> String {
        self.path("reader")
    }

    /// The public record as files.
    pub fn report(&self, name: &str) -> String {
        let out = self.path(name);
        self.server
            .done(&["report", "build", "--domain", "localhost", "--out", &out]);
        out
    }

    /// A redacted copy of a paper, proposed by one officer and published by another.
    pub fn publish_a_copy(&self, id: &str) {
        let paper = self.path("memo.pdf");
        self.server
            .done(&["desk", "letter", id, "memo", "--format", "pdf", "--out", &paper]);
        let add = ["--add", &paper, "--title", "The memo", "--box", "1,0,0,1,0.5"];
        let added = self.desk(&[&["copy", id, "--officer", "alice"][..], &add].concat());
        let copy = added["copy"].as_str().expect("a number").to_owned();
        self.desk(&["copy", id, "--publish", &copy]);
    }

    /// Every file below a folder.
    pub fn files_below(folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path().display().to_string();
            if entry.path().is_dir() {
                found.extend(Self::files_below(&path));
            } else {
                found.push(path);
            }
        }
        found
    }

    /// The address that a reader types.
    pub fn site(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// `bauta verify`.
    pub fn verify(place: &str, arguments: &[&str]) -> Verdict {
        let output = Command::new(program())
            .args(["verify", place, "--json"])
            .args(arguments)
            .output()
            .expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Verdict {
            status: u8::try_from(output.status.code().unwrap_or(255)).unwrap_or(255),
            said: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    /// The program, with no data: its status and what it says of trouble.
    pub fn program(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(program())
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("the program runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    /// The tiles and bundles of the newest tree, one of each level.
    pub fn newest_tiles(folder: &str) -> Vec<String> {
        let checkpoint = fs::read_to_string(format!("{folder}/log/checkpoint")).expect("a checkpoint");
        let size: u64 = checkpoint
            .lines()
            .nth(1)
            .and_then(|size| size.parse().ok())
            .expect("a size");
        TileId::all(size).map(|id| format!("log/{id}")).collect()
    }

    /// A browser of the account, signed in.
    pub fn browser(&self) -> Browser {
        self.server.signed_in("ALT_USCIS", &self.passphrase)
    }

    /// A browser of the officer, signed in.
    pub fn officer(&self) -> Browser {
        self.server.signed_in("alice", &self.officer)
    }

    /// The page with what the account was told.
    pub fn notices(&self) -> String {
        self.browser()
            .get("/notices")
            .html()
            .split("<main")
            .nth(1)
            .unwrap_or_default()
            .to_owned()
    }

    /// Where the notice is.
    pub fn notice_path(&self) -> String {
        let links = self.browser().get("/notices").links();
        let found = links
            .into_iter()
            .map(|(_, target)| target)
            .find(|target| target.starts_with("/notices/"));
        found.expect("a notice")
    }

    /// A file that the account may have.
    pub fn fetch(&self, path: &str) -> String {
        let page = self.browser().get(path);
        assert_eq!(page.status(), 200, "{path}");
        page.response.text()
    }

    pub fn status(&self, path: &str) -> u16 {
        self.browser().get(path).status()
    }

    /// Names counsel on the page; gives the link.
    pub fn name_counsel(&self, notice: &str, key: &str) -> String {
        let mut browser = self.browser();
        let page = browser.get(notice);
        let form = page.form("Name counsel").fill("Their age public key", key);
        let shown = browser.submit(&form);
        let text = shown.text();
        let at = text.find("/counsel/").expect("a link");
        text[at..]
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// What the link hands out, once.
    pub fn pick_up(&self, link: &str) -> Vec<u8> {
        let mut browser = self.server.browser();
        let page = browser.get(link);
        browser.submit(&page.form("Take the notice")).response.body
    }
}

fn witness(folder: &Path, logs: &Path) -> (Child, String, String) {
    let mut child = Command::new(program())
        .args([
            "witness",
            "--name",
            "w.localhost",
            "--listen",
            "127.0.0.1:0",
            "--logs",
        ])
        .arg(logs)
        .arg("--data")
        .arg(folder.join("witness"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped"))
        .lines()
        .map_while(Result::ok);
    let key = lines.next().expect("its key");
    let place = lines.next().expect("its place");
    let place = place.strip_prefix("listening on ").expect("its place").to_owned();
    (child, key, place)
}

/// Changes one bit in the middle of a file; the closure puts it back.
pub fn alter(path: &str) -> impl FnOnce() + use<> {
    let path = path.to_owned();
    let good = fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut bad = good.clone();
    let at = bad.len() / 2;
    bad[at] ^= 1;
    fs::write(&path, bad).expect("written");
    move || fs::write(path, good).expect("written")
}

/// What is encrypted to a key.
pub fn sealed_to(key: &age::x25519::Identity, sealed: &[u8]) -> Vec<u8> {
    let decryptor = age::Decryptor::new(sealed).expect("it is encrypted");
    let mut opened = Vec::new();
    let identities = std::iter::once(key as &dyn age::Identity);
    decryptor
        .decrypt(identities)
        .expect("to this key")
        .read_to_end(&mut opened)
        .expect("it is whole");
    opened
}
