//! Ends a statement of SQLite that runs beyond the time of its piece of work (docs/decisions/0016).
//!
//! SQLite asks a progress handler every so many steps whether to go on. Each connection of this process gets the same
//! one, which looks at the time that the piece of work on its own thread has: only readers give one.
#![expect(
    unsafe_code,
    reason = "neither diesel nor libsqlite3-sys has a safe form of SQLite's progress handler"
)]

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::Once;
use std::time::Instant;

use libsqlite3_sys::{
    SQLITE_OK, sqlite3, sqlite3_api_routines, sqlite3_auto_extension, sqlite3_progress_handler,
};

/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS: c_int = 2_000;

thread_local! {
    /// When the piece of work that runs on this thread has had its time.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// From now on, a statement of SQLite on this thread is ended when it runs at `deadline`: `SQLITE_INTERRUPT`.
pub(crate) fn end_by(deadline: Option<Instant>) {
    DEADLINE.set(deadline);
}

/// To be called before a connection is opened: it is watched then.
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `on_open` lives as long as the program, and has the type that SQLite calls it with.
        unsafe { sqlite3_auto_extension(Some(on_open)) };
    });
}

/// Called by SQLite with each connection that it has just opened.
unsafe extern "C" fn on_open(
    connection: *mut sqlite3,
    _why: *mut *mut c_char,
    _api: *const sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite gives a connection that is open and not used by anybody else yet; `is_late` takes no argument.
    unsafe { sqlite3_progress_handler(connection, STEPS, Some(is_late), null_mut()) };
    SQLITE_OK
}

/// Called by SQLite on the thread that runs the statement. Anything but nought ends it.
extern "C" fn is_late(_: *mut c_void) -> c_int {
    // Nothing in here can panic: a thread that is ending has no deadline any more.
    let deadline = DEADLINE.try_with(Cell::get).ok().flatten();
    c_int::from(deadline.is_some_and(|deadline| Instant::now() > deadline))
}
