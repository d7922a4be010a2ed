//! Other servers that take what is delivered and keep nothing: each at an address of loopback of its own.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bauta_tests::bounds::open_files;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No delivery takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much arrived, and when the last of it did.
#[derive(Default)]
struct Arrived {
    state: Mutex<(usize, Option<Instant>)>,
    more: Condvar,
}

/// The servers.
pub struct Sink {
    /// `HOST:PORT` of each.
    pub hosts: Vec<String>,
    arrived: Arc<Arrived>,
}

impl Sink {
    /// Starts so many. They end with this process.
    pub fn start(count: usize) -> Self {
        open_files(2 * count as u64 + 500);
        let listeners: Vec<TcpListener> = (0..count)
            .map(|number| {
                let address = Ipv4Addr::new(127, 10, (number / 250) as u8, (number % 250 + 1) as u8);
                TcpListener::bind((address, 0)).expect("loopback has room")
            })
            .collect();
        let hosts = listeners
            .iter()
            .map(|one| one.local_addr().expect("it is bound").to_string())
            .collect();
        let arrived = Arc::<Arrived>::default();
        let counted = Arc::clone(&arrived);
        std::thread::spawn(move || serve(listeners, &counted));
        Self { hosts, arrived }
    }

    /// Counts from nothing again.
    pub fn forget(&self) {
        *self.arrived.state.lock().unwrap_or_else(PoisonError::into_inner) = (0, None);
    }

    /// Waits until `count` arrived, and says when the last did.
    pub fn wait(&self, count: usize) -> Instant {
        let mut state = self.arrived.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let (true, Some(last)) = (state.0 >= count, state.1) {
                return last;
            }
            let (next, late) = self
                .arrived
                .more
                .wait_timeout(state, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            assert!(!late.timed_out(), "{} of {count} arrived", next.0);
            state = next;
        }
    }
}

fn serve(listeners: Vec<TcpListener>, arrived: &Arc<Arrived>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        for listener in listeners {
            listener.set_nonblocking(true).expect("it can be");
            let listener = tokio::net::TcpListener::from_std(listener).expect("it is a listener");
            let arrived = Arc::clone(arrived);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(take(stream, Arc::clone(&arrived)));
                }
            });
        }
        std::future::pending::<()>().await;
    });
}

/// Takes one request after the other.
async fn take(mut stream: TcpStream, arrived: Arc<Arrived>) {
    let mut all = Vec::with_capacity(8 * 1024);
    while let Ok(1..) = stream.read_buf(&mut all).await {
        let Some(length) = whole(&all) else { continue };
        all.drain(..length);
        let said = stream
            .write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            .await;
        if said.is_err() {
            return;
        }
        let mut state = arrived.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = (state.0 + 1, Some(Instant::now()));
        arrived.more.notify_one();
    }
}

/// The length of the first request, once it is there whole.
fn whole(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?.to_ascii_lowercase();
    let length: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())?;
    (bytes.len() >= head + length).then_some(head + length)
}
