//! The yardstick: a bare axum handler that sends as many bytes.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// Serves `bytes` bytes at every path until it is killed; prints the port when it is ready.
pub fn serve(bytes: usize) {
    let body: &'static [u8] = Box::leak(vec![b'x'; bytes].into_boxed_slice());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads start");
    runtime.block_on(async move {
        let answer = move || async move { ([(CONTENT_TYPE, "application/json; charset=utf-8")], body) };
        let router = Router::new().route("/", get(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a port");
        println!("listening on {}", listener.local_addr().expect("it is bound"));
        axum::serve(listener, router).await.expect("it serves");
    });
}
