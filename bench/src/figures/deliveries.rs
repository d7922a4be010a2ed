//! Deliveries: how fast posts go to other servers, beside what their signatures cost.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bauta_model::{AccountId, Handle};
use bauta_outbound::{Client, Options, Request};
use bauta_store::outbox::{self, Change, Kind};
use bauta_store::remote;
use http::header::{HeaderName, HeaderValue};
use tokio::sync::Semaphore;
use url::Url;

use super::{Figure, Goal};
use crate::process::{HOST, Process};
use crate::seed::{Seed, insert_post};
use crate::signed::Key;
use crate::sink::Sink;

/// Servers that follow the author, and posts that go to each.
const HOSTS: usize = 250;
const POSTS: usize = 60;
/// Servers that one post is handed to.
const MANY: usize = 1000;
/// How often that is measured; the fastest counts, as the one that nothing else delayed.
const TIMES: usize = 3;
/// How long signatures are counted.
const TIME: Duration = Duration::from_secs(4);
/// Requests on their way at a time, by the bare client.
const AT_ONCE: usize = 128;

/// Deliveries a second of 60 posts to 250 servers, each with the signature that it needs, from the ready line to the last
/// arrival ÷ signatures a second of all cores that do nothing else.
pub fn run() -> Vec<Figure> {
    let key = Key::generate();
    let sink = Sink::start(HOSTS);
    let took = delivered(&sink, &key, POSTS);
    let deliveries = (HOSTS * POSTS) as f64 / took.as_secs_f64();
    let signatures = signatures_a_second(&key);
    vec![
        Figure::new("deliveries_vs_rsa", deliveries / signatures, Goal::AtLeast(0.7)),
        Figure::new("deliveries_per_second", deliveries, Goal::Told),
        Figure::new("rsa_2048_per_second", signatures, Goal::Told),
    ]
}

/// The time to hand one post to 1,000 servers ÷ the time of 1,000 signed POSTs by the same client and nothing else.
pub fn hand_over() -> Vec<Figure> {
    let key = Arc::new(Key::generate());
    let sink = Sink::start(MANY);
    let ours = fastest(|| delivered(&sink, &key, 1));
    let bare = fastest(|| posted(&sink, &key));
    vec![
        Figure::new(
            "hand_1000_hosts_vs_bare",
            ours.as_secs_f64() / bare.as_secs_f64(),
            Goal::AtMost(1.5),
        ),
        Figure::new("hand_1000_hosts_ms", ours.as_secs_f64() * 1000.0, Goal::Told),
    ]
}

fn fastest(mut work: impl FnMut() -> Duration) -> Duration {
    (0..TIMES).map(|_| work()).min().unwrap_or_default()
}

/// How long a server that starts with so many untold posts takes until all servers have all of them.
fn delivered(sink: &Sink, key: &Key, posts: usize) -> Duration {
    let dir = tempfile::tempdir().expect("a temporary directory");
    seed(dir.path(), &sink.hosts, key, posts);
    sink.forget();
    let server = Process::bauta_with_peers(dir.path());
    let begin = Instant::now();
    let last = sink.wait(sink.hosts.len() * posts);
    server.stop();
    last.saturating_duration_since(begin)
}

/// An author whom somebody on each of `hosts` follows, with posts that nobody was told of yet.
fn seed(data: &Path, hosts: &[String], key: &Key, posts: usize) {
    let seed = Seed::open(data);
    let author = seed.accounts("author", 1)[0];
    let followers: Vec<(AccountId, AccountId)> = hosts
        .iter()
        .map(|host| {
            (
                seed.remote(&Handle::remote("reader", host).expect("a handle"), host),
                author,
            )
        })
        .collect();
    seed.follows(&followers);
    let kept = key.kept();
    seed.write(move |conn| {
        remote::make_own_key(conn, author, &kept)?;
        for _ in 0..posts {
            let post = insert_post(conn, author)?;
            outbox::note(conn, &Change::new(Kind::Post, author, post.get()))?;
        }
        Ok(())
    });
}

/// RSA-2048 signatures a second of all cores.
fn signatures_a_second(key: &Key) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begin = Instant::now();
    let made: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut made = 0;
                    while begin.elapsed() < TIME {
                        std::hint::black_box(key.sign("as many bytes as a message has that is signed"));
                        made += 1;
                    }
                    made
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("it signs"))
            .sum()
    });
    made as f64 / begin.elapsed().as_secs_f64()
}

/// How long the client alone takes to post one body to every server, signed for each.
fn posted(sink: &Sink, key: &Arc<Key>) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads start");
    sink.forget();
    let hosts = sink.hosts.clone();
    let begin = Instant::now();
    runtime.block_on(async {
        let client = Client::new(&Options {
            local: true,
            ..Options::default()
        })
        .expect("a client");
        let gate = Arc::new(Semaphore::new(AT_ONCE));
        let body = format!("{{\"content\":\"{}\"}}", "x".repeat(2500));
        let tasks: Vec<_> = hosts
            .into_iter()
            .map(|host| {
                let (client, gate, key, body) =
                    (client.clone(), Arc::clone(&gate), Arc::clone(key), body.clone());
                tokio::spawn(async move {
                    let _turn = gate.acquire().await.expect("it is never closed");
                    let url = Url::parse(&format!("http://{host}/inbox")).expect("a URL");
                    let text = body.clone();
                    let request = Request::post(url, body).prepared(move |_, url| {
                        let key_id = format!("http://{HOST}/@author0#main-key");
                        key.headers(&key_id, url.as_str(), &text)
                            .into_iter()
                            .map(|(name, value)| {
                                (
                                    HeaderName::from_static(name),
                                    HeaderValue::from_str(&value).expect("a value"),
                                )
                            })
                            .collect()
                    });
                    assert_eq!(client.send(request).await.expect("an answer").status, 202);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it is sent");
        }
    });
    sink.wait(sink.hosts.len()).saturating_duration_since(begin)
}
