//! Search for people, tags and public posts. What is searched for is kept nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bauta_service::search::{self, Kinds, Question};
use bauta_service::{App, Refused};

use crate::ask::{Ask, PAGE_POSTS, encode};
use crate::error;
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader, people};
use crate::visitor::Visitor;
use crate::words::EN;

/// A longer question is nobody's.
const QUERY_CHARS: usize = 200;

/// One kind of what can be found: its name in an address.
const PEOPLE: &str = "people";
const TAGS: &str = "tags";
const POSTS: &str = "posts";

#[derive(Template)]
#[template(path = "page/search.html")]
struct Search {
    frame: Frame,
    query: String,
    people: String,
    tags: Vec<(String, String)>,
    list: List,
    /// Where more people and more tags are.
    more_people: Option<String>,
    more_tags: Option<String>,
    /// The part before, where only one kind is shown.
    back: Option<String>,
}

/// `GET /search`, with `q`; `kind` and `from` lead through the results of one kind
pub async fn show(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, page(&app, &visitor, &ask).await)
}

async fn page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let query = ask.text("q").trim().to_owned();
    if query.chars().count() > QUERY_CHARS {
        return Err(Refused::invalid("q", EN.search_too_long));
    }
    let mut page = Search {
        frame: Frame::new(app, visitor, EN.search, Here::Search),
        people: String::new(),
        tags: Vec::new(),
        list: List::default(),
        more_people: None,
        more_tags: None,
        back: None,
        query,
    };
    if !page.query.is_empty() {
        let part = Part::of(ask)?;
        let found = search::search(app, visitor.speaker.as_ref(), &part.question(&page.query)).await?;
        let more = |kind, count| part.after(&page.query, kind, count);
        page.more_people = more(PEOPLE, found.accounts.len());
        page.more_tags = more(TAGS, found.tags.len());
        let older = more(POSTS, found.posts.len());
        page.people = people(app, &found.accounts);
        page.tags = found
            .tags
            .into_iter()
            .map(|tag| (encode(&tag.tag), tag.tag))
            .collect();
        page.list = List {
            older,
            ..List::whole(&found.posts, &Reader::new(app, visitor, ask))
        };
        page.back = part.before(&page.query);
    }
    Ok(public_page(visitor, &page))
}

/// Which part of the results is asked for.
struct Part<'a> {
    /// One kind; empty for the beginning of each.
    kind: &'a str,
    from: usize,
}

impl<'a> Part<'a> {
    fn of(ask: &'a Ask) -> Result<Self, Refused> {
        let kind = ask.text("kind");
        let from: usize = ask.parsed("from", EN.wrong_page)?.unwrap_or_default();
        if !["", PEOPLE, TAGS, POSTS].contains(&kind) || (kind.is_empty() && from > 0) {
            return Err(Refused::invalid("kind", EN.wrong_page));
        }
        Ok(Self { kind, from })
    }

    fn question(&self, text: &str) -> Question {
        let wanted = |kind| self.kind.is_empty() || self.kind == kind;
        Question {
            text: text.to_owned(),
            kinds: Kinds {
                accounts: wanted(PEOPLE),
                tags: wanted(TAGS),
                posts: wanted(POSTS),
            },
            following: false,
            author: None,
            limit: PAGE_POSTS,
            offset: self.from,
        }
    }

    /// Where the results of a kind go on; they do where the part is full.
    fn after(&self, query: &str, kind: &str, count: usize) -> Option<String> {
        (count >= PAGE_POSTS).then(|| link(query, kind, self.from.saturating_add(PAGE_POSTS)))
    }

    /// The part before; of the first part of one kind, the beginning of each.
    fn before(&self, query: &str) -> Option<String> {
        match (self.kind, self.from) {
            ("", _) => None,
            (_, 0) => Some(format!("?q={}", encode(query))),
            (kind, from) => Some(link(query, kind, from.saturating_sub(PAGE_POSTS))),
        }
    }
}

fn link(query: &str, kind: &str, from: usize) -> String {
    format!("?q={}&kind={kind}&from={from}", encode(query))
}
