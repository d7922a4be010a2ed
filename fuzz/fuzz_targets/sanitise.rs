//! Feeds any text to the law of the same name.
#![no_main]

#[path = "../../crates/text/tests/laws/sanitise.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|text: &str| law::check(text));
