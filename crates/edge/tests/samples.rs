//! The samples in contrib/ log nothing and pass on nothing that this room would have to drop.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bauta_edge::headers::ALLOWED;

/// The lines of a sample that say something, without indentation, comments and doubled spaces.
fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../contrib")
        .join(name);
    fs::read_to_string(&path)
        .expect("the sample is there")
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

fn has(lines: &[String], wanted: &str) -> bool {
    lines.iter().any(|line| line == wanted)
}

/// The blocks that begin with `head`, each with its lines, inner blocks included.
fn blocks(lines: &[String], head: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (start, _) in lines.iter().enumerate().filter(|(_, line)| *line == head) {
        let mut depth = 0;
        let block: Vec<String> = lines[start..]
            .iter()
            .take_while(|line| {
                depth += line.matches('{').count();
                depth -= line.matches('}').count();
                depth > 0
            })
            .cloned()
            .collect();
        found.push(block);
    }
    found
}

#[test]
fn nginx_is_well_formed() {
    let lines = lines("nginx.conf");
    let mut depth = 0_i32;
    for line in &lines {
        assert!(
            line.ends_with(';') || line.ends_with('{') || line == "}",
            "a directive ends, or a block begins or ends: {line}"
        );
        depth += i32::from(line.ends_with('{')) - i32::from(line == "}");
        assert!(depth >= 0, "{line}");
    }
    assert_eq!(depth, 0);
}

#[test]
fn nginx_logs_nothing_on_any_port() {
    let lines = lines("nginx.conf");
    let servers = blocks(&lines, "server {");
    assert_eq!(servers.len(), 2);
    for server in &servers {
        assert!(has(server, "access_log off;"));
        assert!(has(server, "error_log /dev/null emerg;"));
        assert!(has(server, "server_tokens off;"));
    }
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("access_log")).count(),
        2
    );
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("error_log")).count(),
        2
    );
    assert!(!lines.iter().any(|line| line.starts_with("log_format")));
    assert!(has(&lines, "ssl_session_tickets off;"));
    assert!(has(&lines, "ssl_session_cache off;"));
    assert!(has(&lines, "proxy_request_buffering off;"));
    assert!(has(&lines, "proxy_max_temp_file_size 0;"));
}

#[test]
fn nginx_passes_on_what_this_room_passes_on_and_no_more() {
    let lines = lines("nginx.conf");
    assert!(has(&lines, "proxy_pass_request_headers off;"));
    let passed: BTreeSet<String> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("proxy_set_header "))
        .filter_map(|rest| rest.split(' ').next())
        .map(str::to_ascii_lowercase)
        .collect();
    let mut wanted: BTreeSet<String> = ALLOWED
        .iter()
        .map(|allowed| allowed.name.as_str().to_owned())
        .collect();
    // nginx writes the length itself.
    wanted.remove("content-length");
    wanted.extend(["host", "cookie", "connection", "upgrade"].map(str::to_owned));
    assert_eq!(passed, wanted);
    // An address may key a limit in memory, and is named nowhere else.
    for line in lines
        .iter()
        .filter(|line| line.contains("remote_addr") || line.contains("realip"))
    {
        assert!(
            line.starts_with("limit_req_zone ") || line.starts_with("limit_conn_zone "),
            "{line}"
        );
    }
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("x_forwarded") || line.contains("user_agent"))
    );
}

#[test]
fn caddy_logs_nothing_and_passes_on_no_address() {
    let lines = lines("Caddyfile");
    let logs: Vec<_> = lines.iter().filter(|line| line.starts_with("log")).collect();
    assert_eq!(logs, ["log default {"], "no access log in any site");
    assert_eq!(
        blocks(&lines, "log default {"),
        [["log default {", "output discard"]]
    );
    for name in [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Forwarded",
        "Via",
        "User-Agent",
        "Referer",
        "Accept-Language",
    ] {
        assert!(has(&lines, &format!("header_up -{name}")), "{name}");
    }
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("remote_host") || line.contains("client_ip"))
    );
}

#[test]
fn tor_names_circuits_asks_for_work_and_logs_no_client() {
    let lines = lines("torrc");
    for line in [
        "HiddenServicePort 80 unix:/run/bauta/onion.sock",
        "HiddenServiceExportCircuitID haproxy",
        "HiddenServicePoWDefensesEnabled 1",
        "HiddenServiceMaxStreams 20",
        "SafeLogging 1",
        "Log warn syslog",
    ] {
        assert!(has(&lines, line), "{line}");
    }
    assert_eq!(lines.iter().filter(|line| line.starts_with("Log ")).count(), 1);
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("NonAnonymous") || line.contains("SingleHop"))
    );
}

#[test]
fn the_service_leaves_nothing_on_the_disk_and_can_do_little() {
    let lines = lines("bauta.service");
    for line in [
        "User=bauta",
        "UMask=0077",
        "LimitCORE=0",
        "MemorySwapMax=0",
        "StateDirectoryMode=0700",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    ] {
        assert!(has(&lines, line), "{line}");
    }
    let started: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("ExecStart="))
        .collect();
    assert_eq!(started.len(), 1);
    assert!(started[0].contains("bauta serve "));
}
