//! Small pictures with a name, which stand for it in texts. Who added one is not kept.

use bauta_model::EmojiId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::custom_emojis;
use crate::{Conn, Place, Result};

/// A small picture without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emoji {
    /// Random.
    pub id: EmojiId,
    /// Its name, without colons.
    pub shortcode: String,
    /// Under what it is found in apps; empty for nothing.
    pub category: String,
    /// Apps offer it.
    pub in_picker: bool,
    /// The format that it was encoded to.
    pub mime: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
}

/// The bytes of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// The format of the whole one.
    pub mime: String,
    /// The whole one, which may move.
    pub picture: Vec<u8>,
    /// A PNG that stands still; empty where the whole one does.
    pub still: Vec<u8>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = custom_emojis)]
struct Row {
    id: i64,
    shortcode: String,
    category: String,
    in_picker: bool,
    mime: String,
    width: i32,
    height: i32,
}

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("custom_emojis", column, id)
}

/// Takes one in. False if its name is taken.
pub fn insert(conn: &mut Conn, emoji: &Emoji, bytes: &Bytes) -> Result<bool> {
    let id = emoji.id.get();
    let picture = conn.seal_bytes(place("picture", id), &bytes.picture);
    let still = conn.seal_bytes(place("still", id), &bytes.still);
    let made = on!(conn, c => diesel::insert_into(custom_emojis::table)
        .values((
            custom_emojis::id.eq(id),
            custom_emojis::shortcode.eq(&emoji.shortcode),
            custom_emojis::category.eq(&emoji.category),
            custom_emojis::in_picker.eq(emoji.in_picker),
            custom_emojis::mime.eq(&emoji.mime),
            custom_emojis::width.eq(emoji.width),
            custom_emojis::height.eq(emoji.height),
            custom_emojis::picture.eq(picture),
            custom_emojis::still.eq(still),
        ))
        .on_conflict(custom_emojis::shortcode)
        .do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Every one, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<Emoji>> {
    let rows: Vec<Row> = on!(conn, c => custom_emojis::table
        .order(custom_emojis::shortcode)
        .select(Row::as_select())
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|row| Emoji {
            id: EmojiId::new(row.id),
            shortcode: row.shortcode,
            category: row.category,
            in_picker: row.in_picker,
            mime: row.mime,
            width: row.width,
            height: row.height,
        })
        .collect())
}

/// The bytes of one.
pub fn bytes(conn: &mut Conn, id: EmojiId) -> Result<Option<Bytes>> {
    let row: Option<(String, Vec<u8>, Vec<u8>)> = on!(conn, c => custom_emojis::table
        .find(id.get())
        .select((custom_emojis::mime, custom_emojis::picture, custom_emojis::still))
        .first(c)
        .optional())?;
    let Some((mime, picture, still)) = row else {
        return Ok(None);
    };
    Ok(Some(Bytes {
        mime,
        picture: conn.open_bytes(place("picture", id.get()), &picture)?,
        still: conn.open_bytes(place("still", id.get()), &still)?,
    }))
}

/// Deletes one. False if there is none.
pub fn delete(conn: &mut Conn, id: EmojiId) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(custom_emojis::table.find(id.get())).execute(c))?;
    conn.purge_after_commit();
    Ok(gone > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    #[test]
    fn a_name_stands_for_one_picture_until_it_is_deleted() {
        on_both(|conn| {
            let emoji = |id, shortcode: &str| Emoji {
                id: EmojiId::new(id),
                shortcode: shortcode.into(),
                category: String::new(),
                in_picker: true,
                mime: "image/png".into(),
                width: 20,
                height: 10,
            };
            let file = Bytes {
                mime: "image/png".into(),
                picture: vec![1, 2, 3],
                still: Vec::new(),
            };
            assert!(insert(conn, &emoji(1, "sea"), &file).unwrap());
            assert!(insert(conn, &emoji(2, "bauta"), &file).unwrap());
            assert!(!insert(conn, &emoji(3, "sea"), &file).unwrap());
            assert_eq!(all(conn).unwrap(), [emoji(2, "bauta"), emoji(1, "sea")]);
            assert_eq!(bytes(conn, EmojiId::new(1)).unwrap(), Some(file));
            assert!(delete(conn, EmojiId::new(1)).unwrap());
            assert!(!delete(conn, EmojiId::new(1)).unwrap());
            assert_eq!(bytes(conn, EmojiId::new(1)).unwrap(), None);
        });
    }
}
