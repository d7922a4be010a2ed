//! SQLite gives memory back as zeros (law 5): texts, statements and pages pass through its heap.
//!
//! It is told to use our allocator for everything, and to keep no memory of its own that it would use again unwiped: no
//! small pieces beside each connection ("lookaside"), no block of pages made beforehand.
#![expect(
    unsafe_code,
    reason = "neither diesel nor libsqlite3-sys has a safe form of SQLite's configuration"
)]

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

use bauta_memory::{Traces, c};
use libsqlite3_sys::{
    SQLITE_CONFIG_LOOKASIDE, SQLITE_CONFIG_MALLOC, SQLITE_CONFIG_PAGECACHE, SQLITE_OK, sqlite3_config,
    sqlite3_free, sqlite3_malloc64, sqlite3_mem_methods,
};

const METHODS: sqlite3_mem_methods = sqlite3_mem_methods {
    xMalloc: Some(allocate),
    xFree: Some(free),
    xRealloc: Some(resize),
    xSize: Some(size),
    xRoundup: Some(round_up),
    xInit: Some(begin),
    xShutdown: Some(end),
    pAppData: null_mut(),
};

/// To be called before anything else of SQLite is. True where SQLite took it.
pub(crate) fn set_up() -> bool {
    static DONE: OnceLock<bool> = OnceLock::new();
    *DONE.get_or_init(|| {
        let methods = METHODS;
        // SAFETY: SQLite has not been used yet, or says that it has. It copies the table of functions, which live as long as
        // the program; the other two options take numbers, and a pointer that may be null.
        unsafe {
            sqlite3_config(SQLITE_CONFIG_MALLOC, &raw const methods) == SQLITE_OK
                && sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0 as c_int, 0 as c_int) == SQLITE_OK
                && sqlite3_config(
                    SQLITE_CONFIG_PAGECACHE,
                    null_mut::<c_void>(),
                    0 as c_int,
                    0 as c_int,
                ) == SQLITE_OK
        }
    })
}

/// What SQLite leaves in memory that it frees. To be asked at the start of a program, while there is one thread.
pub fn traces_of_sqlite() -> Traces {
    if !set_up() {
        return Traces::Left;
    }
    // SAFETY: the piece is as long as asked for, and freed once, by the allocator that made it.
    bauta_memory::traces(
        || unsafe { sqlite3_malloc64(512) }.cast(),
        |piece| unsafe { sqlite3_free(piece.cast()) },
    )
}

unsafe extern "C" fn allocate(bytes: c_int) -> *mut c_void {
    usize::try_from(bytes).map_or(null_mut(), c::allocate)
}

unsafe extern "C" fn free(piece: *mut c_void) {
    // SAFETY: SQLite gives back what it had from here, once.
    unsafe { c::free(piece) };
}

unsafe extern "C" fn resize(piece: *mut c_void, bytes: c_int) -> *mut c_void {
    // SAFETY: SQLite names what it had from here.
    usize::try_from(bytes).map_or(null_mut(), |bytes| unsafe { c::resize(piece, bytes) })
}

unsafe extern "C" fn size(piece: *mut c_void) -> c_int {
    // SAFETY: SQLite names what it had from here.
    c_int::try_from(unsafe { c::size(piece) }).unwrap_or(c_int::MAX)
}

/// SQLite wants a multiple of eight.
unsafe extern "C" fn round_up(bytes: c_int) -> c_int {
    bytes.saturating_add(7) & !7
}

unsafe extern "C" fn begin(_: *mut c_void) -> c_int {
    SQLITE_OK
}

unsafe extern "C" fn end(_: *mut c_void) {}

#[cfg(test)]
mod tests {
    #[test]
    fn sqlite_takes_our_allocator() {
        assert!(super::set_up(), "something used SQLite before");
    }
}
