//! The rooms of the house: a crate depends only on crates below it (ARCHITECTURE.md).

use serde_json::Value;

use crate::licences;

/// From the top down. Rooms of one line don't need each other.
const HOUSE: [&[&str]; 14] = [
    &["bauta"],
    &["bauta-edge"],
    &["bauta-web", "bauta-client-api", "bauta-federation", "bauta-push"],
    &["bauta-service"],
    &["bauta-desk", "bauta-timeline", "bauta-credentials"],
    &["bauta-public-log"],
    &["bauta-acme", "bauta-bucket"],
    &["bauta-media", "bauta-outbound"],
    &["bauta-store"],
    &["bauta-verify"],
    &["bauta-legal"],
    &["bauta-ledger", "bauta-inventory", "bauta-letters", "bauta-seal"],
    &["bauta-text"],
    &["bauta-model", "bauta-memory"],
];

/// Loggers: what the server says is a closed list of events (law 4), so no room may name one.
const LOGGERS: [&str; 5] = ["log", "tracing", "tracing-subscriber", "slog", "env_logger"];

/// Stands outside: anything may use the first in its tests, and the others may use anything.
const OUTSIDE: [&str; 3] = ["bauta-tests", "bauta-bench", "xtask"];

/// Which crates look up.
pub fn check() -> Result<(), Vec<String>> {
    let metadata = licences::metadata().map_err(|error| vec![error])?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let problems: Vec<String> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .flat_map(problems)
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn problems(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or("?");
    if OUTSIDE.contains(&name) {
        return Vec::new();
    }
    let Some(floor) = floor(name) else {
        return vec![format!(
            "{name} has no place in the house: give it one in xtask/src/rooms.rs"
        )];
    };
    let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
    let linked = dependencies
        .iter()
        .filter(|dependency| dependency["kind"].as_str() != Some("dev"));
    let names = linked.filter_map(|dependency| dependency["name"].as_str());
    names
        .filter(|below| {
            LOGGERS.contains(below)
                || OUTSIDE.contains(below)
                || self::floor(below).is_some_and(|below| below <= floor)
        })
        .map(|below| format!("{name} depends on {below}, which is not below it, or is a logger"))
        .collect()
}

fn floor(name: &str) -> Option<usize> {
    HOUSE.iter().position(|floor| floor.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(name: &str, on: &str, kind: &Value) -> usize {
        problems(&json!({"name": name, "dependencies": [{"name": on, "kind": kind}]})).len()
    }

    #[test]
    fn arrows_go_down_only() {
        assert_eq!(said("bauta-web", "bauta-service", &Value::Null), 0);
        assert_eq!(said("bauta-service", "bauta-web", &Value::Null), 1);
        assert_eq!(said("bauta-web", "bauta-client-api", &Value::Null), 1);
        assert_eq!(said("bauta-store", "serde", &Value::Null), 0);
        assert_eq!(said("bauta-store", "tracing", &Value::Null), 1);
    }

    #[test]
    fn tests_may_look_anywhere_and_are_never_linked() {
        assert_eq!(said("bauta-store", "bauta-tests", &json!("dev")), 0);
        assert_eq!(said("bauta-store", "bauta-tests", &Value::Null), 1);
        assert_eq!(said("bauta-model", "bauta-store", &json!("dev")), 0);
    }

    #[test]
    fn a_new_crate_needs_a_place() {
        assert_eq!(said("bauta-attic", "serde", &Value::Null), 1);
    }
}
