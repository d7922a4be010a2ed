//! Sending: at the beginning of a slot, in random order, and a few slots long what did not arrive.

use std::sync::Arc;
use std::time::Duration;

use bauta_outbound::{Client, Limits, Request};
use bauta_service::push::{self, Due};
use bauta_service::{App, by_slot};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use tokio::task::JoinSet;
use url::Url;

use crate::key::Key;
use crate::message;
use crate::seal::seal;

/// Messages on their way at a time.
const AT_ONCE: usize = 32;
/// How long one may take.
const LONGEST: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read: nothing of it matters.
const ANSWER_BYTES: usize = 16 * 1024;
/// Tries, a slot apart. What was missed is in the app's list all the same.
const MOST_TRIES: u8 = 3;
/// How long a push service keeps a message for a device that sleeps, in seconds: two days, as Mastodon says.
const KEPT: &str = "172800";

/// What became of a message.
enum Outcome {
    Done,
    /// The service does not know the app any more.
    Gone,
    Again,
}

struct Sender {
    app: Arc<App>,
    client: Client,
    key: Key,
}

/// Starts the worker.
pub fn start(app: Arc<App>, client: Client, key: Key) {
    let sender = Arc::new(Sender { app, client, key });
    tokio::spawn(async move {
        let mut again = Vec::new();
        loop {
            by_slot::next(sender.app.clock.slot()).await;
            let mut going = std::mem::take(&mut again);
            // What the store refused is logged there; the notifications are in everybody's list.
            going.extend(
                push::due(&sender.app)
                    .await
                    .unwrap_or_default()
                    .into_iter()
                    .map(|due| (due, 1)),
            );
            let (gone, failed) = send(&sender, going).await;
            again = failed;
            if !gone.is_empty() {
                let _ = push::forget(&sender.app, gone).await;
            }
        }
    });
}

/// Sends all; gives what is gone, and what is to be tried again.
async fn send(sender: &Arc<Sender>, mut due: Vec<(Due, u8)>) -> (Vec<i64>, Vec<(Due, u8)>) {
    bauta_model::chance::shuffle(&mut due);
    let (mut gone, mut again) = (Vec::new(), Vec::new());
    let mut going = JoinSet::new();
    let mut note = |done: Option<(Due, u8, Outcome)>| match done {
        Some((due, _, Outcome::Gone)) => gone.push(due.subscription),
        Some((due, tries, Outcome::Again)) if tries < MOST_TRIES => again.push((due, tries + 1)),
        _ => {}
    };
    for (one, tries) in due {
        if going.len() >= AT_ONCE {
            note(going.join_next().await.and_then(Result::ok));
        }
        let sender = Arc::clone(sender);
        going.spawn(async move {
            let outcome = sender.send(&one).await;
            (one, tries, outcome)
        });
    }
    while let Some(done) = going.join_next().await {
        note(done.ok());
    }
    (gone, again)
}

impl Sender {
    async fn send(&self, due: &Due) -> Outcome {
        let Some(request) = self.request(due) else {
            return Outcome::Done;
        };
        match self.client.send(request).await {
            Ok(answer) => match answer.status {
                404 | 410 => Outcome::Gone,
                408 | 425 | 429 | 500..=599 => Outcome::Again,
                _ => Outcome::Done,
            },
            Err(error) if error.may_pass() => Outcome::Again,
            Err(_) => Outcome::Done,
        }
    }

    fn request(&self, due: &Due) -> Option<Request> {
        let (app_key, app_secret) = due.target.keys()?;
        let url = Url::parse(&due.target.endpoint).ok()?;
        let site = &self.app.site;
        let text = message::text(due, &site.base_url, &site.domain);
        let sealed = seal(&text, message::SIZE, &app_key, &app_secret)?;
        let said = self
            .key
            .authorization(&url, &site.base_url, self.app.clock.now())?;
        let plain = HeaderValue::from_static;
        Some(
            Request::post(url, sealed)
                .limits(Limits {
                    time: LONGEST,
                    body: ANSWER_BYTES,
                    redirects: 0,
                })
                .header(AUTHORIZATION, HeaderValue::try_from(said).ok()?)
                .header(CONTENT_TYPE, plain("application/octet-stream"))
                .header(CONTENT_ENCODING, plain("aes128gcm"))
                .header(HeaderName::from_static("ttl"), plain(KEPT))
                .header(HeaderName::from_static("urgency"), plain("normal")),
        )
    }
}
