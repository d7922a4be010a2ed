//! The readers of the story: rows that nobody can sign in to.

use std::sync::Arc;

use bauta_model::{Account, AccountId, Day, Handle, Month};
use bauta_service::App;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::{Failure, Outcome};

/// Rows that one transaction takes.
const CHUNK: u32 = 5_000;

const FIRST: &[&str] = &[
    "amber", "birch", "brook", "cedar", "clay", "delta", "dune", "ember", "fern", "flint", "glade", "grove",
    "heath", "heron", "iris", "juniper", "kelp", "larch", "linden", "maple", "marsh", "mica", "moss", "oak",
    "otter", "pebble", "pike", "reed", "ridge", "rowan", "sage", "sedge", "shale", "slate", "sorrel", "tarn",
    "thistle", "vale", "willow", "wren",
];
const SECOND: &[&str] = &[
    "angler", "baker", "binder", "carver", "cooper", "dyer", "farmer", "fuller", "glazier", "grower",
    "joiner", "keeper", "listener", "mason", "miller", "minder", "painter", "pilot", "planter", "potter",
    "reader", "rower", "sailor", "smith", "spinner", "tanner", "teacher", "thatcher", "tiler", "turner",
    "walker", "warden", "weaver", "wright",
];

/// Makes `count` accounts that follow `followee`, with a bar on a terminal.
pub async fn gather(app: &Arc<App>, followee: AccountId, count: u32) -> Outcome<()> {
    let bar = ProgressBar::new(u64::from(count));
    let style = ProgressStyle::with_template("  {wide_bar} {pos} of {len} followers")
        .map_err(|error| Failure::new(error.to_string()))?;
    bar.set_style(style);
    let mut made = 0;
    while made < count {
        let size = CHUNK.min(count - made);
        let crowd = (made..made + size).map(reader).collect::<Outcome<Vec<_>>>()?;
        app.store
            .write("demo", move |conn| {
                bauta_store::bulk::followers(conn, followee, &crowd)
            })
            .await?;
        made += size;
        bar.set_position(u64::from(made));
    }
    bar.finish_and_clear();
    app.accounts.invalidate(followee);
    Ok(())
}

fn reader(number: u32) -> Outcome<Account> {
    let (first, second) = (
        FIRST[number as usize % FIRST.len()],
        SECOND[number as usize / FIRST.len() % SECOND.len()],
    );
    let handle = format!("{first}_{second}_{number}");
    let january = Day::from_civil(2017, 1, 1).map_or(Month::new(0), Day::month);
    Ok(Account::new(
        AccountId::random(),
        Handle::parse(&handle).map_err(|error| Failure::new(error.to_string()))?,
        january.plus((number % 4) as i32),
    ))
}
