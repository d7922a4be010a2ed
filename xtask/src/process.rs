//! Running other programs: their output is shown as it comes, and read on the way.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::report::say;

/// How long a program that has ended may keep silent, while something it left behind still holds its output open.
const GRACE: Duration = Duration::from_secs(5);

/// A command that runs in the root of the repository and reads nothing.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::root()).stdin(Stdio::null());
    command
}

/// Runs `command` with its output shown.
///
/// # Errors
/// One line that says what failed.
pub fn run(command: Command) -> Result<(), String> {
    let shown = shown(&command);
    let status = streamed(command, Duration::from_hours(24), |_| ())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown}: {status}"))
    }
}

/// Runs `command` and gives what it wrote to standard output.
///
/// # Errors
/// One line that says what failed, with the last line of its standard error.
pub fn output(mut command: Command) -> Result<String, String> {
    let shown = shown(&command);
    let output = command.output().map_err(|error| format!("{shown}: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| format!("{shown}: its output is no UTF-8"));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{shown}: {}: {}",
        output.status,
        said.trim().lines().last().unwrap_or_default()
    ))
}

/// Runs `command`, shows each line of its output (both streams, in their order), and passes it to `line`.
///
/// # Errors
/// When it doesn't start, or isn't done after `limit`; then it is killed.
pub fn streamed(
    mut command: Command,
    limit: Duration,
    mut line: impl FnMut(&str),
) -> Result<ExitStatus, String> {
    let shown = shown(&command);
    let failed = |error: std::io::Error| format!("{shown}: {error}");
    let (reader, writer) = std::io::pipe().map_err(failed)?;
    command.stdout(writer.try_clone().map_err(failed)?).stderr(writer);
    let mut child = command.spawn().map_err(failed)?;
    // The command holds the writing ends; with them open the reader would never see the end.
    drop(command);
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for bytes in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if send.send(String::from_utf8_lossy(&bytes).into_owned()).is_err() {
                return;
            }
        }
    });
    let deadline = Instant::now() + limit;
    let mut silent_since = Instant::now();
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(text) => {
                say(&text);
                line(&text);
                silent_since = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => return child.wait().map_err(failed),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait().map_err(failed)?
                    && silent_since.elapsed() > GRACE
                {
                    return Ok(status);
                }
            }
        }
        if Instant::now() > deadline {
            kill(&mut child);
            return Err(format!("{shown}: not done after {} s", limit.as_secs()));
        }
    }
}

/// Where `program` is on PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn kill(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = command("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_come_in_their_order() {
        let mut seen = Vec::new();
        let script = "echo one; echo two >&2; echo three";
        let status = streamed(shell(script), Duration::from_mins(1), |line| {
            seen.push(line.to_owned());
        });
        assert!(status.expect("it runs").success());
        assert_eq!(seen, ["one", "two", "three"]);
    }

    #[test]
    fn what_does_not_end_is_ended() {
        let failed = streamed(shell("exec sleep 600"), Duration::from_millis(300), |_| ());
        assert!(failed.expect_err("it can't be done").contains("not done after"));
    }

    #[test]
    fn a_failure_names_the_command_and_its_last_words() {
        let failed = output(shell("echo because >&2; exit 3")).expect_err("it fails");
        assert!(
            failed.starts_with("sh -c") && failed.ends_with("because"),
            "{failed}"
        );
    }
}
