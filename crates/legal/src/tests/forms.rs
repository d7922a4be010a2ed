//! How events are stored. A change here is a change of everything that desks have stored: old forms have to be read on.

use std::fmt::Write as _;

use serde_json::Value;

use super::samples::{case_facts, gag_facts, preservation_facts, process_facts, why};
use super::told::{ANN, Told};
use crate::{Correction, Event, Fact, Publication, PublicationFact};

fn every_event() -> Vec<Event> {
    let at = Told::default().now;
    let facts = process_facts()
        .into_iter()
        .map(Fact::Process)
        .chain(case_facts().into_iter().map(|fact| Fact::Case { case: 0, fact }))
        .chain(gag_facts(at).into_iter().map(Fact::Gag))
        .chain(preservation_facts(at).into_iter().map(Fact::Preservation))
        .chain([
            Fact::Publication(PublicationFact::Published {
                to: Publication::RedactedPage,
            }),
            Fact::Corrected(Correction {
                of: 0,
                note: why(),
                demand: None,
            }),
        ]);
    facts
        .map(|fact| Event {
            at,
            officer: ANN,
            fact,
        })
        .collect()
}

#[test]
fn events_are_stored_in_this_form() {
    let mut forms = String::new();
    for event in every_event() {
        let _ = writeln!(forms, "{}", serde_json::to_string(&event).unwrap());
    }
    insta::assert_snapshot!(forms);
}

/// Every object that is in `value`, by a path to it.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.push(path.to_owned());
            map.iter()
                .for_each(|(key, inner)| objects(inner, &format!("{path}/{key}"), found));
        }
        Value::Array(list) => {
            let inner = list.iter().enumerate();
            inner.for_each(|(at, inner)| objects(inner, &format!("{path}/{at}"), found));
        }
        _ => {}
    }
}

#[test]
fn a_field_that_nobody_knows_is_refused_wherever_it_stands() {
    for event in every_event() {
        let whole = serde_json::to_value(&event).unwrap();
        assert_eq!(serde_json::from_value::<Event>(whole.clone()).unwrap(), event);
        let mut paths = Vec::new();
        objects(&whole, "", &mut paths);
        for path in paths {
            let mut spoiled = whole.clone();
            let object = spoiled.pointer_mut(&path).and_then(Value::as_object_mut).unwrap();
            object.insert("colour".to_owned(), Value::from("red"));
            assert!(
                serde_json::from_value::<Event>(spoiled).is_err(),
                "{} took it at `{path}`",
                event.fact.name()
            );
        }
    }
}

#[test]
fn times_officers_and_hashes_have_one_form() {
    let text = serde_json::to_string(&every_event()[1]).unwrap();
    for (from, to) in [
        ("2017-03-14T00:00:00Z", "2017-03-14T00:00Z"),
        ("2017-03-14T00:00:00Z", "2017-02-30T00:00:00Z"),
        ("\"officer\":\"1\"", "\"officer\":1"),
        ("\"officer\":\"1\"", "\"officer\":\"01\""),
        ("\"officer\":\"1\"", "\"officer\":\"\""),
        ("\"officer\":\"1\"", "\"officer\":\"99999999999999999999\""),
        ("sealed_copy", "SealedCopy"),
    ] {
        assert!(text.contains(from), "{text}");
        assert!(
            serde_json::from_str::<Event>(&text.replace(from, to)).is_err(),
            "{to}"
        );
    }
}
