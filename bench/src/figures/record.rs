//! The record: how fast a log is checked, and what it takes to say what is held.

use std::path::Path;
use std::time::{Duration, Instant};

use bauta_inventory::Inventory;
use bauta_ledger::key::Algorithm;
use bauta_ledger::leaf::LEAVES_PER_EPOCH;
use bauta_ledger::log::KeyRing;
use bauta_ledger::merkle::leaf_hash;
use bauta_ledger::{Log, SigningKey};
use bauta_model::AccountId;
use bauta_store::holdings;
use bauta_verify::{Asked, Folder, verify};

use super::{Figure, Goal};
use crate::seed::Seed;

/// Leaves of the log that is checked, unless [`LEAVES_VARIABLE`] says otherwise: some seven years of one.
const LEAVES: u64 = 262_144;
/// Says how many leaves: the nightly run takes a million.
const LEAVES_VARIABLE: &str = "BAUTA_BENCH_LEAVES";
/// Rows of others, unless [`ROWS_VARIABLE`] says otherwise.
const ROWS: usize = 1_000_000;
/// Says among how many rows an account is looked for.
const ROWS_VARIABLE: &str = "BAUTA_BENCH_ROWS";
/// Posts of the account whose holdings are asked for.
const OWN: usize = 200;
/// How often each is measured; the fastest counts, as the one that nothing else delayed.
const TIMES: usize = 5;
/// Bytes that are hashed for a node of the tree: a leaf's 64, or two hashes, each with a byte in front (RFC 6962 § 2.1).
const NODE: u64 = 65;

/// SHA-256's own time for the nodes of a tree ÷ the time to check the log that has it: signatures, entries, every tile,
/// the rate. And the checking in MB of hashed bytes a second.
pub fn check() -> Vec<Figure> {
    let leaves = number(LEAVES_VARIABLE, LEAVES);
    let folder = tempfile::tempdir().expect("a temporary directory");
    let root = folder.path().join("log");
    pads(&root, leaves);
    let files = Folder::new(&root);
    let ours = fastest(|| {
        let checked = verify(&mut |path| files.read(path), &Asked::default(), &mut |_, _| ());
        assert_eq!(checked.expect("it holds").leaves, leaves);
    });
    // A tree of n leaves has n - 1 nodes above them.
    let nodes = 2 * leaves - 1;
    let bare = fastest(|| {
        let mut node = [0; NODE as usize - 1];
        for _ in 0..nodes {
            let hash = leaf_hash(&node);
            node[..32].copy_from_slice(&hash.0);
        }
        std::hint::black_box(node);
    });
    let megabytes = (nodes * NODE) as f64 / 1e6;
    vec![
        Figure::new(
            "verify_vs_sha256",
            bare.as_secs_f64() / ours.as_secs_f64(),
            Goal::Told,
        ),
        Figure::new("verify_mb_s", megabytes / ours.as_secs_f64(), Goal::Told),
        Figure::new("sha256_mb_s", megabytes / bare.as_secs_f64(), Goal::Told),
    ]
}

/// A log of so many leaves, none of which is an entry.
fn pads(root: &Path, leaves: u64) {
    let key = SigningKey::generate("log.example", Algorithm::Ed25519).expect("randomness");
    let mut log = Log::open(root, KeyRing::of(key)).expect("an empty folder");
    log.compare(false, &[]).expect("nobody to ask");
    // The first hour, and then all that were missed at once.
    log.append(0, &[]).expect("appended");
    log.append(leaves / LEAVES_PER_EPOCH - 1, &[]).expect("appended");
    let policy = bauta_ledger::Policy::of_logs([]);
    log.publish_policy(&policy).expect("written");
}

/// Counting what is held about an account with 200 posts among a million rows ÷ the same among a thousand. What it takes
/// is told as well.
pub fn held() -> Vec<Figure> {
    let rows = number(ROWS_VARIABLE, ROWS as u64) as usize;
    let among = |rows: usize| {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let seed = Seed::open(folder.path());
        let account = seed.accounts("asked", 1);
        seed.posts(&account, OWN);
        let others = seed.accounts("other", (rows / 50).max(1));
        seed.many_posts(&others, (rows / others.len()) as u32);
        counting(&seed, account[0])
    };
    let (few, many) = (among(1000), among(rows));
    vec![
        Figure::new(
            "holdings_growth",
            many.as_secs_f64() / few.as_secs_f64(),
            Goal::AtMost(1.5),
        ),
        Figure::new("holdings_ms", many.as_secs_f64() * 1000.0, Goal::Told),
    ]
}

fn counting(seed: &Seed, account: AccountId) -> Duration {
    fastest(|| {
        let counts = seed.write(move |conn| holdings::count(conn, Inventory::builtin(), account));
        assert!(
            counts.values().any(|rows| *rows == OWN as u64),
            "its posts are counted"
        );
    })
}

fn number(variable: &str, usual: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => usual,
    }
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let times = (0..TIMES).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}
