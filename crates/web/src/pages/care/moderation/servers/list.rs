//! Taking a list of rules in: what it would change first, then the change.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::counted;
use bauta_service::domains::{self, Bad, Planned};
use bauta_service::{App, Refused};

use super::rule::in_words;
use super::{kept, operator, saved};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::upload::Upload;
use crate::visitor::Visitor;
use crate::words_servers::{EN, Words};

/// Bytes of a change that a page can ask about: it goes back in the form, beside other texts.
const MOST_BYTES: usize = 200 * 1024;

/// A change in a line.
struct Change {
    domain: String,
    before: &'static str,
    after: &'static str,
    effect: String,
}

impl Change {
    fn of(planned: &Planned) -> Self {
        let before = planned.before.as_ref();
        Self {
            domain: planned.after.domain.clone(),
            before: before.map_or(EN.list_no_rule, |rule| kept(rule.severity)),
            after: kept(planned.after.severity),
            effect: in_words(&planned.effect),
        }
    }
}

/// What a list comes to.
#[derive(Default)]
struct Looked {
    changes: Vec<Change>,
    bad: Vec<Bad>,
    /// `3 rules`
    count: String,
    /// The changes as a list; empty where it is too long for a form.
    csv: String,
}

#[derive(Template)]
#[template(path = "care/server_list.html")]
struct ListPage {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    looked: Option<Looked>,
}

impl ListPage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /moderation/servers/list`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    error::answer(&app, &visitor, show(&app, &visitor, None, None))
}

fn show(
    app: &App,
    visitor: &Visitor,
    looked: Option<Looked>,
    refused: Option<&Refused>,
) -> Result<Response, Refused> {
    operator(visitor)?;
    let shown = ListPage {
        frame: Frame::new(app, visitor, EN.list_in, Here::Moderation),
        say: &EN,
        trouble: EN.list_not,
        mistake: refused.map(|refused| Mistake::of(refused, &[("list", "list")])),
        looked,
    };
    Ok(page(refused.map_or(StatusCode::OK, error::status), &shown))
}

/// `POST /moderation/servers/list`: a file to look at, or what it would change, to be changed.
pub async fn send(State(app): State<Arc<App>>, mut upload: Upload) -> Response {
    let file = upload.file("list");
    let visitor = &upload.visitor;
    let sent = match take(&app, visitor, file, upload.text("csv")).await {
        Ok(None) => Ok(saved()),
        Ok(Some(looked)) => show(&app, visitor, Some(looked), None),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, visitor, None, Some(&refused)),
    };
    error::answer(&app, visitor, sent)
}

async fn take(
    app: &App,
    visitor: &Visitor,
    file: Option<Vec<u8>>,
    csv: &str,
) -> Result<Option<Looked>, Refused> {
    operator(visitor)?;
    if let Some(file) = file {
        let text = String::from_utf8(file).map_err(|_| Refused::invalid("list", EN.list_no_text))?;
        return look(app, &text).await.map(Some);
    }
    if csv.is_empty() {
        return Err(Refused::invalid("list", EN.list_none));
    }
    let (rules, bad) = domains::read(app, csv);
    if let Some(bad) = bad.into_iter().next() {
        return Err(Refused::invalid("list", bad.why));
    }
    domains::put(app, rules).await?;
    Ok(None)
}

async fn look(app: &App, text: &str) -> Result<Looked, Refused> {
    let (rules, bad) = domains::read(app, text);
    let planned = domains::plan(app, rules).await?;
    let csv = domains::write(planned.iter().map(|planned| &planned.after));
    Ok(Looked {
        changes: planned.iter().map(Change::of).collect(),
        bad,
        count: counted(planned.len(), EN.one_rule, EN.many_rules),
        csv: if csv.len() > MOST_BYTES {
            String::new()
        } else {
            csv
        },
    })
}
