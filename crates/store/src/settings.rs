//! Settings of the server that outlive a restart: a name and a value.

use diesel::prelude::*;

use crate::conn::on;
use crate::schema::settings;
use crate::{Conn, Result};

/// The value of a setting.
pub fn get(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(on!(conn, c => settings::table
        .find(name)
        .select(settings::value)
        .first(c)
        .optional())?)
}

/// Every setting, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(
        on!(conn, c => settings::table.order(settings::name).select((settings::name, settings::value)).load(c))?,
    )
}

/// Sets a value.
pub fn set(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    on!(conn, c => diesel::insert_into(settings::table)
        .values((settings::name.eq(name), settings::value.eq(value)))
        .on_conflict(settings::name)
        .do_update()
        .set(settings::value.eq(value))
        .execute(c))?;
    Ok(())
}
