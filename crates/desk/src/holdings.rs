//! Asked against held: each line of a demand against the inventory and the live database.
//!
//! Only what was asked is answered. An account that does not exist takes the same path as one that does: the same
//! statements, for a number that nobody has.

use std::collections::{BTreeMap, BTreeSet};

use bauta_inventory::{Counts, Holding, Inventory, Status, Who};
use bauta_legal::{Hash, Line, Record, Scope, ScopeLine};
use bauta_model::AccountId;
use bauta_store::Conn;
use serde::Serialize;

use crate::{Refused, Target};

/// What one line of a demand comes to, once for each state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskedLine {
    /// The number of the line.
    pub line: u16,
    /// What was asked, in its words.
    pub requested: String,
    /// What it comes to.
    pub status: Status,
    /// The columns that answer it.
    pub columns: Vec<String>,
    /// Their rows.
    pub rows: u64,
    /// Everybody can read all of it.
    pub public: bool,
    /// Why, for people.
    pub sentence: String,
    /// For each column and state of its rows.
    #[serde(skip)]
    pub records: Vec<Record>,
}

/// What is counted for a demand's accounts.
pub(crate) struct Counted {
    counts: Counts,
    /// Rows that everybody can read, of the tables whose rows differ in that.
    open: BTreeMap<String, u64>,
    purged: BTreeSet<String>,
}

impl Counted {
    /// Counts for every account of the demand together.
    pub(crate) fn of(conn: &mut Conn, inventory: &Inventory, targets: &[Target]) -> Result<Self, Refused> {
        let purged = bauta_store::desk::purged::tables(conn)?;
        let mut all = Self {
            counts: Counts::new(),
            open: BTreeMap::new(),
            purged,
        };
        for target in targets {
            let account = target.account().unwrap_or_else(AccountId::random);
            for (key, rows) in bauta_store::holdings::count(conn, inventory, account)? {
                *all.counts.entry(key).or_default() += rows;
            }
            for (table, rows) in bauta_store::desk::held::open_rows(conn, inventory, account)? {
                *all.open.entry(table).or_default() += rows;
            }
        }
        Ok(all)
    }

    /// Asked against held, line by line. An umbrella and unknown words are answered by nothing.
    pub(crate) fn answer(&self, inventory: &Inventory, lines: &BTreeMap<u16, Line>) -> Vec<AskedLine> {
        let mut answers = Vec::new();
        for (number, line) in lines.iter().filter(|(_, line)| !line.umbrella) {
            for holding in inventory.holding(&line.text, &self.counts, &self.purged) {
                answers.push(self.line(inventory, *number, holding));
            }
        }
        answers
    }

    fn line(&self, inventory: &Inventory, line: u16, holding: Holding) -> AskedLine {
        let records: Vec<Record> = holding
            .columns
            .iter()
            .flat_map(|path| self.records(inventory, path))
            .collect();
        let public = !records.is_empty() && records.iter().all(|record| record.public || record.rows == 0);
        AskedLine {
            line,
            requested: holding.requested,
            status: holding.status,
            columns: holding.columns,
            rows: holding.rows,
            public,
            sentence: holding.sentence,
            records,
        }
    }

    /// A column; where rows of its table are public or not, once for each.
    fn records(&self, inventory: &Inventory, path: &str) -> Vec<Record> {
        let Some(column) = inventory.column(path) else {
            return Vec::new();
        };
        let rows: u64 = self
            .counts
            .iter()
            .filter(|(key, _)| key.split('.').next() == Some(column.table.as_str()))
            .map(|(_, rows)| rows)
            .sum();
        let record = |public, rows| Record {
            column: path.to_owned(),
            public,
            us: column.us,
            eu: column.eu,
            credential: column.credential,
            rows,
        };
        match self.open.get(&column.table) {
            Some(open) => vec![record(true, *open), record(false, rows.saturating_sub(*open))],
            None => vec![record(
                column.who.contains(&Who::Public) && !column.credential,
                rows,
            )],
        }
    }
}

/// The same as a fact: bound to the inventory and the rules that it was computed from.
pub(crate) fn scope(inventory: &Inventory, pack: Hash, answers: &[AskedLine]) -> Result<Scope, Refused> {
    Ok(Scope {
        inventory: inventory.hash().parse().map_err(|_| Refused::failed())?,
        pack,
        lines: answers
            .iter()
            .map(|answer| ScopeLine {
                line: answer.line,
                status: answer.status,
                records: answer.records.clone(),
            })
            .collect(),
    })
}
