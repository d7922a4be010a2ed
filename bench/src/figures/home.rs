//! Home timelines: readers in turn, while posts arrive.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bauta_model::AccountId;

use super::{Figure, Goal};
use crate::load;
use crate::process::Process;
use crate::seed::{Seed, TEXT};

pub(super) const READERS: usize = 1000;
pub(super) const AUTHORS: usize = 2000;
const FOLLOWED: usize = 200;
const TIME: Duration = Duration::from_secs(8);

/// 1,000 readers in turn, each following 200 of 2,000 authors, while 10 posts a second arrive.
pub fn run() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let seed = Seed::open(dir.path());
    readers_and_authors(&seed, READERS, AUTHORS);
    drop(seed);
    let (ours, bytes) = home_reads(dir.path(), READERS);
    let bare = Process::bare(bytes);
    let yardstick = load::run(&bare.address, vec![load::get("/", None)], 32, TIME);
    vec![
        Figure::new("home_vs_axum", ours / yardstick.per_second, Goal::AtLeast(0.5)),
        Figure::new("home_bytes", bytes as f64, Goal::Told),
    ]
}

/// The same read for more and more accounts: each ÷ the first.
pub fn growth() -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut first = None;
    for accounts in [1_000_usize, 10_000, 100_000] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let seed = Seed::open(dir.path());
        readers_and_authors(&seed, 200, accounts - 200);
        drop(seed);
        let (reads, _) = home_reads(dir.path(), 200);
        let base = *first.get_or_insert(reads);
        figures.push(Figure::new(
            format!("home_{accounts}_vs_1000"),
            reads / base,
            Goal::Told,
        ));
    }
    figures
}

/// Makes the set-up: every reader follows [`FOLLOWED`] authors, every author has a few posts.
pub(super) fn readers_and_authors(seed: &Seed, readers: usize, authors: usize) {
    let readers = seed.accounts("reader", readers);
    let authors = seed.accounts("author", authors);
    let pairs: Vec<(AccountId, AccountId)> = readers
        .iter()
        .enumerate()
        .flat_map(|(n, reader)| {
            let authors = &authors;
            (0..FOLLOWED).map(move |k| (*reader, authors[(n * 37 + k * 7 + k * k) % authors.len()]))
        })
        .collect();
    let mut pairs = pairs;
    pairs.sort_unstable();
    pairs.dedup();
    seed.follows(&pairs);
    seed.posts(&authors[..authors.len().min(AUTHORS)], 5);
}

/// Home reads a second while 10 posts a second arrive, and the size of one.
pub(super) fn home_reads(data: &Path, readers: usize) -> (f64, usize) {
    let server = Process::bauta(data);
    let requests: Vec<Vec<u8>> = (0..readers)
        .map(|n| {
            load::get(
                "/api/v1/timelines/home?limit=20",
                Some(&server.token(&format!("reader{n}"))),
            )
        })
        .collect();
    let writer = server.token("author0");
    // Everything is read once before it counts: caches fill as they would in a day.
    load::run(&server.address, requests.clone(), 32, Duration::from_secs(2));
    let stop = Arc::new(AtomicBool::new(false));
    let posting = std::thread::spawn({
        let (stop, address) = (Arc::clone(&stop), server.address.clone());
        move || {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                n += 1;
                let request = load::post(&format!("{TEXT} {n}"), &writer);
                load::once(&address, &request);
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    });
    let measured = load::run(&server.address, requests, 32, TIME);
    stop.store(true, Ordering::Relaxed);
    posting.join().expect("posting ends well");
    server.stop();
    (measured.per_second, measured.body_bytes)
}
