//! A server that is made to crash: there must be no file of its memory.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bauta_tests::server::Bauta;
use rustix::process::{Pid, Signal, kill_process};

use super::places::files;

/// What came of a crash.
pub struct Cores {
    /// Files that were not there before, with their bytes.
    pub found: Vec<(String, Vec<u8>)>,
    /// That a program without our care does leave one.
    pub control: (String, bool),
    /// What this machine doesn't let us see.
    pub not_checked: Option<String>,
}

/// Ends the server with SIGABRT, as a fault would, and looks for core files in its folders and where the kernel puts them.
pub fn abort(server: &mut Bauta, folders: &[PathBuf]) -> Cores {
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default();
    let pattern = pattern.trim();
    let mut where_to: Vec<PathBuf> = folders.to_vec();
    where_to.extend(
        Path::new(pattern)
            .parent()
            .filter(|_| pattern.starts_with('/'))
            .map(Path::to_path_buf),
    );
    let before = named_core(&where_to);
    let process = i32::try_from(server.process())
        .ok()
        .and_then(Pid::from_raw)
        .expect("it runs");
    kill_process(process, Signal::ABORT).expect("it is ours");
    std::thread::sleep(std::time::Duration::from_millis(500));
    server.kill();
    let found = named_core(&where_to)
        .difference(&before)
        .cloned()
        .collect::<Vec<_>>();
    let found = found
        .into_iter()
        .map(|file| {
            (
                file.display().to_string(),
                std::fs::read(&file).unwrap_or_default(),
            )
        })
        .collect();
    let left = if pattern.starts_with('|') {
        Err(format!("this machine hands them to a program ({pattern})"))
    } else {
        careless(&where_to)
    };
    // Where nobody can leave a core file, looking for one proves nothing, and the report says so.
    let control = left.as_ref().copied().unwrap_or(true);
    let not_checked = left
        .err()
        .map(|why| format!("core files of a program without our care: {why}"));
    Cores {
        found,
        control: (
            "a core file, of a program without our care, where this machine writes any".to_owned(),
            control,
        ),
        not_checked,
    }
}

/// A program that may leave a core file, and crashes in the first of the folders: whether the file is found. An error where
/// this machine lets nobody leave one.
fn careless(where_to: &[PathBuf]) -> Result<bool, String> {
    let before = named_core(where_to);
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -c unlimited && echo may && exec sleep 60"])
        .current_dir(&where_to[0])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell");
    let mut said = String::new();
    let out = child.stdout.take().expect("it is piped");
    BufReader::new(out)
        .read_line(&mut said)
        .expect("a shell writes text");
    if said.trim() != "may" {
        let _ = child.wait();
        return Err("this machine allows no program to leave one".to_owned());
    }
    kill_process(Pid::from_child(&child), Signal::ABORT).expect("it is ours");
    let ended = child.wait().expect("it is ours");
    if !ended.core_dumped() {
        return Err("this machine writes none".to_owned());
    }
    let left: Vec<PathBuf> = named_core(where_to).difference(&before).cloned().collect();
    for file in &left {
        let _ = std::fs::remove_file(file);
    }
    Ok(!left.is_empty())
}

fn named_core(folders: &[PathBuf]) -> BTreeSet<PathBuf> {
    folders
        .iter()
        .flat_map(|folder| files(folder))
        .filter(|file| {
            file.file_name()
                .is_some_and(|name| name.to_string_lossy().contains("core"))
        })
        .collect()
}
