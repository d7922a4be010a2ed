//! A log of any entries, without epochs: how the formats are used alone, and what the tests against Go run.
//!
//! `plain_log write DIR SECRET-KEY COUNT` writes a log of the entries `entry 0`, `entry 1`, …; `plain_log check DIR VKEY`
//! reads one and checks all of it: signature, tiles, entries, root, and proofs of inclusion and consistency.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use bauta_ledger::frontier::Frontier;
use bauta_ledger::merkle::{consistency_holds, inclusion_holds, leaf_hash};
use bauta_ledger::tile::{Kind, TILE_WIDTH, TileId};
use bauta_ledger::tree::TileTree;
use bauta_ledger::{Checkpoint, Note, Policy, SignedCheckpoint, SigningKey, VerifierKey, bundle};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["write", folder, key, count] => write(Path::new(folder), key, count),
        ["check", folder, key] => check(Path::new(folder), key),
        _ => Err("plain_log write DIR SECRET-KEY COUNT, or plain_log check DIR VKEY".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "plain_log: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path, key: &str, count: &str) -> Result<()> {
    let key = SigningKey::parse(key)?;
    let entries: Vec<String> = (0..count.parse()?).map(|n: u64| format!("entry {n}")).collect();
    let mut frontier = Frontier::default();
    let mut files = Vec::new();
    for entry in &entries {
        frontier.push(leaf_hash(entry.as_bytes()), |id, bytes| files.push((id, bytes)));
    }
    files.extend(frontier.partial());
    for (index, entries) in entries.chunks(TILE_WIDTH as usize).enumerate() {
        let id = TileId::at(Kind::Entries, index as u64, frontier.size()).ok_or("a bundle")?;
        files.push((id, bundle::encode(entries)?));
    }
    for (id, bytes) in files {
        let path = folder.join(id.to_string());
        fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        fs::write(path, bytes)?;
    }
    let text = Checkpoint::new(key.public().name(), frontier.size(), frontier.root());
    let mut note = Note::new(&text.to_string())?;
    note.sign(&key);
    fs::write(folder.join("checkpoint"), note.to_text())?;
    Ok(())
}

fn check(folder: &Path, key: &str) -> Result<()> {
    let policy = Policy::of_logs([VerifierKey::parse(key)?]);
    let signed = SignedCheckpoint::parse(&fs::read(folder.join("checkpoint"))?)?;
    policy.judge(&signed)?;
    let (size, root) = (signed.checkpoint.size, signed.checkpoint.root);
    let mut frontier = Frontier::default();
    let mut tiles = Vec::new();
    let mut count = 0;
    for index in 0..size.div_ceil(TILE_WIDTH) {
        let id = TileId::at(Kind::Entries, index, size).ok_or("a bundle")?;
        for entry in bundle::decode(&fs::read(folder.join(id.to_string()))?, id.width)? {
            if entry != format!("entry {count}").as_bytes() {
                return Err(format!("entry {count} is another").into());
            }
            count += 1;
            frontier.push(leaf_hash(entry), |id, bytes| tiles.push((id, bytes)));
        }
    }
    tiles.extend(frontier.partial());
    for (id, bytes) in tiles {
        if fs::read(folder.join(id.to_string()))? != bytes {
            return Err(format!("{id} differs").into());
        }
    }
    let mut tree = TileTree::new(size, |id: TileId| fs::read(folder.join(id.to_string())));
    if frontier.root() != root || tree.root()? != root {
        return Err("the root is another".into());
    }
    for index in [0, size / 3, size.saturating_sub(1)]
        .into_iter()
        .filter(|index| *index < size)
    {
        let (leaf, proof) = (tree.leaf(index)?, tree.inclusion(index)?);
        if !inclusion_holds(index, leaf, size, root, &proof) {
            return Err(format!("leaf {index} is not in the tree").into());
        }
    }
    for old in [0, size / 2, size] {
        let (old_root, proof) = (tree.root_at(old)?, tree.consistency(old)?);
        if !consistency_holds(old, old_root, size, root, &proof) {
            return Err(format!("the tree of {old} is not its beginning").into());
        }
    }
    Ok(())
}
