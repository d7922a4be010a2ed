//! "What we hold about you": one table for the person, for the export and for the court (law 12).

use std::collections::BTreeMap;

use crate::{Column, Eu, Inventory, Outside, Subject, Table, Us};

/// Rows of one account. The key is a table's name, or `table.column` for each subject of a table that has several
/// (see [`Inventory::counted`]).
pub type Counts = BTreeMap<String, u64>;

/// Values of one account in words for people, by `table.column`. Credentials are ignored.
pub type Values = BTreeMap<String, String>;

/// Stands on the page at all times, so that it tells nothing when it is true.
pub const GAG_SENTENCE: &str = "The law can forbid us to tell you of a demand or of a copy.";

/// Stands on the page at all times: rows that belong to somebody else.
pub const OTHERS_SENTENCE: &str = "Other people's posts, likes, blocks, mutes and reports can name you. They are theirs, and on their lists.";

/// Stands on the page at all times: "who can see it" speaks of what the program shows.
pub const MACHINE_SENTENCE: &str =
    "Whoever runs the machine can read its database, whatever the pages show. Hashes can't be read back.";

/// A line of the page, with its columns grouped so that the whole fits one printed page.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HeldLine {
    /// What it is called.
    pub label: String,
    /// The account's own values and counts; empty if there is nothing.
    pub values: Vec<HeldValue>,
    /// Why it is held.
    pub why: String,
    /// Who can see it.
    pub who: String,
    /// Until when.
    pub until: String,
    /// The columns behind it.
    pub columns: Vec<String>,
}

/// A value, or a number of things.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HeldValue {
    /// What it is.
    pub label: String,
    /// The value in words.
    pub text: String,
}

/// How a column stands in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Its value is there to see.
    Value,
    /// Its rows are counted.
    Count,
    /// It exists and is never shown or produced.
    Credential,
}

/// A column that is about the account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The line of the page that it is part of.
    pub label: String,
    /// How it stands here.
    pub value_kind: ValueKind,
    /// Rows of its table.
    pub rows: u64,
    /// Its value in words, where the kind is [`ValueKind::Value`] and there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Class of 18 USC 2703.
    pub us: Us,
    /// Class of Regulation (EU) 2023/1543.
    pub eu: Eu,
}

/// A kind of record that is never collected.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NeverLine {
    /// Its name.
    pub name: String,
    /// Why it is so.
    pub sentence: String,
}

/// Something that lies outside the program.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OutsideLine {
    /// Its name.
    pub name: String,
    /// What the program can say of it.
    pub sentence: String,
}

/// What is held about one account: the shape of `bauta inventory holdings HANDLE --json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Holdings {
    /// The account.
    pub handle: String,
    /// SHA-256 of the inventory that it was computed from.
    pub inventory: String,
    /// The lines of the page.
    pub lines: Vec<HeldLine>,
    /// Every column behind them.
    pub entries: Vec<Held>,
    /// What is never collected.
    pub never: Vec<NeverLine>,
    /// What lies outside the program.
    pub outside: Vec<OutsideLine>,
    /// [`OTHERS_SENTENCE`], [`MACHINE_SENTENCE`] and [`GAG_SENTENCE`].
    pub notes: [&'static str; 3],
}

impl Inventory {
    /// What to count for an account: each table with a subject, and by which column. The answers go into [`Counts`] under
    /// the key.
    pub fn counted(&self) -> impl Iterator<Item = (String, &Table, &Subject)> {
        self.tables.iter().flat_map(|table| {
            table
                .subject
                .iter()
                .map(move |subject| (count_key(table, subject), table, subject))
        })
    }

    /// The kinds of record that are never collected, for the page.
    pub fn never_lines(&self) -> Vec<NeverLine> {
        let line = |never: &crate::Never| NeverLine {
            name: never.name.clone(),
            sentence: never.sentence.clone(),
        };
        self.never.iter().map(line).collect()
    }

    fn outside_lines(&self) -> Vec<OutsideLine> {
        let line = |outside: &Outside| OutsideLine {
            name: outside.name.clone(),
            sentence: outside.sentence.clone(),
        };
        self.outside.iter().map(line).collect()
    }

    /// Columns that are about a person, of one thing.
    fn personal_columns<'a>(&'a self, thing: &'a str) -> impl Iterator<Item = (&'a Table, &'a Column)> {
        self.tables
            .iter()
            .filter(|table| !table.subject.is_empty())
            .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
            .filter(move |(_, column)| column.thing == thing)
    }
}

/// The lines of "What we hold about you", in their order. There are always as many, whatever is held: see [`held_things`].
pub fn what_we_hold(inventory: &Inventory, counts: &Counts, values: &Values) -> Vec<HeldLine> {
    let personal = inventory.things.iter().filter(|thing| thing.personal);
    personal
        .map(|thing| HeldLine {
            label: thing.label.clone(),
            values: shown(inventory, &thing.name, values)
                .into_iter()
                .chain(counted(inventory, &thing.name, counts))
                .collect(),
            why: thing.why.clone(),
            who: thing.who.clone(),
            until: thing.until.clone(),
            columns: inventory
                .personal_columns(&thing.name)
                .map(|(_, column)| column.path())
                .collect(),
        })
        .collect()
}

/// How many things are held about an account: "What we hold: 9 things".
pub fn held_things(inventory: &Inventory) -> usize {
    inventory.things.iter().filter(|thing| thing.personal).count()
}

/// Everything that is held about `handle`, what never is, and what lies outside.
pub fn holdings(inventory: &Inventory, handle: &str, counts: &Counts, values: &Values) -> Holdings {
    Holdings {
        handle: handle.to_owned(),
        inventory: inventory.hash().to_owned(),
        lines: what_we_hold(inventory, counts, values),
        entries: entries(inventory, counts, values),
        never: inventory.never_lines(),
        outside: inventory.outside_lines(),
        notes: [OTHERS_SENTENCE, MACHINE_SENTENCE, GAG_SENTENCE],
    }
}

fn shown(inventory: &Inventory, thing: &str, values: &Values) -> Vec<HeldValue> {
    inventory
        .personal_columns(thing)
        .filter_map(|(_, column)| {
            let text = values
                .get(&column.path())
                .filter(|text| !text.is_empty() && !column.credential)?;
            Some(HeldValue {
                label: column.show.clone()?,
                text: text.clone(),
            })
        })
        .collect()
}

fn counted(inventory: &Inventory, thing: &str, counts: &Counts) -> Vec<HeldValue> {
    let mut values = Vec::new();
    for (key, table, subject) in inventory.counted() {
        let Some(label) = subject.noun.as_ref().or(table.noun.as_ref()) else {
            continue;
        };
        let rows = counts.get(&key).copied().unwrap_or(0);
        if rows == 0 || !table.columns.iter().any(|column| column.thing == thing) {
            continue;
        }
        let secret = table.columns.iter().any(|column| column.credential);
        let text = if secret {
            format!("{rows}, as a hash that is never shown or given out")
        } else {
            rows.to_string()
        };
        values.push(HeldValue {
            label: label.clone(),
            text,
        });
    }
    values
}

fn entries(inventory: &Inventory, counts: &Counts, values: &Values) -> Vec<Held> {
    let mut entries = Vec::new();
    for thing in inventory.things.iter().filter(|thing| thing.personal) {
        for (table, column) in inventory.personal_columns(&thing.name) {
            let value_kind = match (column.credential, &column.show) {
                (true, _) => ValueKind::Credential,
                (false, Some(_)) => ValueKind::Value,
                (false, None) => ValueKind::Count,
            };
            let value = values
                .get(&column.path())
                .filter(|_| value_kind == ValueKind::Value)
                .cloned();
            entries.push(Held {
                table: table.name.clone(),
                column: column.name.clone(),
                label: thing.label.clone(),
                value_kind,
                rows: table
                    .subject
                    .iter()
                    .filter_map(|subject| counts.get(&count_key(table, subject)))
                    .sum(),
                value,
                us: column.us,
                eu: column.eu,
            });
        }
    }
    entries
}

/// A table with one subject is counted under its name; else each subject has a count of its own.
fn count_key(table: &Table, subject: &Subject) -> String {
    if table.subject.len() == 1 {
        table.name.clone()
    } else {
        format!("{}.{}", table.name, subject.column)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn account() -> (Counts, Values) {
        let counts = [
            ("accounts", 1),
            ("credentials", 1),
            ("recovery_codes", 8),
            ("posts", 120),
            ("follows.followee_id", 153_000),
        ];
        let values = [
            ("accounts.handle", "ALT_USCIS"),
            ("accounts.joined_month", "January 2017"),
            ("credentials.passphrase_hash", "$argon2id$planted"),
        ];
        (
            counts
                .into_iter()
                .map(|(key, rows)| (key.to_owned(), rows))
                .collect(),
            values
                .into_iter()
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .collect(),
        )
    }

    #[test]
    fn the_page_has_a_line_for_each_of_ten_things() {
        let (counts, values) = account();
        let lines = what_we_hold(Inventory::builtin(), &counts, &values);
        assert_eq!(lines.len(), 10);
        assert_eq!(held_things(Inventory::builtin()), 10);
        let profile = &lines[0];
        assert_eq!(
            profile.values,
            [HeldValue {
                label: "handle".into(),
                text: "ALT_USCIS".into()
            }]
        );
        let people = lines.iter().find(|line| line.label.contains("follow")).unwrap();
        assert_eq!(
            people.values,
            [HeldValue {
                label: "followers".into(),
                text: "153000".into()
            }]
        );
        assert!(
            lines.iter().all(|line| !line.columns.is_empty()),
            "every line has columns behind it"
        );
    }

    #[test]
    fn a_credential_is_named_and_never_shown() {
        let (counts, values) = account();
        let all =
            serde_json::to_string(&holdings(Inventory::builtin(), "ALT_USCIS", &counts, &values)).unwrap();
        assert!(!all.contains("argon2id"));
        assert!(all.contains(r#""column":"passphrase_hash","label":"Proof of your passphrase and codes","value_kind":"credential","rows":1,"#));
        assert!(all.contains("8, as a hash that is never shown or given out"));
    }

    #[test]
    fn every_personal_column_is_on_the_page_and_in_the_answer() {
        let inventory = Inventory::builtin();
        let all = holdings(inventory, "x", &Counts::new(), &Values::new());
        let page: BTreeSet<String> = all.lines.iter().flat_map(|line| line.columns.clone()).collect();
        let answer: BTreeSet<String> = all
            .entries
            .iter()
            .map(|held| format!("{}.{}", held.table, held.column))
            .collect();
        let declared: BTreeSet<String> = inventory
            .tables
            .iter()
            .filter(|table| !table.subject.is_empty())
            .flat_map(|table| table.columns.iter().map(Column::path))
            .collect();
        assert_eq!(page, declared);
        assert_eq!(answer, declared);
    }

    #[test]
    fn a_hold_is_on_no_page_and_in_no_answer() {
        let mut counts = Counts::new();
        let before = holdings(Inventory::builtin(), "x", &counts, &Values::new());
        counts.insert("holds".into(), 1);
        counts.insert("held_rows".into(), 40);
        let after = holdings(Inventory::builtin(), "x", &counts, &Values::new());
        assert_eq!(before, after);
        assert_eq!(after.notes[2], GAG_SENTENCE);
    }
}
