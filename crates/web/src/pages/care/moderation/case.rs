//! One report with what is around it, and what can be decided.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Day, PostId, PostState, ReportId};
use bauta_service::moderation::{self, Case, Due, Kind, Wanted, Why};
use bauta_service::reports::State as Settled;
use bauta_service::{App, Refused, Speaker, Window};
use serde::Deserialize;

use super::{Before, Choice, category, moderator, standing_choices, standing_undos};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::care::illegal::kind_name;
use crate::pages::post::excerpt;
use crate::pages::speaking::Mistake;
use crate::posts::{List, Reader};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};
use crate::words_quarantine::EN as QUARANTINE;

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
    /// What it is, where it goes into quarantine.
    kind: String,
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
    /// Who took it on, and whether that is whoever looks.
    assignee: Option<String>,
    mine: bool,
    settled: Option<&'static str>,
    choices: Vec<Choice>,
    quarantine: &'static crate::words_quarantine::Words,
    /// What a reporter without an account says it is, and by when it is answered.
    alarm: Option<(&'static str, Option<String>)>,
    kinds: [(&'static str, &'static str); 4],
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
    let ids = [("decision", "decision"), ("text", "reason"), ("kind", "kind")];
    // As strangers see posts: nothing here is for a moderator to like or to answer.
    let reader = Reader {
        context: None,
        account: None,
        grey: true,
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
        fields: prefilled(fields, &case),
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
        before: case.before.iter().map(Before::of).collect(),
        assignee: case
            .assignee
            .as_ref()
            .map(|card| card.account.handle.as_str().to_owned()),
        mine: case.report.assignee == Some(speaker.account),
        settled: match case.report.state {
            Settled::Open => None,
            Settled::Upheld => Some(EN.settled_upheld),
            Settled::Dismissed => Some(EN.settled_dismissed),
        },
        choices: choices(&case),
        quarantine: &QUARANTINE,
        alarm: case
            .alarm
            .map(|alarm| (kind_name(alarm.kind), alarm.due.map(Day::long))),
        kinds: Kind::ALL.map(|(kind, word)| (word, kind_name(kind))),
        undos: undos(&case),
    };
    Ok(page(status, &shown))
}

/// What its reporter says it is, until a moderator chooses something else.
fn prefilled(mut fields: Fields, case: &Case) -> Fields {
    if fields.kind.is_empty() {
        case.alarm
            .map_or("", |alarm| alarm.kind.word())
            .clone_into(&mut fields.kind);
    }
    fields
}

/// What can be decided, the mildest first.
fn choices(case: &Case) -> Vec<Choice> {
    let mut choices = vec![Choice::new("leave", EN.leave, EN.leave_hint)];
    if !case.posts.is_empty() {
        choices.push(Choice::new("hide", EN.hide, EN.hide_hint));
        choices.push(Choice::new("delete", EN.delete, EN.delete_hint));
    }
    choices.push(Choice::new(
        "quarantine",
        QUARANTINE.quarantine,
        QUARANTINE.quarantine_hint,
    ));
    choices.extend(standing_choices(case.target.account.standing));
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
    undos.extend(standing_undos(case.target.account.standing));
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
    /// The report is shown again: something decided before is no longer so, or somebody took it on.
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
        "quarantine" => {
            let kind =
                Kind::of_word(&fields.kind).ok_or_else(|| Refused::invalid("kind", QUARANTINE.wrong_kind))?;
            let due = if case.posts.is_empty() {
                Due::Profile(target)
            } else {
                Due::Post(post()?)
            };
            moderation::quarantine(app, speaker, due, kind, why).await?;
        }
        "warn" => moderation::warn(app, speaker, target, why).await?,
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
        "assign" => moderation::assign(app, speaker, case.report.id).await.map(|_| ()),
        "unassign" => moderation::unassign(app, speaker, case.report.id)
            .await
            .map(|_| ()),
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
