//! What was deleted since, so that a restored backup does not bring it back. Random ids and a month: no text, no name.

use bauta_model::{AccountId, MediaId, Month, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::deletions;
use crate::{Conn, Error, Result};

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

/// Remembers a deletion. To be called by whatever deletes, in the same write.
pub fn record(conn: &mut Conn, deleted: Deleted) -> Result<()> {
    let (kind, id) = deleted.row();
    let month = conn.now().month().get();
    on!(conn, c => diesel::insert_into(deletions::table)
        .values((deletions::kind.eq(kind), deletions::id.eq(id), deletions::month.eq(month)))
        .on_conflict((deletions::kind, deletions::id))
        .do_nothing()
        .execute(c))?;
    for table in deleted.tables() {
        crate::desk::purged::note(conn, table)?;
    }
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
