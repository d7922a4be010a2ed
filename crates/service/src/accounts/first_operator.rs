//! The first operator: whoever holds the one-time link of a server that has none.

use bauta_credentials::token::{self, TokenHash};
use bauta_model::{Role, Secret};
use parking_lot::Mutex;

use crate::{App, Refused};

/// The link's token, in memory alone: a restart makes another one.
#[derive(Default)]
pub(crate) struct FirstOperator(Mutex<Option<TokenHash>>);

impl FirstOperator {
    /// True if `token` is the one that was given out and not used yet.
    pub(crate) fn is(&self, token: &str) -> bool {
        TokenHash::of(token).is_some_and(|given| *self.0.lock() == Some(given))
    }

    /// The link was used.
    pub(crate) fn close(&self) {
        *self.0.lock() = None;
    }
}

/// The path of a link that makes the operator's account, once; nothing where there is an operator already. A link
/// that was given out before is void.
pub async fn first_operator_link(app: &App) -> Result<Option<Secret<String>>, Refused> {
    let there = app
        .store
        .read("find_operator", |conn| {
            bauta_store::accounts::any_with_role(conn, Role::Operator)
        })
        .await?;
    if there {
        return Ok(None);
    }
    let (token, hash) = token::generate();
    *app.first_operator.0.lock() = Some(hash);
    Ok(Some(Secret::new(format!("/join/first/{}", token.expose()))))
}

/// Whether the token of a first operator's link would make an account now.
pub fn first_link_is_good(app: &App, token: &str) -> bool {
    app.first_operator.is(token)
}
