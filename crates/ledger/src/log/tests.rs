//! Tests of a log in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::cosignature::cosign;
use crate::key::{Algorithm, SigningKey, VerifierKey};
use crate::leaf::{Commitment, Opening, Salt};
use crate::merkle::consistency_holds;
use crate::note::Note;
use crate::policy::Policy;
use crate::promise::Promise;
use crate::proof::TlogProof;

const ORIGIN: &str = "log.example";

fn ring() -> KeyRing {
    let seed = Zeroizing::new([1; 32]);
    KeyRing::of(SigningKey::from_seed(ORIGIN, Algorithm::Ed25519, seed).expect("a seed"))
}

fn open(folder: &Path) -> Log {
    let mut log = Log::open(folder, ring()).expect("a log");
    log.compare(false, &[]).expect("nobody to ask");
    log
}

fn opening(payload: &str) -> Opening {
    Opening {
        index: 0,
        salt: Salt::random().expect("randomness"),
        payload: payload.to_owned(),
    }
}

fn commitment(opening: &Opening) -> Commitment {
    Commitment::to(&opening.salt, opening.payload.as_bytes())
}

#[test]
fn an_epoch_is_appended_and_missed_ones_are_filled() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = open(folder.path());
    assert_eq!((log.size(), log.next_epoch()), (0, None));
    assert!(log.checkpoint().is_none());
    let (a, b) = (opening("a"), opening("b"));
    log.append(100, &[]).expect("appended");
    let placed = log
        .append(103, &[commitment(&a), commitment(&b)])
        .expect("appended");
    assert_eq!((log.size(), log.next_epoch()), (16, Some(104)));
    for (placed, opening) in placed.iter().zip([&a, &b]) {
        assert!((12..16).contains(&placed.index));
        assert!(opening.opens(&log.leaf(placed.index).expect("a leaf")));
    }
    let epochs: Vec<u64> = log
        .leaves(0, 16)
        .expect("leaves")
        .iter()
        .map(|leaf| leaf.epoch)
        .collect();
    assert_eq!(
        epochs,
        [
            100, 100, 100, 100, 101, 101, 101, 101, 102, 102, 102, 102, 103, 103, 103, 103
        ]
    );
    assert!(matches!(log.append(103, &[]), Err(LogError::OldEpoch(103))));
    assert!(matches!(
        log.append(104, &[commitment(&a); 5]),
        Err(LogError::TooMany(5))
    ));
    assert!(matches!(log.leaf(16), Err(LogError::NoLeaf(16))));
}

#[test]
fn a_log_that_is_opened_again_goes_on_consistently_over_the_edges_of_tiles() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut old: Vec<(u64, Hash)> = Vec::new();
    let mut epoch = 1000;
    for grown in [0, 61, 1, 1, 1, 63, 200, 700] {
        let mut log = open(folder.path());
        epoch += grown;
        log.append(epoch, &[commitment(&opening("x"))]).expect("appended");
        epoch += 1;
        let log = Log::open(folder.path(), ring()).expect("its own files");
        for (size, root) in &old {
            let proof = log.consistency(*size).expect("tiles");
            assert!(
                consistency_holds(*size, *root, log.size(), log.root(), &proof),
                "{size}"
            );
        }
        old.push((log.size(), log.root()));
        // The tiles are those of the specification, plus older partial ones of the last two.
        for id in TileId::all(log.size()) {
            assert!(folder.path().join(id.to_string()).is_file(), "{id}");
        }
    }
    assert!(
        !folder.path().join("tile/entries/000.p").exists(),
        "old partial tiles are tidied up"
    );
    assert!(
        folder.path().join("checkpoints/41").is_file(),
        "the last checkpoint of the first day is kept"
    );
}

#[test]
fn nothing_is_signed_before_the_witnesses_were_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path()).append(5, &[]).expect("appended");
    let mut log = Log::open(folder.path(), ring()).expect("a log");
    assert!(matches!(log.append(6, &[]), Err(LogError::NotCompared)));
    assert!(matches!(log.compare(true, &[]), Err(LogError::NotCompared)));
    assert!(matches!(
        log.compare(true, &[Seen::Agrees, Seen::Size(8)]),
        Err(LogError::Behind { theirs: 8, ours: 4 })
    ));
    assert!(matches!(log.append(6, &[]), Err(LogError::NotCompared)));
    assert!(matches!(
        log.compare(true, &[Seen::OtherRoot]),
        Err(LogError::Forked(4))
    ));
    assert!(matches!(log.append(6, &[]), Err(LogError::NotCompared)));
    assert_eq!(log.compare(false, &[]).expect("nobody"), Compared::CannotKnow);
    assert_eq!(
        log.compare(true, &[Seen::Size(0), Seen::Agrees])
            .expect("none ahead"),
        Compared::With(2)
    );
    assert!(log.append(6, &[]).is_ok());
}

#[test]
fn receipts_promises_openings_and_cosignatures_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = open(folder.path());
    let mut entry = opening("{\"a\":1}");
    let promise = log.promise(commitment(&entry), 70, 70, 5).expect("a promise");
    let keys = log.keys().ever().to_vec();
    let promise = Promise::open(promise.to_text().as_bytes(), &keys).expect("signed");
    assert_eq!((promise.by_epoch, promise.after_size), (118, 0));
    // How many wait is not told, unless they are many; a promise that is given again names no later hour.
    let by_epoch = |now, waiting| {
        let note = log
            .promise(commitment(&entry), 70, now, waiting)
            .expect("a promise");
        Promise::open(note.to_text().as_bytes(), &keys)
            .expect("signed")
            .by_epoch
    };
    assert_eq!((by_epoch(70, 0), by_epoch(90, 100)), (118, 118));
    assert_eq!((by_epoch(70, 200), by_epoch(118, 0)), (166, 166));
    entry.index = log.append(70, &[commitment(&entry)]).expect("appended")[0].index;
    let seed = Zeroizing::new([2; 32]);
    let witness = SigningKey::from_seed("w.example", Algorithm::CosignatureV1, seed).expect("a seed");
    let policy = format!("witness w {}\nquorum w\n", witness.public());
    let policy = Policy::parse(policy.as_bytes()).expect("a policy");
    log.publish_policy(&policy).expect("written");
    let newest = log.checkpoint().expect("signed").clone();
    let good = cosign(&newest.note, &witness, 9);
    let mut bad = good.clone();
    bad.bytes[11] ^= 1;
    assert_eq!(log.add_cosignatures(&policy, &[bad]).expect("ignored"), 0);
    assert_eq!(log.add_cosignatures(&policy, &[good]).expect("added"), 1);
    let receipt = log.receipt(&entry).expect("in the log").to_text();
    let receipt = TlogProof::parse(receipt.as_bytes()).expect("our own");
    assert!(receipt.opening().expect("an opening").1);
    let published = fs::read(folder.path().join("policy")).expect("a policy");
    let published = Policy::parse(&published).expect("a policy");
    assert!(published.judge(&receipt.checkpoint).expect("signed").quorum);
    log.open_entries(std::slice::from_ref(&entry)).expect("opened");
    log.open_entries(std::slice::from_ref(&entry))
        .expect("again changes nothing");
    let text = fs::read_to_string(folder.path().join(opening_path(entry.index))).expect("openings");
    assert_eq!(Opening::parse_all(&text), Ok(vec![entry.clone()]));
    entry.payload.push(' ');
    assert!(log.open_entries(std::slice::from_ref(&entry)).is_err());
    assert!(log.receipt(&entry).is_err());
    assert_eq!(opening_path(1_234_067 * 256), "openings/x001/x234/067");
}

#[test]
fn keys_rotate_and_those_that_know_the_old_one_have_time() {
    let (folder, keys) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let keys = KeyFolder::open(keys.path(), folder.path()).expect("a folder");
    let signers = |epoch| {
        let mut log = Log::open(folder.path(), keys.load(ORIGIN).expect("keys")).expect("a log");
        log.compare(false, &[]).expect("nobody to ask");
        log.append(epoch, &[]).expect("appended");
        let signed = log.checkpoint().expect("signed").clone();
        let by: Vec<VerifierKey> = signed
            .signed_by(log.keys().ever())
            .expect("signed")
            .into_iter()
            .cloned()
            .collect();
        by
    };
    let first = signers(1);
    let second = keys.rotate(ORIGIN, false).expect("rotated");
    assert_eq!(signers(2), [second.clone(), first[0].clone()]);
    let third = keys.rotate(ORIGIN, true).expect("rotated");
    assert_eq!(signers(3), std::slice::from_ref(&third));
    assert_eq!(
        keys.load(ORIGIN).expect("keys").ever(),
        [first[0].clone(), second, third]
    );
    assert!(matches!(keys.load("other.example"), Err(LogError::Damaged(_))));
}

/// Every file of the folder, by its path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            files.extend(self::files(&entry.path()));
        } else {
            files.insert(entry.path(), fs::read(entry.path()).expect("a file"));
        }
    }
    files
}

/// Whatever was or could have been signed: each size must have one root.
fn note_signable(folder: &Path, seen: &mut BTreeMap<u64, Hash>) {
    for (path, bytes) in files(folder) {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let checkpoint = match name.as_str() {
            "pending" => Checkpoint::parse(&String::from_utf8(bytes).expect("text")).expect("a checkpoint"),
            "checkpoint" => SignedCheckpoint::parse(&bytes).expect("signed").checkpoint,
            _ => continue,
        };
        let root = *seen.entry(checkpoint.size).or_insert(checkpoint.root);
        assert_eq!(root, checkpoint.root, "two trees of {} leaves", checkpoint.size);
    }
}

#[test]
fn whatever_step_fails_the_log_opens_again_and_signs_one_tree_for_each_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = BTreeMap::new();
    let mut epoch = 10;
    // Begin short of a full tile, so that the runs pass over its edge.
    open(folder.path()).append(epoch + 55, &[]).expect("appended");
    epoch += 56;
    let mut finished = 0;
    for fail_at in 0..200 {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let step: Step = Arc::new(move |_| {
            if counter.fetch_add(1, Ordering::Relaxed) == fail_at {
                return Err(io::Error::other("the disk ends here"));
            }
            Ok(())
        });
        let mut log = Log::open_with(folder.path(), ring(), step).expect("nothing pending: no step");
        log.compare(false, &[]).expect("nobody to ask");
        let before = log.size();
        let appended = log.append(epoch, &[commitment(&opening("x"))]);
        assert!(
            appended.is_ok() || log.append(epoch + 1, &[]).is_err(),
            "a broken log goes on"
        );
        note_signable(folder.path(), &mut seen);
        let again = Log::open(folder.path(), ring()).expect("a crash damages nothing");
        note_signable(folder.path(), &mut seen);
        assert!(again.size() == before || again.size() == before + 4, "{fail_at}");
        assert!(appended.is_err() || again.size() == before + 4);
        epoch = again.next_epoch().expect("begun");
        finished += usize::from(appended.is_ok());
        if finished == 3 {
            return;
        }
    }
    panic!("an append has more steps than were tried");
}

#[test]
fn every_file_is_synced_before_the_text_that_is_signed_and_that_before_the_checkpoint() {
    let folder = tempfile::tempdir().expect("a folder");
    let steps = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&steps);
    let step: Step = Arc::new(move |at: &str| {
        sink.lock().expect("one thread").push(at.to_owned());
        Ok(())
    });
    let mut log = Log::open_with(folder.path(), ring(), step).expect("a log");
    log.compare(false, &[]).expect("nobody to ask");
    log.append(70, &[]).expect("appended");
    log.append(200, &[]).expect("appended");
    let steps = steps.lock().expect("one thread").clone();
    let place = |from: usize, wanted: &str| {
        let at = steps[from..].iter().position(|step| step == wanted);
        from + at.unwrap_or_else(|| panic!("no {wanted} in {steps:?}"))
    };
    let mut begin = 0;
    for _ in 0..2 {
        let pending = place(begin, "write pending");
        let tiles = steps[begin..pending]
            .iter()
            .filter(|step| step.starts_with("write tile/"));
        for tile in tiles {
            let path = tile.trim_start_matches("write ");
            let written = place(begin, tile);
            let synced = place(written, &format!("sync {path}"));
            let renamed = place(synced, &format!("rename {path}"));
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let sync = steps[renamed..pending].iter().any(|step| {
                let last = step.strip_prefix("sync the folder of ");
                last.is_some_and(|last| last.rsplit_once('/').map_or("", |(folder, _)| folder) == folder)
            });
            assert!(sync, "the folder of {path}");
        }
        let safe = place(pending, "sync the folder of pending");
        let signed = place(pending, "write checkpoint");
        assert!(safe < signed);
        begin = place(signed, "remove pending") + 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_changed_bit_of_any_tile_bundle_or_checkpoint_is_seen_at_the_next_start(at in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let folder = tempfile::tempdir().expect("a folder");
        open(folder.path()).append(70, &[]).expect("appended");
        let mut log = open(folder.path());
        log.append(140, &[]).expect("appended");
        let wanted: Vec<PathBuf> = TileId::all(log.size())
            .map(|id| folder.path().join(id.to_string()))
            .chain([folder.path().join("checkpoint")])
            .collect();
        let path = &wanted[at.index(wanted.len())];
        let mut bytes = fs::read(path).expect("a file");
        let byte = byte.index(bytes.len());
        bytes[byte] ^= 1 << bit;
        fs::write(path, bytes).expect("a file");
        prop_assert!(Log::open(folder.path(), ring()).is_err(), "{:?}", path);
    }
}

#[test]
fn a_log_whose_key_is_another_or_whose_tiles_are_gone_does_not_open() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path()).append(70, &[]).expect("appended");
    let other = SigningKey::generate(ORIGIN, Algorithm::Ed25519).expect("randomness");
    assert!(matches!(
        Log::open(folder.path(), KeyRing::of(other)),
        Err(LogError::Damaged(_))
    ));
    fs::remove_dir_all(folder.path().join("tile/0")).expect("there");
    assert!(matches!(
        Log::open(folder.path(), ring()),
        Err(LogError::Damaged(_))
    ));
    let mut note = Note::new("x\n").expect("a text");
    note.sign(&SigningKey::generate("x", Algorithm::Ed25519).expect("randomness"));
    fs::write(folder.path().join("checkpoint"), note.to_text()).expect("a file");
    assert!(matches!(
        Log::open(folder.path(), ring()),
        Err(LogError::Damaged(_))
    ));
}

#[test]
fn a_copy_that_is_taken_while_the_log_grows_is_whole() {
    let [folder, keys, copied] = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
    let keys = KeyFolder::open(keys.path(), folder.path()).expect("a folder");
    let ring = || keys.load(ORIGIN).expect("keys");
    let mut log = Log::open(folder.path(), ring()).expect("a log");
    log.compare(false, &[]).expect("nobody to ask");
    log.append(1, &[]).expect("begun");
    log.append(150, &[]).expect("some tiles");
    let mut grown = false;
    copy::copy(folder.path(), |path, bytes| {
        if !std::mem::replace(&mut grown, true) {
            // So far that partial tiles which the checkpoint read above needs are tidied away.
            log.append(400, &[])?;
        }
        copy::bring_back(copied.path(), path, bytes)
    })
    .expect("copied");
    assert_eq!(
        copy::newest(copied.path()).expect("a checkpoint"),
        Some((ORIGIN.to_owned(), 1600))
    );
    let mut other = Log::open(copied.path(), ring()).expect("it is whole");
    assert_eq!((other.size(), other.root()), (log.size(), log.root()));
    other.compare(false, &[]).expect("nobody to ask");
    other.append(401, &[]).expect("it goes on");
}

#[test]
fn only_files_of_a_log_are_brought_back() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [
        "",
        "../x",
        "tile/../../x",
        "/x",
        "tile//0",
        "tile/.hidden",
        "checkpoint.part",
        "Tile",
        "a b",
    ] {
        let refused = copy::bring_back(folder.path(), path, b"x");
        assert!(matches!(refused, Err(LogError::Damaged(_))), "{path}");
    }
    for path in [
        "checkpoint",
        "checkpoints/17500",
        "tile/0/x001/234.p/7",
        "openings/000",
        "policy",
    ] {
        copy::bring_back(folder.path(), path, b"x").expect(path);
        assert_eq!(fs::read(folder.path().join(path)).expect("written"), b"x");
    }
}

#[test]
fn no_key_is_made_for_a_log_that_has_begun() {
    let [folder, keys, others] = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
    let keys = KeyFolder::open(keys.path(), folder.path()).expect("a folder");
    let mut log = Log::open(folder.path(), keys.load(ORIGIN).expect("made")).expect("a log");
    log.compare(false, &[]).expect("nobody to ask");
    log.append(1, &[]).expect("begun");
    let without = KeyFolder::open(others.path(), folder.path()).expect("a folder");
    assert!(matches!(without.load(ORIGIN), Err(LogError::KeyMissing)));
    assert!(matches!(without.rotate(ORIGIN, false), Err(LogError::KeyMissing)));
    assert_eq!(without.origin().expect("readable"), None);
    assert_eq!(without.log_name().expect("readable").as_deref(), Some(ORIGIN));
}
