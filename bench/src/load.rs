//! A load on loopback: connections that send one request after another, for a bounded time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a load came to.
pub struct Measured {
    /// Answers a second.
    pub per_second: f64,
    /// Bytes of the last body.
    pub body_bytes: usize,
    /// The median time to an answer.
    pub median: Duration,
}

/// Sends `requests` in turn over `connections` connections for `time`. Every answer must be one of success.
pub fn run(address: &str, requests: Vec<Vec<u8>>, connections: usize, time: Duration) -> Measured {
    measure(address, requests, connections, Until::Time(time))
}

/// As [`run`], but sends each of `requests` once.
pub fn run_all(address: &str, requests: Vec<Vec<u8>>, connections: usize) -> Measured {
    measure(address, requests, connections, Until::All)
}

/// When a load ends.
#[derive(Clone, Copy)]
enum Until {
    Time(Duration),
    All,
}

fn measure(address: &str, requests: Vec<Vec<u8>>, connections: usize, until: Until) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let requests = Arc::new(requests);
        let next = Arc::new(AtomicUsize::new(0));
        let begin = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                tokio::spawn(one(
                    address.to_owned(),
                    Arc::clone(&requests),
                    Arc::clone(&next),
                    (begin, until),
                ))
            })
            .collect();
        let mut times = Vec::new();
        let mut body_bytes = 0;
        for task in tasks {
            let (mut own, bytes) = task.await.expect("a connection ends well");
            times.append(&mut own);
            body_bytes = body_bytes.max(bytes);
        }
        let seconds = begin.elapsed().as_secs_f64();
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        Measured {
            per_second: times.len() as f64 / seconds,
            body_bytes,
            median,
        }
    })
}

async fn one(
    address: String,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    (begin, until): (Instant, Until),
) -> (Vec<Duration>, usize) {
    let mut stream = TcpStream::connect(&address).await.expect("the server listens");
    stream.set_nodelay(true).expect("loopback takes nodelay");
    let mut buffer = vec![0; 256 * 1024];
    let mut times = Vec::new();
    let mut bytes = 0;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let ends = match until {
            Until::Time(time) => begin.elapsed() >= time,
            Until::All => number >= requests.len(),
        };
        if ends {
            break;
        }
        let request = &requests[number % requests.len()];
        let sent = Instant::now();
        stream.write_all(request).await.expect("the server reads");
        bytes = answer(&mut stream, &mut buffer).await;
        times.push(sent.elapsed());
    }
    (times, bytes)
}

/// Reads one answer with a Content-Length; the length of its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> usize {
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        let read = stream
            .read(&mut buffer[filled..])
            .await
            .expect("the server answers");
        assert!(
            read > 0,
            "the server closed the connection: {}",
            String::from_utf8_lossy(&buffer[..filled])
        );
        filled += read;
        if let Some(head) = find(&buffer[..filled], b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
            assert!(
                text.starts_with("http/1.1 20"),
                "{text}\n{}",
                String::from_utf8_lossy(&buffer[head..filled])
            );
            let length: usize = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|value| value.trim().parse().ok())
                .expect("a length is said");
            if filled >= head + 4 + length {
                return length;
            }
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// A GET with a token.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let auth = token.map_or(String::new(), |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{auth}\r\n").into_bytes()
}

/// A post of `text`, as a form.
pub fn post(text: &str, token: &str) -> Vec<u8> {
    let body = format!("visibility=public&status={}", text.replace(' ', "+"));
    format!(
        "POST /api/v1/statuses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends one request on a connection of its own.
pub fn once(address: &str, request: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        stream.write_all(request).await.expect("the server reads");
        answer(&mut stream, &mut vec![0; 64 * 1024]).await;
    });
}
