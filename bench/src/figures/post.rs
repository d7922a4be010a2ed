//! Posting: to 153,000 followers and to none; and durable posts by many clients.

use std::path::Path;
use std::time::{Duration, Instant};

use bauta_model::AccountId;

use super::{Figure, Goal};
use crate::load;
use crate::process::Process;
use crate::seed::{Seed, TEXT, insert_post};

const FOLLOWERS: usize = 153_000;
const TIME: Duration = Duration::from_secs(6);

/// A post by an author with 153,000 local followers against one with none on an empty server.
pub fn followers() -> Vec<Figure> {
    let alone = tempfile::tempdir().expect("a temporary directory");
    Seed::open(alone.path()).accounts("author", 1);
    let many = tempfile::tempdir().expect("a temporary directory");
    let seed = Seed::open(many.path());
    let author = seed.accounts("author", 1)[0];
    let followers = seed.accounts("f", FOLLOWERS);
    let pairs: Vec<(AccountId, AccountId)> =
        followers.into_iter().map(|follower| (follower, author)).collect();
    seed.follows(&pairs);
    drop(seed);
    let (none_latency, none_cpu) = posting(alone.path());
    let (many_latency, many_cpu) = posting(many.path());
    vec![
        Figure::new("post_153k_vs_0", many_latency / none_latency, Goal::AtMost(1.2)),
        Figure::new("post_153k_vs_0_cpu", many_cpu / none_cpu, Goal::AtMost(1.2)),
    ]
}

/// The median latency and the CPU of a post, with everything that follows behind it.
fn posting(data: &Path) -> (f64, f64) {
    let server = Process::bauta(data);
    let token = server.token("author0");
    let requests: Vec<Vec<u8>> = (0..50_000)
        .map(|n| load::post(&format!("{TEXT} {n}"), &token))
        .collect();
    load::run(&server.address, requests.clone(), 1, Duration::from_secs(1));
    std::thread::sleep(Duration::from_secs(1));
    let before = server.cpu();
    let measured = load::run(
        &server.address,
        requests.into_iter().skip(20_000).collect(),
        1,
        TIME,
    );
    // Work that a post leaves behind ends within this.
    std::thread::sleep(Duration::from_secs(2));
    let posts = measured.per_second * TIME.as_secs_f64();
    let cpu = server.cpu().saturating_sub(before).as_secs_f64() / posts;
    server.stop();
    (measured.median.as_secs_f64(), cpu)
}

/// Posts a second by 32 clients ÷ the same statements in batches of 32 by one thread.
pub fn durable() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let seed = Seed::open(dir.path());
    let author = seed.accounts("author", 1)[0];
    let batched = batches(&seed, author);
    drop(seed);
    let written = posts_a_second(dir.path());
    vec![
        Figure::new("durable_vs_batched", written / batched, Goal::AtLeast(0.3)),
        Figure::new("durable_per_second", written, Goal::Told),
        Figure::new("batched_per_second", batched, Goal::Told),
    ]
}

/// Posts a second by 32 clients.
pub(super) fn posts_a_second(data: &Path) -> f64 {
    let server = Process::bauta(data);
    let token = server.token("author0");
    let requests: Vec<Vec<u8>> = (0..200_000)
        .map(|n| load::post(&format!("{TEXT} {n}"), &token))
        .collect();
    let measured = load::run(&server.address, requests, 32, TIME);
    server.stop();
    measured.per_second
}

fn batches(seed: &Seed, author: AccountId) -> f64 {
    let begin = Instant::now();
    let mut posts = 0;
    while begin.elapsed() < TIME {
        seed.write(move |conn| (0..32).try_for_each(|_| insert_post(conn, author).map(drop)));
        posts += 32;
    }
    f64::from(posts) / begin.elapsed().as_secs_f64()
}
