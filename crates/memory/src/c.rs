//! The same for C libraries that can be told which allocator to use.

use std::ffi::c_void;

use crate::wipe;

/// `malloc(3)`.
pub fn allocate(bytes: usize) -> *mut c_void {
    // SAFETY: it takes any size.
    unsafe { libc::malloc(bytes) }
}

/// How many bytes of a piece may be used: at least as many as were asked for.
///
/// # Safety
/// `piece` comes from [`allocate`] or [`resize`] and was not freed; or it is null.
pub unsafe fn size(piece: *mut c_void) -> usize {
    // SAFETY: as the caller promises.
    unsafe { libc::malloc_usable_size(piece) }
}

/// Wipes a piece and gives it back.
///
/// # Safety
/// As [`size`].
pub unsafe fn free(piece: *mut c_void) {
    if piece.is_null() {
        return;
    }
    // SAFETY: the piece is as long as the system says, and is given back once.
    unsafe {
        wipe(piece, size(piece));
        libc::free(piece);
    }
}

/// Makes a piece longer or shorter, and wipes where it was. Null, and the piece as it is, where there is no room.
///
/// # Safety
/// As [`size`].
pub unsafe fn resize(piece: *mut c_void, bytes: usize) -> *mut c_void {
    if piece.is_null() {
        return allocate(bytes);
    }
    // SAFETY: as the caller promises.
    let before = unsafe { size(piece) };
    if bytes <= before && bytes >= before / 2 {
        return piece;
    }
    let to = allocate(bytes);
    if !to.is_null() {
        // SAFETY: both are as long as what is copied, and they are two.
        unsafe {
            to.cast::<u8>()
                .copy_from_nonoverlapping(piece.cast(), before.min(bytes));
            free(piece);
        }
    }
    to
}
