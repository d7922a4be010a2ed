//! What a page says of itself that a post links to.

use crate::MediaId;

/// A page as it is shown below a post. Every text is text, whatever it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCard {
    /// Where it is, as the post has it.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What it is about; may be empty.
    pub description: String,
    /// The site that it is a page of, as it says; may be empty.
    pub site: String,
    /// Its picture, rebuilt.
    pub picture: Option<CardPicture>,
}

/// The picture of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardPicture {
    /// Random, and another for another picture.
    pub id: MediaId,
    /// What it shows; may be empty.
    pub said: String,
    /// Its colours in a few letters.
    pub blurhash: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}
