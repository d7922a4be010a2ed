//! From the words of a demand to classes of records. The words are the inventory's: there is one list.

use bauta_inventory::{Answer, Inventory, Us};

use crate::Line;

/// A line of a demand with the classes that it names. An umbrella ("all records") is never expanded, and unknown words
/// name no class: somebody has to ask what they mean.
pub fn line(inventory: &Inventory, text: &str) -> Line {
    let mut line = Line {
        text: text.to_owned(),
        umbrella: false,
        us: [].into(),
        eu: [].into(),
    };
    let classes = |paths: &[String], line: &mut Line| {
        for column in paths.iter().filter_map(|path| inventory.column(path)) {
            line.us.insert(column.us);
            line.eu.insert(column.eu);
        }
    };
    for answer in inventory.answers(text) {
        match answer {
            Answer::Columns(request) => {
                classes(&request.columns, &mut line);
                for never in inventory
                    .never
                    .iter()
                    .filter(|never| request.never.contains(&never.name))
                {
                    line.us.insert(never.us);
                    line.eu.insert(never.eu);
                }
            }
            Answer::Never(never) => {
                line.us.insert(never.us);
                line.eu.insert(never.eu);
            }
            Answer::Expired(expired) => {
                for table in inventory
                    .tables
                    .iter()
                    .filter(|table| expired.tables.contains(&table.name))
                {
                    line.us.extend(table.columns.iter().map(|column| column.us));
                    line.eu.extend(table.columns.iter().map(|column| column.eu));
                }
            }
            Answer::Umbrella => line.umbrella = true,
            Answer::Outside(_) | Answer::Unknown => {}
        }
    }
    if line.us.contains(&Us::PrivateContent) && says_public(text) {
        line.us.remove(&Us::PrivateContent);
        line.us.insert(Us::PublicContent);
    }
    line
}

/// The words ask for what everybody can read, and for nothing else.
fn says_public(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .collect();
    let says = |one: &str| words.iter().any(|word| word == one);
    (says("public") || says("published"))
        && !["private", "direct", "non", "not", "all", "messages"]
            .into_iter()
            .any(says)
}
