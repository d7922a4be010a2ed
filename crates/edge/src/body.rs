//! Bodies on their way in and out: no longer than allowed, no slower than allowed, no trailers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::Limits;
use crate::connection::Flight;

/// What became of a request's body. The gate looks at it when the handler has answered, whatever it answered.
#[derive(Default)]
pub(crate) struct Fate(AtomicU8);

/// Why a body was cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum CutOff {
    #[error("the body is too long")]
    TooLong,
    #[error("the body came too slowly")]
    TooSlow,
    #[error("the body broke off")]
    Broken,
}

impl Fate {
    fn seal(&self, why: CutOff) -> CutOff {
        self.0.store(why as u8 + 1, Ordering::Relaxed);
        why
    }

    pub(crate) fn cut_off(&self) -> Option<CutOff> {
        match self.0.load(Ordering::Relaxed) {
            1 => Some(CutOff::TooLong),
            2 => Some(CutOff::TooSlow),
            3 => Some(CutOff::Broken),
            _ => None,
        }
    }
}

/// A request's body. Trailers are dropped: they are headers that came late.
pub(crate) struct Inflow {
    inner: Incoming,
    fate: Arc<Fate>,
    left: u64,
    received: u64,
    pace: Pace,
    began: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

#[derive(Clone, Copy)]
struct Pace {
    grace: Duration,
    bytes_per_second: u64,
}

impl Inflow {
    pub(crate) fn new(inner: Incoming, limit: u64, limits: &Limits, fate: Arc<Fate>) -> Self {
        Self {
            inner,
            fate,
            left: limit,
            received: 0,
            pace: Pace {
                grace: limits.body_grace,
                bytes_per_second: limits.body_rate.max(1),
            },
            began: None,
            alarm: None,
        }
    }

    /// Whether the client has fallen behind. Only asked while nothing has come.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        let began = *self.began.get_or_insert_with(Instant::now);
        let earned = Duration::from_secs(self.received / self.pace.bytes_per_second);
        let deadline = began + self.pace.grace + earned;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(context).is_ready()
    }
}

impl Body for Inflow {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let this = &mut *self;
        loop {
            let frame = match Pin::new(&mut this.inner).poll_frame(context) {
                Poll::Pending if this.is_late(context) => {
                    return Poll::Ready(Some(Err(this.fate.seal(CutOff::TooSlow))));
                }
                polled => ready!(polled),
            };
            let data = match frame.map(|frame| frame.map(Frame::into_data)) {
                None => return Poll::Ready(None),
                Some(Err(_)) => return Poll::Ready(Some(Err(this.fate.seal(CutOff::Broken)))),
                Some(Ok(Err(_trailers))) => continue,
                Some(Ok(Ok(data))) => data,
            };
            this.received = this.received.saturating_add(data.len() as u64);
            let Some(left) = this.left.checked_sub(data.len() as u64) else {
                return Poll::Ready(Some(Err(this.fate.seal(CutOff::TooLong))));
            };
            this.left = left;
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// An answer's body. The connection counts as busy until it is sent or dropped.
pub(crate) struct Outflow {
    inner: axum::body::Body,
    _flight: Flight,
}

impl Outflow {
    pub(crate) const fn new(inner: axum::body::Body, flight: Flight) -> Self {
        Self {
            inner,
            _flight: flight,
        }
    }
}

impl Body for Outflow {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
