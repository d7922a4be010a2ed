//! Small pictures with a name as pieces of a page: still ones, as high as a line.

use bauta_model::Account;
use bauta_service::App;
use bauta_service::emojis::Emoji;
use bauta_text::escape_html;

/// How high one stands in a text, in pixels.
const HEIGHT: i32 = 20;

/// HTML of ours that `author` wrote, with pictures in the place of their names. People of other servers name pictures of
/// theirs, not ours.
pub fn pictured(app: &App, author: &Account, html: &str) -> String {
    if !html.contains(':') {
        return html.to_owned();
    }
    bauta_text::with_emoji(html, |name| {
        app.emojis.named_by(author, name).map(|emoji| picture(&emoji))
    })
}

/// An account's name as HTML.
pub fn name_of(app: &App, account: &Account) -> String {
    pictured(app, account, &escape_html(account.name()))
}

/// One of them.
pub fn picture(emoji: &Emoji) -> String {
    // Names are letters, digits and underscores.
    let (id, name) = (emoji.id, &emoji.shortcode);
    let width = (emoji.width * HEIGHT / emoji.height.max(1)).clamp(1, 4 * HEIGHT);
    format!(
        "<img src=\"/media/emoji/{id}/still\" alt=\":{name}:\" title=\":{name}:\" width=\"{width}\" height=\"{HEIGHT}\" \
         loading=\"lazy\">"
    )
}
