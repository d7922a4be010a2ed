//! The hold: a sealed copy of the rows that are held, requested and no credential.

use std::collections::{BTreeMap, BTreeSet};

use bauta_inventory::{Inventory, Status};
use bauta_legal::{Fact, Held, HoldDecision, PreservationFact, ProcessFact};
use bauta_model::{AccountId, DemandId};
use bauta_store::Conn;
use bauta_store::desk::held::{self, HeldRow};
use serde_json::{Value, json};

use crate::case::Entry;
use crate::holdings::{AskedLine, Counted};
use crate::{Case, Desk, Officer, PictureBytes, Refused};

/// `column`s of held lines, by table.
pub(crate) fn columns_by_table<'a>(
    paths: impl IntoIterator<Item = &'a str>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, column) in paths.into_iter().filter_map(|path| path.split_once('.')) {
        tables.entry(table).or_default().insert(column);
    }
    tables
}

/// The rows of an account, of these tables and columns.
pub(crate) fn live_rows(
    conn: &mut Conn,
    inventory: &Inventory,
    account: AccountId,
    tables: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<Vec<(String, HeldRow)>, Refused> {
    let mut rows = Vec::new();
    for (name, columns) in tables {
        let Some(table) = inventory.table(name) else {
            continue;
        };
        let columns: Vec<&str> = columns.iter().copied().collect();
        let found = held::rows(conn, inventory, table, &columns, account)?;
        rows.extend(found.into_iter().map(|row| ((*name).to_owned(), row)));
    }
    Ok(rows)
}

/// Copies what answers the demand, pictures with their bytes, for each of its accounts. Gives the columns that were copied.
fn copy(
    entry: &mut Entry<'_>,
    inventory: &Inventory,
    pictures: &PictureBytes,
    only: Option<&BTreeSet<String>>,
) -> Result<BTreeSet<String>, Refused> {
    let counted = Counted::of(entry.conn, inventory, &entry.case.targets)?;
    let answers = counted.answer(inventory, &entry.case.state.process.lines);
    let columns: BTreeSet<String> = answers
        .iter()
        .filter(|answer| answer.status == Status::Held)
        .flat_map(|answer: &AskedLine| answer.columns.clone())
        .filter(|path| only.is_none_or(|only| only.contains(path)))
        .collect();
    let tables = columns_by_table(columns.iter().map(String::as_str));
    for account in entry.case.found() {
        let rows = live_rows(entry.conn, inventory, account, &tables)?;
        let copies: Vec<(String, String)> = rows
            .into_iter()
            .map(|(table, row)| {
                (
                    table,
                    json!({"public": row.public, "values": row.values}).to_string(),
                )
            })
            .collect();
        let hold = held::hold(entry.conn, entry.case.id, account, None, &copies)?;
        crate::pictures::keep(entry.conn, pictures, hold, account, &columns)?;
    }
    Ok(columns)
}

/// The copied rows of an account; nothing where no hold was recorded.
pub(crate) fn copied_rows(
    conn: &mut Conn,
    demand: DemandId,
    account: AccountId,
    tables: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<Vec<(String, HeldRow)>, Refused> {
    let mut rows = Vec::new();
    for (table, content) in held::copies(conn, demand, account)? {
        let Some(columns) = tables.get(table.as_str()) else {
            continue;
        };
        let copy: Value = serde_json::from_str(&content).map_err(|_| Refused::failed())?;
        let values = copy
            .get("values")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let row = HeldRow {
            public: copy.get("public").and_then(Value::as_bool).unwrap_or_default(),
            values: values
                .into_iter()
                .filter(|(column, _)| columns.contains(column.as_str()))
                .collect(),
        };
        rows.push((table, row));
    }
    Ok(rows)
}

impl Desk {
    /// Records the decision about a hold: the first thing that happens to a demand. With [`Held::SealedCopy`] the copy is
    /// made in the same transaction.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn hold(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        held: Held,
        reason: String,
    ) -> Result<Case, Refused> {
        let (inventory, pictures) = (self.inventory, self.pictures.clone());
        self.change(officer, id, expected, move |entry| {
            entry.add(Fact::Process(ProcessFact::HoldDecided(HoldDecision {
                held,
                reason,
            })))?;
            if held == Held::SealedCopy && held::holds_of(entry.conn, id)?.is_empty() {
                copy(entry, inventory, &pictures, None)?;
            }
            Ok(entry.case.clone())
        })
        .await
    }

    /// Copies just the named records until a day, as an order to preserve asks.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where a named record is no answer to the demand; else as [`Desk::record`].
    pub async fn preserve(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        columns: BTreeSet<String>,
        until: bauta_model::Day,
    ) -> Result<Case, Refused> {
        let (inventory, pictures) = (self.inventory, self.pictures.clone());
        self.change(officer, id, expected, move |entry| {
            let ends = until.plus(1).start();
            let copied = copy(entry, inventory, &pictures, Some(&columns))?;
            if let Some(other) = columns.difference(&copied).next() {
                return Err(Refused::invalid(
                    "columns",
                    format!("{other} is not held, or was not asked for"),
                ));
            }
            held::keep_until(entry.conn, id, until)?;
            entry.add(Fact::Preservation(PreservationFact::Activated {
                columns,
                until: ends,
            }))?;
            Ok(entry.case.clone())
        })
        .await
    }

    /// Keeps the copies longer, or lets them go.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn preserve_until(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        until: Option<bauta_model::Day>,
    ) -> Result<Case, Refused> {
        self.change(officer, id, expected, move |entry| {
            if let Some(until) = until {
                let ends = until.plus(1).start();
                entry.add(Fact::Preservation(PreservationFact::Extended { until: ends }))?;
                held::keep_until(entry.conn, id, until)?;
            } else {
                entry.add(Fact::Preservation(PreservationFact::Released {}))?;
                held::release(entry.conn, id)?;
            }
            Ok(entry.case.clone())
        })
        .await
    }
}
