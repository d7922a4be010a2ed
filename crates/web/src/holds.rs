//! When a post appears, as forms ask for it.

use bauta_model::Hold;

use crate::words_speaking::EN;

/// One way of when a post appears.
pub struct Choice {
    /// The word in the form.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub hint: &'static str,
    /// It is chosen.
    pub on: bool,
}

/// All ways, with one chosen.
pub fn choices(chosen: Hold) -> Vec<Choice> {
    let choice = |hold: Hold| {
        let (name, hint) = match hold {
            Hold::AtOnce => (EN.at_once, EN.at_once_hint),
            Hold::Hour => (EN.within_hour, EN.within_hour_hint),
            Hold::Day => (EN.within_day, EN.within_day_hint),
        };
        Choice {
            code: hold.as_api(),
            name,
            hint,
            on: hold == chosen,
        }
    };
    Hold::ALL.map(choice).into()
}
