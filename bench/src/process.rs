//! The server under test, as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What a server that meets others is called.
pub const HOST: &str = "localhost:8080";

/// A running process that listens on loopback, killed when dropped.
pub struct Process {
    child: Child,
    /// HOST:PORT.
    pub address: String,
    /// From the start of the process to its ready line.
    pub start: Duration,
    data: PathBuf,
}

fn root(data: &Path) -> PathBuf {
    data.join("root")
}

impl Process {
    /// Starts `bauta serve` over `data`.
    pub fn bauta(data: &Path) -> Self {
        Self::bauta_with(data, &[])
    }

    /// Starts `bauta serve` over `data`, as `localhost:8080`, so that it meets other servers on this machine.
    pub fn bauta_with_peers(data: &Path) -> Self {
        Self::bauta_with(data, &[("BAUTA_PEERS", "loopback"), ("BAUTA_DOMAIN", HOST)])
    }

    fn bauta_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(program());
        command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--registrations",
                "open",
                "--data",
            ])
            .arg(data);
        command.env("BAUTA_RATE_LIMITS", "off");
        command.envs(variables.iter().copied());
        let root = root(data);
        if root.exists() {
            command.env("BAUTA_ROOT_FILE", root);
        }
        Self::start(command, data)
    }

    /// Seals `data`; servers that are started over it then find the root beside it.
    pub fn seal(data: &Path) {
        let mut command = Command::new(program());
        command
            .arg("seal")
            .arg("--root")
            .arg(root(data))
            .arg("--data")
            .arg(data);
        let status = command
            .stderr(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(status.success(), "the data can be sealed");
    }

    /// Starts the bare handler that sends `bytes` bytes.
    pub fn bare(bytes: usize) -> Self {
        Self::this(&["bare", &bytes.to_string()])
    }

    /// Starts the bare inbox.
    pub fn bare_inbox() -> Self {
        Self::this(&["bare-inbox"])
    }

    fn this(args: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.args(args);
        Self::start(command, Path::new(""))
    }

    fn start(mut command: Command, data: &Path) -> Self {
        let begin = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let address = loop {
            let line = lines
                .next()
                .expect("it says that it listens")
                .expect("it prints text");
            if let Some(address) = line.strip_prefix("listening on ") {
                break address.to_owned();
            }
        };
        let start = begin.elapsed();
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address,
            start,
            data: data.to_owned(),
        }
    }

    /// User and system time so far.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap_or(0) + fields[12].parse::<u64>().unwrap_or(0);
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory in MiB.
    pub fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap_or_default();
        let kib: f64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0);
        kib / 1024.0
    }

    /// An access token, from the admin socket.
    pub fn token(&self, handle: &str) -> String {
        let answer = self.ask(&json!({"command": "token", "handle": handle, "scopes": "read write follow"}));
        answer["ok"]["token"]
            .as_str()
            .unwrap_or_else(|| panic!("no token: {answer}"))
            .to_owned()
    }

    fn ask(&self, request: &Value) -> Value {
        let mut stream =
            UnixStream::connect(self.data.join("admin.sock")).expect("the admin socket is there");
        writeln!(stream, "{request}").expect("it reads");
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("it answers in JSON")
    }

    /// Asks it to stop and waits.
    pub fn stop(mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `bauta`, beside this program.
pub fn program() -> PathBuf {
    let mut path = std::env::current_exe().expect("this program has a path");
    path.set_file_name("bauta");
    assert!(
        path.exists(),
        "{} is not built; run it by cargo xtask bench",
        path.display()
    );
    path
}
