//! What the process does to keep what it knows to itself, and what it finds missing.
//!
//! Freed memory is zero, and that is looked at in every start. There is no core file, nobody else may look into the memory,
//! and the process gives up what a server never needs: to run another program than itself, to look into other processes,
//! to change the machine. What is not as it should be is a line of the log; `--strict` makes it a reason not to start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bauta_memory::{Traces, traces_of_program};
use bauta_model::{Event, emit};
use bauta_store::traces_of_sqlite;
use landlock::{
    AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

use crate::failure::{Failure, Outcome};

/// Something that should be so and is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weakness {
    /// Memory can be written to a disk.
    Swap,
    /// A crash could write the memory to a file.
    Core,
    /// Freed memory is not zero.
    Traces,
    /// The system does not let the process see whether freed memory is zero.
    Unknown,
    /// The process can still do what a server never needs.
    Unconfined,
}

impl Weakness {
    /// Its word in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Swap => "swap",
            Self::Core => "core-dumps",
            Self::Traces => "freed-memory",
            Self::Unknown => "memory-not-looked-at",
            Self::Unconfined => "not-confined",
        }
    }

    /// What it means, and what to do.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Swap => "memory can be written to the disk; run: swapoff -a, or encrypt the swap",
            Self::Core => "core dumps could not be switched off; run: ulimit -c 0, or LimitCORE=0 in systemd",
            Self::Traces => "freed memory keeps what was in it; this build of the program is not for use",
            Self::Unknown => "whether freed memory is zero could not be seen: /proc/self/mem can't be read",
            Self::Unconfined => {
                "this kernel lacks landlock (5.13 or newer has it) or refuses seccomp, so the process could run other programs"
            }
        }
    }
}

/// What a look at freed memory showed, before the process was closed to such looks.
static MEMORY: OnceLock<Traces> = OnceLock::new();
/// What was found when the process began.
static FOUND: OnceLock<Vec<Weakness>> = OnceLock::new();

/// To be called first, while there is one thread: looks at the memory, and lets nobody else look from then on.
pub fn begin() {
    let looked = match (traces_of_program(), traces_of_sqlite()) {
        (Traces::None, other) | (other, Traces::None) => other,
        (Traces::Left, _) | (_, Traces::Left) => Traces::Left,
        (Traces::Unknown, Traces::Unknown) => Traces::Unknown,
    };
    let _ = MEMORY.set(looked);
    let mut found = Vec::new();
    if swap_is_on(&std::fs::read_to_string("/proc/swaps").unwrap_or_default()) {
        found.push(Weakness::Swap);
    }
    if !no_core_dumps() {
        found.push(Weakness::Core);
    }
    match looked {
        Traces::None => {}
        Traces::Left => found.push(Weakness::Traces),
        Traces::Unknown => found.push(Weakness::Unknown),
    }
    let _ = FOUND.set(found);
}

/// What [`begin`] found.
pub fn found() -> &'static [Weakness] {
    FOUND.get().map_or(&[], Vec::as_slice)
}

/// Confines a server and says what is missing; with `strict` that is a failure. To be called while there is one thread.
pub fn serve(strict: bool, ffmpeg: Option<&Path>) -> Outcome<()> {
    let mut missing = found().to_vec();
    if !confine(ffmpeg) {
        missing.push(Weakness::Unconfined);
    }
    if let Some(first) = missing.first().filter(|_| strict) {
        return Err(Failure::new(format!(
            "not started, as --strict wants: {}",
            first.advice()
        )));
    }
    for weakness in missing {
        emit(Event::Unguarded {
            what: weakness.word(),
        });
    }
    Ok(())
}

/// A panic's message may hold what a person sent: nothing but the place in the source is printed, and by a server nothing.
pub fn keep_panics_quiet(server: bool) {
    std::panic::set_hook(Box::new(move |panic| {
        if let Some(place) = panic.location().filter(|_| !server) {
            crate::output::note(&format!(
                "bauta: a fault of the program, at {}:{}",
                place.file(),
                place.line()
            ));
        }
    }));
}

/// True when a swap is on that is not in memory itself.
pub fn swap_is_on(swaps: &str) -> bool {
    swaps
        .lines()
        .skip(1)
        .any(|line| !line.is_empty() && !line.starts_with("/dev/zram"))
}

/// No file of the memory, whatever happens; and nobody but the superuser may look into it.
fn no_core_dumps() -> bool {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).is_ok() && set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}

/// Gives up what a server never needs. True where all of it is given up.
fn confine(ffmpeg: Option<&Path>) -> bool {
    let files = may_run_only_itself_and(ffmpeg);
    let calls = forbid_calls().is_some();
    files && calls
}

/// Landlock: of all files, only this program (the picture worker), the loader and, where films are taken, ffmpeg can be run; no device can be made; no
/// signal goes to a process that this one has not started.
fn may_run_only_itself_and(ffmpeg: Option<&Path>) -> bool {
    let runs = AccessFs::Execute | AccessFs::MakeBlock | AccessFs::MakeChar;
    let Ok(program) = std::env::current_exe() else {
        return false;
    };
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let confined = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(runs)
        .and_then(|rules| rules.scope(Scope::Signal))
        .and_then(Ruleset::create)
        .and_then(|mut rules| {
            for path in std::iter::once(program)
                .chain(loader(&maps))
                .chain(ffmpeg.map(Path::to_path_buf))
            {
                if let Ok(file) = PathFd::new(&path) {
                    rules = rules.add_rule(PathBeneath::new(file, AccessFs::Execute))?;
                }
            }
            rules.restrict_self()
        });
    confined.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

/// The dynamic loader, which the kernel runs with every program; none where the program is static.
fn loader(maps: &str) -> Option<PathBuf> {
    maps.lines()
        .filter_map(|line| line.find('/').map(|at| Path::new(&line[at..])))
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("ld-"))
        })
        .map(Path::to_path_buf)
}

/// Looking into other processes, changing the machine, and doors into the kernel that have often been broken.
const NEVER: &[libc::c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_move_pages,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];

/// Seccomp: those calls, and memory that could be written and run, fail as not permitted. The worker's own list, which is
/// much shorter, comes on top.
fn forbid_calls() -> Option<()> {
    let both = (libc::PROT_WRITE | libc::PROT_EXEC) as u64;
    let writable_code =
        SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(both), both).ok()?;
    let rule = SeccompRule::new(vec![writable_code]).ok()?;
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = NEVER.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_mmap, vec![rule.clone()]);
    rules.insert(libc::SYS_mprotect, vec![rule]);
    let target = std::env::consts::ARCH.try_into().ok()?;
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, target).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    apply_filter(&program).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_in_memory_is_no_swap() {
        let head = "Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        assert!(!swap_is_on(head) && !swap_is_on(""));
        assert!(!swap_is_on(&format!(
            "{head}/dev/zram0 partition 8388604 0 100\n"
        )));
        assert!(swap_is_on(&format!(
            "{head}/dev/zram0 partition 1 0 100\n/dev/sda2 partition 9 0 -2\n"
        )));
        assert!(swap_is_on(&format!("{head}/swapfile file 9 0 -2\n")));
    }

    #[test]
    fn the_loader_is_found_among_what_is_mapped() {
        let maps = "56000-57000 r-xp 00000000 fe:00 53 /usr/local/bin/bauta\n\
                    7f000-7f100 r-xp 00001000 fe:00 32 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n7fff-8000 rw-p 0 0 0 [stack]";
        let found = loader(maps).expect("it is there");
        assert_eq!(found, Path::new("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
        assert_eq!(
            loader("56000-57000 r-xp 00000000 fe:00 53 /usr/local/bin/bauta"),
            None
        );
    }

    #[test]
    fn the_list_of_calls_makes_a_filter() {
        // In a thread of its own: a filter can't be taken off again.
        let refused = std::thread::spawn(|| {
            forbid_calls()?;
            // Which the superuser could do otherwise.
            rustix::process::chroot("/").err()
        });
        let error = refused.join().expect("it ends").expect("it is refused");
        assert_eq!(error, rustix::io::Errno::PERM);
    }
}
