//! Files of a folder.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::PathBuf;

/// The largest file that is read: an archive may be anybody's.
const MOST_BYTES: u64 = 64 << 20;

/// A folder as `bauta report build` writes it, or the log's own folder.
pub struct Folder {
    root: PathBuf,
    is_log: bool,
}

impl Folder {
    /// The folder at `root`. One with a `checkpoint` and no `log` is taken for the log's own.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let is_log = !root.join("log").exists() && root.join("checkpoint").exists();
        Self { root, is_log }
    }

    /// The bytes of a file below the root; nothing where there is none.
    ///
    /// # Errors
    /// What the system says, or that the file is too large.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let path = match (self.is_log, path.strip_prefix("log/")) {
            (true, Some(path)) => path,
            (true, None) => return Ok(None),
            (false, _) => path,
        };
        let file = match File::open(self.root.join(path)) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(error.to_string()),
        };
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err("it is larger than any file of a log".to_owned());
        }
        Ok(Some(bytes))
    }
}
