//! The offline check of a log and of the report that was made from it: no server, no database, no network.
//!
//! What it shows: nothing in the log was dated back, edited or removed since it was signed; what is open is what was
//! committed to; the report is what the open entries come to; what happened to a demand could happen in that order. What
//! it can't show: that everything was put in. Whoever holds a receipt or a promise can show an omission.

mod failure;
mod folder;
mod opened;
mod published;
mod tree;

use bauta_ledger::{Policy, SignedCheckpoint};
use bauta_model::counted;

pub use failure::Failure;
pub use folder::Folder;

/// Where the files are read from: a path below the root, with slashes, to its bytes; nothing where there is no such file.
pub type Read<'a> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, String> + 'a;

/// Told how many leaves of how many are done.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;

/// What the reader brings along.
#[derive(Default)]
pub struct Asked {
    /// Whom the reader believes, as a tlog-policy. Without it the log's own `policy` is taken, and the result says so.
    pub policy: Option<Vec<u8>>,
    /// Receipts (tlog-proof) and promises, to be found in the log.
    pub receipts: Vec<Vec<u8>>,
    /// Checkpoints that the reader kept from earlier.
    pub previous: Vec<Vec<u8>>,
}

/// What was checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// The log's name.
    pub origin: String,
    /// Its leaves.
    pub leaves: u64,
    /// Its keys that signed the checkpoint.
    pub log_keys: usize,
    /// The witnesses that cosigned it, by their names in the policy.
    pub witnesses: Vec<String>,
    /// The policy is the log's own.
    pub own_policy: bool,
    /// Earlier checkpoints that are beginnings of this one: the reader's, and those that lie with the log.
    pub earlier: usize,
    /// Receipts that were found.
    pub receipts: usize,
    /// Promises that were kept.
    pub promises: usize,
    /// Promises whose time is not over and whose entry is not there yet.
    pub promises_open: usize,
    /// Entries that are open.
    pub opened: u64,
    /// Demands whose steps were replayed.
    pub replayed: usize,
    /// Demands that the report counts.
    pub demands: u32,
    /// Files of the report that were made again and are the same; 0 where no report lies there.
    pub files: usize,
    /// Published documents with the hash that their entry names.
    pub documents: usize,
}

/// Checks everything that `read` reaches.
///
/// # Errors
/// The first [`Failure`] found, with its exit status.
pub fn verify(read: &mut Read<'_>, asked: &Asked, progress: &mut Progress<'_>) -> Result<Verified, Failure> {
    let mut verified = Verified::default();
    let policy = policy(read, asked, &mut verified)?;
    let signed = checkpoint(read, &policy, &mut verified)?;
    let (promises, receipts) = opened::brought(&asked.receipts, &policy)?;
    let previous = asked
        .previous
        .iter()
        .map(|bytes| judged(bytes, &policy, "an earlier checkpoint"));
    let mut previous: Vec<SignedCheckpoint> = previous.collect::<Result<_, _>>()?;
    for receipt in &receipts {
        policy
            .judge(&receipt.checkpoint)
            .map_err(|error| Failure::Signature(format!("the checkpoint of a receipt: {error}")))?;
        previous.push(receipt.checkpoint.clone());
    }
    let openings = opened::read(read, signed.checkpoint.size)?;
    let wanted = openings
        .iter()
        .map(|opening| opening.index)
        .chain(receipts.iter().map(|receipt| receipt.index))
        .collect();
    let promised = promises.iter().map(|promise| promise.commitment).collect();
    let wanted = tree::Wanted {
        leaves: wanted,
        commitments: promised,
    };
    let grown = tree::walk(read, &signed, &previous, &policy, &wanted, progress)?;
    verified.earlier = grown.earlier;
    (verified.promises, verified.promises_open) =
        opened::promises(&promises, &grown, &signed.checkpoint.origin)?;
    verified.receipts = opened::receipts(&receipts, &grown.leaves)?;
    let entries = opened::entries(&openings, &grown.leaves)?;
    verified.opened = entries.len() as u64;
    published::check(read, &entries, &mut verified)?;
    Ok(verified)
}

fn policy(read: &mut Read<'_>, asked: &Asked, verified: &mut Verified) -> Result<Policy, Failure> {
    let bytes = if let Some(bytes) = &asked.policy {
        bytes.clone()
    } else {
        verified.own_policy = true;
        get(read, "log/policy")?.ok_or_else(|| {
            Failure::Signature("there is no policy: name one that says whom to believe".to_owned())
        })?
    };
    Policy::parse(&bytes).map_err(|error| Failure::Signature(error.to_string()))
}

/// The newest checkpoint, signed by the log, and by as many witnesses as the policy asks for.
fn checkpoint(
    read: &mut Read<'_>,
    policy: &Policy,
    verified: &mut Verified,
) -> Result<SignedCheckpoint, Failure> {
    let bytes = get(read, "log/checkpoint")?
        .ok_or_else(|| Failure::Signature("there is no log/checkpoint, so nothing is signed".to_owned()))?;
    let signed = parse(&bytes, "log/checkpoint")?;
    let verdict = policy
        .judge(&signed)
        .map_err(|error| Failure::Signature(format!("log/checkpoint: {error}")))?;
    verified.origin.clone_from(&signed.checkpoint.origin);
    verified.leaves = signed.checkpoint.size;
    verified.log_keys = verdict.log_keys.len();
    verified.witnesses = verdict
        .cosigned
        .iter()
        .map(|(witness, _)| witness.name.clone())
        .collect();
    if verdict.quorum {
        Ok(signed)
    } else {
        Err(Failure::Quorum {
            cosigned: verdict.cosigned.len(),
            known: policy.witnesses().len(),
        })
    }
}

fn parse(bytes: &[u8], what: &str) -> Result<SignedCheckpoint, Failure> {
    SignedCheckpoint::parse(bytes).map_err(|error| Failure::Signature(format!("{what}: {error}")))
}

/// A checkpoint that the log signed. Witnesses are not asked for: it may be from before they were.
fn judged(bytes: &[u8], policy: &Policy, what: &str) -> Result<SignedCheckpoint, Failure> {
    let signed = parse(bytes, what)?;
    policy
        .judge(&signed)
        .map_err(|error| Failure::Signature(format!("{what}: {error}")))?;
    Ok(signed)
}

fn get(read: &mut Read<'_>, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    read(path).map_err(|why| Failure::Unreadable {
        path: path.to_owned(),
        why,
    })
}

impl Verified {
    /// What was checked, a sentence a line, for people.
    pub fn lines(&self) -> Vec<String> {
        let witnesses = match self.witnesses.as_slice() {
            [] => "no witness".to_owned(),
            names => format!(
                "{} ({})",
                counted(names.len(), "witness", "witnesses"),
                names.join(", ")
            ),
        };
        let mut lines = vec![
            format!(
                "signed: {} by {} and {witnesses}",
                self.origin,
                counted(self.log_keys, "key of the log", "keys of the log")
            ),
            format!("tree: {} leaves, every tile, at the rate of the log", self.leaves),
            format!(
                "history: the log begins with what each of {} signed",
                counted(self.earlier, "earlier checkpoint", "earlier checkpoints")
            ),
            format!(
                "openings: {} of {} leaves, each as it was committed to",
                self.opened, self.leaves
            ),
            format!("demands: {} replayed step by step", self.replayed),
        ];
        if self.receipts > 0 {
            lines.push(format!("receipts: {} found in the log", self.receipts));
        }
        if self.promises + self.promises_open > 0 {
            lines.push(format!(
                "promises: {} kept, {} whose time is not over yet",
                self.promises, self.promises_open
            ));
        }
        if self.files > 0 {
            lines.push(format!(
                "report: {}, {} made again from the log and the same, {} as the log names them",
                counted(self.demands, "demand", "demands"),
                counted(self.files, "file", "files"),
                counted(self.documents, "document", "documents")
            ));
        } else {
            lines.push("report: none lies here, so there was nothing to compare".to_owned());
        }
        if self.own_policy {
            lines.push(
                "the policy is the log's own: to be sure whose log this is, get the policy elsewhere and name it with --policy"
                    .to_owned(),
            );
        }
        lines
    }
}
