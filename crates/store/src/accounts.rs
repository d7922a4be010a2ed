//! Accounts and their owners' preferences.

use bauta_model::{
    Account, AccountId, Field, Handle, MediaId, Month, Preferences, QuotePolicy, ReplyPolicy, Role, Standing,
    Theme, Visibility,
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cached::Cached;
use crate::conn::on;
use crate::schema::{accounts, preferences};
use crate::{Conn, Error, Place, Result};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = accounts)]
struct AccountRow {
    id: i64,
    handle: String,
    handle_key: String,
    display_name: Vec<u8>,
    bio: Vec<u8>,
    bio_html: Vec<u8>,
    fields: Vec<u8>,
    locked: bool,
    bot: bool,
    discoverable: bool,
    indexable: bool,
    hide_collections: bool,
    joined_month: i32,
    role: i16,
    standing: i16,
    #[diesel(treat_none_as_null = true)]
    avatar_id: Option<i64>,
    #[diesel(treat_none_as_null = true)]
    header_id: Option<i64>,
    posts_count: i64,
    followers_count: i64,
    following_count: i64,
}

/// A profile field as it lies in `accounts.fields`.
#[derive(Serialize, Deserialize)]
struct StoredField {
    name: String,
    value: String,
    html: String,
}

const fn place(column: &'static str, id: i64) -> Place {
    Place::new("accounts", column, id)
}

impl AccountRow {
    fn of(conn: &Conn, account: &Account) -> Self {
        let id = account.id.get();
        let fields: Vec<StoredField> = account
            .fields
            .iter()
            .map(|f| StoredField {
                name: f.name.clone(),
                value: f.value.clone(),
                html: f.value_html.clone(),
            })
            .collect();
        let fields = serde_json::to_string(&fields).expect("strings serialise");
        Self {
            id,
            handle: account.handle.as_str().to_owned(),
            handle_key: account.handle.key().to_owned(),
            display_name: conn.seal(place("display_name", id), &account.display_name),
            bio: conn.seal(place("bio", id), &account.bio),
            bio_html: conn.seal(place("bio_html", id), &account.bio_html),
            fields: conn.seal(place("fields", id), &fields),
            locked: account.locked,
            bot: account.bot,
            discoverable: account.discoverable,
            indexable: account.indexable,
            hide_collections: account.hide_collections,
            joined_month: account.joined.get(),
            role: account.role.code(),
            standing: account.standing.code(),
            avatar_id: account.avatar.map(MediaId::get),
            header_id: account.header.map(MediaId::get),
            posts_count: account.posts_count,
            followers_count: account.followers_count,
            following_count: account.following_count,
        }
    }

    fn into_account(self, conn: &Conn) -> Result<Account> {
        let fields = conn.open(place("fields", self.id), &self.fields)?;
        let fields: Vec<StoredField> =
            serde_json::from_str(&fields).map_err(|_| Error::Unknown("accounts.fields"))?;
        Ok(Account {
            id: AccountId::new(self.id),
            handle: Handle::parse_any(&self.handle).map_err(|_| Error::Unknown("accounts.handle"))?,
            display_name: conn.open(place("display_name", self.id), &self.display_name)?,
            bio: conn.open(place("bio", self.id), &self.bio)?,
            bio_html: conn.open(place("bio_html", self.id), &self.bio_html)?,
            fields: fields
                .into_iter()
                .map(|f| Field {
                    name: f.name,
                    value: f.value,
                    value_html: f.html,
                })
                .collect(),
            locked: self.locked,
            bot: self.bot,
            discoverable: self.discoverable,
            indexable: self.indexable,
            hide_collections: self.hide_collections,
            joined: Month::new(self.joined_month),
            role: Role::from_code(self.role).ok_or(Error::Unknown("accounts.role"))?,
            standing: Standing::from_code(self.standing).ok_or(Error::Unknown("accounts.standing"))?,
            avatar: self.avatar_id.map(MediaId::new),
            header: self.header_id.map(MediaId::new),
            posts_count: self.posts_count,
            followers_count: self.followers_count,
            following_count: self.following_count,
        })
    }
}

/// Makes an account. The error [`Error::is_duplicate`] says that the handle is taken.
pub fn insert(conn: &mut Conn, account: &Account) -> Result<()> {
    let row = AccountRow::of(conn, account);
    on!(conn, c => diesel::insert_into(accounts::table).values(&row).execute(c))?;
    Ok(())
}

/// Writes everything that an owner can change; counts, role and standing stay as they are.
pub fn update_profile(conn: &mut Conn, account: &Account) -> Result<()> {
    let row = AccountRow::of(conn, account);
    conn.purge_after_commit();
    on!(conn, c => diesel::update(accounts::table.find(row.id))
        .set((
            accounts::display_name.eq(&row.display_name),
            accounts::bio.eq(&row.bio),
            accounts::bio_html.eq(&row.bio_html),
            accounts::fields.eq(&row.fields),
            accounts::locked.eq(row.locked),
            accounts::bot.eq(row.bot),
            accounts::discoverable.eq(row.discoverable),
            accounts::indexable.eq(row.indexable),
            accounts::hide_collections.eq(row.hide_collections),
            accounts::avatar_id.eq(row.avatar_id),
            accounts::header_id.eq(row.header_id),
        ))
        .execute(c))?;
    Ok(())
}

/// Counts a post more or less (1 or -1), and answers with the account as it stands now: no second query.
pub(crate) fn count_post(conn: &mut Conn, id: AccountId, by: i64) -> Result<Account> {
    let row: AccountRow = on!(conn, c => Cached(diesel::update(accounts::table.find(id.get()))
        .set(accounts::posts_count.eq(accounts::posts_count + by))
        .returning(AccountRow::as_returning()))
        .get_result(c))?;
    row.into_account(conn)
}

/// The accounts of many handles, in no order; handles that nobody has are left out.
pub fn by_handles(conn: &mut Conn, handles: &[Handle]) -> Result<Vec<Account>> {
    let keys: Vec<&str> = handles.iter().map(Handle::key).collect();
    let rows: Vec<AccountRow> = on!(conn, c => accounts::table
        .filter(accounts::handle_key.eq_any(&keys))
        .select(AccountRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_account(conn)).collect()
}

/// Accounts whose handle begins with `start` (lower case), in the order of handles, but for suspended ones.
pub fn by_handle_start(conn: &mut Conn, start: &str, offset: i64, limit: i64) -> Result<Vec<Account>> {
    // Every character of a handle sorts below the tilde. The range uses the index; LIKE would not on PostgreSQL.
    let end = format!("{start}~");
    let rows: Vec<AccountRow> = on!(conn, c => accounts::table
        .filter(accounts::handle_key.ge(start).and(accounts::handle_key.lt(&end)))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .order(accounts::handle_key.asc())
        .offset(offset)
        .limit(limit)
        .select(AccountRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_account(conn)).collect()
}

/// Every account that is not in good standing.
pub fn not_in_good_standing(conn: &mut Conn) -> Result<Vec<(AccountId, Standing)>> {
    let rows: Vec<(i64, i16)> = on!(conn, c => accounts::table
        .filter(accounts::standing.ne(Standing::Good.code()))
        .select((accounts::id, accounts::standing))
        .load(c))?;
    rows.into_iter()
        .map(|(id, code)| {
            let standing = Standing::from_code(code).ok_or(Error::Unknown("accounts.standing"))?;
            Ok((AccountId::new(id), standing))
        })
        .collect()
}

/// Names by which an account that wants to be found can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The account.
    pub id: AccountId,
    /// Its display name.
    pub name: String,
}

/// Accounts above `after` in the order of ids that have a display name and want to be found: for the search index.
pub fn discoverable(conn: &mut Conn, after: AccountId, limit: i64) -> Result<Vec<Named>> {
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, c => accounts::table
        .filter(accounts::id.gt(after.get()))
        .filter(accounts::discoverable.eq(true))
        .filter(accounts::standing.eq(Standing::Good.code()))
        .order(accounts::id.asc())
        .limit(limit)
        .select((accounts::id, accounts::display_name))
        .load(c))?;
    rows.into_iter()
        .map(|(id, name)| {
            let name = conn.open(place("display_name", id), &name)?;
            Ok(Named {
                id: AccountId::new(id),
                name,
            })
        })
        .collect()
}

/// The account of an id.
pub fn by_id(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    let row: Option<AccountRow> = on!(conn, c => accounts::table
        .find(id.get())
        .select(AccountRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| row.into_account(conn)).transpose()
}

/// The account of a handle, whatever its case.
pub fn by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<Account>> {
    let row: Option<AccountRow> = on!(conn, c => accounts::table
        .filter(accounts::handle_key.eq(handle.key()))
        .select(AccountRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| row.into_account(conn)).transpose()
}

/// The accounts of many ids, in no order; ids of accounts that are not there are left out.
pub fn by_ids(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<Account>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<AccountRow> = on!(conn, c => accounts::table
        .filter(accounts::id.eq_any(&ids))
        .select(AccountRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_account(conn)).collect()
}

/// True if some account may do at least what `role` may.
pub fn any_with_role(conn: &mut Conn, role: Role) -> Result<bool> {
    let found: i64 = on!(conn, c => accounts::table
        .filter(accounts::role.ge(role.code()))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// How many accounts this server has that were not suspended.
pub fn count(conn: &mut Conn) -> Result<i64> {
    use crate::schema::remote_accounts;
    Ok(on!(conn, c => accounts::table
        .filter(diesel::dsl::not(accounts::id.eq_any(remote_accounts::table.select(remote_accounts::account_id))))
        .filter(accounts::standing.ne(Standing::Suspended.code()))
        .count()
        .get_result(c))?)
}

/// How many posts this server's people wrote.
pub fn count_posts(conn: &mut Conn) -> Result<i64> {
    use crate::schema::{posts, remote_posts};
    let all: i64 = on!(conn, c => posts::table.count().get_result(c))?;
    let remote: i64 = on!(conn, c => remote_posts::table.count().get_result(c))?;
    Ok(all - remote)
}

/// Sets what moderators decided.
pub fn set_standing(conn: &mut Conn, id: AccountId, standing: Standing) -> Result<()> {
    on!(conn, c => diesel::update(accounts::table.find(id.get()))
        .set(accounts::standing.eq(standing.code()))
        .execute(c))?;
    Ok(())
}

/// Sets what an account may do.
pub fn set_role(conn: &mut Conn, id: AccountId, role: Role) -> Result<()> {
    on!(conn, c => diesel::update(accounts::table.find(id.get()))
        .set(accounts::role.eq(role.code()))
        .execute(c))?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = preferences, treat_none_as_null = true)]
struct PreferencesRow {
    account_id: i64,
    default_visibility: i16,
    default_sensitive: bool,
    default_language: Option<String>,
    theme: i16,
    direct_from_strangers: bool,
    expand_warnings: bool,
    default_quote_policy: i16,
    default_reply_policy: i16,
}

/// The owner's preferences, or the defaults.
pub fn preferences(conn: &mut Conn, id: AccountId) -> Result<Preferences> {
    let row: Option<PreferencesRow> = on!(conn, c => preferences::table
        .find(id.get())
        .select(PreferencesRow::as_select())
        .first(c)
        .optional())?;
    let Some(row) = row else {
        return Ok(Preferences::default());
    };
    Ok(Preferences {
        default_visibility: Visibility::from_code(row.default_visibility)
            .ok_or(Error::Unknown("preferences.default_visibility"))?,
        default_sensitive: row.default_sensitive,
        default_language: row.default_language,
        theme: Theme::from_code(row.theme).ok_or(Error::Unknown("preferences.theme"))?,
        direct_from_strangers: row.direct_from_strangers,
        expand_warnings: row.expand_warnings,
        default_quote_policy: QuotePolicy::from_code(row.default_quote_policy)
            .ok_or(Error::Unknown("preferences.default_quote_policy"))?,
        default_reply_policy: ReplyPolicy::from_code(row.default_reply_policy)
            .ok_or(Error::Unknown("preferences.default_reply_policy"))?,
    })
}

/// Writes the owner's preferences.
pub fn set_preferences(conn: &mut Conn, id: AccountId, wanted: &Preferences) -> Result<()> {
    let row = PreferencesRow {
        account_id: id.get(),
        default_visibility: wanted.default_visibility.code(),
        default_sensitive: wanted.default_sensitive,
        default_language: wanted.default_language.clone(),
        theme: wanted.theme.code(),
        direct_from_strangers: wanted.direct_from_strangers,
        expand_warnings: wanted.expand_warnings,
        default_quote_policy: wanted.default_quote_policy.code(),
        default_reply_policy: wanted.default_reply_policy.code(),
    };
    on!(conn, c => diesel::insert_into(preferences::table)
        .values(&row)
        .on_conflict(preferences::account_id)
        .do_update()
        .set(&row)
        .execute(c))?;
    Ok(())
}
