//! The inbox: activities that come, beside a handler that does the least that one could.

use std::path::Path;

use bauta_model::{Clock, Handle};
use bauta_store::remote::{self, RemoteKey};
use serde_json::json;

use super::{Figure, Goal};
use crate::load;
use crate::process::{HOST, Process};
use crate::seed::{Seed, TEXT};
use crate::signed::Key;

/// Authors elsewhere, each on a server of its own, whom people here follow.
const AUTHORS: usize = 50;
/// People here who follow each.
const READERS: usize = 20;
/// Posts that come before it counts, and posts that count.
const WARM: usize = 2000;
const POSTS: usize = 12_000;
/// Connections: no more activities are looked at, at a time.
const CONNECTIONS: usize = 32;

/// Posts of followed authors that come to the inbox a second, each verified, cleaned, durable and in timelines ÷ what a bare
/// axum handler takes that parses the same bodies, verifies the same signatures and forgets them.
pub fn run() -> Vec<Figure> {
    let authors: Vec<Author> = (0..AUTHORS).map(Author::new).collect();
    let requests = signed(&authors);
    let dir = tempfile::tempdir().expect("a temporary directory");
    seed(dir.path(), &authors);
    let bare = Process::bare_inbox();
    for author in &authors {
        let body = format!("{}#main-key\n{}", author.uri, author.key.pem());
        let request = format!(
            "POST /key HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        load::once(&bare.address, request.as_bytes());
    }
    let yardstick = taken(&bare, &requests);
    bare.stop();
    let server = Process::bauta_with_peers(dir.path());
    let ours = taken(&server, &requests);
    server.stop();
    vec![
        Figure::new("inbox_vs_axum", ours / yardstick, Goal::AtLeast(0.5)),
        Figure::new("inbox_per_second", ours, Goal::Told),
        Figure::new("bare_inbox_per_second", yardstick, Goal::Told),
    ]
}

/// Activities that a server takes a second, once caches are filled.
fn taken(server: &Process, requests: &[Vec<u8>]) -> f64 {
    let (warm, counted) = requests.split_at(WARM);
    load::run_all(&server.address, warm.to_vec(), CONNECTIONS);
    load::run_all(&server.address, counted.to_vec(), CONNECTIONS).per_second
}

struct Author {
    host: String,
    uri: String,
    key: Key,
}

impl Author {
    fn new(number: usize) -> Self {
        let host = format!("127.20.0.{}:80", number + 1);
        Self {
            uri: format!("http://{host}/users/author"),
            host,
            key: Key::generate(),
        }
    }

    /// A post as Mastodon tells of it.
    fn activity(&self, number: usize) -> String {
        let (uri, note) = (&self.uri, format!("{}/statuses/{number}", self.uri));
        let (everybody, followers) = (
            "https://www.w3.org/ns/activitystreams#Public",
            format!("{uri}/followers"),
        );
        let published = Clock::system().now().rfc3339();
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {
                "ostatus": "http://ostatus.org#", "atomUri": "ostatus:atomUri", "conversation": "ostatus:conversation",
                "sensitive": "as:sensitive", "toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount",
            }],
            "id": format!("{note}/activity"), "type": "Create", "actor": uri, "published": published,
            "to": [everybody], "cc": [followers],
            "object": {
                "id": note, "type": "Note", "summary": null, "inReplyTo": null, "published": published,
                "url": note, "attributedTo": uri, "to": [everybody], "cc": [followers], "sensitive": false,
                "atomUri": note, "conversation": format!("tag:{},2026:objectId={number}", self.host),
                "content": format!("<p>{TEXT} {number}</p>"), "contentMap": {"en": format!("<p>{TEXT} {number}</p>")},
                "attachment": [], "tag": [],
                "replies": {"id": format!("{note}/replies"), "type": "Collection"},
            },
        })
        .to_string()
    }
}

/// What comes: of every author in turn.
fn signed(authors: &[Author]) -> Vec<Vec<u8>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<usize> = (0..WARM + POSTS).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = all
            .chunks(all.len().div_ceil(cores))
            .map(|numbers| {
                scope.spawn(move || {
                    numbers
                        .iter()
                        .map(|number| {
                            let author = &authors[number % authors.len()];
                            let key_id = format!("{}#main-key", author.uri);
                            author.key.request(&key_id, &author.activity(*number))
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("it signs"))
            .collect()
    })
}

/// Authors who are known with their keys, and followed.
fn seed(data: &Path, authors: &[Author]) {
    let seed = Seed::open(data);
    let readers = seed.accounts("reader", READERS);
    let mut pairs = Vec::new();
    for author in authors {
        let handle = Handle::remote("author", &author.host).expect("a handle");
        let account = seed.remote_at(&handle, &author.host, &author.uri);
        pairs.extend(readers.iter().map(|reader| (*reader, account)));
        let key = RemoteKey {
            owner: author.uri.clone(),
            pem: author.key.pem(),
            fetched: Clock::system().now(),
        };
        let key_id = format!("{}#main-key", author.uri);
        seed.write(move |conn| remote::set_key(conn, &key_id, &key));
    }
    seed.follows(&pairs);
    assert!(!authors.iter().any(|author| author.host == HOST));
}
