//! Pages of lists: what apps ask for, and the `Link` header that leads on.

use std::str::FromStr;

use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use bauta_model::{AccountId, PostId};
use bauta_service::reading::Shown;
use bauta_service::timelines::Page;
use bauta_service::{Listed, Refused, Window};
use serde::Deserialize;

use crate::ApiError;

/// What every list of posts can be asked for. All texts: within a larger form serde hands nothing else on.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Paging {
    max_id: Option<String>,
    since_id: Option<String>,
    min_id: Option<String>,
    limit: Option<String>,
}

/// Posts in an answer, unless asked otherwise, and at most.
const USUAL: u32 = 20;
const MOST: u32 = 40;

impl Paging {
    /// The page.
    ///
    /// # Errors
    /// 422 for a bound that is no id.
    pub(crate) fn page(&self) -> Result<Page, ApiError> {
        let asked = match self.limit.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| Refused::invalid("limit", "limit is not a number that can be taken."))?,
            ),
        };
        Ok(Page {
            max_id: id("max_id", self.max_id.as_deref())?,
            since_id: id("since_id", self.since_id.as_deref())?,
            min_id: id("min_id", self.min_id.as_deref())?,
            limit: limit(asked, USUAL, MOST),
        })
    }
}

/// What every other list can be asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Windowed {
    pub(crate) max_id: Option<String>,
    pub(crate) since_id: Option<String>,
    pub(crate) min_id: Option<String>,
    pub(crate) limit: Option<u32>,
}

impl Windowed {
    /// The page of a list that is sorted by ids.
    ///
    /// # Errors
    /// 422 for a bound that is no id.
    pub(crate) fn window<Id: FromStr>(&self, usual: u32, most: u32) -> Result<Window<Id>, ApiError> {
        Ok(Window {
            below: id("max_id", self.max_id.as_deref())?,
            since: id("since_id", self.since_id.as_deref())?,
            right_above: id("min_id", self.min_id.as_deref())?,
            limit: limit(self.limit, usual, most),
        })
    }

    /// The page of a list of accounts.
    ///
    /// # Errors
    /// As [`Windowed::window`].
    pub(crate) fn accounts(&self) -> Result<Window<AccountId>, ApiError> {
        self.window(40, 80)
    }
}

/// A limit between 1 and `most`.
pub(crate) fn limit(asked: Option<u32>, usual: u32, most: u32) -> usize {
    asked.unwrap_or(usual).clamp(1, most) as usize
}

/// The id in an optional parameter; an empty one is none.
///
/// # Errors
/// 422 for what is no id.
pub(crate) fn id<T: FromStr>(name: &'static str, text: Option<&str>) -> Result<Option<T>, ApiError> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(id) => Ok(Some(id)),
            Err(_) => Err(Refused::invalid(name, format!("{name} is not an id.")).into()),
        },
    }
}

/// The id in a path: what can't be one is not there.
///
/// # Errors
/// 404 for what is no id.
pub(crate) fn id_of_path<T: FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| Refused::NotFound.into())
}

/// Adds links to the pages before and after a list of posts; none to an empty one.
pub(crate) fn linked(response: Response, base: &str, asked: &Uri, posts: &[Shown]) -> Response {
    let ids = posts.first().map(Shown::id).zip(posts.last().map(Shown::id));
    linked_by(
        response,
        base,
        asked,
        ids.map(|(first, last): (PostId, PostId)| (first.get(), last.get())),
    )
}

/// Adds links around what lies between the ids `first` and `last` of a list, newest first.
pub(crate) fn linked_by(
    mut response: Response,
    base: &str,
    asked: &Uri,
    ids: Option<(i64, i64)>,
) -> Response {
    if let Some((first, last)) = ids {
        let (next, prev) = (to(base, asked, "max_id", last), to(base, asked, "min_id", first));
        let links = format!("<{next}>; rel=\"next\", <{prev}>; rel=\"prev\"");
        if let Ok(value) = HeaderValue::try_from(links) {
            response.headers_mut().insert(header::LINK, value);
        }
    }
    response
}

/// Adds links to the pages before and after, the next one only where there may be one.
pub(crate) fn linked_around<T, Id: Copy>(
    mut response: Response,
    base: &str,
    asked: &Uri,
    page: &Listed<T, Id>,
    number: impl Fn(Id) -> i64,
) -> Response {
    let next = page.lowest.filter(|_| page.more);
    let next = next.map(|id| format!("<{}>; rel=\"next\"", to(base, asked, "max_id", number(id))));
    let prev = page.highest;
    let prev = prev.map(|id| format!("<{}>; rel=\"prev\"", to(base, asked, "min_id", number(id))));
    let links: Vec<String> = next.into_iter().chain(prev).collect();
    if let Ok(value) = HeaderValue::try_from(links.join(", "))
        && !links.is_empty()
    {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

/// The address that was asked for, with another bound. A token in the address does not go on.
fn to(base: &str, asked: &Uri, bound: &str, id: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(asked.query().unwrap_or_default().as_bytes()) {
        if !matches!(&*name, "max_id" | "since_id" | "min_id" | "access_token") {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair(bound, &id.to_string());
    format!("{base}{}?{}", asked.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_what_was_asked_and_moves_the_bound() {
        let asked: Uri = "/api/v1/timelines/tag/a?limit=2&max_id=9&access_token=secret&any[]=b"
            .parse()
            .unwrap();
        assert_eq!(
            to("https://bauta.example", &asked, "max_id", 5),
            "https://bauta.example/api/v1/timelines/tag/a?limit=2&any%5B%5D=b&max_id=5"
        );
    }

    #[test]
    fn limits_stay_within_bounds() {
        assert_eq!(
            [None, Some(0), Some(7), Some(900)].map(|asked| limit(asked, 20, 40)),
            [20, 1, 7, 40]
        );
    }

    #[test]
    fn a_bound_that_is_no_id_is_refused() {
        assert!(id::<PostId>("max_id", Some("abc")).is_err());
        assert!(id::<PostId>("max_id", Some("-1")).is_err());
        assert_eq!(id::<PostId>("max_id", Some("")).unwrap(), None);
        assert_eq!(id("max_id", Some("12")).unwrap(), Some(PostId::new(12)));
    }
}
