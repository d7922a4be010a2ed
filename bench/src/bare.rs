//! The yardsticks: a bare axum handler that sends as many bytes, and one that takes activities and does nothing with them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;

use crate::signed;

/// Serves `bytes` bytes at every path until it is killed; prints the port when it is ready.
pub fn serve(bytes: usize) {
    let body: &'static [u8] = Box::leak(vec![b'x'; bytes].into_boxed_slice());
    let answer = move || async move { ([(CONTENT_TYPE, "application/json; charset=utf-8")], body) };
    listen(Router::new().route("/", get(answer)));
}

/// Keys by their names, as PEM.
type Keys = Arc<Mutex<HashMap<String, String>>>;

/// Takes activities at `/inbox`: reads each, verifies its signature with the key that `/key` was given under its name, and
/// answers.
pub fn serve_inbox() {
    let router = Router::new()
        .route("/key", post(keep))
        .route("/inbox", post(take))
        .with_state(Keys::default());
    listen(router);
}

async fn keep(State(keys): State<Keys>, body: String) -> StatusCode {
    let Some((name, pem)) = body.split_once('\n') else {
        return StatusCode::BAD_REQUEST;
    };
    keys.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(name.to_owned(), pem.to_owned());
    StatusCode::ACCEPTED
}

async fn take(State(keys): State<Keys>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Ok(activity) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let key_of = |name: &str| {
        keys.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    };
    let signer = signed::signer(&headers, &body, key_of);
    if signer.is_some_and(|signer| activity["actor"].as_str() == Some(&signer)) {
        StatusCode::ACCEPTED
    } else {
        StatusCode::UNAUTHORIZED
    }
}

fn listen(router: Router) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads start");
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a port");
        println!("listening on {}", listener.local_addr().expect("it is bound"));
        axum::serve(listener, router).await.expect("it serves");
    });
}
