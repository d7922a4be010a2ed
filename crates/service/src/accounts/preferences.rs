//! What an account's owner prefers.

use bauta_model::Preferences;

use crate::{App, Refused, Speaker};

/// The speaker's preferences.
pub async fn preferences(app: &App, speaker: &Speaker) -> Result<Preferences, Refused> {
    let account = speaker.account;
    Ok(app
        .store
        .read("preferences", move |conn| {
            bauta_store::accounts::preferences(conn, account)
        })
        .await?)
}

/// Sets the speaker's preferences.
///
/// # Errors
/// [`Refused::Invalid`] for what is no language code.
pub async fn set_preferences(app: &App, speaker: &Speaker, wanted: Preferences) -> Result<(), Refused> {
    if let Some(language) = &wanted.default_language
        && !is_language(language)
    {
        return Err(Refused::invalid(
            "language",
            "This is no language code of ISO 639.",
        ));
    }
    let account = speaker.account;
    app.store
        .write("set_preferences", move |conn| {
            bauta_store::accounts::set_preferences(conn, account, &wanted)
        })
        .await?;
    Ok(())
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
    use super::is_language;

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
