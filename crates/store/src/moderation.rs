//! What moderators decide: standings of accounts, states of posts, and the record of it, by the day.

use bauta_model::{AccountId, ActionId, Day, Post, PostId, PostState, ReportId, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, moderation_actions, posts};
use crate::window::{Window, in_window};
use crate::{Conn, Error, Place, Result};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A post is hidden from everyone but its author.
    HidePost,
    /// It is shown again.
    ShowPost,
    /// A post is deleted.
    DeletePost,
    /// An account is in no public list.
    Limit,
    /// It is again.
    Unlimit,
    /// An account is seen by nobody and can do nothing.
    Suspend,
    /// It can again.
    Unsuspend,
    /// The owner is told something, and nothing else changes.
    Warn,
    /// A report is settled.
    Resolve,
    /// It is open again.
    Reopen,
    /// An account is deleted for good.
    DeleteAccount,
    /// A post or the pictures of a profile are taken down for the law's sake, and a sealed copy is kept.
    Quarantine,
    /// That was wrong: they are back.
    Release,
    /// A moderator looked at such a copy.
    Look,
    /// What was taken down was reported to an authority.
    Sent,
}

impl Decision {
    /// Every decision; the stored number is the place in this list.
    pub const ALL: [Self; 15] = [
        Self::HidePost,
        Self::ShowPost,
        Self::DeletePost,
        Self::Limit,
        Self::Unlimit,
        Self::Suspend,
        Self::Unsuspend,
        Self::Warn,
        Self::Resolve,
        Self::Reopen,
        Self::DeleteAccount,
        Self::Quarantine,
        Self::Release,
        Self::Look,
        Self::Sent,
    ];

    const fn code(self) -> i16 {
        self as i16
    }

    fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// It is about a report, not about what its target can do, or the target is gone: the target is not told.
    pub const fn is_internal(self) -> bool {
        matches!(
            self,
            Self::Resolve | Self::Reopen | Self::DeleteAccount | Self::Look | Self::Sent
        )
    }
}

/// A decision on the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Random.
    pub id: ActionId,
    /// Who decided.
    pub moderator: AccountId,
    /// Whom it is about.
    pub target: AccountId,
    /// The post that it is about.
    pub post: Option<PostId>,
    /// The report that led to it.
    pub report: Option<ReportId>,
    /// What was decided.
    pub decision: Decision,
    /// Why, in the moderator's words.
    pub reason: String,
    /// The day.
    pub day: Day,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = moderation_actions)]
struct ActionRow {
    id: i64,
    moderator_id: i64,
    target_id: i64,
    post_id: Option<i64>,
    report_id: Option<i64>,
    kind: i16,
    reason: Vec<u8>,
    day: i32,
}

const fn place(id: i64) -> Place {
    Place::new("moderation_actions", "reason", id)
}

impl ActionRow {
    fn into_action(self, conn: &Conn) -> Result<Action> {
        Ok(Action {
            id: ActionId::new(self.id),
            moderator: AccountId::new(self.moderator_id),
            target: AccountId::new(self.target_id),
            post: self.post_id.map(PostId::new),
            report: self.report_id.map(ReportId::new),
            decision: Decision::from_code(self.kind).ok_or(Error::Unknown("moderation_actions.kind"))?,
            reason: conn.open(place(self.id), &self.reason)?,
            day: Day::new(self.day),
        })
    }
}

/// Puts a decision on the record.
pub fn record(conn: &mut Conn, action: &Action) -> Result<()> {
    let id = action.id.get();
    let row = ActionRow {
        id,
        moderator_id: action.moderator.get(),
        target_id: action.target.get(),
        post_id: action.post.map(PostId::get),
        report_id: action.report.map(ReportId::get),
        kind: action.decision.code(),
        reason: conn.seal(place(id), &action.reason),
        day: action.day.get(),
    };
    on!(conn, c => diesel::insert_into(moderation_actions::table).values(&row).execute(c))?;
    Ok(())
}

/// The record, last day first; within a day in no order. `below`: from after this one on.
pub fn list(conn: &mut Conn, below: Option<(Day, ActionId)>, limit: i64) -> Result<Vec<Action>> {
    let (day, id) = below.map_or((i32::MAX, i64::MAX), |(day, id)| (day.get(), id.get()));
    let rows: Vec<ActionRow> = on!(conn, c => moderation_actions::table
        .filter(moderation_actions::day.lt(day)
            .or(moderation_actions::day.eq(day).and(moderation_actions::id.lt(id))))
        .order((moderation_actions::day.desc(), moderation_actions::id.desc()))
        .limit(limit)
        .select(ActionRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_action(conn)).collect()
}

/// What was decided about `target`, last day first.
pub fn about(conn: &mut Conn, target: AccountId, limit: i64) -> Result<Vec<Action>> {
    let rows: Vec<ActionRow> = on!(conn, c => moderation_actions::table
        .filter(moderation_actions::target_id.eq(target.get()))
        .order((moderation_actions::day.desc(), moderation_actions::id.desc()))
        .limit(limit)
        .select(ActionRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| row.into_action(conn)).collect()
}

/// Writes a post's state.
pub fn set_post_state(conn: &mut Conn, post: PostId, state: PostState) -> Result<()> {
    on!(conn, c => diesel::update(posts::table.find(post.get()))
        .set(posts::state.eq(state.code()))
        .execute(c))?;
    Ok(())
}

/// What the author of `post` said around it that everybody can read: at most `each` before and after it, newest first.
pub fn around(conn: &mut Conn, post: &Post, each: i64) -> Result<Vec<PostId>> {
    let author = post.author.get();
    let open = bauta_model::Visibility::Unlisted.code();
    let mut after: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(author).and(posts::visibility.le(open)).and(posts::boost_of_id.is_null()))
        .filter(posts::id.gt(post.id.get()))
        .order(posts::id.asc())
        .limit(each)
        .select(posts::id)
        .load(c))?;
    after.reverse();
    let before: Vec<i64> = on!(conn, c => posts::table
        .filter(posts::author_id.eq(author).and(posts::visibility.le(open)).and(posts::boost_of_id.is_null()))
        .filter(posts::id.lt(post.id.get()))
        .order(posts::id.desc())
        .limit(each)
        .select(posts::id)
        .load(c))?;
    Ok(after.into_iter().chain(before).map(PostId::new).collect())
}

/// Accounts that moderators look for: in a standing, of the staff, whose handle begins so (lower case).
pub fn accounts(
    conn: &mut Conn,
    standing: Option<Standing>,
    staff: bool,
    start: Option<&str>,
    window: &Window<AccountId>,
) -> Result<Vec<AccountId>> {
    let (least, most) = standing.map_or((0, i16::MAX), |standing| (standing.code(), standing.code()));
    let start = start.unwrap_or_default();
    // Every character of a handle sorts below the tilde.
    let end = format!("{start}~");
    let rows: Vec<i64> = in_window!(
        conn,
        window.bounds(AccountId::get),
        accounts::id,
        accounts::table
            .filter(accounts::standing.between(least, most))
            .filter(accounts::role.ge(i16::from(staff)))
            .filter(accounts::handle_key.ge(start).and(accounts::handle_key.lt(&end)))
            .select(accounts::id)
    );
    Ok(rows.into_iter().map(AccountId::new).collect())
}
