//! One connection: who may open one, how long it may idle, and how it ends.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bauta_model::LimiterKey;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

use crate::Limits;
use crate::gate::{House, Visit};

/// What the server is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Serving,
    /// No new requests; open ones may finish.
    Draining,
    /// Whatever is still open is dropped.
    Stopping,
}

/// How long a client that was refused may go on sending before its connection is dropped. Closing at once would
/// reset the connection, and many clients would never see the answer.
const LINGER: Duration = Duration::from_secs(2);
/// How long an idle connection may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// Counts the open connections.
pub(crate) struct Crowd {
    limit: usize,
    limit_per_key: usize,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    all: usize,
    by_key: HashMap<LimiterKey, usize>,
}

/// A place in the crowd, given back when it is dropped.
pub(crate) struct Seat {
    crowd: Arc<Crowd>,
    key: Option<LimiterKey>,
}

impl Crowd {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            limit: limits.connections,
            limit_per_key: limits.connections_per_key,
            inside: Mutex::default(),
        })
    }

    /// Lets one more in, or nobody where it is full.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<Seat> {
        let mut inside = self.inside.lock();
        if inside.all >= self.limit {
            return None;
        }
        inside.all += 1;
        drop(inside);
        Some(Seat {
            crowd: Arc::clone(self),
            key: None,
        })
    }
}

impl Seat {
    /// Counts the seat for a limiter key too. False where too many of that key are inside.
    pub(crate) fn claim(&mut self, key: LimiterKey) -> bool {
        let mut inside = self.crowd.inside.lock();
        let count = inside.by_key.entry(key).or_default();
        if *count >= self.crowd.limit_per_key {
            return false;
        }
        *count += 1;
        drop(inside);
        self.key = Some(key);
        true
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inside = self.crowd.inside.lock();
        inside.all -= 1;
        if let Some(key) = self.key
            && let Entry::Occupied(mut count) = inside.by_key.entry(key)
        {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// Whether a connection has something to do.
pub(crate) struct Pulse {
    busy: AtomicU32,
    asked: AtomicBool,
    quiet_since: Mutex<Instant>,
    linger: AtomicBool,
}

/// A request that is being answered.
pub(crate) struct Flight(Arc<Pulse>);

impl Pulse {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            busy: AtomicU32::new(0),
            asked: AtomicBool::new(false),
            quiet_since: Mutex::new(Instant::now()),
            linger: AtomicBool::new(false),
        })
    }

    pub(crate) fn take_off(self: &Arc<Self>) -> Flight {
        self.busy.fetch_add(1, Ordering::AcqRel);
        self.asked.store(true, Ordering::Relaxed);
        Flight(Arc::clone(self))
    }

    /// The client is still sending what nobody will read.
    pub(crate) fn linger(&self) {
        self.linger.store(true, Ordering::Relaxed);
    }

    /// When the connection has been quiet for too long, unless something happens.
    fn too_quiet_at(&self, limits: &Limits) -> Instant {
        let patience = if self.asked.load(Ordering::Relaxed) {
            limits.idle
        } else {
            limits.header_read
        };
        if self.busy.load(Ordering::Acquire) > 0 {
            Instant::now() + patience
        } else {
            *self.quiet_since.lock() + patience
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        *self.0.quiet_since.lock() = Instant::now();
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The bytes of a connection, of either kind of socket.
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// A socket that gives up on a client who does not read, and keeps its seat for as long as it is open, also when it
/// has become a WebSocket.
pub(crate) struct Wire {
    socket: Socket,
    pulse: Arc<Pulse>,
    _seat: Seat,
    write_stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    lingering: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(crate) const fn new(socket: Socket, pulse: Arc<Pulse>, seat: Seat, write_stall: Duration) -> Self {
        Self {
            socket,
            pulse,
            _seat: seat,
            write_stall,
            stalled: None,
            lingering: None,
        }
    }

    /// Passes on what became of a write; too long without progress is an error.
    fn watch<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.write_stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads and forgets, until the client has closed its side or taken too long.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let lingering = self.lingering.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        if lingering.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut scratch = [0; 8 * 1024];
        for _ in 0..16 {
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(self.socket.poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Socket {
    fn poll_read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Unix(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }

    fn poll_shutdown(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.socket.poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_write(context, bytes),
            Socket::Unix(stream) => Pin::new(stream).poll_write(context, bytes),
        };
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Socket::Unix(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        };
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Sockets have no buffer of their own on this side.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(self.socket.poll_shutdown(context))?;
        }
        if self.pulse.linger.load(Ordering::Relaxed) {
            ready!(self.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}

/// Speaks HTTP/1.1 or HTTP/2 on a connection until it ends, idles for too long, or the server stops.
pub(crate) async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    house: Arc<House>,
    visit: Arc<Visit>,
    mut phase: watch::Receiver<Phase>,
) {
    let builder = protocol(&house.limits);
    let pulse = Arc::clone(&visit.pulse);
    let service = {
        let house = Arc::clone(&house);
        hyper::service::service_fn(move |request| {
            let (house, visit) = (Arc::clone(&house), Arc::clone(&visit));
            // Boxed: a connection that waits, or streams its answer, has no room for what answering takes.
            Box::pin(async move { Ok::<_, std::convert::Infallible>(house.answer(&visit, request).await) })
        })
    };
    let mut conversation = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut quiet = pin!(sleep_until(pulse.too_quiet_at(&house.limits)));
    let mut draining = false;
    loop {
        let (changed, idle) = tokio::select! {
            // How it went is nobody's business: errors here are what clients did.
            _ = conversation.as_mut() => return,
            changed = phase.changed() => (Some(changed), false),
            () = quiet.as_mut() => (None, true),
        };
        if idle {
            let at = pulse.too_quiet_at(&house.limits);
            if at <= Instant::now() {
                break;
            }
            quiet.as_mut().reset(at);
        }
        if let Some(changed) = changed {
            if changed.is_err() || *phase.borrow() == Phase::Stopping {
                return;
            }
            if !draining {
                draining = true;
                conversation.as_mut().graceful_shutdown();
            }
        }
    }
    conversation.as_mut().graceful_shutdown();
    let _ = timeout(FAREWELL, conversation).await;
}

fn protocol(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_headers(limits.headers)
        .max_buf_size(limits.header_bytes.max(8 * 1024))
        .auto_date_header(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        // Streams that a client opens and resets at once (CVE-2023-44487): this many may wait, then it is cut off.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(256)
        .initial_stream_window_size(256 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .max_send_buf_size(128 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(limits.header_read);
    builder
}
