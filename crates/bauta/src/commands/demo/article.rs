//! The newspaper's article: it asks this server's oEmbed for two posts and pastes what comes back, as a newspaper would.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use axum::response::Html;
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt;

use super::story::Cast;
use crate::failure::{Failure, Outcome};

/// A newspaper of its own: nothing of this server's stylesheet.
const STYLE: &str = "body { font: 1.1rem/1.6 Georgia, 'Noto Serif', serif; margin: 2rem auto; max-width: 38rem; padding: 0 1rem; \
     color: #222; background: #fff } h1 { line-height: 1.2 } blockquote { margin: 1.5rem 0; padding: 0 1.2rem; border-inline-start: \
     3px solid #999; font-family: system-ui, sans-serif } .invisible { display: none }";

/// The largest oEmbed answer that is read.
const MOST: usize = 64 * 1024;

/// Adds the article to the demo's router.
pub async fn join(router: Router, base: &str, cast: &Cast) -> Outcome<Router> {
    let statement = embed(
        &router,
        &format!("{base}/@{}/{}", cast.engineers.handle, cast.statement),
    )
    .await?;
    let thanks = embed(&router, &format!("{base}/@{}/{}", cast.fund.handle, cast.thanks)).await?;
    let page = page(&thanks, &statement);
    let article = Router::new()
        .route(
            "/demo/article",
            get(move || std::future::ready(Html(page.clone()))),
        )
        .route(
            "/demo/article.css",
            get(|| async { ([(CONTENT_TYPE, "text/css")], STYLE) }),
        );
    Ok(article.merge(router))
}

/// The `html` that oEmbed gives for a post.
async fn embed(router: &Router, url: &str) -> Outcome<String> {
    let query: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    let request = Request::get(format!("/api/oembed?url={query}"))
        .body(Body::empty())
        .map_err(|error| Failure::new(error.to_string()))?;
    let Ok(response) = router.clone().oneshot(request).await;
    if response.status() != StatusCode::OK {
        return Err(Failure::new(format!(
            "oEmbed answered {} for {url}",
            response.status()
        )));
    }
    let body = to_bytes(response.into_body(), MOST)
        .await
        .map_err(|error| Failure::new(error.to_string()))?;
    let answer: Value = serde_json::from_slice(&body).map_err(|error| Failure::new(error.to_string()))?;
    answer["html"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("oEmbed gave no html"))
}

fn page(first: &str, second: &str) -> String {
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/demo/article.css">
<title>Office withdraws its demand · The Lock Gazette (made up)</title>
</head>
<body>
<main>
<p><b>The Lock Gazette</b> · 8 April 2017 · a made-up newspaper</p>
<h1>Office withdraws its demand to learn who writes about the river</h1>
<p>A day after the host of an anonymous account went to court, the Waterways Office has taken back the paper with
which it had asked for the names behind it. The paper was faxed on 14 March; it was due on 13 March.</p>
<p>The fund that represents the account announced the withdrawal on Friday evening:</p>
{first}
<p>The account itself, which 153,000 people follow, thanked them within the hour:</p>
{second}
<p>The case was dismissed without prejudice: it can be brought again.</p>
</main>
</body>
</html>
"#
    )
}
