//! Which `Host` names a door answers to.

use bauta_model::is_loopback;

/// The names that one door answers to.
#[derive(Clone)]
pub(crate) enum Hosts {
    /// A server on somebody's own machine: any loopback name, any port. Foreign names are refused here too, or a
    /// web page could reach the server through a name of its own that resolves to 127.0.0.1.
    Loopback,
    /// Exactly one name.
    One(String),
}

impl Hosts {
    pub(crate) fn of(domain: &str) -> Self {
        if is_loopback(domain) {
            Self::Loopback
        } else {
            Self::One(normal(domain))
        }
    }

    pub(crate) fn answer_to(&self, host: &str) -> bool {
        match self {
            Self::Loopback => is_loopback(host),
            Self::One(name) => normal(host) == *name,
        }
    }
}

/// Lower case, without the port that the scheme implies and without the root's dot.
fn normal(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let host = host
        .strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"))
        .unwrap_or(&host);
    host.strip_suffix('.').unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_server_answers_to_its_name_only() {
        let hosts = Hosts::of("Example.org");
        for name in [
            "example.org",
            "EXAMPLE.ORG",
            "example.org:443",
            "example.org.",
            "example.org:80",
        ] {
            assert!(hosts.answer_to(name), "{name}");
        }
        for name in [
            "www.example.org",
            "example.org:8443",
            "localhost",
            "127.0.0.1",
            "",
            "example.org.evil.net",
        ] {
            assert!(!hosts.answer_to(name), "{name}");
        }
        assert!(Hosts::of("example.org:8443").answer_to("example.org:8443"));
    }
}
