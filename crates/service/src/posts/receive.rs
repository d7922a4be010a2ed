//! Posts that come from other servers. What was checked before: who signed, and whose post it is.

use std::sync::Arc;

use bauta_model::{
    Account, AccountId, CoarseTime, Mention, Poll, Post, PostId, QuotePolicy, ReplyPolicy, Standing,
    Visibility,
};
use bauta_store::outbox::Kind;
use bauta_store::remote_media::{self as stored, Dropped};
use bauta_store::search::Indexed;
use bauta_store::{Conn, gone_names, polls, post_actions, post_changes, relations, remote};

use super::polls as asking;
use super::post::{Memory, entry, said};
use super::{pass_on, receive_quote, reply_policy};
use crate::by_slot;
use crate::link_previews::Showing;
use crate::reading::account_card;
use crate::remote_emojis::{self, Named};
use crate::streams::Happening;
use crate::{App, Refused, Speaker, remote_media};

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
    /// What it asks, with the counts as its server tells them. Titles are as they came.
    pub poll: Option<Poll>,
    /// What it quotes here.
    pub quote: Option<QuoteReceived>,
    /// Who may quote it, as its server says.
    pub quote_policy: QuotePolicy,
    /// Who may answer it, as its server says.
    pub reply_policy: ReplyPolicy,
    /// Its pictures and other media.
    pub media: Vec<remote_media::Shown>,
    /// Small pictures that it names.
    pub emojis: Vec<Named>,
    /// When its author last edited it, as its server says.
    pub edited: Option<CoarseTime>,
    /// The activity of its author that told of it, if that may be passed on.
    pub pass_on: Option<String>,
}

/// A post here that one of another server quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteReceived {
    /// The quoted post.
    pub post: PostId,
    /// It is quoted in the older way, in which nobody is asked.
    pub unasked: bool,
    /// It is the author's own, or its author's consent was looked at.
    pub proven: bool,
    /// Where the consent is.
    pub stamp: Option<String>,
}

/// Characters of a post from elsewhere; the rest is cut.
const MOST_CHARS: usize = 20_000;
/// People and hashtags of one post.
const MOST_NAMED: usize = 50;
/// Options of a poll from elsewhere; one with more is left out.
const MOST_OPTIONS: usize = 20;
/// Characters of an option; the rest is cut.
const OPTION_CHARS: usize = 200;
/// More votes than there are people are no count.
const MOST_VOTES: i64 = 10_000_000_000;

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
    let (memory, showing) = (Memory::of(app), Showing::of(app));
    let author = author.account;
    let written = app
        .store
        .write_then(
            "receive_post",
            move |conn| write(conn, (author, &showing), &post, passed_on),
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

fn write(
    conn: &mut Conn,
    (author, showing): (AccountId, &Showing),
    received: &Received,
    passed_on: bool,
) -> Result<Taken, Refused> {
    if let Some(before) = remote::post_by_uri(conn, &received.uri)? {
        return Ok(Taken::Before(before));
    }
    if gone_names::holds(conn, &digest_of(&received.uri))? {
        return Err(Refused::NotFound);
    }
    let parent = match received.in_reply_to {
        Some(id) => bauta_store::posts::by_id(conn, id)?,
        None => None,
    };
    // An answer that its author does not let be is not taken in at all: it would be shown as something else.
    if let Some(parent) = &parent
        && !reply_policy::lets(conn, author, parent)?
    {
        return Err(Refused::NotFound);
    }
    let mentions = mentions(conn, author, received)?;
    let quote = receive_quote::judged(conn, author, received)?;
    let quotes_ours = quote.as_ref().is_some_and(|quote| quote.tells.is_some());
    let asked_for = passed_on
        || mentions.iter().any(|mention| mention.handle.domain().is_none())
        || (received.visibility != Visibility::Direct
            && (relations::has_follower(conn, author)?
                || ((parent.is_some() || quotes_ours) && received.visibility.is_open())));
    if !asked_for {
        return Err(Refused::NotFound);
    }
    let id = conn.next_post_id();
    let (html, text) = words(receive_quote::without_link(received));
    let post = Post {
        quote: quote.as_ref().map(|quote| quote.quote.clone()),
        quote_policy: received.quote_policy,
        reply_policy: received.reply_policy,
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
        poll: received.poll.as_ref().and_then(asked),
        edited: received.edited.map(|at| at.min(conn.now())),
        ..Post::new(id, author, received.visibility)
    };
    let counted = bauta_store::posts::insert(conn, &post, None)?;
    let followed = relations::has_follower(conn, author)?;
    let (media, _) = remote_media::show(conn, (author, id), &received.media, followed)?;
    let mut post = Post { media, ..post };
    if followed {
        post.card = showing.show(conn, &post, by_slot::soon(conn.clock()))?;
    }
    if let Some(poll) = &post.poll {
        polls::set_counts(conn, id, poll)?;
    }
    name_emojis(conn, author, received)?;
    remote::name_post(conn, id, &received.uri, &received.url)?;
    super::post::tell(conn, &post)?;
    if let Some(quote) = &quote {
        quote.settle(conn, &post, received)?;
    }
    if let Some(activity) = &received.pass_on {
        pass_on::note(conn, Kind::Answered, &post, activity)?;
    }
    Ok(Taken::New(Box::new((post, counted))))
}

/// The small pictures that a post names.
fn name_emojis(conn: &mut Conn, author: AccountId, received: &Received) -> Result<(), Refused> {
    if received.emojis.is_empty() {
        return Ok(());
    }
    let account = bauta_store::accounts::by_id(conn, author)?.ok_or(Refused::NotFound)?;
    // Those that were replaced are rendered anew once the new ones are here.
    remote_emojis::name(conn, author, account.handle.domain(), &received.emojis)?;
    Ok(())
}

/// Days for which servers try to tell of a post, and some.
const TRIED: i32 = 8;
/// Days for which a post that was here does not come back.
const GONE: i32 = 366;

fn digest_of(uri: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, uri.as_bytes())
        .as_ref()
        .to_vec()
}

/// Notes that a post of another server was deleted before it came.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn never_came(app: &App, uri: &str) -> Result<(), Refused> {
    let digest = digest_of(uri);
    Ok(app
        .store
        .write("never_came", move |conn| gone_names::note(conn, &digest, TRIED))
        .await?)
}

/// Notes that a post of another server that is about to be deleted is not to come back.
pub(super) fn keep_away(conn: &mut Conn, id: PostId) -> bauta_store::Result<()> {
    for (_, uri, _) in remote::names_of_posts(conn, &[id])? {
        gone_names::note(conn, &digest_of(&uri), GONE)?;
    }
    Ok(())
}

/// A poll made safe; nothing where it is none that could be voted in.
fn asked(told: &Poll) -> Option<Poll> {
    let mut poll = told.clone();
    for option in &mut poll.options {
        option.title = bauta_text::clean_line(&option.title)
            .chars()
            .take(OPTION_CHARS)
            .collect();
        option.votes = option.votes.clamp(0, MOST_VOTES);
    }
    poll.voters = poll.voters.clamp(0, MOST_VOTES);
    let titles: std::collections::HashSet<&str> = poll.titles().filter(|title| !title.is_empty()).collect();
    let fits = titles.len() == poll.options.len() && (2..=MOST_OPTIONS).contains(&titles.len());
    fits.then_some(poll)
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

/// Takes new words, and new counts of a poll, in for a post of `author`. Its audience stays as it was. What is older than
/// what is here changes nothing.
///
/// # Errors
/// [`Refused::NotFound`] for a post that is not here, or of somebody else.
pub async fn receive_edit(
    app: &App,
    author: &Speaker,
    id: PostId,
    received: Received,
) -> Result<(), Refused> {
    let card = account_card(app, author.account).await?;
    let findable = (card.account.standing == Standing::Good).then_some(card.account.indexable);
    let author = author.account;
    let quoted = received.quote.as_ref().map(|quote| quote.post);
    let showing = Showing::of(app);
    let mut memory = remote_media::Memory::of(app);
    let (cards, search, streams) = (
        Arc::clone(&app.cards),
        Arc::clone(&app.search),
        Arc::clone(&app.streams),
    );
    app.store
        .write_then(
            "receive_edit",
            move |conn| write_edit(conn, (author, id), &received, &showing),
            move |(edited, dropped): &(Option<Post>, Dropped)| {
                cards.invalidate(id);
                memory.tell(&mut dropped.clone());
                let Some(post) = edited else {
                    return;
                };
                if let Some(quoted) = quoted {
                    cards.invalidate(quoted);
                }
                let mut said = said(post, None);
                said.entry.visibility = listed_as(post.visibility, true);
                streams.say(Happening::Edited(said));
                match findable.and_then(|words| Indexed::of(post, words)) {
                    Some(words) => search.put(words),
                    None => search.forget(vec![id]),
                }
            },
        )
        .await?;
    Ok(())
}

/// Votes are not taken back while a poll is open: what is told with fewer was told earlier, and came late.
fn grown(before: &Poll, told: &Poll) -> Poll {
    let mut poll = told.clone();
    for (option, kept) in poll.options.iter_mut().zip(&before.options) {
        option.votes = option.votes.max(kept.votes);
    }
    poll.voters = poll.voters.max(before.voters);
    poll
}

/// The post as it reads now; nothing where none of its words changed.
fn write_edit(
    conn: &mut Conn,
    (author, id): (AccountId, PostId),
    received: &Received,
    showing: &Showing,
) -> Result<(Option<Post>, Dropped), Refused> {
    let before = bauta_store::posts::by_id(conn, id)?.filter(|post| post.author == author);
    let before = before.ok_or(Refused::NotFound)?;
    if received.edited < before.edited && received.edited.is_some() {
        return Ok((None, Dropped::default()));
    }
    let now = conn.now();
    let (html, text) = words(receive_quote::without_link(received));
    let warning = bauta_text::clean_line(&received.warning);
    let after = Post {
        sensitive: received.sensitive || !warning.is_empty(),
        warning,
        text,
        html,
        language: received.language.clone(),
        edited: Some(received.edited.map_or(now, |at| at.min(now))),
        tags: received.tags.iter().take(MOST_NAMED).cloned().collect(),
        poll: received.poll.as_ref().and_then(asked),
        ..before.clone()
    };
    let requoted = receive_quote::change(conn, &before, received)?;
    if before.quote_policy != received.quote_policy {
        bauta_store::quotes::set_policy(conn, id, received.quote_policy)?;
    }
    if before.reply_policy != received.reply_policy {
        bauta_store::posts::set_reply_policy(conn, id, received.reply_policy)?;
    }
    name_emojis(conn, author, received)?;
    let shown = stored::shown_by(conn, author, Some(id))?;
    let same = remote_media::are_shown(&shown, &received.media)
        && (&after.html, &after.warning, after.sensitive)
            == (&before.html, &before.warning, before.sensitive)
        && asking::ask_the_same(before.poll.as_ref(), after.poll.as_ref());
    if same {
        // Counts alone, or another end, are no other version.
        polls::replace(conn, id, before.poll.as_ref(), after.poll.as_ref())?;
    } else {
        let was_at = before
            .edited
            .unwrap_or_else(|| conn.clock().slot_of(before.id.unix_seconds()));
        post_changes::edit(conn, &before, was_at, &after)?;
        super::edit::tell(conn, &before, &after)?;
        if let Some(activity) = &received.pass_on {
            pass_on::note(conn, Kind::AnswerEdited, &after, activity)?;
        }
    }
    if let Some(poll) = &after.poll {
        let kept = before.poll.as_ref().filter(|_| same && !poll.is_over(now));
        polls::set_counts(
            conn,
            id,
            &kept.map_or_else(|| poll.clone(), |kept| grown(kept, poll)),
        )?;
    }
    let followed = relations::has_follower(conn, author)?;
    let (_, dropped) = remote_media::show(conn, (author, id), &received.media, followed)?;
    if followed && !same {
        showing.show_edited(
            conn,
            (&after, !received.media.is_empty()),
            by_slot::soon(conn.clock()),
        )?;
    }
    Ok(((!same || requoted).then_some(after), dropped))
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
