//! Taking lists and the account along, which asks for the passphrase; bringing lists in.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::Secret;
use bauta_service::exchange::{self, Archive, Kind, Progress, What};
use bauta_service::{App, Refused};
use bytes::Bytes;
use http_body::Frame as BodyFrame;
use serde::Deserialize;

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{Problems, limiter};
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_exchange::{EN, Words};

/// What stands for the whole account in the form.
const ARCHIVE: &str = "archive";

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Follows => EN.export_follows,
        Kind::Blocks => EN.export_blocks,
        Kind::Mutes => EN.export_mutes,
        Kind::Lists => EN.export_lists,
        Kind::Bookmarks => EN.export_bookmarks,
        Kind::Domains => EN.export_domains,
    }
}

fn kinds() -> Vec<(&'static str, &'static str)> {
    Kind::ALL
        .into_iter()
        .map(|kind| (kind.word(), name(kind)))
        .collect()
}

#[derive(Template)]
#[template(path = "account/export.html")]
struct Export {
    frame: Frame,
    suspended: bool,
    say: &'static Words,
    problems: Problems,
    kinds: Vec<(&'static str, &'static str)>,
    archive: &'static str,
}

/// `GET /settings/export`
pub async fn ask_export(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let shown = visitor
        .even_suspended()
        .map(|_| export_page(&app, &visitor, StatusCode::OK, Problems::none()));
    error::answer(&app, &visitor, shown)
}

fn export_page(app: &App, visitor: &Visitor, status: StatusCode, problems: Problems) -> Response {
    let template = Export {
        frame: Frame::new(app, visitor, EN.export, Here::Settings),
        suspended: visitor.suspended.is_some(),
        say: &EN,
        problems,
        kinds: kinds(),
        archive: ARCHIVE,
    };
    page(status, &template)
}

/// What is taken along.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    what: String,
    passphrase: String,
}

/// `POST /settings/export`: the file.
pub async fn export(State(app): State<Arc<App>>, Form(visitor, wanted): Form<Wanted>) -> Response {
    error::answer(&app, &visitor, exported(&app, &visitor, wanted).await)
}

async fn exported(app: &Arc<App>, visitor: &Visitor, wanted: Wanted) -> Result<Response, Refused> {
    let (person, own) = (visitor.even_suspended()?, Secret::new(wanted.passphrase));
    let made = if wanted.what == ARCHIVE {
        exchange::archive(app, person, &own, limiter(visitor))
            .await
            .map(|archive| file("application/gzip", "archive.tar.gz", Body::new(Pieces(archive))))
    } else if let Some(kind) = Kind::from_word(&wanted.what) {
        exchange::export(app, person, kind, &own, limiter(visitor))
            .await
            .map(|csv| file("text/csv; charset=utf-8", kind.file(), Body::from(csv)))
    } else {
        Err(Refused::invalid("what", EN.export_choose))
    };
    made.or_else(|refused| {
        let (status, problems) = Problems::of(refused, ("passphrase", TEXT.pass_wrong))?;
        Ok(export_page(app, visitor, status, problems))
    })
}

fn file(mime: &'static str, name: &str, body: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, mime.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

/// An archive on its way out.
struct Pieces(Archive);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<BodyFrame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(cx).map(|piece| {
            // A file that breaks off must not look whole.
            let piece = piece?.map_err(|refused| std::io::Error::other(refused.to_string()));
            Some(piece.map(|bytes| BodyFrame::data(Bytes::from(bytes))))
        })
    }
}

#[derive(Template)]
#[template(path = "account/import.html")]
struct Import {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    kinds: Vec<(&'static str, &'static str)>,
    archive: &'static str,
    progress: Option<Progress>,
    /// What the last import brings in.
    what: &'static str,
}

/// `GET /settings/import`
pub async fn ask_import(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, import_page(&app, &visitor, Problems::none()))
}

fn import_page(app: &App, visitor: &Visitor, problems: Problems) -> Result<Response, Refused> {
    let progress = exchange::progress(app, visitor.person()?);
    let template = Import {
        frame: Frame::new(app, visitor, EN.import, Here::Settings),
        say: &EN,
        problems,
        kinds: kinds(),
        archive: ARCHIVE,
        what: progress.as_ref().map_or("", |progress| match progress.what {
            What::List(kind) => name(kind),
            What::Archive => EN.import_archive,
        }),
        progress,
    };
    Ok(page(template.problems.status(), &template))
}

/// `POST /settings/import`
pub async fn import(State(app): State<Arc<App>>, mut upload: Upload) -> Response {
    let file = upload.file("file");
    error::answer(&app, &upload.visitor, imported(&app, &upload, file).await)
}

async fn imported(app: &Arc<App>, upload: &Upload, file: Option<Vec<u8>>) -> Result<Response, Refused> {
    let person = upload.visitor.person()?;
    let what = upload.text("what");
    let begun = match (Kind::from_word(what), file) {
        (None, _) if what != ARCHIVE => Err(Refused::invalid("what", EN.import_choose)),
        (_, None) => Err(Refused::invalid("file", EN.import_missing)),
        (Some(kind), Some(file)) => exchange::begin(app, person, kind, file),
        (None, Some(_)) if !upload.ticked("known") => Err(Refused::invalid("known", EN.import_known_missing)),
        (None, Some(file)) => exchange::begin_archive(app, person, file).await,
    };
    match begun {
        Ok(()) => Ok(Redirect::to("/settings/import").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            import_page(app, &upload.visitor, problems)
        }
    }
}
