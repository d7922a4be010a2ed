//! The server's account at the authority: a key, and no address to write to.

use std::io;

use bauta_outbound::Client;
use instant_acme::{Account, AccountCredentials, NewAccount};
use url::Url;

use crate::errand::Error;
use crate::files::Folder;
use crate::wire::Wire;

/// The account that is kept for `directory`; made where there is none, or one of another authority.
pub(crate) async fn open(folder: &Folder, directory: &Url, client: &Client) -> Result<Account, Error> {
    let builder = || Account::builder_with_http(Box::new(Wire(client.clone())));
    if let Some(kept) = kept(folder, directory)? {
        return Ok(builder().from_credentials(kept).await?);
    }
    let wanted = NewAccount {
        contact: &[],
        terms_of_service_agreed: true,
        only_return_existing: false,
    };
    let (account, credentials) = builder().create(&wanted, directory.to_string(), None).await?;
    let written = serde_json::to_vec(&credentials).map_err(io::Error::other)?;
    folder.replace(&folder.account(), &written)?;
    Ok(account)
}

fn kept(folder: &Folder, directory: &Url) -> Result<Option<AccountCredentials>, Error> {
    let text = match std::fs::read(folder.account()) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&text) else {
        return Ok(None);
    };
    if value["directory"] != directory.as_str() {
        return Ok(None);
    }
    Ok(serde_json::from_value(value).ok())
}
