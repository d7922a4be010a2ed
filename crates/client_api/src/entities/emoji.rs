//! Small pictures with a name in Mastodon's JSON.

use bauta_model::Account;
use bauta_service::App;
use bauta_service::emojis::Emoji;
use serde_json::{Value, json};

/// `CustomEmoji`.
pub(crate) fn emoji(base: &str, one: &Emoji) -> Value {
    let url = format!("{base}/media/emoji/{}", one.id);
    json!({
        "shortcode": one.shortcode,
        "static_url": format!("{url}/still"),
        "url": url,
        "visible_in_picker": one.in_picker,
        "category": (!one.category.is_empty()).then_some(&one.category),
    })
}

/// Those that `texts` of `author` use. Names that people of other servers write mean pictures of theirs, not ours.
pub(crate) fn used<'t>(app: &App, author: &Account, texts: impl IntoIterator<Item = &'t str>) -> Value {
    let found = app.emojis.of_author(author, texts);
    found.iter().map(|one| emoji(&app.site.base_url, one)).collect()
}

/// Those that `texts` of this server use.
pub(crate) fn named<'t>(app: &App, texts: impl IntoIterator<Item = &'t str>) -> Value {
    let found = app.emojis.of(texts);
    found.iter().map(|one| emoji(&app.site.base_url, one)).collect()
}
