//! The SOCKS5 proxy, most often Tor.

use crate::SetupError;

/// What goes through the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every request.
    Everything,
    /// Onion names alone.
    Onions,
}

/// A SOCKS5 proxy.
///
/// Each host gets a user name and password of its own, random for as long as the process lives: Tor then never sends
/// two hosts over one circuit. Names are resolved by the proxy; Tor refuses names that lead into private networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) reach: Reach,
}

impl Proxy {
    /// Reads `socks5://HOST:PORT`.
    ///
    /// # Errors
    /// [`SetupError::Proxy`] for anything else.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, SetupError> {
        let rest = text
            .strip_prefix("socks5://")
            .or_else(|| text.strip_prefix("socks5h://"))
            .ok_or(SetupError::Proxy)?;
        let (host, port) = rest
            .trim_end_matches('/')
            .rsplit_once(':')
            .ok_or(SetupError::Proxy)?;
        let port = port.parse().map_err(|_| SetupError::Proxy)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let plain = host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-:_".contains(&b));
        if host.is_empty() || !plain {
            return Err(SetupError::Proxy);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            reach,
        })
    }

    pub(crate) fn takes(&self, onion: bool) -> bool {
        onion || self.reach == Reach::Everything
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_and_a_port() {
        let proxy = Proxy::parse("socks5://[::1]:9050", Reach::Onions).unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("::1", 9050));
        assert!(proxy.takes(true) && !proxy.takes(false));
        for text in [
            "",
            "127.0.0.1:9050",
            "http://h:1",
            "socks5://h",
            "socks5://:1",
            "socks5://a b:1",
            "socks5://h:99999",
        ] {
            assert!(Proxy::parse(text, Reach::Everything).is_err(), "{text}");
        }
    }
}
