//! A post as a piece of a page, and lists of posts.
//!
//! What is the same for every reader is rendered once and kept with the card; only the words that act on a post differ
//! by reader. The buttons of a whole page share one form, so that no piece holds a token.

use std::sync::Arc;

use askama::Template;
use bauta_model::{Account, AccountId, CoarseTime, Post, PostId, PostState, Visibility};
use bauta_service::App;
use bauta_service::filters::{Action, Context, Met};
use bauta_service::quoted::MayQuote;
use bauta_service::reading::Shown;
use bauta_text::escape_html;
use bauta_timeline::{AccountCard, Flags, Page, Piece};
use bytes::Bytes;

use crate::ask::{Ask, encode};
use crate::csrf;
use crate::emoji::{name_of, pictured};
use crate::media::media_of;
use crate::polls::poll_of;
use crate::quotes::quote_of;
use crate::visitor::Visitor;
use crate::words::{EN, Words};
use crate::words_circles::EN as CIRCLES;

/// Who looks at a list: it decides on the words below a post.
#[derive(Clone)]
pub struct Reader<'a> {
    /// The server.
    pub app: &'a App,
    /// The reader's account, if signed in.
    pub account: Option<AccountId>,
    /// Where a button leads back to: the path of the page, encoded.
    pub back: String,
    /// Which of the reader's filters are applied; none where they are not.
    pub context: Option<Context>,
    /// The token of forms; empty where there is none to send.
    pub csrf: String,
}

impl<'a> Reader<'a> {
    /// Whoever asked for a page.
    pub fn new(app: &'a App, visitor: &Visitor, ask: &Ask) -> Self {
        Self {
            app,
            account: visitor.speaker.as_ref().map(|speaker| speaker.account),
            back: encode(&ask.here),
            context: context_of(&ask.here),
            csrf: match &visitor.speaker {
                Some(_) => csrf::token(app, visitor.token.as_deref()),
                None => String::new(),
            },
        }
    }

    /// HTML of ours whose links to this server are relative.
    pub fn relative(&self, html: &str) -> String {
        bauta_text::relative(html, self.text_site())
    }

    fn text_site(&self) -> bauta_text::Site<'a> {
        bauta_text::Site {
            domain: &self.app.site.domain,
            base: &self.app.site.base_url,
        }
    }
}

/// Which filters a page applies, by its path.
fn context_of(path: &str) -> Option<Context> {
    let path = path.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').skip(1);
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("" | "lists", _) => Some(Context::Home),
        ("local" | "tags" | "search", _) => Some(Context::Public),
        (name, Some(post)) if name.starts_with('@') && post.parse::<PostId>().is_ok() => {
            Some(Context::Thread)
        }
        (name, _) if name.starts_with('@') => Some(Context::Account),
        _ => None,
    }
}

/// How a filter lets a post be seen.
pub enum Sight<'s> {
    /// As it is.
    Plain,
    /// Behind the name of a filter.
    Behind(&'s str),
    /// Not at all.
    LeftOut,
}

/// How the reader's filters let a post be seen.
pub fn sight<'s>(shown: &'s Shown, reader: &Reader<'_>) -> Sight<'s> {
    let Some(context) = reader.context else {
        return Sight::Plain;
    };
    let applied = |met: &&Met| met.filter.contexts.contains(&context);
    let mut sight = Sight::Plain;
    for met in shown.filtered.iter().filter(applied) {
        match met.filter.action {
            Action::Hide => return Sight::LeftOut,
            Action::Warn => sight = Sight::Behind(&met.filter.title),
            // Pages show media when they are asked for.
            Action::Blur => {}
        }
    }
    sight
}

#[derive(Template)]
#[template(path = "post/author.html")]
struct AuthorPiece<'a> {
    account: &'a Account,
    name: String,
    picture: String,
}

#[derive(Template)]
#[template(path = "post/body.html")]
struct BodyPiece<'a> {
    words: &'static Words,
    post: &'a Post,
    warning: String,
    html: String,
    media: String,
    poll: String,
    quote: String,
    meta: Meta,
}

/// The line below a post: when, and for whom.
#[derive(Template)]
#[template(path = "post/meta.html")]
pub struct Meta {
    words: &'static Words,
    path: String,
    time: CoarseTime,
    audience: Option<&'static str>,
    edited: bool,
    held_back: bool,
    new_window: bool,
}

impl Meta {
    /// Of a post in a frame, whose links open outside of it.
    pub fn in_frame(app: &App, post: &Post, handle: &str) -> Self {
        Self {
            new_window: true,
            ..Self::of(app, post, handle)
        }
    }

    /// Of a post by `handle`.
    pub fn of(app: &App, post: &Post, handle: &str) -> Self {
        Self {
            words: &EN,
            path: format!("/@{handle}/{}", post.id),
            time: posted(app, post),
            audience: (post.visibility != Visibility::Public).then(|| audience(post.visibility)),
            edited: post.edited.is_some(),
            held_back: post.state == PostState::Hidden,
            new_window: false,
        }
    }
}

#[derive(Template)]
#[template(path = "post/acts.html")]
struct Acts<'a> {
    words: &'static Words,
    post: &'a Post,
    handle: &'a str,
    flags: Flags,
    mine: bool,
    signed_in: bool,
    boostable: bool,
    quotable: bool,
    answerable: bool,
    back: &'a str,
}

/// Posts of a page as list items, with the way to what is older and newer.
#[derive(Default)]
pub struct List {
    /// `<li>` after `<li>`; empty when there is none.
    pub html: String,
    /// The query of the next part.
    pub older: Option<String>,
    /// The query of the part before.
    pub newer: Option<String>,
}

impl List {
    /// A list without parts.
    pub fn whole(shown: &[Shown], reader: &Reader<'_>) -> Self {
        let mut html = String::with_capacity(shown.len() * 1400);
        for one in shown {
            push(&mut html, one, reader);
        }
        Self {
            html,
            ..Self::default()
        }
    }

    /// A part of a list. `extra` goes on in the links to other parts: empty, or `&name=value`.
    pub fn part(shown: &[Shown], reader: &Reader<'_>, page: &Page, extra: &str) -> Self {
        let link = |name: &str, id: PostId| format!("?{name}={id}{extra}");
        let more = shown.len() >= page.limit || page.min_id.is_some();
        let paged = page.max_id.is_some() || (page.min_id.is_some() && shown.len() >= page.limit);
        Self {
            older: shown
                .last()
                .filter(|_| more)
                .map(|last| link("max_id", last.id())),
            newer: shown
                .first()
                .filter(|_| paged)
                .map(|first| link("min_id", first.id())),
            ..Self::whole(shown, reader)
        }
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

/// Adds a post to a list.
fn push(html: &mut String, shown: &Shown, reader: &Reader<'_>) {
    use std::fmt::Write;
    let sight = sight(shown, reader);
    if matches!(sight, Sight::LeftOut) {
        return;
    }
    let _ = write!(html, "<li><article class=\"post\" id=\"p{}\">", shown.id());
    if let Some(booster) = &shown.boosted_by {
        let account = &booster.account;
        let _ = write!(
            html,
            "<p class=\"why\">{} <a href=\"/@{}\"><bdi>{}</bdi></a></p>",
            EN.boosted_by,
            account.handle,
            escape_html(account.name())
        );
    } else if shown.pinned_here {
        let _ = write!(html, "<p class=\"why\">{}</p>", EN.pinned);
    }
    html.push_str(author_html(reader.app, &shown.author));
    let body = body_of(shown, reader);
    let body = text_of(&body);
    if let Sight::Behind(title) = sight {
        let _ = write!(
            html,
            "<details class=\"warned\"><summary data-open=\"{}\">{}: <bdi>{}</bdi></summary>{body}</details>",
            EN.show,
            CIRCLES.filtered,
            escape_html(title)
        );
    } else {
        html.push_str(body);
    }
    match reader.account {
        // Every stranger reads the same.
        None => html.push_str(text_of(
            shown
                .card
                .piece(Piece::HtmlTail, || Bytes::from(acts(shown, reader))),
        )),
        Some(_) => html.push_str(&acts(shown, reader)),
    }
    html.push_str("</article></li>\n");
}

/// A piece was rendered from a `String`.
pub fn text_of(piece: &Bytes) -> &str {
    str::from_utf8(piece).unwrap_or_default()
}

/// The account's name and picture, as they stand above its posts and in lists of people.
fn author_piece<'c>(app: &App, card: &'c Arc<AccountCard>) -> &'c Bytes {
    card.piece(Piece::HtmlHead, || {
        render(&AuthorPiece {
            account: &card.account,
            name: name_of(app, &card.account),
            picture: avatar(&card.account),
        })
    })
}

/// Where an account's picture is: its own, or the mask that is drawn from its id.
pub fn avatar(account: &Account) -> String {
    match account.avatar {
        Some(picture) => format!("/media/{picture}"),
        None => format!("/media/mask/{}", account.id),
    }
}

/// People as list items.
pub fn people(app: &App, cards: &[Arc<AccountCard>]) -> String {
    let mut html = String::new();
    for card in cards {
        html.extend(["<li>", author_html(app, card), "</li>\n"]);
    }
    html
}

/// The same as HTML.
pub fn author_html<'c>(app: &App, card: &'c Arc<AccountCard>) -> &'c str {
    text_of(author_piece(app, card))
}

/// What a post says. With a poll or a quote, it differs by reader and by time; otherwise it is rendered once.
pub fn body_of(shown: &Shown, reader: &Reader<'_>) -> Bytes {
    let card = &shown.card;
    let body = || {
        render(&BodyPiece {
            words: &EN,
            post: &card.post,
            html: words_of(&card.post, &shown.author.account, reader),
            warning: warning_of(&card.post, &shown.author.account, reader),
            media: media_of(&card.post),
            poll: poll_of(shown, reader),
            quote: quote_of(shown, reader),
            meta: Meta::of(reader.app, &card.post, shown.author.account.handle.as_str()),
        })
    };
    if card.post.poll.is_some() || card.post.quote.is_some() {
        body()
    } else {
        card.piece(Piece::HtmlHead, body).clone()
    }
}

/// A post's text as HTML, with its small pictures, whose links to this server are relative.
pub fn words_of(post: &Post, author: &Account, reader: &Reader<'_>) -> String {
    pictured(reader.app, author, &reader.relative(&post.html))
}

/// A post's warning as HTML, with its small pictures; empty where it has none.
pub fn warning_of(post: &Post, author: &Account, reader: &Reader<'_>) -> String {
    pictured(reader.app, author, &escape_html(&post.warning))
}

/// The words that act on a post.
pub fn acts(shown: &Shown, reader: &Reader<'_>) -> String {
    let post = &*shown.card.post;
    let mine = reader.account == Some(post.author);
    let boostable = post.visibility.is_open() || (mine && post.visibility == Visibility::Followers);
    Acts {
        words: &EN,
        post,
        handle: shown.author.account.handle.as_str(),
        flags: shown.flags,
        mine,
        signed_in: reader.account.is_some(),
        boostable,
        answerable: shown.may_reply,
        quotable: shown.may_quote != MayQuote::No,
        back: &reader.back,
    }
    .render()
    .unwrap_or_default()
}

fn render(template: &impl Template) -> Bytes {
    Bytes::from(template.render().unwrap_or_default())
}

/// The slot of a post's publication: what ran over from a crowded slot is brought back to it.
pub fn posted(app: &App, post: &Post) -> CoarseTime {
    app.clock.slot_of(post.id.unix_seconds())
}

/// Who may read a post, in words.
pub fn audience(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => EN.audience_public,
        Visibility::Unlisted => EN.audience_unlisted,
        Visibility::Followers => EN.audience_followers,
        Visibility::Direct => EN.audience_direct,
    }
}

/// Lets the links of our own HTML open outside of a frame: this server does not let itself be framed.
pub fn in_new_window(html: &str) -> String {
    // Quotes in text are escaped, so `<a href="` stands only where a link begins.
    html.replace("<a ", "<a target=\"_blank\" ")
}
