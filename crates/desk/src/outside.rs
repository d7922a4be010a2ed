//! What lies outside the program: the officer is asked line by line, and what they say stands in the answer as the
//! operator's own statement, with the officer and the day. A false one may be a crime (18 USC 1001, verify).

use bauta_inventory::Inventory;
use bauta_legal::{Fact, Process, ProcessFact};
use bauta_model::{Day, DemandId};
use serde::Serialize;

use crate::{Case, Desk, Officer, Refused};

/// Characters of a statement.
const MOST_WORDS: usize = 4000;

/// Something outside the program that an officer is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutsideLine {
    /// The number of the demand's line.
    pub line: u16,
    /// What was asked, in the demand's words.
    pub requested: String,
    /// Its name in the inventory.
    pub about: String,
    /// What only the operator knows.
    pub question: String,
    /// What the operator said.
    pub statement: Option<Stated>,
}

/// What the operator said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// In the operator's words.
    pub words: String,
    /// The officer who answers for it, by their number in events.
    pub officer: u64,
    /// The day.
    #[serde(skip)]
    pub day: Day,
    /// The slot: `2017-03-14T09:30:00Z`.
    pub at: String,
}

/// One answer of an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The number of the demand's line.
    pub line: u16,
    /// About what, by its name in the inventory.
    pub about: String,
    /// In the operator's words.
    pub words: String,
}

impl Desk {
    /// Records what the operator knows of what lies outside the program.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for what the line does not ask about, and for no words or too many; else as [`Desk::record`].
    pub async fn state_outside(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        said: Vec<Statement>,
    ) -> Result<Case, Refused> {
        let inventory = self.inventory;
        if said.is_empty() {
            return Err(Refused::invalid("statement", "Nothing was stated."));
        }
        self.change(officer, id, expected, move |entry| {
            for one in said {
                let words = checked(inventory, &entry.case.state.process, &one)?;
                entry.add(Fact::Process(ProcessFact::OutsideStated {
                    line: one.line,
                    about: one.about,
                    statement: words,
                }))?;
            }
            Ok(entry.case.clone())
        })
        .await
    }
}

fn checked(inventory: &Inventory, process: &Process, said: &Statement) -> Result<String, Refused> {
    let asked = beyond(inventory, process);
    let known: Vec<&str> = asked
        .iter()
        .filter(|asked| asked.line == said.line)
        .map(|asked| asked.about.as_str())
        .collect();
    if !known.contains(&said.about.as_str()) {
        let why = if known.is_empty() {
            format!(
                "line {} asks for nothing that lies outside the program",
                said.line
            )
        } else {
            format!("line {} asks about {}", said.line, known.join(", "))
        };
        return Err(Refused::invalid("about", why));
    }
    let words = said.words.trim();
    if words.is_empty() || words.chars().count() > MOST_WORDS {
        let why = format!("say it in some words, in at most {MOST_WORDS} characters");
        return Err(Refused::invalid("statement", why));
    }
    Ok(words.to_owned())
}

/// What lies outside the program, line by line, with what was said of it. An umbrella is answered by nothing.
pub(crate) fn beyond(inventory: &Inventory, process: &Process) -> Vec<OutsideLine> {
    let mut all = Vec::new();
    for (number, line) in process.lines.iter().filter(|(_, line)| !line.umbrella) {
        for outside in inventory.outside_of(&line.text) {
            let said = process.statements.get(&(*number, outside.name.clone()));
            all.push(OutsideLine {
                line: *number,
                requested: line.text.clone(),
                about: outside.name.clone(),
                question: outside.question.clone(),
                statement: said.map(|said| Stated {
                    words: said.words.clone(),
                    officer: said.by.get(),
                    day: said.at.day(),
                    at: said.at.rfc3339().replace(".000Z", "Z"),
                }),
            });
        }
    }
    all
}
