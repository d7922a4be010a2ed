//! Reading JSON-LD as it comes, without looking contexts up: one thing or a list, a name or the thing itself.

pub use bauta_model::{EVERYBODY as PUBLIC, is_everybody as is_public};
use serde_json::Value;
use url::{Position, Url};

/// Members of a list that are looked at.
const MOST: usize = 256;

/// The members of `value[name]`, whether it is a list or one.
pub fn list<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    match &value[name] {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().take(MOST).collect(),
        one => vec![one],
    }
}

/// The name of a thing: itself, or its `id`.
pub fn id(value: &Value) -> Option<&str> {
    value
        .as_str()
        .or_else(|| value["id"].as_str())
        .filter(|id| id.len() <= 2048)
}

/// The name of `value[name]`; of the first, where there are several.
pub fn id_of<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    list(value, name).first().and_then(|one| id(one))
}

/// The text of `value[name]`; empty where there is none.
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// True if `value` is of a type.
pub fn is(value: &Value, kind: &str) -> bool {
    list(value, "type").iter().any(|one| one.as_str() == Some(kind))
}

/// Those to whom a thing is addressed in `name`.
pub fn addressed<'v>(value: &'v Value, name: &str) -> Vec<&'v str> {
    list(value, name).into_iter().filter_map(id).collect()
}

/// Scheme, host and port, as one origin is told from another.
pub fn origin(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let web = matches!(url.scheme(), "http" | "https");
    (web && url.has_host() && url.username().is_empty()).then(|| url[..Position::AfterPort].to_owned())
}

/// True if two names are of one origin.
pub fn same_origin(one: &str, other: &str) -> bool {
    origin(one).is_some_and(|one| origin(other) == Some(one))
}

/// Host and port.
pub fn authority(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    url.has_host()
        .then(|| url[Position::BeforeHost..Position::AfterPort].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_and_many_are_read_alike() {
        let value = json!({"to": "a", "cc": ["b", {"id": "c"}, 7, null], "type": ["Note", "x"]});
        assert_eq!(addressed(&value, "to"), ["a"]);
        assert_eq!(addressed(&value, "cc"), ["b", "c"]);
        assert!(is(&value, "Note") && !is(&value, "Create"));
        assert_eq!(id_of(&json!({"object": {"id": 7}}), "object"), None);
        for odd in [json!(null), json!(7), json!("x"), json!([[]])] {
            assert!(list(&odd, "to").is_empty() && id_of(&odd, "object").is_none());
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(same_origin("https://a.example/x", "https://A.example:443/y#z"));
        for other in [
            "http://a.example/x",
            "https://a.example:444/",
            "https://b.example/",
            "https://a.example.b/",
            "x",
            "",
        ] {
            assert!(!same_origin("https://a.example/", other), "{other}");
        }
        assert_eq!(origin("https://me@a.example/"), None);
    }
}
