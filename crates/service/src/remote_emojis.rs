//! Small pictures that texts of other servers name: got at the beginning of a slot where somebody here follows somebody
//! there, rebuilt, and kept while there is room.

use std::sync::Arc;

use bauta_model::{AccountId, CoarseTime, EmojiId};
use bauta_store::remote_emojis::{self as rows, Namer};
use bauta_store::{Conn, remote};

use crate::{App, Refused, by_slot};

pub use bauta_store::remote_emojis::{Named, Wanted};

/// Tries of one.
const MOST_TRIES: i16 = 4;
/// Names of one text that are looked at.
const MOST: usize = 50;

/// Writes that texts of `account`, whose handle is of `domain`, name these.
pub(crate) fn name(
    conn: &mut Conn,
    account: AccountId,
    domain: Option<&str>,
    named: &[Named],
) -> bauta_store::Result<Vec<EmojiId>> {
    let (Some(domain), Some(known)) = (domain.filter(|_| !named.is_empty()), remote::of(conn, account)?)
    else {
        return Ok(Vec::new());
    };
    let namer = Namer {
        domain: domain.to_owned(),
        server: known.domain,
    };
    let due = by_slot::soon(conn.clock());
    rows::name(conn, &namer, &named[..named.len().min(MOST)], due)
}

/// What is to be got now.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn due(app: &App, most: i64) -> Result<Vec<Wanted>, Refused> {
    let now = app.clock.now();
    Ok(app
        .store
        .read("remote_emojis_due", move |conn| rows::due(conn, now, most))
        .await?)
}

/// Tries one again at `due`, or no more until it is named on another day.
///
/// # Errors
/// As above.
pub async fn not_got(app: &App, wanted: &Wanted, due: Option<CoarseTime>) -> Result<(), Refused> {
    let (id, again) = (wanted.id, due.filter(|_| wanted.attempts + 1 < MOST_TRIES));
    app.store
        .write("remote_emoji_later", move |conn| rows::put_off(conn, id, again))
        .await?;
    Ok(())
}

/// Takes the file of one in, rebuilt from its pixels. Texts show it once [`settle`] was called.
///
/// # Errors
/// [`Refused::Busy`], [`Refused::Failed`], and [`Refused::Invalid`] for a file that can't be rebuilt.
pub async fn got(app: &App, wanted: &Wanted, file: Vec<u8>) -> Result<(), Refused> {
    let (bytes, sides) = crate::emojis::rebuilt(app, file).await?;
    let id = wanted.id;
    app.store
        .write("remote_emoji", move |conn| rows::take_in(conn, id, &bytes, sides))
        .await?;
    Ok(())
}

/// Makes room, and lets texts show what is here now.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn settle(app: &App, most: i64) -> Result<(), Refused> {
    change(app, move |conn| rows::make_room(conn, most)).await?;
    Ok(())
}

/// Deletes those of hosts that `meant` names.
pub(crate) async fn purge(
    app: &App,
    meant: impl Fn(&str) -> bool + Send + 'static,
) -> Result<usize, Refused> {
    change(app, move |conn| rows::forget_hosts(conn, meant)).await
}

/// Changes the rows, then memory, then forgets what was rendered with the old ones.
async fn change(
    app: &App,
    work: impl FnOnce(&mut Conn) -> bauta_store::Result<usize> + Send + 'static,
) -> Result<usize, Refused> {
    let (emojis, cards, accounts) = (
        Arc::clone(&app.emojis),
        Arc::clone(&app.cards),
        Arc::clone(&app.accounts),
    );
    let (count, _) = app
        .store
        .write_then(
            "change_remote_emojis",
            move |conn| {
                let count = work(conn)?;
                Ok::<_, bauta_store::Error>((count, rows::all(conn)?))
            },
            move |(_, all)| {
                emojis.put_elsewhere(all.clone());
                cards.forget_pieces();
                accounts.forget_pieces();
            },
        )
        .await?;
    Ok(count)
}
