//! The client: one way out for everything.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, HOST, RETRY_AFTER, USER_AGENT as USER_AGENT_HEADER};
use http::{HeaderValue, Method};
use http_body_util::{BodyExt, Full, Limited};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use crate::connect::Connector;
use crate::hosts::{Host, Hosts, LONGEST_REST};
use crate::pool::{Connection, Pool};
use crate::proxy::Proxy;
use crate::request::{Answer, Redirects, Request, USER_AGENT};
use crate::resolve::{Resolve, System};
use crate::target::Target;
use crate::tls::{self, Authorities};
use crate::{Error, SetupError};

/// How the client is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Loopback and every port may be asked too: for tests, and for a demo on one machine.
    pub local: bool,
    /// Where requests go through.
    pub proxy: Option<Proxy>,
    /// Whose certificates are believed.
    pub authorities: Authorities,
    /// A service of the operator's own: this client asks it and nobody else, on whatever port and network it is.
    pub own: Option<Url>,
}

/// Connections in use at once to one host.
const PER_HOST: usize = 4;

/// Connections in use at once to a service of the operator's own.
const TO_OWN: usize = 32;

/// The longest rest of such a service.
const OWN_REST: Duration = Duration::from_secs(4);

/// Connections in use at once.
const IN_ALL: usize = 512;

/// Sends requests. Copies share everything.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    connector: Connector,
    hosts: Hosts,
    pool: Pool,
    gate: Semaphore,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// [`SetupError`] when there is nobody whose certificates are believed.
    pub fn new(options: &Options) -> Result<Self, SetupError> {
        Self::with_resolver(options, Box::new(System))
    }

    pub(crate) fn with_resolver(options: &Options, resolver: Box<dyn Resolve>) -> Result<Self, SetupError> {
        let own = options.own.as_ref().map(Target::of_own).transpose();
        let own = own.map_err(|_| SetupError::Own)?.map(|target| target.origin());
        let hosts = match own {
            Some(_) => Hosts::new(TO_OWN, OWN_REST),
            None => Hosts::new(PER_HOST, LONGEST_REST),
        };
        let connector = Connector {
            local: options.local,
            own,
            proxy: options.proxy.clone(),
            tls: Arc::new(tls::config(&options.authorities)?),
            resolver,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                connector,
                hosts,
                pool: Pool::default(),
                gate: Semaphore::new(IN_ALL),
            }),
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`Error`]; an answer with a status of failure is an answer.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        timeout(request.limits.time, self.inner.follow(&request))
            .await
            .unwrap_or_else(|_| {
                self.inner.tire(&request.url);
                Err(Error::TimedOut)
            })
    }

    /// True for a URL that may be asked, as far as can be said before its name is resolved.
    pub fn may_ask(&self, url: &Url) -> bool {
        let connector = &self.inner.connector;
        connector.target(url).is_ok_and(|target| {
            connector.local || connector.own.is_some() || target.literal.is_none_or(crate::address::is_public)
        })
    }

    /// True when [`Client::send`] would not even try the host of `url` now.
    pub fn rests(&self, url: &Url) -> bool {
        let target = self.inner.connector.target(url);
        target.is_ok_and(|target| self.inner.hosts.get(&target.origin()).rests())
    }
}

impl Inner {
    async fn follow(&self, request: &Request) -> Result<Answer, Error> {
        let mut url = request.url.clone();
        for _ in 0..=request.limits.redirects {
            let answer = self.hop(request, url).await?;
            if request.method != Method::GET || request.redirects == Redirects::Never {
                return Ok(answer);
            }
            let Some(next) = answer.redirects_to()? else {
                return Ok(answer);
            };
            let elsewhere = next.origin() != answer.url.origin();
            if elsewhere && request.redirects == Redirects::SameOrigin {
                return Err(Error::OtherOrigin);
            }
            if answer.url.scheme() == "https" && next.scheme() != "https" {
                return Err(Error::NotAllowed);
            }
            url = next;
        }
        Err(Error::Redirects)
    }

    /// One request to one host.
    async fn hop(&self, request: &Request, url: Url) -> Result<Answer, Error> {
        let target = self.connector.target(&url)?;
        if target.onion && !request.onions {
            return Err(Error::NotAllowed);
        }
        let origin = target.origin();
        let host = self.hosts.get(&origin);
        if host.rests() {
            return Err(Error::Resting);
        }
        // Permits are given back when the answer is read; nobody closes these gates.
        let _of_host = host.gate.acquire().await.map_err(|_| Error::Resting)?;
        let _of_all = self.gate.acquire().await.map_err(|_| Error::Resting)?;
        let answer = self.exchange(request, &url, &target, &host).await;
        match &answer {
            Ok(answer) => note(&host, answer),
            Err(error) if error.tires() => host.failed(),
            Err(_) => {}
        }
        answer
    }

    async fn exchange(
        &self,
        request: &Request,
        url: &Url,
        target: &Target,
        host: &Host,
    ) -> Result<Answer, Error> {
        let origin = target.origin();
        if let Some(kept) = self.pool.take(&origin) {
            // The host may have closed it in the meantime: then a fresh one.
            match self.ask(kept, request, url, target).await {
                Err(Error::Unreadable) => {}
                answer => return answer,
            }
        }
        let fresh = self.connector.connect(target, host).await?;
        self.ask(fresh, request, url, target).await
    }

    async fn ask(
        &self,
        mut connection: Connection,
        request: &Request,
        url: &Url,
        target: &Target,
    ) -> Result<Answer, Error> {
        let message = message(request, url, target)?;
        connection.sender.ready().await.map_err(|_| Error::Unreadable)?;
        let response = connection
            .sender
            .send_request(message)
            .await
            .map_err(|_| Error::Unreadable)?;
        let (parts, body) = response.into_parts();
        if parts
            .headers
            .get(CONTENT_ENCODING)
            .is_some_and(|encoding| encoding != "identity")
        {
            return Err(Error::Unreadable);
        }
        let body = match Limited::new(body, request.limits.body).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => return Err(Error::TooLarge),
            Err(_) => return Err(Error::Unreadable),
        };
        self.pool.keep(&target.origin(), connection);
        Ok(Answer {
            status: parts.status.as_u16(),
            url: url.clone(),
            headers: parts.headers,
            body,
        })
    }

    /// The whole time went by at this host, or at one that it redirected to.
    fn tire(&self, url: &Url) {
        if let Ok(target) = self.connector.target(url) {
            self.hosts.get(&target.origin()).failed();
        }
    }
}

fn message(request: &Request, url: &Url, target: &Target) -> Result<http::Request<Full<Bytes>>, Error> {
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut message = http::Request::builder()
        .method(request.method.clone())
        .uri(path)
        .body(Full::new(request.body.clone()))
        .map_err(|_| Error::NotAllowed)?;
    let headers = message.headers_mut();
    for (name, value) in &request.headers {
        headers.append(name, value.clone());
    }
    if let Some(prepare) = &request.prepare {
        for (name, value) in prepare(&request.method, url) {
            headers.append(name, value);
        }
    }
    let authority = HeaderValue::from_str(&target.authority()).map_err(|_| Error::NotAllowed)?;
    headers.insert(HOST, authority);
    headers.insert(USER_AGENT_HEADER, HeaderValue::from_static(USER_AGENT));
    Ok(message)
}

/// What an answer says of its host: alive, or to be left alone for a while.
fn note(host: &Host, answer: &Answer) {
    if !matches!(answer.status, 429 | 503) {
        host.succeeded();
        return;
    }
    let asked = answer
        .header(RETRY_AFTER.as_str())
        .and_then(|text| text.parse().ok());
    match asked {
        Some(seconds) => host.asked_for(Duration::from_secs(seconds)),
        None => host.failed(),
    }
}
