//! Who may read what: the one place of these rules. Lists apply the same rules, in SQL or in memory.

use std::sync::Arc;

use bauta_model::{Account, AccountId, CoarseTime, Post, PostId, PostState, Standing, Visibility};
use bauta_store::relations::{self, Between};
use bauta_timeline::{Follow, Mark, Marks, Reader, ReaderSeed};

use crate::{App, Refused, Speaker};

pub use crate::shown::{Shown, account_card, account_cards, shown, shown_one};

/// Who reads, as far as the rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The reader's account.
    pub account: AccountId,
    /// Works the reports queue.
    pub moderates: bool,
}

impl From<&Speaker> for Viewer {
    fn from(speaker: &Speaker) -> Self {
        Self {
            account: speaker.account,
            moderates: speaker.role.moderates(),
        }
    }
}

/// How a reader stands to an author.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tie {
    /// The reader follows the author.
    pub follows: bool,
    /// One of the two blocks the other.
    pub blocked: bool,
}

impl From<Between> for Tie {
    fn from(between: Between) -> Self {
        Self {
            follows: between.follows,
            blocked: between.is_blocked(),
        }
    }
}

/// True if `viewer` (nobody: a stranger) may read `post` of `author`, to whom they stand as `tie` says.
///
/// Moderators read what they hid, and no more private posts than others: what is reported reaches them otherwise.
pub fn may_read(viewer: Option<Viewer>, tie: Tie, post: &Post, author: &Account) -> bool {
    let own = viewer.is_some_and(|viewer| viewer.account == author.id);
    if author.standing == Standing::Suspended {
        return false;
    }
    if own {
        return true;
    }
    let moderates = viewer.is_some_and(|viewer| viewer.moderates);
    if tie.blocked || (post.state == PostState::Hidden && !moderates) {
        return false;
    }
    let named = || {
        viewer.is_some_and(|viewer| {
            post.mentions
                .iter()
                .any(|mention| mention.account == viewer.account)
        })
    };
    match post.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Followers => tie.follows || named(),
        Visibility::Direct => named(),
    }
}

/// The post of `id` with its author, if `viewer` may read it; of a boost, the post that it boosts as well.
///
/// # Errors
/// [`Refused::NotFound`] whether there is no such post or the viewer may not know of it.
pub async fn readable(app: &App, viewer: Option<&Speaker>, id: PostId) -> Result<Shown, Refused> {
    let found = shown_one(app, viewer.map(|speaker| speaker.account), id).await?;
    let who = viewer.map(Viewer::from);
    let tie = tie(app, who, found.author.account.id).await?;
    let mut allowed = may_read(who, tie, &found.card.post, &found.author.account);
    if let (Some(boost), Some(booster)) = (&found.boost, &found.boosted_by) {
        let tie = self::tie(app, who, booster.account.id).await?;
        allowed = allowed && may_read(who, tie, &boost.post, &booster.account);
    }
    if allowed {
        Ok(found)
    } else {
        Err(Refused::NotFound)
    }
}

/// How a reader stands to `author`. What memory knows saves the question to the store.
pub(crate) async fn tie(app: &App, viewer: Option<Viewer>, author: AccountId) -> Result<Tie, Refused> {
    let Some(viewer) = viewer.filter(|viewer| viewer.account != author) else {
        return Ok(Tie::default());
    };
    let reader = reader(app, viewer.account).await?;
    if !reader.hides(author) {
        return Ok(Tie {
            follows: reader.follows(author),
            blocked: false,
        });
    }
    // Hidden is muted or blocked; only a block keeps from reading.
    let between = app
        .store
        .read("between", move |conn| {
            relations::between(conn, viewer.account, author)
        })
        .await?;
    Ok(between.into())
}

/// Marks of each kind that are held for a reader: the rest is asked of the store.
const MOST_MARKS: i64 = 4000;

/// The reader as timelines know them, loaded once.
pub(crate) async fn reader(app: &App, account: AccountId) -> Result<Arc<Reader>, Refused> {
    app.mute_ends.settle(app.clock.now(), &app.timelines);
    if let Some(reader) = app.timelines.reader(account) {
        return Ok(reader);
    }
    let ticket = app.timelines.reader_ticket(account);
    let now = app.clock.now().unix_seconds();
    let (circle, marks, apart, tags) = app
        .store
        .read("reader", move |conn| {
            let circle = relations::circle(conn, account)?;
            let marks = bauta_store::post_actions::all_marks(conn, account, MOST_MARKS)?;
            let apart = bauta_store::lists::apart(conn, account)?;
            let tags = bauta_store::tags::followed(conn, account)?;
            Ok::<_, bauta_store::Error>((circle, marks, apart, tags))
        })
        .await?;
    for until in circle
        .muted
        .iter()
        .filter_map(|(_, until)| *until)
        .filter(|until| *until > now)
    {
        app.mute_ends.note(CoarseTime::from_unix_seconds(until), account);
    }
    let muted = circle
        .muted
        .iter()
        .filter(|(_, until)| until.is_none_or(|until| until > now));
    let hidden = circle
        .blocked
        .iter()
        .copied()
        .chain(muted.map(|(account, _)| *account));
    let seed = ReaderSeed {
        id: account,
        follows: circle
            .follows
            .iter()
            .map(|(account, boosts)| Follow {
                account: *account,
                boosts: *boosts,
            })
            .collect(),
        hidden: hidden.collect(),
        apart,
        tags,
        marks: held_marks(&marks),
    };
    Ok(app.timelines.put_reader(ticket, seed))
}

/// The marks as far back as every kind was loaded.
fn held_marks(all: &bauta_store::post_actions::AllMarks) -> Marks {
    let kinds = [
        (Mark::Favourite, &all.favourited),
        (Mark::Boost, &all.boosted),
        (Mark::Bookmark, &all.bookmarked),
    ];
    let since = kinds
        .iter()
        .filter(|(_, posts)| posts.len() as i64 >= MOST_MARKS)
        .filter_map(|(_, posts)| posts.iter().min().copied())
        .max();
    let mut marks = since.map_or_else(Marks::whole, Marks::since);
    for (mark, posts) in kinds {
        for post in posts {
            marks.set(mark, *post, true);
        }
    }
    for thread in &all.muted_threads {
        marks.set(Mark::MuteThread, *thread, true);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, post};
    use bauta_model::Mention;

    /// Reader 1, author 2.
    fn allowed(viewer: Option<Viewer>, tie: Tie, change: impl Fn(&mut Post, &mut Account)) -> [bool; 4] {
        Visibility::ALL.map(|visibility| {
            let (mut post, mut author) = (post(10, 2, visibility), account(2));
            change(&mut post, &mut author);
            may_read(viewer, tie, &post, &author)
        })
    }

    const READER: Option<Viewer> = Some(Viewer {
        account: AccountId::new(1),
        moderates: false,
    });
    const AUTHOR: Option<Viewer> = Some(Viewer {
        account: AccountId::new(2),
        moderates: false,
    });
    const MODERATOR: Option<Viewer> = Some(Viewer {
        account: AccountId::new(1),
        moderates: true,
    });
    const STRANGE: Tie = Tie {
        follows: false,
        blocked: false,
    };
    const FOLLOWS: Tie = Tie {
        follows: true,
        blocked: false,
    };
    const BLOCKED: Tie = Tie {
        follows: false,
        blocked: true,
    };

    fn names_reader(post: &mut Post) {
        post.mentions.push(Mention {
            account: AccountId::new(1),
            handle: account(1).handle,
        });
    }

    /// Each line: public, unlisted, followers, direct.
    #[test]
    fn every_visibility_for_every_relation() {
        let same = |_: &mut Post, _: &mut Account| ();
        assert_eq!(allowed(None, STRANGE, same), [true, true, false, false]);
        assert_eq!(allowed(READER, STRANGE, same), [true, true, false, false]);
        assert_eq!(allowed(MODERATOR, STRANGE, same), [true, true, false, false]);
        assert_eq!(allowed(READER, FOLLOWS, same), [true, true, true, false]);
        assert_eq!(allowed(AUTHOR, STRANGE, same), [true; 4]);
        assert_eq!(allowed(READER, BLOCKED, same), [false; 4]);
        let named = |post: &mut Post, _: &mut Account| names_reader(post);
        assert_eq!(allowed(READER, STRANGE, named), [true; 4]);
        assert_eq!(allowed(READER, BLOCKED, named), [false; 4]);
        assert_eq!(allowed(None, STRANGE, named), [true, true, false, false]);
    }

    #[test]
    fn a_hidden_post_is_for_its_author_and_moderators() {
        let hide = |post: &mut Post, _: &mut Account| post.state = PostState::Hidden;
        assert_eq!(allowed(None, STRANGE, hide), [false; 4]);
        assert_eq!(allowed(READER, FOLLOWS, hide), [false; 4]);
        assert_eq!(allowed(AUTHOR, STRANGE, hide), [true; 4]);
        assert_eq!(allowed(MODERATOR, STRANGE, hide), [true, true, false, false]);
    }

    #[test]
    fn nobody_reads_a_suspended_author() {
        let suspend = |_: &mut Post, author: &mut Account| author.standing = Standing::Suspended;
        for viewer in [None, READER, AUTHOR, MODERATOR] {
            assert_eq!(allowed(viewer, FOLLOWS, suspend), [false; 4]);
        }
    }
}
