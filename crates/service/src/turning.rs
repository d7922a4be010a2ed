//! The turn of the keys when a day is over.

use std::time::Duration;

use bauta_model::{Event, emit};

use crate::App;

/// How long to wait after a turn that failed: a full disk does not mend itself in a minute.
const AGAIN: Duration = Duration::from_mins(10);

/// Turns the keys once a day, for as long as the server runs. A turn that was due while it did not run is made after the
/// start.
pub async fn run(app: &App) {
    let Some(keyring) = app.store.keyring() else {
        return;
    };
    loop {
        if keyring.is_due(app.clock.today()) && app.store.turn_keys().await.is_err() {
            emit(Event::KeysNotTurned);
            tokio::time::sleep(AGAIN).await;
        }
        tokio::time::sleep(app.clock.slot()).await;
    }
}
