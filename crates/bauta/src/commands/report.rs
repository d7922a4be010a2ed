//! `bauta report build`: the public record as files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use bauta_inventory::Inventory;

use crate::cli::{ReportArgs, ReportCommand};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::output;

/// What of the log is copied, in this order: what is open and what was signed earlier can't be newer than the checkpoint
/// that is copied after them, and no tile of that checkpoint is missing afterwards, while the server may go on.
pub const LOG: [&str; 5] = ["checkpoints", "openings", "policy", "checkpoint", "tile"];

/// Runs the subcommand.
pub fn run(args: &ReportArgs) -> Outcome<()> {
    let ReportCommand::Build { out, settings } = &args.command;
    let config = Config::load(settings)?;
    if !config.data.is_dir() {
        let data = config.data.display();
        return Err(Failure::new(format!(
            "there is no data directory {data}: name it with --data"
        )));
    }
    refuse_full(out)?;
    for name in LOG {
        copy(&config.data.join("log").join(name), &out.join("log").join(name))?;
    }
    copy(
        &config.data.join("record/documents"),
        &out.join("report/documents"),
    )?;
    let site = &config.site;
    let files = bauta_web::static_record(
        out,
        Inventory::builtin(),
        site.legal.rules.pack(),
        &site.base_url,
        &site.title,
    )
    .map_err(Failure::new)?;
    for (path, bytes) in &files {
        write(&out.join(path), bytes)?;
    }
    output::line(&format!("wrote {} and the log", files.len()));
    output::line(&format!(
        "open {}/report/index.html, check with: bauta verify {}",
        out.display(),
        out.display()
    ));
    Ok(())
}

/// Files of an older report would stay among the new ones.
fn refuse_full(out: &Path) -> Outcome<()> {
    match fs::read_dir(out) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::new(format!(
                "{} is not empty: name a new folder",
                out.display()
            ))),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::new(format!("{} can't be used: {error}", out.display()))),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let failed =
        |error: std::io::Error| Failure::new(format!("{} could not be written: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}

/// Copies a file or a folder; what is not there, or goes while it is copied, is left out.
fn copy(from: &Path, to: &Path) -> Outcome<()> {
    let failed =
        |error: std::io::Error| Failure::new(format!("{} could not be read: {error}", from.display()));
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return match fs::read(from) {
                Ok(bytes) => write(to, &bytes),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                Err(error) => Err(failed(error)),
            };
        }
        Err(error) => return Err(failed(error)),
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}
