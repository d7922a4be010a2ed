//! How much a bounded test does: little in every run, much in the nightly one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many cases a property or fuzz test tries: `BAUTA_CASES`, or else `by_default`.
///
/// # Panics
/// When the variable is set to something that is no number: a typo must not make a long run a short one.
pub fn cases(by_default: u32) -> u32 {
    from_environment("BAUTA_CASES", by_default)
}

/// How many times a crash test kills the server: `BAUTA_KILLS`, or else `by_default`.
///
/// # Panics
/// As [`cases`].
pub fn kills(by_default: u32) -> u32 {
    from_environment("BAUTA_KILLS", by_default)
}

/// How many hosts a post goes to: `BAUTA_HOSTS`, or else `by_default`.
///
/// # Panics
/// As [`cases`].
pub fn hosts(by_default: u32) -> u32 {
    from_environment("BAUTA_HOSTS", by_default)
}

/// Lets this process, and those that it starts, have so many files open.
///
/// # Panics
/// When a process may not have that many here.
pub fn open_files(wanted: u64) {
    let now = getrlimit(Resource::Nofile);
    let most = now.maximum.unwrap_or(u64::MAX);
    assert!(
        most >= wanted,
        "a process may have {most} files open, and this needs {wanted}"
    );
    let limit = Rlimit {
        current: Some(wanted.max(now.current.unwrap_or(0))),
        maximum: now.maximum,
    };
    setrlimit(Resource::Nofile, limit).expect("the limit is below the greatest");
}

fn from_environment(name: &str, by_default: u32) -> u32 {
    match std::env::var(name) {
        Ok(value) => value
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{name} is {value:?}, which is no number")),
        Err(_) => by_default,
    }
}

#[cfg(test)]
mod tests {
    use super::from_environment;

    #[test]
    fn what_is_not_set_is_the_default() {
        assert_eq!(from_environment("BAUTA_NOBODY_SETS_THIS", 7), 7);
    }

    #[test]
    #[should_panic(expected = "no number")]
    fn a_typo_is_not_taken_for_the_default() {
        from_environment("PATH", 7);
    }
}
