//! Quoting: who may quote what, taking the consent back, and who quoted a post.

use std::sync::Arc;

use bauta_model::{AccountId, Mention, Post, PostId, Quote, QuotePolicy, QuoteState, Visibility};
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::{Conn, Window, quotes, relations};

use super::post::said;
use super::read::only_readable;
use crate::quoted::{MayQuote, may_quote};
use crate::reading::{Shown, readable, reader, shown, shown_one};
use crate::streams::Happening;
use crate::{App, Listed, Refused, Speaker};

/// What a post is to quote.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub post: PostId,
    pub author: AccountId,
    visibility: Visibility,
    /// Its author is elsewhere, and is asked.
    asked: bool,
}

impl Wish {
    /// Who reads the quote, of whom its author wished: a followers-only post is not shown to more people than it was for.
    pub(super) const fn narrowed(self, wished: Visibility) -> Visibility {
        match (self.visibility, wished) {
            (Visibility::Followers, Visibility::Public | Visibility::Unlisted) => Visibility::Followers,
            (_, wished) => wished,
        }
    }

    pub(super) const fn quote(self) -> Quote {
        Quote {
            post: Some(self.post),
            state: if self.asked {
                QuoteState::Pending
            } else {
                QuoteState::Accepted
            },
        }
    }
}

/// The post of `id`, if `speaker` may quote it. Of a boost, the boosted post is meant, and its author's rules hold.
pub(super) async fn wish(app: &App, speaker: &Speaker, id: PostId) -> Result<Wish, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = &found.card.post;
    let follows = reader(app, speaker.account).await?.follows(post.author);
    if may_quote(speaker.account, follows, post) == MayQuote::No {
        return Err(Refused::Forbidden(match (post.visibility, post.quote_policy) {
            (Visibility::Direct, _) => "Direct posts can't be quoted.",
            (Visibility::Followers, _) => "This post is not for everyone: only its author can quote it.",
            (_, QuotePolicy::Followers | QuotePolicy::AskFollowers) => {
                "Only followers of its author can quote this post."
            }
            _ => "The author of this post lets nobody quote it.",
        }));
    }
    Ok(Wish {
        post: post.id,
        author: post.author,
        visibility: post.visibility,
        asked: found.author.account.handle.domain().is_some(),
    })
}

/// Who may quote a post, of what its author wished: nobody where it is not for everyone.
pub(super) const fn policy(visibility: Visibility, wished: QuotePolicy) -> QuotePolicy {
    if visibility.is_open() {
        wished
    } else {
        QuotePolicy::Nobody
    }
}

/// A direct post tells people of itself: whoever is quoted in one is named in it.
pub(super) fn check_direct(
    author: AccountId,
    mentions: &[Mention],
    quoted: AccountId,
) -> Result<(), Refused> {
    let named = mentions.iter().any(|mention| mention.account == quoted);
    if quoted != author && !named {
        let why = "A direct post that quotes somebody has to name them.";
        return Err(Refused::invalid("quoted_status_id", why));
    }
    Ok(())
}

/// Tells the author of the quoted post, if they may read the quote; one elsewhere is asked.
pub(super) fn announce(conn: &mut Conn, post: &Post, wish: Wish) -> bauta_store::Result<()> {
    if wish.asked {
        let change = Change::new(outbox::Kind::QuoteRequest, post.author, post.id.get());
        return outbox::note(conn, &change);
    }
    tell(conn, post, wish.author)
}

/// Tells the author of the quoted post, if they may read the quote.
pub(super) fn tell(conn: &mut Conn, post: &Post, quoted: AccountId) -> bauta_store::Result<()> {
    let reads = match post.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Followers => relations::between(conn, quoted, post.author)?.follows,
        Visibility::Direct => false,
    };
    if reads || post.mentions.iter().any(|mention| mention.account == quoted) {
        notifications::tell(conn, quoted, Kind::Quote, post.author, post)?;
    }
    Ok(())
}

/// Tells those who quote a post that it was edited.
pub(super) fn tell_quoters(conn: &mut Conn, edited: &Post, most: i64) -> bauta_store::Result<()> {
    for (quoter, quoting) in quotes::quoters(conn, edited.id, most)? {
        if let Some(quoting) = bauta_store::posts::by_id(conn, quoting)? {
            notifications::tell(conn, quoter, Kind::QuotedUpdate, edited.author, &quoting)?;
        }
    }
    Ok(())
}

/// Takes the speaker's consent to the quote in `quoting` of their post `quoted` back, for good. Answers with the quoting
/// post, which shows nothing of theirs any more; where the speaker may not read it, with their own.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else, and for one that does not quote it.
pub async fn revoke_quote(
    app: &App,
    speaker: &Speaker,
    quoted: PostId,
    quoting: PostId,
) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = readable(app, Some(speaker), quoted).await?;
    let own = Arc::clone(&found.card.post);
    if own.author != speaker.account {
        return Err(Refused::NotFound);
    }
    let (me, quoted) = (speaker.account, own.id);
    let (cards, streams) = (Arc::clone(&app.cards), Arc::clone(&app.streams));
    app.store
        .write_then(
            "revoke_quote",
            move |conn| {
                let post = bauta_store::posts::by_id(conn, quoting)?.ok_or(Refused::NotFound)?;
                let quote = post.quote.as_ref().filter(|quote| quote.post == Some(quoted));
                let quote = quote.ok_or(Refused::NotFound)?;
                if quote.state != QuoteState::Revoked {
                    quotes::set_state(conn, &post, QuoteState::Revoked)?;
                    notifications::take_back_from(conn, (me, Kind::Quote), post.author, post.id)?;
                    outbox::note(
                        conn,
                        &Change::new(outbox::Kind::Quote, post.author, post.id.get()),
                    )?;
                    let gone = Change {
                        detail: quoted.to_string(),
                        ..Change::new(outbox::Kind::QuoteGone, me, post.id.get())
                    };
                    outbox::note(conn, &gone)?;
                }
                Ok::<_, Refused>(post)
            },
            move |post: &Post| {
                cards.invalidate(post.id);
                cards.invalidate(quoted);
                streams.say(Happening::Edited(said(post, None)));
            },
        )
        .await?;
    for id in [quoting, quoted] {
        let list = only_readable(app, Some(speaker), shown(app, Some(me), &[id]).await?).await?;
        if let Some(found) = list.into_iter().next() {
            return Ok(found);
        }
    }
    Err(Refused::NotFound)
}

/// Says who may quote a post of the speaker from now on. Quotes that are there stay.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub async fn set_quote_policy(
    app: &App,
    speaker: &Speaker,
    id: PostId,
    wished: QuotePolicy,
) -> Result<Shown, Refused> {
    speaker.speaks()?;
    set_on_own(app, speaker, id, "set_quote_policy", move |conn, post| {
        quotes::set_policy(conn, post.id, policy(post.visibility, wished))
    })
    .await
}

/// Sets something on an own post that is no boost, beside its words, and tells other servers of it.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub(super) async fn set_on_own(
    app: &App,
    speaker: &Speaker,
    id: PostId,
    name: &'static str,
    set: impl FnOnce(&mut Conn, &Post) -> bauta_store::Result<()> + Send + 'static,
) -> Result<Shown, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = Arc::clone(&found.card.post);
    if post.author != speaker.account || found.boost.is_some() {
        return Err(Refused::NotFound);
    }
    let cards = Arc::clone(&app.cards);
    app.store
        .write_then(
            name,
            move |conn| {
                set(conn, &post)?;
                outbox::note(
                    conn,
                    &Change::new(outbox::Kind::Quote, post.author, post.id.get()),
                )
            },
            move |()| cards.invalidate(id),
        )
        .await?;
    shown_one(app, Some(speaker.account), id).await
}

/// Posts that quote the post of `id` with its author's consent, as far as `viewer` reads them and wants to.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read.
pub async fn quotes_of(
    app: &App,
    viewer: Option<&Speaker>,
    id: PostId,
    window: Window<PostId>,
) -> Result<Listed<Shown, PostId>, Refused> {
    let quoted = readable(app, viewer, id).await?.card.post.id;
    let ids = app
        .store
        .read("quotes_of", move |conn| quotes::quoting(conn, quoted, &window))
        .await?;
    let account = viewer.map(|speaker| speaker.account);
    let mut list = only_readable(app, viewer, shown(app, account, &ids).await?).await?;
    if let Some(account) = account {
        let reader = reader(app, account).await?;
        list.retain(|one| !reader.hides(one.card.post.author));
    }
    Ok(Listed::new(list, &ids, &window))
}
