//! Feeds any bytes to the reader of papers, without the child that it runs in. Limits on memory and time belong to it:
//! cargo +nightly fuzz run paper -- -rss_limit_mb=1024 -timeout=20
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bauta_media::fuzz_paper(bytes));
