//! What a user answers to a notice, and what counsel picks up. Words are sealed to the officers' keys; events say only
//! that there was an answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bauta_legal::{Answer, Fact, Hash, OfficerId, ProcessFact};
use bauta_model::{AccountId, DemandId, NoticeId};
use bauta_store::Conn;
use bauta_store::desk::notices::{self, Notice};
use bauta_store::sessions::Owner;
use serde::{Deserialize, Serialize};

use crate::case::Entry;
use crate::papers::{self, PaperKind};
use crate::{Case, Desk, Letter, Officer, Refused};

/// Days for which counsel's link works.
const PICKUP_DAYS: i32 = 30;
/// Characters of an answer in the user's own words.
const MOST_WORDS: usize = 20_000;

/// What a user answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum UserAnswer {
    /// No, and why, in their own words.
    Object {
        /// The words. They are not privileged.
        words: String,
    },
    /// Yes, to producing what is asked for.
    Consent {},
    /// No longer yes.
    Revoke {},
    /// A public page about the demand may be made.
    ConsentToPublish {},
    /// Somebody speaks for them.
    Counsel {
        /// Counsel's age public key.
        key: String,
    },
}

impl Desk {
    /// Takes an answer. Words are sealed to the officers' keys; for counsel it gives the path of a link that works once.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for no words or a key that is none; [`Refused::NotFound`] for another account's notice.
    pub async fn answer(
        &self,
        by: Owner,
        id: NoticeId,
        answer: UserAnswer,
    ) -> Result<Option<String>, Refused> {
        self.answer_when(by.account, id, answer, move |conn, _| {
            let seen = by.keyholder.map_or(Ok(()), |who| notices::see(conn, id, who));
            Ok(seen?)
        })
        .await
    }

    /// As [`Desk::answer`], with `done` in the same write: it is told counsel's link, and may refuse.
    ///
    /// # Errors
    /// As [`Desk::answer`]; and what `done` refuses.
    pub async fn answer_when(
        &self,
        account: AccountId,
        id: NoticeId,
        answer: UserAnswer,
        done: impl FnOnce(&mut Conn, Option<&str>) -> Result<(), Refused> + Send + 'static,
    ) -> Result<Option<String>, Refused> {
        let base = self.base_url.clone();
        let proofs = match answer {
            UserAnswer::Counsel { .. } => self.proofs_for(account, id).await?,
            _ => Vec::new(),
        };
        self.store
            .write("answer_notice", move |conn| {
                let notice = notices::by_id(conn, account, id)?.ok_or(Refused::NotFound)?;
                let case = Case::load(conn, notice.demand)?;
                let mut entry = Entry {
                    conn,
                    case,
                    officer: Officer::at_the_machine(),
                };
                let given = Given { answer, proofs };
                let link = take_answer(&mut entry, &notice, given, &base, OfficerId::SERVER)?;
                done(entry.conn, link.as_deref())?;
                Ok(link)
            })
            .await
    }

    /// An officer passes on what a user handed in on paper or told counsel to say: the record names the officer.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where that keyholder was not told; else as [`Desk::answer`].
    pub async fn pass_on(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        keyholder: u16,
        answer: UserAnswer,
    ) -> Result<Case, Refused> {
        let base = self.base_url.clone();
        let proofs = match answer {
            UserAnswer::Counsel { .. } => self.proofs_of(officer, id, keyholder).await?,
            _ => Vec::new(),
        };
        self.change(officer, id, expected, move |entry| {
            let notice = notice_of(entry.conn, id, keyholder)?;
            let (by, given) = (entry.officer.id, Given { answer, proofs });
            take_answer(entry, &notice, given, &base, by)?;
            Ok(entry.case.clone())
        })
        .await
    }

    async fn proofs_of(
        &self,
        officer: &Officer,
        id: DemandId,
        keyholder: u16,
    ) -> Result<Vec<String>, Refused> {
        let officer = officer.clone();
        let read = self.store.read("desk_notice_of", move |conn| {
            Case::load_for(conn, id, &officer)?;
            notice_of(conn, id, keyholder)
        });
        let notice = read.await?;
        self.proofs_for(notice.account, notice.id).await
    }

    /// There is something to pick up under this token.
    ///
    /// # Errors
    /// [`Refused::Failed`] where the store fails.
    pub async fn can_pick_up(&self, token: &str) -> Result<bool, Refused> {
        let hash = token_hash(token);
        Ok(self
            .store
            .read("can_pick_up", move |conn| {
                let today = conn.now().day();
                notices::has_pickup(conn, &hash, today)
            })
            .await?)
    }

    /// Hands counsel the notice, encrypted to their key, and destroys it here.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where the link was used, or its days are over.
    pub async fn pick_up(&self, token: &str) -> Result<Vec<u8>, Refused> {
        let hash = token_hash(token);
        self.store
            .write("pick_up", move |conn| {
                let today = conn.now().day();
                notices::take_pickup(conn, &hash, today)?.ok_or(Refused::NotFound)
            })
            .await
    }
}

/// The notice that a keyholder was given.
fn notice_of(conn: &mut Conn, id: DemandId, keyholder: u16) -> Result<Notice, Refused> {
    for notice in notices::of_demand(conn, id)? {
        let letter: Letter = serde_json::from_str(&notice.notice).map_err(|_| Refused::failed())?;
        if letter.keyholder == keyholder {
            return Ok(notice);
        }
    }
    Err(Refused::NotFound)
}

/// An answer, with what counsel gets of the public log.
struct Given {
    answer: UserAnswer,
    proofs: Vec<String>,
}

fn take_answer(
    entry: &mut Entry<'_>,
    notice: &Notice,
    given: Given,
    base_url: &str,
    by: OfficerId,
) -> Result<Option<String>, Refused> {
    use bauta_legal::Told;
    let mut letter: Letter = serde_json::from_str(&notice.notice).map_err(|_| Refused::failed())?;
    let keyholder = letter.keyholder;
    let mut link = None;
    let (fact, stands) = match given.answer {
        UserAnswer::Object { words } => {
            let words = words.trim();
            if words.is_empty() || words.chars().count() > MOST_WORDS {
                return Err(Refused::invalid(
                    "words",
                    format!("say in some words why, in at most {MOST_WORDS} characters"),
                ));
            }
            papers::seal(
                entry.conn,
                &entry.case,
                PaperKind::Answer,
                "objection",
                words.as_bytes(),
            )?;
            (Answer::Objects { keyholder }, Some(notices::Answer::Objected))
        }
        UserAnswer::Consent {} => {
            let to = Told::Disclosure;
            (
                Answer::Consents { keyholder, to },
                Some(notices::Answer::Consented),
            )
        }
        UserAnswer::Revoke {} => {
            let to = Told::Disclosure;
            (Answer::Revokes { keyholder, to }, Some(notices::Answer::None))
        }
        UserAnswer::ConsentToPublish {} => {
            let to = Told::Publication;
            (Answer::Consents { keyholder, to }, None)
        }
        UserAnswer::Counsel { key } => {
            letter.proofs = given.proofs;
            link = Some(pickup(entry, notice, &letter, &key, base_url)?);
            (Answer::NamesCounsel { keyholder }, None)
        }
    };
    entry.add_as(by, Fact::Process(ProcessFact::Answered(fact)))?;
    if let Some(answer) = stands {
        notices::answer(entry.conn, notice.id, answer)?;
    }
    Ok(link)
}

/// Whether a text is a key that a notice can be encrypted to.
///
/// # Errors
/// [`Refused::Invalid`].
pub fn check_key(key: &str) -> Result<(), Refused> {
    papers::recipient(key).map(|_| ())
}

/// Encrypts the notice to counsel's key and gives the link that hands it out once.
fn pickup(
    entry: &mut Entry<'_>,
    notice: &Notice,
    letter: &Letter,
    key: &str,
    base_url: &str,
) -> Result<String, Refused> {
    let recipient = papers::recipient(key)?;
    let text = serde_json::to_vec_pretty(letter).map_err(|_| Refused::failed())?;
    let sealed = papers::encrypt(&[recipient], &text)?;
    let mut token = [0; 32];
    getrandom::fill(&mut token).expect("the operating system has randomness");
    let token = URL_SAFE_NO_PAD.encode(token);
    let until = entry.now().day().plus(PICKUP_DAYS);
    notices::insert_pickup(entry.conn, &token_hash(&token), notice.id, until, &sealed)?;
    // Which key was counsel's is told to the officers alone.
    let named = format!("counsel's key: {}", key.trim());
    papers::seal(
        entry.conn,
        &entry.case,
        PaperKind::Answer,
        "counsel",
        named.as_bytes(),
    )?;
    Ok(format!("{base_url}/counsel/{token}"))
}

fn token_hash(token: &str) -> [u8; 32] {
    *Hash::of(token.as_bytes()).bytes()
}
