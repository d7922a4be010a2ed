//! From an id to what a client reads.

use std::pin::Pin;

use bauta_model::{Door, PostId};
use bauta_service::conversations;
use bauta_service::notifications;
use bauta_service::reading::readable;
use bauta_service::streams::{Channel, News};
use bauta_service::{App, Speaker};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::announcements;
use crate::entities::status;
use crate::notifications::rendered;
use crate::onion::Names;

/// An event by Mastodon's name, with its payload: a JSON document, or an id.
pub(super) struct Event {
    name: &'static str,
    payload: Bytes,
}

/// What `speaker` reads of `news`; nothing where it is gone again or not theirs to read.
///
/// Boxed, so that a stream on which nothing happens has no room for what reading a post takes.
pub(super) fn event<'a>(
    app: &'a App,
    speaker: &'a Speaker,
    news: News,
) -> Pin<Box<dyn Future<Output = Option<Event>> + Send + 'a>> {
    Box::pin(told(app, speaker, news))
}

async fn told(app: &App, speaker: &Speaker, news: News) -> Option<Event> {
    match news {
        News::Posted(id) => post(app, speaker, "update", id).await,
        News::Conversed(id) => {
            let conversation = conversations::of_post(app, speaker, id).await.ok()?;
            Some(Event {
                name: "conversation",
                payload: crate::conversations::rendered(app, speaker, &conversation),
            })
        }
        News::Edited(id) => post(app, speaker, "status.update", id).await,
        News::Deleted(id) => Some(Event {
            name: "delete",
            payload: Bytes::from(id.to_string()),
        }),
        News::Told(id) => {
            let told = notifications::get(app, speaker, id).await.ok()?;
            Some(Event {
                name: "notification",
                payload: rendered(app, speaker, &told)?,
            })
        }
        News::Announced(id) => json_event("announcement", announcements::one(app, speaker, id).await?),
        News::Reacted(id, reaction) => json_event(
            "announcement.reaction",
            announcements::reacted(app, speaker, id, &reaction).await?,
        ),
        News::TakenDown(id) => Some(Event {
            name: "announcement.delete",
            payload: Bytes::from(id.to_string()),
        }),
    }
}

fn json_event(name: &'static str, payload: Value) -> Option<Event> {
    let payload = Bytes::from(payload.to_string());
    Some(Event { name, payload })
}

async fn post(app: &App, speaker: &Speaker, name: &'static str, id: PostId) -> Option<Event> {
    let shown = readable(app, Some(speaker), id).await.ok()?;
    Some(Event {
        name,
        payload: status::one(app, Some(speaker.account), &shown),
    })
}

impl Event {
    /// As it goes out by a door: at the onion's, with the onion's name where it belongs.
    pub(super) fn at(self, app: &App, door: Door) -> Self {
        let names = Names::of(&app.site, Some(door));
        let renamed = names.and_then(|names| names.put_into(std::str::from_utf8(&self.payload).ok()?));
        match renamed {
            Some(payload) => Self {
                payload: Bytes::from(payload),
                ..self
            },
            None => self,
        }
    }

    /// As a message of a WebSocket: the payload is a string within the JSON.
    pub(super) fn message(&self, channel: &Channel) -> String {
        let payload = String::from_utf8_lossy(&self.payload);
        json!({ "stream": channel.name(), "event": self.name, "payload": Value::from(payload) }).to_string()
    }

    /// As a server-sent event. Payloads are JSON on one line.
    pub(super) fn block(&self) -> Bytes {
        let mut block = Vec::with_capacity(self.payload.len() + 40);
        block.extend_from_slice(b"event: ");
        block.extend_from_slice(self.name.as_bytes());
        block.extend_from_slice(b"\ndata: ");
        block.extend_from_slice(&self.payload);
        block.extend_from_slice(b"\n\n");
        Bytes::from(block)
    }
}
