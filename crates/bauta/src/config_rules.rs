//! The operator's own rules: a folder of TOML files that stand beside the built-in ones, checked before anything starts.

use std::fs;
use std::path::Path;

use bauta_desk::legal::RulePack;
use bauta_desk::legal::pack::{MAX_FILE, MAX_FILES};
use bauta_service::Rules;

use crate::failure::{Failure, Outcome};

/// Reads every `NAME.toml` of a folder. A file of a built-in name takes the place of that one.
///
/// # Errors
/// In a sentence that names the file: it can't be read, or contradicts itself or the rest of the pack.
pub fn load(folder: &Path) -> Outcome<Rules> {
    let wrong = |why: &str| Failure::new(format!("legal.rules: {}: {why}", folder.display()));
    let entries = fs::read_dir(folder).map_err(|error| wrong(&error.to_string()))?;
    let mut own = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| wrong(&error.to_string()))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') || name == "README.md" {
            continue;
        }
        let Some(stem) = name.strip_suffix(".toml").filter(|_| path.is_file()) else {
            // A rule that is meant and not read would be worse than none.
            return Err(wrong(&format!(
                "{name} is no file of rules: each is called INSTRUMENT.toml"
            )));
        };
        if own.len() == MAX_FILES {
            return Err(wrong(&format!("there are more than {MAX_FILES} files")));
        }
        own.push((stem.to_owned(), text(&path)?));
    }
    own.sort();
    RulePack::load(&own).map(Rules::keep).map_err(|invalid| {
        let file = format!("{}.toml", invalid.file);
        let is_own = own.iter().any(|(name, _)| *name == invalid.file);
        let beside = if is_own {
            ""
        } else {
            " (with your files beside it)"
        };
        wrong(&format!("{file}{beside}: {}", invalid.says))
    })
}

fn text(path: &Path) -> Outcome<String> {
    let wrong = |why: String| Failure::new(format!("legal.rules: {}: {why}", path.display()));
    let length = fs::metadata(path)
        .map_err(|error| wrong(error.to_string()))?
        .len();
    if length > MAX_FILE as u64 {
        return Err(wrong(format!("it is longer than {MAX_FILE} bytes")));
    }
    fs::read_to_string(path).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a folder with these files.
    fn said(files: &[(&str, &str)]) -> Result<Rules, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        load(folder.path()).map_err(|failure| failure.0)
    }

    fn built_in(name: &str) -> &'static str {
        let files = RulePack::files().iter();
        files.copied().find(|(known, _)| *known == name).unwrap().1
    }

    #[test]
    fn own_files_stand_beside_the_built_in_ones() {
        let none = said(&[]).unwrap();
        assert_eq!(none, Rules::default());
        let general = built_in("general").replace("version = \"2026.1\"", "version = \"ours\"");
        let informal = built_in("informal_request")
            .replace("id = \"informal_request\"", "id = \"harbour_letter\"")
            .replace("Informal request", "Harbour letter");
        let own = said(&[
            ("general.toml", &general),
            ("harbour_letter.toml", &informal),
            ("README.md", "ours"),
            (".swp", "an editor's"),
        ])
        .unwrap();
        let pack = own.pack();
        assert_eq!(pack.version(), "ours");
        assert_eq!(pack.own(), ["general", "harbour_letter"]);
        assert_eq!(pack.instruments().count(), none.pack().instruments().count() + 1);
        assert_ne!(pack.hash(), none.pack().hash());
    }

    #[test]
    fn a_pack_that_contradicts_itself_is_refused_with_the_file_and_the_reason() {
        let civil = built_in("civil_subpoena");
        let no_calendar = civil.replace("\"us_federal\"", "\"moon\"");
        let said_of = |name: &str, text: &str| said(&[(name, text)]).unwrap_err();
        for (name, text, expected) in [
            ("civil_subpoena.toml", no_calendar.as_str(), "civil_subpoena.toml"),
            ("other.toml", civil, "it has to be the file's name"),
            ("civil_subpoena.toml", "id = ", "civil_subpoena.toml"),
            ("civil_subpoena.tml", civil, "is no file of rules"),
            ("general.toml", "version = \"x\"", "general.toml"),
        ] {
            let said = said_of(name, text);
            assert!(
                said.starts_with("legal.rules: ") && said.contains(expected),
                "{said}"
            );
        }
        let long = "#".repeat(MAX_FILE + 1);
        assert!(said_of("long.toml", &long).contains("longer"));
        // A calendar that another file counts with is gone: the file that is left alone is named, and why.
        let general = built_in("general").replace("id = \"us_federal\"", "id = \"other\"");
        let said = said_of("general.toml", &general);
        assert!(said.contains("with your files beside it"), "{said}");
        assert!(load(Path::new("/nonexistent")).is_err());
    }
}
