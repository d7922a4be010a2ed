//! Server-sent events: one channel a request.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::OriginalUri;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bauta_service::App;
use bauta_service::streams::{Channel, Heard, Stream};
use bytes::Bytes;
use http_body::Frame;

use super::telling::event;
use super::{Asked, HEARTBEAT, Listener, Query, unknown};
use crate::{Answer, Shared, State};

/// What shows that a stream is alive: a comment.
const THUMP: &[u8] = b":thump\n\n";

/// GET /api/v1/streaming/user and the like
pub(super) async fn open(
    State(app): State<Shared>,
    OriginalUri(path): OriginalUri,
    listener: Listener,
    Query(asked): Query<Asked>,
) -> Answer {
    let Some(channel) = channel(path.path(), &asked) else {
        return Ok(unknown());
    };
    listener.check(&channel)?;
    let stream = listener.open(&app)?;
    stream.subscribe(&app, &listener.speaker, channel).await?;
    Ok(answer(Telling {
        app,
        listener,
        stream,
    }))
}

/// The path's end is the stream's name, with `/` for `:`.
fn channel(path: &str, asked: &Asked) -> Option<Channel> {
    let name = path.trim_end_matches('/').strip_prefix("/api/v1/streaming/")?;
    Channel::parse(
        &name.replace('/', ":"),
        asked.tag.as_deref(),
        asked.list.as_deref(),
    )
}

/// Whom to tell, and where what they are told comes from.
struct Telling {
    app: Arc<App>,
    listener: Listener,
    stream: Stream,
}

/// The next block, with what tells the one after it.
type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Telling)>> + Send>>;

impl Telling {
    /// Renders what is heard next. Nothing: the client's token is not good any more, or the server stops.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            let block = match tokio::time::timeout(HEARTBEAT, self.stream.next()).await {
                Ok(Some(Heard::News(_, news))) => event(&self.app, &self.listener.speaker, news)
                    .await
                    .map(|event| event.at(&self.app, self.listener.held.door).block()),
                Ok(Some(Heard::LookAgain)) if self.listener.is_good(&self.app).await => None,
                Err(_) if self.listener.is_good(&self.app).await => Some(Bytes::from_static(THUMP)),
                _ => return None,
            };
            if let Some(block) = block {
                return Some((block, self));
            }
        }
    }
}

fn answer(telling: Telling) -> Response {
    // Clients take the first byte for a sign that they are connected.
    let first: Next = Box::pin(async { Some((Bytes::from_static(b":)\n\n"), telling)) });
    let mut response = Body::new(Blocks(Some(first))).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The body: blocks as they come. Nothing is rendered before the connection has room for it.
struct Blocks(Option<Next>);

impl http_body::Body for Blocks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(next) = self.0.as_mut() else {
            return Poll::Ready(None);
        };
        let told = ready!(next.as_mut().poll(context));
        self.0 = None;
        Poll::Ready(told.map(|(block, telling)| {
            self.0 = Some(Box::pin(telling.next()));
            Ok(Frame::data(block))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tag: Option<&str>) -> Asked {
        Asked {
            tag: tag.map(str::to_owned),
            ..Asked::default()
        }
    }

    #[test]
    fn a_path_names_its_stream() {
        for (path, name) in [
            ("/api/v1/streaming/user", "user"),
            ("/api/v1/streaming/user/notification", "user:notification"),
            ("/api/v1/streaming/public/local/", "public:local"),
        ] {
            assert_eq!(channel(path, &asked(None)).unwrap().name(), [name]);
        }
        assert_eq!(
            channel("/api/v1/streaming/hashtag", &asked(Some("Cats")))
                .unwrap()
                .name(),
            ["hashtag", "cats"]
        );
        assert!(channel("/api/v1/streaming/hashtag", &asked(None)).is_none());
    }
}
