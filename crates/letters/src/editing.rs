//! A draft as text that a person changes, and back to a letter. What stands around every letter (that it is a draft, that
//! this is no advice) is not in that text, so nobody can edit it away.

use crate::letter::{Block, Letter};
use crate::plain::visible;
use crate::words::EN;

/// What stands before a heading.
const HEADING: &str = "# ";

/// The letter below its title, to be edited: a paragraph is a line, an empty line stands between two, `# ` is a heading.
pub fn editable(letter: &Letter) -> String {
    let mut parts = Vec::new();
    for (name, lines) in [(EN.from, &letter.from), (EN.to, &letter.to)] {
        if !lines.is_empty() {
            parts.push(format!("{name}: {}", lines.join("\n")));
        }
    }
    let mut head = Vec::new();
    head.extend(letter.date.map(|date| format!("{}: {}", EN.date, date.long())));
    let reference = letter.reference.as_ref();
    head.extend(reference.map(|reference| format!("{}: {reference}", EN.reference)));
    if !head.is_empty() {
        parts.push(head.join("\n"));
    }
    parts.extend(letter.body.iter().map(block));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("{HEADING}{text}"),
        Block::Para(text) => text.clone(),
        Block::Lines(lines) => lines.join("\n"),
        Block::Numbered(points) => {
            let points = points.iter().enumerate();
            let lines: Vec<String> = points
                .map(|(index, point)| format!("{}. {point}", index + 1))
                .collect();
            lines.join("\n")
        }
        Block::Checks(points) => {
            let lines: Vec<String> = points.iter().map(|point| format!("[ ] {point}")).collect();
            lines.join("\n")
        }
        Block::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                let cells = table.head.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
                let lines: Vec<String> = cells.map(|(name, cell)| format!("{name}: {cell}")).collect();
                lines.join("\n")
            });
            rows.collect::<Vec<_>>().join("\n\n")
        }
        Block::Signature(text) => format!("{}\n{text}", "_".repeat(40)),
    }
}

/// The letter that an edited text makes.
pub fn edited(title: &str, text: &str) -> Letter {
    let mut body = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().chain([""]) {
        let heading = line.strip_prefix(HEADING).map(str::trim);
        if line.trim().is_empty() || heading.is_some() {
            match lines.len() {
                0 => {}
                1 => body.append(&mut lines.drain(..).map(Block::Para).collect()),
                _ => body.push(Block::Lines(std::mem::take(&mut lines))),
            }
        } else {
            lines.push(visible(line.trim()));
        }
        if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
            body.push(Block::Heading(visible(heading)));
        }
    }
    Letter {
        title: title.to_owned(),
        from: Vec::new(),
        to: Vec::new(),
        date: None,
        reference: None,
        body,
        pages: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_edited_comes_back_and_stays_words() {
        let letter = edited(
            "Objection",
            "From: The union\nRiva 1\n\n# Grounds\nIt was due before it came.\u{202e}\n\n\n<b>We object.</b>\r\n",
        );
        assert_eq!(
            letter.body,
            [
                Block::Lines(vec!["From: The union".into(), "Riva 1".into()]),
                Block::Heading("Grounds".into()),
                Block::Para("It was due before it came.".into()),
                Block::Para("<b>We object.</b>".into()),
            ]
        );
        assert_eq!(edited("Objection", &editable(&letter)), letter);
        assert!(crate::html(&letter).contains("&lt;b&gt;We object."));
        for form in [crate::plain(&letter), crate::fragment(&letter)] {
            let form = form.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(form.contains("This is not legal advice") && form.contains("Draft."));
        }
        assert!(edited("Empty", "\n \n# \n").body.is_empty());
    }
}
