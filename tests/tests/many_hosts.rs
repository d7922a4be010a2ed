//! A post goes to many hosts, half of which are dead: refused, or taking what is sent and never answering. The living do not wait
//! for them.

mod person;

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bauta_inventory::Inventory;
use bauta_model::{Account, AccountId, Clock, Day, Handle};
use bauta_store::{Error, Options, Store, Where, accounts, bulk, remote};
use bauta_tests::bounds::{hosts, open_files};
use bauta_tests::eventually;
use person::{Person, server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const WORDS: &str = "told to everybody who lives";

/// Hosts that were told.
type Told = Arc<Mutex<HashSet<String>>>;

/// The address of loopback with this number, of a kind of hosts.
fn address(kind: u8, number: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, kind, (number / 250) as u8, (number % 250 + 1) as u8)
}

/// Hosts that answer, each at an address of its own.
fn living(count: usize, told: &Told) -> Vec<String> {
    let listeners: Vec<TcpListener> = (0..count)
        .map(|number| TcpListener::bind((address(10, number), 0)).expect("loopback has room"))
        .collect();
    let hosts = listeners
        .iter()
        .map(|one| one.local_addr().expect("it is bound").to_string())
        .collect();
    let told = Arc::clone(told);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        runtime.block_on(async {
            for listener in listeners {
                listener.set_nonblocking(true).expect("it can be");
                let host = listener.local_addr().expect("it is bound").to_string();
                let listener = tokio::net::TcpListener::from_std(listener).expect("it is a listener");
                let told = Arc::clone(&told);
                tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        tokio::spawn(answer(stream, host.clone(), Arc::clone(&told)));
                    }
                });
            }
            std::future::pending::<()>().await;
        });
    });
    hosts
}

async fn answer(mut stream: tokio::net::TcpStream, host: String, told: Told) {
    let mut all = Vec::new();
    let mut part = [0; 8 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut part).await {
        all.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&all);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        if body.len() < length.unwrap_or(0) {
            continue;
        }
        if body.contains(WORDS) {
            told.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(host.clone());
        }
        all.clear();
        let said = stream
            .write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            .await;
        if said.is_err() {
            return;
        }
    }
}

/// Makes somebody on each of `hosts` follow `followed`.
fn follow_from(data: &Path, followed: &str, hosts: Vec<String>) {
    let options = Options {
        database: Where::embedded(data),
        clock: Clock::system(),
        readers: 1,
        keyring: None,
    };
    let store = Store::open(&options, Inventory::builtin()).expect("the store opens");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    let followed = Handle::parse(followed).expect("a handle");
    let written = runtime.block_on(store.write("seed", move |conn| {
        let followed = accounts::by_handle(conn, &followed)?.expect("they are here");
        let mut pairs = Vec::new();
        for host in hosts {
            let handle = Handle::remote("reader", &host).expect("a handle");
            let account = Account::new(AccountId::random(), handle, Clock::system().month());
            accounts::insert(conn, &account)?;
            let uri = format!("http://{host}/reader");
            remote::set(
                conn,
                &remote::RemoteAccount {
                    account: account.id,
                    url: uri.clone(),
                    inbox: format!("{uri}/inbox"),
                    shared_inbox: format!("http://{host}/inbox"),
                    followers_uri: String::new(),
                    featured_uri: String::new(),
                    domain: host,
                    fetched: Day::new(1),
                    uri,
                },
            )?;
            pairs.push((account.id, followed.id));
        }
        bulk::follow_all(conn, &pairs)?;
        Ok::<_, Error>(())
    }));
    written.expect("the store writes");
}

#[test]
fn the_dead_do_not_keep_the_living_waiting() {
    let count = hosts(300) as usize;
    let (alive, refusing) = (count / 2, count / 8);
    let silent = count - alive - refusing;
    open_files(2 * count as u64 + 500);
    let told = Told::default();
    let mut all = living(alive, &told);
    let wanted: HashSet<String> = all.iter().cloned().collect();
    // The system takes connections for them, and nobody reads what comes.
    let mute: Vec<TcpListener> = (0..silent)
        .map(|number| TcpListener::bind((address(20, number), 0)).expect("loopback has room"))
        .collect();
    all.extend(
        mute.iter()
            .map(|one| one.local_addr().expect("it is bound").to_string()),
    );
    all.extend((0..refusing).map(|number| format!("{}:9", address(30, number))));
    let mut here = server().start();
    here.done(&["account", "create", "alice"]);
    let token = here.token("alice", "read write");
    here.stop();
    follow_from(here.data(), "alice", all);
    here.start_again();
    let mut alice = Person {
        client: here.client().with_token(&token),
        acct: "alice".into(),
    };

    alice.say(WORDS, &[]);
    eventually("all who live are told", || {
        (*told.lock().unwrap_or_else(PoisonError::into_inner) == wanted).then_some(())
    });
    // Most of those who are silent are still waited for the first time: each takes twenty seconds.
    let queue = here.done(&["peers", "queue"]);
    let untried = mute.iter().filter(|one| {
        let host = format!("{}: ", one.local_addr().expect("it is bound"));
        let mut lines = queue.lines();
        lines.any(|line| line.starts_with(&host) && line.contains("tried 0 times"))
    });
    assert!(4 * untried.count() > 3 * silent, "{queue}");
}
