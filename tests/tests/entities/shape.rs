//! What an answer must look like: `entities.txt`, read, and held against JSON.

use std::collections::HashMap;

use serde_json::Value;

/// Every entity by its name.
pub struct Entities(HashMap<&'static str, Vec<Field>>);

#[derive(Clone)]
struct Field {
    name: &'static str,
    /// Not in every answer.
    optional: bool,
    kind: Kind,
}

/// What a value may be.
#[derive(Clone)]
enum Kind {
    /// An id, a text, a number in quotes, a date: a name of `TEXTS`.
    Text(&'static str),
    Bool,
    Int,
    Number,
    Null,
    Object,
    Words(Vec<&'static str>),
    Entity(&'static str),
    List(Box<Kind>),
    Nullable(Box<Kind>),
}

/// The kinds of text, and what each must look like.
const TEXTS: [(&str, fn(&str) -> bool); 7] = [
    ("string", |_| true),
    ("html", |text| !text.contains("<script")),
    ("id", |text| !text.is_empty()),
    ("url", is_url),
    ("digits", is_digits),
    ("date", |text| is_like(text, "0000-00-00")),
    // Nothing finer than a minute exists here.
    ("time", is_slot),
];

fn is_url(text: &str) -> bool {
    ["http://", "https://", "ws://", "wss://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_slot(text: &str) -> bool {
    text.strip_suffix(":00.000Z")
        .is_some_and(|minute| is_like(minute, "0000-00-00T00:00"))
}

/// Whether digits stand where the pattern has a zero, and everything else is the same.
fn is_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

impl Entities {
    /// The table beside this file.
    ///
    /// # Panics
    /// When a line of it can't be read, or names an entity that is not there.
    pub fn read() -> Self {
        let mut found: HashMap<&'static str, Vec<Field>> = HashMap::new();
        let mut name = "";
        let lines = include_str!("entities.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            if !line.starts_with(' ') {
                name = line.trim();
                assert!(
                    found.insert(name, Vec::new()).is_none(),
                    "{name} stands there twice"
                );
                continue;
            }
            let more = match line.trim().strip_prefix("..") {
                Some(base) => found[base].clone(),
                None => vec![field(line.trim())],
            };
            found.get_mut(name).expect("it was begun").extend(more);
        }
        let entities = Self(found);
        for field in entities.0.values().flatten() {
            entities.must_know(&field.kind);
        }
        entities
    }

    fn must_know(&self, kind: &Kind) {
        match kind {
            Kind::Entity(name) => assert!(self.0.contains_key(name), "there is no entity {name}"),
            Kind::List(inner) | Kind::Nullable(inner) => self.must_know(inner),
            _ => {}
        }
    }

    /// What is wrong with a value that should be of this kind (`Status`, `[Account]`); nothing when all is well.
    ///
    /// # Panics
    /// When there is no such kind.
    pub fn problems(&self, wanted: &'static str, value: &Value) -> Vec<String> {
        let kind = kind(wanted);
        self.must_know(&kind);
        let mut problems = Vec::new();
        self.look(&kind, value, wanted, &mut problems);
        problems
    }

    fn look(&self, kind: &Kind, value: &Value, place: &str, problems: &mut Vec<String>) {
        let fits = match (kind, value) {
            (Kind::Nullable(_), Value::Null) => true,
            (Kind::Nullable(inner), _) => return self.look(inner, value, place, problems),
            (Kind::List(inner), Value::Array(values)) => {
                for value in values {
                    self.look(inner, value, &format!("{place}[]"), problems);
                }
                true
            }
            (Kind::Entity(name), Value::Object(_)) => return self.fields(name, value, place, problems),
            (Kind::Text(name), Value::String(text)) => {
                TEXTS.iter().any(|(known, fits)| known == name && fits(text))
            }
            (Kind::Words(words), Value::String(text)) => words.contains(&text.as_str()),
            (Kind::Bool, Value::Bool(_))
            | (Kind::Number, Value::Number(_))
            | (Kind::Null, Value::Null)
            | (Kind::Object, Value::Object(_)) => true,
            (Kind::Int, Value::Number(number)) => number.is_i64() || number.is_u64(),
            _ => false,
        };
        if !fits {
            let mut shown = value.to_string();
            shown.truncate(shown.floor_char_boundary(80));
            problems.push(format!("{place} is {shown}"));
        }
    }

    fn fields(&self, name: &str, value: &Value, place: &str, problems: &mut Vec<String>) {
        let fields = &self.0[name];
        let object = value.as_object().expect("it was looked at");
        for field in fields {
            let place = format!("{place}.{}", field.name);
            match object.get(field.name) {
                Some(value) => self.look(&field.kind, value, &place, problems),
                None if field.optional => {}
                None => problems.push(format!("{place} is missing")),
            }
        }
        let unknown = object
            .keys()
            .filter(|key| fields.iter().all(|field| field.name != key.as_str()));
        problems.extend(unknown.map(|key| format!("{place}.{key} is not documented")));
    }
}

fn field(line: &'static str) -> Field {
    let line = line.split('#').next().unwrap_or_default();
    let (name, wanted) = line.split_once(' ').expect("a name and a type");
    let optional = name.ends_with(['~', '+']);
    Field {
        name: name.trim_end_matches(['~', '+']),
        optional,
        kind: kind(wanted.trim()),
    }
}

fn kind(wanted: &'static str) -> Kind {
    if let Some(inner) = wanted.strip_suffix('?') {
        return Kind::Nullable(Box::new(kind(inner)));
    }
    if let Some(inner) = wanted.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Kind::List(Box::new(kind(inner)));
    }
    match wanted {
        "bool" => Kind::Bool,
        "int" => Kind::Int,
        "number" => Kind::Number,
        "null" => Kind::Null,
        "{}" => Kind::Object,
        text if TEXTS.iter().any(|(name, _)| *name == text) => Kind::Text(text),
        name if name.starts_with(char::is_uppercase) && !name.contains('|') && name != "Bearer" => {
            Kind::Entity(name)
        }
        words => Kind::Words(words.split('|').collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Entities;

    #[test]
    fn what_is_missing_wrong_or_unknown_is_named() {
        let entities = Entities::read();
        let good = json!({"last_read_id": "7", "version": 1, "updated_at": "2026-11-30T21:04:00.000Z"});
        assert!(entities.problems("Marker", &good).is_empty());
        let fine = json!({"last_read_id": 7, "updated_at": "2026-11-30T21:04:17.123Z", "device": "x"});
        assert_eq!(
            entities.problems("Marker", &fine),
            [
                "Marker.last_read_id is 7",
                "Marker.version is missing",
                "Marker.updated_at is \"2026-11-30T21:04:17.123Z\"",
                "Marker.device is not documented",
            ]
        );
        let nested = json!([{"id": "1", "title": "x", "replies_policy": "some", "exclusive": null}]);
        assert_eq!(
            entities.problems("[List]", &nested),
            [
                "[List][].replies_policy is \"some\"",
                "[List][].exclusive is null",
            ]
        );
    }
}
