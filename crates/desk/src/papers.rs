//! Papers of a case, encrypted to officers' own keys before they reach the database: the server can't read them again.
//!
//! Inside the encryption stands one line of JSON (name, kind, salt), then the bytes. What events keep is a commitment,
//! salted, so that nobody can guess a paper from it; the salt goes with the paper.

use std::io::Write;
use std::str::FromStr;

use age::x25519::Recipient;
use bauta_legal::{Document, Fact, Hash, ProcessFact};
use bauta_model::{DemandId, PaperId};
use bauta_store::Conn;
use bauta_store::desk::{officers, papers};
use serde_json::json;

use crate::{Case, Desk, Duties, Officer, Refused};

/// The most bytes of a paper.
const MOST: usize = 32 * 1024 * 1024;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperKind {
    /// A document of the case.
    Document,
    /// What a user wrote in answer to a notice.
    Answer,
    /// A note of counsel: in no export, report, production or log.
    CounselNote,
}

impl PaperKind {
    /// Every kind with its word.
    pub const WORDS: [(Self, &'static str); 3] = [
        (Self::Document, "document"),
        (Self::Answer, "answer"),
        (Self::CounselNote, "counsel_note"),
    ];

    const fn code(self) -> i16 {
        match self {
            Self::Document => 0,
            Self::Answer => 1,
            Self::CounselNote => 2,
        }
    }

    fn from_code(code: i16) -> Self {
        Self::WORDS
            .into_iter()
            .map(|(kind, _)| kind)
            .find(|kind| kind.code() == code)
            .unwrap_or(Self::Document)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS
            .into_iter()
            .find(|(kind, _)| *kind == self)
            .map_or("document", |(_, word)| word)
    }
}

/// Reads an age public key.
pub(crate) fn recipient(key: &str) -> Result<Recipient, Refused> {
    Recipient::from_str(key.trim())
        .map_err(|_| Refused::invalid("key", "this is no age public key; one begins with age1"))
}

/// Encrypts bytes to keys.
pub(crate) fn encrypt(to: &[Recipient], bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let keys = to.iter().map(|key| key as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(keys).map_err(|_| Refused::failed())?;
    let mut sealed = Vec::with_capacity(bytes.len() + 512);
    let mut stream = encryptor
        .wrap_output(&mut sealed)
        .map_err(|_| Refused::failed())?;
    stream.write_all(bytes).map_err(|_| Refused::failed())?;
    stream.finish().map_err(|_| Refused::failed())?;
    Ok(sealed)
}

/// 32 random bytes, in hexadecimal.
pub(crate) fn salt() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    Hash::new(bytes).to_string()
}

/// The commitment that stands in events: of the salt and of the paper's own hash.
pub fn commitment(salt: &str, bytes: &[u8]) -> Hash {
    Hash::of(format!("bauta-paper\0{salt}\0{}", Hash::of(bytes)).as_bytes())
}

/// The keys of those who may read a paper of this case.
fn keys(conn: &mut Conn, case: &Case, kind: PaperKind) -> Result<Vec<Recipient>, Refused> {
    let gagged = case.state.gag.in_force(conn.now());
    let readers = officers::all(conn)?.into_iter().filter(|row| {
        let officer = Officer::of(row.clone());
        let named = !gagged || case.state.gag.named.contains(&officer.id);
        named && (kind != PaperKind::CounselNote || officer.duties.any(Duties::COUNSEL))
    });
    let keys: Vec<Recipient> = readers
        .filter_map(|row| row.age_key)
        .filter_map(|key| recipient(&key).ok())
        .collect();
    if keys.is_empty() {
        return Err(Refused::invalid(
            "key",
            "nobody could read this: no officer of this case has set an age key (bauta desk officer HANDLE --key age1…)",
        ));
    }
    Ok(keys)
}

/// True where a user's answer could be sealed.
pub(crate) fn can_seal(conn: &mut Conn, case: &Case) -> bool {
    keys(conn, case, PaperKind::Answer).is_ok()
}

/// Seals a paper, and gives the commitment to it.
pub(crate) fn seal(
    conn: &mut Conn,
    case: &Case,
    kind: PaperKind,
    name: &str,
    bytes: &[u8],
) -> Result<(PaperId, Hash), Refused> {
    let keys = keys(conn, case, kind)?;
    let salt = salt();
    let commitment = commitment(&salt, bytes);
    let mut whole = json!({"name": name, "kind": kind.word(), "salt": salt})
        .to_string()
        .into_bytes();
    whole.push(b'\n');
    whole.extend_from_slice(bytes);
    let paper = papers::Paper {
        id: PaperId::random(),
        demand: case.id,
        kind: kind.code(),
        added: conn.now().day(),
        destroy: None,
        hash: commitment.bytes().to_vec(),
        gone: false,
    };
    papers::insert(conn, &paper, &encrypt(&keys, &whole)?)?;
    Ok((paper.id, commitment))
}

impl Desk {
    /// Adds a paper to a case. A document gets an event with its commitment; counsel's note gets none.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where it is too large, or where nobody could read it; else as [`Desk::record`].
    pub async fn add_paper(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: PaperKind,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<PaperId, Refused> {
        let added = self.add_known_paper(officer, id, kind, name, bytes).await;
        added.map(|(paper, _)| paper)
    }

    /// As [`Desk::add_paper`], with the commitment of what was added.
    ///
    /// # Errors
    /// The same.
    pub async fn add_known_paper(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: PaperKind,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<(PaperId, Hash), Refused> {
        if bytes.is_empty() || bytes.len() > MOST {
            return Err(Refused::invalid(
                "paper",
                "a paper has some bytes, and at most 32 MiB",
            ));
        }
        if kind == PaperKind::CounselNote && !officer.duties.any(Duties::COUNSEL) {
            return Err(Refused::Forbidden("This takes counsel."));
        }
        self.change(officer, id, None, move |entry| {
            let (paper, hash) = seal(entry.conn, &entry.case, kind, &name, &bytes)?;
            if kind == PaperKind::Document {
                entry.add(Fact::Process(ProcessFact::DocumentAdded(Document {
                    hash,
                    kind: name,
                })))?;
            }
            Ok((paper, hash))
        })
        .await
    }

    /// A paper as it lies here, encrypted to officers' keys: whoever holds one opens it with `age`.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also where it was destroyed; [`Refused::Forbidden`] for counsel's note and another's eyes.
    pub async fn paper(&self, officer: &Officer, id: DemandId, paper: PaperId) -> Result<Vec<u8>, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_paper", move |conn| {
                Case::load_for(conn, id, &officer)?;
                let all = papers::of(conn, id)?;
                let found = all
                    .into_iter()
                    .find(|one| one.id == paper)
                    .ok_or(Refused::NotFound)?;
                if PaperKind::from_code(found.kind) == PaperKind::CounselNote
                    && !officer.duties.any(Duties::COUNSEL)
                {
                    return Err(Refused::Forbidden("This takes counsel."));
                }
                papers::content(conn, id, paper)?.ok_or(Refused::NotFound)
            })
            .await
    }

    /// What is known of a case's papers without opening them: id, kind, day, commitment, and whether it was destroyed.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn papers(&self, officer: &Officer, id: DemandId) -> Result<serde_json::Value, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_papers", move |conn| {
                Case::load_for(conn, id, &officer)?;
                let all = papers::of(conn, id)?;
                let line = |paper: papers::Paper| {
                    json!({
                        "id": paper.id.to_string(),
                        "kind": PaperKind::from_code(paper.kind).word(),
                        "added": paper.added.iso(),
                        "destroy": paper.destroy.map(bauta_model::Day::iso),
                        "commitment": <[u8; 32]>::try_from(paper.hash).map(|bytes| Hash::new(bytes).to_string()).ok(),
                        "destroyed": paper.gone,
                    })
                };
                Ok(all.into_iter().map(line).collect())
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn only_a_named_key_opens_a_paper() {
        let (named, other) = (
            age::x25519::Identity::generate(),
            age::x25519::Identity::generate(),
        );
        let sealed = encrypt(&[named.to_public()], b"the objection").unwrap();
        assert!(!sealed.windows(9).any(|window| window == b"objection"));
        let open = |key: &age::x25519::Identity| {
            let decryptor = age::Decryptor::new(sealed.as_slice()).unwrap();
            let mut text = Vec::new();
            decryptor
                .decrypt(std::iter::once(key as &dyn age::Identity))
                .ok()
                .and_then(|mut stream| stream.read_to_end(&mut text).ok())
                .map(|_| text)
        };
        assert_eq!(open(&named).unwrap(), b"the objection");
        assert_eq!(open(&other), None);
        assert!(recipient("age1nonsense").is_err());
    }

    #[test]
    fn a_commitment_can_not_be_guessed_without_its_salt() {
        let (one, two) = (salt(), salt());
        assert_ne!(commitment(&one, b"yes"), commitment(&two, b"yes"));
        assert_eq!(commitment(&one, b"yes"), commitment(&one, b"yes"));
        assert_ne!(commitment(&one, b"yes"), commitment(&one, b"no"));
    }
}
