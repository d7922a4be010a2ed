//! The manual's list of every page, against what the sources route and what the router knows.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::house::House;

/// What stands in the manual: the first cell of each line of its tables.
fn listed() -> BTreeSet<String> {
    let manual = include_str!("../../../../docs/pages.md").lines();
    manual
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(path, _)| path.to_owned())
        .collect()
}

/// Every address that some source answers a GET to.
fn routed(folder: &Path, paths: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            routed(&path, paths);
        } else {
            let source = std::fs::read_to_string(&path).expect("sources are text");
            paths.extend(source.split(".route(").skip(1).filter_map(answers_get));
            paths.extend(ties(&source));
        }
    }
}

/// The address of a route, where it is written out and has a page or a file.
fn answers_get(route: &str) -> Option<String> {
    let (path, handlers) = route.trim_start().strip_prefix('"')?.split_once('"')?;
    let handlers = handlers.split(';').next()?;
    handlers.contains("get(").then(|| path.to_owned())
}

/// How people stand to each other: one address for each verb of a list.
fn ties(source: &str) -> Vec<String> {
    let Some((_, verbs)) = source.split_once("pub const fn path(self) -> &'static str") else {
        return Vec::new();
    };
    let verbs = verbs.split("\n    }\n").next().unwrap_or_default();
    let verb = |line: &str| Some(line.split_once("=> \"")?.1.split_once('"')?.0.to_owned());
    let paths = verbs.lines().filter_map(verb);
    paths.map(|verb| format!("/@{{handle}}/{verb}")).collect()
}

#[tokio::test]
async fn the_manual_lists_every_page_and_file() {
    let (mut paths, room) = (BTreeSet::new(), Path::new(env!("CARGO_MANIFEST_DIR")));
    routed(&room.join("src"), &mut paths);
    routed(&room.join("../bauta/src/commands/demo"), &mut paths);
    assert!(
        paths.contains("/@{handle}/unmute") && paths.len() > 100,
        "{paths:?}"
    );
    let listed = listed();
    let missing: Vec<_> = paths.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&paths).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not listed: {missing:?}; not routed: {gone:?}"
    );

    let house = House::new().await;
    let elsewhere = |path: &&String| !path.starts_with("/demo") && !path.starts_with("/log/");
    for path in listed.iter().filter(elsewhere) {
        let place: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect();
        let place = place.join("/").replace("@{handle}", "@somebody");
        let request = Request::builder().method("TRACE").uri(&place);
        let answer = house.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{path} is not there"
        );
    }
}
