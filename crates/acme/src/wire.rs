//! The library's requests, sent the way every request leaves this server.

use std::future::Future;
use std::pin::Pin;

use bauta_outbound::{Client, Request};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderName, Method};
use http_body_util::{BodyExt, Collected, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use url::Url;

/// Headers of answers that the protocol needs (RFC 8555 § 6.5, 7.1).
const NEEDED: [HeaderName; 4] = [
    CONTENT_TYPE,
    LOCATION,
    RETRY_AFTER,
    HeaderName::from_static("replay-nonce"),
];

/// Headers of requests that go out. The library's own User-Agent doesn't.
const SENT: [HeaderName; 2] = [CONTENT_TYPE, ACCEPT];

/// Hands requests to the one way out.
pub(crate) struct Wire(pub(crate) Client);

impl HttpClient for Wire {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move { exchange(&client, request).await })
    }
}

async fn exchange(
    client: &Client,
    request: http::Request<BodyWrapper<Bytes>>,
) -> Result<BytesResponse, Error> {
    let (parts, body) = request.into_parts();
    let url =
        Url::parse(&parts.uri.to_string()).map_err(|_| Error::Str("the authority gave no usable URL"))?;
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let mut message = match parts.method {
        Method::HEAD => Request::head(url),
        Method::POST => Request::post(url, body),
        _ => Request::get(url),
    };
    for name in SENT {
        if let Some(value) = parts.headers.get(&name) {
            message = message.header(name, value.clone());
        }
    }
    let answer = client
        .send(message)
        .await
        .map_err(|error| Error::Other(Box::new(error)))?;
    let mut response = http::Response::builder().status(answer.status);
    for name in NEEDED {
        if let Some(value) = answer.header(name.as_str()) {
            response = response.header(name, value);
        }
    }
    Ok(BytesResponse::from(response.body(Full::new(answer.body))?))
}
