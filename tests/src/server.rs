//! A real `bauta serve` for tests, with a data directory of its own.

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::forms::Browser;
use crate::http::Client;

/// How long starting and stopping may take before the test gives up. No test asserts how long they do take.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a server is started.
#[derive(Clone, Default, Debug)]
pub struct Setup {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    domain: Option<String>,
    port: Option<u16>,
    data: Option<PathBuf>,
    program: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl Setup {
    /// In this working directory.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Another program than [`program`]: a release build, say.
    #[must_use]
    pub fn program(mut self, file: &Path) -> Self {
        self.program = Some(file.to_owned());
        self
    }

    /// With `--registrations`: `invite`, `open` or `closed`.
    #[must_use]
    pub fn registrations(self, mode: &str) -> Self {
        self.argument("--registrations").argument(mode)
    }

    /// With `--database`: see [`crate::postgres::fresh_database`].
    #[must_use]
    pub fn database(self, url: &str) -> Self {
        self.argument("--database").argument(url)
    }

    /// With `--domain`, in place of `localhost` and the port.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        self.domain = Some(domain.to_owned());
        self
    }

    /// At this port, which must be free: for what has to know it before the server runs.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// With this data directory, which stays; else it has one that goes with it.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// With a further argument of `bauta serve`.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// With a variable of the environment. None of the test's own `BAUTA_…` reaches the server.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without limits of requests, for suites that send many from one address.
    #[must_use]
    pub fn without_rate_limits(self) -> Self {
        self.environment("BAUTA_RATE_LIMITS", "off")
    }

    /// Starts it, and waits until it is ready.
    ///
    /// # Panics
    /// When it does not get ready; the message holds all that it wrote.
    pub fn start(self) -> Bauta {
        let temporary = tempfile::tempdir().expect("there is room for a data directory");
        let data = self.data.clone().unwrap_or_else(|| temporary.path().join("data"));
        // Known beforehand, since the domain holds it, and links are made with the domain.
        let port = self.port.unwrap_or_else(free_port);
        let domain = self.domain.clone().unwrap_or_else(|| format!("localhost:{port}"));
        let said = Arc::new(Mutex::new(String::new()));
        let mut bauta = Bauta {
            setup: self,
            data,
            domain,
            port,
            said,
            running: None,
            _temporary: temporary,
        };
        bauta.start_again();
        bauta
    }
}

/// A port of loopback that nobody uses.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}

/// A server; it ends with this value.
#[derive(Debug)]
pub struct Bauta {
    setup: Setup,
    data: PathBuf,
    domain: String,
    port: u16,
    said: Arc<Mutex<String>>,
    running: Option<Running>,
    _temporary: TempDir,
}

/// The process, and the one that ends it when the test is killed and can't.
#[derive(Debug)]
struct Running {
    server: Child,
    watchdog: Child,
}

impl Bauta {
    /// To say how it is started.
    pub fn setup() -> Setup {
        Setup::default()
    }

    /// Starts one with nothing said.
    ///
    /// # Panics
    /// As [`Setup::start`].
    pub fn start() -> Self {
        Self::setup().start()
    }

    /// Where it listens: `127.0.0.1:40001`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its name, with the port: `localhost:40001`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The whole URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.domain)
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The number of its process.
    ///
    /// # Panics
    /// When it is stopped.
    pub fn process(&self) -> u32 {
        self.running.as_ref().expect("it runs").server.id()
    }

    /// A client that knows its name.
    pub fn client(&self) -> Client {
        Client::new(&self.address(), &self.domain)
    }

    /// A browser that knows links and forms only.
    pub fn browser(&self) -> Browser {
        Browser::new(self.client())
    }

    /// A browser of somebody who is here, signed in.
    ///
    /// # Panics
    /// When handle and passphrase do not belong together.
    pub fn signed_in(&self, handle: &str, passphrase: &str) -> Browser {
        let mut browser = self.browser();
        let form = browser.get("/sign-in").form("Sign in").fill("Handle", handle);
        let page = browser.submit(&form.fill("Passphrase", passphrase));
        assert_eq!(page.status(), 200, "{}", page.text());
        browser
    }

    /// A browser of somebody new, signed in, with a role of the command line's.
    ///
    /// # Panics
    /// When the account can't be made.
    pub fn somebody(&self, handle: &str, role: &str) -> Browser {
        let made = self.done(&["account", "create", handle, "--role", role]);
        self.signed_in(handle, made.lines().last().unwrap_or_default().trim())
    }

    /// All that it wrote so far, to standard output and error.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a subcommand on its data directory.
    ///
    /// # Panics
    /// When the program can't be run.
    pub fn cli(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        let output = command
            .arg("--data")
            .arg(&self.data)
            .output()
            .expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Outcome {
            status: output.status,
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Runs a subcommand that has to succeed, and gives what it printed.
    ///
    /// # Panics
    /// When it fails; the message holds what it said.
    pub fn done(&self, arguments: &[&str]) -> String {
        let outcome = self.cli(arguments);
        assert!(
            outcome.status.success(),
            "bauta {}: {outcome:?}",
            arguments.join(" ")
        );
        outcome.stdout
    }

    /// An access token for an account.
    ///
    /// # Panics
    /// As [`Self::done`].
    pub fn token(&self, handle: &str, scopes: &str) -> String {
        let said = self.done(&["token", handle, "--scopes", scopes]);
        said.lines()
            .last()
            .expect("the token is on the last line")
            .trim()
            .to_owned()
    }

    /// From its next start on, it and its subcommands have a variable in their environment.
    pub fn set_environment(&mut self, name: &str, value: &str) {
        self.forget_environment(name);
        self.setup.environment.push((name.to_owned(), value.to_owned()));
    }

    /// From its next start on, it and its subcommands don't have that variable.
    pub fn forget_environment(&mut self, name: &str) {
        self.setup.environment.retain(|(known, _)| known != name);
    }

    /// From its next start on it lives `hours` ahead of the system's clock (libfaketime), and so do its subcommands.
    ///
    /// # Panics
    /// When libfaketime is not there.
    pub fn live_ahead(&mut self, hours: u32) {
        let library = faketime().expect("libfaketime is there: cargo xtask test installs it");
        for (name, value) in [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME", format!("+{hours}h")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ] {
            self.set_environment(name, &value);
        }
    }

    /// Asks it to stop (SIGTERM), and waits until it has.
    ///
    /// # Panics
    /// When it doesn't exit with 0.
    pub fn stop(&mut self) {
        let mut running = self.running.take().expect("it runs");
        running.end_watchdog();
        let process = i32::try_from(running.server.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a process has a number");
        kill_process(process, Signal::TERM).expect("it is ours");
        let status = wait(&mut running.server);
        let status = status.unwrap_or_else(|| {
            let _ = running.server.kill();
            panic!("it does not stop when asked to; it said:\n{}", self.said())
        });
        assert!(
            status.success(),
            "it stopped with {status}; it said:\n{}",
            self.said()
        );
    }

    /// Ends it as a power cut would (SIGKILL).
    ///
    /// # Panics
    /// When it is stopped.
    pub fn kill(&mut self) {
        self.running.take().expect("it runs").kill();
    }

    /// Starts it once more, with the same data, name and port.
    ///
    /// # Panics
    /// When it still runs, or does not get ready.
    pub fn start_again(&mut self) {
        let before = self.said().len();
        self.begin();
        self.wait_until_ready(before);
    }

    /// Starts it, waits until it says `line` in place of getting ready, has `done` done, and waits until it is ready.
    ///
    /// # Panics
    /// When it still runs, does not say so, or does not get ready then.
    pub fn start_after(&mut self, line: &str, done: impl FnOnce(&Self)) {
        let before = self.said().len();
        self.begin();
        crate::eventually("it says what it waits for", || {
            self.said()[before..].contains(line).then_some(())
        });
        done(self);
        self.wait_until_ready(before);
    }

    fn begin(&mut self) {
        assert!(self.running.is_none(), "it still runs");
        let mut command = self.command(&["serve"]);
        command
            .args(["--listen", &self.address(), "--domain", &self.domain])
            .arg("--data")
            .arg(&self.data);
        command
            .args(&self.setup.arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut server = command.spawn().expect("the program starts");
        collect(server.stdout.take().expect("it is piped"), &self.said);
        collect(server.stderr.take().expect("it is piped"), &self.said);
        let watchdog = watchdog(server.id());
        self.running = Some(Running { server, watchdog });
    }

    fn wait_until_ready(&mut self, before: usize) {
        let begun = Instant::now();
        loop {
            let said = self.said();
            let ready = said[before..].lines().find_map(|line| {
                line.split_once("listening on ")
                    .map(|(_, address)| address.trim())
            });
            if let Some(address) = ready.filter(|_| said[before..].contains('\n')) {
                // It may say more than one address, or a URL; ours is known.
                assert!(
                    address.contains(&self.port.to_string()),
                    "it listens elsewhere: {address}"
                );
                return;
            }
            let running = self.running.as_mut().expect("it was just started");
            let ended = running.server.try_wait().expect("it is ours");
            if ended.is_some() || begun.elapsed() > PATIENCE {
                // What it wrote last may still be on its way.
                std::thread::sleep(Duration::from_millis(100));
                panic!(
                    "bauta serve did not get ready ({ended:?}); it said:\n{}",
                    &self.said()[before..]
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.setup.program.clone().unwrap_or_else(program));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BAUTA_"))
        {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .envs(self.setup.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        if let Some(folder) = &self.setup.folder {
            command.current_dir(folder);
        }
        command
    }
}

impl Drop for Bauta {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }
}

impl Running {
    fn kill(mut self) {
        self.end_watchdog();
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    /// It goes first: after the server's end its number may be another process's.
    fn end_watchdog(&mut self) {
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
    }
}

/// How a subcommand ended, and what it wrote.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// The program under test: `BAUTA_BIN`, or the one that cargo built beside this test.
///
/// # Panics
/// When it was not built.
pub fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("BAUTA_BIN") {
        return program.into();
    }
    let test = std::env::current_exe().expect("a test is a file");
    let beside = test
        .ancestors()
        .skip(1)
        .take(3)
        .map(|folder| folder.join("bauta"));
    beside.into_iter().find(|file| file.is_file()).unwrap_or_else(|| {
        panic!(
            "the program was not built beside {}: run `cargo build -p bauta` first",
            test.display()
        )
    })
}

/// The library of Debian's package `libfaketime`, whatever the machine.
fn faketime() -> Option<PathBuf> {
    let machines = std::fs::read_dir("/usr/lib").ok()?.flatten();
    machines
        .map(|folder| folder.path().join("faketime/libfaketime.so.1"))
        .find(|file| file.is_file())
}

/// A shell that waits for the end of a pipe which only this process holds, and then ends `server`.
fn watchdog(server: u32) -> Child {
    let script = "trap '' HUP INT QUIT TERM; cat >/dev/null; kill -KILL \"$1\"";
    Command::new("sh")
        .args(["-c", script, "bauta-watchdog", &server.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell")
}

/// Appends what comes from `source` to `said`, until it ends.
fn collect(mut source: impl Read + Send + 'static, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = source.read(&mut buffer) {
            let text = String::from_utf8_lossy(&buffer[..read]);
            said.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&text);
        }
    });
}

fn wait(child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("it is ours") {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in that keeps the contract of the command line, so that this fixture can be tested without the house.
    fn stand_in(folder: &Path, serve: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.join("bauta");
        let script = format!(
            "#!/bin/sh\ncase $1 in serve) {serve};; token) echo note; echo \"$2-token\";; *) echo no >&2; exit 2;; esac\n"
        );
        std::fs::write(&file, script).expect("it is ours");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        file
    }

    const GOOD: &str =
        "trap 'echo draining; exit 0' TERM; echo \"listening on $3\"; while :; do sleep 0.05; done";

    #[test]
    fn it_starts_answers_stops_and_starts_again() {
        let folder = tempfile::tempdir().expect("there is room");
        let mut bauta = Bauta::setup()
            .program(&stand_in(folder.path(), GOOD))
            .registrations("open")
            .start();
        assert!(
            bauta
                .said()
                .contains(&format!("listening on {}", bauta.address()))
        );
        assert_eq!(bauta.token("alt", "read"), "alt-token");
        assert_eq!(bauta.cli(&["nonsense"]).status.code(), Some(2));
        bauta.stop();
        bauta.start_again();
        bauta.kill();
        bauta.start_again();
        assert_eq!(bauta.said().matches("listening").count(), 3);
    }

    #[test]
    #[should_panic(expected = "no such key")]
    fn one_that_does_not_start_says_why() {
        let folder = tempfile::tempdir().expect("there is room");
        Bauta::setup()
            .program(&stand_in(folder.path(), "echo no such key >&2; exit 1"))
            .start();
    }

    #[test]
    #[should_panic(expected = "exit status: 3")]
    fn one_that_stops_badly_fails_the_test() {
        let folder = tempfile::tempdir().expect("there is room");
        let bad = GOOD.replace("exit 0", "exit 3");
        Bauta::setup()
            .program(&stand_in(folder.path(), &bad))
            .start()
            .stop();
    }

    #[test]
    fn when_the_test_is_gone_so_is_the_server() {
        let mut server = Command::new("sleep").arg("600").spawn().expect("there is sleep");
        let mut guard = watchdog(server.id());
        drop(guard.stdin.take());
        let status = wait(&mut server).expect("the watchdog ends it");
        assert!(!status.success());
        guard.wait().expect("it ends too");
    }
}
