//! How others find us: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0 and 2.1.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bauta_model::Handle;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{Peers, intents};

impl Peers {
    /// `GET /.well-known/webfinger?resource=…`
    pub(crate) async fn answer_webfinger(&self, query: Option<&str>) -> Response {
        let mut asked = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .filter(|(name, _)| name == "resource");
        let (Some((_, resource)), None) = (asked.next(), asked.next()) else {
            return plain(StatusCode::BAD_REQUEST, "WebFinger needs one resource.");
        };
        match self.found(&resource).await {
            Ok(Some(found)) => document(StatusCode::OK, "application/jrd+json", &found),
            Ok(None) => plain(StatusCode::NOT_FOUND, "There is no such account."),
            Err(()) => plain(
                StatusCode::BAD_REQUEST,
                "The resource is neither acct:name@domain nor an address.",
            ),
        }
    }

    async fn found(&self, resource: &str) -> Result<Option<Value>, ()> {
        let site = &self.app.site;
        let name = if let Some(acct) = resource.strip_prefix("acct:") {
            let (name, domain) = acct.trim_start_matches('@').rsplit_once('@').ok_or(())?;
            if !domain.eq_ignore_ascii_case(&site.domain) {
                return Ok(None);
            }
            if name.eq_ignore_ascii_case(&site.domain) {
                return Ok(Some(self.server_found()));
            }
            name
        } else if resource.starts_with("https://") || resource.starts_with("http://") {
            let Some(path) = resource.strip_prefix(&site.base_url) else {
                return Ok(None);
            };
            if path == "/actor" {
                return Ok(Some(self.server_found()));
            }
            let Some(name) = path.strip_prefix("/@") else {
                return Ok(None);
            };
            name
        } else {
            return Err(());
        };
        let Ok(handle) = Handle::parse(name) else {
            return Ok(None);
        };
        let Ok(card) = bauta_service::accounts::by_handle(&self.app, &handle).await else {
            return Ok(None);
        };
        let handle = &card.account.handle;
        let mut found = self.jrd(handle.as_str(), &self.actor_uri(handle));
        if let Some(links) = found["links"].as_array_mut() {
            links.extend(intents::links(&self.app.site.base_url));
        }
        Ok(Some(found))
    }

    fn server_found(&self) -> Value {
        self.jrd(
            &self.app.site.domain,
            &format!("{}/actor", self.app.site.base_url),
        )
    }

    fn jrd(&self, name: &str, actor: &str) -> Value {
        json!({
            "subject": format!("acct:{name}@{}", self.app.site.domain),
            "aliases": [actor],
            "links": [
                {"rel": "self", "type": "application/activity+json", "href": actor},
                {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": actor},
            ],
        })
    }

    /// `GET /.well-known/host-meta`
    pub(crate) fn host_meta(&self) -> Response {
        let template = format!(
            "{}/.well-known/webfinger?resource={{uri}}",
            self.app.site.base_url
        );
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
             <Link rel=\"lrdd\" template=\"{template}\"/>\n</XRD>\n"
        );
        answer(StatusCode::OK, "application/xrd+xml; charset=utf-8", xml)
    }

    /// `GET /.well-known/nodeinfo`
    pub(crate) fn nodeinfo_links(&self) -> Response {
        let link = |version: &str| {
            json!({
                "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
                "href": format!("{}/nodeinfo/{version}", self.app.site.base_url),
            })
        };
        document(
            StatusCode::OK,
            "application/json",
            &json!({"links": [link("2.0"), link("2.1")]}),
        )
    }

    /// `GET /nodeinfo/2.0` and `2.1`. Counts are rounded: an exact one tells when somebody comes or posts.
    pub(crate) async fn nodeinfo(&self, version: &str) -> Response {
        let Ok(figures) = bauta_service::figures(&self.app).await else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "Try again in a minute.");
        };
        let mut software = json!({"name": "bauta", "version": env!("CARGO_PKG_VERSION")});
        if version == "2.1" {
            software["homepage"] = json!(self.app.site.base_url);
        }
        let info = json!({
            "version": version,
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": self.app.site.registrations.is_for_anybody(),
            "usage": {"users": {"total": rounded(figures.accounts)}, "localPosts": rounded(figures.posts)},
            "metadata": {"nodeName": self.app.site.title},
        });
        let kind =
            format!("application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\"");
        document(StatusCode::OK, &kind, &info)
    }
}

/// To one significant digit; below ten, nothing.
fn rounded(count: i64) -> i64 {
    let mut unit = 1;
    while count / unit >= 10 {
        unit *= 10;
    }
    if count < 10 { 0 } else { count / unit * unit }
}

/// A JSON document.
pub(crate) fn document(status: StatusCode, kind: &str, value: &Value) -> Response {
    answer(status, kind, value.to_string())
}

/// One sentence.
pub(crate) fn plain(status: StatusCode, sentence: &str) -> Response {
    answer(status, "text/plain; charset=utf-8", format!("{sentence}\n"))
}

fn answer(status: StatusCode, kind: &str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (header::VARY, "Accept, Signature".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, Body::from(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn counts_are_rounded_down_to_one_digit() {
        let counts = [0, 1, 9, 10, 19, 99, 100, 1999, 153_000].map(rounded);
        assert_eq!(counts, [0, 0, 0, 10, 10, 90, 100, 1000, 100_000]);
    }
}
