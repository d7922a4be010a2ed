//! Forms with files (RFC 7578), of our own pages. The form's token stands before its files, so that no file of a
//! stranger's form is taken in.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use bauta_service::exchange::MOST_ARCHIVE_BYTES;
use bauta_service::{App, Refused};
use multer::{Constraints, Multipart, SizeLimit};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as ValueError, MapDeserializer};

use crate::csrf;
use crate::error;
use crate::visitor::Visitor;

/// A form with files, with who sent it.
pub struct Upload {
    /// Who sent it.
    pub visitor: Visitor,
    fields: HashMap<String, String>,
    files: Vec<(String, Vec<u8>)>,
}

/// Room for the texts of a form beside its files, in bytes.
const TEXTS: u64 = 256 * 1024;
/// Files in one form.
const FILES: u64 = 4;

impl Upload {
    /// A text; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Takes a file out; nothing where none was chosen.
    pub fn file(&mut self, name: &str) -> Option<Vec<u8>> {
        let at = self.files.iter().position(|(known, _)| known == name)?;
        Some(self.files.swap_remove(at).1)
    }

    /// Takes out all files of a field, in the order in which they were chosen.
    pub fn files(&mut self, name: &str) -> Vec<Vec<u8>> {
        let (own, others) = std::mem::take(&mut self.files)
            .into_iter()
            .partition(|(known, _)| known == name);
        self.files = others;
        let own: Vec<(String, Vec<u8>)> = own;
        own.into_iter().map(|(_, file)| file).collect()
    }

    /// The texts as a form of this type; what is missing is empty.
    pub fn read<T: DeserializeOwned + Default>(&self) -> T {
        let texts = self
            .fields
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        T::deserialize(MapDeserializer::<_, ValueError>::new(texts)).unwrap_or_default()
    }
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = match Visitor::from_request_parts(&mut parts, app).await {
            Ok(visitor) => visitor,
            Err(never) => match never {},
        };
        let kind = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let read = match kind.and_then(|kind| multer::parse_boundary(kind).ok()) {
            Some(boundary) => {
                let trusted = |sent: &str| csrf::is_ours(app, &parts.headers, &visitor, sent);
                read(app, body, boundary, trusted).await
            }
            None => Err(broken()),
        };
        match read {
            Ok((fields, files)) => Ok(Self {
                visitor,
                fields,
                files,
            }),
            Err(refused) => Err(error::refuse(app, &visitor, &refused)),
        }
    }
}

type Read = (HashMap<String, String>, Vec<(String, Vec<u8>)>);

async fn read(
    app: &App,
    body: Body,
    boundary: String,
    trusted: impl Fn(&str) -> bool,
) -> Result<Read, Refused> {
    // The door knows what each page takes; here is what any page takes.
    let file = app.site.upload_bytes().max(MOST_ARCHIVE_BYTES) as u64;
    let sizes = SizeLimit::new()
        .per_field(file)
        .whole_stream(file * FILES + TEXTS);
    let constraints = Constraints::new().size_limit(sizes);
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let (mut fields, mut files) = (HashMap::new(), Vec::new());
    let mut texts = 0;
    let mut ours = false;
    while let Some(field) = form.next_field().await.map_err(|error| refused(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            if !ours {
                return Err(Refused::Forbidden(crate::EN.stale_form));
            }
            let bytes = field.bytes().await.map_err(|error| refused(&error))?;
            if !bytes.is_empty() {
                if files.len() >= FILES as usize {
                    return Err(Refused::invalid("form", crate::EN.too_many_files));
                }
                files.push((name, bytes.to_vec()));
            }
            continue;
        }
        let text = field.text().await.map_err(|error| refused(&error))?;
        texts += text.len() as u64;
        if texts > TEXTS {
            return Err(Refused::invalid("form", crate::EN.too_large));
        }
        if name == "csrf" {
            ours = trusted(&text);
        }
        fields.insert(name, text);
    }
    if ours {
        Ok((fields, files))
    } else {
        Err(Refused::Forbidden(crate::EN.stale_form))
    }
}

fn broken() -> Refused {
    Refused::invalid("form", crate::EN.broken_form)
}

fn refused(error: &multer::Error) -> Refused {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Refused::invalid("form", crate::EN.too_large)
        }
        _ => broken(),
    }
}
