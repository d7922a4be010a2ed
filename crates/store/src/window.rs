//! A piece of a list that is sorted by a number other than a post's: accounts, notifications, reports.

/// A page, in ids. Answers go down from the highest id, whatever was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<Id> {
    /// Only what is below.
    pub below: Option<Id>,
    /// Only what is above; the highest of it.
    pub since: Option<Id>,
    /// Only what is above; what is next to it. It wins over `since`.
    pub right_above: Option<Id>,
    /// At most so many.
    pub limit: usize,
}

impl<Id: Copy> Window<Id> {
    /// The first page.
    pub const fn first(limit: usize) -> Self {
        Self {
            below: None,
            since: None,
            right_above: None,
            limit,
        }
    }

    /// The window as the queries need it.
    pub(crate) fn bounds(&self, number: impl Fn(Id) -> i64) -> Bounds {
        Bounds {
            above: self.right_above.or(self.since).map_or(0, &number),
            below: self.below.map_or(i64::MAX, &number),
            ascends: self.right_above.is_some(),
            limit: i64::try_from(self.limit).unwrap_or(i64::MAX),
        }
    }
}

/// A window in numbers.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub above: i64,
    pub below: i64,
    pub ascends: bool,
    pub limit: i64,
}

/// Runs a query over the rows of a window, highest id first: `in_window!(conn, window.bounds(..), column, query)`.
macro_rules! in_window {
    ($conn:expr, $bounds:expr, $id:expr, $query:expr) => {{
        let bounds: $crate::window::Bounds = $bounds;
        let mut rows = on!($conn, c => {
            let query = $query.filter($id.gt(bounds.above)).filter($id.lt(bounds.below)).limit(bounds.limit);
            if bounds.ascends { query.order($id.asc()).load(c) } else { query.order($id.desc()).load(c) }
        })?;
        if bounds.ascends {
            rows.reverse();
        }
        rows
    }};
}
pub(crate) use in_window;
