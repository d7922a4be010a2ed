//! Lists of rules as files, in the columns that Mastodon writes and reads. A file is CSV as of RFC 4180.

use std::collections::BTreeMap;

use bauta_store::domain_rules::{Rule, Severity};

use super::named;
use crate::App;
use crate::csv::{quoted, records};

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 6] = [
    "domain",
    "severity",
    "reject_media",
    "reject_reports",
    "public_comment",
    "obfuscate",
];

/// Lines of a list.
const MOST_LINES: usize = 50_000;
/// Characters of a comment.
pub(super) const COMMENT_CHARS: usize = 1000;

/// A line that can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Which, from 1 on.
    pub line: usize,
    /// Why.
    pub why: String,
}

/// Reads a list: with Mastodon's first line, or names of domains alone, which are blocked. A domain that comes twice
/// counts as it came last.
pub fn read(app: &App, text: &str) -> (Vec<Rule>, Vec<Bad>) {
    let mut records = records(text).into_iter().enumerate().peekable();
    let is_head = |record: &Vec<String>| record.first().is_some_and(|cell| column(cell) == "domain");
    let head: Vec<String> = match records.next_if(|(_, record)| is_head(record)) {
        Some((_, record)) => record.iter().map(|cell| column(cell).to_owned()).collect(),
        None => vec!["domain".to_owned()],
    };
    let (mut rules, mut bad) = (BTreeMap::new(), Vec::new());
    for (at, record) in records {
        if at >= MOST_LINES {
            let why = format!("A list has at most {MOST_LINES} lines.");
            bad.push(Bad { line: at + 1, why });
            break;
        }
        match rule(app, &head, &record) {
            Ok(rule) => {
                rules.insert(rule.domain.clone(), rule);
            }
            Err(why) => bad.push(Bad { line: at + 1, why }),
        }
    }
    (rules.into_values().collect(), bad)
}

fn column(cell: &str) -> &str {
    cell.trim().trim_start_matches('\u{FEFF}').trim_start_matches('#')
}

fn rule(app: &App, head: &[String], record: &[String]) -> Result<Rule, String> {
    let cell = |name: &str| {
        let at = head.iter().position(|known| known == name)?;
        record
            .get(at)
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    };
    let flag = |name: &str| match cell(name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false" | "0" | "f") => Ok(false),
        Some("true" | "1" | "t") => Ok(true),
        Some(other) => Err(format!("{name} is true or false, not {other:?}.")),
    };
    let severity = cell("severity").unwrap_or("suspend");
    let domain = named(app, cell("domain").unwrap_or_default()).map_err(|refused| refused.to_string())?;
    Ok(Rule {
        // A list does not tell what is for moderators: that stays.
        private_comment: app.domains.rules().private_comment(&domain),
        id: bauta_model::AccountId::random().get(),
        domain,
        severity: Severity::from_api(severity)
            .ok_or_else(|| format!("severity is noop, silence or suspend, not {severity:?}."))?,
        reject_media: flag("reject_media")?,
        reject_reports: flag("reject_reports")?,
        obfuscate: flag("obfuscate")?,
        public_comment: bauta_text::clean_line(cell("public_comment").unwrap_or_default())
            .chars()
            .take(COMMENT_CHARS)
            .collect(),
        month: app.clock.month(),
    })
}

/// Writes a list. Comments for moderators are not in it.
pub fn write<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> String {
    let head: Vec<String> = COLUMNS.iter().map(|name| format!("#{name}")).collect();
    let mut out = format!("{}\n", head.join(","));
    for rule in rules {
        let cells = [
            quoted(&rule.domain),
            rule.severity.as_api().to_owned(),
            rule.reject_media.to_string(),
            rule.reject_reports.to_string(),
            quoted(&rule.public_comment),
            rule.obfuscate.to_string(),
        ];
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::Month;

    #[test]
    fn severities_are_mastodons() {
        let rule = Rule {
            id: 1,
            domain: "bad.example".to_owned(),
            severity: Severity::Limit,
            reject_media: true,
            reject_reports: false,
            obfuscate: true,
            public_comment: "spam, and \"more\"".to_owned(),
            private_comment: "seen in May".to_owned(),
            month: Month::new(600),
        };
        assert_eq!(
            write([&rule]),
            "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
             bad.example,silence,true,false,\"spam, and \"\"more\"\"\",true\n"
        );
    }
}
