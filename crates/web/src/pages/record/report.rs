//! The report as a page.

use askama::Template;
use bauta_inventory::Inventory;
use bauta_legal::InstrumentId;
use bauta_legal::pack::RulePack;
use bauta_legal::report::table::{FIGURES, figures};
use bauta_legal::report::{Case, Counts, Report, table};
use bauta_model::counted;

use super::links::Links;
use super::sentences;
use crate::words_record::{EN, Words};

/// A figure beside its bar.
struct Bar {
    says: &'static str,
    value: u32,
    /// What the bar is a part of; no bar where it is a part of nothing.
    most: Option<u32>,
}

/// A table for people: cells with the heading that they stand under on a phone.
struct Shown {
    title: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Vec<(&'static str, String)>>,
}

#[derive(Template)]
#[template(path = "record/report.html")]
struct Body<'a> {
    words: &'static Words,
    links: &'a Links,
    command: String,
    is_empty: bool,
    lead: String,
    bars: Vec<Bar>,
    one_officer: u32,
    exceptions: u32,
    tables: Vec<Shown>,
    bands: Shown,
    corrections: usize,
    cases: Vec<(String, String)>,
    held: Vec<&'a str>,
    never: String,
    /// Hashes of what the desk computes with, and the operator's own files of rules.
    inventory: String,
    rules: String,
    own_rules: String,
    files: Vec<(&'static str, &'static str)>,
}

/// Where a case is, below the top, and its outcome.
pub fn case_links(cases: &[Case]) -> Vec<(String, String)> {
    cases
        .iter()
        .map(|case| (format!("cases/{}", case.demand), sentences::outcome(case)))
        .collect()
}

/// The page's text.
pub fn body(
    report: &Report,
    cases: &[Case],
    inventory: &Inventory,
    rules: &RulePack,
    links: &Links,
    base_url: &str,
) -> String {
    let mut tables = vec![halves(report), issuers(report)];
    if !report.eu.is_empty() {
        tables.push(eu(report));
    }
    let things = inventory.things.iter().filter(|thing| thing.personal);
    let never: Vec<&str> = inventory.never.iter().map(|never| never.name.as_str()).collect();
    let body = Body {
        words: &EN,
        links,
        command: links.command(base_url),
        is_empty: report.total.demands == 0,
        lead: lead(&report.total),
        bars: bars(&report.total),
        one_officer: report.total.one_officer,
        exceptions: report.total.notice_exceptions,
        tables,
        bands: bands(report),
        corrections: report.revisions.len(),
        cases: case_links(cases),
        held: things.map(|thing| thing.label.as_str()).collect(),
        never: never.join(", "),
        inventory: inventory.hash().to_owned(),
        rules: rules.hash().to_string(),
        own_rules: rules.own().join(", "),
        files: table::tables(report)
            .map(|table| (table.title, table.name))
            .to_vec(),
    };
    body.render().unwrap_or_default()
}

/// Three figures in words.
fn lead(total: &Counts) -> String {
    let demands = counted(total.demands, EN.one_demand, EN.many_demands);
    let answered = total.produced_full + total.produced_part;
    format!(
        "{demands}: {answered} {}, {} {}.",
        EN.answered, total.withdrawn, EN.came_back
    )
}

/// Every figure; those that count demands beside a bar.
fn bars(total: &Counts) -> Vec<Bar> {
    let counted = FIGURES.iter().zip(figures(total));
    counted
        .filter_map(|(column, value)| {
            let is_part = !column.name.starts_with("accounts")
                && !matches!(
                    column.name,
                    "demands" | "median_days_to_notice" | "notice_exceptions"
                );
            Some(Bar {
                says: column.says,
                value: value?,
                most: is_part.then_some(total.demands),
            })
        })
        .collect()
}

fn shown(title: &'static str, heads: &[&'static str], rows: impl Iterator<Item = Vec<String>>) -> Shown {
    Shown {
        title,
        heads: heads.to_vec(),
        rows: rows
            .map(|cells| heads.iter().copied().zip(cells).collect())
            .collect(),
    }
}

fn main_figures(counts: &Counts) -> Vec<String> {
    let days = counts.median_days_to_notice;
    vec![
        counts.demands.to_string(),
        counts.noticed.to_string(),
        (counts.produced_full + counts.produced_part).to_string(),
        counts.nothing_held.to_string(),
        counts.withdrawn.to_string(),
        format!(
            "{} / {}",
            counts.challenged_by_provider, counts.challenged_by_user
        ),
        format!("{} / {}", counts.secrecy_requested, counts.secrecy_binding),
        days.map_or_else(|| "–".to_owned(), |days| days.to_string()),
    ]
}

fn halves(report: &Report) -> Shown {
    let heads = [
        EN.half,
        EN.demands,
        EN.told,
        EN.given,
        EN.nothing_held,
        EN.withdrawn,
        EN.challenged,
        EN.secrecy,
        EN.days,
    ];
    let rows = report.periods.iter().rev();
    shown(
        EN.halves,
        &heads,
        rows.map(|period| [vec![period.half.to_string()], main_figures(&period.counts)].concat()),
    )
}

/// `dismissed without prejudice` for `dismissed_without_prejudice`.
pub fn in_words(name: &str) -> String {
    name.replace('_', " ")
}

/// What the rule pack calls an instrument; an operator's own by its id.
pub fn instrument(id: &str) -> String {
    let known = InstrumentId::try_from(id).ok();
    let known = known.and_then(|id| RulePack::built_in().instrument(&id));
    known.map_or_else(|| in_words(id), |instrument| instrument.name.clone())
}

fn issuers(report: &Report) -> Shown {
    let heads = [
        EN.issuer,
        EN.instrument,
        EN.half,
        EN.demands,
        EN.told,
        EN.given,
        EN.withdrawn,
    ];
    let rows = report.rows.iter().rev().map(|row| {
        let counts = &row.counts;
        let issuer = match row.rank.as_str() {
            "" => row.issuer.clone(),
            rank => format!("{} ({rank})", row.issuer),
        };
        vec![
            issuer,
            instrument(&row.instrument),
            row.half.to_string(),
            counts.demands.to_string(),
            counts.noticed.to_string(),
            (counts.produced_full + counts.produced_part).to_string(),
            counts.withdrawn.to_string(),
        ]
    });
    shown(EN.issuers, &heads, rows)
}

fn eu(report: &Report) -> Shown {
    let or_dash = |hours: Option<u32>| hours.map_or_else(|| "–".to_owned(), |hours| hours.to_string());
    let heads = [
        EN.half,
        EN.instrument,
        EN.state,
        EN.orders,
        EN.items,
        EN.acknowledge,
        EN.effect,
    ];
    let rows = report.eu.iter().rev().map(|row| {
        vec![
            row.half.to_string(),
            instrument(&row.instrument),
            row.state.clone(),
            row.orders.to_string(),
            row.items.to_string(),
            or_dash(row.median_hours_to_acknowledge),
            or_dash(row.median_hours_to_effect),
        ]
    });
    shown(EN.eu, &heads, rows)
}

fn bands(report: &Report) -> Shown {
    let rows = report.bands.iter().rev().map(|band| {
        let span = |span: bauta_legal::record::Span| format!("{}–{}", span.low(), span.high());
        vec![band.half.to_string(), span(band.process), span(band.selectors)]
    });
    shown(EN.bands, &[EN.half, EN.process, EN.selectors], rows)
}
