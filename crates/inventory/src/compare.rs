//! The comparison of the live database with the inventory, both ways.

use std::collections::BTreeSet;
use std::fmt;

use crate::Inventory;

/// A column that the database has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// A column that only one side has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The database has it and the inventory does not know it.
    Undeclared(LiveColumn),
    /// The inventory declares it and the database has no such column.
    Absent(LiveColumn),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undeclared(live) => {
                write!(
                    f,
                    "column {}.{} is in the database but not in inventory.toml",
                    live.table, live.column
                )
            }
            Self::Absent(live) => {
                write!(
                    f,
                    "column {}.{} is in inventory.toml but not in the database",
                    live.table, live.column
                )
            }
        }
    }
}

/// Compares what the database has with what is declared.
///
/// # Errors
/// Every column that only one side has, in alphabetical order.
pub fn compare(inventory: &Inventory, live: &[LiveColumn]) -> Result<(), Vec<Difference>> {
    let live: BTreeSet<LiveColumn> = live.iter().cloned().collect();
    let declared: BTreeSet<LiveColumn> = inventory
        .columns()
        .map(|column| LiveColumn {
            table: column.table.clone(),
            column: column.name.clone(),
        })
        .collect();
    let undeclared = live.difference(&declared).cloned().map(Difference::Undeclared);
    let absent = declared.difference(&live).cloned().map(Difference::Absent);
    let differences: Vec<Difference> = undeclared.chain(absent).collect();
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> Vec<LiveColumn> {
        Inventory::builtin()
            .columns()
            .map(|column| LiveColumn {
                table: column.table.clone(),
                column: column.name.clone(),
            })
            .collect()
    }

    #[test]
    fn a_planted_column_is_named() {
        let mut live = declared();
        live.push(LiveColumn {
            table: "posts".into(),
            column: "mood".into(),
        });
        let found = compare(Inventory::builtin(), &live).unwrap_err();
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            ["column posts.mood is in the database but not in inventory.toml"]
        );
    }

    #[test]
    fn a_column_that_went_is_named() {
        let live: Vec<LiveColumn> = declared()
            .into_iter()
            .filter(|live| live.column != "pinned")
            .collect();
        let found = compare(Inventory::builtin(), &live).unwrap_err();
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            ["column posts.pinned is in inventory.toml but not in the database"]
        );
    }

    #[test]
    fn the_same_columns_in_any_order_agree() {
        let mut live = declared();
        live.reverse();
        assert_eq!(compare(Inventory::builtin(), &live), Ok(()));
    }
}
