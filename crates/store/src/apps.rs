//! Client applications as they registered themselves. They belong to nobody.

use bauta_model::{AppId, Month};
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{apps, sessions};
use crate::{Conn, Error, Result};

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Random.
    pub id: AppId,
    /// What it calls itself by in OAuth.
    pub client_id: String,
    /// The hash of its secret.
    pub secret_hash: [u8; 32],
    /// What it calls itself.
    pub name: String,
    /// Its page.
    pub website: Option<String>,
    /// Where it may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for, in words.
    pub scopes: String,
    /// The month of its registration.
    pub registered: Month,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = apps)]
struct AppRow {
    id: i64,
    client_id: String,
    secret_hash: Vec<u8>,
    name: String,
    website: Option<String>,
    redirect_uris: String,
    scopes: String,
    registered_month: i32,
}

impl AppRow {
    fn into_app(self) -> Result<App> {
        Ok(App {
            id: AppId::new(self.id),
            client_id: self.client_id,
            secret_hash: self
                .secret_hash
                .try_into()
                .map_err(|_| Error::Unknown("apps.secret_hash"))?,
            name: self.name,
            website: self.website,
            redirect_uris: self.redirect_uris.lines().map(str::to_owned).collect(),
            scopes: self.scopes,
            registered: Month::new(self.registered_month),
        })
    }
}

/// Registers an application. No redirect URI may hold a line break: they are stored as lines.
pub fn insert(conn: &mut Conn, app: &App) -> Result<()> {
    let row = AppRow {
        id: app.id.get(),
        client_id: app.client_id.clone(),
        secret_hash: app.secret_hash.to_vec(),
        name: app.name.clone(),
        website: app.website.clone(),
        redirect_uris: app.redirect_uris.join("\n"),
        scopes: app.scopes.clone(),
        registered_month: app.registered.get(),
    };
    on!(conn, c => diesel::insert_into(apps::table).values(&row).execute(c))?;
    Ok(())
}

/// The application of a client id.
pub fn by_client_id(conn: &mut Conn, client_id: &str) -> Result<Option<App>> {
    let row: Option<AppRow> = on!(conn, c => apps::table
        .filter(apps::client_id.eq(client_id))
        .select(AppRow::as_select())
        .first(c)
        .optional())?;
    row.map(AppRow::into_app).transpose()
}

/// The application of an id.
pub fn by_id(conn: &mut Conn, id: AppId) -> Result<Option<App>> {
    let row: Option<AppRow> = on!(conn, c => apps::table
        .find(id.get())
        .select(AppRow::as_select())
        .first(c)
        .optional())?;
    row.map(AppRow::into_app).transpose()
}

/// Deletes applications that registered before `month` and that nobody lets in any more.
pub fn delete_unused(conn: &mut Conn, month: Month) -> Result<()> {
    on!(conn, c => diesel::delete(apps::table
        .filter(apps::registered_month.lt(month.get()))
        .filter(diesel::dsl::not(exists(sessions::table.filter(sessions::app_id.eq(apps::id.nullable()))))))
        .execute(c))?;
    Ok(())
}
