//! Feeds any text to the law of the same name.
#![no_main]

#[path = "../../crates/federation/tests/laws/signatures.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|text: &str| {
    law::check(text);
});
