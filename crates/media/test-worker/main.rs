//! The child of this crate's tests: does what `bauta worker` does, or tries to break out of its sandbox.

use std::fs::File;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("break-out") => break_out(),
        // What ffmpeg is called with: this program stands for one that a film has taken over.
        Some("-nostdin") => break_out_of_ffmpeg(),
        _ => bauta_media::worker_main(),
    }
}

/// Ends with the number of the first thing that should not have worked, or 0.
fn break_out() -> ExitCode {
    // Opened before, as if it had been inherited by mistake.
    let mut inherited = File::options().write(true).open("/dev/null").ok();
    if !bauta_media::enter_sandbox() {
        return ExitCode::from(100);
    }
    let attempts: [fn() -> bool; 9] = [
        || File::open("/etc/passwd").is_ok(),
        || File::open("/proc/self/environ").is_ok(),
        || File::create("/tmp/bauta-broke-out").is_ok(),
        || std::fs::read_dir("/").is_ok(),
        || TcpStream::connect("127.0.0.1:9").is_ok_and(|_| true) || UdpSocket::bind("127.0.0.1:0").is_ok(),
        || UnixStream::pair().is_ok(),
        || Command::new("/bin/true").spawn().is_ok(),
        || std::thread::Builder::new().spawn(|| ()).is_ok(),
        || Vec::<u8>::new().try_reserve_exact(1 << 30).is_ok(),
    ];
    let wrote = inherited
        .as_mut()
        .is_some_and(|file| file.write_all(b"x").is_ok());
    if wrote {
        return ExitCode::from(101);
    }
    let broke = attempts.iter().position(|attempt| attempt());
    ExitCode::from(broke.map_or(0, |index| index as u8 + 1))
}

/// The same from where ffmpeg runs, which may have threads and read its libraries.
fn break_out_of_ffmpeg() -> ExitCode {
    let attempts: [fn() -> bool; 9] = [
        || File::open("/etc/passwd").is_ok(),
        || File::open("/proc/self/environ").is_ok(),
        || File::create("/tmp/bauta-broke-out").is_ok(),
        || std::fs::read_dir("/home").is_ok(),
        || TcpStream::connect("127.0.0.1:9").is_ok_and(|_| true) || UdpSocket::bind("127.0.0.1:0").is_ok(),
        || UnixStream::pair().is_ok(),
        || Command::new("/bin/true").spawn().is_ok(),
        || Vec::<u8>::new().try_reserve_exact(3 << 30).is_ok(),
        || std::thread::Builder::new().spawn(|| ()).is_err(),
    ];
    let broke = attempts.iter().position(|attempt| attempt());
    ExitCode::from(broke.map_or(0, |index| index as u8 + 1))
}
