//! What is linked: every package's licence is on the list of deny.toml, none of the banned ones is there, and every
//! crate of the house is AGPL-3.0-only.

use serde_json::Value;

use crate::{process, root, spdx};

/// The licence of everything here.
const OURS: &str = "AGPL-3.0-only";

/// The parts of deny.toml that are checked here.
#[derive(Default, PartialEq, Eq, Debug)]
struct Rules {
    allowed: Vec<String>,
    banned: Vec<String>,
    /// Banned for the house itself; what it links may bring them along.
    wrapped: Vec<String>,
}

/// What is wrong with the licences of the packages in Cargo.lock, whatever the platform that they are for.
pub fn check() -> Result<(), Vec<String>> {
    let problems = problems().unwrap_or_else(|error| vec![error]);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// `cargo metadata`, read.
pub fn metadata() -> Result<Value, String> {
    let mut cargo = process::command("cargo");
    cargo.args(["metadata", "--locked", "--all-features", "--format-version", "1"]);
    serde_json::from_str(&process::output(cargo)?).map_err(|error| format!("cargo metadata: {error}"))
}

fn problems() -> Result<Vec<String>, String> {
    let text =
        std::fs::read_to_string(root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let rules = rules(&text);
    if rules.allowed.is_empty() || rules.banned.is_empty() {
        return Err(
            "deny.toml: no list of allowed licences, or of banned crates, was found in it".to_owned(),
        );
    }
    let metadata = metadata()?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    Ok(packages
        .iter()
        .filter_map(|package| problem(package, &rules))
        .collect())
}

fn problem(package: &Value, rules: &Rules) -> Option<String> {
    let name = package["name"].as_str().unwrap_or("?");
    let ours = package["source"].is_null();
    let licence = package["license"].as_str();
    if rules.banned.iter().any(|banned| banned == name) {
        return Some(format!("{name} is banned in deny.toml"));
    }
    let needs = package["dependencies"].as_array().into_iter().flatten();
    let mut needs = needs.filter_map(|one| one["name"].as_str());
    if let Some(wrapped) = needs.find(|one| ours && rules.wrapped.iter().any(|wrapped| wrapped == one)) {
        return Some(format!(
            "{name} depends on {wrapped}, which is banned in deny.toml"
        ));
    }
    match licence {
        None => Some(format!("{name} states no licence")),
        Some(licence) if ours => {
            (licence != OURS).then(|| format!("{name} is {licence}, and should be {OURS}"))
        }
        Some(licence) => match spdx::permits(licence, &rules.allowed) {
            Ok(true) => None,
            Ok(false) => Some(format!("{name} is {licence}, which deny.toml does not allow")),
            Err(error) => Some(format!("{name}: {error}")),
        },
    }
}

/// Reads `[licenses] allow` and `[bans] deny`: of TOML only what that file uses, one entry a line.
fn rules(text: &str) -> Rules {
    let mut rules = Rules::default();
    let mut place = (String::new(), String::new());
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            place = (section.to_owned(), String::new());
        } else if let Some(key) = line.strip_suffix("= [") {
            place = (place.0, key.trim().to_owned());
        } else if line == "]" {
            place.1.clear();
        } else {
            match (place.0.as_str(), place.1.as_str()) {
                ("licenses", "allow") => rules.allowed.extend(quoted(line)),
                ("bans", "deny") => {
                    let list = if line.contains("wrappers = [") {
                        &mut rules.wrapped
                    } else {
                        &mut rules.banned
                    };
                    list.extend(line.strip_prefix("{ crate = ").and_then(quoted));
                }
                _ => (),
            }
        }
    }
    rules
}

/// The text of the string literal that `line` begins with.
fn quoted(line: &str) -> Option<String> {
    Some(line.strip_prefix('"')?.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DENY: &str = "[licenses]\n# why\nallow = [\n    \"MIT\",\n    \"ISC\",\n]\nconfidence = 1\n\
                        [bans]\ndeny = [\n    { crate = \"evil\", reason = \"x\" },\n    { crate = \"odd\", wrappers = [\"w\"] },\n]\n";

    #[test]
    fn both_lists_are_read() {
        let expected = Rules {
            allowed: vec!["MIT".into(), "ISC".into()],
            banned: vec!["evil".into()],
            wrapped: vec!["odd".into()],
        };
        assert_eq!(rules(DENY), expected);
    }

    #[test]
    fn each_way_to_be_wrong_is_named() {
        let said = |package: Value| problem(&package, &rules(DENY)).unwrap_or_default();
        let registry = "registry";
        assert_eq!(
            said(json!({"name": "a", "source": registry, "license": "MIT"})),
            ""
        );
        assert!(
            said(json!({"name": "a", "source": registry, "license": "GPL-2.0-only"})).contains("not allow")
        );
        assert!(said(json!({"name": "a", "source": registry, "license": null})).contains("no licence"));
        assert!(said(json!({"name": "a", "source": registry, "license": "MIT OR"})).contains("no SPDX"));
        let odd = json!([{"name": "odd"}]);
        assert!(
            said(json!({"name": "a", "source": null, "license": OURS, "dependencies": odd})).contains("odd")
        );
        assert_eq!(
            said(json!({"name": "w", "source": registry, "license": "MIT", "dependencies": odd})),
            ""
        );
        assert!(said(json!({"name": "evil", "source": registry, "license": "MIT"})).contains("banned"));
        assert!(said(json!({"name": "a", "source": null, "license": "MIT"})).contains("should be"));
        assert_eq!(said(json!({"name": "a", "source": null, "license": OURS})), "");
    }
}
