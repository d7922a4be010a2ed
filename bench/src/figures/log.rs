//! The public log: what an hour costs.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use bauta_ledger::key::Algorithm;
use bauta_ledger::log::KeyRing;
use bauta_ledger::merkle::leaf_hash;
use bauta_ledger::{Log, SigningKey};

use super::{Figure, Goal};

/// Hours that are appended, the first of them unmeasured.
const HOURS: u64 = 60;

/// Appending four leaves and publishing their checkpoint ÷ hashing four leaves and one write with one fsync, medians.
/// Every file is synced before the next that rests on it, so it can't be one.
pub fn append() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let key = SigningKey::generate("log.example", Algorithm::Ed25519).expect("randomness");
    let mut log = Log::open(&folder.path().join("log"), KeyRing::of(key)).expect("an empty folder");
    log.compare(false, &[]).expect("nobody to ask");
    log.append(0, &[]).expect("appended");
    let mut bare = File::create(folder.path().join("bare")).expect("a file");
    let (mut ours, mut yardstick) = (Vec::new(), Vec::new());
    for hour in 1..HOURS {
        // In turn, so that both see the same disk.
        ours.push(timed(|| {
            log.append(hour, &[]).expect("appended");
        }));
        yardstick.push(timed(|| {
            let hashes: Vec<u8> = (0..4_u8).flat_map(|n| leaf_hash(&[n; 64]).0).collect();
            bare.write_all(&hashes).expect("written");
            bare.sync_all().expect("synced");
        }));
    }
    let (ours, yardstick) = (median(ours), median(yardstick));
    vec![
        Figure::new(
            "log_append_vs_fsync",
            ours.as_secs_f64() / yardstick.as_secs_f64(),
            Goal::Told,
        ),
        Figure::new("log_append_ms", ours.as_secs_f64() * 1000.0, Goal::Told),
    ]
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
