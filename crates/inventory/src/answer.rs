//! What a demand asks for, in its own words, against what is declared.
//!
//! "Never collected" comes from the inventory alone, "expired" from the inventory and a logged purge: nobody can type
//! them (invariant 8 of the desk).

use std::collections::BTreeSet;

use crate::{Counts, Expired, Inventory, Never, Outside, Request};

/// What one part of a demand comes to.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// Columns answer it.
    Columns(&'a Request),
    /// It is never collected.
    Never(&'a Never),
    /// It was held, and is destroyed by rule.
    Expired(&'a Expired),
    /// Only the operator can speak of it.
    Outside(&'a Outside),
    /// It names no kind of record and is never expanded: it has to be narrowed in writing.
    Umbrella,
    /// The inventory does not know the words: an officer has to say which kind of record is meant.
    Unknown,
}

/// The state of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// There are such columns (and perhaps no row in them).
    Held,
    /// It exists, and is neither shown nor produced.
    Credential,
    /// It was destroyed by rule, and a purge was logged.
    Expired,
    /// There is no place for it.
    NeverCollected,
    /// It is not part of the program.
    Outside,
}

/// One line of asked against held.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Holding {
    /// The words of the demand.
    pub requested: String,
    /// Its state.
    pub status: Status,
    /// `table.column`.
    pub columns: Vec<String>,
    /// Rows of the tables of `columns`.
    pub rows: u64,
    /// Why, for people.
    pub sentence: String,
}

impl Inventory {
    /// What the words of a demand come to; never empty. The longest words decide: "login history" is not "login".
    pub fn answers(&self, requested: &str) -> Vec<Answer<'_>> {
        let asked = words(requested);
        let mut found: Vec<(usize, usize, Answer<'_>)> = Vec::new();
        for (phrase, answer) in self.phrases() {
            found.extend(places_of(&phrase, &asked).map(|at| (at, at + phrase.len(), answer)));
        }
        let inside = |inner: &(usize, usize, _), outer: &(usize, usize, _)| {
            outer.0 <= inner.0 && inner.1 <= outer.1 && outer.1 - outer.0 > inner.1 - inner.0
        };
        let mut longest: Vec<_> = found
            .iter()
            .filter(|one| !found.iter().any(|other| inside(one, other)))
            .collect();
        longest.sort_by_key(|one| one.0);
        let mut seen = BTreeSet::new();
        let answers: Vec<_> = longest
            .into_iter()
            .map(|one| one.2)
            .filter(|answer| seen.insert(answer.name()))
            .collect();
        if answers.is_empty() {
            vec![Answer::Unknown]
        } else {
            answers
        }
    }

    /// Asked against held, one line per state. An umbrella or unknown words give no line.
    ///
    /// `counts` are the account's rows by table; `purged` are the tables of which a purge was logged. What a purge has not
    /// destroyed yet is held.
    pub fn holding(&self, requested: &str, counts: &Counts, purged: &BTreeSet<String>) -> Vec<Holding> {
        let mut lines = Vec::new();
        for answer in self.answers(requested) {
            match answer {
                Answer::Columns(request) => self.held_lines(requested, request, counts, &mut lines),
                Answer::Never(never) => lines.push(never_line(requested, never)),
                Answer::Expired(expired) if expired.tables.iter().all(|table| purged.contains(table)) => {
                    lines.push(line(requested, Status::Expired, &expired.sentence));
                }
                Answer::Expired(expired) => lines.push(self.not_yet_purged(requested, expired, counts)),
                Answer::Outside(outside) => lines.push(line(requested, Status::Outside, &outside.question)),
                Answer::Umbrella | Answer::Unknown => {}
            }
        }
        lines.dedup();
        lines
    }

    fn held_lines(&self, requested: &str, request: &Request, counts: &Counts, lines: &mut Vec<Holding>) {
        let columns = || request.columns.iter().filter_map(|path| self.column(path));
        for (credential, status) in [(false, Status::Held), (true, Status::Credential)] {
            let chosen: Vec<_> = columns()
                .filter(|column| column.credential == credential)
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let tables: BTreeSet<&str> = chosen.iter().map(|column| column.table.as_str()).collect();
            let sentence = if credential {
                CREDENTIAL.to_owned()
            } else {
                purposes(&chosen)
            };
            lines.push(Holding {
                requested: requested.to_owned(),
                status,
                columns: chosen.iter().map(|column| column.path()).collect(),
                rows: tables.iter().map(|table| rows_of(counts, table)).sum(),
                sentence,
            });
        }
        let never = request.never.iter().filter_map(|name| self.never_named(name));
        lines.extend(never.map(|never| never_line(requested, never)));
    }

    fn not_yet_purged(&self, requested: &str, expired: &Expired, counts: &Counts) -> Holding {
        let tables = || expired.tables.iter().filter_map(|name| self.table(name));
        Holding {
            columns: tables()
                .flat_map(|table| &table.columns)
                .filter(|c| !c.credential)
                .map(crate::Column::path)
                .collect(),
            rows: tables().map(|table| rows_of(counts, &table.name)).sum(),
            ..line(
                requested,
                Status::Held,
                "No purge is on record: what is there is counted here.",
            )
        }
    }

    /// Where what is never collected may lie all the same: outside the program, so that an officer is asked line by line
    /// and answers with the operator's own statement. It is no part of what the program says.
    pub fn beyond(&self, requested: &str) -> Vec<Holding> {
        let outside = self.outside_of(requested).into_iter();
        outside
            .map(|outside| line(requested, Status::Outside, &outside.question))
            .collect()
    }

    /// The things outside the program that a line asks for, or that may hold what it asks for.
    pub fn outside_of(&self, requested: &str) -> Vec<&Outside> {
        let names: BTreeSet<&String> = self
            .answers(requested)
            .into_iter()
            .flat_map(|answer| match answer {
                Answer::Never(never) => never.outside.iter().collect(),
                Answer::Columns(request) => {
                    let never = request.never.iter().filter_map(|name| self.never_named(name));
                    never.flat_map(|never| &never.outside).collect::<Vec<_>>()
                }
                Answer::Outside(outside) => vec![&outside.name],
                _ => Vec::new(),
            })
            .collect();
        names
            .into_iter()
            .filter_map(|name| self.outside_named(name))
            .collect()
    }

    pub(crate) fn never_named(&self, name: &str) -> Option<&Never> {
        self.never.iter().find(|never| never.name == name)
    }

    pub(crate) fn outside_named(&self, name: &str) -> Option<&Outside> {
        self.outside.iter().find(|outside| outside.name == name)
    }

    fn phrases(&self) -> impl Iterator<Item = (Vec<String>, Answer<'_>)> {
        let never = self
            .never
            .iter()
            .map(|never| (&never.synonyms, Answer::Never(never)));
        let expired = self
            .expired
            .iter()
            .map(|expired| (&expired.synonyms, Answer::Expired(expired)));
        let outside = self
            .outside
            .iter()
            .map(|outside| (&outside.synonyms, Answer::Outside(outside)));
        let requests = self
            .requests
            .iter()
            .map(|request| (&request.synonyms, Answer::Columns(request)));
        never
            .chain(expired)
            .chain(outside)
            .chain(requests)
            .chain([(&self.umbrella.synonyms, Answer::Umbrella)])
            .flat_map(|(synonyms, answer)| synonyms.iter().map(move |synonym| (words(synonym), answer)))
    }
}

const CREDENTIAL: &str = "A hash exists. It is a credential: it is named here, and never produced.";

impl<'a> Answer<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Columns(request) => &request.name,
            Self::Never(never) => &never.name,
            Self::Expired(expired) => &expired.name,
            Self::Outside(outside) => &outside.name,
            Self::Umbrella => "umbrella",
            Self::Unknown => "unknown",
        }
    }
}

/// Rows of a table, which is counted once for each of its subjects.
fn rows_of(counts: &Counts, table: &str) -> u64 {
    let of_table = |key: &str| {
        key.strip_prefix(table)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    counts
        .iter()
        .filter(|(key, _)| of_table(key))
        .map(|(_, rows)| rows)
        .sum()
}

fn purposes(columns: &[&crate::Column]) -> String {
    columns
        .iter()
        .map(|column| column.purpose.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn line(requested: &str, status: Status, sentence: &str) -> Holding {
    Holding {
        requested: requested.to_owned(),
        status,
        columns: Vec::new(),
        rows: 0,
        sentence: sentence.to_owned(),
    }
}

fn never_line(requested: &str, never: &Never) -> Holding {
    line(requested, Status::NeverCollected, &never.sentence)
}

/// Where the words of `phrase` stand in a row in `asked`.
fn places_of(phrase: &[String], asked: &[String]) -> impl Iterator<Item = usize> {
    let found: Vec<usize> = if phrase.is_empty() {
        Vec::new()
    } else {
        asked
            .windows(phrase.len())
            .enumerate()
            .filter(|(_, window)| *window == phrase)
            .map(|(at, _)| at)
            .collect()
    };
    found.into_iter()
}

/// The words of a text as they are compared: lower case, without marks, and in the singular. "I.P. addresses" and
/// "IP address" are the same.
pub(crate) fn words(text: &str) -> Vec<String> {
    let joined: String = text
        .chars()
        .filter(|c| !matches!(c, '.' | '\'' | '’' | '\u{ad}'))
        .flat_map(char::to_lowercase)
        .collect();
    // "e-mail" and "log-in" are one word, "user-agent" is two.
    let joined = joined
        .replace("e-mail", "email")
        .replace("log-in", "login")
        .replace("sign-in", "sign in");
    joined
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("es").filter(|stem| stem.ends_with("ss")) {
        return stem.to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn statuses(requested: &str) -> Vec<(Status, Vec<String>)> {
        let counts = Counts::from([("accounts".into(), 1), ("credentials".into(), 1)]);
        let lines = Inventory::builtin().holding(requested, &counts, &BTreeSet::new());
        lines
            .into_iter()
            .map(|line| (line.status, line.columns))
            .collect()
    }

    #[test]
    fn the_summons_of_the_case_is_answered_as_the_case_expects() {
        assert!(statuses("all records regarding the account").is_empty());
        assert!(matches!(
            Inventory::builtin().answers("all records regarding the account")[..],
            [Answer::Umbrella]
        ));
        let names = vec!["accounts.handle".to_owned(), "accounts.display_name".to_owned()];
        assert_eq!(statuses("user names"), [(Status::Held, names)]);
        let login = statuses("account login");
        assert_eq!(login[0], (Status::Held, vec!["accounts.handle".to_owned()]));
        assert_eq!(login[1].0, Status::Credential);
        assert!(login[1].1.contains(&"credentials.passphrase_hash".to_owned()));
        assert_eq!(login[2], (Status::NeverCollected, vec![]));
        for never in ["phone numbers", "mailing addresses", "I.P. addresses"] {
            assert_eq!(statuses(never), [(Status::NeverCollected, vec![])], "{never}");
        }
    }

    #[test]
    fn a_table_with_two_subjects_is_counted_for_both() {
        let counts = Counts::from([
            ("follows.follower_id".into(), 2),
            ("follows.followee_id".into(), 5),
        ]);
        let lines = Inventory::builtin().holding("followers", &counts, &BTreeSet::new());
        assert_eq!(lines[0].rows, 7);
    }

    #[test]
    fn what_lies_outside_the_program_is_asked_of_the_officer() {
        let asked = "all I.P. addresses used to sign in";
        assert_eq!(statuses(asked), [(Status::NeverCollected, vec![])]);
        let beyond = Inventory::builtin().beyond(asked);
        assert!(beyond.len() > 1 && beyond.iter().all(|line| line.status == Status::Outside));
        assert_eq!(statuses("proxy logs")[0].0, Status::Outside);
    }

    #[test]
    fn words_are_the_same_however_they_are_spelt() {
        for spelling in [
            "IP address",
            "I.P. addresses",
            "ip-addresses",
            "Internet Protocol Addresses",
        ] {
            assert!(
                matches!(Inventory::builtin().answers(spelling)[..], [Answer::Never(never)] if never.name == "I.P. addresses")
            );
        }
        assert_eq!(
            words("E-mail addresses, log-in histories"),
            ["email", "address", "login", "history"]
        );
    }

    #[test]
    fn the_longest_words_decide() {
        let names = |asked: &str| -> Vec<String> {
            Inventory::builtin()
                .answers(asked)
                .iter()
                .map(|answer| answer.name().to_owned())
                .collect()
        };
        assert_eq!(names("login history"), ["login history"]);
        assert_eq!(names("deleted posts"), ["deleted posts"]);
        assert_eq!(names("posts and followers"), ["posts", "followers and followed"]);
        assert_eq!(names("shoe size"), ["unknown"]);
    }

    #[test]
    fn nothing_is_expired_without_a_logged_purge() {
        let holding = |purged: &[&str]| {
            let purged = purged.iter().map(|table| (*table).to_owned()).collect();
            Inventory::builtin().holding("ended sessions", &Counts::from([("sessions".into(), 2)]), &purged)
        };
        assert_eq!(holding(&["sessions"])[0].status, Status::Expired);
        let held = &holding(&["posts"])[0];
        assert_eq!((held.status, held.rows), (Status::Held, 2));
        assert!(!held.columns.contains(&"sessions.token_hash".to_owned()));
    }

    #[test]
    fn every_name_in_the_inventory_is_understood() {
        let inventory = Inventory::builtin();
        let names = inventory
            .never
            .iter()
            .map(|never| &never.name)
            .chain(inventory.requests.iter().map(|r| &r.name));
        for name in names.filter(|name| !name.contains("what") && !name.contains("whom")) {
            assert!(
                !matches!(inventory.answers(name)[..], [Answer::Unknown]),
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_credential_is_never_among_what_is_held(asked in "[a-zA-Z .,-]{0,60}|(password|sessions|login|token)( and (code|session|account login))?") {
            for line in Inventory::builtin().holding(&asked, &Counts::new(), &BTreeSet::new()) {
                let credentials = line.columns.iter().filter(|path| Inventory::builtin().column(path).is_some_and(|c| c.credential));
                prop_assert!(line.status == Status::Credential || credentials.count() == 0);
            }
        }
    }
}
