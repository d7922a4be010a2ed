//! Law 2 in the sources: no other room names an address or a header that tells about a person.

use std::fs;
use std::path::{Path, PathBuf};

/// Names that only the rooms with addresses may use.
const FORBIDDEN: [&str; 11] = [
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "SocketAddr",
    "SocketAddrV4",
    "SocketAddrV6",
    "ConnectInfo",
    "USER_AGENT",
    "REFERER",
    "FORWARDED",
    "ACCEPT_LANGUAGE",
];

/// The rooms with addresses: this one, of people; outbound, of servers.
const ROOMS_WITH_ADDRESSES: [&str; 2] = ["edge", "outbound"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("crates/edge is in crates")
        .to_owned()
}

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The forbidden names in Rust code. Comments may speak of them.
fn named_in(code: &str) -> Vec<&'static str> {
    code.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .flat_map(|line| line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')))
        .filter_map(|word| FORBIDDEN.into_iter().find(|name| *name == word))
        .collect()
}

#[test]
fn no_other_room_names_an_address_or_a_telltale_header() {
    let mut found = Vec::new();
    let mut rooms = 0;
    for room in fs::read_dir(crates()).expect("crates can be listed").flatten() {
        if ROOMS_WITH_ADDRESSES.iter().any(|name| room.file_name() == *name) {
            continue;
        }
        rooms += 1;
        let mut sources = Vec::new();
        sources_below(&room.path().join("src"), &mut sources);
        for source in sources {
            let code = fs::read_to_string(&source).expect("sources are text");
            found.extend(
                named_in(&code)
                    .into_iter()
                    .map(|name| format!("{name} in {}", source.display())),
            );
        }
    }
    assert!(rooms > 5, "the other rooms were looked at");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_search_finds_what_it_looks_for() {
    assert_eq!(
        named_in("use std::net::{IpAddr, SocketAddr};"),
        ["IpAddr", "SocketAddr"]
    );
    assert_eq!(named_in("headers.get(header::USER_AGENT)"), ["USER_AGENT"]);
    assert!(named_in("// an IpAddr\nlet MyIpAddr = 1; REFERRER_POLICY").is_empty());
    let here = fs::read_to_string(crates().join("edge/src/address.rs")).expect("this room has addresses");
    assert!(!named_in(&here).is_empty());
}
