//! What officers work on and nobody has sent or published. It is gone as soon as it is out, or no longer wanted.

use bauta_model::{Day, DemandId, DraftId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::desk_drafts;
use crate::{Conn, Place, Result};

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Random.
    pub id: DraftId,
    /// Which demand.
    pub demand: DemandId,
    /// A number that the desk gives a meaning.
    pub kind: i16,
    /// Who wrote it last.
    pub officer: i64,
    /// When it was last written.
    pub changed: Day,
    /// When it is destroyed, once that is known.
    pub destroy: Option<Day>,
    /// What it says.
    pub content: Vec<u8>,
}

const fn place(id: DraftId) -> Place {
    Place::new("desk_drafts", "content", id.get())
}

/// Keeps a draft, in the place of what was there under its id.
pub fn put(conn: &mut Conn, draft: &Draft) -> Result<()> {
    remove(conn, draft.id)?;
    let content = conn.seal_bytes(place(draft.id), &draft.content);
    on!(conn, c => diesel::insert_into(desk_drafts::table)
        .values((
            desk_drafts::id.eq(draft.id.get()),
            desk_drafts::demand_id.eq(draft.demand.get()),
            desk_drafts::kind.eq(draft.kind),
            desk_drafts::officer_id.eq(draft.officer),
            desk_drafts::changed_day.eq(draft.changed.get()),
            desk_drafts::destroy_day.eq(draft.destroy.map(Day::get)),
            desk_drafts::content.eq(&content),
        ))
        .execute(c))?;
    Ok(())
}

type Row = (i64, i64, i16, i64, i32, Option<i32>, Vec<u8>);

fn draft(conn: &Conn, (id, demand, kind, officer, changed, destroy, content): Row) -> Result<Draft> {
    let id = DraftId::new(id);
    Ok(Draft {
        id,
        demand: DemandId::new(demand),
        kind,
        officer,
        changed: Day::new(changed),
        destroy: destroy.map(Day::new),
        content: conn.open_bytes(place(id), &content)?,
    })
}

/// The drafts of a demand, oldest day first.
pub fn of(conn: &mut Conn, demand: DemandId) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = on!(conn, c => desk_drafts::table
        .filter(desk_drafts::demand_id.eq(demand.get()))
        .order((desk_drafts::changed_day, desk_drafts::id))
        .select((
            desk_drafts::id,
            desk_drafts::demand_id,
            desk_drafts::kind,
            desk_drafts::officer_id,
            desk_drafts::changed_day,
            desk_drafts::destroy_day,
            desk_drafts::content,
        ))
        .load(c))?;
    rows.into_iter().map(|row| draft(conn, row)).collect()
}

/// A draft goes.
pub fn remove(conn: &mut Conn, id: DraftId) -> Result<()> {
    let gone = on!(conn, c => diesel::delete(desk_drafts::table.find(id.get())).execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(())
}

/// Says when the drafts of a demand are destroyed.
pub fn destroy_on(conn: &mut Conn, demand: DemandId, day: Day) -> Result<()> {
    on!(conn, c => diesel::update(desk_drafts::table.filter(desk_drafts::demand_id.eq(demand.get())))
        .set(desk_drafts::destroy_day.eq(day.get()))
        .execute(c))?;
    Ok(())
}

/// Destroys every draft whose day is over.
pub fn destroy_due(conn: &mut Conn, today: Day) -> Result<usize> {
    let gone = on!(conn, c => diesel::delete(desk_drafts::table.filter(desk_drafts::destroy_day.lt(today.get())))
        .execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(gone)
}
