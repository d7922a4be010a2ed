//! Pictures: whose they are, what they are, and where their bytes lie: in the media folder, or in a bucket.

use bauta_model::{AccountId, MediaId};
pub use bauta_seal::{FileKey, Span, plain_length};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::media;
use crate::{Conn, Place as SealedPlace, Result};

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
    /// Under which key; nothing where they lie there as they are.
    pub key: Option<FileKey>,
}

/// Where bytes lie that no row names yet, and under which key.
pub type Stored = (Place, Option<FileKey>);

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

/// A place in the media folder; or, with a segment below zero, the two numbers that name an object of the bucket.
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
    file_key: Option<Vec<u8>>,
}

const fn key_place(id: i64) -> SealedPlace {
    SealedPlace::new("media", "file_key", id)
}

impl MediumRow {
    fn into_medium(self, conn: &Conn) -> Result<Medium> {
        let key = match &self.file_key {
            Some(sealed) => FileKey::read(&conn.open_bytes(key_place(self.id), sealed)?),
            None => None,
        };
        Ok(Medium {
            key,
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
        file_key: sealed_key(conn, medium.id, medium.key.as_ref()),
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
    row.map(|row| row.into_medium(conn)).transpose()
}

fn sealed_key(conn: &Conn, id: MediaId, key: Option<&FileKey>) -> Option<Vec<u8>> {
    key.map(|key| conn.seal_bytes(key_place(id.get()), key.bytes()))
}

/// Files that lie there as they are, from before there were keys; those of a bucket only where there is one to ask.
pub fn unsealed(conn: &mut Conn, with_bucket: bool, most: i64) -> Result<Vec<Medium>> {
    let least = if with_bucket { i32::MIN } else { 0 };
    let rows: Vec<MediumRow> = on!(conn, c => media::table
        .filter(media::file_key.is_null())
        .filter(media::segment.ge(least))
        .order(media::id)
        .limit(most)
        .select(MediumRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_medium(conn)).collect()
}

/// Says where a file lies sealed that lay at `before` as it was. False if it is gone meanwhile.
pub fn set_sealed(conn: &mut Conn, id: MediaId, before: Place, (at, key): &Stored) -> Result<bool> {
    let key = sealed_key(conn, id, key.as_ref());
    let changed = on!(conn, c => diesel::update(media::table.find(id.get())
            .filter(media::segment.eq(before.segment))
            .filter(media::segment_offset.eq(before.offset)))
        .set((
            media::segment.eq(at.segment),
            media::segment_offset.eq(at.offset),
            media::length.eq(at.length),
            media::file_key.eq(&key),
        ))
        .execute(c))?;
    Ok(changed > 0)
}

/// Files that lie in the media folder; on a sealed server those that lie there sealed.
pub fn lying_here(conn: &mut Conn, sealed: bool, most: i64) -> Result<Vec<(MediaId, Place)>> {
    let rows: Vec<(i64, i32, i64, i32, bool)> = on!(conn, c => media::table
        .filter(media::segment.ge(0))
        .limit(most)
        .select((
            media::id,
            media::segment,
            media::segment_offset,
            media::length,
            media::file_key.is_not_null(),
        ))
        .load(c))?;
    Ok(rows
        .into_iter()
        .filter(|row| row.4 || !sealed)
        .map(|(id, segment, offset, length, _)| (MediaId::new(id), place((segment, offset, length))))
        .collect())
}

/// Says that a file that lay at `before` lies in the bucket now. False if it is gone or lies elsewhere meanwhile.
pub fn set_carried(conn: &mut Conn, id: MediaId, before: Place, to: Place) -> Result<bool> {
    let changed = on!(conn, c => diesel::update(media::table.find(id.get())
            .filter(media::segment.eq(before.segment))
            .filter(media::segment_offset.eq(before.offset)))
        .set((media::segment.eq(to.segment), media::segment_offset.eq(to.offset)))
        .execute(c))?;
    Ok(changed > 0)
}

/// Objects of the bucket whose first numbers lie between two.
pub fn between(conn: &mut Conn, first: i32, last: i32) -> Result<Vec<Place>> {
    let rows: Vec<(i32, i64, i32)> = on!(conn, c => media::table
        .filter(media::segment.between(first, last))
        .select((media::segment, media::segment_offset, media::length))
        .load(c))?;
    Ok(rows.into_iter().map(place).collect())
}

/// True where a file lies in a bucket.
pub fn any_in_bucket(conn: &mut Conn) -> Result<bool> {
    let found: Option<i64> = on!(conn, c => media::table
        .filter(media::segment.lt(0))
        .select(media::id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
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

/// Where every picture lies in the media folder, so that what no row names can be erased.
pub fn places(conn: &mut Conn) -> Result<Vec<Place>> {
    let rows: Vec<(i32, i64, i32)> = on!(conn, c => media::table
        .filter(media::segment.ge(0))
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
