//! `bauta restore`: brings a backup back into a fresh data directory, deletes again what was deleted since, and goes on
//! with the newest public log that it is given (docs/decisions/0017).

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_model::Month;
use bauta_service::App;
use bauta_store::backup::Table;
use bauta_store::media::Place;

use super::backup::{HEADER, HEADER_BEFORE_LOG};
use super::restored_log::{self, RestoredLog};
use crate::cli::{RestoreArgs, Settings};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::{output, serve};

/// Lines that one transaction takes.
const CHUNK: usize = 500;

/// Restores, then repeats deletions.
pub fn run(args: &RestoreArgs) -> Outcome<()> {
    let settings: Settings = args.data.clone().into();
    let config = Config::load(&settings)?;
    restored_log::refuse_another(&config)?;
    let since = args.since.as_deref().map(Since::of).transpose()?;
    let lines = open(&args.backup, &args.identity)?;
    let runtime = serve::runtime()?;
    let (app, _lock) = serve::open(&config)?;
    let app = Arc::new(app);
    let (rows, lost) = runtime.block_on(async {
        if !app.store.read("restore", bauta_store::backup::is_empty).await? {
            return Err(Failure::new(
                "the data directory holds accounts already; restore into a fresh one",
            ));
        }
        let rows = bring_back(&app, lines).await?;
        bauta_service::accounts::begin_lapses_anew(&app).await?;
        app.store.check_keys().await?;
        let lost = app.store.let_go_of_lost().await?;
        if let Some(since) = &since {
            bauta_service::accounts::repeat_deletions(&app, since.deletions.clone()).await?;
        }
        Ok((rows, lost))
    })?;
    let log = RestoredLog::newest_of(&config, since.as_ref().map(|since| since.log.as_path()))?;
    output::line(&format!("{rows} rows are back"));
    if lost > 0 {
        output::line(&format!(
            "{} deleted or changed since, and can't be read any more by anybody",
            bauta_model::counted(lost as u64, "value was", "values were")
        ));
    }
    for line in log.told(&config)? {
        output::line(&line);
    }
    if args.since.is_none() {
        output::line(
            "What was deleted after the backup is back too: name the old data directory with --since to delete it again.",
        );
    }
    Ok(())
}

/// What another data directory knows that was in use since.
struct Since {
    deletions: Vec<bauta_store::deletions::Deleted>,
    log: PathBuf,
}

impl Since {
    fn of(data: &Path) -> Outcome<Self> {
        let settings = Settings {
            data: Some(data.to_owned()),
            ..Settings::default()
        };
        let config = Config::load(&settings)?;
        let (app, _lock) = serve::open(&config)?;
        let deletions = serve::runtime()?.block_on(app.store.read("deletions", |conn| {
            bauta_store::deletions::since(conn, Month::new(0))
        }))?;
        let log = config.log_folder();
        Ok(Self { deletions, log })
    }
}

/// The decrypted lines, the header checked.
fn open(backup: &Path, identity: &Path) -> Outcome<impl Iterator<Item = std::io::Result<String>> + use<>> {
    let unreadable = |path: &Path, error: std::io::Error| {
        Failure::new(format!("{} could not be read: {error}", path.display()))
    };
    let keys = std::fs::read_to_string(identity).map_err(|error| unreadable(identity, error))?;
    let keys: Vec<age::x25519::Identity> = keys
        .lines()
        .filter(|line| line.starts_with("AGE-SECRET-KEY-"))
        .filter_map(|line| line.trim().parse().ok())
        .collect();
    if keys.is_empty() {
        return Err(Failure::new(format!(
            "{} holds no age secret key",
            identity.display()
        )));
    }
    let file = File::open(backup).map_err(|error| unreadable(backup, error))?;
    let wrong = |error: age::DecryptError| {
        Failure::new(format!(
            "{} does not open with this key: {error}",
            backup.display()
        ))
    };
    let decryptor = age::Decryptor::new_buffered(BufReader::new(file)).map_err(wrong)?;
    let stream = decryptor
        .decrypt(keys.iter().map(|key| key as &dyn age::Identity))
        .map_err(wrong)?;
    let mut lines = BufReader::new(stream).lines();
    match lines.next() {
        Some(Ok(first)) if [HEADER, HEADER_BEFORE_LOG].contains(&first.as_str()) => Ok(lines),
        _ => Err(Failure::new(format!(
            "{} is not a backup that this version knows",
            backup.display()
        ))),
    }
}

async fn bring_back(app: &Arc<App>, lines: impl Iterator<Item = std::io::Result<String>>) -> Outcome<u64> {
    let tables = app.store.read("tables", bauta_store::backup::tables).await?;
    let tables = Arc::new(tables);
    let mut rows = 0;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut ended = false;
    for line in lines {
        let line = line.map_err(|error| {
            Failure::new(format!(
                "the backup is damaged: {error}; nothing after it was read"
            ))
        })?;
        if let Some(counts) = line.strip_prefix("@end\t") {
            ended = counts.split('\t').next() == Some(rows.to_string().as_str());
            break;
        }
        if let Some(file) = line.strip_prefix("@log\t") {
            bring_log_file(app, file)?;
            continue;
        }
        if let Some(picture) = line.strip_prefix("@picture\t") {
            write_rows(app, &tables, std::mem::take(&mut chunk)).await?;
            bring_picture(app, picture).await?;
            continue;
        }
        rows += 1;
        chunk.push(line);
        if chunk.len() == CHUNK {
            write_rows(app, &tables, std::mem::take(&mut chunk)).await?;
        }
    }
    write_rows(app, &tables, chunk).await?;
    if ended {
        Ok(rows)
    } else {
        Err(Failure::new(
            "the backup is cut short; the data directory is not usable, start again",
        ))
    }
}

async fn write_rows(app: &Arc<App>, tables: &Arc<Vec<Table>>, chunk: Vec<String>) -> Outcome<()> {
    if chunk.is_empty() {
        return Ok(());
    }
    let tables = Arc::clone(tables);
    app.store
        .write("restore", move |conn| -> Outcome<()> {
            for line in &chunk {
                let (name, row) = line.split_once('\t').ok_or_else(damaged)?;
                let table = tables
                    .iter()
                    .find(|table| table.name == name)
                    .ok_or_else(damaged)?;
                bauta_store::backup::import(conn, table, row)?;
            }
            Ok(())
        })
        .await
}

fn bring_log_file(app: &App, line: &str) -> Outcome<()> {
    let (path, bytes) = line.split_once('\t').ok_or_else(damaged)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| damaged())?;
    bauta_ledger::log::copy::bring_back(&app.log_folder, path, &bytes)
        .map_err(|error| Failure::new(format!("the public log could not be brought back: {error}")))
}

async fn bring_picture(app: &Arc<App>, line: &str) -> Outcome<()> {
    let (id, bytes) = line.split_once('\t').ok_or_else(damaged)?;
    let id = id.parse().map_err(|_| damaged())?;
    let bytes = STANDARD.decode(bytes).map_err(|_| damaged())?;
    let place = app
        .media
        .append(&bytes)
        .map_err(|error| Failure::new(format!("a picture could not be written: {error}")))?;
    let place = Place {
        segment: place.segment,
        offset: place.offset,
        length: place.length,
    };
    app.store
        .write("restore", move |conn| -> Outcome<()> {
            Ok(bauta_store::media::set_place(conn, id, place)?)
        })
        .await
}

fn damaged() -> Failure {
    Failure::new("the backup holds a line that makes no sense; nothing after it was read")
}
