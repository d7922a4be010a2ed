//! To the user.

use super::{CantWrite, authority, held_table, log, paras, sent};
use crate::facts::{Case, Matter, received};
use crate::letter::{Block, Letter};
use crate::words::{EN, fill};

pub(super) fn notice(matter: &Matter) -> Result<Letter, CantWrite> {
    if matter.gagged {
        return Err(CantWrite::Gagged);
    }
    let lead = if matter.produced {
        EN.notice_lead_given
    } else {
        EN.notice_lead
    };
    let served = received(&matter.served_on);
    let mut body = vec![
        Block::para(fill(lead, &[("served", &served), ("issuer", &matter.issuer)])),
        Block::para(until(matter)),
        Block::para(paper(matter)),
    ];
    if !matter.held.is_empty() {
        body.push(Block::heading(EN.notice_table));
        body.push(held_table(matter));
    }
    if !matter.grounds.is_empty() {
        body.push(Block::heading(EN.notice_grounds));
        body.push(Block::Numbered(
            matter
                .grounds
                .iter()
                .map(|ground| format!("{} {}", ground.rule, ground.fact))
                .collect(),
        ));
    }
    body.push(Block::heading(EN.notice_counsel));
    body.extend(paras(&[EN.notice_counsel_how, EN.notice_not_yours]));
    let hold = if matter.hold {
        EN.notice_hold
    } else {
        EN.notice_no_hold
    };
    body.push(Block::para(fill(EN.notice_keep, &[("hold", hold)])));
    body.push(Block::heading(EN.notice_ways));
    let ways = [EN.notice_object, EN.notice_agree, EN.notice_name, EN.notice_wait];
    body.push(Block::Numbered(ways.map(ToOwned::to_owned).to_vec()));
    body.push(Block::para(EN.notice_next));
    body.extend(log(matter));
    Ok(sent(matter, EN.notice_title, Vec::new(), body))
}

fn until(matter: &Matter) -> String {
    matter.window_ends.map_or_else(
        || EN.notice_no_until.to_owned(),
        |day| fill(EN.notice_until, &[("day", &day.long())]),
    )
}

fn paper(matter: &Matter) -> String {
    let mut text = fill(
        EN.notice_paper,
        &[
            ("instrument", &matter.instrument),
            ("authority", authority(matter)),
        ],
    );
    if let Some(due) = &matter.due {
        text = format!("{text} {}", fill(EN.notice_due, &[("due", &received(due))]));
    }
    let binds = if matter.binds {
        EN.notice_binds
    } else {
        EN.notice_not_binds
    };
    format!("{text} {binds}")
}

pub(super) fn withdrawal(matter: &Matter) -> Result<Letter, CantWrite> {
    if matter.gagged {
        return Err(CantWrite::Gagged);
    }
    let outcome = matter
        .outcome
        .as_ref()
        .filter(|outcome| outcome.withdrawn)
        .ok_or(CantWrite::NotWithdrawn)?;
    let facts = [
        ("day", outcome.on.long()),
        ("issuer", matter.issuer.clone()),
        ("instrument", matter.instrument.clone()),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
    let mut body = vec![Block::para(fill(EN.gone_lead, &facts))];
    if matter.produced {
        body.push(Block::para(EN.gone_given));
        body.push(held_table(matter));
    } else {
        body.push(Block::para(EN.gone_not_given));
    }
    body.push(Block::para(EN.gone_again));
    body.extend(matter.case.as_ref().map(lawsuit));
    if matter.hold {
        body.push(Block::para(EN.gone_copy));
    }
    body.push(Block::para(EN.gone_record));
    Ok(sent(matter, EN.gone_title, Vec::new(), body))
}

fn lawsuit(case: &Case) -> Block {
    let text = fill(
        EN.gone_case,
        &[
            ("docket", &case.docket),
            ("court", &case.court),
            ("status", &case.status),
        ],
    );
    if case.status.contains("without prejudice") {
        Block::para(format!("{text} {}", EN.gone_without))
    } else {
        Block::para(text)
    }
}
