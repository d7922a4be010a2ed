//! Roots, values, and turns.

mod histories;
mod keys;
mod roots;

use bauta_model::Day;

use crate::Place;

const FIRST: Day = Day::new(20_000);

fn day(number: i32) -> Day {
    FIRST.plus(number)
}

const fn text(row: i64) -> Place {
    Place::new("posts", "text", row)
}
