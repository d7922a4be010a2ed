//! inventory.toml as it is written: what is common to a thing's columns stands once, at the thing.

use serde::Deserialize;

use crate::{Eu, Expired, Keep, Never, Outside, Purge, Request, Subject, Umbrella, Us, Who};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whole {
    pub thing: Vec<Thing>,
    pub table: Vec<Table>,
    #[serde(default)]
    pub file: Vec<Place>,
    #[serde(default)]
    pub log: Vec<Place>,
    #[serde(default)]
    pub memory: Vec<Place>,
    #[serde(default)]
    pub outgoing: Vec<Place>,
    #[serde(default)]
    pub never: Vec<Never>,
    #[serde(default)]
    pub expired: Vec<Expired>,
    #[serde(default)]
    pub outside: Vec<Outside>,
    #[serde(default)]
    pub request: Vec<Request>,
    pub umbrella: Umbrella,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thing {
    pub name: String,
    pub label: String,
    #[serde(default = "yes")]
    pub personal: bool,
    pub why: String,
    pub who: Vec<Who>,
    pub who_text: Option<String>,
    pub keep: Keep,
    pub until: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub name: String,
    pub thing: String,
    pub noun: Option<String>,
    pub subject: Vec<Subject>,
    #[serde(default)]
    pub names: Vec<String>,
    pub decides: Option<String>,
    pub purge: Option<Purge>,
    pub columns: Vec<Column>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub name: String,
    pub thing: Option<String>,
    pub us: Us,
    pub eu: Eu,
    pub purpose: String,
    pub who: Option<Vec<Who>>,
    pub keep: Option<Keep>,
    pub coarser: String,
    #[serde(default)]
    pub credential: bool,
    #[serde(default)]
    pub sealed: bool,
    pub show: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub name: String,
    pub holds: String,
    #[serde(default)]
    pub fields: Vec<String>,
    pub us: Us,
    pub eu: Eu,
    pub purpose: String,
    pub who: Vec<Who>,
    pub keep: Keep,
    pub until: Option<String>,
    pub coarser: String,
    #[serde(default)]
    pub credential: bool,
}
