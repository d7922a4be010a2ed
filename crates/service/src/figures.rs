//! Two figures that every server shows: accounts and posts. Counted now and then, as counting looks at every row.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::{App, Refused};

/// How long a count is shown.
const FRESH: Duration = Duration::from_mins(10);

/// What the server holds, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Accounts that were not suspended.
    pub accounts: i64,
    /// Posts and boosts, whoever may read them.
    pub posts: i64,
}

#[derive(Default)]
pub(crate) struct FiguresCache(Mutex<Option<(Instant, Figures)>>);

/// How many rows each table of the database has at this moment, by its name.
pub async fn rows_of_tables(app: &App) -> Result<bauta_inventory::Counts, Refused> {
    let inventory = app.inventory;
    let read = app.store.read("rows_of_tables", move |conn| {
        bauta_store::holdings::rows(conn, inventory)
    });
    Ok(read.await?)
}

/// The figures as they were in the last ten minutes.
pub async fn figures(app: &App) -> Result<Figures, Refused> {
    if let Some((counted, figures)) = *app.figures.0.lock()
        && counted.elapsed() < FRESH
    {
        return Ok(figures);
    }
    let figures = app
        .store
        .read("count", |conn| {
            Ok::<_, bauta_store::Error>(Figures {
                // The server's own account is nobody.
                accounts: bauta_store::accounts::count(conn)?
                    - i64::from(bauta_store::settings::get(conn, "server_account")?.is_some()),
                posts: bauta_store::accounts::count_posts(conn)?,
            })
        })
        .await?;
    *app.figures.0.lock() = Some((Instant::now(), figures));
    Ok(figures)
}
