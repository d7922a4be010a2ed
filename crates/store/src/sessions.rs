//! Sessions of the pages and tokens of apps: one list for their owner. Only hashes of tokens lie here, and no time
//! but the month in which a session ends.

use bauta_model::{AccountId, AppId, Duties, KeyholderId, Month, Role, SessionId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, apps, keyholders, sessions};
use crate::{Conn, Error, Result};

/// A session as it is made.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Random.
    pub id: SessionId,
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// For whom it speaks; nothing for an app that speaks for itself.
    pub account: Option<AccountId>,
    /// Who of the people behind the account it belongs to; nothing for a token that the operator made.
    pub keyholder: Option<KeyholderId>,
    /// The app that it was made for.
    pub app: Option<AppId>,
    /// The kind's stored number.
    pub kind: i16,
    /// Scopes, in words.
    pub scopes: String,
    /// The last month in which it is good.
    pub expires: Option<Month>,
}

/// A session that a token led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub id: SessionId,
    /// For whom it speaks, what that account may do, and what moderators decided.
    pub account: Option<(AccountId, Role, Standing)>,
    /// Who of the people behind the account it belongs to, and what they do; nothing for a token that the operator made.
    pub keyholder: Option<(KeyholderId, Duties)>,
    /// The app that it was made for.
    pub app: Option<AppId>,
    /// The kind's stored number.
    pub kind: i16,
    /// Scopes, in words.
    pub scopes: String,
    /// The last month in which it is good.
    pub expires: Option<Month>,
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The session.
    pub id: SessionId,
    /// The kind's stored number.
    pub kind: i16,
    /// The name that the app gave itself.
    pub app_name: Option<String>,
    /// The app's page.
    pub app_website: Option<String>,
    /// Scopes, in words.
    pub scopes: String,
    /// The last month in which it is good.
    pub expires: Option<Month>,
}

/// Makes a session.
pub fn insert(conn: &mut Conn, session: &NewSession) -> Result<()> {
    on!(conn, c => diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(&session.token_hash[..]),
            sessions::id.eq(session.id.get()),
            sessions::account_id.eq(session.account.map(AccountId::get)),
            sessions::keyholder_id.eq(session.keyholder.map(KeyholderId::get)),
            sessions::app_id.eq(session.app.map(AppId::get)),
            sessions::kind.eq(session.kind),
            sessions::scopes.eq(&session.scopes),
            sessions::expires_month.eq(session.expires.map(Month::get)),
        ))
        .execute(c))?;
    Ok(())
}

#[derive(Queryable)]
struct FoundRow {
    id: i64,
    app_id: Option<i64>,
    kind: i16,
    scopes: String,
    expires_month: Option<i32>,
    account: Option<(i64, i16, i16)>,
    keyholder: Option<(i64, i16)>,
}

/// The session of a token, unless `month` is after its end.
pub fn by_token(conn: &mut Conn, token_hash: &[u8; 32], month: Month) -> Result<Option<Found>> {
    let row: Option<FoundRow> = on!(conn, c => sessions::table
        .left_join(accounts::table.on(sessions::account_id.eq(accounts::id.nullable())))
        .left_join(keyholders::table.on(sessions::keyholder_id.eq(keyholders::id.nullable())))
        .filter(sessions::token_hash.eq(&token_hash[..]))
        .filter(sessions::expires_month.is_null().or(sessions::expires_month.ge(month.get())))
        .select((
            sessions::id,
            sessions::app_id,
            sessions::kind,
            sessions::scopes,
            sessions::expires_month,
            (accounts::id, accounts::role, accounts::standing).nullable(),
            (keyholders::id, keyholders::duties).nullable(),
        ))
        .first(c)
        .optional())?;
    let Some(row) = row else { return Ok(None) };
    let account = row
        .account
        .map(|(id, role, standing)| {
            Ok::<_, Error>((
                AccountId::new(id),
                Role::from_code(role).ok_or(Error::Unknown("accounts.role"))?,
                Standing::from_code(standing).ok_or(Error::Unknown("accounts.standing"))?,
            ))
        })
        .transpose()?;
    let keyholder = row
        .keyholder
        .map(|(id, duties)| Ok::<_, Error>((KeyholderId::new(id), crate::keyholders::duties(duties)?)))
        .transpose()?;
    Ok(Some(Found {
        id: SessionId::new(row.id),
        account,
        keyholder,
        app: row.app_id.map(AppId::new),
        kind: row.kind,
        scopes: row.scopes,
        expires: row.expires_month.map(Month::new),
    }))
}

/// The app that a session was made for.
pub fn app_of(conn: &mut Conn, session: SessionId) -> Result<Option<AppId>> {
    let id: Option<Option<i64>> = on!(conn, c => sessions::table
        .filter(sessions::id.eq(session.get()))
        .select(sessions::app_id)
        .first(c)
        .optional())?;
    Ok(id.flatten().map(AppId::new))
}

/// Whose sessions: those of one of the people behind an account, and what the operator made for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: AccountId,
    /// Who of the people behind it; nothing for what the operator made alone.
    pub keyholder: Option<KeyholderId>,
}

impl Owner {
    fn keyholder(self) -> Option<i64> {
        self.keyholder.map(KeyholderId::get)
    }
}

/// The sessions of an owner, in an order that tells nothing about when they began.
pub fn of_owner(conn: &mut Conn, owner: Owner, month: Month) -> Result<Vec<Listed>> {
    type Row = (i64, i16, Option<String>, Option<String>, String, Option<i32>);
    let rows: Vec<Row> = on!(conn, c => sessions::table
        .left_join(apps::table.on(sessions::app_id.eq(apps::id.nullable())))
        .filter(sessions::account_id.eq(owner.account.get()))
        .filter(sessions::keyholder_id.is_null().or(sessions::keyholder_id.eq(owner.keyholder())))
        .filter(sessions::expires_month.is_null().or(sessions::expires_month.ge(month.get())))
        .order((sessions::kind, sessions::id))
        .select((
            sessions::id,
            sessions::kind,
            apps::name.nullable(),
            apps::website.nullable(),
            sessions::scopes,
            sessions::expires_month,
        ))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, app_name, app_website, scopes, expires)| Listed {
            id: SessionId::new(id),
            kind,
            app_name,
            app_website,
            scopes,
            expires: expires.map(Month::new),
        })
        .collect())
}

/// The numbers of the sessions of an owner.
pub(crate) fn ids(conn: &mut Conn, owner: Owner) -> Result<Vec<i64>> {
    Ok(on!(conn, c => sessions::table
        .filter(sessions::account_id.eq(owner.account.get()))
        .filter(sessions::keyholder_id.is_null().or(sessions::keyholder_id.eq(owner.keyholder())))
        .select(sessions::id)
        .load(c))?)
}

/// Ends one session of an owner. False if they have no such session.
pub fn delete(conn: &mut Conn, owner: Owner, session: SessionId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(
        sessions::table
            .filter(sessions::id.eq(session.get()))
            .filter(sessions::account_id.eq(owner.account.get()))
            .filter(sessions::keyholder_id.is_null().or(sessions::keyholder_id.eq(owner.keyholder())))
    ).execute(c))?;
    Ok(gone > 0)
}

/// Ends every session of an owner but `keep`.
pub fn delete_all(conn: &mut Conn, owner: Owner, keep: Option<SessionId>) -> Result<()> {
    conn.purge_after_commit();
    let keep = keep.map_or(0, SessionId::get);
    on!(conn, c => diesel::delete(
        sessions::table
            .filter(sessions::account_id.eq(owner.account.get()))
            .filter(sessions::keyholder_id.is_null().or(sessions::keyholder_id.eq(owner.keyholder())))
            .filter(sessions::id.ne(keep))
    ).execute(c))?;
    Ok(())
}

/// Ends the session of a token if it was made for `app`. False if there is no such session.
pub fn delete_by_token(conn: &mut Conn, token_hash: &[u8; 32], app: AppId) -> Result<bool> {
    conn.purge_after_commit();
    let gone = on!(conn, c => diesel::delete(
        sessions::table
            .filter(sessions::token_hash.eq(&token_hash[..]))
            .filter(sessions::app_id.eq(app.get()))
    ).execute(c))?;
    Ok(gone > 0)
}
