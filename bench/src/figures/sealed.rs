//! What sealing costs: a sealed server ÷ the same one unsealed.

use super::home::{AUTHORS, READERS, home_reads, readers_and_authors};
use super::post::posts_a_second;
use super::{Figure, Goal};
use crate::process::Process;
use crate::seed::Seed;

/// Home timelines a second.
pub fn home() -> Vec<Figure> {
    let ratio = sealed_vs_plain(
        |seed| readers_and_authors(seed, READERS, AUTHORS),
        |data| home_reads(data, READERS).0,
    );
    vec![Figure::new("sealed_vs_plain_home", ratio, Goal::AtLeast(0.8))]
}

/// Durable posts a second by 32 clients.
pub fn post() -> Vec<Figure> {
    let ratio = sealed_vs_plain(|seed| drop(seed.accounts("author", 1)), posts_a_second);
    vec![Figure::new("sealed_vs_plain_post", ratio, Goal::AtLeast(0.8))]
}

/// Two servers with the same rows, one after the other, twice each: the disk of a shared machine has moods.
fn sealed_vs_plain(sow: impl Fn(&Seed), measure: impl Fn(&std::path::Path) -> f64) -> f64 {
    let [mut plain, mut sealed] = [0.0, 0.0];
    for _ in 0..2 {
        for (sum, is_sealed) in [(&mut plain, false), (&mut sealed, true)] {
            let dir = tempfile::tempdir().expect("a temporary directory");
            sow(&Seed::open(dir.path()));
            if is_sealed {
                Process::seal(dir.path());
            }
            *sum += measure(dir.path());
        }
    }
    sealed / plain
}
