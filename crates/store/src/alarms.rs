//! What people without an account report as against the law: what they say it is, by when it is answered, and the code
//! with which they see what became of it. The report itself is one like any other, by nobody.

use bauta_model::{Day, ReportId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{report_codes, reports};
use crate::{Conn, Error, Result};

/// What is said to be against the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It shows or solicits the abuse of a child.
    ChildAbuse,
    /// It shows whoever reports it, in private, and they did not agree.
    Intimate,
    /// It calls for terrorism.
    Terrorism,
    /// Something else.
    Other,
}

impl Kind {
    /// Every kind with its word; the stored number is the place in this list.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::ChildAbuse, "child-abuse"),
        (Self::Intimate, "intimate"),
        (Self::Terrorism, "terrorism"),
        (Self::Other, "other"),
    ];

    pub(crate) const fn code(self) -> i16 {
        self as i16
    }

    pub(crate) fn from_code(code: i16) -> Result<Self> {
        let mut kinds = Self::ALL.into_iter().map(|(kind, _)| kind);
        kinds
            .find(|kind| kind.code() == code)
            .ok_or(Error::Unknown("report_codes.kind"))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(kind, _)| *kind == self)
            .map_or("other", |(_, word)| word)
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// What somebody without an account said of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What it is.
    pub kind: Kind,
    /// The last day to answer it, where the law or we set one.
    pub due: Option<Day>,
}

/// Adds to a report what it is and the hash of its code.
pub fn insert(conn: &mut Conn, report: ReportId, alarm: Alarm, code_hash: &[u8; 32]) -> Result<()> {
    on!(conn, c => diesel::insert_into(report_codes::table)
        .values((
            report_codes::report_id.eq(report.get()),
            report_codes::code_hash.eq(&code_hash[..]),
            report_codes::kind.eq(alarm.kind.code()),
            report_codes::due_day.eq(alarm.due.map(Day::get)),
        ))
        .execute(c))?;
    Ok(())
}

/// The report of a code.
pub fn by_code(conn: &mut Conn, code_hash: &[u8; 32]) -> Result<Option<ReportId>> {
    let found: Option<i64> = on!(conn, c => report_codes::table
        .filter(report_codes::code_hash.eq(&code_hash[..]))
        .select(report_codes::report_id)
        .first(c)
        .optional())?;
    Ok(found.map(ReportId::new))
}

/// What was said of a report; nothing of one by a member.
pub fn of(conn: &mut Conn, report: ReportId) -> Result<Option<Alarm>> {
    let found: Option<(i16, Option<i32>)> = on!(conn, c => report_codes::table
        .find(report.get())
        .select((report_codes::kind, report_codes::due_day))
        .first(c)
        .optional())?;
    found
        .map(|(kind, due)| {
            Ok(Alarm {
                kind: Kind::from_code(kind)?,
                due: due.map(Day::new),
            })
        })
        .transpose()
}

/// The reports that wait and have a last day, soonest first.
pub fn due(conn: &mut Conn, most: i64) -> Result<Vec<(ReportId, Alarm)>> {
    let found: Vec<(i64, i16, Option<i32>)> = on!(conn, c => report_codes::table
        .inner_join(reports::table.on(reports::id.eq(report_codes::report_id)))
        .filter(report_codes::due_day.is_not_null())
        .filter(reports::state.eq(crate::reports::State::Open.code()))
        .order((report_codes::due_day, report_codes::report_id))
        .limit(most)
        .select((report_codes::report_id, report_codes::kind, report_codes::due_day))
        .load(c))?;
    found
        .into_iter()
        .map(|(id, kind, due)| {
            let alarm = Alarm {
                kind: Kind::from_code(kind)?,
                due: due.map(Day::new),
            };
            Ok((ReportId::new(id), alarm))
        })
        .collect()
}
