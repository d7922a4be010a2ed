//! The post that a post quotes, in a box below its words; or in words why it is not shown.

use askama::Template;
use bauta_model::{QuotePolicy, ReplyPolicy};
use bauta_service::quoted::{Quoted, Seen};
use bauta_service::reading::Shown;

use crate::posts::{Reader, Sight, author_html, body_of, sight, text_of};
use crate::words::{EN, Words};
use crate::words_circles::EN as CIRCLES;

#[derive(Template)]
#[template(path = "post/quote.html")]
struct QuoteBox<'a> {
    words: &'static Words,
    /// Why nothing is shown; empty where something is.
    why: &'static str,
    /// What the post stands behind, and is opened on request; empty where it is shown at once.
    behind: String,
    author: &'a str,
    body: &'a str,
    /// Where its author takes the consent back; empty for everybody else.
    remove: String,
}

/// The quote of a post as HTML; empty where it quotes nothing.
pub fn quote_of(shown: &Shown, reader: &Reader<'_>) -> String {
    let Some(quote) = &shown.quote else {
        return String::new();
    };
    let Some(inner) = &quote.shown else {
        return empty(why(quote));
    };
    let filtered = sight(inner, reader);
    let behind = match (&filtered, quote.seen) {
        (Sight::LeftOut, _) => return empty(EN.quote_filtered),
        (_, Seen::Muted) => EN.quote_muted.to_owned(),
        (Sight::Behind(title), _) => format!("{}: {title}", CIRCLES.filtered),
        (Sight::Plain, _) => String::new(),
    };
    let body = body_of(inner, reader);
    let mine = reader.account == Some(inner.card.post.author);
    let (by, quoting) = (&inner.author.account.handle, shown.card.post.id);
    QuoteBox {
        words: &EN,
        why: "",
        behind,
        author: author_html(reader.app, &inner.author),
        body: text_of(&body),
        remove: if mine && shown.card.post.author != inner.card.post.author {
            let quoted = inner.card.post.id;
            format!("/@{by}/{quoted}/quotes/{quoting}/remove?back={}", reader.back)
        } else {
            String::new()
        },
    }
    .render()
    .unwrap_or_default()
}

fn empty(why: &'static str) -> String {
    QuoteBox {
        words: &EN,
        why,
        behind: String::new(),
        author: "",
        body: "",
        remove: String::new(),
    }
    .render()
    .unwrap_or_default()
}

/// What a reader is told instead of a post.
const fn why(quote: &Quoted) -> &'static str {
    match quote.seen {
        Seen::Accepted | Seen::Muted => EN.quote_within,
        Seen::Pending => EN.quote_pending,
        Seen::Rejected => EN.quote_rejected,
        Seen::Revoked => EN.quote_revoked,
        Seen::Deleted => EN.quote_deleted,
        Seen::Unauthorized => EN.quote_unauthorized,
        Seen::Blocked => EN.quote_blocked,
    }
}

/// Who may quote, to choose from: the word, its name, whether it is chosen.
pub fn policies(chosen: &str) -> [(&'static str, &'static str, bool); 3] {
    QuotePolicy::ALL.map(|policy| {
        let name = match policy {
            QuotePolicy::Public => EN.quoters_everybody,
            QuotePolicy::Followers => EN.quoters_followers,
            _ => EN.quoters_nobody,
        };
        (policy.as_api(), name, policy.as_api() == chosen)
    })
}

/// Who may answer, to choose from, in the same way.
pub fn reply_policies(chosen: &str) -> [(&'static str, &'static str, bool); 4] {
    ReplyPolicy::ALL.map(|policy| {
        let name = match policy {
            ReplyPolicy::Everybody => EN.repliers_everybody,
            ReplyPolicy::Followers => EN.repliers_followers,
            ReplyPolicy::Mentioned => EN.repliers_mentioned,
            ReplyPolicy::Nobody => EN.repliers_nobody,
        };
        (policy.as_api(), name, policy.as_api() == chosen)
    })
}
