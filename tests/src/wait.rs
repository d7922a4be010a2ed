//! Waiting for what happens by itself.

use std::time::{Duration, Instant};

/// How long something may take before a test gives up: generous, since machines are shared.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// Looks again and again until something is found. `what` is what the test waits for.
///
/// # Panics
/// When it is not found within [`PATIENCE`].
pub fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look)
}

/// As [`eventually`], with another limit: for what several programs have to agree on first.
///
/// # Panics
/// When it is not found within `patience`.
pub fn within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < patience, "{what}: it did not happen");
        std::thread::sleep(Duration::from_millis(50));
    }
}
