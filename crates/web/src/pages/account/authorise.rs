//! Letting an app in: what it is, what it wants, yes or no (RFC 6749 § 4.1).

mod scopes;
mod target;

use std::sync::Arc;

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use bauta_service::apps::Redirect;
use bauta_service::apps::authorise::{self, Granted, Prepared, Request, Unprepared};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::form::local_path;
use super::sign_in;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

/// The parameters, in the address or in the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    /// `allow` or anything else; in the form only.
    decision: String,
}

impl Fields {
    fn request(&self) -> Request {
        Request {
            response_type: self.response_type.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scope.clone(),
            state: self.state.clone(),
            code_challenge: self.code_challenge.clone(),
            code_challenge_method: self.code_challenge_method.clone(),
        }
    }

    /// What the form repeats, name by name.
    fn repeated(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![
            ("response_type", self.response_type.as_str()),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scope),
        ];
        let optional = [
            ("state", &self.state),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ];
        pairs.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.as_deref()?))),
        );
        pairs
    }
}

#[derive(Template)]
#[template(path = "account/authorise.html")]
struct Authorise<'a> {
    frame: Frame,
    name: &'a str,
    website: Option<&'a str>,
    handle: &'a str,
    scopes: Vec<&'a str>,
    target: Option<&'a str>,
    repeated: Vec<(&'static str, &'a str)>,
    here: &'a str,
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct Code<'a> {
    frame: Frame,
    code: &'a str,
}

#[derive(Template)]
#[template(path = "account/denied.html")]
struct Denied {
    frame: Frame,
}

/// `GET /oauth/authorize`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, OriginalUri(uri): OriginalUri) -> Response {
    // A request that can't be read is one of an app that nobody knows.
    let fields: Fields = serde_urlencoded::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
    let prepared = match authorise::prepare(&app, &fields.request()).await {
        Ok(prepared) => prepared,
        Err(unprepared) => return unasked(&app, &visitor, unprepared),
    };
    let here = local_path(uri.path_and_query().map_or("/", |path| path.as_str()));
    if visitor.speaker.is_none() {
        return sign_in::show(&app, &visitor, here, Some(TEXT.sign_in_for_app));
    }
    let template = Authorise {
        frame: Frame::new(&app, &visitor, TEXT.app_title, Here::Elsewhere),
        name: &prepared.app.name,
        website: prepared.app.website.as_deref(),
        handle: visitor.handle.as_deref().unwrap_or_default(),
        scopes: prepared
            .scopes
            .words()
            .iter()
            .map(|word| scopes::in_words(word))
            .collect(),
        target: match &prepared.redirect {
            Redirect::OutOfBand => None,
            Redirect::Uri(uri) => Some(uri),
        },
        repeated: fields.repeated(),
        here,
    };
    let mut response = page(StatusCode::OK, &template);
    if let Some(policy) = policy(&prepared.redirect) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Browsers hold what a form's answer redirects to against `form-action`, so that it names where the app is.
fn policy(redirect: &Redirect) -> Option<HeaderValue> {
    let Redirect::Uri(uri) = redirect else { return None };
    let source = target::source(uri)?;
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {source}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

/// `POST /oauth/authorize`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let prepared = match authorise::prepare(&app, &fields.request()).await {
        Ok(prepared) => prepared,
        Err(unprepared) => return unasked(&app, &visitor, unprepared),
    };
    let allowed = fields.decision == "allow";
    error::answer(&app, &visitor, decided(&app, &visitor, prepared, allowed))
}

fn decided(app: &App, visitor: &Visitor, prepared: Prepared, allowed: bool) -> Result<Response, Refused> {
    let person = visitor.person()?;
    if !allowed {
        return Ok(authorise::deny(&prepared).map_or_else(
            || {
                let frame = Frame::new(app, visitor, TEXT.app_denied_title, Here::Elsewhere);
                page(StatusCode::OK, &Denied { frame })
            },
            |target| led_to(&target),
        ));
    }
    Ok(match authorise::grant(app, person, prepared)? {
        Granted::Redirect(target) => led_to(target.expose()),
        Granted::Code(code) => {
            let frame = Frame::new(app, visitor, TEXT.app_code_title, Here::Elsewhere);
            page(
                StatusCode::OK,
                &Code {
                    frame,
                    code: code.expose(),
                },
            )
        }
    })
}

/// The page that can't ask: shown, or told to the app.
fn unasked(app: &App, visitor: &Visitor, unprepared: Unprepared) -> Response {
    match unprepared {
        Unprepared::Shown(refused) => error::refuse(app, visitor, &refused),
        Unprepared::Redirect(target) => led_to(&target),
    }
}

/// Leads to the app, whatever its scheme is.
fn led_to(target: &str) -> Response {
    match HeaderValue::from_str(target) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
}
