//! What a page says of itself that a post links to: a box of text, with a picture that lies here. Nothing is loaded from
//! elsewhere, and nothing of it is HTML.

use std::fmt::Write;

use bauta_model::Post;
use bauta_text::{escape_html, shown_host};
use url::Url;

/// The box; nothing where a post has none.
pub fn card_of(post: &Post) -> String {
    let Some(card) = &post.card else {
        return String::new();
    };
    let Ok(url) = Url::parse(&card.url) else {
        return String::new();
    };
    let mut html = String::from("<div class=\"media\"><div class=\"note");
    if let Some(picture) = &card.picture {
        let _ = write!(
            html,
            " picture\"><img src=\"/media/card/{}\" alt=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\">",
            picture.id,
            escape_html(&picture.said),
            picture.width,
            picture.height
        );
    } else {
        html.push_str("\">");
    }
    let _ = write!(
        html,
        "<div dir=\"auto\"><a href=\"{}\" rel=\"nofollow noopener noreferrer\">{}</a><p class=\"medium\">{}</p>\
         <p class=\"small quiet\"><bdi>{}</bdi></p></div></div></div>",
        escape_html(url.as_str()),
        escape_html(&card.title),
        escape_html(&card.description),
        escape_html(&shown_host(&url))
    );
    html
}
