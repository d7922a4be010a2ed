//! A WebSocket (RFC 6455) as an app holds it open, over a plain socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

/// How long something may take to come before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// What asks for a WebSocket.
const UPGRADE: [&str; 4] = [
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// A socket that is open, or the status with which it was refused.
#[derive(Debug)]
pub struct WebSocket {
    reader: BufReader<TcpStream>,
    status: u16,
    protocol: Option<String>,
}

/// What came out of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Mastodon's name of the event.
    pub event: String,
    /// An id, or a JSON document.
    pub payload: String,
    /// The names of the stream that it came on.
    pub stream: Vec<String>,
}

impl Heard {
    /// The payload's JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.payload).expect("the payload is JSON")
    }
}

impl WebSocket {
    /// Asks the server at `address` (called `domain`) for `path`, with further lines of the head.
    ///
    /// # Panics
    /// When there is no answer.
    pub fn open(address: &str, domain: &str, path: &str, head: &[&str]) -> Self {
        let mut socket = TcpStream::connect(address).expect("the server listens");
        socket
            .set_read_timeout(Some(PATIENCE))
            .expect("a socket can wait");
        let mut request = format!("GET {path} HTTP/1.1\r\nhost: {domain}\r\n");
        for line in UPGRADE.iter().chain(head) {
            request.push_str(line);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        socket.write_all(request.as_bytes()).expect("the server reads");
        let mut stream = Self {
            reader: BufReader::new(socket),
            status: 0,
            protocol: None,
        };
        stream.read_head();
        stream
    }

    /// The status of the answer: 101 for a WebSocket that is open.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The protocol that the server chose.
    pub fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    fn read_head(&mut self) {
        let line = self.line().expect("there is an answer");
        self.status = line[9..12].parse().expect("an answer has a status");
        while let Some(line) = self.line().filter(|line| !line.is_empty()) {
            if let Some(value) = line.strip_prefix("sec-websocket-protocol: ") {
                self.protocol = Some(value.to_owned());
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// The next message, as JSON; nothing when it was closed.
    pub fn message(&mut self) -> Option<Value> {
        loop {
            let mut head = [0; 2];
            self.reader.read_exact(&mut head).ok()?;
            let length = match head[1] & 0x7f {
                126 => u64::from(u16::from_be_bytes(self.bytes()?)),
                127 => u64::from_be_bytes(self.bytes()?),
                short => u64::from(short),
            };
            let mut body = vec![0; usize::try_from(length).ok()?];
            self.reader.read_exact(&mut body).ok()?;
            match head[0] & 0x0f {
                1 => return serde_json::from_slice(&body).ok(),
                8 => return None,
                _ => {}
            }
        }
    }

    /// The next event.
    pub fn heard(&mut self) -> Option<Heard> {
        let message = self.message()?;
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let names = message["stream"].as_array().cloned().unwrap_or_default();
        Some(Heard {
            event: text("event"),
            payload: text("payload"),
            stream: names
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        })
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Subscribes to, or unsubscribes from, a stream.
    pub fn wish(&mut self, kind: &str, stream: &str, tag: Option<&str>) {
        self.say(&json!({ "type": kind, "stream": stream, "tag": tag }).to_string());
    }

    /// Sends a text message, masked with zeros as RFC 6455 allows any mask.
    ///
    /// # Panics
    /// When it is longer than 65,535 bytes, or the server is gone.
    pub fn say(&mut self, text: &str) {
        let length = u16::try_from(text.len()).expect("a short message");
        // Text, masked, with the length in two bytes.
        let mut frame = vec![0x81, 0xfe];
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(text.as_bytes());
        self.reader.get_mut().write_all(&frame).expect("the server reads");
    }
}
