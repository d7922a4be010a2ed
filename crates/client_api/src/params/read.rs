//! Reading the tree as a type: forms know only texts, so a text is read as whatever is asked for.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Node, Upload};

/// What is wrong, in a sentence that names the parameter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    path: Vec<String>,
    why: String,
}

impl Wrong {
    fn new(why: &str) -> Self {
        Self {
            path: Vec::new(),
            why: why.to_owned(),
        }
    }

    fn within(mut self, name: &str) -> Self {
        self.path.insert(0, name.chars().take(40).collect());
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.split_first() {
            None => write!(f, "Validation failed: {}", self.why),
            Some((first, rest)) => {
                write!(f, "Validation failed: {first}")?;
                for name in rest {
                    write!(f, "[{name}]")?;
                }
                write!(f, ": {}", self.why)
            }
        }
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self::new(&why.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("is missing").within(field)
    }
}

impl IntoDeserializer<'_, Wrong> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Node {
    fn text(self) -> Result<String, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Wrong::new("is not a text")),
        }
    }

    /// The elements of a list: `a[]`, `a[0]` by number, or a single value.
    fn items(self) -> Result<Vec<Self>, Wrong> {
        match self {
            Self::List(items) => Ok(items),
            Self::Null => Ok(Vec::new()),
            Self::Map(entries) => {
                let mut numbered = entries
                    .into_iter()
                    .map(|(name, node)| Some((name.parse::<u32>().ok()?, node)))
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| Wrong::new("is not a list"))?;
                numbered.sort_by_key(|(number, _)| *number);
                Ok(numbered.into_iter().map(|(_, node)| node).collect())
            }
            single => Ok(vec![single]),
        }
    }
}

/// As Rails reads them, which apps rely on.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "t" | "on" | "yes" => Some(true),
        "false" | "0" | "f" | "off" | "no" => Some(false),
        _ => None,
    }
}

macro_rules! numbers {
    ($($method:ident => $visit:ident: $type:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let text = self.text()?;
            let number: $type = text.trim().parse().map_err(|_| Wrong::new("is not a number that can be taken"))?;
            visitor.$visit(number)
        })*
    };
}

impl<'de> Deserializer<'de> for Node {
    type Error = Wrong;

    numbers! {
        deserialize_i8 => visit_i8: i8,
        deserialize_i16 => visit_i16: i16,
        deserialize_i32 => visit_i32: i32,
        deserialize_i64 => visit_i64: i64,
        deserialize_u8 => visit_u8: u8,
        deserialize_u16 => visit_u16: u16,
        deserialize_u32 => visit_u32: u32,
        deserialize_u64 => visit_u64: u64,
        deserialize_f32 => visit_f32: f32,
        deserialize_f64 => visit_f64: f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Text(text) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Self::List(_) => self.deserialize_seq(visitor),
            Self::Map(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let text = self.text()?;
        visitor.visit_bool(truth(&text).ok_or_else(|| Wrong::new("is neither true nor false"))?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_string(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Self::Text(text) if text.is_empty() => visitor.visit_byte_buf(Vec::new()),
            _ => Err(Wrong::new("is not a file")),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Self::Null => visitor.visit_none(),
            node => visitor.visit_some(node),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(SeqDeserializer::new(self.items()?.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Self::Map(entries) => visitor.visit_map(Entries::new(entries)),
            _ => Err(Wrong::new("is not a group of parameters")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(IntoDeserializer::<Wrong>::into_deserializer(self.text()?))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char unit unit_struct tuple tuple_struct identifier }
}

/// The entries of a map; what is wrong in one names it.
struct Entries<'de> {
    inner: MapDeserializer<'de, std::vec::IntoIter<(String, Node)>, Wrong>,
    name: String,
}

impl Entries<'_> {
    fn new(entries: Vec<(String, Node)>) -> Self {
        let entries: Vec<_> = entries
            .into_iter()
            .filter(|(_, node)| *node != Node::Null)
            .collect();
        Self {
            inner: MapDeserializer::new(entries.into_iter()),
            name: String::new(),
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Wrong;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(name) = self.inner.next_key_seed(std::marker::PhantomData::<String>)? else {
            return Ok(None);
        };
        self.name.clone_from(&name);
        seed.deserialize(StringDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        self.inner
            .next_value_seed(seed)
            .map_err(|wrong: Wrong| wrong.within(&self.name))
    }
}

impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct File;
        impl Visitor<'_> for File {
            type Value = Upload;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file")
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Upload, E> {
                Ok(Upload(bytes))
            }
        }
        deserializer.deserialize_byte_buf(File)
    }
}

#[cfg(test)]
mod tests {
    use super::super::add_form;
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Asked {
        limit: Option<u32>,
        only_media: bool,
        id: Vec<String>,
        source: Source,
        fields_attributes: Vec<Line>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Source {
        privacy: Option<String>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Line {
        name: String,
        value: String,
    }

    fn form(text: &str) -> Result<Asked, String> {
        let mut tree = Node::map();
        add_form(&mut tree, text.as_bytes()).map_err(|_| "unreadable".to_owned())?;
        Asked::deserialize(tree).map_err(|wrong| wrong.to_string())
    }

    fn line(name: &str, value: &str) -> Line {
        Line {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn forms_are_read_as_what_is_asked_for() {
        let asked =
            form("limit=20&only_media=on&id[]=1&id[]=2&source[privacy]=direct&unknown[x]=1&email=a").unwrap();
        assert_eq!(asked.limit, Some(20));
        assert!(asked.only_media);
        assert_eq!(asked.id, ["1", "2"]);
        assert_eq!(asked.source.privacy.as_deref(), Some("direct"));
    }

    #[test]
    fn lists_come_by_number_by_turn_or_alone() {
        let asked = form(
            "fields_attributes[1][name]=b&fields_attributes[0][name]=a&fields_attributes[0][value]=x&id=7",
        )
        .unwrap();
        assert_eq!(asked.fields_attributes, [line("a", "x"), line("b", "")]);
        assert_eq!(asked.id, ["7"]);
        let asked = form(
            "fields_attributes[][name]=a&fields_attributes[][value]=x&fields_attributes[][name]=b&fields_attributes[][value]=y",
        )
        .unwrap();
        assert_eq!(asked.fields_attributes, [line("a", "x"), line("b", "y")]);
    }

    #[test]
    fn json_is_read_by_the_same_rule() {
        let json = serde_json::json!({"limit": "5", "only_media": 1, "id": [1, "2"], "source": null,
            "fields_attributes": [{"name": "a", "value": "x"}]});
        let asked = Asked::deserialize(Node::from(json)).unwrap();
        assert_eq!(asked.limit, Some(5));
        assert!(asked.only_media);
        assert_eq!(asked.id, ["1", "2"]);
        assert_eq!(asked.fields_attributes, [line("a", "x")]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(
            form("limit=-1").unwrap_err(),
            "Validation failed: limit: is not a number that can be taken"
        );
        assert_eq!(
            form("only_media=maybe").unwrap_err(),
            "Validation failed: only_media: is neither true nor false"
        );
        assert_eq!(
            form("source[privacy][x]=1").unwrap_err(),
            "Validation failed: source[privacy]: is not a text"
        );
        assert_eq!(
            form("source=1").unwrap_err(),
            "Validation failed: source: is not a group of parameters"
        );
        assert!(form("a[b").is_err() && form("a[b]c=1").is_err() && form("a[b][c][d][e]=1").is_err());
        assert!(form("limit=%FF").is_err());
    }

    proptest! {
        #[test]
        fn no_form_makes_it_panic(text in "(limit|id|source|fields_attributes|a|\\[|\\]|=|&|%F|%00|[0-9]){0,40}") {
            let _ = form(&text);
        }
    }
}
