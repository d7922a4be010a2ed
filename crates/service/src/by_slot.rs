//! What is due at the beginning of a slot: posts that appear then, polls that are over, accounts that moved, what a
//! group decided.

use crate::App;

/// Looks once a slot, for as long as the server runs. What was due while it did not run is done after the start.
pub async fn run(app: &App) {
    loop {
        // The store has logged what failed; the next slot tries again.
        let _ = crate::posts::publish_due(app).await;
        let _ = crate::posts::tell_of_ends(app).await;
        let _ = crate::relations::carry_moves(app).await;
        let _ = crate::accounts::keyholders::settle(app).await;
        tokio::time::sleep(app.clock.slot()).await;
    }
}
