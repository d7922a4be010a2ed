//! A tar archive without times, owners or modes of this machine: the same files give the same bytes.

/// Writes files, in their order, as an archive in the `ustar` form (POSIX.1-1988).
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        out.extend(tar_entry(name, bytes));
    }
    // Two empty blocks end it.
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

/// A file of such an archive, by itself; two empty blocks of 512 bytes end an archive. `name` has at most 100 bytes.
pub fn tar_entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 2 * BLOCK);
    out.extend_from_slice(&header(name, bytes.len()));
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
    out
}

const BLOCK: usize = 512;

fn header(name: &str, length: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| {
        block[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    put(0, name);
    put(100, "0000600\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{length:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_tar_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.tar");
        std::fs::write(&file, tar(&[("one.txt", b"first"), ("two.txt", &[7; 513])])).unwrap();
        let done = std::process::Command::new("tar")
            .args(["-xf", "a.tar"])
            .current_dir(folder.path())
            .status()
            .unwrap();
        assert!(done.success());
        assert_eq!(std::fs::read(folder.path().join("one.txt")).unwrap(), b"first");
        assert_eq!(std::fs::read(folder.path().join("two.txt")).unwrap(), [7; 513]);
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(tar(&[("a", b"x")]), tar(&[("a", b"x")]));
        assert_eq!(tar(&[]).len(), 1024);
    }
}
