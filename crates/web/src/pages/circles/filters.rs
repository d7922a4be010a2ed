//! Filters: words that a person does not want to come upon.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::FilterId;
use bauta_service::filters::{self, Action, Context, Filter, Keyword, KeywordWish, Wish};
use bauta_service::{App, Refused};

use crate::csrf::{Form, Nothing};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_circles::{EN, Words};

#[derive(Template)]
#[template(path = "circles/filters.html")]
struct All {
    frame: Frame,
    say: &'static Words,
    /// Number, name, the moment when it ends or ended.
    filters: Vec<(FilterId, String, Option<String>)>,
}

/// `GET /filters`
pub async fn all(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, all_page(&app, &visitor).await)
}

async fn all_page(app: &App, visitor: &Visitor) -> Result<Response, Refused> {
    let found = filters::all(app, visitor.person()?).await?;
    let line = |filter: &Filter| {
        let until = filter
            .until
            .map(|until| format!("{}, {}", until.day().long(), until.clock_utc()));
        (filter.id, filter.title.clone(), until)
    };
    let all = All {
        frame: Frame::new(app, visitor, EN.filters, Here::Settings),
        say: &EN,
        filters: found.iter().map(line).collect(),
    };
    Ok(page(StatusCode::OK, &all))
}

/// The name of a context in the form, and its words.
fn contexts() -> [(Context, &'static str, &'static str); 5] {
    [
        (Context::Home, "home", EN.filter_home),
        (Context::Notifications, "notifications", EN.filter_notifications),
        (Context::Public, "public", EN.filter_public),
        (Context::Thread, "thread", EN.filter_thread),
        (Context::Account, "account", EN.filter_account),
    ]
}

#[derive(Template)]
#[template(path = "circles/filter.html")]
struct One {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    /// Where the form goes; a filter that is there can be deleted.
    id: Option<FilterId>,
    title: String,
    keywords: String,
    whole_words: bool,
    hides: bool,
    /// Name, words, chosen.
    contexts: Vec<(&'static str, &'static str, bool)>,
}

/// The form of a filter, as it was typed: everything may be missing.
type Fields = HashMap<String, String>;

fn one(app: &App, visitor: &Visitor, id: Option<FilterId>, fields: &Fields, problems: Problems) -> Response {
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let title = if id.is_some() {
        EN.filter_change
    } else {
        EN.filter_new
    };
    let one = One {
        frame: Frame::new(app, visitor, title, Here::Settings),
        say: &EN,
        id,
        title: text("title"),
        keywords: text("keywords"),
        whole_words: fields.contains_key("whole_words"),
        hides: text("action") == "hide",
        contexts: contexts()
            .iter()
            .map(|(_, name, words)| (*name, *words, fields.contains_key(*name)))
            .collect(),
        problems,
    };
    page(one.problems.status(), &one)
}

/// A filter as its form shows it.
fn fields_of(filter: &Filter) -> Fields {
    let keywords: Vec<&str> = filter.keywords.iter().map(|one| one.keyword.as_str()).collect();
    let mut fields = Fields::from([
        ("title".to_owned(), filter.title.clone()),
        ("keywords".to_owned(), keywords.join("\n")),
    ]);
    let mut set = |name: &str, value: &str| fields.insert(name.to_owned(), value.to_owned());
    if filter.action == Action::Hide {
        set("action", "hide");
    }
    if filter.keywords.iter().all(|keyword| keyword.whole_word) {
        set("whole_words", "1");
    }
    for (context, name, _) in contexts() {
        if filter.contexts.contains(&context) {
            set(name, "1");
        }
    }
    fields
}

/// `GET /filters/new`
pub async fn begin(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let begun = visitor.person().map(|_| {
        let names = contexts()
            .map(|(_, name, _)| name)
            .into_iter()
            .chain(["whole_words"]);
        let fields = names.map(|name| (name.to_owned(), "1".to_owned())).collect();
        one(&app, &visitor, None, &fields, Problems::none())
    });
    error::answer(&app, &visitor, begun)
}

/// `GET /filters/ID`
pub async fn show(State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    error::answer(&app, &visitor, shown(&app, &visitor, &id).await)
}

async fn shown(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let filter = filters::get(app, visitor.person()?, number(id)?).await?;
    let fields = fields_of(&filter);
    Ok(one(app, visitor, Some(filter.id), &fields, Problems::none()))
}

fn number(id: &str) -> Result<FilterId, Refused> {
    id.parse().map_err(|_| Refused::NotFound)
}

/// Days after which a filter ends by itself, as the form offers them.
const DAYS: [&str; 3] = ["1", "7", "30"];

/// What a form wishes for a filter that has `now` as its keywords.
fn wish(fields: &Fields, now: &[Keyword]) -> Wish {
    let text = |name: &str| fields.get(name).map_or("", String::as_str);
    let whole = fields.contains_key("whole_words");
    let lines: Vec<&str> = text("keywords")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let kept = now.iter().map(|keyword| KeywordWish {
        id: Some(keyword.id),
        keyword: None,
        whole_word: Some(whole),
        destroy: !lines.contains(&keyword.keyword.as_str()),
    });
    let is_new = |line: &&&str| !now.iter().any(|keyword| keyword.keyword == **line);
    let new = lines.iter().filter(is_new).map(|line| KeywordWish {
        keyword: Some((*line).to_owned()),
        whole_word: Some(whole),
        ..KeywordWish::default()
    });
    let days = DAYS.iter().find(|days| **days == text("days"));
    let days = days.and_then(|days| days.parse().ok());
    let all = contexts();
    let chosen = all.iter().filter(|(_, name, _)| fields.contains_key(*name));
    let action = if text("action") == "hide" {
        Action::Hide
    } else {
        Action::Warn
    };
    Wish {
        title: Some(text("title").to_owned()),
        contexts: Some(chosen.map(|(context, ..)| *context).collect()),
        action: Some(action),
        lasting: Some(days.map(|days: u64| Duration::from_hours(24 * days))),
        keywords: kept.chain(new).collect(),
    }
}

/// `POST /filters/new`
pub async fn create(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, created(&app, &visitor, &fields).await)
}

async fn created(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response, Refused> {
    match filters::create(app, visitor.person()?, wish(fields, &[])).await {
        Ok(_) => Ok(Redirect::to("/filters").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            Ok(one(app, visitor, None, fields, problems))
        }
    }
}

/// `POST /filters/ID`
pub async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, changed(&app, &visitor, &id, &fields).await)
}

async fn changed(app: &App, visitor: &Visitor, id: &str, fields: &Fields) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let filter = filters::get(app, speaker, number(id)?).await?;
    match filters::update(app, speaker, filter.id, wish(fields, &filter.keywords)).await {
        Ok(_) => Ok(Redirect::to("/filters").into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            Ok(one(app, visitor, Some(filter.id), fields, problems))
        }
    }
}

/// `POST /filters/ID/delete`
pub async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(visitor, _): Form<Nothing>,
) -> Response {
    error::answer(&app, &visitor, deleted(&app, &visitor, &id).await)
}

async fn deleted(app: &App, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    filters::delete(app, visitor.person()?, number(id)?).await?;
    Ok(Redirect::to("/filters").into_response())
}
