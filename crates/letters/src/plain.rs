//! A letter as text, wrapped at 76 characters.

use crate::letter::{Block, Letter, Table};
use crate::words::{EN, NOT_ADVICE};

const WIDTH: usize = 76;

/// The letter as plain text.
pub fn plain(letter: &Letter) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", "", EN.draft);
    line(&mut out, &letter.title);
    line(&mut out, &"=".repeat(letter.title.chars().count()));
    out.push('\n');
    address(&mut out, EN.from, &letter.from);
    address(&mut out, EN.to, &letter.to);
    if let Some(date) = letter.date {
        line(&mut out, &format!("{}: {}", EN.date, date.long()));
    }
    if let Some(reference) = &letter.reference {
        line(&mut out, &format!("{}: {reference}", EN.reference));
    }
    if letter.date.is_some() || letter.reference.is_some() {
        out.push('\n');
    }
    for block in &letter.body {
        self::block(&mut out, block);
    }
    line(&mut out, &"-".repeat(WIDTH));
    paragraph(&mut out, "", "", NOT_ADVICE);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn address(out: &mut String, name: &str, lines: &[String]) {
    for (index, text) in lines.iter().enumerate() {
        let head = if index == 0 {
            format!("{name}:")
        } else {
            String::new()
        };
        line(out, &format!("{head:<7}{}", one_line(text)));
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(text) => {
            line(out, &one_line(text));
            line(out, &"-".repeat(one_line(text).chars().count()));
        }
        Block::Para(text) => paragraph(out, "", "", text),
        Block::Lines(lines) => {
            for text in lines {
                wrapped(out, "", "", text);
            }
            out.push('\n');
        }
        Block::Numbered(points) => {
            for (index, point) in points.iter().enumerate() {
                paragraph(out, &format!("{}. ", index + 1), "   ", point);
            }
        }
        Block::Checks(points) => {
            for point in points {
                paragraph(out, "[ ] ", "    ", point);
            }
        }
        Block::Table(table) => rows(out, table),
        Block::Signature(text) => {
            line(out, "");
            line(out, &"_".repeat(40));
            paragraph(out, "", "", text);
        }
    }
}

/// Each row as a small list: columns would be too narrow to read.
fn rows(out: &mut String, table: &Table) {
    for row in &table.rows {
        for (name, cell) in table.head.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            wrapped(out, &format!("  {name}: "), "      ", cell);
        }
        out.push('\n');
    }
}

fn paragraph(out: &mut String, first: &str, rest: &str, text: &str) {
    wrapped(out, first, rest, text);
    out.push('\n');
}

/// Words of `text` in lines of at most [`WIDTH`] characters; a longer word gets a line of its own.
fn wrapped(out: &mut String, first: &str, rest: &str, text: &str) {
    let mut current = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace().map(visible) {
        let fits = current.chars().count() + usize::from(!empty) + word.chars().count() <= WIDTH;
        if !empty && !fits {
            line(out, &current);
            rest.clone_into(&mut current);
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(&word);
        empty = false;
    }
    line(out, &current);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().map(visible).collect::<Vec<_>>().join(" ")
}

/// Without control characters and the marks that reorder text: facts come from outside, and a terminal obeys them.
pub(crate) fn visible(text: &str) -> String {
    text.chars().filter(|character| !is_hidden(*character)).collect()
}

pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
