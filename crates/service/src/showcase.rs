//! What stands on a profile besides its posts: hashtags and recommended people. Held in memory, since profiles are read
//! by strangers far more often than they change.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::AccountId;
use bauta_store::{Window, keepsakes, tags};
use bauta_timeline::AccountCard;
use parking_lot::Mutex;

use crate::reading::reader;
use crate::{App, Refused, Speaker, accounts};

/// People whom a profile's page shows; the API tells all.
const PEOPLE: usize = 12;
/// Profiles that are held; then all are forgotten.
const HELD: usize = 20_000;

/// What stands on a profile.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Showcase {
    /// Hashtags, by name.
    pub tags: Vec<String>,
    /// Whom it recommends.
    people: Vec<AccountId>,
}

/// The showcases that are held.
#[derive(Default)]
pub(crate) struct Showcases(Mutex<Held>);

#[derive(Default)]
struct Held {
    known: HashMap<AccountId, Arc<Showcase>>,
    /// Grows with every change: what was loaded before one is not held after it.
    version: u64,
}

impl Showcases {
    fn get(&self, of: AccountId) -> Result<Arc<Showcase>, u64> {
        let held = self.0.lock();
        held.known.get(&of).cloned().ok_or(held.version)
    }

    fn put(&self, of: AccountId, version: u64, showcase: &Arc<Showcase>) {
        let mut held = self.0.lock();
        if held.version == version {
            if held.known.len() >= HELD {
                held.known.clear();
            }
            held.known.insert(of, Arc::clone(showcase));
        }
    }

    /// What stands on a profile has changed, or its account is gone.
    pub(crate) fn forget(&self, of: AccountId) {
        let mut held = self.0.lock();
        held.version += 1;
        held.known.remove(&of);
    }
}

/// What stands on the profile of `of`.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn of(app: &App, of: AccountId) -> Result<Arc<Showcase>, Refused> {
    let version = match app.showcases.get(of) {
        Ok(showcase) => return Ok(showcase),
        Err(version) => version,
    };
    let showcase = app
        .store
        .read("showcase", move |conn| {
            Ok::<_, bauta_store::Error>(Showcase {
                tags: tags::featured_names(conn, of)?,
                people: keepsakes::endorsed(conn, of, &Window::first(PEOPLE))?,
            })
        })
        .await?;
    let showcase = Arc::new(showcase);
    app.showcases.put(of, version, &showcase);
    Ok(showcase)
}

/// Whom a profile recommends, without those whom the viewer hides and who are suspended.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn people(
    app: &App,
    viewer: Option<&Speaker>,
    showcase: &Showcase,
) -> Result<Vec<Arc<AccountCard>>, Refused> {
    if showcase.people.is_empty() {
        return Ok(Vec::new());
    }
    let mut cards = accounts::many(app, &showcase.people).await?;
    if let Some(viewer) = viewer {
        let reader = reader(app, viewer.account).await?;
        cards.retain(|card| !reader.hides(card.account.id));
    }
    Ok(cards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_loaded_before_a_change_is_not_held() {
        let (held, of) = (Showcases::default(), AccountId::new(1));
        let old = Arc::new(Showcase::default());
        let version = held.get(of).unwrap_err();
        held.put(of, version, &old);
        assert!(held.get(of).is_ok());
        held.forget(of);
        held.put(of, version, &old);
        assert!(held.get(of).is_err());
    }
}
