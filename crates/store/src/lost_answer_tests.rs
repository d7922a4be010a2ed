//! A commit whose answer is lost is looked up, and answered as it went; or as unknown, where the server stays away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use bauta_inventory::Inventory;
use bauta_model::{AccountId, Clock, NotificationId};
use bauta_tests::eventually;
use bauta_tests::postgres::{Postgres, fresh_database, shared};
use tokio::runtime::{Builder, Runtime};

use crate::store::{Options, Where};
use crate::testing::account;
use crate::{Conn, Error, Store, accounts};

fn open(url: &str) -> Arc<Store> {
    let options = Options {
        database: Where::Postgres(url.to_owned()),
        clock: Clock::system(),
        readers: 1,
        keyring: None,
    };
    Arc::new(Store::open(&options, Inventory::builtin()).unwrap())
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Makes the account `id`, from a thread of its own.
fn write(store: &Arc<Store>, id: i64) -> JoinHandle<Result<(), Error>> {
    let store = Arc::clone(store);
    std::thread::spawn(move || {
        runtime().block_on(store.write("account", move |conn| accounts::insert(conn, &account(id))))
    })
}

fn is_there(store: &Store, id: i64) -> bool {
    let found = runtime().block_on(store.read("look", move |conn| accounts::by_id(conn, AccountId::new(id))));
    found.unwrap().is_some()
}

/// Writes until a commit is held: what it wrote, who waits for it, and the server's process.
fn waits(
    postgres: &Postgres,
    write: impl Fn(i64) -> JoinHandle<Result<(), Error>>,
) -> (i64, JoinHandle<Result<(), Error>>, String) {
    let mut id = 1;
    let mut waiting = write(id);
    let process = eventually("a commit waits", || {
        if waiting.is_finished() {
            id += 1;
            let done = std::mem::replace(&mut waiting, write(id));
            done.join().unwrap().expect("nothing stood in its way");
        }
        postgres.held_commit()
    });
    (id, waiting, process)
}

#[test]
fn one_that_happened_is_answered_as_written() {
    let postgres = Postgres::own();
    let store = open(&postgres.fresh_database());
    postgres.hold_commits();
    let (id, waiting, process) = waits(&postgres, |id| write(&store, id));
    postgres.sql(
        "postgres",
        &format!("SELECT pg_terminate_backend({process}, 10000)"),
    );
    postgres.let_commits_go();
    waiting.join().unwrap().expect("it was committed");
    assert!(is_there(&store, id));
}

#[test]
fn one_that_did_not_happen_is_not_answered_as_written() {
    let postgres = Postgres::own();
    let url = postgres.fresh_database();
    let store = open(&url);
    let (_, name) = url.rsplit_once('/').unwrap();
    // What is deferred runs when the commit was sent.
    postgres.sql(
        name,
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW WHEN (NEW.id = 1) EXECUTE FUNCTION fail()",
    );
    let refused = write(&store, 1).join().unwrap();
    assert!(matches!(refused, Err(Error::Away)), "{refused:?}");
    assert!(!is_there(&store, 1));
    eventually("it writes again", || write(&store, 2).join().unwrap().ok());
    assert!(is_there(&store, 2));
}

#[test]
fn while_the_server_stays_away_nobody_waits_without_end_and_memory_hears_the_truth_later() {
    let postgres = Postgres::own();
    let store = open(&postgres.fresh_database());
    let (remembered, heard) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let hearing = Arc::clone(&heard);
    store.on_told(move |_| hearing.store(true, Ordering::SeqCst));
    postgres.hold_commits();
    let (id, waiting, _) = waits(&postgres, |id| {
        let (store, remembered) = (Arc::clone(&store), Arc::clone(&remembered));
        remembered.store(false, Ordering::SeqCst);
        std::thread::spawn(move || {
            let made = move |conn: &mut Conn| {
                accounts::insert(conn, &account(id))?;
                conn.note_told(AccountId::new(id), NotificationId::new(1));
                Ok(())
            };
            runtime().block_on(store.write_then("account", made, move |()| {
                remembered.store(true, Ordering::SeqCst);
            }))
        })
    });
    heard.store(false, Ordering::SeqCst);
    postgres.crash();
    let unsure = waiting.join().unwrap();
    assert!(matches!(unsure, Err(Error::Unsure)), "{unsure:?}");
    assert!(!remembered.load(Ordering::SeqCst) && !heard.load(Ordering::SeqCst));
    let refused = write(&store, 1000).join().unwrap();
    assert!(matches!(refused, Err(Error::Away)), "{refused:?}");
    postgres.start_again();
    postgres.let_commits_go();
    eventually("memory hears of it", || {
        (remembered.load(Ordering::SeqCst) && heard.load(Ordering::SeqCst)).then_some(())
    });
    eventually("a reader is back", || runtime().block_on(store.answers()).ok());
    assert!(is_there(&store, id));
    assert!(!is_there(&store, 1000));
    eventually("it writes again", || write(&store, 1001).join().unwrap().ok());
}

#[test]
fn a_reader_whose_connection_ended_while_it_idled_connects_again() {
    let url = fresh_database();
    let store = open(&url);
    let (_, name) = url.rsplit_once('/').unwrap();
    for _ in 0..3 {
        runtime().block_on(store.answers()).unwrap();
        shared().sql(
            "postgres",
            &format!(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
            ),
        );
        runtime().block_on(store.answers()).expect("it connects again");
    }
}
