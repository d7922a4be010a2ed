//! The leak check: before publishing, the author sees what could identify them or somebody else, and is asked again.

use bauta_text::leaks::{self, Find};

use crate::{App, Refused, SessionKind, Speaker};

/// What the leak check found: the cleaned text, and the places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The text as it would be published.
    pub text: String,
    /// What was found in it, in order.
    pub finds: Vec<Find>,
}

impl Leak {
    /// One sentence for apps, which can only show a text.
    pub fn sentence(&self) -> String {
        let first = self.finds.first().map_or("", |find| find.kind.sentence());
        format!(
            "{first} It could identify somebody. Nothing was published; send the same text again to publish it."
        )
    }
}

/// Refuses a post whose parts (text, warning, options of a poll) carry something that identifies a person, unless its
/// author has seen that.
///
/// The pages ask again and say so (`confirmed`); an app says so by sending the same text again within ten minutes.
/// Programs publish what they are made for: accounts that are marked as bots are not asked.
pub(super) fn check(
    app: &App,
    speaker: &Speaker,
    bot: bool,
    parts: &[&str],
    confirmed: bool,
) -> Result<(), Refused> {
    if bot || confirmed {
        return Ok(());
    }
    let whole = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    let finds = leaks::find(&whole);
    if finds.iter().all(|find| find.kind.is_warning()) {
        return Ok(());
    }
    if speaker.kind != SessionKind::Web {
        if app.confirmations.take(speaker.account, &whole) {
            return Ok(());
        }
        app.confirmations.remember(speaker.account, &whole);
    }
    Err(Refused::Leak(Leak { text: whole, finds }))
}
