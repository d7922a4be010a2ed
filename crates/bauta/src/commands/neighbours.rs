//! What `bauta doctor` reads of its neighbours' configuration: whether Tor and a proxy in front keep no record of people.

use std::path::Path;

/// What is wrong with a torrc for an onion door at `socket`.
pub fn wrong_with_torrc(torrc: &str, socket: &Path) -> Option<String> {
    let lines: Vec<Vec<&str>> = said(torrc);
    let has = |wanted: &[&str]| lines.iter().any(|line| line.starts_with(wanted));
    let port = format!("unix:{}", socket.display());
    let to_us =
        |line: &&Vec<&str>| line.first() == Some(&"HiddenServicePort") && line.contains(&port.as_str());
    if !lines.iter().any(|line| to_us(&line)) {
        return Some(format!(
            "torrc has no HiddenServicePort that leads to {port}; run: bauta tor-config"
        ));
    }
    if !has(&["HiddenServiceExportCircuitID", "haproxy"]) {
        return Some(
            "torrc lacks HiddenServiceExportCircuitID haproxy: Bauta refuses connections without it"
                .to_owned(),
        );
    }
    if has(&["SafeLogging", "0"]) || has(&["Log", "debug"]) || has(&["Log", "info"]) {
        return Some("torrc lets Tor log what people do: set SafeLogging 1 and Log warn syslog".to_owned());
    }
    if has(&["HiddenServiceSingleHopMode", "1"]) || has(&["HiddenServiceNonAnonymousMode", "1"]) {
        return Some("torrc tells where this server is: take HiddenServiceSingleHopMode out".to_owned());
    }
    None
}

/// True where a configuration of nginx or Caddy writes down who asks. nginx does so unless it is told not to, in each server.
pub fn proxy_logs(text: &str, is_nginx: bool) -> bool {
    let lines = said(text);
    if is_nginx {
        let off = |line: &Vec<&str>| line.first() == Some(&"access_log") && line.get(1) == Some(&"off;");
        let on = |line: &Vec<&str>| line.first() == Some(&"access_log") && line.get(1) != Some(&"off;");
        return lines.iter().any(on) || !lines.iter().any(off);
    }
    lines
        .iter()
        .any(|line| line.first() == Some(&"log") && line.get(1) != Some(&"default"))
}

/// The words of each line that says something.
fn said(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../../contrib/torrc");

    fn wrong(torrc: &str) -> bool {
        wrong_with_torrc(torrc, Path::new("/run/bauta/onion.sock")).is_some()
    }

    #[test]
    fn the_sample_is_right_and_what_undoes_it_is_not() {
        assert!(!wrong(SAMPLE));
        for (line, other) in [
            (
                "HiddenServicePort 80 unix:/run/bauta/onion.sock",
                "HiddenServicePort 80 127.0.0.1:8080",
            ),
            (
                "HiddenServiceExportCircuitID haproxy",
                "# HiddenServiceExportCircuitID haproxy",
            ),
            ("SafeLogging 1", "SafeLogging 0"),
            ("Log warn syslog", "Log info file /var/log/tor/log"),
            ("AvoidDiskWrites 1", "HiddenServiceSingleHopMode 1"),
        ] {
            assert!(SAMPLE.contains(line), "{line}");
            assert!(wrong(&SAMPLE.replace(line, other)), "{other}");
        }
    }

    #[test]
    fn a_proxy_that_is_told_nothing_logs() {
        assert!(!proxy_logs(include_str!("../../../../contrib/nginx.conf"), true));
        assert!(!proxy_logs(include_str!("../../../../contrib/Caddyfile"), false));
        assert!(proxy_logs("server { listen 80; }", true));
        assert!(proxy_logs(
            "  access_log off;\n  access_log /var/log/a combined;",
            true
        ));
        assert!(proxy_logs("example.org {\n\tlog {\n\t}\n}", false));
    }
}
