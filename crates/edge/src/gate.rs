//! What happens to every request before the rest of the house sees it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bauta_model::{Door, LimiterKey};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use hyper::body::{Body as _, Incoming};
use hyper::upgrade::OnUpgrade;
use tower::ServiceExt;

use crate::body::{CutOff, Fate, Inflow, Outflow};
use crate::connection::Pulse;
use crate::headers::{notice_proxy, scrub};
use crate::host::Hosts;
use crate::rates::{RateLimits, Verdict};
use crate::refusal::{Manner, refuse};
use crate::{Limits, PathRule, Scope};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const ONION_LOCATION: HeaderName = HeaderName::from_static("onion-location");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What all doors share.
pub(crate) struct House {
    pub router: Router,
    pub limits: Limits,
    pub rates: Option<RateLimits>,
    pub paths: Vec<PathRule>,
    /// The onion name, where there is an onion door.
    pub onion: Option<String>,
    /// Path of the stylesheet of pages that the door makes by itself.
    pub style: String,
}

/// What is known of a connection.
pub(crate) struct Visit {
    pub key: LimiterKey,
    pub door: Door,
    /// The other end stands for many people.
    pub shared: bool,
    /// The peer is a socket that a proxy could have been put in front of without the operator saying so.
    pub watches_for_proxy: bool,
    pub task: Task,
    pub hosts: Hosts,
    pub pulse: Arc<Pulse>,
}

/// What a door does with a request.
#[derive(Clone)]
pub(crate) enum Task {
    /// Hands it to the router.
    Serve,
    /// Sends the client to the same path on `https://` and this name.
    Redirect(Arc<str>),
}

/// An answer that the door gives in place of the router.
type Refusal = (StatusCode, &'static str);

impl House {
    /// Answers a request. Never fails: what goes wrong is an answer too.
    pub(crate) async fn answer(&self, visit: &Visit, request: Request<Incoming>) -> Response<Outflow> {
        let flight = visit.pulse.take_off();
        let manner = Manner::of(request.uri().path(), request.headers(), &self.style);
        let unread = !request.body().is_end_stream();
        let mut response = match self.admit(visit, request, manner).await {
            Ok(response) => response,
            Err((status, sentence)) => {
                if unread {
                    visit.pulse.linger();
                }
                refuse(status, sentence, manner)
            }
        };
        for name in [header::DATE, header::SERVER, header::VIA] {
            response.headers_mut().remove(name);
        }
        response.map(|body| Outflow::new(body, flight))
    }

    async fn admit(
        &self,
        visit: &Visit,
        request: Request<Incoming>,
        manner: Manner<'_>,
    ) -> Result<Response<Body>, Refusal> {
        self.check_size(&request)?;
        if visit.watches_for_proxy {
            notice_proxy(request.headers());
        }
        let target = target(request.uri())?;
        if let Task::Redirect(domain) = &visit.task {
            return redirect(domain, &target);
        }
        let host = host(&request)?;
        // Monitors ask for health by address; the answer tells nothing.
        if !visit.hosts.answer_to(&host) && target.path() != "/health" {
            return Err((
                StatusCode::MISDIRECTED_REQUEST,
                "This server does not answer to that name; use the address that you were given.",
            ));
        }
        let rule = self.rule(request.method(), target.path());
        let verdict = self.count(visit, request.method(), rule);
        if let Some(verdict) = verdict.as_ref().filter(|verdict| verdict.wait.is_some()) {
            if !request.body().is_end_stream() {
                visit.pulse.linger();
            }
            return Ok(too_many(verdict, manner));
        }
        let is_api = target.path().starts_with("/api/");
        let limit = rule
            .and_then(|rule| rule.body_bytes)
            .unwrap_or(self.limits.body_bytes);
        let onion = self.onion_of(visit, &request, &target);
        let mut response = self.pass(visit, request, target, &host, limit).await?;
        if let Some(onion) = onion.filter(|_| is_page(&response)) {
            response.headers_mut().insert(ONION_LOCATION, onion);
        }
        if let Some(verdict) = verdict.filter(|_| is_api && !response.headers().contains_key(LIMIT)) {
            write_rates(&verdict, response.headers_mut());
        }
        Ok(response)
    }

    /// HTTP/1.1 requests that are too large never get here (the parser refuses them); HTTP/2 has no count of its own.
    fn check_size(&self, request: &Request<Incoming>) -> Result<(), Refusal> {
        let target = request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > self.limits.target_bytes {
            return Err((StatusCode::URI_TOO_LONG, "The address of the page is too long."));
        }
        if request.headers().len() > self.limits.headers {
            return Err((
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "The request has too many headers.",
            ));
        }
        Ok(())
    }

    /// Where the same page is on the onion: for those who come by the clearnet and are nobody yet.
    fn onion_of(&self, visit: &Visit, request: &Request<Incoming>, target: &Uri) -> Option<HeaderValue> {
        let onion = self.onion.as_deref()?;
        let open = visit.door == Door::Clearnet
            && request.method() == Method::GET
            && !request.headers().contains_key(header::COOKIE);
        open.then(|| HeaderValue::from_str(&format!("http://{onion}{target}")).ok())?
    }

    fn rule(&self, method: &Method, path: &str) -> Option<&PathRule> {
        if is_read(method) {
            return None;
        }
        self.paths.iter().find(|rule| rule.covers(path))
    }

    fn count(&self, visit: &Visit, method: &Method, rule: Option<&PathRule>) -> Option<Verdict> {
        let scope = match rule {
            Some(rule) => rule.scope,
            None if is_read(method) => Scope::Read,
            None => Scope::Write,
        };
        let key = (!visit.shared).then_some(visit.key);
        self.rates.as_ref().map(|rates| rates.count(scope, key))
    }

    /// Builds the request that the house sees, from nothing but what it may see.
    async fn pass(
        &self,
        visit: &Visit,
        request: Request<Incoming>,
        target: Uri,
        host: &str,
        limit: u64,
    ) -> Result<Response<Body>, Refusal> {
        const TOO_LONG: Refusal = (
            StatusCode::PAYLOAD_TOO_LARGE,
            "That is larger than this server takes.",
        );
        let (mut raw, incoming) = request.into_parts();
        if incoming.size_hint().lower() > limit {
            return Err(TOO_LONG);
        }
        let fate = Arc::new(Fate::default());
        let body = if incoming.is_end_stream() {
            Body::empty()
        } else {
            Body::new(Inflow::new(incoming, limit, &self.limits, Arc::clone(&fate)))
        };
        let mut clean = Request::new(body);
        *clean.method_mut() = raw.method;
        *clean.uri_mut() = target;
        *clean.version_mut() = raw.version;
        *clean.headers_mut() = scrub(&raw.headers);
        let host = HeaderValue::from_str(host).map_err(|_| BAD_HOST)?;
        clean.headers_mut().insert(header::HOST, host);
        if let Some(upgrade) = raw.extensions.remove::<OnUpgrade>() {
            clean.extensions_mut().insert(upgrade);
        }
        clean.extensions_mut().insert(visit.key);
        clean.extensions_mut().insert(visit.door);
        let response = match self.router.clone().oneshot(clean).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        match fate.cut_off() {
            None => Ok(response),
            Some(CutOff::TooLong) => Err(TOO_LONG),
            Some(CutOff::TooSlow) => Err((StatusCode::REQUEST_TIMEOUT, "The request came too slowly.")),
            Some(CutOff::Broken) => Err((StatusCode::BAD_REQUEST, "The request broke off.")),
        }
    }
}

fn is_page(response: &Response<Body>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    response.status() == StatusCode::OK && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

const BAD_HOST: Refusal = (StatusCode::BAD_REQUEST, "The request must name one host.");

const fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Path and query, without the scheme and authority that HTTP/2 and requests to proxies carry, and without a slash at
/// the end of the path: no path of the house has one, and people and programs add it.
fn target(uri: &Uri) -> Result<Uri, Refusal> {
    const NO_PATH: Refusal = (StatusCode::BAD_REQUEST, "The request names no path.");
    let target = uri.path_and_query().ok_or(NO_PATH)?;
    match target.path().strip_suffix('/') {
        Some(path) if path.len() > 1 && !path.ends_with('/') => {
            let query = target
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            format!("{path}{query}").parse().map_err(|_| NO_PATH)
        }
        _ => Ok(Uri::from(target.clone())),
    }
}

/// The one name that a request is for (RFC 9112 § 3.2, RFC 9113 § 8.3.1).
fn host(request: &Request<Incoming>) -> Result<String, Refusal> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let line = lines
        .next()
        .map(|value| value.to_str())
        .transpose()
        .map_err(|_| BAD_HOST)?;
    if lines.next().is_some() {
        return Err(BAD_HOST);
    }
    let host = match request.uri().authority() {
        Some(authority) if authority.as_str().contains('@') => return Err(BAD_HOST),
        Some(authority) => authority.as_str(),
        None => line.ok_or(BAD_HOST)?,
    };
    Ok(host.to_ascii_lowercase())
}

fn redirect(domain: &str, target: &Uri) -> Result<Response<Body>, Refusal> {
    let place = format!("https://{domain}{target}");
    let place =
        HeaderValue::from_str(&place).map_err(|_| (StatusCode::BAD_REQUEST, "The request names no path."))?;
    let mut response = refuse(
        StatusCode::PERMANENT_REDIRECT,
        "This server is at https; change the address.",
        Manner::Text,
    );
    response.headers_mut().insert(header::LOCATION, place);
    Ok(response)
}

fn too_many(verdict: &Verdict, manner: Manner<'_>) -> Response<Body> {
    let mut response = refuse(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many requests; wait a few minutes and try again.",
        manner,
    );
    write_rates(verdict, response.headers_mut());
    if let Some(wait) = verdict.wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    response
}

/// Mastodon's headers. The time is a slot: a finer one would tell when the window began.
fn write_rates(verdict: &Verdict, headers: &mut HeaderMap) {
    headers.insert(LIMIT, HeaderValue::from(verdict.limit));
    headers.insert(REMAINING, HeaderValue::from(verdict.remaining));
    if let Ok(reset) = HeaderValue::from_str(&verdict.reset.rfc3339()) {
        headers.insert(RESET, reset);
    }
}
