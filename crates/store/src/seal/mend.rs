//! After a restore: what was deleted or changed since the backup has no key any more, and must not be in the way.

use super::{COLUMNS, Column, walk};
use crate::{Conn, Error, Result, Store, media, post_changes, posts};
use bauta_model::{MediaId, PostId};

/// What takes the place of a value without a key: nothing.
const NOTHING: &[u8] = &[0];

/// Rows and bytes of values without a key.
type Lost = Vec<(&'static Column, walk::Value)>;

impl Store {
    /// Takes away every post whose words no key opens, and every picture that none does, and puts nothing in the place of other such values. How many values
    /// there were.
    ///
    /// # Errors
    /// Those of the database and of the key file.
    pub async fn let_go_of_lost(&self) -> Result<usize> {
        let lost = self.read_whole("look_for_lost", find).await?;
        let count = lost.len();
        self.write("let_go_of_lost", move |conn| {
            for (column, value) in &lost {
                walk::replace(conn, column, value.id, &value.bytes, NOTHING)?;
            }
            for (column, value) in &lost {
                if column.table == "posts"
                    && column.name == "html"
                    && let Some(post) = posts::by_id(conn, PostId::new(value.id))?
                {
                    post_changes::delete(conn, &post)?;
                }
                if column.table == "media" {
                    // Its bytes are swept at the next start: no row names them.
                    media::take_off(conn, MediaId::new(value.id))?;
                }
            }
            Ok::<_, Error>(())
        })
        .await?;
        Ok(count)
    }
}

fn find(conn: &mut Conn) -> Result<Lost> {
    let sealer = conn.sealer().clone();
    let mut lost = Lost::new();
    for column in COLUMNS.iter().filter(|column| !column.appended) {
        walk::each(conn, column, |value| {
            match sealer.open(column.place(value.id), &value.bytes) {
                Ok(_) => Ok(()),
                Err(Error::Sealed { .. }) => {
                    lost.push((column, value));
                    Ok(())
                }
                Err(error) => Err(error),
            }
        })?;
    }
    Ok(lost)
}
