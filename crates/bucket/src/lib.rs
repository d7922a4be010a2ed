//! A bucket that speaks S3: where the bytes of media may live in place of the media folder.
//!
//! An object has a random name and one content type, the same for all; nothing else is said of it. Every request leaves
//! through `outbound`: through the proxy where there is one, without a library's name, and to this one service.
//!
//! Without the feature `s3` nobody can make a [`Bucket`], and nothing of S3 is linked.

mod name;
#[cfg(not(feature = "s3"))]
mod none;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "s3")]
mod way;

use bauta_model::Secret;
use bauta_outbound::{Authorities, Proxy};
use url::Url;

pub use name::{Name, folder};
#[cfg(not(feature = "s3"))]
pub use none::Bucket;
#[cfg(feature = "s3")]
pub use s3::Bucket;

/// True where this program can use a bucket.
pub const BUILT: bool = cfg!(feature = "s3");

/// Which bucket, and how it is reached.
pub struct Setup {
    /// Where it answers: scheme, host and port.
    pub endpoint: Url,
    /// The region that signatures name.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// The bucket's name stands in the path, and not before the host.
    pub in_path: bool,
    /// The public half of the access key.
    pub key_id: String,
    /// Its secret half.
    pub key: Secret<String>,
    /// What goes before the name of every object: see [`folder`].
    pub folder: String,
    /// What requests go through, unless the endpoint is an address of a private network.
    pub proxy: Option<Proxy>,
    /// Whose certificates are believed.
    pub authorities: Authorities,
}

/// Why a bucket can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// This program has no S3 in it.
    #[error("this bauta was built without S3: build it with --features s3, or leave [bucket] out")]
    NotBuilt,
    /// The endpoint, the region or the name are no such things.
    #[error("bucket: endpoint, region and name don't make the address of a bucket")]
    Address,
    /// There is no client.
    #[error("bucket: {0}")]
    Client(#[from] bauta_outbound::SetupError),
}

/// Why a bucket did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// There is no such object.
    #[error("there is no such object")]
    Gone,
    /// It did not answer, or refused: another time, perhaps.
    #[error("the bucket does not answer as it should")]
    Away,
}

/// What a bucket keeps that nobody asked it to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Older versions of objects, and those that were deleted.
    pub versions: bool,
    /// A log of who asked for what.
    pub log: bool,
}

/// Some of the names in a bucket.
#[derive(Debug, Default)]
pub struct Page {
    /// Those of our kind, in order.
    pub names: Vec<Name>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}
