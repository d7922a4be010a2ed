//! Looks at every value of the database for shapes that no value should have: addresses, e-mail, telephone numbers, user
//! agents, times within a slot, long numbers that could name a device.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::process::Command;

use bauta_tests::postgres::Postgres;
use serde_json::Value;

/// A value, and where it stands.
pub struct Cell {
    /// `table.column`.
    pub column: String,
    pub value: Value,
}

/// Seconds of a slot.
const SLOT: u64 = 60;

/// Columns that hold long numbers by their purpose: keys, hashes and addresses of things of other servers.
const MAY_BE_LONG: &[(&str, &str)] = &[];

/// Prints each value of a SQLite file as JSON, one a line.
const READ_SQLITE: &str = r#"
import json, sqlite3, sys
c = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for (table,) in c.execute("select name from pragma_table_list where type in ('table','shadow') and name not like 'sqlite_%'").fetchall():
    rows = c.execute(f'select * from "{table}"')
    names = [d[0] for d in rows.description]
    for row in rows:
        for name, value in zip(names, row):
            if isinstance(value, bytes):
                value = {"bytes": value.hex()}
            print(json.dumps([f"{table}.{name}", value]))
"#;

/// Every value of a SQLite file that nobody has open.
pub fn cells_of_sqlite(file: &Path) -> Vec<Cell> {
    let output = Command::new("python3")
        .args(["-c", READ_SQLITE])
        .arg(file)
        .output()
        .expect("python3 is installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    text.lines()
        .map(|line| {
            let pair: (String, Value) = serde_json::from_str(line).expect("a pair a line");
            Cell {
                column: pair.0,
                value: pair.1,
            }
        })
        .collect()
}

/// Every value of a database of PostgreSQL.
pub fn cells_of_postgres(postgres: &Postgres, database: &str) -> Vec<Cell> {
    let tables = postgres.sql(
        database,
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    );
    let mut cells = Vec::new();
    for table in tables.lines() {
        let rows = postgres.sql(database, &format!("SELECT row_to_json(t) FROM \"{table}\" t"));
        for row in rows.lines() {
            let Ok(Value::Object(row)) = serde_json::from_str(row) else {
                panic!("no row of {table}: {row}");
            };
            for (name, value) in row {
                let bytes = value
                    .as_str()
                    .and_then(|text| text.strip_prefix("\\x"))
                    .map(str::to_owned);
                let value = bytes.map_or(value, |hex| serde_json::json!({"bytes": hex}));
                cells.push(Cell {
                    column: format!("{table}.{name}"),
                    value,
                });
            }
        }
    }
    cells
}

/// What no value should look like. `acts` are the seconds at which people did something; `peer` is a server's name that
/// is an address here, because it is on loopback.
pub fn shapes(cells: &[Cell], acts: &[u64], peer: &str) -> Vec<String> {
    let mut found = Vec::new();
    for cell in cells {
        let mut say = |shape: &str, value: &str| {
            let line = format!("{} holds {shape}: {value}", cell.column);
            if !found.contains(&line) {
                found.push(line);
            }
        };
        match &cell.value {
            Value::Number(number) if number.as_u64().is_some_and(|number| is_a_moment(number, acts)) => {
                say("a time within a slot", &number.to_string());
            }
            Value::String(text) => in_text(&cell.column, &text.replace(peer, "peer.example"), &mut say),
            Value::Object(bytes) => {
                let hex = bytes["bytes"].as_str().unwrap_or_default();
                let bytes: Vec<u8> = (0..hex.len() / 2)
                    .filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok())
                    .collect();
                // A seal of version 0 is the text itself.
                if let Ok(text) = std::str::from_utf8(bytes.strip_prefix(&[0]).unwrap_or(&bytes)) {
                    in_text(&cell.column, &text.replace(peer, "peer.example"), &mut say);
                }
            }
            _ => {}
        }
    }
    found
}

fn in_text(column: &str, text: &str, say: &mut impl FnMut(&str, &str)) {
    for word in text.split(|c: char| c.is_whitespace() || "\"'<>,;()[]{}".contains(c)) {
        if word.parse::<Ipv4Addr>().is_ok() || (word.len() > 6 && word.parse::<Ipv6Addr>().is_ok()) {
            say("an address", word);
        }
        if word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !name.contains('/') && host.contains('.') && !host.contains("peer.example")
        }) {
            say("an e-mail address", word);
        }
        if word
            .strip_prefix('+')
            .is_some_and(|rest| rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_digit()))
        {
            say("a telephone number", word);
        }
        let hex = word.trim_matches(|c: char| !c.is_ascii_hexdigit());
        let long = hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if long && !MAY_BE_LONG.iter().any(|(may, _)| *may == column) {
            say("a long number", hex);
        }
        if is_a_fine_time(word) {
            say("a time within a slot", word);
        }
    }
    for agent in ["Mozilla/", "AppleWebKit", "okhttp/", "Gecko/"] {
        if text.contains(agent) {
            say("a user agent", agent);
        }
    }
}

/// A number that is a moment of the day in seconds or something finer, and not the beginning of a slot.
fn is_a_moment(number: u64, acts: &[u64]) -> bool {
    let (Some(first), Some(last)) = (acts.first(), acts.last()) else {
        return false;
    };
    [1, 1000, 1_000_000, 1_000_000_000].into_iter().any(|unit| {
        let seconds = number / unit;
        (first - 5..=last + 5).contains(&seconds) && !number.is_multiple_of(SLOT * unit)
    })
}

/// `2026-11-24T17:05:33…` with seconds that are no slot's beginning.
fn is_a_fine_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 19
        && (bytes[4], bytes[7], bytes[10], bytes[13], bytes[16]) == (b'-', b'-', b'T', b':', b':')
        && (&bytes[17..19] != b"00"
            || bytes.get(19) == Some(&b'.')
                && bytes[20..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .any(|byte| *byte != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(value: Value) -> usize {
        let cell = Cell {
            column: "posts.text".to_owned(),
            value,
        };
        shapes(&[cell], &[1_795_540_000, 1_795_540_100], "127.0.0.1:4000").len()
    }

    #[test]
    fn shapes_are_told_from_what_may_be() {
        for bad in [
            json!(1_795_540_033_u64),
            json!(1_795_540_033_123_u64),
            json!("198.51.100.7"),
            json!("from 2001:db8::17 today"),
            json!("a@b.example"),
            json!("+442079460123"),
            json!("Mozilla/5.0"),
            json!("2026-11-24T17:05:33Z"),
            json!("2026-11-24T17:05:00.125Z"),
            json!("0123456789abcdef0123456789abcdef"),
            json!({"bytes": "00612c203139382e35312e3130302e37"}),
        ] {
            assert_eq!(said(bad.clone()), 1, "{bad}");
        }
        for good in [
            json!(1_795_540_020_u64),
            json!(7),
            json!("Hello, world: 10.5 and 3.4"),
            json!("@name"),
            json!("alice@127.0.0.1:4000"),
            json!("2026-11-24T17:05:00.000Z"),
            json!(null),
            json!({"bytes": "00ff"}),
        ] {
            assert_eq!(said(good.clone()), 0, "{good}");
        }
    }
}
