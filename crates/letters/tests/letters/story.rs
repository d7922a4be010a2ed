//! The facts of the case of 2017, as the desk would hand them over.

use bauta_letters::{Case, Deadline, Ground, Line, Log, Matter, Outcome, Secrecy, Sender, Status};
use bauta_model::{CoarseTime, Day};

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_civil(year, month, day).unwrap()
}

fn ground(code: &str, rule: &str, fact: &str, source: &str) -> Ground {
    Ground {
        code: code.to_owned(),
        rule: rule.to_owned(),
        fact: fact.to_owned(),
        source: source.to_owned(),
    }
}

fn line(requested: &str, status: Status, rows: u64, sentence: &str) -> Line {
    Line {
        requested: requested.to_owned(),
        status,
        sentence: sentence.to_owned(),
        rows,
        statement: None,
    }
}

/// The day after it came.
pub fn received() -> Matter {
    Matter {
        sender: Sender {
            title: "Lagoon".to_owned(),
            domain: "lagoon.example".to_owned(),
            entity: Some("Lagoon Hosting Cooperative".to_owned()),
            address: vec!["1 Quay Street".to_owned(), "Harbourtown".to_owned()],
            contact: Some("desk@lagoon.example".to_owned()),
        },
        today: day(2017, 3, 15),
        reference: "d-7k2m9q4x".to_owned(),
        instrument: "administrative summons".to_owned(),
        authority: "19 U.S.C. 1509".to_owned(),
        issuer: "U.S. Customs and Border Protection, Office of Professional Responsibility".to_owned(),
        issuer_rank: "special agent in charge".to_owned(),
        served_on: "2017-03-14".to_owned(),
        served_by: "fax".to_owned(),
        due: Some("2017-03-13T11:45:00".to_owned()),
        requested: [
            "all records regarding the account",
            "user names",
            "account login",
            "phone numbers",
            "mailing addresses",
            "I.P. addresses",
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        accounts: 1,
        binds: false,
        secrecy: Secrecy::Requested,
        gagged: false,
        grounds: vec![
            ground(
                "due_before_service",
                "A date by which to answer has to lie after service.",
                "It was due on 13 March 2017, 11:45, and was served on 14 March 2017.",
                "",
            ),
            ground(
                "outside_scope",
                "19 USC 1509 reaches records of importing merchandise.",
                "A microblog keeps no such records.",
                "19 USC 1509(a)(1)",
            ),
            ground(
                "not_specific",
                "What is asked for has to be named.",
                "\"all records regarding the account\" names no kind of record.",
                "",
            ),
            ground(
                "no_offence_named",
                "It has to say which law was broken.",
                "It names none.",
                "",
            ),
            ground(
                "not_self_executing",
                "It carries no duty without a court's order.",
                "No order came with it.",
                "19 USC 1510(a)",
            ),
            ground(
                "secrecy_only_requested",
                "Only a statute or a court commands silence.",
                "It asks for silence and cites nothing.",
                "",
            ),
        ],
        held: vec![
            line("all records regarding the account", Status::TooBroad, 0, ""),
            line(
                "user names",
                Status::Held,
                1,
                "The public handle and display name, which anybody can read.",
            ),
            line(
                "account login",
                Status::Held,
                1,
                "The login name is the public handle.",
            ),
            line(
                "account login",
                Status::Credential,
                1,
                "A salted hash of a passphrase exists.",
            ),
            line(
                "phone numbers",
                Status::NeverCollected,
                0,
                "There is no place for one.",
            ),
            line(
                "mailing addresses",
                Status::NeverCollected,
                0,
                "There is no place for one.",
            ),
            line(
                "I.P. addresses",
                Status::NeverCollected,
                0,
                "Addresses are dropped at the door.",
            ),
            line(
                "I.P. addresses",
                Status::Outside,
                0,
                "Does a proxy or a host in front keep addresses?",
            ),
        ],
        produced: false,
        deadlines: vec![
            Deadline {
                name: "answer wanted".to_owned(),
                at: CoarseTime::from_unix_seconds(day(2017, 3, 13).start().unix_seconds() + 56_700),
                binds: false,
                how: "as received; America/New_York".to_owned(),
            },
            Deadline {
                name: "end of the user's time to answer".to_owned(),
                at: day(2017, 3, 29).start(),
                binds: false,
                how: "14 days from the notice; days of the calendar, UTC".to_owned(),
            },
        ],
        window_ends: Some(day(2017, 3, 29)),
        hold: true,
        steps: vec![
            (day(2017, 3, 14), "received by fax".to_owned()),
            (day(2017, 3, 14), "hold decided: sealed copy".to_owned()),
            (day(2017, 3, 15), "reviewed; six defects".to_owned()),
        ],
        case: None,
        outcome: None,
        log: Log::Promised {
            by: day(2017, 3, 16),
            commitment: "IEXAMPLE".to_owned(),
        },
        inventory: "sha256:5f1c".to_owned(),
        rules: "sha256:9be0".to_owned(),
    }
}

/// The day after it was withdrawn.
pub fn withdrawn() -> Matter {
    Matter {
        today: day(2017, 4, 8),
        case: Some(Case {
            court: "N.D. Cal.".to_owned(),
            docket: "3:17-cv-01916".to_owned(),
            status: "voluntarily dismissed without prejudice".to_owned(),
        }),
        outcome: Some(Outcome {
            withdrawn: true,
            words: "withdrawn".to_owned(),
            on: day(2017, 4, 7),
        }),
        ..received()
    }
}
