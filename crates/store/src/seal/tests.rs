//! A database whose values are sealed: walked, turned, sealed afterwards, and refused with keys that do not fit.

use std::path::Path;

use bauta_inventory::Inventory;
use bauta_model::{AccountId, Clock, PostId, Visibility};
use bauta_seal::{Error as KeyError, Root};
use bauta_tests::postgres::fresh_database;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::*;
use crate::testing::{NOW, account, post};
use crate::{Conn, Error, Options, Store, Where, accounts, posts};

/// A server's data, its keys, and the root as their holder has it.
struct House {
    folder: TempDir,
    database: Where,
    clock: Clock,
    root: Root,
    runtime: Runtime,
}

impl House {
    fn on(database: impl Fn(&Path) -> Where) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        clock.set(NOW);
        Self {
            database: database(folder.path()),
            root: Root::new(NOW.day()),
            folder,
            clock,
            runtime: Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    fn seal(&self) {
        Keyring::make(&self.folder.path().join("seal"), &self.root).unwrap();
    }

    fn keyring(&self) -> Option<Arc<Keyring>> {
        let folder = self.folder.path().join("seal");
        let open = || Keyring::open(&folder, &self.root, self.clock.today());
        bauta_seal::has_keys(&folder).then(|| Arc::new(open().unwrap()))
    }

    fn open_with(&self, keyring: Option<Arc<Keyring>>) -> Result<Store> {
        let options = Options {
            database: self.database.clone(),
            clock: self.clock.clone(),
            readers: 2,
            keyring,
        };
        Store::open(&options, Inventory::builtin())
    }

    fn open(&self) -> Store {
        self.open_with(self.keyring()).unwrap()
    }

    fn days_pass(&self, days: i32) {
        self.clock.set(self.clock.today().plus(days).start());
    }

    fn turn(&self, store: &Store) -> Turned {
        self.runtime
            .block_on(store.turn_keys())
            .unwrap()
            .expect("a turn is due")
    }

    fn write<T: Send + 'static>(
        &self,
        store: &Store,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> T {
        self.runtime.block_on(store.write("test", work)).unwrap()
    }

    fn texts(&self, store: &Store) -> Vec<Result<Option<String>>> {
        let one = |id: i64| move |conn: &mut Conn| posts::by_id(conn, PostId::new(id));
        let read = |id| self.runtime.block_on(store.read("test", one(id)));
        (1..=3).map(|id| Ok(read(id)?.map(|post| post.text))).collect()
    }
}

use bauta_seal::Turned;

fn on_both(test: impl Fn(House)) {
    test(House::on(Where::embedded));
    test(House::on(|_| Where::Postgres(fresh_database())));
}

/// Three posts of one account.
fn speak(house: &House, store: &Store) {
    house.write(store, |conn| {
        accounts::insert(conn, &account(1))?;
        (1..=3).try_for_each(|id| posts::insert(conn, &post(id, 1, Visibility::Public), None).map(drop))
    });
}

/// The bytes of `posts.text`, as they lie there.
fn stored(house: &House, store: &Store) -> Vec<(i64, Vec<u8>)> {
    let column = Column::of(&Place::new("posts", "text", 0)).unwrap();
    house
        .runtime
        .block_on(store.read_whole("test", move |conn| {
            let mut found = Vec::new();
            walk::each(conn, column, |value| {
                found.push((value.id, value.bytes));
                Ok(())
            })?;
            Ok::<_, Error>(found)
        }))
        .unwrap()
}

#[test]
fn the_columns_are_those_of_the_inventory() {
    let declared = Inventory::builtin().tables.iter().flat_map(|table| {
        let sealed = table.columns.iter().filter(|column| column.sealed);
        sealed.map(|column| (table.name.clone(), column.name.clone()))
    });
    let mut declared: Vec<_> = declared.collect();
    let mut known: Vec<_> = COLUMNS
        .iter()
        .map(|column| (column.table.to_owned(), column.name.to_owned()))
        .collect();
    declared.sort();
    known.sort();
    assert_eq!(known, declared);
}

#[test]
fn every_column_can_be_walked_and_its_row_is_a_number() {
    on_both(|house| {
        let store = house.open();
        let walked = house.runtime.block_on(store.read_whole("test", |conn| {
            COLUMNS
                .iter()
                .try_for_each(|column| walk::each(conn, column, |_| Ok(())))
        }));
        walked.unwrap();
    });
}

#[test]
#[should_panic(expected = "posts.visibility is not in COLUMNS")]
fn nothing_is_sealed_where_no_turn_would_look() {
    Sealer::default().seal(Place::new("posts", "visibility", 1), b"words");
}

#[test]
fn what_is_sealed_lies_there_sealed_and_is_read_after_any_number_of_days() {
    on_both(|house| {
        house.seal();
        let store = house.open();
        house.turn(&store);
        speak(&house, &store);
        for (row, bytes) in stored(&house, &store) {
            assert_eq!(state(&bytes), State::Sealed, "post {row}");
        }
        for days in [1, 1, 40] {
            house.days_pass(days);
            assert_eq!(house.turn(&store).lost, 0);
            for (number, text) in house.texts(&store).into_iter().enumerate() {
                assert_eq!(text.unwrap().unwrap(), format!("text {}", number + 1));
            }
        }
        drop(store);
        let again = house.open();
        assert_eq!(
            house.texts(&again)[0].as_ref().unwrap().as_deref(),
            Some("text 1")
        );
        assert_eq!(house.runtime.block_on(again.turn_keys()).unwrap(), None);
    });
}

#[test]
fn what_was_deleted_opens_in_no_older_copy_with_all_keys_that_there_are() {
    on_both(|house| {
        house.seal();
        let store = house.open();
        house.turn(&store);
        speak(&house, &store);
        let older = stored(&house, &store);
        house.days_pass(1);
        house.turn(&store);
        house.write(&store, |conn| {
            let gone = posts::by_id(conn, PostId::new(2))?.unwrap();
            crate::post_changes::delete(conn, &gone).map(drop)
        });
        // Until the turn an older copy can be opened with the keys that are there: that is what pages say.
        let opens = |keyring: &Keyring, at: usize| {
            let (row, bytes) = &older[at];
            keyring
                .open_value(&Place::new("posts", "text", *row), bytes)
                .unwrap()
                .is_some()
        };
        assert!(opens(&house.keyring().unwrap(), 1));
        house.days_pass(1);
        house.turn(&store);
        let keyring = house.keyring().unwrap();
        assert_eq!([0, 1, 2].map(|at| opens(&keyring, at)), [true, false, true]);
    });
}

/// A picture of account 1, whose bytes lie under a key.
fn picture(id: i64) -> crate::media::Medium {
    crate::media::Medium {
        id: bauta_model::MediaId::new(id),
        account: AccountId::new(1),
        kind: crate::media::Kind::Avatar,
        mime: "image/png".into(),
        width: 4,
        height: 3,
        place: crate::media::Place {
            segment: 1,
            offset: id * 100,
            length: 100,
        },
        key: Some(crate::media::FileKey::random()),
    }
}

#[test]
fn the_key_of_a_deleted_picture_is_in_no_copy_and_after_a_restore_its_row_goes() {
    on_both(|house| {
        house.seal();
        let store = house.open();
        house.turn(&store);
        speak(&house, &store);
        let (one, two) = (picture(1), picture(2));
        let (first, both) = (one.clone(), [one, two]);
        house.write(&store, move |conn| {
            both.iter()
                .try_for_each(|medium| crate::media::insert(conn, medium))
        });
        let column = Column::of(&Place::new("media", "file_key", 0)).unwrap();
        let read = move |conn: &mut Conn| {
            let mut found = Vec::new();
            walk::each(conn, column, |value| {
                found.push((value.id, value.bytes));
                Ok(())
            })?;
            found.sort();
            Ok::<_, Error>(found)
        };
        let older = house.runtime.block_on(store.read_whole("test", read)).unwrap();
        assert!(older.iter().all(|(_, bytes)| state(bytes) == State::Sealed));
        house.write(&store, |conn| {
            crate::media::delete(conn, bauta_model::MediaId::new(2)).map(drop)
        });
        house.days_pass(1);
        house.turn(&store);
        let keyring = house.keyring().unwrap();
        let opens = |at: usize| {
            let (row, bytes) = &older[at];
            keyring.open_value(&column.place(*row), bytes).unwrap()
        };
        assert_eq!(
            opens(0).as_deref(),
            first.key.as_ref().map(|key| &key.bytes()[..])
        );
        assert_eq!(opens(1), None);

        // A backup brings its row back, with a key that nothing opens.
        let sealed = older[1].1.clone();
        house.write(&store, move |conn| {
            crate::media::insert(conn, &picture(2))?;
            let mut lying = Vec::new();
            walk::each(conn, column, |value| {
                lying.push(value);
                Ok(())
            })?;
            let new = lying
                .iter()
                .find(|value| value.id == 2)
                .map(|value| value.bytes.clone());
            walk::replace(conn, column, 2, &new.unwrap_or_default(), &sealed)
        });
        assert_eq!(house.runtime.block_on(store.let_go_of_lost()).unwrap(), 1);
        let left = house.write(&store, |conn| {
            let by_id = |conn: &mut Conn, id| crate::media::by_id(conn, bauta_model::MediaId::new(id));
            Ok((by_id(conn, 1)?, by_id(conn, 2)?))
        });
        assert_eq!(left, (Some(first.clone()), None));
    });
}

#[test]
fn what_was_there_before_is_sealed_and_what_was_appended_stays() {
    on_both(|house| {
        let store = house.open();
        speak(&house, &store);
        let fact = |conn: &mut Conn| conn.seal(Place::new("desk_events", "fact", 7), "a fact");
        let plain = house.write(&store, move |conn| Ok(fact(conn)));
        drop(store);
        house.seal();
        let store = house.open();
        // All of it can be read before it is sealed, and after.
        assert_eq!(
            house.texts(&store)[2].as_ref().unwrap().as_deref(),
            Some("text 3")
        );
        house.turn(&store);
        assert_eq!(
            house.texts(&store)[2].as_ref().unwrap().as_deref(),
            Some("text 3")
        );
        for (row, bytes) in stored(&house, &store) {
            assert_eq!(state(&bytes), State::Sealed, "post {row}");
        }
        assert!(!house.keyring().unwrap().expects_plain());
        // Somebody who can write in the file puts words into a mouth.
        house.write(&store, |conn| {
            conn.batch("UPDATE posts SET text = html WHERE id = 1")
        });
        assert!(house.texts(&store)[0].is_err());
        let read = house.write(&store, move |conn| {
            conn.open(Place::new("desk_events", "fact", 7), &plain)
        });
        assert_eq!(read, "a fact");
    });
}

#[test]
fn a_start_without_keys_or_with_older_ones_is_refused() {
    on_both(|house| {
        house.seal();
        let keys = house.folder.path().join("seal/keys");
        let store = house.open();
        house.turn(&store);
        let before = std::fs::read(&keys).unwrap();
        speak(&house, &store);
        house.days_pass(1);
        house.turn(&store);
        drop(store);
        assert!(matches!(house.open_with(None), Err(Error::NoKeys)));
        let newest = std::fs::read(&keys).unwrap();
        std::fs::write(&keys, before).unwrap();
        let older = house.open_with(house.keyring());
        assert!(matches!(older, Err(Error::Keys(KeyError::KeysAreOlder { .. }))));
        std::fs::write(&keys, newest).unwrap();
        assert!(house.texts(&house.open()).iter().all(Result::is_ok));
    });
}

#[test]
fn after_a_restore_what_has_no_key_is_let_go() {
    on_both(|house| {
        house.seal();
        let store = house.open();
        speak(&house, &store);
        house.turn(&store);
        // Rows of a backup whose keys died since, and one that was cut.
        house.write(&store, |conn| {
            let strange = [1; 80];
            let column = Column::of(&Place::new("posts", "text", 0)).unwrap();
            let before = posts::by_id(conn, PostId::new(1))?.map(|post| post.text);
            assert_eq!(before.as_deref(), Some("text 1"));
            let mut lying = Vec::new();
            walk::each(conn, column, |value| {
                lying.push(value);
                Ok(())
            })?;
            walk::replace(conn, column, lying[0].id, &lying[0].bytes, &strange)?;
            walk::replace(conn, column, lying[1].id, &lying[1].bytes, &lying[1].bytes[..30])
        });
        assert_eq!(house.runtime.block_on(store.let_go_of_lost()).unwrap(), 2);
        let texts = house.texts(&store);
        assert_eq!(
            texts
                .iter()
                .filter(|text| matches!(text, Ok(Some(text)) if text.is_empty()))
                .count(),
            2
        );
        assert!(texts.iter().all(Result::is_ok));
        assert_eq!(house.runtime.block_on(store.let_go_of_lost()).unwrap(), 0);
    });
}

#[test]
fn people_go_on_writing_while_the_keys_turn() {
    on_both(|house| {
        house.seal();
        let store = Arc::new(house.open());
        house.turn(&store);
        house.write(&store, |conn| accounts::insert(conn, &account(1)));
        house.days_pass(1);
        let writing = {
            let store = Arc::clone(&store);
            house.runtime.spawn(async move {
                for id in 1..=300 {
                    let work =
                        move |conn: &mut Conn| posts::insert(conn, &post(id, 1, Visibility::Public), None);
                    store.write("test", work).await.unwrap();
                }
            })
        };
        house.turn(&store);
        house.runtime.block_on(writing).unwrap();
        house.days_pass(1);
        assert_eq!(house.turn(&store).lost, 0);
        let all = stored(&house, &store);
        let keyring = house.keyring().unwrap();
        let opens = |(row, bytes): &(i64, Vec<u8>)| {
            keyring
                .open_value(&Place::new("posts", "text", *row), bytes)
                .unwrap()
                .is_some()
        };
        assert!(all.len() == 300 && all.iter().all(opens));
    });
}

#[test]
fn an_account_is_sealed_too() {
    on_both(|house| {
        house.seal();
        let store = house.open();
        house.turn(&store);
        let mut spoken = account(1);
        spoken.bio = "who I am".to_owned();
        house.write(&store, move |conn| accounts::insert(conn, &spoken));
        let found = house.write(&store, |conn| accounts::by_id(conn, AccountId::new(1)));
        assert_eq!(found.unwrap().bio, "who I am");
    });
}
