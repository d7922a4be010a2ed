//! From the fields of a step to what the desk does. Every refusal is one sentence, and nothing is half done.

use std::collections::{BTreeSet, HashMap};

use bauta_desk::legal::{
    Adjudication, Basis, CaseFact, CourtDocument, Decision, DocketEntry, Document, Fact, GagBasis, GagFact,
    Item, Party, Position, ProcessFact, PublicationFact, ReceivedTime,
};
use bauta_desk::{Case, Desk, GagTerms, Officer, Redaction, UserAnswer};
use bauta_model::{CoarseTime, Day};
use bauta_service::Refused;
use serde::de::DeserializeOwned;

use crate::words_desk::DESK;

/// Characters of a field.
const MOST: usize = 4000;

/// A step as it was sent, on the demand as the officer saw it.
pub struct Act<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Who acts.
    pub officer: &'a Officer,
    /// The demand.
    pub case: &'a Case,
    /// How many events the officer saw.
    pub expected: Option<u32>,
    /// The fields.
    pub fields: &'a HashMap<String, String>,
}

impl Act<'_> {
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    pub(super) fn ticked(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(super) fn needed(&self, name: &'static str) -> Result<String, Refused> {
        let text = self.text(name);
        if text.is_empty() {
            return Err(Refused::invalid(name, DESK.wrong_empty));
        }
        if text.chars().count() > MOST {
            return Err(Refused::invalid(name, DESK.wrong_long));
        }
        Ok(text.to_owned())
    }

    fn optional(&self, name: &'static str) -> Result<Option<String>, Refused> {
        match self.text(name) {
            "" => Ok(None),
            _ => self.needed(name).map(Some),
        }
    }

    pub(super) fn chosen<T>(&self, name: &'static str, of: impl Fn(&str) -> Option<T>) -> Result<T, Refused> {
        of(self.text(name)).ok_or_else(|| Refused::invalid(name, DESK.wrong_choice))
    }

    /// One of a closed list, by its name in data.
    pub(super) fn coded<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Refused> {
        self.chosen(name, coded)
    }

    /// A day that a calendar has.
    pub(super) fn day(&self, name: &'static str) -> Result<Day, Refused> {
        let day = self.received(name)?.day();
        day.ok_or_else(|| Refused::invalid(name, DESK.wrong_day))
    }

    pub(super) fn received(&self, name: &'static str) -> Result<ReceivedTime, Refused> {
        Ok(ReceivedTime::new(self.needed(name)?))
    }

    /// The end of a day.
    pub(super) fn day_end(&self, name: &'static str) -> Result<Option<CoarseTime>, Refused> {
        match self.text(name) {
            "" => Ok(None),
            _ => Ok(Some(self.day(name)?.plus(1).start())),
        }
    }

    pub(super) fn number(&self, name: &'static str) -> Result<u16, Refused> {
        self.needed(name)?
            .parse()
            .map_err(|_| Refused::invalid(name, DESK.wrong_number))
    }

    pub(super) fn document(&self) -> Result<Document, Refused> {
        let number = usize::from(self.number("document")?);
        let known = self.case.state.process.documents.get(number);
        known
            .cloned()
            .ok_or_else(|| Refused::invalid("document", DESK.wrong_document))
    }

    pub(super) fn decided(&self) -> Result<CourtDocument, Refused> {
        Ok(CourtDocument {
            hash: self.document()?.hash,
            court: self.needed("court")?,
            on: self.received("on")?,
        })
    }

    /// The boxes of a group that are ticked, by their values: fields named `NAME.VALUE`.
    fn boxes<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields
            .keys()
            .filter_map(move |field| field.strip_prefix(name)?.strip_prefix('.'))
    }

    /// The records that are ticked, of those that can be produced.
    pub(super) fn items(&self) -> Result<BTreeSet<Item>, Refused> {
        let possible: Vec<Item> = self.case.producible(false).into_iter().collect();
        self.boxes("items")
            .map(|number| {
                let number: usize = number.parse().ok()?;
                possible.get(number).cloned()
            })
            .collect::<Option<_>>()
            .ok_or_else(|| Refused::invalid("items", DESK.wrong_choice))
    }

    pub(super) async fn record(&self, facts: Vec<Fact>) -> Result<(), Refused> {
        let (id, expected) = (self.case.id, self.expected);
        self.desk.record(self.officer, id, expected, facts).await?;
        Ok(())
    }

    pub(super) async fn process(&self, fact: ProcessFact) -> Result<(), Refused> {
        self.record(vec![Fact::Process(fact)]).await
    }

    /// Does the step, unless it hands something out: see [`Act::produce`].
    pub async fn run(&self, code: &str) -> Result<(), Refused> {
        let (id, expected, officer) = (self.case.id, self.expected, self.officer);
        match code {
            "hold" => {
                let (keep, reason) = (self.coded("keep")?, self.needed("reason")?);
                self.desk.hold(officer, id, expected, keep, reason).await?;
            }
            "verify" => self.verify().await?,
            "review" => drop(self.desk.record_review(officer, id, expected).await?),
            "scope" => drop(self.desk.scope(officer, id, expected).await?),
            "notice" => drop(self.desk.notice(officer, id, expected).await?),
            "findings" => self.findings().await?,
            "determine" => self.determine().await?,
            "second" => {
                let step = self.coded("step")?;
                self.desk.approve(officer, id, expected, step).await?;
            }
            "ready" => {
                let (items, redactions) = (approved(self.case), self.redactions()?);
                self.desk.ready(officer, id, expected, items, redactions).await?;
            }
            "gag" => self.gag().await?,
            "pass-on" => self.pass_on().await?,
            "close" => drop(self.desk.close(officer, id, expected).await?),
            _ => self.told_by_others(code).await?,
        }
        Ok(())
    }

    /// Steps that record what somebody else did or said.
    async fn told_by_others(&self, code: &str) -> Result<(), Refused> {
        let fact = match code {
            "object" => ProcessFact::Objected {
                grounds: self
                    .boxes("grounds")
                    .map(coded)
                    .collect::<Option<_>>()
                    .ok_or_else(|| Refused::invalid("grounds", DESK.wrong_choice))?,
                reason: self.needed("reason")?,
            },
            "lift-objection" => ProcessFact::ObjectionLifted {
                reason: self.needed("reason")?,
            },
            "enforcement" => ProcessFact::EnforcementSought {
                court: self.needed("court")?,
            },
            "challenge" => ProcessFact::Challenged {
                by: self.coded("by")?,
                court: self.needed("court")?,
            },
            "court" => ProcessFact::Adjudicated {
                outcome: match self.text("outcome") {
                    "modified" => Adjudication::Modified {
                        lines: self.narrowed()?,
                    },
                    _ => self.chosen("outcome", |code| match code {
                        "quashed" => Some(Adjudication::Quashed {}),
                        "enforced" => Some(Adjudication::Enforced {}),
                        _ => None,
                    })?,
                },
                document: self.decided()?,
            },
            "stale" => ProcessFact::WentStale {
                reason: self.needed("reason")?,
            },
            "no-records" => ProcessFact::NoRecords {},
            "except" => ProcessFact::NoticeExcepted {
                ground: self.coded("ground")?,
                reason: self.needed("reason")?,
            },
            "withdrawn" => ProcessFact::Withdrawn {
                on: self.received("on")?,
                document: None,
            },
            _ => return self.before_courts(code).await,
        };
        self.process(fact).await
    }

    /// Steps before courts, and of what the public can read.
    async fn before_courts(&self, code: &str) -> Result<(), Refused> {
        let facts = match code {
            "file" => self.filed()?,
            "docket" => vec![Fact::Case {
                case: self.number("case")?,
                fact: CaseFact::Docketed(DocketEntry {
                    on: self.received("on")?,
                    kind: self.needed("kind")?,
                    rule: self.optional("rule")?,
                    pages: match self.text("pages") {
                        "" => None,
                        _ => Some(u32::from(self.number("pages")?)),
                    },
                }),
            }],
            "dismissed" => vec![Fact::Case {
                case: self.number("case")?,
                fact: CaseFact::Dismissed {
                    with_prejudice: self.ticked("with_prejudice"),
                    voluntary: self.ticked("voluntary"),
                    on: self.received("on")?,
                    rule: self.optional("rule")?,
                },
            }],
            "challenge-gag" => vec![Fact::Gag(GagFact::Challenged {
                court: self.needed("court")?,
            })],
            "lift-gag" => vec![Fact::Gag(GagFact::Lifted {
                document: self.decided()?,
            })],
            "publish" => vec![Fact::Publication(PublicationFact::Published {
                to: self.coded("to")?,
            })],
            _ => return self.unusual(code).await,
        };
        self.record(facts).await
    }

    fn filed(&self) -> Result<Vec<Fact>, Refused> {
        let case = self.case.state.cases.len() as u16;
        let parties = self
            .text("parties")
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let (role, name) = line.split_once(':')?;
                Some(Party {
                    role: role.trim().to_owned(),
                    name: name.trim().to_owned(),
                })
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| Refused::invalid("parties", DESK.wrong_parties))?;
        let filed = CaseFact::Filed {
            court: self.needed("court")?,
            docket: self.needed("docket")?,
            sealed: self.ticked("sealed"),
            on: self.received("on")?,
            parties,
        };
        let fact = |fact| Fact::Case { case, fact };
        let refiles = match self.text("refiles") {
            "" => None,
            _ => Some(self.number("refiles")?),
        };
        Ok(vec![fact(CaseFact::Drafted { refiles }), fact(filed)])
    }

    async fn verify(&self) -> Result<(), Refused> {
        let note = self.needed("reason")?;
        let fact = match self.text("how") {
            "not_genuine" => ProcessFact::NotGenuine { reason: note },
            _ => ProcessFact::Verified {
                how: self.coded("how")?,
                note,
            },
        };
        let mut facts = vec![Fact::Process(fact)];
        if self.case.state.process.position == Position::Received {
            facts.insert(0, Fact::Process(ProcessFact::VerificationBegun {}));
        }
        self.record(facts).await
    }

    async fn findings(&self) -> Result<(), Refused> {
        let all = [
            ("offence_shown", "offence_shown_why"),
            ("least_restrictive", "least_restrictive_why"),
            ("not_to_suppress_speech", "not_to_suppress_speech_why"),
            ("need_outweighs", "need_outweighs_why"),
        ];
        let mut facts = Vec::new();
        for (name, why) in all {
            let met = self.chosen(name, |code| match code {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            })?;
            let finding = coded(name).ok_or(Refused::NotFound)?;
            facts.push(Fact::Process(ProcessFact::FindingRecorded {
                finding,
                met,
                reason: self.needed(why)?,
            }));
        }
        self.record(facts).await
    }

    async fn determine(&self) -> Result<(), Refused> {
        let decision = match coded(self.text("decision")) {
            Some(ground) => Decision::Refuse {
                ground,
                reason: self.needed("reason")?,
            },
            None => Decision::Produce {
                basis: self.chosen("decision", |code| match code {
                    "instrument" => Some(Basis::Instrument {}),
                    "consent" => Some(Basis::Consent {}),
                    _ => None,
                })?,
                items: self.items()?,
            },
        };
        self.process(ProcessFact::Determined(decision)).await
    }

    /// What is left out: `ACCOUNT COLUMN ROW` in each line.
    pub fn redactions(&self) -> Result<BTreeSet<Redaction>, Refused> {
        let read = |line: &str| {
            let mut words = line.split_whitespace();
            let redaction = Redaction {
                account: words.next()?.parse().ok()?,
                column: words.next()?.to_owned(),
                row: words.next()?.parse().ok()?,
            };
            words.next().is_none().then_some(redaction)
        };
        self.text("redactions")
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(read)
            .collect::<Option<_>>()
            .ok_or_else(|| Refused::invalid("redactions", DESK.wrong_redactions))
    }

    async fn gag(&self) -> Result<(), Refused> {
        if self.text("basis") == "request" {
            return self.record(vec![Fact::Gag(GagFact::Requested {})]).await;
        }
        let basis = match self.text("basis") {
            "certification" => GagBasis::Certification {
                document: self.document()?,
            },
            "order" => GagBasis::Order {
                document: self.decided()?,
            },
            _ => self.chosen("basis", |code| {
                (code == "statute").then_some(GagBasis::Statute {})
            })?,
        };
        let terms = GagTerms {
            basis,
            user_may_know: self.ticked("user_may_know"),
            ends: self.day_end("ends")?,
            review: self.day_end("review")?,
        };
        let (id, expected, named) = (self.case.id, self.expected, self.handles("named"));
        self.desk.gag(self.officer, id, expected, terms, named).await?;
        Ok(())
    }

    /// Handles, parted by spaces.
    pub(super) fn handles(&self, name: &str) -> Vec<String> {
        let words = self.text(name).split_whitespace();
        words
            .map(|handle| handle.trim_start_matches('@').to_owned())
            .collect()
    }

    async fn pass_on(&self) -> Result<(), Refused> {
        let answer = match self.text("answer") {
            "object" => UserAnswer::Object {
                words: self.needed("words")?,
            },
            _ => self.chosen("answer", |code| match code {
                "consent" => Some(UserAnswer::Consent {}),
                "revoke" => Some(UserAnswer::Revoke {}),
                "publish" => Some(UserAnswer::ConsentToPublish {}),
                _ => None,
            })?,
        };
        let (id, expected, keyholder) = (self.case.id, self.expected, self.number("keyholder")?);
        self.desk
            .pass_on(self.officer, id, expected, keyholder, answer)
            .await?;
        Ok(())
    }

    /// Produces what lies ready: an archive that is encrypted to the recipient, and kept nowhere.
    pub async fn produce(&self, emergency: bool) -> Result<Vec<u8>, Refused> {
        let to = self.needed("to")?;
        let (id, expected) = (self.case.id, self.expected);
        let archive = if emergency {
            self.desk.disclose(self.officer, id, expected, &to).await?
        } else {
            self.desk.produce(self.officer, id, expected, &to).await?
        };
        Ok(archive.bytes)
    }
}

/// What two people approved, or, before that, everything that could be.
pub fn approved(case: &Case) -> BTreeSet<Item> {
    let decision = case.state.process.determination.as_ref().map(|one| &one.decision);
    match decision {
        Some(Decision::Produce { items, .. }) => items.clone(),
        _ => case.producible(false),
    }
}

/// A value by its name in data.
pub(super) fn coded<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}
