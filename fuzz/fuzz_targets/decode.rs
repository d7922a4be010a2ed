//! Feeds any bytes to the decoders of pictures, without the child that they run in. A limit on memory belongs to it:
//! cargo +nightly fuzz run decode -- -rss_limit_mb=1024
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bauta_media::fuzz_decode(bytes));
