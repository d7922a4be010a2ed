//! Quotes: which post another one shows, what its author says to it, and how many there are.

use bauta_model::{AccountId, Post, PostId, Quote, QuotePolicy, QuoteState};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{posts, quote_stamps, quotes};
use crate::window::{Window, in_window};
use crate::{Conn, Error, Result};

/// Writes what a post quotes, and counts it with the quoted post.
pub(crate) fn insert(conn: &mut Conn, post: &Post) -> Result<()> {
    let Some(quote) = &post.quote else {
        return Ok(());
    };
    on!(conn, c => diesel::insert_into(quotes::table)
        .values((
            quotes::post_id.eq(post.id.get()),
            quotes::quoted_id.eq(quote.post.map(PostId::get)),
            quotes::state.eq(quote.state.code()),
        ))
        .execute(c))?;
    count(conn, post, 1)
}

/// The post that a post is counted with. Counts are public, so they count only what the public may see.
fn counted_with(post: &Post) -> Option<PostId> {
    post.quote
        .as_ref()
        .filter(|_| post.visibility.is_open())
        .and_then(Quote::accepted)
}

/// Counts a quoting post with the post that it quotes, or takes that back.
pub(crate) fn count(conn: &mut Conn, post: &Post, by: i64) -> Result<()> {
    if let Some(quoted) = counted_with(post) {
        on!(conn, c => diesel::update(posts::table.find(quoted.get()))
            .set(posts::quotes_count.eq(posts::quotes_count + by))
            .execute(c))?;
    }
    Ok(())
}

/// What posts quote. Where the quoted post is gone, that is said instead of what its author once said.
pub(crate) fn of_posts(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, Quote)>> {
    let rows: Vec<(i64, Option<i64>, i16)> = on!(conn, c => quotes::table
        .filter(quotes::post_id.eq_any(posts))
        .load(c))?;
    rows.into_iter()
        .map(|(post, quoted, state)| {
            let state = QuoteState::from_code(state).ok_or(Error::Unknown("quotes.state"))?;
            let state = match (quoted, state) {
                (None, QuoteState::Accepted) => QuoteState::Deleted,
                (_, state) => state,
            };
            let post_id = quoted.map(PostId::new);
            Ok((post, Quote { post: post_id, state }))
        })
        .collect()
}

/// Posts that quote `quoted` with its author's consent, newest first.
pub fn quoting(conn: &mut Conn, quoted: PostId, window: &Window<PostId>) -> Result<Vec<PostId>> {
    let ids: Vec<i64> = in_window!(
        conn,
        window.bounds(PostId::get),
        quotes::post_id,
        quotes::table
            .filter(quotes::quoted_id.eq(quoted.get()))
            .filter(quotes::state.eq(QuoteState::Accepted.code()))
            .select(quotes::post_id)
    );
    Ok(ids.into_iter().map(PostId::new).collect())
}

/// Every post that quotes `quoted`, whatever its author says.
pub(crate) fn all_quoting(conn: &mut Conn, quoted: i64) -> Result<Vec<PostId>> {
    let ids: Vec<i64> = on!(conn, c => quotes::table
        .filter(quotes::quoted_id.eq(quoted))
        .select(quotes::post_id)
        .load(c))?;
    Ok(ids.into_iter().map(PostId::new).collect())
}

/// Whoever quotes `quoted` with its author's consent, with the quoting posts, the oldest first.
pub fn quoters(conn: &mut Conn, quoted: PostId, most: i64) -> Result<Vec<(AccountId, PostId)>> {
    let rows: Vec<(i64, i64)> = on!(conn, c => quotes::table
        .inner_join(posts::table.on(posts::id.eq(quotes::post_id)))
        .filter(quotes::quoted_id.eq(quoted.get()))
        .filter(quotes::state.eq(QuoteState::Accepted.code()))
        .order(quotes::post_id)
        .limit(most)
        .select((posts::author_id, quotes::post_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(author, post)| (AccountId::new(author), PostId::new(post)))
        .collect())
}

/// Writes what the author of the quoted post says now to the quote in `post`, as it was read, and counts anew.
pub fn set_state(conn: &mut Conn, post: &Post, state: QuoteState) -> Result<()> {
    let Some(quote) = &post.quote else {
        return Ok(());
    };
    count(conn, post, -1)?;
    on!(conn, c => diesel::update(quotes::table.find(post.id.get()))
        .set(quotes::state.eq(state.code()))
        .execute(c))?;
    let quote = Quote {
        state,
        ..quote.clone()
    };
    let after = Post {
        quote: Some(quote),
        ..post.clone()
    };
    count(conn, &after, 1)
}

/// Replaces what a post quotes, as it was read. What it proved is forgotten.
pub fn replace(conn: &mut Conn, before: &Post, quote: &Quote) -> Result<()> {
    count(conn, before, -1)?;
    on!(conn, c => diesel::delete(quotes::table.find(before.id.get())).execute(c))?;
    let after = Post {
        quote: Some(quote.clone()),
        ..before.clone()
    };
    insert(conn, &after)
}

/// Keeps, or forgets, where the consent to a quote can be had.
pub fn set_stamp(conn: &mut Conn, post: PostId, stamp: Option<&str>) -> Result<()> {
    on!(conn, c => diesel::delete(quote_stamps::table.find(post.get())).execute(c))?;
    if let Some(stamp) = stamp {
        on!(conn, c => diesel::insert_into(quote_stamps::table)
            .values((quote_stamps::post_id.eq(post.get()), quote_stamps::stamp.eq(stamp)))
            .execute(c))?;
    }
    Ok(())
}

/// Where the consent to a quote can be had.
pub fn stamp_of(conn: &mut Conn, post: PostId) -> Result<Option<String>> {
    Ok(on!(conn, c => quote_stamps::table
        .find(post.get())
        .select(quote_stamps::stamp)
        .first(c)
        .optional())?)
}

/// The quoting post with this stamp.
pub fn by_stamp(conn: &mut Conn, stamp: &str) -> Result<Option<PostId>> {
    let found: Option<i64> = on!(conn, c => quote_stamps::table
        .filter(quote_stamps::stamp.eq(stamp))
        .select(quote_stamps::post_id)
        .first(c)
        .optional())?;
    Ok(found.map(PostId::new))
}

/// Says who may quote a post from now on. Quotes that are there stay.
pub fn set_policy(conn: &mut Conn, post: PostId, policy: QuotePolicy) -> Result<()> {
    on!(conn, c => diesel::update(posts::table.find(post.get()))
        .set(posts::quote_policy.eq(policy.code()))
        .execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, people, post, publish};
    use crate::{account_deletion, post_changes, posts as stored};
    use bauta_model::Visibility;

    fn quote(id: i64, author: i64, visibility: Visibility, quoted: &Post) -> Post {
        Post {
            quote: Some(Quote {
                post: Some(quoted.id),
                state: QuoteState::Accepted,
            }),
            ..post(id, author, visibility)
        }
    }

    fn read(conn: &mut Conn, id: i64) -> Post {
        stored::by_id(conn, PostId::new(id)).unwrap().unwrap()
    }

    #[test]
    fn counts_tell_of_what_everybody_may_read_and_lists_of_what_is_let_be() {
        on_both(|conn| {
            people(conn, 3);
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            let open = quote(20, 2, Visibility::Unlisted, &first);
            let closed = quote(30, 2, Visibility::Followers, &first);
            for one in [&open, &closed] {
                publish(conn, one);
            }
            assert_eq!(read(conn, 20), open);
            assert_eq!(read(conn, 10).quotes_count, 1);
            let listed = |conn: &mut Conn| quoting(conn, first.id, &Window::first(9)).unwrap();
            assert_eq!(listed(conn), [closed.id, open.id]);
            set_state(conn, &open, QuoteState::Revoked).unwrap();
            assert_eq!(read(conn, 10).quotes_count, 0);
            assert_eq!(listed(conn), [closed.id]);
            let revoked = read(conn, 20);
            set_state(conn, &revoked, QuoteState::Revoked).unwrap();
            post_changes::delete(conn, &revoked).unwrap();
            assert_eq!(
                read(conn, 10).quotes_count,
                0,
                "what was not counted is not taken back"
            );
            assert_eq!(
                quoters(conn, first.id, 9).unwrap(),
                [(AccountId::new(2), closed.id)]
            );
        });
    }

    #[test]
    fn a_quote_outlives_what_it_quotes_and_says_so() {
        on_both(|conn| {
            people(conn, 3);
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            publish(conn, &quote(20, 2, Visibility::Public, &first));
            let gone = post_changes::delete(conn, &first).unwrap();
            assert_eq!(gone.quotes, [PostId::new(20)]);
            let left = read(conn, 20).quote.unwrap();
            assert_eq!((left.post, left.state), (None, QuoteState::Deleted));
        });
    }

    #[test]
    fn an_account_that_goes_takes_its_quotes_along_and_empties_those_of_others() {
        on_both(|conn| {
            people(conn, 3);
            let (own, other) = (post(10, 1, Visibility::Public), post(11, 2, Visibility::Public));
            for one in [&own, &other] {
                publish(conn, one);
            }
            publish(conn, &quote(20, 2, Visibility::Public, &own));
            publish(conn, &quote(30, 1, Visibility::Public, &other));
            publish(conn, &quote(40, 3, Visibility::Public, &other));
            let gone = account_deletion::delete(conn, AccountId::new(1), &[1; 32])
                .unwrap()
                .unwrap();
            assert!(
                [11, 20]
                    .map(PostId::new)
                    .iter()
                    .all(|id| gone.changed_posts.contains(id))
            );
            assert_eq!(read(conn, 11).quotes_count, 1);
            assert_eq!(read(conn, 20).quote.unwrap().state, QuoteState::Deleted);
        });
    }
}
