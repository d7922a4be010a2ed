//! Lets go of what nothing but starting needed: pages of code, and freed memory (docs/decisions/0014).
//!
//! The kernel maps code around each first call, 64 KiB at a time, and counts all of it as resident for as long as the
//! process lives. Start touches a little of everything: command line, configuration, migrations. What is used
//! afterwards comes back at its next use, from the page cache. And glibc keeps what the threads of the start have freed,
//! an arena a thread, for a next time that doesn't come.
#![expect(
    unsafe_code,
    reason = "madvise(2) and malloc_trim(3) have no safe form; the first is given mappings of the program's own file that \
              can't have changed, the second takes nothing but a number"
)]

use std::time::Duration;

use rustix::mm::{Advice, madvise};

/// When indexes are built and the first requests answered.
const SETTLED: Duration = Duration::from_secs(20);

/// Waits until the server has settled, and lets go once.
pub async fn let_go_of_start() {
    tokio::time::sleep(SETTLED).await;
    // Where it can't be read, everything stays as it is.
    let _ = tokio::task::spawn_blocking(let_go).await;
}

fn let_go() -> std::io::Result<()> {
    trim();
    let program = std::env::current_exe()?;
    let maps = std::fs::read_to_string("/proc/self/maps")?;
    let Some(program) = program.to_str() else {
        return Ok(());
    };
    for (from, bytes) in maps.lines().filter_map(|line| unchanged(line, program)) {
        let from = std::ptr::with_exposed_provenance_mut(from);
        // SAFETY: the mapping is private, backed by the program's file, and was never writable, so every page that is
        // dropped reads the same when it is loaded again.
        unsafe { madvise(from, bytes, Advice::LinuxDontNeed) }?;
    }
    Ok(())
}

/// Gives freed memory back to the system.
#[cfg(target_env = "gnu")]
fn trim() {
    // SAFETY: it takes how much to keep at the top, and touches nothing that is in use.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give back by themselves.
#[cfg(not(target_env = "gnu"))]
fn trim() {}

/// Start and length of a mapping of the program's file that no relocation wrote into: its code, and its constants, which
/// are mapped from the file's beginning. Tables that the loader has filled in are mapped readable too, from further on,
/// and would lose what it wrote.
fn unchanged(line: &str, program: &str) -> Option<(usize, usize)> {
    let mut fields = line.split_ascii_whitespace();
    let (range, mode, offset) = (fields.next()?, fields.next()?, fields.next()?);
    let path = line.find('/').map(|at| &line[at..])?;
    let is_constant = mode == "r--p" && offset.bytes().all(|digit| digit == b'0');
    if !(mode == "r-xp" || is_constant) || path != program {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    let (from, to) = (
        usize::from_str_radix(from, 16).ok()?,
        usize::from_str_radix(to, 16).ok()?,
    );
    Some((from, to.checked_sub(from)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_and_constants_of_the_program_are_let_go() {
        let program = "/usr/bin/bauta with space";
        let code = "560f9e9d2000-560fa0a5e000 r-xp 00a7c000 fe:00 5311631    /usr/bin/bauta with space";
        assert_eq!(unchanged(code, program), Some((0x560f_9e9d_2000, 0x0208_c000)));
        let constants = "560f9df5d000-560f9e9d2000 r--p 00000000 fe:00 5311631    /usr/bin/bauta with space";
        assert_eq!(
            unchanged(constants, program),
            Some((0x560f_9df5_d000, 0x00a7_5000))
        );
        for other in [
            "560fa0a5e000-560fa0b99000 r--p 02b07000 fe:00 5311631    /usr/bin/bauta with space",
            "560fa0a5e000-560fa0b99000 rw-p 02b07000 fe:00 5311631    /usr/bin/bauta with space",
            "7f5c7c6c6000-7f5c7c81c000 r-xp 00026000 fe:00 326279     /usr/lib/libc.so.6",
            "7fff53afa000-7fff53b2d000 rwxp 00000000 00:00 0          [stack]",
            "7fff53afa000-7fff53b2d000 r-xp 00000000 00:00 0",
            "",
        ] {
            assert_eq!(unchanged(other, program), None, "{other}");
        }
    }

    #[test]
    fn the_program_goes_on_without_what_it_let_go() {
        let_go().expect("Linux lists the mappings of a process");
        assert_eq!("still here".to_uppercase(), "STILL HERE");
    }
}
