//! `bauta backup`: everything that is held, as lines, encrypted to `age` keys while it is read.
//!
//! A backup is taken in one consistent view while the server runs. It holds rows, the public log and pictures, never the
//! keys of `keys/`: rows and keys do not lie together.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use age::x25519::Recipient;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_media::{Place, Segments};
use bauta_model::{Event, emit};
use bauta_service::depot::Depot;
use bauta_service::{App, Refused};
use bauta_store::media::Place as Lies;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use bauta_model::counted;

use crate::admin::{self, Request};
use crate::cli::BackupArgs;
use crate::failure::{Failure, Outcome};
use crate::output;

/// The first line of every backup.
pub const HEADER: &str = "bauta-backup 2";
/// That of those without the public log, which can be brought back too.
pub const HEADER_BEFORE_LOG: &str = "bauta-backup 1";

/// Asks whoever holds the data for a backup.
pub fn run(args: BackupArgs) -> Outcome<()> {
    parse(&args.recipients)?;
    let out = std::path::absolute(&args.out)
        .map_err(|error| Failure::new(format!("{} is no path: {error}", args.out.display())))?;
    let done = admin::ask(
        &args.data.into(),
        &Request::Backup {
            recipients: args.recipients,
            out: out.clone(),
        },
    )?;
    output::line(&format!(
        "{} and {} are in {}",
        counted(done["rows"].as_u64().unwrap_or_default(), "row", "rows"),
        counted(
            done["pictures"].as_u64().unwrap_or_default(),
            "picture",
            "pictures"
        ),
        out.display()
    ));
    output::line("The keys of the public log are not in it: copy the folder keys, and keep it apart.");
    output::line(
        "Nor are the keys of what is sealed: copy the folder seal after each turn of a day, over the last copy.",
    );
    output::line("Keep the key apart from the backup. What is deleted from now on is still in it.");
    Ok(())
}

/// Writes the backup. The file appears under its name only once it is whole and on the disk.
pub async fn write(app: &Arc<App>, recipients: &[String], out: &Path) -> Outcome<Value> {
    let recipients = parse(recipients)?;
    let out = out.to_owned();
    if out.exists() {
        return Err(Failure::new(format!(
            "{} is there already; name a new file",
            out.display()
        )));
    }
    let (log, files) = (app.log_folder.clone(), Files::of(app));
    // What is carried away meanwhile would lie elsewhere than the view says.
    let still = app.depot.hold_still().await;
    app.store
        .write("expect_backup", bauta_store::deletions::expect_backup)
        .await?;
    let counted = app
        .store
        .read_whole("backup", move |conn| -> Outcome<(u64, u64)> {
            let part = PathBuf::from(format!("{}.part", out.display()));
            let written = write_file(conn, &log, &files, &recipients, &part);
            let done = written.and_then(|counted| {
                std::fs::rename(&part, &out).map_err(|error| failed(&out, &error))?;
                Ok(counted)
            });
            if done.is_err() {
                let _ = std::fs::remove_file(&part);
            }
            done
        })
        .await?;
    drop(still);
    emit(Event::BackupWritten);
    Ok(json!({"rows": counted.0, "pictures": counted.1}))
}

fn parse(recipients: &[String]) -> Outcome<Vec<Recipient>> {
    recipients
        .iter()
        .map(|text| {
            Recipient::from_str(text)
                .map_err(|error| Failure::new(format!("{text:?} is no age public key (age1…): {error}")))
        })
        .collect()
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} could not be written: {error}", path.display()))
}

fn write_file(
    conn: &mut bauta_store::Conn,
    log: &Path,
    files: &Files,
    recipients: &[Recipient],
    part: &Path,
) -> Outcome<(u64, u64)> {
    let io = |error: std::io::Error| failed(part, &error);
    let file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(part)
        .map_err(io)?;
    let keys = recipients
        .iter()
        .map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(keys)
        .map_err(|error| Failure::new(format!("nothing can be encrypted to these keys: {error}")))?;
    let mut stream = encryptor.wrap_output(BufWriter::new(file)).map_err(io)?;
    writeln!(stream, "{HEADER}").map_err(io)?;
    let rows = write_rows(conn, &mut stream).map_err(|failure| Failure::new(failure.0))?;
    write_log(log, &mut stream).map_err(io)?;
    let pictures = write_pictures(conn, files, &mut stream)?;
    writeln!(stream, "@end\t{rows}\t{pictures}").map_err(io)?;
    let file = stream
        .finish()
        .map_err(io)?
        .into_inner()
        .map_err(|error| failed(part, error.error()))?;
    file.sync_all().map_err(io)?;
    Ok((rows, pictures))
}

fn write_rows(conn: &mut bauta_store::Conn, out: &mut impl Write) -> Outcome<u64> {
    let mut rows = 0;
    for table in bauta_store::backup::tables(conn)? {
        bauta_store::backup::export(conn, &table, |line| -> Outcome<()> {
            rows += 1;
            writeln!(out, "{}\t{line}", table.name)
                .map_err(|error| Failure::new(format!("the backup could not be written: {error}")))
        })?;
    }
    Ok(rows)
}

/// The public log, after the rows were read: it may know more of where entries lie than they do, never less, as after a
/// kill between the two.
fn write_log(folder: &Path, out: &mut impl Write) -> std::io::Result<()> {
    bauta_ledger::log::copy::copy(folder, |path, bytes| {
        writeln!(out, "@log\t{path}\t{}", STANDARD.encode(bytes))
    })
}

/// Where the bytes of pictures lie: in the media folder, or in a bucket, which is asked from a thread that may wait.
struct Files {
    media: Arc<Segments>,
    depot: Arc<Depot>,
    runtime: Handle,
}

impl Files {
    /// Only within the runtime.
    fn of(app: &App) -> Self {
        Self {
            media: Arc::clone(&app.media),
            depot: Arc::clone(&app.depot),
            runtime: Handle::current(),
        }
    }

    /// The bytes of a place, as they lie there; nothing where they were erased.
    fn read(&self, place: Lies) -> Outcome<Option<Vec<u8>>> {
        if place.segment >= 0 {
            let place = Place {
                segment: place.segment,
                offset: place.offset,
                length: place.length,
            };
            return Ok(self.media.read(place).ok());
        }
        if !self.depot.is_used() {
            return Err(Failure::new(
                "pictures lie in a bucket: name the configuration that has [bucket] with --config",
            ));
        }
        match self.runtime.block_on(self.depot.raw(place)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Refused::NotFound) => Ok(None),
            Err(_) => Err(Failure::new(
                "the bucket does not answer, and pictures lie there: no backup was written",
            )),
        }
    }
}

/// Pictures by their id: on the way back they get new places.
fn write_pictures(conn: &mut bauta_store::Conn, files: &Files, out: &mut impl Write) -> Outcome<u64> {
    let mut pictures = 0;
    for (id, place) in bauta_store::media::all(conn)? {
        // A picture that was erased since the view began is left out.
        let Some(bytes) = files.read(place)? else {
            continue;
        };
        writeln!(out, "@picture\t{id}\t{}", STANDARD.encode(bytes))
            .map_err(|error| Failure::new(format!("the backup could not be written: {error}")))?;
        pictures += 1;
    }
    Ok(pictures)
}
