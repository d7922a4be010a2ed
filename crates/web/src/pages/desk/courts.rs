//! Steps that a desk seldom takes: what further courts do, dates and rules that change, more officers under a gag, what was
//! done as ordered, and what has to be put right.

use bauta_desk::SetDate;
use bauta_desk::legal::{CaseFact, Correction, Fact, GagFact, ProcessFact};
use bauta_service::Refused;

use super::act::Act;
use super::steps::{CASE, COURT, DOCUMENT, Kind, ON, REASON, Step, field, steps};
use crate::words_courts::COURTS;
use crate::words_desk::DESK;
use crate::words_unusual::UNUSUAL;

steps! { COURTS
    "review-sought" review review_means false [COURT];
    "case-moves" moves moves_means false [
        CASE,
        field("what", COURTS.moves_what, "", Kind::Choice(&[
            ("pending", COURTS.moves_pending),
            ("stayed", COURTS.moves_stayed),
        ])),
    ];
    "judged" judged judged_means false [CASE, COURT, ON, DOCUMENT];
    "appealed" appealed appealed_means false [CASE, COURT];
    "gag-court" gag_court gag_court_means true [
        field("what", COURTS.gag_what, "", Kind::Choice(&[
            ("upheld", COURTS.gag_upheld),
            ("narrowed", COURTS.gag_narrowed),
        ])),
        COURT,
        ON,
        DOCUMENT,
        field("user_may_know", DESK.field_user_may_know, "", Kind::Tick),
        field("ends", DESK.field_ends, COURTS.gag_ends_hint, Kind::Line),
    ];
    "let-in" let_in let_in_means true [
        field("named", DESK.field_named, COURTS.let_in_hint, Kind::Text),
    ];
    "deadline" deadline deadline_means false [
        field("name", COURTS.deadline_name, COURTS.deadline_name_hint, Kind::Line),
        field("until", UNUSUAL.preserve_until, UNUSUAL.day_hint, Kind::Line),
        field("binds", COURTS.deadline_binds, "", Kind::Tick),
        REASON,
    ];
    "terms" terms terms_means true [REASON];
    "effect" effect effect_means false [];
    "defer-log" defer defer_means false [
        field("what", COURTS.defer_what, "", Kind::Choice(&[
            ("defer", COURTS.defer_wait),
            ("resume", COURTS.defer_resume),
        ])),
        field("reason", DESK.field_reason, COURTS.defer_hint, Kind::Text),
    ];
    "correct" correct correct_means false [
        field("of", COURTS.correct_of, COURTS.correct_of_hint, Kind::Line),
        field("note", COURTS.correct_note, DESK.field_reason_hint, Kind::Text),
    ];
}

impl Act<'_> {
    /// Does one of these steps.
    pub(super) async fn rare(&self, code: &str) -> Result<(), Refused> {
        let (id, expected, officer) = (self.case.id, self.expected, self.officer);
        match code {
            "review-sought" => {
                let court = self.needed("court")?;
                self.process(ProcessFact::ReviewSought { court }).await
            }
            "case-moves" | "judged" | "appealed" => self.record(vec![self.moved(code)?]).await,
            "gag-court" => self.record(vec![Fact::Gag(self.gag_decided()?)]).await,
            "let-in" => {
                let named = self.handles("named");
                self.desk.let_in(officer, id, expected, named).await?;
                Ok(())
            }
            "deadline" => {
                let date = SetDate {
                    name: self.needed("name")?,
                    day: self.day("until")?,
                    binds: self.ticked("binds"),
                    reason: self.needed("reason")?,
                };
                self.desk.set_deadline(officer, id, expected, date).await?;
                Ok(())
            }
            "terms" => {
                let reason = self.needed("reason")?;
                self.desk.revise_terms(officer, id, expected, reason).await?;
                Ok(())
            }
            "effect" => self.process(ProcessFact::EffectGiven {}).await,
            "defer-log" => {
                let fact = match self.text("what") {
                    "resume" => ProcessFact::LogResumed {},
                    _ => ProcessFact::LogDeferred {
                        reason: self.needed("reason")?,
                    },
                };
                self.process(fact).await
            }
            "correct" => {
                let correction = Correction {
                    of: u32::from(self.number("of")?),
                    note: self.needed("note")?,
                    demand: None,
                };
                self.record(vec![Fact::Corrected(correction)]).await
            }
            _ => Err(Refused::NotFound),
        }
    }

    /// What happened to a case.
    fn moved(&self, code: &str) -> Result<Fact, Refused> {
        let fact = match code {
            "judged" => CaseFact::Judged {
                document: self.decided()?,
            },
            "appealed" => CaseFact::Appealed {
                court: self.needed("court")?,
            },
            _ => self.chosen("what", |what| match what {
                "pending" => Some(CaseFact::Pending {}),
                "stayed" => Some(CaseFact::Stayed {}),
                _ => None,
            })?,
        };
        let case = self.number("case")?;
        Ok(Fact::Case { case, fact })
    }

    /// What a court decided about a duty of silence, and let stand.
    fn gag_decided(&self) -> Result<GagFact, Refused> {
        let (document, ends) = (self.decided()?, self.day_end("ends")?);
        match self.text("what") {
            "narrowed" => Ok(GagFact::Narrowed {
                document,
                user_may_know: self.ticked("user_may_know"),
                ends,
            }),
            _ => self.chosen("what", move |what| {
                (what == "upheld").then(|| GagFact::Upheld {
                    document: document.clone(),
                    ends,
                })
            }),
        }
    }
}
