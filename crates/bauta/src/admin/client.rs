//! Asks a running server: one line of JSON out, one line back.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use serde_json::Value;

use super::Request;
use crate::failure::{Failure, Outcome};

/// The server's answer, or nothing when no server listens.
pub fn ask(socket: &Path, request: &Request) -> Outcome<Option<Outcome<Value>>> {
    let mut stream = match UnixStream::connect(socket) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => {
            return Err(Failure::new(format!(
                "{} could not be used: {error}",
                socket.display()
            )));
        }
    };
    let broken = |error: std::io::Error| Failure::new(format!("the server did not answer: {error}"));
    let mut line = serde_json::to_vec(request).expect("a request serialises");
    line.push(b'\n');
    stream.write_all(&line).map_err(broken)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(broken)?;
    let answer: Value =
        serde_json::from_str(&answer).map_err(|_| Failure::new("the server ended before it answered"))?;
    Ok(Some(match answer.get("error").and_then(Value::as_str) {
        Some(error) => Err(Failure::new(error)),
        None => Ok(answer.get("ok").cloned().unwrap_or(Value::Null)),
    }))
}
