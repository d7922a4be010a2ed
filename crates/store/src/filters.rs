//! Filters: words and posts that an account does not want to come upon.

use bauta_model::{AccountId, CoarseTime, FilterId, FilterPartId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{filter_keywords, filter_posts, filters};
use crate::seal::Place;
use crate::{Conn, Error, Result};

/// Where a filter is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The home timeline and lists.
    Home,
    /// Notifications.
    Notifications,
    /// Public timelines.
    Public,
    /// A thread.
    Thread,
    /// Profiles.
    Account,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 5] = [
        Self::Home,
        Self::Notifications,
        Self::Public,
        Self::Thread,
        Self::Account,
    ];

    const fn bit(self) -> i16 {
        match self {
            Self::Home => 1,
            Self::Notifications => 2,
            Self::Public => 4,
            Self::Thread => 8,
            Self::Account => 16,
        }
    }
}

/// What happens to a post that a filter is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// It is behind the filter's name.
    #[default]
    Warn,
    /// It is not shown.
    Hide,
    /// Its media are behind the filter's name.
    Blur,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Warn, Self::Hide, Self::Blur];

    const fn code(self) -> i16 {
        match self {
            Self::Warn => 0,
            Self::Hide => 1,
            Self::Blur => 2,
        }
    }
}

/// A word or phrase of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// Its number.
    pub id: FilterPartId,
    /// As typed.
    pub keyword: String,
    /// Only where no other letter or digit stands beside it.
    pub whole_word: bool,
}

/// A filter with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The filter.
    pub id: FilterId,
    /// Its name.
    pub title: String,
    /// Where it is applied.
    pub contexts: Vec<Context>,
    /// What happens.
    pub action: Action,
    /// The slot in which it ends.
    pub until: Option<CoarseTime>,
    /// Words and phrases, in the order of their random numbers.
    pub keywords: Vec<Keyword>,
    /// Single posts, each under a number of its own.
    pub posts: Vec<(FilterPartId, PostId)>,
}

const fn title_place(filter: i64) -> Place {
    Place::new("filters", "title", filter)
}

const fn keyword_place(keyword: i64) -> Place {
    Place::new("filter_keywords", "keyword", keyword)
}

/// The filters of `account`, whether they have ended or not, in the order of their random numbers.
pub fn all(conn: &mut Conn, account: AccountId) -> Result<Vec<Filter>> {
    type Row = (i64, Vec<u8>, i16, i16, Option<i64>);
    let own = filters::table.filter(filters::account_id.eq(account.get()));
    let rows: Vec<Row> = on!(conn, c => own
        .order(filters::id)
        .select((filters::id, filters::title, filters::contexts, filters::action, filters::expires_slot))
        .load(c))?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, title, contexts, action, until) in rows {
        let has = |context: &Context| contexts & context.bit() != 0;
        let action = Action::ALL.into_iter().find(|known| known.code() == action);
        all.push(Filter {
            id: FilterId::new(id),
            title: conn.open(title_place(id), &title)?,
            contexts: Context::ALL.into_iter().filter(has).collect(),
            action: action.ok_or(Error::Unknown("filters.action"))?,
            until: until.map(CoarseTime::from_unix_seconds),
            keywords: Vec::new(),
            posts: Vec::new(),
        });
    }
    add_parts(conn, account, &mut all)?;
    Ok(all)
}

fn add_parts(conn: &mut Conn, account: AccountId, all: &mut [Filter]) -> Result<()> {
    let own = filters::account_id.eq(account.get());
    let keywords: Vec<(i64, i64, Vec<u8>, bool)> = on!(conn, c => filter_keywords::table
        .inner_join(filters::table.on(filters::id.eq(filter_keywords::filter_id)))
        .filter(own)
        .order(filter_keywords::id)
        .select((
            filter_keywords::filter_id,
            filter_keywords::id,
            filter_keywords::keyword,
            filter_keywords::whole_word,
        ))
        .load(c))?;
    let posts: Vec<(i64, i64, i64)> = on!(conn, c => filter_posts::table
        .inner_join(filters::table.on(filters::id.eq(filter_posts::filter_id)))
        .filter(own)
        .order(filter_posts::id)
        .select((filter_posts::filter_id, filter_posts::id, filter_posts::post_id))
        .load(c))?;
    for (filter, id, keyword, whole_word) in keywords {
        let keyword = Keyword {
            id: FilterPartId::new(id),
            keyword: conn.open(keyword_place(id), &keyword)?,
            whole_word,
        };
        if let Some(filter) = all.iter_mut().find(|known| known.id.get() == filter) {
            filter.keywords.push(keyword);
        }
    }
    for (filter, id, post) in posts {
        if let Some(filter) = all.iter_mut().find(|known| known.id.get() == filter) {
            filter.posts.push((FilterPartId::new(id), PostId::new(post)));
        }
    }
    Ok(())
}

/// Makes a filter or changes one, without its keywords and posts.
pub fn put(conn: &mut Conn, account: AccountId, filter: &Filter) -> Result<()> {
    let title = conn.seal(title_place(filter.id.get()), &filter.title);
    let contexts = filter
        .contexts
        .iter()
        .fold(0, |bits, context| bits | context.bit());
    let (action, until) = (filter.action.code(), filter.until.map(CoarseTime::unix_seconds));
    on!(conn, c => diesel::insert_into(filters::table)
        .values((
            filters::id.eq(filter.id.get()),
            filters::account_id.eq(account.get()),
            filters::title.eq(&title),
            filters::contexts.eq(contexts),
            filters::action.eq(action),
            filters::expires_slot.eq(until),
        ))
        .on_conflict(filters::id)
        .do_update()
        .set((
            filters::title.eq(&title),
            filters::contexts.eq(contexts),
            filters::action.eq(action),
            filters::expires_slot.eq(until),
        ))
        .execute(c))?;
    Ok(())
}

/// Deletes a filter with all that it is about.
pub fn delete(conn: &mut Conn, filter: FilterId) -> Result<()> {
    on!(conn, c => diesel::delete(filters::table.find(filter.get())).execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

/// Adds a keyword to a filter, or changes one.
pub fn put_keyword(conn: &mut Conn, filter: FilterId, keyword: &Keyword) -> Result<()> {
    let sealed = conn.seal(keyword_place(keyword.id.get()), &keyword.keyword);
    on!(conn, c => diesel::insert_into(filter_keywords::table)
        .values((
            filter_keywords::id.eq(keyword.id.get()),
            filter_keywords::filter_id.eq(filter.get()),
            filter_keywords::keyword.eq(&sealed),
            filter_keywords::whole_word.eq(keyword.whole_word),
        ))
        .on_conflict(filter_keywords::id)
        .do_update()
        .set((filter_keywords::keyword.eq(&sealed), filter_keywords::whole_word.eq(keyword.whole_word)))
        .execute(c))?;
    Ok(())
}

/// Deletes a keyword.
pub fn delete_keyword(conn: &mut Conn, keyword: FilterPartId) -> Result<()> {
    on!(conn, c => diesel::delete(filter_keywords::table.find(keyword.get())).execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

/// Adds a post to a filter.
pub fn add_post(conn: &mut Conn, filter: FilterId, id: FilterPartId, post: PostId) -> Result<()> {
    on!(conn, c => diesel::insert_into(filter_posts::table)
        .values((
            filter_posts::id.eq(id.get()),
            filter_posts::filter_id.eq(filter.get()),
            filter_posts::post_id.eq(post.get()),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a post out of a filter.
pub fn remove_post(conn: &mut Conn, id: FilterPartId) -> Result<()> {
    on!(conn, c => diesel::delete(filter_posts::table.find(id.get())).execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use bauta_model::Visibility;

    use super::*;
    use crate::testing::{on_both, people, post, publish};

    #[test]
    fn a_filter_is_read_as_it_was_written() {
        on_both(|conn| {
            people(conn, 2);
            publish(conn, &post(10, 2, Visibility::Public));
            let me = AccountId::new(1);
            let mut filter = Filter {
                id: FilterId::new(5),
                title: "Masks".to_owned(),
                contexts: vec![Context::Home, Context::Account],
                action: Action::Hide,
                until: Some(CoarseTime::from_unix_seconds(1_489_500_060)),
                keywords: vec![Keyword {
                    id: FilterPartId::new(6),
                    keyword: "bauta".to_owned(),
                    whole_word: true,
                }],
                posts: vec![(FilterPartId::new(7), PostId::new(10))],
            };
            put(conn, me, &filter).unwrap();
            put_keyword(conn, filter.id, &filter.keywords[0]).unwrap();
            add_post(conn, filter.id, FilterPartId::new(7), PostId::new(10)).unwrap();
            assert_eq!(all(conn, me).unwrap(), [filter.clone()]);
            assert_eq!(all(conn, AccountId::new(2)).unwrap(), []);
            (filter.until, filter.action) = (None, Action::Blur);
            filter.keywords[0].whole_word = false;
            put(conn, me, &filter).unwrap();
            put_keyword(conn, filter.id, &filter.keywords[0]).unwrap();
            assert_eq!(all(conn, me).unwrap(), [filter.clone()]);
            remove_post(conn, FilterPartId::new(7)).unwrap();
            delete_keyword(conn, FilterPartId::new(6)).unwrap();
            (filter.keywords, filter.posts) = (Vec::new(), Vec::new());
            assert_eq!(all(conn, me).unwrap(), [filter.clone()]);
            delete(conn, filter.id).unwrap();
            assert_eq!(all(conn, me).unwrap(), []);
        });
    }
}
