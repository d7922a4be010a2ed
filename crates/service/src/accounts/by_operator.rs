//! What the operator does at the command line: accounts, and tokens for scripts.

use std::sync::Arc;

use bauta_credentials::{Lane, passphrase};
use bauta_model::{Account, Handle, Hold, KeyholderId, Role, Secret};
use bauta_store::sessions::Owner;

use super::sessions::begin;
use super::sign_up::{Made, blank, write};
use crate::{App, Refused, Scopes, SessionKind};

/// Makes an account with a passphrase of seven words, which is shown once.
pub async fn create_by_operator(
    app: &App,
    handle: &Handle,
    role: Role,
) -> Result<(Account, Secret<String>), Refused> {
    let passphrase = passphrase::generate();
    let hash = app.hasher.hash(&passphrase, Lane::Session).await?;
    let account = blank(handle.clone(), role, app.clock.month());
    let made = Made {
        account: account.clone(),
        keyholder: KeyholderId::random(),
        hash,
        code_hashes: Vec::new(),
        session: None,
        hold: Hold::AtOnce,
    };
    let (accounts, id) = (Arc::clone(&app.accounts), account.id);
    app.store
        .write_then(
            "create_account",
            move |conn| write(conn, &made),
            move |()| accounts.invalidate(id),
        )
        .await?;
    Ok((account, passphrase))
}

/// Makes a token for scripts. The account sees it among its sessions as made by the operator.
pub async fn token_by_operator(
    app: &App,
    handle: &Handle,
    scopes: &Scopes,
) -> Result<Secret<String>, Refused> {
    let account = super::by_handle(app, handle).await?.account.id;
    let owner = Owner {
        account,
        keyholder: None,
    };
    let (session, token) = begin(Some(owner), None, SessionKind::Operator, scopes, None);
    app.store
        .write("make_token", move |conn| {
            bauta_store::sessions::insert(conn, &session)
        })
        .await?;
    Ok(token)
}
