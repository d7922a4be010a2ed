//! Finding people, and what is talked about. Only of those who want to be found; what is talked about is counted in memory from
//! public posts, and kept nowhere.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use bauta_model::{AccountId, CoarseTime, Day, PostId};
use bauta_store::discovery as rows;
use bauta_timeline::AccountCard;
use parking_lot::Mutex;

pub use bauta_store::discovery::Order;

use crate::posts::only_readable;
use crate::reading::{Shown, reader, shown};
use crate::{App, Refused, Speaker, accounts};

/// How far a list can be paged through.
const DEEPEST: usize = 2000;

/// A part of people who want to be found, as the viewer may see them.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn directory(
    app: &App,
    viewer: Option<&Speaker>,
    order: Order,
    local: bool,
    (limit, offset): (usize, usize),
) -> Result<Vec<Arc<AccountCard>>, Refused> {
    if offset > DEEPEST {
        return Ok(Vec::new());
    }
    let ids = app
        .store
        .read("directory", move |conn| {
            rows::directory(conn, order, local, limit as i64, offset as i64)
        })
        .await?;
    seen(app, viewer, &ids).await
}

/// The accounts in their order, without those whom the viewer hides.
async fn seen(
    app: &App,
    viewer: Option<&Speaker>,
    ids: &[AccountId],
) -> Result<Vec<Arc<AccountCard>>, Refused> {
    let mut cards = accounts::many(app, ids).await?;
    if let Some(viewer) = viewer {
        let reader = reader(app, viewer.account).await?;
        cards.retain(|card| !reader.hides(card.account.id));
    }
    Ok(cards)
}

/// Somebody whom the speaker may want to follow.
#[derive(Clone)]
pub struct Suggestion {
    /// Who.
    pub card: Arc<AccountCard>,
    /// People whom the speaker follows follow them; otherwise many do.
    pub near: bool,
}

/// Whom the speaker may want to follow.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn suggestions(app: &App, speaker: &Speaker, limit: usize) -> Result<Vec<Suggestion>, Refused> {
    let me = speaker.account;
    let (near, known) = app
        .store
        .read("suggestions", move |conn| {
            rows::suggestions(conn, me, limit as i64)
        })
        .await?;
    let ids: Vec<AccountId> = near.iter().chain(&known).copied().take(limit).collect();
    let near: HashSet<AccountId> = near.into_iter().collect();
    let cards = seen(app, Some(speaker), &ids).await?;
    let whole = |card: Arc<AccountCard>| Suggestion {
        near: near.contains(&card.account.id),
        card,
    };
    Ok(cards.into_iter().map(whole).collect())
}

/// Nobody suggests `target` to the speaker any more.
///
/// # Errors
/// [`Refused::NotFound`] where there is no such account.
pub async fn dismiss_suggestion(app: &App, speaker: &Speaker, target: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    accounts::by_id(app, target).await?;
    let me = speaker.account;
    app.store
        .write("dismiss_suggestion", move |conn| rows::dismiss(conn, me, target))
        .await?;
    Ok(())
}

/// A hashtag that people talk about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalkedAbout {
    /// In lower case and without `#`.
    pub tag: String,
    /// Its uses on the last seven days, today first: the day, uses, and how many people they are of.
    pub days: Vec<(Day, usize, usize)>,
}

/// What is talked about, counted once in a while.
#[derive(Default)]
struct Counted {
    tags: Vec<TalkedAbout>,
    posts: Vec<PostId>,
}

/// What was counted last, and when.
#[derive(Default)]
pub(crate) struct TrendsCache(Mutex<Option<(Instant, Arc<Counted>)>>);

/// How many slots a count is shown.
const FRESH_SLOTS: u32 = 5;
/// Days that are told of each hashtag.
const DAYS: i32 = 7;
/// Days that decide what is talked about now.
const NOW_DAYS: i32 = 2;
/// Fewer people than that are no talk.
const LEAST_PEOPLE: usize = 2;
/// Uses of hashtags that are looked at.
const MOST_USES: i64 = 50_000;
/// Hashtags and posts that are kept.
const MOST_TAGS: usize = 100;
const MOST_POSTS: i64 = 200;
/// Posts of one author.
const MOST_OF_ONE: usize = 3;

/// Hashtags that most people use in public posts of today and yesterday.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn tags(app: &App, limit: usize, offset: usize) -> Result<Vec<TalkedAbout>, Refused> {
    let counted = counted(app).await?;
    Ok(counted.tags.iter().skip(offset).take(limit).cloned().collect())
}

/// Public posts of today and yesterday that people like and boost most, as the viewer may see them.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn posts(
    app: &App,
    viewer: Option<&Speaker>,
    limit: usize,
    offset: usize,
) -> Result<Vec<Shown>, Refused> {
    let counted = counted(app).await?;
    let ids: Vec<PostId> = counted.posts.iter().skip(offset).take(limit).copied().collect();
    let found = shown(app, viewer.map(|speaker| speaker.account), &ids).await?;
    only_readable(app, viewer, found).await
}

async fn counted(app: &App) -> Result<Arc<Counted>, Refused> {
    if let Some((at, counted)) = &*app.trends.0.lock()
        && at.elapsed() < app.clock.slot() * FRESH_SLOTS
    {
        return Ok(Arc::clone(counted));
    }
    let today = app.clock.now().day();
    let from = |days: i32| PostId::first_of(today.plus(1 - days).start());
    let (week, lately) = (from(DAYS), from(NOW_DAYS));
    let (used, liked) = app
        .store
        .read("trends", move |conn| {
            Ok::<_, bauta_store::Error>((
                rows::tags_used(conn, week, MOST_USES)?,
                rows::most_liked(conn, lately, MOST_POSTS)?,
            ))
        })
        .await?;
    let counted = Arc::new(Counted {
        tags: talk(&used, today),
        posts: few_of_each(&liked),
    });
    *app.trends.0.lock() = Some((Instant::now(), Arc::clone(&counted)));
    Ok(counted)
}

fn few_of_each(liked: &[(PostId, AccountId)]) -> Vec<PostId> {
    let mut of: HashMap<AccountId, usize> = HashMap::new();
    let few = liked.iter().filter(|(_, author)| {
        let count = of.entry(*author).or_default();
        *count += 1;
        *count <= MOST_OF_ONE
    });
    few.map(|(post, _)| *post).collect()
}

/// Counts uses and people by day, and sorts by the people of today and yesterday.
fn talk(used: &[(String, PostId, AccountId)], today: Day) -> Vec<TalkedAbout> {
    type OfTag = HashMap<i32, (usize, HashSet<AccountId>)>;
    let mut by_tag: HashMap<&str, OfTag> = HashMap::new();
    for (tag, post, author) in used {
        let day = CoarseTime::from_unix_seconds(post.unix_seconds()).day().get();
        let (uses, people) = by_tag.entry(tag).or_default().entry(day).or_default();
        *uses += 1;
        people.insert(*author);
    }
    let lately = |days: &OfTag| {
        let recent = days.iter().filter(|(day, _)| **day > today.get() - NOW_DAYS);
        let people: HashSet<&AccountId> = recent.flat_map(|(_, (_, people))| people).collect();
        people.len()
    };
    let mut ranked: Vec<(usize, &str, OfTag)> = by_tag
        .into_iter()
        .map(|(tag, days)| (lately(&days), tag, days))
        .filter(|(people, ..)| *people >= LEAST_PEOPLE)
        .collect();
    ranked.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    ranked.truncate(MOST_TAGS);
    let whole = |(_, tag, days): (usize, &str, OfTag)| TalkedAbout {
        tag: tag.to_owned(),
        days: (0..DAYS)
            .map(|back| {
                let day = today.plus(-back);
                let (uses, people) = days
                    .get(&day.get())
                    .map_or((0, 0), |(uses, people)| (*uses, people.len()));
                (day, uses, people)
            })
            .collect(),
    };
    ranked.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::{self as verbs, Draft};
    use crate::relations::{self, Wish};
    use crate::testing::on_both;
    use bauta_model::{Role, Visibility};

    fn used(tag: &str, day: i32, author: i64) -> (String, PostId, AccountId) {
        (
            tag.to_owned(),
            PostId::first_of(Day::new(day).start()),
            AccountId::new(author),
        )
    }

    #[test]
    fn one_person_alone_is_no_talk_and_old_talk_is_over() {
        let today = Day::new(17_000);
        let all = [
            used("tide", 17_000, 1),
            used("tide", 16_999, 2),
            used("tide", 16_999, 2),
            used("alone", 17_000, 1),
            used("alone", 17_000, 1),
            used("old", 16_996, 1),
            used("old", 16_996, 2),
            used("locks", 17_000, 1),
            used("locks", 17_000, 2),
            used("locks", 17_000, 3),
        ];
        let found = talk(&all, today);
        let tags: Vec<&str> = found.iter().map(|one| one.tag.as_str()).collect();
        assert_eq!(tags, ["locks", "tide"]);
        assert_eq!(found[1].days.len(), 7);
        assert_eq!(found[1].days[..2], [(today, 1, 1), (Day::new(16_999), 2, 1)]);
    }

    #[test]
    fn what_is_liked_is_shown_to_whom_it_may_be_and_hidden_from_whom_the_author_blocks() {
        on_both(async |server| {
            let (me, other, third) = (server.join(1).await, server.join(2).await, server.join(3).await);
            let app = &server.app;
            let post = verbs::post(app, &me, Draft::new("high water at the #Rialto"))
                .await
                .unwrap()
                .id();
            verbs::post(app, &other, Draft::new("#rialto indeed"))
                .await
                .unwrap();
            for fan in [&other, &third] {
                verbs::boost(app, fan, post, Visibility::Public).await.unwrap();
            }
            assert_eq!(tags(app, 9, 0).await.unwrap()[0].tag, "rialto");
            let seen = async |viewer: Option<&Speaker>| posts(app, viewer, 9, 0).await.unwrap().len();
            assert_eq!((seen(None).await, seen(Some(&other)).await), (1, 1));
            relations::block(app, &me, other.account).await.unwrap();
            assert_eq!((seen(None).await, seen(Some(&other)).await), (1, 0));
            verbs::delete_post(app, &me, post).await.unwrap();
            assert_eq!(seen(None).await, 0, "whatever was counted before");
        });
    }

    #[test]
    fn suggestions_come_with_their_reason_until_they_are_waved_away() {
        on_both(async |server| {
            let people = [server.join(1).await, server.join(2).await, server.join(3).await];
            let app = &server.app;
            for (one, other) in [(0, 1), (1, 2)] {
                relations::follow(app, &people[one], people[other].account, Wish::default())
                    .await
                    .unwrap();
            }
            server
                .sql("UPDATE accounts SET hide_collections = FALSE".into())
                .await;
            let found = suggestions(app, &people[0], 9).await.unwrap();
            let who: Vec<_> = found.iter().map(|one| (one.card.account.id, one.near)).collect();
            assert_eq!(who, [(people[2].account, true)]);
            dismiss_suggestion(app, &people[0], people[2].account)
                .await
                .unwrap();
            assert!(suggestions(app, &people[0], 9).await.unwrap().is_empty());
            let nobody = dismiss_suggestion(app, &people[0], AccountId::new(99)).await;
            assert!(matches!(nobody, Err(Refused::NotFound)));
            let all = directory(app, Some(&people[0]), Order::LastSpoke, true, (9, 0)).await;
            assert_eq!(all.unwrap().len(), 3);
        });
    }

    #[test]
    fn moderators_announce_and_everybody_else_reacts() {
        use crate::announcements as verbs;
        on_both(async |server| {
            let me = server.join(1).await;
            let moderator = Speaker {
                role: Role::Moderator,
                ..server.join(2).await
            };
            let app = &server.app;
            let refused = verbs::publish(app, &me, "x", None).await;
            assert!(matches!(refused, Err(Refused::Forbidden(_))));
            for (text, days) in [(" ", None), ("x", Some(0)), ("x", Some(366))] {
                let refused = verbs::publish(app, &moderator, text, days).await;
                assert!(matches!(refused, Err(Refused::Invalid { .. })));
            }
            verbs::publish(app, &moderator, "High water #tonight <b>", Some(2))
                .await
                .unwrap();
            let seen = verbs::list(app, &me).await.unwrap().remove(0);
            assert_eq!(
                (seen.dismissed, seen.tags.as_slice()),
                (false, &["tonight".to_owned()][..])
            );
            assert!(
                seen.announcement.html.contains("&lt;b&gt;"),
                "{}",
                seen.announcement.html
            );
            let id = seen.announcement.id;
            for wrong in ["", "sea", "x🌊", "🌊🌊", "<b>"] {
                let refused = verbs::react(app, &me, id, wrong).await;
                assert!(matches!(refused, Err(Refused::Invalid { .. })), "{wrong}");
            }
            verbs::react(app, &me, id, "🌊").await.unwrap();
            verbs::dismiss(app, &me, id).await.unwrap();
            let seen = verbs::list(app, &me).await.unwrap().remove(0);
            assert!(seen.dismissed && seen.reactions[0].mine);
            assert!(!verbs::list(app, &moderator).await.unwrap()[0].reactions[0].mine);
            verbs::unreact(app, &me, id, "🌊").await.unwrap();
            let nobody = bauta_model::AnnouncementId::random();
            assert!(matches!(
                verbs::dismiss(app, &me, nobody).await,
                Err(Refused::NotFound)
            ));
            assert!(matches!(
                verbs::remove(app, &me, id).await,
                Err(Refused::Forbidden(_))
            ));
            verbs::remove(app, &moderator, id).await.unwrap();
            assert!(verbs::list(app, &me).await.unwrap().is_empty());
        });
    }
}
