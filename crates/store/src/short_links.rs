//! Short links: a code for a long link in a post. Nothing counts or logs who follows one.

use bauta_model::PostId;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::short_links;
use crate::{Conn, Place, Result};

/// A short link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLink {
    /// Where it leads.
    pub url: String,
    /// The post that it is in.
    pub post: PostId,
    /// The operator stopped it.
    pub stopped: bool,
}

const fn place(post: i64) -> Place {
    Place::new("short_links", "url", post)
}

/// Makes `code` lead to `url`. The error [`crate::Error::is_duplicate`] says that the code is taken.
pub fn insert(conn: &mut Conn, code: &str, post: PostId, url: &str) -> Result<()> {
    let sealed = conn.seal(place(post.get()), url);
    on!(conn, c => diesel::insert_into(short_links::table)
        .values((
            short_links::code.eq(code),
            short_links::post_id.eq(post.get()),
            short_links::url.eq(&sealed),
            short_links::stopped.eq(false),
        ))
        .execute(c))?;
    Ok(())
}

/// The link of a code.
pub fn by_code(conn: &mut Conn, code: &str) -> Result<Option<ShortLink>> {
    let row: Option<(i64, Vec<u8>, bool)> = on!(conn, c => short_links::table
        .find(code)
        .select((short_links::post_id, short_links::url, short_links::stopped))
        .first(c)
        .optional())?;
    row.map(|(post, url, stopped)| {
        Ok(ShortLink {
            url: conn.open(place(post), &url)?,
            post: PostId::new(post),
            stopped,
        })
    })
    .transpose()
}

/// Stops a link, or lets it go on. False if there is no such code.
pub fn set_stopped(conn: &mut Conn, code: &str, stopped: bool) -> Result<bool> {
    let changed = on!(conn, c => diesel::update(short_links::table.find(code))
        .set(short_links::stopped.eq(stopped))
        .execute(c))?;
    Ok(changed > 0)
}
