//! A small house behind real doors, and a client that speaks raw HTTP to it.

#![expect(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use bauta_edge::{Allowance, BindAddress, Config, Limits, Listen, PathRule, Quotas, Scope, serve};
use bauta_model::{Door, LimiterKey};
use http::StatusCode;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than anything here takes; a test that waits for it has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running server.
pub struct House {
    pub address: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

impl House {
    /// Asks it to stop, and waits until it has.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        self.ended().await;
    }

    pub fn ask_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub async fn ended(self) {
        tokio::time::timeout(PATIENCE, self.served)
            .await
            .expect("it stops")
            .unwrap();
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    /// Sends bytes on a new connection, and reads until the other side closes.
    pub async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // A server that has no place hangs up before it has heard everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        read_all(&mut stream).await
    }
}

/// Limits that tests can run into quickly.
pub fn short_limits() -> Limits {
    Limits {
        header_read: Duration::from_millis(300),
        idle: Duration::from_millis(300),
        body_grace: Duration::from_millis(300),
        write_stall: Duration::from_millis(300),
        drain: Duration::from_secs(5),
        ..Limits::default()
    }
}

pub fn loopback() -> Listen {
    Listen::parse("127.0.0.1:0").unwrap()
}

pub fn any_port() -> BindAddress {
    BindAddress::parse("127.0.0.1:0").unwrap()
}

pub fn config() -> Config {
    config_at(vec![loopback()])
}

pub fn config_at(listen: Vec<Listen>) -> Config {
    let mut config = Config::new(listen, "localhost:8080");
    "/assets/style.css".clone_into(&mut config.style);
    config.paths = vec![
        PathRule::new("/sign-in", Scope::SignIn),
        PathRule::new("/api/sign-in", Scope::SignIn),
        PathRule::new("/upload*", Scope::Upload).body_bytes(4 * 1024 * 1024),
    ];
    config.quotas = Quotas::default().with(Scope::SignIn, Allowance::new(2, 3600), Allowance::new(1000, 1));
    config
}

pub async fn open(config: Config) -> House {
    let (stop, stopped) = oneshot::channel();
    let (ready, address) = oneshot::channel();
    let served = tokio::spawn(async move {
        let ready = move |address: &str| ready.send(address.to_owned()).unwrap();
        serve(config, router(), ready, async { drop(stopped.await) })
            .await
            .unwrap();
    });
    House {
        address: address.await.expect("the server starts"),
        stop: Some(stop),
        served,
    }
}

/// What the house behind the door does.
fn router() -> Router {
    Router::new()
        .route("/", any(tell))
        .route(
            "/echo",
            post(|body: String| async move { body.len().to_string() }),
        )
        .route(
            "/upload",
            post(|body: String| async move { body.len().to_string() }),
        )
        .route("/sign-in", post(|| async { "in" }))
        .route("/api/sign-in", post(|| async { "in" }))
        .route("/health", get(|| async { "well" }))
        .route("/large", get(|| async { vec![b'x'; 32 * 1024 * 1024] }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(700)).await;
                "at last"
            }),
        )
        .route("/mirror", get(mirror))
        .fallback(any(tell))
}

/// Becomes something other than HTTP, as a WebSocket does, and sends back what it hears.
async fn mirror(mut request: Request) -> Response {
    if !request.headers().contains_key("upgrade") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut stream = TokioIo::new(upgraded.await.unwrap());
        let mut heard = [0; 64];
        while let Ok(count @ 1..) = stream.read(&mut heard).await {
            stream.write_all(&heard[..count]).await.unwrap();
        }
    });
    let headers = [("connection", "upgrade"), ("upgrade", "websocket")];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// Everything that came through the door, a line each.
async fn tell(request: Request) -> String {
    let (parts, body) = request.into_parts();
    let mut lines = vec![
        format!("target {}", parts.uri),
        format!("method {}", parts.method),
    ];
    for (name, value) in &parts.headers {
        lines.push(format!(
            "header {name}: {}",
            String::from_utf8_lossy(value.as_bytes())
        ));
    }
    lines.push(format!("door {:?}", parts.extensions.get::<Door>()));
    lines.push(format!("key {}", parts.extensions.get::<LimiterKey>().is_some()));
    lines.push(format!(
        "peer {}",
        parts.extensions.get::<ConnectInfo<SocketAddr>>().is_some()
    ));
    if let Ok(collected) = http_body_util::BodyExt::collect(body).await {
        lines.push(format!("trailers {}", collected.trailers().is_some()));
    }
    lines.join("\n")
}

/// A request that asks for the connection to be closed.
pub fn get_request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

pub fn post_request(target: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

pub async fn read_all(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A reset after an answer is an end too.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the server ends the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

pub async fn say_on_socket(path: &Path, text: &str) -> String {
    let mut stream = UnixStream::connect(path).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    read_all(&mut stream).await
}

/// The number in the first line of an answer, or 0 where there is none.
pub fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

pub fn socket_in(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}
