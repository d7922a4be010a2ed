//! Roots: written and read, led on and never back.

use proptest::prelude::*;

use super::*;
use crate::{Error, Root};

#[test]
fn a_root_is_written_and_read() {
    let root = Root::new(FIRST);
    let written = root.text();
    let read = Root::read(&format!("  {}\n", written.expose())).unwrap();
    assert_eq!(read.day(), FIRST);
    assert!(read.text().is(written.expose().as_bytes()));
    assert!(written.expose().starts_with("bauta-root-1:2024-10-04:"));
}

#[test]
fn a_root_leads_on_and_not_back() {
    let root = Root::new(FIRST);
    let far = root.on(day(9)).unwrap();
    let stepwise = root.on(day(4)).unwrap().on(day(9)).unwrap();
    assert!(far.text().is(stepwise.text().expose().as_bytes()));
    assert!(matches!(far.on(day(8)), Err(Error::RootIsNewer { .. })));
    assert!(matches!(root.on(day(40_000)), Err(Error::NotARoot)));
    assert_ne!(*root.values(), *far.values());
    assert_ne!(*root.values(), *root.keys());
}

proptest! {
    #[test]
    fn a_mistyped_root_is_refused(at in 0_usize..96, typed in "[ -~]") {
        let written = Root::new(FIRST).text();
        let mut mistyped = written.expose().clone();
        let at = at % mistyped.len();
        prop_assume!(!mistyped[at..].starts_with(&typed));
        // Upper case is the same number.
        prop_assume!(!mistyped[at..].starts_with(&typed.to_ascii_lowercase()));
        mistyped.replace_range(at..=at, &typed);
        prop_assert!(matches!(Root::read(&mistyped), Err(Error::NotARoot)));
    }

    #[test]
    fn no_text_does_harm(text in ".{0,120}") {
        prop_assert!(Root::read(&text).is_err());
    }
}
