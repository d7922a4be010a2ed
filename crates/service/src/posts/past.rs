//! Posts that somebody brings along from another server. They join at their place in the past, and nobody is told: not other
//! servers, not followers, not whoever a post named.

use bauta_model::{Account, CoarseTime, MediaId, Post, PostId, QuotePolicy, Standing, Visibility};
use bauta_store::exchange;

use super::draft::{Words, prepare};
use super::post::{Memory, Parent, Unwritten, worded, write_with_media};
use crate::reading::{account_card, readable};
use crate::{App, Refused, Speaker};

/// A post as it was elsewhere, in plain text.
pub(crate) struct Past {
    pub text: String,
    pub warning: String,
    pub visibility: Visibility,
    pub sensitive: bool,
    /// ISO 639 code.
    pub language: Option<String>,
    /// The speaker's own post that it continues.
    pub continues: Option<PostId>,
    /// Attachments that wait to be posted.
    pub media: Vec<MediaId>,
    /// The one that was brought in before it: of the same slot this one comes later.
    pub before: Option<PostId>,
    /// When it was published there, cut to a slot of ours.
    pub at: CoarseTime,
}

/// The speaker's post of this slot with these words, if it was brought in before. How it was called elsewhere is not kept:
/// that would name the account there.
pub(crate) async fn brought_before(
    app: &App,
    speaker: &Speaker,
    at: CoarseTime,
    text: &str,
) -> Result<Option<PostId>, Refused> {
    let (author, text) = (speaker.account, cleaned(text));
    let end = at.plus(app.clock.slot());
    let found = app
        .store
        .read("brought_before", move |conn| {
            let ids = exchange::own_posts_within(conn, author, PostId::first_of(at), PostId::first_of(end))?;
            bauta_store::posts::by_ids(conn, &ids)
        })
        .await?;
    Ok(found.iter().find(|post| post.text == text).map(|post| post.id))
}

fn cleaned(text: &str) -> String {
    bauta_text::clean_links(&bauta_text::clean_text(text))
}

/// Takes a post in. It is looked at as one that is written now: what is too long or tells who somebody is, is refused.
///
/// # Errors
/// [`Refused::Invalid`], [`Refused::Leak`]; [`Refused::NotFound`] where it continues what is gone.
pub(crate) async fn bring_in(app: &App, speaker: &Speaker, past: Past) -> Result<PostId, Refused> {
    speaker.speaks()?;
    crate::attachments::check_count(app, &past.media)?;
    if past.at >= app.clock.now() {
        return Err(Refused::invalid("published", "Its time has not come yet."));
    }
    let account = account_card(app, speaker.account).await?;
    let words = Words {
        text: &past.text,
        warning: &past.warning,
        language: past.language.as_deref(),
        shorten: false,
        confirmed: false,
        has_media: !past.media.is_empty(),
        poll: None,
        names: false,
    };
    let prepared = prepare(app, speaker, &account, words).await?;
    let parent = match past.continues {
        Some(id) => Some(own(app, speaker, id).await?),
        None => None,
    };
    let indexable = account.account.standing == Standing::Good && account.account.indexable;
    let (author, media, memory) = (speaker.account, past.media.clone(), Memory::of(app));
    let written = app.store.write_then(
        "bring_in",
        move |conn| {
            let id = bauta_store::posts::id_in_the_past(conn, past.at, past.before)?;
            let new = Post {
                quote_policy: super::quote::policy(past.visibility, QuotePolicy::Public),
                ..Post::new(id, author, past.visibility)
            };
            let mut post = worded(new, parent, past.sensitive, prepared);
            let counted = write_with_media(conn, &mut post, &past.media)?;
            Ok::<_, Unwritten>((post, counted))
        },
        move |(post, author): &(Post, Option<Account>)| memory.join(post, author.as_ref(), indexable),
    );
    match written.await {
        Ok((post, _)) => Ok(post.id),
        Err(unwritten) => unwritten.answer(app, speaker, &media),
    }
}

async fn own(app: &App, speaker: &Speaker, id: PostId) -> Result<Parent, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    let post = &found.card.post;
    if post.author != speaker.account {
        return Err(Refused::NotFound);
    }
    Ok(Parent::of(post))
}
