//! What is held about an account, row by row, for a sealed copy and for a production; and the copies that a hold keeps.
//!
//! The statements are built from inventory.toml, whose names were compared with the live tables at start. A credential is
//! never read here.

use std::collections::BTreeMap;

use bauta_inventory::{Column, Inventory, Table};
use bauta_model::{AccountId, Day, DemandId, HoldId, Visibility};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Map, Value};

use crate::conn::{Backend, on};
use crate::holdings::belongs;
use crate::schema::{desk_holds, held_rows, holds};
use crate::{Conn, Error, Place, Result};

/// A row that is held about an account.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    /// Everybody can read it, whatever its columns' class.
    pub public: bool,
    /// The values that were asked for, by column.
    pub values: Map<String, Value>,
}

/// The inventory's name of the files that pictures lie in.
const FILES: &str = "media/*";

/// The purpose of a copy that a demand made: an order to preserve, or the desk's own decision.
const FOR_A_DEMAND: i16 = 1;

/// The columns by which the seal of a table's values is bound to its row.
const ROWS: [(&str, &str); 21] = [
    ("accounts", "id"),
    ("keyholders", "id"),
    ("waiting_accounts", "account_id"),
    ("proposals", "id"),
    ("posts", "id"),
    ("post_edits", "post_id"),
    ("attachments", "media_id"),
    ("post_edit_media", "media_id"),
    ("poll_options", "post_id"),
    ("post_edit_options", "post_id"),
    ("scheduled_posts", "id"),
    ("aside_drafts", "id"),
    ("short_links", "post_id"),
    ("reports", "id"),
    ("moderation_actions", "id"),
    ("appeals", "action_id"),
    ("desk_notices", "id"),
    ("lists", "id"),
    ("account_notes", "target_id"),
    ("filters", "id"),
    ("filter_keywords", "id"),
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The rows of `table` that are about `account`, with the named columns, leaving out credentials.
///
/// # Errors
/// [`Error::Sealed`] where a value does not open.
pub fn rows(
    conn: &mut Conn,
    inventory: &Inventory,
    table: &Table,
    columns: &[&str],
    account: AccountId,
) -> Result<Vec<HeldRow>> {
    let chosen: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| columns.contains(&column.name.as_str()) && !column.credential)
        .collect();
    if chosen.is_empty() || table.subject.is_empty() {
        return Ok(Vec::new());
    }
    let sql = rows_sql(inventory, table, &chosen, conn.is_sqlite());
    let lines: Vec<Line> = match &mut conn.backend {
        Backend::Sqlite(c) => diesel::sql_query(sql).bind::<BigInt, _>(account.get()).load(c)?,
        Backend::Postgres(c) => diesel::sql_query(sql).bind::<BigInt, _>(account.get()).load(c)?,
    };
    lines
        .iter()
        .map(|line| held_row(conn, table, &chosen, &line.line))
        .collect()
}

/// Rows that everybody can read, by table: of each table in which a row may be public or not. The same statements
/// whether there is such an account or not.
pub fn open_rows(
    conn: &mut Conn,
    inventory: &Inventory,
    account: AccountId,
) -> Result<BTreeMap<String, u64>> {
    let mut open = BTreeMap::new();
    for table in inventory.tables.iter().filter(|table| !table.subject.is_empty()) {
        let decides = decides(inventory, table);
        if decides == "NULL" {
            continue;
        }
        let parameter = if conn.is_sqlite() { "?1" } else { "$1" };
        let sql = format!(
            "SELECT count(*) AS open_rows FROM {} WHERE ({}) AND {decides} <= {}",
            table.name,
            belongs(inventory, &table.subject[0], parameter),
            Visibility::Unlisted.code()
        );
        let row: Open =
            on!(conn, c => diesel::sql_query(sql).bind::<BigInt, _>(account.get()).get_result(c))?;
        open.insert(table.name.clone(), row.open_rows as u64);
    }
    Ok(open)
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = BigInt)]
    open_rows: i64,
}

fn rows_sql(inventory: &Inventory, table: &Table, columns: &[&Column], sqlite: bool) -> String {
    let hex = |column: &str| {
        if sqlite {
            format!("hex({column})")
        } else {
            format!("encode({column}, 'hex')")
        }
    };
    let row = row_column(&table.name).unwrap_or("0");
    let mut pairs = vec![
        format!("'_row', {row}"),
        format!("'_decides', {}", decides(inventory, table)),
    ];
    for column in columns {
        let value = if column.sealed {
            hex(&column.name)
        } else {
            column.name.clone()
        };
        pairs.push(format!("'{}', {value}", column.name));
    }
    let parameter = if sqlite { "?1" } else { "$1" };
    let whose: Vec<String> = table
        .subject
        .iter()
        .map(|subject| belongs(inventory, subject, parameter))
        .collect();
    let (object, first) = (
        if sqlite {
            "json_object"
        } else {
            "json_build_object"
        },
        &table.columns[0].name,
    );
    format!(
        "SELECT CAST({object}({}) AS TEXT) AS line FROM {} WHERE {} ORDER BY {first}",
        pairs.join(", "),
        table.name,
        whose.join(" OR ")
    )
}

/// What says whether a row is public: a column of its own, or one of the row that it belongs to.
fn decides(inventory: &Inventory, table: &Table) -> String {
    if let Some(column) = &table.decides {
        return column.clone();
    }
    let through = table.subject.first().and_then(|subject| {
        let parent = inventory.table(subject.through.as_deref()?)?;
        Some((parent, parent.decides.as_ref()?, &subject.column))
    });
    through.map_or("NULL".to_owned(), |(parent, column, own)| {
        format!(
            "(SELECT d.{column} FROM {0} AS d WHERE d.id = {1}.{own})",
            parent.name, table.name
        )
    })
}

fn row_column(table: &str) -> Option<&'static str> {
    ROWS.into_iter()
        .find(|(name, _)| *name == table)
        .map(|(_, column)| column)
}

fn held_row(conn: &Conn, table: &Table, columns: &[&Column], line: &str) -> Result<HeldRow> {
    let broken = Error::Unknown("a row that is held");
    let Ok(Value::Object(mut read)) = serde_json::from_str(line) else {
        return Err(broken);
    };
    let row = read.get("_row").and_then(Value::as_i64).unwrap_or_default();
    let public = read
        .get("_decides")
        .and_then(Value::as_i64)
        .and_then(|code| Visibility::from_code(code as i16))
        .is_some_and(Visibility::is_open);
    let mut values = Map::new();
    for column in columns {
        let value = read.remove(&column.name).unwrap_or(Value::Null);
        let value = match (&value, column.sealed, declared(&table.name, &column.name)) {
            (Value::String(hex), true, Some((table, column))) => {
                let sealed = from_hex(hex).ok_or(Error::Sealed { table, column })?;
                Value::String(conn.open(Place::new(table, column, row), &sealed)?)
            }
            _ => value,
        };
        values.insert(column.name.clone(), value);
    }
    Ok(HeldRow { public, values })
}

/// A place has names that live as long as the program: those of the built-in inventory.
fn declared(table: &str, column: &str) -> Option<(&'static str, &'static str)> {
    let found = Inventory::builtin().table(table)?;
    let column = found.columns.iter().find(|one| one.name == column)?;
    Some((&found.name, &column.name))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks_exact(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    bytes.collect()
}

/// A copy that a hold keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Random.
    pub id: HoldId,
    /// The last day, once there is one.
    pub until: Option<Day>,
    /// How many rows were copied, by table; and how many pictures, under the name of their files in the inventory.
    pub rows: Vec<(String, i64)>,
}

/// Copies rows: each a table's name and a text of JSON, sealed here. What is deleted live stays in the copy.
pub fn hold(
    conn: &mut Conn,
    demand: DemandId,
    account: AccountId,
    until: Option<Day>,
    copies: &[(String, String)],
) -> Result<HoldId> {
    let id = HoldId::random();
    on!(conn, c => diesel::insert_into(holds::table)
        .values((
            holds::id.eq(id.get()),
            holds::purpose.eq(FOR_A_DEMAND),
            holds::account_id.eq(account.get()),
            holds::until_day.eq(until.map(Day::get)),
        ))
        .execute(c))?;
    on!(conn, c => diesel::insert_into(desk_holds::table)
        .values((desk_holds::hold_id.eq(id.get()), desk_holds::demand_id.eq(demand.get())))
        .execute(c))?;
    for (at, (table, content)) in copies.iter().enumerate() {
        let content = conn.seal(copy_place(id), content);
        on!(conn, c => diesel::insert_into(held_rows::table)
            .values((
                held_rows::hold_id.eq(id.get()),
                held_rows::number.eq(at as i32 + 1),
                held_rows::source_table.eq(table),
                held_rows::content.eq(&content),
            ))
            .execute(c))?;
    }
    Ok(id)
}

const fn copy_place(id: HoldId) -> Place {
    Place::new("held_rows", "content", id.get())
}

/// The copies that are kept for a demand.
pub fn holds_of(conn: &mut Conn, demand: DemandId) -> Result<Vec<Hold>> {
    let found: Vec<(i64, Option<i32>)> = on!(conn, c => holds::table
        .inner_join(desk_holds::table.on(desk_holds::hold_id.eq(holds::id)))
        .filter(desk_holds::demand_id.eq(demand.get()))
        .order(holds::id)
        .select((holds::id, holds::until_day))
        .load(c))?;
    found
        .into_iter()
        .map(|(id, until)| {
            let mut rows: Vec<(String, i64)> = on!(conn, c => held_rows::table
                .filter(held_rows::hold_id.eq(id))
                .group_by(held_rows::source_table)
                .order(held_rows::source_table)
                .select((held_rows::source_table, diesel::dsl::count_star()))
                .load(c))?;
            let files = super::held_files::count(conn, HoldId::new(id))?;
            if files > 0 {
                rows.push((FILES.to_owned(), files));
            }
            Ok(Hold {
                id: HoldId::new(id),
                until: until.map(Day::new),
                rows,
            })
        })
        .collect()
}

/// The copied rows of a demand about `account`, as they were when they were copied: table and text of JSON.
pub fn copies(conn: &mut Conn, demand: DemandId, account: AccountId) -> Result<Vec<(String, String)>> {
    let rows: Vec<(i64, String, Vec<u8>)> = on!(conn, c => held_rows::table
        .inner_join(holds::table.on(holds::id.eq(held_rows::hold_id)))
        .inner_join(desk_holds::table.on(desk_holds::hold_id.eq(held_rows::hold_id)))
        .filter(desk_holds::demand_id.eq(demand.get()).and(holds::account_id.eq(account.get())))
        .order((held_rows::hold_id, held_rows::number))
        .select((held_rows::hold_id, held_rows::source_table, held_rows::content))
        .load(c))?;
    rows.into_iter()
        .map(|(hold, table, content)| Ok((table, conn.open(copy_place(HoldId::new(hold)), &content)?)))
        .collect()
}

/// Says until when a demand's copies are kept: they go by themselves when the day is over.
pub fn keep_until(conn: &mut Conn, demand: DemandId, day: Day) -> Result<()> {
    let ids = desk_holds::table
        .filter(desk_holds::demand_id.eq(demand.get()))
        .select(desk_holds::hold_id);
    on!(conn, c => diesel::update(holds::table.filter(holds::id.eq_any(ids)))
        .set(holds::until_day.eq(day.get()))
        .execute(c))?;
    Ok(())
}

/// Destroys a demand's copies.
pub fn release(conn: &mut Conn, demand: DemandId) -> Result<()> {
    let ids = desk_holds::table
        .filter(desk_holds::demand_id.eq(demand.get()))
        .select(desk_holds::hold_id);
    on!(conn, c => diesel::delete(holds::table.filter(holds::id.eq_any(ids))).execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sealed_value_of_a_person_is_bound_to_a_row() {
        // A pick-up is encrypted to counsel's key: there is nothing to read in it.
        for table in Inventory::builtin()
            .tables
            .iter()
            .filter(|table| !table.subject.is_empty())
        {
            // Credentials are left out of every copy: nothing of them is opened here.
            let sealed = table
                .columns
                .iter()
                .any(|column| column.sealed && !column.credential);
            assert_eq!(
                sealed && table.name != "desk_pickups",
                row_column(&table.name).is_some(),
                "{}",
                table.name
            );
        }
    }
}
