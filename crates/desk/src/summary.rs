//! What a recipient reads first: asked against held in plain words, with what the operator says of the rest.

use std::collections::BTreeSet;
use std::fmt::Write;

use bauta_inventory::Status;
use bauta_legal::Item;

use crate::{AskedLine, Case, OutsideLine};

/// The summary of an archive.
pub(crate) fn summary(
    server: &str,
    case: &Case,
    answers: &[AskedLine],
    outside: &[OutsideLine],
    items: &BTreeSet<Item>,
    redacted: usize,
    pictures: usize,
) -> String {
    let mut out = format!(
        "Answer of {server} to demand {}\n\nComputed from the declaration of all that this server holds, and from its database. \
         Nothing that was not asked for is added.\n\n",
        case.public_name
    );
    for (number, line) in &case.state.process.lines {
        let _ = writeln!(out, "Asked: {}", line.text);
        let of_line: Vec<&AskedLine> = answers
            .iter()
            .filter(|answer| answer.requested == line.text)
            .collect();
        if of_line.is_empty() {
            out.push_str("  This names no kind of record.\n");
        }
        for answer in of_line {
            let state = match answer.status {
                Status::Held => "held",
                Status::Credential => "a credential, named and never produced",
                Status::Expired => "destroyed by rule",
                Status::NeverCollected => "never collected",
                Status::Outside => "outside this program",
            };
            let _ = writeln!(
                out,
                "  {state}: {} {}",
                answer.columns.join(", "),
                answer.sentence
            );
        }
        for said in outside.iter().filter(|outside| outside.line == *number) {
            if let Some(statement) = &said.statement {
                let (day, words) = (statement.day.long(), &statement.words);
                let _ = writeln!(out, "  the operator's own statement, of {day}: {words}");
            }
        }
    }
    let produced: BTreeSet<&str> = items.iter().map(|item| item.column.as_str()).collect();
    let produced: Vec<&str> = produced.into_iter().collect();
    let produced = if produced.is_empty() {
        "nothing".to_owned()
    } else {
        produced.join(", ")
    };
    let _ = writeln!(out, "\nProduced: {produced}. Values left out: {redacted}.");
    if pictures > 0 {
        let _ = writeln!(out, "Pictures, as files beside this one: {pictures}.");
    }
    let _ = writeln!(out, "\n{}", bauta_legal::NOT_ADVICE);
    out
}
