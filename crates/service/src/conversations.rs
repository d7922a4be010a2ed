//! Conversations: threads of direct posts, as the people in them see them.

use std::collections::HashSet;
use std::sync::Arc;

use bauta_model::{AccountId, PostId};
use bauta_store::conversations;
use bauta_timeline::{AccountCard, Page};

use crate::reading::{Shown, account_cards, readable, shown};
use crate::{App, Refused, Speaker};

/// A conversation.
#[derive(Clone)]
pub struct Conversation {
    /// Its thread.
    pub id: PostId,
    /// Somebody else said something that the speaker has not read.
    pub unread: bool,
    /// Who is in it besides the speaker: who wrote last and whom that post names. The speaker alone where nobody else is.
    pub people: Vec<Arc<AccountCard>>,
    /// What was said last.
    pub last: Shown,
}

/// The speaker's conversations, the one with the newest post first; bounds are ids of last posts.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn list(app: &App, speaker: &Speaker, page: &Page) -> Result<Vec<Conversation>, Refused> {
    let (me, page) = (speaker.account, crate::timelines::stored(page));
    let ids = app
        .store
        .read("conversations", move |conn| {
            conversations::last_posts(conn, me, &page)
        })
        .await?;
    of_posts(app, speaker, &ids).await
}

async fn of_posts(app: &App, speaker: &Speaker, last: &[PostId]) -> Result<Vec<Conversation>, Refused> {
    let me = speaker.account;
    let posts = shown(app, Some(me), last).await?;
    let threads: Vec<PostId> = posts.iter().map(|post| post.card.post.thread).collect();
    let read = app
        .store
        .read("read_conversations", move |conn| {
            conversations::read_up_to(conn, me, &threads)
        })
        .await?;
    let named: Vec<AccountId> = posts.iter().flat_map(|post| people_of(me, post)).collect();
    let cards = account_cards(app, &named).await?;
    Ok(posts
        .into_iter()
        .map(|last| {
            let post = &last.card.post;
            let seen = read.get(&post.thread).is_some_and(|read| *read >= post.id);
            Conversation {
                id: post.thread,
                unread: post.author != me && !seen,
                people: people_of(me, &last)
                    .iter()
                    .filter_map(|id| cards.get(id))
                    .cloned()
                    .collect(),
                last,
            }
        })
        .collect())
}

/// Author and named accounts of a post without `me`, unless there is nobody else.
fn people_of(me: AccountId, last: &Shown) -> Vec<AccountId> {
    let post = &last.card.post;
    let mut known = HashSet::from([me]);
    let all = std::iter::once(post.author).chain(post.mentions.iter().map(|mention| mention.account));
    let others: Vec<AccountId> = all.filter(|id| known.insert(*id)).collect();
    if others.is_empty() { vec![me] } else { others }
}

/// The conversation that a direct post belongs to, with that post as its last.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the speaker may not read.
pub async fn of_post(app: &App, speaker: &Speaker, post: PostId) -> Result<Conversation, Refused> {
    let id = readable(app, Some(speaker), post).await?.card.post.id;
    of_posts(app, speaker, &[id])
        .await?
        .pop()
        .ok_or(Refused::NotFound)
}

/// Has read a conversation up to its end. When is not kept.
///
/// # Errors
/// [`Refused::NotFound`] for a thread that the speaker has no part in.
pub async fn read(app: &App, speaker: &Speaker, thread: PostId) -> Result<Conversation, Refused> {
    let last = settle(app, speaker, thread, false).await?;
    of_posts(app, speaker, &[last])
        .await?
        .pop()
        .ok_or(Refused::NotFound)
}

/// Puts a conversation away until something new is said in it. Nothing is deleted.
///
/// # Errors
/// As [`read`].
pub async fn remove(app: &App, speaker: &Speaker, thread: PostId) -> Result<(), Refused> {
    speaker.speaks()?;
    settle(app, speaker, thread, true).await.map(|_| ())
}

async fn settle(app: &App, speaker: &Speaker, thread: PostId, remove: bool) -> Result<PostId, Refused> {
    let me = speaker.account;
    app.store
        .write("settle_conversation", move |conn| {
            let last = conversations::last_of(conn, me, thread)?.ok_or(Refused::NotFound)?;
            conversations::settle(conn, me, thread, last, remove)?;
            Ok(last)
        })
        .await
}
