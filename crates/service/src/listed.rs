//! A page of a list that is sorted by ids.

use bauta_store::Window;

/// A page of a list. What its reader may not see is left out, so that a page can be shorter than its window: whether
/// there is more is told by `more`, not by its length.
#[derive(Clone, Debug)]
pub struct Listed<T, Id> {
    /// From the highest id down.
    pub items: Vec<T>,
    /// The highest id that the page went over.
    pub highest: Option<Id>,
    /// The lowest id that the page went over: the next page is below it.
    pub lowest: Option<Id>,
    /// The window was full: there may be more.
    pub more: bool,
}

impl<T, Id: Copy> Listed<T, Id> {
    /// A page that nobody may see, or with nothing in it.
    pub const fn empty() -> Self {
        Self {
            items: Vec::new(),
            highest: None,
            lowest: None,
            more: false,
        }
    }

    /// A page of `items`, found within `window` under `ids`.
    pub(crate) fn new(items: Vec<T>, ids: &[Id], window: &Window<Id>) -> Self {
        Self {
            items,
            highest: ids.first().copied(),
            lowest: ids.last().copied(),
            more: ids.len() >= window.limit,
        }
    }
}
