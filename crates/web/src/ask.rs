//! What an address asks for after its `?`, read with patience: what is missing is empty, what is wrong is said.

use std::collections::HashMap;
use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bauta_model::PostId;
use bauta_service::Refused;
use bauta_timeline::Page;

use crate::words::EN;

/// Posts on a page.
pub const PAGE_POSTS: usize = 20;

/// The query of an address.
pub struct Ask {
    values: HashMap<String, String>,
    /// The path with its query, for buttons that lead back here.
    pub here: String,
}

impl<S: Sync> FromRequestParts<S> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            values: serde_urlencoded::from_str(query).unwrap_or_default(),
            here: here.to_owned(),
        })
    }
}

impl Ask {
    /// A value; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// A value that must be right where it is there at all.
    pub fn parsed<T: FromStr>(&self, name: &'static str, why: &str) -> Result<Option<T>, Refused> {
        match self.text(name) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Refused::invalid(name, why)),
        }
    }

    /// The part of a list of posts that is asked for.
    pub fn page(&self) -> Result<Page, Refused> {
        let id = |name| self.parsed::<PostId>(name, EN.wrong_page);
        Ok(Page {
            max_id: id("max_id")?,
            since_id: None,
            min_id: id("min_id")?,
            limit: PAGE_POSTS,
        })
    }
}

/// A value for an address.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(uri: &str) -> Ask {
        let (mut parts, ()) = http::Request::builder().uri(uri).body(()).unwrap().into_parts();
        let Ok(ask) = Ask::from_request_parts(&mut parts, &()).await;
        ask
    }

    #[tokio::test]
    async fn a_wrong_part_of_a_list_is_said_and_a_missing_one_is_its_top() {
        assert_eq!(ask("/local").await.page().unwrap(), Page::newest(PAGE_POSTS));
        assert_eq!(
            ask("/local?max_id=7").await.page().unwrap().max_id,
            Some(PostId::new(7))
        );
        assert!(ask("/local?max_id=%3Cb%3E").await.page().is_err());
        assert_eq!(ask("/x?q=%FF%zz&q").await.text("nothing"), "");
        assert_eq!(ask("/x?a=b").await.here, "/x?a=b");
    }
}
