//! Accounts as moderators look for them: by how they stand, by the beginning of a handle. Suspended ones are among them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::{AccountId, Standing};
use bauta_service::moderation::{self, Found, Listing};
use bauta_service::{App, Refused};

use super::{moderator, standing};
use crate::ask::{Ask, encode};
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::care::{older, window};
use crate::visitor::Visitor;
use crate::words_care::{EN, Words};

/// What the list can show: the value of `show`, and its name.
const LISTS: [(&str, &str); 4] = [
    ("", EN.list_all),
    ("limited", EN.list_limited),
    ("suspended", EN.list_suspended),
    ("staff", EN.list_staff),
];

struct Line {
    handle: String,
    name: String,
    standing: &'static str,
}

#[derive(Template)]
#[template(path = "care/accounts.html")]
struct People {
    frame: Frame,
    say: &'static Words,
    lists: [(&'static str, &'static str); 4],
    show: String,
    query: String,
    lines: Vec<Line>,
    /// The address of the list's next part.
    older: Option<String>,
}

/// `GET /moderation/people`, with `q` and `show`
pub async fn people(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    error::answer(&app, &visitor, people_page(&app, &visitor, &ask).await)
}

async fn people_page(app: &App, visitor: &Visitor, ask: &Ask) -> Result<Response, Refused> {
    let speaker = moderator(visitor)?;
    let (show, query) = (ask.text("show"), ask.text("q").trim());
    let handle = query.trim_start_matches('@');
    let listing = Listing {
        standing: match show {
            "limited" => Some(Standing::Limited),
            "suspended" => Some(Standing::Suspended),
            _ => None,
        },
        handle: (!handle.is_empty()).then(|| handle.to_owned()),
        staff: show == "staff",
        waiting: false,
    };
    let found = moderation::people(app, speaker, listing, window::<AccountId>(ask)?).await?;
    let people = People {
        frame: Frame::new(app, visitor, EN.accounts, Here::Moderation),
        say: &EN,
        lists: LISTS,
        show: show.to_owned(),
        query: query.to_owned(),
        lines: found.items.iter().map(line).collect(),
        older: older(&found).map(|id| format!("?max_id={id}&show={}&q={}", encode(show), encode(query))),
    };
    Ok(page(StatusCode::OK, &people))
}

fn line(card: &Found) -> Line {
    Line {
        handle: card.account.handle.as_str().to_owned(),
        name: card.account.name().to_owned(),
        standing: standing(card.account.standing),
    }
}
