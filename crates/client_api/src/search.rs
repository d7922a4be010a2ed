//! `/api/v2/search` and `/api/v1/accounts/search`.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use bauta_model::AccountId;
use bauta_service::search::{self, Kinds, Question};
use bauta_service::{App, Refused};
use bauta_timeline::AccountCard;
use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::json_bytes;
use crate::entities::{account, status};
use crate::pages::{id, limit};
use crate::{Answer, ApiError, Auth, Params, Shared, State};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v2/search", get(everything))
        .route("/api/v1/accounts/search", get(people))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    r#type: Option<String>,
    resolve: bool,
    following: bool,
    account_id: Option<String>,
    limit: Option<u32>,
    offset: u32,
}

impl Asked {
    fn question(self, kinds: Kinds, usual: u32, most: u32) -> Result<Question, ApiError> {
        Ok(Question {
            author: id::<AccountId>("account_id", self.account_id.as_deref())?,
            text: self.q,
            kinds,
            following: self.following,
            limit: limit(self.limit, usual, most),
            offset: self.offset as usize,
        })
    }
}

fn kinds(word: Option<&str>) -> Result<Kinds, ApiError> {
    match word {
        None | Some("") => Ok(Kinds::ALL),
        Some("accounts") => Ok(only(|kinds| kinds.accounts = true)),
        Some("hashtags") => Ok(only(|kinds| kinds.tags = true)),
        Some("statuses") => Ok(only(|kinds| kinds.posts = true)),
        Some(_) => Err(Refused::invalid("type", "Type is accounts, hashtags or statuses.").into()),
    }
}

fn only(set: impl Fn(&mut Kinds)) -> Kinds {
    let mut kinds = Kinds {
        accounts: false,
        tags: false,
        posts: false,
    };
    set(&mut kinds);
    kinds
}

/// GET /api/v2/search
async fn everything(State(app): State<Shared>, auth: Auth, Params(asked): Params<Asked>) -> Answer {
    let viewer = auth.viewer("read:search")?;
    if viewer.is_none() && (asked.resolve || asked.offset > 0) {
        // As Mastodon: strangers get a first page, and nothing is looked up elsewhere for them.
        return Err(ApiError::InvalidToken);
    }
    let kinds = kinds(asked.r#type.as_deref())?;
    let found = search::search(&app, viewer, &asked.question(kinds, 20, 40)?).await?;
    let tags: Vec<Value> = found
        .tags
        .iter()
        .map(|tag| {
            json!({
                "id": tag.tag,
                "name": tag.tag,
                "url": status::tag_url(&app.site.base_url, &tag.tag),
                "history": [],
                "following": false,
            })
        })
        .collect();
    let mut out = BytesMut::new();
    out.put_slice(b"{\"accounts\":");
    put_people(&mut out, &app, &found.accounts);
    out.put_slice(b",\"statuses\":");
    status::put_list(
        &mut out,
        &app,
        viewer.map(|speaker| speaker.account),
        &found.posts,
    );
    out.put_slice(b",\"hashtags\":");
    out.put_slice(Value::Array(tags).to_string().as_bytes());
    out.put_u8(b'}');
    Ok(json_bytes(out.freeze()))
}

/// GET /api/v1/accounts/search
async fn people(State(app): State<Shared>, auth: Auth, Params(asked): Params<Asked>) -> Answer {
    let speaker = auth.person("read:accounts")?;
    let question = asked.question(only(|kinds| kinds.accounts = true), 40, 80)?;
    let found = search::search(&app, Some(speaker), &question).await?;
    let mut out = BytesMut::new();
    put_people(&mut out, &app, &found.accounts);
    Ok(json_bytes(Bytes::from(out)))
}

fn put_people(out: &mut BytesMut, app: &App, people: &[Arc<AccountCard>]) {
    out.put_u8(b'[');
    for (nth, card) in people.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        out.put(account::rendered(app, card));
    }
    out.put_u8(b']');
}
