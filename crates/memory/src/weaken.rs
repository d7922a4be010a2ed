//! Takes single protections away, where the program was built for that: never in a release.
//!
//! `BAUTA_WEAKEN` names them, parted by commas. The tests switch each off and expect to be failed by name.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// The variable of the environment.
pub const VARIABLE: &str = "BAUTA_WEAKEN";

/// Memory that is freed is not wiped.
pub const ALLOCATOR: &str = "weaken-allocator";
/// All headers pass the door.
pub const HEADERS: &str = "weaken-header-allow-list";
/// Pictures are kept as they came.
pub const PICTURES: &str = "weaken-re-encoding";
/// Times are seconds.
pub const SLOTS: &str = "weaken-time-slots";
/// The write-ahead log keeps what was deleted.
pub const LOG: &str = "weaken-wal-truncation";

/// Values are written as they are, whatever keys there are.
pub const SEAL: &str = "weaken-sealing";

/// Set for [`ALLOCATOR`], which can't ask the environment itself.
pub static NO_WIPING: AtomicBool = AtomicBool::new(false);

/// Whether a protection is switched off.
pub fn is(switch: &str) -> bool {
    named().split(',').any(|named| named == switch)
}

/// What is switched off, parted by commas.
pub fn named() -> &'static str {
    static NAMED: OnceLock<String> = OnceLock::new();
    NAMED.get_or_init(|| std::env::var(VARIABLE).unwrap_or_default())
}
