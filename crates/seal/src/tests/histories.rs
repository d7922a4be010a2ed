//! Random histories of writing, deleting, turning and being killed; then everything that is left against all present keys.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::{Keyring, Root};

#[derive(Clone, Debug)]
enum Step {
    Write,
    Delete(prop::sample::Index),
    /// Days pass, and the turn goes this far before the process is killed.
    Turn {
        days: i32,
        reaches: Reached,
    },
    Restart,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Reached {
    Sealing,
    Looking,
    /// The new file lies there under its other name, whole or cut.
    Written {
        cut: bool,
    },
    All,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let reached = prop_oneof![
        Just(Reached::Sealing),
        Just(Reached::Looking),
        any::<bool>().prop_map(|cut| Reached::Written { cut }),
        Just(Reached::All),
        Just(Reached::All),
    ];
    let step = prop_oneof![
        4 => Just(Step::Write),
        2 => any::<prop::sample::Index>().prop_map(Step::Delete),
        2 => (0..3, reached).prop_map(|(days, reaches)| Step::Turn { days, reaches }),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

/// A server's rows, what was ever in them, and a root that is led on as the holder does.
struct World {
    folder: tempfile::TempDir,
    root: Root,
    today: i32,
    ring: Keyring,
    rows: BTreeMap<i64, Vec<u8>>,
    /// Deleted, and when.
    gone: Vec<(i64, Vec<u8>, i32)>,
    last_turn: i32,
    next: i64,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::new(FIRST);
        Keyring::make(folder.path(), &root).unwrap();
        let ring = Keyring::open(folder.path(), &root, FIRST).unwrap();
        Self {
            folder,
            root,
            today: 0,
            ring,
            rows: BTreeMap::new(),
            gone: Vec::new(),
            last_turn: 0,
            next: 0,
        }
    }

    fn go(&mut self, step: &Step) {
        match step {
            Step::Write => {
                let sealed = self.ring.seal(&text(self.next), b"words");
                self.rows.insert(self.next, sealed);
                self.next += 1;
            }
            Step::Delete(which) if !self.rows.is_empty() => {
                let row = *which.get(&self.rows.keys().copied().collect::<Vec<_>>());
                let sealed = self.rows.remove(&row).unwrap();
                self.gone.push((row, sealed, self.today));
            }
            Step::Delete(_) => {}
            Step::Turn { days, reaches } => self.turn(*days, *reaches),
            Step::Restart => self.restart(),
        }
    }

    fn turn(&mut self, days: i32, reaches: Reached) {
        self.today += days;
        if !self.ring.begin_turn(day(self.today)).unwrap() || reaches == Reached::Sealing {
            return;
        }
        let mut survivors = self.ring.look();
        for (row, sealed) in &self.rows {
            survivors.note(&text(*row), sealed);
        }
        match reaches {
            Reached::All => {
                let turned = self.ring.end_turn(survivors, false).unwrap();
                // What was sealed under the new day's key already needs none of its own yet.
                assert!(turned.lost == 0 && turned.kept <= self.rows.len() as u64);
                self.last_turn = self.today;
                self.root = self.root.on(turned.day).unwrap();
            }
            Reached::Written { cut } => self.leave_new_file(survivors, cut),
            Reached::Sealing | Reached::Looking => {}
        }
        if reaches != Reached::All {
            self.restart();
        }
    }

    /// What a kill right before the renaming leaves, or one in the middle of writing.
    fn leave_new_file(&self, survivors: crate::Survivors, cut: bool) {
        let aside = tempfile::tempdir().unwrap();
        std::fs::copy(self.folder.path().join("keys"), aside.path().join("keys")).unwrap();
        let other = Keyring::open(aside.path(), &self.root, day(self.today)).unwrap();
        other.end_turn(survivors, false).unwrap();
        let mut bytes = std::fs::read(aside.path().join("keys")).unwrap();
        if cut {
            bytes.truncate(bytes.len() / 2);
        }
        std::fs::write(self.folder.path().join("keys.new"), bytes).unwrap();
    }

    fn restart(&mut self) {
        self.ring = reopened(self.folder.path(), &self.root, self.today);
        self.all_opens(&self.ring);
    }

    fn all_opens(&self, ring: &Keyring) {
        for (row, sealed) in &self.rows {
            let opened = ring.open_value(&text(*row), sealed).unwrap();
            assert_eq!(opened.as_deref(), Some(&b"words"[..]), "row {row} was lost");
        }
    }

    /// All present keys together: the root as its holder has it, and the key file.
    fn nothing_gone_opens(&self) {
        let ring = reopened(self.folder.path(), &self.root, self.today);
        for (row, sealed, _) in self.gone.iter().filter(|(_, _, when)| *when < self.last_turn) {
            assert_eq!(
                ring.open_value(&text(*row), sealed).unwrap(),
                None,
                "row {row} came back"
            );
        }
    }
}

fn reopened(folder: &Path, root: &Root, today: i32) -> Keyring {
    Keyring::open(folder, root, day(today)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_there_always_opens_and_what_is_gone_never_after_a_turn(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.go(step);
        }
        world.all_opens(&world.ring);
        world.nothing_gone_opens();
        world.turn(1, Reached::All);
        world.nothing_gone_opens();
        world.restart();
    }
}
