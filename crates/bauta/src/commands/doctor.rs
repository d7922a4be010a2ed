//! `bauta doctor`: what is wrong with a set-up, and how to mend it.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::ExitCode;

use bauta_media::Sandbox;
use bauta_store::Where;
use serde::Serialize;
use serde_json::json;

use super::neighbours;
use crate::admin::{self, Request};
use crate::cli::DoctorArgs;
use crate::config::Config;
use crate::config_tls::Tls;
use crate::failure::Outcome;
use crate::guard::{self, Weakness};
use crate::{keys, output, serve};

/// One thing that was looked at.
#[derive(Serialize)]
pub(super) struct Finding {
    /// `ok`, `warn` (a promise is weaker than it could be) or `fail` (something does not work).
    state: State,
    /// What was looked at.
    what: &'static str,
    /// What it means, and what to do.
    advice: String,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Ok,
    Warn,
    Fail,
}

/// Looks at everything; the exit status is 1 when something fails.
pub fn run(args: &DoctorArgs) -> Outcome<ExitCode> {
    let config = Config::load(&args.settings)?;
    let mut findings = vec![
        data_directory(&config.data),
        database(args),
        deletion(&config),
        sealing(&config),
        transport(&config),
        proxy(args),
        proxy_logs(),
        onion(&config),
        swap(),
        core_dumps(),
        freed_memory(),
        sandbox(),
        films(&config),
        rate_limits(&config),
        source(&config),
        contact(&config),
    ];
    findings.extend(super::doctor_bucket::bucket(&config));
    if args.json {
        output::json(&json!(findings));
    } else {
        for finding in &findings {
            let mark = match finding.state {
                State::Ok => "ok  ",
                State::Warn => "warn",
                State::Fail => "FAIL",
            };
            output::line(&format!("{mark}  {}: {}", finding.what, finding.advice));
        }
    }
    let failed = findings.iter().any(|finding| finding.state == State::Fail);
    Ok(ExitCode::from(u8::from(failed)))
}

pub(super) fn finding(state: State, what: &'static str, advice: impl Into<String>) -> Finding {
    Finding {
        state,
        what,
        advice: advice.into(),
    }
}

fn data_directory(data: &Path) -> Finding {
    let what = "data directory";
    match std::fs::metadata(data) {
        Err(_) => finding(State::Ok, what, "it is not there yet; the first start makes it"),
        Ok(found) if !found.is_dir() => finding(
            State::Fail,
            what,
            "the path is not a directory; choose another with --data",
        ),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => finding(
            State::Warn,
            what,
            format!(
                "others on this machine can read it; run: chmod 700 {}",
                data.display()
            ),
        ),
        Ok(_) => finding(State::Ok, what, "only its owner can read it"),
    }
}

fn database(args: &DoctorArgs) -> Finding {
    let what = "database";
    match admin::ask(&args.settings, &Request::InventoryCheck) {
        Ok(_) => finding(
            State::Ok,
            what,
            "it opens, and every column is declared in inventory.toml",
        ),
        Err(failure) => finding(State::Fail, what, failure.0),
    }
}

fn deletion(config: &Config) -> Finding {
    let what = "deletion";
    if bauta_seal::has_keys(&keys::folder(config)) {
        return finding(
            State::Ok,
            what,
            "the key of a deleted text dies with the turn of keys after midnight (UTC): from then on no copy can be read",
        );
    }
    match config.database {
        Where::Sqlite(_) => finding(
            State::Ok,
            what,
            "deleted texts leave the database and its log within a minute; the disk below may keep old blocks: see bauta seal",
        ),
        Where::Postgres(_) => finding(
            State::Warn,
            what,
            "unsealed on PostgreSQL, deletion is not real: rows and its log keep copies; use SQLite, or bauta seal",
        ),
    }
}

fn sealing(config: &Config) -> Finding {
    let what = "sealing";
    if !bauta_seal::has_keys(&keys::folder(config)) {
        return finding(
            State::Warn,
            what,
            "nothing is sealed: whoever takes the disk can read it; see bauta seal, or put the data directory on an encrypted disk",
        );
    }
    let Some(file) = std::env::var_os(keys::VARIABLE) else {
        return finding(
            State::Ok,
            what,
            "texts are sealed under a root that is brought at each start",
        );
    };
    let device = |path: &Path| std::fs::metadata(path).map(|found| found.dev()).ok();
    if device(Path::new(&file)) == device(&config.data) {
        return finding(
            State::Warn,
            what,
            "the root lies on the same disk as what it opens: keep it on another machine, and bring it with bauta unseal",
        );
    }
    finding(
        State::Ok,
        what,
        "texts are sealed, under a root that is read from another disk of this machine: who takes both can read them",
    )
}

fn transport(config: &Config) -> Finding {
    let what = "transport";
    if config.site.is_loopback() {
        return finding(
            State::Ok,
            what,
            "the domain is on loopback: nobody else reaches it",
        );
    }
    if let Some(Tls::Acme(acme)) = &config.tls
        && !acme.folder.certificate().exists()
    {
        return finding(
            State::Warn,
            what,
            "there is no certificate yet: the server fetches one when it runs, and its log says what stands in the way",
        );
    }
    if config.tls.is_some() {
        return finding(
            State::Ok,
            what,
            "TLS ends in this process: no proxy sees addresses",
        );
    }
    if config.onion.is_some() && config.listen.starts_with("127.") {
        return finding(State::Ok, what, "readers come through the onion service");
    }
    finding(
        State::Warn,
        what,
        "there is no TLS here, so something in front must do it, and that sees every address: set [tls] instead",
    )
}

fn proxy(args: &DoctorArgs) -> Finding {
    let what = "proxy or CDN";
    match admin::ask_running(&args.settings, &Request::Surroundings) {
        Ok(Some(seen)) if seen["proxy_seen"] == json!(true) => finding(
            State::Warn,
            what,
            "requests come with forwarding headers: what stands in front sees addresses; see contrib/ for set-ups without a log",
        ),
        Ok(Some(_)) => finding(
            State::Ok,
            what,
            "no request came with a forwarding header since the start",
        ),
        _ => finding(
            State::Ok,
            what,
            "the server does not run, so this can't be seen; ask again when it does",
        ),
    }
}

/// What the process does for itself ([`guard`]): seen in this process, which is made as the server is.
fn guarded(what: &'static str, weaknesses: &[Weakness], fine: &str) -> Finding {
    match guard::found().iter().find(|found| weaknesses.contains(found)) {
        Some(Weakness::Traces) => finding(State::Fail, what, Weakness::Traces.advice()),
        Some(weakness) => finding(State::Warn, what, weakness.advice()),
        None => finding(State::Ok, what, fine),
    }
}

/// Configurations of proxies where Debian keeps them. One that is elsewhere can't be judged.
fn proxy_logs() -> Finding {
    let what = "proxy logs";
    let mut files = vec![("/etc/caddy/Caddyfile".into(), false)];
    for entry in std::fs::read_dir("/etc/nginx/sites-enabled")
        .into_iter()
        .flatten()
        .flatten()
    {
        files.push((entry.path(), true));
    }
    for (file, is_nginx) in files {
        if std::fs::read_to_string(&file).is_ok_and(|text| neighbours::proxy_logs(&text, is_nginx)) {
            let advice = format!(
                "{} lets a proxy write down who asks: see contrib/ for one that does not",
                file.display()
            );
            return finding(State::Warn, what, advice);
        }
    }
    finding(
        State::Ok,
        what,
        "no nginx or Caddy that is set up here writes down who asks",
    )
}

fn onion(config: &Config) -> Finding {
    let what = "onion service";
    let Some(onion) = &config.onion else {
        return finding(
            State::Ok,
            what,
            "there is none; bauta tor-config prints what Tor needs for one",
        );
    };
    let Ok(torrc) = std::fs::read_to_string("/etc/tor/torrc") else {
        return finding(
            State::Warn,
            what,
            "/etc/tor/torrc can't be read, so Tor's part was not looked at",
        );
    };
    match neighbours::wrong_with_torrc(&torrc, &onion.socket) {
        Some(wrong) => finding(State::Warn, what, wrong),
        None => finding(
            State::Ok,
            what,
            "Tor leads to this server, names circuits, and logs nothing about people",
        ),
    }
}

fn swap() -> Finding {
    let fine = "there is none, so memory is not written to the disk";
    guarded("swap", &[Weakness::Swap], fine)
}

fn core_dumps() -> Finding {
    let fine =
        "the program switches them off for itself, and lets nobody look into its memory but the superuser";
    guarded("core dumps", &[Weakness::Core], fine)
}

fn freed_memory() -> Finding {
    let fine = "it is zero, in SQLite's part too";
    guarded("freed memory", &[Weakness::Traces, Weakness::Unknown], fine)
}

fn sandbox() -> Finding {
    let what = "picture sandbox";
    let asked = std::env::current_exe()
        .map_err(|error| error.to_string())
        .and_then(|program| {
            let runtime = serve::runtime().map_err(|failure| failure.0)?;
            runtime
                .block_on(bauta_media::sandbox_status(&program))
                .map_err(|error| error.to_string())
        });
    match asked {
        Ok(Sandbox::Full) => finding(State::Ok, what, "decoders run without files and network"),
        Ok(Sandbox::OldLandlock | Sandbox::NoLandlock) => finding(
            State::Warn,
            what,
            "this kernel lacks a part of landlock; decoders are still held by seccomp and limits; a kernel of 5.19 or newer adds it",
        ),
        Err(error) => finding(State::Fail, what, format!("no decoder could be started: {error}")),
    }
}

fn films(config: &Config) -> Finding {
    let what = "films and sounds";
    match &config.site.ffmpeg {
        Some(program) => finding(
            State::Ok,
            what,
            format!("they are made anew by {}, in a sandbox", program.display()),
        ),
        None => finding(
            State::Ok,
            what,
            "only pictures are taken; for films and sounds, install ffmpeg and start again",
        ),
    }
}

fn rate_limits(config: &Config) -> Finding {
    let what = "rate limits";
    if config.site.rate_limits {
        finding(State::Ok, what, "they are on")
    } else {
        finding(State::Warn, what, "they are off; that is for test suites only")
    }
}

/// AGPL-3.0 § 13: whoever uses the program over a network has a right to the source code of what runs.
fn source(config: &Config) -> Finding {
    let what = "source code";
    match bauta_web::source_place(&config.site) {
        Some(place) => finding(State::Ok, what, format!("/source leads to {place}")),
        None => finding(
            State::Warn,
            what,
            "the licence gives everyone who uses this server its source code; set `source` to where it lies",
        ),
    }
}

fn contact(config: &Config) -> Finding {
    let what = "contact";
    match &config.site.contact {
        Some(contact) => finding(
            State::Ok,
            what,
            format!(
                "people, and those who find a hole, reach you at {}",
                contact.shown()
            ),
        ),
        None => finding(
            State::Warn,
            what,
            "nobody can tell you of a hole, a wrong decision or a demand; set `contact`",
        ),
    }
}
