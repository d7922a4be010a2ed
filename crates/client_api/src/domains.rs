//! `/api/v1/admin/domain_blocks`, `/api/v1/admin/domain_allows`: the rules about other servers; and
//! `/api/v1/instance/domain_blocks`, for those to whom the operator shows them.

use std::sync::Arc;

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use bauta_model::{AccountId, Role};
use bauta_service::domains::{self, How, Rule, ShownTo};
use bauta_service::{App, Refused, Speaker};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pages::id_of_path;
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/instance/domain_blocks", get(shown))
        .route("/api/v1/admin/domain_blocks", get(blocks).post(block))
        .route(
            "/api/v1/admin/domain_blocks/{id}",
            get(one_block).put(change).delete(unblock),
        )
        .route("/api/v1/admin/domain_allows", get(allows).post(allow))
        .route(
            "/api/v1/admin/domain_allows/{id}",
            get(one_allow).delete(disallow),
        )
}

/// GET /api/v1/instance/domain_blocks
async fn shown(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let viewer = auth.viewer("read:statuses")?;
    let rules = app.domains.rules();
    match (rules.shown_to, viewer) {
        (ShownTo::Nobody, _) => return Err(Refused::NotFound.into()),
        (ShownTo::Members, None) => return Err(ApiError::InvalidToken),
        _ => {}
    }
    let told = rules.all().into_iter().filter(|rule| is_block(rule)).map(|rule| {
        json!({
            "domain": domains::shown_name(rule),
            "digest": domains::digest(rule),
            "severity": rule.severity.as_api(),
            "comment": rule.public_comment,
        })
    });
    Ok(Json(told.collect()))
}

fn is_block(rule: &Rule) -> bool {
    rule.severity != How::Open
}

fn reader<'a>(auth: &'a Auth, scope: &str) -> Answer<&'a Speaker> {
    let speaker = auth.person(scope)?;
    if speaker.role.moderates() {
        Ok(speaker)
    } else {
        Err(Refused::Forbidden("This is for moderators.").into())
    }
}

/// Who may change rules: a block ends the follows of everybody here.
fn operator(auth: &Auth, scope: &str) -> Answer<()> {
    if auth.person(scope)?.role == Role::Operator {
        Ok(())
    } else {
        Err(Refused::Forbidden("Only operators decide about other servers.").into())
    }
}

/// A rule as Mastodon's `Admin::DomainBlock`, or `Admin::DomainAllow` where it lets a server in.
fn entity(rule: &Rule) -> Value {
    let created = rule.month.start().rfc3339();
    if rule.severity == How::Open {
        return json!({"id": rule.id.to_string(), "domain": rule.domain, "created_at": created});
    }
    json!({
        "id": rule.id.to_string(),
        "domain": rule.domain,
        "digest": domains::digest(rule),
        // A month is the finest that is kept.
        "created_at": created,
        "severity": rule.severity.as_api(),
        "reject_media": rule.reject_media,
        "reject_reports": rule.reject_reports,
        "private_comment": rule.private_comment,
        "public_comment": rule.public_comment,
        "obfuscate": rule.obfuscate,
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Window {
    max_id: Option<i64>,
    since_id: Option<i64>,
    min_id: Option<i64>,
    limit: Option<usize>,
}

/// Rules of a list, unless asked otherwise, and at most.
const USUAL: usize = 100;
const MOST: usize = 200;

/// The part of the rules that is asked for, highest number first.
fn list(app: &App, window: &Window, wanted: impl Fn(&Rule) -> bool) -> Value {
    let rules = app.domains.rules();
    let mut found: Vec<&Rule> = rules.all().into_iter().filter(|rule| wanted(rule)).collect();
    found.retain(|rule| {
        window.max_id.is_none_or(|id| rule.id < id)
            && window.since_id.is_none_or(|id| rule.id > id)
            && window.min_id.is_none_or(|id| rule.id > id)
    });
    found.sort_by_key(|rule| std::cmp::Reverse(rule.id));
    let limit = window.limit.unwrap_or(USUAL).clamp(1, MOST);
    if window.min_id.is_some() {
        found.drain(..found.len().saturating_sub(limit));
    }
    found.into_iter().take(limit).map(entity).collect()
}

fn by_id(app: &App, id: &str, allows: bool) -> Answer<Rule> {
    let id: AccountId = id_of_path(id)?;
    let rules = app.domains.rules();
    let found = rules
        .all()
        .into_iter()
        .find(|rule| rule.id == id.get() && (rule.severity == How::Open) == allows);
    Ok(found.cloned().ok_or(Refused::NotFound)?)
}

/// GET /api/v1/admin/domain_blocks
async fn blocks(
    State(app): State<Shared>,
    auth: Auth,
    Params(window): Params<Window>,
) -> Answer<Json<Value>> {
    reader(&auth, "admin:read:domain_blocks")?;
    Ok(Json(list(&app, &window, is_block)))
}

/// GET /api/v1/admin/domain_blocks/:id
async fn one_block(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    reader(&auth, "admin:read:domain_blocks")?;
    Ok(Json(entity(&by_id(&app, &id, false)?)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct BlockForm {
    domain: String,
    severity: Option<String>,
    reject_media: Option<bool>,
    reject_reports: Option<bool>,
    private_comment: Option<String>,
    public_comment: Option<String>,
    obfuscate: Option<bool>,
}

impl BlockForm {
    /// What the form says; what it leaves out stays.
    fn onto(self, rule: &mut Rule) -> Answer<()> {
        if let Some(word) = self.severity.as_deref() {
            rule.severity = How::from_api(word)
                .filter(|how| *how != How::Open)
                .ok_or_else(|| Refused::invalid("severity", "severity is silence or suspend."))?;
        }
        let flags = [
            (&mut rule.reject_media, self.reject_media),
            (&mut rule.reject_reports, self.reject_reports),
            (&mut rule.obfuscate, self.obfuscate),
        ];
        for (flag, told) in flags {
            *flag = told.unwrap_or(*flag);
        }
        if let Some(comment) = self.private_comment {
            rule.private_comment = comment;
        }
        if let Some(comment) = self.public_comment {
            rule.public_comment = comment;
        }
        Ok(())
    }
}

/// A rule for a domain that has none yet.
fn fresh(app: &App, domain: &str, severity: How) -> Answer<Rule> {
    let domain = domains::named(app, domain)?;
    if app.domains.rules().has(&domain) {
        return Err(Refused::invalid("domain", "There is a rule for this domain already.").into());
    }
    Ok(domains::rule(app, domain, severity))
}

/// Writes a rule, and answers with what is there then.
async fn put(app: &App, rule: Rule) -> Answer<Json<Value>> {
    let (id, allows) = (rule.id.to_string(), rule.severity == How::Open);
    domains::put(app, vec![rule]).await?;
    Ok(Json(entity(&by_id(app, &id, allows)?)))
}

/// POST /api/v1/admin/domain_blocks
async fn block(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<BlockForm>,
) -> Answer<Json<Value>> {
    operator(&auth, "admin:write:domain_blocks")?;
    let mut rule = fresh(&app, &form.domain, How::Limit)?;
    form.onto(&mut rule)?;
    put(&app, rule).await
}

/// PUT /api/v1/admin/domain_blocks/:id
async fn change(
    State(app): State<Shared>,
    auth: Auth,
    Path(id): Path<String>,
    Params(form): Params<BlockForm>,
) -> Answer<Json<Value>> {
    operator(&auth, "admin:write:domain_blocks")?;
    let mut rule = by_id(&app, &id, false)?;
    form.onto(&mut rule)?;
    put(&app, rule).await
}

/// DELETE /api/v1/admin/domain_blocks/:id
async fn unblock(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    operator(&auth, "admin:write:domain_blocks")?;
    domains::remove(&app, &by_id(&app, &id, false)?.domain).await?;
    Ok(Json(json!({})))
}

/// GET /api/v1/admin/domain_allows
async fn allows(
    State(app): State<Shared>,
    auth: Auth,
    Params(window): Params<Window>,
) -> Answer<Json<Value>> {
    reader(&auth, "admin:read:domain_allows")?;
    Ok(Json(list(&app, &window, |rule| !is_block(rule))))
}

/// GET /api/v1/admin/domain_allows/:id
async fn one_allow(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    reader(&auth, "admin:read:domain_allows")?;
    Ok(Json(entity(&by_id(&app, &id, true)?)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AllowForm {
    domain: String,
}

/// POST /api/v1/admin/domain_allows
async fn allow(
    State(app): State<Shared>,
    auth: Auth,
    Params(form): Params<AllowForm>,
) -> Answer<Json<Value>> {
    operator(&auth, "admin:write:domain_allows")?;
    let rule = fresh(&app, &form.domain, How::Open)?;
    put(&app, rule).await
}

/// DELETE /api/v1/admin/domain_allows/:id
async fn disallow(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer<Json<Value>> {
    operator(&auth, "admin:write:domain_allows")?;
    domains::remove(&app, &by_id(&app, &id, true)?.domain).await?;
    Ok(Json(json!({})))
}
