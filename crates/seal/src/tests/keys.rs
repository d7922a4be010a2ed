//! The key file: what opens after a turn, what does not, and damage.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::{Error, Keyring, Root, has_keys};

struct Kept {
    folder: tempfile::TempDir,
    root: Root,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::new(FIRST);
        Keyring::make(folder.path(), &root).unwrap();
        Self { folder, root }
    }

    fn ring(&self, number: i32) -> Keyring {
        Keyring::open(self.folder.path(), &self.root, day(number)).unwrap()
    }
}

/// A turn in which `values` are what is still there.
fn turn<'a>(ring: &Keyring, today: i32, values: impl IntoIterator<Item = (i64, &'a [u8])>) -> crate::Turned {
    assert!(ring.begin_turn(day(today)).unwrap());
    let mut survivors = ring.look();
    for (row, bytes) in values {
        survivors.note(&text(row), bytes);
    }
    ring.end_turn(survivors, false).unwrap()
}

#[test]
fn what_is_sealed_opens_in_its_place_alone() {
    let ring = Kept::new().ring(0);
    let sealed = ring.seal(&text(1), b"words");
    assert!(!sealed.windows(5).any(|part| part == b"words"));
    assert_eq!(ring.open_value(&text(1), &sealed).unwrap().unwrap(), b"words");
    for elsewhere in [
        text(2),
        Place::new("posts", "html", 1),
        Place::new("drafts", "text", 1),
    ] {
        assert_eq!(ring.open_value(&elsewhere, &sealed).unwrap(), None);
    }
    assert_ne!(
        ring.seal(&text(1), b"words"),
        sealed,
        "equal words don't look equal"
    );
    assert_eq!(
        ring.open_value(&text(1), &ring.seal(&text(1), b""))
            .unwrap()
            .unwrap(),
        b""
    );
}

#[test]
fn whatever_is_changed_in_a_value_it_does_not_open() {
    let ring = Kept::new().ring(0);
    let sealed = ring.seal(&text(1), b"words");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        if at == 0 {
            // That is a plain value by its first byte: read as it is for as long as some may be there.
            continue;
        }
        assert_eq!(ring.open_value(&text(1), &changed).unwrap(), None, "byte {at}");
        assert_eq!(
            ring.open_value(&text(1), &sealed[..at]).unwrap(),
            None,
            "cut at {at}"
        );
    }
}

#[test]
fn plain_values_open_until_a_turn_has_sealed_them() {
    let kept = Kept::new();
    let ring = kept.ring(0);
    assert!(ring.expects_plain());
    assert_eq!(ring.open_value(&text(1), b"\0old").unwrap().unwrap(), b"old");
    turn(&ring, 1, []);
    assert!(!ring.expects_plain());
    assert_eq!(ring.open_value(&text(1), b"\0put there").unwrap(), None);
    assert_eq!(ring.open_value(&text(1), b"\0").unwrap().unwrap(), b"");
}

#[test]
fn after_a_turn_what_survived_opens_and_nothing_else() {
    let kept = Kept::new();
    let ring = kept.ring(0);
    let values: Vec<Vec<u8>> = (0..500).map(|row| ring.seal(&text(row), b"words")).collect();
    let stays = |row: &usize| !row.is_multiple_of(3);
    let there = || (0..500).filter(stays).map(|row| (row as i64, &values[row][..]));
    let turned = turn(&ring, 1, there());
    assert_eq!((turned.kept, turned.lost), (333, 0));
    // And once more, when all of them have keys of their own.
    let turned = turn(&ring, 2, there().chain([(0, &values[0][..])]));
    assert_eq!((turned.kept, turned.lost), (333, 1));
    for ring in [ring, kept.ring(2), kept.ring(5)] {
        for (row, sealed) in values.iter().enumerate() {
            let opened = ring.open_value(&text(row as i64), sealed).unwrap();
            assert_eq!(opened.is_some(), stays(&row), "value {row}");
        }
    }
}

#[test]
fn days_without_a_turn_are_made_up_for() {
    let kept = Kept::new();
    let mut values = Vec::new();
    for today in 0..5 {
        // A server that is stopped again before its turn was through.
        let ring = kept.ring(today);
        ring.begin_turn(day(today)).unwrap();
        values.push(ring.seal(&text(i64::from(today)), b"words"));
    }
    let ring = kept.ring(7);
    let all = |ring: &Keyring| {
        for (row, sealed) in values.iter().enumerate() {
            assert!(ring.open_value(&text(row as i64), sealed).unwrap().is_some());
        }
    };
    all(&ring);
    turn(
        &ring,
        7,
        values
            .iter()
            .enumerate()
            .map(|(row, value)| (row as i64, &value[..])),
    );
    all(&ring);
    assert_eq!(ring.day(), day(7));
    all(&kept.ring(6));
}

#[test]
fn a_clock_that_goes_back_loses_nothing() {
    let kept = Kept::new();
    let ring = kept.ring(3);
    let later = ring.seal(&text(1), b"later");
    let turned = turn(&ring, 3, [(1, &later[..])]);
    assert_eq!(turned.day, day(3));
    let ring = kept.ring(1);
    assert!(!ring.begin_turn(day(1)).unwrap());
    let earlier = ring.seal(&text(2), b"earlier");
    for (row, sealed) in [(1, later), (2, earlier)] {
        assert!(kept.ring(9).open_value(&text(row), &sealed).unwrap().is_some());
    }
}

#[test]
fn wrong_and_damaged_keys_are_told_apart() {
    let kept = Kept::new();
    let ring = kept.ring(0);
    let value = ring.seal(&text(1), b"words");
    turn(&ring, 2, [(1, &value[..])]);
    let (folder, path) = (kept.folder.path(), kept.folder.path().join("keys"));
    let open = |root: &Root| Keyring::open(folder, root, day(2)).map(|_| ());
    assert!(matches!(open(&Root::new(FIRST)), Err(Error::WrongRoot)));
    assert!(matches!(
        open(&kept.root.on(day(3)).unwrap()),
        Err(Error::RootIsNewer { .. })
    ));
    assert!(matches!(
        Keyring::make(folder, &kept.root),
        Err(Error::KeysAreThere)
    ));
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        std::fs::write(&path, &whole[..at]).unwrap();
        assert!(open(&kept.root).is_err(), "cut at {at}");
        let mut changed = whole.clone();
        changed[at] ^= 0x40;
        std::fs::write(&path, &changed).unwrap();
        assert!(open(&kept.root).is_err(), "changed at {at}");
    }
    std::fs::write(&path, &whole).unwrap();
    open(&kept.root).unwrap();
}

#[test]
fn a_folder_without_keys_is_no_sealed_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!has_keys(folder.path()));
    let opened = Keyring::open(folder.path(), &Root::new(FIRST), FIRST);
    assert!(matches!(opened, Err(Error::File(_))));
}
