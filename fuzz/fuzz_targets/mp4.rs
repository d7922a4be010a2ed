//! What ffmpeg made, box by box.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bauta_media::fuzz_mp4(bytes));
