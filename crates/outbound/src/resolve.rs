//! From names to addresses.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use crate::Error;

/// Addresses of a name, in no trusted order.
pub type Found<'a> = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, Error>> + Send + 'a>>;

/// Looks names up. Tests have one that lies.
pub trait Resolve: Send + Sync {
    /// The addresses of `name`.
    fn resolve<'a>(&'a self, name: &'a str) -> Found<'a>;
}

/// What the system says.
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, name: &'a str) -> Found<'a> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0))
                .await
                .map_err(|_| Error::NoSuchHost)?;
            Ok(found.map(|socket| socket.ip()).collect())
        })
    }
}
