//! A medium of a post in Mastodon's JSON.

use bauta_model::{Attachment, AttachmentKind};
use serde_json::{Value, json};

/// `MediaAttachment` of something that is there.
pub(crate) fn attachment(base: &str, one: &Attachment) -> Value {
    if one.kind == AttachmentKind::Away {
        return away(base, one);
    }
    let url = format!("{base}/media/{}", one.id);
    let preview = one.preview.map(|preview| format!("{base}/media/{}", preview.id));
    // A sound has no smaller form, and its file is none.
    let preview = preview.or_else(|| (one.kind == AttachmentKind::Picture).then(|| url.clone()));
    json!({
        "id": one.id.to_string(),
        "type": one.kind.as_api(),
        "url": url,
        "preview_url": preview,
        "remote_url": null,
        "preview_remote_url": null,
        "text_url": null,
        "meta": meta(one),
        "description": described(one),
        "blurhash": (!one.blurhash.is_empty()).then_some(&one.blurhash),
    })
}

/// The same for something of another server that has no copy here: its address is our page where it can be asked for, so
/// that no app loads anything from elsewhere.
fn away(base: &str, one: &Attachment) -> Value {
    let mut value = working(&one.id.to_string(), one.kind);
    value["url"] = json!(format!("{base}/media/away/{}", one.id));
    value["description"] = json!(described(one));
    value["blurhash"] = json!((!one.blurhash.is_empty()).then_some(&one.blurhash));
    value
}

/// The same for something that is being worked on: it has no address yet.
pub(crate) fn working(id: &str, kind: AttachmentKind) -> Value {
    json!({
        "id": id,
        "type": kind.as_api(),
        "url": null,
        "preview_url": null,
        "remote_url": null,
        "preview_remote_url": null,
        "text_url": null,
        "meta": null,
        "description": null,
        "blurhash": null,
    })
}

fn described(one: &Attachment) -> Option<&str> {
    (!one.description.is_empty()).then_some(one.description.as_str())
}

fn meta(one: &Attachment) -> Value {
    if one.kind == AttachmentKind::Sound {
        return json!({ "original": { "duration": one.seconds } });
    }
    let (small_width, small_height) = one
        .preview
        .map_or((one.width, one.height), |preview| (preview.width, preview.height));
    let mut original = size(one.width, one.height);
    if let Some(seconds) = one.seconds {
        original["duration"] = json!(seconds);
    }
    let thousandths = |value: i16| f64::from(value) / 1000.0;
    json!({
        "original": original,
        "small": size(small_width, small_height),
        "focus": { "x": thousandths(one.focus.x()), "y": thousandths(one.focus.y()) },
    })
}

fn size(width: u32, height: u32) -> Value {
    json!({
        "width": width,
        "height": height,
        "size": format!("{width}x{height}"),
        "aspect": f64::from(width) / f64::from(height.max(1)),
    })
}
