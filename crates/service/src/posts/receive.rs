//! Posts that come from other servers. What was checked before: who signed, and whose post it is.

use bauta_model::{Account, AccountId, Mention, Post, PostId, Standing, Visibility};
use bauta_store::{Conn, post_actions, post_changes, relations, remote};

use super::post::{Memory, entry};
use crate::reading::account_card;
use crate::{App, Refused, Speaker};

/// A post of another server.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its name there.
    pub uri: String,
    /// Its page there.
    pub url: String,
    /// HTML as it came.
    pub html: String,
    /// The content warning.
    pub warning: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Media are hidden until asked for.
    pub sensitive: bool,
    /// ISO 639 code.
    pub language: Option<String>,
    /// The post here that it answers.
    pub in_reply_to: Option<PostId>,
    /// Accounts that it is addressed to by name.
    pub mentions: Vec<AccountId>,
    /// Hashtags, lower case, without `#`.
    pub tags: Vec<String>,
}

/// Characters of a post from elsewhere; the rest is cut.
const MOST_CHARS: usize = 20_000;
/// People and hashtags of one post.
const MOST_NAMED: usize = 50;

/// A public post of another server is in home timelines, and not in the list of this server's.
pub(crate) const fn listed_as(visibility: Visibility, remote: bool) -> Visibility {
    match (visibility, remote) {
        (Visibility::Public, true) => Visibility::Unlisted,
        (other, _) => other,
    }
}

/// Takes a post in. The same post again changes nothing. Nothing is kept that nobody here asked for: the author is
/// followed, or the post is addressed to somebody, or answers what is here.
///
/// # Errors
/// [`Refused::NotFound`] where nobody here has to do with it; [`Refused::Forbidden`] for an author whom moderators
/// suspended.
pub async fn receive(app: &App, author: &Speaker, post: Received) -> Result<PostId, Refused> {
    take(app, author, post, false).await
}

/// As [`receive`], for a post that somebody passed on to a follower here.
///
/// # Errors
/// As [`receive`].
pub async fn receive_for_boost(app: &App, author: &Speaker, post: Received) -> Result<PostId, Refused> {
    take(app, author, post, true).await
}

async fn take(app: &App, author: &Speaker, post: Received, passed_on: bool) -> Result<PostId, Refused> {
    let author_card = account_card(app, author.account).await?;
    if author_card.account.standing == Standing::Suspended {
        return Err(Refused::Forbidden("This account is suspended here."));
    }
    crate::reach::check(app, author, crate::reach::Act::Post).await?;
    let findable = (author_card.account.standing == Standing::Good).then_some(author_card.account.indexable);
    let memory = Memory::of(app);
    let author = author.account;
    let written = app
        .store
        .write_then(
            "receive_post",
            move |conn| write(conn, author, &post, passed_on),
            move |taken: &Taken| {
                if let Taken::New(new) = taken {
                    let (post, counted) = new.as_ref();
                    let mut listed = entry(post, None);
                    listed.visibility = listed_as(post.visibility, true);
                    memory.take_as(post, counted.as_ref(), findable, listed);
                }
            },
        )
        .await?;
    Ok(match written {
        Taken::Before(id) => id,
        Taken::New(new) => new.0.id,
    })
}

enum Taken {
    Before(PostId),
    New(Box<(Post, Option<Account>)>),
}

fn write(conn: &mut Conn, author: AccountId, received: &Received, passed_on: bool) -> Result<Taken, Refused> {
    if let Some(before) = remote::post_by_uri(conn, &received.uri)? {
        return Ok(Taken::Before(before));
    }
    let parent = match received.in_reply_to {
        Some(id) => bauta_store::posts::by_id(conn, id)?,
        None => None,
    };
    let mentions = mentions(conn, author, received)?;
    let asked_for = passed_on
        || mentions.iter().any(|mention| mention.handle.domain().is_none())
        || (received.visibility != Visibility::Direct
            && (relations::has_follower(conn, author)?
                || (parent.is_some() && received.visibility.is_open())));
    if !asked_for {
        return Err(Refused::NotFound);
    }
    let id = conn.next_post_id();
    let (html, text) = words(&received.html);
    let post = Post {
        in_reply_to: parent.as_ref().map(|parent| parent.id),
        in_reply_to_author: parent.as_ref().map(|parent| parent.author),
        thread: parent.as_ref().map_or(id, |parent| parent.thread),
        sensitive: received.sensitive || !received.warning.is_empty(),
        warning: bauta_text::clean_line(&received.warning),
        text,
        html,
        language: received.language.clone(),
        mentions,
        tags: received.tags.iter().take(MOST_NAMED).cloned().collect(),
        ..Post::new(id, author, received.visibility)
    };
    let counted = bauta_store::posts::insert(conn, &post, None)?;
    remote::name_post(conn, id, &received.uri, &received.url)?;
    super::post::tell(conn, &post)?;
    Ok(Taken::New(Box::new((post, counted))))
}

/// The HTML made safe, and its text.
fn words(html: &str) -> (String, String) {
    let mut html = bauta_text::sanitise(html);
    if html.chars().count() > MOST_CHARS {
        let cut: String = bauta_text::plain(&html).chars().take(MOST_CHARS / 2).collect();
        html = format!("<p>{}</p>", bauta_text::escape_html(&cut));
    }
    let text = bauta_text::plain(&html);
    (html, text)
}

/// Whom the post names, without those who block its author and, for a direct post, those who take none from them.
fn mentions(conn: &mut Conn, author: AccountId, received: &Received) -> Result<Vec<Mention>, Refused> {
    let mut named = received.mentions.clone();
    named.truncate(MOST_NAMED);
    named.sort_unstable();
    named.dedup();
    let takes = relations::takes_direct(conn, author, &named)?;
    let mut mentions = Vec::new();
    for account in bauta_store::accounts::by_ids(conn, &named)? {
        let here = account.handle.domain().is_none();
        let refuses = here && received.visibility == Visibility::Direct && !takes.contains(&account.id);
        let blocked = here && relations::between(conn, account.id, author)?.is_blocked();
        if !refuses && !blocked && account.standing != Standing::Suspended {
            mentions.push(Mention {
                account: account.id,
                handle: account.handle,
            });
        }
    }
    Ok(mentions)
}

/// Takes new words in for a post of `author`. Its audience stays as it was.
///
/// # Errors
/// [`Refused::NotFound`] for a post that is not here, or of somebody else.
pub async fn receive_edit(
    app: &App,
    author: &Speaker,
    id: PostId,
    received: Received,
) -> Result<(), Refused> {
    let (author, now) = (author.account, app.clock.now());
    let (cards, search) = (app.cards.clone(), app.search.clone());
    app.store
        .write_then(
            "receive_edit",
            move |conn| {
                let before = bauta_store::posts::by_id(conn, id)?.filter(|post| post.author == author);
                let before = before.ok_or(Refused::NotFound)?;
                let (html, text) = words(&received.html);
                let warning = bauta_text::clean_line(&received.warning);
                let after = Post {
                    sensitive: received.sensitive || !warning.is_empty(),
                    warning,
                    text,
                    html,
                    language: received.language.clone(),
                    edited: Some(now),
                    tags: received.tags.iter().take(MOST_NAMED).cloned().collect(),
                    ..before.clone()
                };
                if (&after.html, &after.warning, after.sensitive)
                    == (&before.html, &before.warning, before.sensitive)
                {
                    return Ok(());
                }
                let was_at = before
                    .edited
                    .unwrap_or_else(|| conn.clock().slot_of(before.id.unix_seconds()));
                post_changes::edit(conn, &before, was_at, &after)?;
                super::edit::tell(conn, &before, &after)
            },
            move |()| {
                cards.invalidate(id);
                // The index takes it in again when the server starts; until then it says nothing old.
                search.forget(vec![id]);
            },
        )
        .await
}

/// Takes in that an account of another server passed a post on, under the name that this has there.
///
/// # Errors
/// As [`super::boost`].
pub async fn receive_boost(app: &App, booster: &Speaker, post: PostId, uri: &str) -> Result<(), Refused> {
    let followed = {
        let account = booster.account;
        app.store
            .read("has_follower", move |conn| relations::has_follower(conn, account))
            .await?
    };
    let own = crate::reading::readable(app, Some(booster), post).await?;
    if !followed && own.author.account.handle.domain().is_some() {
        return Err(Refused::NotFound);
    }
    super::boost(app, booster, post, Visibility::Public).await?;
    let (account, uri) = (booster.account, uri.to_owned());
    app.store
        .write("name_boost", move |conn| {
            let boost = post_actions::boost_by(conn, account, post)?.ok_or(Refused::NotFound)?;
            if remote::names_of_posts(conn, &[boost])?.is_empty()
                && remote::post_by_uri(conn, &uri)?.is_none()
            {
                remote::name_post(conn, boost, &uri, &uri)?;
            }
            Ok(())
        })
        .await
}
