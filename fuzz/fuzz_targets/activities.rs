//! Feeds any bytes to the law of the same name.
#![no_main]

#[path = "../../crates/federation/tests/laws/activities.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    law::check(bytes);
});
