//! Pictures: whose they are, what they are, and where their bytes lie in the media folder.

use bauta_model::{AccountId, MediaId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::media;
use crate::{Conn, Result};

/// A picture without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    /// Random.
    pub id: MediaId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub kind: Kind,
    /// The format that it was encoded to.
    pub mime: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// Where its bytes lie.
    pub place: Place,
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A post.
    Attachment,
    /// Beside the account's posts.
    Avatar,
    /// On top of the account's page.
    Header,
    /// A smaller picture of an attachment.
    Preview,
}

impl Kind {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Attachment => 0,
            Self::Avatar => 1,
            Self::Header => 2,
            Self::Preview => 3,
        }
    }

    pub(crate) const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Attachment),
            1 => Some(Self::Avatar),
            2 => Some(Self::Header),
            3 => Some(Self::Preview),
            _ => None,
        }
    }
}

/// A place in the media folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the segment file.
    pub segment: i32,
    /// First byte.
    pub offset: i64,
    /// Bytes.
    pub length: i32,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = media)]
struct MediumRow {
    id: i64,
    account_id: i64,
    kind: i16,
    mime: String,
    width: i32,
    height: i32,
    segment: i32,
    segment_offset: i64,
    length: i32,
}

impl MediumRow {
    fn into_medium(self) -> Result<Medium> {
        Ok(Medium {
            id: MediaId::new(self.id),
            account: AccountId::new(self.account_id),
            kind: Kind::from_code(self.kind).ok_or(crate::Error::Unknown("media.kind"))?,
            mime: self.mime,
            width: self.width,
            height: self.height,
            place: Place {
                segment: self.segment,
                offset: self.segment_offset,
                length: self.length,
            },
        })
    }
}

/// Takes a picture in whose bytes are on the disk already.
pub fn insert(conn: &mut Conn, medium: &Medium) -> Result<()> {
    let row = MediumRow {
        id: medium.id.get(),
        account_id: medium.account.get(),
        kind: medium.kind.code(),
        mime: medium.mime.clone(),
        width: medium.width,
        height: medium.height,
        segment: medium.place.segment,
        segment_offset: medium.place.offset,
        length: medium.place.length,
    };
    on!(conn, c => diesel::insert_into(media::table).values(&row).execute(c))?;
    Ok(())
}

/// The picture of an id.
pub fn by_id(conn: &mut Conn, id: MediaId) -> Result<Option<Medium>> {
    let row: Option<MediumRow> = on!(conn, c => media::table
        .find(id.get())
        .select(MediumRow::as_select())
        .first(c)
        .optional())?;
    row.map(MediumRow::into_medium).transpose()
}

/// Deletes a picture's row. Its bytes, at the place that this gives, are to be erased after the commit.
pub fn delete(conn: &mut Conn, id: MediaId) -> Result<Option<Place>> {
    let Some(medium) = by_id(conn, id)? else {
        return Ok(None);
    };
    on!(conn, c => diesel::delete(media::table.find(id.get())).execute(c))?;
    crate::deletions::record(conn, crate::deletions::Deleted::Media(id))?;
    conn.purge_after_commit();
    Ok(Some(medium.place))
}

/// Where an account's pictures lie.
pub fn places_of(conn: &mut Conn, account: AccountId) -> Result<Vec<Place>> {
    let rows: Vec<(i32, i64, i32)> = on!(conn, c => media::table
        .filter(media::account_id.eq(account.get()))
        .select((media::segment, media::segment_offset, media::length))
        .load(c))?;
    Ok(rows.into_iter().map(place).collect())
}

/// Where every picture lies, so that what no row names can be erased.
pub fn places(conn: &mut Conn) -> Result<Vec<Place>> {
    let rows: Vec<(i32, i64, i32)> = on!(conn, c => media::table
        .select((media::segment, media::segment_offset, media::length))
        .load(c))?;
    Ok(rows.into_iter().map(place).collect())
}

pub(crate) const fn place((segment, offset, length): (i32, i64, i32)) -> Place {
    Place {
        segment,
        offset,
        length,
    }
}

/// Every picture's id with its place, for a backup.
pub fn all(conn: &mut Conn) -> Result<Vec<(i64, Place)>> {
    let rows: Vec<(i64, i32, i64, i32)> = on!(conn, c => media::table
        .select((media::id, media::segment, media::segment_offset, media::length))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, segment, offset, length)| (id, place((segment, offset, length))))
        .collect())
}

/// Says where a picture lies after a restore.
pub fn set_place(conn: &mut Conn, id: i64, at: Place) -> Result<()> {
    on!(conn, c => diesel::update(media::table.find(id))
        .set((
            media::segment.eq(at.segment),
            media::segment_offset.eq(at.offset),
            media::length.eq(at.length),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a picture off whatever profile shows it, and deletes its row. The bytes at the place are the caller's to erase.
pub fn take_off(conn: &mut Conn, id: MediaId) -> Result<Option<Place>> {
    use crate::schema::accounts;
    on!(conn, c => diesel::update(accounts::table.filter(accounts::avatar_id.eq(id.get())))
        .set(accounts::avatar_id.eq(None::<i64>))
        .execute(c))?;
    on!(conn, c => diesel::update(accounts::table.filter(accounts::header_id.eq(id.get())))
        .set(accounts::header_id.eq(None::<i64>))
        .execute(c))?;
    delete(conn, id)
}
