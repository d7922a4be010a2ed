//! An account and what it says.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{Account, Handle, Standing, form, grouped};
use bauta_service::showcase::{self, Showcase};
use bauta_service::timelines::{self, Of, Page};
use bauta_service::{App, Refused, Speaker, accounts};
use bauta_text::escape_html;
use bauta_timeline::AccountCard;

use super::care::Relation;
use crate::ask::{Ask, encode};
use crate::emoji::{name_of, pictured};
use crate::frame::{Frame, Here, public_page};
use crate::posts::{List, Reader, avatar};
use crate::visitor::Visitor;
use crate::words::EN;
use crate::{error, feeds};

/// Which of an account's posts are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Posts,
    Replies,
    Media,
}

impl Tab {
    /// What follows the handle in the address.
    const fn path(self) -> &'static str {
        match self {
            Self::Posts => "",
            Self::Replies => "/with-replies",
            Self::Media => "/media",
        }
    }
}

#[derive(Template)]
#[template(path = "page/profile.html")]
struct Profile {
    frame: Frame,
    account: Arc<Account>,
    url: String,
    mine: bool,
    relation: Option<Relation>,
    /// The handle of where the account went.
    moved: Option<String>,
    tab: Tab,
    /// Numbers with the nouns that follow them.
    posts_count: (String, &'static str),
    followers_count: (String, &'static str),
    following_count: String,
    about: String,
    picture: String,
    /// The account's name as HTML.
    name: String,
    bio: String,
    fields: Vec<(String, String)>,
    circles: &'static crate::words_circles::Words,
    /// Hashtags on the profile, with where the posts are.
    featured: Vec<(String, String)>,
    /// Handles of whom it recommends.
    recommended: Vec<String>,
    pinned: List,
    list: List,
}

/// `GET /@handle`, and its feeds at `/@handle.atom`, `.rss` and `.json`
pub async fn posts(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    let made = match feeds::Format::split(&name) {
        Some((name, format)) => feeds::of_account(&app, visitor.door, name, format).await,
        None => page(&app, &visitor, &name, &ask, Tab::Posts).await,
    };
    error::answer(&app, &visitor, made)
}

/// `GET /@handle/with-replies`
pub async fn with_replies(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        page(&app, &visitor, &name, &ask, Tab::Replies).await,
    )
}

/// `GET /@handle/media`
pub async fn media(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    error::answer(
        &app,
        &visitor,
        page(&app, &visitor, &name, &ask, Tab::Media).await,
    )
}

/// The account of a handle in an address, or where it is instead when it is written in another case.
pub async fn account_at(
    app: &App,
    name: &str,
    rest: &str,
) -> Result<Result<Arc<AccountCard>, Response>, Refused> {
    let handle = Handle::parse_any(name).map_err(|_| Refused::NotFound)?;
    let card = accounts::by_handle(app, &handle).await?;
    if card.account.handle.as_str() == name {
        return Ok(Ok(card));
    }
    let place = format!("/@{}{rest}", card.account.handle);
    Ok(Err(Redirect::permanent(&place).into_response()))
}

async fn page(app: &App, visitor: &Visitor, name: &str, ask: &Ask, tab: Tab) -> Result<Response, Refused> {
    let card = match account_at(app, name, tab.path()).await? {
        Ok(card) => card,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let account = Arc::clone(&card.account);
    let (viewer, part) = (visitor.speaker.as_ref(), ask.page()?);
    let of = match tab {
        Tab::Media => Of::Media { replies: true },
        Tab::Posts | Tab::Replies => Of::Posts {
            replies: tab == Tab::Replies,
            boosts: true,
        },
    };
    let relation = Relation::of(app, visitor, account.id).await?;
    // Whoever blocks somebody still finds the page on which the block ends.
    let blocks = relation.as_ref().is_some_and(|relation| relation.between.blocks);
    let shown = if blocks {
        Vec::new()
    } else {
        timelines::profile(app, viewer, account.id, &of, &part).await?
    };
    let reader = Reader::new(app, visitor, ask);
    let is_top = part.max_id.is_none() && part.min_id.is_none();
    let pinned = if is_top && tab == Tab::Posts && !blocks {
        let most = Page::newest(app.site.limits.pinned_posts);
        List::whole(
            &timelines::profile(app, viewer, account.id, &Of::Pinned, &most).await?,
            &reader,
        )
    } else {
        List::default()
    };
    let showcase = showcase::of(app, account.id).await?;
    let moved = accounts::moving::moved_to(app, account.id).await?;
    let mine = reader.account == Some(account.id);
    let here = if mine { Here::Profile } else { Here::Elsewhere };
    let title = format!("{} (@{})", account.name(), account.handle);
    let listed = account.discoverable && account.standing == Standing::Good;
    let page = Profile {
        frame: Frame::new(app, visitor, title, here).indexable(listed),
        url: format!("{}/@{}", app.site.base_url, account.handle),
        mine,
        relation,
        moved: moved.map(|card| card.account.handle.to_string()),
        tab,
        posts_count: said(account.posts_count, EN.one_post, EN.posts),
        followers_count: said(account.followers_count, EN.one_follower, EN.followers),
        following_count: grouped(account.following_count),
        picture: avatar(&account),
        about: bauta_text::excerpt(&bauta_text::plain(&account.bio_html), 200),
        bio: pictured(app, &account, &reader.relative(&account.bio_html)),
        name: name_of(app, &account),
        fields: account
            .fields
            .iter()
            .map(|field| {
                (
                    pictured(app, &account, &escape_html(&field.name)),
                    pictured(app, &account, &reader.relative(&field.value_html)),
                )
            })
            .collect(),
        circles: &crate::words_circles::EN,
        featured: featured(&account, &showcase),
        recommended: recommended(app, viewer, &showcase).await?,
        pinned,
        list: List::part(&shown, &reader, &part, ""),
        account,
    };
    Ok(public_page(visitor, &page))
}

/// The hashtags on a profile.
fn featured(account: &Account, showcase: &Showcase) -> Vec<(String, String)> {
    let place = |tag: &String| format!("/@{}/tagged/{}", account.handle, encode(tag));
    showcase
        .tags
        .iter()
        .map(|tag| (tag.clone(), place(tag)))
        .collect()
}

/// The handles of those whom a profile recommends.
async fn recommended(app: &App, viewer: Option<&Speaker>, of: &Showcase) -> Result<Vec<String>, Refused> {
    let people = showcase::people(app, viewer, of).await?;
    Ok(people
        .iter()
        .map(|card| card.account.handle.to_string())
        .collect())
}

/// A number that stands out, and its noun.
fn said(number: i64, one: &'static str, many: &'static str) -> (String, &'static str) {
    (grouped(number), form(number, one, many))
}
