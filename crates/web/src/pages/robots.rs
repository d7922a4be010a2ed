//! What programs that read pages are asked to leave alone.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// Pages say by themselves whether they may be listed; here stands what is of no use to anybody's index.
const ROBOTS: &str = "User-agent: *\nDisallow: /l/\nDisallow: /search\nDisallow: /media/\nDisallow: /api/\n";

/// `GET /robots.txt`
pub async fn robots() -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (CACHE_CONTROL, "public, max-age=86400"),
        ],
        ROBOTS,
    )
}
