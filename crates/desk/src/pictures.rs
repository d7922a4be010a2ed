//! Pictures with their bytes: what a hold keeps of them beside their rows, and which of them a production gives.

use std::collections::BTreeSet;
use std::sync::Arc;

use bauta_legal::{Basis, Decision, Position};
use bauta_model::{AccountId, HoldId, MediaId};
use bauta_store::Conn;
use bauta_store::desk::held_files::{self, File};
use bauta_store::media::{self, Kind, Medium};
use serde_json::{Map, Value};

use crate::{Case, Refused};

/// Reads the bytes of a picture; nothing where they can't be read.
pub type PictureBytes = Arc<dyn Fn(&Medium) -> Option<Vec<u8>> + Send + Sync>;

/// A column that names each picture of an account.
const PICTURES: &str = "media.id";

/// True where columns name this picture: all of an account's, or those that its profile shows.
fn is_named(columns: &BTreeSet<String>, kind: Kind) -> bool {
    let has = |column: &str| columns.contains(column);
    match kind {
        _ if columns.iter().any(|column| column.starts_with("media.")) => true,
        Kind::Avatar => has("accounts.avatar_id"),
        Kind::Header => has("accounts.header_id"),
        Kind::Attachment | Kind::Preview => false,
    }
}

/// Reads a picture; nothing where it was deleted meanwhile.
fn read(
    conn: &mut Conn,
    bytes: &PictureBytes,
    medium: Medium,
    public: bool,
) -> Result<Option<File>, Refused> {
    let read = bytes(&medium);
    // What is deleted loses its row first and its bytes afterwards: while the row is there, they are whole.
    match (read, media::by_id(conn, medium.id)?) {
        (Some(bytes), Some(_)) => Ok(Some(File {
            id: medium.id,
            mime: medium.mime,
            public,
            bytes,
        })),
        (None, Some(_)) => Err(Refused::failed()),
        (_, None) => Ok(None),
    }
}

/// Keeps with a hold the pictures of an account that `columns` name.
pub(crate) fn keep(
    conn: &mut Conn,
    bytes: &PictureBytes,
    hold: HoldId,
    account: AccountId,
    columns: &BTreeSet<String>,
) -> Result<(), Refused> {
    for (medium, public) in held_files::pictures(conn, account)? {
        if is_named(columns, medium.kind)
            && let Some(file) = read(conn, bytes, medium, public)?
        {
            held_files::keep(conn, hold, &file)?;
        }
    }
    Ok(())
}

/// Bytes that are no secret may be given with their rows; others only where content may (invariant 3): the instrument
/// compels it, everybody consented, a law makes the provider report it, or an emergency was approved.
fn may_give_content(case: &Case) -> bool {
    let process = &case.state.process;
    let compels = process
        .terms
        .as_ref()
        .is_some_and(bauta_legal::Terms::compels_content);
    let decision = process.determination.as_ref().map(|one| &one.decision);
    match decision {
        Some(Decision::Produce { basis, .. }) => compels || !matches!(basis, Basis::Instrument {}),
        _ => compels || process.position == Position::EmergencyApproved,
    }
}

/// The pictures whose numbers stand among the rows that are given, as files of an archive: from the sealed copy where there
/// is one.
pub(crate) fn given(
    conn: &mut Conn,
    bytes: &PictureBytes,
    case: &Case,
    account: AccountId,
    tables: &Map<String, Value>,
) -> Result<Vec<(String, Vec<u8>)>, Refused> {
    let (table, column) = PICTURES.split_once('.').unwrap_or_default();
    let rows = tables.get(table).and_then(Value::as_array).into_iter().flatten();
    let ids = rows.filter_map(|row| match &row[column] {
        Value::String(text) => text.parse().ok(),
        number => number.as_i64(),
    });
    let (content, live) = (may_give_content(case), held_files::pictures(conn, account)?);
    let mut files = Vec::new();
    for id in ids.map(MediaId::new) {
        let mut file = held_files::of_demand(conn, case.id, account, id)?;
        if file.is_none()
            && let Some((medium, public)) = live.iter().find(|(medium, _)| medium.id == id)
        {
            file = read(conn, bytes, medium.clone(), *public)?;
        }
        if let Some(file) = file.filter(|file| file.public || content) {
            let format = file.mime.rsplit('/').next().unwrap_or("bin");
            files.push((format!("pictures/{id}.{format}"), file.bytes));
        }
    }
    Ok(files)
}
