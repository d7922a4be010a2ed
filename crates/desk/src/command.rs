//! Everything that an officer can do, as data: what `bauta desk …` sends to the running server.

use std::collections::BTreeSet;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_legal::{Fact, GagBasis, GagFact, Held, Item, OfficerId, Step};
use bauta_model::{CoarseTime, Day, DemandId, PaperId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Case, Covered, Desk, Duties, Form, Officer, PaperKind, Redaction, Refused, SetDate, Statement, UserAnswer,
};

/// Something to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each field is named by the method of Desk that takes it"
)]
pub enum Command {
    /// [`Desk::intake`].
    Intake { demand: String, renews: Option<String> },
    /// [`Desk::review`].
    Review { id: String },
    /// [`Desk::list`].
    List {},
    /// [`Desk::show`].
    Show { id: String },
    /// [`Desk::officers`].
    Officers {},
    /// [`Desk::set_duties`] and [`Desk::set_key_of`].
    SetOfficer {
        handle: String,
        duties: Option<Vec<String>>,
        key: Option<String>,
    },
    /// A step of a demand.
    Act {
        id: String,
        /// How many events the officer saw.
        expected: Option<u32>,
        act: Act,
    },
    /// [`Desk::notice_preview`].
    NoticePreview { id: String },
    /// [`Desk::letter`].
    Letter { id: String, kind: String, form: Form },
    /// [`Desk::keep_letter`].
    KeepLetter { id: String, kind: String, text: String },
    /// [`Desk::drop_letter`].
    DropLetter { id: String, kind: String },
    /// [`Desk::letter_sent`].
    LetterSent { id: String, kind: String, how: String },
    /// [`Desk::preview`].
    Preview {
        id: String,
        items: Option<BTreeSet<Item>>,
        redactions: BTreeSet<Redaction>,
    },
    /// [`Desk::add_paper`], from a file.
    AddPaper {
        id: String,
        kind: String,
        name: String,
        file: PathBuf,
    },
    /// [`Desk::papers`].
    Papers { id: String },
    /// [`Desk::paper`], to a file.
    Paper { id: String, paper: String, out: PathBuf },
    /// [`Desk::propose`], from a file; boxes are a page, from 0, and x, y, width, height in fractions of it.
    Propose {
        id: String,
        title: String,
        file: PathBuf,
        boxes: Vec<(u16, [f64; 4])>,
    },
    /// [`Desk::copies`].
    Copies { id: String },
    /// [`Desk::copy`], to a file.
    Copy { id: String, copy: String, out: PathBuf },
    /// [`Desk::publish_copy`].
    PublishCopy { id: String, copy: String },
    /// [`Desk::drop_copy`].
    DropCopy { id: String, copy: String },
    /// [`Desk::produce`], to a file.
    Produce {
        id: String,
        expected: Option<u32>,
        to: String,
        emergency: bool,
        out: PathBuf,
    },
    /// [`Desk::manifests`].
    Manifests { id: String },
    /// [`Desk::entered`].
    Entered { id: String },
    /// [`Desk::proof`].
    Proof { id: String, step: u32 },
}

/// A step of a demand that needs no file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each field is named by the method of Desk that takes it"
)]
pub enum Act {
    /// [`Desk::record`].
    Record { facts: Vec<Fact> },
    /// [`Desk::hold`].
    Hold { nothing: bool, reason: String },
    /// [`Desk::record_review`].
    Review {},
    /// [`Desk::scope`].
    Scope {},
    /// [`Desk::state_outside`].
    StateOutside { line: u16, about: String, words: String },
    /// [`Desk::notice`].
    Notice {},
    /// [`Desk::approve`].
    Approve { step: Step },
    /// [`Desk::preserve`].
    Preserve {
        columns: BTreeSet<String>,
        until: String,
    },
    /// [`Desk::preserve_until`].
    PreserveUntil { until: Option<String> },
    /// [`Desk::ready`]; everything that was approved where no items are named.
    Ready {
        items: Option<BTreeSet<Item>>,
        redactions: BTreeSet<Redaction>,
    },
    /// [`Desk::gag`].
    Gag {
        basis: GagBasis,
        user_may_know: bool,
        ends: Option<String>,
        review: Option<String>,
        named: Vec<String>,
    },
    /// [`Desk::pass_on`].
    PassOn { keyholder: u16, answer: UserAnswer },
    /// [`Desk::revise_terms`].
    ReviseTerms { reason: String },
    /// [`Desk::set_deadline`].
    SetDeadline {
        name: String,
        until: String,
        binds: bool,
        reason: String,
    },
    /// [`Desk::let_in`].
    LetIn { named: Vec<String> },
    /// [`Desk::close`].
    Close {},
}

impl Desk {
    /// Does what an officer asks, and gives the answer as data.
    ///
    /// # Errors
    /// [`Refused`], from whichever it was.
    pub async fn run(&self, officer: &Officer, command: Command) -> Result<Value, Refused> {
        match command {
            Command::Intake { demand, renews } => {
                let renews = renews.map(|id| demand_id(&id)).transpose()?;
                let case = self.intake(officer, &demand, renews).await?;
                let promise = match self.proof(officer, case.id, 0).await {
                    Ok(proof) => Some(proof.text().to_owned()),
                    // In a band only, or a log that stands still: the demand is taken in all the same.
                    Err(Refused::NotFound | Refused::Invalid { .. } | Refused::Failed(_)) => None,
                    Err(refused) => return Err(refused),
                };
                let (id, name) = (case.id.to_string(), case.public_name);
                Ok(json!({"id": id, "public_name": name, "promise": promise}))
            }
            Command::Review { id } => as_json(self.review(officer, demand_id(&id)?).await?),
            Command::List {} => self.list(officer).await,
            Command::Show { id } => self.show(officer, demand_id(&id)?).await,
            Command::Officers {} => self.officers().await,
            Command::SetOfficer { handle, duties, key } => self.set_officer(&handle, duties, key).await,
            Command::Act { id, expected, act } => {
                let case = self.act(officer, demand_id(&id)?, expected, act).await?;
                Ok(case.line(self.clock.now()))
            }
            Command::NoticePreview { id } => as_json(self.notice_preview(officer, demand_id(&id)?).await?),
            Command::Letter { id, kind, form } => {
                let draft = self.letter(officer, demand_id(&id)?, &kind, form).await?;
                let base64 = STANDARD.encode(&draft.bytes);
                Ok(json!({"name": draft.name, "mime": draft.mime, "base64": base64}))
            }
            Command::KeepLetter { id, kind, text } => {
                self.keep_letter(officer, demand_id(&id)?, &kind, text).await?;
                Ok(json!({"kept": kind}))
            }
            Command::DropLetter { id, kind } => {
                self.drop_letter(officer, demand_id(&id)?, &kind).await?;
                Ok(json!({"dropped": kind}))
            }
            Command::LetterSent { id, kind, how } => {
                let paper = self.letter_sent(officer, demand_id(&id)?, &kind, &how).await?;
                Ok(json!({"paper": paper.to_string()}))
            }
            Command::Preview {
                id,
                items,
                redactions,
            } => {
                let id = demand_id(&id)?;
                let items = self.items(officer, id, items).await?;
                as_json(self.preview(officer, id, items, redactions).await?)
            }
            Command::AddPaper { id, kind, name, file } => {
                let bytes = read(&file)?;
                let kind = PaperKind::WORDS.into_iter().find(|(_, word)| *word == kind);
                let (kind, _) =
                    kind.ok_or_else(|| Refused::invalid("kind", "there is no such kind of paper"))?;
                let paper = self
                    .add_paper(officer, demand_id(&id)?, kind, name, bytes)
                    .await?;
                Ok(json!({"paper": paper.to_string()}))
            }
            Command::Propose {
                id,
                title,
                file,
                boxes,
            } => {
                let covered = |(page, [x, y, width, height]): (u16, [f64; 4])| Covered {
                    page,
                    x,
                    y,
                    width,
                    height,
                };
                let boxes: Vec<Covered> = boxes.into_iter().map(covered).collect();
                let bytes = read(&file)?;
                let copy = self
                    .propose(officer, demand_id(&id)?, &title, bytes, &boxes)
                    .await?;
                Ok(json!({"copy": copy.to_string()}))
            }
            Command::Copies { id } => as_json(self.copies(officer, demand_id(&id)?).await?),
            Command::Copy { id, copy, out } => {
                let file = self.copy(officer, demand_id(&id)?, &copy).await?;
                write_new(&out, &file)?;
                Ok(json!({"file": out}))
            }
            Command::PublishCopy { id, copy } => {
                let path = self.publish_copy(officer, demand_id(&id)?, &copy).await?;
                Ok(json!({"path": format!("report/{path}")}))
            }
            Command::DropCopy { id, copy } => {
                self.drop_copy(officer, demand_id(&id)?, &copy).await?;
                Ok(json!({"dropped": copy}))
            }
            Command::Papers { id } => self.papers(officer, demand_id(&id)?).await,
            Command::Paper { id, paper, out } => {
                let paper: PaperId = paper.parse().map_err(|_| Refused::NotFound)?;
                let sealed = self.paper(officer, demand_id(&id)?, paper).await?;
                write_new(&out, &sealed)?;
                Ok(json!({"file": out}))
            }
            Command::Produce {
                id,
                expected,
                to,
                emergency,
                out,
            } => {
                let id = demand_id(&id)?;
                if out.exists() {
                    return Err(Refused::invalid(
                        "out",
                        format!("{} is there already", out.display()),
                    ));
                }
                let archive = if emergency {
                    self.disclose(officer, id, expected, &to).await?
                } else {
                    self.produce(officer, id, expected, &to).await?
                };
                write_new(&out, &archive.bytes)?;
                Ok(json!({"file": out, "manifest": archive.hash}))
            }
            Command::Manifests { id } => as_json(self.manifests(officer, demand_id(&id)?).await?),
            Command::Entered { id } => as_json(self.entered(officer, demand_id(&id)?).await?),
            Command::Proof { id, step } => as_json(self.proof(officer, demand_id(&id)?, step).await?),
        }
    }

    async fn act(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        act: Act,
    ) -> Result<Case, Refused> {
        match act {
            Act::Record { facts } => {
                refuse_composed(&facts)?;
                self.record(officer, id, expected, facts).await
            }
            Act::Hold { nothing, reason } => {
                let held = if nothing { Held::Nothing } else { Held::SealedCopy };
                self.hold(officer, id, expected, held, reason).await
            }
            Act::Review {} => self.record_review(officer, id, expected).await,
            Act::Scope {} => self.scope(officer, id, expected).await,
            Act::StateOutside { line, about, words } => {
                let said = vec![Statement { line, about, words }];
                self.state_outside(officer, id, expected, said).await
            }
            Act::Notice {} => self.notice(officer, id, expected).await,
            Act::Approve { step } => self.approve(officer, id, expected, step).await,
            Act::Preserve { columns, until } => {
                self.preserve(officer, id, expected, columns, day(&until)?).await
            }
            Act::PreserveUntil { until } => {
                let until = until.map(|until| day(&until)).transpose()?;
                self.preserve_until(officer, id, expected, until).await
            }
            Act::Ready { items, redactions } => {
                let items = self.items(officer, id, items).await?;
                self.ready(officer, id, expected, items, redactions).await
            }
            Act::Gag {
                basis,
                user_may_know,
                ends,
                review,
                named,
            } => {
                // It ends, or is looked at again, when its day is over.
                let over = |text: String| day(&text).map(|day| day.plus(1).start());
                let (ends, review) = (ends.map(over).transpose()?, review.map(over).transpose()?);
                let gag = GagTerms {
                    basis,
                    user_may_know,
                    ends,
                    review,
                };
                self.gag(officer, id, expected, gag, named).await
            }
            Act::PassOn { keyholder, answer } => self.pass_on(officer, id, expected, keyholder, answer).await,
            Act::ReviseTerms { reason } => self.revise_terms(officer, id, expected, reason).await,
            Act::SetDeadline {
                name,
                until,
                binds,
                reason,
            } => {
                let date = SetDate {
                    name,
                    day: day(&until)?,
                    binds,
                    reason,
                };
                self.set_deadline(officer, id, expected, date).await
            }
            Act::LetIn { named } => self.let_in(officer, id, expected, named).await,
            Act::Close {} => self.close(officer, id, expected).await,
        }
    }

    /// The items that are named, or everything that was approved.
    async fn items(
        &self,
        officer: &Officer,
        id: DemandId,
        items: Option<BTreeSet<Item>>,
    ) -> Result<BTreeSet<Item>, Refused> {
        if let Some(items) = items {
            return Ok(items);
        }
        let case = self.case(officer, id).await?;
        let decision = case.state.process.determination.as_ref().map(|one| &one.decision);
        Ok(match decision {
            Some(bauta_legal::Decision::Produce { items, .. }) => items.clone(),
            _ => case.producible(false),
        })
    }

    async fn set_officer(
        &self,
        handle: &str,
        duties: Option<Vec<String>>,
        key: Option<String>,
    ) -> Result<Value, Refused> {
        if let Some(words) = duties {
            let mut all = Duties::default();
            for word in &words {
                let duty = Duties::from_word(word).ok_or_else(|| {
                    Refused::invalid(
                        "duty",
                        format!("there is no duty {word}: intake, determine, produce or counsel"),
                    )
                })?;
                all = all.and(duty);
            }
            self.set_duties(handle, all).await?;
        }
        if let Some(key) = key {
            self.set_key_of(handle, &key).await?;
        }
        self.officers().await
    }
}

/// How silence is commanded.
#[derive(Clone, Debug)]
pub struct GagTerms {
    /// By what.
    pub basis: GagBasis,
    /// The user may be told all the same.
    pub user_may_know: bool,
    /// When it ends by its own terms.
    pub ends: Option<CoarseTime>,
    /// When somebody has to look at it again; needed where there is no end.
    pub review: Option<CoarseTime>,
}

impl Desk {
    /// Records that silence is commanded. Only the named officers, and whoever records it, see the demand from then on.
    ///
    /// # Errors
    /// As [`Desk::record`]; [`Refused::Invalid`] for a name that is no officer's.
    pub async fn gag(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
        gag: GagTerms,
        named: Vec<String>,
    ) -> Result<Case, Refused> {
        let mut all: BTreeSet<OfficerId> = BTreeSet::from([officer.id]);
        for handle in &named {
            all.insert(self.officer_named(handle).await?.id);
        }
        let fact = GagFact::Activated {
            basis: gag.basis,
            user_may_know: gag.user_may_know,
            ends: gag.ends,
            review: gag.review,
            named: all,
        };
        self.record(officer, id, expected, vec![Fact::Gag(fact)]).await
    }
}

/// What is computed is never typed: these facts come of methods of their own.
fn refuse_composed(facts: &[Fact]) -> Result<(), Refused> {
    use bauta_legal::{PreservationFact, ProcessFact};
    let typed = facts.iter().find(|fact| {
        matches!(
            fact,
            Fact::Process(
                ProcessFact::Received(_)
                    | ProcessFact::HoldDecided(_)
                    | ProcessFact::Reviewed { .. }
                    | ProcessFact::ScopeComputed(_)
                    | ProcessFact::OutsideStated { .. }
                    | ProcessFact::NoticeSent { .. }
                    | ProcessFact::NoticeDelayed {}
                    | ProcessFact::Seconded { .. }
                    | ProcessFact::Ready { .. }
                    | ProcessFact::Produced { .. }
                    | ProcessFact::EmergencyDisclosed { .. }
                    | ProcessFact::Answered(_)
                    | ProcessFact::RenewedBy { .. }
                    | ProcessFact::TermsRevised { .. }
                    | ProcessFact::Closed {}
            ) | Fact::Preservation(
                PreservationFact::Activated { .. }
                    | PreservationFact::Extended { .. }
                    | PreservationFact::Released {}
            )
        )
    });
    match typed {
        Some(fact) => Err(Refused::invalid(
            "fact",
            format!(
                "{} is computed, never typed: use the step of that name",
                fact.name()
            ),
        )),
        None => Ok(()),
    }
}

fn as_json(value: impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(value).map_err(|_| Refused::failed())
}

fn demand_id(text: &str) -> Result<DemandId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}

/// Reads `2017-04-07`.
fn day(text: &str) -> Result<Day, Refused> {
    bauta_legal::ReceivedTime::new(text)
        .day()
        .ok_or_else(|| Refused::invalid("until", format!("{text} is no day; write it as in 2017-04-07")))
}

fn read(file: &Path) -> Result<Vec<u8>, Refused> {
    std::fs::read(file).map_err(|error| Refused::invalid("file", format!("{}: {error}", file.display())))
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    use std::io::Write;
    let write = || {
        let mut file = std::fs::OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error: std::io::Error| Refused::invalid("out", format!("{}: {error}", path.display())))
}
