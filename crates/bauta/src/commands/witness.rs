//! `bauta witness`: watches other people's logs and cosigns what only grew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bauta_edge::{Listen, PathRule, Scope, Tls};
use bauta_ledger::VerifierKey;
use bauta_ledger::witness::{ADD_CHECKPOINT, MOST_REQUEST_BYTES, Witness, key_in};
use bauta_model::Clock;

use crate::cli::WitnessArgs;
use crate::failure::{Failure, Outcome};
use crate::{output, serve};

#[derive(Clone)]
struct Watch {
    witness: Arc<Witness>,
    clock: Clock,
}

/// Runs the witness until it is asked to stop, or shows its key.
pub fn run(args: &WitnessArgs) -> Outcome<()> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", args.data.display()));
    let key = key_in(&args.data, &args.name).map_err(failed)?;
    output::line(&key.public().to_string());
    if args.show_key {
        return Ok(());
    }
    let Some(logs) = &args.logs else {
        return Err(Failure::new(
            "name the file of the logs to watch with --logs, a key a line",
        ));
    };
    let witness = Witness::open(&args.data, key, read_logs(logs)?).map_err(failed)?;
    let domain = args.name.split('/').next().unwrap_or_default().to_owned();
    let mut listen =
        Listen::parse(&args.listen).map_err(|error| Failure::new(format!("{:?} {error}", args.listen)))?;
    if let (Some(certificate), Some(key)) = (&args.certificate, &args.key) {
        let tls = Tls::load(certificate, key).map_err(|error| Failure::new(error.to_string()))?;
        listen = listen.with_tls(tls);
    }
    let mut door = bauta_edge::Config::new(vec![listen], domain);
    door.proxied = args.proxied;
    let rule = PathRule::new(ADD_CHECKPOINT, Scope::Read);
    door.paths = vec![rule.body_bytes(MOST_REQUEST_BYTES as u64)];
    let watch = Watch {
        witness: Arc::new(witness),
        clock: Clock::system(),
    };
    let router = Router::new()
        .route(ADD_CHECKPOINT, post(add_checkpoint))
        .route("/", get(about))
        .with_state(watch);
    serve::runtime()?
        .block_on(bauta_edge::serve(
            door,
            router,
            |address| output::line(&format!("listening on {address}")),
            serve::stop_asked(),
        ))
        .map_err(|error| Failure::new(error.to_string()))
}

async fn add_checkpoint(State(watch): State<Watch>, body: Bytes) -> Response {
    let now = watch.clock.now().unix_seconds().max(0).cast_unsigned();
    // It waits for the disk before it answers.
    let answer = tokio::task::spawn_blocking(move || watch.witness.add_checkpoint(&body, now)).await;
    let Ok(answer) = answer else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, answer.content_type())], answer.body()).into_response()
}

/// What it watches, for people: its key, then a line for each log with the size that it cosigned last.
async fn about(State(watch): State<Watch>) -> String {
    let mut text = format!("{}\n", watch.witness.public());
    for (log, size) in watch.witness.watched() {
        let _ = writeln!(text, "{log} {size}");
    }
    text
}

/// A file with a log's key a line; empty lines and lines that begin with # mean nothing.
fn read_logs(path: &Path) -> Outcome<Vec<VerifierKey>> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", path.display())))?;
    let lines = text.lines().map(str::trim).enumerate();
    let keys = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let keys: Vec<VerifierKey> = keys
        .map(|(at, line)| {
            VerifierKey::parse(line)
                .map_err(|error| Failure::new(format!("{}, line {}: {error}", path.display(), at + 1)))
        })
        .collect::<Outcome<_>>()?;
    if keys.is_empty() {
        return Err(Failure::new(format!("{} names no log", path.display())));
    }
    Ok(keys)
}
