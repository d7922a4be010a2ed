//! From what a person typed to a post that can be written: cleaned, counted, checked for leaks, rendered once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bauta_model::{
    AccountId, AsideId, Handle, MediaId, Mention, Poll, PostId, QuotePolicy, ReplyPolicy, Standing,
    Visibility,
};
use bauta_store::relations;
use bauta_timeline::AccountCard;

use super::polls::{self, NewPoll};
use super::{leak_check, short_links};
use crate::{App, Refused, Speaker};

/// What a person wants to publish.
#[derive(Clone, Debug)]
pub struct Draft {
    /// As typed.
    pub text: String,
    /// The content warning, as typed; empty if there is none.
    pub warning: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Media are hidden until asked for. A content warning makes it so.
    pub sensitive: bool,
    /// ISO 639 code.
    pub language: Option<String>,
    /// The post that it answers.
    pub in_reply_to: Option<PostId>,
    /// Its media, which wait to be posted, in order.
    pub media: Vec<MediaId>,
    /// What it asks its readers. A post has media or a poll.
    pub poll: Option<NewPoll>,
    /// The post that it quotes.
    pub quote: Option<PostId>,
    /// Who may quote it; nobody where it is not for everyone.
    pub quote_policy: QuotePolicy,
    /// Who may answer it.
    pub reply_policy: ReplyPolicy,
    /// Long links become short links of this server.
    pub shorten: bool,
    /// How long it stays; nothing for good.
    pub lasts: Option<Duration>,
    /// The one among what its author put aside that it takes the place of.
    pub aside: Option<AsideId>,
    /// The author saw what the leak check found, and publishes it all the same.
    pub confirmed: bool,
    /// The app's idempotency key.
    pub key: Option<String>,
}

impl Draft {
    /// A public post with nothing but its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            warning: String::new(),
            visibility: Visibility::Public,
            sensitive: false,
            language: None,
            in_reply_to: None,
            media: Vec::new(),
            poll: None,
            quote: None,
            quote_policy: QuotePolicy::Public,
            reply_policy: ReplyPolicy::Everybody,
            shorten: false,
            lasts: None,
            aside: None,
            confirmed: false,
            key: None,
        }
    }
}

/// The words of a post, ready to be written.
pub(super) struct Prepared {
    pub text: String,
    pub warning: String,
    pub html: String,
    pub language: Option<String>,
    pub mentions: Vec<Mention>,
    pub tags: Vec<String>,
    pub short_links: Vec<short_links::New>,
    pub poll: Option<Poll>,
}

/// What [`prepare`] needs of a draft or an edit.
pub(super) struct Words<'a> {
    pub text: &'a str,
    pub warning: &'a str,
    pub language: Option<&'a str>,
    pub shorten: bool,
    pub confirmed: bool,
    /// It shows something, and needs no words.
    pub has_media: bool,
    /// What it asks from now on.
    pub poll: Option<&'a NewPoll>,
    /// Whom it names is linked, and hears of it.
    pub names: bool,
}

/// Cleans, counts, checks, resolves and renders. No SQL where it names nobody.
pub(super) async fn prepare(
    app: &App,
    speaker: &Speaker,
    author: &AccountCard,
    words: Words<'_>,
) -> Result<Prepared, Refused> {
    let text = bauta_text::clean_links(&bauta_text::clean_text(words.text));
    let warning = bauta_text::clean_line(words.warning);
    if text.is_empty() && !words.has_media {
        return Err(Refused::invalid("status", "A post needs a text or a picture."));
    }
    let language = words.language.map(language).transpose()?;
    let most = app.site.limits.post_chars;
    if bauta_text::count(&text, &warning) > most {
        return Err(Refused::invalid(
            "status",
            format!("A post has at most {most} characters, with its content warning."),
        ));
    }
    let poll = match words.poll {
        Some(_) if words.has_media => {
            return Err(Refused::invalid(
                "poll",
                "A post has pictures or a poll, not both.",
            ));
        }
        Some(poll) => Some(polls::clean(app, poll)?),
        None => None,
    };
    let options = poll.iter().flat_map(Poll::titles);
    let parts: Vec<&str> = [text.as_str(), warning.as_str()]
        .into_iter()
        .chain(options)
        .collect();
    leak_check::check(app, speaker, author.account.bot, &parts, words.confirmed)?;
    let (text, short_links) = if words.shorten {
        short_links::shorten(&app.site, &text)
    } else {
        (text, Vec::new())
    };
    let site = app.site.text();
    let named = if words.names {
        named(app, bauta_text::named(&text, site)).await?
    } else {
        Vec::new()
    };
    let rendered = bauta_text::render(&text, site, |handle| {
        let card = named.iter().find(|card| card.account.handle == *handle)?;
        Some(card.account.handle.clone())
    });
    let mentions = named
        .iter()
        .filter(|card| rendered.mentions.contains(&card.account.handle))
        .map(|card| Mention {
            account: card.account.id,
            handle: card.account.handle.clone(),
        })
        .collect();
    Ok(Prepared {
        text,
        warning,
        html: rendered.html,
        language,
        mentions,
        tags: rendered.tags,
        short_links,
        poll,
    })
}

/// An ISO 639 code, perhaps with a region: `en`, `pt-BR`.
fn language(code: &str) -> Result<String, Refused> {
    let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if (2..=16).contains(&code.len()) && plain {
        Ok(code.to_owned())
    } else {
        Err(Refused::invalid(
            "language",
            "This is not the code of a language.",
        ))
    }
}

/// The accounts of handles: from memory, and with one query for the rest.
async fn named(app: &App, handles: Vec<Handle>) -> Result<Vec<Arc<AccountCard>>, Refused> {
    let mut cards = Vec::with_capacity(handles.len());
    let mut missing = Vec::new();
    for handle in handles {
        match app.accounts.by_handle(handle.key()) {
            Some(card) => cards.push(card),
            None => missing.push(handle),
        }
    }
    if !missing.is_empty() {
        let accounts = app
            .store
            .read("named", move |conn| {
                bauta_store::accounts::by_handles(conn, &missing)
            })
            .await?;
        cards.extend(
            accounts
                .into_iter()
                .map(|account| Arc::new(AccountCard::new(account))),
        );
    }
    cards.retain(|card| card.account.standing != Standing::Suspended);
    Ok(cards)
}

/// Refuses a direct post to somebody who takes none from strangers.
pub(super) async fn check_direct(app: &App, author: AccountId, mentions: &[Mention]) -> Result<(), Refused> {
    // What people of other servers take is decided there.
    let targets: Vec<AccountId> = mentions
        .iter()
        .filter(|mention| mention.handle.domain().is_none())
        .map(|mention| mention.account)
        .filter(|account| *account != author)
        .collect();
    if targets.is_empty() {
        return Ok(());
    }
    let asked = targets.clone();
    let takes: HashSet<AccountId> = app
        .store
        .read("takes_direct", move |conn| {
            relations::takes_direct(conn, author, &asked)
        })
        .await?;
    match mentions
        .iter()
        .find(|mention| targets.contains(&mention.account) && !takes.contains(&mention.account))
    {
        Some(mention) => Err(Refused::invalid(
            "visibility",
            format!(
                "@{} takes no direct posts from people whom they do not follow.",
                mention.handle
            ),
        )),
        None => Ok(()),
    }
}
