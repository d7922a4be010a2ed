//! The one way in which a record is written: JSON as RFC 8785 writes it, of which the record uses a part.
//!
//! Objects with their keys in order, arrays, strings, booleans, `null` and whole numbers within ±(2^53 − 1); no fractions,
//! no white space. Two writers of the same value write the same bytes, so a hash of
//! the bytes is a hash of the value; and [`parse`] takes nothing that [`write`] would not have written, so no bit of a
//! record can change unseen.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest whole number that every reader of JSON keeps exactly.
const MOST: u64 = (1 << 53) - 1;

/// Why bytes are no canonical record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// Not JSON, or not of the shape that is asked for.
    #[error("it is not a record of a known kind: {0}")]
    Shape(String),
    /// JSON, but written otherwise than the canonical form.
    #[error("it is not written in the canonical form")]
    Form,
}

/// Writes `value` canonically.
///
/// # Errors
/// [`NotCanonical::Shape`] when the value holds something that the form has no place for: a fraction, a number beyond
/// ±(2^53 − 1), or a map whose keys are no strings.
pub fn write(value: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let value = serde_json::to_value(value).map_err(|error| NotCanonical::Shape(error.to_string()))?;
    let mut out = Vec::new();
    put(&value, &mut out)?;
    Ok(out)
}

/// Reads what [`write`] wrote, and nothing else.
///
/// # Errors
/// [`NotCanonical`] when the bytes are of another shape, or written in another way.
pub fn parse<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, NotCanonical> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| NotCanonical::Shape(error.to_string()))?;
    // A reader may skip what it does not know, or take a key twice: what was read has to be all that was written.
    if write(&value)? == bytes {
        Ok(value)
    } else {
        Err(NotCanonical::Form)
    }
}

fn put(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => put_plain(value, out),
        Value::Number(number) => {
            let is_whole = number.as_i64().is_some_and(|n| n.unsigned_abs() <= MOST);
            if is_whole {
                put_plain(value, out)
            } else {
                Err(NotCanonical::Shape(format!(
                    "{number} is not a whole number within 2^53"
                )))
            }
        }
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                put(item, out)?;
            }
            out.push(b']');
            Ok(())
        }
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            // RFC 8785 § 3.2.3 orders keys by UTF-16 code units.
            pairs.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (at, (key, item)) in pairs.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                put_plain(&Value::String(key.clone()), out)?;
                out.push(b':');
                put(item, out)?;
            }
            out.push(b'}');
            Ok(())
        }
    }
}

/// `serde_json` escapes in strings just what RFC 8785 § 3.2.2.2 escapes, in the same way.
fn put_plain(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    serde_json::to_writer(out, value).map_err(|error| NotCanonical::Shape(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text(value: &Value) -> String {
        String::from_utf8(write(value).unwrap()).unwrap()
    }

    #[test]
    fn keys_are_ordered_as_rfc_8785_orders_them() {
        // The RFC's own trap: U+FB33 comes before the surrogates of U+1F600 by code point, and after them by code unit.
        let value = json!({"\u{fb33}": 1, "\u{1f600}": 2, "b": [true, null, "a\u{7}\n\u{7f}/"], "a": -7});
        assert_eq!(
            text(&value),
            "{\"a\":-7,\"b\":[true,null,\"a\\u0007\\n\u{7f}/\"],\"\u{1f600}\":2,\"\u{fb33}\":1}"
        );
    }

    #[test]
    fn what_readers_differ_on_has_no_place() {
        for value in [
            json!(1.5),
            json!(9_007_199_254_740_992_u64),
            json!([{"a": 1e300}]),
        ] {
            assert!(write(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn another_way_of_writing_is_refused() {
        for bytes in [
            "{\"b\":1,\"a\":2}",
            "{\"a\": 2}",
            "{\"a\":2}\n",
            "{\"a\":1,\"a\":2}",
            "{\"\\u0061\":2}",
            "{\"a\":2.0}",
            "{\"a\":-0}",
            "[1,2",
        ] {
            assert!(parse::<Value>(bytes.as_bytes()).is_err(), "{bytes}");
        }
        assert_eq!(parse::<Value>(b"{\"a\":2}").unwrap(), json!({"a": 2}));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (-(MOST as i64)..=MOST as i64).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(".{0,6}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_is_written_is_read_again(value in values()) {
            let bytes = write(&value).unwrap();
            prop_assert_eq!(parse::<Value>(&bytes).unwrap(), value);
        }

        #[test]
        fn a_flipped_bit_is_another_value_or_none(value in values(), at in any::<prop::sample::Index>()) {
            let bytes = write(&value).unwrap();
            let bit = at.index(bytes.len() * 8);
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = parse::<Value>(&flipped) {
                prop_assert_ne!(other, value);
            }
        }
    }
}
