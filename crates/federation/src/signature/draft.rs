//! draft-cavage-http-signatures-12: one header with parameters.

use http::header::{HeaderName, HeaderValue};
use http::{Method, header};

use super::digest::{self, BodyDigest};
use super::{Bad, Message, Signed, fresh};
use crate::date;
use crate::keys::OwnKey;

/// The parameters of a `Signature` header.
struct Parameters<'a> {
    key_id: &'a str,
    algorithm: Option<&'a str>,
    headers: Vec<String>,
    signature: &'a str,
    created: Option<i64>,
    expires: Option<i64>,
}

impl<'a> Parameters<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut found = Self {
            key_id: "",
            algorithm: None,
            headers: vec!["(created)".to_owned()],
            signature: "",
            created: None,
            expires: None,
        };
        let mut seen: Vec<&str> = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let (name, value, left) = pair(rest)?;
            if seen.contains(&name) || seen.len() > 12 {
                return None;
            }
            seen.push(name);
            match name {
                "keyId" => found.key_id = value,
                "algorithm" => found.algorithm = Some(value),
                "headers" => {
                    found.headers = value
                        .split_ascii_whitespace()
                        .map(str::to_ascii_lowercase)
                        .collect();
                }
                "signature" => found.signature = value,
                "created" => found.created = Some(value.parse().ok()?),
                "expires" => found.expires = value.split('.').next()?.parse().ok(),
                _ => {}
            }
            rest = left;
        }
        (!found.key_id.is_empty() && !found.signature.is_empty()).then_some(found)
    }
}

/// Reads `name="value"` or `name=number`, and what follows the comma.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('=')?;
    let (value, rest) = match rest.trim_start().strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
    };
    let rest = rest.trim_start();
    let rest = if rest.is_empty() {
        rest
    } else {
        rest.strip_prefix(',')?
    };
    Some((name.trim(), value.trim(), rest))
}

/// Reads the signature of a request.
pub fn read(message: &Message<'_>, now: i64) -> Result<Signed, Bad> {
    if !message.headers.contains_key("signature") {
        return Err(Bad::Missing);
    }
    let header = message.header("signature").ok_or(Bad::Header)?;
    let given = Parameters::parse(header).ok_or(Bad::Unreadable)?;
    let known = given
        .algorithm
        .is_none_or(|name| name.eq_ignore_ascii_case("rsa-sha256") || name.eq_ignore_ascii_case("hs2019"));
    if !known {
        return Err(Bad::Algorithm);
    }
    let covers = |name: &str| given.headers.iter().any(|covered| covered == name);
    let timed = covers("date") || (covers("(created)") && given.created.is_some());
    if !covers("(request-target)") || !covers("host") || !timed {
        return Err(Bad::Uncovered);
    }
    check_time(message, &given, now)?;
    if let Some(body) = message.body {
        if !covers("digest") {
            return Err(Bad::Uncovered);
        }
        if !digest::old_is(message.header("digest").ok_or(Bad::Header)?, body) {
            return Err(Bad::Digest);
        }
    }
    let mut bases = vec![base(message, &given, &message.target())?];
    if message.query.is_some() {
        bases.push(base(message, &given, message.path)?);
    }
    Ok(Signed {
        key_id: given.key_id.to_owned(),
        bases,
        signature: given.signature.to_owned(),
    })
}

fn check_time(message: &Message<'_>, given: &Parameters<'_>, now: i64) -> Result<(), Bad> {
    let covers = |name: &str| given.headers.iter().any(|covered| covered == name);
    if covers("date") {
        let date = message.header("date").ok_or(Bad::Header)?;
        fresh(date::read(date).ok_or(Bad::Stale)?, now)?;
    }
    if covers("(created)") {
        fresh(given.created.ok_or(Bad::Stale)?, now)?;
    }
    if given.expires.is_some_and(|expires| expires < now) {
        return Err(Bad::Stale);
    }
    Ok(())
}

fn base(message: &Message<'_>, given: &Parameters<'_>, target: &str) -> Result<String, Bad> {
    let mut lines = Vec::with_capacity(given.headers.len());
    for name in &given.headers {
        let line = match name.as_str() {
            "(request-target)" => {
                format!(
                    "(request-target): {} {target}",
                    message.method.as_str().to_ascii_lowercase()
                )
            }
            "(created)" => format!("(created): {}", given.created.ok_or(Bad::Unreadable)?),
            "(expires)" => format!("(expires): {}", given.expires.ok_or(Bad::Unreadable)?),
            // The host is bound to what this server is called, whatever the header says.
            "host" => format!("host: {}", message.authority),
            _ => format!("{name}: {}", message.header(name).ok_or(Bad::Header)?.trim()),
        };
        lines.push(line);
    }
    Ok(lines.join("\n"))
}

/// The headers that sign a request: `Date`, with a body `Digest`, `more`, and `Signature`. `Host` is the HTTP client's.
pub fn sign(
    key: &OwnKey,
    key_id: &str,
    method: &Method,
    (authority, target): (&str, &str),
    digest: Option<&BodyDigest>,
    date: &str,
    more: Option<&(HeaderName, String)>,
) -> Vec<(HeaderName, HeaderValue)> {
    let verb = method.as_str().to_ascii_lowercase();
    let mut names = "(request-target) host date".to_owned();
    let mut text = format!("(request-target): {verb} {target}\nhost: {authority}\ndate: {date}");
    let mut headers = vec![(header::DATE, date.to_owned())];
    if let Some(digest) = digest.map(BodyDigest::old_header) {
        names.push_str(" digest");
        text.push_str("\ndigest: ");
        text.push_str(&digest);
        headers.push((HeaderName::from_static("digest"), digest));
    }
    if let Some((name, value)) = more {
        names = format!("{names} {name}");
        text = format!("{text}\n{name}: {value}");
        headers.push((name.clone(), value.clone()));
    }
    if let Some(signature) = key.sign(&text) {
        let value = format!(
            "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{signature}\""
        );
        headers.push((HeaderName::from_static("signature"), value));
    }
    headers
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?)))
        .collect()
}
