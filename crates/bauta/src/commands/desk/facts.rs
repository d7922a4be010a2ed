//! Facts as officers type them: from words of the command line to the desk's own types, which refuse what is not right.

use std::collections::BTreeSet;
use std::path::Path;

use bauta_desk::legal::{Fact, Hash, Item, Scope, category};
use bauta_desk::{Act, legal};
use bauta_inventory::{Inventory, Status};
use serde_json::{Value, json};

use super::{Asker, step_of};
use crate::cli::courts::{CourtPaper, GagArgs};
use crate::cli::desk::{CaseCommand, DeskCommand, DetermineArgs, EmergencyArg, ExceptArg, HowArg};
use crate::failure::{Failure, Outcome};

/// Reads a fact strictly.
pub fn fact(value: Value) -> Outcome<Fact> {
    serde_json::from_value(value)
        .map_err(|error| Failure::new(format!("this is no fact of a demand: {error}")))
}

/// Nothing asked for is held.
pub fn no_records() -> Value {
    json!({"process": {"no_records": {}}})
}

/// The user is not told.
pub fn except(ground: ExceptArg, reason: Option<&str>) -> Value {
    let ground = match ground {
        ExceptArg::AccountTaken => "account_taken",
        ExceptArg::ThreatToLife => "threat_to_life",
    };
    json!({"process": {"notice_excepted": {"ground": ground, "reason": reason.unwrap_or_default()}}})
}

/// Steps that are facts as people type them.
pub fn typed(asker: &Asker, command: DeskCommand) -> Outcome<Value> {
    let process = |name: &str, fields: Value| json!({"process": {name: fields}});
    let (id, facts) = match command {
        DeskCommand::Verify {
            id,
            how,
            note,
            not_genuine,
        } => {
            let facts = verify(asker, &id, how, &note, not_genuine)?;
            (id, facts)
        }
        DeskCommand::Delay { id, until } => {
            let by = format!("{until}T00:00:00Z");
            (id, vec![process("notice_due", json!({"by": by}))])
        }
        DeskCommand::Finding {
            id,
            finding,
            not_met,
            reason,
        } => {
            let fields = json!({"finding": finding, "met": !not_met, "reason": reason});
            (id, vec![process("finding_recorded", fields)])
        }
        DeskCommand::Object { id, reason, lift } => {
            let fact = if lift {
                process("objection_lifted", json!({"reason": reason}))
            } else {
                let grounds = asker.show(&id)?["defects"].clone();
                process("objected", json!({"grounds": grounds, "reason": reason}))
            };
            (id, vec![fact])
        }
        DeskCommand::Narrow { id, lines, document } => {
            let lines = lines
                .iter()
                .map(|line| narrowed(line))
                .collect::<Outcome<Vec<_>>>()?;
            let document = paper(&document, "narrowing")?;
            (
                id,
                vec![process("narrowed", json!({"lines": lines, "document": document}))],
            )
        }
        DeskCommand::Determine { id, what } => {
            let decision = decision(asker, &id, what)?;
            (id, vec![process("determined", decision)])
        }
        DeskCommand::Challenge { id, court, user, gag } => {
            let by = if user { "user" } else { "provider" };
            let fact = if gag {
                json!({"gag": {"challenged": {"court": court}}})
            } else {
                process("challenged", json!({"by": by, "court": court}))
            };
            (id, vec![fact])
        }
        DeskCommand::Case { id, command } => {
            let facts = case(asker, &id, command)?;
            (id, facts)
        }
        DeskCommand::Gag { id, gag } => return gagged(asker, &id, gag),
        DeskCommand::Withdraw { id, on, document } => {
            let document = document.map(|file| paper(&file, "withdrawal")).transpose()?;
            (
                id,
                vec![process("withdrawn", json!({"on": on, "document": document}))],
            )
        }
        DeskCommand::Emergency { id, what, reason } => {
            let facts = emergency(asker, &id, what, &reason)?;
            (id, facts)
        }
        DeskCommand::Publish { id, to } => (id, vec![json!({"publication": {"published": {"to": to}}})]),
        DeskCommand::Correct { id, of, note } => (
            id,
            vec![json!({"corrected": {"of": of, "note": note, "demand": null}})],
        ),
        DeskCommand::Override {
            id,
            guard,
            step,
            paper,
        } => {
            let document = court_paper(&paper)?;
            let fields = json!({"document": document, "guard": guard, "step": step_of(step)});
            (id, vec![process("court_ordered", fields)])
        }
        _ => return Err(Failure::new("this is no step of a demand")),
    };
    asker.record(&id, facts)
}

fn verify(asker: &Asker, id: &str, how: HowArg, note: &str, not_genuine: bool) -> Outcome<Vec<Value>> {
    let mut facts = Vec::new();
    if asker.show(id)?["position"] == "received" {
        facts.push(json!({"process": {"verification_begun": {}}}));
    }
    let how = match how {
        HowArg::CalledBack => "called_back",
        HowArg::CourtRecord => "court_record",
        HowArg::InPerson => "in_person",
        HowArg::Signature => "signature",
    };
    facts.push(if not_genuine {
        json!({"process": {"not_genuine": {"reason": note}}})
    } else {
        json!({"process": {"verified": {"how": how, "note": note}}})
    });
    Ok(facts)
}

/// `3=posts of 6 April`: the number of an older line, and what takes its place.
pub fn narrowed(text: &str) -> Outcome<Value> {
    let wrong = || Failure::new(format!("{text:?} is no line; write NUMBER=TEXT"));
    let (number, words) = text.split_once('=').ok_or_else(wrong)?;
    let of: u16 = number.trim().parse().map_err(|_| wrong())?;
    let line = category::line(Inventory::builtin(), words.trim());
    Ok(json!({"of": of, "line": line}))
}

/// A document by its hash.
fn paper(file: &Path, kind: &str) -> Outcome<Value> {
    Ok(json!({"hash": hash(file)?, "kind": kind}))
}

pub fn court_paper(paper: &CourtPaper) -> Outcome<Value> {
    Ok(json!({"hash": hash(&paper.document)?, "court": paper.court, "on": paper.on}))
}

fn hash(file: &Path) -> Outcome<Hash> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", file.display())))?;
    Ok(Hash::of(&bytes))
}

/// Everything that is asked for, held and no credential.
fn items(asker: &Asker, id: &str, only_public: bool, columns: &[String]) -> Outcome<BTreeSet<Item>> {
    let scope: Option<Scope> = serde_json::from_value(asker.show(id)?["scope"].clone())
        .map_err(|error| Failure::new(format!("the server's answer is not understood: {error}")))?;
    let scope = scope.ok_or_else(|| Failure::new("compute the scope first: bauta desk scope ID"))?;
    let held = scope.lines.into_iter().filter(|line| line.status == Status::Held);
    let records = held.flat_map(|line| line.records.into_iter().map(move |record| (line.line, record)));
    let chosen = records.filter(|(_, record)| {
        let named = columns.is_empty() || columns.contains(&record.column);
        named && !record.credential && record.rows > 0 && (record.public || !only_public)
    });
    let items: BTreeSet<Item> = chosen
        .map(|(line, record)| Item {
            line,
            column: record.column,
            public: record.public,
        })
        .collect();
    let missing = columns
        .iter()
        .find(|column| !items.iter().any(|item| item.column == **column));
    match missing {
        Some(column) => Err(Failure::new(format!(
            "{column} is not held, or was not asked for"
        ))),
        None => Ok(items),
    }
}

fn decision(asker: &Asker, id: &str, what: DetermineArgs) -> Outcome<Value> {
    if let Some(ground) = what.refuse {
        return Ok(json!({"refuse": {"ground": ground, "reason": what.reason.unwrap_or_default()}}));
    }
    let items = items(asker, id, what.only_public, &what.columns)?;
    let basis = match (what.by_consent, what.duty_to_report) {
        (true, _) => json!({"consent": {}}),
        (_, Some(law)) => json!({"duty_to_report": {"law": law}}),
        _ => json!({"instrument": {}}),
    };
    Ok(json!({"produce": {"items": items, "basis": basis}}))
}

fn emergency(asker: &Asker, id: &str, what: EmergencyArg, reason: &str) -> Outcome<Vec<Value>> {
    let (name, fields) = match what {
        EmergencyArg::Ask => ("emergency_asked", json!({"reason": reason})),
        EmergencyArg::Decline => ("emergency_declined", json!({"reason": reason})),
        EmergencyArg::Approve => {
            let items = items(asker, id, false, &[])?;
            ("emergency_approved", json!({"items": items, "reason": reason}))
        }
    };
    Ok(vec![json!({"process": {name: fields}})])
}

fn case(asker: &Asker, id: &str, command: CaseCommand) -> Outcome<Vec<Value>> {
    let of = |case: u16, fact: Value| json!({"case": {"case": case, "fact": fact}});
    Ok(match command {
        CaseCommand::File {
            court,
            docket,
            on,
            sealed,
            parties,
            refiles,
        } => {
            let next = asker.show(id)?["cases"].as_array().map_or(0, Vec::len) as u16;
            let parties = parties
                .iter()
                .map(|text| party(text))
                .collect::<Outcome<Vec<_>>>()?;
            let filed = json!({"filed": {"court": court, "docket": docket, "sealed": sealed, "on": on, "parties": parties}});
            vec![
                of(next, json!({"drafted": {"refiles": refiles}})),
                of(next, filed),
            ]
        }
        CaseCommand::Docket {
            case,
            on,
            kind,
            rule,
            pages,
        } => vec![of(
            case,
            json!({"docketed": {"on": on, "kind": kind, "rule": rule, "pages": pages}}),
        )],
        CaseCommand::Dismiss {
            case,
            on,
            with_prejudice,
            involuntary,
            rule,
        } => {
            let fields =
                json!({"with_prejudice": with_prejudice, "voluntary": !involuntary, "on": on, "rule": rule});
            vec![of(case, json!({"dismissed": fields}))]
        }
        CaseCommand::Judge(args) => {
            let document = json!({"hash": hash(&args.document)?, "court": args.court, "on": args.on});
            vec![of(args.case, json!({"judged": {"document": document}}))]
        }
        CaseCommand::Appeal { case, court } => vec![of(case, json!({"appealed": {"court": court}}))],
        CaseCommand::Stay { case } => vec![of(case, json!({"stayed": {}}))],
        CaseCommand::Pending { case } => vec![of(case, json!({"pending": {}}))],
    })
}

fn party(text: &str) -> Outcome<Value> {
    let (role, name) = text
        .split_once('=')
        .ok_or_else(|| Failure::new(format!("{text:?} is no party; write ROLE=NAME")))?;
    Ok(json!({"role": role.trim(), "name": name.trim()}))
}

fn gagged(asker: &Asker, id: &str, gag: GagArgs) -> Outcome<Value> {
    if gag.request {
        return asker.record(id, vec![json!({"gag": {"requested": {}}})]);
    }
    let order = match (&gag.order, &gag.court, &gag.on) {
        (Some(file), Some(court), Some(on)) => Some(json!({"hash": hash(file)?, "court": court, "on": on})),
        _ => None,
    };
    if gag.lift {
        return asker.record(id, vec![json!({"gag": {"lifted": {"document": order}}})]);
    }
    // It ends when its last day is over.
    let ends = match &gag.ends {
        Some(day) if gag.uphold || gag.narrow => {
            let read = legal::ReceivedTime::new(day.as_str()).day();
            let read =
                read.ok_or_else(|| Failure::new(format!("{day} is no day; write it as in 2017-04-07")))?;
            Some(read.plus(1).start().rfc3339().replace(".000Z", "Z"))
        }
        _ => None,
    };
    if gag.uphold {
        return asker.record(
            id,
            vec![json!({"gag": {"upheld": {"document": order, "ends": ends}}})],
        );
    }
    if gag.narrow {
        let fields = json!({"document": order, "user_may_know": gag.user_may_know, "ends": ends});
        return asker.record(id, vec![json!({"gag": {"narrowed": fields}})]);
    }
    let basis = match (order, gag.certification, gag.statute) {
        (Some(document), _, _) => json!({"order": {"document": document}}),
        (_, Some(file), _) => json!({"certification": {"document": paper(&file, "certification")?}}),
        (_, _, true) => json!({"statute": {}}),
        _ => {
            return Err(Failure::new(
                "say what it rests on: --request, --statute, --certification or --order",
            ));
        }
    };
    let basis: legal::GagBasis =
        serde_json::from_value(basis).map_err(|error| Failure::new(format!("this is no gag: {error}")))?;
    asker.act(
        id,
        Act::Gag {
            basis,
            user_may_know: gag.user_may_know,
            ends: gag.ends,
            review: gag.review,
            named: gag.named,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_strictly() {
        assert!(fact(no_records()).is_ok());
        assert!(fact(except(ExceptArg::ThreatToLife, Some("r"))).is_ok());
        assert!(fact(json!({"process": {"withdrawn": {"on": "2017-04-07"}, "closed": {}}})).is_err());
        assert!(
            fact(json!({"process": {"determined": {"refuse": {"ground": "mood", "reason": "r"}}}})).is_err()
        );
    }

    #[test]
    fn a_line_and_a_party_are_read() {
        assert_eq!(narrowed("3= user names ").unwrap()["of"], 3);
        assert!(narrowed("user names").is_err());
        assert_eq!(party("plaintiff=A Server").unwrap()["name"], "A Server");
    }
}
