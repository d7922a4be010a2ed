//! What only accounts and posts of other servers have: their names there, where they are written to, their keys. And the
//! keys by which ours are known there.

use bauta_model::{AccountId, CoarseTime, Day, PostId, Standing};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::conn::{Backend, on};
use crate::schema::{accounts, actor_keys, follow_names, remote_accounts, remote_keys, remote_posts};
use crate::{Conn, Error, Place, Result};

/// An account of another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteAccount {
    /// Its account here.
    pub account: AccountId,
    /// Its actor: what it is known by everywhere.
    pub uri: String,
    /// Its page for people.
    pub url: String,
    /// The host of the actor, with a port where it is not the usual one.
    pub domain: String,
    /// Where it alone is written to.
    pub inbox: String,
    /// Where its whole server is written to; the same as `inbox` where there is none.
    pub shared_inbox: String,
    /// The name of its followers as an audience; may be empty.
    pub followers_uri: String,
    /// The name of the list of what it pinned; may be empty.
    pub featured_uri: String,
    /// When its profile was fetched.
    pub fetched: Day,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = remote_accounts)]
struct Row {
    account_id: i64,
    uri: String,
    url: String,
    domain: String,
    inbox: String,
    shared_inbox: String,
    followers_uri: String,
    featured_uri: String,
    fetched_day: i32,
}

impl From<Row> for RemoteAccount {
    fn from(row: Row) -> Self {
        Self {
            account: AccountId::new(row.account_id),
            uri: row.uri,
            url: row.url,
            domain: row.domain,
            inbox: row.inbox,
            shared_inbox: row.shared_inbox,
            followers_uri: row.followers_uri,
            featured_uri: row.featured_uri,
            fetched: Day::new(row.fetched_day),
        }
    }
}

/// Writes an account of another server, or what changed of it. Its row in `accounts` is there already.
pub fn set(conn: &mut Conn, account: &RemoteAccount) -> Result<()> {
    let row = Row {
        account_id: account.account.get(),
        uri: account.uri.clone(),
        url: account.url.clone(),
        domain: account.domain.clone(),
        inbox: account.inbox.clone(),
        shared_inbox: account.shared_inbox.clone(),
        followers_uri: account.followers_uri.clone(),
        featured_uri: account.featured_uri.clone(),
        fetched_day: account.fetched.get(),
    };
    on!(conn, c => diesel::insert_into(remote_accounts::table)
        .values(&row)
        .on_conflict(remote_accounts::account_id)
        .do_update()
        .set(&row)
        .execute(c))?;
    Ok(())
}

/// The account of an actor.
pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<RemoteAccount>> {
    let row: Option<Row> = on!(conn, c => remote_accounts::table
        .filter(remote_accounts::uri.eq(uri))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(RemoteAccount::from))
}

/// What only accounts of other servers have, of those among `ids`.
pub fn of_many(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<RemoteAccount>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<Row> = on!(conn, c => remote_accounts::table
        .filter(remote_accounts::account_id.eq_any(&ids))
        .select(Row::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(RemoteAccount::from).collect())
}

/// As [`of_many`], for one.
pub fn of(conn: &mut Conn, id: AccountId) -> Result<Option<RemoteAccount>> {
    Ok(of_many(conn, &[id])?.pop())
}

/// True if no account of another server is known: then nobody needs to be told anything.
pub fn nobody(conn: &mut Conn) -> Result<bool> {
    let one: Option<i64> = on!(conn, c => remote_accounts::table
        .select(remote_accounts::account_id)
        .first(c)
        .optional())?;
    Ok(one.is_none())
}

#[derive(QueryableByName)]
struct Inbox {
    #[diesel(sql_type = Text)]
    inbox: String,
}

/// Where the followers of ?1 are written to. From the few of other servers to their follows, not the other way round: an
/// author may have many followers here.
pub(crate) const FOLLOWER_INBOXES: &str = "SELECT DISTINCT r.shared_inbox AS inbox FROM remote_accounts r \
     CROSS JOIN follows f WHERE f.follower_id = r.account_id AND f.followee_id = ?1";

/// Where the followers of `account` are written to: each server once.
pub fn follower_inboxes(conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    let rows: Vec<Inbox> = match &mut conn.backend {
        Backend::Sqlite(c) => diesel::sql_query(FOLLOWER_INBOXES)
            .bind::<BigInt, _>(account.get())
            .load(c)?,
        Backend::Postgres(c) => diesel::sql_query(FOLLOWER_INBOXES.replace('?', "$"))
            .bind::<BigInt, _>(account.get())
            .load(c)?,
    };
    Ok(rows.into_iter().map(|row| row.inbox).collect())
}

/// Where every server is written to that is known here: each once.
pub fn every_inbox(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(on!(conn, c => remote_accounts::table
        .select(remote_accounts::shared_inbox)
        .distinct()
        .load(c))?)
}

/// Where those are written to who boosted, liked or answered a post: each server once. They hold it, follower or not.
pub fn reached_inboxes(conn: &mut Conn, post: PostId) -> Result<Vec<String>> {
    use crate::schema::{favourites, posts};
    let id = post.get();
    Ok(on!(conn, c => remote_accounts::table
        .filter(remote_accounts::account_id.eq_any(posts::table
                .filter(posts::boost_of_id.eq(id).or(posts::in_reply_to_id.eq(id)))
                .select(posts::author_id))
            .or(remote_accounts::account_id.eq_any(favourites::table
                .filter(favourites::post_id.eq(id))
                .select(favourites::account_id))))
        .select(remote_accounts::shared_inbox)
        .distinct()
        .load(c))?)
}

/// Gives a post the name that it has on its server. The error [`crate::Error::is_duplicate`] says that it is here.
pub fn name_post(conn: &mut Conn, post: PostId, uri: &str, url: &str) -> Result<()> {
    on!(conn, c => diesel::insert_into(remote_posts::table)
        .values((
            remote_posts::post_id.eq(post.get()),
            remote_posts::uri.eq(uri),
            remote_posts::url.eq(url),
        ))
        .execute(c))?;
    Ok(())
}

/// The post, or boost, that has this name on its server.
pub fn post_by_uri(conn: &mut Conn, uri: &str) -> Result<Option<PostId>> {
    let id: Option<i64> = on!(conn, c => remote_posts::table
        .filter(remote_posts::uri.eq(uri))
        .select(remote_posts::post_id)
        .first(c)
        .optional())?;
    Ok(id.map(PostId::new))
}

/// The name and page of posts of other servers, of those among `ids`.
pub fn names_of_posts(conn: &mut Conn, ids: &[PostId]) -> Result<Vec<(PostId, String, String)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows: Vec<(i64, String, String)> = on!(conn, c => remote_posts::table
        .filter(remote_posts::post_id.eq_any(&ids))
        .select((remote_posts::post_id, remote_posts::uri, remote_posts::url))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, uri, url)| (PostId::new(id), uri, url))
        .collect())
}

/// A public key of another server's actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteKey {
    /// The actor that vouches for it.
    pub owner: String,
    /// PEM.
    pub pem: String,
    /// When it was fetched.
    pub fetched: CoarseTime,
}

/// A key by its name, and how its owner stands, where they are known here.
pub fn key(conn: &mut Conn, key_id: &str) -> Result<Option<(RemoteKey, Option<Standing>)>> {
    type Row = (String, String, i64, Option<i16>);
    let row: Option<Row> = on!(conn, c => remote_keys::table
        .left_join(remote_accounts::table.on(remote_accounts::uri.eq(remote_keys::owner)))
        .left_join(accounts::table.on(accounts::id.nullable().eq(remote_accounts::account_id.nullable())))
        .filter(remote_keys::key_id.eq(key_id))
        .select((
            remote_keys::owner,
            remote_keys::public_key,
            remote_keys::fetched_slot,
            accounts::standing.nullable(),
        ))
        .first(c)
        .optional())?;
    let Some((owner, pem, fetched, standing)) = row else {
        return Ok(None);
    };
    let key = RemoteKey {
        owner,
        pem,
        fetched: CoarseTime::from_unix_seconds(fetched),
    };
    let standing = standing.map(|code| Standing::from_code(code).ok_or(Error::Unknown("accounts.standing")));
    Ok(Some((key, standing.transpose()?)))
}

/// Keeps a key.
pub fn set_key(conn: &mut Conn, key_id: &str, key: &RemoteKey) -> Result<()> {
    let values = (
        remote_keys::key_id.eq(key_id),
        remote_keys::owner.eq(&key.owner),
        remote_keys::public_key.eq(&key.pem),
        remote_keys::fetched_slot.eq(key.fetched.unix_seconds()),
    );
    on!(conn, c => diesel::insert_into(remote_keys::table)
        .values(values)
        .on_conflict(remote_keys::key_id)
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// Forgets the keys of an actor that is gone.
pub fn forget_keys(conn: &mut Conn, owner: &str) -> Result<()> {
    on!(conn, c => diesel::delete(remote_keys::table.filter(remote_keys::owner.eq(owner))).execute(c))?;
    Ok(())
}

/// The private key of one of our actors; account 0 is the server.
pub fn own_key(conn: &mut Conn, account: AccountId) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = on!(conn, c => actor_keys::table
        .find(account.get())
        .select(actor_keys::private_key)
        .first(c)
        .optional())?;
    sealed
        .map(|sealed| conn.open(own_place(account), &sealed))
        .transpose()
}

/// True if another server may know an account of ours: its key is made when that first asks for it, or is told of it.
pub fn is_known_elsewhere(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let keys: i64 = on!(conn, c => actor_keys::table
        .filter(actor_keys::account_id.eq(account.get()))
        .count()
        .get_result(c))?;
    Ok(keys > 0)
}

/// Keeps a private key, unless there is one already. Answers with the one that counts.
pub fn make_own_key(conn: &mut Conn, account: AccountId, key: &str) -> Result<String> {
    let sealed = conn.seal(own_place(account), key);
    on!(conn, c => diesel::insert_into(actor_keys::table)
        .values((actor_keys::account_id.eq(account.get()), actor_keys::private_key.eq(&sealed)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(own_key(conn, account)?.unwrap_or_else(|| key.to_owned()))
}

/// Forgets the keys of deleted accounts that have nothing more to say.
pub fn forget_own_keys(conn: &mut Conn) -> Result<()> {
    use crate::schema::{activities, outbox};
    let gone = on!(conn, c => diesel::delete(actor_keys::table
        .filter(actor_keys::account_id.ne(0))
        .filter(diesel::dsl::not(actor_keys::account_id.eq_any(accounts::table.select(accounts::id))))
        .filter(diesel::dsl::not(actor_keys::account_id.eq_any(activities::table.select(activities::signer_id))))
        .filter(diesel::dsl::not(actor_keys::account_id.eq_any(outbox::table.select(outbox::actor_id)))))
        .execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    Ok(())
}

const fn own_place(account: AccountId) -> Place {
    Place::new("actor_keys", "private_key", account.get())
}

/// By which name another server calls the follow of `followee` by `follower`.
pub fn follow_name(conn: &mut Conn, follower: AccountId, followee: AccountId) -> Result<Option<String>> {
    Ok(on!(conn, c => follow_names::table
        .find((follower.get(), followee.get()))
        .select(follow_names::uri)
        .first(c)
        .optional())?)
}

/// Keeps that name.
pub fn name_follow(conn: &mut Conn, follower: AccountId, followee: AccountId, uri: &str) -> Result<()> {
    on!(conn, c => diesel::insert_into(follow_names::table)
        .values((
            follow_names::follower_id.eq(follower.get()),
            follow_names::followee_id.eq(followee.get()),
            follow_names::uri.eq(uri),
        ))
        .on_conflict((follow_names::follower_id, follow_names::followee_id))
        .do_update()
        .set(follow_names::uri.eq(uri))
        .execute(c))?;
    Ok(())
}
