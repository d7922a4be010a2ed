//! A copy of the record with one bit flipped, and what the check of `bauta verify` says of it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::BuildHasher;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bauta_inventory::Inventory;
use bauta_service::Site;
use bauta_verify::{Asked, verify};
use bauta_web::demo::{Checked, Flip, Flipped};

use crate::commands::report::LOG;

/// Where the record lies, and what it is called.
#[derive(Clone)]
pub struct Source {
    data: PathBuf,
    site: Site,
}

impl Source {
    /// The record of this server.
    pub fn new(data: &Path, site: &Site) -> Self {
        Self {
            data: data.to_owned(),
            site: site.clone(),
        }
    }

    /// Copies the record as `bauta report build` does, flips a bit of the copy, and checks it.
    pub fn check(&self, flip: Flip) -> Result<Checked, String> {
        let mut copy = self.copy()?;
        let flipped = match beginning(flip) {
            Some(beginning) => Some(flip_in(&mut copy, beginning)?),
            None => None,
        };
        let mut read = |path: &str| Ok(copy.get(path).cloned());
        let (status, lines) = match verify(&mut read, &Asked::default(), &mut |_, _| ()) {
            Ok(verified) => (0, verified.lines()),
            Err(wrong) => {
                let lines = wrong.to_string();
                (wrong.status(), lines.lines().map(str::to_owned).collect())
            }
        };
        Ok(Checked {
            flipped,
            status,
            lines,
        })
    }

    fn copy(&self) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let mut copy = BTreeMap::new();
        // In this order no tile of the checkpoint is missing, while the log may grow.
        for name in LOG {
            below(
                &self.data.join("log").join(name),
                &format!("log/{name}"),
                &mut copy,
            )?;
        }
        let site = &self.site;
        let report = bauta_web::static_record(
            &self.data,
            Inventory::builtin(),
            site.legal.rules.pack(),
            &site.base_url,
            &site.title,
        )?;
        copy.extend(report);
        Ok(copy)
    }

    /// Commands that do the same in a terminal.
    pub fn by_hand(&self) -> Vec<String> {
        let (data, copy) = (self.data.display(), format!("{}-copy", self.data.display()));
        let tile = "log/tile/0/000";
        let byte = fs::read(self.data.join(tile)).ok();
        let byte = byte.and_then(|bytes| bytes.first().copied()).unwrap_or_default();
        vec![
            format!("bauta report build --data {data} --out {copy}"),
            format!("bauta verify {copy}; echo $?"),
            format!(
                "printf '\\{:03o}' | dd of={copy}/{tile} bs=1 conv=notrunc",
                byte ^ 1
            ),
            format!("bauta verify {copy}; echo $?"),
        ]
    }
}

/// Of which file something is flipped: the first one whose path begins so.
const fn beginning(flip: Flip) -> Option<&'static str> {
    match flip {
        Flip::Nothing => None,
        Flip::Entries => Some("log/tile/entries/"),
        Flip::Tile => Some("log/tile/0/"),
        Flip::Opening => Some("log/openings/"),
        Flip::Checkpoint => Some("log/checkpoint"),
        Flip::Report => Some("report/data/"),
    }
}

fn flip_in(copy: &mut BTreeMap<String, Vec<u8>>, beginning: &str) -> Result<Flipped, String> {
    let found = copy.iter_mut().find(|(path, _)| path.starts_with(beginning));
    let (path, bytes) = found.ok_or_else(|| format!("the record has no {beginning} yet"))?;
    // Whichever bit it is, the check has to fail.
    let random = std::hash::RandomState::new().hash_one(beginning);
    let at = (random >> 3) as usize % bytes.len().max(1);
    let bit = (random & 7) as u8;
    let byte = bytes
        .get_mut(at)
        .ok_or_else(|| format!("{path} is an empty file"))?;
    let before = *byte;
    *byte ^= 1 << bit;
    Ok(Flipped {
        path: path.clone(),
        byte: at,
        bit,
        before,
        after: *byte,
    })
}

/// Reads a file or a folder; what is not there is left out.
fn below(at: &Path, path: &str, copy: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{path} could not be read: {error}");
    if at.is_dir() {
        for entry in fs::read_dir(at).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let inner = format!("{path}/{}", name.to_string_lossy());
            below(&at.join(&name), &inner, copy)?;
        }
        return Ok(());
    }
    match fs::read(at) {
        Ok(bytes) => drop(copy.insert(path.to_owned(), bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    Ok(())
}
