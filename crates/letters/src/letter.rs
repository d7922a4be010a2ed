//! A letter before it has a form.

use bauta_model::Day;

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is.
    pub title: String,
    /// Who writes, line by line; empty on sheets for the desk itself.
    pub from: Vec<String>,
    /// To whom, line by line; empty on sheets for the desk itself.
    pub to: Vec<String>,
    /// The day of the draft.
    pub date: Option<Day>,
    /// The demand's public name.
    pub reference: Option<String>,
    /// The text.
    pub body: Vec<Block>,
    /// Has to fit on so many pages; set smaller where it would not.
    pub pages: Option<usize>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Para(String),
    /// Lines that stay lines.
    Lines(Vec<String>),
    /// Numbered paragraphs.
    Numbered(Vec<String>),
    /// Lines to tick on paper.
    Checks(Vec<String>),
    /// A table: names of its columns, widths in parts, rows.
    Table(Table),
    /// Space for a name and a signature.
    Signature(String),
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub head: Vec<String>,
    /// Their widths, in parts of the sum.
    pub parts: Vec<u16>,
    /// As many cells a row as there are names.
    pub rows: Vec<Vec<String>>,
}

impl Block {
    /// A paragraph.
    pub(crate) fn para(text: impl Into<String>) -> Self {
        Self::Para(text.into())
    }

    /// A heading.
    pub(crate) fn heading(text: impl Into<String>) -> Self {
        Self::Heading(text.into())
    }

    /// A table.
    pub(crate) fn table<const N: usize>(columns: [(&str, u16); N], rows: Vec<[String; N]>) -> Self {
        Self::Table(Table {
            head: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            parts: columns.iter().map(|(_, part)| *part).collect(),
            rows: rows.into_iter().map(Vec::from).collect(),
        })
    }
}
