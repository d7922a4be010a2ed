//! Search: an index in memory, for both databases, of public posts whose authors let them be found, of hashtags, and of
//! display names. Nothing of it touches the disk; it is built anew at each start from what is live.
//!
//! Handles are not in it: the index of the accounts table finds them, a new one at once.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, Sender, channel};

use bauta_model::{AccountId, Post, PostId, Visibility};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tokio::sync::oneshot;

use crate::writer::failed;
use crate::{Error, Result, wiping};

/// The index holds no text, only words with the posts that they are in.
const TABLES: &str = "CREATE VIRTUAL TABLE post_words USING fts5 (words, content='', contentless_delete=1, \
         tokenize=\"unicode61 remove_diacritics 2\"); \
     CREATE VIRTUAL TABLE name_words USING fts5 (words, content='', contentless_delete=1, \
         tokenize=\"unicode61 remove_diacritics 2\"); \
     CREATE TABLE tags (tag TEXT NOT NULL, post_id INTEGER NOT NULL, PRIMARY KEY (tag, post_id)) WITHOUT ROWID; \
     CREATE INDEX tags_by_post ON tags (post_id); \
     CREATE TABLE uses (tag TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID; \
     CREATE TRIGGER used AFTER INSERT ON tags BEGIN \
         INSERT INTO uses VALUES (new.tag, 1) ON CONFLICT (tag) DO UPDATE SET count = count + 1; END; \
     CREATE TRIGGER unused AFTER DELETE ON tags BEGIN \
         UPDATE uses SET count = count - 1 WHERE tag = old.tag; \
         DELETE FROM uses WHERE tag = old.tag AND count = 0; END;";

mod tables {
    diesel::table! {
        post_words (rowid) {
            rowid -> BigInt,
            words -> Text,
        }
    }
    diesel::table! {
        name_words (rowid) {
            rowid -> BigInt,
            words -> Text,
        }
    }
    diesel::table! {
        tags (tag, post_id) {
            tag -> Text,
            post_id -> BigInt,
        }
    }
}
use tables::{name_words, post_words, tags};

/// Words of a question that count; the rest is left out.
const MOST_WORDS: usize = 16;

/// A word that nobody writes, longer than those that people do. SQLite's tokenizer keeps the last word that it met, as it
/// folded it, in a buffer that it uses again: this one takes its place.
const NO_WORD: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
/// How often it is repeated: 4,096 letters.
const TIMES: usize = 128;

type Job = Box<dyn FnOnce(&mut Index) + Send>;

struct Index {
    conn: SqliteConnection,
    /// Posts of which the index was told while the past comes in; nothing once it is in.
    told: Option<HashSet<PostId>>,
}

impl Index {
    fn tell(&mut self, posts: impl Iterator<Item = PostId>) {
        if let Some(told) = &mut self.told {
            told.extend(posts);
        }
    }
}

/// The index, on a thread of its own.
pub struct Search {
    queue: Sender<Job>,
}

/// What is indexed of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The post.
    pub id: PostId,
    /// Warning and text; nothing if its author does not let posts be found by their words.
    pub words: Option<String>,
    /// Its hashtags.
    pub tags: Vec<String>,
}

impl Indexed {
    /// What of `post` may be found: public posts alone, and their words only if the author lets them be `indexable`.
    pub fn of(post: &Post, indexable: bool) -> Option<Self> {
        let open = post.visibility == Visibility::Public && post.boost_of.is_none();
        (open && post.state == bauta_model::PostState::Live).then(|| Self {
            id: post.id,
            words: indexable.then(|| format!("{} {}", post.warning, post.text)),
            tags: post.tags.clone(),
        })
    }

    /// True if the post can't be found by anything.
    fn is_nothing(&self) -> bool {
        self.words.is_none() && self.tags.is_empty()
    }
}

/// A hashtag that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTag {
    /// Lower case, without `#`.
    pub tag: String,
    /// Public posts that use it.
    pub uses: i64,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct TagRow {
    #[diesel(sql_type = Text)]
    tag: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Search {
    /// An empty index.
    pub fn start() -> Result<Self> {
        wiping::set_up();
        let mut conn = SqliteConnection::establish(":memory:")?;
        conn.batch_execute(
            "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA trusted_schema = ON;",
        )?;
        conn.batch_execute(TABLES)?;
        let (queue, jobs) = channel();
        std::thread::Builder::new().name("search".into()).spawn(move || {
            let told = Some(HashSet::new());
            work(Index { conn, told }, &jobs);
        })?;
        Ok(Self { queue })
    }

    /// Takes a post in, or takes its new words instead of the old. Does not wait.
    pub fn put(&self, post: Indexed) {
        self.put_all(vec![post]);
    }

    /// Takes in a post that was just written, of which the index can't know anything. Does not wait.
    pub fn add(&self, post: Indexed) {
        if post.is_nothing() {
            return;
        }
        self.tell(move |index| {
            index.tell(std::iter::once(post.id));
            index.conn.transaction::<_, Error, _>(|conn| insert(conn, &post))
        });
    }

    /// Takes many posts in, in one transaction. Does not wait.
    pub fn put_all(&self, posts: Vec<Indexed>) {
        self.tell(move |index| {
            index.tell(posts.iter().map(|post| post.id));
            index
                .conn
                .transaction::<_, Error, _>(|conn| posts.iter().try_for_each(|post| write(conn, post)))
        });
    }

    /// Takes posts in as the store had them, while others are written, edited and deleted: about those the index was
    /// told already, and what the store had is old. Each post comes once. Does not wait.
    pub fn put_past(&self, posts: Vec<Indexed>) {
        self.tell(move |index| {
            let Index { conn, told } = index;
            let mut past = posts
                .iter()
                .filter(|post| !post.is_nothing())
                .filter(|post| told.as_ref().is_none_or(|told| !told.contains(&post.id)));
            conn.transaction::<_, Error, _>(|conn| past.try_for_each(|post| insert(conn, post)))
        });
    }

    /// All of the past is in: the index no longer needs to know what it was told.
    pub fn past_is_in(&self) {
        self.tell(|index| {
            index.told = None;
            Ok(())
        });
    }

    /// Forgets posts. Does not wait.
    pub fn forget(&self, posts: Vec<PostId>) {
        self.tell(move |index| {
            index.tell(posts.iter().copied());
            posts.iter().try_for_each(|post| erase(&mut index.conn, *post))
        });
    }

    /// Takes display names in; an empty one is forgotten. Does not wait.
    pub fn name(&self, accounts: Vec<(AccountId, String)>) {
        self.tell(move |index| {
            index.conn.transaction::<_, Error, _>(|conn| {
                accounts.iter().try_for_each(|(account, name)| {
                    diesel::delete(name_words::table.find(account.get())).execute(conn)?;
                    if !name.is_empty() {
                        diesel::insert_into(name_words::table)
                            .values((name_words::rowid.eq(account.get()), name_words::words.eq(name)))
                            .execute(conn)?;
                    }
                    Ok(())
                })
            })
        });
    }

    /// Posts that hold every word of `question`, newest first.
    pub async fn posts(
        &self,
        question: &str,
        below: Option<PostId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<PostId>> {
        let Some(question) = words(question, false) else {
            return Ok(Vec::new());
        };
        let below = below.map_or(i64::MAX, PostId::get);
        let ids = self
            .ask(move |conn| {
                Ok(diesel::sql_query(
                    "SELECT rowid AS id FROM post_words WHERE post_words MATCH ? AND rowid < ? \
                     ORDER BY rowid DESC LIMIT ? OFFSET ?",
                )
                .bind::<Text, _>(question)
                .bind::<BigInt, _>(below)
                .bind::<BigInt, _>(limit)
                .bind::<BigInt, _>(offset)
                .load::<IdRow>(conn)?)
            })
            .await?;
        Ok(ids.into_iter().map(|row| PostId::new(row.id)).collect())
    }

    /// Accounts whose display name holds every word of `question`, the last one perhaps unfinished.
    pub async fn names(&self, question: &str, offset: i64, limit: i64) -> Result<Vec<AccountId>> {
        let Some(question) = words(question, true) else {
            return Ok(Vec::new());
        };
        let ids = self
            .ask(move |conn| {
                Ok(diesel::sql_query(
                    "SELECT rowid AS id FROM name_words WHERE name_words MATCH ? ORDER BY rank LIMIT ? OFFSET ?",
                )
                .bind::<Text, _>(question)
                .bind::<BigInt, _>(limit)
                .bind::<BigInt, _>(offset)
                .load::<IdRow>(conn)?)
            })
            .await?;
        Ok(ids.into_iter().map(|row| AccountId::new(row.id)).collect())
    }

    /// Hashtags that begin with `start`, the most used first.
    pub async fn tags(&self, start: &str, offset: i64, limit: i64) -> Result<Vec<FoundTag>> {
        let start = start.to_lowercase();
        let rows = self
            .ask(move |conn| {
                Ok(diesel::sql_query(
                    "SELECT tag, count FROM uses WHERE tag >= ? AND tag < ? ORDER BY count DESC, tag LIMIT ? OFFSET ?",
                )
                .bind::<Text, _>(&start)
                .bind::<Text, _>(format!("{start}\u{10FFFF}"))
                .bind::<BigInt, _>(limit)
                .bind::<BigInt, _>(offset)
                .load::<TagRow>(conn)?)
            })
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| FoundTag {
                tag: row.tag,
                uses: row.count,
            })
            .collect())
    }

    fn tell(&self, job: impl FnOnce(&mut Index) -> Result<()> + Send + 'static) {
        let _ = self.queue.send(Box::new(move |index| {
            let done = job(index).and_then(|()| forget_last_word(&mut index.conn));
            if done.is_err() {
                failed("search_index");
            }
        }));
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut SqliteConnection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let _ = self.queue.send(Box::new(move |index| {
            let done = job(&mut index.conn);
            if forget_last_word(&mut index.conn).is_err() {
                failed("search_index");
            }
            let _ = sender.send(done);
        }));
        receiver.await.unwrap_or_else(|_| Err(failed("search")))
    }
}

fn work(mut index: Index, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(&mut index);
    }
}

/// Has both tokenizers meet [`NO_WORD`]: what somebody searched for, or wrote and deleted, is not kept in memory.
fn forget_last_word(conn: &mut SqliteConnection) -> Result<()> {
    for table in ["post_words", "name_words"] {
        let question = format!("SELECT rowid AS id FROM {table} WHERE {table} MATCH ? LIMIT 1");
        diesel::sql_query(question)
            .bind::<Text, _>(NO_WORD.repeat(TIMES))
            .load::<IdRow>(conn)?;
    }
    Ok(())
}

fn write(conn: &mut SqliteConnection, post: &Indexed) -> Result<()> {
    erase(conn, post.id)?;
    insert(conn, post)
}

/// Diesel's own statements, since those are prepared once.
fn insert(conn: &mut SqliteConnection, post: &Indexed) -> Result<()> {
    let id = post.id.get();
    if let Some(words) = &post.words {
        diesel::insert_into(post_words::table)
            .values((post_words::rowid.eq(id), post_words::words.eq(words)))
            .execute(conn)?;
    }
    for tag in &post.tags {
        diesel::insert_or_ignore_into(tags::table)
            .values((tags::tag.eq(tag), tags::post_id.eq(id)))
            .execute(conn)?;
    }
    Ok(())
}

fn erase(conn: &mut SqliteConnection, post: PostId) -> Result<()> {
    diesel::delete(post_words::table.find(post.get())).execute(conn)?;
    diesel::delete(tags::table.filter(tags::post_id.eq(post.get()))).execute(conn)?;
    Ok(())
}

/// A question in the index's language in which nothing that was typed has a meaning but as a word: each is quoted.
fn words(question: &str, unfinished: bool) -> Option<String> {
    let mut quoted: Vec<String> = question
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .map(|word| format!("\"{}\"", word.replace(['"', '\0'], " ")))
        .collect();
    if unfinished && let Some(last) = quoted.last_mut() {
        last.push('*');
    }
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(work)
    }

    fn post(id: i64, words: &str, tags: &[&str]) -> Indexed {
        Indexed {
            id: PostId::new(id),
            words: Some(words.to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        }
    }

    fn found(search: &Search, question: &str) -> Vec<i64> {
        let ids = run(search.posts(question, None, 0, 20)).unwrap();
        ids.into_iter().map(PostId::get).collect()
    }

    #[test]
    fn a_post_is_found_by_its_words_whatever_their_case_and_accents() {
        let search = Search::start().unwrap();
        search.put(post(1, "The Résumé of a summons", &[]));
        search.put(post(2, "Another summons", &[]));
        assert_eq!(found(&search, "summons"), [2, 1]);
        assert_eq!(found(&search, "RESUME summons"), [1]);
        assert_eq!(found(&search, "nothing"), [0_i64; 0]);
    }

    #[test]
    fn a_post_that_was_just_written_is_found_once_although_the_past_holds_it_too() {
        let search = Search::start().unwrap();
        search.add(post(1, "written words", &["tag"]));
        search.put_past(vec![post(1, "written words", &["tag"])]);
        search.past_is_in();
        assert_eq!(found(&search, "written"), [1]);
        assert_eq!(run(search.tags("tag", 0, 5)).unwrap()[0].uses, 1);
        search.put(post(1, "edited words", &[]));
        assert_eq!(found(&search, "written"), [0_i64; 0]);
        assert_eq!(found(&search, "words"), [1]);
    }

    #[test]
    fn an_edited_post_is_found_by_its_new_words_and_a_deleted_one_by_none() {
        let search = Search::start().unwrap();
        search.put(post(1, "old words", &["old"]));
        search.put(post(1, "new words", &["new"]));
        assert_eq!(found(&search, "old"), [0_i64; 0]);
        assert_eq!(found(&search, "new"), [1]);
        assert!(run(search.tags("old", 0, 20)).unwrap().is_empty());
        search.forget(vec![PostId::new(1)]);
        assert_eq!(found(&search, "words"), [0_i64; 0]);
        assert!(run(search.tags("", 0, 20)).unwrap().is_empty());
    }

    #[test]
    fn the_past_does_not_bring_back_what_was_deleted_or_edited_since() {
        let search = Search::start().unwrap();
        search.forget(vec![PostId::new(1)]);
        search.put(post(2, "new", &[]));
        search.put_past(vec![
            post(1, "old", &[]),
            post(2, "old", &[]),
            post(3, "old", &[]),
        ]);
        assert_eq!(found(&search, "old"), [3]);
        assert_eq!(found(&search, "new"), [2]);
    }

    #[test]
    fn the_most_used_hashtag_comes_first() {
        let search = Search::start().unwrap();
        search.put_all(vec![
            post(1, "", &["resist", "rest"]),
            post(2, "", &["rest"]),
            post(3, "", &["other"]),
        ]);
        let tags = run(search.tags("RES", 0, 20)).unwrap();
        let tags: Vec<_> = tags
            .iter()
            .map(|found| (found.tag.as_str(), found.uses))
            .collect();
        assert_eq!(tags, [("rest", 2), ("resist", 1)]);
    }

    #[test]
    fn a_name_is_found_by_the_beginning_of_its_last_word() {
        let search = Search::start().unwrap();
        search.name(vec![(AccountId::new(7), "Rogue Officer".to_owned())]);
        assert_eq!(run(search.names("rogue off", 0, 5)).unwrap(), [AccountId::new(7)]);
        search.name(vec![(AccountId::new(7), String::new())]);
        assert!(run(search.names("rogue", 0, 5)).unwrap().is_empty());
    }

    #[test]
    fn followers_posts_and_boosts_are_not_indexed() {
        for visibility in Visibility::ALL {
            let open = visibility == Visibility::Public;
            assert_eq!(
                Indexed::of(&crate::testing::post(1, 1, visibility), true).is_some(),
                open
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_question_is_an_error(question in "\\PC{0,60}|[\"*^(){}:+\\- ANDORNOTEAR]{0,40}") {
            let search = Search::start().unwrap();
            search.put(post(1, "summons", &["tag"]));
            prop_assert!(run(search.posts(&question, None, 0, 5)).is_ok());
            prop_assert!(run(search.names(&question, 0, 5)).is_ok());
            prop_assert!(run(search.tags(&question, 0, 5)).is_ok());
        }
    }
}
