//! Open streams: what an idle one costs, and how long news takes to reach many.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::{Figure, Goal};
use crate::load;
use crate::process::Process;
use crate::seed::Seed;

const LISTENERS: usize = 50;
/// Each listener has as many devices.
const DEVICES: usize = 40;
const MANY: usize = 1000;
const POSTS: usize = 20;

/// Resident memory of an idle stream, half of them WebSockets; and the time from a post to the last of 1,000 events
/// ÷ to the one.
pub fn run() -> Vec<Figure> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let seed = Seed::open(dir.path());
    let (listeners, author) = (
        seed.accounts("listener", LISTENERS),
        seed.accounts("author", 1)[0],
    );
    seed.follows(
        &listeners
            .iter()
            .map(|reader| (*reader, author))
            .collect::<Vec<_>>(),
    );
    drop(seed);
    let server = Process::bauta(dir.path());
    let tokens: Vec<String> = (0..LISTENERS)
        .map(|n| server.token(&format!("listener{n}")))
        .collect();
    let writer = server.token("author0");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        // What the first streams make is made once: buffers of the allocator, the readers themselves.
        drop(open(&server, &tokens, LISTENERS * 4).await);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let before = server.resident_mib();
        let idle = open(&server, &tokens, LISTENERS * DEVICES).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let each = (server.resident_mib() - before) * 1024.0 / idle.len() as f64;
        drop(idle);
        let one = news(&server, &writer, open(&server, &tokens, 1).await).await;
        let many = news(&server, &writer, open(&server, &tokens, MANY).await).await;
        vec![
            Figure::new("idle_stream_kib", each, Goal::AtMost(16.0)),
            Figure::new("stream_1000_vs_1", many / one, Goal::Told),
        ]
    })
}

/// Opens streams, each from a network of few, since the door counts connections by network.
async fn open(server: &Process, tokens: &[String], count: usize) -> Vec<TcpStream> {
    let mut open = Vec::with_capacity(count);
    for number in 0..count {
        let socket = TcpSocket::new_v4().expect("a socket");
        let from = format!("127.0.{}.{}:0", 1 + number / 200, 1 + number % 200);
        socket
            .bind(from.parse().expect("an address"))
            .expect("loopback is wide");
        let at = server.address.parse().expect("an address");
        let mut stream = socket.connect(at).await.expect("the server listens");
        let token = &tokens[number % tokens.len()];
        let request = if number % 2 == 0 {
            events(token)
        } else {
            socket_request(token)
        };
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let head = next(&mut stream).await;
        assert!(
            head.starts_with("HTTP/1.1 200") || head.starts_with("HTTP/1.1 101"),
            "{head}"
        );
        open.push(stream);
    }
    open
}

fn events(token: &str) -> String {
    format!(
        "GET /api/v1/streaming/user HTTP/1.1\r\nhost: localhost:8080\r\nauthorization: Bearer {token}\r\n\r\n"
    )
}

fn socket_request(token: &str) -> String {
    format!(
        "GET /api/v1/streaming?stream=user HTTP/1.1\r\nhost: localhost:8080\r\nauthorization: Bearer {token}\r\n\
         connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Whatever the server sends next.
async fn next(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 16 * 1024];
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer)).await;
    let read = read.expect("something comes").expect("the stream is open");
    assert!(read > 0, "the server ended a stream");
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

/// Seconds from a post to the last of its events: the median of some.
async fn news(server: &Process, writer: &str, mut streams: Vec<TcpStream>) -> f64 {
    let mut times = Vec::with_capacity(POSTS);
    for number in 0..POSTS {
        let text = format!("The river is at {number} centimetres");
        let begin = Instant::now();
        let post = load::post(&text, writer);
        let address = server.address.clone();
        let posting = std::thread::spawn(move || load::once(&address, &post));
        for stream in &mut streams {
            while !next(stream).await.contains(&text) {}
        }
        times.push(begin.elapsed().as_secs_f64());
        posting.join().expect("it posts");
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
