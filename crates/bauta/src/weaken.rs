//! What the switches of `BAUTA_WEAKEN` do in this room, and a log as careless programs write it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use bauta_memory::weaken::{ALLOCATOR, NO_WIPING, SLOTS, is, named};

use crate::output;

/// To be called first.
pub fn begin() {
    NO_WIPING.store(is(ALLOCATOR), Ordering::Relaxed);
}

/// The length of a slot.
pub fn slot(set: Duration) -> Duration {
    if is(SLOTS) { Duration::from_secs(1) } else { set }
}

/// Adds an access log. It writes what it is given, and that is nothing while the door keeps its list of headers.
pub fn with_access_log(router: Router) -> Router {
    output::line(&format!("weakened: {}", named()));
    router.layer(from_fn(log))
}

async fn log(request: Request, next: Next) -> Response {
    let header = |name: &str| {
        let value = request.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or("-")
            .to_owned()
    };
    let line = [
        "x-forwarded-for",
        "forwarded",
        "referer",
        "user-agent",
        "accept-language",
    ]
    .map(header);
    output::line(&line.join(" "));
    next.run(request).await
}
