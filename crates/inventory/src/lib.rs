//! inventory.toml as types: what is held, why, who sees it and for how long. Pure: no database, no files.
//!
//! Undeclared data does not exist (law 1), and there is one truth for the user and for the court (law 12): the page
//! "What we hold about you", the holdings of the desk, the export and the privacy page are made from [`Inventory`].
//! A row that is about somebody under a hold is in none of them (see [`GAG_SENTENCE`]).

mod answer;
mod class;
mod compare;
mod deny;
mod holdings;
mod load;
mod markdown;
mod raw;

use std::sync::LazyLock;

pub use answer::{Answer, Holding, Status};
pub use class::{Eu, Keep, Unit, Us, Who};
pub use compare::{Difference, LiveColumn, compare};
pub use holdings::{
    Counts, GAG_SENTENCE, Held, HeldLine, HeldValue, Holdings, MACHINE_SENTENCE, NeverLine, OTHERS_SENTENCE,
    OutsideLine, ValueKind, Values, held_things, holdings, what_we_hold,
};
pub use load::Invalid;
pub use markdown::markdown;

/// The file as it was when the program was built.
const FILE: &str = include_str!("../../../inventory.toml");

/// Everything that inventory.toml declares.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Lines of "What we hold about you", in their order.
    pub things: Vec<Thing>,
    /// Tables, in the order of the migrations.
    pub tables: Vec<Table>,
    /// Files, log lines, stores in memory, and what leaves the server.
    pub places: Vec<Place>,
    /// What is never collected.
    pub never: Vec<Never>,
    /// What was held and is destroyed by rule.
    pub expired: Vec<Expired>,
    /// What lies outside the program.
    pub outside: Vec<Outside>,
    /// What demands ask for, and the columns that answer.
    pub requests: Vec<Request>,
    /// Demands that name no kind of record.
    pub umbrella: Umbrella,
    hash: String,
}

/// What a person sees as one line.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Its name in the file.
    pub name: String,
    /// What it is called, in plain words.
    pub label: String,
    /// It is about a person.
    pub personal: bool,
    /// Why it is held.
    pub why: String,
    /// Who can see it, in words for the person.
    pub who: String,
    /// Until when it is held, in words for the person.
    pub until: String,
}

/// A table of the database.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What its rows are called beside their number, in plain words.
    pub noun: Option<String>,
    /// The columns that tie a row to the person whose row it is.
    pub subject: Vec<Subject>,
    /// Columns that name somebody else's account.
    pub names: Vec<String>,
    /// The column that says whether a row is public. A row that is needs no warrant, whatever its columns' class.
    pub decides: Option<String>,
    /// What the store deletes by itself.
    pub purge: Option<Purge>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// How a row is tied to a person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The column that holds an account's id, or the id of a row of `through`.
    pub column: String,
    /// The table whose subject is the subject of this row too.
    pub through: Option<String>,
    /// What such rows are called, when a table has several subjects.
    pub noun: Option<String>,
}

/// Rows that the store deletes by itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purge {
    /// The column with the time.
    pub column: String,
    /// What the column counts.
    pub unit: Unit,
    /// How many whole units after the one in the column the row stays.
    pub keep: u32,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// The table.
    pub table: String,
    /// The column.
    pub name: String,
    /// The thing that it belongs to.
    pub thing: String,
    /// Class of 18 USC 2703.
    pub us: Us,
    /// Class of Regulation (EU) 2023/1543.
    pub eu: Eu,
    /// Why there is such a column.
    pub purpose: String,
    /// Who can see it.
    pub who: Vec<Who>,
    /// How long it stays.
    pub keep: Keep,
    /// Why it can't be coarser.
    pub coarser: String,
    /// Never shown, exported or produced: only that it exists is said.
    pub credential: bool,
    /// Passes the seal/open pair of crate store.
    pub sealed: bool,
    /// The word under which its value is listed for the person.
    pub show: Option<String>,
}

impl Column {
    /// `posts.text`: the name by which everybody speaks of it.
    pub fn path(&self) -> String {
        format!("{}.{}", self.table, self.name)
    }
}

/// Where something is held or goes, other than a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A file of the data directory, or a backup.
    File,
    /// Lines on standard output and standard error.
    Log,
    /// A store in memory that outlives a request.
    Memory,
    /// A group of fields that leaves the server.
    Outgoing,
}

/// A file, a log, a store in memory, or a group of fields that leaves the server.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which of them.
    pub kind: PlaceKind,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub holds: String,
    /// Fields or events, where the list is closed.
    pub fields: Vec<String>,
    /// Class of 18 USC 2703.
    pub us: Us,
    /// Class of Regulation (EU) 2023/1543.
    pub eu: Eu,
    /// Why there is such a thing.
    pub purpose: String,
    /// Who can see it.
    pub who: Vec<Who>,
    /// How long it stays.
    pub keep: Keep,
    /// The same in words.
    pub until: String,
    /// Why it can't be coarser.
    pub coarser: String,
    /// Never shown, exported or produced.
    pub credential: bool,
}

/// A kind of record that is never collected.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Never {
    /// Its name, as demands word it.
    pub name: String,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// Class of 18 USC 2703.
    pub us: Us,
    /// Class of Regulation (EU) 2023/1543.
    pub eu: Eu,
    /// Names of [`Outside`] where it may lie all the same.
    #[serde(default)]
    pub outside: Vec<String>,
    /// Why the answer is "never collected".
    pub sentence: String,
}

/// Something that was held and is destroyed by rule.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expired {
    /// Its name.
    pub name: String,
    /// Words of demands for it.
    pub synonyms: Vec<String>,
    /// The tables whose logged purge makes it so.
    pub tables: Vec<String>,
    /// The rule.
    pub sentence: String,
}

/// Something outside the program, that only the operator can speak of.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// Its name in the file.
    pub name: String,
    /// Words of demands for it.
    pub synonyms: Vec<String>,
    /// What the officer is asked.
    pub question: String,
    /// What the program can say.
    pub sentence: String,
}

/// A kind of record that demands name, and the columns that answer.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its name.
    pub name: String,
    /// Words of demands for it.
    pub synonyms: Vec<String>,
    /// `table.column`.
    pub columns: Vec<String>,
    /// Names of [`Never`] that are part of the same answer.
    #[serde(default)]
    pub never: Vec<String>,
}

/// Words that name no kind of record.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Umbrella {
    /// The words.
    pub synonyms: Vec<String>,
    /// What is said to them.
    pub sentence: String,
}

impl Inventory {
    /// The inventory that the program was built with.
    ///
    /// # Panics
    /// Never in a program that passed its tests: they read the same file.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Inventory> =
            LazyLock::new(|| Inventory::parse(FILE).expect("the tests read the same file"));
        &BUILTIN
    }

    /// SHA-256 of the file's bytes in hex: an answer names the version that it was computed from.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Every column of every table.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.tables.iter().flat_map(|table| &table.columns)
    }

    /// The column `table.column`.
    pub fn column(&self, path: &str) -> Option<&Column> {
        let (table, column) = path.split_once('.')?;
        self.table(table)?
            .columns
            .iter()
            .find(|found| found.name == column)
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The places of one kind.
    pub fn places(&self, kind: PlaceKind) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.kind == kind)
    }
}
