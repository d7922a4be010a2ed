//! The seizure test: a real server is used for a day, and then everything is taken that could be taken (docs/laws.md).
//!
//! Each value that was sent is random, and is looked for in every form and every place. What must not be there fails the
//! test by its name; what must be there (a public post) and isn't makes it void. `BAUTA_SEIZURE_WAIT` says how many seconds
//! later is looked again, `BAUTA_SEIZURE_IMAGE=1` puts the data on a file system of its own, whose raw image is looked at.

#[path = "../peer/mod.rs"]
mod peer;

mod composer;
mod cores;
mod detect;
mod encodings;
mod image;
mod marks;
mod pictures;
mod places;
mod report;
mod script;
mod search;
mod weakened;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use age::secrecy::ExposeSecret;
use bauta_tests::eventually;
use bauta_tests::http::Response;
use bauta_tests::postgres::Postgres;
use bauta_tests::server::{Bauta, program};
use bauta_tests::tor::behind_tor;

use detect::Cell;
use image::Image;
use marks::{Fate, random};
use peer::Peer;
use places::{Evidence, Place, of_data, of_postgres};
use report::{Told, was_found};
use script::Day;
use search::Finder;

/// What is deleted has a minute; and what goes to other servers goes at the end of a slot.
const MINUTE: u64 = 65;

/// How long the server has for what it does after the last answer: a refused client may go on sending for two seconds.
const SETTLED: Duration = Duration::from_secs(4);

#[test]
fn nothing_is_found_on_sqlite() {
    seize("SQLite", None);
}

/// People who come by the onion address; their headers and what they do are the same.
#[test]
fn nothing_is_found_over_tor() {
    let folder = tempfile::tempdir().expect("there is room");
    let setup = Bauta::setup()
        .registrations("open")
        .environment("BAUTA_PEERS", "loopback");
    let (tor, server) = behind_tor(folder.path(), setup);
    tor.first_answer("/health");
    let machine = Machine {
        server,
        peer: Peer::start("listener"),
        postgres: None,
        elsewhere: tor.folder().to_owned(),
        image: None,
        folder,
    };
    take("Tor", machine, Day::through(Some(&tor)));
}

#[test]
fn nothing_is_found_on_postgresql() {
    seize("PostgreSQL", Some(Postgres::own()));
}

/// A machine that is taken: the server, and where it may have written.
struct Machine {
    server: Bauta,
    peer: Peer,
    postgres: Option<(Postgres, String)>,
    /// Working directory, home and temporary files of the server.
    elsewhere: PathBuf,
    image: Option<Image>,
    folder: tempfile::TempDir,
}

impl Machine {
    /// Starts it; `weakened` names another program, and the variable and value that switch a protection off there.
    fn start(postgres: Option<Postgres>, weakened: Option<(&Path, &str, &str)>) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let elsewhere = folder.path().join("elsewhere");
        std::fs::create_dir(&elsewhere).expect("there is room");
        let image = image::wanted().then(|| Image::mount(folder.path()));
        let data = image
            .as_ref()
            .map_or(folder.path().join("data"), |image| image.folder().join("data"));
        let mut setup = Bauta::setup()
            .registrations("open")
            .data(&data)
            .environment("BAUTA_PEERS", "loopback");
        for name in ["HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"] {
            setup = setup.environment(name, &elsewhere.display().to_string());
        }
        if let Some((program, variable, switch)) = weakened {
            setup = setup.program(program).environment(variable, switch);
        }
        let postgres = postgres.map(|postgres| {
            let url = postgres.fresh_database();
            let name = url.rsplit('/').next().expect("a URL has a path").to_owned();
            (postgres, url, name)
        });
        if let Some((_, url, _)) = &postgres {
            setup = setup.database(url);
        }
        Self {
            server: setup.folder(&elsewhere).start(),
            peer: Peer::start("listener"),
            postgres: postgres.map(|(postgres, _, name)| (postgres, name)),
            elsewhere,
            image,
            folder,
        }
    }

    /// What is on the disks.
    fn look_at_files(&self, evidence: &mut Evidence, finder: &Finder) {
        evidence.look_at_files(finder, self.server.data(), of_data);
        evidence.look_at_files(finder, &self.elsewhere, |_| Place::OtherFiles);
        if let Some((postgres, _)) = &self.postgres {
            postgres.sql("postgres", "CHECKPOINT");
            evidence.look_at_files(finder, postgres.directory(), of_postgres);
        }
    }

    /// A backup as its file is, and opened.
    fn back_up(&self) -> (Vec<u8>, Vec<u8>) {
        let identity = age::x25519::Identity::generate();
        let file = self.folder.path().join(format!("{}.age", random()));
        let key = identity.to_public().to_string();
        self.server
            .done(&["backup", "--to", &key, "--out", &file.display().to_string()]);
        let sealed = std::fs::read(&file).expect("it was written");
        let opened = age::decrypt(&identity, &sealed).expect("it is ours");
        assert!(!identity.to_string().expose_secret().is_empty());
        (sealed, opened)
    }
}

fn seize(backend: &str, postgres: Option<Postgres>) {
    take(backend, Machine::start(postgres, None), Day::through(None));
}

/// Lives the day on the machine, and takes it.
fn take(backend: &str, mut machine: Machine, mut day: Day) {
    day.live(&machine.server, &machine.peer);
    let mut logged = None;
    if let Some((postgres, name)) = &machine.postgres {
        logged = Some(day.marks.draw(Fate::Public, "a mistake that PostgreSQL logs"));
        let mistake = logged.as_deref().unwrap_or_default();
        assert!(std::panic::catch_unwind(|| postgres.sql(name, &format!("SELECT \"{mistake}\""))).is_err());
    }
    let named = day
        .marks
        .draw(Fate::Public, "the name of a file that the program is to read");
    day.marks.note_ports(&day.sources.used());
    let finder = Finder::new(&day.marks);

    // What is still at work for the last answer ends.
    std::thread::sleep(SETTLED);
    let mut early = Evidence::default();
    early.look_at_memory(&finder, machine.server.process());
    machine.look_at_files(&mut early, &finder);

    let begun = Instant::now();
    let wait = Duration::from_secs(
        std::env::var("BAUTA_SEIZURE_WAIT")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
            .max(MINUTE),
    );
    eventually("another server gets the public post", || {
        let heard = String::from_utf8_lossy(&machine.peer.heard()).into_owned();
        heard.contains(&day.control).then_some(())
    });
    std::thread::sleep(wait.saturating_sub(begun.elapsed()));

    let mut late = Evidence::default();
    let (sealed, opened) = machine.back_up();
    late.look(&finder, Place::Backup, "the backup's file", &sealed);
    let mut stranger = day.client(&machine.server);
    for path in &day.paths {
        late.look(&finder, Place::Strangers, path, &wire(&stranger.get(path)));
    }
    // Others go on reading meanwhile.
    for _ in 0..100 {
        assert_eq!(stranger.get("/@reader").status, 200);
    }
    late.look(&finder, Place::Peer, "all requests", &machine.peer.heard());
    late.look_at_memory(&finder, machine.server.process());
    machine.look_at_files(&mut late, &finder);
    let folders = [machine.server.data().to_owned(), machine.elsewhere.clone()];
    let core = cores::abort(&mut machine.server, &folders);
    for (name, bytes) in &core.found {
        late.look(&finder, Place::Core, name, bytes);
    }
    machine.look_at_files(&mut late, &finder);
    late.look(
        &finder,
        Place::Output,
        "all that the server wrote",
        machine.server.said().as_bytes(),
    );
    let mut said = Evidence::default();
    said.look(
        &finder,
        Place::Output,
        "a start that failed",
        failing_start(&named).as_bytes(),
    );
    let mut inside = Evidence::default();
    inside.look(&finder, Place::Backup, "the backup, opened", &opened);
    let cells = machine.cells();
    if let Some(image) = machine.image.take() {
        late.look(&finder, Place::Image, "the image", &image.unmounted());
    }
    let shapes = detect::shapes(&cells, &day.acts, &machine.peer.host);
    let found = |evidence: &Evidence, place: Place| was_found(&day.marks, evidence, place, &day.control);
    let (table, log) = if machine.postgres.is_none() {
        (Place::Database, None)
    } else {
        (Place::PostgresHeap, logged.as_ref())
    };
    let mut controls = vec![
        (
            "the public post, in the server's memory at once".to_owned(),
            found(&early, Place::Memory),
        ),
        (
            "the public post, in the server's memory later".to_owned(),
            found(&late, Place::Memory),
        ),
        (
            format!("the public post, in {}", table.words()),
            found(&late, table),
        ),
        (
            "the public post, on a stranger's pages".to_owned(),
            found(&late, Place::Strangers),
        ),
        (
            "the public post, at another server".to_owned(),
            found(&late, Place::Peer),
        ),
        (
            "the public post, in the backup once it is opened with its key".to_owned(),
            found(&inside, Place::Backup),
        ),
        (
            "the name of a missing file, in the output".to_owned(),
            was_found(&day.marks, &said, Place::Output, &named),
        ),
        core.control,
    ];
    if let Some(mistake) = log {
        controls.push((
            "a mistake, in PostgreSQL's log".to_owned(),
            was_found(&day.marks, &late, Place::PostgresLog, mistake),
        ));
        controls.push((
            "the public post, in PostgreSQL's write-ahead log".to_owned(),
            found(&late, Place::PostgresWriteAhead),
        ));
    }
    if backend == "SQLite" && image::wanted() {
        controls.push((
            "the public post, in the raw image of the file system".to_owned(),
            found(&late, Place::Image),
        ));
    }
    let mut verdict = report::judge(&day.marks, &early.found, true, machine.postgres.is_some());
    let after = report::judge(&day.marks, &late.found, false, machine.postgres.is_some());
    verdict.violations.extend(after.violations);
    verdict.limits.extend(after.limits);
    let told = Told {
        backend,
        marks: &day.marks,
        forms: finder.count,
        early: &early,
        late: &late,
        verdict: &verdict,
        controls: &controls,
        shapes: shapes.len(),
        values: cells.len(),
        waited: wait.as_secs(),
        not_checked: &not_checked(core.not_checked),
    };
    let file = keep(backend, &report::write(&told));
    let void: Vec<&str> = controls
        .iter()
        .filter(|(_, held)| !held)
        .map(|(control, _)| control.as_str())
        .collect();
    assert!(
        void.is_empty(),
        "the run proves nothing, these were not found: {void:#?} (report: {})",
        file.display()
    );
    assert!(
        verdict.violations.is_empty(),
        "found: {:#?} (report: {})",
        verdict.violations,
        file.display()
    );
    assert!(
        shapes.is_empty(),
        "shapes: {shapes:#?} (report: {})",
        file.display()
    );
}

impl Machine {
    /// Every value of the database, once the server has ended.
    fn cells(&self) -> Vec<Cell> {
        match &self.postgres {
            Some((postgres, name)) => detect::cells_of_postgres(postgres, name),
            None if self.server.data().join("bauta.sqlite").exists() => {
                detect::cells_of_sqlite(&self.server.data().join("bauta.sqlite"))
            }
            None => Vec::new(),
        }
    }
}

fn not_checked(core: Option<String>) -> Vec<String> {
    let mut not = vec![
    "processor registers, the kernel's own buffers, and memory that the kernel took back from processes that ended".to_owned(),
    "what a network observer sees, and what a proxy in front would keep".to_owned(),
    "single packed addresses of four bytes in memory, which occur by chance: six of sixteen together are a finding".to_owned(),
  ];
    if !image::wanted() {
        not.push("the raw image of the file system: the nightly run looks at it".to_owned());
    }
    not.extend(core);
    not
}

fn wire(response: &Response) -> Vec<u8> {
    let mut bytes = format!("{} {:?}\n", response.status, response.headers).into_bytes();
    bytes.extend(&response.body);
    bytes
}

/// What a program writes that is to read a file which isn't there.
fn failing_start(name: &str) -> String {
    let output = Command::new(program())
        .args(["serve", "--config", &format!("/nonexistent/{name}.toml")])
        .output()
        .expect("the program runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Writes the report beside what cargo built.
fn keep(backend: &str, text: &str) -> PathBuf {
    let folder = std::env::current_exe()
        .ok()
        .and_then(|test| test.ancestors().nth(3).map(|target| target.join("seizure")))
        .expect("a test lies below target");
    std::fs::create_dir_all(&folder).expect("target is ours");
    let file = folder.join(format!("{}.md", backend.to_lowercase()));
    std::fs::write(&file, text).expect("target is ours");
    file
}

/// A search that overlooks a form would call everything clean.
#[test]
fn every_form_is_found_wherever_it_lies() {
    let mut day = Day::through(None);
    let words = day
        .marks
        .note(Fate::Never, "words with spaces", "seven words of a passphrase");
    let finder = Finder::new(&day.marks);
    assert!(finder.count > 1000);
    for (number, mark) in day.marks.all.iter().enumerate() {
        for (form, bytes) in encodings::of(mark) {
            let mut around = vec![0; 700];
            around.extend(b"x,");
            around.extend(&bytes);
            around.extend([7; 40]);
            let hits = finder.look(&around);
            assert!(hits.iter().any(|hit| hit.0 == number), "{} {form}", mark.what);
            let squeezed = miniz_oxide::deflate::compress_to_vec_zlib(&around, 6);
            let hits = finder.look(&[&[1, 2, 3], squeezed.as_slice(), &[4; 9]].concat());
            assert!(
                hits.iter().any(|hit| hit.0 == number),
                "{} {form}, compressed",
                mark.what
            );
        }
    }
    assert!(finder.look(b"seven words of another passphrase").is_empty());
    assert!(finder.look(words.replace(' ', "+").as_bytes()).len() == 1);
}

/// The folder of a server and its files are told apart by their names.
#[test]
fn files_are_called_by_what_they_are() {
    for (name, place) in [
        ("bauta.sqlite", Place::Database),
        ("bauta.sqlite-wal", Place::WriteAheadLog),
        ("keys/log.key", Place::Keys),
        ("media/0001", Place::OtherFiles),
    ] {
        assert_eq!(of_data(name), place, "{name}");
    }
    assert_eq!(
        of_postgres("data/pg_wal/000000010000000000000001"),
        Place::PostgresWriteAhead
    );
    assert!(Path::new("data/base/5/1259").starts_with("data"));
}
