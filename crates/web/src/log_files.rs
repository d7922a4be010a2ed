//! `/log/…`: the public log's files as they are, for whoever wants to check them from wherever.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bauta_ledger::tile::TileId;

/// What a file is, for the one who fetches it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Changes every hour.
    Checkpoint,
    /// Changes now and then.
    Text,
    /// Never changes under its name.
    Tile,
}

/// Serves the log in `folder`. Nothing else of the folder, and nothing outside it, has an address.
pub fn log_files(folder: PathBuf) -> Router {
    Router::new()
        .route("/log/{*path}", get(file))
        .with_state(Arc::new(folder))
}

async fn file(State(folder): State<Arc<PathBuf>>, Path(path): Path<String>) -> Response {
    let Some(kind) = kind(&path) else {
        return (StatusCode::NOT_FOUND, "the log has no such file\n").into_response();
    };
    let Ok(bytes) = tokio::fs::read(folder.join(&path)).await else {
        return (StatusCode::NOT_FOUND, "the log has no such file yet\n").into_response();
    };
    let (content_type, cache) = match kind {
        Kind::Checkpoint => ("text/plain; charset=utf-8", "public, max-age=5"),
        Kind::Text => ("text/plain; charset=utf-8", "public, max-age=60"),
        Kind::Tile => ("application/octet-stream", "public, max-age=31536000, immutable"),
    };
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, cache),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    (headers, bytes).into_response()
}

/// Which of the log's files a path names: only exact names of ours, so that none leads out of the folder.
fn kind(path: &str) -> Option<Kind> {
    match path.split_once('/') {
        None if path == "checkpoint" => Some(Kind::Checkpoint),
        None if path == "policy" => Some(Kind::Text),
        Some(("tile", _)) => TileId::parse(path).map(|_| Kind::Tile),
        Some(("openings", rest)) => {
            let as_tile = TileId::parse(&format!("tile/entries/{rest}"));
            as_tile.filter(|id| id.is_full()).map(|_| Kind::Text)
        }
        Some(("checkpoints", day)) => {
            let is_day = (1..=9).contains(&day.len()) && day.bytes().all(|byte| byte.is_ascii_digit());
            is_day.then_some(Kind::Text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn only_the_logs_own_names_have_an_address() {
        for (path, wanted) in [
            ("checkpoint", Some(Kind::Checkpoint)),
            ("policy", Some(Kind::Text)),
            ("tile/0/000.p/4", Some(Kind::Tile)),
            ("tile/entries/x001/234", Some(Kind::Tile)),
            ("openings/000", Some(Kind::Text)),
            ("openings/x001/234", Some(Kind::Text)),
            ("checkpoints/17263", Some(Kind::Text)),
            ("pending", None),
            ("checkpoint.part", None),
            ("tile/0/000.part", None),
            ("openings/000.p/4", None),
            ("openings/../keys/log.key", None),
            ("checkpoints/../pending", None),
            ("checkpoints/1.part", None),
            ("../keys/log.key", None),
            ("tile/../../keys/log.key", None),
            ("", None),
        ] {
            assert_eq!(kind(path), wanted, "{path}");
        }
    }

    #[tokio::test]
    async fn files_are_served_as_they_are_to_everybody() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("tile/0")).unwrap();
        std::fs::write(folder.path().join("tile/0/000"), [7; 8192]).unwrap();
        std::fs::write(folder.path().join("checkpoint"), "x\n").unwrap();
        std::fs::write(folder.path().join("pending"), "x\n").unwrap();
        let get = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = log_files(folder.path().to_owned())
                .oneshot(request)
                .await
                .unwrap();
            let (parts, body) = answer.into_parts();
            (parts, to_bytes(body, 1 << 20).await.unwrap())
        };
        let (parts, body) = get("/log/tile/0/000").await;
        assert_eq!((parts.status, body.len()), (StatusCode::OK, 8192));
        assert_eq!(parts.headers["content-type"], "application/octet-stream");
        assert_eq!(
            parts.headers["cache-control"],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(parts.headers["access-control-allow-origin"], "*");
        let (parts, body) = get("/log/checkpoint").await;
        assert_eq!((parts.status, &body[..]), (StatusCode::OK, &b"x\n"[..]));
        assert_eq!(parts.headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(parts.headers["cache-control"], "public, max-age=5");
        for missing in [
            "/log/pending",
            "/log/tile/0/001",
            "/log/%2e%2e/keys/log.key",
            "/log/tile/0/..%2f000",
        ] {
            assert_eq!(get(missing).await.0.status, StatusCode::NOT_FOUND, "{missing}");
        }
    }
}
