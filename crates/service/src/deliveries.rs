//! What is on its way to other servers, as the operator sees it: looked at, tried at once, dropped.

use bauta_store::queue;

use crate::{App, Refused};

pub use bauta_store::queue::{GivenUp, Queue, Waiting};

/// What waits, and what was given up.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; so for all below.
pub async fn look(app: &App) -> Result<Queue, Refused> {
    Ok(app.store.read("queue", queue::look).await?)
}

/// Makes everything that waits for a host due now. Says how many deliveries.
///
/// # Errors
/// As above.
pub async fn retry(app: &App, host: &str) -> Result<usize, Refused> {
    let host = host.to_owned();
    let due = app
        .store
        .write("retry_host", move |conn| queue::retry(conn, &host));
    Ok(due.await?)
}

/// Drops everything that waits for a host, and forgets what was given up. Says how many deliveries.
///
/// # Errors
/// As above.
pub async fn drop_host(app: &App, host: &str) -> Result<usize, Refused> {
    let host = host.to_owned();
    let gone = app
        .store
        .write("drop_host", move |conn| queue::drop_host(conn, &host));
    Ok(gone.await?)
}
