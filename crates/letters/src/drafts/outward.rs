//! To whoever demands.

use super::{CantWrite, held_table, log, sent, subject};
use crate::facts::{Ground, Matter, Secrecy};
use crate::letter::{Block, Letter};
use crate::words::{EN, fill};

/// The issuer, line by line.
fn issuer(matter: &Matter) -> Vec<String> {
    vec![matter.issuer.clone()]
}

pub(super) fn acknowledgement(matter: &Matter) -> Letter {
    let asks = [
        EN.ack_ask_office,
        EN.ack_ask_law,
        EN.ack_ask_court,
        EN.ack_ask_silence,
    ];
    let mut body = vec![
        Block::para(fill(EN.ack_receipt, &[("subject", &subject(matter))])),
        Block::para(EN.ack_reserve),
        Block::para(EN.ack_answer),
        Block::para(EN.ack_hold),
        Block::para(EN.ack_ask),
        Block::Numbered(asks.map(ToOwned::to_owned).to_vec()),
        Block::para(EN.ack_notice),
    ];
    body.extend(log(matter));
    body.push(Block::Signature(EN.signature.to_owned()));
    sent(matter, EN.ack_title, issuer(matter), body)
}

pub(super) fn objection(matter: &Matter) -> Result<Letter, CantWrite> {
    if matter.grounds.is_empty() {
        return Err(CantWrite::NoGrounds);
    }
    let mut body = vec![Block::para(fill(EN.obj_lead, &[("subject", &subject(matter))]))];
    body.push(Block::Numbered(matter.grounds.iter().map(ground).collect()));
    if !matter.requested.is_empty() {
        body.push(Block::para(format!(
            "{} {}.",
            EN.obj_asked,
            matter.requested.join("; ")
        )));
    }
    if matter.secrecy == Secrecy::Requested {
        body.push(Block::para(EN.obj_silence));
    }
    body.push(Block::para(if matter.binds {
        EN.obj_binds
    } else {
        EN.obj_stands
    }));
    body.push(Block::para(EN.obj_reserve));
    body.push(Block::para(EN.obj_withdraw));
    body.push(Block::Signature(EN.signature.to_owned()));
    Ok(sent(matter, EN.obj_title, issuer(matter), body))
}

fn ground(ground: &Ground) -> String {
    let mut text = format!(
        "{} {}: {}",
        sentence(&ground.rule),
        EN.obj_fact,
        sentence(&ground.fact)
    );
    if !ground.source.trim().is_empty() {
        text = format!("{text} {}: {}", EN.obj_source, sentence(&ground.source));
    }
    text
}

/// Ends with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '\u{201d}']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

pub(super) fn what_we_hold(matter: &Matter) -> Letter {
    let mut body = vec![Block::para(fill(EN.held_lead, &[("subject", &subject(matter))]))];
    if matter.held.is_empty() {
        body.push(Block::para(EN.held_none));
    } else {
        body.push(held_table(matter));
    }
    body.push(Block::para(EN.held_limits));
    body.push(Block::para(EN.held_public));
    body.push(Block::para(EN.held_reserve));
    body.push(Block::para(fill(
        EN.held_hashes,
        &[("inventory", &matter.inventory), ("rules", &matter.rules)],
    )));
    body.push(Block::Signature(EN.signature.to_owned()));
    sent(matter, EN.held_title, issuer(matter), body)
}
