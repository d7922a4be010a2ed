//! Every error of the API, in Mastodon's shapes: the one place where a refusal becomes a status.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bauta_service::Refused;
use serde_json::{Value, json};

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// What the rules say.
    Refused(Refused),
    /// No token where one is needed, or one that is not good.
    InvalidToken,
    /// The token may not do this.
    OutsideScopes,
    /// The token is an app's own; this needs a person.
    NeedsPerson,
    /// The request can't be read; the text says what is wrong.
    Unreadable(String),
    /// As [`Refused::Invalid`], with the details that sign-up forms of apps show beside the field.
    Details(&'static str, String),
    /// Larger than anything that is taken.
    TooLarge,
    /// A feature that this server does not have, in Mastodon's way of saying so; the text says why.
    Unavailable(&'static str),
    /// The account has more streams open than it may.
    TooManyStreams,
    /// There is no such endpoint.
    NoSuchPath,
    /// The endpoint does not know the method.
    NoSuchMethod,
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl ApiError {
    fn parts(self) -> (StatusCode, Value) {
        let error = |text: &str| json!({ "error": text });
        match self {
            Self::Refused(refused) => refused_parts(&refused),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, error("The access token is invalid")),
            Self::OutsideScopes => (
                StatusCode::FORBIDDEN,
                error("This action is outside the authorized scopes"),
            ),
            Self::NeedsPerson => (
                StatusCode::UNPROCESSABLE_ENTITY,
                error("This method requires an authenticated user"),
            ),
            Self::Unreadable(why) => (StatusCode::UNPROCESSABLE_ENTITY, error(&why)),
            Self::Details(field, why) => {
                let code = if why == bauta_service::accounts::sign_up::TAKEN {
                    "ERR_TAKEN"
                } else {
                    "ERR_INVALID"
                };
                let details = json!({ field: [{ "error": code, "description": why }] });
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    json!({ "error": format!("Validation failed: {why}"), "details": details }),
                )
            }
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                error("This is larger than anything that this server takes."),
            ),
            Self::Unavailable(why) => (StatusCode::SERVICE_UNAVAILABLE, error(why)),
            Self::TooManyStreams => (
                StatusCode::TOO_MANY_REQUESTS,
                error("This account has too many streams open."),
            ),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, error("Record not found")),
            Self::NoSuchMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                error("This method is not known here."),
            ),
        }
    }
}

fn refused_parts(refused: &Refused) -> (StatusCode, Value) {
    let status = match refused {
        Refused::NotSignedIn => return ApiError::InvalidToken.parts(),
        Refused::NotFound => return ApiError::NoSuchPath.parts(),
        Refused::Invalid { why, .. } => {
            let text = format!("Validation failed: {why}");
            return (StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": text }));
        }
        Refused::Leak(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::WrongPassphrase => StatusCode::UNAUTHORIZED,
        Refused::Forbidden(_) => StatusCode::FORBIDDEN,
        Refused::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refused::Busy | Refused::Away | Refused::Unsure => StatusCode::SERVICE_UNAVAILABLE,
        Refused::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, json!({ "error": refused.to_string() }))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, body) = self.parts();
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="Bauta", error="invalid_token""#),
            );
        }
        response
    }
}
