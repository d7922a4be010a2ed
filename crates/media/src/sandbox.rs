//! The sandbox of the child: what it gives up, before it reads the first byte of a stranger's file.
//!
//! Limits on memory, processor time and files; no core dump; landlock (no file system, no network, no signals);
//! seccomp with a short allow-list. The limits and seccomp are a must. Landlock is a second wall, which kernels before
//! 5.13 don't have: the child says in its greeting whether it stands, and `bauta doctor` tells the operator.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
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
    let target = std::env::consts::ARCH.try_into().map_err(|_| NoSandbox)?;
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules, refuse, SeccompAction::Allow, target).map_err(|_| NoSandbox)?;
    let program: BpfProgram = filter.try_into().map_err(|_| NoSandbox)?;
    apply_filter_all_threads(&program).map_err(|_| NoSandbox)
}

fn when(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, NoSandbox> {
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is, value).map_err(|_| NoSandbox)?;
    SeccompRule::new(vec![condition]).map_err(|_| NoSandbox)
}
