//! The public record through the real router and as files, out of a real log.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "other tests use more of it")]
mod house;
#[path = "record/story.rs"]
mod story;

use std::fs;

use axum::Extension;
use axum::http::StatusCode;
use bauta_inventory::Inventory;
use bauta_tests::page_lint;
use bauta_verify::{Asked, Folder, verify};
use bauta_web::RecordFolder;
use house::{Answer, House};

/// A server with a record in its data directory.
struct Told {
    house: House,
    data: tempfile::TempDir,
}

async fn server(with_record: bool) -> Told {
    let data = tempfile::tempdir().unwrap();
    if with_record {
        story::write(data.path());
    }
    let mut house = House::new().await;
    house.router = house
        .router
        .layer(Extension(RecordFolder(data.path().to_owned())));
    Told { house, data }
}

impl Told {
    async fn page(&self, path: &str) -> Answer {
        let answer = self.house.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(page_lint(&answer.text), Vec::<String>::new(), "{path}");
        answer
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_record_says_so_and_is_of_use() {
    let told = server(false).await;
    let report = told.page("/report").await.text;
    for words in [
        "The public record has no demand so far.",
        "What this server holds",
        "You are told before anything is given",
        "Never collected: ",
    ] {
        assert!(report.contains(words), "{words}");
    }
    assert!(
        told.page("/cases")
            .await
            .text
            .contains("No case has a page so far.")
    );
    let data = told.house.get("/report/report.json").await;
    assert!(
        data.text.starts_with("{\"bands\":[],\"cases\":[],\"entries\":0,"),
        "{}",
        data.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_counts_and_leads_to_the_case() {
    let told = server(true).await;
    let report = told.page("/report").await.text;
    assert!(report.contains("5 demands: 0 answered with something, 1 issued, then withdrawn."));
    assert!(report.contains("0–249"));
    assert!(!report.contains("<b>Office"));
    assert!(report.contains(&format!("href=\"/cases/{}\"", story::CASE)));
    let cases = told.page("/cases").await.text;
    assert!(cases.contains("The demand was withdrawn on 7 April 2017. We gave nothing."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_tells_what_was_asked_held_and_given_and_nobodys_name() {
    let told = server(true).await;
    let case = told.page(&format!("/cases/{}", story::CASE)).await.text;
    for words in [
        "It asked for secrecy, which binds nobody",
        "accounts.display_name, accounts.handle (which everybody can read)",
        "A credential: named, and never given",
        "Never collected",
        "It was due before it was served.",
        "due 13 March 2017 11:45",
        "3:17-cv-01916",
        "without prejudice",
        "bauta verify http://localhost:8080",
    ] {
        assert!(case.contains(words), "{words}: {case}");
    }
    for name in ["ALT_USCIS", "Jane Roe"] {
        assert!(!case.contains(name), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn demands_that_are_only_counted_have_no_page() {
    let told = server(true).await;
    for path in [
        "/cases/0000000000000001",
        "/cases/nobody",
        "/report/data/passwd",
        "/report/log",
        "/report/documents/00c0ffee00c0ffee/0.png",
        "/report/documents/..%2f..%2flog/policy",
    ] {
        let answer = told.house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_is_for_programs_of_any_origin() {
    let told = server(true).await;
    let csv = told.house.get("/report/data/demands.csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("access-control-allow-origin"), "*");
    assert!(
        csv.text.contains("'=Waterways"),
        "a text of a demand is no formula: {}",
        csv.text
    );
    let package = told.house.get("/report/datapackage.json").await.text;
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        let path = format!("/report/{}", resource["path"].as_str().unwrap());
        let file = told.house.get(&path).await;
        let bytes = resource["bytes"].as_u64().unwrap() as usize;
        assert_eq!((file.status, file.text.len()), (StatusCode::OK, bytes));
    }
    let feed = told.house.get("/report/feed.atom").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(
        feed.text.matches("<entry>").count(),
        3,
        "a case and two half-years"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_is_not_shown_in_part() {
    let told = server(true).await;
    let path = told.data.path().join("log/openings/000");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\\\"v\\\":1", "\\\"v\\\":9", 1)).unwrap();
    assert_eq!(
        told.house.get("/report").await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}

#[test]
fn the_files_are_what_verify_checks_and_their_links_lead_somewhere() {
    let data = tempfile::tempdir().unwrap();
    story::write(data.path());
    let base = "https://lagoon.example";
    let files = bauta_web::static_record(
        data.path(),
        Inventory::builtin(),
        bauta_legal::RulePack::built_in(),
        base,
        "Lagoon",
    )
    .unwrap();
    for (path, bytes) in &files {
        let path = data.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    for (path, bytes) in &files {
        if !path.ends_with(".html") {
            continue;
        }
        let html = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(page_lint(&html), Vec::<String>::new(), "{path}");
        let folder = data.path().join(path);
        for link in html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
        {
            let leads = link.starts_with('#')
                || link.starts_with(base)
                || folder.parent().unwrap().join(link).is_file();
            assert!(leads, "{path}: {link}");
        }
    }
    let folder = Folder::new(data.path());
    let checked = verify(&mut |path| folder.read(path), &Asked::default(), &mut |_, _| ()).unwrap();
    assert_eq!((checked.demands, checked.replayed), (5, 1));
    assert!(checked.files > 10);
}
