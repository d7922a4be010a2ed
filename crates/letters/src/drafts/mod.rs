//! The drafts: to whoever demands, to the user, and for the desk and its counsel.

mod inside;
mod outward;
mod person;

use bauta_model::counted;

use crate::facts::{Line, Log, Matter, Status, received};
use crate::letter::{Block, Letter};
use crate::words::{EN, fill};

/// What the desk can draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To the issuer: it came, and nothing is accepted.
    Acknowledgement,
    /// To the issuer: the defects as grounds.
    Objection,
    /// To the issuer: asked against held.
    WhatWeHold,
    /// To the user: somebody asked who they are.
    Notice,
    /// To the user: the demand was taken back.
    Withdrawal,
    /// To outside counsel, on two pages.
    Memo,
    /// For the desk's wall.
    FirstHour,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Acknowledgement,
        Self::Objection,
        Self::WhatWeHold,
        Self::Notice,
        Self::Withdrawal,
        Self::Memo,
        Self::FirstHour,
    ];

    /// As the command line and addresses call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Objection => "objection",
            Self::WhatWeHold => "what-we-hold",
            Self::Notice => "notice",
            Self::Withdrawal => "withdrawal",
            Self::Memo => "memo",
            Self::FirstHour => "first-hour",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why a letter can't be drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CantWrite {
    /// The user may not be told.
    #[error("a gag is active: the user may not be told of this demand, so there is nothing to draft")]
    Gagged,
    /// No defect was found.
    #[error("the rules found no defect: an objection needs a ground, so counsel has to write this one")]
    NoGrounds,
    /// The demand stands.
    #[error("this demand was not withdrawn: enter the withdrawal first")]
    NotWithdrawn,
}

/// Drafts a letter.
///
/// # Errors
/// [`CantWrite`] where the facts do not carry it.
pub fn draft(kind: Kind, matter: &Matter) -> Result<Letter, CantWrite> {
    match kind {
        Kind::Acknowledgement => Ok(outward::acknowledgement(matter)),
        Kind::Objection => outward::objection(matter),
        Kind::WhatWeHold => Ok(outward::what_we_hold(matter)),
        Kind::Notice => person::notice(matter),
        Kind::Withdrawal => person::withdrawal(matter),
        Kind::Memo => Ok(inside::memo(matter)),
        Kind::FirstHour => Ok(inside::first_hour(matter)),
    }
}

/// The paper, in a line.
fn subject(matter: &Matter) -> String {
    fill(
        EN.subject,
        &[
            ("instrument", &matter.instrument),
            ("authority", authority(matter)),
            ("served", &received(&matter.served_on)),
            ("by", &matter.served_by),
        ],
    )
}

fn authority(matter: &Matter) -> &str {
    match matter.authority.trim() {
        "" => EN.no_authority,
        authority => authority,
    }
}

/// A letter that leaves the house.
fn sent(matter: &Matter, title: &str, to: Vec<String>, body: Vec<Block>) -> Letter {
    let sender = &matter.sender;
    let mut from = vec![sender.title.clone()];
    from.push(sender.entity.clone().unwrap_or_else(|| EN.no_entity.to_owned()));
    if sender.address.is_empty() {
        from.push(EN.no_address.to_owned());
    }
    from.extend(sender.address.iter().cloned());
    from.extend(sender.contact.clone());
    Letter {
        title: title.to_owned(),
        from,
        to,
        date: Some(matter.today),
        reference: Some(matter.reference.clone()),
        body,
        pages: None,
    }
}

/// What goes with the letter out of the public log.
fn log(matter: &Matter) -> Option<Block> {
    match &matter.log {
        Log::Absent => None,
        Log::Promised { by, commitment } => Some(Block::para(fill(
            EN.log_promised,
            &[("day", &by.long()), ("commitment", commitment)],
        ))),
        Log::Entered { leaf } => Some(Block::para(fill(EN.log_entered, &[("leaf", &leaf.to_string())]))),
    }
}

/// What a line comes to, in words.
fn status(line: &Line) -> String {
    let words = match line.status {
        Status::Held if line.rows > 0 => EN.held_rows,
        Status::Held => EN.held,
        Status::Credential => EN.credential,
        Status::Expired => EN.expired,
        Status::NeverCollected => EN.never,
        Status::Outside => EN.outside,
        Status::TooBroad => EN.too_broad,
    };
    fill(words, &[("rows", &counted(line.rows, EN.row, EN.rows))])
}

/// Why, with the operator's own words where only they can speak.
fn why(line: &Line) -> String {
    match (&line.statement, line.status) {
        (Some(statement), _) => fill(
            EN.held_statement,
            &[("statement", &statement.words), ("day", &statement.on.long())],
        ),
        (None, Status::Outside) => format!("{} {}", line.sentence, EN.held_open).trim().to_owned(),
        (None, Status::TooBroad) => format!("{} {}", line.sentence, EN.held_narrow).trim().to_owned(),
        (None, _) => line.sentence.clone(),
    }
}

/// Asked against held.
fn held_table(matter: &Matter) -> Block {
    let rows = matter
        .held
        .iter()
        .map(|line| [line.requested.clone(), status(line), why(line)]);
    Block::table(
        [(EN.held_asked, 3), (EN.held_answer, 3), (EN.held_why, 6)],
        rows.collect(),
    )
}

/// A part of a letter that may have several paragraphs.
fn paras(texts: &[&str]) -> Vec<Block> {
    texts.iter().map(|text| Block::para(*text)).collect()
}
