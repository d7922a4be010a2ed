//! What other servers ask: the same addresses as the pages, told apart by what is accepted.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header, request::Parts};
use axum::middleware::{self, Next};
use axum::response::Response;
use bauta_model::{Account, Handle, PostId};
use bauta_service::reading::{Tie, Viewer, may_read};
use bauta_service::{Refused, accounts, peers, posts};
use bauta_store::remote::RemoteAccount;
use serde_json::{Value, json};

use crate::circles::Circle;
use crate::discovery::{document, plain};
use crate::fetch::Failed;
use crate::signature::Bad;
use crate::{Peers, envelope, followers, json};

/// Every address that is answered here, as FEDERATION.md lists them. `@name` is a handle, `ID` a post.
#[cfg(test)]
pub const ADDRESSES: [&str; 19] = [
    "GET /.well-known/host-meta",
    "GET /.well-known/nodeinfo",
    "GET /.well-known/webfinger",
    "GET /@name",
    "GET /@name/ID",
    "GET /@name/ID/context",
    "GET /@name/ID/quotes/ID",
    "GET /@name/featured",
    "GET /@name/followers",
    "GET /@name/followers_synchronization",
    "GET /@name/following",
    "GET /@name/outbox",
    "GET /@name/tags",
    "GET /actor",
    "GET /actor/outbox",
    "GET /nodeinfo/2.0",
    "GET /nodeinfo/2.1",
    "POST /@name/inbox",
    "POST /inbox",
];

/// What is asked for of a post.
enum Below {
    /// What was said in the thread that it begins.
    Context,
    /// The stamp by which this post may quote it.
    Stamp(PostId),
}

/// The type of everything that is spoken.
const ACTIVITY: &str = "application/activity+json; charset=utf-8";

impl Peers {
    /// Puts what other servers ask before the pages of `router`.
    pub fn serve(peers: &Arc<Self>, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(Arc::clone(peers), intercept))
    }
}

async fn intercept(State(peers): State<Arc<Peers>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match *request.method() {
        Method::POST if is_inbox(&path) => {
            let (parts, body) = request.into_parts();
            peers.inbox(&parts, body).await
        }
        Method::GET | Method::HEAD => {
            if let Some(found) = peers.open(&path, request.uri().query()).await {
                return found;
            }
            if !wants_activity(&request) || !path.starts_with("/@") {
                return next.run(request).await;
            }
            let (parts, _) = request.into_parts();
            peers.asked(&parts, &path).await
        }
        _ => next.run(request).await,
    }
}

fn is_inbox(path: &str) -> bool {
    path == "/inbox"
        || path
            .strip_prefix("/@")
            .and_then(|rest| rest.strip_suffix("/inbox"))
            .is_some_and(|name| Handle::parse(name).is_ok())
}

fn wants_activity(request: &Request) -> bool {
    request.headers().get_all(header::ACCEPT).iter().any(|value| {
        value.to_str().is_ok_and(|value| {
            value.contains("application/activity+json") || value.contains("application/ld+json")
        })
    })
}

impl Peers {
    /// What everybody may ask, unsigned.
    async fn open(&self, path: &str, query: Option<&str>) -> Option<Response> {
        Some(match path {
            "/.well-known/webfinger" => self.answer_webfinger(query).await,
            "/.well-known/host-meta" => self.host_meta(),
            "/.well-known/nodeinfo" => self.nodeinfo_links(),
            "/nodeinfo/2.0" | "/nodeinfo/2.1" => self.nodeinfo(path.trim_start_matches("/nodeinfo/")).await,
            // Whoever verifies our signatures needs it first.
            "/actor" => match self.server_actor().await {
                Ok(actor) => document(StatusCode::OK, ACTIVITY, &actor),
                Err(refused) => refusal(&refused),
            },
            "/actor/outbox" => document(StatusCode::OK, ACTIVITY, &self.collection("actor/outbox", 0)),
            _ => return None,
        })
    }

    /// What only a server that says who it is may ask.
    async fn asked(&self, parts: &Parts, path: &str) -> Response {
        let asker = match self.verified(parts, None).await {
            Ok(signer) => signer,
            Err(refusal) => return refusal,
        };
        match self.document_at((path, parts.uri.query()), &asker).await {
            Ok(found) => document(StatusCode::OK, ACTIVITY, &found),
            Err(Refused::NotFound) => plain(StatusCode::NOT_FOUND, "There is nothing here."),
            Err(refused) => refusal(&refused),
        }
    }

    async fn document_at(&self, (path, query): (&str, Option<&str>), asker: &str) -> Result<Value, Refused> {
        let mut parts = path.trim_start_matches("/@").split('/');
        let handle = Handle::parse(parts.next().unwrap_or_default()).map_err(|_| Refused::NotFound)?;
        let card = match accounts::by_handle(&self.app, &handle).await {
            Err(Refused::NotFound) if parts.clone().next().is_none() => {
                return self.suspended_actor(&handle).await;
            }
            other => other?,
        };
        let account = &*card.account;
        // The name of an actor is written in one way alone.
        if account.handle.as_str() != handle.as_str() {
            return Err(Refused::NotFound);
        }
        let host = json::authority(asker);
        let asker = self.known(asker).await.map_err(|_| Refused::Busy)?;
        let what = parts.next();
        let below = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => None,
            (Some("context"), None, _) => Some(Below::Context),
            (Some("quotes"), Some(quoting), None) => {
                Some(Below::Stamp(quoting.parse().map_err(|_| Refused::NotFound)?))
            }
            _ => return Err(Refused::NotFound),
        };
        if self.is_blocked(account, asker.as_ref()).await? {
            return Err(Refused::NotFound);
        }
        let place = |what: &str| format!("@{}/{what}", account.handle);
        if let (Some(post), Some(below)) = (what, below) {
            let post = post.parse().map_err(|_| Refused::NotFound)?;
            return match below {
                Below::Context => self.context(account, post).await,
                Below::Stamp(quoting) => self.stamp_for((account, post), quoting, (asker, host)).await,
            };
        }
        let page = query.and_then(page_in);
        match what {
            None => self.actor(account).await,
            Some("tags") => self.featured_tags(account).await,
            Some("followers") => {
                self.circle(account, Circle::Followers, (page.as_deref(), asker.as_ref()))
                    .await
            }
            Some(followers::PLACE) => {
                let host = host.ok_or(Refused::NotFound)?;
                self.followers_at(account, &host).await
            }
            Some("following") => {
                self.circle(account, Circle::Following, (page.as_deref(), asker.as_ref()))
                    .await
            }
            Some("featured") => self.featured(account, asker.as_ref()).await,
            Some("outbox") => Ok(self.collection(&place("outbox"), account.posts_count)),
            Some(id) => {
                self.note_for(account, id.parse().map_err(|_| Refused::NotFound)?, asker)
                    .await
            }
        }
    }

    /// A post, if who asks may read it: those that are not for everybody, only the account itself that may.
    pub(crate) async fn note_for(
        &self,
        account: &Account,
        id: PostId,
        asker: Option<RemoteAccount>,
    ) -> Result<Value, Refused> {
        let speaker = asker.map(|asker| peers::speaks(asker.account));
        let found = posts::read(&self.app, speaker.as_ref(), id).await?;
        let readable = match &speaker {
            Some(_) => true,
            None => may_read(
                None::<Viewer>,
                Tie::default(),
                &found.card.post,
                &found.author.account,
            ),
        };
        if !readable || found.boost.is_some() || found.author.account.id != account.id {
            return Err(Refused::NotFound);
        }
        let (note, _) = self.note(&found.card.post, &account.handle).await?;
        Ok(envelope::document(note))
    }

    async fn is_blocked(&self, account: &Account, asker: Option<&RemoteAccount>) -> Result<bool, Refused> {
        let (Some(asker), own) = (asker.map(|asker| asker.account), account.id) else {
            return Ok(false);
        };
        let between = self
            .app
            .store
            .read("between", move |conn| {
                bauta_store::relations::between(conn, own, asker)
            })
            .await?;
        Ok(between.is_blocked())
    }

    /// A list that says how many, and not who.
    pub(crate) fn collection(&self, place: &str, count: i64) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/{place}", self.app.site.base_url),
            "type": "OrderedCollection",
            "totalItems": count,
        })
    }
}

fn page_in(query: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(name, value)| (name == "page").then(|| value.into_owned()))
}

/// A refusal as other servers hear it.
fn refusal(refused: &Refused) -> Response {
    match refused {
        Refused::NotFound => plain(StatusCode::NOT_FOUND, "There is nothing here."),
        Refused::Forbidden(_) => plain(StatusCode::FORBIDDEN, "This is not allowed."),
        Refused::Limited { .. } => plain(StatusCode::TOO_MANY_REQUESTS, "Wait a while, then try again."),
        Refused::Invalid { .. } => plain(StatusCode::UNPROCESSABLE_ENTITY, "This can't be taken in."),
        _ => plain(StatusCode::SERVICE_UNAVAILABLE, "Try again in a while."),
    }
}

/// Why somebody who signed is not believed.
pub(crate) fn unsigned(bad: Bad) -> Response {
    let mut sentence = bad.to_string();
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    plain(StatusCode::UNAUTHORIZED, &format!("{sentence}."))
}

/// What became of an activity that was not taken in.
pub(crate) fn failed(failed: Failed) -> Response {
    match failed {
        Failed::Gone => plain(StatusCode::NOT_FOUND, "There is nothing here."),
        Failed::Refused => plain(StatusCode::FORBIDDEN, "This is not believed."),
        Failed::Later => plain(StatusCode::SERVICE_UNAVAILABLE, "Try again in a while."),
    }
}
