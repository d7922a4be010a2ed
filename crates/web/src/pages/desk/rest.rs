//! What else a paper may say, in the form that takes a demand in: fields that most papers leave empty.

use bauta_desk::legal::{Demand, MEMBER_STATES};
use bauta_inventory::{Eu, Us};
use serde_json::{Map, Value, json};

use crate::upload::Upload;
use crate::words_courts::COURTS;
use crate::words_desk::DESK;

/// A line of the form, named as in data.
pub struct Line {
    pub name: &'static str,
    pub label: &'static str,
    /// May be empty.
    pub hint: &'static str,
    pub value: String,
}

/// A class of records that a document can cite.
pub struct Class {
    /// The field: `cited_us` or `cited_eu`, and the class.
    pub name: String,
    pub words: String,
    pub on: bool,
}

/// What was typed into these fields.
pub struct Rest {
    pub lines: Vec<Line>,
    pub states: &'static [(&'static str, &'static str)],
    /// The member state's code; may be empty.
    pub state: String,
    pub sealed: bool,
    pub classes: Vec<Class>,
    pub binds: bool,
}

/// `served.upon` stands in data below the service.
const UPON: &str = "upon";

const LINES: [(&str, &str, &str); 9] = [
    (UPON, COURTS.intake_upon, ""),
    ("entity_named", COURTS.intake_entity, ""),
    ("appearance", COURTS.intake_appearance, ""),
    ("zone", COURTS.intake_zone, COURTS.intake_zone_hint),
    ("court", COURTS.intake_court, ""),
    ("language", COURTS.intake_language, COURTS.intake_language_hint),
    ("redress", COURTS.intake_redress, ""),
    ("foreign_conflict", COURTS.intake_conflict, ""),
    ("underlying", COURTS.intake_underlying, ""),
];

/// The classes that a document can cite: what everybody can read needs no compulsion.
fn classes() -> impl Iterator<Item = (Value, String, &'static str)> {
    let us = Us::BASIC
        .into_iter()
        .chain([Us::Other, Us::PrivateContent, Us::Prospective]);
    let eu = [Eu::Subscriber, Eu::IdentificationOnly, Eu::Traffic, Eu::Content];
    let us = us.map(|class| (json!(class), format!("18 USC 2703: {class}"), "us"));
    us.chain(eu.map(|class| (json!(class), format!("EU: {class}"), "eu")))
}

/// What a demand says in these fields, for the page that shows it. What is empty is left out there.
pub fn said(demand: &Demand) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let state = demand.member_state.as_deref().unwrap_or_default();
    let state = MEMBER_STATES.iter().find(|(code, _)| *code == state);
    let sealed = if demand.sealed_docket { DESK.yes } else { "" };
    let appearance = demand.appearance.as_ref().map(|time| time.text().to_owned());
    let cited = demand.cited.as_ref().map_or_else(String::new, |cited| {
        let us = cited.us.iter().map(|class| format!("18 USC 2703: {class}"));
        let eu = cited.eu.iter().map(|class| format!("EU: {class}"));
        us.chain(eu).collect::<Vec<_>>().join(", ")
    });
    vec![
        (
            COURTS.intake_state,
            state.map_or_else(String::new, |(_, name)| (*name).to_owned()),
        ),
        (COURTS.intake_upon, text(&demand.served.upon)),
        (COURTS.intake_entity, text(&demand.entity_named)),
        (COURTS.intake_appearance, appearance.unwrap_or_default()),
        (COURTS.intake_zone, text(&demand.zone)),
        (COURTS.intake_court, text(&demand.court)),
        (COURTS.intake_sealed, sealed.to_owned()),
        (COURTS.intake_language, text(&demand.language)),
        (COURTS.intake_redress, text(&demand.redress)),
        (COURTS.intake_conflict, text(&demand.foreign_conflict)),
        (COURTS.intake_cited, cited),
    ]
}

impl Default for Rest {
    fn default() -> Self {
        Self::of(None)
    }
}

impl Rest {
    /// As it was sent; empty for a form that nobody filled in.
    pub fn of(upload: Option<&Upload>) -> Self {
        let text = |name: &str| upload.map_or("", |upload| upload.text(name)).trim().to_owned();
        let ticked = |name: &str| upload.is_some_and(|upload| upload.ticked(name));
        let lines = LINES.map(|(name, label, hint)| Line {
            name,
            label,
            hint,
            value: text(name),
        });
        let class = |(class, words, scheme): (Value, String, &str)| {
            let name = format!("cited_{scheme}.{}", class.as_str().unwrap_or_default());
            Class {
                on: ticked(&name),
                name,
                words,
            }
        };
        Self {
            lines: lines.into(),
            states: &MEMBER_STATES,
            state: text("member_state"),
            sealed: ticked("sealed_docket"),
            classes: classes().map(class).collect(),
            binds: ticked("cited_binds"),
        }
    }

    /// Something of it is filled in.
    pub fn is_used(&self) -> bool {
        let lines = self.lines.iter().any(|line| !line.value.is_empty());
        lines
            || !self.state.is_empty()
            || self.sealed
            || self.binds
            || self.classes.iter().any(|class| class.on)
    }

    /// Puts what is filled in into a demand, under its names in data.
    pub fn put(&self, demand: &mut Map<String, Value>) {
        for line in self.lines.iter().filter(|line| !line.value.is_empty()) {
            if line.name == UPON {
                demand["served"][UPON] = json!(line.value);
            } else {
                demand.insert(line.name.to_owned(), json!(line.value));
            }
        }
        if !self.state.is_empty() {
            demand.insert("member_state".to_owned(), json!(self.state));
        }
        demand.insert("sealed_docket".to_owned(), json!(self.sealed));
        let of = |scheme: &str| -> Vec<&str> {
            let prefix = format!("cited_{scheme}.");
            let on = self.classes.iter().filter(|class| class.on);
            on.filter_map(|class| class.name.strip_prefix(prefix.as_str()))
                .collect()
        };
        let (us, eu) = (of("us"), of("eu"));
        if self.binds || !us.is_empty() || !eu.is_empty() {
            let cited = json!({"us": us, "eu": eu, "binds": self.binds});
            demand.insert("cited".to_owned(), cited);
        }
    }
}
