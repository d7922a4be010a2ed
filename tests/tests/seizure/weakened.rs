//! Each protection is needed: a program that was built with switches for it fails the test by name when one is off.
//!
//! The same program with no switch off passes, so that it is the switch; and the usual program has no switch at all.

use std::path::PathBuf;
use std::time::Duration;

use bauta_tests::http::Request;
use bauta_tests::server::{Bauta, program};

use super::marks::Fate;
use super::places::{Evidence, Place};
use super::search::Finder;
use super::{MINUTE, Machine, SETTLED, detect, report};

/// As crates/memory/src/weaken.rs calls them.
const SWITCHES: [&str; 6] = [
    "weaken-allocator",
    "weaken-header-allow-list",
    "weaken-re-encoding",
    "weaken-sealing",
    "weaken-time-slots",
    "weaken-wal-truncation",
];
const VARIABLE: &str = "BAUTA_WEAKEN";

/// The program with switches, which cargo built beside the usual one.
fn weakened() -> PathBuf {
    let file = program().with_file_name("bauta-weakened");
    assert!(
        file.is_file(),
        "it was not built: cargo build -p bauta --features weaken --bin bauta-weakened"
    );
    file
}

/// A day with a protection off, and what the test says of it then.
fn day_without(switch: &str, wait: u64) -> (Vec<String>, Machine, Vec<u64>) {
    let program = weakened();
    let machine = Machine::start(None, Some((&program, VARIABLE, switch)));
    let mut day = super::Day::through(None);
    day.live(&machine.server, &machine.peer);
    day.marks.note_ports(&day.sources.used());
    let finder = Finder::new(&day.marks);
    std::thread::sleep(SETTLED.max(Duration::from_secs(wait)));
    let mut evidence = Evidence::default();
    evidence.look_at_memory(&finder, machine.server.process());
    machine.look_at_files(&mut evidence, &finder);
    evidence.look(
        &finder,
        Place::Output,
        "all that the server wrote",
        machine.server.said().as_bytes(),
    );
    assert!(day.marks.all.iter().any(|mark| mark.fate == Fate::Public));
    let verdict = report::judge(&day.marks, &evidence.found, wait == 0, false);
    (verdict.violations, machine, day.acts)
}

fn names(violations: &[String], what: &str, place: Place) -> bool {
    violations
        .iter()
        .any(|violation| violation.starts_with(what) && violation.contains(place.words()))
}

#[test]
fn with_every_switch_on_nothing_is_found() {
    let (violations, mut machine, acts) = day_without("", 0);
    assert!(violations.is_empty(), "{violations:#?}");
    machine.server.stop();
    let shapes = detect::shapes(&machine.cells(), &acts, &machine.peer.host);
    assert!(shapes.is_empty(), "{shapes:#?}");
}

/// Marks of a day that memory which is not wiped holds at least; a wiping one holds none.
const MANY: usize = 4;

#[test]
fn without_the_wiping_allocator_memory_tells() {
    let (violations, machine, _) = day_without("weaken-allocator", 0);
    // Which of them is overwritten by something newer is chance: some of many are always there.
    let found = violations
        .iter()
        .filter(|violation| violation.contains(Place::Memory.words()));
    assert!(found.count() >= MANY, "{violations:#?}");
    let said = machine.server.said();
    assert!(
        said.contains("unguarded freed-memory"),
        "the start sees it: {said}"
    );
}

#[test]
fn without_the_list_of_headers_a_careless_log_tells() {
    let (violations, ..) = day_without("weaken-header-allow-list", 0);
    for what in [
        "the user agent",
        "the languages",
        "the page before",
        "the address in X-Forwarded-For",
    ] {
        assert!(names(&violations, what, Place::Output), "{what}: {violations:#?}");
    }
}

#[test]
fn without_re_encoding_pictures_tell() {
    let (violations, ..) = day_without("weaken-re-encoding", 0);
    for kind in ["png", "jpeg", "gif"] {
        let what = format!("what a {kind} carries besides its pixels");
        assert!(
            names(&violations, &what, Place::OtherFiles),
            "{what}: {violations:#?}"
        );
    }
}

#[test]
fn without_slots_the_database_tells_the_second() {
    let (_, mut machine, acts) = day_without("weaken-time-slots", 0);
    machine.server.stop();
    let shapes = detect::shapes(&machine.cells(), &acts, &machine.peer.host);
    assert!(
        shapes.iter().any(|shape| shape.contains("a time within a slot")),
        "{shapes:#?}"
    );
}

#[test]
fn without_truncation_the_write_ahead_log_keeps_what_was_deleted() {
    let (violations, ..) = day_without("weaken-wal-truncation", MINUTE);
    assert!(
        names(
            &violations,
            "the edited words of a post that is deleted",
            Place::WriteAheadLog
        ),
        "{violations:#?}"
    );
}

/// Whether private words can be read in the files of a sealed server that was just stopped.
fn words_are_readable(switch: &str) -> bool {
    let mut server = Bauta::setup()
        .without_rate_limits()
        .program(&weakened())
        .environment(VARIABLE, switch)
        .start();
    server.stop();
    let root = server.data().join("root");
    server.done(&["seal", "--root", root.to_str().expect("a path of words")]);
    server.set_environment("BAUTA_ROOT_FILE", root.to_str().expect("a path of words"));
    server.start_again();
    server.done(&["account", "create", "speaker"]);
    let mut client = server.client().with_token(&server.token("speaker", "read write"));
    let words = "sealed or not 60c1be77";
    let form = [("status", words), ("visibility", "direct")];
    assert_eq!(
        client.send(&Request::post("/api/v1/statuses").form(&form)).status,
        200
    );
    server.stop();
    let files = std::fs::read_dir(server.data()).expect("it is there").flatten();
    let mut held = files.filter_map(|file| std::fs::read(file.path()).ok());
    held.any(|bytes| memmem(&bytes, words.as_bytes()))
}

#[test]
fn without_sealing_the_disk_tells() {
    assert!(!words_are_readable(""));
    assert!(words_are_readable("weaken-sealing"));
}

#[test]
fn the_usual_program_has_no_switch() {
    let holds = |file: PathBuf, word: &str| {
        let bytes = std::fs::read(file).expect("it was built");
        memmem(&bytes, word.as_bytes())
    };
    for word in SWITCHES.iter().chain([&VARIABLE]) {
        assert!(holds(weakened(), word), "{word} is looked for by a wrong name");
        assert!(!holds(program(), word), "the usual program has {word}");
    }
}

fn memmem(bytes: &[u8], word: &[u8]) -> bool {
    // Most bytes are not the first one.
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == word[0]) {
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
