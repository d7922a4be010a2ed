//! A draft on the disk: what its author typed and chose, while it waits to be published.

use std::time::Duration;

use bauta_model::{CoarseTime, Hold, MediaId, PostId, QuotePolicy, ReplyPolicy, Visibility};
use serde::{Deserialize, Serialize};

use super::aside::When;
use super::draft::Draft;
use super::polls::NewPoll;

/// A draft as a text.
pub(super) fn write(draft: &Draft) -> String {
    serde_json::to_string(&Kept::of(draft)).expect("texts and numbers can be written as JSON")
}

/// The draft of a text.
pub(super) fn read(text: &str) -> Option<Draft> {
    serde_json::from_str::<Kept>(text).ok()?.into_draft()
}

/// A draft and when it is to appear, as a text.
pub(super) fn write_with(draft: &Draft, when: When) -> String {
    let kept = Kept {
        at: when.at.map(CoarseTime::unix_seconds),
        hold: when.hold.map(Hold::code),
        ..Kept::of(draft)
    };
    serde_json::to_string(&kept).expect("texts and numbers can be written as JSON")
}

/// The draft of a text, and when it is to appear.
pub(super) fn read_with(text: &str) -> Option<(Draft, When)> {
    let kept = serde_json::from_str::<Kept>(text).ok()?;
    let when = When {
        at: kept.at.map(CoarseTime::from_unix_seconds),
        hold: kept.hold.and_then(Hold::from_code),
    };
    Some((kept.into_draft()?, when))
}

/// A draft on the disk.
#[derive(Serialize, Deserialize)]
struct Kept {
    text: String,
    warning: String,
    visibility: i16,
    sensitive: bool,
    language: Option<String>,
    in_reply_to: Option<i64>,
    media: Vec<i64>,
    poll: Option<KeptPoll>,
    shorten: bool,
    /// Seconds after which it goes again.
    #[serde(default)]
    lasts: Option<u64>,
    /// What was kept before there were quotes names none, and lets nobody quote it.
    #[serde(default)]
    quote: Option<i64>,
    #[serde(default = "nobody")]
    quote_policy: i16,
    #[serde(default)]
    reply_policy: i16,
    /// When it is to appear, of what was put aside: what is scheduled has its time in a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    /// For how long it is to be held then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold: Option<i16>,
}

const fn nobody() -> i16 {
    QuotePolicy::Nobody.code()
}

#[derive(Serialize, Deserialize)]
struct KeptPoll {
    options: Vec<String>,
    multiple: bool,
    hide_totals: bool,
    seconds: u64,
}

impl Kept {
    fn of(draft: &Draft) -> Self {
        Self {
            text: draft.text.clone(),
            warning: draft.warning.clone(),
            visibility: draft.visibility.code(),
            sensitive: draft.sensitive,
            language: draft.language.clone(),
            in_reply_to: draft.in_reply_to.map(PostId::get),
            media: draft.media.iter().map(|id| id.get()).collect(),
            poll: draft.poll.as_ref().map(|poll| KeptPoll {
                options: poll.options.clone(),
                multiple: poll.multiple,
                hide_totals: poll.hide_totals,
                seconds: poll.open_for.as_secs(),
            }),
            shorten: draft.shorten,
            lasts: draft.lasts.map(|lasts| lasts.as_secs()),
            quote: draft.quote.map(PostId::get),
            quote_policy: draft.quote_policy.code(),
            reply_policy: draft.reply_policy.code(),
            at: None,
            hold: None,
        }
    }

    /// The draft. Its author has seen what the leak check found: without that it would not have been accepted.
    fn into_draft(self) -> Option<Draft> {
        Some(Draft {
            warning: self.warning,
            visibility: Visibility::from_code(self.visibility)?,
            sensitive: self.sensitive,
            language: self.language,
            in_reply_to: self.in_reply_to.map(PostId::new),
            media: self.media.into_iter().map(MediaId::new).collect(),
            poll: self.poll.map(|poll| NewPoll {
                options: poll.options,
                multiple: poll.multiple,
                hide_totals: poll.hide_totals,
                open_for: Duration::from_secs(poll.seconds),
            }),
            shorten: self.shorten,
            lasts: self.lasts.map(Duration::from_secs),
            quote: self.quote.map(PostId::new),
            quote_policy: QuotePolicy::from_code(self.quote_policy)?,
            reply_policy: ReplyPolicy::from_code(self.reply_policy)?,
            confirmed: true,
            ..Draft::new(self.text)
        })
    }
}
