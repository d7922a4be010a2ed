//! What was deleted since, so that a restored backup does not bring it back. Random ids and a month: no text, no name.
//! A post's id tells its minute, so nothing is kept of what no backup holds.

use bauta_model::{AccountId, CoarseTime, Day, MediaId, Month, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::deletions;
use crate::{Conn, Error, Result, settings};

/// Something that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deleted {
    /// An account, and all that hung on it.
    Account(AccountId),
    /// A post by itself.
    Post(PostId),
    /// A picture by itself.
    Media(MediaId),
}

impl Deleted {
    const fn row(self) -> (i16, i64) {
        match self {
            Self::Account(id) => (0, id.get()),
            Self::Post(id) => (1, id.get()),
            Self::Media(id) => (2, id.get()),
        }
    }

    /// The tables of which rows are destroyed with it.
    const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Account(_) => &["posts", "post_edits", "attachments", "media", "sessions"],
            Self::Post(_) => &["posts", "post_edits", "attachments", "media"],
            Self::Media(_) => &["attachments", "media"],
        }
    }

    const fn from_row(kind: i16, id: i64) -> Option<Self> {
        match kind {
            0 => Some(Self::Account(AccountId::new(id))),
            1 => Some(Self::Post(PostId::new(id))),
            2 => Some(Self::Media(MediaId::new(id))),
            _ => None,
        }
    }
}

/// The last day of which a backup may hold something, in days since 1970.
const BACKUP_DAY: &str = "backup_day";

/// How long a backup counts, as its deletions do.
const MONTHS: i32 = 12;

/// A backup is about to be read. To be called in a write before its view begins, which may be after midnight.
pub fn expect_backup(conn: &mut Conn) -> Result<()> {
    let day = conn.clock().today().plus(1);
    settings::set(conn, BACKUP_DAY, &day.get().to_string())
}

/// Whether a backup may hold it.
fn may_come_back(conn: &mut Conn, deleted: Deleted) -> Result<bool> {
    let Some(value) = settings::get(conn, BACKUP_DAY)? else {
        return Ok(false);
    };
    let day = Day::new(value.parse().map_err(|_| Error::Unknown("settings.value"))?);
    if day.month().plus(MONTHS) < conn.now().month() {
        return Ok(false);
    }
    Ok(match deleted {
        Deleted::Post(id) => CoarseTime::from_unix_seconds(id.unix_seconds()).day() <= day,
        // Their ids tell nothing.
        Deleted::Account(_) | Deleted::Media(_) => true,
    })
}

/// Remembers a deletion, where a backup could undo it. To be called by whatever deletes, in the same write.
pub fn record(conn: &mut Conn, deleted: Deleted) -> Result<()> {
    for table in deleted.tables() {
        crate::desk::purged::note(conn, table)?;
    }
    if !may_come_back(conn, deleted)? {
        return Ok(());
    }
    let (kind, id) = deleted.row();
    let month = conn.now().month().get();
    on!(conn, c => diesel::insert_into(deletions::table)
        .values((deletions::kind.eq(kind), deletions::id.eq(id), deletions::month.eq(month)))
        .on_conflict((deletions::kind, deletions::id))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// What was deleted in `month` or later.
pub fn since(conn: &mut Conn, month: Month) -> Result<Vec<Deleted>> {
    let rows: Vec<(i16, i64)> = on!(conn, c => deletions::table
        .filter(deletions::month.ge(month.get()))
        .order((deletions::kind, deletions::id))
        .select((deletions::kind, deletions::id))
        .load(c))?;
    rows.into_iter()
        .map(|(kind, id)| Deleted::from_row(kind, id).ok_or(Error::Unknown("deletions.kind")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, on_both};

    fn post_of(time: CoarseTime) -> Deleted {
        Deleted::Post(PostId::new(PostId::first_of(time).get() + 5))
    }

    #[test]
    fn only_what_a_backup_may_hold_is_remembered() {
        on_both(|conn| {
            let (account, old) = (Deleted::Account(AccountId::new(7)), post_of(NOW));
            for deleted in [account, old] {
                record(conn, deleted).unwrap();
            }
            assert_eq!(since(conn, Month::new(0)).unwrap(), [], "there is no backup");
            expect_backup(conn).unwrap();
            let later = NOW.day().plus(2).start();
            conn.clock().set(later);
            for deleted in [account, old, post_of(later)] {
                record(conn, deleted).unwrap();
            }
            assert_eq!(since(conn, Month::new(0)).unwrap(), [account, old]);
            conn.clock().set(NOW.month().plus(MONTHS + 2).start());
            let other = Deleted::Account(AccountId::new(8));
            record(conn, other).unwrap();
            assert_eq!(since(conn, NOW.month()).unwrap(), [account, old], "it is too old");
            expect_backup(conn).unwrap();
            record(conn, other).unwrap();
            assert!(since(conn, NOW.month()).unwrap().contains(&other));
        });
    }
}
