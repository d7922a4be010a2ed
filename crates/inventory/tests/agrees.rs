//! The inventory against what is in the repository: migrations, events, and the page of the manual.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bauta_inventory::{Inventory, LiveColumn, PlaceKind, compare, markdown};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the migrations make, read by their layout: one column a line, as they are all written.
fn columns_of(sql: &str) -> Vec<LiveColumn> {
    let mut table = None;
    let mut found = Vec::new();
    for line in sql.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.strip_suffix(" (").map(str::to_owned);
            assert!(table.is_some(), "a table begins `CREATE TABLE name (`: {line}");
        } else if line.starts_with(')') {
            table = None;
        } else if let Some(rest) = line.strip_prefix("ALTER TABLE ") {
            let words: Vec<&str> = rest.split_whitespace().collect();
            assert_eq!(
                words[1..3],
                ["ADD", "COLUMN"],
                "this test knows no other change: {line}"
            );
            found.push(LiveColumn {
                table: words[0].into(),
                column: words[3].into(),
            });
        } else if let Some(table) = &table {
            let first = line.split_whitespace().next().unwrap_or("--");
            if !first.starts_with("--")
                && first
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                found.push(LiveColumn {
                    table: table.clone(),
                    column: first.into(),
                });
            }
        }
    }
    found
}

fn migrations() -> String {
    let folder = fs::read_dir(root().join("migrations")).expect("the repository has migrations");
    let mut files: Vec<PathBuf> = folder
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty());
    let all: String = files
        .iter()
        .map(|path| fs::read_to_string(path).expect("a migration is text"))
        .collect();
    as_they_end(&all)
}

/// The migrations without what later ones took back: dropped tables and columns are gone, renamed ones have their new name.
fn as_they_end(sql: &str) -> String {
    let mut end = String::new();
    for line in sql.lines() {
        let words: Vec<&str> = line.trim_end_matches(';').split_whitespace().collect();
        match words[..] {
            ["DROP", "TABLE", table] => {
                let (from, to) = block(&end, table);
                end.replace_range(from..to, "");
            }
            ["ALTER", "TABLE", old, "RENAME", "TO", new] => {
                let (from, _) = block(&end, old);
                let name = from + "CREATE TABLE ".len();
                end.replace_range(name..name + old.len(), new);
            }
            ["ALTER", "TABLE", table, "DROP", "COLUMN", column] => {
                let (from, to) = block(&end, table);
                let begin = format!("\n    {column} ");
                let at = from
                    + end[from..to]
                        .find(&begin)
                        .expect("a column that is dropped was made");
                let over = at + 1 + end[at + 1..].find('\n').expect("a column has a line");
                end.replace_range(at..over, "");
            }
            _ => {
                end.push_str(line);
                end.push('\n');
            }
        }
    }
    end
}

/// Where a table is made.
fn block(sql: &str, table: &str) -> (usize, usize) {
    let from = sql.find(&format!("CREATE TABLE {table} (\n"));
    let from = from.expect("a table that is changed was made");
    let over = sql[from..].find("\n);").expect("a table ends");
    let line = sql[from + over + 1..]
        .find('\n')
        .map_or(sql.len(), |end| from + over + 1 + end + 1);
    (from, line)
}

/// The one table that crate store makes without a migration: it counts them.
fn bookkeeping() -> LiveColumn {
    LiveColumn {
        table: "schema_migrations".into(),
        column: "version".into(),
    }
}

fn differences(sql: &str) -> Vec<String> {
    let mut live = columns_of(sql);
    live.push(bookkeeping());
    compare(Inventory::builtin(), &live)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_migrations_and_the_inventory_agree() {
    assert_eq!(differences(&migrations()), Vec::<String>::new());
}

#[test]
fn a_column_planted_in_the_migrations_is_named() {
    let planted = migrations().replacen(
        "pinned BOOLEAN NOT NULL,",
        "pinned BOOLEAN NOT NULL,\n    mood TEXT,",
        1,
    );
    assert_eq!(
        differences(&planted),
        ["column posts.mood is in the database but not in inventory.toml"]
    );
    let added = format!("{}\nALTER TABLE posts ADD COLUMN mood TEXT;\n", migrations());
    assert_eq!(
        differences(&added),
        ["column posts.mood is in the database but not in inventory.toml"]
    );
}

#[test]
fn an_entry_planted_in_the_inventory_is_named() {
    let without = migrations().replacen("    pinned BOOLEAN NOT NULL,\n", "", 1);
    assert_eq!(
        differences(&without),
        ["column posts.pinned is in inventory.toml but not in the database"]
    );
}

#[test]
fn every_reference_to_an_account_is_somebody_who_is_named() {
    let sql = migrations();
    let mut table = "";
    for line in sql.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.trim_end_matches(" (");
        }
        if line.contains("REFERENCES accounts (id)") {
            let column = line.split_whitespace().next().unwrap();
            let declared = Inventory::builtin()
                .table(table)
                .expect("another test compares the tables");
            let subject = declared.subject.iter().any(|subject| subject.column == column);
            assert!(
                subject || declared.names.iter().any(|name| name == column),
                "{table}.{column} points to an account: is it `subject` or `names`?"
            );
        }
    }
}

#[test]
fn stored_bytes_are_either_sealed_or_a_hash() {
    let sql = migrations();
    let mut table = "";
    let mut bytes = BTreeSet::new();
    for line in sql.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.trim_end_matches(" (");
        }
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if let ["ALTER", "TABLE", altered, "ADD", "COLUMN", column @ ..] = words.as_slice() {
            table = altered;
            words = column.iter().map(|word| word.trim_end_matches(';')).collect();
        }
        if words
            .get(1)
            .is_some_and(|kind| kind.trim_end_matches(',') == "BYTEA")
            && words[0] != "--"
        {
            let column = Inventory::builtin().column(&format!("{table}.{}", words[0]));
            let column = column.expect("another test compares the columns");
            // A hash that proves nobody's right to anything is no credential, but nothing can be read from it either.
            let hash = column.credential || words[0].ends_with("_hash");
            // A key has to be read back, so it is sealed and a credential.
            assert!(
                column.sealed || hash,
                "{} is sealed, or else a hash",
                column.path()
            );
            bytes.insert(column.path());
        }
    }
    for column in Inventory::builtin().columns().filter(|column| column.sealed) {
        assert!(
            bytes.contains(&column.path()),
            "{} is sealed, so it is stored as bytes",
            column.path()
        );
    }
}

#[test]
fn every_event_of_the_program_is_declared() {
    let source = fs::read_to_string(root().join("crates/model/src/event.rs")).unwrap();
    let display = source
        .split("impl fmt::Display for Event")
        .nth(1)
        .expect("events have a text");
    let texts = display
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|text| text.split(' ').next().unwrap().to_owned());
    let program: BTreeSet<String> = texts.filter(|text| !text.is_empty()).collect();
    let log = Inventory::builtin()
        .places(PlaceKind::Log)
        .find(|place| place.name == "events")
        .unwrap();
    let declared: BTreeSet<String> = log.fields.iter().cloned().collect();
    assert_eq!(program, declared);
}

/// `BAUTA_BLESS=1 cargo test -p bauta-inventory` writes the page anew.
#[test]
fn the_page_of_the_manual_is_made_from_the_inventory() {
    let path = root().join("docs/privacy-inventory.md");
    let made = markdown(Inventory::builtin());
    if std::env::var_os("BAUTA_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/privacy-inventory.md is old: run BAUTA_BLESS=1 cargo test -p bauta-inventory"
    );
}
