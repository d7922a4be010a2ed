//! What accounts were told of demands, and what counsel picks up. A notice waits for each of those
//! behind the account; seeing it takes a row away and leaves no time.

use std::collections::BTreeSet;

use bauta_model::{AccountId, Day, DemandId, KeyholderId, NoticeId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{desk_notices, desk_pickups, desk_unseen, keyholders};
use crate::sessions::Owner;
use crate::{Conn, Error, Place, Result};

/// What an account answered to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    None,
    /// It objects.
    Objected,
    /// It consents.
    Consented,
}

impl Answer {
    const fn code(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Objected => 1,
            Self::Consented => 2,
        }
    }

    const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Objected),
            2 => Some(Self::Consented),
            _ => None,
        }
    }
}

/// What an account was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Random.
    pub id: NoticeId,
    /// Who was told.
    pub account: AccountId,
    /// Of which demand.
    pub demand: DemandId,
    /// The last day on which an answer is waited for.
    pub until: Day,
    /// What was answered.
    pub answer: Answer,
    /// What it says, as JSON.
    pub notice: String,
}

const fn place(id: NoticeId) -> Place {
    Place::new("desk_notices", "notice", id.get())
}

const fn pickup_place(notice: NoticeId) -> Place {
    Place::new("desk_pickups", "content", notice.get())
}

/// Writes a notice.
pub fn insert(conn: &mut Conn, notice: &Notice) -> Result<()> {
    let text = conn.seal(place(notice.id), &notice.notice);
    on!(conn, c => diesel::insert_into(desk_notices::table)
        .values((
            desk_notices::id.eq(notice.id.get()),
            desk_notices::account_id.eq(notice.account.get()),
            desk_notices::demand_id.eq(notice.demand.get()),
            desk_notices::until_day.eq(notice.until.get()),
            desk_notices::answer.eq(notice.answer.code()),
            desk_notices::notice.eq(&text),
        ))
        .execute(c))?;
    let people: Vec<i64> = on!(conn, c => keyholders::table
        .filter(keyholders::account_id.eq(notice.account.get()))
        .select(keyholders::id)
        .load(c))?;
    people
        .into_iter()
        .try_for_each(|one| waits(conn, notice.id, KeyholderId::new(one)))
}

/// A notice waits for one of those behind its account.
pub(crate) fn waits(conn: &mut Conn, notice: NoticeId, keyholder: KeyholderId) -> Result<()> {
    on!(conn, c => diesel::insert_into(desk_unseen::table)
        .values((
            desk_unseen::notice_id.eq(notice.get()),
            desk_unseen::keyholder_id.eq(keyholder.get()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Every notice of an account waits for somebody who came to it.
pub fn wait_for(conn: &mut Conn, account: AccountId, keyholder: KeyholderId) -> Result<()> {
    let all: Vec<i64> = on!(conn, c => desk_notices::table
        .filter(desk_notices::account_id.eq(account.get()))
        .select(desk_notices::id)
        .load(c))?;
    all.into_iter()
        .try_for_each(|notice| waits(conn, NoticeId::new(notice), keyholder))
}

type Row = (i64, i64, i64, i32, i16, Vec<u8>);

fn notice(conn: &Conn, (id, account, demand, until, answer, text): Row) -> Result<Notice> {
    let id = NoticeId::new(id);
    Ok(Notice {
        id,
        account: AccountId::new(account),
        demand: DemandId::new(demand),
        until: Day::new(until),
        answer: Answer::from_code(answer).ok_or(Error::Unknown("desk_notices.answer"))?,
        notice: conn.open(place(id), &text)?,
    })
}

/// What an account was told; what waits longest for an answer comes first.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = on!(conn, c => desk_notices::table
        .filter(desk_notices::account_id.eq(account.get()))
        .order((desk_notices::until_day.desc(), desk_notices::id))
        .load(c))?;
    rows.into_iter().map(|row| notice(conn, row)).collect()
}

/// Who was told of a demand.
pub fn of_demand(conn: &mut Conn, demand: DemandId) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = on!(conn, c => desk_notices::table
        .filter(desk_notices::demand_id.eq(demand.get()))
        .order(desk_notices::id)
        .load(c))?;
    rows.into_iter().map(|row| notice(conn, row)).collect()
}

/// A notice, for the account that it was given to.
pub fn by_id(conn: &mut Conn, account: AccountId, id: NoticeId) -> Result<Option<Notice>> {
    let row: Option<Row> = on!(conn, c => desk_notices::table
        .filter(desk_notices::id.eq(id.get()).and(desk_notices::account_id.eq(account.get())))
        .first(c)
        .optional())?;
    row.map(|row| notice(conn, row)).transpose()
}

/// Replaces what a notice says: a receipt was added.
pub fn rewrite(conn: &mut Conn, id: NoticeId, text: &str) -> Result<()> {
    let text = conn.seal(place(id), text);
    on!(conn, c => diesel::update(desk_notices::table.find(id.get()))
        .set(desk_notices::notice.eq(&text))
        .execute(c))?;
    Ok(())
}

/// One of those behind the account has seen a notice.
pub fn see(conn: &mut Conn, id: NoticeId, keyholder: KeyholderId) -> Result<()> {
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(desk_unseen::table.find((id.get(), keyholder.get()))).execute(c))?;
    Ok(())
}

/// True if all of those behind the account have seen a notice.
pub fn is_seen(conn: &mut Conn, id: NoticeId) -> Result<bool> {
    let waiting: i64 = on!(conn, c => desk_unseen::table
        .filter(desk_unseen::notice_id.eq(id.get()))
        .count()
        .get_result(c))?;
    Ok(waiting == 0)
}

/// A notice was answered.
pub fn answer(conn: &mut Conn, id: NoticeId, answer: Answer) -> Result<()> {
    on!(conn, c => diesel::update(desk_notices::table.find(id.get()))
        .set(desk_notices::answer.eq(answer.code()))
        .execute(c))?;
    Ok(())
}

/// The notices that wait for an owner; with what the operator made, those that wait for anybody.
pub fn unseen(conn: &mut Conn, owner: Owner) -> Result<BTreeSet<NoticeId>> {
    let rows: Vec<(i64, i64)> = on!(conn, c => desk_unseen::table
        .inner_join(desk_notices::table.on(desk_notices::id.eq(desk_unseen::notice_id)))
        .filter(desk_notices::account_id.eq(owner.account.get()))
        .select((desk_unseen::notice_id, desk_unseen::keyholder_id))
        .load(c))?;
    let own = |who: i64| owner.keyholder.is_none_or(|keyholder| keyholder.get() == who);
    Ok(rows
        .into_iter()
        .filter(|(_, who)| own(*who))
        .map(|(notice, _)| NoticeId::new(notice))
        .collect())
}

/// Keeps what counsel can pick up once. `content` is encrypted to counsel's key.
pub fn insert_pickup(
    conn: &mut Conn,
    token_hash: &[u8],
    notice: NoticeId,
    until: Day,
    content: &[u8],
) -> Result<()> {
    let content = conn.seal_bytes(pickup_place(notice), content);
    on!(conn, c => diesel::insert_into(desk_pickups::table)
        .values((
            desk_pickups::token_hash.eq(token_hash),
            desk_pickups::notice_id.eq(notice.get()),
            desk_pickups::until_day.eq(until.get()),
            desk_pickups::content.eq(&content),
        ))
        .execute(c))?;
    Ok(())
}

/// True where there is something to pick up: asking does not use the link up.
pub fn has_pickup(conn: &mut Conn, token_hash: &[u8], today: Day) -> Result<bool> {
    let count: i64 = on!(conn, c => desk_pickups::table
        .filter(desk_pickups::token_hash.eq(token_hash).and(desk_pickups::until_day.ge(today.get())))
        .count()
        .get_result(c))?;
    Ok(count > 0)
}

/// Hands out what counsel picks up, and destroys it here.
pub fn take_pickup(conn: &mut Conn, token_hash: &[u8], today: Day) -> Result<Option<Vec<u8>>> {
    let row: Option<(i64, Vec<u8>)> = on!(conn, c => desk_pickups::table
        .filter(desk_pickups::token_hash.eq(token_hash).and(desk_pickups::until_day.ge(today.get())))
        .select((desk_pickups::notice_id, desk_pickups::content))
        .first(c)
        .optional())?;
    let Some((notice, content)) = row else {
        return Ok(None);
    };
    on!(conn, c => diesel::delete(desk_pickups::table.filter(desk_pickups::token_hash.eq(token_hash)))
        .execute(c))?;
    conn.purge_after_commit();
    Ok(Some(
        conn.open_bytes(pickup_place(NoticeId::new(notice)), &content)?,
    ))
}
