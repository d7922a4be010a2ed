//! Which posts of other servers are gone. Servers try again for days to tell what did not arrive, and a post may come
//! again by somebody's boost: what was deleted stays so. Kept is a digest of the name, until a day.

use bauta_model::Day;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::gone_names;
use crate::{Conn, Result};

/// Notes that the post whose name has this digest is gone, for `days` from now on.
pub fn note(conn: &mut Conn, digest: &[u8], days: i32) -> Result<()> {
    let until: Day = conn.now().day().plus(days);
    let set = gone_names::until_day.eq(until.get());
    on!(conn, c => diesel::insert_into(gone_names::table)
        .values((gone_names::name_hash.eq(digest), set))
        .on_conflict(gone_names::name_hash)
        .do_update()
        .set(set)
        .execute(c))?;
    Ok(())
}

/// True if the post whose name has this digest is gone.
pub fn holds(conn: &mut Conn, digest: &[u8]) -> Result<bool> {
    let found: i64 = on!(conn, c => gone_names::table
        .filter(gone_names::name_hash.eq(digest))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    #[test]
    fn what_is_gone_stays_gone() {
        on_both(|conn| {
            assert!(!holds(conn, &[1; 32]).unwrap());
            note(conn, &[1; 32], 8).unwrap();
            note(conn, &[1; 32], 366).unwrap();
            assert!(holds(conn, &[1; 32]).unwrap());
            assert!(!holds(conn, &[2; 32]).unwrap());
        });
    }
}
