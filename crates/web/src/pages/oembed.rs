//! oEmbed: how a newspaper quotes a post. The answer is a quotation with its text in it, which needs no script and loads
//! nothing from here. <https://oembed.com>

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use bauta_model::{Handle, PostId};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};
use bauta_text::escape_html;
use serde::Serialize;
use url::Url;

use crate::ask::Ask;
use crate::error;
use crate::posts::posted;

/// As wide as a quotation is, where there is room.
const WIDTH: u32 = 550;

/// An answer of the type "rich".
#[derive(Serialize)]
struct Answer {
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'static str,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    html: String,
    width: u32,
    height: Option<u32>,
}

/// `GET /api/oembed?url=…`
pub async fn oembed(State(app): State<Arc<App>>, ask: Ask) -> Response {
    if !matches!(ask.text("format"), "" | "json") {
        return answer(
            StatusCode::NOT_IMPLEMENTED,
            "{\"error\":\"Only JSON is offered.\"}".to_owned(),
        );
    }
    match quoted(&app, &ask).await {
        Ok(found) => answer(StatusCode::OK, serde_json::to_string(&found).unwrap_or_default()),
        Err(refused) => {
            let body = serde_json::json!({ "error": refused.to_string() });
            answer(error::status(&refused), body.to_string())
        }
    }
}

async fn quoted(app: &App, ask: &Ask) -> Result<Answer, Refused> {
    let (handle, id) = place(app, ask.text("url")).ok_or(Refused::NotFound)?;
    // A private post is not there for whoever asks without signing in; the specification's 401 would say that it is.
    let shown = bauta_service::posts::read(app, None, id).await?;
    let author = &shown.author.account;
    if author.handle != handle || shown.boost.is_some() {
        return Err(Refused::NotFound);
    }
    let width: u32 = ask.text("maxwidth").parse().unwrap_or(WIDTH);
    Ok(Answer {
        kind: "rich",
        version: "1.0",
        title: format!("{} (@{})", author.name(), author.handle),
        author_name: author.name().to_owned(),
        author_url: format!("{}/@{}", app.site.base_url, author.handle),
        provider_name: app.site.title.clone(),
        provider_url: format!("{}/", app.site.base_url),
        cache_age: 3600,
        html: quotation(app, &shown),
        width: width.min(WIDTH),
        height: None,
    })
}

/// The post that an address of this server stands for.
fn place(app: &App, url: &str) -> Option<(Handle, PostId)> {
    let (url, ours) = (Url::parse(url).ok()?, Url::parse(&app.site.base_url).ok()?);
    let same = matches!(url.scheme(), "http" | "https")
        && url.host() == ours.host()
        && (url.port_or_known_default() == ours.port_or_known_default()
            || url.port().is_none() && ours.port().is_none());
    let mut parts = url.path_segments().filter(|_| same)?;
    let handle = parts.next()?.strip_prefix('@')?;
    let id = parts.next()?.parse().ok()?;
    let rest = parts.next().unwrap_or_default();
    let whole = matches!(rest, "" | "embed") && parts.next().is_none();
    Handle::parse(handle)
        .ok()
        .filter(|_| whole)
        .map(|handle| (handle, id))
}

/// A post as a quotation for other people's pages: its text, and who said it when, linked to the post.
pub fn quotation(app: &App, shown: &Shown) -> String {
    let (post, author) = (&shown.card.post, &shown.author.account);
    let url = format!("{}/@{}/{}", app.site.base_url, author.handle, post.id);
    let lang = post
        .language
        .as_ref()
        .map(|code| format!(" lang=\"{}\"", escape_html(code)))
        .unwrap_or_default();
    let text = if post.warning.is_empty() {
        plain_markup(&post.html)
    } else {
        format!("<p>{}</p>", escape_html(&post.warning))
    };
    format!(
        "<blockquote class=\"bauta-post\" cite=\"{url}\"{lang}>{text}<p><a href=\"{url}\">— {name} (@{handle}) {date}</a></p></blockquote>",
        url = escape_html(&url),
        name = escape_html(author.name()),
        handle = author.handle,
        date = posted(app, post).day().long_us(),
    )
}

/// Our own HTML without classes and the elements that only carry them: on somebody else's page they may mean anything.
fn plain_markup(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut pieces = html.split('<');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        // Every `<` of a rendered text begins a tag.
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if let Some(href) = tag.strip_prefix("a ").and_then(|rest| rest.split('"').nth(1)) {
            out.extend(["<a href=\"", href, "\">"]);
        } else if !tag.starts_with("span") && tag != "/span" {
            out.extend(["<", tag, ">"]);
        }
        out.push_str(text);
    }
    out
}

fn answer(status: StatusCode, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (CACHE_CONTROL, "public, max-age=30"),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SITE: bauta_text::Site<'static> = bauta_text::Site {
        domain: "bauta.example",
        base: "https://bauta.example",
    };

    proptest! {
        #[test]
        fn a_quotation_says_the_same_in_plainer_markup(text in "(\\PC|https://a\\.example/\\PC{0,40}|#[a-z]{1,5}|\n){0,40}") {
            let html = bauta_text::render(&text, SITE, |_| None).html;
            let plainer = plain_markup(&html);
            prop_assert_eq!(bauta_text::plain(&plainer), bauta_text::plain(&html));
            prop_assert_eq!(plainer.matches("<a ").count(), html.matches("<a ").count());
            prop_assert_eq!(bauta_tests::fragment_lint(&plainer), Vec::<String>::new());
            prop_assert!(!plainer.contains("class="));
        }
    }
}
