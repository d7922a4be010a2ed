//! How `object_store` reaches the bucket: by `outbound`, and no other way.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bauta_outbound::{Authorities, Client, Limits, Options, Proxy, Request};
use http::{HeaderName, Method, header};
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use url::Url;

use crate::SetupError;

/// How long one request may take: a film on a slow line.
const PATIENCE: Duration = Duration::from_mins(2);
/// The longest answer: the longest medium, or a list of a thousand names.
const MOST: usize = 1 << 30;

/// What S3 is told besides what its own headers (`x-amz-…`) say; everything else `outbound` says, or nobody.
const TOLD: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::DATE,
    header::RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
];

/// A client that asks the bucket at `url`, and nobody else.
pub fn client(url: &Url, proxy: Option<Proxy>, authorities: Authorities) -> Result<Client, SetupError> {
    Ok(Client::new(&Options {
        local: false,
        proxy,
        authorities,
        own: Some(url.clone()),
    })?)
}

/// The way to the bucket.
#[derive(Clone)]
pub struct Way(pub Client);

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Way")
    }
}

impl HttpConnector for Way {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Way {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let url = Url::parse(&parts.uri.to_string())
            .map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let mut asked = match parts.method {
            Method::PUT => Request::put(url, body),
            Method::DELETE => Request::delete(url),
            Method::HEAD => Request::head(url),
            Method::POST => Request::post(url, body),
            _ => Request::get(url).redirects(bauta_outbound::Redirects::Never),
        };
        for (name, value) in &parts.headers {
            if TOLD.contains(name) || name.as_str().starts_with("x-amz-") {
                asked = asked.header(name.clone(), value.clone());
            }
        }
        asked = asked.limits(Limits {
            time: PATIENCE,
            body: MOST,
            redirects: 0,
        });
        let answer = self.0.send(asked).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let mut response = HttpResponse::new(answer.body.clone().into());
        *response.status_mut() = http::StatusCode::from_u16(answer.status)
            .map_err(|error| HttpError::new(HttpErrorKind::Decode, error))?;
        response.headers_mut().clone_from(answer.headers());
        Ok(response)
    }
}
