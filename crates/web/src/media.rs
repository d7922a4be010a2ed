//! The media of a post as a piece of a page. Each stands as a still picture whose room is known before it is there, and
//! leads to its file: nothing plays by itself.

use std::fmt::Write;

use bauta_model::{Attachment, AttachmentKind, Post, Preview};
use bauta_text::escape_html;

use crate::words::EN;

/// The media of a post; nothing where it has none. Sensitive ones wait behind a summary, unless the post has a warning:
/// then they wait behind that, with the words.
pub fn media_of(post: &Post) -> String {
    if post.media.is_empty() {
        return String::new();
    }
    let pictures = gallery(&post.media);
    if post.sensitive && post.warning.is_empty() {
        format!(
            "<details class=\"veiled\"><summary data-open=\"{}\">{} ({})</summary>{pictures}</details>",
            EN.show,
            EN.sensitive_media,
            post.media.len()
        )
    } else {
        pictures
    }
}

/// The media of a post to whoever judges it: grey until asked for, whatever its author said of them.
pub fn grey_media_of(post: &Post) -> String {
    if post.media.is_empty() {
        return String::new();
    }
    format!(
        "<details class=\"veiled\"><summary data-open=\"{}\">{} ({})</summary>{}</details>",
        EN.show,
        EN.grey_media,
        post.media.len(),
        gallery(&post.media)
    )
}

/// Media side by side.
pub fn gallery(media: &[Attachment]) -> String {
    let many = if media.len() > 1 { " many" } else { "" };
    let mut html = format!("<div class=\"media{many}\">");
    for one in media {
        figure(&mut html, one);
    }
    html.push_str("</div>");
    html
}

/// A film or a sound: loaded when somebody lets it play, and reached by a link where a browser plays none.
fn player(html: &mut String, one: &Attachment) {
    let (element, word) = match one.kind {
        AttachmentKind::Film => ("video", EN.film),
        _ => ("audio", EN.sound),
    };
    let said = escape_html(&one.description);
    let _ = write!(
        html,
        "<div><{element} controls preload=\"none\" src=\"/media/{}\"",
        one.id
    );
    if !said.is_empty() {
        let _ = write!(html, " aria-label=\"{said}\"");
    }
    if let Some(preview) = one.preview {
        let Preview { id, width, height } = preview;
        let _ = write!(
            html,
            " poster=\"/media/{id}\" width=\"{width}\" height=\"{height}\""
        );
    }
    let seconds = one.seconds.unwrap_or_default();
    let _ = write!(
        html,
        "></{element}><a href=\"/media/{}\">{word}, {}:{:02}</a></div>",
        one.id,
        seconds / 60,
        seconds % 60
    );
}

fn figure(html: &mut String, one: &Attachment) {
    match one.kind {
        AttachmentKind::Away => return away(html, one),
        AttachmentKind::Film | AttachmentKind::Sound => return player(html, one),
        AttachmentKind::Picture | AttachmentKind::Animation => {}
    }
    let said = if one.description.is_empty() {
        EN.media_unsaid
    } else {
        &one.description
    };
    let (small, width, height) = match one.preview {
        Some(preview) => (preview.id, preview.width, preview.height),
        None => (one.id, one.width, one.height),
    };
    let _ = write!(
        html,
        "<a href=\"/media/{}\"><img src=\"/media/{small}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" \
         loading=\"lazy\">",
        one.id,
        escape_html(said)
    );
    if one.kind == AttachmentKind::Animation {
        let _ = write!(html, "<span class=\"moves\">{}</span>", EN.media_moves);
    }
    html.push_str("</a>");
}

/// What has no copy here: a link to where it can be asked for.
fn away(html: &mut String, one: &Attachment) {
    let _ = write!(html, "<a href=\"/media/away/{}\">{}", one.id, EN.media_away);
    if !one.description.is_empty() {
        let _ = write!(html, ": {}", escape_html(&one.description));
    }
    html.push_str("</a>");
}

/// The picture that others may show beside a link to a post: its address, sides and description.
pub fn picture_elsewhere(base: &str, post: &Post) -> Option<(String, u32, u32, String)> {
    let (url, one) = shown_elsewhere(base, post).into_iter().next()?;
    let said = one.description.clone();
    match (one.kind, one.preview) {
        (AttachmentKind::Sound, _) | (AttachmentKind::Film, None) => None,
        (AttachmentKind::Film, Some(still)) => Some((
            format!("{base}/media/{}", still.id),
            still.width,
            still.height,
            said,
        )),
        _ => Some((url, one.width, one.height, said)),
    }
}

/// A medium that others may show beside a link to its post, with its address.
pub fn shown_elsewhere<'a>(base: &str, post: &'a Post) -> Vec<(String, &'a Attachment)> {
    if post.sensitive || !post.warning.is_empty() {
        return Vec::new();
    }
    post.media
        .iter()
        .filter(|one| one.kind != AttachmentKind::Away)
        .map(|one| (format!("{base}/media/{}", one.id), one))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::{AccountId, Focus, MediaId, PostId, Visibility};

    fn picture(description: &str) -> Attachment {
        Attachment {
            id: MediaId::new(7),
            kind: AttachmentKind::Picture,
            mime: "image/png".into(),
            width: 40,
            height: 30,
            preview: None,
            description: description.into(),
            blurhash: String::new(),
            focus: Focus::default(),
            seconds: None,
        }
    }

    #[test]
    fn a_description_can_not_leave_its_attribute() {
        let mut post = Post::new(PostId::new(1), AccountId::new(1), Visibility::Public);
        post.media = vec![picture("\"><script>alert(1)</script>")];
        let html = media_of(&post);
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("width=\"40\" height=\"30\""), "{html}");
    }

    #[test]
    fn a_film_waits_for_its_reader_and_lends_its_first_picture() {
        let mut post = Post::new(PostId::new(1), AccountId::new(1), Visibility::Public);
        let film = Attachment {
            kind: AttachmentKind::Film,
            preview: Some(Preview {
                id: MediaId::new(8),
                width: 40,
                height: 30,
            }),
            seconds: Some(75),
            ..picture("\"><script>")
        };
        post.media = vec![film];
        let html = media_of(&post);
        assert!(
            html.contains("<video controls preload=\"none\"") && html.contains("1:15"),
            "{html}"
        );
        assert!(!html.contains("<script") && !html.contains("autoplay"), "{html}");
        let (url, width, ..) = picture_elsewhere("https://a.example", &post).expect("the first picture");
        assert_eq!(
            (url, width),
            (format!("https://a.example/media/{}", MediaId::new(8)), 40)
        );
        post.media[0].kind = AttachmentKind::Sound;
        assert!(media_of(&post).contains("<audio controls preload=\"none\""));
        assert_eq!(picture_elsewhere("https://a.example", &post), None);
    }

    #[test]
    fn what_is_sensitive_waits_and_is_shown_by_nobody_else() {
        let mut post = Post::new(PostId::new(1), AccountId::new(1), Visibility::Public);
        post.media = vec![picture("a bridge")];
        assert!(!media_of(&post).contains("<details"));
        assert!(grey_media_of(&post).starts_with("<details"));
        assert_eq!(shown_elsewhere("https://a.example", &post).len(), 1);
        post.sensitive = true;
        assert!(media_of(&post).starts_with("<details"));
        assert!(shown_elsewhere("https://a.example", &post).is_empty());
    }
}
