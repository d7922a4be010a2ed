//! What a post quotes, as one reader sees it. The rules of reading decide: a quote shows nobody a post that they may not
//! read, whatever its author said to the quote.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{AccountId, Post, PostId, Quote, QuotePolicy, QuoteState};
use bauta_store::relations;
use bauta_timeline::{AccountCard, Card};

use crate::reading::{Shown, Viewer, account_cards, may_read, reader, tie};
use crate::shown::{plain, post_cards};
use crate::{App, Refused};

/// A quote as a reader sees it.
#[derive(Clone)]
pub struct Quoted {
    /// What the reader is told of it.
    pub seen: Seen,
    /// Which post it is; nothing where the reader does not see it.
    pub post: Option<PostId>,
    /// The post; nothing within a quote.
    pub shown: Option<Box<Shown>>,
    /// It is the quote of a quoted post, which is told of by its number alone.
    pub within: bool,
}

/// What a reader is told of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The post is shown.
    Accepted,
    /// Its author has not answered.
    Pending,
    /// Its author said no.
    Rejected,
    /// Its author took the consent back.
    Revoked,
    /// The post is gone.
    Deleted,
    /// The reader may not read it.
    Unauthorized,
    /// The reader blocks its author.
    Blocked,
    /// The reader mutes its author, and may look at it if they wish.
    Muted,
}

impl Seen {
    const fn of(state: QuoteState) -> Self {
        match state {
            QuoteState::Pending => Self::Pending,
            QuoteState::Accepted => Self::Accepted,
            QuoteState::Rejected => Self::Rejected,
            QuoteState::Revoked => Self::Revoked,
            QuoteState::Deleted => Self::Deleted,
        }
    }

    /// The reader may read the post.
    const fn shows(self) -> bool {
        matches!(self, Self::Accepted | Self::Muted)
    }
}

/// Whether somebody may quote a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MayQuote {
    /// Yes, at once.
    Yes,
    /// Its author, who is elsewhere, is asked.
    Asked,
    /// No.
    #[default]
    No,
}

/// Whether `account`, who may read `post` and perhaps follows its author, may quote it.
pub(crate) fn may_quote(account: AccountId, follows: bool, post: &Post) -> MayQuote {
    use bauta_model::Visibility::{Direct, Followers, Public, Unlisted};
    let own = post.author == account;
    let asked = matches!(post.quote_policy, QuotePolicy::Ask | QuotePolicy::AskFollowers);
    let may = match (post.visibility, post.quote_policy) {
        (Direct, _) => false,
        (Followers, _) | (_, QuotePolicy::Nobody) => own,
        (Public | Unlisted, QuotePolicy::Public | QuotePolicy::Ask) => true,
        (Public | Unlisted, QuotePolicy::Followers | QuotePolicy::AskFollowers) => own || follows,
    };
    if may {
        if asked && !own {
            MayQuote::Asked
        } else {
            MayQuote::Yes
        }
    } else {
        MayQuote::No
    }
}

/// Posts with their authors.
#[derive(Default)]
struct Known {
    cards: HashMap<PostId, Arc<Card>>,
    authors: HashMap<AccountId, Arc<AccountCard>>,
}

impl Known {
    async fn learn(&mut self, app: &App, ids: &[PostId]) -> Result<(), Refused> {
        let cards = post_cards(app, ids).await?;
        let authors: Vec<AccountId> = cards.values().map(|card| card.post.author).collect();
        self.authors.extend(account_cards(app, &authors).await?);
        self.cards.extend(cards);
        Ok(())
    }

    fn get(&self, id: PostId) -> Option<(&Arc<Card>, &Arc<AccountCard>)> {
        let card = self.cards.get(&id)?;
        Some((card, self.authors.get(&card.post.author)?))
    }
}

fn accepted<'p>(posts: impl Iterator<Item = &'p Post>) -> Vec<PostId> {
    posts
        .filter_map(|post| post.quote.as_ref().and_then(Quote::accepted))
        .collect()
}

/// Puts what they quote to the posts of a list. Nothing is asked where there is no quote.
pub(crate) async fn put(app: &App, account: Option<AccountId>, list: &mut [Shown]) -> Result<(), Refused> {
    if list.iter().all(|one| one.card.post.quote.is_none()) {
        return Ok(());
    }
    let mut known = Known::default();
    let first = accepted(list.iter().map(|one| &*one.card.post));
    known.learn(app, &first).await?;
    // What is quoted within a quote is told by its number alone, and by the same rules.
    let second = accepted(known.cards.values().map(|card| &*card.post));
    known.learn(app, &second).await?;
    for one in list {
        let Some(quote) = &one.card.post.quote else {
            continue;
        };
        let mut quoted = see(app, account, &known, quote).await?;
        if let Some((card, author)) = quoted.post.and_then(|id| known.get(id)) {
            let mut inner = plain(card, author);
            if let Some(quote) = &card.post.quote {
                inner.quote = Some(Quoted {
                    within: true,
                    ..see(app, account, &known, quote).await?
                });
            }
            quoted.shown = Some(Box::new(inner));
        }
        one.quote = Some(quoted);
    }
    Ok(())
}

async fn see(app: &App, account: Option<AccountId>, known: &Known, quote: &Quote) -> Result<Quoted, Refused> {
    let found = quote.accepted().map(|id| (id, known.get(id)));
    let (seen, post) = match found {
        None => (Seen::of(quote.state), None),
        // It was deleted a moment ago.
        Some((_, None)) => (Seen::Deleted, None),
        Some((id, Some((card, author)))) => {
            let seen = judge(app, account, card, author).await?;
            (seen, seen.shows().then_some(id))
        }
    };
    Ok(Quoted {
        seen,
        post,
        shown: None,
        within: false,
    })
}

/// What a reader is told of a quote of a post whose author lets it be.
async fn judge(
    app: &App,
    account: Option<AccountId>,
    card: &Card,
    author: &AccountCard,
) -> Result<Seen, Refused> {
    let viewer = account.map(|account| Viewer {
        account,
        moderates: false,
    });
    let author = &author.account;
    let tie = tie(app, viewer, author.id).await?;
    let Some(me) = account.filter(|account| *account != author.id) else {
        return Ok(if may_read(viewer, tie, &card.post, author) {
            Seen::Accepted
        } else {
            Seen::Unauthorized
        });
    };
    if !may_read(viewer, tie, &card.post, author) {
        let blocks = tie.blocked && blocks(app, me, author.id).await?;
        return Ok(if blocks { Seen::Blocked } else { Seen::Unauthorized });
    }
    let hides = reader(app, me).await?.hides(author.id);
    Ok(if hides { Seen::Muted } else { Seen::Accepted })
}

async fn blocks(app: &App, me: AccountId, other: AccountId) -> Result<bool, Refused> {
    let between = app
        .store
        .read("between", move |conn| relations::between(conn, me, other))
        .await?;
    Ok(between.blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::Visibility;

    fn allowed(policy: QuotePolicy, visibility: Visibility) -> [bool; 3] {
        let post = Post {
            quote_policy: policy,
            ..Post::new(PostId::new(9), AccountId::new(1), visibility)
        };
        [(1, false), (2, true), (2, false)]
            .map(|(account, follows)| may_quote(AccountId::new(account), follows, &post) == MayQuote::Yes)
    }

    /// Each line: the author, a follower, a stranger.
    #[test]
    fn every_policy_for_every_visibility() {
        for visibility in [Visibility::Public, Visibility::Unlisted] {
            assert_eq!(allowed(QuotePolicy::Public, visibility), [true, true, true]);
            assert_eq!(allowed(QuotePolicy::Followers, visibility), [true, true, false]);
            assert_eq!(allowed(QuotePolicy::Nobody, visibility), [true, false, false]);
        }
        for policy in QuotePolicy::ALL {
            assert_eq!(allowed(policy, Visibility::Followers), [true, false, false]);
            assert_eq!(allowed(policy, Visibility::Direct), [false; 3]);
        }
    }
}
