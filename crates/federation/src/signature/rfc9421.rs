//! RFC 9421, HTTP Message Signatures, as far as servers use them: RSASSA-PKCS1-v1_5 with SHA-256.

use std::fmt::Write;

use http::Method;
use http::header::{HeaderName, HeaderValue};

use super::digest::{self, BodyDigest};
use super::{Bad, Message, Signed, fresh};
use crate::keys::OwnKey;

/// What follows the `#` in the names of our keys. No target URI has a fragment (RFC 9110 § 7.1), but Fedify signs the name of
/// a key as a whole when it asks for it.
const KEY_FRAGMENT: &str = "#main-key";

/// More components than this are not looked at.
const MOST_COMPONENTS: usize = 24;

/// One signature as `Signature-Input` describes it.
pub struct Input<'a> {
    /// Its label.
    pub label: &'a str,
    /// What follows the label: the value of `@signature-params`.
    pub params: &'a str,
    components: Vec<Component<'a>>,
}

struct Component<'a> {
    /// As it stands in the list, quotes and parameters included.
    written: &'a str,
    name: &'a str,
    parameters: &'a str,
}

impl<'a> Input<'a> {
    /// Reads the first signature of a `Signature-Input`.
    pub fn parse(header: &'a str) -> Option<Self> {
        let (label, params) = header.trim().split_once('=')?;
        let params = only_one(params.trim());
        let list = params.strip_prefix('(')?;
        let mut components = Vec::new();
        let mut rest = list.trim_start();
        while !rest.starts_with(')') {
            let start = rest;
            let (name, after) = rest.strip_prefix('"')?.split_once('"')?;
            let end = end_of_parameters(after)?;
            let length = start.len() - after.len() + end;
            components.push(Component {
                written: &start[..length],
                name,
                parameters: &after[..end],
            });
            if components.len() > MOST_COMPONENTS {
                return None;
            }
            rest = after[end..].trim_start();
        }
        Some(Self {
            label: label.trim(),
            params,
            components,
        })
    }

    /// A parameter of the signature: `created`, `keyid`, `alg`.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        let after = &self.params[self.params.rfind(')')? + 1..];
        after.split(';').find_map(|one| {
            let (known, value) = one.trim().split_once('=')?;
            (known == name).then(|| value.trim_matches('"'))
        })
    }

    fn covers(&self, name: &str) -> bool {
        self.components
            .iter()
            .any(|component| component.name == name && component.parameters.is_empty())
    }

    /// What was signed.
    pub fn base(&self, message: &Message<'_>, query: Option<&str>) -> Option<String> {
        let mut base = String::new();
        for (at, component) in self.components.iter().enumerate() {
            let twice = self.components[..at]
                .iter()
                .any(|other| other.written == component.written);
            if twice || component.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return None;
            }
            base.push_str(component.written);
            base.push_str(": ");
            base.push_str(&value(message, component, query)?);
            base.push('\n');
        }
        base.push_str("\"@signature-params\": ");
        base.push_str(self.params);
        Some(base)
    }
}

/// Cuts at the comma where the next signature begins.
fn only_one(params: &str) -> &str {
    let (mut quoted, mut depth) = (false, 0);
    for (at, c) in params.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => return params[..at].trim_end(),
            _ => {}
        }
    }
    params
}

/// Where the parameters of a component end: at the blank or the bracket that follows.
fn end_of_parameters(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices()
        .find(|(_, c)| {
            if *c == '"' {
                quoted = !quoted;
            }
            !quoted && matches!(c, ' ' | ')')
        })
        .map(|(at, _)| at)
}

fn value(message: &Message<'_>, component: &Component<'_>, query: Option<&str>) -> Option<String> {
    if component.name == "@query-param" {
        let name = component.parameters.strip_prefix(";name=\"")?.strip_suffix('"')?;
        let mut values = query?
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|pair| pair.0 == name);
        let (_, only) = values.next()?;
        return values.next().is_none().then(|| only.to_owned());
    }
    if !component.parameters.is_empty() {
        return None;
    }
    let target = match query {
        Some(query) => format!("{}?{query}", message.path),
        None => message.path.to_owned(),
    };
    Some(match component.name {
        "@method" => message.method.as_str().to_owned(),
        "@authority" => message.authority.to_ascii_lowercase(),
        "@scheme" => message.scheme.to_owned(),
        "@target-uri" => format!("{}://{}{target}", message.scheme, message.authority),
        "@request-target" => target,
        "@path" => message.path.to_owned(),
        "@query" => format!("?{}", query.unwrap_or_default()),
        name if name.starts_with('@') => return None,
        "host" => message.authority.to_owned(),
        name => message.header(name)?.trim().to_owned(),
    })
}

/// The signature of `label` in a `Signature` header.
pub fn signature_of<'a>(header: &'a str, label: &str) -> Option<&'a str> {
    header.split(',').find_map(|one| {
        let (known, value) = one.trim().split_once('=')?;
        (known == label).then(|| value.strip_prefix(':')?.strip_suffix(':'))?
    })
}

/// Reads the signature of a request.
pub fn read(message: &Message<'_>, now: i64) -> Result<Signed, Bad> {
    let header = message.header("signature-input").ok_or(Bad::Header)?;
    let input = Input::parse(header).ok_or(Bad::Unreadable)?;
    let signature = message.header("signature").ok_or(Bad::Header)?;
    let signature = signature_of(signature, input.label).ok_or(Bad::Unreadable)?;
    if input
        .parameter("alg")
        .is_some_and(|name| name != "rsa-v1_5-sha256")
    {
        return Err(Bad::Algorithm);
    }
    let whole = input.covers("@target-uri");
    let path = whole || input.covers("@path") || input.covers("@request-target");
    let host = whole || input.covers("@authority") || input.covers("host");
    let created = input
        .parameter("created")
        .and_then(|created| created.parse().ok());
    if !input.covers("@method") || !path || !host {
        return Err(Bad::Uncovered);
    }
    fresh(created.ok_or(Bad::Uncovered)?, now)?;
    let expires: Option<i64> = input
        .parameter("expires")
        .and_then(|expires| expires.parse().ok());
    if expires.is_some_and(|expires| expires < now) {
        return Err(Bad::Stale);
    }
    if let Some(body) = message.body {
        if !input.covers("content-digest") {
            return Err(Bad::Uncovered);
        }
        if !digest::new_is(message.header("content-digest").ok_or(Bad::Header)?, body) {
            return Err(Bad::Digest);
        }
    }
    let mut bases = vec![input.base(message, message.query).ok_or(Bad::Header)?];
    if message.query.is_some()
        && let Some(without) = input.base(message, None)
    {
        bases.push(without);
    }
    if message.body.is_none() && whole {
        let uri = format!("{}://{}{}\n", message.scheme, message.authority, message.target());
        let named = format!("{}{KEY_FRAGMENT}\n", uri.trim_end());
        bases.push(bases[0].replacen(&uri, &named, 1));
    }
    Ok(Signed {
        key_id: input.parameter("keyid").unwrap_or_default().to_owned(),
        bases,
        signature: signature.to_owned(),
    })
}

/// The headers that sign a request: with a body `Content-Digest`, then `Signature-Input` and `Signature`.
pub fn sign(
    key: &OwnKey,
    key_id: &str,
    method: &Method,
    uri: &str,
    digest: Option<&BodyDigest>,
    created: i64,
    more: Option<&(HeaderName, String)>,
) -> Vec<(HeaderName, HeaderValue)> {
    let mut list = "\"@method\" \"@target-uri\"".to_owned();
    let mut base = format!("\"@method\": {method}\n\"@target-uri\": {uri}\n");
    let mut headers = Vec::new();
    if let Some(digest) = digest.map(BodyDigest::new_header) {
        list.push_str(" \"content-digest\"");
        let _ = writeln!(base, "\"content-digest\": {digest}");
        headers.push((HeaderName::from_static("content-digest"), digest));
    }
    if let Some((name, value)) = more {
        let _ = write!(list, " \"{name}\"");
        let _ = writeln!(base, "\"{name}\": {value}");
        headers.push((name.clone(), value.clone()));
    }
    let params = format!("({list});created={created};keyid=\"{key_id}\";alg=\"rsa-v1_5-sha256\"");
    let _ = write!(base, "\"@signature-params\": {params}");
    if let Some(signature) = key.sign(&base) {
        headers.push((
            HeaderName::from_static("signature-input"),
            format!("sig1={params}"),
        ));
        headers.push((
            HeaderName::from_static("signature"),
            format!("sig1=:{signature}:"),
        ));
    }
    headers
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)))
        .collect()
}
