//! Papers: encrypted before they come here, destroyed when their day has come. What stays is the tombstone.

use bauta_model::{Day, DemandId, PaperId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::desk_papers;
use crate::{Conn, Place, Result};

/// What is known of a paper without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Random.
    pub id: PaperId,
    /// Which demand.
    pub demand: DemandId,
    /// A number that the desk gives a meaning.
    pub kind: i16,
    /// When it was added.
    pub added: Day,
    /// When it is destroyed, once that is known.
    pub destroy: Option<Day>,
    /// Its salted hash.
    pub hash: Vec<u8>,
    /// It was destroyed: this is its tombstone.
    pub gone: bool,
}

const fn place(id: PaperId) -> Place {
    Place::new("desk_papers", "content", id.get())
}

/// Keeps a paper. `content` is encrypted.
pub fn insert(conn: &mut Conn, paper: &Paper, content: &[u8]) -> Result<()> {
    let content = conn.seal_bytes(place(paper.id), content);
    on!(conn, c => diesel::insert_into(desk_papers::table)
        .values((
            desk_papers::id.eq(paper.id.get()),
            desk_papers::demand_id.eq(paper.demand.get()),
            desk_papers::kind.eq(paper.kind),
            desk_papers::added_day.eq(paper.added.get()),
            desk_papers::destroy_day.eq(paper.destroy.map(Day::get)),
            desk_papers::content_hash.eq(&paper.hash),
            desk_papers::content.eq(&content),
        ))
        .execute(c))?;
    Ok(())
}

/// Only the sealed value's own first byte, or nothing at all, is left of a destroyed paper.
const NOTHING_LEFT: &str = "length(content) = 0";

type Row = (i64, i64, i16, i32, Option<i32>, Vec<u8>, bool);

fn paper((id, demand, kind, added, destroy, hash, gone): Row) -> Paper {
    Paper {
        id: PaperId::new(id),
        demand: DemandId::new(demand),
        kind,
        added: Day::new(added),
        destroy: destroy.map(Day::new),
        hash,
        gone,
    }
}

/// The papers of a demand, oldest day first.
pub fn of(conn: &mut Conn, demand: DemandId) -> Result<Vec<Paper>> {
    let rows: Vec<Row> = on!(conn, c => desk_papers::table
        .filter(desk_papers::demand_id.eq(demand.get()))
        .order((desk_papers::added_day, desk_papers::id))
        .select((
            desk_papers::id,
            desk_papers::demand_id,
            desk_papers::kind,
            desk_papers::added_day,
            desk_papers::destroy_day,
            desk_papers::content_hash,
            diesel::dsl::sql::<diesel::sql_types::Bool>(NOTHING_LEFT),
        ))
        .load(c))?;
    Ok(rows.into_iter().map(paper).collect())
}

/// A paper of a demand as it lies here: encrypted. Nothing where it was destroyed.
pub fn content(conn: &mut Conn, demand: DemandId, id: PaperId) -> Result<Option<Vec<u8>>> {
    let content: Option<Vec<u8>> = on!(conn, c => desk_papers::table
        .filter(desk_papers::id.eq(id.get()).and(desk_papers::demand_id.eq(demand.get())))
        .select(desk_papers::content)
        .first(c)
        .optional())?;
    match content {
        Some(content) if !content.is_empty() => Ok(Some(conn.open_bytes(place(id), &content)?)),
        _ => Ok(None),
    }
}

/// Says when the papers of a demand are destroyed.
pub fn destroy_on(conn: &mut Conn, demand: DemandId, day: Day) -> Result<()> {
    on!(conn, c => diesel::update(desk_papers::table.filter(desk_papers::demand_id.eq(demand.get())))
        .set(desk_papers::destroy_day.eq(day.get()))
        .execute(c))?;
    Ok(())
}

/// Destroys every paper whose day is over. Its tombstone stays.
pub fn destroy_due(conn: &mut Conn, today: Day) -> Result<usize> {
    let gone = on!(conn, c => diesel::update(desk_papers::table
            .filter(desk_papers::destroy_day.lt(today.get()))
            .filter(desk_papers::content.ne(Vec::<u8>::new())))
        .set(desk_papers::content.eq(Vec::<u8>::new()))
        .execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(gone)
}
