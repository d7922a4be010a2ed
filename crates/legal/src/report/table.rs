//! The report's tables: their columns with a sentence each, and their rows. CSV, JSON, schema and pages come from here.

use serde_json::{Map, Value, json};

use super::{Counts, Report};

/// One table.
pub struct Table {
    /// Its name, which its files have too.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many of the first columns name a row.
    pub keys: usize,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub says: &'static str,
    /// Numbers; else text.
    pub is_number: bool,
}

/// What stands in a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// Nothing.
    Nothing,
}

const fn text(name: &'static str, says: &'static str) -> Column {
    Column {
        name,
        says,
        is_number: false,
    }
}

const fn number(name: &'static str, says: &'static str) -> Column {
    Column {
        name,
        says,
        is_number: true,
    }
}

const HALF: Column = text("half_year", "Half-year in which the demand was received, UTC");

/// What is counted, in the order of [`figures`].
pub const FIGURES: [Column; 21] = [
    number("demands", "Demands received"),
    number("accounts_asked", "Accounts that they ask about"),
    number("accounts_affected", "Accounts about which something was produced"),
    number("accounts_notified", "Accounts that were told"),
    number("produced_full", "Demands answered in full"),
    number("produced_part", "Demands answered in part"),
    number("nothing_held", "Demands for what is not held"),
    number("refused", "Demands refused, or not genuine"),
    number("withdrawn", "Demands issued, then withdrawn"),
    number("renewed", "Of the withdrawn, those that came again"),
    number("quashed", "Demands set aside by a court"),
    number("challenged_by_provider", "Demands that we challenged in court"),
    number(
        "challenged_by_user",
        "Demands that a user objected to or challenged",
    ),
    number(
        "secrecy_requested",
        "Demands that asked for secrecy, which binds nobody",
    ),
    number("secrecy_binding", "Demands under a binding duty of secrecy"),
    number("noticed", "Demands whose users were told"),
    number(
        "notice_delayed",
        "Demands whose notice waited for the end of a duty of secrecy",
    ),
    number(
        "notice_exceptions",
        "Accounts not told, by a written finding of two people",
    ),
    number(
        "median_days_to_notice",
        "Days from receipt to notice, the middle one",
    ),
    number("one_officer", "Demands decided by a desk with a single officer"),
    number("open", "Demands not closed yet"),
];

/// The figures in the order of [`FIGURES`].
pub fn figures(counts: &Counts) -> [Option<u32>; 21] {
    [
        Some(counts.demands),
        Some(counts.accounts_asked),
        Some(counts.accounts_affected),
        Some(counts.accounts_notified),
        Some(counts.produced_full),
        Some(counts.produced_part),
        Some(counts.nothing_held),
        Some(counts.refused),
        Some(counts.withdrawn),
        Some(counts.renewed),
        Some(counts.quashed),
        Some(counts.challenged_by_provider),
        Some(counts.challenged_by_user),
        Some(counts.secrecy_requested),
        Some(counts.secrecy_binding),
        Some(counts.noticed),
        Some(counts.notice_delayed),
        Some(counts.notice_exceptions),
        counts.median_days_to_notice,
        Some(counts.one_officer),
        Some(counts.open),
    ]
}

fn counted(keys: Vec<Cell>, counts: &Counts) -> Vec<Cell> {
    let numbers = figures(counts).map(|figure| figure.map_or(Cell::Nothing, |n| Cell::Number(n.into())));
    [keys, numbers.to_vec()].concat()
}

fn with_figures(keys: &[Column]) -> Vec<Column> {
    [keys, FIGURES.as_slice()].concat()
}

fn said(text: impl ToString) -> Cell {
    Cell::Text(text.to_string())
}

/// Every table of a report.
pub fn tables(report: &Report) -> [Table; 5] {
    [
        periods(report),
        demands(report),
        eu(report),
        bands(report),
        revisions(report),
    ]
}

fn periods(report: &Report) -> Table {
    let rows = report.periods.iter();
    Table {
        name: "half-years",
        title: "Demands by half-year",
        columns: with_figures(&[HALF]),
        keys: 1,
        rows: rows
            .map(|period| counted(vec![said(period.half)], &period.counts))
            .collect(),
    }
}

fn demands(report: &Report) -> Table {
    let rows = report.rows.iter().map(|row| {
        let keys = vec![
            said(row.half),
            said(&row.bucket),
            said(&row.instrument),
            said(&row.issuer),
            said(&row.rank),
        ];
        counted(keys, &row.counts)
    });
    Table {
        name: "demands",
        title: "Demands by half-year, instrument and issuer",
        columns: with_figures(&[
            HALF,
            text("kind", "What the demand is counted as"),
            text("instrument", "The rule pack's name of the instrument"),
            text("issuer", "The office that issued it, never a person"),
            text("rank", "The rank of who signed, where it says"),
        ]),
        keys: 5,
        rows: rows.collect(),
    }
}

fn eu(report: &Report) -> Table {
    let optional = |hours: Option<u32>| hours.map_or(Cell::Nothing, |hours| Cell::Number(hours.into()));
    let rows = report.eu.iter().map(|row| {
        vec![
            said(row.half),
            said(&row.instrument),
            said(&row.state),
            Cell::Number(row.orders.into()),
            Cell::Number(row.items.into()),
            optional(row.median_hours_to_acknowledge),
            optional(row.median_hours_to_effect),
        ]
    });
    Table {
        name: "eu-orders",
        title: "Orders of authorities in the European Union by half-year, instrument and member state",
        columns: vec![
            HALF,
            text("instrument", "The rule pack's name of the instrument"),
            text(
                "member_state",
                "ISO 3166 code of the member state, where it was written down",
            ),
            number("orders", "Orders received"),
            number("items", "Pieces of information or items that they name"),
            number(
                "median_hours_to_acknowledge",
                "Hours until a letter that acknowledges it was sent, the middle one",
            ),
            number(
                "median_hours_to_effect",
                "Hours until an order was given effect, the middle one",
            ),
        ],
        keys: 3,
        rows: rows.collect(),
    }
}

fn bands(report: &Report) -> Table {
    let rows = report.bands.iter().map(|band| {
        vec![
            said(band.half),
            Cell::Number(band.process.low().into()),
            Cell::Number(band.process.high().into()),
            Cell::Number(band.selectors.low().into()),
            Cell::Number(band.selectors.high().into()),
            Cell::Number(band.revision.into()),
        ]
    });
    Table {
        name: "national-security",
        title: "National-security process by half-year, in bands of 250",
        columns: vec![
            text("half_year", "Half-year, UTC"),
            number(
                "process_from",
                "Orders, letters and directives of all kinds: at least",
            ),
            number(
                "process_to",
                "Orders, letters and directives of all kinds: at most",
            ),
            number("selectors_from", "Customer selectors that they named: at least"),
            number("selectors_to", "Customer selectors that they named: at most"),
            number("revision", "How often the band was corrected"),
        ],
        keys: 1,
        rows: rows.collect(),
    }
}

fn revisions(report: &Report) -> Table {
    let rows = report.revisions.iter().map(|revision| {
        vec![
            Cell::Number(revision.index),
            said(&revision.of),
            Cell::Number(revision.revision.into()),
        ]
    });
    Table {
        name: "revisions",
        title: "Figures that were corrected",
        columns: vec![
            number("index", "Place in the log of the entry that corrects"),
            text("of", "The demand, or the half-year of a band"),
            number("revision", "Which correction of it, from 1"),
        ],
        keys: 1,
        rows: rows.collect(),
    }
}

impl Table {
    /// RFC 4180, with a header.
    pub fn csv(&self) -> String {
        let header: Vec<String> = self.columns.iter().map(|column| column.name.to_owned()).collect();
        let mut out = header.join(",") + "\r\n";
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(Cell::csv).collect();
            out += &cells.join(",");
            out += "\r\n";
        }
        out
    }

    /// An array of objects.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
        format!("{:#}\n", Value::Array(rows))
    }

    fn object(&self, row: &[Cell]) -> Value {
        let pairs = self.columns.iter().zip(row);
        let map: Map<String, Value> = pairs
            .map(|(column, cell)| (column.name.to_owned(), cell.json()))
            .collect();
        Value::Object(map)
    }

    /// The Table Schema of a data package.
    pub fn schema(&self) -> Value {
        let fields: Vec<Value> = self
            .columns
            .iter()
            .map(|column| {
                let kind = if column.is_number { "integer" } else { "string" };
                json!({"name": column.name, "type": kind, "description": column.says})
            })
            .collect();
        let keys: Vec<&str> = self.columns[..self.keys]
            .iter()
            .map(|column| column.name)
            .collect();
        json!({"fields": fields, "primaryKey": keys, "missingValues": [""]})
    }
}

impl Cell {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Nothing => Value::Null,
        }
    }

    fn csv(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Nothing => String::new(),
        }
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front: it may come from a demand.
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_cell_and_is_no_formula() {
        assert_eq!(quoted("An \"office\", abroad"), "\"An \"\"office\"\", abroad\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("Waterways Office"), "Waterways Office");
    }
}
