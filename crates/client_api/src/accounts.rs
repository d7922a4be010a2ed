//! `/api/v1/accounts`: signing up through an app, and reading accounts.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bauta_model::{AccountId, Handle, Hold, Secret};
use bauta_service::accounts::sign_up::{First, Request, WayIn};
use bauta_service::{App, Refused, accounts};
use bauta_timeline::AccountCard;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::entities::account::{account, list, rendered};
use crate::{Answer, ApiError, Auth, Params, Shared, State, Visit};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/accounts", post(sign_up).get(several))
        .route("/api/v1/accounts/lookup", get(look_up))
        .route("/api/v1/accounts/{id}", get(one))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SignUpForm {
    username: String,
    password: String,
    invite_code: Option<String>,
    reason: Option<String>,
}

/// POST /api/v1/accounts. What else apps send (`email`, `agreement`, `locale`) is not read.
async fn sign_up(
    State(app): State<Shared>,
    auth: Auth,
    Visit(limiter): Visit,
    Params(form): Params<SignUpForm>,
) -> Answer<Json<Value>> {
    let (of, scopes) = auth.app("write:accounts")?;
    let request = Request {
        handle: Handle::parse(&form.username).map_err(|wrong| detailed(wrong.into()))?,
        passphrase: Secret::new(form.password),
        way_in: match (form.invite_code, form.reason) {
            (Some(code), _) => WayIn::Invite(code),
            (None, Some(words)) => WayIn::Asking(words),
            (None, None) => WayIn::Open,
        },
        with_codes: false,
        hold: Hold::AtOnce,
        first: First::App(of, scopes.clone()),
        limiter,
    };
    let signed_up = accounts::sign_up(&app, request).await.map_err(detailed)?;
    Ok(Json(json!({
        "access_token": signed_up.token.expose(),
        "token_type": "Bearer",
        "scope": signed_up.scopes.to_string(),
        "created_at": app.clock.now().unix_seconds(),
    })))
}

/// Names fields as apps name them.
fn detailed(refused: Refused) -> ApiError {
    match refused {
        Refused::Invalid { field, why } => {
            let field = match field {
                "handle" => "username",
                "passphrase" => "password",
                "invite" => "invite_code",
                other => other,
            };
            ApiError::Details(field, why)
        }
        other => other.into(),
    }
}

/// An account and, where it moved, to which.
async fn with_move(app: &App, card: &AccountCard) -> Answer {
    let Some(new) = accounts::moving::moved_to(app, card.account.id).await? else {
        return Ok(json_bytes(rendered(app, card)));
    };
    let mut entity = account(app, &card.account);
    entity["moved"] = account(app, &new.account);
    Ok(json_bytes(entity.to_string().into()))
}

/// GET /api/v1/accounts/:id
async fn one(State(app): State<Shared>, auth: Auth, Path(id): Path<String>) -> Answer {
    auth.viewer("read:accounts")?;
    let id: AccountId = id.parse().map_err(|_| Refused::NotFound)?;
    let card = accounts::by_id(&app, id).await?;
    with_move(&app, &card).await
}

#[derive(Deserialize)]
struct LookUp {
    acct: String,
}

/// GET /api/v1/accounts/lookup
async fn look_up(State(app): State<Shared>, auth: Auth, Params(asked): Params<LookUp>) -> Answer {
    auth.viewer("read:accounts")?;
    let handle = accounts::local_handle(&app, &asked.acct)?;
    let card = accounts::by_handle(&app, &handle).await?;
    with_move(&app, &card).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Several {
    id: Vec<String>,
}

/// The most accounts in one answer.
const MOST: usize = 80;

/// GET /api/v1/accounts?id[]=
async fn several(State(app): State<Shared>, auth: Auth, Params(asked): Params<Several>) -> Answer {
    auth.viewer("read:accounts")?;
    // An id that can't be one is an account that is not there.
    let ids: Vec<AccountId> = asked
        .id
        .iter()
        .filter_map(|id| id.parse().ok())
        .take(MOST)
        .collect();
    let cards = accounts::many(&app, &ids).await?;
    Ok(json_bytes(list(&app, &cards)))
}

/// An answer that is JSON already.
pub(crate) fn json_bytes(bytes: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], Body::from(bytes)).into_response()
}
