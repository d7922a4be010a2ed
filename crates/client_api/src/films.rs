//! Films and sounds on their way out: whole or in the part that a player asks for, a piece at a time, so that a film
//! takes no more memory than a picture.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bauta_service::pictures::{self, Found};
use bauta_service::{App, Refused};
use http_body::Frame;

/// Bytes that are read from the disk at a time.
const PIECE: u64 = 256 * 1024;

/// Answers with a film, or with a part of it. The first piece is read before, so that what can't be read has a status.
pub(crate) async fn film(app: &Arc<App>, found: &Found, asked: &HeaderMap) -> Result<Response, Refused> {
    let range = match asked.get(header::RANGE) {
        None => None,
        Some(range) => match range
            .to_str()
            .map_or(Range::Ignored, |range| parse(range, found.length))
        {
            Range::Part(first, last) => Some((first, last)),
            Range::Ignored => None,
            Range::Outside => return Ok(outside(found.length)),
        },
    };
    let (first, end) = range.map_or((0, found.length), |(first, last)| (first, last + 1));
    let begun = pictures::part(app, found, first, PIECE.min(end - first)).await?;
    let pieces = Pieces {
        app: Arc::clone(app),
        found: found.clone(),
        at: first,
        end,
        next: Some(Box::pin(std::future::ready(Ok(begun)))),
    };
    let mut answer = Body::new(pieces).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(end - first));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.mime));
    if let Some((first, last)) = range {
        let part = format!("bytes {first}-{last}/{}", found.length);
        if let Ok(part) = HeaderValue::from_str(&part) {
            headers.insert(header::CONTENT_RANGE, part);
        }
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(answer)
}

fn outside(length: u64) -> Response {
    let whole = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
    (StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    /// From the first byte to the last.
    Part(u64, u64),
    /// Several parts, or nothing that makes sense: RFC 9110 § 14.2 lets a server send the whole.
    Ignored,
    /// Begins behind the end.
    Outside,
}

/// RFC 9110 § 14.1.2: `bytes=0-99`, `bytes=100-` or `bytes=-50`.
fn parse(range: &str, length: u64) -> Range {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Range::Ignored;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().ok()).flatten()
    };
    match (first.trim(), last.trim()) {
        ("", last) => match number(last) {
            None => Range::Ignored,
            Some(0) => Range::Outside,
            Some(_) if length == 0 => Range::Outside,
            Some(count) => Range::Part(length.saturating_sub(count), length - 1),
        },
        (first, last) => {
            let Some(first) = number(first) else {
                return Range::Ignored;
            };
            let last = match last {
                "" => Some(u64::MAX),
                last => number(last),
            };
            match last {
                Some(last) if last < first => Range::Ignored,
                Some(_) if first >= length => Range::Outside,
                Some(last) => Range::Part(first, last.min(length - 1)),
                None => Range::Ignored,
            }
        }
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Vec<u8>, Refused>> + Send>>;

/// Reads on when the connection has room.
struct Pieces {
    app: Arc<App>,
    found: Found,
    at: u64,
    end: u64,
    next: Option<Reading>,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.at >= self.end {
            return Poll::Ready(None);
        }
        let mut next = self.next.take().unwrap_or_else(|| {
            let (app, found, at) = (Arc::clone(&self.app), self.found.clone(), self.at);
            let length = PIECE.min(self.end - at);
            Box::pin(async move { pictures::part(&app, &found, at, length).await })
        });
        let Poll::Ready(read) = next.as_mut().poll(context) else {
            self.next = Some(next);
            return Poll::Pending;
        };
        // A file that breaks off must not look whole.
        let read = read.map_err(|refused| std::io::Error::other(refused.to_string()));
        self.at = match &read {
            Ok(bytes) => self.at + bytes.len() as u64,
            Err(_) => self.end,
        };
        Poll::Ready(Some(read.map(|bytes| Frame::data(Bytes::from(bytes)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (asked, is) in [
            ("bytes=0-0", Range::Part(0, 0)),
            ("bytes=10-", Range::Part(10, 99)),
            ("bytes=10-500", Range::Part(10, 99)),
            ("bytes=-30", Range::Part(70, 99)),
            ("bytes=-300", Range::Part(0, 99)),
            ("bytes=-0", Range::Outside),
            ("bytes=100-", Range::Outside),
            ("bytes=5-4", Range::Ignored),
            ("bytes=0-1,5-9", Range::Ignored),
            ("bytes=-", Range::Ignored),
            ("lines=1-2", Range::Ignored),
            ("bytes=+1-2", Range::Ignored),
        ] {
            assert_eq!(parse(asked, 100), is, "{asked}");
        }
        assert_eq!(parse("bytes=0-", 0), Range::Outside);
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_whole(asked in "(bytes=)?[0-9]{0,20}-[0-9]{0,20}", length in 0..1_000_000_u64) {
            if let Range::Part(first, last) = parse(&asked, length) {
                prop_assert!(first <= last && last < length);
            }
        }
    }
}
