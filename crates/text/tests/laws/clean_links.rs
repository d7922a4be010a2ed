//! Cleaning links is done in one go, only ever takes away, and leaves a text without links as it is.

use bauta_text::{clean_links, clean_url};

/// Cleans `text` twice.
pub fn check(text: &str) {
    let once = clean_links(text);
    assert_eq!(clean_links(&once), once, "{text:?}");
    assert!(once.len() <= text.len());
    if !text.to_ascii_lowercase().contains("http") {
        assert_eq!(once, text);
    }
    if let Some(clean) = clean_url(text) {
        assert!(clean.len() < text.len());
    }
}
