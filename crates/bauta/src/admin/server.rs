//! Answers on `admin.sock` (mode 0600): whoever can open it is the operator.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use bauta_service::App;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use super::request::{Request, handle};
use crate::failure::{Failure, Outcome};

/// The longest request, in bytes: a demand with all its lines fits.
const MOST: u64 = 8 * 1024 * 1024;

/// The socket, for its owner alone. Within a runtime.
pub fn bind(socket: &Path) -> Outcome<UnixListener> {
    // The lock on the data directory is ours: a socket that is still there is a dead server's.
    let _ = std::fs::remove_file(socket);
    let failure =
        |error: std::io::Error| Failure::new(format!("{} could not be made: {error}", socket.display()));
    let listener = UnixListener::bind(socket).map_err(failure)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600)).map_err(failure)?;
    Ok(listener)
}

/// Listens for as long as the process runs.
pub fn listen(app: Arc<App>, socket: &Path) -> Outcome<()> {
    let listener = bind(socket)?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(Arc::clone(&app), stream));
        }
    });
    Ok(())
}

async fn converse(app: Arc<App>, mut stream: UnixStream) {
    let (read, mut write) = stream.split();
    let mut line = String::new();
    if BufReader::new(read.take(MOST))
        .read_line(&mut line)
        .await
        .is_err()
    {
        return;
    }
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => match handle(&app, request).await {
            Ok(value) => json!({ "ok": value }),
            Err(failure) => json!({ "error": failure.0 }),
        },
        Err(_) => json!({ "error": "this server does not know the request; use the same version of bauta" }),
    };
    let _ = write
        .write_all(format!("{}\n", Value::to_string(&answer)).as_bytes())
        .await;
}
