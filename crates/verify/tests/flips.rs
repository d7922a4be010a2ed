//! What holds is found to hold, and no bit of it can change unseen: each kind of file has its exit status.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod house;

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use bauta_legal::record::{Entry, Step};
use bauta_verify::{Asked, Failure};
use house::{House, build, entries};
use proptest::prelude::*;

/// Enough epochs for two full tiles and a partial one.
const EPOCHS: u64 = 140;

static HOUSE: LazyLock<House> = LazyLock::new(|| build(&entries(), EPOCHS));

#[test]
fn a_log_with_its_report_holds() {
    let verified = HOUSE
        .check_with(&Asked {
            policy: Some(HOUSE.policy.clone()),
            receipts: vec![HOUSE.receipt.clone(), HOUSE.promise.clone()],
            previous: vec![HOUSE.earlier.clone()],
        })
        .unwrap();
    assert_eq!(
        (verified.leaves, verified.demands, verified.replayed),
        (4 * EPOCHS, 2, 1)
    );
    assert_eq!(verified.opened, entries().len() as u64);
    assert_eq!((verified.documents, verified.receipts), (1, 1));
    assert_eq!((verified.promises, verified.promises_open), (1, 0));
    assert_eq!(verified.witnesses, ["w"]);
    // The reader's own, the receipt's, and one of each day.
    assert!(verified.earlier > 2, "{}", verified.earlier);
    assert!(verified.files > 10);
    assert!(!verified.own_policy);
    assert!(HOUSE.check_with(&Asked::default()).unwrap().own_policy);
}

#[test]
fn an_empty_log_holds_too() {
    let house = build(&[], 1);
    assert_eq!(house.check().unwrap().demands, 0);
}

/// What the check says of a folder whose file at `path` has one bit changed.
fn flipped(house: &House, path: &str, bit: usize) -> u8 {
    let mut bytes = fs::read(house.path(path)).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    let status = Memory { house, path, bytes }.check();
    match status {
        Ok(()) => 0,
        Err(failure) => failure.status(),
    }
}

/// The folder with one file changed, without touching the disk.
struct Memory<'a> {
    house: &'a House,
    path: &'a str,
    bytes: Vec<u8>,
}

impl Memory<'_> {
    fn check(&self) -> Result<(), Failure> {
        let folder = bauta_verify::Folder::new(self.house.folder.path());
        let asked = Asked {
            policy: Some(self.house.policy.clone()),
            ..Asked::default()
        };
        let mut read = |path: &str| {
            if path == self.path {
                return Ok(Some(self.bytes.clone()));
            }
            folder.read(path)
        };
        bauta_verify::verify(&mut read, &asked, &mut |_, _| ()).map(|_| ())
    }
}

/// Which statuses a changed bit of a file may have.
fn expected(path: &str) -> Option<&'static [u8]> {
    // The log's own policy is not read when the reader brings one; a partial tile of an older tree belongs to nothing.
    if path == "log/policy" || is_old_partial(path) {
        return None;
    }
    Some(match path {
        // A line whose key's name or id changed is of an unknown key: then the log has not signed, or the witness not.
        "log/checkpoint" => &[1, 6],
        _ if path.starts_with("log/checkpoints/") => &[1],
        _ if path.starts_with("log/tile/") => &[2],
        _ if path.starts_with("log/openings/") => &[3],
        _ if path.starts_with("report/documents/") => &[3],
        _ => &[4],
    })
}

fn is_old_partial(path: &str) -> bool {
    let Some(id) = path
        .strip_prefix("log/")
        .and_then(bauta_ledger::tile::TileId::parse)
    else {
        return false;
    };
    bauta_ledger::tile::TileId::all(4 * EPOCHS).all(|current| current != id)
}

#[test]
fn the_first_and_the_last_bit_of_every_file_show() {
    let mut kinds = std::collections::BTreeSet::new();
    for path in HOUSE.files() {
        let Some(statuses) = expected(&path) else { continue };
        let length = fs::metadata(HOUSE.path(&path)).unwrap().len() as usize;
        for bit in [0, length * 8 - 1] {
            // The checkpoint of the last day is signed text as well; its witness lines are not asked for.
            let status = flipped(&HOUSE, &path, bit);
            let is_unread_line = path.starts_with("log/checkpoints/") && status == 0;
            assert!(
                statuses.contains(&status) || (is_unread_line && bit > 0),
                "{path} bit {bit}: {status}"
            );
        }
        kinds.insert(statuses);
    }
    assert_eq!(kinds.len(), 5, "every kind of file was there");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bit_changes_unseen(file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let files: Vec<String> = HOUSE
            .files()
            .into_iter()
            .filter(|path| expected(path).is_some() && !path.starts_with("log/checkpoints/"))
            .collect();
        let path = file.get(&files);
        let length = fs::metadata(HOUSE.path(path)).unwrap().len() as usize;
        let bit = at.index(length * 8);
        let status = flipped(&HOUSE, path, bit);
        let statuses = expected(path).unwrap();
        prop_assert!(statuses.contains(&status), "{path} bit {bit}: {status}");
    }

    #[test]
    fn no_bit_of_what_is_signed_changes_unseen(at in any::<prop::sample::Index>()) {
        let text = fs::read_to_string(HOUSE.path("log/checkpoint")).unwrap();
        let signed = text.find("\n\n").unwrap() + 1;
        prop_assert_eq!(flipped(&HOUSE, "log/checkpoint", at.index(signed * 8)), 1);
    }

    #[test]
    fn no_bit_of_a_promise_changes_unseen(at in any::<prop::sample::Index>()) {
        let mut promise = HOUSE.promise.clone();
        let bit = at.index(promise.len() * 8);
        promise[bit / 8] ^= 1 << (bit % 8);
        prop_assert!([1, 3].contains(&brought(&HOUSE, &promise)));
    }

    #[test]
    fn no_bit_of_a_receipt_changes_unseen(at in any::<prop::sample::Index>()) {
        let mut receipt = HOUSE.receipt.clone();
        // Cosignatures are not asked of a receipt by this check; its text, its proof and the log's signature are.
        let end = String::from_utf8(receipt.clone()).unwrap().find("\u{2014} witness").unwrap_or(receipt.len());
        let bit = at.index(end * 8);
        receipt[bit / 8] ^= 1 << (bit % 8);
        let checked = HOUSE.check_with(&Asked {
            policy: Some(HOUSE.policy.clone()),
            receipts: vec![receipt],
            previous: Vec::new(),
        });
        prop_assert!(checked.is_err_and(|failure| [1, 2, 3].contains(&failure.status())));
    }
}

/// The status of a check that brings this receipt or promise along.
fn brought(house: &House, file: &[u8]) -> u8 {
    let checked = house.check_with(&Asked {
        policy: Some(house.policy.clone()),
        receipts: vec![file.to_vec()],
        previous: Vec::new(),
    });
    checked.map_or_else(|failure| failure.status(), |_| 0)
}

#[test]
fn a_promise_that_was_not_kept_is_found_once_its_time_is_over() {
    assert_eq!(brought(&HOUSE, &HOUSE.promise), 0);
    assert_eq!(brought(&HOUSE, &HOUSE.broken), 3);
    let young = build(&entries(), 8);
    let asked = Asked {
        policy: Some(young.policy.clone()),
        receipts: vec![young.broken.clone()],
        previous: Vec::new(),
    };
    let verified = young.check_with(&asked).unwrap();
    assert_eq!((verified.promises, verified.promises_open), (0, 1));
    // Another log's promise, with that log's key.
    let text = String::from_utf8(HOUSE.promise.clone()).unwrap();
    let other = text.replace("log.example", "log.invalid");
    assert_eq!(brought(&HOUSE, other.as_bytes()), 1);
    assert_eq!(brought(&HOUSE, b"bauta.ledger/promise/v1\n"), 3);
    assert_eq!(brought(&HOUSE, b"no receipt"), 3);
}

/// Puts another story in the place of the first.
fn with_steps(change: impl FnOnce(&mut Vec<Step>)) -> Vec<Entry> {
    let (mut steps, mut others) = (Vec::new(), Vec::new());
    for entry in entries() {
        match entry {
            Entry::Step(step) => steps.push(*step),
            other => others.push(other),
        }
    }
    change(&mut steps);
    steps.into_iter().map(Entry::from).chain(others).collect()
}

#[test]
fn what_can_not_have_happened_in_that_order_is_illegal() {
    let told = with_steps(|steps| {
        let (first, second) = (steps[1].event.fact.clone(), steps[2].event.fact.clone());
        steps[1].event.fact = second;
        steps[2].event.fact = first;
    });
    let failure = build(&told, 8).check().unwrap_err();
    assert_eq!(failure.status(), 5, "{failure}");
}

#[test]
fn a_line_of_the_report_that_the_steps_do_not_come_to_is_found() {
    let mut told = entries();
    for entry in &mut told {
        if let Entry::Tally(tally) = entry
            && tally.demand == house::id(1)
        {
            tally.withdrawn = false;
        }
    }
    let failure = build(&told, 8).check().unwrap_err();
    assert_eq!(failure.status(), 4, "{failure}");
}

#[test]
fn a_step_that_was_left_out_is_found() {
    let told = with_steps(|steps| {
        steps.remove(5);
    });
    assert_eq!(build(&told, 8).check().unwrap_err().status(), 4);
}

#[test]
fn a_report_with_a_file_missing_and_a_document_that_is_gone_are_found() {
    let house = build(&entries(), 8);
    fs::remove_file(house.path("report/data/demands.csv")).unwrap();
    assert_eq!(house.check().unwrap_err().status(), 4);
    let house = build(&entries(), 8);
    fs::remove_dir_all(house.path("report/documents")).unwrap();
    assert_eq!(house.check().unwrap_err().status(), 3);
}

#[test]
fn too_few_witnesses_are_a_status_of_their_own() {
    let house = build(&entries(), 8);
    let text = fs::read_to_string(house.path("log/checkpoint")).unwrap();
    let without: String = text
        .split_inclusive('\n')
        .filter(|line| !line.contains("witness"))
        .collect();
    house.put("log/checkpoint", without.as_bytes());
    assert_eq!(house.check().unwrap_err().status(), 6);
}

#[test]
fn a_log_that_was_begun_anew_is_inconsistent_and_both_checkpoints_are_told() {
    let (old, new) = (build(&entries(), 8), build(&entries(), 9));
    let failure = new
        .check_with(&Asked {
            policy: Some(new.policy.clone()),
            receipts: Vec::new(),
            previous: vec![old.earlier.clone()],
        })
        .unwrap_err();
    assert_eq!(failure.status(), 2);
    let told = failure.to_string();
    assert_eq!(told.matches("log.example\n").count(), 2, "{told}");
}

#[test]
fn the_small_program_says_the_same() {
    let house = build(&entries(), 8);
    let policy = house.path("policy-from-elsewhere");
    fs::write(&policy, &house.policy).unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_bauta-verify"))
            .args(arguments)
            .output()
            .unwrap()
    };
    let folder = house.folder.path().to_str().unwrap();
    let good = run(&[folder, "--policy", policy.to_str().unwrap()]);
    assert_eq!(good.status.code(), Some(0));
    let told = String::from_utf8(good.stdout).unwrap();
    assert!(told.ends_with("everything holds\n"), "{told}");
    assert!(told.contains("report: 2 demands"), "{told}");
    let log_alone = run(&[house.path("log").to_str().unwrap()]);
    assert!(
        String::from_utf8(log_alone.stdout)
            .unwrap()
            .contains("report: none lies here")
    );
    house.put("report/report.json", b"{}");
    assert_eq!(run(&[folder]).status.code(), Some(4));
    for wrong in [
        &[][..],
        &["--policy"],
        &[folder, "--policy", "no-such-file"],
        &[folder, folder],
        &["no-such-folder"],
    ] {
        assert_eq!(run(wrong).status.code(), Some(64), "{wrong:?}");
    }
}
