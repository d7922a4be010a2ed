//! Several people behind one account: who they are to each other, coming and going.

mod come;
mod decide;
mod leave;
mod people;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_model::{Duties, Duty};
use bauta_service::App;

use crate::words_group::EN;

/// Routes of these pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/keyholders", get(people::list))
        .route("/settings/keyholders/word", post(people::word))
        .route("/settings/keyholders/invite", post(people::invite))
        .route("/settings/keyholders/void", post(people::void))
        .route("/settings/keyholders/decide", post(decide::decide))
        .route(
            "/settings/keyholders/propose",
            get(decide::ask).post(decide::send),
        )
        .route("/settings/keyholders/leave", get(leave::ask).post(leave::send))
        .route("/join/with", get(come::ask).post(come::send))
        .route("/join/with/{code}", get(come::ask_with_code))
}

/// What somebody does, in words.
fn in_words(duties: Duties) -> String {
    let words: Vec<_> = Duty::ALL
        .into_iter()
        .filter(|duty| duties.has(*duty))
        .map(|duty| match duty {
            Duty::Speak => EN.speaks,
            Duty::Answer => EN.answers,
            Duty::Manage => EN.manages,
        })
        .collect();
    if words.is_empty() {
        EN.reads.to_owned()
    } else {
        words.join(", ")
    }
}

/// The boxes of a form that were ticked.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Ticked {
    speak: String,
    answer: String,
    manage: String,
}

impl Ticked {
    fn duties(&self) -> Duties {
        let boxes = [
            (&self.speak, Duty::Speak),
            (&self.answer, Duty::Answer),
            (&self.manage, Duty::Manage),
        ];
        boxes
            .into_iter()
            .filter(|(ticked, _)| !ticked.is_empty())
            .fold(Duties::NONE, |all, (_, duty)| all.with(duty))
    }
}
