//! `bauta verify`: the check of crate `verify`, over a folder or over what a server publishes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use bauta_outbound::{Authorities, Client, Limits, Options, Request};
use bauta_verify::{Asked, Failure as Wrong, Folder, Verified, verify};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::runtime::Runtime;
use url::Url;

use crate::cli::VerifyArgs;
use crate::failure::{Failure, Outcome};
use crate::{output, serve};

/// How often a server is read again whose log grew meanwhile.
const TIMES: usize = 3;

/// The status of wrong use, as sysexits has it: 1 and 2 say something of the log.
pub const WRONG_USE: u8 = 64;

/// Runs the subcommand.
pub fn run(args: &VerifyArgs) -> Outcome<ExitCode> {
    // What the reader named is not there: nothing is said of the log.
    let asked = match asked(args) {
        Ok(asked) => asked,
        Err(failure) => {
            output::failure(&failure);
            return Ok(ExitCode::from(WRONG_USE));
        }
    };
    let checked = match Url::parse(&args.place) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => over_network(&url, &asked)?,
        _ => in_folder(Path::new(&args.place), &asked),
    };
    Ok(match checked {
        Ok(verified) => {
            told(&verified, args.json);
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            if args.json {
                output::json(&json!({"holds": false, "status": wrong.status(), "why": wrong.to_string()}));
            } else {
                output::note(&format!("bauta: {wrong}"));
            }
            ExitCode::from(wrong.status())
        }
    })
}

fn asked(args: &VerifyArgs) -> Outcome<Asked> {
    let is_url = Url::parse(&args.place).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_url && !Path::new(&args.place).is_dir() {
        return Err(Failure::new(format!(
            "{} is no folder: name what bauta report build wrote, or a server's address",
            args.place
        )));
    }
    Ok(Asked {
        policy: args.policy.as_deref().map(file).transpose()?,
        receipts: files(&args.receipts)?,
        previous: files(&args.previous)?,
    })
}

fn file(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", path.display())))
}

fn files(paths: &[PathBuf]) -> Outcome<Vec<Vec<u8>>> {
    paths.iter().map(|path| file(path)).collect()
}

fn told(verified: &Verified, as_json: bool) {
    if as_json {
        output::json(&json!({
            "holds": true,
            "status": 0,
            "origin": verified.origin,
            "leaves": verified.leaves,
            "witnesses": verified.witnesses,
            "own_policy": verified.own_policy,
            "earlier_checkpoints": verified.earlier,
            "receipts": verified.receipts,
            "promises": verified.promises,
            "promises_open": verified.promises_open,
            "opened": verified.opened,
            "replayed": verified.replayed,
            "demands": verified.demands,
            "files": verified.files,
            "documents": verified.documents,
        }));
        return;
    }
    for line in verified.lines() {
        output::line(&line);
    }
    output::line("everything holds");
}

fn in_folder(path: &Path, asked: &Asked) -> Result<Verified, Wrong> {
    let folder = Folder::new(path);
    let bar = bar();
    let checked = verify(&mut |path| folder.read(path), asked, &mut |done, all| {
        show(&bar, done, all);
    });
    bar.finish_and_clear();
    checked
}

/// Reads what a server publishes. Its log may grow while it is read: then it is read again.
fn over_network(url: &Url, asked: &Asked) -> Outcome<Result<Verified, Wrong>> {
    let runtime = serve::runtime()?;
    let client = runtime.block_on(async { Client::new(&options(url)) });
    let client = client.map_err(|error| Failure::new(error.to_string()))?;
    let get = |path: &str| fetch(&runtime, &client, url, path);
    for _ in 1..TIMES {
        let mut first = None;
        let checked = {
            let mut read = |path: &str| {
                let bytes = get(path)?;
                if path == "log/checkpoint" {
                    first.clone_from(&bytes);
                }
                Ok(bytes)
            };
            let bar = bar();
            let checked = verify(&mut read, asked, &mut |done, all| show(&bar, done, all));
            bar.finish_and_clear();
            checked
        };
        let grew = checked.is_err() && get("log/checkpoint").is_ok_and(|now| now != first);
        if !grew {
            return Ok(checked);
        }
    }
    let mut read = |path: &str| get(path);
    Ok(verify(&mut read, asked, &mut |_, _| ()))
}

fn options(url: &Url) -> Options {
    Options {
        local: url.host_str().is_some_and(bauta_model::is_loopback),
        proxy: None,
        authorities: Authorities::System,
        own: None,
    }
}

fn fetch(runtime: &Runtime, client: &Client, base: &Url, path: &str) -> Result<Option<Vec<u8>>, String> {
    let url = base
        .join(&format!("/{path}"))
        .map_err(|error| error.to_string())?;
    let limits = Limits {
        time: Duration::from_secs(30),
        body: 64 << 20,
        redirects: 3,
    };
    let answer = runtime
        .block_on(client.send(Request::get(url).limits(limits)))
        .map_err(|error| error.to_string())?;
    match answer.status {
        200 => Ok(Some(answer.body.to_vec())),
        404 => Ok(None),
        other => Err(format!("the server answered {other}")),
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} leaves") {
        bar.set_style(style);
    }
    bar
}

fn show(bar: &ProgressBar, done: u64, all: u64) {
    bar.set_length(all);
    bar.set_position(done);
}
