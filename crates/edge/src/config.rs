//! How a door is set up.

use std::path::PathBuf;
use std::time::Duration;

use bauta_model::Clock;

use crate::{Quotas, Scope, Tls};

/// Everything that [`crate::serve`] needs to know.
pub struct Config {
    /// Where to listen. The first one is named when the server is ready.
    pub listen: Vec<Listen>,
    /// The server's own name, with its port where that is not the usual one. Requests for other names get 421.
    pub domain: String,
    /// A proxy stands in front of the TCP listeners: one address stands for many people, so that only the limits
    /// for everybody together apply. A unix socket is always read like that, and so is a loopback address when the
    /// domain is a public one: nothing but a proxy can bring the public there.
    pub proxied: bool,
    /// Whether requests are limited. Can be off only on loopback, for test suites.
    pub rate_limits: bool,
    /// How many requests of a kind are let in.
    pub quotas: Quotas,
    /// Sizes, counts and time-outs.
    pub limits: Limits,
    /// Paths that differ from the rule for their method.
    pub paths: Vec<PathRule>,
    /// Tells when a limit ends, in slots.
    pub clock: Clock,
    /// Path of the stylesheet of the pages that the door makes by itself; empty for none.
    pub style: String,
}

impl Config {
    /// A door with the usual limits.
    pub fn new(listen: Vec<Listen>, domain: impl Into<String>) -> Self {
        Self {
            listen,
            domain: domain.into(),
            proxied: false,
            rate_limits: true,
            quotas: Quotas::default(),
            limits: Limits::default(),
            paths: Vec::new(),
            clock: Clock::system(),
            style: String::new(),
        }
    }
}

/// A place to listen.
pub enum Listen {
    /// Plain HTTP.
    Tcp(BindAddress),
    /// HTTPS.
    Tls(BindAddress, Tls),
    /// Plain HTTP that sends everybody to `https://` and the domain.
    Redirect(BindAddress),
    /// A unix socket, for a proxy on the same machine.
    Unix {
        /// Where the socket is made. A stale one is replaced.
        path: PathBuf,
        /// Permission bits, such as `0o660`.
        mode: u32,
    },
    /// The unix socket that Tor's onion service connects to, with `HiddenServiceExportCircuitID haproxy`.
    Onion {
        /// Where the socket is made. A stale one is replaced.
        path: PathBuf,
        /// Permission bits, such as `0o660`.
        mode: u32,
        /// The onion name, `….onion`.
        host: String,
    },
}

impl Listen {
    /// Reads `127.0.0.1:8080`, `[::]:80`, `localhost:8080`, or `unix:/run/bauta/web.sock` (mode 0660).
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        match text.strip_prefix("unix:") {
            Some("") => Err(InvalidAddress),
            Some(path) => Ok(Self::Unix {
                path: path.into(),
                mode: 0o660,
            }),
            None => Ok(Self::Tcp(BindAddress::parse(text)?)),
        }
    }

    /// Turns a plain TCP listener into one with TLS; others stay.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        match self {
            Self::Tcp(address) => Self::Tls(address, tls),
            other => other,
        }
    }
}

/// An address of this machine to listen on: a name or number, and a port.
pub struct BindAddress(String);

impl BindAddress {
    /// Reads `HOST:PORT`.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let (host, port) = text.rsplit_once(':').ok_or(InvalidAddress)?;
        let bare_ipv6 = host.contains(':') && !host.starts_with('[');
        if host.is_empty() || bare_ipv6 || port.parse::<u16>().is_err() {
            return Err(InvalidAddress);
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that names no place to listen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an address to listen on; write HOST:PORT, such as 127.0.0.1:8080, or unix:/PATH")]
pub struct InvalidAddress;

/// Sizes, counts and time-outs.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections, all doors together. Beyond it new ones are closed at once. Keep the process's limit of
    /// open files well above it.
    pub connections: usize,
    /// Open connections of one limiter key: a network that may hold many people behind one provider's address.
    pub connections_per_key: usize,
    /// Header lines of a request; beyond it 431.
    pub headers: usize,
    /// Bytes of a request's line and headers; beyond it 431. At least 8 KiB.
    pub header_bytes: usize,
    /// Bytes of a request's path and query; beyond it 414.
    pub target_bytes: usize,
    /// Bytes of a request's body unless a [`PathRule`] says otherwise; beyond it 413.
    pub body_bytes: u64,
    /// For a TLS handshake, for the first request, and for the headers of each HTTP/1.1 request.
    pub header_read: Duration,
    /// For a body to begin; after that it must keep up [`Self::body_rate`].
    pub body_grace: Duration,
    /// Bytes a second that a body must bring on average. Low: Tor is slow.
    pub body_rate: u64,
    /// How long a connection may stay open without a request (HTTP/1.1: at most [`Self::header_read`]).
    pub idle: Duration,
    /// How long a client may leave a written answer unread.
    pub write_stall: Duration,
    /// How long open requests may go on after the server was asked to stop.
    pub drain: Duration,
    /// Requests at a time on one HTTP/2 connection.
    pub streams: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            connections_per_key: 512,
            headers: 100,
            header_bytes: 32 * 1024,
            target_bytes: 8 * 1024,
            body_bytes: 1024 * 1024,
            header_read: Duration::from_secs(20),
            body_grace: Duration::from_secs(30),
            body_rate: 1024,
            idle: Duration::from_mins(1),
            write_stall: Duration::from_mins(1),
            drain: Duration::from_secs(10),
            streams: 100,
        }
    }
}

/// How requests that change something (not `GET`, `HEAD`, `OPTIONS`) on some paths are treated.
#[derive(Clone, Debug)]
pub struct PathRule {
    path: String,
    pub(crate) scope: Scope,
    pub(crate) body_bytes: Option<u64>,
}

impl PathRule {
    /// A rule for `path`, or for all paths that begin with it where it ends in `*`.
    pub fn new(path: impl Into<String>, scope: Scope) -> Self {
        Self {
            path: path.into(),
            scope,
            body_bytes: None,
        }
    }

    /// Lets in bodies of up to `bytes`.
    #[must_use]
    pub fn body_bytes(mut self, bytes: u64) -> Self {
        self.body_bytes = Some(bytes);
        self
    }

    pub(crate) fn covers(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == self.path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_to_listen_on_are_read() {
        for text in [
            "127.0.0.1:8080",
            "[::1]:0",
            "localhost:80",
            "unix:/run/bauta.sock",
        ] {
            assert!(Listen::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "8080",
            "127.0.0.1",
            "127.0.0.1:99999",
            "::1:80",
            ":80",
            "unix:",
        ] {
            assert!(Listen::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rule_covers_its_path_or_what_begins_with_it() {
        let exact = PathRule::new("/oauth/token", Scope::SignIn);
        assert!(exact.covers("/oauth/token") && !exact.covers("/oauth/tokens"));
        let wide = PathRule::new("/api/v1/media*", Scope::Upload);
        assert!(wide.covers("/api/v1/media") && wide.covers("/api/v1/media/7") && !wide.covers("/api/v1/me"));
    }
}
