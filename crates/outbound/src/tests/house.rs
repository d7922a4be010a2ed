//! Listeners that say what a test tells them, and a resolver that lies.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::resolve::{Found, Resolve};
use crate::{Authorities, Client, Error, Limits, Options};

/// A listener, and how many connections it took.
pub struct Peer {
    pub port: u16,
    taken: Arc<AtomicUsize>,
}

impl Peer {
    /// Hands every connection to `serve`.
    pub async fn start<F>(serve: impl Fn(TcpStream, usize) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, number));
            }
        });
        Self { port, taken }
    }

    /// Answers every request on every connection with what `answer` makes of its head.
    pub async fn answering(answer: impl Fn(&str) -> String + Send + Sync + Clone + 'static) -> Self {
        Self::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                while let Some(head) = head(&mut stream).await {
                    if stream.write_all(answer(&head).as_bytes()).await.is_err() {
                        return;
                    }
                }
            }
        })
        .await
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

/// Reads a request's head, and the body that its length announces.
pub async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut one = [0; 1024];
        let read = stream.read(&mut one).await.ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&one[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            })
            .map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(text);
        }
    }
}

pub fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
}

/// Limits that end a test soon.
pub fn soon() -> Limits {
    Limits {
        time: Duration::from_millis(700),
        ..Limits::default()
    }
}

pub fn client(local: bool) -> Client {
    Client::new(&Options {
        local,
        ..Options::default()
    })
    .or_else(|_| with_no_system_authorities(local, Box::new(crate::resolve::System)))
    .unwrap()
}

pub fn client_with(local: bool, resolver: Box<dyn Resolve>) -> Client {
    with_no_system_authorities(local, resolver).unwrap()
}

/// Machines of tests need not have ca-certificates.
fn with_no_system_authorities(local: bool, resolver: Box<dyn Resolve>) -> Result<Client, crate::SetupError> {
    let options = Options {
        local,
        authorities: Authorities::File(super::https::authority_file()),
        ..Options::default()
    };
    Client::with_resolver(&options, resolver)
}

/// Answers the first look-up with the first list, the second with the second; the last stays.
pub struct Changing {
    pub answers: Vec<Vec<IpAddr>>,
    pub asked: AtomicUsize,
}

impl Changing {
    pub fn new(answers: &[&[&str]]) -> Self {
        Self {
            answers: answers
                .iter()
                .map(|list| list.iter().map(|one| one.parse().unwrap()).collect())
                .collect(),
            asked: AtomicUsize::new(0),
        }
    }
}

impl Resolve for Arc<Changing> {
    fn resolve<'a>(&'a self, _: &'a str) -> Found<'a> {
        let turn = self
            .asked
            .fetch_add(1, Ordering::SeqCst)
            .min(self.answers.len() - 1);
        let answer: Result<_, Error> = Ok(self.answers[turn].clone());
        Box::pin(async move { answer })
    }
}
