//! What waits for other servers, by host, and what was given up.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::counted;
use bauta_service::deliveries::{self, GivenUp, Waiting};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::operator;
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_desk::when;
use crate::words_servers::{EN, Words};

/// A host, and how it stands with it.
struct Line {
    host: String,
    deliveries: String,
    how: String,
}

impl Line {
    fn waiting(of: &Waiting) -> Self {
        let how = format!(
            "{} {}, {} {}, {} {}",
            EN.waits_since,
            when(of.since),
            EN.tried,
            counted(of.attempts, EN.time, EN.times),
            EN.next_at,
            when(of.next)
        );
        Self::new(&of.host, of.deliveries, how)
    }

    fn given_up(of: &GivenUp) -> Self {
        let how = format!("{} {}", EN.last_on, of.last.long());
        Self::new(&of.host, of.deliveries, how)
    }

    fn new(host: &str, number: i64, how: String) -> Self {
        Self {
            host: host.to_owned(),
            deliveries: said(number),
            how,
        }
    }
}

fn said(number: impl TryInto<u64>) -> String {
    counted(number, EN.delivery, EN.many_deliveries)
}

#[derive(Template)]
#[template(path = "care/deliveries.html")]
struct Deliveries {
    frame: Frame,
    say: &'static Words,
    /// What was done, in words.
    done: Option<String>,
    /// The host of which the operator is asked whether they are sure.
    question: Option<String>,
    waiting: Vec<Line>,
    given_up: Vec<Line>,
}

/// `GET /moderation/deliveries`, with how many were `tried` or `dropped`
pub async fn look(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let number = |name: &str| ask.text(name).parse::<u64>().ok().map(said);
    let done = match (number("tried"), number("dropped")) {
        (Some(tried), _) => Some(format!("{} {tried}", EN.are_tried)),
        (_, Some(dropped)) => Some(format!("{} {dropped}", EN.are_dropped)),
        _ => None,
    };
    error::answer(&app, &visitor, show(&app, &visitor, done, None).await)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    done: Option<String>,
    question: Option<String>,
) -> Result<Response, Refused> {
    operator(visitor)?;
    let found = deliveries::look(app).await?;
    let shown = Deliveries {
        frame: Frame::new(app, visitor, EN.deliveries, Here::Moderation),
        say: &EN,
        done,
        question,
        waiting: found.waiting.iter().map(Line::waiting).collect(),
        given_up: found.given_up.iter().map(Line::given_up).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// A button: its name is what is done, its value the host.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    retry: String,
    drop: String,
    sure: String,
}

/// `POST /moderation/deliveries`
pub async fn act(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    error::answer(&app, &visitor, acted(&app, &visitor, fields).await)
}

async fn acted(app: &App, visitor: &Visitor, fields: Fields) -> Result<Response, Refused> {
    operator(visitor)?;
    let (what, number) = if !fields.retry.is_empty() {
        ("tried", deliveries::retry(app, &fields.retry).await?)
    } else if !fields.sure.is_empty() {
        ("dropped", deliveries::drop_host(app, &fields.sure).await?)
    } else if !fields.drop.is_empty() {
        return show(app, visitor, None, Some(fields.drop)).await;
    } else {
        return Err(Refused::invalid("form", crate::EN.broken_form));
    };
    Ok(Redirect::to(&format!("/moderation/deliveries?{what}={number}")).into_response())
}
