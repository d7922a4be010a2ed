//! The pages of the steps.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::{Door, Hold, Secret};
use bauta_service::{App, Registrations};

use super::Fields;
use crate::frame::{Frame, Here, page};
use crate::pages::account::form::{NewPassphrase, Problems};
use crate::visitor::Visitor;
use crate::words_account::TEXT;

fn frame(app: &App, visitor: &Visitor, title: &'static str) -> Frame {
    Frame::with_form(app, visitor, title, Here::SignUp)
}

#[derive(Template)]
#[template(path = "account/join_name.html")]
struct Name<'a> {
    frame: Frame,
    problems: Problems,
    fields: &'a Fields,
    ask_invite: bool,
    /// There is a waiting room, and nothing leads past it.
    waits: bool,
}

/// Step 1: a name, and the invite where one is needed.
pub fn name(app: &App, visitor: &Visitor, fields: &Fields, problems: Problems) -> Response {
    let template = Name {
        frame: frame(app, visitor, TEXT.join_step_1),
        waits: app.site.registrations == Registrations::Approval
            && fields.first.is_empty()
            && fields.invite.is_empty(),
        ask_invite: app.site.registrations == Registrations::Invite && fields.first.is_empty(),
        fields,
        problems,
    };
    page(template.problems.status(), &template)
}

#[derive(Template)]
#[template(path = "account/join_words.html")]
struct Offer<'a> {
    frame: Frame,
    problems: Problems,
    fields: &'a Fields,
    words: &'a NewPassphrase,
}

/// Step 2: seven words, or an own passphrase.
pub fn words(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    words: &NewPassphrase,
    problems: Problems,
) -> Response {
    let template = Offer {
        frame: frame(app, visitor, TEXT.join_step_2),
        problems,
        fields,
        words,
    };
    page(template.problems.status(), &template)
}

#[derive(Template)]
#[template(path = "account/join_ask.html")]
struct AskBack<'a> {
    frame: Frame,
    problems: Problems,
    fields: &'a Fields,
    places: (usize, usize),
}

/// Step 2, its second half: two of the words are asked back.
pub fn ask_back(app: &App, visitor: &Visitor, fields: &Fields, problems: Problems) -> Response {
    let template = AskBack {
        frame: frame(app, visitor, TEXT.join_step_2),
        places: if fields.places.is_empty() {
            some_places()
        } else {
            places(&fields.places)
        },
        problems,
        fields,
    };
    page(template.problems.status(), &template)
}

#[derive(Template)]
#[template(path = "account/join_codes.html")]
struct Codes<'a> {
    frame: Frame,
    fields: &'a Fields,
}

/// Step 3: codes are offered.
pub fn codes(app: &App, visitor: &Visitor, fields: &Fields) -> Response {
    let template = Codes {
        frame: frame(app, visitor, TEXT.join_step_3),
        fields,
    };
    page(StatusCode::OK, &template)
}

#[derive(Template)]
#[template(path = "account/join_know.html")]
struct Know<'a> {
    frame: Frame,
    problems: Problems,
    fields: &'a Fields,
    holds: Vec<crate::holds::Choice>,
    came: Option<&'static str>,
}

/// Step 4: four lines, and how the person came here.
pub fn know(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    door: Option<Door>,
    problems: Problems,
) -> Response {
    let template = Know {
        frame: frame(app, visitor, TEXT.join_step_4),
        holds: crate::holds::choices(Hold::from_api(&fields.hold).unwrap_or_default()),
        came: door.map(|door| match door {
            Door::Onion => TEXT.join_came_onion,
            Door::Clearnet => TEXT.join_came_web,
        }),
        problems,
        fields,
    };
    page(template.problems.status(), &template)
}

#[derive(Template)]
#[template(path = "account/join_done.html")]
struct Done<'a> {
    frame: Frame,
    codes: &'a [Secret<String>],
}

/// The account is there: its codes, once.
pub fn done(app: &App, person: &Visitor, codes: &[Secret<String>]) -> Response {
    let template = Done {
        frame: Frame::new(app, person, TEXT.join_done_title, Here::Elsewhere),
        codes,
    };
    page(StatusCode::OK, &template)
}

/// Words of a passphrase that we made.
const WORDS: usize = 7;

/// Two places out of seven, the lower one first.
fn some_places() -> (usize, usize) {
    let random = getrandom::u32().unwrap_or_default() as usize;
    let (a, step) = (random % WORDS, 1 + random / WORDS % (WORDS - 1));
    let b = (a + step) % WORDS;
    (a.min(b) + 1, a.max(b) + 1)
}

/// Reads the places that the form carries. They are a help against a slip, not a lock: a person who forges them
/// cheats themselves.
pub fn places(text: &str) -> (usize, usize) {
    let place = |text: &str| text.parse().ok().filter(|place| (1..=WORDS).contains(place));
    text.split_once(',')
        .and_then(|(a, b)| Some((place(a)?, place(b)?)))
        .unwrap_or((1, WORDS))
}

/// True if `typed` is the word at `place`, counted from one.
pub fn is_word(passphrase: &str, place: usize, typed: &str) -> bool {
    passphrase
        .split_whitespace()
        .nth(place - 1)
        .is_some_and(|word| word.eq_ignore_ascii_case(typed.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_words_are_asked_back() {
        for _ in 0..200 {
            let (a, b) = some_places();
            assert!(a < b && (1..=WORDS).contains(&a) && b <= WORDS);
        }
        assert_eq!(places("2,5"), (2, 5));
        assert_eq!(places("0,9"), (1, 7));
        assert!(is_word("one two three", 2, " Two "));
        assert!(!is_word("one two three", 2, "three") && !is_word("one", 7, ""));
    }
}
