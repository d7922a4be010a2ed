//! From the file to [`Inventory`]: what is left out at a column is taken from its thing, and mistakes are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use aws_lc_rs::digest;

use crate::answer::words;
use crate::class::sentence;
use crate::deny::forbidden;
use crate::{Column, Inventory, Place, PlaceKind, Table, Thing, raw};

/// Why a file is not an inventory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It is not TOML, has an unknown key, lacks one, or uses a word that the inventory does not know.
    #[error("inventory.toml can't be read: {0}")]
    Form(String),
    /// The same name stands twice.
    #[error("inventory.toml names {0} twice")]
    Twice(String),
    /// A name of something that must never be held.
    #[error("inventory.toml may not hold {name}: nothing called `{word}` is ever kept here")]
    Forbidden {
        /// The entry.
        name: String,
        /// The word in it.
        word: &'static str,
    },
    /// An entry names another one that is not there.
    #[error("inventory.toml: {from} names {missing}, which is not there")]
    Missing {
        /// The entry.
        from: String,
        /// What it names.
        missing: String,
    },
    /// An entry says nothing where it has to say something.
    #[error("inventory.toml: {0} has an empty text or list")]
    Empty(String),
    /// A credential may have no value shown.
    #[error("inventory.toml: {0} is a credential and can't be shown")]
    Shown(String),
}

impl Inventory {
    /// Reads and checks the text of an inventory.
    ///
    /// # Errors
    /// [`Invalid`] says which entry is wrong, and how.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let raw: raw::Whole = toml::from_str(text).map_err(|error| Invalid::Form(error.to_string()))?;
        let things: BTreeMap<&str, &raw::Thing> = raw
            .thing
            .iter()
            .map(|thing| (thing.name.as_str(), thing))
            .collect();
        let tables = raw
            .table
            .iter()
            .map(|table| resolve_table(table, &things))
            .collect::<Result<_, _>>()?;
        let places = [
            (PlaceKind::File, raw.file),
            (PlaceKind::Log, raw.log),
            (PlaceKind::Memory, raw.memory),
            (PlaceKind::Outgoing, raw.outgoing),
        ];
        let inventory = Self {
            things: raw.thing.iter().map(resolve_thing).collect(),
            tables,
            places: places
                .into_iter()
                .flat_map(|(kind, list)| list.into_iter().map(move |p| resolve_place(kind, p)))
                .collect(),
            never: raw.never,
            expired: raw.expired,
            outside: raw.outside,
            requests: raw.request,
            umbrella: raw.umbrella,
            hash: hex_sha256(text.as_bytes()),
        };
        inventory.check()?;
        Ok(inventory)
    }

    fn check(&self) -> Result<(), Invalid> {
        self.check_duplicates()?;
        self.check_names()?;
        self.check_texts()?;
        self.check_tables()?;
        self.check_links()
    }

    fn check_duplicates(&self) -> Result<(), Invalid> {
        let names = |kind: &'static str, names: Vec<String>| {
            names.into_iter().map(move |name| format!("{kind} {name}"))
        };
        let synonyms = self
            .never
            .iter()
            .map(|never| &never.synonyms)
            .chain(self.expired.iter().map(|expired| &expired.synonyms))
            .chain(self.outside.iter().map(|outside| &outside.synonyms))
            .chain(self.requests.iter().map(|request| &request.synonyms))
            .chain([&self.umbrella.synonyms])
            .flatten()
            .map(|synonym| words(synonym).join(" "));
        let all = names(
            "thing",
            self.things.iter().map(|thing| thing.name.clone()).collect(),
        )
        .chain(names(
            "table",
            self.tables.iter().map(|table| table.name.clone()).collect(),
        ))
        .chain(names("column", self.columns().map(Column::path).collect()))
        .chain(names(
            "place",
            self.places
                .iter()
                .map(|place| format!("{:?} {}", place.kind, place.name))
                .collect(),
        ))
        .chain(names(
            "category",
            self.categories().map(|(name, _)| name.to_owned()).collect(),
        ))
        .chain(names("words", synonyms.collect()));
        let mut seen = BTreeSet::new();
        for name in all {
            if !seen.insert(name.clone()) {
                return Err(Invalid::Twice(name));
            }
        }
        Ok(())
    }

    /// Never, expired, outside and requests, with their words.
    fn categories(&self) -> impl Iterator<Item = (&str, &[String])> {
        let never = self
            .never
            .iter()
            .map(|never| (never.name.as_str(), never.synonyms.as_slice()));
        let expired = self
            .expired
            .iter()
            .map(|expired| (expired.name.as_str(), expired.synonyms.as_slice()));
        let outside = self
            .outside
            .iter()
            .map(|outside| (outside.name.as_str(), outside.synonyms.as_slice()));
        let requests = self
            .requests
            .iter()
            .map(|request| (request.name.as_str(), request.synonyms.as_slice()));
        never.chain(expired).chain(outside).chain(requests)
    }

    fn check_names(&self) -> Result<(), Invalid> {
        let tables = self.tables.iter().map(|table| table.name.clone());
        let columns = self.columns().map(Column::path);
        let places = self
            .places
            .iter()
            .flat_map(|place| [&place.name].into_iter().chain(&place.fields))
            .cloned();
        let requests = self.requests.iter().map(|request| request.name.clone());
        for name in tables.chain(columns).chain(places).chain(requests) {
            if let Some(word) = forbidden(&name) {
                return Err(Invalid::Forbidden { name, word });
            }
        }
        Ok(())
    }

    fn check_texts(&self) -> Result<(), Invalid> {
        let mut texts: Vec<(String, bool)> = Vec::new();
        for thing in &self.things {
            texts.push((
                thing.name.clone(),
                [&thing.label, &thing.why, &thing.who, &thing.until]
                    .iter()
                    .any(|t| t.is_empty()),
            ));
        }
        for column in self.columns() {
            texts.push((
                column.path(),
                column.purpose.is_empty() || column.coarser.is_empty() || column.who.is_empty(),
            ));
        }
        for place in &self.places {
            let empty = [&place.holds, &place.purpose, &place.coarser, &place.until]
                .iter()
                .any(|t| t.is_empty());
            texts.push((place.name.clone(), empty || place.who.is_empty()));
        }
        for never in &self.never {
            texts.push((never.name.clone(), never.sentence.is_empty()));
        }
        for (name, synonyms) in self.categories() {
            texts.push((
                name.to_owned(),
                synonyms.is_empty() || synonyms.iter().any(|s| words(s).is_empty()),
            ));
        }
        match texts.into_iter().find(|(_, empty)| *empty) {
            Some((name, _)) => Err(Invalid::Empty(name)),
            None => Ok(()),
        }
    }

    fn check_tables(&self) -> Result<(), Invalid> {
        for table in &self.tables {
            let has = |column: &str| table.columns.iter().any(|found| found.name == column);
            let named = table
                .subject
                .iter()
                .map(|subject| &subject.column)
                .chain(&table.names)
                .chain(&table.decides)
                .chain(table.purge.as_ref().map(|purge| &purge.column));
            for column in named {
                if !has(column) {
                    return Err(missing(&table.name, column));
                }
            }
            for through in table
                .subject
                .iter()
                .filter_map(|subject| subject.through.as_ref())
            {
                if self.table(through).is_none_or(|found| found.subject.is_empty()) {
                    return Err(missing(&table.name, through));
                }
            }
            if let Some(shown) = table
                .columns
                .iter()
                .find(|column| column.credential && column.show.is_some())
            {
                return Err(Invalid::Shown(shown.path()));
            }
        }
        Ok(())
    }

    fn check_links(&self) -> Result<(), Invalid> {
        for request in &self.requests {
            if let Some(path) = request.columns.iter().find(|path| self.column(path).is_none()) {
                return Err(missing(&request.name, path));
            }
            if let Some(name) = request.never.iter().find(|name| self.never_named(name).is_none()) {
                return Err(missing(&request.name, name));
            }
        }
        for never in &self.never {
            if let Some(name) = never
                .outside
                .iter()
                .find(|name| self.outside_named(name).is_none())
            {
                return Err(missing(&never.name, name));
            }
        }
        for expired in &self.expired {
            if let Some(name) = expired.tables.iter().find(|name| self.table(name).is_none()) {
                return Err(missing(&expired.name, name));
            }
        }
        Ok(())
    }
}

fn missing(from: &str, missing: &str) -> Invalid {
    Invalid::Missing {
        from: from.to_owned(),
        missing: missing.to_owned(),
    }
}

fn resolve_thing(raw: &raw::Thing) -> Thing {
    Thing {
        name: raw.name.clone(),
        label: raw.label.clone(),
        personal: raw.personal,
        why: raw.why.clone(),
        who: raw.who_text.clone().unwrap_or_else(|| sentence(&raw.who)),
        until: raw.until.clone().unwrap_or_else(|| raw.keep.to_string()),
    }
}

fn resolve_table(raw: &raw::Table, things: &BTreeMap<&str, &raw::Thing>) -> Result<Table, Invalid> {
    let columns = raw
        .columns
        .iter()
        .map(|column| {
            let thing = column.thing.as_ref().unwrap_or(&raw.thing);
            let found = things
                .get(thing.as_str())
                .ok_or_else(|| missing(&raw.name, thing))?;
            Ok(Column {
                table: raw.name.clone(),
                name: column.name.clone(),
                thing: thing.clone(),
                us: column.us,
                eu: column.eu,
                purpose: column.purpose.clone(),
                who: column.who.clone().unwrap_or_else(|| found.who.clone()),
                keep: column.keep.unwrap_or(found.keep),
                coarser: column.coarser.clone(),
                credential: column.credential,
                sealed: column.sealed,
                show: column.show.clone(),
            })
        })
        .collect::<Result<_, Invalid>>()?;
    Ok(Table {
        name: raw.name.clone(),
        noun: raw.noun.clone(),
        subject: raw.subject.clone(),
        names: raw.names.clone(),
        decides: raw.decides.clone(),
        purge: raw.purge.clone(),
        columns,
    })
}

fn resolve_place(kind: PlaceKind, raw: raw::Place) -> Place {
    Place {
        kind,
        name: raw.name,
        holds: raw.holds,
        fields: raw.fields,
        us: raw.us,
        eu: raw.eu,
        purpose: raw.purpose,
        who: raw.who,
        keep: raw.keep,
        until: raw.until.unwrap_or_else(|| raw.keep.to_string()),
        coarser: raw.coarser,
        credential: raw.credential,
    }
}

fn hex_sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in digest::digest(&digest::SHA256, bytes).as_ref() {
        write!(hex, "{byte:02x}").expect("a String takes every text");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FILE;

    fn with(from: &str, to: &str) -> Result<Inventory, Invalid> {
        assert!(FILE.contains(from), "the file has `{from}`");
        Inventory::parse(&FILE.replacen(from, to, 1))
    }

    /// The file with one more column in `settings`.
    fn with_column(line: &str) -> Result<Inventory, Invalid> {
        let line =
            format!(r#"columns = [{{ {line}, us = "none", eu = "none", purpose = "P.", coarser = "C." }},"#);
        let at = FILE
            .find("name = \"settings\"\nthing = \"server\"")
            .expect("the table is there");
        let at = at + FILE[at..].find("columns = [").expect("it has columns");
        Inventory::parse(&format!(
            "{}{line}{}",
            &FILE[..at],
            &FILE[at + "columns = [".len()..]
        ))
    }

    #[test]
    fn the_file_is_an_inventory() {
        let inventory = Inventory::parse(FILE).unwrap();
        assert_eq!(
            inventory.column("accounts.handle").unwrap().path(),
            "accounts.handle"
        );
        assert_eq!(Inventory::builtin().hash(), inventory.hash());
    }

    #[test]
    fn the_hash_is_that_of_the_bytes() {
        // FIPS 180-4, the example of one block.
        assert_eq!(
            hex_sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_ne!(
            with("# Everything", "# All").unwrap().hash(),
            Inventory::builtin().hash()
        );
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(matches!(
            with("noun = \"likes\"", "nuon = \"likes\""),
            Err(Invalid::Form(_))
        ));
        assert!(matches!(
            with("[umbrella]", "[[surprise]]\n[umbrella]"),
            Err(Invalid::Form(_))
        ));
        assert!(matches!(
            with_column("name = \"x\", hidden = true"),
            Err(Invalid::Form(_))
        ));
    }

    #[test]
    fn a_class_that_no_law_knows_is_an_error() {
        assert!(matches!(
            with("us = \"name\"", "us = \"nickname\""),
            Err(Invalid::Form(_))
        ));
        assert!(matches!(
            with("eu = \"traffic\"", "eu = \"movement\""),
            Err(Invalid::Form(_))
        ));
    }

    #[test]
    fn a_second_entry_for_a_column_is_an_error() {
        assert_eq!(
            with_column("name = \"value\"").unwrap_err(),
            Invalid::Twice("column settings.value".into())
        );
    }

    #[test]
    fn words_that_would_answer_twice_are_an_error() {
        let planted = with("\"screen name\"", "\"Phone-Numbers\"").unwrap_err();
        assert_eq!(
            planted,
            Invalid::Twice("words phone number".into()),
            "spelt otherwise, but the same"
        );
    }

    #[test]
    fn a_column_that_could_unmask_somebody_is_refused() {
        for name in [
            "email",
            "contact_phone",
            "birth_year",
            "peer_address",
            "last_ip",
            "device_id",
            "user_agent",
            "payment_ref",
        ] {
            let refused = with_column(&format!("name = \"{name}\"")).unwrap_err();
            assert!(matches!(refused, Invalid::Forbidden { .. }), "{name}: {refused}");
        }
        assert!(
            with_column("name = \"slogan\"").is_ok(),
            "another column is taken"
        );
    }

    #[test]
    fn what_is_named_must_be_there() {
        let missing = |result: Result<Inventory, Invalid>| matches!(result, Err(Invalid::Missing { .. }));
        assert!(missing(with(
            "subject = [{ column = \"author_id\" }]",
            "subject = [{ column = \"writer_id\" }]"
        )));
        assert!(missing(with("through = \"posts\"", "through = \"letters\"")));
        assert!(missing(with(
            "columns = [\"accounts.id\"]",
            "columns = [\"accounts.number\"]"
        )));
        assert!(missing(with(
            "never = [\"login history\"]",
            "never = [\"logins\"]"
        )));
        assert!(missing(with(
            "outside = [\"mail\"]",
            "outside = [\"post office\"]"
        )));
        assert!(missing(with("thing = \"joined\"", "thing = \"arrival\"")));
    }

    #[test]
    fn a_credential_is_never_shown() {
        let planted = with_column("name = \"pin\", credential = true, show = \"PIN\"").unwrap_err();
        assert_eq!(planted, Invalid::Shown("settings.pin".into()));
    }
}
