//! A private Tor network on loopback: three authorities, four relays, an onion service and a client. Nobody outside is asked.
//!
//! It takes some 40 seconds until the first request comes through, and half a gigabyte. The processes end with this value, and
//! when the test is killed.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::http::{Client, Request, Response};
use crate::server::{Bauta, Setup, free_port, program};

/// How long a new network may take until a service in it answers: seven relays on a busy machine may miss a vote or two.
pub const FIRST_ANSWER: Duration = Duration::from_mins(6);

/// How many authorities and relays there are.
const AUTHORITIES: usize = 3;
const RELAYS: usize = 4;

/// The network. It ends with this value.
pub struct TorNetwork {
    processes: Vec<Running>,
    socks: u16,
    host: String,
    folder: PathBuf,
}

/// A process of tor, and the shell that ends it when the test is gone.
struct Running {
    tor: Child,
    watchdog: Child,
}

struct Authority {
    folder: PathBuf,
    or_port: u16,
    dir_port: u16,
    line: String,
}

impl TorNetwork {
    /// Starts it in `folder`. `service` are the lines of torrc that make the onion service; `DIRECTORY` in them stands for a
    /// folder of its own.
    ///
    /// # Panics
    /// When tor is not installed or does not start.
    pub fn start(folder: &Path, service: &str) -> Self {
        let authorities: Vec<Authority> = (0..AUTHORITIES).map(|n| Authority::new(folder, n)).collect();
        let mut common = "TestingTorNetwork 1\nAssumeReachable 1\nTestingDirAuthVoteExit *\nTestingDirAuthVoteHSDir *\n\
                          TestingDirAuthVoteGuard *\nTestingMinExitFlagThreshold 0\nPathsNeededToBuildCircuits 0.67\nRunAsDaemon 0\n\
                          AddressDisableIPv6 1\nDisableDebuggerAttachment 0\n"
            .to_owned();
        for authority in &authorities {
            let _ = writeln!(common, "{}", authority.line);
        }
        let mut network = Self {
            processes: Vec::new(),
            socks: free_port(),
            host: String::new(),
            folder: folder.to_owned(),
        };
        for (number, authority) in authorities.iter().enumerate() {
            let lines = format!(
                "Nickname authority{number}\nAddress 127.0.0.1\nORPort 127.0.0.1:{}\nDirPort 127.0.0.1:{}\nSocksPort 0\n\
                 AuthoritativeDirectory 1\nV3AuthoritativeDirectory 1\nContactInfo test@example.org\nAuthDirMaxServersPerAddr 0\n\
                 AuthDirTestReachability 0\nTestingAuthDirTimeToLearnReachability 0\nTestingV3AuthInitialVotingInterval 20\n\
                 TestingV3AuthInitialVoteDelay 4\nTestingV3AuthInitialDistDelay 4\nV3AuthVotingInterval 20\nV3AuthVoteDelay 4\n\
                 V3AuthDistDelay 4\nV3AuthNIntervalsValid 2\n",
                authority.or_port, authority.dir_port,
            );
            network.run(&authority.folder, &common, &lines);
        }
        for number in 0..RELAYS {
            let lines = format!(
                "Nickname relay{number}\nAddress 127.0.0.1\nORPort 127.0.0.1:{}\nSocksPort 0\nExitRelay 0\nExitPolicy reject *:*\n",
                free_port(),
            );
            network.run(&made(folder, &format!("relay{number}")), &common, &lines);
        }
        let directory = made(&made(folder, "service"), "onion");
        let lines = service.replace("DIRECTORY", &directory.display().to_string());
        network.run(
            &made(folder, "service"),
            &common,
            &format!("SocksPort 0\n{lines}"),
        );
        let lines = format!("SocksPort 127.0.0.1:{}\n", network.socks);
        network.run(&made(folder, "client"), &common, &lines);
        network.host = crate::eventually("the onion service has a name", || {
            let name = fs::read_to_string(directory.join("hostname")).ok()?;
            Some(name.trim().to_owned()).filter(|name| name.ends_with(".onion"))
        });
        network
    }

    /// The service's name: `….onion`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The client's way in.
    pub fn socks(&self) -> Socks {
        Socks {
            port: self.socks,
            host: self.host.clone(),
            circuit: String::new(),
        }
    }

    /// A client that comes through the network, and the answer that it got to its first request, which waits for the
    /// network to be there.
    ///
    /// # Panics
    /// When nothing answers within [`FIRST_ANSWER`].
    pub fn first_answer(&self, path: &str) -> (Client, Response) {
        let mut client = Client::new("tor", self.host()).through(self.socks());
        let answer = crate::within(FIRST_ANSWER, "the onion service answers", || {
            client.try_send(&Request::get(path)).ok()
        });
        (client, answer)
    }

    /// The port of loopback at which the client takes SOCKS.
    pub const fn socks_port(&self) -> u16 {
        self.socks
    }

    /// Everything that tor itself wrote: its logs, for whoever looks for traces.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn run(&mut self, folder: &Path, common: &str, lines: &str) {
        let torrc = folder.join("torrc");
        let log = folder.join("log");
        let text = format!(
            "{common}DataDirectory {}\nLog notice file {}\n{lines}",
            folder.display(),
            log.display()
        );
        fs::write(&torrc, text).expect("there is room");
        let tor = tor()
            .arg("-f")
            .arg(&torrc)
            .args([
                "--defaults-torrc",
                "/nonexistent",
                "--ignore-missing-torrc",
                "--quiet",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tor starts");
        let script = "trap '' HUP INT QUIT TERM; cat >/dev/null; kill -KILL \"$1\"";
        let watchdog = Command::new("sh")
            .args(["-c", script, "bauta-watchdog", &tor.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        self.processes.push(Running { tor, watchdog });
    }
}

impl Drop for TorNetwork {
    fn drop(&mut self) {
        for Running { tor, watchdog } in &mut self.processes {
            let _ = watchdog.kill();
            let _ = watchdog.wait();
            let _ = tor.kill();
            let _ = tor.wait();
        }
    }
}

impl Authority {
    fn new(folder: &Path, number: usize) -> Self {
        let folder = made(folder, &format!("authority{number}"));
        let keys = made(&folder, "keys");
        let (or_port, dir_port) = (free_port(), free_port());
        let mut certify = Command::new("tor-gencert");
        certify
            .args(["--create-identity-key", "--passphrase-fd", "0", "-m", "12", "-a"])
            .arg(format!("127.0.0.1:{dir_port}"))
            .current_dir(&keys);
        for (flag, file) in [
            ("-i", "authority_identity_key"),
            ("-s", "authority_signing_key"),
            ("-c", "authority_certificate"),
        ] {
            certify.args([flag, file]);
        }
        certify
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut certifying = certify.spawn().expect("tor-gencert comes with tor");
        let _ = certifying
            .stdin
            .take()
            .expect("it is piped")
            .write_all(b"passphrase\n");
        assert!(
            certifying.wait().expect("it ends").success(),
            "no keys for an authority"
        );
        let certificate = fs::read_to_string(keys.join("authority_certificate")).expect("it was made");
        let v3 = certificate
            .lines()
            .find_map(|line| line.strip_prefix("fingerprint "))
            .expect("a certificate names its key")
            .to_owned();
        let dummy = format!("x 127.0.0.1:1 {}", "F".repeat(40));
        let listed = tor()
            .args([
                "--ignore-missing-torrc",
                "-f",
                "/nonexistent",
                "--defaults-torrc",
                "/nonexistent",
                "--list-fingerprint",
            ])
            .args([
                "--quiet",
                "--ORPort",
                "1",
                "--Nickname",
                &format!("authority{number}"),
                "--DirAuthority",
                &dummy,
            ])
            .arg("--DataDirectory")
            .arg(&folder)
            .output()
            .expect("tor runs");
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let fingerprint: String = listed
            .lines()
            .last()
            .and_then(|line| line.split_once(' '))
            .map_or_else(
                || panic!("no fingerprint: {listed}"),
                |(_, rest)| rest.split_whitespace().collect(),
            );
        let line = format!(
            "DirAuthority authority{number} orport={or_port} no-v2 v3ident={v3} 127.0.0.1:{dir_port} {fingerprint}"
        );
        Self {
            folder,
            or_port,
            dir_port,
            line,
        }
    }
}

/// The program, by the name that Debian gives it.
fn tor() -> Command {
    Command::new("tor")
}

fn made(folder: &Path, name: &str) -> PathBuf {
    use std::os::unix::fs::DirBuilderExt;
    let made = folder.join(name);
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&made)
        .expect("there is room");
    made
}

/// A network with a service as `bauta tor-config` says it, and a server behind that. The network comes first: nobody knows
/// the onion's name before Tor has made it.
///
/// # Panics
/// When one of them does not start.
pub fn behind_tor(folder: &Path, setup: Setup) -> (TorNetwork, Bauta) {
    let socket = folder.join("onion.sock");
    let said = Command::new(program())
        .args(["tor-config", "--socket"])
        .arg(&socket)
        .args(["--directory", "DIRECTORY"])
        .output()
        .expect("the program runs");
    let torrc = String::from_utf8(said.stdout).expect("it is text");
    let service: String = torrc
        .lines()
        .filter(|line| line.starts_with("HiddenService"))
        .map(|line| line.to_owned() + "\n")
        .collect();
    let tor = TorNetwork::start(&folder.join("tor"), &service);
    let config = folder.join("bauta.toml");
    let text = format!(
        "[onion]\nsocket = \"{}\"\nhost = \"{}\"\n",
        socket.display(),
        tor.host()
    );
    fs::write(&config, text).expect("there is room");
    let server = setup
        .argument("--config")
        .argument(&config.display().to_string())
        .start();
    (tor, server)
}

/// A way through Tor to the onion service (SOCKS5, RFC 1928 and 1929).
#[derive(Clone, Debug)]
pub struct Socks {
    port: u16,
    host: String,
    circuit: String,
}

impl Socks {
    /// On a circuit that is used under no other name.
    #[must_use]
    pub fn on_circuit(mut self, name: &str) -> Self {
        name.clone_into(&mut self.circuit);
        self
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let name = if self.circuit.is_empty() {
            "one"
        } else {
            &self.circuit
        };
        stream.write_all(&[5, 1, 2])?;
        let mut two = [0; 2];
        stream.read_exact(&mut two)?;
        let mut login = vec![1, name.len() as u8];
        login.extend(name.bytes());
        login.extend([1, b'x']);
        stream.write_all(&login)?;
        stream.read_exact(&mut two)?;
        let mut ask = vec![5, 1, 0, 3, self.host.len() as u8];
        ask.extend(self.host.bytes());
        ask.extend(80_u16.to_be_bytes());
        stream.write_all(&ask)?;
        let mut answer = [0; 10];
        stream.read_exact(&mut answer)?;
        if answer[1] == 0 {
            Ok(stream)
        } else {
            Err(io::Error::other(format!("SOCKS answers {}", answer[1])))
        }
    }
}
