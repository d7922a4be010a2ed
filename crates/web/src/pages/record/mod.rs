//! The public record: the report, its data, its cases. The same builder makes the live pages and the files of
//! `bauta report build`, out of the opened entries of the log and nothing else.

mod case;
mod feed;
mod links;
mod report;
mod sentences;
mod source;

use std::path::Path as FilePath;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bauta_inventory::Inventory;
use bauta_legal::RulePack;
use bauta_legal::report::{Case, Opened, Report, cases as open_cases, fold, package};
use bauta_model::Incident;
use bauta_service::{App, Refused};

use crate::error::answer;
use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words_record::{EN, Words};
use links::Links;
pub use source::RecordFolder;

/// The routes of the record.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/report", get(show))
        .route("/report/feed.atom", get(feed))
        .route("/report/{file}", get(file))
        .route("/report/data/{file}", get(data))
        .route("/report/documents/{demand}/{file}", get(document))
        .route("/cases", get(all))
        .route("/cases/{id}", get(one))
}

/// The folder that the program named, if it did.
type Folder = Option<Extension<RecordFolder>>;

/// What is open, folded.
struct Record {
    report: Report,
    cases: Vec<Case>,
}

fn record(opened: &[Opened]) -> Result<Record, String> {
    let report = fold(opened).map_err(|error| error.to_string())?;
    let cases = open_cases(opened).map_err(|error| error.to_string())?;
    Ok(Record { report, cases })
}

/// Reads the record anew: what is open is little, and what was opened a moment ago has to be there.
async fn read(folder: Folder) -> Result<Record, Refused> {
    let Some(Extension(RecordFolder(folder))) = folder else {
        return record(&[]).map_err(|_| failed());
    };
    let read = tokio::task::spawn_blocking(move || {
        let opened = source::opened(&folder).map_err(|error| error.to_string())?;
        record(&opened)
    });
    read.await.map_err(|_| failed())?.map_err(|_| failed())
}

/// A record that is damaged is not shown in part.
fn failed() -> Refused {
    let incident = Incident::random();
    bauta_model::emit(bauta_model::Event::RequestFailed { incident });
    Refused::Failed(incident)
}

#[derive(Template)]
#[template(path = "record/page.html")]
struct Page {
    frame: Frame,
    words: &'static Words,
    body: String,
}

fn framed(app: &App, visitor: &Visitor, title: &str, body: String) -> Response {
    let page = Page {
        frame: Frame::new(app, visitor, title, Here::Elsewhere).indexable(true),
        words: &EN,
        body,
    };
    public_page(visitor, &page)
}

/// `GET /report`
async fn show(State(app): State<Arc<App>>, visitor: Visitor, folder: Folder) -> Response {
    let made = read(folder).await.map(|record| {
        let body = report::body(
            &record.report,
            &record.cases,
            app.inventory,
            app.desk.rules(),
            &Links::live(),
            &app.site.base_url,
        );
        framed(&app, &visitor, EN.title, body)
    });
    answer(&app, &visitor, made)
}

#[derive(Template)]
#[template(path = "record/cases.html")]
struct Listed<'a> {
    words: &'static Words,
    links: &'a Links,
    cases: Vec<(String, String)>,
}

fn cases_body(cases: &[Case], links: &Links) -> String {
    let body = Listed {
        words: &EN,
        links,
        cases: report::case_links(cases),
    };
    body.render().unwrap_or_default()
}

/// `GET /cases`
async fn all(State(app): State<Arc<App>>, visitor: Visitor, folder: Folder) -> Response {
    let made = read(folder).await.map(|record| {
        framed(
            &app,
            &visitor,
            EN.cases,
            cases_body(&record.cases, &Links::live()),
        )
    });
    answer(&app, &visitor, made)
}

/// `GET /cases/{id}`
async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    folder: Folder,
    Path(id): Path<String>,
) -> Response {
    let made = read(folder).await.and_then(|record| {
        let found = record.cases.iter().find(|case| case.demand.as_str() == id);
        let case = found.ok_or(Refused::NotFound)?;
        let body = case::body(case, &record.cases, &Links::live(), &app.site.base_url);
        Ok(framed(&app, &visitor, &case::title(case), body))
    });
    answer(&app, &visitor, made)
}

/// `GET /report/feed.atom`
async fn feed(State(app): State<Arc<App>>, visitor: Visitor, folder: Folder) -> Response {
    let made = read(folder).await.map(|record| {
        let xml = feed::atom(&record.report, &record.cases, &app.site.base_url, &app.site.title);
        bytes("application/atom+xml; charset=utf-8", xml.into_bytes())
    });
    answer(&app, &visitor, made)
}

/// `GET /report/report.json`, `GET /report/datapackage.json`
async fn file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    folder: Folder,
    Path(name): Path<String>,
) -> Response {
    let made = packed(folder, &name).await;
    answer(&app, &visitor, made)
}

/// `GET /report/data/{file}`
async fn data(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    folder: Folder,
    Path(name): Path<String>,
) -> Response {
    let made = packed(folder, &format!("data/{name}")).await;
    answer(&app, &visitor, made)
}

async fn packed(folder: Folder, path: &str) -> Result<Response, Refused> {
    let record = read(folder).await?;
    let files = package::files(&record.report).map_err(|_| failed())?;
    let file = files.into_iter().find(|file| file.path == path);
    let file = file.ok_or(Refused::NotFound)?;
    let media_type = if file.media_type == "text/csv" {
        "text/csv; charset=utf-8"
    } else {
        "application/json"
    };
    Ok(bytes(media_type, file.bytes))
}

/// `GET /report/documents/{demand}/{file}`
async fn document(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    folder: Folder,
    Path((demand, name)): Path<(String, String)>,
) -> Response {
    let path = format!("documents/{demand}/{name}");
    let made = published(folder, &path).await;
    answer(&app, &visitor, made)
}

/// A document that an open entry names; no other path below the folder is ever touched.
async fn published(folder: Folder, path: &str) -> Result<Response, Refused> {
    let record = read(folder.clone()).await?;
    let mut papers = record.cases.iter().flat_map(|case| &case.papers);
    let paper = papers
        .find(|paper| paper.path() == path)
        .ok_or(Refused::NotFound)?;
    let Some(Extension(RecordFolder(folder))) = folder else {
        return Err(Refused::NotFound);
    };
    let file = folder.join("record").join(paper.path());
    let read = tokio::fs::read(file).await.map_err(|_| Refused::NotFound)?;
    let media_type = if path.ends_with(".png") {
        "image/png"
    } else {
        "application/pdf"
    };
    Ok(bytes(media_type, read))
}

fn bytes(media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (CACHE_CONTROL, "public, max-age=30"),
    ];
    (headers, bytes).into_response()
}

#[derive(Template)]
#[template(path = "record/file.html")]
struct StaticPage<'a> {
    links: &'a Links,
    words: &'static Words,
    site: &'a str,
    title: &'a str,
    skip: &'static str,
    menu: &'static str,
    utc: &'static str,
    body: String,
}

/// The whole record as files below one folder, by their paths: what any web server or archive can hold. The log itself
/// and the documents are not among them, since they are files already.
///
/// `data` is the data directory, `base_url` and `site` are of the server that it is about. Waits for the disk.
///
/// # Errors
/// In a sentence: an opening can't be read, or opened entries contradict one another.
pub fn static_files(
    data: &FilePath,
    inventory: &Inventory,
    rules: &RulePack,
    base_url: &str,
    site: &str,
) -> Result<Vec<(String, Vec<u8>)>, String> {
    let opened = source::opened(data).map_err(|error| format!("the log's openings: {error}"))?;
    let record = record(&opened)?;
    let page = |depth: usize, title: &str, body: &dyn Fn(&Links) -> String| {
        let links = Links::file(depth, base_url);
        let page = StaticPage {
            links: &links,
            words: &EN,
            site,
            title,
            skip: crate::EN.skip,
            menu: crate::EN.menu,
            utc: crate::EN.times_are_utc,
            body: body(&links),
        };
        page.render()
            .map(String::into_bytes)
            .map_err(|error| error.to_string())
    };
    let Record { report, cases } = &record;
    let mut files = vec![
        (
            "report/index.html".to_owned(),
            page(1, EN.title, &|links| {
                report::body(report, cases, inventory, rules, links, base_url)
            })?,
        ),
        (
            "cases/index.html".to_owned(),
            page(1, EN.cases, &|links| cases_body(cases, links))?,
        ),
        ("style.css".to_owned(), crate::assets::STYLE.as_bytes().to_vec()),
        (
            "report/feed.atom".to_owned(),
            feed::atom(report, cases, base_url, site).into_bytes(),
        ),
    ];
    for case in cases {
        let body = |links: &Links| case::body(case, cases, links, base_url);
        let path = format!("cases/{}/index.html", case.demand);
        files.push((path, page(2, &case::title(case), &body)?));
    }
    let packed = package::files(report).map_err(|error| error.to_string())?;
    files.extend(
        packed
            .into_iter()
            .map(|file| (format!("report/{}", file.path), file.bytes)),
    );
    Ok(files)
}
