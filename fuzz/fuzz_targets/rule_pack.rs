//! Feeds any bytes to the law of the same name.
#![no_main]

#[path = "../../crates/legal/tests/laws/rule_pack.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    law::check(bytes);
});
