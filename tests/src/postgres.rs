//! A real PostgreSQL for tests: started once per test process, gone with it, however it ends.
//!
//! The server hangs on a watchdog, a shell script that reads from a pipe which only the test process holds open. When
//! that process ends, by whatever signal, the pipe closes, and the watchdog stops the server and removes its files.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running PostgreSQL that listens on loopback alone and trusts whoever reaches it there.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    directory: PathBuf,
    programs: PathBuf,
    /// Holds the pipe that keeps the server alive. Never dropped: it lives in a static.
    _watchdog: Child,
}

/// What the watchdog runs: `$1` the folder of the programs, `$2` the port. Durability is off: nothing here outlives
/// the test. It says `ready FOLDER` or `failed`, then waits for the end of its standard input. Signals meant for the
/// test (Ctrl-C reaches the whole process group) must not end it before it has cleaned up.
const WATCHDOG: &str = r#"
trap '' HUP INT QUIT TERM PIPE
umask 077
cd /
dir=$(mktemp -d "${TMPDIR:-/tmp}/bauta-pg.XXXXXX" 2>/dev/null || mktemp -d /tmp/bauta-pg.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
fail() { echo "failed"; cat "$dir/log"; exit 1; }
"$1/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 </dev/null || fail
cat >>"$dir/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$dir'
max_connections = 200
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
log_statement = none
log_min_error_statement = panic
SETTINGS
"$1/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/log" start >/dev/null 2>&1 </dev/null || fail
echo "ready $dir"
exec >/dev/null
cat >/dev/null
"$1/pg_ctl" -D "$dir/data" -m immediate -w -t 20 stop </dev/null
"#;

/// The server of this test process, started by the first call.
///
/// # Panics
/// When PostgreSQL is not installed or doesn't start; the message says what to do.
pub fn shared() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(Postgres::start)
}

/// The URL of a new, empty database on [`shared`].
///
/// # Panics
/// As [`shared`].
pub fn fresh_database() -> String {
    shared().fresh_database()
}

impl Postgres {
    fn start() -> Self {
        let programs = programs();
        let mut said = String::new();
        // The port is free when it is chosen, and may be taken a moment later: then another one is tried.
        for _ in 0..5 {
            let port = free_port();
            match watch(&programs, port) {
                Ok((watchdog, directory)) => {
                    return Self {
                        port,
                        directory,
                        programs,
                        _watchdog: watchdog,
                    };
                }
                Err(why) => said = why,
            }
        }
        panic!("PostgreSQL from {} does not start: {said}", programs.display());
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// When the server does not make one.
    pub fn fresh_database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of the database `name`.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Runs `statement` in the database `name` as the superuser, and gives what it answers: a line per row, values
    /// parted by `|`. It goes past the code under test, to see what that left behind.
    ///
    /// # Panics
    /// When the statement fails, with what PostgreSQL says.
    pub fn sql(&self, name: &str, statement: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args([
                "--no-psqlrc",
                "--quiet",
                "--no-align",
                "--tuples-only",
                "--set=ON_ERROR_STOP=1",
                "--dbname",
            ])
            .arg(self.url(name))
            .args(["--command", statement])
            .current_dir("/")
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("psql does not run from {}: {error}", self.programs.display()));
        assert!(
            output.status.success(),
            "{statement}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// A server of its own, which one test may stop. What it acknowledged is on the disk.
    ///
    /// # Panics
    /// As [`shared`].
    pub fn own() -> Self {
        let own = Self::start();
        own.sql("postgres", "ALTER SYSTEM SET synchronous_commit = on");
        own.sql("postgres", "SELECT pg_reload_conf()");
        own
    }

    /// Lets commits wait, written and not acknowledged, for a standby that isn't there. A reload takes its time: commits
    /// of the next moment may still pass.
    ///
    /// # Panics
    /// As [`Self::sql`].
    pub fn hold_commits(&self) {
        self.wait_for_standby("nobody");
    }

    /// Lets commits that wait go on, and those that come.
    ///
    /// # Panics
    /// As [`Self::sql`].
    pub fn let_commits_go(&self) {
        self.wait_for_standby("");
    }

    fn wait_for_standby(&self, name: &str) {
        let set = format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        self.sql("postgres", &set);
        self.sql("postgres", "SELECT pg_reload_conf()");
    }

    /// The process whose commit is held, by its number.
    ///
    /// # Panics
    /// As [`Self::sql`].
    pub fn held_commit(&self) -> Option<String> {
        let held = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        Some(self.sql("postgres", held)).filter(|found| !found.is_empty())
    }

    /// Stops the server as a crash would.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts a server again that was stopped.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        self.control(&["start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let status = as_unprivileged_user()
            .arg(self.programs.join("pg_ctl"))
            .arg("-D")
            .arg(self.directory.join("data"))
            .arg("-l")
            .arg(self.directory.join("log"))
            .args(["-w", "-t", "60"])
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap_or_else(|error| panic!("pg_ctl does not run: {error}"));
        assert!(status.success(), "pg_ctl {arguments:?}: {status}");
    }

    /// Where heap, write-ahead log (`data/`) and the server's own log (`log`) lie, for tests that look for traces.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

/// Starts the watchdog and waits until it says how it went.
fn watch(programs: &Path, port: u16) -> Result<(Child, PathBuf), String> {
    let mut watchdog = as_unprivileged_user()
        .args(["sh", "-c", WATCHDOG, "bauta-postgres"])
        .arg(programs)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Not inherited: whoever reads the output of the tests should not have to wait for the watchdog's end.
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the shell that watches it does not start: {error}"))?;
    let mut lines = BufReader::new(watchdog.stdout.take().expect("its output is piped"))
        .lines()
        .map_while(Result::ok);
    match lines.next() {
        Some(line) if line.starts_with("ready ") => Ok((watchdog, PathBuf::from(&line["ready ".len()..]))),
        _ => {
            let why = lines.collect::<Vec<_>>().join("\n");
            let _ = watchdog.wait();
            Err(why)
        }
    }
}

/// PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where there is no such user.
fn as_unprivileged_user() -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new("env");
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let (user, group) = user_named(&users, "postgres")
        .or_else(|| user_named(&users, "nobody"))
        .unwrap_or_else(|| {
            panic!("tests run as root, PostgreSQL does not, and there is neither a user postgres nor nobody")
        });
    let mut command = Command::new("setpriv");
    command.args([
        format!("--reuid={user}"),
        format!("--regid={group}"),
        "--clear-groups".to_owned(),
    ]);
    command
}

/// The numbers of user and group in a passwd(5) file.
fn user_named(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = passwd
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// The folder with PostgreSQL's programs, of the newest version that is installed.
fn programs() -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).map(|folder| folder.join("initdb"));
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut debian: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin/initdb"),
            ))
        })
        .collect();
    debian.sort();
    // A distribution may put a wrapper or link on PATH: the real folder is where psql and pg_ctl are beside initdb.
    on_path
        .chain(debian.into_iter().rev().map(|(_, path)| path))
        .filter_map(|initdb| Some(initdb.canonicalize().ok()?.parent()?.to_owned()))
        .find(|folder| {
            ["initdb", "pg_ctl", "postgres", "psql"]
                .iter()
                .all(|name| folder.join(name).is_file())
        })
        .unwrap_or_else(|| {
            panic!(
                "PostgreSQL is not installed: no initdb on PATH or in /usr/lib/postgresql/*/bin. \
                 `cargo xtask test` installs it; on Debian: apt-get install postgresql"
            )
        })
}

fn free_port() -> u16 {
    let probe = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    probe.local_addr().expect("a bound socket has an address").port()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fresh_database_is_empty_and_its_own() {
        let (one, other) = (fresh_database(), fresh_database());
        assert_ne!(one, other);
        let name = |url: &str| url.rsplit('/').next().expect("a URL has a path").to_owned();
        shared().sql(
            &name(&one),
            "CREATE TABLE mark (word text); INSERT INTO mark VALUES ('here')",
        );
        assert_eq!(shared().sql(&name(&one), "SELECT word FROM mark"), "here");
        assert_eq!(
            shared().sql(
                &name(&other),
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ),
            "0"
        );
    }

    #[test]
    #[should_panic(expected = "syntax error")]
    fn a_wrong_statement_says_what_postgresql_says() {
        shared().sql("postgres", "SELEKT 1");
    }

    #[test]
    fn when_the_process_that_started_it_is_gone_so_are_server_and_files() {
        let (mut watchdog, directory) = watch(&programs(), free_port()).expect("it starts");
        assert!(directory.join("data/PG_VERSION").exists() || !rustix::process::geteuid().is_root());
        drop(watchdog.stdin.take());
        watchdog.wait().expect("the watchdog ends");
        assert!(!directory.exists(), "{} is left", directory.display());
    }

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let passwd = "postgres2:x:7:8::/:\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(user_named(passwd, "postgres"), Some((101, 104)));
        assert_eq!(user_named(passwd, "nobody"), None);
    }
}
