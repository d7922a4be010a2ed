//! What the forms of these pages share: problems beside their fields, a way back that stays on this server, and a new
//! passphrase.

use axum::http::StatusCode;
use bauta_model::{LimiterKey, Secret};
use bauta_service::{Refused, accounts};

use crate::error;
use crate::visitor::Visitor;
use crate::words_account::TEXT;

/// What is wrong with what was typed: a sentence on top of the form, linked to its field.
#[derive(Default)]
pub struct Problems(Option<(&'static str, String)>);

impl Problems {
    /// Nothing is wrong.
    pub const fn none() -> Self {
        Self(None)
    }

    /// A problem of `field`; of the whole form, if that is empty.
    pub fn at(field: &'static str, why: impl Into<String>) -> Self {
        Self(Some((field, why.into())))
    }

    /// A refusal that a form can show, and its status. `passphrase` names the field of the passphrase that was asked
    /// for, and says what a wrong one means.
    ///
    /// # Errors
    /// The refusal, if only a page of its own can show it.
    pub fn of(
        refused: Refused,
        passphrase: (&'static str, &'static str),
    ) -> Result<(StatusCode, Self), Refused> {
        let problems = match &refused {
            Refused::Invalid { field, why } => Self::at(field, why.as_str()),
            Refused::WrongPassphrase => Self::at(passphrase.0, passphrase.1),
            Refused::Forbidden(why) => Self::at("", *why),
            Refused::Limited { .. } | Refused::Busy => Self::at("", refused.to_string()),
            _ => return Err(refused),
        };
        let status = match &refused {
            Refused::WrongPassphrase => StatusCode::UNPROCESSABLE_ENTITY,
            _ => error::status(&refused),
        };
        Ok((status, problems))
    }

    /// The problem, for the top of the form.
    pub fn shown(&self) -> Option<(&'static str, &str)> {
        self.0.as_ref().map(|(field, why)| (*field, why.as_str()))
    }

    /// The attribute of a field that is wrong.
    pub fn mark(&self, field: &str) -> &'static str {
        match &self.0 {
            Some((wrong, _)) if *wrong == field => " aria-invalid=\"true\"",
            _ => "",
        }
    }

    /// The status of the page.
    pub fn status(&self) -> StatusCode {
        if self.0.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// What stands for the visitor's neighbourhood. Without an edge in front, all share one.
pub fn limiter(visitor: &Visitor) -> LimiterKey {
    visitor.limiter.unwrap_or(LimiterKey::new([0; 16]))
}

/// The longest path that a form leads back to: an app's request to be let in, with its state.
const LONGEST_BACK: usize = 8192;

/// `text` if it is a path of this server, else its front page: no form of ours leads to another site.
pub fn local_path(text: &str) -> &str {
    let mut bytes = text.bytes();
    // Browsers take a backslash for a slash, and two slashes for the beginning of another server's name.
    let ours = bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && text.len() <= LONGEST_BACK
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if ours { text } else { "/" }
}

/// A new passphrase, as the form offers it: seven words, or one of the person's own in their place.
pub struct NewPassphrase {
    proposed: Secret<String>,
}

impl NewPassphrase {
    /// Fresh words.
    pub fn fresh() -> Self {
        Self {
            proposed: accounts::sign_up::propose(),
        }
    }

    /// The words that were offered before; fresh ones, if none were.
    pub fn again(proposed: String) -> Self {
        if proposed.split_whitespace().count() < 2 {
            return Self::fresh();
        }
        Self {
            proposed: Secret::new(proposed),
        }
    }

    /// The words as they travel with the form.
    pub fn proposed(&self) -> &str {
        self.proposed.expose()
    }

    /// The words, one by one.
    pub fn list(&self) -> impl Iterator<Item = &str> {
        self.proposed.expose().split_whitespace()
    }

    /// What the person chose.
    pub fn chosen(&self, own: String, again: &str) -> Result<Secret<String>, Problems> {
        let own = Secret::new(own);
        if own.expose().is_empty() && again.is_empty() {
            return Ok(Secret::new(self.proposed.expose().clone()));
        }
        if own.is(again.as_bytes()) {
            Ok(own)
        } else {
            Err(Problems::at("passphrase", TEXT.join_not_same))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_way_back_stays_here() {
        assert_eq!(
            local_path("/oauth/authorize?a=b&c=%20"),
            "/oauth/authorize?a=b&c=%20"
        );
        for elsewhere in [
            "",
            "a",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/\t/evil.example",
            "/ä",
        ] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere}");
        }
    }

    proptest! {
        #[test]
        fn no_way_back_leads_to_another_site(text in "[/\\\\a-z:.@?#\t\n ]{0,12}") {
            let base = url::Url::parse("https://here.example/sign-in").unwrap();
            let target = base.join(local_path(&text)).unwrap();
            prop_assert_eq!(target.origin(), base.origin());
        }
    }
}
