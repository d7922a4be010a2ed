//! What can be handed out of the public log: at once the signed promise that an entry will be in it, later the receipt that
//! it is. Whoever issued a demand gets those of its first entry; a user gets them with the notice, never before it.

use std::sync::Arc;

use bauta_legal::record::{Entry as Told, PublicId, Step, steps};
use bauta_model::{AccountId, DemandId, NoticeId};
use bauta_public_log::{Failed, PublicLog};
use bauta_store::Conn;
use bauta_store::desk::notices;
use bauta_store::log_entries::{self, LogEntry, Open};
use serde::Serialize;

use crate::{Case, Desk, Letter, Officer, Refused};

/// What shows that an entry is in the log, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    /// The entry waits: a signed note.
    Promise {
        /// The file.
        text: String,
    },
    /// It is in the log: a tlog-proof.
    Receipt {
        /// At which leaf.
        leaf: u64,
        /// The file.
        text: String,
    },
}

impl Proof {
    /// The file.
    pub fn text(&self) -> &str {
        match self {
            Self::Promise { text } | Self::Receipt { text, .. } => text,
        }
    }

    /// How its file's name ends.
    pub const fn ending(&self) -> &'static str {
        match self {
            Self::Promise { .. } => "promise",
            Self::Receipt { .. } => "tlog-proof",
        }
    }
}

/// A step of a demand in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entered {
    /// Its number among the public steps of the demand, from 0.
    pub step: u32,
    /// What happened.
    pub what: String,
    /// Its leaf; nothing while it waits.
    pub leaf: Option<u64>,
    /// Everybody can read it, or will be able to as soon as it is in the log.
    pub open: bool,
}

/// Of which entry a user asks for the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// That the demand came.
    Demand,
    /// That the user was told.
    Notice,
}

impl Desk {
    /// From now on promises and receipts come from this log. Only the first one counts.
    pub fn join_log(&self, log: Arc<PublicLog>) {
        let _ = self.log.set(log);
    }

    /// What of a demand is in the log, or waits for its hour. Empty where the entry is deferred or told in a band only.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn entered(&self, officer: &Officer, id: DemandId) -> Result<Vec<Entered>, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_entered", move |conn| {
                let case = Case::load_for(conn, id, &officer)?;
                let all = queued(conn, &case)?;
                let entered = all.iter().map(|(step, entry)| Entered {
                    step: step.n,
                    what: step.event.fact.name(),
                    leaf: entry.leaf.map(i64::cast_unsigned),
                    open: entry.open != Open::Closed,
                });
                Ok(entered.collect())
            })
            .await
    }

    /// The promise or the receipt of a step, by its public number. Step 0 is that the demand came: whoever issued it gets
    /// this one.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where the log has no such step, or is not to have it; [`Refused::Invalid`] where the log can't
    /// be continued.
    pub async fn proof(&self, officer: &Officer, id: DemandId, step: u32) -> Result<Proof, Refused> {
        let officer = officer.clone();
        let read = self.store.read("desk_proof", move |conn| {
            let case = Case::load_for(conn, id, &officer)?;
            numbered(queued(conn, &case)?, step)
        });
        let entry = read.await?;
        self.prove(entry).await
    }

    /// As [`Desk::proof`], for a user who was told.
    ///
    /// # Errors
    /// As [`Desk::proof`]; [`Refused::NotFound`] also for another account's notice.
    pub async fn proof_for(&self, account: AccountId, id: NoticeId, about: About) -> Result<Proof, Refused> {
        let read = self.store.read("notice_proof", move |conn| {
            let notice = notices::by_id(conn, account, id)?.ok_or(Refused::NotFound)?;
            told_in(conn, &notice, about)
        });
        let entry = read.await?;
        self.prove(entry).await
    }

    /// What goes with a notice to counsel: the proofs that there are, as files.
    pub(crate) async fn proofs_for(&self, account: AccountId, id: NoticeId) -> Result<Vec<String>, Refused> {
        let mut proofs = Vec::new();
        for about in [About::Demand, About::Notice] {
            match self.proof_for(account, id, about).await {
                Ok(proof) => proofs.push(proof.text().to_owned()),
                Err(Refused::NotFound | Refused::Invalid { .. }) => {}
                Err(refused) => return Err(refused),
            }
        }
        Ok(proofs)
    }

    async fn prove(&self, entry: LogEntry) -> Result<Proof, Refused> {
        let log = self.log.get().ok_or_else(|| {
            Refused::invalid(
                "log",
                "The public log can't be continued, so nothing can be promised: bauta ledger status says why.",
            )
        })?;
        let proof = match entry.leaf {
            Some(leaf) => Proof::Receipt {
                leaf: leaf.cast_unsigned(),
                text: log.receipt(entry.id).await.map_err(cant)?,
            },
            None => Proof::Promise {
                text: log.promise(entry.id).await.map_err(cant)?,
            },
        };
        Ok(proof)
    }
}

fn cant(error: Failed) -> Refused {
    match error {
        Failed::Store(error) => error.into(),
        Failed::NoEntry => Refused::NotFound,
        Failed::NotYet | Failed::Log(_) => Refused::failed(),
    }
}

/// The steps of a demand that are queued or in the log, in their order.
fn queued(conn: &mut Conn, case: &Case) -> Result<Vec<(Step, LogEntry)>, Refused> {
    let mut all = Vec::new();
    for entry in log_entries::about(conn, case.id.get())? {
        if let Ok(Told::Step(step)) = Told::parse(entry.payload.as_bytes()) {
            all.push((*step, entry));
        }
    }
    all.sort_by_key(|(step, _)| step.n);
    Ok(all)
}

fn numbered(all: Vec<(Step, LogEntry)>, step: u32) -> Result<LogEntry, Refused> {
    let found = all.into_iter().find(|(known, _)| known.n == step);
    found.map(|(_, entry)| entry).ok_or(Refused::NotFound)
}

/// The entry of what a notice tells.
fn told_in(conn: &mut Conn, notice: &notices::Notice, about: About) -> Result<LogEntry, Refused> {
    let case = Case::load(conn, notice.demand)?;
    let step = match about {
        About::Demand => 0,
        About::Notice => {
            let letter: Letter = serde_json::from_str(&notice.notice).map_err(|_| Refused::failed())?;
            let until = case.events.get(..=letter.receipt.event as usize);
            let until = until.ok_or_else(Refused::failed)?;
            let id = PublicId::read(&case.public_name).ok_or_else(Refused::failed)?;
            let salt: bauta_legal::Hash = case.salt.parse().map_err(|_| Refused::failed())?;
            let public = steps(&id, until, salt.bytes()).map_err(|_| Refused::failed())?;
            let last = public.last().ok_or(Refused::NotFound)?;
            last.n
        }
    };
    numbered(queued(conn, &case)?, step)
}
