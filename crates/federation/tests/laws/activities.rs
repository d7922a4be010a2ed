//! Any bytes are an activity or refused; what is read is its sender's own, and no wider than it was sent.

use bauta_federation::incoming::{Incoming, Note, UNDERSTOOD, read};
use bauta_model::Visibility;
use serde_json::{Value, json};
use url::Url;

/// Reads `bytes` as an inbox does. True if it is an activity with a note that its actor may send.
pub fn check(bytes: &[u8]) -> bool {
    let Ok(incoming) = read(bytes) else {
        return false;
    };
    assert!(incoming.value.is_object() && incoming.actor.len() <= 2048);
    assert!(incoming.kind().is_none_or(|kind| UNDERSTOOD.contains(&kind)));
    only_its_actor_and_origin(&incoming);
    one_and_a_list_of_one_are_read_alike(&incoming);
    incoming.object().is_some_and(|object| notes(&incoming, object))
}

fn only_its_actor_and_origin(incoming: &Incoming) {
    assert!(!incoming.is_by(&format!("{}/other", incoming.actor)));
    if let (true, Some(id)) = (incoming.is_by(&incoming.actor), incoming.value["id"].as_str()) {
        assert_eq!(origin(id), origin(&incoming.actor), "{}", incoming.value);
    }
    let follow = incoming.object().filter(|object| object["actor"].is_string());
    if let (Some(follow), Some(asked)) = (follow, incoming.asked_by()) {
        assert_eq!(follow["actor"], asked, "{}", incoming.value);
        let named = follow["object"].to_string();
        assert!(named.contains(&json!(incoming.actor).to_string()), "{named}");
    }
}

fn one_and_a_list_of_one_are_read_alike(incoming: &Incoming) {
    let mut listed = incoming.value.clone();
    for name in ["actor", "object", "type"] {
        if !listed[name].is_array() && !listed[name].is_null() {
            listed[name] = json!([listed[name]]);
        }
    }
    // A level more may be one too many.
    if let Ok(again) = read(listed.to_string().as_bytes()) {
        assert_eq!(again.actor, incoming.actor);
        assert_eq!(again.kind(), incoming.kind());
        assert_eq!(again.asked_by(), incoming.asked_by());
        assert_eq!(again.object().is_some(), incoming.object().is_some());
    }
}

fn notes(incoming: &Incoming, object: &Value) -> bool {
    let followers = format!("{}/followers", incoming.actor);
    let Some(note) = Note::read(object, &incoming.actor, &followers) else {
        return false;
    };
    for name in [note.uri, note.url] {
        assert_eq!(origin(name), origin(&incoming.actor), "{object}");
    }
    let public = |list: &Value| {
        [
            "https://www.w3.org/ns/activitystreams#Public",
            "as:Public",
            "Public",
        ]
        .iter()
        .any(|name| list.to_string().contains(&format!("\"{name}\"")))
    };
    match note.visibility {
        Visibility::Public => assert!(public(&object["to"]), "{object}"),
        Visibility::Unlisted => assert!(public(&object["cc"]), "{object}"),
        Visibility::Followers => assert!(object.to_string().contains(&json!(followers).to_string())),
        Visibility::Direct => {}
    }
    assert!(note.named.windows(2).all(|pair| pair[0] < pair[1]), "{object}");
    assert!(!note.named.contains(&"as:Public") && !note.named.contains(&"Public"));
    assert!(note.warning.chars().count() <= 500);
    assert!(
        note.language
            .is_none_or(|code| (2..=16).contains(&code.len()) && code.is_ascii())
    );
    for tag in &note.tags {
        assert!(
            !tag.contains(['#', '<', '"', '/', ' ']) && tag.chars().count() <= 100,
            "{tag}"
        );
    }
    // Nobody else can send it, and it is nobody else's followers' who are meant.
    assert_eq!(
        Note::read(object, &format!("{}x", incoming.actor), &followers),
        None
    );
    let other = Note::read(object, &incoming.actor, "").map(|other| other.visibility);
    assert_ne!(other, Some(Visibility::Followers));
    true
}

fn origin(uri: &str) -> Option<(String, String, Option<u16>)> {
    let url = Url::parse(uri).ok()?;
    let port = url.port_or_known_default();
    Some((url.scheme().to_owned(), url.host_str()?.to_owned(), port))
}
