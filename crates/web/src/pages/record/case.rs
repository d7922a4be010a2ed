//! One demand as a page: its outcome, what was asked, held and given, what happened, and how to check it.

use askama::Template;
use bauta_inventory::Status;
use bauta_legal::record::{Paper, PublicId, WITHHELD};
use bauta_legal::report::Case;
use bauta_legal::{DefectCode, Line, ScopeLine};

use super::links::Links;
use super::report::{in_words, instrument};
use super::sentences;
use crate::words_record::{EN, Words};

struct Row {
    asked: String,
    held: String,
    given: String,
}

struct Docket {
    sealed: bool,
    court: String,
    number: String,
    position: String,
    parties: Vec<(String, String)>,
    entries: Vec<(String, String)>,
}

struct Published {
    path: String,
    title: String,
    hash: String,
    original: Option<String>,
}

#[derive(Template)]
#[template(path = "record/case.html")]
struct Body<'a> {
    words: &'static Words,
    links: &'a Links,
    command: String,
    title: String,
    outcome: String,
    under: String,
    renews: Option<String>,
    renewed: Vec<String>,
    lines: Vec<Row>,
    defects: Vec<&'static str>,
    timeline: Vec<(String, Vec<String>)>,
    dockets: Vec<Docket>,
    papers: Vec<Published>,
    steps: usize,
}

/// What the page is called.
pub fn title(case: &Case) -> String {
    let demand = case.state.process.demand.as_ref();
    let issuer = demand.map_or_else(String::new, |demand| demand.issuer.clone());
    format!("{issuer}: {}", instrument(&case.tally.instrument))
}

/// The page's text. A link to another demand is only there when that one has a page.
pub fn body(case: &Case, all: &[Case], links: &Links, base_url: &str) -> String {
    let has_page = |id: &&PublicId| all.iter().any(|other| other.demand == **id);
    let link = |id: &PublicId| format!("cases/{id}");
    let demand = case.state.process.demand.as_ref();
    let body = Body {
        words: &EN,
        links,
        command: links.command(base_url),
        title: title(case),
        outcome: sentences::outcome(case),
        under: demand.map_or_else(String::new, |demand| demand.authority.clone()),
        renews: case.tally.renews.as_ref().filter(has_page).map(link),
        renewed: case.renewed_by.iter().filter(has_page).map(link).collect(),
        lines: lines(case),
        defects: case
            .state
            .process
            .defects
            .iter()
            .map(|code| defect(*code))
            .collect(),
        timeline: timeline(case),
        dockets: dockets(case),
        papers: case.papers.iter().map(published).collect(),
        steps: case.steps.len(),
    };
    body.render().unwrap_or_default()
}

fn lines(case: &Case) -> Vec<Row> {
    let process = &case.state.process;
    let scope = process.scope.iter().flat_map(|scope| &scope.lines);
    process
        .lines
        .iter()
        .map(|(number, line)| Row {
            asked: asked(line),
            held: held(line, scope.clone().find(|found| found.line == *number)),
            given: given(case, *number),
        })
        .collect()
}

fn asked(line: &Line) -> String {
    if line.text == WITHHELD {
        EN.withheld.to_owned()
    } else {
        line.text.clone()
    }
}

fn held(line: &Line, found: Option<&ScopeLine>) -> String {
    let Some(found) = found else {
        let unanswered = if line.umbrella {
            EN.umbrella
        } else {
            EN.not_computed
        };
        return unanswered.to_owned();
    };
    let columns = |public: bool| {
        let mut names: Vec<&str> = found
            .records
            .iter()
            .filter(|record| !record.credential && record.public == public)
            .map(|record| record.column.as_str())
            .collect();
        names.dedup();
        names.join(", ")
    };
    match found.status {
        Status::Held => {
            let (open, closed) = (columns(true), columns(false));
            let open = if open.is_empty() {
                open
            } else {
                format!("{open} ({})", EN.everybody)
            };
            let parts: Vec<String> = [open, closed]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            if parts.is_empty() {
                EN.credential.to_owned()
            } else {
                parts.join("; ")
            }
        }
        Status::Credential => EN.credential.to_owned(),
        Status::Expired => EN.expired.to_owned(),
        Status::NeverCollected => EN.never_collected.to_owned(),
        Status::Outside => EN.outside.to_owned(),
    }
}

fn given(case: &Case, line: u16) -> String {
    let items = case.state.process.produced.iter();
    let columns: Vec<&str> = items
        .filter(|item| item.line == line)
        .map(|item| item.column.as_str())
        .collect();
    if columns.is_empty() {
        EN.nothing.to_owned()
    } else {
        columns.join(", ")
    }
}

/// One entry a day: what was recorded on it, in its order.
fn timeline(case: &Case) -> Vec<(String, Vec<String>)> {
    let mut days: Vec<(String, Vec<String>)> = Vec::new();
    for step in &case.steps {
        let Some(sentence) = sentences::happened(&step.event.fact) else {
            continue;
        };
        let day = step.event.at.day().long();
        match days.last_mut() {
            Some((last, sentences)) if *last == day => sentences.push(sentence),
            _ => days.push((day, vec![sentence])),
        }
    }
    days
}

fn dockets(case: &Case) -> Vec<Docket> {
    case.state
        .cases
        .iter()
        .map(|case| Docket {
            sealed: case.sealed,
            court: case.court.clone().unwrap_or_default(),
            number: case.docket.clone().unwrap_or_default(),
            position: in_words(case.position.name()),
            parties: case
                .parties
                .iter()
                .map(|party| (party.role.clone(), party.name.clone()))
                .collect(),
            entries: case
                .entries
                .iter()
                .map(|entry| {
                    let rule = entry
                        .rule
                        .as_ref()
                        .map_or_else(String::new, |rule| format!(", {rule}"));
                    let pages = entry
                        .pages
                        .map_or_else(String::new, |pages| format!(", {pages} {}", EN.pages));
                    (sentences::date(&entry.on), format!("{}{rule}{pages}", entry.kind))
                })
                .collect(),
        })
        .collect()
}

fn published(paper: &Paper) -> Published {
    Published {
        path: paper.path(),
        title: paper.title.clone(),
        hash: paper.sha256.to_string(),
        original: paper.original.map(|original| original.to_string()),
    }
}

const fn defect(code: DefectCode) -> &'static str {
    match code {
        DefectCode::DueBeforeService => "It was due before it was served.",
        DefectCode::ReturnDatePast => "Its return date is over.",
        DefectCode::TooLittleTime => "It leaves less time than its rule does.",
        DefectCode::IssuerBelowRank => "Its issuer's rank is below what the statute asks for.",
        DefectCode::IssuerUnverified => "Nobody had called back on a number found independently.",
        DefectCode::NotSigned => "It is not signed.",
        DefectCode::NotSpecific => "It names no kind of record: \"all records\" is not one.",
        DefectCode::OutsideScope => "The law that it cites does not reach such records.",
        DefectCode::WrongEntity => "It names somebody else than who runs this server.",
        DefectCode::ContentWithoutWarrant => "It wants private content without what content takes.",
        DefectCode::NoOffenceNamed => "It names no law that was broken.",
        DefectCode::NotSelfExecuting => "It carries no duty without a court's order.",
        DefectCode::SecrecyOnlyRequested => "It asks for secrecy and cites nothing that commands it.",
        // Never in a public record: it would tell whether there is such an account.
        DefectCode::NoSuchTarget => "",
        DefectCode::ImpossibleDate => "It bears a date that no calendar has.",
    }
}
