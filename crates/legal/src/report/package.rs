//! The report as files: canonical JSON, and a Frictionless data package of CSV and JSON with schemas.
//!
//! They depend on the report alone, so that whoever has the log can make them again, byte for byte.

use serde_json::{Value, json};

use super::Report;
use super::table::{Table, tables};
use crate::Hash;
use crate::record::canonical::{self, NotCanonical};

/// A file of the package.
pub struct File {
    /// Its path below `report/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
}

const CSV: &str = "text/csv";
const JSON: &str = "application/json";

/// Every file of the report's data, in a fixed order.
///
/// # Errors
/// [`NotCanonical`] for a figure beyond 2^53, which no log comes to.
pub fn files(report: &Report) -> Result<Vec<File>, NotCanonical> {
    let mut files = vec![File {
        path: "report.json".to_owned(),
        bytes: canonical::write(report)?,
        media_type: JSON,
    }];
    let mut resources = vec![json!({
        "name": "report",
        "title": "Everything, in the form that bauta verify compares",
        "path": "report.json",
        "format": "json",
        "mediatype": JSON,
        "encoding": "utf-8",
        "bytes": files[0].bytes.len(),
        "hash": format!("sha256:{}", Hash::of(&files[0].bytes)),
    })];
    for table in tables(report) {
        for (ending, media_type, text) in [("csv", CSV, table.csv()), ("json", JSON, table.json())] {
            let path = format!("data/{}.{ending}", table.name);
            resources.push(resource(&table, ending, media_type, &path, text.as_bytes()));
            files.push(File {
                path,
                bytes: text.into_bytes(),
                media_type,
            });
        }
    }
    files.push(File {
        path: "datapackage.json".to_owned(),
        bytes: format!("{:#}\n", description(&resources)).into_bytes(),
        media_type: JSON,
    });
    Ok(files)
}

fn resource(table: &Table, ending: &str, media_type: &str, path: &str, bytes: &[u8]) -> Value {
    json!({
        "name": format!("{}-{ending}", table.name),
        "title": table.title,
        "path": path,
        "format": ending,
        "mediatype": media_type,
        "encoding": "utf-8",
        "bytes": bytes.len(),
        "hash": format!("sha256:{}", Hash::of(bytes)),
        "profile": "tabular-data-resource",
        "schema": table.schema(),
    })
}

fn description(resources: &[Value]) -> Value {
    json!({
        "profile": "data-package",
        "name": "transparency-report",
        "title": "Demands to unmask people, and what came of them",
        "description": "Made from the opened entries of a transparency log. `bauta verify` makes every file again from the \
            log and compares. A demand is counted in the half-year in which it was received. In CSV, a text that a \
            spreadsheet would take for a formula has an apostrophe in front.",
        "resources": resources,
    })
}
