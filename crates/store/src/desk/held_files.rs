//! The bytes of pictures that a hold keeps, sealed like its rows. They go with the hold.

use std::collections::BTreeSet;

use bauta_model::{AccountId, DemandId, HoldId, MediaId, Visibility};
use diesel::prelude::*;

use crate::conn::on;
use crate::media::{self, Kind, Medium};
use crate::schema::{attachments, desk_holds, held_files, holds, media as media_table, posts};
use crate::{Conn, Place, Result};

/// A picture with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Which one.
    pub id: MediaId,
    /// Its format.
    pub mime: String,
    /// Everybody can see it, or could when it was copied.
    pub public: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

const fn place(id: i64) -> Place {
    Place::new("held_files", "content", id)
}

/// An account's pictures, and whether everybody can see each: what a profile shows, and what a post for everyone does.
pub fn pictures(conn: &mut Conn, account: AccountId) -> Result<Vec<(Medium, bool)>> {
    let ids: Vec<i64> = on!(conn, c => media_table::table
        .filter(media_table::account_id.eq(account.get()))
        .order(media_table::id)
        .select(media_table::id)
        .load(c))?;
    let open: Vec<(i64, Option<i64>)> = on!(conn, c => attachments::table
        .inner_join(posts::table.on(attachments::post_id.eq(posts::id.nullable())))
        .filter(attachments::account_id.eq(account.get()))
        .filter(posts::visibility.le(Visibility::Unlisted.code()))
        .select((attachments::media_id, attachments::preview_id))
        .load(c))?;
    let open: BTreeSet<i64> = open
        .into_iter()
        .flat_map(|(file, preview)| [Some(file), preview])
        .flatten()
        .collect();
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let shown = open.contains(&id);
        if let Some(medium) = media::by_id(conn, MediaId::new(id))? {
            let public = shown || matches!(medium.kind, Kind::Avatar | Kind::Header);
            all.push((medium, public));
        }
    }
    Ok(all)
}

/// Keeps a picture with a hold.
pub fn keep(conn: &mut Conn, hold: HoldId, file: &File) -> Result<()> {
    let content = conn.seal_bytes(place(file.id.get()), &file.bytes);
    on!(conn, c => diesel::insert_into(held_files::table)
        .values((
            held_files::hold_id.eq(hold.get()),
            held_files::media_id.eq(file.id.get()),
            held_files::mime.eq(&file.mime),
            held_files::public.eq(file.public),
            held_files::content.eq(&content),
        ))
        .execute(c))?;
    Ok(())
}

/// How many pictures a hold keeps.
pub fn count(conn: &mut Conn, hold: HoldId) -> Result<i64> {
    Ok(on!(conn, c => held_files::table
        .filter(held_files::hold_id.eq(hold.get()))
        .count()
        .get_result(c))?)
}

/// A picture about `account` that is kept for a demand, as it was when it was copied first.
pub fn of_demand(conn: &mut Conn, demand: DemandId, account: AccountId, id: MediaId) -> Result<Option<File>> {
    let found: Option<(String, bool, Vec<u8>)> = on!(conn, c => held_files::table
        .inner_join(holds::table.on(holds::id.eq(held_files::hold_id)))
        .inner_join(desk_holds::table.on(desk_holds::hold_id.eq(held_files::hold_id)))
        .filter(desk_holds::demand_id.eq(demand.get()).and(holds::account_id.eq(account.get())))
        .filter(held_files::media_id.eq(id.get()))
        .order(held_files::hold_id)
        .select((held_files::mime, held_files::public, held_files::content))
        .first(c)
        .optional())?;
    found
        .map(|(mime, public, content)| {
            Ok(File {
                id,
                mime,
                public,
                bytes: conn.open_bytes(place(id.get()), &content)?,
            })
        })
        .transpose()
}
