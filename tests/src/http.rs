//! A blocking HTTP/1.1 client that does exactly what a test tells it: no header, redirect or retry of its own.
//!
//! Every request has a connection of its own. What goes over the wire can be written byte by byte ([`Client::raw`]),
//! since hostile input is half of what tests send.

mod body;
mod request;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use body::Body;
pub use request::{Part, Request, query};

use crate::sources::Sources;
use crate::tor::Socks;

/// How long a silent server is waited for. It only keeps a hanging test from hanging for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names as sent, in their order.
    pub headers: Vec<(String, String)>,
    /// The content, with transfer coding undone.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// All headers of that name.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The content as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the answer is UTF-8")
    }

    /// The content as JSON.
    ///
    /// # Panics
    /// When it is none; the message shows it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "no JSON ({error}) in answer {}: {}",
                self.status,
                String::from_utf8_lossy(&self.body)
            )
        })
    }
}

/// An answer that goes on: events of a stream, line by line.
pub struct Stream {
    /// Status and headers; its body is empty.
    pub head: Response,
    body: BufReader<Body>,
}

impl Stream {
    /// The next line, without its end; `None` at the end of the stream.
    ///
    /// # Panics
    /// When nothing comes for a minute.
    pub fn next_line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.body.read_line(&mut line).expect("the stream goes on");
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// A client of one server, with a cookie jar.
#[derive(Clone, Debug)]
pub struct Client {
    address: String,
    host: String,
    headers: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
    sources: Option<Sources>,
    socks: Option<Socks>,
}

impl Client {
    /// A client for the server at `address` (`127.0.0.1:8080`) that calls it `host` (with its port, where it has one).
    pub fn new(address: &str, host: &str) -> Self {
        Self {
            address: address.to_owned(),
            host: host.to_owned(),
            headers: Vec::new(),
            cookies: Vec::new(),
            sources: None,
            socks: None,
        }
    }

    /// The same client, which comes from these addresses.
    #[must_use]
    pub fn from_sources(mut self, sources: &Sources) -> Self {
        self.sources = Some(sources.clone());
        self
    }

    /// The same client, sending this header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same client, with this access token.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        self.with_header("Authorization", &format!("Bearer {token}"))
    }

    /// The same client, which comes through Tor.
    #[must_use]
    pub fn through(mut self, socks: Socks) -> Self {
        self.socks = Some(socks);
        self
    }

    /// What it calls the server.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Names and values of the cookies that it keeps.
    pub fn cookies(&self) -> &[(String, String)] {
        &self.cookies
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// Forgets all cookies, as a browser that is closed does.
    pub fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    /// Sends a GET request.
    ///
    /// # Panics
    /// As [`Self::send`].
    pub fn get(&mut self, path: &str) -> Response {
        self.send(&Request::get(path))
    }

    /// Sends `request` and reads the whole answer. Redirects are answers like others.
    ///
    /// # Panics
    /// When there is no answer, or none that is HTTP.
    pub fn send(&mut self, request: &Request) -> Response {
        let (mut response, mut body) = self.exchange(request);
        if let Err(error) = body.read_to_end(&mut response.body) {
            panic!(
                "{} {}: the answer breaks off: {error}",
                request.method, request.target
            );
        }
        response
    }

    /// Sends `request` and leaves the answer open.
    ///
    /// # Panics
    /// As [`Self::send`].
    pub fn open(&mut self, request: &Request) -> Stream {
        let (head, body) = self.exchange(request);
        Stream {
            head,
            body: BufReader::new(body),
        }
    }

    /// Sends `bytes` as they are, and gives whatever comes back until the server closes. Nothing is an answer too.
    ///
    /// # Panics
    /// When the server can't be reached.
    pub fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut connection = self.connect();
        let _ = connection.write_all(bytes);
        let _ = connection.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        answer
    }

    fn open_connection(&self) -> io::Result<TcpStream> {
        match (&self.socks, &self.sources) {
            (Some(socks), _) => socks.connect(),
            (None, Some(sources)) => sources.connect(&self.address),
            (None, None) => TcpStream::connect(&self.address),
        }
    }

    /// A bare connection, for a test that speaks slowly or breaks off.
    ///
    /// # Panics
    /// When the server can't be reached.
    pub fn connect(&self) -> TcpStream {
        let connection = self.open_connection();
        let connection = connection.unwrap_or_else(|error| panic!("no server at {}: {error}", self.address));
        connection
            .set_read_timeout(Some(PATIENCE))
            .expect("the time is not zero");
        connection.set_nodelay(true).expect("the connection is open");
        connection
    }

    /// As [`Self::send`], for a server that may be killed meanwhile: a failure is an answer too.
    ///
    /// # Errors
    /// Says what broke off.
    pub fn try_send(&mut self, request: &Request) -> Result<Response, String> {
        let connection = self.open_connection().map_err(|error| error.to_string())?;
        connection
            .set_read_timeout(Some(PATIENCE))
            .map_err(|error| error.to_string())?;
        let (mut response, mut body) = self.exchange_over(connection, request)?;
        body.read_to_end(&mut response.body)
            .map_err(|error| error.to_string())?;
        Ok(response)
    }

    fn exchange(&mut self, request: &Request) -> (Response, Body) {
        let connection = self.connect();
        self.exchange_over(connection, request)
            .unwrap_or_else(|why| panic!("{} {}: {why}", request.method, request.target))
    }

    fn exchange_over(
        &mut self,
        mut connection: TcpStream,
        request: &Request,
    ) -> Result<(Response, Body), String> {
        // A server may answer and close before it has read everything (413): then its answer is what counts.
        let _ = connection.write_all(&self.wire(request));
        let mut reader = BufReader::new(connection);
        let response = loop {
            let head = read_head(&mut reader)?;
            if head.status >= 200 {
                break head;
            }
        };
        for cookie in response.headers_named("set-cookie") {
            keep_cookie(&mut self.cookies, cookie);
        }
        let body = Body::of(&response, request.method == "HEAD", reader);
        Ok((response, body))
    }

    fn wire(&self, request: &Request) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
        let mut add = |name: &str, value: &str| {
            head.extend([name, ": ", value, "\r\n"]);
        };
        if request.header("host").is_none() {
            add("Host", &self.host);
        }
        for (name, value) in self
            .headers
            .iter()
            .filter(|(name, _)| request.header(name).is_none())
        {
            add(name, value);
        }
        for (name, value) in &request.headers {
            add(name, value);
        }
        if !self.cookies.is_empty() && request.header("cookie").is_none() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            add("Cookie", &pairs.join("; "));
        }
        if !request.body.is_empty() || !["GET", "HEAD"].contains(&request.method.as_str()) {
            add("Content-Length", &request.body.len().to_string());
        }
        head.push_str("Connection: close\r\n\r\n");
        [head.into_bytes(), request.body.clone()].concat()
    }
}

fn read_head(reader: &mut impl BufRead) -> Result<Response, String> {
    let mut line = || {
        let mut bytes = Vec::new();
        reader
            .read_until(b'\n', &mut bytes)
            .map_err(|error| format!("no answer: {error}"))?;
        if bytes.is_empty() {
            return Err("the connection was closed without an answer".to_owned());
        }
        // Header values are Latin-1 at worst (RFC 9110 § 5.5).
        let text: String = bytes.into_iter().map(char::from).collect();
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    };
    let first = line()?;
    let status = first
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5))
        .and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| format!("no HTTP answer: {first:?}"))?;
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            return Ok(Response {
                status,
                headers,
                body: Vec::new(),
            });
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("no header: {line:?}"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

/// Keeps or drops a cookie. Path and domain don't matter for a client of one server; `Secure` neither, on loopback.
fn keep_cookie(jar: &mut Vec<(String, String)>, cookie: &str) {
    let mut parts = cookie.split(';').map(str::trim);
    let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
        return;
    };
    jar.retain(|(known, _)| known != name);
    let over = parts.any(|part| {
        let part = part.to_ascii_lowercase();
        part == "max-age=0" || part.starts_with("max-age=-") || part.starts_with("expires=thu, 01 jan 1970")
    });
    if !over {
        jar.push((name.to_owned(), value.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives `answers` one after the other, and returns what it was sent.
    fn scripted(answers: &'static [&'static str]) -> (Client, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let server = std::thread::spawn(move || {
            answers
                .iter()
                .map(|answer| answer_once(&listener, answer))
                .collect()
        });
        (Client::new(&format!("127.0.0.1:{port}"), "bauta.test"), server)
    }

    fn answer_once(listener: &TcpListener, answer: &str) -> String {
        let (mut connection, _) = listener.accept().expect("somebody comes");
        let (mut asked, mut byte) = (Vec::new(), [0]);
        while !asked.ends_with(b"\r\n\r\n") {
            connection.read_exact(&mut byte).expect("a whole head comes");
            asked.push(byte[0]);
        }
        connection.write_all(answer.as_bytes()).expect("the client reads");
        String::from_utf8(asked).expect("heads are text")
    }

    #[test]
    fn chunks_are_joined_and_cookies_come_back() {
        let (mut client, server) = scripted(&[
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=1; HttpOnly\r\nTransfer-Encoding: chunked\r\n\r\n\
             5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: a=; Max-Age=0\r\nContent-Length: 2\r\n\r\nokay",
        ]);
        assert_eq!(client.get("/one").text(), "hello world");
        let second = client.send(&Request::post("/two").form(&[("q", "a b&c")]));
        assert_eq!(
            (second.status, second.header("location"), second.text().as_str()),
            (302, Some("/x"), "ok")
        );
        assert!(client.cookies().is_empty());
        let asked = server.join().expect("it answers");
        assert_eq!(
            asked[0],
            "GET /one HTTP/1.1\r\nHost: bauta.test\r\nConnection: close\r\n\r\n"
        );
        assert!(
            asked[1].contains("Cookie: a=1\r\n") && asked[1].contains("Content-Length: 9\r\n"),
            "{}",
            asked[1]
        );
    }

    #[test]
    fn a_stream_is_read_line_by_line() {
        let (mut client, server) = scripted(&[
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nevent: a\ndat\r\n3\r\na\n\n\r\n0\r\n\r\n",
        ]);
        let mut stream = client.open(&Request::get("/stream"));
        let lines: Vec<String> = std::iter::from_fn(|| stream.next_line()).collect();
        assert_eq!(lines, ["event: a", "data", ""]);
        server.join().expect("it answers");
    }

    #[test]
    #[should_panic(expected = "breaks off")]
    fn an_answer_that_breaks_off_is_no_answer() {
        let (mut client, _server) = scripted(&["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]);
        client.get("/");
    }
}
