//! The sandbox of the child: what it gives up, before it reads the first byte of a stranger's file.
//!
//! Limits on memory, processor time and files; no core dump; landlock (no file system, no network, no signals);
//! seccomp with a short allow-list. The limits and seccomp are a must. Landlock is a second wall, which kernels before
//! 5.13 don't have: the child says in its greeting whether it stands, and `bauta doctor` tells the operator.

use std::collections::BTreeMap;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter_all_threads,
};

/// Address space, in bytes. The largest picture that is decoded (a progressive JPEG in four inks) needs 0.5 GiB.
const MEMORY_BYTES: u64 = 768 << 20;
/// Seconds of processor time for one picture.
const CPU_SECONDS: u64 = 10;

/// How much of the sandbox stands around a child. Without limits and seccomp there is no child at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// Limits, seccomp and landlock.
    Full,
    /// Limits and seccomp; this kernel knows only a part of landlock.
    OldLandlock,
    /// Limits and seccomp; this kernel has no landlock.
    NoLandlock,
}

impl Sandbox {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Full => 0,
            Self::OldLandlock => 1,
            Self::NoLandlock => 2,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Full),
            1 => Some(Self::OldLandlock),
            2 => Some(Self::NoLandlock),
            _ => None,
        }
    }
}

/// A part of the sandbox that must stand could not be set up.
#[derive(Debug)]
pub(crate) struct NoSandbox;

/// Gives up everything but thinking, standard input and standard output. There is no way back.
pub(crate) fn enter() -> Result<Sandbox, NoSandbox> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| NoSandbox)?;
    // Landlock needs a file descriptor for a moment, so it comes before the limit on files.
    let landlock = forbid_files_and_network();
    limit(Resource::As, MEMORY_BYTES)?;
    limit(Resource::Cpu, CPU_SECONDS)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nproc, 0)?;
    limit(Resource::Nofile, 3)?;
    forbid_system_calls()?;
    Ok(landlock)
}

/// Address space of ffmpeg, in bytes: its libraries, and the frames that a decoder of 4,096 × 2,176 keeps.
const FFMPEG_MEMORY_BYTES: u64 = 2 << 30;
/// Seconds of processor time for one film.
const FFMPEG_CPU_SECONDS: u64 = 600;

/// Where libraries lie. What is not there is left out.
const LIBRARIES: [&str; 7] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
];

/// Gives up everything that ffmpeg does not need: it may read its libraries, its standard input and output, and make
/// threads. Landlock must stand here: without it ffmpeg could open any file.
pub(crate) fn enter_for(program: &Path, written: u64) -> Result<(), NoSandbox> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::Execute;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .map_err(|_| NoSandbox)?;
    let program = std::iter::once(program);
    for path in program.chain(LIBRARIES.iter().map(Path::new)) {
        if let Ok(file) = PathFd::new(path) {
            rules = rules
                .add_rule(PathBeneath::new(file, read))
                .map_err(|_| NoSandbox)?;
        }
    }
    let enforced = rules.restrict_self().map_err(|_| NoSandbox)?;
    if enforced.ruleset == RulesetStatus::NotEnforced {
        return Err(NoSandbox);
    }
    limit(Resource::As, FFMPEG_MEMORY_BYTES)?;
    limit(Resource::Cpu, FFMPEG_CPU_SECONDS)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, written)?;
    limit(Resource::Nofile, 64)?;
    allow_only_what_ffmpeg_needs()
}

fn limit(resource: Resource, value: u64) -> Result<(), NoSandbox> {
    let both = Rlimit {
        current: Some(value),
        maximum: Some(value),
    };
    setrlimit(resource, both).map_err(|_| NoSandbox)
}

fn forbid_files_and_network() -> Sandbox {
    let enforced = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    match enforced.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Sandbox::Full,
        Ok(RulesetStatus::PartiallyEnforced) => Sandbox::OldLandlock,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Sandbox::NoLandlock,
    }
}

/// Calls without conditions: memory, signals of its own, time, and the end.
const HARMLESS: &[libc::c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
];

/// What ffmpeg and the loader of its libraries need beside [`HARMLESS`].
const OF_FFMPEG: &[libc::c_long] = &[
    libc::SYS_clock_nanosleep,
    // Allowed here so that the other filter can say that there is no such call.
    libc::SYS_clone3,
    libc::SYS_close,
    libc::SYS_execve,
    libc::SYS_faccessat,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_lseek,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_nanosleep,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_prlimit64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_sched_getaffinity,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_statx,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_write,
    libc::SYS_writev,
];
/// The older forms of some of these.
#[cfg(target_arch = "x86_64")]
const OF_FFMPEG_OLD: &[libc::c_long] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_lstat,
    libc::SYS_open,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_stat,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const OF_FFMPEG_OLD: &[libc::c_long] = &[];

/// No socket, no signal to others, no new process: of the calls that make one, the older serves for threads alone, and
/// the newer, whose arguments no filter can read, does not exist, so that the C library takes the older.
fn allow_only_what_ffmpeg_needs() -> Result<(), NoSandbox> {
    let all = HARMLESS.iter().chain(OF_FFMPEG).chain(OF_FFMPEG_OLD);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = all.map(|call| (*call, Vec::new())).collect();
    let thread = libc::CLONE_THREAD as u64;
    rules.insert(
        libc::SYS_clone,
        vec![when(0, SeccompCmpOp::MaskedEq(thread), thread)?],
    );
    rules.insert(
        libc::SYS_prctl,
        vec![when(0, SeccompCmpOp::Eq, libc::PR_SET_NAME as u64)?],
    );
    // This one first: installing a filter is not among what the next one allows.
    let newer = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let missing = SeccompAction::Errno(libc::ENOSYS as u32);
    install(newer, SeccompAction::Allow, missing)?;
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    install(rules, refuse, SeccompAction::Allow)
}

fn install(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    others: SeccompAction,
    these: SeccompAction,
) -> Result<(), NoSandbox> {
    let target = std::env::consts::ARCH.try_into().map_err(|_| NoSandbox)?;
    let filter = SeccompFilter::new(rules, others, these, target).map_err(|_| NoSandbox)?;
    let program: BpfProgram = filter.try_into().map_err(|_| NoSandbox)?;
    apply_filter_all_threads(&program).map_err(|_| NoSandbox)
}

/// Installs the allow-list; everything else fails as not permitted. It also sets `no_new_privs`.
///
/// Reading works on standard input alone and writing on standard output and error, so that a descriptor that was
/// inherited by mistake is of no use; no memory can be made executable.
fn forbid_system_calls() -> Result<(), NoSandbox> {
    let not_executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        HARMLESS.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_read, vec![when(0, SeccompCmpOp::Eq, 0)?]);
    rules.insert(
        libc::SYS_write,
        vec![when(0, SeccompCmpOp::Eq, 1)?, when(0, SeccompCmpOp::Eq, 2)?],
    );
    rules.insert(libc::SYS_mmap, vec![when(2, not_executable.clone(), 0)?]);
    rules.insert(libc::SYS_mprotect, vec![when(2, not_executable, 0)?]);
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    install(rules, refuse, SeccompAction::Allow)
}

fn when(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, NoSandbox> {
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is, value).map_err(|_| NoSandbox)?;
    SeccompRule::new(vec![condition]).map_err(|_| NoSandbox)
}
