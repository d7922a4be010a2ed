//! Flipping one bit of a copy of the record, and seeing the check fail.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{Demo, Known};
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::visitor::Visitor;
use crate::words_demo::{EN, Words};

/// What of the copy is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flip {
    /// Nothing.
    #[default]
    Nothing,
    /// A leaf, in its bundle of entries.
    Entries,
    /// A hash of the tree.
    Tile,
    /// What opens an entry.
    Opening,
    /// The newest checkpoint.
    Checkpoint,
    /// A file of the report.
    Report,
}

impl Flip {
    /// Each with the word of the form, and what it is called.
    pub const WORDS: [(Self, &'static str, &'static str); 6] = [
        (Self::Nothing, "nothing", EN.check_nothing),
        (Self::Entries, "entries", EN.check_entries),
        (Self::Tile, "tile", EN.check_tile),
        (Self::Opening, "opening", EN.check_opening),
        (Self::Checkpoint, "checkpoint", EN.check_checkpoint),
        (Self::Report, "report", EN.check_report),
    ];
}

/// Which bit was flipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flipped {
    /// The file, below the copy.
    pub path: String,
    /// Which of its bytes, from 0.
    pub byte: usize,
    /// Which of the bits of that byte, from 0.
    pub bit: u8,
    /// The byte before.
    pub before: u8,
    /// The byte after.
    pub after: u8,
}

/// What the check says of the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The bit, where one was flipped.
    pub flipped: Option<Flipped>,
    /// The exit status.
    pub status: u8,
    /// Its lines.
    pub lines: Vec<String>,
}

/// A choice of the form.
struct Choice {
    word: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "demo/check.html")]
struct Page<'a> {
    frame: Frame,
    say: &'static Words,
    choices: Vec<Choice>,
    checked: Option<Checked>,
    by_hand: &'a [String],
    receipt: &'a str,
}

/// `GET /demo/check`
pub async fn ask(State(app): State<Arc<App>>, Extension(demo): Known, visitor: Visitor) -> Response {
    show(&app, &demo, &visitor, Flip::Entries, None)
}

fn show(app: &App, demo: &Demo, visitor: &Visitor, chosen: Flip, checked: Option<Checked>) -> Response {
    let choice = |(flip, word, name)| Choice {
        word,
        name,
        chosen: flip == chosen,
    };
    let template = Page {
        frame: Frame::with_form(app, visitor, EN.check, Here::Elsewhere),
        say: &EN,
        choices: Flip::WORDS.into_iter().map(choice).collect(),
        checked,
        by_hand: &demo.by_hand,
        receipt: &demo.receipt,
    };
    page(StatusCode::OK, &template)
}

/// The form.
#[derive(Deserialize)]
pub struct Fields {
    flip: Flip,
}

/// `POST /demo/check`
pub async fn run(
    State(app): State<Arc<App>>,
    Extension(demo): Known,
    Form(visitor, fields): Form<Fields>,
) -> Response {
    let (work, flip) = (Arc::clone(&demo), fields.flip);
    let checked = tokio::task::spawn_blocking(move || (work.check)(flip)).await;
    match checked {
        Ok(Ok(checked)) => show(&app, &demo, &visitor, flip, Some(checked)),
        Ok(Err(why)) => error::refuse(&app, &visitor, &Refused::invalid("flip", why)),
        Err(_) => error::bare(&app, &visitor, StatusCode::INTERNAL_SERVER_ERROR),
    }
}
