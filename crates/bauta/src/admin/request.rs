//! What can be asked through `admin.sock`, and how it is done.

use std::path::PathBuf;
use std::sync::Arc;

use bauta_model::{Handle, Role};
use bauta_service::{App, Scopes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::keys;

/// Something that needs the data.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Request {
    /// Makes an account.
    AccountCreate {
        /// Its handle.
        handle: String,
        /// [`Role::code`].
        role: i16,
        /// A duty at the legal desk.
        #[serde(default)]
        duty: Option<String>,
    },
    /// Something at the legal desk.
    Desk {
        /// Which officer acts; else the operator at the machine.
        officer: Option<String>,
        /// What.
        asked: Box<bauta_desk::Command>,
    },
    /// Something about other servers.
    Peers {
        /// What.
        asked: super::Peers,
    },
    /// Something about small pictures with a name.
    Emoji {
        /// What.
        asked: super::Emoji,
    },
    /// Makes an access token that its account sees as "made by the operator".
    Token {
        /// The account.
        handle: String,
        /// Mastodon's words.
        scopes: String,
    },
    /// Mints invites.
    Invite {
        /// How many.
        count: u32,
    },
    /// Compares the inventory with the live database.
    InventoryCheck,
    /// Lists what is held about an account.
    Holdings {
        /// The account.
        handle: String,
    },
    /// Writes an encrypted backup.
    Backup {
        /// `age` public keys.
        recipients: Vec<String>,
        /// The file, as an absolute path.
        out: PathBuf,
    },
    /// Opens the keys of a server that waits for them.
    Unseal {
        /// The root, as it was written down.
        root: String,
    },
    /// Tells what a running server sees of its surroundings.
    Surroundings,
}

/// Does what was asked.
pub async fn handle(app: &Arc<App>, request: Request) -> Outcome<Value> {
    match request {
        Request::AccountCreate { handle, role, duty } => {
            let duties = duty
                .map(|word| {
                    bauta_desk::Duties::from_word(&word).ok_or_else(|| Failure::new("there is no such duty"))
                })
                .transpose()?;
            let role = Role::from_code(role).ok_or_else(|| Failure::new("there is no such role"))?;
            let (account, passphrase) =
                bauta_service::accounts::create_by_operator(app, &parse(&handle)?, role).await?;
            if let Some(duties) = duties {
                app.desk.set_duties(account.handle.as_str(), duties).await?;
            }
            Ok(json!({"handle": account.handle.as_str(), "passphrase": passphrase.expose()}))
        }
        Request::Token { handle, scopes } => {
            let scopes = Scopes::parse(&scopes).ok_or_else(|| {
                Failure::new("there is no such scope; write them as in \"read write follow push\"")
            })?;
            let token = bauta_service::accounts::token_by_operator(app, &parse(&handle)?, &scopes).await?;
            Ok(json!({"handle": handle, "scopes": scopes.to_string(), "token": token.expose()}))
        }
        Request::Invite { count } => {
            let codes = bauta_service::accounts::invites::mint_by_operator(app, count).await?;
            let links: Vec<Value> = codes
                .iter()
                .map(|code| {
                    json!({"code": code.expose(), "link": format!("{}/join/{}", app.site.base_url, code.expose())})
                })
                .collect();
            Ok(json!(links))
        }
        Request::InventoryCheck => {
            app.store.check(app.inventory).await?;
            Ok(json!({"ok": true, "inventory": app.inventory.hash()}))
        }
        Request::Holdings { handle } => {
            let lines = bauta_service::accounts::holdings::by_operator(app, &parse(&handle)?).await?;
            Ok(serde_json::to_value(&lines).unwrap_or_default())
        }
        Request::Desk { officer, asked } => {
            let officer = match officer {
                Some(handle) => app.desk.officer_named(&handle).await?,
                None => bauta_desk::Officer::at_the_machine(),
            };
            Ok(app.desk.run(&officer, *asked).await?)
        }
        Request::Emoji { asked } => super::emoji::handle(app, asked).await,
        Request::Peers { asked } => super::peers::handle(app, asked).await,
        Request::Backup { recipients, out } => crate::commands::backup::write(app, &recipients, &out).await,
        Request::Unseal { .. } => {
            let keyring = app.store.keyring();
            let keyring = keyring.ok_or_else(|| Failure::new("nothing is sealed here: see bauta seal"))?;
            Ok(keys::opened_with(keyring))
        }
        Request::Surroundings => Ok(json!({ "proxy_seen": bauta_edge::proxy_seen() })),
    }
}

fn parse(handle: &str) -> Outcome<Handle> {
    Handle::parse(handle).map_err(|error| Failure::new(format!("{handle}: {error}")))
}
