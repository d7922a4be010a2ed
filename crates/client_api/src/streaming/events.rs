//! Server-sent events: one channel a request.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::OriginalUri;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bauta_service::App;
use bauta_service::streams::{Channel, Heard, Stream};
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc;

use super::telling::event;
use super::{Asked, HEARTBEAT, Listener, Query, unknown};
use crate::{Answer, Shared, State};

/// What shows that a stream is alive: a comment.
const THUMP: &[u8] = b":thump\n\n";
/// What is rendered ahead of a reader; what waits beyond it waits as an id.
const RENDERED: usize = 4;

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
    let (sender, receiver) = mpsc::channel(RENDERED);
    tokio::spawn(pump(app, listener, stream, sender));
    Ok(answer(receiver))
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

/// Renders what is heard, until the client is gone, its token is not good any more, or the server stops.
async fn pump(app: Arc<App>, listener: Listener, mut stream: Stream, sender: mpsc::Sender<Bytes>) {
    loop {
        let heard = tokio::select! {
            heard = tokio::time::timeout(HEARTBEAT, stream.next()) => heard,
            () = sender.closed() => return,
        };
        let block = match heard {
            Ok(Some(Heard::News(_, news))) => event(&app, &listener.speaker, news)
                .await
                .map(|event| event.block()),
            Ok(Some(Heard::LookAgain)) if listener.is_good(&app).await => None,
            Err(_) if listener.is_good(&app).await => Some(Bytes::from_static(THUMP)),
            _ => return,
        };
        if let Some(block) = block
            && sender.send(block).await.is_err()
        {
            return;
        }
    }
}

fn answer(blocks: mpsc::Receiver<Bytes>) -> Response {
    let mut response = Body::new(Blocks { first: true, blocks }).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The body: blocks as they come.
struct Blocks {
    first: bool,
    blocks: mpsc::Receiver<Bytes>,
}

impl http_body::Body for Blocks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // Clients take the first byte for a sign that they are connected.
        if std::mem::take(&mut self.first) {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b":)\n\n")))));
        }
        self.blocks
            .poll_recv(context)
            .map(|block| block.map(|block| Ok(Frame::data(block))))
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
