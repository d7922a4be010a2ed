//! Media of posts: taken in, put to a post, described, taken away.
//!
//! The bytes of each lie where its row of `media` says; so do those of its smaller picture. Whatever deletes gives the
//! places, which the caller erases after the commit.

use std::collections::HashMap;

use bauta_inventory::Inventory;
use bauta_model::{AccountId, Attachment, AttachmentKind, Focus, MediaId, PostId, Preview};
use diesel::prelude::*;

use crate::conn::on;
use crate::media::{self, Medium, Place as BytesPlace};
use crate::schema::{attachments, media as media_table, post_edit_media, posts};
use crate::{Conn, Error, Place, Result, remote_media};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments, treat_none_as_default_value = false)]
struct Row {
    media_id: i64,
    preview_id: Option<i64>,
    account_id: i64,
    post_id: Option<i64>,
    position: i16,
    kind: i16,
    description: Vec<u8>,
    blurhash: String,
    focus_x: i16,
    focus_y: i16,
    seconds: Option<i32>,
    waiting_day: Option<i32>,
}

/// An attachment with whose it is, and where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// What readers are told of it.
    pub attachment: Attachment,
    /// Whose it is.
    pub account: AccountId,
    /// The post that shows it; nothing while it waits to be posted.
    pub post: Option<PostId>,
}

const fn description_place(id: i64) -> Place {
    Place::new("attachments", "description", id)
}

const fn old_description_place(id: i64) -> Place {
    Place::new("post_edit_media", "description", id)
}

/// Takes an attachment in whose bytes are on the disk already. It waits to be posted.
pub fn insert(
    conn: &mut Conn,
    attachment: &Attachment,
    file: &Medium,
    preview: Option<&Medium>,
) -> Result<()> {
    media::insert(conn, file)?;
    if let Some(preview) = preview {
        media::insert(conn, preview)?;
    }
    let row = Row {
        media_id: attachment.id.get(),
        preview_id: attachment.preview.map(|preview| preview.id.get()),
        account_id: file.account.get(),
        post_id: None,
        position: 0,
        kind: attachment.kind.code(),
        description: conn.seal(description_place(attachment.id.get()), &attachment.description),
        blurhash: attachment.blurhash.clone(),
        focus_x: attachment.focus.x(),
        focus_y: attachment.focus.y(),
        seconds: attachment.seconds.map(u32::cast_signed),
        waiting_day: Some(conn.now().day().get()),
    };
    on!(conn, c => diesel::insert_into(attachments::table).values(&row).execute(c))?;
    Ok(())
}

/// How many of an account's attachments wait to be posted.
pub fn waiting(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(on!(conn, c => attachments::table
        .filter(attachments::account_id.eq(account.get()))
        .filter(attachments::post_id.is_null())
        .count()
        .get_result(c))?)
}

/// The attachments of these ids, in no order.
pub fn by_ids(conn: &mut Conn, ids: &[MediaId]) -> Result<Vec<Owned>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<Row> = on!(conn, c => attachments::table
        .filter(attachments::media_id.eq_any(&ids))
        .select(Row::as_select())
        .load(c))?;
    owned(conn, rows)
}

/// The attachments of posts, each post's in its order.
pub(crate) fn of_posts(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, Attachment)>> {
    let rows: Vec<Row> = on!(conn, c => attachments::table
        .filter(attachments::post_id.eq_any(posts))
        .order((attachments::post_id, attachments::position, attachments::media_id))
        .select(Row::as_select())
        .load(c))?;
    let positions: HashMap<i64, i16> = rows.iter().map(|row| (row.media_id, row.position)).collect();
    let found = owned(conn, rows)?;
    let mut all: Vec<(i64, i16, Attachment)> = found
        .into_iter()
        .filter_map(|one| {
            let position = positions.get(&one.attachment.id.get()).copied();
            Some((one.post?.get(), position.unwrap_or(0), one.attachment))
        })
        .collect();
    let away = remote_media::away(conn, posts)?;
    if !away.is_empty() {
        all.extend(away);
        all.sort_by_key(|(post, position, _)| (*post, *position));
    }
    Ok(all
        .into_iter()
        .map(|(post, _, attachment)| (post, attachment))
        .collect())
}

/// Adds formats and sizes, which the rows of the files have.
fn owned(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Owned>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let files: Vec<i64> = rows
        .iter()
        .flat_map(|row| [Some(row.media_id), row.preview_id])
        .flatten()
        .collect();
    let files: Vec<(i64, (String, i32, i32))> = on!(conn, c => media_table::table
        .filter(media_table::id.eq_any(&files))
        .select((media_table::id, (media_table::mime, media_table::width, media_table::height)))
        .load(c))?;
    let files: HashMap<i64, (String, i32, i32)> = files.into_iter().collect();
    let pixels = |side: i32| side.unsigned_abs();
    rows.into_iter()
        .map(|row| {
            let (mime, width, height) = files
                .get(&row.media_id)
                .cloned()
                .ok_or(Error::Unknown("attachments.media_id"))?;
            let preview = row.preview_id.and_then(|id| {
                let (_, width, height) = files.get(&id)?;
                Some(Preview {
                    id: MediaId::new(id),
                    width: pixels(*width),
                    height: pixels(*height),
                })
            });
            Ok(Owned {
                attachment: Attachment {
                    id: MediaId::new(row.media_id),
                    kind: AttachmentKind::from_code(row.kind).ok_or(Error::Unknown("attachments.kind"))?,
                    mime,
                    width: pixels(width),
                    height: pixels(height),
                    preview,
                    description: conn.open(description_place(row.media_id), &row.description)?,
                    blurhash: row.blurhash,
                    focus: Focus::new(row.focus_x, row.focus_y),
                    seconds: row.seconds.map(i32::unsigned_abs),
                },
                account: AccountId::new(row.account_id),
                post: row.post_id.map(PostId::new),
            })
        })
        .collect()
}

/// The post that shows a file or its smaller picture.
pub fn post_of(conn: &mut Conn, file: MediaId) -> Result<Option<PostId>> {
    let post: Option<Option<i64>> = on!(conn, c => attachments::table
        .filter(attachments::media_id.eq(file.get()).or(attachments::preview_id.eq(file.get())))
        .select(attachments::post_id)
        .first(c)
        .optional())?;
    Ok(post.flatten().map(PostId::new))
}

/// True for a file that nobody may read now: it belongs to a post that moderators hid.
pub fn is_hidden(conn: &mut Conn, file: MediaId) -> Result<bool> {
    let hidden: i64 = on!(conn, c => attachments::table
        .inner_join(posts::table.on(attachments::post_id.eq(posts::id.nullable())))
        .filter(attachments::media_id.eq(file.get()).or(attachments::preview_id.eq(file.get())))
        .filter(posts::state.ne(bauta_model::PostState::Live.code()))
        .count()
        .get_result(c))?;
    Ok(hidden > 0)
}

/// Puts attachments to a post of their owner, in this order. Those of `ids` that are the owner's and are shown by no
/// other post are given; whoever asked for more of them refuses, and the write is undone.
pub fn put(conn: &mut Conn, account: AccountId, post: PostId, ids: &[MediaId]) -> Result<Vec<Attachment>> {
    let mut found = by_ids(conn, ids)?;
    found.retain(|one| one.account == account && one.post.is_none_or(|at| at == post));
    let mut ordered = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        let Some(at) = found.iter().position(|one| one.attachment.id == *id) else {
            continue;
        };
        on!(conn, c => diesel::update(attachments::table.find(id.get()))
            .set((
                attachments::post_id.eq(post.get()),
                attachments::position.eq(position as i16),
                attachments::waiting_day.eq(None::<i32>),
            ))
            .execute(c))?;
        ordered.push(found.swap_remove(at).attachment);
    }
    Ok(ordered)
}

/// Keeps attachments that wait to be posted for a post that is scheduled: they do not go by themselves. Gives how many of
/// `ids` were the account's and waiting.
pub fn hold(conn: &mut Conn, account: AccountId, ids: &[MediaId]) -> Result<usize> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    Ok(on!(conn, c => diesel::update(attachments::table
            .filter(attachments::media_id.eq_any(&ids))
            .filter(attachments::account_id.eq(account.get()))
            .filter(attachments::waiting_day.is_not_null()))
        .set(attachments::waiting_day.eq(None::<i32>))
        .execute(c))?)
}

/// Lets attachments that no post shows go by themselves again.
pub fn release(conn: &mut Conn, account: AccountId, ids: &[MediaId]) -> Result<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let today = conn.now().day().get();
    on!(conn, c => diesel::update(attachments::table
            .filter(attachments::media_id.eq_any(&ids))
            .filter(attachments::account_id.eq(account.get()))
            .filter(attachments::post_id.is_null()))
        .set(attachments::waiting_day.eq(today))
        .execute(c))?;
    Ok(())
}

/// Replaces what is said of an attachment.
pub fn describe(conn: &mut Conn, id: MediaId, description: &str, focus: Focus) -> Result<()> {
    let description = conn.seal(description_place(id.get()), description);
    on!(conn, c => diesel::update(attachments::table.find(id.get()))
        .set((
            attachments::description.eq(&description),
            attachments::focus_x.eq(focus.x()),
            attachments::focus_y.eq(focus.y()),
        ))
        .execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

/// Deletes attachments with their smaller pictures. Gives where their bytes lie.
pub fn delete(conn: &mut Conn, ids: &[MediaId]) -> Result<Vec<BytesPlace>> {
    let mut places = Vec::new();
    for id in ids {
        let preview: Option<Option<i64>> = on!(conn, c => attachments::table
            .find(id.get())
            .select(attachments::preview_id)
            .first(c)
            .optional())?;
        for file in [preview.flatten().map(MediaId::new), Some(*id)]
            .into_iter()
            .flatten()
        {
            places.extend(media::delete(conn, file)?);
        }
    }
    Ok(places)
}

/// Deletes what a post shows. Gives where its bytes lie. The post's own deletion is what a backup remembers.
pub(crate) fn delete_of_post(conn: &mut Conn, post: PostId) -> Result<Vec<BytesPlace>> {
    let files: Vec<(i64, Option<i64>)> = on!(conn, c => attachments::table
        .filter(attachments::post_id.eq(post.get()))
        .select((attachments::media_id, attachments::preview_id))
        .load(c))?;
    let files: Vec<i64> = files
        .into_iter()
        .flat_map(|(file, preview)| [Some(file), preview])
        .flatten()
        .collect();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<(i32, i64, i32)> = on!(conn, c => media_table::table
        .filter(media_table::id.eq_any(&files))
        .select((media_table::segment, media_table::segment_offset, media_table::length))
        .load(c))?;
    on!(conn, c => diesel::delete(media_table::table.filter(media_table::id.eq_any(&files))).execute(c))?;
    Ok(places.into_iter().map(media::place).collect())
}

/// Deletes what waited to be posted for as long as the inventory says. Gives where its bytes lie.
pub fn purge_waiting(conn: &mut Conn, inventory: &Inventory) -> Result<Vec<BytesPlace>> {
    let declared = inventory
        .table("attachments")
        .and_then(|table| table.purge.as_ref());
    let Some(purge) = declared else {
        return Ok(Vec::new());
    };
    let kept = conn.now().day().get() - purge.keep.cast_signed();
    let over: Vec<i64> = on!(conn, c => attachments::table
        .filter(attachments::waiting_day.lt(kept))
        .select(attachments::media_id)
        .load(c))?;
    let over: Vec<MediaId> = over.into_iter().map(MediaId::new).collect();
    delete(conn, &over)
}

/// Keeps which media the version that an edit replaces had.
pub(crate) fn keep_version(conn: &mut Conn, post: PostId, number: i32, media: &[Attachment]) -> Result<()> {
    let here = media.iter().filter(|one| one.kind != AttachmentKind::Away);
    for (position, attachment) in here.enumerate() {
        let id = attachment.id.get();
        let description = conn.seal(old_description_place(id), &attachment.description);
        on!(conn, c => diesel::insert_into(post_edit_media::table)
            .values((
                post_edit_media::post_id.eq(post.get()),
                post_edit_media::number.eq(number),
                post_edit_media::position.eq(position as i16),
                post_edit_media::media_id.eq(id),
                post_edit_media::description.eq(&description),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The media of a post's earlier versions that are still there, by the version's number.
pub(crate) fn of_versions(conn: &mut Conn, post: PostId) -> Result<Vec<(i32, Attachment)>> {
    let rows: Vec<(i32, i64, Vec<u8>)> = on!(conn, c => post_edit_media::table
        .filter(post_edit_media::post_id.eq(post.get()))
        .order((post_edit_media::number, post_edit_media::position))
        .select((post_edit_media::number, post_edit_media::media_id, post_edit_media::description))
        .load(c))?;
    let ids: Vec<MediaId> = rows.iter().map(|(_, id, _)| MediaId::new(*id)).collect();
    let there = by_ids(conn, &ids)?;
    let mut versions = Vec::with_capacity(rows.len());
    for (number, id, description) in rows {
        let Some(one) = there.iter().find(|one| one.attachment.id.get() == id) else {
            continue;
        };
        let description = conn.open(old_description_place(id), &description)?;
        versions.push((
            number,
            Attachment {
                description,
                ..one.attachment.clone()
            },
        ));
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Kind;
    use crate::testing::{NOW, on_both, people, post, publish};
    use crate::{account_deletion, post_changes, posts as stored_posts};
    use bauta_model::{CoarseTime, Post, Visibility};

    fn file(id: i64, account: i64, kind: Kind) -> Medium {
        Medium {
            id: MediaId::new(id),
            account: AccountId::new(account),
            kind,
            mime: "image/png".into(),
            width: 40,
            height: 30,
            key: None,
            place: BytesPlace {
                segment: 1,
                offset: id * 100,
                length: 100,
            },
        }
    }

    /// A picture whose smaller form has its id and a thousand.
    fn picture(id: i64) -> Attachment {
        Attachment {
            id: MediaId::new(id),
            kind: AttachmentKind::Picture,
            mime: "image/png".into(),
            width: 40,
            height: 30,
            preview: Some(Preview {
                id: MediaId::new(id + 1000),
                width: 40,
                height: 30,
            }),
            description: format!("picture {id}"),
            blurhash: "L0".into(),
            focus: Focus::new(500, -250),
            seconds: None,
        }
    }

    fn upload(conn: &mut Conn, id: i64, account: i64) {
        let preview = file(id + 1000, account, Kind::Preview);
        let whole = file(id, account, Kind::Attachment);
        insert(conn, &picture(id), &whole, Some(&preview)).unwrap();
    }

    fn ids(ids: &[i64]) -> Vec<MediaId> {
        ids.iter().copied().map(MediaId::new).collect()
    }

    fn shown(conn: &mut Conn, post: i64) -> Vec<i64> {
        let found = stored_posts::by_id(conn, PostId::new(post)).unwrap().unwrap();
        found.media.iter().map(|one| one.id.get()).collect()
    }

    fn files(conn: &mut Conn) -> Vec<i64> {
        let mut ids: Vec<i64> = media::all(conn).unwrap().into_iter().map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_post_shows_its_media_in_order_and_nobody_elses() {
        on_both(|conn| {
            people(conn, 2);
            publish(conn, &post(10, 1, Visibility::Public));
            publish(conn, &post(20, 1, Visibility::Public));
            for (id, account) in [(1, 1), (2, 1), (3, 2)] {
                upload(conn, id, account);
            }
            let (me, first) = (AccountId::new(1), PostId::new(10));
            assert_eq!(waiting(conn, me).unwrap(), 2);
            let all = put(conn, me, first, &ids(&[2, 3, 1, 4])).unwrap();
            assert_eq!(all, [picture(2), picture(1)]);
            assert_eq!(shown(conn, 10), [2, 1]);
            assert_eq!(waiting(conn, me).unwrap(), 0);
            // What one post shows no other takes.
            assert_eq!(put(conn, me, PostId::new(20), &ids(&[1])).unwrap(), []);
            assert!(shown(conn, 20).is_empty());
        });
    }

    #[test]
    fn versions_keep_what_was_said_and_lose_what_was_deleted() {
        on_both(|conn| {
            people(conn, 1);
            let first = post(10, 1, Visibility::Public);
            publish(conn, &first);
            upload(conn, 1, 1);
            upload(conn, 2, 1);
            put(conn, AccountId::new(1), first.id, &ids(&[1, 2])).unwrap();
            let before = stored_posts::by_id(conn, first.id).unwrap().unwrap();
            let after = Post {
                text: "second".into(),
                edited: Some(NOW),
                ..before.clone()
            };
            post_changes::edit(conn, &before, CoarseTime::from_unix_seconds(60), &after).unwrap();
            describe(conn, MediaId::new(1), "said anew", Focus::default()).unwrap();
            let version = post_changes::versions(conn, first.id).unwrap().remove(0);
            let said: Vec<_> = version.media.iter().map(|one| &one.description).collect();
            assert_eq!(said, ["picture 1", "picture 2"]);
            let places = delete(conn, &ids(&[2])).unwrap();
            assert_eq!(places.len(), 2);
            let version = post_changes::versions(conn, first.id).unwrap().remove(0);
            assert_eq!(version.media.len(), 1);
            let now = stored_posts::by_id(conn, first.id).unwrap().unwrap();
            assert_eq!(now.media[0].description, "said anew");
        });
    }

    #[test]
    fn media_go_with_their_post_and_with_their_account() {
        on_both(|conn| {
            people(conn, 1);
            let (first, second) = (
                post(10, 1, Visibility::Public),
                post(20, 1, Visibility::Followers),
            );
            publish(conn, &first);
            publish(conn, &second);
            for id in 1..=3 {
                upload(conn, id, 1);
            }
            put(conn, AccountId::new(1), first.id, &ids(&[1])).unwrap();
            put(conn, AccountId::new(1), second.id, &ids(&[2])).unwrap();
            let gone = post_changes::delete(conn, &first).unwrap();
            assert_eq!(gone.places.len(), 2);
            assert_eq!(files(conn), [2, 3, 1002, 1003]);
            let gone = account_deletion::delete(conn, AccountId::new(1), &[7; 32])
                .unwrap()
                .unwrap();
            assert_eq!(gone.places.len(), 4);
            assert!(files(conn).is_empty());
        });
    }

    #[test]
    fn what_nobody_posts_goes_after_its_term() {
        on_both(|conn| {
            people(conn, 1);
            publish(conn, &post(10, 1, Visibility::Public));
            upload(conn, 1, 1);
            upload(conn, 2, 1);
            put(conn, AccountId::new(1), PostId::new(10), &ids(&[1])).unwrap();
            let inventory = Inventory::builtin();
            let day = 24 * 3600;
            for (days, left) in [(0, 4), (1, 4), (2, 2)] {
                let later = CoarseTime::from_unix_seconds(NOW.unix_seconds() + days * day);
                conn.clock().set(later);
                purge_waiting(conn, inventory).unwrap();
                assert_eq!(files(conn).len(), left, "after {days} days");
            }
            assert_eq!(shown(conn, 10), [1]);
        });
    }

    #[test]
    fn what_moderators_hid_is_not_readable_by_its_name() {
        on_both(|conn| {
            people(conn, 1);
            publish(conn, &post(10, 1, Visibility::Public));
            upload(conn, 1, 1);
            assert!(!is_hidden(conn, MediaId::new(1)).unwrap());
            put(conn, AccountId::new(1), PostId::new(10), &ids(&[1])).unwrap();
            assert!(!is_hidden(conn, MediaId::new(1001)).unwrap());
            crate::testing::arrange(conn, "UPDATE posts SET state = 1 WHERE id = 10");
            assert!(is_hidden(conn, MediaId::new(1)).unwrap());
            assert!(is_hidden(conn, MediaId::new(1001)).unwrap());
        });
    }
}
