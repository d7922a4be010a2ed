//! Housekeeping: what the inventory says will go, goes.
//!
//! It runs once an hour, at a moment within the hour that is drawn anew each time, so that nothing else that the server
//! does can be timed by it.

use std::time::Duration;

use bauta_store::purges;

use crate::{App, Refused};

/// How often.
const HOUR: Duration = Duration::from_hours(1);

/// Keeps house for as long as the server runs.
pub async fn run(app: &App) {
    loop {
        let within = random_within(HOUR);
        tokio::time::sleep(within).await;
        // The store has logged what failed; the next hour tries again.
        let _ = keep(app).await;
        tokio::time::sleep(HOUR.saturating_sub(within)).await;
    }
}

fn random_within(span: Duration) -> Duration {
    Duration::from_secs(bauta_model::chance::below(span.as_secs()))
}

/// Deletes every row whose time is over, and forgets in memory who has done nothing for long.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn keep(app: &App) -> Result<(), Refused> {
    app.reach.sweep();
    app.mute_ends.settle(app.clock.now(), &app.timelines);
    let inventory = app.inventory;
    let eraser = crate::pictures::Eraser::of(app);
    app.store
        .write_then(
            "purge_uploads",
            move |conn| bauta_store::attachments::purge_waiting(conn, inventory),
            move |places| eraser.erase(places.clone()),
        )
        .await?;
    crate::moderation::end_quarantines(app).await?;
    app.store
        .write("purge", move |conn| purges::run(conn, inventory))
        .await?;
    app.store
        .write("purge_announcements", bauta_store::announcements::purge)
        .await?;
    app.desk.keep().await?;
    crate::accounts::end_unused(app).await?;
    crate::accounts::waiting::by_itself(app).await?;
    crate::accounts::sweep_apps(app).await
}
