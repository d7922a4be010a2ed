//! Posts that go by themselves: deleted as by their author's hand, with all that this means.

use std::time::Duration;

use bauta_model::{CoarseTime, PostId};
use bauta_store::expiry as rows;

pub use bauta_store::expiry::{Rule, Spared};

use super::delete_post::remove;
use crate::reading::readable;
use crate::{App, Refused, Speaker};

/// How long a post can be made to stay: as with polls, five minutes at least.
const SHORTEST: Duration = Duration::from_mins(5);
const LONGEST: Duration = Duration::from_hours(24 * 366 * 5);

/// After how many days the posts of somebody can be made to go.
pub const LIFETIMES: [u16; 12] = [1, 3, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825];

/// Posts that go in a slot because their time has come.
const MOST_DUE: i64 = 1000;
/// Old posts of an author that go in an hour: each is told to other servers.
const MOST_OLD: i64 = 200;

/// Refuses a time that is none.
pub(super) fn check(lasts: Option<Duration>) -> Result<(), Refused> {
    if lasts.is_some_and(|lasts| lasts < SHORTEST || lasts > LONGEST) {
        let why = "A post that goes by itself stays five minutes at least, and five years at most.";
        return Err(Refused::invalid("expires_in", why));
    }
    Ok(())
}

/// When a post of the speaker goes by itself.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub async fn end_of(app: &App, speaker: &Speaker, id: PostId) -> Result<Option<CoarseTime>, Refused> {
    let found = readable(app, Some(speaker), id).await?;
    if found.card.post.author != speaker.account {
        return Err(Refused::NotFound);
    }
    Ok(app
        .store
        .read("post_end", move |conn| rows::of_post(conn, id))
        .await?)
}

/// How long the speaker's posts stay; nothing: for good.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn rule(app: &App, speaker: &Speaker) -> Result<Option<Rule>, Refused> {
    let me = speaker.account;
    Ok(app
        .store
        .read("expiry_rule", move |conn| rows::rule(conn, me))
        .await?)
}

/// Says how long the speaker's posts stay.
///
/// # Errors
/// [`Refused::Invalid`] names `days` for another number than one of [`LIFETIMES`].
pub async fn set_rule(app: &App, speaker: &Speaker, rule: Option<Rule>) -> Result<(), Refused> {
    speaker.speaks()?;
    if rule.is_some_and(|rule| !LIFETIMES.contains(&rule.days)) {
        return Err(Refused::invalid("days", "Choose a time from the list."));
    }
    let me = speaker.account;
    app.store
        .write("set_expiry_rule", move |conn| rows::set_rule(conn, me, rule))
        .await?;
    Ok(())
}

/// Deletes posts whose time has come and, once an hour, those that are older than their authors want. `looked` is the hour
/// in which the latter was last done.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; the next slot goes on.
pub(crate) async fn let_go(app: &App, looked: &mut Option<i64>) -> Result<(), Refused> {
    let due = app.store.read("ended_posts", |conn| rows::due(conn, MOST_DUE));
    delete_all(app, due.await?).await?;
    let hour = app.clock.now().unix_seconds().div_euclid(3600);
    if *looked == Some(hour) {
        return Ok(());
    }
    for (account, rule) in app.store.read("expiry_rules", rows::rules).await? {
        let old = app
            .store
            .read("old_posts", move |conn| rows::old(conn, account, rule, MOST_OLD));
        delete_all(app, old.await?).await?;
    }
    *looked = Some(hour);
    Ok(())
}

async fn delete_all(app: &App, posts: Vec<PostId>) -> Result<(), Refused> {
    for id in posts {
        match remove(app, id).await {
            // Its author was faster, or what it boosted is gone.
            Ok(()) | Err(Refused::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(())
}
