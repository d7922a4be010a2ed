//! What the operator tells officials: the section `legal` of the configuration.

use std::path::PathBuf;

use bauta_service::LegalSettings;
use serde::Deserialize;

use crate::config::checked_contact;
use crate::config_rules;
use crate::failure::{Failure, Outcome};

/// Its keys.
pub const LEGAL_KEYS: &[&str] = &["entity", "address", "contact", "service", "costs", "rules"];

/// The section `legal` of the file.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct LegalFile {
    entity: Option<String>,
    address: Option<Vec<String>>,
    contact: Option<String>,
    service: Option<String>,
    costs: Option<String>,
    rules: Option<PathBuf>,
}

/// Characters of each text in the section `legal`, and lines of an address.
const LEGAL_CHARS: usize = 1000;
const ADDRESS_LINES: usize = 8;

/// Checks it.
///
/// # Errors
/// In a sentence that names the key.
pub fn read(file: LegalFile) -> Outcome<LegalSettings> {
    let checked = |name: &str, text: String| {
        let text = text.trim().to_owned();
        if text.is_empty() || text.chars().count() > LEGAL_CHARS || text.chars().any(char::is_control) {
            return Err(Failure::new(format!(
                "legal.{name}: write one line of 1 to {LEGAL_CHARS} characters, or leave it out"
            )));
        }
        Ok(text)
    };
    let optional = |name, text: Option<String>| text.map(|text| checked(name, text)).transpose();
    let address = file.address.unwrap_or_default();
    if address.len() > ADDRESS_LINES {
        return Err(Failure::new(format!(
            "legal.address: at most {ADDRESS_LINES} lines"
        )));
    }
    Ok(LegalSettings {
        entity: optional("entity", file.entity)?,
        address: address
            .into_iter()
            .map(|line| checked("address", line))
            .collect::<Outcome<_>>()?,
        contact: file.contact.as_deref().map(checked_contact).transpose()?,
        service: optional("service", file.service)?,
        costs: optional("costs", file.costs)?,
        rules: file
            .rules
            .as_deref()
            .map(config_rules::load)
            .transpose()?
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use bauta_service::LegalSettings;

    use crate::config::parse_file;

    #[test]
    fn what_officials_are_told_is_checked() {
        let read = |text: &str| parse_file(text).and_then(|file| super::read(file.legal.unwrap_or_default()));
        let told = read(
            "[legal]\nentity = 'Lagoon e.V.'\naddress = ['1 Quay']\ncontact = 'desk@lagoon.example'\ncosts = 'None.'",
        )
        .unwrap();
        assert_eq!(told.entity.as_deref(), Some("Lagoon e.V."));
        assert_eq!(told.address, ["1 Quay"]);
        assert_eq!(read("").unwrap(), LegalSettings::default());
        for wrong in [
            "entity = ' '",
            "entity = \"a\\nb\"",
            "contact = 'nobody'",
            "entiti = 'x'",
        ] {
            assert!(read(&format!("[legal]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
