//! What is held, declared column by column.

use std::fmt;

/// A column that the live database has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// The declaration.
#[derive(Clone, Debug, Default)]
pub struct Inventory {}

/// A column that is on one side only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {}

impl fmt::Display for Difference {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Compares both ways.
pub fn compare(_: &Inventory, _: &[LiveColumn]) -> Result<(), Vec<Difference>> {
    Ok(())
}
