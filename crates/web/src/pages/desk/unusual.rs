//! Steps that a desk takes seldom: emergencies, narrowing, a court's override, orders to preserve. What they take, and what
//! they do.

use bauta_desk::legal::{Fact, NarrowedLine, ProcessFact, category};
use bauta_inventory::Inventory;
use bauta_service::Refused;

use super::act::Act;
use super::steps::{COURT, DOCUMENT, Field, Kind, ON, Step, field, steps};
use crate::words_desk::DESK;
use crate::words_unusual::UNUSUAL;

const WHY: Field = field(
    "reason",
    UNUSUAL.emergency_field,
    DESK.field_reason_hint,
    Kind::Text,
);

steps! { UNUSUAL
    "emergency" emergency emergency_means false [
        field("what", UNUSUAL.emergency_what, "", Kind::Choice(&[
            ("ask", UNUSUAL.emergency_ask),
            ("decline", UNUSUAL.emergency_decline),
        ])),
        WHY,
    ];
    "emergency-approve" approve approve_means true [
        field("items", DESK.field_items, "", Kind::Records),
        field("reason", UNUSUAL.approve_why, DESK.field_reason_hint, Kind::Text),
    ];
    "disclose" disclose disclose_means true [
        field("to", DESK.field_to, DESK.field_to_hint, Kind::Line),
    ];
    "narrow" narrow narrow_means false [
        field("lines", UNUSUAL.narrow_lines, UNUSUAL.narrow_hint, Kind::Text),
        DOCUMENT,
    ];
    "override" order order_means true [
        DOCUMENT,
        COURT,
        ON,
        field("guard", UNUSUAL.order_guard, "", Kind::Choice(&[
            ("window", UNUSUAL.guard_window),
            ("findings", UNUSUAL.guard_findings),
            ("compelled", UNUSUAL.guard_compelled),
            ("call_back", UNUSUAL.guard_call_back),
            ("wait", UNUSUAL.guard_wait),
        ])),
        field("step", UNUSUAL.order_step, "", Kind::Choice(&[
            ("determination", UNUSUAL.step_determination),
            ("ready", UNUSUAL.step_ready),
            ("production", UNUSUAL.step_production),
        ])),
    ];
    "preserve" preserve preserve_means false [
        field("items", UNUSUAL.preserve_records, "", Kind::Records),
        field("until", UNUSUAL.preserve_until, UNUSUAL.day_hint, Kind::Line),
    ];
    "preserve-until" extend extend_means true [
        field("what", UNUSUAL.extend_what, "", Kind::Choice(&[
            ("longer", UNUSUAL.extend_longer),
            ("release", UNUSUAL.extend_release),
        ])),
        field("until", UNUSUAL.preserve_until, UNUSUAL.day_hint, Kind::Line),
    ];
}

impl Act<'_> {
    /// Does one of these steps.
    pub(super) async fn unusual(&self, code: &str) -> Result<(), Refused> {
        let (id, expected, officer) = (self.case.id, self.expected, self.officer);
        let fact = match code {
            "emergency" => {
                let reason = self.needed("reason")?;
                self.chosen("what", |what| match what {
                    "ask" => Some(ProcessFact::EmergencyAsked {
                        reason: reason.clone(),
                    }),
                    "decline" => Some(ProcessFact::EmergencyDeclined {
                        reason: reason.clone(),
                    }),
                    _ => None,
                })?
            }
            "emergency-approve" => ProcessFact::EmergencyApproved {
                items: self.items()?,
                reason: self.needed("reason")?,
            },
            "narrow" => ProcessFact::Narrowed {
                lines: self.narrowed()?,
                document: self.document()?,
            },
            "override" => ProcessFact::CourtOrdered {
                document: self.decided()?,
                guard: self.coded("guard")?,
                step: self.coded("step")?,
            },
            "preserve" => {
                let columns = self.items()?.into_iter().map(|item| item.column).collect();
                let until = self.day("until")?;
                self.desk.preserve(officer, id, expected, columns, until).await?;
                return Ok(());
            }
            "preserve-until" => {
                let longer = self.chosen("what", |what| match what {
                    "longer" => Some(true),
                    "release" => Some(false),
                    _ => None,
                })?;
                let until = if longer { Some(self.day("until")?) } else { None };
                self.desk.preserve_until(officer, id, expected, until).await?;
                return Ok(());
            }
            _ => return self.rare(code).await,
        };
        self.record(vec![Fact::Process(fact)]).await
    }

    pub(super) fn narrowed(&self) -> Result<Vec<NarrowedLine>, Refused> {
        let text = self.needed("lines")?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let read = |line: &str| {
            let (of, words) = line.split_once('=')?;
            Some(NarrowedLine {
                of: of.trim().parse().ok()?,
                line: category::line(Inventory::builtin(), words.trim()),
            })
        };
        lines
            .map(read)
            .collect::<Option<_>>()
            .ok_or_else(|| Refused::invalid("lines", UNUSUAL.wrong_lines))
    }
}
