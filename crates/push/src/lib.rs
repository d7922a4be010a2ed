//! Web push: what leaves to push services. What is sent, and to whom, is decided in service.
//!
//! A message is encrypted for the app (RFC 8291), so that the push service reads nothing of it, and signed with the
//! server's key (RFC 8292). It says that there is something to be read, and goes out at the beginning of a slot.

mod key;
mod message;
mod seal;
mod send;

use std::path::Path;
use std::sync::Arc;

use bauta_outbound::{Client, Options};
use bauta_service::App;
use bauta_service::push::Door;
use url::Url;

pub use key::KeyError;

/// Begins to wake apps: makes the key if there is none, and sends from the next slot on. Needs a runtime; ends with it.
///
/// # Errors
/// [`KeyError`] where the key can't be read or made.
pub fn start(app: &Arc<App>, key_file: &Path, options: &Options) -> Result<(), KeyError> {
    let key = key::Key::open(key_file)?;
    let client = Client::new(options).map_err(|error| KeyError::Client(error.to_string()))?;
    let (asks, local) = (client.clone(), options.local);
    app.pushes.open(Door {
        public_key: key.public().to_owned(),
        takes: Box::new(move |endpoint| {
            let url = Url::parse(endpoint).ok();
            url.is_some_and(|url| (local || url.scheme() == "https") && asks.may_ask(&url))
        }),
    });
    send::start(Arc::clone(app), client, key);
    Ok(())
}
