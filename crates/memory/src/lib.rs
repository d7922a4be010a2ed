//! Freed memory is zero (law 5): an allocator for Rust, the same for C libraries, and a look at whether it is so.
//!
//! What a request brought is then gone from the heap once the request is done. What this can't reach: stacks of threads
//! until they are used again, registers, the kernel's buffers, and memory that the system itself has copied.
#![expect(
    unsafe_code,
    reason = "an allocator has no safe form; it hands on to the system's and wipes what it was given back"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::fs::File;
use std::os::unix::fs::FileExt;

pub mod c;
#[cfg(feature = "weaken")]
pub mod weaken;

/// The system's allocator, which is given back nothing but zeros.
///
/// Growing never moves bytes without wiping where they were: `realloc(3)` would.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wiping;

// SAFETY: every call goes on to the system's allocator with the layout that it came with. What is written lies within an
// allocation that the caller has given up, or that is being copied from.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller gives up `layout.size()` bytes from `at` on, which it had from here.
        unsafe {
            wipe(at.cast(), layout.size());
            System.dealloc(at, layout);
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size`, rounded up to the alignment, is no overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: both allocations are as long as what is copied, and they are two. The old one is given back as it came.
        unsafe {
            let to = System.alloc(wanted);
            if !to.is_null() {
                to.copy_from_nonoverlapping(at, layout.size().min(size));
                self.dealloc(at, layout);
            }
            to
        }
    }
}

/// Writes zeros, and no compiler may leave that out although nobody reads them.
///
/// # Safety
/// `at` is valid for writing `bytes`.
unsafe fn wipe(at: *mut c_void, bytes: usize) {
    #[cfg(feature = "weaken")]
    if weaken::NO_WIPING.load(std::sync::atomic::Ordering::Relaxed) {
        return;
    }
    // SAFETY: as the caller promises.
    unsafe { libc::explicit_bzero(at, bytes) };
}

/// How deep a stack is cleared, in bytes: deeper than accepting a connection or hashing a key goes.
const DEPTH: usize = 16 << 10;

/// Overwrites what calls that have returned left on the stack of this thread, below whoever calls this.
#[inline(never)]
pub fn clear_stack() {
    let mut space = [0_u64; DEPTH / 8];
    std::hint::black_box(&mut space);
}

/// What [`traces`] tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Traces {
    /// Freed memory held nothing.
    None,
    /// Freed memory still held what was written into it.
    Left,
    /// The system does not let this process look.
    Unknown,
}

/// Bytes of the piece of memory that is tried: one that the system keeps in the process when it is freed.
const TRIED: usize = 512;
/// The system's allocator keeps its own notes at the beginning of what is freed.
const NOTES: usize = 64;
const PATTERN: u8 = 0xA7;

/// Has a piece of memory made and freed, and looks at what is there afterwards. To be called while there is one thread:
/// others could use the piece meanwhile.
///
/// `make` gives at least 512 bytes, `free` takes them back. It reads through `/proc/self/mem`, since a program may not read
/// what it has freed.
pub fn traces(make: impl FnOnce() -> *mut u8, free: impl FnOnce(*mut u8)) -> Traces {
    let Ok(memory) = File::open("/proc/self/mem") else {
        return Traces::Unknown;
    };
    let piece = make();
    if piece.is_null() {
        return Traces::Unknown;
    }
    // SAFETY: `make` gave at least that many bytes.
    unsafe { piece.write_bytes(PATTERN, TRIED) };
    let address = piece.expose_provenance() as u64;
    free(piece);
    let mut seen = [0; TRIED];
    match memory.read_exact_at(&mut seen, address) {
        Ok(()) if seen[NOTES..].iter().all(|byte| *byte != PATTERN) => Traces::None,
        Ok(()) => Traces::Left,
        // Given back to the system altogether.
        Err(_) => Traces::None,
    }
}

/// Looks at the allocator of this program.
pub fn traces_of_program() -> Traces {
    let layout = Layout::new::<[u8; TRIED]>();
    // SAFETY: the layout is not empty; the piece is given back once, as it came.
    traces(
        || unsafe { std::alloc::alloc(layout) },
        |piece| unsafe { std::alloc::dealloc(piece, layout) },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// These tests look at memory that others could be given meanwhile.
    static ALONE: Mutex<()> = Mutex::new(());

    #[test]
    fn what_is_freed_is_zero_and_without_us_it_is_not() {
        let _alone = ALONE.lock();
        let layout = Layout::new::<[u8; TRIED]>();
        // SAFETY: the layout is not empty; the piece is given back once, as it came.
        let left = traces(
            || unsafe { Wiping.alloc(layout) },
            |piece| unsafe { Wiping.dealloc(piece, layout) },
        );
        assert_eq!(left, Traces::None);
        // This test program has the system's allocator.
        assert_eq!(traces_of_program(), Traces::Left, "else the look shows nothing");
    }

    #[test]
    fn growing_and_shrinking_keep_what_is_there_and_wipe_where_it_was() {
        let _alone = ALONE.lock();
        let layout = Layout::new::<[u8; TRIED]>();
        for size in [1, 64, TRIED, 4 * TRIED, 1 << 20] {
            let mut grown = (std::ptr::null_mut(), 0);
            let left = traces(
                // SAFETY: the layout is not empty.
                || unsafe { Wiping.alloc(layout) },
                // SAFETY: the piece was made with that layout.
                |piece| grown = (unsafe { Wiping.realloc(piece, layout, size) }, size),
            );
            assert_eq!(left, Traces::None, "{size}");
            let (at, size) = grown;
            let kept = size.min(TRIED);
            // SAFETY: so many bytes were copied to where it is now.
            assert!(
                unsafe { std::slice::from_raw_parts(at, kept) }
                    .iter()
                    .all(|byte| *byte == PATTERN)
            );
            // SAFETY: it is given back as it was made.
            unsafe { Wiping.dealloc(at, Layout::from_size_align_unchecked(size, layout.align())) };
        }
    }

    #[test]
    fn c_libraries_leave_nothing_either() {
        let _alone = ALONE.lock();
        // SAFETY: each piece is freed once, by the allocator that made it.
        let left = traces(
            || c::allocate(TRIED).cast(),
            |piece| unsafe { c::free(piece.cast()) },
        );
        assert_eq!(left, Traces::None);
        let mut grown = std::ptr::null_mut();
        let left = traces(
            || c::allocate(TRIED).cast(),
            |piece| grown = unsafe { c::resize(piece.cast(), 1 << 20) },
        );
        assert_eq!(left, Traces::None);
        // SAFETY: it was copied, is as long as that, and is freed once.
        unsafe {
            assert!(
                std::slice::from_raw_parts(grown.cast::<u8>(), TRIED)
                    .iter()
                    .all(|byte| *byte == PATTERN)
            );
            assert!(c::size(grown) >= 1 << 20);
            c::free(grown);
            c::free(std::ptr::null_mut());
        }
    }
}
