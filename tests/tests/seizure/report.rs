//! The report: what was sent, where was looked, what was found. For people who are no programmers.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::marks::{Fate, Marks};
use super::places::{Evidence, Found, Place, Says};

/// What a run came to.
pub struct Verdict {
    /// Marks where none may be.
    pub violations: Vec<String>,
    /// Marks in places where a promise is not kept yet, with where that is said.
    pub limits: BTreeMap<String, usize>,
}

/// Of PostgreSQL's client. SQLite has no such buffer.
const LAST_QUESTIONS: &str = "the last questions to PostgreSQL stay in the buffers of its connections until the next ones \
     take their place: docs/privacy.md says so";

/// Judges what was found. With `at_once`, what is deleted still has its minute.
pub fn judge(marks: &Marks, found: &[Found], at_once: bool, postgres: bool) -> Verdict {
    let mut verdict = Verdict {
        violations: Vec::new(),
        limits: BTreeMap::new(),
    };
    for Found {
        place,
        at,
        hit: (number, form),
    } in found
    {
        let mark = &marks.all[*number];
        if at_once && mark.fate == Fate::Deleted {
            continue;
        }
        let buffered = matches!(mark.fate, Fate::Never | Fate::Deleted);
        let says = if postgres && *place == Place::Memory && buffered {
            Says::KnownLimit(LAST_QUESTIONS)
        } else {
            place.says(mark.fate)
        };
        match says {
            Says::May => {}
            Says::KnownLimit(told) => {
                *verdict
                    .limits
                    .entry(format!("{}: {told}", place.words()))
                    .or_default() += 1;
            }
            Says::Forbidden => {
                let when = if at_once { "at once" } else { "later" };
                verdict.violations.push(format!(
                    "{} is in {} ({at}), {form}, {when}",
                    mark.what,
                    place.words()
                ));
            }
        }
    }
    verdict
}

/// Whether a mark was found in a kind of place.
pub fn was_found(marks: &Marks, evidence: &Evidence, place: Place, text: &str) -> bool {
    evidence
        .found
        .iter()
        .any(|found| found.place == place && marks.all[found.hit.0].text == text)
}

/// What is said of a run.
pub struct Told<'a> {
    pub backend: &'a str,
    pub marks: &'a Marks,
    pub forms: usize,
    pub early: &'a Evidence,
    pub late: &'a Evidence,
    pub verdict: &'a Verdict,
    pub controls: &'a [(String, bool)],
    pub shapes: usize,
    pub values: usize,
    pub waited: u64,
    pub not_checked: &'a [String],
}

/// The report in Markdown.
pub fn write(told: &Told) -> String {
    let mut out = String::new();
    let green =
        told.verdict.violations.is_empty() && told.shapes == 0 && told.controls.iter().all(|(_, held)| *held);
    let _ = writeln!(
        out,
        "# Seizure test, {}: {}\n\nA server was started and used for a day's worth of things. Each value that was sent to it was drawn at \
     random, so that it can't be anywhere by chance. Then everything was taken that somebody who seizes the machine, or listens \
     to what it sends, would have, and each value was looked for in it, in {} forms altogether: as it was sent, in lower case, as \
     UTF-16, in hexadecimal and base64, escaped for URLs and JSON, packed, within compressed data, and as a hash without salt.\n",
        told.backend,
        if green {
            "nothing was found that should not be there"
        } else {
            "IT FAILED"
        },
        told.forms,
    );
    let _ = writeln!(out, "## What was found where it should not be\n");
    if told.verdict.violations.is_empty() {
        let _ = writeln!(out, "Nothing.\n");
    }
    for violation in &told.verdict.violations {
        let _ = writeln!(out, "- {violation}");
    }
    let _ = writeln!(
        out,
        "\n## Promises that are not kept yet, and where people are told so\n"
    );
    if told.verdict.limits.is_empty() {
        let _ = writeln!(out, "None was met in this run.\n");
    }
    for (limit, count) in &told.verdict.limits {
        let _ = writeln!(out, "- {limit} ({count} found)");
    }
    places(&mut out, told);
    values(&mut out, told);
    let _ = writeln!(out, "\n## Proof that the search finds what is there\n");
    for (control, held) in told.controls {
        let _ = writeln!(
            out,
            "- {}: {control}",
            if *held {
                "found"
            } else {
                "NOT FOUND, so that this run proves nothing"
            }
        );
    }
    let _ = writeln!(
        out,
        "\n## Shapes\n\n{} values of the database were looked at for the shape of an address, an e-mail address, a telephone number, a \
     user agent, a time within a minute, or a number long enough to name a device: {} were found.\n",
        told.values, told.shapes,
    );
    let _ = writeln!(out, "## What was not checked\n");
    for not in told.not_checked {
        let _ = writeln!(out, "- {not}");
    }
    out
}

fn places(out: &mut String, told: &Told) {
    let _ = writeln!(
        out,
        "\n## Where was looked\n\nOnce as soon as the last request was answered, and again {} seconds later.\n\n| place | things | bytes |\n|---|---|---|",
        told.waited,
    );
    let mut looked: BTreeMap<Place, (usize, u64)> = told.early.looked.clone();
    for (place, (things, bytes)) in &told.late.looked {
        let sum = looked.entry(*place).or_default();
        sum.0 += things;
        sum.1 += bytes;
    }
    for (place, (things, bytes)) in looked {
        let _ = writeln!(out, "| {} | {things} | {bytes} |", place.words());
    }
}

fn values(out: &mut String, told: &Told) {
    let _ = writeln!(
        out,
        "\n## What was sent, and where it was found\n\n| value | what may become of it | found in |\n|---|---|---|"
    );
    for (number, mark) in told.marks.all.iter().enumerate() {
        let mut places: Vec<&str> = told
            .late
            .found
            .iter()
            .filter(|found| found.hit.0 == number)
            .map(|found| found.place.words())
            .collect();
        places.sort_unstable();
        places.dedup();
        let fate = match mark.fate {
            Fate::Never => "kept nowhere",
            Fate::Deleted => "deleted: gone a minute later",
            Fate::Private => "held for the person",
            Fate::Followers => "held for the person and those who follow, elsewhere too",
            Fate::Public => "public: it must be found",
        };
        let places = if places.is_empty() {
            "nowhere".to_owned()
        } else {
            places.join("; ")
        };
        let _ = writeln!(out, "| {} | {fate} | {places} |", mark.what);
    }
}
