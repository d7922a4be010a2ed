//! Demands, what happened to them, whom they are about, and what was computed for them.

use bauta_model::{CoarseTime, DemandId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{desk_demands, desk_events, desk_findings, desk_targets};
use crate::{Conn, Place, Result};

/// A demand by its numbers: what it says is its first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Random.
    pub id: DemandId,
    /// A random name for the public record.
    pub public_name: String,
    /// The earlier demand that this one renews.
    pub renews: Option<DemandId>,
    /// Random, for the commitments of the public record.
    pub salt: String,
}

/// Something that happened to a demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// From one, without a gap.
    pub number: i32,
    /// When it was entered.
    pub at: CoarseTime,
    /// Who entered it: an account, or one of the two numbers that the desk gives a meaning.
    pub officer: i64,
    /// What happened, as JSON.
    pub fact: String,
}

const fn salt_place(id: DemandId) -> Place {
    Place::new("desk_demands", "salt", id.get())
}

const fn fact_place(id: DemandId) -> Place {
    Place::new("desk_events", "fact", id.get())
}

const fn target_place(id: DemandId) -> Place {
    Place::new("desk_targets", "target", id.get())
}

const fn finding_place(id: DemandId) -> Place {
    Place::new("desk_findings", "finding", id.get())
}

/// Writes a new demand. It can't be changed afterwards.
pub fn insert(conn: &mut Conn, demand: &Demand) -> Result<()> {
    let salt = conn.seal(salt_place(demand.id), &demand.salt);
    on!(conn, c => diesel::insert_into(desk_demands::table)
        .values((
            desk_demands::id.eq(demand.id.get()),
            desk_demands::public_name.eq(&demand.public_name),
            desk_demands::renews_id.eq(demand.renews.map(DemandId::get)),
            desk_demands::salt.eq(&salt),
        ))
        .execute(c))?;
    Ok(())
}

type Row = (i64, String, Option<i64>, Vec<u8>);

fn demand(conn: &Conn, (id, public_name, renews, salt): Row) -> Result<Demand> {
    let id = DemandId::new(id);
    Ok(Demand {
        id,
        public_name,
        renews: renews.map(DemandId::new),
        salt: conn.open(salt_place(id), &salt)?,
    })
}

/// Every demand, in no order that means anything.
pub fn all(conn: &mut Conn) -> Result<Vec<Demand>> {
    let rows: Vec<Row> = on!(conn, c => desk_demands::table.load(c))?;
    rows.into_iter().map(|row| demand(conn, row)).collect()
}

/// The demand of an id.
pub fn by_id(conn: &mut Conn, id: DemandId) -> Result<Option<Demand>> {
    let row: Option<Row> = on!(conn, c => desk_demands::table.find(id.get()).first(c).optional())?;
    row.map(|row| demand(conn, row)).transpose()
}

/// The demand of a public name.
pub fn by_public_name(conn: &mut Conn, name: &str) -> Result<Option<Demand>> {
    let row: Option<Row> = on!(conn, c => desk_demands::table
        .filter(desk_demands::public_name.eq(name))
        .first(c)
        .optional())?;
    row.map(|row| demand(conn, row)).transpose()
}

/// Demands that renew `id`.
pub fn renewals(conn: &mut Conn, id: DemandId) -> Result<Vec<DemandId>> {
    let ids: Vec<i64> = on!(conn, c => desk_demands::table
        .filter(desk_demands::renews_id.eq(id.get()))
        .select(desk_demands::id)
        .load(c))?;
    Ok(ids.into_iter().map(DemandId::new).collect())
}

/// What happened to a demand, in order.
pub fn events(conn: &mut Conn, id: DemandId) -> Result<Vec<Event>> {
    let rows: Vec<(i32, i64, i64, Vec<u8>)> = on!(conn, c => desk_events::table
        .filter(desk_events::demand_id.eq(id.get()))
        .order(desk_events::number)
        .select((desk_events::number, desk_events::slot, desk_events::officer_id, desk_events::fact))
        .load(c))?;
    rows.into_iter()
        .map(|(number, slot, officer, fact)| {
            Ok(Event {
                number,
                at: CoarseTime::from_unix_seconds(slot),
                officer,
                fact: conn.open(fact_place(id), &fact)?,
            })
        })
        .collect()
}

/// Appends what happened. The error [`crate::Error::is_duplicate`] says that somebody else was there first.
pub fn append(conn: &mut Conn, id: DemandId, event: &Event) -> Result<()> {
    let fact = conn.seal(fact_place(id), &event.fact);
    on!(conn, c => diesel::insert_into(desk_events::table)
        .values((
            desk_events::demand_id.eq(id.get()),
            desk_events::number.eq(event.number),
            desk_events::slot.eq(event.at.unix_seconds()),
            desk_events::officer_id.eq(event.officer),
            desk_events::fact.eq(&fact),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes down whom a demand is about, each as a text of JSON.
pub fn insert_targets(conn: &mut Conn, id: DemandId, targets: &[String]) -> Result<()> {
    for (at, target) in targets.iter().enumerate() {
        let target = conn.seal(target_place(id), target);
        on!(conn, c => diesel::insert_into(desk_targets::table)
            .values((
                desk_targets::demand_id.eq(id.get()),
                desk_targets::number.eq(at as i32 + 1),
                desk_targets::target.eq(&target),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Whom a demand is about, in its order.
pub fn targets(conn: &mut Conn, id: DemandId) -> Result<Vec<String>> {
    let rows: Vec<Vec<u8>> = on!(conn, c => desk_targets::table
        .filter(desk_targets::demand_id.eq(id.get()))
        .order(desk_targets::number)
        .select(desk_targets::target)
        .load(c))?;
    rows.iter()
        .map(|target| conn.open(target_place(id), target))
        .collect()
}

/// Keeps what was computed for event `number`.
pub fn insert_finding(conn: &mut Conn, id: DemandId, number: i32, kind: i16, finding: &str) -> Result<()> {
    let finding = conn.seal(finding_place(id), finding);
    on!(conn, c => diesel::insert_into(desk_findings::table)
        .values((
            desk_findings::demand_id.eq(id.get()),
            desk_findings::number.eq(number),
            desk_findings::kind.eq(kind),
            desk_findings::finding.eq(&finding),
        ))
        .execute(c))?;
    Ok(())
}

/// What was computed of this kind, in order, with the events that it was computed for.
pub fn findings(conn: &mut Conn, id: DemandId, kind: i16) -> Result<Vec<(i32, String)>> {
    let rows: Vec<(i32, Vec<u8>)> = on!(conn, c => desk_findings::table
        .filter(desk_findings::demand_id.eq(id.get()).and(desk_findings::kind.eq(kind)))
        .order(desk_findings::number)
        .select((desk_findings::number, desk_findings::finding))
        .load(c))?;
    rows.into_iter()
        .map(|(number, finding)| Ok((number, conn.open(finding_place(id), &finding)?)))
        .collect()
}
