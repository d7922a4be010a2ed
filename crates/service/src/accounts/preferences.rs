//! What an account's owner prefers. Asked with every post, so what was read last is held in memory.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{AccountId, Preferences};
use parking_lot::Mutex;

use crate::{App, Refused, Speaker};

/// The speaker's preferences.
pub async fn preferences(app: &App, speaker: &Speaker) -> Result<Preferences, Refused> {
    let account = speaker.account;
    let generation = match app.preferences.get(account) {
        Ok(held) => return Ok(held),
        Err(generation) => generation,
    };
    let found = app
        .store
        .read("preferences", move |conn| {
            bauta_store::accounts::preferences(conn, account)
        })
        .await?;
    app.preferences.hold(generation, account, &found);
    Ok(found)
}

/// Sets the speaker's preferences.
///
/// # Errors
/// [`Refused::Invalid`] for what is no language code.
pub async fn set_preferences(app: &App, speaker: &Speaker, wanted: Preferences) -> Result<(), Refused> {
    speaker.speaks()?;
    check_preferences(&wanted)?;
    let account = speaker.account;
    let held = Arc::clone(&app.preferences);
    app.store
        .write_then(
            "set_preferences",
            move |conn| bauta_store::accounts::set_preferences(conn, account, &wanted),
            move |()| held.forget(account),
        )
        .await?;
    Ok(())
}

/// Accounts whose preferences are held. Beyond it, all go.
const MOST: usize = 4096;

/// Preferences that were asked for, until they change.
#[derive(Default)]
pub(crate) struct PreferencesCache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// Grows with each change: an answer from before it is not held.
    generation: u64,
    held: HashMap<AccountId, Preferences>,
}

impl PreferencesCache {
    /// What is held, or the generation to give back with what is read.
    fn get(&self, account: AccountId) -> Result<Preferences, u64> {
        let inner = self.0.lock();
        inner.held.get(&account).cloned().ok_or(inner.generation)
    }

    fn hold(&self, generation: u64, account: AccountId, preferences: &Preferences) {
        let mut inner = self.0.lock();
        if inner.generation != generation {
            return;
        }
        if inner.held.len() >= MOST {
            inner.held.clear();
        }
        inner.held.insert(account, preferences.clone());
    }

    /// They changed, or the account is gone.
    pub(crate) fn forget(&self, account: AccountId) {
        let mut inner = self.0.lock();
        inner.generation += 1;
        inner.held.remove(&account);
    }
}

/// Judges preferences before anything is written.
///
/// # Errors
/// As [`set_preferences`].
pub fn check_preferences(wanted: &Preferences) -> Result<(), Refused> {
    match &wanted.default_language {
        Some(language) if !is_language(language) => Err(Refused::invalid(
            "language",
            "This is no language code of ISO 639.",
        )),
        _ => Ok(()),
    }
}

/// `en`, `tok`, `pt-BR`: two or three letters, and a region or script after a hyphen.
pub(crate) fn is_language(code: &str) -> bool {
    let (language, rest) = code
        .split_once('-')
        .map_or((code, None), |(language, rest)| (language, Some(rest)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && rest.is_none_or(|rest| {
            (2..=4).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::new(1);

    fn sensitive() -> Preferences {
        Preferences {
            default_sensitive: true,
            ..Preferences::default()
        }
    }

    #[test]
    fn what_was_read_before_a_change_is_not_held() {
        let cache = PreferencesCache::default();
        let before = cache.get(ALICE).unwrap_err();
        cache.forget(ALICE);
        cache.hold(before, ALICE, &sensitive());
        let after = cache.get(ALICE).unwrap_err();
        cache.hold(after, ALICE, &sensitive());
        assert!(cache.get(ALICE).unwrap().default_sensitive);
        cache.forget(ALICE);
        assert!(cache.get(ALICE).is_err());
    }

    #[test]
    fn the_cache_does_not_grow_without_end() {
        let cache = PreferencesCache::default();
        for id in 0..3 * MOST as i64 {
            cache.hold(0, AccountId::new(id), &sensitive());
            assert!(cache.0.lock().held.len() <= MOST);
        }
    }

    #[test]
    fn a_language_is_a_code_and_not_a_text() {
        assert!(["en", "tok", "pt-BR", "zh-Hant"].into_iter().all(is_language));
        assert!(
            ["", "e", "EN", "english", "en-", "en_US", "en-<b>"]
                .into_iter()
                .all(|code| !is_language(code))
        );
    }
}
