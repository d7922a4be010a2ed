//! The timelines against a naive model that keeps everything, sorts and filters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bauta_model::{AccountId, PostId, Standing, Visibility};
use bauta_timeline::{
    Answer, AuthorFilter, CacheLimits, Entry, Follow, Limits, Marks, Page, Reach, Reader, ReaderSeed,
    Timelines,
};
use proptest::prelude::*;

const READER: AccountId = AccountId::new(1);
const ACCOUNTS: i64 = 6;

#[derive(Clone, Debug)]
enum Step {
    Post {
        author: i64,
        visibility: usize,
        reply_to: Option<i64>,
    },
    Boost {
        author: i64,
        nth: usize,
    },
    /// A held post that joins below what came before it.
    Late {
        author: i64,
        nth: usize,
    },
    Remove {
        nth: usize,
    },
    RemoveAuthor {
        author: i64,
    },
    HidePost {
        nth: usize,
        hidden: bool,
    },
    Standing {
        author: i64,
        standing: usize,
    },
    Follow {
        author: i64,
        boosts: bool,
    },
    Unfollow {
        author: i64,
    },
    Hide {
        author: i64,
        hidden: bool,
    },
    Apart {
        author: i64,
        apart: bool,
    },
    DropReader,
    Home(Ask),
    Local(Ask),
    Author {
        author: i64,
        reach: usize,
        replies: bool,
        boosts: bool,
        ask: Ask,
    },
}

/// A page in terms of which entry it is about.
#[derive(Clone, Debug)]
struct Ask {
    max: Option<usize>,
    since: Option<usize>,
    min: Option<usize>,
    limit: usize,
}

fn ask() -> impl Strategy<Value = Ask> {
    let nth = || proptest::option::weighted(0.3, 0usize..400);
    (nth(), nth(), nth(), 1usize..45).prop_map(|(max, since, min, limit)| Ask {
        max,
        since,
        min,
        limit,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let author = || 1..=ACCOUNTS;
    prop_oneof![
        20 => (author(), 0usize..6, proptest::option::weighted(0.3, author()))
            .prop_map(|(author, visibility, reply_to)| Step::Post { author, visibility, reply_to }),
        15 => (author(), 0usize..400).prop_map(|(author, nth)| Step::Boost { author, nth }),
        1 => (author(), 0usize..400).prop_map(|(author, nth)| Step::Late { author, nth }),
        4 => (0usize..400).prop_map(|nth| Step::Remove { nth }),
        1 => author().prop_map(|author| Step::RemoveAuthor { author }),
        2 => (0usize..400, any::<bool>()).prop_map(|(nth, hidden)| Step::HidePost { nth, hidden }),
        1 => (author(), 0usize..3).prop_map(|(author, standing)| Step::Standing { author, standing }),
        3 => (author(), any::<bool>()).prop_map(|(author, boosts)| Step::Follow { author, boosts }),
        2 => author().prop_map(|author| Step::Unfollow { author }),
        2 => (author(), any::<bool>()).prop_map(|(author, hidden)| Step::Hide { author, hidden }),
        1 => (author(), any::<bool>()).prop_map(|(author, apart)| Step::Apart { author, apart }),
        1 => Just(Step::DropReader),
        12 => ask().prop_map(Step::Home),
        5 => ask().prop_map(Step::Local),
        5 => (author(), 0usize..3, any::<bool>(), any::<bool>(), ask())
            .prop_map(|(author, reach, replies, boosts, ask)| Step::Author { author, reach, replies, boosts, ask }),
    ]
}

#[derive(Default)]
struct Model {
    entries: BTreeMap<PostId, Entry>,
    /// Every id that ever was, for pages that point at what is gone.
    ids: Vec<PostId>,
    hidden_posts: BTreeSet<PostId>,
    standing: BTreeMap<AccountId, Standing>,
    follows: BTreeMap<AccountId, bool>,
    hidden: BTreeSet<AccountId>,
    apart: BTreeSet<AccountId>,
}

impl Model {
    fn nth(&self, nth: usize) -> Option<Entry> {
        let live: Vec<_> = self.entries.values().collect();
        (!live.is_empty()).then(|| *live[nth % live.len()])
    }

    fn page(&self, ask: &Ask) -> Page {
        let id = |nth: Option<usize>| nth.and_then(|nth| self.ids.get(nth % self.ids.len().max(1)).copied());
        Page {
            max_id: id(ask.max),
            since_id: id(ask.since),
            min_id: id(ask.min),
            limit: ask.limit,
        }
    }

    fn is_suspended(&self, author: AccountId) -> bool {
        self.standing.get(&author) == Some(&Standing::Suspended)
    }

    fn is_shown(&self, entry: &Entry) -> bool {
        let subject = entry.boost_of.map_or(entry.id, |(post, _)| post);
        !self.hidden_posts.contains(&subject)
            && !self.is_suspended(entry.author)
            && !entry
                .boost_of
                .is_some_and(|(_, author)| self.is_suspended(author))
    }

    fn wants(&self, entry: &Entry) -> bool {
        let follows = |account| self.follows.contains_key(&account) && !self.hidden.contains(&account);
        if entry.visibility == Visibility::Direct {
            return false;
        }
        match (entry.boost_of, entry.reply_to) {
            (Some((_, boosted)), _) if self.hidden.contains(&boosted) => false,
            _ if entry.author == READER => true,
            _ if self.apart.contains(&entry.author) => false,
            (Some(_), _) => follows(entry.author) && self.follows[&entry.author],
            (None, Some(to)) => follows(entry.author) && (to == entry.author || to == READER || follows(to)),
            (None, None) => follows(entry.author),
        }
    }

    fn home(&self) -> Vec<Entry> {
        let wanted: Vec<_> = self
            .entries
            .values()
            .filter(|e| self.is_shown(e) && self.wants(e))
            .collect();
        let subject = |e: &Entry| e.boost_of.map_or(e.id, |(post, _)| post);
        let repeats = |i: usize| {
            wanted[i].boost_of.is_some()
                && wanted[i.saturating_sub(40)..i]
                    .iter()
                    .any(|e| subject(e) == subject(wanted[i]))
        };
        (0..wanted.len())
            .filter(|i| !repeats(*i))
            .map(|i| *wanted[i])
            .collect()
    }

    fn local(&self) -> Vec<Entry> {
        let fits = |e: &&Entry| {
            self.is_shown(e)
                && e.visibility == Visibility::Public
                && e.boost_of.is_none()
                && e.reply_to.is_none_or(|to| to == e.author)
                && !self.standing.contains_key(&e.author)
                && !self.hidden.contains(&e.author)
        };
        self.entries.values().filter(fits).copied().collect()
    }

    fn author(&self, author: AccountId, filter: AuthorFilter) -> Vec<Entry> {
        let reach = |v: Visibility| match filter.reach {
            Reach::Open => v.is_open(),
            Reach::Follower => v != Visibility::Direct,
            Reach::Own => true,
        };
        let fits = |e: &&Entry| {
            e.author == author
                && self.is_shown(e)
                && reach(e.visibility)
                && (filter.boosts || e.boost_of.is_none())
                && (filter.replies || e.reply_to.is_none_or(|to| to == e.author))
        };
        self.entries.values().filter(fits).copied().collect()
    }

    fn seed(&self) -> ReaderSeed {
        ReaderSeed {
            id: READER,
            follows: self
                .follows
                .iter()
                .map(|(account, boosts)| Follow {
                    account: *account,
                    boosts: *boosts,
                })
                .collect(),
            hidden: self.hidden.iter().copied().collect(),
            apart: self.apart.iter().copied().collect(),
            tags: Vec::new(),
            marks: Marks::whole(),
        }
    }
}

/// The page out of everything, ascending.
fn choose(all: &[Entry], page: &Page) -> Vec<Entry> {
    let above = page.min_id.or(page.since_id).unwrap_or(PostId::new(0));
    let below = page.max_id.unwrap_or(PostId::new(i64::MAX));
    let mut fits: Vec<_> = all
        .iter()
        .filter(|e| e.id > above && e.id < below)
        .copied()
        .collect();
    if page.min_id.is_none() {
        fits.reverse();
    }
    fits.truncate(page.limit);
    if page.min_id.is_some() {
        fits.reverse();
    }
    fits
}

struct Run {
    model: Model,
    timelines: Timelines,
    last: i64,
    /// Memory holds everything, so that no answer may be cold.
    whole: bool,
    cold: usize,
    asked: usize,
}

impl Run {
    fn new(capacity: usize, past: usize, loaded: usize) -> Self {
        let readers = CacheLimits {
            count: 4,
            bytes: 1 << 20,
        };
        let mut run = Self {
            model: Model::default(),
            timelines: Timelines::new(Limits {
                entries: capacity,
                readers,
            }),
            last: 0,
            whole: capacity > 10_000 && loaded >= past,
            cold: 0,
            asked: 0,
        };
        for n in 0..past {
            let author = AccountId::new(n as i64 % ACCOUNTS + 1);
            let entry = run.entry(author, Visibility::Public, None, None);
            run.model.entries.insert(entry.id, entry);
        }
        for author in [2, 3, 4] {
            run.model.follows.insert(AccountId::new(author), true);
        }
        let newest: Vec<_> = run.model.entries.values().rev().take(loaded).copied().collect();
        run.timelines.load(newest, loaded >= past);
        run.timelines.set_ready();
        run
    }

    fn entry(
        &mut self,
        author: AccountId,
        visibility: Visibility,
        reply_to: Option<AccountId>,
        boost_of: Option<(PostId, AccountId)>,
    ) -> Entry {
        self.last += 10;
        let id = PostId::new(self.last);
        self.model.ids.push(id);
        Entry {
            id,
            author,
            boost_of,
            reply_to,
            visibility,
        }
    }

    fn append(&mut self, entry: Entry) {
        self.timelines.append(&entry);
        self.model.entries.insert(entry.id, entry);
    }

    fn remove_where(&mut self, gone: impl Fn(&Entry) -> bool) {
        self.model.entries.retain(|_, entry| !gone(entry));
    }

    fn reader(&self) -> Arc<Reader> {
        self.timelines.reader(READER).unwrap_or_else(|| {
            self.timelines
                .put_reader(self.timelines.reader_ticket(READER), self.model.seed())
        })
    }

    fn check(&mut self, answer: &Answer, all: &[Entry], page: &Page) -> Result<(), TestCaseError> {
        self.asked += 1;
        match answer {
            Answer::Page(found) => prop_assert_eq!(found, &choose(all, page), "{:?}", page),
            Answer::Cold => {
                prop_assert!(!self.whole, "cold though memory holds everything: {page:?}");
                self.cold += 1;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Home(ask) => {
                let page = self.model.page(ask);
                let answer = self.timelines.home(&self.reader(), &page);
                self.check(&answer, &self.model.home(), &page)?;
            }
            Step::Local(ask) => {
                let page = self.model.page(ask);
                let answer = self.timelines.local(Some(&self.reader()), &page);
                self.check(&answer, &self.model.local(), &page)?;
            }
            Step::Author {
                author,
                reach,
                replies,
                boosts,
                ask,
            } => {
                let reach = [Reach::Open, Reach::Follower, Reach::Own][*reach];
                let filter = AuthorFilter {
                    reach,
                    replies: *replies,
                    boosts: *boosts,
                };
                let (author, page) = (AccountId::new(*author), self.model.page(ask));
                let answer = self.timelines.author(author, filter, &page);
                self.check(&answer, &self.model.author(author, filter), &page)?;
            }
            Step::Follow { .. }
            | Step::Unfollow { .. }
            | Step::Hide { .. }
            | Step::Apart { .. }
            | Step::DropReader => {
                self.relate(step);
            }
            _ => self.write(step),
        }
        Ok(())
    }

    fn relate(&mut self, step: &Step) {
        match *step {
            Step::Follow { author, boosts } => {
                self.model.follows.insert(AccountId::new(author), boosts);
                self.timelines.follow(READER, AccountId::new(author), boosts);
            }
            Step::Unfollow { author } => {
                self.model.follows.remove(&AccountId::new(author));
                self.model.apart.remove(&AccountId::new(author));
                self.timelines.unfollow(READER, AccountId::new(author));
            }
            Step::Hide { author, hidden } if author != READER.get() => {
                let account = AccountId::new(author);
                if hidden {
                    self.model.hidden.insert(account);
                } else {
                    self.model.hidden.remove(&account);
                }
                self.timelines.hide(READER, account, hidden);
            }
            Step::Apart { author, apart } => {
                if apart {
                    self.model.apart.insert(AccountId::new(author));
                } else {
                    self.model.apart.remove(&AccountId::new(author));
                }
                self.timelines.drop_reader(READER);
            }
            _ => self.timelines.drop_reader(READER),
        }
    }

    fn write(&mut self, step: &Step) {
        match *step {
            Step::Post {
                author,
                visibility,
                reply_to,
            } => {
                // Public posts more often than the others.
                let visibility = Visibility::ALL[visibility.saturating_sub(2)];
                let entry = self.entry(
                    AccountId::new(author),
                    visibility,
                    reply_to.map(AccountId::new),
                    None,
                );
                self.append(entry);
            }
            Step::Boost { author, nth } => {
                let Some(post) = self.model.nth(nth).filter(|post| post.boost_of.is_none()) else {
                    return;
                };
                let entry = self.entry(
                    AccountId::new(author),
                    post.visibility,
                    None,
                    Some((post.id, post.author)),
                );
                self.append(entry);
            }
            Step::Late { author, nth } => {
                let Some(after) = self.model.ids.get(nth % self.model.ids.len().max(1)) else {
                    return;
                };
                let id = PostId::new(after.get() + 1);
                if !self.model.ids.contains(&id) {
                    self.model.ids.push(id);
                    let author = AccountId::new(author);
                    let visibility = Visibility::Public;
                    self.append(Entry {
                        id,
                        author,
                        boost_of: None,
                        reply_to: None,
                        visibility,
                    });
                }
            }
            Step::Remove { nth } => {
                let Some(post) = self.model.nth(nth) else { return };
                self.remove_where(|e| {
                    e.id == post.id || e.boost_of.is_some_and(|(boosted, _)| boosted == post.id)
                });
                self.timelines.remove(post.id);
            }
            Step::RemoveAuthor { author } => {
                let author = AccountId::new(author);
                self.remove_where(|e| {
                    e.author == author || e.boost_of.is_some_and(|(_, boosted)| boosted == author)
                });
                self.model.standing.remove(&author);
                self.timelines.remove_author(author);
            }
            Step::HidePost { nth, hidden } => {
                let Some(post) = self.model.nth(nth).filter(|post| post.boost_of.is_none()) else {
                    return;
                };
                if hidden {
                    self.model.hidden_posts.insert(post.id);
                } else {
                    self.model.hidden_posts.remove(&post.id);
                }
                self.timelines.set_hidden(post.id, hidden);
            }
            Step::Standing { author, standing } => {
                let (author, standing) = (
                    AccountId::new(author),
                    [Standing::Good, Standing::Limited, Standing::Suspended][standing],
                );
                if standing == Standing::Good {
                    self.model.standing.remove(&author);
                } else {
                    self.model.standing.insert(author, standing);
                }
                self.timelines.set_standing(author, standing);
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn with_room_for_everything_every_answer_is_right(
        past in 0usize..60,
        steps in proptest::collection::vec(step(), 1..500),
    ) {
        let mut run = Run::new(1_000_000, past, past);
        for step in &steps {
            run.step(step)?;
        }
        prop_assert_eq!(run.cold, 0);
    }

    #[test]
    fn with_little_room_an_answer_is_right_or_cold(
        capacity in 1usize..150,
        past in 0usize..200,
        loaded in 0usize..200,
        steps in proptest::collection::vec(step(), 1..500),
    ) {
        let mut run = Run::new(capacity, past, loaded);
        for step in &steps {
            run.step(step)?;
            prop_assert!(run.timelines.len() <= capacity);
        }
    }
}

/// Walks the whole of a home timeline that is far longer than what is kept merged, up and down.
#[test]
fn paging_to_the_end_shows_everything_once() {
    let mut run = Run::new(1_000_000, 3000, 3000);
    let (reader, all) = (run.reader(), run.model.home());
    let (mut seen, mut max_id) = (Vec::new(), None);
    loop {
        let page = Page {
            max_id,
            ..Page::newest(40)
        };
        let answer = run.timelines.home(&reader, &page);
        run.check(&answer, &all, &page).unwrap();
        let Answer::Page(found) = answer else {
            unreachable!("memory holds everything")
        };
        let Some(oldest) = found.last() else { break };
        max_id = Some(oldest.id);
        seen.extend(found);
    }
    seen.reverse();
    assert_eq!(seen, all);
    assert!(all.len() > 1500);
}

#[test]
fn most_answers_come_from_memory_when_the_newest_are_held() {
    let mut run = Run::new(500, 5000, 500);
    for _ in 0..50 {
        run.write(&Step::Post {
            author: 2,
            visibility: 0,
            reply_to: None,
        });
        let page = Page::newest(20);
        let answer = run.timelines.home(&run.reader(), &page);
        run.check(&answer, &run.model.home(), &page).unwrap();
    }
    assert_eq!((run.asked, run.cold), (50, 0));
}
