//! What posts of other servers quote: whether it may be shown is judged here, by the rules of anybody, or was proven.

use bauta_model::{AccountId, Post, Quote, QuoteState};
use bauta_store::{Conn, quotes, relations, remote};

use super::quote;
use super::receive::Received;
use crate::Refused;
use crate::quoted::{MayQuote, may_quote};

/// What a post quotes, as it is written.
pub(super) struct Judged {
    pub quote: Quote,
    /// The quoted author, who is of this server and lets it be.
    pub tells: Option<AccountId>,
}

/// Judges what a received post of `author` quotes. Where it was asked in the older way, which asks nobody, the policy of a
/// post of this server answers; that of another server's has to be proven.
pub(super) fn judged(
    conn: &mut Conn,
    author: AccountId,
    received: &Received,
) -> Result<Option<Judged>, Refused> {
    let Some(told) = &received.quote else {
        return Ok(None);
    };
    let Some(quoted) = bauta_store::posts::by_id(conn, told.post)? else {
        return Ok(None);
    };
    let here = quoted.author != author && remote::of(conn, quoted.author)?.is_none();
    let state = if told.proven {
        QuoteState::Accepted
    } else if here && told.unasked {
        let between = relations::between(conn, author, quoted.author)?;
        let lets = may_quote(author, between.follows, &quoted) == MayQuote::Yes;
        if lets && !between.is_blocked() {
            QuoteState::Accepted
        } else {
            QuoteState::Rejected
        }
    } else {
        QuoteState::Pending
    };
    Ok(Some(Judged {
        tells: (here && state == QuoteState::Accepted).then_some(quoted.author),
        quote: Quote {
            post: Some(quoted.id),
            state,
        },
    }))
}

impl Judged {
    /// Keeps the proof of a quote that was written in `post`, and tells the quoted author.
    pub(super) fn settle(&self, conn: &mut Conn, post: &Post, received: &Received) -> Result<(), Refused> {
        let stamp = received.quote.as_ref().and_then(|told| told.stamp.as_deref());
        if self.quote.state == QuoteState::Accepted && stamp.is_some() {
            quotes::set_stamp(conn, post.id, stamp)?;
        }
        if let Some(author) = self.tells {
            quote::tell(conn, post, author)?;
        }
        Ok(())
    }
}

/// Takes in what an edit says of the quote in `before`. What was taken back comes back only with a new proof. True where
/// something changed.
pub(super) fn change(conn: &mut Conn, before: &Post, received: &Received) -> Result<bool, Refused> {
    let Some(judged) = judged(conn, before.author, received)? else {
        return Ok(false);
    };
    let after = Post {
        quote: Some(judged.quote.clone()),
        ..before.clone()
    };
    let Some(quote) = before
        .quote
        .as_ref()
        .filter(|quote| quote.post == judged.quote.post)
    else {
        quotes::replace(conn, before, &judged.quote)?;
        judged.settle(conn, &after, received)?;
        return Ok(true);
    };
    let proven = received.quote.as_ref().is_some_and(|told| told.proven);
    let accepts = judged.quote.state == QuoteState::Accepted
        && match quote.state {
            QuoteState::Pending => true,
            QuoteState::Rejected | QuoteState::Revoked => proven,
            QuoteState::Accepted | QuoteState::Deleted => false,
        };
    if accepts {
        quotes::set_state(conn, before, QuoteState::Accepted)?;
        judged.settle(conn, &after, received)?;
    }
    Ok(accepts)
}

/// The HTML without the line by which servers say what is quoted to those that do not know quotes.
pub(super) fn without_link(received: &Received) -> &str {
    let html = received.html.as_str();
    if received.quote.is_none() {
        return html;
    }
    html.trim_start()
        .strip_prefix("<p class=\"quote-inline\">")
        .and_then(|rest| rest.split_once("</p>"))
        .map_or(html, |(_, rest)| rest)
}
