//! What the server asks and tells others goes through Tor where its operator wants that, each host on a circuit of its own.

mod peer;
mod person;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use bauta_tests::tor::{FIRST_ANSWER, TorNetwork};
use bauta_tests::{eventually, within};
use peer::Peer;
use person::{Person, server};

/// What each connection to the proxy began with.
type Begun = Arc<Mutex<Vec<Vec<u8>>>>;

/// Stands before Tor's own door and listens to how it is asked.
fn listener_at_the_door(socks: u16) -> (u16, Begun) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let begun = Begun::default();
    let heard = Arc::clone(&begun);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(tor) = TcpStream::connect(("127.0.0.1", socks)) else {
                return;
            };
            let at = {
                let mut all = heard.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(Vec::new());
                all.len() - 1
            };
            let halves = client
                .try_clone()
                .and_then(|client| Ok((client, tor.try_clone()?)));
            let Ok((client_again, tor_again)) = halves else {
                return;
            };
            let heard = Arc::clone(&heard);
            std::thread::spawn(move || {
                pump(client, tor, |bytes| {
                    heard.lock().unwrap_or_else(PoisonError::into_inner)[at].extend(bytes);
                });
            });
            std::thread::spawn(move || pump(tor_again, client_again, |_| {}));
        }
    });
    (port, begun)
}

fn pump(mut from: TcpStream, mut to: TcpStream, heard: impl Fn(&[u8])) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        heard(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// The user name and the host of a connection (RFC 1928, RFC 1929).
fn asked(begun: &[u8]) -> Option<(String, String)> {
    let user_length = usize::from(*begun.get(4)?);
    let user = begun.get(5..5 + user_length)?;
    let password_length = usize::from(*begun.get(5 + user_length)?);
    let ask = begun.get(6 + user_length + password_length..)?;
    let host = ask.get(5..5 + usize::from(*ask.get(4)?))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(user), text(host)))
}

#[test]
fn looking_up_and_telling_go_through_tor_and_no_two_hosts_share_a_circuit() {
    let folder = tempfile::tempdir().expect("there is room");
    let doors = ["one", "two"].map(|_| TcpListener::bind("127.0.0.1:0").expect("loopback has a free port"));
    let ports = [0, 1].map(|at: usize| doors[at].local_addr().expect("it is bound").port());
    let second = folder.path().join("second");
    let service = format!(
        "HiddenServiceDir DIRECTORY\nHiddenServicePort 80 127.0.0.1:{}\nHiddenServiceDir {}\nHiddenServicePort 80 127.0.0.1:{}\n",
        ports[0],
        second.display(),
        ports[1]
    );
    let tor = TorNetwork::start(folder.path(), &service);
    let other = eventually("the second service has a name", || {
        let name = std::fs::read_to_string(second.join("hostname")).ok()?;
        Some(name.trim().to_owned()).filter(|name| name.ends_with(".onion"))
    });
    let hosts = [tor.host().to_owned(), other];
    let [first_door, second_door] = doors;
    let peers = [
        Peer::start_as("mallory", first_door, hosts[0].clone()),
        Peer::start_as("mallory", second_door, hosts[1].clone()),
    ];
    let (door, begun) = listener_at_the_door(tor.socks_port());
    let config = folder.path().join("bauta.toml");
    let text = format!("[peers]\nproxy = 'socks5://127.0.0.1:{door}'\n");
    std::fs::write(&config, text).expect("there is room");
    let here = server()
        .argument("--config")
        .argument(&config.display().to_string())
        .start();
    let mut alice = Person::join(&here, "alice");
    for (peer, host) in peers.iter().zip(&hosts) {
        // The network needs a while until it knows its services.
        let id = within(FIRST_ANSWER, "an actor behind an onion is found", || {
            let path = format!("/api/v2/search?type=accounts&resolve=true&q=mallory@{host}");
            let found = alice.get(&path)["accounts"][0]["id"].clone();
            found.as_str().map(str::to_owned)
        });
        alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]);
        eventually("the follow arrives", || {
            let heard = String::from_utf8_lossy(&peer.heard()).into_owned();
            (heard.contains("POST /mallory/inbox") && heard.contains("\"Follow\"")).then_some(())
        });
    }
    let mut users: HashMap<String, Vec<String>> = HashMap::new();
    for (user, host) in begun
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .filter_map(|one| asked(one))
    {
        users.entry(host).or_default().push(user);
    }
    let of = |host: &String| {
        let mut users = users.get(host).cloned().unwrap_or_default();
        users.sort_unstable();
        users.dedup();
        users
    };
    let (one, two) = (of(&hosts[0]), of(&hosts[1]));
    assert_eq!((one.len(), two.len()), (1, 1), "{users:?}");
    assert_ne!(one, two, "two hosts on one circuit");
    assert_eq!(users.len(), 2, "nobody else is asked: {users:?}");
}
