//! Reports to the moderators. What was reported when is a month; the comment is sealed.

use bauta_model::{AccountId, Month, PostId, ReportId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{report_posts, reports};
use crate::window::{Window, in_window};
use crate::{Conn, Error, Place, Result};

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Spam.
    Spam,
    /// Against the law.
    Legal,
    /// Against the rules of the server.
    Violation,
    /// Something else.
    Other,
}

impl Category {
    /// Every category, with Mastodon's word for it.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Spam, "spam"),
        (Self::Legal, "legal"),
        (Self::Violation, "violation"),
        (Self::Other, "other"),
    ];

    const fn code(self) -> i16 {
        match self {
            Self::Spam => 0,
            Self::Violation => 1,
            Self::Legal => 2,
            Self::Other => 3,
        }
    }

    fn from_code(code: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .map(|(one, _)| one)
            .find(|one| one.code() == code)
    }

    /// Mastodon's word for it.
    pub fn as_api(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(one, _)| *one == self)
            .map_or("other", |(_, word)| word)
    }

    /// Reads Mastodon's word.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == word)
            .map(|(one, _)| one)
    }
}

/// Says what a report is about. False if there is none.
pub fn set_category(conn: &mut Conn, id: ReportId, category: Category) -> Result<bool> {
    let changed = on!(conn, c => diesel::update(reports::table.find(id.get()))
        .set(reports::category.eq(category.code()))
        .execute(c))?;
    Ok(changed > 0)
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits.
    Open,
    /// It was right: something was done.
    Upheld,
    /// Nothing was to be done.
    Dismissed,
}

impl State {
    pub(crate) const fn code(self) -> i16 {
        match self {
            Self::Open => 0,
            Self::Upheld => 1,
            Self::Dismissed => 2,
        }
    }

    const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Open),
            1 => Some(Self::Upheld),
            2 => Some(Self::Dismissed),
            _ => None,
        }
    }
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Random.
    pub id: ReportId,
    /// Whom it is about.
    pub target: AccountId,
    /// Who reported; nobody once that account is gone.
    pub reporter: Option<AccountId>,
    /// What it is about.
    pub category: Category,
    /// What the reporter wrote.
    pub comment: String,
    /// What became of it.
    pub state: State,
    /// When.
    pub month: Month,
    /// Which moderator took it on.
    pub assignee: Option<AccountId>,
    /// The reported posts that are still there.
    pub posts: Vec<PostId>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reports)]
struct ReportRow {
    id: i64,
    target_id: i64,
    reporter_id: Option<i64>,
    category: i16,
    comment: Vec<u8>,
    state: i16,
    month: i32,
    assignee_id: Option<i64>,
}

const fn place(id: i64) -> Place {
    Place::new("reports", "comment", id)
}

/// Files a report.
pub fn insert(conn: &mut Conn, report: &Report) -> Result<()> {
    let id = report.id.get();
    let row = ReportRow {
        id,
        target_id: report.target.get(),
        reporter_id: report.reporter.map(AccountId::get),
        category: report.category.code(),
        comment: conn.seal(place(id), &report.comment),
        state: report.state.code(),
        month: report.month.get(),
        assignee_id: report.assignee.map(AccountId::get),
    };
    on!(conn, c => diesel::insert_into(reports::table).values(&row).execute(c))?;
    let posts: Vec<_> = report
        .posts
        .iter()
        .map(|post| {
            (
                report_posts::report_id.eq(id),
                report_posts::post_id.eq(post.get()),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(report_posts::table).values(&posts).execute(c))?;
    Ok(())
}

/// A report.
pub fn by_id(conn: &mut Conn, id: ReportId) -> Result<Option<Report>> {
    let row: Option<ReportRow> = on!(conn, c => reports::table
        .find(id.get())
        .select(ReportRow::as_select())
        .first(c)
        .optional())?;
    Ok(with_posts(conn, row.into_iter().collect())?.pop())
}

/// Which reports to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those that are settled, instead of those that wait.
    pub resolved: bool,
    /// Only about this account.
    pub target: Option<AccountId>,
    /// Only by this account.
    pub reporter: Option<AccountId>,
}

/// Reports. Their ids are random, so the order tells nothing.
pub fn list(conn: &mut Conn, wanted: Wanted, window: &Window<ReportId>) -> Result<Vec<Report>> {
    let states: &[i16] = if wanted.resolved { &[1, 2] } else { &[0] };
    // One account, or all: ids of accounts are positive.
    let range = |one: Option<AccountId>| one.map_or((0, i64::MAX), |id| (id.get(), id.get()));
    let (target_least, target_most) = range(wanted.target);
    let (reporter_least, reporter_most) = range(wanted.reporter);
    let anonymous = wanted.reporter.is_none();
    let rows: Vec<ReportRow> = in_window!(
        conn,
        window.bounds(ReportId::get),
        reports::id,
        reports::table
            .filter(reports::state.eq_any(states))
            .filter(reports::target_id.between(target_least, target_most))
            .filter(
                reports::reporter_id
                    .between(reporter_least, reporter_most)
                    .or(reports::reporter_id
                        .is_null()
                        .and(anonymous.into_sql::<diesel::sql_types::Bool>()))
            )
            .select(ReportRow::as_select())
    );
    with_posts(conn, rows)
}

fn with_posts(conn: &mut Conn, rows: Vec<ReportRow>) -> Result<Vec<Report>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let posts: Vec<(i64, i64)> = on!(conn, c => report_posts::table
        .filter(report_posts::report_id.eq_any(&ids))
        .order(report_posts::post_id)
        .select((report_posts::report_id, report_posts::post_id))
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Report {
                id: ReportId::new(row.id),
                target: AccountId::new(row.target_id),
                reporter: row.reporter_id.map(AccountId::new),
                category: Category::from_code(row.category).ok_or(Error::Unknown("reports.category"))?,
                comment: conn.open(place(row.id), &row.comment)?,
                state: State::from_code(row.state).ok_or(Error::Unknown("reports.state"))?,
                month: Month::new(row.month),
                assignee: row.assignee_id.map(AccountId::new),
                posts: posts
                    .iter()
                    .filter(|(report, _)| *report == row.id)
                    .map(|(_, post)| PostId::new(*post))
                    .collect(),
            })
        })
        .collect()
}

/// Settles a report, or opens it again. False if there is none.
pub fn set_state(conn: &mut Conn, id: ReportId, state: State) -> Result<bool> {
    let found = on!(conn, c => diesel::update(reports::table.find(id.get()))
        .set(reports::state.eq(state.code()))
        .execute(c))?;
    Ok(found > 0)
}

/// Writes which moderator took a report on. False if there is none.
pub fn set_assignee(conn: &mut Conn, id: ReportId, moderator: Option<AccountId>) -> Result<bool> {
    let found = on!(conn, c => diesel::update(reports::table.find(id.get()))
        .set(reports::assignee_id.eq(moderator.map(AccountId::get)))
        .execute(c))?;
    Ok(found > 0)
}

/// Reports that wait.
pub fn count_open(conn: &mut Conn) -> Result<i64> {
    Ok(on!(conn, c => reports::table.filter(reports::state.eq(State::Open.code())).count().get_result(c))?)
}

/// What reports weigh against an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many different accounts wait for an answer.
    pub waiting: usize,
    /// How many reports were right.
    pub upheld: usize,
}

/// What reports weigh against `target`.
pub fn weight(conn: &mut Conn, target: AccountId) -> Result<Weight> {
    let rows: Vec<(Option<i64>, i16)> = on!(conn, c => reports::table
        .filter(reports::target_id.eq(target.get()))
        .select((reports::reporter_id, reports::state))
        .load(c))?;
    let mut reporters: Vec<i64> = rows
        .iter()
        .filter(|(_, state)| *state == State::Open.code())
        .filter_map(|(reporter, _)| *reporter)
        .collect();
    reporters.sort_unstable();
    reporters.dedup();
    Ok(Weight {
        waiting: reporters.len(),
        upheld: rows
            .iter()
            .filter(|(_, state)| *state == State::Upheld.code())
            .count(),
    })
}
