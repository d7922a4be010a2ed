//! For the desk and its counsel.

use super::{held_table, sent, subject};
use crate::facts::{Deadline, Matter, Secrecy, received};
use crate::letter::{Block, Letter, Table};
use crate::words::{EN, fill};

/// Rows of a table, and points of a list, that two pages have room for.
const ROWS: usize = 8;
/// Characters of a cell or point.
const CHARS: usize = 220;

pub(super) fn memo(matter: &Matter) -> Letter {
    let mut body = vec![Block::para(EN.memo_privilege), Block::heading(EN.memo_line)];
    body.push(Block::para(clip(&in_a_line(matter), 700)));
    body.push(Block::para(standing(matter)));
    body.push(Block::heading(EN.memo_defects));
    if matter.grounds.is_empty() {
        body.push(Block::para(EN.memo_no_defects));
    } else {
        let grounds = matter
            .grounds
            .iter()
            .map(|ground| format!("{}: {} {}", ground.code, ground.rule, ground.fact));
        body.push(Block::Numbered(short(grounds.collect())));
    }
    if !matter.held.is_empty() {
        body.push(Block::heading(EN.notice_table));
        body.push(short_table(held_table(matter)));
    }
    if !matter.deadlines.is_empty() {
        body.push(Block::heading(EN.memo_dates));
        body.push(short_table(dates(&matter.deadlines)));
    }
    if !matter.steps.is_empty() {
        body.push(Block::heading(EN.memo_steps));
        let steps = matter
            .steps
            .iter()
            .map(|(day, step)| format!("{}: {step}", day.long()));
        body.push(Block::Numbered(short(steps.collect())));
    }
    body.push(Block::heading(EN.memo_questions));
    let questions = [
        EN.memo_question_valid,
        EN.memo_question_tell,
        EN.memo_question_keep,
        EN.memo_question_court,
        EN.memo_question_user,
    ];
    body.push(Block::Numbered(questions.map(ToOwned::to_owned).to_vec()));
    body.push(Block::para(fill(
        EN.memo_made,
        &[("inventory", &matter.inventory), ("rules", &matter.rules)],
    )));
    let mut letter = sent(matter, EN.memo_title, Vec::new(), body);
    letter.pages = Some(2);
    letter
}

fn in_a_line(matter: &Matter) -> String {
    let accounts = match matter.accounts {
        1 => EN.memo_account.to_owned(),
        count => fill(EN.memo_accounts, &[("count", &count.to_string())]),
    };
    let due = matter
        .due
        .as_deref()
        .map_or_else(|| EN.memo_no_due.to_owned(), received);
    let rank = match matter.issuer_rank.trim() {
        "" => EN.memo_no_rank,
        rank => rank,
    };
    let sender = matter.sender.entity.as_deref().unwrap_or(&matter.sender.title);
    fill(
        EN.memo_line_is,
        &[
            ("issuer", &matter.issuer),
            ("rank", rank),
            ("sender", sender),
            ("accounts", &accounts),
            ("subject", &subject(matter)),
            ("due", &due),
        ],
    )
}

/// Whether it binds, and what it says about silence.
fn standing(matter: &Matter) -> String {
    let binds = if matter.binds {
        EN.memo_binds
    } else {
        EN.memo_not_binds
    };
    let silence = match matter.secrecy {
        Secrecy::None => EN.memo_silent_none,
        Secrecy::Requested => EN.memo_silent_request,
        Secrecy::Commanded => EN.memo_silent_command,
    };
    let gag = if matter.gagged { EN.memo_gagged } else { "" };
    format!("{binds} {silence} {gag}").trim().to_owned()
}

fn dates(deadlines: &[Deadline]) -> Block {
    let rows = deadlines.iter().map(|deadline| {
        let name = if deadline.binds {
            fill(EN.memo_date_binds, &[("name", &deadline.name)])
        } else {
            deadline.name.clone()
        };
        let at = format!("{}, {}", deadline.at.day().long(), deadline.at.clock_utc());
        [at, name, deadline.how.clone()]
    });
    Block::table(
        [(EN.memo_date, 3), (EN.memo_what, 3), (EN.memo_how, 6)],
        rows.collect(),
    )
}

fn clip(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars - 1).collect();
    cut.push('\u{2026}');
    cut
}

fn short(points: Vec<String>) -> Vec<String> {
    let beyond = points.len().saturating_sub(ROWS);
    let mut kept: Vec<String> = points.iter().take(ROWS).map(|point| clip(point, CHARS)).collect();
    if beyond > 0 {
        kept.push(fill(EN.more, &[("count", &beyond.to_string())]));
    }
    kept
}

fn short_table(block: Block) -> Block {
    let Block::Table(Table { head, parts, rows }) = block else {
        return block;
    };
    let beyond = rows.len().saturating_sub(ROWS);
    let mut kept: Vec<Vec<String>> = rows
        .iter()
        .take(ROWS)
        .map(|row| row.iter().map(|cell| clip(cell, CHARS)).collect())
        .collect();
    if beyond > 0 {
        let mut last = vec![String::new(); head.len()];
        last[0] = fill(EN.more, &[("count", &beyond.to_string())]);
        kept.push(last);
    }
    Block::Table(Table {
        head,
        parts,
        rows: kept,
    })
}

pub(super) fn first_hour(matter: &Matter) -> Letter {
    let checks = |texts: &[&str]| Block::Checks(texts.iter().map(|text| (*text).to_owned()).collect());
    let body = vec![
        Block::para(EN.hour_lead),
        Block::heading(EN.hour_now),
        checks(&[EN.hour_say, EN.hour_delete, EN.hour_note]),
        Block::heading(EN.hour_then),
        checks(&[
            EN.hour_enter,
            EN.hour_call,
            EN.hour_read,
            EN.hour_silence,
            EN.hour_counsel,
            EN.hour_dates,
        ]),
        Block::heading(EN.hour_not),
        checks(&[EN.hour_not_answer, EN.hour_not_user, EN.hour_not_public]),
        Block::heading(EN.hour_door),
        checks(&[EN.hour_door_paper, EN.hour_door_help]),
        Block::Signature(EN.hour_who.to_owned()),
    ];
    Letter {
        title: EN.hour_title.to_owned(),
        from: Vec::new(),
        to: Vec::new(),
        date: None,
        reference: Some(matter.reference.clone()).filter(|reference| !reference.is_empty()),
        body,
        pages: Some(1),
    }
}
