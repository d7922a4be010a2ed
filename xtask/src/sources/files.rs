//! The files of the repository, as a checker sees them.

use std::path::Path;

/// Folders that nobody wrote, or that git does not keep.
const SKIPPED: &[&str] = &["target", "node_modules", "__pycache__", "bauta-data"];

/// Hidden folders that are ours all the same.
const HIDDEN: &[&str] = &[".ci", ".cargo", ".npmrc", ".gitignore"];

/// A text file of the repository.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is_rust(&self) -> bool {
        self.has_extension(&["rs"])
    }

    pub fn is_sql(&self) -> bool {
        self.has_extension(&["sql"])
    }

    /// True for what people write to be run, styled or filled in.
    pub fn is_code(&self) -> bool {
        self.has_extension(&["rs", "sql", "css", "html", "js", "mjs", "py", "sh"])
    }

    /// True for what isn't part of the program: integration tests, examples, benchmarks, and the shared fixtures.
    pub fn is_test(&self) -> bool {
        let apart = ["/tests/", "/examples/", "/benches/"];
        self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
            || apart.iter().any(|folder| self.path.contains(folder))
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extensions.contains(&extension))
    }
}

/// All text files under `root`.
pub fn all(root: &Path) -> Vec<File> {
    let mut files = Vec::new();
    collect(root, "", &mut files);
    files
}

fn collect(folder: &Path, path: &str, files: &mut Vec<File>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if SKIPPED.contains(&name.as_str()) || (name.starts_with('.') && !HIDDEN.contains(&name.as_str())) {
            continue;
        }
        let path = if path.is_empty() {
            name
        } else {
            format!("{path}/{name}")
        };
        let kind = entry.file_type().ok();
        if kind.is_some_and(|kind| kind.is_dir()) {
            if path != "docs/book" {
                collect(&entry.path(), &path, files);
            }
        } else if kind.is_some_and(|kind| kind.is_file())
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_file_is_among_them_and_build_output_is_not() {
        let files = all(&crate::root());
        assert!(
            files
                .iter()
                .any(|file| file.path == "xtask/src/sources/files.rs" && file.is_rust())
        );
        assert!(files.iter().any(|file| file.path == ".ci/run"));
        assert!(
            !files
                .iter()
                .any(|file| file.path.starts_with("target/") || file.path.starts_with(".git/"))
        );
    }
}
