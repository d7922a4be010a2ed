//! Policies (tlog-policy): which logs are believed, and how many of which witnesses must have cosigned.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::checkpoint::SignedCheckpoint;
use crate::cosignature;
use crate::key::{Algorithm, KeyError, VerifierKey};
use crate::note::NoteError;

/// Bytes that a policy may have: room for a thousand keys.
pub const MOST_POLICY_BYTES: usize = 1 << 20;

/// Why a text is no policy. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {why}")]
pub struct PolicyError {
    /// The line; 0 means the whole.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// A log that is believed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// Its key; the name is the origin of its checkpoints.
    pub key: VerifierKey,
    /// Where it is, if the policy says so.
    pub url: Option<String>,
}

/// A witness that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WitnessEntry {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Its submission prefix, if the policy says so.
    pub url: Option<String>,
}

/// The quorum that asks for nobody.
const NONE: &[u8] = b"none";

/// A name of the policy: bytes that mean nothing beyond it.
type Name = Vec<u8>;

#[derive(Clone, PartialEq, Eq, Debug)]
enum Member {
    Witness(usize),
    Group { needed: usize, members: Vec<Name> },
}

/// A policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    logs: Vec<LogEntry>,
    witnesses: Vec<WitnessEntry>,
    names: BTreeMap<Name, Member>,
    /// The order in which groups were defined.
    groups: Vec<Name>,
    /// Nothing means `none`.
    quorum: Option<Name>,
}

/// What a policy says of a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict<'p> {
    /// The log's keys that signed.
    pub log_keys: Vec<&'p VerifierKey>,
    /// The witnesses that cosigned, each once, with their times in seconds since 1970.
    pub cosigned: Vec<(&'p WitnessEntry, u64)>,
    /// Whether they are enough.
    pub quorum: bool,
}

impl Policy {
    /// A policy that believes these logs and asks for no witness.
    pub fn of_logs(keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        let logs = keys.into_iter().map(|key| LogEntry { key, url: None });
        Self {
            logs: logs.collect(),
            witnesses: Vec::new(),
            names: BTreeMap::new(),
            groups: Vec::new(),
            quorum: None,
        }
    }

    /// Reads a policy.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        let whole = |why: &str| PolicyError {
            line: 0,
            why: why.to_owned(),
        };
        if bytes.len() > MOST_POLICY_BYTES {
            return Err(whole("it is too long"));
        }
        let mut reader = Reader::default();
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            reader
                .line(line)
                .map_err(|why| PolicyError { line: at + 1, why })?;
        }
        let quorum = reader.quorum.take();
        let quorum =
            quorum.ok_or_else(|| whole("it has no quorum line; without witnesses that is `quorum none`"))?;
        Ok(Self {
            quorum: Some(quorum).filter(|name| name != NONE),
            ..reader.policy
        })
    }

    /// The logs.
    pub fn logs(&self) -> &[LogEntry] {
        &self.logs
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[WitnessEntry] {
        &self.witnesses
    }

    /// Whether no witness has to cosign.
    pub const fn needs_no_witness(&self) -> bool {
        self.quorum.is_none()
    }

    /// Believes one more log, unless its key is there already.
    pub fn add_log(&mut self, key: VerifierKey) {
        if self
            .logs
            .iter()
            .all(|log| log.key.public_key() != key.public_key())
        {
            self.logs.push(LogEntry { key, url: None });
        }
    }

    /// Judges a checkpoint. A quorum that is missed is no error: the verdict says so.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] when no listed log signed in its own name, [`NoteError::Forged`] when the line of a known
    /// key, a log's or a witness's, does not fit.
    pub fn judge(&self, signed: &SignedCheckpoint) -> Result<Verdict<'_>, NoteError> {
        let known: Vec<VerifierKey> = self
            .logs
            .iter()
            .map(|log| &log.key)
            .chain(self.witnesses.iter().map(|witness| &witness.key))
            .cloned()
            .collect();
        let verified = signed.note.verify(&known)?;
        let is_log = |log: &&LogEntry| {
            log.key.name() == signed.checkpoint.origin && verified.iter().any(|(key, _)| **key == log.key)
        };
        let log_keys: Vec<_> = self.logs.iter().filter(is_log).map(|log| &log.key).collect();
        if log_keys.is_empty() {
            return Err(NoteError::Unsigned);
        }
        let cosigned = self.witnesses.iter().filter_map(|witness| {
            let (_, signature) = verified.iter().find(|(key, _)| **key == witness.key)?;
            let (time, _) = cosignature::split(&signature.bytes)?;
            Some((witness, time))
        });
        let cosigned: Vec<_> = cosigned.collect();
        let quorum = self.is_enough(&cosigned);
        Ok(Verdict {
            log_keys,
            cosigned,
            quorum,
        })
    }

    fn is_enough(&self, cosigned: &[(&WitnessEntry, u64)]) -> bool {
        let Some(quorum) = &self.quorum else { return true };
        // Groups name only what was defined before them, so that one pass in that order settles all.
        let mut met: BTreeSet<&[u8]> = cosigned
            .iter()
            .map(|(witness, _)| witness.name.as_bytes())
            .collect();
        for name in &self.groups {
            if let Some(Member::Group { needed, members }) = self.names.get(name)
                && members
                    .iter()
                    .filter(|member| met.contains(member.as_slice()))
                    .count()
                    >= *needed
            {
                met.insert(name);
            }
        }
        met.contains(quorum.as_slice())
    }
}

/// The policy as a file, in the order: logs, witnesses, groups, quorum.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for log in &self.logs {
            write!(f, "log {}", log.key)?;
            end(f, log.url.as_deref())?;
        }
        for witness in &self.witnesses {
            write!(f, "witness {} {}", witness.name, witness.key)?;
            end(f, witness.url.as_deref())?;
        }
        for name in &self.groups {
            if let Some(Member::Group { needed, members }) = self.names.get(name) {
                write!(f, "group {} {needed}", shown(name))?;
                members
                    .iter()
                    .try_for_each(|member| write!(f, " {}", shown(member)))?;
                end(f, None)?;
            }
        }
        let quorum = self.quorum.as_deref().map_or_else(|| "none".into(), shown);
        writeln!(f, "quorum {quorum}")
    }
}

fn end(f: &mut fmt::Formatter<'_>, url: Option<&str>) -> fmt::Result {
    match url {
        Some(url) => writeln!(f, " {url}"),
        None => writeln!(f),
    }
}

fn shown(name: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(name)
}

/// A policy that is being read.
struct Reader {
    policy: Policy,
    /// Names that are a member of some group.
    used: BTreeSet<Name>,
    /// What the quorum line names, once it was read.
    quorum: Option<Name>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            policy: Policy::of_logs([]),
            used: BTreeSet::new(),
            quorum: None,
        }
    }
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        if line
            .iter()
            .any(|byte| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f)
        {
            return Err("it holds a control character".to_owned());
        }
        let mut items = line
            .split(|byte| *byte == b' ' || *byte == b'\t')
            .filter(|item| !item.is_empty());
        let Some(first) = items.next().filter(|first| first[0] != b'#') else {
            return Ok(());
        };
        let rest: Vec<&[u8]> = items.collect();
        match (first, rest.as_slice()) {
            (b"log", [key, url @ ..]) if url.len() <= 1 => self.log(key, url.first().copied()),
            (b"witness", [name, key, url @ ..]) if url.len() <= 1 => {
                self.witness(name, key, url.first().copied())
            }
            (b"group", [name, needed, members @ ..]) => self.group(name, needed, members),
            (b"quorum", [name]) => self.quorum(name),
            (b"log" | b"witness" | b"group" | b"quorum", _) => {
                Err(format!("a {} line has other parts", shown(first)))
            }
            _ => Err(format!("{} is no word of policies", shown(first))),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<(), String> {
        let key = read_key(key, Algorithm::Ed25519)?;
        if self
            .policy
            .logs
            .iter()
            .any(|log| log.key.public_key() == key.public_key())
        {
            return Err("this log's key is there twice".to_owned());
        }
        let url = url.map(text).transpose()?;
        self.policy.logs.push(LogEntry { key, url });
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8], url: Option<&[u8]>) -> Result<(), String> {
        let key = read_key(key, Algorithm::CosignatureV1)?;
        let witnesses = &mut self.policy.witnesses;
        if witnesses
            .iter()
            .any(|witness| witness.key.public_key() == key.public_key())
        {
            return Err("this witness's key is there twice".to_owned());
        }
        let (url, text) = (url.map(text).transpose()?, text(name)?);
        let at = witnesses.len();
        witnesses.push(WitnessEntry { name: text, key, url });
        self.define(name, Member::Witness(at))
    }

    fn group(&mut self, name: &[u8], needed: &[u8], members: &[&[u8]]) -> Result<(), String> {
        let needed = match needed {
            b"all" => members.len(),
            b"any" => 1,
            number => decimal(number).ok_or("a group needs all, any or a number")?,
        };
        if members.is_empty() || !(1..=members.len()).contains(&needed) {
            return Err(format!(
                "{needed} of {} members can't be met or mean nothing",
                members.len()
            ));
        }
        for member in members {
            self.defined(member)?;
            if !self.used.insert(member.to_vec()) {
                return Err(format!("{} is a member twice", shown(member)));
            }
        }
        let members = members.iter().map(|member| member.to_vec()).collect();
        self.define(name, Member::Group { needed, members })?;
        self.policy.groups.push(name.to_vec());
        Ok(())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("there is more than one quorum line".to_owned());
        }
        if name != NONE {
            self.defined(name)?;
        }
        self.quorum = Some(name.to_vec());
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<(), String> {
        if name == NONE {
            return Err("none is not a free name".to_owned());
        }
        match self.policy.names.insert(name.to_vec(), member) {
            None => Ok(()),
            Some(_) => Err(format!("{} is defined twice", shown(name))),
        }
    }

    fn defined(&self, name: &[u8]) -> Result<(), String> {
        if self.policy.names.contains_key(name) {
            Ok(())
        } else {
            Err(format!("{} is not defined above", shown(name)))
        }
    }
}

fn read_key(bytes: &[u8], wanted: Algorithm) -> Result<VerifierKey, String> {
    let key = VerifierKey::parse(&text(bytes)?).map_err(|error: KeyError| error.to_string())?;
    if key.algorithm() == wanted {
        Ok(key)
    } else {
        let whose = match wanted {
            Algorithm::Ed25519 => "a log's",
            Algorithm::CosignatureV1 => "a witness's",
        };
        Err(format!("{} is not of the type of {whose} key", key.name()))
    }
}

/// A decimal number as the specification's `k`.
fn decimal(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn text(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned)
        .map_err(|_| "names, keys and addresses are UTF-8 here".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use zeroize::Zeroizing;

    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::key::SigningKey;
    use crate::merkle::leaf_hash;
    use crate::note::Note;

    fn key(name: &str, algorithm: Algorithm, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, algorithm, Zeroizing::new([seed; 32])).expect("a seed")
    }

    fn log() -> SigningKey {
        key("log.example", Algorithm::Ed25519, 100)
    }

    fn witness(n: u8) -> SigningKey {
        key(&format!("w{n}.example"), Algorithm::CosignatureV1, n)
    }

    /// A policy over `count` witnesses W0, W1, …, with lines of groups and the quorum.
    fn policy(count: u8, lines: &str) -> Result<Policy, PolicyError> {
        let mut text = format!("# a policy\n\n log {}\thttps://log.example/log\n", log().public());
        for n in 0..count {
            let _ = writeln!(text, "witness W{n} {}", witness(n).public());
        }
        Policy::parse(format!("{text}{lines}").as_bytes())
    }

    fn checkpoint(signers: &[u8]) -> SignedCheckpoint {
        let text = Checkpoint::new("log.example", 1, leaf_hash(b"x")).to_string();
        let mut note = Note::new(&text).expect("a text");
        note.sign(&log());
        for n in signers {
            note.add(cosignature::cosign(&note, &witness(*n), 1000 + u64::from(*n)));
        }
        SignedCheckpoint::from_note(note).expect("a checkpoint")
    }

    fn met(policy: &Policy, signers: &[u8]) -> bool {
        policy.judge(&checkpoint(signers)).expect("signed").quorum
    }

    #[test]
    fn the_quorum_of_the_specification() {
        let lines = "group X 2 W0 W1 W2\ngroup Y any W3 W4 W5\ngroup both all X Y\nquorum both\n";
        let policy = policy(6, lines).expect("a policy");
        for (signers, enough) in [
            (&[0, 1, 3][..], true),
            (&[0, 2, 5], true),
            (&[0, 1, 2, 3, 4, 5], true),
            (&[0, 1], false),
            (&[0, 3, 4, 5], false),
            (&[], false),
        ] {
            assert_eq!(met(&policy, signers), enough, "{signers:?}");
        }
        assert_eq!(Policy::parse(policy.to_string().as_bytes()).as_ref(), Ok(&policy));
    }

    #[test]
    fn simple_quorums() {
        assert!(met(&policy(1, "quorum none").expect("a policy"), &[]));
        let one = policy(2, "quorum W1\n").expect("a policy");
        assert!(met(&one, &[1]) && !met(&one, &[0]));
        let verdict = checkpoint(&[0, 1]);
        let verdict = one.judge(&verdict).expect("signed");
        let times: Vec<u64> = verdict.cosigned.iter().map(|(_, time)| *time).collect();
        assert_eq!(times, [1000, 1001]);
        assert_eq!(verdict.log_keys, [log().public()]);
    }

    #[test]
    fn unknown_witnesses_count_for_nothing_and_a_known_one_that_fails_is_refused() {
        let policy = policy(1, "quorum W0").expect("a policy");
        assert!(!met(&policy, &[1, 2, 3]));
        let mut note = checkpoint(&[]).note;
        let mut bad = cosignature::cosign(&note, &witness(0), 5);
        bad.bytes[20] ^= 1;
        note.add(bad);
        let bad = SignedCheckpoint::from_note(note).expect("a checkpoint");
        assert_eq!(
            policy.judge(&bad),
            Err(NoteError::Forged("w0.example".to_owned()))
        );
    }

    #[test]
    fn witnesses_do_not_make_up_for_the_log() {
        let text = Checkpoint::new("log.example", 1, leaf_hash(b"x")).to_string();
        let mut note = Note::new(&text).expect("a text");
        note.add(cosignature::cosign(&note, &witness(0), 1));
        let unsigned = SignedCheckpoint::from_note(note).expect("a checkpoint");
        let policy = policy(1, "quorum W0").expect("a policy");
        assert_eq!(policy.judge(&unsigned), Err(NoteError::Unsigned));
        // A listed log that signs in another's name is none either.
        let text = Checkpoint::new("other.example", 1, leaf_hash(b"x")).to_string();
        let mut note = Note::new(&text).expect("a text");
        note.sign(&log());
        let foreign = SignedCheckpoint::from_note(note).expect("a checkpoint");
        assert_eq!(policy.judge(&foreign), Err(NoteError::Unsigned));
    }

    #[test]
    fn thirty_two_of_each_and_more_are_fine() {
        let mut lines = String::new();
        for n in 0..40 {
            let _ = writeln!(lines, "group G{n} any W{n}");
        }
        let all: Vec<String> = (0..40).map(|n| format!("G{n}")).collect();
        let policy = policy(
            40,
            &format!("{lines}group all all {}\nquorum all\n", all.join(" ")),
        );
        let signers: Vec<u8> = (0..40).collect();
        assert!(met(&policy.expect("a policy"), &signers));
    }

    #[test]
    fn policies_that_contradict_themselves_are_refused() {
        let key = witness(7).public().to_string();
        for (lines, why) in [
            (String::new(), "no quorum"),
            ("quorum W9".to_owned(), "not defined"),
            ("quorum none\nquorum none".to_owned(), "more than one"),
            ("quorum".to_owned(), "other parts"),
            ("quorum W0 W1".to_owned(), "other parts"),
            ("group none any W0\nquorum none".to_owned(), "not a free name"),
            ("group W0 any W1\nquorum W0".to_owned(), "twice"),
            ("group X any\nquorum X".to_owned(), "can't be met"),
            ("group X 0 W0\nquorum X".to_owned(), "can't be met"),
            ("group X 2 W0\nquorum X".to_owned(), "can't be met"),
            ("group X some W0\nquorum X".to_owned(), "all, any"),
            ("group X 1 W0 W0\nquorum X".to_owned(), "twice"),
            ("group X any W0\ngroup Y any W0\nquorum X".to_owned(), "twice"),
            ("group X any X\nquorum X".to_owned(), "not defined"),
            ("group X any none\nquorum X".to_owned(), "not defined"),
            (format!("log {key}\nquorum none"), "not of the type"),
            (
                format!("witness V {}\nquorum none", log().public()),
                "not of the type",
            ),
            (format!("witness W0 {key}\nquorum none"), "twice"),
            (format!("witness V {}\nquorum none", witness(0).public()), "twice"),
            (format!("log {}\nquorum none", log().public()), "twice"),
            (format!("witness V {key} a b\nquorum none"), "other parts"),
            (format!("witness V {key}x\nquorum none"), "form"),
            ("trust me\nquorum none".to_owned(), "no word"),
            ("quorum\u{0b}none".to_owned(), "control"),
            ("quorum none\r\n".to_owned(), "control"),
        ] {
            let error = policy(2, &lines).expect_err(&lines);
            assert!(error.to_string().contains(why), "{lines}: {error}");
        }
    }
}
