//! The composer, which tells whoever adds a picture what that said.

use bauta_tests::forms::Browser;

use crate::pictures;

/// Adds a picture on the page, where whoever sent it reads once what it said.
pub fn look_at_a_picture(browser: &mut Browser, mark: &str) {
    let (media_type, bytes) = pictures::marked("png", mark);
    let page = browser.get("/compose");
    let form = page
        .form("Add and look")
        .attach("Add pictures, films or sounds", "a.png", media_type, &bytes);
    let looked = browser.submit(&form);
    assert!(looked.html().contains(mark), "{}", looked.text());
}
