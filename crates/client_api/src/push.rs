//! `/api/v1/push/subscription`: where an app wants to be woken. Each token has one, and sees no other's.

use std::collections::HashMap;
use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use bauta_service::push::{self, Subscription, Target, Whom, Wish};
use bauta_service::{App, Refused};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route(
        "/api/v1/push/subscription",
        get(show).post(subscribe).put(change).delete(unsubscribe),
    )
}

/// Kinds that Mastodon has and nobody is told of here: an app that asks for them reads that they are off.
const NEVER: [&str; 2] = ["admin.sign_up", "admin.report"];

/// A WebPushSubscription. Messages are as the RFCs have them, whatever an app asked for.
fn entity(app: &App, found: &Subscription) -> Json<Value> {
    let on = |(kind, word): &(_, &str)| ((*word).to_owned(), json!(found.wish.kinds.contains(kind)));
    let mut alerts: Map<String, Value> = push::ALERTS.iter().map(on).collect();
    alerts.extend(NEVER.map(|word| (word.to_owned(), json!(false))));
    Json(json!({
        "id": found.id.to_string(),
        "endpoint": found.endpoint,
        "standard": true,
        "alerts": alerts,
        "policy": found.wish.from.word(),
        "server_key": app.pushes.public_key().unwrap_or_default(),
    }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Data {
    alerts: HashMap<String, bool>,
    policy: Option<String>,
}

impl Data {
    /// A word for something that never happens here asks for nothing; a policy that there is not is wrong.
    fn wish(&self, policy: Option<&str>) -> Result<Wish, ApiError> {
        let wanted = |word: &str| self.alerts.get(word).copied().unwrap_or(false);
        let word = self.policy.as_deref().or(policy).unwrap_or("all");
        let from = Whom::from_word(word)
            .ok_or_else(|| Refused::invalid("policy", "Policy is all, followed, follower or none"))?;
        Ok(Wish {
            kinds: push::ALERTS
                .iter()
                .filter(|(_, word)| wanted(word))
                .map(|(kind, _)| *kind)
                .collect(),
            from,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    subscription: Option<Place>,
    data: Data,
    /// Where Mastodon's libraries put it, beside where it is documented.
    policy: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// POST /api/v1/push/subscription
async fn subscribe(
    State(app): State<Shared>,
    auth: Auth,
    Params(asked): Params<Asked>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("push")?;
    let wish = asked.data.wish(asked.policy.as_deref())?;
    let missing = || Refused::invalid("subscription", "Subscription is missing");
    let Place { endpoint, keys } = asked.subscription.ok_or_else(missing)?;
    let target = Target {
        endpoint,
        p256dh: keys.p256dh,
        auth: keys.auth,
    };
    let made = push::subscribe(&app, speaker, target, wish).await?;
    Ok(entity(&app, &made))
}

/// GET /api/v1/push/subscription
async fn show(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("push")?;
    Ok(entity(&app, &push::subscription(&app, speaker).await?))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Change {
    data: Data,
    policy: Option<String>,
}

/// PUT /api/v1/push/subscription
async fn change(
    State(app): State<Shared>,
    auth: Auth,
    Params(change): Params<Change>,
) -> Answer<Json<Value>> {
    let speaker = auth.person("push")?;
    let wish = change.data.wish(change.policy.as_deref())?;
    Ok(entity(&app, &push::change(&app, speaker, wish).await?))
}

/// DELETE /api/v1/push/subscription
async fn unsubscribe(State(app): State<Shared>, auth: Auth) -> Answer<Json<Value>> {
    let speaker = auth.person("push")?;
    push::unsubscribe(&app, speaker).await?;
    Ok(Json(json!({})))
}
