//! Where a URL leads: checked before anything is resolved.

use std::net::IpAddr;

use url::{Host, Url};

use crate::Error;

/// A URL that may be asked, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// TLS or not.
    pub tls: bool,
    /// A name, or an address in brackets or dots, as `Host` and certificates have it.
    pub host: String,
    /// The address that stands in the URL itself.
    pub literal: Option<IpAddr>,
    /// The port.
    pub port: u16,
    /// Ends in `.onion`.
    pub onion: bool,
}

/// Names that mean something in a local network alone.
const LOCAL_NAMES: [&str; 8] = [
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
];

impl Target {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for anything but `http` and `https` on 80 and 443, for a user part, and for names that are
    /// local by nature. `local` allows every port and `localhost`.
    pub fn of(url: &Url, local: bool) -> Result<Self, Error> {
        let target = Self::of_own(url)?;
        if !local && target.port != 80 && target.port != 443 {
            return Err(Error::NotAllowed);
        }
        if target.literal.is_none() && !is_name(&target.host, local) {
            return Err(Error::NotAllowed);
        }
        Ok(target)
    }

    /// As [`Self::of`], for what the operator names: every port, and names that mean something in their network alone.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for anything but `http` and `https`, and for a user part.
    pub fn of_own(url: &Url) -> Result<Self, Error> {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Error::NotAllowed),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::NotAllowed);
        }
        let port = url.port_or_known_default().ok_or(Error::NotAllowed)?;
        let host = url.host().ok_or(Error::NotAllowed)?;
        let literal = match host {
            Host::Ipv4(v4) => Some(IpAddr::V4(v4)),
            Host::Ipv6(v6) => Some(IpAddr::V6(v6)),
            Host::Domain(_) => None,
        };
        let host = host.to_string();
        Ok(Self {
            tls,
            onion: host.ends_with(".onion"),
            host,
            literal,
            port,
        })
    }

    /// The `Host` header.
    pub fn authority(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// What tells one origin from another.
    pub fn origin(&self) -> String {
        format!(
            "{}://{}:{}",
            if self.tls { "https" } else { "http" },
            self.host,
            self.port
        )
    }

    /// The address without its brackets.
    pub fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }
}

/// A name of at least two labels whose last is no local one. A dot at the end would make a second name of the first.
fn is_name(name: &str, local: bool) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    if local && last == "localhost" {
        return true;
    }
    name.contains('.') && name.len() <= 253 && !last.is_empty() && !LOCAL_NAMES.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Result<Target, Error> {
        Target::of(&Url::parse(url).unwrap(), false)
    }

    #[test]
    fn only_the_ports_of_the_web_and_names_of_the_internet() {
        for url in [
            "ftp://example.org/",
            "https://example.org:8443/",
            "http://example.org:22/",
            "https://me@example.org/",
            "https://me:you@example.org/",
            "https://localhost/",
            "https://printer/",
            "https://example.org./",
            "https://db.internal/",
            "https://nas.local/",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            assert_eq!(target(url), Err(Error::NotAllowed), "{url}");
        }
        assert_eq!(
            target("https://example.org/x").unwrap().authority(),
            "example.org"
        );
        assert_eq!(
            target("http://example.org:443/x").unwrap().authority(),
            "example.org:443"
        );
    }

    #[test]
    fn every_spelling_of_an_address_is_an_address() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::]/",
            "http://0/",
            "http://①②⑦.0.0.1/",
        ] {
            let literal = target(url)
                .unwrap()
                .literal
                .unwrap_or_else(|| panic!("{url} is no address"));
            assert!(!crate::address::is_public(literal), "{url}");
        }
    }
}
