//! `/api/v1/admin`: the reports queue and what moderators decide, as far as Mastodon's words reach.
//!
//! `ip`, `ips` and `email` are empty: this server has none to give.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::Uri;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{AccountId, ReportId, Standing};
use bauta_service::accounts::waiting;
use bauta_service::moderation::{self, Case, Listing, Wanted, Why};
use bauta_service::reports::{Category, State as ReportState};
use bauta_service::{App, Refused, Speaker};
use bauta_timeline::AccountCard;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::{account, status};
use crate::pages::{Windowed, id, id_of_path, linked_around};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/admin/reports", get(reports))
        .route("/api/v1/admin/reports/{id}", get(report).put(change_report))
        .route("/api/v1/admin/reports/{id}/assign_to_self", post(assign))
        .route("/api/v1/admin/reports/{id}/unassign", post(unassign))
        .route("/api/v1/admin/reports/{id}/resolve", post(resolve))
        .route("/api/v1/admin/reports/{id}/reopen", post(reopen))
        .route("/api/v1/admin/accounts", get(accounts))
        .route("/api/v2/admin/accounts", get(accounts))
        .route(
            "/api/v1/admin/accounts/{id}",
            get(one_account).delete(delete_account),
        )
        .route("/api/v1/admin/accounts/{id}/action", post(act))
        .route("/api/v1/admin/accounts/{id}/approve", post(approve))
        .route("/api/v1/admin/accounts/{id}/reject", post(reject))
        .route("/api/v1/admin/accounts/{id}/unsilence", post(unsilence))
        .route("/api/v1/admin/accounts/{id}/unsuspend", post(unsuspend))
        .route("/api/v1/admin/accounts/{id}/enable", post(as_it_is))
        .route("/api/v1/admin/accounts/{id}/unsensitive", post(as_it_is))
}

/// An account as moderators see it, with what whoever waits to be let in said.
fn admin_account(app: &App, card: &AccountCard, asks: Option<&str>) -> Value {
    let of = &card.account;
    json!({
        "id": of.id.to_string(),
        "username": of.handle.name(),
        "domain": of.handle.domain(),
        "created_at": of.joined.start().rfc3339(),
        "email": null,
        "ip": null,
        "ips": [],
        "locale": null,
        "invite_request": asks.filter(|words| !words.is_empty()),
        "role": account::role(of.role),
        "confirmed": true,
        "approved": asks.is_none(),
        "disabled": false,
        "silenced": of.standing == Standing::Limited,
        "suspended": of.standing == Standing::Suspended && asks.is_none(),
        "sensitized": false,
        "account": account::account(app, of),
        "created_by_application_id": null,
        "invited_by_account_id": null,
    })
}

/// A report as moderators see it.
fn admin_report(app: &App, speaker: AccountId, case: &Case) -> Value {
    let person = |card: &Option<Arc<AccountCard>>| card.as_deref().map(|card| admin_account(app, card, None));
    let posts = status::list(app, Some(speaker), &case.posts);
    let posts: Value = serde_json::from_slice(&posts).unwrap_or_default();
    let created = case.report.month.start().rfc3339();
    json!({
        "id": case.report.id.to_string(),
        "action_taken": case.report.state != ReportState::Open,
        "action_taken_at": null,
        "category": case.report.category.as_api(),
        "comment": case.report.comment,
        "forwarded": false,
        // A month is the finest that is kept of a report.
        "created_at": created,
        "updated_at": created,
        "account": person(&case.reporter),
        "target_account": admin_account(app, &case.target, None),
        "assigned_account": person(&case.assignee),
        "action_taken_by_account": null,
        "statuses": posts,
        "rules": [],
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ReportsForm {
    resolved: bool,
    account_id: Option<String>,
    target_account_id: Option<String>,
    max_id: Option<String>,
    since_id: Option<String>,
    min_id: Option<String>,
    limit: Option<u32>,
}

/// Rows of the lists here, unless asked otherwise, and at most.
const USUAL: u32 = 100;
const MOST: u32 = 200;

/// GET /api/v1/admin/reports
async fn reports(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(form): Params<ReportsForm>,
) -> Answer {
    let speaker = auth.person("admin:read:reports")?;
    let wanted = Wanted {
        resolved: form.resolved,
        target: id("target_account_id", form.target_account_id.as_deref())?,
        reporter: id("account_id", form.account_id.as_deref())?,
    };
    let windowed = Windowed {
        max_id: form.max_id,
        since_id: form.since_id,
        min_id: form.min_id,
        limit: form.limit,
    };
    let page = moderation::queue(&app, speaker, wanted, windowed.window(USUAL, MOST)?).await?;
    let all: Vec<Value> = page
        .items
        .iter()
        .map(|case| admin_report(&app, speaker.account, case))
        .collect();
    let answer = Json(all).into_response();
    Ok(linked_around(
        answer,
        &app.site.base_url,
        &asked,
        &page,
        ReportId::get,
    ))
}

/// GET /api/v1/admin/reports/:id
async fn report(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:read:reports")?;
    let case = moderation::report(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

/// POST /api/v1/admin/reports/:id/assign_to_self
async fn assign(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:reports")?;
    let case = moderation::assign(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

/// POST /api/v1/admin/reports/:id/unassign
async fn unassign(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:reports")?;
    let case = moderation::unassign(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

/// POST /api/v1/admin/reports/:id/resolve: nothing was to be done. A report that led to something is settled by that.
async fn resolve(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:reports")?;
    let case = moderation::resolve(&app, speaker, id_of_path(&id)?, false).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

/// POST /api/v1/admin/reports/:id/reopen
async fn reopen(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:reports")?;
    let case = moderation::reopen(&app, speaker, id_of_path(&id)?).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

/// The words of both versions of the list.
#[derive(Deserialize, Default)]
#[serde(default)]
struct AccountsForm {
    username: Option<String>,
    active: bool,
    silenced: bool,
    suspended: bool,
    staff: bool,
    pending: bool,
    status: Option<String>,
    permissions: Option<String>,
    max_id: Option<String>,
    since_id: Option<String>,
    min_id: Option<String>,
    limit: Option<u32>,
}

impl AccountsForm {
    fn listing(&self) -> Listing {
        let status = self.status.as_deref();
        let standing = if self.suspended || status == Some("suspended") {
            Some(Standing::Suspended)
        } else if self.silenced || status == Some("silenced") {
            Some(Standing::Limited)
        } else if self.active || status == Some("active") {
            Some(Standing::Good)
        } else {
            None
        };
        Listing {
            standing,
            handle: self.username.clone().filter(|name| !name.is_empty()),
            waiting: self.pending || status == Some("pending"),
            staff: self.staff || self.permissions.as_deref() == Some("staff"),
        }
    }
}

/// GET /api/v1/admin/accounts, GET /api/v2/admin/accounts
async fn accounts(
    State(app): State<Shared>,
    auth: Auth,
    asked: Uri,
    Params(form): Params<AccountsForm>,
) -> Answer {
    let speaker = auth.person("admin:read:accounts")?;
    let listing = form.listing();
    let windowed = Windowed {
        max_id: form.max_id,
        since_id: form.since_id,
        min_id: form.min_id,
        limit: form.limit,
    };
    let page = moderation::people(&app, speaker, listing, windowed.window(USUAL, MOST)?).await?;
    let ids = page.items.iter().map(|card| card.account.id).collect();
    let asking = waiting::said_by(&app, speaker, ids).await?;
    let one = |card: &Arc<AccountCard>| {
        let asks = asking.get(&card.account.id).map(String::as_str);
        admin_account(&app, card, asks)
    };
    let all: Vec<Value> = page.items.iter().map(one).collect();
    let answer = Json(all).into_response();
    Ok(linked_around(
        answer,
        &app.site.base_url,
        &asked,
        &page,
        AccountId::get,
    ))
}

/// GET /api/v1/admin/accounts/:id
async fn one_account(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:read:accounts")?;
    Ok(Json(seen(&app, speaker, id_of_path(&id)?).await?))
}

async fn seen(app: &App, speaker: &Speaker, id: AccountId) -> Result<Value, Refused> {
    let card = moderation::person(app, speaker, id).await?;
    let asking = waiting::said_by(app, speaker, vec![id]).await?;
    Ok(admin_account(app, &card, asking.get(&id).map(String::as_str)))
}

/// POST /api/v1/admin/accounts/:id/approve
async fn approve(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target = id_of_path(&id)?;
    waiting::let_in(&app, speaker, target).await?;
    Ok(Json(seen(&app, speaker, target).await?))
}

/// POST /api/v1/admin/accounts/:id/reject: the account is deleted.
async fn reject(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target = id_of_path(&id)?;
    let last = seen(&app, speaker, target).await?;
    waiting::turn_away(&app, speaker, target).await?;
    Ok(Json(last))
}

/// DELETE /api/v1/admin/accounts/:id: for good, of an account that was suspended before.
async fn delete_account(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target = id_of_path(&id)?;
    let last = seen(&app, speaker, target).await?;
    moderation::delete_account(&app, speaker, target).await?;
    Ok(Json(last))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ReportForm {
    category: Option<String>,
}

/// PUT /api/v1/admin/reports/:id. Which rules were broken is told to the author in words, not by numbers: `rule_ids` is unknown
/// here.
async fn change_report(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<ReportForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:reports")?;
    let id = id_of_path(&id)?;
    if let Some(word) = &form.category {
        let why = "category is spam, legal, violation or other.";
        let category = Category::from_api(word).ok_or_else(|| Refused::invalid("category", why))?;
        moderation::set_category(&app, speaker, id, category).await?;
    }
    let case = moderation::report(&app, speaker, id).await?;
    Ok(Json(admin_report(&app, speaker.account, &case)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ActionForm {
    r#type: String,
    report_id: Option<String>,
    text: String,
}

/// POST /api/v1/admin/accounts/:id/action
async fn act(
    State(app): State<Shared>,
    auth: Auth,
    Path(of): Path<String>,
    Params(form): Params<ActionForm>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target: AccountId = id_of_path(&of)?;
    let why = Why {
        reason: form.text,
        report: id("report_id", form.report_id.as_deref())?,
    };
    match form.r#type.as_str() {
        "none" => moderation::warn(&app, speaker, target, why).await?,
        "silence" => moderation::limit(&app, speaker, target, why).await?,
        "suspend" => moderation::suspend(&app, speaker, target, why).await?,
        _ => {
            let why = "type is none, silence or suspend.";
            return Err(ApiError::from(Refused::invalid("type", why)));
        }
    }
    Ok(Json(json!({})))
}

/// POST /api/v1/admin/accounts/:id/unsilence
async fn unsilence(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target: AccountId = id_of_path(&id)?;
    moderation::unlimit(&app, speaker, target, Why::default()).await?;
    Ok(Json(seen(&app, speaker, target).await?))
}

/// POST /api/v1/admin/accounts/:id/unsuspend
async fn unsuspend(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    let target: AccountId = id_of_path(&id)?;
    moderation::unsuspend(&app, speaker, target, Why::default()).await?;
    Ok(Json(seen(&app, speaker, target).await?))
}

/// POST /api/v1/admin/accounts/:id/enable and `…/unsensitive`: no account is ever disabled or marked here, so that each
/// is already what is asked for.
async fn as_it_is(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    let speaker = auth.person("admin:write:accounts")?;
    Ok(Json(seen(&app, speaker, id_of_path(&id)?).await?))
}
