//! Before a link in a stranger's direct post: where it leads, in plain words. It goes on by the reader's own click, and
//! only to an address that stands in that post.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::{Post, Visibility};
use bauta_service::{App, Refused};
use url::Url;

use super::post_at;
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::posts::Reader;
use crate::visitor::Visitor;
use crate::words::{EN, Words};

/// What begins a link in our own HTML, up to its address: quotes in text are escaped, so it stands nowhere else.
const LINK: &str = "href=\"";

/// Whether links of a post are led over the page for this reader: it is a direct post to them, of somebody whom they
/// don't follow.
pub fn guards(post: &Post, reader: &Reader<'_>) -> bool {
    let Some(me) = reader.account else {
        return false;
    };
    post.visibility == Visibility::Direct
        && post.author != me
        && post.mentions.iter().any(|mention| mention.account == me)
        && !reader
            .app
            .timelines
            .reader(me)
            .is_some_and(|reader| reader.follows(post.author))
}

/// The HTML of a post with its links led over the page; `place` is the post's path. A short link of ours leads to where it
/// shows where it leads.
pub fn guarded(html: &str, place: &str) -> String {
    let mut parts = html.split(LINK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut number = 0;
    for part in parts {
        let (target, rest) = part.split_once('"').unwrap_or((part, ""));
        out.push_str(LINK);
        if leads_away(target) {
            out.extend([place, "/leave/", &number.to_string()]);
            number += 1;
        } else {
            out.push_str(target);
            if target.starts_with("/l/") && !target.ends_with('+') {
                out.push('+');
            }
        }
        out.push('"');
        out.push_str(rest);
    }
    out
}

/// The address of the link of this number.
fn link(html: &str, number: usize) -> Option<Url> {
    let targets = html.split(LINK).skip(1).filter_map(|part| part.split_once('"'));
    let mut away = targets
        .map(|(target, _)| target)
        .filter(|target| leads_away(target));
    let target = away.nth(number)?.replace("&#38;", "&").replace("&amp;", "&");
    Url::parse(&target).ok()
}

fn leads_away(target: &str) -> bool {
    target.contains(':') || target.starts_with("//")
}

#[derive(Template)]
#[template(path = "page/leave.html")]
struct Leave {
    frame: Frame,
    words: &'static Words,
    host: String,
    url: String,
    /// Nothing is encrypted on the way.
    plain: bool,
    back: String,
}

/// `GET /@handle/ID/leave/NUMBER`
pub async fn ask(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path((handle, id, number)): Path<(String, String, String)>,
    ask: Ask,
) -> Response {
    let shown = show(&app, &visitor, (handle, id), &number, &ask).await;
    error::answer(&app, &visitor, shown)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    path: (String, String),
    number: &str,
    ask: &Ask,
) -> Result<Response, Refused> {
    visitor.person()?;
    let number: usize = number.parse().map_err(|_| Refused::NotFound)?;
    let shown = match post_at(app, visitor, &path, &format!("/leave/{number}")).await? {
        Ok(shown) => shown,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let post = &shown.card.post;
    if post.visibility != Visibility::Direct {
        return Err(Refused::NotFound);
    }
    let reader = Reader::new(app, visitor, ask);
    let url = link(&reader.relative(&post.html), number).ok_or(Refused::NotFound)?;
    let leave = Leave {
        frame: Frame::new(app, visitor, EN.leave_title, Here::Elsewhere),
        words: &EN,
        host: url.host_str().unwrap_or_default().to_owned(),
        plain: url.scheme() != "https",
        url: url.to_string(),
        back: format!("/@{}/{}", shown.author.account.handle, post.id),
    };
    Ok(page(StatusCode::OK, &leave))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HTML: &str = r#"<p><a href="/@bob">@bob</a> see <a href="https://a.example/x?y=1&#38;z=2" rel="x">a.example</a>, <a href="/l/abc">short</a> and <a href="http://b.example/">b</a></p>"#;

    #[test]
    fn links_away_are_numbered_and_found_again() {
        assert_eq!(
            guarded(HTML, "/@eve/7"),
            r#"<p><a href="/@bob">@bob</a> see <a href="/@eve/7/leave/0" rel="x">a.example</a>, <a href="/l/abc+">short</a> and <a href="/@eve/7/leave/1">b</a></p>"#
        );
        assert_eq!(link(HTML, 0).unwrap().as_str(), "https://a.example/x?y=1&z=2");
        assert_eq!(link(HTML, 1).unwrap().as_str(), "http://b.example/");
        assert_eq!(link(HTML, 2), None);
    }

    proptest! {
        #[test]
        fn nothing_leads_away_from_what_is_guarded(targets in prop::collection::vec("[/:a-z@.+]{0,12}", 0..5)) {
            let links: Vec<String> = targets.iter().map(|target| format!("<a href=\"{target}\">x</a>")).collect();
            let html = links.concat();
            let guarded = guarded(&html, "/@eve/7");
            let ours = Url::parse("https://ours.example/").unwrap();
            let away = targets.iter().filter(|target| leads_away(target)).count();
            prop_assert_eq!(guarded.matches("/@eve/7/leave/").count(), away);
            for part in guarded.split(LINK).skip(1) {
                let there = ours.join(part.split('"').next().unwrap());
                prop_assert!(there.is_ok_and(|there| there.host_str() == Some("ours.example")));
            }
        }
    }
}
