//! Other servers: the rules about them, for moderators to read and for the operator to change, and what waits for them.

mod list;
mod purge;
mod queue;
mod rule;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use bauta_model::{Role, counted};
use bauta_service::domains::{self, How, Rule, ShownTo};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::moderator;
use crate::ask::{Ask, encode};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_servers::{EN, Words};

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/moderation/servers", get(servers).post(settle))
        .route("/moderation/servers/purge", post(purge::send))
        .route("/moderation/servers/rule", get(rule::ask).post(rule::send))
        .route("/moderation/servers/list", get(list::ask).post(list::send))
        .route("/moderation/servers/list.csv", get(take_out))
        .route("/moderation/deliveries", get(queue::look).post(queue::act))
}

/// The operator. To everybody else what they alone do is not there.
fn operator(visitor: &Visitor) -> Result<(), Refused> {
    match visitor.person()?.role {
        Role::Operator => Ok(()),
        _ => Err(Refused::NotFound),
    }
}

/// What was decided about a server, in a word.
const fn kept(severity: How) -> &'static str {
    match severity {
        How::Open => EN.open,
        How::Limit => EN.limited,
        How::Block => EN.blocked,
    }
}

/// A rule in the list.
struct Line {
    domain: String,
    /// Where it is changed.
    place: String,
    kept: String,
    public_comment: String,
    private_comment: String,
}

impl Line {
    fn of(rule: &Rule) -> Self {
        let flags = [
            (rule.reject_media, EN.no_media),
            (rule.reject_reports, EN.no_reports),
            (rule.obfuscate, EN.in_part),
        ];
        let set = flags.into_iter().filter(|(on, _)| *on).map(|(_, words)| words);
        let kept: Vec<&str> = std::iter::once(kept(rule.severity)).chain(set).collect();
        Self {
            domain: rule.domain.clone(),
            place: format!("/moderation/servers/rule?domain={}", encode(&rule.domain)),
            kept: kept.join(", "),
            public_comment: rule.public_comment.clone(),
            private_comment: rule.private_comment.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "care/servers.html")]
struct Servers {
    frame: Frame,
    say: &'static Words,
    /// The visitor may change them.
    operates: bool,
    /// What was done; empty where nothing was.
    done: String,
    mistake: Option<Mistake>,
    /// The server whose pictures were to be deleted.
    purged: String,
    trouble: &'static str,
    lines: Vec<Line>,
    only_allowed: bool,
    shown: [(&'static str, &'static str, bool); 3],
}

/// `GET /moderation/servers`
async fn servers(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let purged = ask.text("purged").parse::<usize>();
    let done = match purged {
        Ok(copies) => counted(copies, EN.copy_deleted, EN.copies_deleted),
        Err(_) if ask.text("saved") == "yes" => EN.servers_saved.to_owned(),
        Err(_) => String::new(),
    };
    error::answer(&app, &visitor, servers_page(&app, &visitor, &done, None))
}

/// The list; with what was done, or what was not and for which server.
fn servers_page(
    app: &App,
    visitor: &Visitor,
    done: &str,
    wrong: Option<(&Refused, &str)>,
) -> Result<Response, Refused> {
    moderator(visitor)?;
    let rules = app.domains.rules();
    let choice = |whom: ShownTo, words| (whom.word(), words, rules.shown_to == whom);
    let shown = Servers {
        frame: Frame::new(app, visitor, EN.servers, Here::Moderation),
        say: &EN,
        operates: operator(visitor).is_ok(),
        done: done.to_owned(),
        mistake: wrong.map(|(refused, _)| Mistake::of(refused, &[("domain", "domain")])),
        purged: wrong.map_or("", |(_, domain)| domain).to_owned(),
        trouble: EN.purge_not,
        lines: rules.all().into_iter().map(Line::of).collect(),
        only_allowed: rules.only_allowed,
        shown: [
            choice(ShownTo::Nobody, EN.shown_nobody),
            choice(ShownTo::Members, EN.shown_members),
            choice(ShownTo::Everybody, EN.shown_everybody),
        ],
    };
    let status = wrong.map_or(StatusCode::OK, |(refused, _)| error::status(refused));
    Ok(page(status, &shown))
}

/// Back to the list, which says that it was done.
fn saved() -> Response {
    Redirect::to("/moderation/servers?saved=yes").into_response()
}

/// What holds for all servers.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Settings {
    mode: String,
    shown_to: String,
}

/// `POST /moderation/servers`
async fn settle(State(app): State<Arc<App>>, Form(visitor, settings): Form<Settings>) -> Response {
    error::answer(&app, &visitor, settled(&app, &visitor, &settings).await)
}

async fn settled(app: &App, visitor: &Visitor, settings: &Settings) -> Result<Response, Refused> {
    operator(visitor)?;
    let broken = || Refused::invalid("form", crate::EN.broken_form);
    let only_allowed = match settings.mode.as_str() {
        "open" => false,
        "allow-list" => true,
        _ => return Err(broken()),
    };
    let shown_to = ShownTo::from_word(&settings.shown_to).ok_or_else(broken)?;
    let rules = app.domains.rules();
    if rules.only_allowed != only_allowed {
        domains::set_only_allowed(app, only_allowed).await?;
    }
    if rules.shown_to != shown_to {
        domains::set_shown_to(app, shown_to).await?;
    }
    Ok(saved())
}

/// `GET /moderation/servers/list.csv`: the rules, in the columns of Mastodon's.
async fn take_out(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let csv = moderator(&visitor).map(|_| {
        let headers = [
            (CONTENT_TYPE, "text/csv; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"domain_blocks.csv\""),
        ];
        (headers, domains::write(app.domains.rules().all())).into_response()
    });
    error::answer(&app, &visitor, csv)
}
