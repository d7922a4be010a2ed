//! docs/laws.md: the laws, what checks each of them, and how the last whole run of the tests went.
//!
//! `cargo xtask test` writes the page. Results and days are its own; what stands beside them is compared with what is
//! committed, so that nobody takes a check away without the page saying so.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::report::Totals;
use crate::{process, root};

/// The page.
const PAGE: &str = "docs/laws.md";
/// What stands for a result that there is none of.
const NOT_RUN: &str = "not run yet";

/// A law, the suites and checks that hold it, and what none of them sees.
struct Law {
    says: &'static str,
    checks: &'static [(&'static str, &'static str)],
    not_checked: &'static str,
}

const SEIZURE: &str = "seizure tests/seizure/main.rs";
const SOURCES: &str = "laws that the sources must obey";

const LAWS: [Law; 12] = [
    Law {
        says: "Undeclared data does not exist",
        checks: &[
            (
                "agrees tests/agrees.rs",
                "tables of both databases against inventory.toml, both ways",
            ),
            (
                SEIZURE,
                "shapes of addresses, times and devices in every value after a day of use",
            ),
        ],
        not_checked: "the meaning of a value whose shape is innocent",
    },
    Law {
        says: "Addresses die at the door",
        checks: &[
            ("clippy", "no room but edge and outbound names an address type"),
            (
                "scrub tests/scrub.rs",
                "headers that are not on the list don't pass",
            ),
            (
                "onion tests/onion.rs",
                "through a private Tor network a circuit is known, and nothing else; each door has one name",
            ),
            (
                SEIZURE,
                "own and forwarded addresses in every place, in every form",
            ),
        ],
        not_checked: "proxies and hosts in front of the server",
    },
    Law {
        says: "The seizure test is green",
        checks: &[(
            SEIZURE,
            "the whole of it, with positive controls, on both databases",
        )],
        not_checked: "what its own report lists (target/seizure)",
    },
    Law {
        says: "No free-text logs",
        checks: &[
            (
                SOURCES,
                "no print and no logging macro outside the log's one file",
            ),
            (SEIZURE, "all output of a day of use"),
        ],
        not_checked: "what an operator's own programs log",
    },
    Law {
        says: "Secrets have a type, and freed memory is zero",
        checks: &[
            (
                "bauta_model (documentation)",
                "a secret can't be shown or copied: it does not compile",
            ),
            (
                "bauta_memory src/lib.rs",
                "what is freed, grown or shrunk is wiped",
            ),
            (
                SEIZURE,
                "memory at once and later; no core file; a build without wiping is found",
            ),
        ],
        not_checked: "registers, the kernel's buffers; with PostgreSQL the buffers of its connections",
    },
    Law {
        says: "Deleting is shredding",
        checks: &[
            (
                "deletion tests/deletion.rs",
                "nothing is left a minute later, although a reader blocked it",
            ),
            (
                SEIZURE,
                "deleted posts, edits, lists and accounts in files and memory",
            ),
            (
                "bauta_seal src/lib.rs",
                "random histories with kills: what is there opens, what was deleted before a turn does not",
            ),
            (
                "sealing tests/sealing.rs",
                "a sealed server's disk can't be read, and no backup brings back what was deleted, on both databases",
            ),
        ],
        not_checked: "blocks that a disk keeps, PostgreSQL's heap and log, where nothing is sealed; pictures, which never are",
    },
    Law {
        says: "Media is rebuilt, never stripped",
        checks: &[
            (
                "corpus tests/corpus/main.rs",
                "a mark in every known place of every format, read by exiftool",
            ),
            (
                SEIZURE,
                "what pictures carry besides pixels; a build that keeps them is found",
            ),
        ],
        not_checked: "sensor noise, and what is to be seen on a picture",
    },
    Law {
        says: "Time is a slot",
        checks: &[
            (SOURCES, "the clock is read in one file"),
            (
                SEIZURE,
                "times within a slot in every value; a build without slots is found",
            ),
        ],
        not_checked: "times of files, and commit times in PostgreSQL's log until it is overwritten",
    },
    Law {
        says: "Readers touch nobody",
        checks: &[(
            "pages tests/pages.rs",
            "no page loads anything from elsewhere, or sets a stranger a cookie",
        )],
        not_checked: "what happens after a click",
    },
    Law {
        says: "\u{201c}Safest\u{201d} works",
        checks: &[
            ("pages tests/pages.rs", "no script, SVG or font on any page"),
            ("account tests/account/main.rs", "a client that knows forms only"),
        ],
        not_checked: "how it looks in each browser",
    },
    Law {
        says: "No handle that others can unmask",
        checks: &[("bauta_inventory src/lib.rs", "no column of a forbidden kind")],
        not_checked: "names that people choose",
    },
    Law {
        says: "One truth for the user and for the court",
        checks: &[
            (
                "bauta_inventory src/lib.rs",
                "page, holdings and docs come from one file",
            ),
            (
                "account tests/account/main.rs",
                "what the page shows is what the inventory lists",
            ),
        ],
        not_checked: "what a gag forbids to show",
    },
];

/// Writes the page after a whole run, and says where it differs from what is committed in more than results.
pub fn write(results: &BTreeMap<String, Totals>) -> Result<(), Vec<String>> {
    let day = today().map_err(|error| vec![error])?;
    let page = page(&|suite| result(results, suite, &day));
    let file = root().join(PAGE);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    std::fs::write(&file, &page).map_err(|error| vec![format!("{PAGE}: {error}")])?;
    let mut problems = Vec::new();
    if without_results(&kept) != without_results(&page) {
        problems.push(format!(
            "{PAGE} was stale and is written anew: look at it and commit it"
        ));
    }
    for (suite, _) in LAWS.iter().flat_map(|law| law.checks) {
        if !results.contains_key(*suite) {
            problems.push(format!("{PAGE} names {suite}, and no such suite ran"));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn page(result: &dyn Fn(&str) -> String) -> String {
    let mut out = "# The laws, and what checks them\n\nWritten by `cargo xtask test` at its end. Every check runs in each change's \
                   tests; the seizure test writes reports of its own that need no programmer to read.\n"
        .to_owned();
    for (number, law) in LAWS.iter().enumerate() {
        let _ = write!(
            out,
            "\n## {}. {}\n\n| check | what it looks at | result |\n|---|---|---|\n",
            number + 1,
            law.says
        );
        for (suite, looks_at) in law.checks {
            let _ = writeln!(out, "| `{suite}` | {looks_at} | {} |", result(suite));
        }
        let _ = writeln!(out, "\nNot checked: {}.", law.not_checked);
    }
    out
}

fn result(results: &BTreeMap<String, Totals>, suite: &str, day: &str) -> String {
    match results.get(suite) {
        None => NOT_RUN.to_owned(),
        Some(totals) if totals.failed == 0 => format!("passed, {day}"),
        Some(_) => format!("FAILED, {day}"),
    }
}

/// A page with its last column left out.
fn without_results(page: &str) -> Vec<String> {
    page.lines()
        .map(
            |line| match line.strip_suffix(" |").and_then(|row| row.rsplit_once(" | ")) {
                Some((row, _)) if line.starts_with("| `") => row.to_owned(),
                _ => line.to_owned(),
            },
        )
        .collect()
}

fn today() -> Result<String, String> {
    let mut date = process::command("date");
    date.args(["-u", "+%Y-%m-%d"]);
    Ok(process::output(date)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_is_committed_lists_these_laws_and_checks() {
        let file = root().join(PAGE);
        let wanted = page(&|_| NOT_RUN.to_owned());
        if std::env::var_os("BAUTA_BLESS").is_some() && !file.exists() {
            std::fs::write(&file, &wanted).expect("it is ours");
        }
        let kept = std::fs::read_to_string(&file).expect("it is committed");
        assert_eq!(
            without_results(&kept),
            without_results(&wanted),
            "run `cargo xtask test`"
        );
    }

    #[test]
    fn results_and_days_are_not_compared_and_all_else_is() {
        let one = page(&|_| "passed, 2026-01-01".to_owned());
        let other = page(&|_| "FAILED, 2026-01-02".to_owned());
        assert_ne!(one, other);
        assert_eq!(without_results(&one), without_results(&other));
        let less = one.replace("Time is a slot", "Time");
        assert_ne!(without_results(&one), without_results(&less));
    }
}
