//! What a person keeps about one other: a note, lists, a recommendation.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{AccountId, ListId};
use bauta_service::{App, Refused, Speaker, keepsakes, lists, relations};

use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::account::Problems;
use crate::pages::profile::account_at;
use crate::visitor::Visitor;
use crate::words_account::TEXT;
use crate::words_circles::{EN, Words};

#[derive(Template)]
#[template(path = "circles/keep.html")]
struct Keep {
    frame: Frame,
    say: &'static Words,
    problems: Problems,
    handle: String,
    follows: bool,
    note: String,
    endorsed: bool,
    /// Number, name, whether they are in it.
    lists: Vec<(ListId, String, bool)>,
}

/// `GET /@handle/keep`
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, Path(name): Path<String>) -> Response {
    let made = show(&app, &visitor, &name, None, Problems::none()).await;
    error::answer(&app, &visitor, made)
}

async fn show(
    app: &App,
    visitor: &Visitor,
    name: &str,
    note: Option<String>,
    problems: Problems,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let account = match account_at(app, name, "/keep").await? {
        Ok(card) => Arc::clone(&card.account),
        Err(elsewhere) => return Ok(elsewhere),
    };
    let kept = keepsakes::about(app, speaker, &[account.id]).await?;
    let kept = kept.get(&account.id).cloned().unwrap_or_default();
    let within: Vec<ListId> = lists::containing(app, speaker, account.id)
        .await?
        .iter()
        .map(|list| list.id)
        .collect();
    let all = lists::all(app, speaker).await?;
    let keep = Keep {
        frame: Frame::new(
            app,
            visitor,
            format!("{} @{}", EN.keep_title, account.handle),
            Here::Elsewhere,
        ),
        say: &EN,
        handle: account.handle.to_string(),
        follows: relations::relationship(app, speaker, account.id).await?.follows,
        note: note.unwrap_or(kept.note),
        endorsed: kept.endorsed,
        lists: all
            .into_iter()
            .map(|list| (list.id, list.title, within.contains(&list.id)))
            .collect(),
        problems,
    };
    Ok(page(keep.problems.status(), &keep))
}

/// `POST /@handle/keep`: `note`, `endorse`, and `list_ID` for each list that the person is to be in.
pub async fn send(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(visitor, fields): Form<HashMap<String, String>>,
) -> Response {
    error::answer(&app, &visitor, sent(&app, &visitor, &name, &fields).await)
}

async fn sent(
    app: &App,
    visitor: &Visitor,
    name: &str,
    fields: &HashMap<String, String>,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let Ok(card) = account_at(app, name, "").await? else {
        return Err(Refused::NotFound);
    };
    match settle(app, speaker, card.account.id, fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/@{}", card.account.handle)).into_response()),
        Err(refused) => {
            let (_, problems) = Problems::of(refused, ("", ""))?;
            show(app, visitor, name, fields.get("note").cloned(), problems).await
        }
    }
}

async fn settle(
    app: &App,
    speaker: &Speaker,
    of: AccountId,
    fields: &HashMap<String, String>,
) -> Result<(), Refused> {
    let note = fields.get("note").map_or("", String::as_str);
    keepsakes::note(app, speaker, of, note).await?;
    if !relations::relationship(app, speaker, of).await?.follows {
        return Ok(());
    }
    if fields.contains_key("endorse") {
        keepsakes::endorse(app, speaker, of).await?;
    } else {
        keepsakes::unendorse(app, speaker, of).await?;
    }
    let within = lists::containing(app, speaker, of).await?;
    for list in lists::all(app, speaker).await? {
        let wanted = fields.contains_key(&format!("list_{}", list.id));
        let is_in = within.contains(&list);
        if wanted && !is_in {
            lists::add(app, speaker, list.id, vec![of]).await?;
        } else if is_in && !wanted {
            lists::remove(app, speaker, list.id, vec![of]).await?;
        }
    }
    Ok(())
}
