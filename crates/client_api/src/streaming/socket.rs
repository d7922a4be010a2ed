//! WebSocket (RFC 6455): any number of channels on one connection.

use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use bauta_service::App;
use bauta_service::streams::{Channel, Heard, Stream};
use serde::Deserialize;
use serde_json::json;

use super::telling::event;
use super::{Asked, HEARTBEAT, Listener, Query, no_socket, unknown};
use crate::auth::offered_protocol;
use crate::{Answer, Shared, State};

/// Bytes of a message from a client: it only subscribes.
const MESSAGE_BYTES: usize = 4096;
/// Bytes that may wait for a client that does not read; then the connection ends.
const WAITING_BYTES: usize = 256 * 1024;
/// Bytes that a connection reads at once.
const READ_BYTES: usize = 1024;

/// GET /api/v1/streaming
pub(super) async fn open(
    State(app): State<Shared>,
    listener: Listener,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer {
    let Ok(upgrade) = upgrade else {
        return Ok(no_socket());
    };
    let first = match &asked.stream {
        Some(name) => match Channel::parse(name, asked.tag.as_deref(), asked.list.as_deref()) {
            Some(channel) => Some(channel),
            None => return Ok(unknown()),
        },
        None => None,
    };
    let stream = listener.open(&app)?;
    if let Some(channel) = first {
        listener.check(&channel)?;
        stream.subscribe(&app, &listener.speaker, channel).await?;
    }
    Ok(accept(upgrade, &headers, move |socket| {
        Connection {
            app,
            listener,
            stream,
            socket,
        }
        .run()
    }))
}

fn accept<F>(
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
    then: impl FnOnce(WebSocket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let upgrade = upgrade
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WAITING_BYTES)
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES);
    // A browser that sent its token as a protocol takes no connection that does not choose it.
    match offered_protocol(headers) {
        Some(protocol) => upgrade.protocols([protocol]).on_upgrade(then),
        None => upgrade.on_upgrade(then),
    }
}

struct Connection {
    app: Arc<App>,
    listener: Listener,
    stream: Stream,
    socket: WebSocket,
}

/// What a client may ask for.
#[derive(Deserialize)]
struct Wish {
    r#type: String,
    stream: String,
    tag: Option<String>,
    list: Option<String>,
}

impl Connection {
    async fn run(mut self) {
        let mut answered = true;
        while let Some(goes_on) = self.turn(&mut answered).await {
            if !goes_on {
                break;
            }
        }
        // A client that is gone can't be told.
        let _ = self.socket.send(Message::Close(None)).await;
    }

    /// Waits for the next thing to happen. Nothing: the other side has ended. False: this side ends it.
    async fn turn(&mut self, answered: &mut bool) -> Option<bool> {
        tokio::select! {
            heard = self.stream.next() => match heard? {
                Heard::News(channel, news) => {
                    match event(&self.app, &self.listener.speaker, news).await {
                        Some(event) => {
                            let event = event.at(&self.app, self.listener.held.door);
                            self.say(event.message(&channel)).await
                        }
                        None => Some(true),
                    }
                }
                Heard::LookAgain => Some(self.listener.is_good(&self.app).await),
                Heard::Stop => Some(false),
            },
            message = self.socket.recv() => {
                *answered = true;
                match message?.ok()? {
                    Message::Text(text) => self.grant(text.as_str()).await,
                    Message::Close(_) => None,
                    _ => Some(true),
                }
            }
            () = tokio::time::sleep(HEARTBEAT) => {
                // A client that has not answered the last ping is gone, whatever its network says.
                let alive = std::mem::take(answered) && self.listener.is_good(&self.app).await;
                if !alive {
                    return Some(false);
                }
                self.socket.send(Message::Ping(bytes::Bytes::new())).await.ok()?;
                Some(true)
            }
        }
    }

    async fn say(&mut self, text: String) -> Option<bool> {
        self.socket.send(Message::Text(text.into())).await.ok()?;
        Some(true)
    }

    /// Does what a client asks for, or says why not. What is not understood does not end the connection.
    async fn grant(&mut self, text: &str) -> Option<bool> {
        let refused = match serde_json::from_str::<Wish>(text) {
            Err(_) => Some(("Messages are JSON with `type` and `stream`", 400)),
            Ok(wish) => self.fulfil(&wish).await,
        };
        match refused {
            None => Some(true),
            Some((why, status)) => {
                self.say(json!({ "error": why, "status": status }).to_string())
                    .await
            }
        }
    }

    async fn fulfil(&mut self, wish: &Wish) -> Option<(&'static str, u16)> {
        let Some(channel) = Channel::parse(&wish.stream, wish.tag.as_deref(), wish.list.as_deref()) else {
            return Some(("Unknown stream type, or its tag or list is missing", 400));
        };
        match wish.r#type.as_str() {
            "subscribe" if !channel.allowed(&self.listener.speaker.scopes) => {
                Some(("This action is outside the authorized scopes", 403))
            }
            "subscribe" => {
                let speaker = &self.listener.speaker;
                match self.stream.subscribe(&self.app, speaker, channel).await {
                    Ok(true) => None,
                    Ok(false) => Some(("Too many subscriptions", 429)),
                    Err(_) => Some(("Record not found", 404)),
                }
            }
            "unsubscribe" => {
                self.stream.unsubscribe(&channel);
                None
            }
            _ => Some(("A message subscribes or unsubscribes", 400)),
        }
    }
}
