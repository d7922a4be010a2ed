//! Without S3: nobody can make a bucket, so that nothing of it is ever asked.

#![expect(clippy::unused_async, reason = "it stands in for what waits for a network")]

use crate::{Failed, Habits, Name, Page, Setup, SetupError};

/// A bucket that can't be.
pub enum Bucket {}

impl Bucket {
    /// Says that there is none.
    ///
    /// # Errors
    /// [`SetupError::NotBuilt`], always.
    pub fn open(_: Setup) -> Result<Self, SetupError> {
        Err(SetupError::NotBuilt)
    }

    /// Puts an object.
    pub async fn put(&self, _: Name, _: Vec<u8>) -> Result<(), Failed> {
        match *self {}
    }

    /// Reads a part of an object.
    pub async fn get(&self, _: Name, _: u64, _: u64) -> Result<Vec<u8>, Failed> {
        match *self {}
    }

    /// Deletes an object.
    pub async fn erase(&self, _: Name) -> Result<(), Failed> {
        match *self {}
    }

    /// Some of the names.
    pub async fn page(&self, _: Option<String>) -> Result<Page, Failed> {
        match *self {}
    }

    /// What it keeps.
    pub async fn habits(&self) -> Result<Habits, Failed> {
        match *self {}
    }
}
