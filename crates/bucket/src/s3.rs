//! The bucket itself, by `object_store`.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Uri};
use http_body_util::BodyExt;
use object_store::aws::{AmazonS3, AmazonS3Builder, AwsAuthorizer};
use object_store::client::{HttpClient, HttpRequest, HttpRequestBody};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt, PutOptions,
    RetryConfig,
};
use url::Url;

use crate::way::{Way, client};
use crate::{Failed, Habits, Name, Page, Setup, SetupError};

/// What every object says that it is.
const CONTENT_TYPE: &str = "application/octet-stream";

/// A bucket.
pub struct Bucket {
    store: AmazonS3,
    http: HttpClient,
    /// The bucket's own URL.
    url: Url,
    region: String,
    folder: String,
}

impl Bucket {
    /// Reads how it is reached; asks nobody yet.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(setup: Setup) -> Result<Self, SetupError> {
        let mut url = setup.endpoint;
        if !matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some() {
            return Err(SetupError::Address);
        }
        if setup.in_path {
            url.set_path(&setup.bucket);
        } else {
            let host = url.host_str().ok_or(SetupError::Address)?;
            let host = format!("{}.{host}", setup.bucket);
            url.set_host(Some(&host)).map_err(|_| SetupError::Address)?;
        }
        let endpoint = url[..url::Position::BeforePath].to_owned();
        let way = Way(client(&url, setup.proxy, setup.authorities)?);
        let http = HttpClient::new(way.clone());
        // It tries once: who asks knows better when to ask again.
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 0,
            retry_timeout: Duration::from_secs(1),
        };
        let store = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_bucket_name(setup.bucket)
            .with_region(setup.region.clone())
            .with_access_key_id(setup.key_id)
            .with_secret_access_key(setup.key.expose())
            .with_virtual_hosted_style_request(!setup.in_path)
            .with_allow_http(true)
            .with_disable_bulk_delete(true)
            .with_disable_tagging(true)
            .with_retry(retry)
            .with_http_connector(way)
            .build()
            .map_err(|_| SetupError::Address)?;
        Ok(Self {
            store,
            http,
            url,
            region: setup.region,
            folder: setup.folder,
        })
    }

    /// Puts an object.
    ///
    /// # Errors
    /// [`Failed::Away`]; it may be there all the same.
    pub async fn put(&self, name: Name, bytes: Vec<u8>) -> Result<(), Failed> {
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, CONTENT_TYPE.into());
        let options = PutOptions {
            attributes,
            ..PutOptions::default()
        };
        let put = self.store.put_opts(&self.path(name), bytes.into(), options).await;
        put.map(drop).map_err(|_| Failed::Away)
    }

    /// Reads `length` bytes of an object.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn get(&self, name: Name, from: u64, length: u64) -> Result<Vec<u8>, Failed> {
        if length == 0 {
            return Ok(Vec::new());
        }
        let options = GetOptions {
            range: Some((from..from.saturating_add(length)).into()),
            ..GetOptions::default()
        };
        let found = self
            .store
            .get_opts(&self.path(name), options)
            .await
            .map_err(failed)?;
        let bytes = found.bytes().await.map_err(failed)?;
        if bytes.len() as u64 == length {
            Ok(bytes.into())
        } else {
            Err(Failed::Away)
        }
    }

    /// Deletes an object; one that is not there is deleted.
    ///
    /// # Errors
    /// [`Failed::Away`].
    pub async fn erase(&self, name: Name) -> Result<(), Failed> {
        match self.store.delete(&self.path(name)).await.map_err(failed) {
            Ok(()) | Err(Failed::Gone) => Ok(()),
            Err(failed) => Err(failed),
        }
    }

    /// Some of the names, a thousand at most.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn page(&self, next: Option<String>) -> Result<Page, Failed> {
        let options = PaginatedListOptions {
            page_token: next,
            ..PaginatedListOptions::default()
        };
        let folder = format!("{}/", self.folder);
        let listed = self.store.list_paginated(Some(&folder), options).await;
        let listed = listed.map_err(failed)?;
        let names = listed.result.objects.iter();
        Ok(Page {
            names: names
                .filter_map(|object| Name::read(object.location.as_ref().strip_prefix(&folder)?))
                .collect(),
            next: listed.page_token,
        })
    }

    /// What it keeps that nobody asked it to keep.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn habits(&self) -> Result<Habits, Failed> {
        let versions = self.ask("versioning").await?;
        let log = self.ask("logging").await?;
        Ok(Habits {
            // Once it was on, older versions stay even when it is suspended.
            versions: versions.contains("<Status>"),
            log: log.contains("<LoggingEnabled>"),
        })
    }

    /// A question about the bucket, for which `object_store` has no word.
    async fn ask(&self, what: &str) -> Result<String, Failed> {
        let mut url = self.url.clone();
        url.set_query(Some(what));
        let uri: Uri = url.as_str().parse().map_err(|_| Failed::Away)?;
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = uri;
        let key = self.store.credentials().get_credential().await.map_err(failed)?;
        AwsAuthorizer::new(&key, "s3", &self.region)
            .try_authorize(&mut request, None)
            .map_err(failed)?;
        let answer = self.http.execute(request).await.map_err(|_| Failed::Away)?;
        if !answer.status().is_success() {
            return Err(Failed::Away);
        }
        let body = answer.into_body().collect().await.map_err(|_| Failed::Away)?;
        let body: Bytes = body.to_bytes();
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    fn path(&self, name: Name) -> Path {
        Path::from(format!("{}/{name}", self.folder))
    }
}

/// The library's words name the object: they go no further.
fn failed(error: Error) -> Failed {
    match error {
        Error::NotFound { .. } => Failed::Gone,
        _ => Failed::Away,
    }
}
