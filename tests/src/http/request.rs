//! What a test sends.

/// A request, written as it should go over the wire.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Beside those that the client adds: `Host`, `Cookie`, `Content-Length`, `Connection`.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
}

/// A part of a `multipart/form-data` content.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// For a file: its name, and its media type.
    pub file: Option<(String, String)>,
    /// The value.
    pub value: Vec<u8>,
}

impl Part {
    /// A field with text.
    pub fn text(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            file: None,
            value: value.as_bytes().to_vec(),
        }
    }

    /// A file.
    pub fn file(name: &str, file_name: &str, media_type: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            file: Some((file_name.to_owned(), media_type.to_owned())),
            value: bytes.to_vec(),
        }
    }
}

/// Parts the parts. Long and odd enough to be in nothing that a test sends.
const BOUNDARY: &str = "----bauta-tests-7d2f1c9b60a84e35";

impl Request {
    /// A request of any method.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A GET request.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A POST request.
    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// With this header, beside others of its name.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this content.
    #[must_use]
    pub fn body(mut self, media_type: &str, bytes: &[u8]) -> Self {
        self.body = bytes.to_vec();
        self.with_header("Content-Type", media_type)
    }

    /// With the fields of a form.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        self.body("application/x-www-form-urlencoded", query(fields).as_bytes())
    }

    /// With JSON.
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Self {
        self.body("application/json", value.to_string().as_bytes())
    }

    /// With the parts of a form that has files.
    #[must_use]
    pub fn multipart(self, parts: &[Part]) -> Self {
        let mut body = Vec::new();
        for part in parts {
            body.extend(
                format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"",
                    part.name
                )
                .bytes(),
            );
            if let Some((file_name, media_type)) = &part.file {
                body.extend(format!("; filename=\"{file_name}\"\r\nContent-Type: {media_type}").bytes());
            }
            body.extend(b"\r\n\r\n");
            body.extend(&part.value);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Fields as `a=b&c=d`, percent-encoded as a form does it.
pub fn query(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.extend(
                    [byte >> 4, byte & 15].map(|half| char::from(b"0123456789ABCDEF"[usize::from(half)])),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn fields_are_encoded_as_a_form_does_it() {
        assert_eq!(query(&[("a b", "ü&="), ("c", "")]), "a+b=%C3%BC%26%3D&c=");
    }
}
