//! A file system of its own for the data, whose raw image can be read: deleted files and old blocks are in it too.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the run has one: it needs the superuser, and time.
pub fn wanted() -> bool {
    std::env::var_os("BAUTA_SEIZURE_IMAGE").is_some()
}

/// A file that is mounted as ext4.
pub struct Image {
    file: PathBuf,
    folder: PathBuf,
}

impl Image {
    /// Makes and mounts one in `folder`.
    pub fn mount(folder: &Path) -> Self {
        let image = Self {
            file: folder.join("image.ext4"),
            folder: folder.join("mounted"),
        };
        std::fs::create_dir(&image.folder).expect("there is room");
        let file = std::fs::File::create(&image.file).expect("there is room");
        file.set_len(256 << 20).expect("there is room");
        run(Command::new("mkfs.ext4").arg("-q").arg(&image.file));
        run(Command::new("mount")
            .args(["-o", "loop"])
            .arg(&image.file)
            .arg(&image.folder));
        image
    }

    /// Where it is mounted.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its bytes, once nobody uses it any more.
    pub fn unmounted(self) -> Vec<u8> {
        run(Command::new("umount").arg(&self.folder));
        std::fs::read(&self.file).expect("it is there")
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // A test that failed leaves nothing mounted.
        let _ = Command::new("umount")
            .arg(&self.folder)
            .stderr(std::process::Stdio::null())
            .status();
    }
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
