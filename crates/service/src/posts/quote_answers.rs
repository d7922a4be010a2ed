//! Quotes across servers: what is asked, answered and taken back, once who says it was found out.

use std::sync::Arc;

use bauta_model::{AccountId, Post, PostId, QuoteState};
use bauta_store::outbox::{self, Change};
use bauta_store::{Conn, quotes, remote};
use bauta_timeline::Cards;

use super::post::said;
use super::quote;
use super::receive::listed_as;
use crate::quoted::MayQuote;
use crate::reach::{self, Act};
use crate::reading::{readable, reader};
use crate::streams::{Happening, Streams};
use crate::{App, Refused, Speaker};

/// Somebody elsewhere asks to quote a post of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteRequest {
    /// The name of the request.
    pub name: String,
    /// The name of the quoting post.
    pub quoting: String,
    /// Who asks.
    pub asker: AccountId,
}

impl QuoteRequest {
    fn write(&self, quoted: PostId) -> String {
        format!("{quoted}\n{}\n{}\n{}", self.asker, self.name, self.quoting)
    }

    /// Reads what [`answer_quote_request`] noted: the request, and the quoted post.
    pub fn read(detail: &str) -> Option<(Self, PostId)> {
        let mut lines = detail.lines();
        let quoted = lines.next()?.parse().ok()?;
        let request = Self {
            asker: lines.next()?.parse().ok()?,
            name: lines.next()?.to_owned(),
            quoting: lines.next()?.to_owned(),
        };
        Some((request, quoted))
    }
}

/// Counts that somebody asks: a flood of requests is refused as a flood of posts is.
///
/// # Errors
/// [`Refused::Limited`].
pub async fn check_asking(app: &App, speaker: &Speaker) -> Result<(), Refused> {
    reach::check(app, speaker, Act::Mention).await
}

/// Whether somebody, who may read a post, may quote it.
///
/// # Errors
/// [`Refused::NotFound`] for a post that they may not read.
pub async fn may_quote(app: &App, speaker: &Speaker, id: PostId) -> Result<MayQuote, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = &found.card.post;
    let follows = reader(app, speaker.account).await?.follows(post.author);
    Ok(crate::quoted::may_quote(speaker.account, follows, post))
}

/// Answers a request to quote the post `quoted` of `author`: yes where the quoting post was `taken` in, and no otherwise.
/// What was taken back once stays so.
///
/// # Errors
/// [`Refused::Forbidden`] where the quoting post quotes something else.
pub async fn answer_quote_request(
    app: &App,
    (author, quoted): (AccountId, PostId),
    taken: Option<PostId>,
    request: QuoteRequest,
) -> Result<(), Refused> {
    let (cards, streams) = (Arc::clone(&app.cards), Arc::clone(&app.streams));
    app.store
        .write_then(
            "answer_quote_request",
            move |conn| {
                let quoting = match taken {
                    Some(id) => Some(settle(conn, (author, quoted), id, request.asker)?),
                    None => None,
                };
                // Each request has an answer of its own, whatever the quoting post is.
                let change = Change {
                    detail: request.write(quoted),
                    ..Change::new(outbox::Kind::QuoteAnswer, author, AccountId::random().get())
                };
                outbox::note(conn, &change)?;
                Ok::<_, Refused>(quoting)
            },
            move |quoting: &Option<Post>| {
                cards.invalidate(quoted);
                if let Some(post) = quoting {
                    changed((post, true), &cards, &streams);
                }
            },
        )
        .await?;
    Ok(())
}

/// Lets a quoting post of `asker` quote, and tells the author.
fn settle(
    conn: &mut Conn,
    (author, quoted): (AccountId, PostId),
    quoting: PostId,
    asker: AccountId,
) -> Result<Post, Refused> {
    let post = bauta_store::posts::by_id(conn, quoting)?.filter(|post| post.author == asker);
    let post = post.ok_or(Refused::NotFound)?;
    let state = match &post.quote {
        Some(quote) if quote.post == Some(quoted) => quote.state,
        _ => return Err(Refused::Forbidden("It quotes something else.")),
    };
    if matches!(state, QuoteState::Pending | QuoteState::Rejected) {
        quotes::set_state(conn, &post, QuoteState::Accepted)?;
        quote::tell(conn, &post, author)?;
    }
    Ok(post)
}

/// A quote in `post` changed, which is of another server or not: who shows it forgets what they knew, and streams tell
/// of it.
fn changed((post, remote): (&Post, bool), cards: &Cards, streams: &Streams) {
    cards.invalidate(post.id);
    let mut said = said(post, None);
    said.entry.visibility = listed_as(post.visibility, remote);
    streams.say(Happening::Edited(said));
}

/// Takes in what `by`, whose post elsewhere a post of this server quotes, says to that: yes with a stamp, or no.
///
/// # Errors
/// [`Refused::Forbidden`] for somebody whose post is not quoted there.
pub async fn quote_answered(
    app: &App,
    by: AccountId,
    quoting: PostId,
    stamp: Option<String>,
) -> Result<(), Refused> {
    let (cards, streams) = (Arc::clone(&app.cards), Arc::clone(&app.streams));
    app.store
        .write_then(
            "quote_answered",
            move |conn| {
                let post = bauta_store::posts::by_id(conn, quoting)?.ok_or(Refused::NotFound)?;
                let quoted = post
                    .quote
                    .as_ref()
                    .and_then(|quote| quote.post)
                    .ok_or(Refused::NotFound)?;
                let author = bauta_store::posts::by_id(conn, quoted)?.map(|post| post.author);
                if author != Some(by) {
                    return Err(Refused::Forbidden(
                        "Only the author of a post says who quotes it.",
                    ));
                }
                match &stamp {
                    Some(stamp) => {
                        quotes::set_state(conn, &post, QuoteState::Accepted)?;
                        quotes::set_stamp(conn, post.id, Some(stamp))?;
                    }
                    None => quotes::set_state(conn, &post, QuoteState::Rejected)?,
                }
                outbox::note(
                    conn,
                    &Change::new(outbox::Kind::Quote, post.author, post.id.get()),
                )?;
                Ok::<_, Refused>((post, quoted))
            },
            move |(post, quoted): &(Post, PostId)| {
                cards.invalidate(*quoted);
                changed((post, false), &cards, &streams);
            },
        )
        .await?;
    Ok(())
}

/// Takes in that `by` took the stamp of this name back. False where no quote here has it, or it was not theirs to take.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn stamp_gone(app: &App, by: AccountId, stamp: &str) -> Result<bool, Refused> {
    let (cards, streams) = (Arc::clone(&app.cards), Arc::clone(&app.streams));
    let stamp = stamp.to_owned();
    let gone = app
        .store
        .write_then(
            "stamp_gone",
            move |conn| {
                let Some(quoting) = quotes::by_stamp(conn, &stamp)? else {
                    return Ok(None);
                };
                let Some(post) = bauta_store::posts::by_id(conn, quoting)? else {
                    return Ok(None);
                };
                let Some(quoted) = post.quote.as_ref().and_then(|quote| quote.post) else {
                    return Ok(None);
                };
                if bauta_store::posts::by_id(conn, quoted)?.map(|post| post.author) != Some(by) {
                    return Ok(None);
                }
                quotes::set_state(conn, &post, QuoteState::Revoked)?;
                quotes::set_stamp(conn, post.id, None)?;
                outbox::note(
                    conn,
                    &Change::new(outbox::Kind::Quote, post.author, post.id.get()),
                )?;
                let remote = remote::of(conn, post.author)?.is_some();
                Ok::<_, Refused>(Some((post, quoted, remote)))
            },
            move |gone: &Option<(Post, PostId, bool)>| {
                if let Some((post, quoted, remote)) = gone {
                    cards.invalidate(*quoted);
                    changed((post, *remote), &cards, &streams);
                }
            },
        )
        .await?;
    Ok(gone.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_noted() {
        let request = QuoteRequest {
            name: "https://far.example/requests/1".into(),
            quoting: "https://far.example/notes/1".into(),
            asker: AccountId::new(7),
        };
        let detail = request.write(PostId::new(9));
        assert_eq!(QuoteRequest::read(&detail), Some((request, PostId::new(9))));
        for odd in ["", "9", "9\n7", "x\n7\na\nb", "9\nx\na\nb"] {
            assert_eq!(QuoteRequest::read(odd), None, "{odd:?}");
        }
    }
}
