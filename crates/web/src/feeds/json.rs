//! JSON Feed 1.1. <https://www.jsonfeed.org/version/1.1/>

use serde_json::{Value, json};

use super::{Feed, Item};

pub fn json(feed: &Feed) -> String {
    let mut value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page,
        "feed_url": feed.place,
        "items": feed.items.iter().map(item).collect::<Vec<_>>(),
    });
    if let Some(icon) = &feed.icon {
        value["icon"] = json!(icon);
    }
    value.to_string()
}

fn item(item: &Item) -> Value {
    let mut value = json!({
        "id": item.url,
        "url": item.url,
        "content_html": item.html,
        "date_published": item.published.rfc3339(),
        "authors": [{ "name": item.author.name(), "url": item.author_url }],
        "tags": item.tags,
    });
    if !item.media.is_empty() {
        let attachments = item
            .media
            .iter()
            .map(|one| json!({ "url": one.url, "mime_type": one.mime, "title": one.said }));
        value["attachments"] = attachments.collect();
    }
    if let Some(edited) = item.edited {
        value["date_modified"] = json!(edited.rfc3339());
    }
    if let Some(language) = &item.language {
        value["language"] = json!(language);
    }
    value
}
