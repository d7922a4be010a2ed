//! Letters and papers through the command line: drafts from the facts of a demand, and public copies made of pixels.

use std::path::Path;

use bauta_tests::server::Bauta;
use serde_json::{Value, json};

/// The demand of 2017, as far as letters need it.
fn demand() -> Value {
    json!({
        "instrument": "administrative summons",
        "authority": "19 U.S.C. 1509",
        "issuer": "U.S. Customs and Border Protection, Office of Professional Responsibility",
        "issuer_rank": "special agent in charge",
        "served": {"on": "2017-03-14", "by": "fax"},
        "due": "2017-03-13T11:45:00",
        "non_disclosure": "request",
        "requested": ["all records regarding the account", "phone numbers"],
        "issuer_verified": true,
        "signed": true,
        "targets": ["ALT_USCIS"],
    })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of ours is text")
}

#[test]
fn a_demand_gives_letters_and_a_calendar() {
    let bauta = Bauta::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("demand.json");
    std::fs::write(&file, demand().to_string()).expect("a file");
    bauta.done(&["account", "create", "ALT_USCIS"]);
    let said = bauta.done(&["desk", "intake", text(&file), "--json"]);
    let taken: Value = serde_json::from_str(&said).expect("JSON");
    let id = taken["id"].as_str().expect("an id");

    let letter = |kind: &str| {
        bauta
            .done(&["desk", "letter", id, kind])
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    for kind in [
        "acknowledgement",
        "objection",
        "what-we-hold",
        "notice",
        "memo",
        "first-hour",
    ] {
        assert!(letter(kind).contains(not_advice()), "{kind}");
    }
    assert!(letter("objection").contains("Due 13 March 2017, served 14 March 2017."));
    assert!(letter("what-we-hold").contains("phone numbers Answer: never collected"));
    assert!(letter("notice").contains("On 14 March 2017, U.S. Customs"));
    // Calendars fold their lines after 75 octets.
    let calendar = bauta.done(&["desk", "letter", id, "calendar"]);
    assert!(calendar.contains("DTSTART:20170313T154500Z\r\n"), "{calendar}");

    let changed = folder.path().join("changed.txt");
    std::fs::write(&changed, "# Grounds\n\nIt came late.\n").expect("a file");
    bauta.done(&["desk", "letter", id, "objection", "--keep", text(&changed)]);
    let objection = letter("objection");
    assert!(objection.contains("It came late.") && objection.contains(not_advice()));
    bauta.done(&["desk", "letter", id, "objection", "--drop"]);
    assert!(!letter("objection").contains("It came late."));
    let unread = bauta.cli(&["desk", "letter", id, "objection", "--sent", "by hand"]);
    assert!(
        unread.stderr.contains("nobody could read this"),
        "{}",
        unread.stderr
    );

    let early = bauta.cli(&["desk", "letter", id, "withdrawal"]);
    assert_eq!(early.status.code(), Some(1));
    assert!(early.stderr.contains("was not withdrawn"), "{}", early.stderr);
    let unknown = bauta.cli(&["desk", "letter", id, "poem"]);
    assert!(
        unknown.stderr.contains("there is no such letter"),
        "{}",
        unknown.stderr
    );
}

fn not_advice() -> &'static str {
    "This is not legal advice. Talk to a lawyer before you answer, refuse, delete or tell anyone."
}

#[test]
fn a_paper_becomes_pixels_and_what_is_under_a_box_is_gone() {
    let bauta = Bauta::start();
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = at("demand.json");
    std::fs::write(&file, demand().to_string()).expect("a file");
    let said = bauta.done(&["desk", "intake", text(&file), "--json"]);
    let taken: Value = serde_json::from_str(&said).expect("JSON");
    let id = taken["id"].as_str().expect("an id");
    let paper = at("memo.pdf");
    bauta.done(&[
        "desk",
        "letter",
        id,
        "memo",
        "--format",
        "pdf",
        "--out",
        text(&paper),
    ]);
    let original = std::fs::read(&paper).expect("the letter");
    assert!(holds(&original, b"Confidential") && holds(&original, b"/Font"));

    let public = at("public.pdf");
    bauta.done(&[
        "desk",
        "redact",
        text(&paper),
        "--box",
        "1,0,0,1,0.5",
        "--out",
        text(&public),
    ]);
    let copy = std::fs::read(&public).expect("the copy");
    assert!(copy.starts_with(b"%PDF-") && !holds(&copy, b"Confidential") && !holds(&copy, b"/Font"));

    let pages = at("pages");
    let said = bauta.done(&["desk", "pages", text(&public), "--out", text(&pages)]);
    let drawn: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(drawn["pages"].as_array().map(Vec::len), Some(2));
    assert!(
        std::fs::read(pages.join("page-001.png"))
            .expect("a page")
            .starts_with(b"\x89PNG")
    );

    for (file, boxes, says) in [
        (&file, "1,0,0,1,1", "neither a PDF nor a picture"),
        (&paper, "9,0,0,1,1", "there is no page 9"),
        (&paper, "1,0.5,0,0.6,1", "may not be empty or leave the page"),
    ] {
        let refused = bauta.cli(&[
            "desk",
            "redact",
            text(file),
            "--box",
            boxes,
            "--out",
            text(&at("no.pdf")),
        ]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
        assert!(!at("no.pdf").exists(), "nothing half done");
    }
}

#[test]
fn a_copy_is_proposed_by_one_officer_and_published_by_another() {
    let bauta = Bauta::start();
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for (officer, role) in [("alice", "determine"), ("bob", "produce")] {
        bauta.done(&["account", "create", officer, "--role", role]);
    }
    let file = at("demand.json");
    std::fs::write(&file, demand().to_string()).expect("a file");
    let said = bauta.done(&["desk", "intake", text(&file), "--json"]);
    let taken: Value = serde_json::from_str(&said).expect("JSON");
    let id = taken["id"].as_str().expect("an id");
    let name = taken["public_name"].as_str().expect("a name");
    let paper = at("memo.pdf");
    bauta.done(&[
        "desk",
        "letter",
        id,
        "memo",
        "--format",
        "pdf",
        "--out",
        text(&paper),
    ]);
    let run = |officer: &str, arguments: &[&str]| {
        bauta.cli(&[&["desk", "copy", id], arguments, &["--officer", officer]].concat())
    };
    let add = ["--add", text(&paper), "--title", "The memo"];
    let outside = run("alice", &[&add[..], &["--box", "9,0,0,1,1"]].concat());
    assert!(
        outside.stderr.contains("there is no page 9"),
        "{}",
        outside.stderr
    );
    let added = run("alice", &[&add[..], &["--box", "1,0,0,1,0.5", "--json"]].concat());
    let added: Value = serde_json::from_str(&added.stdout).expect("JSON");
    let copy = added["copy"].as_str().expect("a number");
    let own = run("alice", &["--publish", copy]);
    assert_eq!(own.status.code(), Some(1));
    let early = run("bob", &["--publish", copy]);
    assert!(
        early.stderr.contains("no page about this demand"),
        "{}",
        early.stderr
    );
    let out = at("look.pdf");
    run("bob", &["--get", copy, "--out", text(&out)]);
    let looked = std::fs::read(&out).expect("the copy");
    assert!(looked.starts_with(b"%PDF-") && !holds(&looked, b"Confidential") && !holds(&looked, b"/Font"));

    bauta.done(&["desk", "hold", id, "--nothing", "--reason", "nothing is held"]);
    let court = [
        "desk",
        "case",
        id,
        "file",
        "--court",
        "N.D. Cal.",
        "--docket",
        "3:17-cv-1",
    ];
    bauta.done(
        &[
            &court[..],
            &["--on", "2017-04-06", "--party", "plaintiff=The server"],
        ]
        .concat(),
    );
    bauta.done(&["desk", "publish", id, "--to", "redacted_page"]);
    assert!(
        run("alice", &["--publish", copy])
            .stderr
            .contains("second person")
    );
    let done = run("bob", &["--publish", copy]);
    assert!(done.status.success(), "{}", done.stderr);
    let published = bauta.data().join(format!("record/documents/{name}/0.pdf"));
    assert_eq!(
        std::fs::read(published).expect("the file"),
        looked,
        "the file that was looked at"
    );
    let left = bauta.done(&["desk", "copy", id]);
    assert_eq!(left.trim(), "[]");
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}
