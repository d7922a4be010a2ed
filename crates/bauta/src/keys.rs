//! The keys of a sealed server: where they lie, where the root comes from, and how a start waits for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bauta_model::{Clock, Event, emit};
use bauta_seal::{Keyring, Root, has_keys};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use zeroize::Zeroizing;

use crate::admin::{self, Request};
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::{output, serve};

/// Names a file that holds the root.
pub const VARIABLE: &str = "BAUTA_ROOT_FILE";

/// The name of the root among the credentials that systemd hands over (systemd.exec(5), `LoadCredentialEncrypted=`).
const CREDENTIAL: &str = "bauta-root";

/// The longest request while a server waits, in bytes.
const MOST: u64 = 64 * 1024;

/// Where the keys of a data directory lie.
pub fn folder(config: &Config) -> PathBuf {
    config.data.join("seal")
}

/// The keys, for work that can't wait for a root; none where nothing is sealed.
pub fn open(config: &Config) -> Outcome<Option<Arc<Keyring>>> {
    if !has_keys(&folder(config)) {
        return Ok(None);
    }
    let root = given()?.ok_or_else(|| {
        Failure::new(format!(
            "the data is sealed: start the server and give it the root with bauta unseal, or name a file with the root in {VARIABLE}"
        ))
    })?;
    open_with(config, &root).map(Some)
}

/// As [`open`], and where no root was given, waits until somebody brings it through `admin.sock`. Nothing when the
/// process is asked to stop before.
pub async fn open_or_wait(config: &Config) -> Outcome<Option<Option<Arc<Keyring>>>> {
    if !has_keys(&folder(config)) {
        return Ok(Some(None));
    }
    if let Some(root) = given()? {
        return open_with(config, &root).map(|keyring| Some(Some(keyring)));
    }
    emit(Event::WaitsForRoot);
    output::line("the data is sealed: give the root with bauta unseal");
    tokio::select! {
        keyring = wait(config) => keyring.map(|keyring| Some(Some(keyring))),
        () = serve::stop_asked() => Ok(None),
    }
}

/// Opens the keys with a root as it was written down.
pub fn open_with(config: &Config, root: &str) -> Outcome<Arc<Keyring>> {
    let failed = |error: bauta_seal::Error| Failure::new(error.to_string());
    let root = Root::read(root).map_err(failed)?;
    let today = Clock::with_slot(config.slot).today();
    Ok(Arc::new(
        Keyring::open(&folder(config), &root, today).map_err(failed)?,
    ))
}

/// The root that this process was started with.
fn given() -> Outcome<Option<Zeroizing<String>>> {
    if let Some(file) = std::env::var_os(VARIABLE) {
        return read(Path::new(&file)).map(Some);
    }
    let handed_over =
        std::env::var_os("CREDENTIALS_DIRECTORY").map(|folder| PathBuf::from(folder).join(CREDENTIAL));
    match handed_over {
        Some(file) if file.exists() => read(&file).map(Some),
        _ => Ok(None),
    }
}

/// A root from a file.
pub fn read(file: &Path) -> Outcome<Zeroizing<String>> {
    std::fs::read_to_string(file)
        .map(Zeroizing::new)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", file.display())))
}

/// Listens on `admin.sock` for a root that opens the keys, and answers nothing else.
async fn wait(config: &Config) -> Outcome<Arc<Keyring>> {
    let lost = |error: std::io::Error| Failure::new(format!("nobody can bring the root any more: {error}"));
    let listener = admin::bind(&config.admin_socket())?;
    loop {
        let (stream, _) = listener.accept().await.map_err(lost)?;
        if let Some(keyring) = converse(config, stream).await {
            return Ok(keyring);
        }
    }
}

async fn converse(config: &Config, mut stream: UnixStream) -> Option<Arc<Keyring>> {
    let (read, mut write) = stream.split();
    let mut line = Zeroizing::new(String::new());
    BufReader::new(read.take(MOST)).read_line(&mut line).await.ok()?;
    let opened = match serde_json::from_str(&line) {
        Ok(Request::Unseal { root }) => open_with(config, &Zeroizing::new(root)),
        _ => Err(Failure::new(
            "the data is sealed: give the root with bauta unseal",
        )),
    };
    let (answer, keyring) = match opened {
        Ok(keyring) => (json!({ "ok": opened_with(&keyring) }), Some(keyring)),
        Err(failure) => (json!({ "error": failure.0 }), None),
    };
    let _ = write.write_all(format!("{answer}\n").as_bytes()).await;
    keyring
}

/// What whoever brought the root is told.
pub fn opened_with(keyring: &Keyring) -> Value {
    json!({ "day": keyring.day().iso() })
}
