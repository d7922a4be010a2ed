//! Telling other servers: at the beginning of a slot, in random order, again and again until it arrives or days went by.

use std::sync::Arc;
use std::time::Duration;

use bauta_model::{AccountId, CoarseTime, chance};
use bauta_outbound::{Error, Limits, Request};
use bauta_service::by_slot;
use bauta_store::outbox::{self, Activity, Delivery, Outcome};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use url::{Position, Url};

use crate::outgoing::Outgoing;
use crate::sending::{self, Carried};
use crate::signature::{draft, rfc9421};
use crate::{Peers, date, json};

/// Changes that are taken at a time.
const STEP: i64 = 500;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(20);
/// Tries: the last comes some four days after the first.
const MOST_TRIES: i32 = 14;
/// Bytes of an answer that are read: nothing of it matters.
const ANSWER_BYTES: usize = 64 * 1024;

/// Starts the worker.
pub fn start(peers: &Arc<Peers>) {
    let peers = Arc::clone(peers);
    let slot = peers.app.clock.slot();
    let outcomes = sending::start(&peers);
    tokio::spawn(async move {
        loop {
            // What the store refused is logged there, and is still in its tables.
            let _ = peers.prepare().await;
            let _ = peers.send_due(&outcomes).await;
            by_slot::next(slot).await;
        }
    });
}

impl Peers {
    /// Turns changes into activities on their way.
    pub(crate) async fn prepare(&self) -> Result<(), bauta_service::Refused> {
        loop {
            let changes = self
                .app
                .store
                .read("outbox", |conn| outbox::changes(conn, STEP))
                .await?;
            if changes.is_empty() {
                return Ok(());
            }
            for noted in changes {
                let told = self.tell(&noted.change).await?;
                let told: Vec<(Activity, Vec<String>)> = told
                    .into_iter()
                    .map(|told| self.addressed(noted.change.actor, told))
                    .collect();
                self.app
                    .store
                    .write("send", move |conn| outbox::send(conn, &noted, &told))
                    .await?;
            }
        }
    }

    /// An activity of `signer` with the inboxes that it goes to: each once, and none that is not spoken to.
    fn addressed(&self, signer: AccountId, mut told: Outgoing) -> (Activity, Vec<String>) {
        told.inboxes.sort_unstable();
        told.inboxes.dedup();
        told.inboxes
            .retain(|inbox| !json::authority(inbox).is_none_or(|host| self.blocks(&host)));
        let activity = Activity {
            id: AccountId::random().get(),
            signer,
            post: told.post,
            body: told.body.to_string(),
        };
        (activity, told.inboxes)
    }

    pub(crate) async fn deliver(&self, delivery: &Delivery, carried: &Carried) -> Outcome {
        let later = self.later(delivery.attempts);
        let Ok(url) = Url::parse(&delivery.inbox) else {
            return Outcome::Done;
        };
        if !self.may_ask(&url) {
            return Outcome::Done;
        }
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let new = self.new_signatures.lock().contains(&host);
        let status = match self.post_signed(&url, carried, new).await {
            // Another way of signing, once; what is taken is remembered.
            Ok(401) => match self.post_signed(&url, carried, !new).await {
                Ok(status) if status < 400 => {
                    self.remember(host, !new);
                    Ok(status)
                }
                Ok(_) => Ok(401),
                Err(error) => Err(error),
            },
            other => other,
        };
        match status {
            Ok(408 | 425 | 429 | 500..=599) => later,
            // A clock that is wrong, or a key that can't be had: perhaps later.
            Ok(401) => later,
            Ok(_) => Outcome::Done,
            Err(Some(error)) if !error.may_pass() => Outcome::Done,
            Err(_) => later,
        }
    }

    fn remember(&self, host: String, new: bool) {
        let mut hosts = self.new_signatures.lock();
        if !new {
            hosts.remove(&host);
        } else if hosts.len() < 10_000 {
            hosts.insert(host);
        }
    }

    /// Posts an activity, and answers with the status.
    async fn post_signed(&self, url: &Url, carried: &Carried, new: bool) -> Result<u16, Option<Error>> {
        let key = self.own_key(carried.signer).await.map_err(|_| None)?;
        let key_id = carried.key_id.clone();
        let now = self.app.clock.now();
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let more = self.compared_at(carried, host).await;
        let (digest, date) = (carried.digest.clone(), date::write(now));
        let request = Request::post(url.clone(), carried.body.clone())
            .limits(Limits {
                time: LONGEST,
                body: ANSWER_BYTES,
                redirects: 0,
            })
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/activity+json"),
            )
            .prepared(move |method, url| -> Vec<(HeaderName, HeaderValue)> {
                let digest = Some(&digest);
                if new {
                    let created = now.unix_seconds();
                    return rfc9421::sign(
                        &key,
                        &key_id,
                        method,
                        url.as_str(),
                        digest,
                        created,
                        more.as_ref(),
                    );
                }
                let authority = &url[Position::BeforeHost..Position::AfterPort];
                let target = &url[Position::BeforePath..Position::AfterQuery];
                let place = (authority, target);
                draft::sign(&key, &key_id, method, place, digest, &date, more.as_ref())
            });
        match self.client.send(request).await {
            Ok(answer) => Ok(answer.status),
            Err(error) => Err(Some(error)),
        }
    }

    /// The next try: after one slot, then twice as long each time, with jitter; after the last, none.
    fn later(&self, attempts: i32) -> Outcome {
        if attempts + 1 >= MOST_TRIES {
            return Outcome::GivenUp;
        }
        let slot = self.app.clock.slot().as_secs().max(1);
        let longest = slot.saturating_mul(1 << attempts.clamp(0, 13));
        let wait = longest + chance::below(longest / 2 + 1);
        Outcome::Again(CoarseTime::plus(self.app.clock.now(), Duration::from_secs(wait)))
    }
}
