//! The posts of an archive, as ActivityStreams: what of them can be brought in, in the order in which it was written.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use bauta_model::{CoarseTime, Focus, Visibility};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Refused;

/// Bytes of a file of posts or of bookmarks.
const MOST_BYTES: usize = 48 << 20;
/// Pictures of a post that are looked at; more than it may have are refused later.
const MOST_MEDIA: usize = 16;

/// A post of an archive.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// What it was called.
    pub uri: String,
    /// What it answered, by its name.
    pub answers: Option<String>,
    /// Seconds since 1970.
    pub at: i64,
    pub visibility: Visibility,
    pub text: String,
    pub warning: String,
    pub sensitive: bool,
    pub language: Option<String>,
    pub media: Vec<Medium>,
}

/// A picture of a post: where it lies in the archive, what it shows, what must not be cut off.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Medium {
    pub path: String,
    pub description: String,
    pub focus: Focus,
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "orderedItems", default)]
    items: Vec<Value>,
}

fn items(file: &[u8]) -> Result<Vec<Value>, Refused> {
    let broken = || Refused::invalid("file", "The lists of the archive can't be read: get it anew.");
    if file.len() > MOST_BYTES {
        return Err(Refused::invalid(
            "file",
            "The archive names more than can be read at once.",
        ));
    }
    serde_json::from_slice::<Collection>(file)
        .map(|read| read.items)
        .map_err(|_| broken())
}

/// The addresses of a list of posts.
///
/// # Errors
/// [`Refused::Invalid`] names `file`.
pub(super) fn addresses(file: &[u8]) -> Result<Vec<String>, Refused> {
    let named = |item: Value| item.as_str().map(str::to_owned);
    Ok(items(file)?.into_iter().filter_map(named).collect())
}

/// The posts of somebody that others may read, and that answer nothing or another one of them; the oldest first. Boosts,
/// polls and what is between people stay where they are.
///
/// # Errors
/// [`Refused::Invalid`] names `file`.
pub(super) fn posts(file: &[u8]) -> Result<Vec<Told>, Refused> {
    let all: Vec<Told> = items(file)?.iter().filter_map(told).collect();
    Ok(in_order(all))
}

/// What answers nothing comes by its time, and what answers one of them never before that: all of a slot may have one time.
fn in_order(all: Vec<Told>) -> Vec<Told> {
    let mut answers: HashMap<String, Vec<usize>> = HashMap::new();
    let mut ready = BinaryHeap::new();
    let mut all: Vec<Option<Told>> = all.into_iter().map(Some).collect();
    for (number, told) in all.iter().flatten().enumerate() {
        match &told.answers {
            Some(answered) => answers.entry(answered.clone()).or_default().push(number),
            None => ready.push(Reverse((told.at, number))),
        }
    }
    let mut ordered = Vec::with_capacity(all.len());
    while let Some(Reverse((_, number))) = ready.pop() {
        let Some(told) = all[number].take() else { continue };
        for answer in answers.remove(&told.uri).unwrap_or_default() {
            let at = all[answer].as_ref().map_or(told.at, |answer| answer.at);
            ready.push(Reverse((at, answer)));
        }
        ordered.push(told);
    }
    ordered
}

fn told(activity: &Value) -> Option<Told> {
    if activity["type"] != "Create" {
        return None;
    }
    let note = activity["object"].as_object()?;
    if note.get("type")? != "Note" {
        return None;
    }
    let word = |name: &str| note.get(name).and_then(Value::as_str);
    let visibility = visibility(note);
    if visibility == Visibility::Direct {
        return None;
    }
    Some(Told {
        uri: word("id")?.to_owned(),
        answers: word("inReplyTo").map(str::to_owned),
        at: CoarseTime::read_seconds(word("published")?)?,
        visibility,
        text: text(note),
        warning: bauta_text::clean_line(word("summary").unwrap_or_default()),
        sensitive: note.get("sensitive") == Some(&Value::Bool(true)),
        language: note
            .get("contentMap")
            .and_then(Value::as_object)
            .and_then(|map| map.keys().next().cloned()),
        media: note
            .get("attachment")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |list| {
                list.iter().take(MOST_MEDIA).filter_map(medium).collect()
            }),
    })
}

fn medium(document: &Value) -> Option<Medium> {
    let point = |nth: usize| document["focalPoint"][nth].as_f64();
    let focus = point(0).zip(point(1));
    Some(Medium {
        path: document["url"].as_str()?.to_owned(),
        description: document["name"].as_str().unwrap_or_default().to_owned(),
        focus: focus
            .and_then(|(x, y)| Focus::parse(&format!("{x},{y}")))
            .unwrap_or_default(),
    })
}

/// What was typed, where the archive has it; else the text of what was shown, with whom it names in full.
fn text(note: &Map<String, Value>) -> String {
    let source = note.get("source").filter(|source| {
        let kind = source["mediaType"].as_str();
        kind.is_none_or(|kind| kind == "text/plain")
    });
    let typed = source.and_then(|source| source["content"].as_str());
    let plain = if let Some(typed) = typed {
        typed.to_owned()
    } else {
        let html = note.get("content").and_then(Value::as_str).unwrap_or_default();
        bauta_text::plain(&bauta_text::sanitise(html))
    };
    let tags = note.get("tag").and_then(Value::as_array);
    let named = tags.into_iter().flatten().filter(|tag| tag["type"] == "Mention");
    named
        .filter_map(|tag| tag["name"].as_str())
        .fold(plain, |text, full| in_full(&text, full))
}

/// `@ann` becomes `@ann@far.example`: alone it would be somebody of this server.
fn in_full(text: &str, full: &str) -> String {
    let full = full.trim_start_matches('@');
    let Some((name, _)) = full.split_once('@') else {
        return text.to_owned();
    };
    let short = format!("@{name}");
    let word = |c: char| c.is_alphanumeric() || matches!(c, '@' | '_' | '-' | '.');
    let mut out = String::with_capacity(text.len() + full.len());
    let mut rest = text;
    while let Some(at) = rest.find(&short) {
        let (before, found) = rest.split_at(at);
        let after = &found[short.len()..];
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '@' | '_'));
        let begins = !before.ends_with(word);
        out.push_str(before);
        if begins && ends {
            out.push('@');
            out.push_str(full);
        } else {
            out.push_str(&short);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whose followers a list is can't be told from its name: in an archive it is the author's.
fn visibility(note: &Map<String, Value>) -> Visibility {
    let named = |name: &str| match note.get(name) {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    Visibility::addressed(&named("to"), &named("cc"), |one| one.ends_with("/followers"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn note(more: &Value) -> Value {
        let mut note = json!({
            "id": "https://far.example/1",
            "type": "Note",
            "published": "2017-04-07T14:02:31Z",
            "content": "<p>High water, <span class=\"h-card\"><a href=\"https://b.example/@ann\">@<span>ann</span></a></span></p>",
            "contentMap": {"en": ""},
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "tag": [{"type": "Mention", "name": "@ann@b.example"}],
        });
        for (key, value) in more.as_object().unwrap() {
            note[key] = value.clone();
        }
        json!({"type": "Create", "object": note})
    }

    fn read(items: &[Value]) -> Vec<Told> {
        posts(json!({"orderedItems": items}).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_post_is_read_with_all_that_it_was() {
        let picture = json!([{"type": "Document", "url": "/media_attachments/a.png", "name": "a bridge", "focalPoint": [0.5, -1]}]);
        let read = read(&[note(
            &json!({"attachment": picture, "summary": "mud", "sensitive": true}),
        )]);
        let expected = Told {
            uri: "https://far.example/1".into(),
            answers: None,
            at: 1_491_573_751,
            visibility: Visibility::Public,
            text: "High water, @ann@b.example".into(),
            warning: "mud".into(),
            sensitive: true,
            language: Some("en".into()),
            media: vec![Medium {
                path: "/media_attachments/a.png".into(),
                description: "a bridge".into(),
                focus: Focus::new(500, -1000),
            }],
        };
        assert_eq!(read, [expected]);
    }

    #[test]
    fn what_is_between_people_stays_where_it_is() {
        let boost = json!({"type": "Announce", "object": "https://far.example/9"});
        let direct = note(&json!({"to": ["https://b.example/users/ann"]}));
        let answer = note(&json!({"id": "b", "inReplyTo": "https://b.example/2"}));
        let poll = note(&json!({"type": "Question"}));
        assert_eq!(
            read(&[boost, direct, answer, poll, json!(7), json!({"type": "Create"})]),
            []
        );
        let followers = note(&json!({"to": ["https://far.example/users/a/followers"]}));
        assert_eq!(read(&[followers])[0].visibility, Visibility::Followers);
        let unlisted = note(&json!({"to": "x", "cc": "as:Public"}));
        assert_eq!(read(&[unlisted])[0].visibility, Visibility::Unlisted);
    }

    #[test]
    fn a_thread_of_ones_own_comes_in_order_and_a_broken_one_not() {
        let late = note(&json!({"id": "c", "inReplyTo": "b", "published": "2017-04-08T00:00Z"}));
        let middle =
            note(&json!({"id": "b", "inReplyTo": "https://far.example/1", "published": "2017-04-07T20:00Z"}));
        let uris: Vec<String> = read(&[late.clone(), middle, note(&json!({}))])
            .into_iter()
            .map(|told| told.uri)
            .collect();
        assert_eq!(uris, ["https://far.example/1", "b", "c"]);
        let at_once = note(&json!({"id": "d", "inReplyTo": "https://far.example/1"}));
        assert_eq!(read(&[at_once, note(&json!({}))])[1].uri, "d");
        assert_eq!(read(&[late, note(&json!({}))]).len(), 1);
    }

    #[test]
    fn names_are_in_full_once() {
        let full = |text| in_full(text, "@ann@b.example");
        assert_eq!(
            full("@ann, @anna @ann@b.example x@ann"),
            "@ann@b.example, @anna @ann@b.example x@ann"
        );
        assert_eq!(in_full("@ann", "@ann"), "@ann");
    }

    proptest! {
        #[test]
        fn whatever_a_file_holds_is_read_or_refused(text in "\\PC{0,60}", name in "[@a-z.]{0,6}") {
            let _ = posts(text.as_bytes());
            let _ = addresses(text.as_bytes());
            let _ = in_full(&text, &name);
            for field in ["id", "published", "content", "to", "attachment", "tag", "source"] {
                let _ = read(&[note(&json!({field: text}))]);
            }
        }
    }
}
