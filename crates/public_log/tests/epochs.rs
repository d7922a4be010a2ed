//! The worker over a real database, real files and a real witness on loopback.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use bauta_inventory::Inventory;
use bauta_ledger::key::Algorithm;
use bauta_ledger::log::{KeyFolder, opening_path};
use bauta_ledger::promise::Promise;
use bauta_ledger::witness::Witness;
use bauta_ledger::{Log, LogError, Opening, Policy, SigningKey, TlogProof};
use bauta_model::{Clock, CoarseTime, LogEntryId};
use bauta_outbound::{Client, Options as ClientOptions};
use bauta_public_log::{Failed, PublicLog, Setup, entry};
use bauta_store::log_entries;
use bauta_store::{Options, Store, Where};

const ORIGIN: &str = "localhost:8080/log";
/// 7 April 2017, 14:00 UTC.
const BEGIN: i64 = 1_491_573_600;

struct House {
    folder: tempfile::TempDir,
    clock: Clock,
    setup: Setup,
}

impl House {
    fn new(policy: &str, client: Option<Client>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(BEGIN));
        let options = Options {
            database: Where::embedded(folder.path()),
            clock: clock.clone(),
            readers: 1,
            keyring: None,
        };
        let store = Store::open(&options, Inventory::builtin()).expect("a database");
        let setup = Setup {
            folder: folder.path().join("log"),
            keys: folder.path().join("keys"),
            origin: ORIGIN.to_owned(),
            policy: Policy::parse(policy.as_bytes()).expect("a policy"),
            store: Arc::new(store),
            clock: clock.clone(),
            client,
        };
        Self { folder, clock, setup }
    }

    fn open(&self) -> Arc<PublicLog> {
        Arc::new(PublicLog::open(self.setup.clone()).expect("a log"))
    }

    fn at_hour(&self, hour: i64) {
        self.clock.set(CoarseTime::from_unix_seconds(BEGIN + hour * 3600));
    }

    async fn queue(&self, about: i64, payload: &str, open: bool) -> LogEntryId {
        let entry = entry(about, self.clock.now(), payload.to_owned(), open).expect("short");
        let id = entry.id;
        let written = self
            .setup
            .store
            .write("test", move |conn| log_entries::insert(conn, &entry));
        written.await.expect("written");
        id
    }

    async fn leaf(&self, id: LogEntryId) -> Option<i64> {
        let read = self
            .setup
            .store
            .read("test", move |conn| log_entries::by_id(conn, id));
        read.await.expect("read").expect("there").leaf
    }
}

/// A witness that watches the log whose first key lies in `keys`, on a port of its own; its line for a policy.
async fn witness(folder: &Path, keys: &Path) -> String {
    let log = KeyFolder::open(keys, &folder.join("log"))
        .and_then(|keys| keys.load(ORIGIN).map_err(std::io::Error::other));
    let log = log.expect("a key").ever()[0].clone();
    let key = SigningKey::generate("w.example", Algorithm::CosignatureV1).expect("randomness");
    let public = key.public().clone();
    let witness = Arc::new(Witness::open(folder, key, vec![log]).expect("a folder"));
    let answer = async |State(witness): State<Arc<Witness>>, body: String| {
        let answer = witness.add_checkpoint(body.as_bytes(), 1_491_573_600);
        (
            StatusCode::from_u16(answer.status()).expect("a status"),
            answer.body(),
        )
    };
    let router = Router::new()
        .route("/add-checkpoint", post(answer))
        .with_state(witness);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("witness w {public} http://127.0.0.1:{port}\nquorum w\n")
}

fn client() -> Client {
    let options = ClientOptions {
        local: true,
        ..ClientOptions::default()
    };
    Client::new(&options).expect("certificates of the system")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_stood_still_for_a_year_catches_up() {
    let house = House::new("quorum none\n", None);
    let log = house.open();
    log.tick().await.expect("the first hour");
    let id = house.queue(7, "{}", false).await;
    house.at_hour(8760);
    log.tick().await.expect("a year later");
    assert_eq!(log.status().await.expect("a status").size, 4 * 8761);
    let leaf = house.leaf(id).await.expect("it has a leaf");
    assert!(leaf >= 4 * 8760, "it lies in the hour that is now: {leaf}");
    drop(log);
    assert_eq!(
        house.open().status().await.expect("the whole tree").size,
        4 * 8761
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_wait_for_their_hour_and_are_opened_when_asked() {
    let house = House::new("quorum none\n", None);
    let log = house.open();
    log.tick().await.expect("the first hour");
    assert_eq!(log.status().await.expect("a status").size, 4);
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(house.queue(7, &format!("{{\"n\":{n}}}"), n == 0).await);
    }
    log.tick().await.expect("nothing is due");
    assert_eq!(house.leaf(ids[0]).await, None);
    assert!(matches!(log.receipt(ids[0]).await, Err(Failed::NotYet)));
    house.at_hour(1);
    log.tick().await.expect("an hour later");
    let status = log.status().await.expect("a status");
    assert_eq!((status.size, status.waiting, status.compared_with), (8, 2, None));
    house.at_hour(5);
    log.tick().await.expect("some hours later");
    assert_eq!(
        log.status().await.expect("a status").size,
        24,
        "missed hours are filled"
    );
    for id in &ids {
        let leaf = house.leaf(*id).await.expect("in the log");
        assert!((4..8).contains(&leaf) || (20..24).contains(&leaf));
        let receipt = log.receipt(*id).await.expect("a receipt");
        assert!(
            TlogProof::parse(receipt.as_bytes())
                .expect("our own")
                .opening()
                .expect("an opening")
                .1
        );
    }
    let leaf = house.leaf(ids[0]).await.expect("in the log").cast_unsigned();
    let path = house.setup.folder.join(opening_path(leaf));
    let opened = Opening::parse_all(&fs::read_to_string(&path).expect("openings")).expect("openings");
    assert_eq!(opened.len(), 1);
    let asked = house
        .setup
        .store
        .write("test", |conn| log_entries::open_all_about(conn, 7));
    asked.await.expect("written");
    log.tick().await.expect("openings");
    let opened = Opening::parse_all(&fs::read_to_string(&path).expect("openings")).expect("openings");
    assert_eq!(opened.len(), 6);
    let (last, id) = (log_entries::Open::Published, ids[5]);
    let read = house
        .setup
        .store
        .read("test", move |conn| log_entries::by_id(conn, id));
    assert_eq!(read.await.expect("read").expect("there").open, last);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_whose_leaf_was_not_written_down_is_found_and_not_appended_again() {
    let house = House::new("quorum none\n", None);
    let log = house.open();
    log.tick().await.expect("the first hour");
    let id = house.queue(7, "{}", false).await;
    let promise = log.promise(id).await.expect("a promise");
    drop(log);
    let keys = KeyFolder::open(&house.setup.keys, &house.setup.folder)
        .expect("a folder")
        .load(ORIGIN)
        .expect("a key");
    let promise = Promise::open(promise.as_bytes(), keys.ever()).expect("signed");
    assert_eq!(promise.after_size, 4);
    // A process that ended between the log's append and the database's commit.
    let mut alone = Log::open(&house.setup.folder, keys).expect("a log");
    alone.compare(false, &[]).expect("nobody to ask");
    let epoch = alone.next_epoch().expect("begun");
    let placed = alone.append(epoch, &[promise.commitment]).expect("appended");
    drop(alone);
    house.at_hour(2);
    let log = house.open();
    log.tick().await.expect("found");
    assert_eq!(house.leaf(id).await, Some(placed[0].index.cast_signed()));
    let status = log.status().await.expect("a status");
    assert_eq!((status.size, status.waiting), (12, 0));
    assert!(placed[0].index / 4 < promise.by_epoch, "the promise is kept");
    drop(log);
    // Without any witness the database still knows that there was more.
    fs::remove_dir_all(&house.setup.folder).expect("there");
    house.at_hour(3);
    let refused = house.open().tick().await;
    assert!(
        matches!(refused, Err(Failed::Log(LogError::Behind { ours: 0, .. }))),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_and_an_old_copy_of_the_log_signs_nothing() {
    let (state, keys) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let policy = witness(state.path(), keys.path()).await;
    let mut house = House::new(&policy, Some(client()));
    house.setup.keys = keys.path().to_owned();
    let log = house.open();
    log.tick().await.expect("the first hour");
    let status = log.status().await.expect("a status");
    assert_eq!(
        (status.size, status.compared_with, status.cosigned),
        (4, Some(1), 1)
    );
    let old = house.folder.path().join("old");
    copy(&house.setup.folder, &old);
    let id = house.queue(1, "{}", false).await;
    house.at_hour(1);
    log.tick().await.expect("an hour later");
    let receipt = log.receipt(id).await.expect("a receipt");
    let receipt = TlogProof::parse(receipt.as_bytes()).expect("our own");
    let published = fs::read(house.setup.folder.join("policy")).expect("a policy");
    let published = Policy::parse(&published).expect("a policy");
    assert!(published.judge(&receipt.checkpoint).expect("signed").quorum);
    drop(log);
    // The machine is restored from yesterday's copy.
    fs::remove_dir_all(&house.setup.folder).expect("there");
    fs::rename(&old, &house.setup.folder).expect("there");
    let before = fs::read(house.setup.folder.join("checkpoint")).expect("a checkpoint");
    house.at_hour(2);
    let log = house.open();
    let refused = log.tick().await;
    assert!(
        matches!(refused, Err(Failed::Log(LogError::Behind { theirs: 8, ours: 4 }))),
        "{refused:?}"
    );
    assert_eq!(
        fs::read(house.setup.folder.join("checkpoint")).expect("a checkpoint"),
        before
    );
    // Nor does one that begins again from nothing with the old key.
    drop(log);
    fs::remove_dir_all(&house.setup.folder).expect("there");
    let refused = house.open().tick().await;
    assert!(matches!(
        refused,
        Err(Failed::Log(LogError::Behind { theirs: 8, ours: 0 }))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_does_not_answer_is_waited_for_before_the_first_signature() {
    let key = SigningKey::generate("w.example", Algorithm::CosignatureV1).expect("randomness");
    // Port 9 of loopback: nobody listens there.
    let policy = format!("witness w {} http://127.0.0.1:9\nquorum w\n", key.public());
    let house = House::new(&policy, Some(client()));
    let refused = house.open().tick().await;
    assert!(
        matches!(refused, Err(Failed::Log(LogError::NotCompared))),
        "{refused:?}"
    );
    assert!(!house.setup.folder.join("checkpoint").exists());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}
