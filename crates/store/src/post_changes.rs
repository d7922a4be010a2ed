//! What happens to posts after they are written: edits with their history, and deletion.

use bauta_model::{AccountId, Attachment, CoarseTime, Post, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::deletions::{self, Deleted};
use crate::posts::{counts_with_author, insert_mentions, insert_tags, place};
use crate::schema::{accounts, post_edits, post_mentions, post_tags, posts};
use crate::{Conn, Place, Result, attachments, polls, quotes};

/// An earlier version of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// When it was published or edited to this.
    pub at: CoarseTime,
    /// Whether its media were hidden.
    pub sensitive: bool,
    /// Its content warning.
    pub warning: String,
    /// Its text as typed.
    pub text: String,
    /// Its text as HTML.
    pub html: String,
    /// Its media, as far as they are still there.
    pub media: Vec<Attachment>,
    /// What could be chosen in its poll; empty where it had none.
    pub options: Vec<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = post_edits)]
struct EditRow {
    post_id: i64,
    number: i32,
    slot: i64,
    sensitive: bool,
    warning: Vec<u8>,
    text: Vec<u8>,
    html: Vec<u8>,
}

/// Where a version's text is sealed: by its post, since the row has no id of its own.
const fn version_place(column: &'static str, post: i64) -> Place {
    Place::new("post_edits", column, post)
}

/// Replaces the words and the poll of the post by those of `after`, and keeps what it was; its media are put and deleted by
/// [`attachments`]. `was_at` is the slot of the version that is replaced.
pub fn edit(conn: &mut Conn, before: &Post, was_at: CoarseTime, after: &Post) -> Result<()> {
    let id = before.id.get();
    let newest: Option<i32> = on!(conn, c => post_edits::table
        .filter(post_edits::post_id.eq(id))
        .select(diesel::dsl::max(post_edits::number))
        .first(c))?;
    let row = EditRow {
        post_id: id,
        number: newest.map_or(0, |number| number + 1),
        slot: was_at.unix_seconds(),
        sensitive: before.sensitive,
        warning: conn.seal(version_place("warning", id), &before.warning),
        text: conn.seal(version_place("text", id), &before.text),
        html: conn.seal(version_place("html", id), &before.html),
    };
    on!(conn, c => diesel::insert_into(post_edits::table).values(&row).execute(c))?;
    attachments::keep_version(conn, before.id, row.number, &before.media)?;
    if let Some(poll) = &before.poll {
        polls::keep_version(conn, before.id, row.number, poll)?;
    }
    polls::replace(conn, before.id, before.poll.as_ref(), after.poll.as_ref())?;
    write_text(conn, after)?;
    on!(conn, c => diesel::delete(post_mentions::table.filter(post_mentions::post_id.eq(id))).execute(c))?;
    on!(conn, c => diesel::delete(post_tags::table.filter(post_tags::post_id.eq(id))).execute(c))?;
    insert_mentions(conn, id, &after.mentions)?;
    insert_tags(conn, id, &after.tags)
}

fn write_text(conn: &mut Conn, post: &Post) -> Result<()> {
    let warning = conn.seal(place("warning", post.id), &post.warning);
    let text = conn.seal(place("text", post.id), &post.text);
    let html = conn.seal(place("html", post.id), &post.html);
    on!(conn, c => diesel::update(posts::table.find(post.id.get()))
        .set((
            posts::sensitive.eq(post.sensitive),
            posts::warning.eq(&warning),
            posts::text.eq(&text),
            posts::html.eq(&html),
            posts::language.eq(post.language.as_deref()),
            posts::edited_slot.eq(post.edited.map(CoarseTime::unix_seconds)),
        ))
        .execute(c))?;
    Ok(())
}

/// The earlier versions of a post, oldest first; without the one that stands now.
pub fn versions(conn: &mut Conn, id: PostId) -> Result<Vec<Version>> {
    let rows: Vec<EditRow> = on!(conn, c => post_edits::table
        .filter(post_edits::post_id.eq(id.get()))
        .order(post_edits::number.asc())
        .select(EditRow::as_select())
        .load(c))?;
    let mut media = attachments::of_versions(conn, id)?;
    let options = polls::of_versions(conn, id)?;
    rows.into_iter()
        .map(|row| {
            let (own, others) = media.drain(..).partition(|(number, _)| *number == row.number);
            media = others;
            let own: Vec<(i32, Attachment)> = own;
            Ok(Version {
                at: CoarseTime::from_unix_seconds(row.slot),
                sensitive: row.sensitive,
                warning: conn.open(version_place("warning", row.post_id), &row.warning)?,
                text: conn.open(version_place("text", row.post_id), &row.text)?,
                html: conn.open(version_place("html", row.post_id), &row.html)?,
                media: own.into_iter().map(|(_, attachment)| attachment).collect(),
                options: options
                    .iter()
                    .filter(|(number, _)| *number == row.number)
                    .map(|(_, title)| title.clone())
                    .collect(),
            })
        })
        .collect()
}

/// What a deletion took away, and what it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Boosts of the post, which are gone too, with their authors.
    pub boosts: Vec<(PostId, AccountId)>,
    /// Replies to it, which stay and answer nothing now.
    pub replies: Vec<PostId>,
    /// Posts that quote it, which stay and show nothing now.
    pub quotes: Vec<PostId>,
    /// Where the bytes of its media lie, to be erased.
    pub places: Vec<crate::media::Place>,
}

/// Deletes a post with everything that hangs on it; replies to it stay.
///
/// Nothing of its text is left on the disk of SQLite within a minute.
pub fn delete(conn: &mut Conn, post: &Post) -> Result<Gone> {
    conn.purge_after_commit();
    let id = post.id.get();
    let boosts: Vec<(i64, i64)> = on!(conn, c => posts::table
        .filter(posts::boost_of_id.eq(id))
        .select((posts::id, posts::author_id))
        .load(c))?;
    let replies: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::in_reply_to_id.eq(id))
        .select(posts::id)
        .load(c))?;
    let quotes = quotes::all_quoting(conn, id)?;
    if !boosts.is_empty() {
        // An account boosts a post once at most, so every booster has one less.
        on!(conn, c => diesel::update(accounts::table.filter(accounts::id.eq_any(
                posts::table.filter(posts::boost_of_id.eq(id)).select(posts::author_id))))
            .set(accounts::posts_count.eq(accounts::posts_count - 1))
            .execute(c))?;
    }
    let places = attachments::delete_of_post(conn, post.id)?;
    on!(conn, c => diesel::delete(posts::table.find(id)).execute(c))?;
    deletions::record(conn, Deleted::Post(post.id))?;
    uncount(conn, post)?;
    let boosts = boosts
        .into_iter()
        .map(|(boost, author)| (PostId::new(boost), AccountId::new(author)));
    Ok(Gone {
        boosts: boosts.collect(),
        replies: replies.into_iter().map(PostId::new).collect(),
        quotes,
        places,
    })
}

/// Takes back what [`crate::posts::insert`] counted.
fn uncount(conn: &mut Conn, post: &Post) -> Result<()> {
    if counts_with_author(post.visibility) {
        crate::accounts::count_post(conn, post.author, -1)?;
    }
    quotes::count(conn, post, -1)?;
    match (post.in_reply_to, post.boost_of) {
        (Some(parent), _) if post.visibility.is_open() => {
            on!(conn, c => diesel::update(posts::table.find(parent.get()))
                .set(posts::replies_count.eq(posts::replies_count - 1))
                .execute(c))?;
        }
        (_, Some(boosted)) => {
            on!(conn, c => diesel::update(posts::table.find(boosted.get()))
                .set(posts::boosts_count.eq(posts::boosts_count - 1))
                .execute(c))?;
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, boost, on_both, people, post, publish, reply};
    use crate::{accounts, post_actions, posts, threads};
    use bauta_model::Visibility;

    fn read(conn: &mut Conn, id: i64) -> Option<Post> {
        posts::by_id(conn, PostId::new(id)).unwrap()
    }

    fn counted(conn: &mut Conn, id: i64) -> i64 {
        accounts::by_id(conn, AccountId::new(id))
            .unwrap()
            .unwrap()
            .posts_count
    }

    #[test]
    fn an_edit_keeps_what_was() {
        on_both(|conn| {
            people(conn, 2);
            let first = Post {
                tags: vec!["old".into()],
                ..post(10, 1, Visibility::Public)
            };
            publish(conn, &first);
            let second = Post {
                text: "second".into(),
                edited: Some(NOW),
                tags: vec!["new".into()],
                ..first.clone()
            };
            edit(conn, &first, CoarseTime::from_unix_seconds(60), &second).unwrap();
            let third = Post {
                text: "third".into(),
                ..second.clone()
            };
            edit(conn, &second, NOW, &third).unwrap();
            assert_eq!(read(conn, 10), Some(third));
            let texts: Vec<_> = versions(conn, first.id)
                .unwrap()
                .into_iter()
                .map(|v| (v.at, v.text))
                .collect();
            assert_eq!(
                texts,
                [
                    (CoarseTime::from_unix_seconds(60), "text 10".to_owned()),
                    (NOW, "second".to_owned())
                ]
            );
        });
    }

    #[test]
    fn a_deleted_post_takes_its_boosts_along_and_leaves_its_replies() {
        on_both(|conn| {
            people(conn, 3);
            deletions::expect_backup(conn).unwrap();
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            publish(conn, &reply(20, 2, &first));
            posts::insert(conn, &boost(30, 3, &first), Some(first.author)).unwrap();
            post_actions::favourite(conn, AccountId::new(2), first.id).unwrap();
            let gone = delete(conn, &first).unwrap();
            assert_eq!(gone.boosts, [(PostId::new(30), AccountId::new(3))]);
            assert_eq!(gone.replies, [PostId::new(20)]);
            assert_eq!(read(conn, 10), None);
            assert_eq!(read(conn, 30), None);
            let left = read(conn, 20).unwrap();
            assert_eq!(
                (left.in_reply_to, left.in_reply_to_author),
                (None, Some(first.author))
            );
            assert_eq!([1, 2, 3].map(|id| counted(conn, id)), [0, 1, 0]);
            assert!(
                deletions::since(conn, NOW.month())
                    .unwrap()
                    .contains(&Deleted::Post(first.id))
            );
        });
    }

    #[test]
    fn counts_tell_the_public_only_of_public_things() {
        on_both(|conn| {
            people(conn, 2);
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            let followers = Post {
                visibility: Visibility::Followers,
                ..reply(20, 2, &first)
            };
            let direct = Post {
                visibility: Visibility::Direct,
                ..reply(30, 2, &first)
            };
            let open = reply(40, 2, &first);
            for post in [&followers, &direct, &open] {
                publish(conn, post);
            }
            assert_eq!(read(conn, 10).unwrap().replies_count, 1);
            assert_eq!(counted(conn, 2), 2);
            for post in [&followers, &direct, &open] {
                delete(conn, post).unwrap();
            }
            assert_eq!(read(conn, 10).unwrap().replies_count, 0);
            assert_eq!(counted(conn, 2), 0);
        });
    }

    #[test]
    fn a_favourite_counts_once() {
        on_both(|conn| {
            people(conn, 2);
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            let me = AccountId::new(2);
            assert!(post_actions::favourite(conn, me, first.id).unwrap());
            assert!(!post_actions::favourite(conn, me, first.id).unwrap());
            assert_eq!(read(conn, 10).unwrap().favourites_count, 1);
            assert!(post_actions::marks(conn, me, &[&first]).unwrap()[0].favourited);
            assert!(post_actions::unfavourite(conn, me, first.id).unwrap());
            assert!(!post_actions::unfavourite(conn, me, first.id).unwrap());
            assert_eq!(read(conn, 10).unwrap().favourites_count, 0);
        });
    }

    #[test]
    fn a_thread_is_read_up_and_down() {
        on_both(|conn| {
            people(conn, 1);
            let first = post(10, 1, Visibility::Public);
            let second = reply(20, 1, &first);
            let third = reply(30, 1, &second);
            let aside = reply(40, 1, &first);
            for post in [&first, &second, &third, &aside] {
                publish(conn, post);
            }
            assert_eq!(
                threads::ancestors(conn, third.id, 40).unwrap(),
                [first.id, second.id]
            );
            assert_eq!(threads::ancestors(conn, third.id, 1).unwrap(), [second.id]);
            assert_eq!(
                threads::descendants(conn, first.id, 20, 60).unwrap(),
                [second.id, aside.id, third.id]
            );
            assert_eq!(
                threads::descendants(conn, first.id, 1, 60).unwrap(),
                [second.id, aside.id]
            );
        });
    }
}
