//! A document that was published: what stands in the file that everybody can load.

use serde::{Deserialize, Serialize};

use super::id::{PublicId, Version};
use crate::Hash;

/// A published document, made of pixels only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Version of the form.
    pub v: Version,
    /// The demand.
    pub demand: PublicId,
    /// Its number among the demand's published files, from 0.
    pub number: u32,
    /// What it is.
    pub title: String,
    /// How the file's name ends.
    pub format: Format,
    /// The file's hash.
    pub sha256: Hash,
    /// The file's length.
    pub bytes: u32,
    /// The salted commitment to the original; none where that is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Hash>,
}

/// What a published file may be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A page as a picture.
    Png,
    /// Pages that are pictures.
    Pdf,
}

impl Paper {
    /// Where the file lies below `report/`.
    pub fn path(&self) -> String {
        let end = match self.format {
            Format::Png => "png",
            Format::Pdf => "pdf",
        };
        format!("documents/{}/{}.{end}", self.demand, self.number)
    }
}
