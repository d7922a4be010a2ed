//! A public profile page, as a stranger without JavaScript reads it.

use std::time::Duration;

use super::{Figure, Goal};
use crate::load;
use crate::process::Process;
use crate::seed::Seed;

const TIME: Duration = Duration::from_secs(6);

/// The page ÷ bare axum with as many bytes.
pub fn run() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let seed = Seed::open(dir.path());
    let authors = seed.accounts("author", 1);
    seed.posts(&authors, 40);
    drop(seed);
    let server = Process::bauta(dir.path());
    let request = vec![load::get("/@author0", None)];
    load::run(&server.address, request.clone(), 32, Duration::from_secs(1));
    let ours = load::run(&server.address, request, 32, TIME);
    server.stop();
    let bare = Process::bare(ours.body_bytes);
    let yardstick = load::run(&bare.address, vec![load::get("/", None)], 32, TIME);
    vec![
        Figure::new(
            "page_vs_axum",
            ours.per_second / yardstick.per_second,
            Goal::AtLeast(0.3),
        ),
        Figure::new("page_bytes", ours.body_bytes as f64, Goal::Told),
    ]
}
