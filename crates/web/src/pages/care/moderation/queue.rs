//! The queue of reports.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::ReportId;
use bauta_service::moderation::{self, Case, Wanted};
use bauta_service::{App, Refused};

use super::{category, moderator};
use crate::ask::Ask;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::care::illegal::kind_name;
use crate::pages::care::{older, window};
use crate::pages::post::excerpt;
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// A line of the queue.
struct Line {
    id: ReportId,
    handle: String,
    category: &'static str,
    month: String,
    words: String,
    assignee: Option<String>,
}

#[derive(Template)]
#[template(path = "care/queue.html")]
struct Queue {
    frame: Frame,
    say: &'static Words,
    settled: bool,
    lines: Vec<Line>,
    older: Option<ReportId>,
    quarantine: &'static crate::words_quarantine::Words,
    /// Those with a last day, soonest first: number, about whom, what it is said to be, the day.
    due: Vec<(ReportId, String, &'static str, String)>,
}

/// `GET /moderation`, and `?settled=yes`
pub async fn queue(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, queue_page(&app, &visitor, &ask).await)
}

async fn queue_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let settled = !ask.text("settled").is_empty();
    let wanted = Wanted {
        resolved: settled,
        ..Wanted::default()
    };
    let found = moderation::queue(app, speaker, wanted, window(ask)?).await?;
    let due = if settled {
        Vec::new()
    } else {
        moderation::due(app, speaker).await?
    };
    let due = due.iter().filter_map(|(case, alarm)| {
        let handle = case.target.account.handle.as_str().to_owned();
        Some((case.report.id, handle, kind_name(alarm.kind), alarm.due?.long()))
    });
    let queue = Queue {
        frame: Frame::new(app, visitor, EN.moderation, Here::Moderation),
        say: &EN,
        settled,
        lines: found.items.iter().map(line).collect(),
        older: older(&found),
        quarantine: &crate::words_quarantine::EN,
        due: due.collect(),
    };
    Ok(page(StatusCode::OK, &queue))
}

fn line(case: &Case) -> Line {
    let words = match case.posts.first() {
        Some(shown) => excerpt(&shown.card.post, 120),
        None => bauta_text::excerpt(&case.report.comment, 120),
    };
    Line {
        id: case.report.id,
        handle: case.target.account.handle.as_str().to_owned(),
        category: category(case.report.category),
        month: case.report.month.long(),
        words,
        assignee: case
            .assignee
            .as_ref()
            .map(|card| card.account.handle.as_str().to_owned()),
    }
}
