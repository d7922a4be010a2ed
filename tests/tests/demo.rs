//! `bauta demo`: the whole story, from the account to the record, checked by `bauta verify`.

use std::path::Path;
use std::process::{Command, Output};

use bauta_tests::server::program;
use serde_json::{Value, json};

fn bauta(arguments: &[&str]) -> Output {
    Command::new(program())
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of this test")
}

/// What `bauta verify --json` says, and its exit status.
fn verify(place: &str) -> (Option<i32>, Value) {
    let done = bauta(&["verify", place, "--json"]);
    let said = serde_json::from_slice(&done.stdout).unwrap_or(Value::Null);
    (done.status.code(), said)
}

#[test]
fn the_story_is_played_into_a_record_that_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (folder.path().join("data"), folder.path().join("out"));
    let (data, out) = (text(&data), text(&out));
    let played = bauta(&["demo", "--data", data, "--followers", "40", "--no-serve"]);
    assert!(played.status.success(), "{played:?}");
    let (status, said) = verify(data);
    assert_eq!((status, &said["replayed"]), (Some(0), &json!(1)), "{said}");
    let built = bauta(&["report", "build", "--data", data, "--out", out]);
    assert!(built.status.success(), "{built:?}");
    let (status, said) = verify(out);
    assert_eq!((status, &said["demands"]), (Some(0), &json!(1)), "{said}");
    let again = bauta(&["demo", "--data", data, "--no-serve"]);
    assert_eq!(
        again.status.code(),
        Some(1),
        "it is not played over somebody's data"
    );
    let abroad = folder.path().join("abroad");
    let refused = bauta(&["demo", "--data", text(&abroad), "--listen", "0.0.0.0:0"]);
    assert_eq!((refused.status.code(), abroad.exists()), (Some(1), false));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("this machine only"));
}
