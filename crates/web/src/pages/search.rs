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

#[derive(Template)]
#[template(path = "page/search.html")]
struct Search {
    frame: Frame,
    query: String,
    people: String,
    tags: Vec<(String, String)>,
    list: List,
}

/// `GET /search`
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
        query,
    };
    if !page.query.is_empty() {
        let found = search::search(app, visitor.speaker.as_ref(), &everything(&page.query)).await?;
        page.people = people(&found.accounts);
        page.tags = found
            .tags
            .into_iter()
            .map(|tag| (encode(&tag.tag), tag.tag))
            .collect();
        page.list = List::whole(&found.posts, &Reader::new(app, visitor, ask));
    }
    Ok(public_page(visitor, &page))
}

fn everything(text: &str) -> Question {
    Question {
        text: text.to_owned(),
        kinds: Kinds::ALL,
        following: false,
        author: None,
        limit: PAGE_POSTS,
        offset: 0,
    }
}
