//! What those behind an account decide together: proposals, and who agreed while something can still come of them.

use std::collections::BTreeSet;

use bauta_model::{AccountId, Day, KeyholderId, NoticeId, ProposalId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{group_rules, proposal_agreements, proposals};
use crate::{Conn, Place, Result};

/// A proposal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Random.
    pub id: ProposalId,
    /// Whose decision it is.
    pub account: AccountId,
    /// What is proposed, as a number.
    pub kind: i16,
    /// Whom it is about; nothing too once they are gone.
    pub about: Option<KeyholderId>,
    /// Which notice it answers.
    pub notice: Option<NoticeId>,
    /// A rule or duties.
    pub number: i16,
    /// What else it says: counsel's key, and once it took effect, counsel's link.
    pub detail: String,
    /// Where it stands, as a number.
    pub stage: i16,
    /// The day that goes with that.
    pub until: Day,
    /// Those who agreed.
    pub agreed: BTreeSet<KeyholderId>,
}

const fn place(id: ProposalId) -> Place {
    Place::new("proposals", "detail", id.get())
}

/// Writes a proposal with its agreements.
pub fn insert(conn: &mut Conn, new: &Proposal) -> Result<()> {
    let detail = conn.seal(place(new.id), &new.detail);
    on!(conn, c => diesel::insert_into(proposals::table)
        .values((
            proposals::id.eq(new.id.get()),
            proposals::account_id.eq(new.account.get()),
            proposals::kind.eq(new.kind),
            proposals::about_id.eq(new.about.map(KeyholderId::get)),
            proposals::notice_id.eq(new.notice.map(NoticeId::get)),
            proposals::number.eq(new.number),
            proposals::detail.eq(&detail),
            proposals::stage.eq(new.stage),
            proposals::until_day.eq(new.until.get()),
        ))
        .execute(c))?;
    agree(conn, new)
}

/// Writes where a proposal stands, what it says, and who agrees.
pub fn update(conn: &mut Conn, changed: &Proposal) -> Result<()> {
    let detail = conn.seal(place(changed.id), &changed.detail);
    on!(conn, c => diesel::update(proposals::table.find(changed.id.get()))
        .set((
            proposals::stage.eq(changed.stage),
            proposals::until_day.eq(changed.until.get()),
            proposals::detail.eq(&detail),
        ))
        .execute(c))?;
    conn.purge_after_commit();
    on!(conn, c => diesel::delete(
        proposal_agreements::table.filter(proposal_agreements::proposal_id.eq(changed.id.get()))
    ).execute(c))?;
    agree(conn, changed)
}

fn agree(conn: &mut Conn, proposal: &Proposal) -> Result<()> {
    let rows: Vec<_> = proposal
        .agreed
        .iter()
        .map(|who| {
            (
                proposal_agreements::proposal_id.eq(proposal.id.get()),
                proposal_agreements::keyholder_id.eq(who.get()),
            )
        })
        .collect();
    if !rows.is_empty() {
        on!(conn, c => diesel::insert_into(proposal_agreements::table).values(&rows).execute(c))?;
    }
    Ok(())
}

type Row = (i64, i64, i16, Option<i64>, Option<i64>, i16, Vec<u8>, i16, i32);

fn proposal(conn: &mut Conn, row: Row) -> Result<Proposal> {
    let (id, account, kind, about, notice, number, detail, stage, until) = row;
    let agreed: Vec<i64> = on!(conn, c => proposal_agreements::table
        .filter(proposal_agreements::proposal_id.eq(id))
        .select(proposal_agreements::keyholder_id)
        .load(c))?;
    let id = ProposalId::new(id);
    Ok(Proposal {
        id,
        account: AccountId::new(account),
        kind,
        about: about.map(KeyholderId::new),
        notice: notice.map(NoticeId::new),
        number,
        detail: conn.open(place(id), &detail)?,
        stage,
        until: Day::new(until),
        agreed: agreed.into_iter().map(KeyholderId::new).collect(),
    })
}

/// The proposals of an account, in an order that tells nothing about when they were made.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<Proposal>> {
    let rows: Vec<Row> = on!(conn, c => proposals::table
        .filter(proposals::account_id.eq(account.get()))
        .order((proposals::stage, proposals::id))
        .load(c))?;
    rows.into_iter().map(|row| proposal(conn, row)).collect()
}

/// A proposal of an account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: ProposalId) -> Result<Option<Proposal>> {
    let row: Option<Row> = on!(conn, c => proposals::table
        .find(id.get())
        .filter(proposals::account_id.eq(account.get()))
        .first(c)
        .optional())?;
    row.map(|row| proposal(conn, row)).transpose()
}

/// Every proposal at `stage` whose day has come.
pub fn due(conn: &mut Conn, stage: i16, today: Day) -> Result<Vec<(AccountId, ProposalId)>> {
    let rows: Vec<(i64, i64)> = on!(conn, c => proposals::table
        .filter(proposals::stage.eq(stage))
        .filter(proposals::until_day.le(today.get()))
        .select((proposals::account_id, proposals::id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(account, id)| (AccountId::new(account), ProposalId::new(id)))
        .collect())
}

/// How many have to agree, if the account's people chose that.
pub fn rule(conn: &mut Conn, account: AccountId) -> Result<Option<i16>> {
    Ok(on!(conn, c => group_rules::table
        .find(account.get())
        .select(group_rules::needed)
        .first(c)
        .optional())?)
}

/// Sets how many have to agree.
pub fn set_rule(conn: &mut Conn, account: AccountId, needed: i16) -> Result<()> {
    on!(conn, c => diesel::insert_into(group_rules::table)
        .values((group_rules::account_id.eq(account.get()), group_rules::needed.eq(needed)))
        .on_conflict(group_rules::account_id)
        .do_update()
        .set(group_rules::needed.eq(needed))
        .execute(c))?;
    Ok(())
}
