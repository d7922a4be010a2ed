//! A letter as PDF, in two of the fourteen fonts that every reader has (docs/decisions/0012).
//!
//! No date, name of a program or path is written, and nothing that varies: the same letter gives the same bytes.

mod encode;
mod file;

use crate::letter::{Block, Letter, Table};
use crate::words::{EN, NOT_ADVICE};
use encode::{Text, encode};
use file::write;

/// A4, in points.
const PAGE: (f64, f64) = (595.0, 842.0);
/// Left and right.
const MARGIN: f64 = 68.0;
const TOP: f64 = 64.0;
/// Has room for the foot.
const BOTTOM: f64 = 84.0;
const WIDTH: f64 = PAGE.0 - 2.0 * MARGIN;
/// Sizes of the text that are tried, from the best to read to what still can be.
const SIZES: [f64; 5] = [11.0, 10.0, 9.0, 8.0, 7.0];
const FOOT: f64 = 7.5;

/// A font of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Font {
    Roman,
    Bold,
}

impl Font {
    const fn widths(self) -> &'static [u16; 224] {
        match self {
            Self::Roman => &crate::widths::TIMES,
            Self::Bold => &crate::widths::TIMES_BOLD,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Roman => "R",
            Self::Bold => "B",
        }
    }

    /// Of WinAnsi codes, in points.
    fn measure(self, codes: &[u8], size: f64) -> f64 {
        let thousandths: u32 = codes
            .iter()
            .map(|code| u32::from(self.widths()[usize::from(code.saturating_sub(32))]))
            .sum();
        f64::from(thousandths) * size / 1000.0
    }
}

/// The letter as a PDF file.
pub fn pdf(letter: &Letter) -> Vec<u8> {
    let mut layout = Layout::set(letter, SIZES[0]);
    for size in &SIZES[1..] {
        if letter.pages.is_none_or(|most| layout.pages.len() <= most) {
            break;
        }
        layout = Layout::set(letter, *size);
    }
    write(PAGE, &layout.finish(letter))
}

/// Pages while they are being set. `y` counts down from the top.
struct Layout {
    size: f64,
    y: f64,
    pages: Vec<Vec<u8>>,
    /// Some character had to stand as its number.
    numbers: bool,
}

impl Layout {
    fn set(letter: &Letter, size: f64) -> Self {
        let mut layout = Self {
            size,
            y: PAGE.1 - TOP,
            pages: vec![Vec::new()],
            numbers: false,
        };
        layout.letter(letter);
        layout
    }

    fn letter(&mut self, letter: &Letter) {
        self.text(EN.draft, Font::Roman, self.size * 0.8, 0.0);
        self.gap(0.8);
        self.text(&letter.title, Font::Bold, self.size * 1.6, 0.0);
        self.gap(0.6);
        self.address(EN.from, &letter.from);
        self.address(EN.to, &letter.to);
        if let Some(date) = letter.date {
            self.text(
                &format!("{}: {}", EN.date, date.long()),
                Font::Roman,
                self.size,
                0.0,
            );
        }
        if let Some(reference) = &letter.reference {
            self.text(
                &format!("{}: {reference}", EN.reference),
                Font::Roman,
                self.size,
                0.0,
            );
        }
        self.gap(0.8);
        for block in &letter.body {
            self.block(block);
        }
        if self.numbers {
            self.text(EN.not_shown, Font::Roman, self.size * 0.8, 0.0);
        }
    }

    fn address(&mut self, name: &str, lines: &[String]) {
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                self.marked(&format!("{name}:"), line, 42.0);
            } else {
                self.text(line, Font::Roman, self.size, 42.0);
            }
        }
        if !lines.is_empty() {
            self.gap(0.5);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => {
                // A heading never stands alone at the foot of a page.
                self.room(self.size * 5.0);
                self.gap(0.3);
                self.text(text, Font::Bold, self.size * 1.1, 0.0);
                self.gap(0.25);
            }
            Block::Para(text) => {
                self.text(text, Font::Roman, self.size, 0.0);
                self.gap(0.55);
            }
            Block::Lines(lines) => {
                for line in lines {
                    self.text(line, Font::Roman, self.size, 0.0);
                }
                self.gap(0.55);
            }
            Block::Numbered(points) => {
                for (index, point) in points.iter().enumerate() {
                    self.marked(&format!("{}.", index + 1), point, self.size * 1.9);
                    self.gap(0.25);
                }
                self.gap(0.3);
            }
            Block::Checks(points) => {
                for point in points {
                    self.marked("[  ]", point, self.size * 1.9);
                    self.gap(0.3);
                }
                self.gap(0.2);
            }
            Block::Table(table) => self.table(table),
            Block::Signature(text) => {
                self.room(self.size * 5.0);
                self.gap(2.6);
                self.rule(0.0, 220.0);
                self.text(text, Font::Roman, self.size * 0.85, 0.0);
                self.gap(0.5);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let sum: f64 = table.parts.iter().map(|part| f64::from(*part)).sum();
        let widths: Vec<f64> = table
            .parts
            .iter()
            .map(|part| f64::from(*part) / sum * WIDTH)
            .collect();
        self.row(&table.head, &widths, Font::Bold);
        for row in &table.rows {
            self.row(row, &widths, Font::Roman);
        }
        self.gap(0.7);
    }

    /// Cells side by side. One that is higher than a page goes on on the next.
    fn row(&mut self, cells: &[String], widths: &[f64], font: Font) {
        let size = self.size * 0.92;
        let lines: Vec<Vec<Vec<u8>>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| self.wrap(cell, font, size, width - 8.0))
            .collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or(0);
        let leading = size * 1.25;
        self.room(leading * height.min(6) as f64 + 6.0);
        for index in 0..height {
            self.room(leading);
            self.y -= leading;
            let mut x = MARGIN;
            for (column, width) in lines.iter().zip(widths) {
                if let Some(codes) = column.get(index) {
                    self.show(codes, font, size, x);
                }
                x += width;
            }
        }
        self.y -= 4.0;
        self.rule(0.0, WIDTH);
        self.y -= 2.0;
    }

    /// A mark at the edge, and the text beside it.
    fn marked(&mut self, mark: &str, text: &str, indent: f64) {
        self.room(leading(self.size));
        let codes = self.codes(mark);
        let below = self.y - leading(self.size);
        self.show_at(&codes, Font::Roman, self.size, MARGIN, below);
        self.text(text, Font::Roman, self.size, indent);
    }

    fn text(&mut self, text: &str, font: Font, size: f64, indent: f64) {
        for line in self.wrap(text, font, size, WIDTH - indent) {
            self.room(leading(size));
            self.y -= leading(size);
            self.show(&line, font, size, MARGIN + indent);
        }
    }

    fn gap(&mut self, lines: f64) {
        self.y -= self.size * lines;
    }

    /// A new page where there is not so much left.
    fn room(&mut self, height: f64) {
        if self.y - height < BOTTOM {
            self.pages.push(Vec::new());
            self.y = PAGE.1 - TOP;
        }
    }

    fn codes(&mut self, text: &str) -> Vec<u8> {
        let Text { codes, numbers } = encode(text);
        self.numbers |= numbers;
        codes
    }

    fn wrap(&mut self, text: &str, font: Font, size: f64, width: f64) -> Vec<Vec<u8>> {
        let codes = self.codes(text);
        let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
        for word in codes.split(|code| *code == b' ').filter(|word| !word.is_empty()) {
            for piece in pieces(word, font, size, width) {
                let line = lines
                    .last_mut()
                    .expect("it begins with one line and never loses any");
                let with = font.measure(line, size) + font.measure(b" ", size) + font.measure(piece, size);
                if line.is_empty() {
                    line.extend_from_slice(piece);
                } else if with <= width {
                    line.push(b' ');
                    line.extend_from_slice(piece);
                } else {
                    lines.push(piece.to_vec());
                }
            }
        }
        lines
    }

    fn show(&mut self, codes: &[u8], font: Font, size: f64, x: f64) {
        self.show_at(codes, font, size, x, self.y);
    }

    fn show_at(&mut self, codes: &[u8], font: Font, size: f64, x: f64, y: f64) {
        let page = self
            .pages
            .last_mut()
            .expect("it begins with one page and never loses any");
        file::show(page, codes, font.name(), size, (x, y));
    }

    fn rule(&mut self, from: f64, to: f64) {
        let (y, page) = (self.y, self.pages.last_mut());
        let page = page.expect("it begins with one page and never loses any");
        let (from, to) = (MARGIN + from, MARGIN + to);
        page.extend_from_slice(format!("0.5 w {from:.2} {y:.2} m {to:.2} {y:.2} l S\n").as_bytes());
    }

    /// Adds the foot to each page: its number, and that this is no advice.
    fn finish(mut self, letter: &Letter) -> Vec<Vec<u8>> {
        let count = self.pages.len();
        let advice = self.wrap(NOT_ADVICE, Font::Roman, FOOT, WIDTH);
        let mut pages = std::mem::take(&mut self.pages);
        for (index, page) in pages.iter_mut().enumerate() {
            let reference = letter.reference.as_deref().unwrap_or_default();
            let number = format!("{} {reference} {}/{count}", letter.title, index + 1);
            let mut lines = vec![encode(&number).codes];
            lines.extend(advice.iter().cloned());
            for (row, line) in lines.iter().enumerate() {
                let y = BOTTOM - 24.0 - row as f64 * FOOT * 1.3;
                file::show(page, line, Font::Roman.name(), FOOT, (MARGIN, y));
            }
        }
        pages
    }
}

const fn leading(size: f64) -> f64 {
    size * 1.3
}

/// A word that is wider than a line, cut to lines.
fn pieces(word: &[u8], font: Font, size: f64, width: f64) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut from, mut wide) = (0, 0.0);
    for at in 0..word.len() {
        let letter = font.measure(&word[at..=at], size);
        if at > from && wide + letter > width {
            pieces.push(&word[from..at]);
            (from, wide) = (at, 0.0);
        }
        wide += letter;
    }
    pieces.push(&word[from..]);
    pieces
}
