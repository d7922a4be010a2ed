//! What is due at the beginning of a slot: posts that appear then or go, polls that are over, accounts that moved.

use std::time::Duration;

use crate::App;

/// Waits until the next slot begins. What leaves the server starts then: who watches learns the slot and no more.
pub async fn next(slot: Duration) {
    let clock = bauta_model::Clock::with_slot(Duration::from_secs(1));
    let seconds = slot.as_secs().max(1);
    let within = clock.now().unix_seconds().rem_euclid(seconds as i64) as u64;
    tokio::time::sleep(Duration::from_secs(seconds - within)).await;
}

/// Looks once a slot, for as long as the server runs. What was due while it did not run is done after the start.
pub async fn run(app: &App) {
    // The hour in which old posts were last looked for.
    let mut looked = None;
    loop {
        // The store has logged what failed; the next slot tries again.
        let _ = crate::posts::publish_due(app).await;
        let _ = crate::posts::tell_of_ends(app).await;
        let _ = crate::posts::let_go(app, &mut looked).await;
        let _ = crate::relations::carry_moves(app).await;
        tokio::time::sleep(app.clock.slot()).await;
    }
}

/// A random number below `below`.
pub fn random(below: u64) -> u64 {
    getrandom::u64().map_or(0, |random| random % below.max(1))
}

/// Fisher and Yates: the order on the wire is not the one in which things happened.
pub fn shuffle<T>(list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, random(at as u64 + 1) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_loses_nothing_and_changes_the_order() {
        let mut list: Vec<u32> = (0..200).collect();
        shuffle(&mut list);
        assert_ne!(list, (0..200).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..200).collect::<Vec<_>>());
    }
}
