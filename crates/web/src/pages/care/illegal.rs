//! Reporting what is against the law, by anybody, and seeing what became of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::Day;
use bauta_service::alarms::{self, Filing, Kind, Outcome};
use bauta_service::{App, Refused};
use serde::Deserialize;

use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::limiter;
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_quarantine::{EN, Words};

/// What the form says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    /// Where it is, as typed.
    address: String,
    /// The word of a [`Kind`].
    kind: String,
    /// As typed.
    words: String,
}

#[derive(Template)]
#[template(path = "care/illegal.html")]
struct Illegal {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    fields: Fields,
    kinds: [(&'static str, &'static str); 4],
}

impl Illegal {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// What something is said to be, in words.
pub const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::ChildAbuse => EN.child_abuse,
        Kind::Intimate => EN.intimate,
        Kind::Terrorism => EN.terrorism,
        Kind::Other => EN.other,
    }
}

/// `GET /report-illegal`, and `?address=`
pub async fn form(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let fields = Fields {
        address: ask.text("address").to_owned(),
        ..Fields::default()
    };
    form_page(&app, &visitor, fields, None)
}

fn form_page(app: &App, visitor: &Visitor, fields: Fields, refused: Option<Refused>) -> Response {
    let ids = [("address", "address"), ("kind", "kind"), ("words", "words")];
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let illegal = Illegal {
        frame: Frame::with_form(app, visitor, EN.illegal_title, Here::Elsewhere),
        say: &EN,
        trouble: EN.illegal_not_sent,
        mistake: refused.map(|refused| Mistake::of(&refused, &ids)),
        fields,
        kinds: Kind::ALL.map(|(kind, word)| (word, kind_name(kind))),
    };
    page(status, &illegal)
}

#[derive(Template)]
#[template(path = "care/illegal_done.html")]
struct Done {
    frame: Frame,
    say: &'static Words,
    code: String,
}

/// `POST /report-illegal`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    match raise(&app, &visitor, &fields).await {
        Ok(code) => {
            let done = Done {
                frame: Frame::new(&app, &visitor, EN.done_title, Here::Elsewhere),
                say: &EN,
                code,
            };
            page(StatusCode::OK, &done)
        }
        Err(refused) => again(&app, &visitor, refused, |refused| {
            form_page(&app, &visitor, fields, Some(refused))
        }),
    }
}

async fn raise(app: &App, visitor: &Visitor, fields: &Fields) -> Result<String, Refused> {
    let kind = Kind::of_word(&fields.kind).ok_or_else(|| Refused::invalid("kind", EN.wrong_kind))?;
    let filing = Filing {
        address: fields.address.clone(),
        kind,
        words: fields.words.clone(),
        limiter: limiter(visitor),
    };
    let code = alarms::raise(app, filing).await?;
    Ok(code.expose().clone())
}

/// The form once more with what is wrong, or the page of an error that no form can mend.
fn again(app: &App, visitor: &Visitor, refused: Refused, form: impl FnOnce(Refused) -> Response) -> Response {
    match refused {
        Refused::Invalid { .. } | Refused::Limited { .. } => form(refused),
        other => error::refuse(app, visitor, &other),
    }
}

/// A code, as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Code {
    code: String,
}

#[derive(Template)]
#[template(path = "care/outcome.html")]
struct OutcomePage {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    /// What it was said to be, where it stands, and by when it is answered.
    outcome: Option<(&'static str, &'static str, Option<String>)>,
}

/// `GET /report-illegal/outcome`
pub async fn ask_outcome(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    outcome_page(&app, &visitor, None, None)
}

fn outcome_page(
    app: &App,
    visitor: &Visitor,
    outcome: Option<Outcome>,
    refused: Option<Refused>,
) -> Response {
    let status = refused.as_ref().map_or(StatusCode::OK, error::status);
    let shown = OutcomePage {
        frame: Frame::with_form(app, visitor, EN.outcome_title, Here::Elsewhere),
        say: &EN,
        trouble: EN.outcome_wrong,
        mistake: refused.map(|refused| Mistake::of(&refused, &[("code", "code")])),
        outcome: outcome.map(|outcome| {
            let waits = matches!(outcome.state, alarms::State::Open);
            let due = outcome.due.filter(|_| waits).map(Day::long);
            (kind_name(outcome.kind), became(outcome), due)
        }),
    };
    page(status, &shown)
}

const fn became(outcome: Outcome) -> &'static str {
    match outcome.state {
        alarms::State::Open => EN.waits,
        alarms::State::Upheld => EN.acted,
        alarms::State::Dismissed => EN.dismissed,
    }
}

/// `POST /report-illegal/outcome`
pub async fn outcome(State(app): State<Arc<App>>, Form(visitor, form): Form<Code>) -> Response {
    match alarms::outcome(&app, &form.code, limiter(&visitor)).await {
        Ok(outcome) => outcome_page(&app, &visitor, Some(outcome), None),
        Err(refused) => again(&app, &visitor, refused, |refused| {
            outcome_page(&app, &visitor, None, Some(refused))
        }),
    }
}
