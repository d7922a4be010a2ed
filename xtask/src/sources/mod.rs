//! The laws of the house that can be read off the sources (docs: ARCHITECTURE.md). Each finding names file and line.

mod code;
mod files;

use files::File;

/// Where the program may write to its standard output and error: the answers of the command line, the log's sink, and
/// the media worker, which answers its parent that way.
const MAY_PRINT: &[&str] = &[
    "crates/bauta/src/log.rs",
    "crates/bauta/src/output.rs",
    "crates/media/src/child.rs",
    "crates/verify/src/main.rs",
    "xtask/",
    "tests/",
    "bench/",
];

/// Where the system clock may be read (law 8).
const MAY_READ_THE_CLOCK: &[&str] = &["crates/model/src/time.rs", "xtask/", "tests/", "bench/"];

/// Where `unsafe` may stand, each with its reason at its top.
const MAY_BE_UNSAFE: &[&str] = &[
    "crates/bauta/src/resident.rs",
    "crates/memory/src/",
    "crates/store/src/patience.rs",
    "crates/store/src/wiping.rs",
];

/// Files that a tool writes, or that hold another's text.
const NOT_OURS: &[&str] = &["Cargo.lock", "tests/clients/package-lock.json", "LICENSE"];

/// More than a reader takes in at once.
const MOST_LINES: usize = 600;

/// A rule: what it forbids, where not, and why.
struct Rule {
    words: &'static [&'static str],
    except: &'static [&'static str],
    why: &'static str,
}

/// Forbidden words of Rust code: comments, texts and tests within a file are left out.
const CODE: &[Rule] = &[
    Rule {
        words: &[
            "println!",
            "print!",
            "eprintln!",
            "eprint!",
            "dbg!",
            "stdout()",
            "stderr()",
        ],
        except: MAY_PRINT,
        why: "law 4: what the server says is bauta_model::Event, and the command line prints in one module",
    },
    Rule {
        words: &["tracing", "trace!", "debug!", "info!", "warn!", "error!"],
        except: &[],
        why: "law 4: no free-text logs",
    },
    Rule {
        words: &["SystemTime", "OffsetDateTime", "Utc::now", "Local::now"],
        except: MAY_READ_THE_CLOCK,
        why: "law 8: time is bauta_model::Clock",
    },
    Rule {
        words: &["unsafe"],
        except: MAY_BE_UNSAFE,
        why: "unsafe code needs a place on the list in xtask",
    },
    Rule {
        words: &["#[allow", "#![allow"],
        except: &[],
        why: "#[expect] complains when it is no longer needed",
    },
];

/// Forbidden words of Rust code, tests included.
const CODE_AND_TESTS: &[Rule] = &[Rule {
    words: &["#[ignore", "todo!", "unimplemented!"],
    except: &[],
    why: "a test runs, code works, or it isn't there",
}];

/// Forbidden in SQL, in whatever file: databases have clocks too.
const SQL: &[Rule] = &[Rule {
    words: &[
        "CURRENT_TIMESTAMP",
        "CURRENT_TIME",
        "CURRENT_DATE",
        "clock_timestamp(",
        "unixepoch(",
        "strftime(",
    ],
    except: &["xtask/", "tests/"],
    why: "law 8: the database's clock is finer than a slot",
}];

/// Forbidden in every file. Written in halves, or this file would find itself.
const EVERYWHERE: &[Rule] = &[
    Rule {
        words: &[
            concat!("/wo", "rk/"),
            concat!("/ro", "ot/"),
            concat!("/tmp/", "bash_jobs"),
        ],
        except: &[],
        why: "a path of somebody's machine",
    },
    Rule {
        words: &[
            concat!("registry.", "npmjs"),
            concat!("registry.", "yarnpkg"),
            concat!("py", "pi.org"),
            concat!("files.python", "hosted"),
            concat!("index.", "crates.io"),
            concat!("static.", "crates.io"),
            concat!("deb.", "debian.org"),
        ],
        except: &[],
        why: "a registry's host: packages come by name, from wherever the machine gets them",
    },
];

/// What the sources of the repository do that they should not.
pub fn check() -> Result<(), Vec<String>> {
    let problems: Vec<String> = files::all(&crate::root()).iter().flat_map(problems).collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn problems(file: &File) -> Vec<String> {
    if NOT_OURS.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let mut problems = find(file, &file.text, EVERYWHERE);
    if file.is_code() && file.text.lines().count() > MOST_LINES {
        problems.push(format!(
            "{}: over {MOST_LINES} lines: split it by what it does",
            file.path
        ));
    }
    if file.is_rust() || file.is_sql() {
        problems.extend(find(file, &file.text, SQL));
    }
    if file.is_rust() {
        let code = code::without_comments_and_texts(&file.text);
        problems.extend(find(file, &code, CODE_AND_TESTS));
        if !file.is_test() {
            problems.extend(find(file, code::without_tests(&code), CODE));
        }
        if !file.text.starts_with("//!") {
            problems.push(format!(
                "{}: its first line should say what it is for (//!)",
                file.path
            ));
        }
    }
    problems
}

fn find(file: &File, text: &str, rules: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for rule in rules
        .iter()
        .filter(|rule| !rule.except.iter().any(|place| file.path.starts_with(place)))
    {
        for (number, line) in text.lines().enumerate() {
            for word in rule.words.iter().filter(|word| code::has_word(line, word)) {
                found.push(format!("{}:{}: {word}: {}", file.path, number + 1, rule.why));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        problems(&File {
            path: path.to_owned(),
            text: format!("//! For a test.\n{text}\n"),
        })
    }

    #[test]
    fn the_sources_obey() {
        let problems = check().err().unwrap_or_default();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn printing_is_for_listed_files() {
        for line in [
            "println!(\"x\");",
            "eprint!(\"x\");",
            "dbg!(x);",
            "std::io::stdout().flush();",
            "log::info!(\"\");",
        ] {
            assert_eq!(found("crates/web/src/lib.rs", line).len(), 1, "{line}");
        }
        assert!(found("crates/bauta/src/output.rs", "println!(\"x\");").is_empty());
        assert!(
            found(
                "crates/web/src/lib.rs",
                "catalog::x(); let backlog = my_println!();"
            )
            .is_empty()
        );
    }

    #[test]
    fn the_clock_is_read_in_one_place() {
        let line = "let now = std::time::SystemTime::now();";
        assert_eq!(found("crates/store/src/lib.rs", line).len(), 1);
        assert!(found("crates/model/src/time.rs", line).is_empty());
        assert_eq!(
            found("migrations/0002.sql", "at INTEGER DEFAULT CURRENT_TIMESTAMP").len(),
            1
        );
        assert_eq!(
            found("crates/store/src/a.rs", "const Q: &str = \"SELECT unixepoch()\";").len(),
            1
        );
    }

    #[test]
    fn unsafe_needs_a_reason_on_the_list() {
        assert_eq!(found("crates/web/src/lib.rs", "unsafe { x() }").len(), 1);
        assert!(
            found(
                "crates/web/src/lib.rs",
                "// unsafe\nlet unsafe_code = \"unsafe\";"
            )
            .is_empty()
        );
    }

    #[test]
    fn no_test_is_ignored_not_even_within_tests() {
        let line = "#[cfg(test)]\nmod tests {\n#[ignore]\n#[test]\nfn x() {}\n}";
        assert_eq!(found("crates/web/src/lib.rs", line).len(), 1);
        assert_eq!(found("crates/web/tests/x.rs", "#[ignore = \"slow\"]").len(), 1);
    }

    #[test]
    fn tests_may_print() {
        assert!(
            found(
                "crates/web/src/lib.rs",
                "#[cfg(test)]\nmod tests {\nfn x() { println!(); }\n}"
            )
            .is_empty()
        );
        assert!(found("crates/web/tests/x.rs", "fn x() { println!(); }").is_empty());
    }

    #[test]
    fn machines_and_registries_are_not_named() {
        for text in [
            concat!("/ro", "ot/x"),
            concat!("/wo", "rk/main"),
            concat!("https://py", "pi.org"),
        ] {
            assert_eq!(found("docs/x.md", text).len(), 1, "{text}");
        }
        assert!(found("docs/x.md", "from crates.io, PyPI and npm; network/x, /rooted").is_empty());
    }

    #[test]
    fn long_files_are_found_and_unnamed_ones_too() {
        assert_eq!(found("crates/web/src/a.rs", &"\n".repeat(MOST_LINES)).len(), 1);
        assert_eq!(found("crates/web/style.css", &"\n".repeat(MOST_LINES)).len(), 1);
        let unnamed = File {
            path: "crates/web/src/a.rs".to_owned(),
            text: "fn x() {}\n".to_owned(),
        };
        assert_eq!(problems(&unnamed).len(), 1);
    }
}
