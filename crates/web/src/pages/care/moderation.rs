//! Moderating: a queue, one report with what is around it, and a record. A decision leads to the next report, so that
//! a case is read, decided and gone without a hand leaving the keyboard.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{ActionId, Day, PostId, PostState, ReportId, Standing};
use bauta_service::moderation::{self, Case, Decision, Entry, Wanted, Why};
use bauta_service::reports::{Category, State as Settled};
use bauta_service::{App, Refused, Speaker, Window};
use serde::Deserialize;

use super::{older, window};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::post::excerpt;
use crate::pages::speaking::Mistake;
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// A moderator. To everybody else these pages are not there.
fn moderator(visitor: &Visitor) -> Result<&Speaker, Refused> {
    let speaker = visitor.person()?;
    if speaker.role.moderates() {
        Ok(speaker)
    } else {
        Err(Refused::NotFound)
    }
}

/// A line of the queue.
struct Line {
    id: ReportId,
    handle: String,
    category: &'static str,
    month: String,
    words: String,
}

#[derive(Template)]
#[template(path = "care/queue.html")]
struct Queue {
    frame: Frame,
    say: &'static Words,
    settled: bool,
    lines: Vec<Line>,
    older: Option<ReportId>,
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
    let queue = Queue {
        frame: Frame::new(app, visitor, EN.moderation, Here::Moderation),
        say: &EN,
        settled,
        lines: found.items.iter().map(line).collect(),
        older: older(&found),
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
    }
}

const fn category(category: Category) -> &'static str {
    match category {
        Category::Violation => EN.report_violation,
        Category::Spam => EN.report_spam,
        Category::Legal => EN.report_legal,
        Category::Other => EN.report_other,
    }
}

/// What a moderator chose.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    /// One of [`Choice`].
    decision: String,
    /// The post that it is about, where it is about one.
    post: String,
    /// Why, as typed.
    reason: String,
}

/// One thing that can be decided.
struct Choice {
    code: &'static str,
    name: &'static str,
    hint: &'static str,
}

/// A decision that was made before.
struct Before {
    what: &'static str,
    day: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "care/case.html")]
struct CasePage {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    fields: Fields,
    id: ReportId,
    handle: String,
    reporter: Option<String>,
    category: &'static str,
    month: String,
    comment: String,
    posts: Vec<(PostId, String)>,
    reported: List,
    around: List,
    before: Vec<Before>,
    settled: Option<&'static str>,
    choices: Vec<Choice>,
    undos: Vec<(&'static str, &'static str)>,
}

impl CasePage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }

    fn is_chosen(&self, post: PostId, first: bool) -> bool {
        if self.fields.post.is_empty() {
            first
        } else {
            self.fields.post == post.to_string()
        }
    }
}

/// `GET /moderation/ID`
pub async fn case(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        case_page(&app, &visitor, &id, &ask, Fields::default(), None).await,
    )
}

async fn case_page(
    app: &App,
    visitor: &Visitor,
    id: &str,
    ask: &Ask,
    fields: Fields,
    refused: Option<Refused>,
) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let id = id.parse().map_err(|_| Refused::NotFound)?;
    let case = moderation::report(app, speaker, id).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let ids = [("decision", "decision"), ("text", "reason")];
    // As strangers see posts: nothing here is for a moderator to like or to answer.
    let reader = Reader {
        account: None,
        ..Reader::new(app, visitor, ask)
    };
    let account = &case.target.account;
    let shown = CasePage {
        frame: Frame::new(
            app,
            visitor,
            format!("{} @{}", EN.case, account.handle),
            Here::Moderation,
        ),
        say: &EN,
        trouble: EN.not_decided,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        fields,
        id,
        handle: account.handle.as_str().to_owned(),
        reporter: case
            .reporter
            .as_ref()
            .map(|card| card.account.handle.as_str().to_owned()),
        category: category(case.report.category),
        month: case.report.month.long(),
        comment: case.report.comment.clone(),
        posts: case
            .posts
            .iter()
            .map(|shown| (shown.card.post.id, excerpt(&shown.card.post, 60)))
            .collect(),
        reported: List::whole(&case.posts, &reader),
        around: List::whole(&case.around, &reader),
        before: case
            .before
            .iter()
            .map(|action| before(action.decision, action.day, &action.reason))
            .collect(),
        settled: match case.report.state {
            Settled::Open => None,
            Settled::Upheld => Some(EN.settled_upheld),
            Settled::Dismissed => Some(EN.settled_dismissed),
        },
        choices: choices(&case),
        undos: undos(&case),
    };
    Ok(page(status, &shown))
}

fn before(decision: Decision, day: Day, reason: &str) -> Before {
    Before {
        what: did(decision),
        day: day.long(),
        reason: reason.to_owned(),
    }
}

const fn did(decision: Decision) -> &'static str {
    match decision {
        Decision::HidePost => EN.did_hide,
        Decision::ShowPost => EN.did_show,
        Decision::DeletePost => EN.did_delete,
        Decision::Limit => EN.did_limit,
        Decision::Unlimit => EN.did_unlimit,
        Decision::Suspend => EN.did_suspend,
        Decision::Unsuspend => EN.did_unsuspend,
        Decision::Warn => EN.did_warn,
        Decision::Resolve => EN.did_resolve,
        Decision::Reopen => EN.did_reopen,
    }
}

/// What can be decided, the mildest first.
fn choices(case: &Case) -> Vec<Choice> {
    let choice = |code, name, hint| Choice { code, name, hint };
    let mut choices = vec![choice("leave", EN.leave, EN.leave_hint)];
    if !case.posts.is_empty() {
        choices.push(choice("hide", EN.hide, EN.hide_hint));
        choices.push(choice("delete", EN.delete, EN.delete_hint));
    }
    let standing = case.target.account.standing;
    if standing == Standing::Good {
        choices.push(choice("limit", EN.limit, EN.limit_hint));
    }
    if standing != Standing::Suspended {
        choices.push(choice("suspend", EN.suspend, EN.suspend_hint));
    }
    choices
}

/// What can be taken back.
fn undos(case: &Case) -> Vec<(&'static str, &'static str)> {
    let mut undos = Vec::new();
    if case.report.state != Settled::Open {
        undos.push(("reopen", EN.reopen));
    }
    if case
        .posts
        .iter()
        .any(|shown| shown.card.post.state == PostState::Hidden)
    {
        undos.push(("show", EN.show_post));
    }
    match case.target.account.standing {
        Standing::Good => {}
        Standing::Limited => undos.push(("unlimit", EN.unlimit)),
        Standing::Suspended => undos.push(("unsuspend", EN.unsuspend)),
    }
    undos
}

/// `POST /moderation/ID`
pub async fn decide(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    ask: Ask,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    error::answer(&app, &visitor, decided(&app, &visitor, &id, &ask, fields).await)
}

async fn decided(
    app: &App,
    visitor: &Visitor,
    id: &str,
    ask: &Ask,
    fields: Fields,
) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let report: ReportId = id.parse().map_err(|_| Refused::NotFound)?;
    match apply(app, speaker, report, &fields).await {
        Ok(Done::Settled) => Ok(Redirect::to(&next(app, speaker).await?).into_response()),
        Ok(Done::TakenBack) => Ok(Redirect::to(&format!("/moderation/{report}")).into_response()),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => case_page(app, visitor, id, ask, fields, Some(refused)).await,
    }
}

/// What a decision came to.
enum Done {
    /// The report waits no longer.
    Settled,
    /// Something decided before is no longer so.
    TakenBack,
}

async fn apply(app: &App, speaker: &Speaker, id: ReportId, fields: &Fields) -> Result<Done, Refused> {
    let case = moderation::report(app, speaker, id).await?;
    let target = case.report.target;
    let post = || -> Result<PostId, Refused> {
        let post = fields
            .post
            .parse()
            .ok()
            .filter(|post| case.report.posts.contains(post));
        post.or_else(|| case.report.posts.first().copied())
            .ok_or(Refused::NotFound)
    };
    let why = Why {
        reason: fields.reason.clone(),
        report: Some(id),
    };
    let taken_back = Why::because(fields.reason.clone());
    match fields.decision.as_str() {
        "leave" => {
            moderation::resolve(app, speaker, id, false).await?;
            return Ok(Done::Settled);
        }
        "hide" => moderation::hide_post(app, speaker, post()?, why).await?,
        "delete" => moderation::delete_post(app, speaker, post()?, why).await?,
        "limit" => moderation::limit(app, speaker, target, why).await?,
        "suspend" => moderation::suspend(app, speaker, target, why).await?,
        other => {
            take_back(app, speaker, &case, other, taken_back).await?;
            return Ok(Done::TakenBack);
        }
    }
    // What was so before leaves no second line on the record, and its report is settled all the same.
    moderation::resolve(app, speaker, id, true).await?;
    Ok(Done::Settled)
}

async fn take_back(app: &App, speaker: &Speaker, case: &Case, what: &str, why: Why) -> Result<(), Refused> {
    let target = case.report.target;
    match what {
        "reopen" => moderation::reopen(app, speaker, case.report.id).await.map(|_| ()),
        "unlimit" => moderation::unlimit(app, speaker, target, why).await,
        "unsuspend" => moderation::unsuspend(app, speaker, target, why).await,
        "show" => {
            for shown in case
                .posts
                .iter()
                .filter(|shown| shown.card.post.state == PostState::Hidden)
            {
                moderation::show_post(app, speaker, shown.card.post.id, why.clone()).await?;
            }
            Ok(())
        }
        _ => Err(Refused::invalid("decision", EN.wrong_decision)),
    }
}

/// The next report that waits, or the queue where none does.
async fn next(app: &App, speaker: &Speaker) -> Result<String, Refused> {
    let found = moderation::queue(app, speaker, Wanted::default(), Window::first(1)).await?;
    let next = found.items.first();
    Ok(next.map_or_else(
        || "/moderation".to_owned(),
        |case| format!("/moderation/{}", case.report.id),
    ))
}

/// A line of the record.
struct Recorded {
    day: String,
    moderator: String,
    what: &'static str,
    target: String,
    reason: String,
    report: Option<ReportId>,
}

#[derive(Template)]
#[template(path = "care/record.html")]
struct Record {
    frame: Frame,
    say: &'static Words,
    lines: Vec<Recorded>,
    older: Option<(i32, ActionId)>,
}

/// Lines of the record on a page.
const RECORD_LINES: usize = 50;

/// `GET /moderation/record`
pub async fn record(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, record_page(&app, &visitor, &ask).await)
}

async fn record_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let day: Option<i32> = ask.parsed("day", crate::EN.wrong_page)?;
    let below = day.map(Day::new).zip(ask.parsed("max_id", crate::EN.wrong_page)?);
    let found = moderation::record(app, speaker, below, RECORD_LINES).await?;
    let last = found.last().filter(|_| found.len() >= RECORD_LINES);
    let record = Record {
        frame: Frame::new(app, visitor, EN.record_title, Here::Moderation),
        say: &EN,
        older: last.map(|entry| (entry.action.day.get(), entry.action.id)),
        lines: found.iter().map(recorded).collect(),
    };
    Ok(page(StatusCode::OK, &record))
}

fn recorded(entry: &Entry) -> Recorded {
    let handle = |card: Option<&Arc<bauta_timeline::AccountCard>>| {
        card.map_or_else(
            || EN.somebody.to_owned(),
            |card| format!("@{}", card.account.handle),
        )
    };
    Recorded {
        day: entry.action.day.long(),
        moderator: handle(entry.moderator.as_ref()),
        what: did(entry.action.decision),
        target: handle(entry.target.as_ref()),
        reason: entry.action.reason.clone(),
        report: entry.action.report,
    }
}
