//! A quote in Mastodon's JSON: the post within the post, or in words why it is not there; and who may quote a post.

use bauta_model::{AccountId, QuotePolicy};
use bauta_service::App;
use bauta_service::quoted::{MayQuote, Quoted, Seen};
use bauta_service::reading::Shown;
use bytes::{BufMut, BytesMut};
use serde_json::{Value, json};

use super::status;

/// Mastodon's word for what a reader is told.
const fn word(seen: Seen) -> &'static str {
    match seen {
        Seen::Accepted => "accepted",
        Seen::Pending => "pending",
        Seen::Rejected => "rejected",
        Seen::Revoked => "revoked",
        Seen::Deleted => "deleted",
        Seen::Unauthorized => "unauthorized",
        Seen::Blocked => "blocked_account",
        Seen::Muted => "muted_account",
    }
}

/// The parts of a post that tell of quotes.
pub(super) fn put(out: &mut BytesMut, app: &App, viewer: Option<AccountId>, shown: &Shown) {
    out.put_slice(b",\"quote\":");
    match &shown.quote {
        Some(quote) => put_quote(out, app, viewer, quote),
        None => out.put_slice(b"null"),
    }
    out.put_slice(b",\"quote_approval\":");
    out.put_slice(approval(shown).to_string().as_bytes());
    // Beside Mastodon's fields: who may answer.
    let replies = json!({"policy": shown.card.post.reply_policy.as_api(), "current_user": shown.may_reply});
    out.put_slice(b",\"reply_approval\":");
    out.put_slice(replies.to_string().as_bytes());
}

/// A Quote, or, within a quote, a ShallowQuote.
fn put_quote(out: &mut BytesMut, app: &App, viewer: Option<AccountId>, quote: &Quoted) {
    out.put_slice(b"{\"state\":\"");
    out.put_slice(word(quote.seen).as_bytes());
    out.put_slice(b"\",");
    match (&quote.shown, quote.post) {
        (Some(shown), _) => {
            out.put_slice(b"\"quoted_status\":");
            status::put(out, app, viewer, shown);
        }
        (None, _) if !quote.within => out.put_slice(b"\"quoted_status\":null"),
        (None, post) => {
            let id = Value::from(post.map(|id| id.to_string()));
            out.put_slice(b"\"quoted_status_id\":");
            out.put_slice(id.to_string().as_bytes());
        }
    }
    out.put_u8(b'}');
}

/// A QuoteApproval.
fn approval(shown: &Shown) -> Value {
    let post = &shown.card.post;
    let (automatic, manual): (&[&str], &[&str]) = match post.quote_policy {
        _ if !post.visibility.is_open() => (&[], &[]),
        QuotePolicy::Public => (&["public"], &[]),
        QuotePolicy::Followers => (&["followers"], &[]),
        QuotePolicy::Nobody => (&[], &[]),
        QuotePolicy::Ask => (&[], &["public"]),
        QuotePolicy::AskFollowers => (&[], &["followers"]),
    };
    let me = match shown.may_quote {
        MayQuote::Yes => "automatic",
        MayQuote::Asked => "manual",
        MayQuote::No => "denied",
    };
    json!({"automatic": automatic, "manual": manual, "current_user": me})
}

/// What a post quotes, by itself.
pub(crate) fn value(app: &App, viewer: Option<AccountId>, shown: &Shown) -> Value {
    let Some(quote) = &shown.quote else {
        return Value::Null;
    };
    let mut out = BytesMut::new();
    put_quote(&mut out, app, viewer, quote);
    serde_json::from_slice(&out).unwrap_or_default()
}
