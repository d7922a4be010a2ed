//! What the API answers with: words of the domain in Mastodon's JSON.

pub(crate) mod account;
pub(crate) mod application;
pub(crate) mod attachment;
pub(crate) mod emoji;
pub(crate) mod poll;
pub(crate) mod quote;
pub(crate) mod relationship;
pub(crate) mod status;
