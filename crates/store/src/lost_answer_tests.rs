//! A commit whose answer is lost is looked up, and answered as it went.

use std::sync::Arc;
use std::thread::JoinHandle;

use bauta_inventory::Inventory;
use bauta_model::{AccountId, Clock};
use bauta_tests::eventually;
use bauta_tests::postgres::Postgres;
use tokio::runtime::{Builder, Runtime};

use crate::store::{Options, Where};
use crate::testing::account;
use crate::{Error, Store, accounts};

fn open(url: &str) -> Arc<Store> {
    let options = Options {
        database: Where::Postgres(url.to_owned()),
        clock: Clock::system(),
        readers: 1,
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
    let mut found = Err(Error::Away);
    // A reader that lost its connection as well says so once.
    while matches!(found, Err(Error::Away)) {
        found = runtime().block_on(store.read("look", move |conn| accounts::by_id(conn, AccountId::new(id))));
    }
    found.unwrap().is_some()
}

/// The process that waits for a standby which is not there: it has written its commit.
const WAITING: &str = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

#[test]
fn one_that_happened_is_answered_as_written() {
    let postgres = Postgres::own();
    let store = open(&postgres.fresh_database());
    let standby = |name: &str| {
        let set = format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        postgres.sql("postgres", &set);
        postgres.sql("postgres", "SELECT pg_reload_conf()");
    };
    standby("nobody");
    // A reload takes its time: what was committed before it doesn't wait, so another one follows.
    let mut id = 1;
    let mut waiting = write(&store, id);
    let process = eventually("a commit waits", || {
        if waiting.is_finished() {
            id += 1;
            let done = std::mem::replace(&mut waiting, write(&store, id));
            done.join().unwrap().expect("nothing stood in its way");
        }
        Some(postgres.sql("postgres", WAITING)).filter(|found| !found.is_empty())
    });
    postgres.sql(
        "postgres",
        &format!("SELECT pg_terminate_backend({process}, 10000)"),
    );
    standby("");
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
