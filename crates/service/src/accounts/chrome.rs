//! What stands around every page of whoever is signed in.

use bauta_model::{Handle, Theme};

use super::{by_id, preferences};
use crate::{App, Refused, Speaker};

/// What the frame of a page needs to know of its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chrome {
    /// Their handle.
    pub handle: Handle,
    /// Colours of the pages.
    pub theme: Theme,
}

/// What stands around the pages of the speaker.
///
/// # Errors
/// [`Refused::NotFound`] for an account that is gone.
pub async fn chrome(app: &App, speaker: &Speaker) -> Result<Chrome, Refused> {
    let card = by_id(app, speaker.account).await?;
    Ok(Chrome {
        handle: card.account.handle.clone(),
        theme: preferences(app, speaker).await?.theme,
    })
}
