//! What is asked, and what comes back.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use crate::Error;

/// What every request says of the program that sends it: nothing that tells one server's version from another's.
pub const USER_AGENT: &str = "Bauta";

/// How much a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up to the last byte, redirects included.
    pub time: Duration,
    /// Bytes of the body.
    pub body: usize,
    /// How many redirects are followed.
    pub redirects: usize,
}

impl Default for Limits {
    /// Ten seconds, one mebibyte, three redirects.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            body: 1024 * 1024,
            redirects: 3,
        }
    }
}

/// Where redirects may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// A redirect is an answer like others.
    Never,
    /// To the same scheme, host and port: what speaks for itself by its URL.
    SameOrigin,
    /// To any public host, but from `https` never to `http`.
    Anywhere,
}

/// Makes the headers of one request of a chain: a signature covers the path, so each redirect needs its own.
type Prepare = Box<dyn Fn(&Method, &Url) -> Vec<(HeaderName, HeaderValue)> + Send + Sync>;

/// A request.
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) prepare: Option<Prepare>,
    pub(crate) body: Bytes,
    pub(crate) limits: Limits,
    pub(crate) redirects: Redirects,
    pub(crate) onions: bool,
}

impl Request {
    /// A GET that follows redirects within its origin.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: Vec::new(),
            prepare: None,
            body: Bytes::new(),
            limits: Limits::default(),
            redirects: Redirects::SameOrigin,
            onions: true,
        }
    }

    /// A HEAD: the same as a GET, without a body in the answer.
    pub fn head(url: Url) -> Self {
        Self {
            method: Method::HEAD,
            redirects: Redirects::Never,
            ..Self::get(url)
        }
    }

    /// A POST that follows no redirect. Send only what may be sent twice: a kept connection that broke is tried again.
    pub fn post(url: Url, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            redirects: Redirects::Never,
            ..Self::get(url)
        }
    }

    /// A PUT that follows no redirect. A kept connection that broke is tried again, as with a POST.
    pub fn put(url: Url, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::PUT,
            ..Self::post(url, body)
        }
    }

    /// A DELETE that follows no redirect.
    pub fn delete(url: Url) -> Self {
        Self {
            method: Method::DELETE,
            ..Self::post(url, Bytes::new())
        }
    }

    /// Adds a header. `Host`, `User-Agent`, `Connection` and lengths are this crate's; others may be set.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Asks `prepare` for more headers before each hop.
    #[must_use]
    pub fn prepared(
        mut self,
        prepare: impl Fn(&Method, &Url) -> Vec<(HeaderName, HeaderValue)> + Send + Sync + 'static,
    ) -> Self {
        self.prepare = Some(Box::new(prepare));
        self
    }

    /// Other limits than the default's.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks no onion service, wherever a redirect leads.
    #[must_use]
    pub const fn without_onions(mut self) -> Self {
        self.onions = false;
        self
    }

    /// Other redirects than the default's. Redirects are followed for GET alone.
    #[must_use]
    pub const fn redirects(mut self, redirects: Redirects) -> Self {
        self.redirects = redirects;
        self
    }
}

/// What came back, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The URL that answered: the last of the redirects.
    pub url: Url,
    /// The whole body.
    pub body: Bytes,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    /// True for 200 to 299.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status <= 299
    }

    /// The only value of a header; nothing where it is missing, repeated or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    }

    /// All headers, for a protocol that has its own reading of them.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Type and subtype in lower case, without parameters.
    pub fn content_type(&self) -> Option<String> {
        let whole = self.header("content-type")?;
        Some(whole.split(';').next()?.trim().to_ascii_lowercase())
    }

    /// Where a redirect leads, or nothing for another status.
    pub(crate) fn redirects_to(&self) -> Result<Option<Url>, Error> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let to = self.header("location").ok_or(Error::Redirects)?;
        self.url.join(to).map(Some).map_err(|_| Error::Redirects)
    }
}
