//! What is due at the beginning of a slot: posts that appear then or go, polls that are over, accounts that moved, what a
//! group decided.

use std::time::Duration;

use bauta_model::{Clock, CoarseTime, chance};

use crate::App;

/// Slots within which something of another server is asked for. Many servers hear of a post at once, and their questions
/// must not be a flood, nor tell when this one heard, or who was told of what.
const SOON: u64 = 10;

/// The beginning of one of the next slots, by chance.
pub(crate) fn soon(clock: &Clock) -> CoarseTime {
    let slots = u32::try_from(chance::below(SOON)).unwrap_or(0);
    clock.now().plus(clock.slot().saturating_mul(slots))
}

/// Waits until the next slot begins. What leaves the server starts then: who watches learns the slot and no more.
pub async fn next(slot: Duration) {
    let clock = Clock::with_slot(Duration::from_secs(1));
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
        let _ = crate::accounts::keyholders::settle(app).await;
        tokio::time::sleep(app.clock.slot()).await;
    }
}
