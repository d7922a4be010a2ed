//! Names of hosts, as far as every room needs them: text, never an address.

/// Whether a name, with or without a port, is one of this machine: `localhost`, `*.localhost` (RFC 6761 § 6.3),
/// 127.0.0.0/8, `[::1]`. Nothing is resolved.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || is_in_block_127(&name)
}

/// Four decimal numbers of one byte, the first of them 127; no other way of writing them (RFC 6943 § 3.1.1).
fn is_in_block_127(name: &str) -> bool {
    let mut parts = name.split('.');
    let byte = |part: &str| part.parse::<u8>().is_ok_and(|byte| byte.to_string() == part);
    parts.next() == Some("127") && name.split('.').count() == 4 && parts.all(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_has_many_names() {
        for name in [
            "localhost",
            "LOCALHOST:8080",
            "a.localhost:1",
            "127.0.0.1:80",
            "127.9.9.9",
            "127.255.255.255",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback(name), "{name}");
        }
        for name in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "127.example.org",
            "127.0.0.256",
            "127.0.0.01",
            "127.0.0.+1",
            "127.1",
            "127.0.0.",
            "[::2]",
            "unix:/run/bauta.sock",
            "",
            ":80",
            "10.0.0.1",
        ] {
            assert!(!is_loopback(name), "{name}");
        }
    }
}
