//! What the tests need from elsewhere: Debian packages, Python and Node packages, by name and version.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::say;
use crate::{process, root};

/// A thing that tests use, the Debian package that brings it, and how to see that it is there.
struct Need {
    what: &'static str,
    package: &'static str,
    there: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "a C compiler",
        package: "build-essential",
        there: || has("cc"),
    },
    Need {
        what: "PostgreSQL's initdb",
        package: "postgresql",
        there: has_postgresql,
    },
    Need {
        what: "strace, to watch the database file being synced",
        package: "strace",
        there: || has("strace"),
    },
    Need {
        what: "libfaketime, to let a server live a day ahead",
        package: "libfaketime",
        there: has_faketime,
    },
    Need {
        what: "exiftool, to read what is left in rebuilt pictures",
        package: "libimage-exiftool-perl",
        there: || has("exiftool"),
    },
    Need {
        what: "ffmpeg, which makes films and sounds anew, and the films of the tests",
        package: "ffmpeg",
        there: || has("ffmpeg"),
    },
    Need {
        what: "Pebble, an authority for certificates that only tests believe",
        package: "pebble",
        there: || has("pebble") && has("pebble-challtestsrv"),
    },
    Need {
        what: "mkfs.ext4, for a file system whose raw image can be read",
        package: "e2fsprogs",
        there: || has("mkfs.ext4"),
    },
    Need {
        what: "Tor, for a private network of it on loopback",
        package: "tor",
        there: || has("tor") && has("tor-gencert"),
    },
    Need {
        what: "chromium, for accessibility and screenshots",
        package: "chromium",
        there: || has("chromium"),
    },
    Need {
        what: "fonts for screenshots",
        package: "fonts-noto-core",
        there: || has_font("NotoSans-Regular.ttf"),
    },
    Need {
        what: "fonts for figures",
        package: "fonts-noto-mono",
        there: || has_font("NotoSansMono-Regular.ttf"),
    },
    Need {
        what: "emoji for screenshots",
        package: "fonts-noto-color-emoji",
        there: || has_font("NotoColorEmoji.ttf"),
    },
    Need {
        what: "Python",
        package: "python3",
        there: || has("python3"),
    },
    Need {
        what: "Python's venv",
        package: "python3-venv",
        there: has_venv,
    },
    Need {
        what: "Node",
        package: "nodejs",
        there: || has("node"),
    },
    Need {
        what: "npm",
        package: "npm",
        there: || has("npm"),
    },
];

/// The oldest Node that the client library and the browser driver run on.
const OLDEST_NODE: u32 = 20;

/// Where the tests that are written against client libraries lie.
const CLIENTS: &str = "tests/clients";

/// Installs the Debian packages that are missing.
pub fn debian() -> Result<(), Vec<String>> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        say(format_args!("missing: {} ({})", need.what, need.package));
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let by_hand = |why: String| vec![format!("{why}. Install by hand: {}", packages.join(" "))];
    if !has("apt-get") {
        return Err(by_hand("this system has no apt-get".to_owned()));
    }
    process::run(apt_get(&["update", "-qq"])).map_err(by_hand)?;
    let mut install = apt_get(&["install", "-qq", "--yes", "--no-install-recommends"]);
    install.args(&packages);
    process::run(install).map_err(by_hand)?;
    let still: Vec<String> = missing
        .iter()
        .filter(|need| !(need.there)())
        .map(|need| {
            format!(
                "{} is still missing after {} was installed",
                need.what, need.package
            )
        })
        .collect();
    if still.is_empty() { Ok(()) } else { Err(still) }
}

/// Installs the packages of `requirements.txt` into an environment of their own.
pub fn python() -> Result<(), Vec<String>> {
    let wanted = root().join(CLIENTS).join("requirements.txt");
    let venv = venv();
    once(&wanted, &venv.join("installed.txt"), || {
        let mut make = process::command("python3");
        make.args(["-m", "venv", "--clear"]).arg(&venv);
        process::run(make)?;
        // No dependency beyond the list: what is not pinned there is not installed.
        let mut install = process::command(python_program());
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--requirement",
        ]);
        install.arg(&wanted);
        process::run(install)?;
        let mut complete = process::command(python_program());
        complete.args(["-m", "pip", "--disable-pip-version-check", "check"]);
        process::run(complete)
    })
}

/// Installs the packages of `package-lock.json` beside it. None of them runs a script of its own on the way.
pub fn node() -> Result<(), Vec<String>> {
    let folder = root().join(CLIENTS);
    recent_node().map_err(|error| vec![error])?;
    once(
        &folder.join("package-lock.json"),
        &folder.join("node_modules/installed.json"),
        || {
            let mut npm = process::command("npm");
            npm.current_dir(&folder).args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ]);
            process::run(npm)
        },
    )
}

/// Installs cargo-fuzz where it is missing.
pub fn cargo_fuzz() -> Result<(), Vec<String>> {
    if has("cargo-fuzz") {
        return Ok(());
    }
    say("missing: cargo-fuzz");
    let mut cargo = process::command("cargo");
    cargo.args(["install", "--quiet", "--locked", "cargo-fuzz"]);
    process::run(cargo).map_err(|why| vec![why])
}

/// The Python that has the packages.
pub fn python_program() -> PathBuf {
    venv().join("bin/python")
}

fn venv() -> PathBuf {
    root().join("target/xtask/venv")
}

/// Runs `install`, unless it ran for the same `wanted` file before; `mark` keeps a copy of that.
fn once(wanted: &Path, mark: &Path, install: impl FnOnce() -> Result<(), String>) -> Result<(), Vec<String>> {
    let text = std::fs::read(wanted).map_err(|error| vec![format!("{}: {error}", wanted.display())])?;
    if std::fs::read(mark).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    install().map_err(|error| vec![error])?;
    std::fs::write(mark, text).map_err(|error| vec![format!("{}: {error}", mark.display())])
}

fn recent_node() -> Result<(), String> {
    let mut node = process::command("node");
    node.arg("--version");
    let version = process::output(node)?;
    let major: Option<u32> = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(format!(
            "Node {OLDEST_NODE} or newer is needed, and {} is installed",
            version.trim()
        )),
    }
}

/// Installing asks for root: who is not, needs a sudo that asks nothing.
fn apt_get(arguments: &[&str]) -> Command {
    let mut command = process::command(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.arg("--non-interactive");
    }
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments);
    command
}

fn is_root() -> bool {
    let mut id = process::command("id");
    id.arg("-u");
    process::output(id).is_ok_and(|id| id.trim() == "0")
}

fn has(program: &str) -> bool {
    process::on_path(program).is_some()
}

fn has_faketime() -> bool {
    let Ok(machines) = std::fs::read_dir("/usr/lib") else {
        return false;
    };
    machines
        .flatten()
        .any(|folder| folder.path().join("faketime/libfaketime.so.1").is_file())
}

fn has_venv() -> bool {
    let mut python = process::command("python3");
    python.args(["-c", "import ensurepip, venv"]);
    process::output(python).is_ok()
}

fn has_font(file: &str) -> bool {
    ["/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto"]
        .iter()
        .any(|folder| Path::new(folder).join(file).is_file())
}

fn has_postgresql() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    has("initdb")
        || versions
            .into_iter()
            .any(|version| version.path().join("bin/initdb").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_is_not_installed_again_until_the_list_changes() {
        let folder = root().join("target/xtask/once-test");
        std::fs::create_dir_all(&folder).expect("target is ours");
        let (wanted, mark) = (folder.join("wanted"), folder.join("mark"));
        let _ = std::fs::remove_file(&mark);
        let mut times = 0;
        for list in ["a", "a", "b"] {
            std::fs::write(&wanted, list).expect("it is ours");
            once(&wanted, &mark, || {
                times += 1;
                Ok(())
            })
            .expect("it installs");
        }
        assert_eq!(times, 2);
    }

    #[test]
    fn a_failed_install_is_tried_again() {
        let folder = root().join("target/xtask/failed-test");
        std::fs::create_dir_all(&folder).expect("target is ours");
        let (wanted, mark) = (folder.join("wanted"), folder.join("mark"));
        std::fs::write(&wanted, "a").expect("it is ours");
        let _ = std::fs::remove_file(&mark);
        assert_eq!(
            once(&wanted, &mark, || Err("no".to_owned())),
            Err(vec!["no".to_owned()])
        );
        assert!(!mark.exists());
    }
}
