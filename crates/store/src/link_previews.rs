//! What pages that posts link to say of themselves. A page is asked for once for all posts that link to it, at most once
//! a day, and forgotten with the last of them.

use bauta_model::{CardPicture, CoarseTime, LinkCard, MediaId, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{link_previews as rows, post_links};
use crate::{Conn, Place, Result};

/// A link, as a post has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Under a key of the server: the same link is found by it, though addresses are sealed.
    pub hash: [u8; 32],
    /// Its host, with a port where it is not the usual one.
    pub host: String,
    /// The whole.
    pub url: String,
}

/// A page that is to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The number of its row.
    pub id: MediaId,
    /// Where it is.
    pub url: String,
    /// Tries in vain.
    pub attempts: i16,
}

/// What a page said. Texts are clean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its title; empty where nothing is shown of it.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// The site that it is a page of.
    pub site: String,
    /// Its picture.
    pub picture: Option<Picture>,
}

/// The picture of a page, rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// The server that had it, with a port where it is not the usual one.
    pub host: String,
    /// What it shows.
    pub said: String,
    /// Its colours.
    pub blurhash: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("link_previews", column, id)
}

/// Makes a post show this link, or none. What was not asked for today will be, at `due`.
pub fn show(conn: &mut Conn, post: PostId, link: Option<&Link>, due: CoarseTime) -> Result<()> {
    let before = of_post(conn, post)?;
    let after = match link {
        Some(link) => Some(wanted(conn, link, due)?),
        None => None,
    };
    if before == after {
        return Ok(());
    }
    unlink(conn, post)?;
    if let Some(preview) = after {
        on!(conn, c => diesel::insert_into(post_links::table)
            .values((post_links::post_id.eq(post.get()), post_links::preview_id.eq(preview)))
            .execute(c))?;
    }
    Ok(())
}

fn of_post(conn: &mut Conn, post: PostId) -> Result<Option<i64>> {
    Ok(on!(conn, c => post_links::table
        .find(post.get())
        .select(post_links::preview_id)
        .first(c)
        .optional())?)
}

/// The row of a link, which is made where there is none.
fn wanted(conn: &mut Conn, link: &Link, due: CoarseTime) -> Result<i64> {
    type Found = (i64, Option<i64>, Option<i32>);
    let found: Option<Found> = on!(conn, c => rows::table
        .filter(rows::link_hash.eq(&link.hash[..]))
        .select((rows::id, rows::due_slot, rows::asked_day))
        .first(c)
        .optional())?;
    if let Some((id, waits, asked)) = found {
        if waits.is_none() && asked.is_none_or(|day| day < conn.now().day().get()) {
            on!(conn, c => diesel::update(rows::table.find(id))
                .set((rows::due_slot.eq(due.unix_seconds()), rows::attempts.eq(0)))
                .execute(c))?;
        }
        return Ok(id);
    }
    let id = MediaId::random().get();
    let empty = |column| place(column, id);
    let [title, description, site, said] = [
        conn.seal(empty("title"), ""),
        conn.seal(empty("description"), ""),
        conn.seal(empty("site"), ""),
        conn.seal(empty("picture_said"), ""),
    ];
    let url = conn.seal(place("url", id), &link.url);
    on!(conn, c => diesel::insert_into(rows::table)
        .values((
            (rows::id.eq(id), rows::link_hash.eq(&link.hash[..]), rows::host.eq(&link.host), rows::url.eq(url)),
            (rows::title.eq(title), rows::description.eq(description), rows::site.eq(site)),
            (rows::attempts.eq(0), rows::due_slot.eq(due.unix_seconds()), rows::picture_bytes.eq(0)),
            (rows::picture_said.eq(said), rows::picture_host.eq(""), rows::blurhash.eq("")),
            (rows::width.eq(0), rows::height.eq(0)),
        ))
        .execute(c))?;
    Ok(id)
}

/// Takes the link off a post that goes or shows another.
pub(crate) fn unlink(conn: &mut Conn, post: PostId) -> Result<()> {
    let Some(preview) = of_post(conn, post)? else {
        return Ok(());
    };
    on!(conn, c => diesel::delete(post_links::table.find(post.get())).execute(c))?;
    on!(conn, c => diesel::delete(rows::table
        .filter(rows::id.eq(preview))
        .filter(diesel::dsl::not(rows::id.eq_any(
            post_links::table.filter(post_links::preview_id.eq(preview)).select(post_links::preview_id)))))
        .execute(c))?;
    conn.purge_after_commit();
    Ok(())
}

/// Deletes what no post links to any more.
pub fn sweep(conn: &mut Conn) -> Result<()> {
    let gone = on!(conn, c => diesel::delete(rows::table
        .filter(diesel::dsl::not(rows::id.eq_any(post_links::table.select(post_links::preview_id)))))
        .execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(())
}

/// Those that are to be asked for by `now`.
pub fn due(conn: &mut Conn, now: CoarseTime, most: i64) -> Result<Vec<Wanted>> {
    let found: Vec<(i64, Vec<u8>, i16)> = on!(conn, c => rows::table
        .filter(rows::due_slot.le(now.unix_seconds()))
        .order(rows::due_slot)
        .limit(most)
        .select((rows::id, rows::url, rows::attempts))
        .load(c))?;
    let wanted = found.into_iter().map(|(id, url, attempts)| {
        Ok(Wanted {
            id: MediaId::new(id),
            url: conn.open(place("url", id), &url)?,
            attempts,
        })
    });
    wanted.collect()
}

/// Asks again at `due`.
pub fn put_off(conn: &mut Conn, id: MediaId, due: CoarseTime) -> Result<()> {
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::attempts.eq(rows::attempts + 1), rows::due_slot.eq(due.unix_seconds())))
        .execute(c))?;
    Ok(())
}

/// Ends asking, without an answer: what was told before stays.
pub fn give_up(conn: &mut Conn, id: MediaId) -> Result<()> {
    let today = conn.now().day().get();
    on!(conn, c => diesel::update(rows::table.find(id.get()))
        .set((rows::due_slot.eq(None::<i64>), rows::asked_day.eq(today)))
        .execute(c))?;
    Ok(())
}

/// Takes in what a page said. Gives the posts that link to it.
pub fn take_in(conn: &mut Conn, id: MediaId, told: &Told) -> Result<Vec<PostId>> {
    give_up(conn, id)?;
    let row = id.get();
    let [title, description, site] = [
        conn.seal(place("title", row), &told.title),
        conn.seal(place("description", row), &told.description),
        conn.seal(place("site", row), &told.site),
    ];
    on!(conn, c => diesel::update(rows::table.find(row))
        .set((rows::title.eq(title), rows::description.eq(description), rows::site.eq(site)))
        .execute(c))?;
    set_picture(conn, row, told.picture.as_ref())?;
    posts_of(conn, &[row])
}

fn set_picture(conn: &mut Conn, row: i64, picture: Option<&Picture>) -> Result<()> {
    let said = conn.seal(place("picture_said", row), picture.map_or("", |one| &one.said));
    let bytes = picture.map(|one| conn.seal_bytes(place("picture", row), &one.bytes));
    let side = |side: fn(&Picture) -> u32| picture.map_or(0, |one| side(one).cast_signed());
    on!(conn, c => diesel::update(rows::table.find(row))
        .set((
            rows::picture_id.eq(picture.map(|_| MediaId::random().get())),
            rows::picture.eq(bytes),
            rows::picture_bytes.eq(picture.map_or(0, |one| i32::try_from(one.bytes.len()).unwrap_or(i32::MAX))),
            rows::picture_said.eq(said),
            rows::picture_host.eq(picture.map_or("", |one| &one.host)),
            rows::blurhash.eq(picture.map_or("", |one| &one.blurhash)),
            rows::width.eq(side(|one| one.width)),
            rows::height.eq(side(|one| one.height)),
        ))
        .execute(c))?;
    Ok(())
}

fn posts_of(conn: &mut Conn, previews: &[i64]) -> Result<Vec<PostId>> {
    let posts: Vec<i64> = on!(conn, c => post_links::table
        .filter(post_links::preview_id.eq_any(previews))
        .select(post_links::post_id)
        .load(c))?;
    Ok(posts.into_iter().map(PostId::new).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = rows)]
struct Row {
    id: i64,
    url: Vec<u8>,
    title: Vec<u8>,
    description: Vec<u8>,
    site: Vec<u8>,
    picture_id: Option<i64>,
    picture_said: Vec<u8>,
    blurhash: String,
    width: i32,
    height: i32,
}

impl Row {
    fn card(self, conn: &Conn) -> Result<LinkCard> {
        let picture = match self.picture_id {
            None => None,
            Some(id) => Some(CardPicture {
                id: MediaId::new(id),
                said: conn.open(place("picture_said", self.id), &self.picture_said)?,
                blurhash: self.blurhash,
                width: self.width.unsigned_abs(),
                height: self.height.unsigned_abs(),
            }),
        };
        Ok(LinkCard {
            url: conn.open(place("url", self.id), &self.url)?,
            title: conn.open(place("title", self.id), &self.title)?,
            description: conn.open(place("description", self.id), &self.description)?,
            site: conn.open(place("site", self.id), &self.site)?,
            picture,
        })
    }
}

/// What posts show of pages that said something.
pub(crate) fn of_posts(conn: &mut Conn, posts: &[i64]) -> Result<Vec<(i64, LinkCard)>> {
    let found: Vec<(i64, Row)> = on!(conn, c => post_links::table
        .inner_join(rows::table.on(rows::id.eq(post_links::preview_id)))
        .filter(post_links::post_id.eq_any(posts))
        .select((post_links::post_id, Row::as_select()))
        .load(c))?;
    let mut cards = Vec::with_capacity(found.len());
    for (post, row) in found {
        let card = row.card(conn)?;
        if !card.title.is_empty() {
            cards.push((post, card));
        }
    }
    Ok(cards)
}

/// The bytes of a picture.
pub fn picture(conn: &mut Conn, id: MediaId) -> Result<Option<Vec<u8>>> {
    let found: Option<(i64, Option<Vec<u8>>)> = on!(conn, c => rows::table
        .filter(rows::picture_id.eq(id.get()))
        .select((rows::id, rows::picture))
        .first(c)
        .optional())?;
    let Some((row, Some(bytes))) = found else {
        return Ok(None);
    };
    conn.open_bytes(place("picture", row), &bytes).map(Some)
}

/// Bytes of all pictures.
pub fn bytes(conn: &mut Conn) -> Result<i64> {
    let sum: Option<i64> =
        on!(conn, c => rows::table.select(diesel::dsl::sum(rows::picture_bytes)).first(c))?;
    Ok(sum.unwrap_or(0))
}

/// Those whose pictures go first when room is short: the oldest.
pub fn oldest(conn: &mut Conn, most: i64) -> Result<Vec<MediaId>> {
    let ids: Vec<i64> = on!(conn, c => rows::table
        .filter(rows::picture_id.is_not_null())
        .order((rows::asked_day, rows::id))
        .limit(most)
        .select(rows::id)
        .load(c))?;
    Ok(ids.into_iter().map(MediaId::new).collect())
}

/// Those whose page or picture is of a host that `meant` names.
pub fn of_hosts(conn: &mut Conn, meant: impl Fn(&str) -> bool) -> Result<Vec<MediaId>> {
    let all: Vec<(i64, String, String)> = on!(conn, c => rows::table
        .filter(rows::picture_id.is_not_null())
        .select((rows::id, rows::host, rows::picture_host))
        .load(c))?;
    let ids: Vec<i64> = all
        .into_iter()
        .filter(|(_, page, picture)| meant(page) || (!picture.is_empty() && meant(picture)))
        .map(|(id, _, _)| id)
        .collect();
    Ok(ids.into_iter().map(MediaId::new).collect())
}

/// Deletes the pictures of these. Gives how many there were, and the posts that showed them.
pub fn drop_pictures(conn: &mut Conn, ids: &[MediaId]) -> Result<(usize, Vec<PostId>)> {
    let mut with = Vec::new();
    for id in ids {
        let had: Option<Option<i64>> = on!(conn, c => rows::table
            .find(id.get())
            .select(rows::picture_id)
            .first(c)
            .optional())?;
        if had.flatten().is_some() {
            set_picture(conn, id.get(), None)?;
            with.push(id.get());
        }
    }
    conn.purge_after_commit();
    Ok((with.len(), posts_of(conn, &with)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, on_both, people, post, publish};
    use crate::{post_changes, posts};
    use bauta_model::Visibility;

    fn link(name: u8) -> Link {
        Link {
            hash: [name; 32],
            host: "a.example".into(),
            url: format!("https://a.example/{name}"),
        }
    }

    fn told() -> Told {
        Told {
            title: "A title".into(),
            description: "of something".into(),
            site: String::new(),
            picture: Some(Picture {
                bytes: vec![7; 30],
                host: "pictures.example".into(),
                said: "a ship".into(),
                blurhash: "L".into(),
                width: 40,
                height: 20,
            }),
        }
    }

    fn card(conn: &mut Conn, id: i64) -> Option<LinkCard> {
        posts::by_id(conn, PostId::new(id)).unwrap().unwrap().card
    }

    #[test]
    fn a_page_is_asked_once_for_all_posts_and_goes_with_the_last() {
        on_both(|conn| {
            people(conn, 1);
            for id in [10, 20, 30] {
                publish(conn, &post(id, 1, Visibility::Public));
            }
            for id in [10, 20] {
                show(conn, PostId::new(id), Some(&link(1)), NOW).unwrap();
            }
            let wanted = due(conn, NOW, 10).unwrap();
            assert_eq!(wanted.len(), 1);
            assert_eq!(card(conn, 10), None, "nothing was told yet");
            let showing = take_in(conn, wanted[0].id, &told()).unwrap();
            assert_eq!(showing.len(), 2);
            let shown = card(conn, 10).unwrap();
            assert_eq!(
                (shown.title.as_str(), shown.url.as_str()),
                ("A title", "https://a.example/1")
            );
            let file = shown.picture.unwrap().id;
            assert_eq!(picture(conn, file).unwrap(), Some(vec![7; 30]));
            // Not again today; tomorrow when somebody links to it, and another post's copy serves until then.
            show(conn, PostId::new(30), Some(&link(1)), NOW).unwrap();
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            assert!(card(conn, 30).is_some());
            let tomorrow = NOW.day().plus(1).start();
            conn.clock().set(tomorrow);
            show(conn, PostId::new(30), None, tomorrow).unwrap();
            show(conn, PostId::new(30), Some(&link(1)), tomorrow).unwrap();
            assert_eq!(due(conn, tomorrow, 10).unwrap().len(), 1);
            // With the posts it goes.
            for id in [10, 20] {
                let gone = posts::by_id(conn, PostId::new(id)).unwrap().unwrap();
                post_changes::delete(conn, &gone).unwrap();
            }
            assert_eq!(bytes(conn).unwrap(), 30);
            show(conn, PostId::new(30), Some(&link(2)), tomorrow).unwrap();
            assert_eq!(
                (bytes(conn).unwrap(), due(conn, tomorrow, 10).unwrap().len()),
                (0, 1)
            );
            crate::account_deletion::delete(conn, bauta_model::AccountId::new(1), &[0; 32]).unwrap();
            assert!(due(conn, tomorrow, 10).unwrap().is_empty());
        });
    }

    #[test]
    fn pictures_go_oldest_first_and_by_host_and_words_stay() {
        on_both(|conn| {
            people(conn, 1);
            publish(conn, &post(10, 1, Visibility::Public));
            show(conn, PostId::new(10), Some(&link(1)), NOW).unwrap();
            let id = due(conn, NOW, 10).unwrap()[0].id;
            put_off(conn, id, NOW.day().plus(1).start()).unwrap();
            assert!(due(conn, NOW, 10).unwrap().is_empty());
            take_in(conn, id, &told()).unwrap();
            assert!(of_hosts(conn, |host| host == "other.example").unwrap().is_empty());
            assert_eq!(of_hosts(conn, |host| host == "pictures.example").unwrap(), [id]);
            assert_eq!(oldest(conn, 10).unwrap(), [id]);
            assert_eq!(drop_pictures(conn, &[id]).unwrap(), (1, vec![PostId::new(10)]));
            assert_eq!(drop_pictures(conn, &[id]).unwrap(), (0, vec![]));
            assert_eq!(card(conn, 10).unwrap().picture, None);
            assert!(oldest(conn, 10).unwrap().is_empty());
        });
    }
}
