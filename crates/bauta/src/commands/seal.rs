//! `bauta seal` and `bauta unseal`: a root is made once, and brought at each start.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use bauta_model::{Clock, counted};
use bauta_seal::{Keyring, Root};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::admin::{self, Request};
use crate::cli::{SealArgs, UnsealArgs};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::{keys, output, serve};

/// Makes keys and a root, and seals what is there already.
pub fn seal(args: SealArgs) -> Outcome<()> {
    let config = Config::load(&args.data.into())?;
    let lock = serve::prepare(&config)?;
    let folder = keys::folder(&config);
    if bauta_seal::has_keys(&folder) {
        return Err(Failure::new("the data is sealed already"));
    }
    let root = Root::new(Clock::with_slot(config.slot).today());
    // The root is in somebody's hands before anything is sealed under it.
    if let Some(file) = &args.root {
        write_new(file, root.text().expose())?;
    } else {
        output::line("Keep this root apart from the server: without it nothing that is sealed can be read.");
        output::line(root.text().expose());
    }
    Keyring::make(&folder, &root).map_err(|error| Failure::new(error.to_string()))?;
    let keyring = keys::open_with(&config, root.text().expose())?;
    let (app, _lock) = serve::open_with(&config, lock, Some(keyring))?;
    let runtime = serve::runtime()?;
    let turned = runtime.block_on(app.store.turn_keys())?;
    let files = runtime
        .block_on(bauta_service::pictures::seal_files(&app))
        .map_err(|error| Failure::new(error.to_string()))?;
    let before = turned.map_or(0, |turned| turned.kept);
    output::note(&format!(
        "{} sealed, and {}. What lay on the disk unsealed before may still be found there: a fresh data directory has no before.",
        counted(
            before,
            "value was there before and is",
            "values were there before and are"
        ),
        counted(files, "file of media", "files of media")
    ));
    Ok(())
}

/// Brings the root to a server that waits for it.
pub fn unseal(args: &UnsealArgs) -> Outcome<()> {
    let text = match &args.root {
        Some(file) => keys::read(file)?,
        None => typed()?,
    };
    let root = Root::read(&text).map_err(|error| Failure::new(error.to_string()))?;
    let request = Request::Unseal {
        root: text.trim().to_owned(),
    };
    let answer = admin::ask_running(&args.data.clone().into(), &request)?
        .ok_or_else(|| Failure::new("no server waits there: start it with bauta serve"))?;
    let day = answer["day"].as_str().unwrap_or_default().to_owned();
    if let (Some(file), true) = (&args.root, args.turn) {
        lead_on(file, &root, &day)?;
    }
    output::line(&format!("the server has its keys, which are of {day}"));
    Ok(())
}

/// Replaces the root in `file` by the one that the server's keys are under: the older one opens older copies of them.
fn lead_on(file: &Path, root: &Root, day: &str) -> Outcome<()> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", file.display()));
    let day = Root::read_day(day).ok_or_else(|| failed(&"the server's answer names no day"))?;
    let newer = root.on(day).map_err(|error| failed(&error))?;
    // Over the old one: a root is always of the same length.
    let mut open = OpenOptions::new()
        .write(true)
        .open(file)
        .map_err(|error| failed(&error))?;
    open.write_all(format!("{}\n", newer.text().expose()).as_bytes())
        .and_then(|()| open.sync_all())
        .map_err(|error| failed(&error))
}

fn write_new(file: &Path, root: &str) -> Outcome<()> {
    let write = || -> std::io::Result<()> {
        let mut open = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(file)?;
        writeln!(open, "{root}")?;
        open.sync_all()
    };
    write().map_err(|error| Failure::new(format!("{} could not be written: {error}", file.display())))
}

/// The root from standard input: a person types it unseen, or a pipe brings it.
fn typed() -> Outcome<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    let input = std::io::stdin();
    let read = if input.is_terminal() {
        output::note("The root (it is not shown):");
        let shown = unseen().ok();
        let read = input.read_line(&mut text);
        if let Some(shown) = shown {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &shown);
        }
        read
    } else {
        input.take(4096).read_to_string(&mut text)
    };
    read.map_err(|error| Failure::new(format!("the root could not be read: {error}")))?;
    Ok(text)
}

/// What is typed is not shown from now on; how the terminal was before.
fn unseen() -> rustix::io::Result<rustix::termios::Termios> {
    let before = tcgetattr(std::io::stdin())?;
    let mut quiet = before.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    tcsetattr(std::io::stdin(), OptionalActions::Now, &quiet)?;
    Ok(before)
}
