//! What a form of the composer holds, and the draft that it makes.

use bauta_model::{Hold, QuotePolicy, ReplyPolicy, Visibility};
use bauta_service::posts::Draft;
use bauta_service::posts::aside::When;
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{aside, scheduled};
use crate::words_speaking::EN;

/// What somebody typed and chose. It wanders between the composer and the leak check in forms alone: the server keeps
/// nothing of it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// As typed.
    pub text: String,
    /// The content warning, as typed.
    pub warning: String,
    /// Mastodon's word for who sees it.
    pub visibility: String,
    /// ISO 639 code, or nothing.
    pub language: String,
    /// Anything, if long links shall be short.
    pub shorten: String,
    /// Anything, if its pictures shall be hidden at first.
    pub sensitive: String,
    /// Its pictures: `ID.SMALL`, with commas between them.
    pub media: String,
    /// What the first picture shows, as typed.
    pub alt1: String,
    /// What the second shows.
    pub alt2: String,
    /// What the third shows.
    pub alt3: String,
    /// What the fourth shows.
    pub alt4: String,
    /// Anything, if the first picture is to go.
    pub drop1: String,
    /// Anything, if the second is to go.
    pub drop2: String,
    /// Anything, if the third is to go.
    pub drop3: String,
    /// Anything, if the fourth is to go.
    pub drop4: String,
    /// The first option of a poll, as typed.
    pub option1: String,
    /// The second.
    pub option2: String,
    /// The third.
    pub option3: String,
    /// The fourth.
    pub option4: String,
    /// How long the poll is open, in seconds; nothing in an edit that does not change it.
    pub open_for: String,
    /// Anything, if several options can be chosen.
    pub multiple: String,
    /// Anything, if counts are hidden until the end.
    pub hide_totals: String,
    /// For how long it is held; nothing: as the account prefers.
    pub hold: String,
    /// When it appears, as typed; nothing for what `hold` says.
    pub at: String,
    /// How long it stays, in seconds; nothing for good.
    pub lasts: String,
    /// The draft put aside that it was.
    pub aside: String,
    /// Anything, if the author was asked to describe the pictures.
    pub nudged: String,
    /// The post that it answers.
    pub reply: String,
    /// The post that it quotes.
    pub quote: String,
    /// Mastodon's word for who may quote it.
    pub quoters: String,
    /// The API's word for who may answer it.
    pub repliers: String,
    /// Random, by form: the same form sent twice posts once.
    pub key: String,
    /// The button: see [`Step`].
    pub step: String,
}

/// What a button of the composer or of the leak check asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Publish, unless the leak check finds something.
    Post,
    /// Publish, whatever it finds.
    Anyway,
    /// Go back to the composer.
    Change,
    /// Take pictures in, or away.
    Attach,
    /// Put it aside.
    Aside,
    /// Mend the find of this number.
    Mend(usize),
}

impl Fields {
    /// The button. What is none of ours posts nothing that was not looked at.
    pub fn step(&self) -> Step {
        match self.step.as_str() {
            "anyway" => Step::Anyway,
            "change" => Step::Change,
            "attach" => Step::Attach,
            "aside" => Step::Aside,
            other => match other.strip_prefix("mend-").and_then(|nth| nth.parse().ok()) {
                Some(nth) => Step::Mend(nth),
                None => Step::Post,
            },
        }
    }

    /// The language, where one is said.
    pub fn language(&self) -> Option<String> {
        (!self.language.is_empty()).then(|| self.language.clone())
    }

    /// Who may quote it, where that is said.
    pub fn quote_policy(&self) -> Option<QuotePolicy> {
        QuotePolicy::from_api(&self.quoters)
    }

    /// Who may answer it, where that is said.
    pub fn reply_policy(&self) -> Option<ReplyPolicy> {
        ReplyPolicy::from_api(&self.repliers)
    }

    /// How long it is held, where that is said.
    pub fn held(&self) -> Result<Option<Hold>, Refused> {
        if self.hold.is_empty() {
            return Ok(None);
        }
        let wrong = || Refused::invalid("hold", EN.wrong_hold);
        Hold::from_api(&self.hold).ok_or_else(wrong).map(Some)
    }

    /// When it is to appear. A time that has passed is no mistake of what is put aside.
    pub fn when(&self, app: &App) -> Result<When, Refused> {
        let at = self.at.trim();
        let seconds = (!at.is_empty()).then(|| scheduled::seconds(at)).transpose()?;
        Ok(When {
            at: seconds.map(|seconds| app.clock.slot_of(seconds)),
            hold: self.held()?,
        })
    }

    pub fn draft(&self, app: &App) -> Result<Draft, Refused> {
        let visibility = Visibility::from_api(&self.visibility)
            .ok_or_else(|| Refused::invalid("visibility", EN.wrong_audience))?;
        let in_reply_to = match self.reply.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Refused::NotFound)?),
        };
        let quote = match self.quote.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Refused::NotFound)?),
        };
        Ok(Draft {
            quote,
            quote_policy: self.quote_policy().unwrap_or(QuotePolicy::Nobody),
            reply_policy: self.reply_policy().unwrap_or(ReplyPolicy::Everybody),
            warning: self.warning.clone(),
            visibility,
            language: self.language(),
            sensitive: !self.sensitive.is_empty(),
            media: self.pictures().iter().map(|picture| picture.id).collect(),
            poll: self.new_poll(),
            in_reply_to,
            lasts: aside::lasts(&self.lasts)?,
            aside: self.aside.parse().ok(),
            shorten: !self.shorten.is_empty(),
            confirmed: self.step() == Step::Anyway,
            key: (!self.key.is_empty()).then(|| self.hash(app)),
            ..Draft::new(self.text.clone())
        })
    }
}

impl Fields {
    /// The same form sent twice posts once; other words from it, after the browser went back, are another post. A hash,
    /// because it is remembered for an hour, and the words shall not be.
    pub(super) fn hash(&self, app: &App) -> String {
        let all = [
            &self.key,
            &self.visibility,
            &self.reply,
            &self.quote,
            &self.warning,
            &self.media,
            &self.option1,
            &self.option2,
            &self.option3,
            &self.option4,
            &self.at,
            &self.lasts,
            &self.hold,
            &self.text,
        ]
        .map(String::as_str)
        .join("\n");
        app.csrf.token("posted once", all.as_bytes())
    }
}
