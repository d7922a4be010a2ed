//! Feeds of accounts and hashtags: what strangers may read, as Atom, RSS or JSON Feed. Their times are slots.

mod json;
mod xml;

use std::sync::Arc;

use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Account, CoarseTime, Door, Handle, Post, Visibility};
use bauta_service::reading::Shown;
use bauta_service::timelines::{self, Of, Page};
use bauta_service::{App, Refused, accounts};
use bauta_text::escape_html;

use crate::ask::{PAGE_POSTS, encode};
use crate::media::shown_elsewhere;
use crate::posts::{avatar, posted};
use crate::words::EN;

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    const ALL: [(&'static str, Self); 3] =
        [(".atom", Self::Atom), (".rss", Self::Rss), (".json", Self::Json)];

    /// What a feed's address is of, and its format: neither handles nor hashtags have a dot.
    pub fn split(name: &str) -> Option<(&str, Self)> {
        Self::ALL
            .into_iter()
            .find_map(|(end, format)| Some((name.strip_suffix(end)?, format)))
    }

    fn ending(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(ending, _)| ending)
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }
}

/// A feed, before it is written in a format.
struct Feed {
    title: String,
    about: String,
    /// The page that it is the feed of.
    page: String,
    /// Its own address.
    place: String,
    icon: Option<String>,
    items: Vec<Item>,
}

/// A post in a feed.
struct Item {
    url: String,
    /// The first words.
    title: String,
    html: String,
    published: CoarseTime,
    edited: Option<CoarseTime>,
    author: Arc<Account>,
    author_url: String,
    tags: Vec<String>,
    language: Option<String>,
    media: Vec<Enclosed>,
}

/// A medium of a post in a feed.
struct Enclosed {
    url: String,
    mime: String,
    said: String,
}

impl Feed {
    /// When the newest of it was last changed; an empty feed was never.
    fn updated(&self) -> CoarseTime {
        let times = self
            .items
            .iter()
            .map(|item| item.edited.unwrap_or(item.published));
        times.max().unwrap_or(CoarseTime::from_unix_seconds(0))
    }
}

impl Item {
    fn of(app: &App, base: &str, shown: &Shown) -> Self {
        let (post, author) = (&shown.card.post, &shown.author.account);
        let author_url = format!("{base}/@{}", author.handle);
        Self {
            url: format!("{author_url}/{}", post.id),
            title: crate::pages::excerpt(post, 80),
            html: at(app, base, content(post)),
            published: posted(app, post),
            edited: post.edited,
            author: Arc::clone(author),
            author_url,
            tags: post.tags.clone(),
            language: post.language.clone(),
            media: shown_elsewhere(base, post)
                .into_iter()
                .map(|(url, one)| Enclosed {
                    url,
                    mime: one.mime.clone(),
                    said: one.description.clone(),
                })
                .collect(),
        }
    }
}

/// Links to this server lead to the door that was used.
fn at(app: &App, base: &str, html: String) -> String {
    if base == app.site.base_url {
        return html;
    }
    let link = |base: &str| format!("href=\"{base}/");
    html.replace(&link(&app.site.base_url), &link(base))
}

/// Behind a content warning the text waits on the post's own page.
fn content(post: &Post) -> String {
    if post.warning.is_empty() {
        post.html.clone()
    } else {
        format!("<p><strong>{}</strong></p>", escape_html(&post.warning))
    }
}

/// The feed of an account.
pub async fn of_account(app: &App, door: Door, name: &str, format: Format) -> Result<Response, Refused> {
    let handle = Handle::parse(name).map_err(|_| Refused::NotFound)?;
    let card = accounts::by_handle(app, &handle).await?;
    let account = &card.account;
    if account.handle.as_str() != name {
        let place = format!("/@{}{}", account.handle, format.ending());
        return Ok(Redirect::permanent(&place).into_response());
    }
    let of = Of::Posts {
        replies: false,
        boosts: false,
    };
    let shown = timelines::profile(app, None, account.id, &of, &Page::newest(PAGE_POSTS)).await?;
    let base = app.site.base_at(door);
    let page = format!("{base}/@{}", account.handle);
    let about = bauta_text::excerpt(&bauta_text::plain(&account.bio_html), 200);
    Ok(written(
        &Feed {
            title: format!("{} (@{})", account.name(), account.handle),
            about: if about.is_empty() {
                format!("{} @{}", EN.posts_of, account.handle)
            } else {
                about
            },
            place: format!("{page}{}", format.ending()),
            page,
            icon: Some(format!("{base}{}", avatar(account))),
            items: items(app, &base, &shown),
        },
        format,
    ))
}

/// The feed of a hashtag.
pub async fn of_tag(app: &App, door: Door, name: &str, format: Format) -> Result<Response, Refused> {
    let tag = name.to_lowercase();
    let shown = timelines::tag(app, None, &tag, &Page::newest(PAGE_POSTS)).await?;
    let base = app.site.base_at(door);
    let page = format!("{base}/tags/{}", encode(&tag));
    Ok(written(
        &Feed {
            title: format!("#{tag}"),
            about: EN.tag_lead.to_owned(),
            place: format!("{page}{}", format.ending()),
            page,
            icon: None,
            items: items(app, &base, &shown),
        },
        format,
    ))
}

/// Only what is public: a feed is read by programs that hand it on.
fn items(app: &App, base: &str, shown: &[Shown]) -> Vec<Item> {
    let public = shown
        .iter()
        .filter(|one| one.card.post.visibility == Visibility::Public);
    public.map(|one| Item::of(app, base, one)).collect()
}

fn written(feed: &Feed, format: Format) -> Response {
    let body = match format {
        Format::Atom => xml::atom(feed),
        Format::Rss => xml::rss(feed),
        Format::Json => json::json(feed),
    };
    let headers = [
        (CONTENT_TYPE, format.media_type()),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
        (CACHE_CONTROL, "public, max-age=30"),
    ];
    (headers, body).into_response()
}
