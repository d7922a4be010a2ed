//! What a person at a terminal reads. Scripts take `--json`.

use serde_json::Value;

use crate::cli::desk::DeskCommand;
use crate::output;

/// What kind of answer it is.
#[derive(Clone, Copy)]
pub enum Shape {
    /// An id.
    Id,
    /// Defects and holdings.
    Review,
    /// Demands.
    List,
    /// Where a demand stands now.
    Line,
    /// Anything else: as it is.
    Data,
}

impl Shape {
    /// The shape of a subcommand's answer.
    pub const fn of(command: &DeskCommand) -> Self {
        match command {
            DeskCommand::Intake { .. } => Self::Id,
            DeskCommand::Review { .. } => Self::Review,
            DeskCommand::List => Self::List,
            DeskCommand::Notice { preview: true, .. }
            | DeskCommand::Show { .. }
            | DeskCommand::Officers
            | DeskCommand::Officer { .. }
            | DeskCommand::Preview { .. }
            | DeskCommand::Produce { .. }
            | DeskCommand::Manifests { .. }
            | DeskCommand::Receipt(_)
            | DeskCommand::Outside(_)
            | DeskCommand::Pages(_)
            | DeskCommand::Redact(_)
            | DeskCommand::Copy(_)
            | DeskCommand::Paper { .. } => Self::Data,
            _ => Self::Line,
        }
    }
}

/// Prints an answer.
pub fn answer(shape: Shape, value: &Value) {
    match shape {
        Shape::Id => output::line(&text(value, "id")),
        Shape::Review => review(value),
        Shape::List => value.as_array().into_iter().flatten().for_each(demand),
        Shape::Line => demand(value),
        Shape::Data => output::json(value),
    }
}

fn demand(line: &Value) {
    output::line(&format!(
        "{}  {}  {}{}{}",
        text(line, "id"),
        text(line, "position"),
        text(line, "instrument"),
        line["next_date"]
            .as_str()
            .map(|date| format!("  by {date}"))
            .unwrap_or_default(),
        if line["notice_owed"] == true {
            "  notice owed"
        } else {
            ""
        },
    ));
}

fn review(value: &Value) {
    output::line("Defects");
    for defect in value["defects"].as_array().into_iter().flatten() {
        output::line(&format!("  {}: {}", text(defect, "code"), text(defect, "fact")));
        output::line(&format!(
            "    {} ({})",
            text(defect, "rule"),
            text(defect, "source")
        ));
    }
    output::line("Asked against held");
    for line in value["holdings"].as_array().into_iter().flatten() {
        let columns: Vec<&str> = line["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        output::line(&format!(
            "  {}: {} {}",
            text(line, "requested"),
            text(line, "status"),
            columns.join(", ")
        ));
        output::line(&format!("    {}", text(line, "sentence")));
    }
    for line in value["unanswered"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        output::line(&format!(
            "  {line}: names no kind of record; it has to be narrowed in writing"
        ));
    }
    output::line("Only you can answer");
    for line in value["outside"].as_array().into_iter().flatten() {
        output::line(&format!(
            "  {}: {}",
            text(line, "requested"),
            text(line, "question")
        ));
        if let Some(words) = line["statement"]["words"].as_str() {
            output::line(&format!("    the operator's own statement: {words}"));
        }
    }
    output::line(&text(value, "not_advice"));
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
