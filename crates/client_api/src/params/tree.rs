//! The tree that parameters are merged into, and the names that build it: `a`, `a[]`, `a[b]`, `a[0][b]`.

use serde_json::Value;

/// The deepest name: `a[b][c][d]`.
const DEEPEST: usize = 4;
/// The most values in one request.
const MOST: usize = 1000;

/// A value, or values in values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// JSON's `null`: as good as not there.
    Null,
    /// A text; a number or a truth value as it is written.
    Text(String),
    /// A file.
    Bytes(Vec<u8>),
    /// `a[]`
    List(Vec<Node>),
    /// `a[b]`, in the order of coming.
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(crate) const fn map() -> Self {
        Self::Map(Vec::new())
    }

    /// Takes a value out of a map.
    pub(crate) fn take(&mut self, name: &str) -> Option<Self> {
        let Self::Map(entries) = self else { return None };
        let at = entries.iter().position(|(known, _)| known == name)?;
        Some(entries.swap_remove(at).1)
    }

    /// Sets a value of a map, whatever was there.
    pub(crate) fn set(&mut self, name: String, value: Self) {
        let Self::Map(entries) = self else { return };
        entries.retain(|(known, _)| *known != name);
        entries.push((name, value));
    }

    /// Puts a value where a form's name says. An error for a name that is too deep, or at odds with an earlier one.
    pub(crate) fn put(&mut self, name: &str, value: Self) -> Result<(), ()> {
        let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
        let mut path = vec![first];
        let mut rest = rest;
        while let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').ok_or(())?;
            path.push(key);
            rest = after;
        }
        if !rest.is_empty() || path.len() > DEEPEST {
            return Err(());
        }
        self.put_at(&path, value)
    }

    fn put_at(&mut self, path: &[&str], value: Self) -> Result<(), ()> {
        let Some((key, rest)) = path.split_first() else {
            *self = value;
            return Ok(());
        };
        if key.is_empty() && matches!(self, Self::List(_)) {
            return self.push(rest, value);
        }
        let Self::Map(entries) = self else { return Err(()) };
        let at = match entries.iter().position(|(known, _)| known == key) {
            Some(at) => at,
            None if entries.len() >= MOST => return Err(()),
            None => {
                entries.push(((*key).to_owned(), Self::empty_for(rest)));
                entries.len() - 1
            }
        };
        let entry = &mut entries[at].1;
        // A later plain value replaces an earlier one, as the body replaces the query.
        if !rest.is_empty() && matches!(entry, Self::Null | Self::Text(_) | Self::Bytes(_)) {
            *entry = Self::empty_for(rest);
        }
        entry.put_at(rest, value)
    }

    /// `a[]`, and `a[][b]`: the latter begins a new element when the last one has its `b` already.
    fn push(&mut self, rest: &[&str], value: Self) -> Result<(), ()> {
        let Self::List(items) = self else { return Err(()) };
        if items.len() >= MOST {
            return Err(());
        }
        if let (Some(key), Some(Self::Map(entries))) = (rest.first(), items.last())
            && entries.iter().all(|(known, _)| known != key)
            && let Some(last) = items.last_mut()
        {
            return last.put_at(rest, value);
        }
        let mut item = Self::empty_for(rest);
        item.put_at(rest, value)?;
        items.push(item);
        Ok(())
    }

    const fn empty_for(rest: &[&str]) -> Self {
        match rest.first() {
            None => Self::Null,
            Some(key) if key.is_empty() => Self::List(Vec::new()),
            Some(_) => Self::map(),
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Text(truth.to_string()),
            Value::Number(number) => Self::Text(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(entries) => Self::Map(
                entries
                    .into_iter()
                    .map(|(name, value)| (name, Self::from(value)))
                    .collect(),
            ),
        }
    }
}
