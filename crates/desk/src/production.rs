//! Production: what is asked ∩ approved ∩ held, previewed with redactions by one officer, and handed out by another as a
//! signed archive that is encrypted to the recipient. The archive is not kept; its manifest is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_inventory::Inventory;
use bauta_legal::{Fact, Hash, Item, OfficerId, ProcessFact, Second, Step};
use bauta_model::{AccountId, DemandId};
use bauta_store::Conn;
use bauta_store::desk::{demands, officers};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::archive::tar;
use crate::case::Entry;
use crate::held::{columns_by_table, copied_rows, live_rows};
use crate::holdings::Counted;
use crate::outside::beyond;
use crate::papers::{encrypt, recipient, salt};
use crate::summary::summary;
use crate::{Case, Desk, Duties, Officer, PictureBytes, Refused};

/// The kind of finding that keeps a manifest.
const MANIFEST: i16 = 1;
/// What stands in place of a redacted value.
const REDACTED: &str = "[redacted]";
/// Numbers above it are no numbers to most readers of JSON.
const EXACT: i64 = 1 << 53;

/// A value that is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Which of the demand's accounts, from 0.
    pub account: usize,
    /// `table.column`.
    pub column: String,
    /// Which row of that table, from 1, as the preview counts.
    pub row: usize,
}

/// A file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// SHA-256.
    pub sha256: Hash,
    /// How long it is.
    pub bytes: usize,
}

/// What an archive holds, and what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this manifest.
    pub version: u32,
    /// The demand's name in the public record.
    pub demand: String,
    /// The server.
    pub server: String,
    /// The row of the rule pack.
    pub instrument: String,
    /// The law that the demand cites.
    pub authority: String,
    /// Who asked.
    pub issuer: String,
    /// The hash of the inventory.
    pub inventory: String,
    /// The hash of the rules.
    pub rules: String,
    /// Random, so that nobody can guess what was produced from the hash of this.
    pub salt: String,
    /// What was chosen.
    pub items: BTreeSet<Item>,
    /// What was left out of it.
    pub redactions: BTreeSet<Redaction>,
    /// The files.
    pub files: Vec<File>,
}

/// What would be produced.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// Its manifest.
    pub manifest: Manifest,
    /// SHA-256 of the manifest as it stands in the archive.
    pub hash: Hash,
    /// The records, as JSON.
    pub records: Value,
    /// The same as CSV.
    pub csv: String,
    /// The same in words.
    pub summary: String,
    /// Pictures: the name of each in the archive, and its bytes.
    #[serde(skip)]
    pub pictures: Vec<(String, Vec<u8>)>,
}

/// What was produced.
#[derive(Clone, Debug)]
pub struct Archive {
    /// A tar archive, encrypted to the recipient (`age`).
    pub bytes: Vec<u8>,
    /// The hash of its manifest, as the record has it.
    pub hash: Hash,
}

impl Desk {
    /// What would be produced of `items`, with some values left out. Nothing is recorded.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::Invalid`] for a redaction of nothing.
    pub async fn preview(
        &self,
        officer: &Officer,
        id: DemandId,
        items: BTreeSet<Item>,
        redactions: BTreeSet<Redaction>,
    ) -> Result<Preview, Refused> {
        let (maker, officer) = (self.maker(), officer.clone());
        self.store
            .read("desk_preview", move |conn| {
                let case = Case::load_for(conn, id, &officer)?;
                maker.preview(conn, &case, items, redactions, salt())
            })
            .await
    }

    /// Makes it ready: a second officer hands it out.
    ///
    /// # Errors
    /// As [`Desk::record`], and as [`Desk::preview`].
    pub async fn ready(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        items: BTreeSet<Item>,
        redactions: BTreeSet<Redaction>,
    ) -> Result<Case, Refused> {
        let maker = self.maker();
        self.change(officer, id, expected, move |entry| {
            let preview = maker.preview(entry.conn, &entry.case, items.clone(), redactions, salt())?;
            entry.add(Fact::Process(ProcessFact::Ready {
                items,
                manifest: preview.hash,
            }))?;
            keep(entry, &preview)?;
            Ok(entry.case.clone())
        })
        .await
    }

    /// Produces what lies ready, encrypted to the recipient's `age` key.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where what is held has changed since it was made ready; else as [`Desk::record`].
    pub async fn produce(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        to: &str,
    ) -> Result<Archive, Refused> {
        let (maker, to) = (self.maker(), recipient(to)?);
        let key = self.signing_key()?;
        self.change(officer, id, expected, move |entry| {
            let prepared = entry.case.state.process.prepared.clone();
            let kept = demands::findings(entry.conn, id, MANIFEST)?.pop();
            let (Some(prepared), Some((_, kept))) = (prepared, kept) else {
                return Err(Refused::invalid("ready", "nothing lies ready: make it ready first"));
            };
            let kept: Manifest = serde_json::from_str(&kept).map_err(|_| Refused::failed())?;
            let preview = maker.preview(entry.conn, &entry.case, kept.items, kept.redactions, kept.salt)?;
            if preview.hash != prepared.manifest {
                return Err(Refused::invalid(
                    "ready",
                    "what is held has changed since this was made ready: look at it again, and make it ready again",
                ));
            }
            let second = second(entry, prepared.by)?;
            entry.add(Fact::Process(ProcessFact::Produced {
                items: prepared.items,
                manifest: prepared.manifest,
                second,
            }))?;
            seal(&preview, &key, &to)
        })
        .await
    }

    /// The second of two people discloses what was approved in an emergency.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn disclose(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        to: &str,
    ) -> Result<Archive, Refused> {
        let (maker, to) = (self.maker(), recipient(to)?);
        let key = self.signing_key()?;
        self.change(officer, id, expected, move |entry| {
            let approved = entry.case.state.process.prepared.clone();
            let items = approved
                .ok_or_else(|| Refused::invalid("emergency", "nobody has approved this emergency"))?
                .items;
            let preview = maker.preview(entry.conn, &entry.case, items.clone(), BTreeSet::new(), salt())?;
            entry.add(Fact::Process(ProcessFact::EmergencyDisclosed {
                items,
                manifest: preview.hash,
            }))?;
            keep(entry, &preview)?;
            seal(&preview, &key, &to)
        })
        .await
    }

    /// A second person agrees to what the first one entered.
    ///
    /// # Errors
    /// As [`Desk::record`].
    pub async fn approve(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        step: Step,
    ) -> Result<Case, Refused> {
        self.change(officer, id, expected, move |entry| {
            let process = &entry.case.state.process;
            let first = match step {
                Step::Determination => process.determination.as_ref().map(|one| one.by),
                Step::NoticeException => process.exception.as_ref().map(|one| one.0),
                Step::CourtOrder => process
                    .overrides
                    .iter()
                    .find(|one| !one.seconded)
                    .map(|one| one.by),
                Step::Terms => process.revision.as_ref().map(|one| one.0),
                Step::Ready | Step::Production => None,
            };
            let first = first.ok_or(bauta_legal::Refusal::Rule(bauta_legal::Rule::NothingToSecond))?;
            let second = second(entry, first)?;
            entry.add(Fact::Process(ProcessFact::Seconded { step, second }))?;
            Ok(entry.case.clone())
        })
        .await
    }

    /// The manifests of what was made ready or disclosed.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn manifests(&self, officer: &Officer, id: DemandId) -> Result<Vec<Manifest>, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_manifests", move |conn| {
                Case::load_for(conn, id, &officer)?;
                demands::findings(conn, id, MANIFEST)?
                    .into_iter()
                    .map(|(_, text)| serde_json::from_str(&text).map_err(|_| Refused::failed()))
                    .collect()
            })
            .await
    }

    fn maker(&self) -> Maker {
        Maker {
            inventory: self.inventory,
            server: self.domain.clone(),
            pictures: self.pictures.clone(),
        }
    }
}

fn keep(entry: &mut Entry<'_>, preview: &Preview) -> Result<(), Refused> {
    let text = serde_json::to_string(&preview.manifest).map_err(|_| Refused::failed())?;
    let number = entry.case.state.events as i32;
    Ok(demands::insert_finding(
        entry.conn,
        entry.case.id,
        number,
        MANIFEST,
        &text,
    )?)
}

/// In which way this officer is the second: another person, counsel, or a single officer who has waited.
pub(crate) fn second(entry: &mut Entry<'_>, first: OfficerId) -> Result<Second, Refused> {
    let officer = &entry.officer;
    if officer.id != first {
        let counsel = !officer.duties.any(Duties::DETERMINE.and(Duties::PRODUCE));
        return Ok(if counsel { Second::Counsel } else { Second::Officer });
    }
    let deciding = Duties::DETERMINE.and(Duties::PRODUCE).and(Duties::COUNSEL);
    let others = officers::all(entry.conn)?
        .into_iter()
        .map(Officer::of)
        .any(|other| other.id != officer.id && other.duties.any(deciding));
    if others {
        return Err(bauta_legal::Refusal::Rule(bauta_legal::Rule::SamePerson).into());
    }
    Ok(Second::Waited)
}

struct Maker {
    inventory: &'static Inventory,
    server: String,
    pictures: PictureBytes,
}

/// Files by their names.
fn named(pictures: &[(String, Vec<u8>)]) -> impl Iterator<Item = (&str, &[u8])> {
    pictures
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
}

impl Maker {
    fn preview(
        &self,
        conn: &mut Conn,
        case: &Case,
        items: BTreeSet<Item>,
        redactions: BTreeSet<Redaction>,
        salt: String,
    ) -> Result<Preview, Refused> {
        let process = &case.state.process;
        let demand = process.demand.as_ref().ok_or(Refused::NotFound)?;
        let mut left = redactions.clone();
        let (mut accounts, mut pictures) = (Vec::new(), Vec::new());
        for (at, target) in case.targets.iter().enumerate() {
            let Some(account) = target.account() else { continue };
            let tables = self.tables(conn, case, account, &items, at, &mut left)?;
            pictures.extend(crate::pictures::given(
                conn,
                &self.pictures,
                case,
                account,
                &tables,
            )?);
            accounts.push(json!({"handle": target.handle, "tables": tables}));
        }
        if let Some(nothing) = left.first() {
            return Err(Refused::invalid(
                "redactions",
                format!("there is no row {} of {} to redact", nothing.row, nothing.column),
            ));
        }
        let counted = Counted::of(conn, self.inventory, &case.targets)?;
        let answers = counted.answer(self.inventory, &process.lines);
        let records = json!({"demand": case.public_name, "accounts": accounts});
        let csv = csv(&records);
        let outside = beyond(self.inventory, process);
        let summary = summary(
            &self.server,
            case,
            &answers,
            &outside,
            &items,
            redactions.len(),
            pictures.len(),
        );
        let pretty = format!("{records:#}\n");
        let mut files = vec![
            ("records.json", pretty.as_bytes()),
            ("records.csv", csv.as_bytes()),
            ("summary.txt", summary.as_bytes()),
        ];
        files.extend(named(&pictures));
        let manifest = Manifest {
            version: 1,
            demand: case.public_name.clone(),
            server: self.server.clone(),
            instrument: demand.instrument.to_string(),
            authority: demand.authority.clone(),
            issuer: demand.issuer.clone(),
            inventory: process
                .scope
                .as_ref()
                .map(|scope| scope.inventory.to_string())
                .unwrap_or_default(),
            rules: process
                .scope
                .as_ref()
                .map(|scope| scope.pack.to_string())
                .unwrap_or_default(),
            salt,
            items,
            redactions,
            files: files
                .iter()
                .map(|(name, bytes)| File {
                    name: (*name).to_owned(),
                    sha256: Hash::of(bytes),
                    bytes: bytes.len(),
                })
                .collect(),
        };
        let hash = Hash::of(&manifest_bytes(&manifest)?);
        Ok(Preview {
            manifest,
            hash,
            records,
            csv,
            summary,
            pictures,
        })
    }

    /// The rows of one account, from the sealed copy where a hold was recorded: what was deleted since is in it.
    fn tables(
        &self,
        conn: &mut Conn,
        case: &Case,
        account: AccountId,
        items: &BTreeSet<Item>,
        at: usize,
        left: &mut BTreeSet<Redaction>,
    ) -> Result<Map<String, Value>, Refused> {
        let columns = columns_by_table(items.iter().map(|item| item.column.as_str()));
        let mut rows = copied_rows(conn, case.id, account, &columns)?;
        if rows.is_empty() {
            rows = live_rows(conn, self.inventory, account, &columns)?;
        }
        let mut tables: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (table, row) in rows {
            let chosen = row.values.into_iter().filter(|(column, _)| {
                let path = format!("{table}.{column}");
                let mut of_column = items.iter().filter(|item| item.column == path);
                of_column.any(|item| item.public == row.public || !self.differs(case, item))
            });
            let mut values: Map<String, Value> =
                chosen.map(|(column, value)| (column, exact(value))).collect();
            if values.is_empty() {
                continue;
            }
            let rows = tables.entry(table.clone()).or_default();
            for (column, value) in &mut values {
                let redaction = Redaction {
                    account: at,
                    column: format!("{table}.{column}"),
                    row: rows.len() + 1,
                };
                if left.remove(&redaction) {
                    *value = Value::from(REDACTED);
                }
            }
            rows.push(Value::Object(values));
        }
        Ok(tables
            .into_iter()
            .map(|(table, rows)| (table, Value::from(rows)))
            .collect())
    }

    /// Rows of this column are public or not, each by itself: the scope has it twice.
    #[expect(
        clippy::unused_self,
        reason = "it reads as a question to whoever makes the archive"
    )]
    fn differs(&self, case: &Case, item: &Item) -> bool {
        let scope = case.state.process.scope.iter().flat_map(|scope| &scope.lines);
        let of_line = scope.filter(|line| line.line == item.line);
        let records = of_line.flat_map(|line| &line.records);
        records.filter(|record| record.column == item.column).count() > 1
    }
}

/// A number that most readers of JSON would round is written as a text.
fn exact(value: Value) -> Value {
    match value.as_i64() {
        Some(number) if number.abs() >= EXACT => Value::from(number.to_string()),
        _ => value,
    }
}

fn manifest_bytes(manifest: &Manifest) -> Result<Vec<u8>, Refused> {
    serde_json::to_vec_pretty(manifest).map_err(|_| Refused::failed())
}

fn csv(records: &Value) -> String {
    let mut out = String::from("account,table,row,column,value\r\n");
    for account in records["accounts"].as_array().into_iter().flatten() {
        let handle = account["handle"].as_str().unwrap_or_default();
        for (table, rows) in account["tables"].as_object().into_iter().flatten() {
            for (at, row) in rows.as_array().into_iter().flatten().enumerate() {
                for (column, value) in row.as_object().into_iter().flatten() {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    let fields = [handle, table, &(at + 1).to_string(), column, &text].map(field);
                    let _ = write!(out, "{}\r\n", fields.join(","));
                }
            }
        }
    }
    out
}

/// RFC 4180, and nothing that a spreadsheet would take for a formula.
fn field(text: &str) -> String {
    let tame = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if tame.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", tame.replace('"', "\"\""))
    } else {
        tame
    }
}

fn seal(
    preview: &Preview,
    key: &aws_lc_rs::signature::Ed25519KeyPair,
    to: &age::x25519::Recipient,
) -> Result<Archive, Refused> {
    use aws_lc_rs::signature::KeyPair;
    let manifest = manifest_bytes(&preview.manifest)?;
    let signature = format!(
        "Ed25519 over manifest.json\nkey {}\nsignature {}\n",
        STANDARD.encode(key.public_key().as_ref()),
        STANDARD.encode(key.sign(&manifest).as_ref())
    );
    let records = format!("{:#}\n", preview.records);
    let mut files: Vec<(&str, &[u8])> = vec![
        ("manifest.json", &manifest),
        ("manifest.sig", signature.as_bytes()),
        ("records.json", records.as_bytes()),
        ("records.csv", preview.csv.as_bytes()),
        ("summary.txt", preview.summary.as_bytes()),
    ];
    files.extend(named(&preview.pictures));
    let bytes = tar(&files);
    Ok(Archive {
        bytes: encrypt(std::slice::from_ref(to), &bytes)?,
        hash: preview.hash,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_nothing() {
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
        assert_eq!(field("plain"), "plain");
    }

    #[test]
    fn a_number_is_never_rounded() {
        assert_eq!(
            exact(json!(7_205_759_403_792_793_601_i64)),
            json!("7205759403792793601")
        );
        assert_eq!(exact(json!(7)), json!(7));
    }
}
