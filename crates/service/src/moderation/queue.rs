//! The queue of reports.

use std::sync::Arc;

use bauta_model::{AccountId, ActionId, PostId, ReportId};
use bauta_store::alarms::{self, Alarm};
use bauta_store::moderation::{self, Action, Decision};
use bauta_store::reports::{self, Category, Report, State, Wanted};
use bauta_store::{Conn, Window};
use bauta_timeline::AccountCard;

use super::decide::moderators_only;
use crate::reading::{Shown, account_cards, shown};
use crate::{App, Listed, Refused, Speaker};

/// A report with those whom it is about.
#[derive(Clone)]
pub struct Case {
    /// The report.
    pub report: Report,
    /// Whom it is about.
    pub target: Arc<AccountCard>,
    /// Who reported, while that account is there.
    pub reporter: Option<Arc<AccountCard>>,
    /// Which moderator took it on.
    pub assignee: Option<Arc<AccountCard>>,
    /// The reported posts that are still there, whoever they were meant for.
    pub posts: Vec<Shown>,
    /// What everybody can read around the first of them. Only where one report is asked for.
    pub around: Vec<Shown>,
    /// What was decided about the account before, last day first. Only where one report is asked for.
    pub before: Vec<Action>,
    /// What a reporter without an account says it is. Only where one report is asked for.
    pub alarm: Option<Alarm>,
}

/// Reports that wait, or that are settled, in no order that tells anything.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate; so for all below.
pub async fn queue(
    app: &App,
    speaker: &Speaker,
    wanted: Wanted,
    window: Window<ReportId>,
) -> Result<Listed<Case, ReportId>, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("reports", move |conn| reports::list(conn, wanted, &window))
        .await
        .map_err(Refused::from)?;
    let ids: Vec<ReportId> = found.iter().map(|report| report.id).collect();
    Ok(Listed::new(cases(app, found).await?, &ids, &window))
}

/// Posts around a reported one, on each side.
const AROUND: i64 = 3;
/// Decisions before, at most.
const BEFORE: i64 = 20;

/// One report, with what is around the posts and what was decided before.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn report(app: &App, speaker: &Speaker, id: ReportId) -> Result<Case, Refused> {
    moderators_only(speaker)?;
    let (report, around, before, alarm) = app
        .store
        .read("report", move |conn| {
            let report = reports::by_id(conn, id)?.ok_or(Refused::NotFound)?;
            let around = around(conn, &report)?;
            let before = moderation::about(conn, report.target, BEFORE)?;
            Ok::<_, Refused>((report, around, before, alarms::of(conn, id)?))
        })
        .await?;
    let case = cases(app, vec![report]).await?.pop().ok_or(Refused::NotFound)?;
    Ok(Case {
        around: shown(app, None, &around).await?,
        before,
        alarm,
        ..case
    })
}

fn around(conn: &mut Conn, report: &Report) -> Result<Vec<PostId>, Refused> {
    let Some(first) = report.posts.first() else {
        return Ok(Vec::new());
    };
    let Some(post) = bauta_store::posts::by_id(conn, *first)? else {
        return Ok(Vec::new());
    };
    Ok(moderation::around(conn, &post, AROUND)?)
}

pub(super) async fn cases(app: &App, found: Vec<Report>) -> Result<Vec<Case>, Refused> {
    let people: Vec<AccountId> = found
        .iter()
        .flat_map(|report| [Some(report.target), report.reporter, report.assignee])
        .flatten()
        .collect();
    let cards = account_cards(app, &people).await?;
    let posts: Vec<PostId> = found
        .iter()
        .flat_map(|report| report.posts.iter().copied())
        .collect();
    let posts = shown(app, None, &posts).await?;
    let card = |id: Option<AccountId>| id.and_then(|id| cards.get(&id)).cloned();
    Ok(found
        .into_iter()
        .filter_map(|report| {
            Some(Case {
                target: card(Some(report.target))?,
                reporter: card(report.reporter),
                assignee: card(report.assignee),
                posts: posts
                    .iter()
                    .filter(|post| report.posts.contains(&post.id()))
                    .cloned()
                    .collect(),
                around: Vec::new(),
                before: Vec::new(),
                alarm: None,
                report,
            })
        })
        .collect())
}

/// How many reports wait: for the frame of moderators' pages. To others, none.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn count_open(app: &App, speaker: &Speaker) -> Result<i64, Refused> {
    if !speaker.role.moderates() {
        return Ok(0);
    }
    let count = app.store.read("count_reports", reports::count_open).await?;
    Ok(count)
}

/// Takes a report on.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn assign(app: &App, speaker: &Speaker, id: ReportId) -> Result<Case, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    work(app, speaker, id, move |conn| {
        reports::set_assignee(conn, id, Some(me))
    })
    .await
}

/// Gives a report back to the queue.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unassign(app: &App, speaker: &Speaker, id: ReportId) -> Result<Case, Refused> {
    speaker.speaks()?;
    work(app, speaker, id, move |conn| {
        reports::set_assignee(conn, id, None)
    })
    .await
}

/// Settles a report. `upheld`: it was right, whatever was done about it.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn resolve(app: &App, speaker: &Speaker, id: ReportId, upheld: bool) -> Result<Case, Refused> {
    speaker.speaks()?;
    let state = if upheld { State::Upheld } else { State::Dismissed };
    set_state(app, speaker, id, state, Decision::Resolve).await
}

/// Opens a report again.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn reopen(app: &App, speaker: &Speaker, id: ReportId) -> Result<Case, Refused> {
    speaker.speaks()?;
    set_state(app, speaker, id, State::Open, Decision::Reopen).await
}

async fn set_state(
    app: &App,
    speaker: &Speaker,
    id: ReportId,
    state: State,
    decision: Decision,
) -> Result<Case, Refused> {
    let me = speaker.account;
    work(app, speaker, id, move |conn| {
        let Some(report) = reports::by_id(conn, id)? else {
            return Ok(false);
        };
        if report.state != state {
            let action = Action {
                id: ActionId::random(),
                moderator: me,
                target: report.target,
                post: None,
                report: Some(id),
                decision,
                reason: String::new(),
                day: conn.now().day(),
            };
            moderation::record(conn, &action)?;
            reports::set_state(conn, id, state)?;
        }
        Ok(true)
    })
    .await
}

/// Changes a report, and answers with it.
async fn work<F>(app: &App, speaker: &Speaker, id: ReportId, change: F) -> Result<Case, Refused>
where
    F: FnOnce(&mut Conn) -> bauta_store::Result<bool> + Send + 'static,
{
    moderators_only(speaker)?;
    if !app.store.write("work_on_report", change).await? {
        return Err(Refused::NotFound);
    }
    report(app, speaker, id).await
}

/// Says what a report is about, where its reporter chose otherwise.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn set_category(
    app: &App,
    speaker: &Speaker,
    id: ReportId,
    category: Category,
) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let known = app
        .store
        .write("set_category", move |conn| {
            reports::set_category(conn, id, category)
        })
        .await?;
    if known { Ok(()) } else { Err(Refused::NotFound) }
}
