//! Endpoints of features that are not here, and what they answer: what Mastodon answers where a feature is off, so that
//! an app opens without an error. The page docs/client-api-endpoints.md lists them with their reasons.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use bauta_service::{App, Refused};

use crate::{Answer, ApiError, Auth};

/// An endpoint of a feature that is not here.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// `GET` and the like.
    pub method: &'static str,
    /// As the router writes it.
    pub path: &'static str,
    /// The scope that it asks for; nothing where strangers may ask.
    pub scope: Option<&'static str>,
    /// What it answers.
    pub says: Says,
    /// Why the feature is not here.
    pub why: &'static str,
}

/// What an endpoint of a feature that is not here answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// 200 with this JSON: there is nothing of the kind.
    Nothing(&'static str),
    /// 404: there is no such thing.
    Missing,
    /// 403 with the reason.
    Forbidden,
    /// 422 with the reason. Nothing is stored.
    Refused,
    /// 503 with the reason: Mastodon's answer where no translator is set up.
    Unavailable,
}

const LIST: Says = Says::Nothing("[]");
const NO_YEARS: Says = Says::Nothing(r#"{"annual_reports":[],"accounts":[],"statuses":[]}"#);
const COLLECTIONS: Says = Says::Nothing(r#"{"collections":[]}"#);
const OBJECT: Says = Says::Nothing("{}");

/// `GET "/path" "scope" => answer, reason;` a line, with `-` for the scope where strangers may ask.
macro_rules! rows {
    (@scope -) => { None };
    (@scope $scope:literal) => { Some($scope) };
    ($($method:ident $path:literal $scope:tt => $says:expr, $why:expr;)*) => {
        &[$(Absent {
            method: stringify!($method),
            path: $path,
            scope: rows!(@scope $scope),
            says: $says,
            why: $why,
        },)*]
    };
}

const NO_ADDRESS: &str = "This server knows nobody's address, so it has none to block.";
const NO_MAIL: &str = "This server asks for no e-mail address, so it has none to block.";
const NO_FIGURES: &str = "Who came when, and who was active, is not kept: there is nothing to count.";
const NO_PROOFS: &str = "Mastodon ended identity proofs; links back to a profile took their place.";
const NO_YEAR: &str = "A year in review needs a history of what people did, and none is kept.";
const NO_COLLECTIONS: &str = "Collections of accounts are newer than the version that is spoken here.";
const NO_CONFIRMATION: &str = "No e-mail address is asked for, so none waits for its confirmation.";
const NO_TRANSLATION: &str = "This server translates nothing: a translator would read along.";
const NO_TERMS: &str = "The rules and the privacy page are all that there is to agree to.";
const NO_CARDS: &str = "Nothing is fetched about links, so none is known to be talked about.";
const NO_DIRECT: &str = "Mastodon gave it up for conversations, which are here.";
const NO_WAITING: &str = "Nothing here is computed after an answer.";

/// Every one of them.
pub const ABSENT: &[Absent] = rows! {
    GET "/api/v1/accounts/{id}/identity_proofs" - => LIST, NO_PROOFS;
    GET "/api/v1/accounts/{id}/collections" - => COLLECTIONS, NO_COLLECTIONS;
    GET "/api/v1/accounts/{id}/in_collections" "read:collections" => COLLECTIONS, NO_COLLECTIONS;
    GET "/api/v1/annual_reports" "read:accounts" => NO_YEARS, NO_YEAR;
    GET "/api/v1/annual_reports/{year}" "read:accounts" => Says::Missing, NO_YEAR;
    GET "/api/v1/annual_reports/{year}/state" "read:accounts" => Says::Missing, NO_YEAR;
    POST "/api/v1/annual_reports/{year}/read" "write:accounts" => Says::Missing, NO_YEAR;
    POST "/api/v1/annual_reports/{year}/generate" "write:accounts" => Says::Missing, NO_YEAR;
    POST "/api/v1/collections" "write:collections" => Says::Forbidden, NO_COLLECTIONS;
    GET "/api/v1/collections/{id}" "read:collections" => Says::Missing, NO_COLLECTIONS;
    PATCH "/api/v1/collections/{id}" "write:collections" => Says::Missing, NO_COLLECTIONS;
    DELETE "/api/v1/collections/{id}" "write:collections" => Says::Missing, NO_COLLECTIONS;
    POST "/api/v1/collections/{id}/items" "write:collections" => Says::Missing, NO_COLLECTIONS;
    DELETE "/api/v1/collections/{id}/items/{item}" "write:collections" => Says::Missing, NO_COLLECTIONS;
    POST "/api/v1/collections/{id}/items/{item}/revoke" "write:collections" => Says::Missing, NO_COLLECTIONS;
    GET "/api/v1_alpha/async_refreshes/{id}" "read" => Says::Missing, NO_WAITING;
    POST "/api/v1/emails/confirmations" "write:accounts" => Says::Forbidden, NO_CONFIRMATION;
    POST "/api/v1/statuses/{id}/translate" "read:statuses" => Says::Unavailable, NO_TRANSLATION;
    GET "/api/v1/instance/translation_languages" - => OBJECT, NO_TRANSLATION;
    GET "/api/v1/instance/activity" - => LIST, NO_FIGURES;
    GET "/api/v1/instance/terms_of_service" - => Says::Missing, NO_TERMS;
    GET "/api/v1/instance/terms_of_service/{date}" - => Says::Missing, NO_TERMS;
    GET "/api/v1/timelines/link" - => LIST, NO_CARDS;
    GET "/api/v1/trends/links" - => LIST, NO_CARDS;
    // Of moderators.
    GET "/api/v1/admin/ip_blocks" "admin:read:ip_blocks" => LIST, NO_ADDRESS;
    GET "/api/v1/admin/ip_blocks/{id}" "admin:read:ip_blocks" => Says::Missing, NO_ADDRESS;
    POST "/api/v1/admin/ip_blocks" "admin:write:ip_blocks" => Says::Refused, NO_ADDRESS;
    PUT "/api/v1/admin/ip_blocks/{id}" "admin:write:ip_blocks" => Says::Refused, NO_ADDRESS;
    DELETE "/api/v1/admin/ip_blocks/{id}" "admin:write:ip_blocks" => Says::Refused, NO_ADDRESS;
    GET "/api/v1/admin/email_domain_blocks" "admin:read:email_domain_blocks" => LIST, NO_MAIL;
    GET "/api/v1/admin/email_domain_blocks/{id}" "admin:read:email_domain_blocks" => Says::Missing, NO_MAIL;
    POST "/api/v1/admin/email_domain_blocks" "admin:write:email_domain_blocks" => Says::Refused, NO_MAIL;
    DELETE "/api/v1/admin/email_domain_blocks/{id}" "admin:write:email_domain_blocks" => Says::Refused, NO_MAIL;
    GET "/api/v1/admin/canonical_email_blocks" "admin:read:canonical_email_blocks" => LIST, NO_MAIL;
    GET "/api/v1/admin/canonical_email_blocks/{id}" "admin:read:canonical_email_blocks" => Says::Missing, NO_MAIL;
    POST "/api/v1/admin/canonical_email_blocks/test" "admin:read:canonical_email_blocks" => LIST, NO_MAIL;
    POST "/api/v1/admin/canonical_email_blocks" "admin:write:canonical_email_blocks" => Says::Refused, NO_MAIL;
    DELETE "/api/v1/admin/canonical_email_blocks/{id}" "admin:write:canonical_email_blocks" => Says::Refused, NO_MAIL;
    POST "/api/v1/admin/measures" "admin:read" => LIST, NO_FIGURES;
    POST "/api/v1/admin/dimensions" "admin:read" => LIST, NO_FIGURES;
    POST "/api/v1/admin/retention" "admin:read" => LIST, NO_FIGURES;
    GET "/api/v1/admin/trends/links" "admin:read" => LIST, NO_CARDS;
    GET "/api/v1/timelines/direct" "read:statuses" => LIST, NO_DIRECT;
};

pub(crate) fn routes() -> Router<Arc<App>> {
    ABSENT.iter().fold(Router::new(), |router, absent| {
        let handler = move |auth: Auth| async move { answer(absent, &auth) };
        router.route(absent.path, on(filter(absent.method), handler))
    })
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "DELETE" => MethodFilter::DELETE,
        "PATCH" => MethodFilter::PATCH,
        _ => MethodFilter::GET,
    }
}

/// Asks for the same token as the feature would, so that a wrong one is said to be wrong.
fn answer(absent: &Absent, auth: &Auth) -> Answer {
    match absent.scope {
        Some(scope) => {
            let speaker = auth.person(scope)?;
            if scope.starts_with("admin:") && !speaker.role.moderates() {
                return Err(Refused::Forbidden("This is for moderators.").into());
            }
        }
        None => {
            auth.viewer("read:statuses")?;
        }
    }
    match absent.says {
        Says::Nothing(json) => Ok(json_text(json)),
        Says::Missing => Err(Refused::NotFound.into()),
        Says::Forbidden => Err(Refused::Forbidden(absent.why).into()),
        Says::Refused => Err(Refused::invalid("block", absent.why).into()),
        Says::Unavailable => Err(ApiError::Unavailable(absent.why)),
    }
}

fn json_text(json: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
