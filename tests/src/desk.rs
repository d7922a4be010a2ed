//! Steps of the legal desk, through the command line of a running server.

use serde_json::Value;

use crate::server::Bauta;

/// Makes an officer of each duty: a clerk takes in, Alice determines, Bob produces, Carol is counsel.
pub fn officers(server: &Bauta) {
    for (officer, role) in [
        ("clerk", "intake"),
        ("alice", "determine"),
        ("bob", "produce"),
        ("carol", "counsel"),
    ] {
        server.done(&["account", "create", officer, "--role", role]);
    }
}

/// Does a step as an officer, and gives what it prints as data.
///
/// # Panics
/// When it is refused.
pub fn step(server: &Bauta, officer: &str, arguments: &[&str]) -> Value {
    let all = [&["desk"], arguments, &["--officer", officer, "--json"]].concat();
    serde_json::from_str(&server.done(&all)).expect("it is JSON")
}

/// Tries a step that is refused, and gives the one line that says why.
///
/// # Panics
/// When it is done, or more than a line is said.
pub fn refused(server: &Bauta, officer: &str, arguments: &[&str]) -> String {
    let all = [&["desk"], arguments, &["--officer", officer]].concat();
    let outcome = server.cli(&all);
    assert_eq!(outcome.status.code(), Some(1), "{arguments:?}");
    assert_eq!(outcome.stderr.trim_end().lines().count(), 1, "{}", outcome.stderr);
    outcome.stderr
}

/// From the hold to the notice, as one officer.
///
/// # Panics
/// As [`step`].
pub fn until_notice(server: &Bauta, officer: &str, id: &str) -> Value {
    step(server, officer, &["hold", id]);
    step(
        server,
        officer,
        &["verify", id, "--note", "called the switchboard"],
    );
    step(server, officer, &["review", id, "--record"]);
    step(server, officer, &["scope", id]);
    step(server, officer, &["notice", id])
}
