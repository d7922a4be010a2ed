//! The facial review: what can be seen without a lawyer, each with the rule, the fact and the source.

use bauta_inventory::{Inventory, Us};
use bauta_model::{CoarseTime, Day};
use serde::Serialize;

use crate::pack::{Instrument, plain};
use crate::{Binding, DefectCode, Demand, Line, NonDisclosure, RulePack, category};

/// What the review has to know beyond the paper.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// The names of whoever runs the server.
    pub entities: &'a [String],
    /// When the review is made.
    pub now: CoarseTime,
    /// How many of the accounts exist.
    pub found: u32,
    /// What is held, for the words of the lines.
    pub inventory: &'a Inventory,
}

/// A defect, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Which one.
    pub code: DefectCode,
    /// The rule.
    pub rule: String,
    /// The fact that it was found on.
    pub fact: String,
    /// Where the rule stands.
    pub source: String,
}

/// Every defect of the demand, in the order of the codes. Nothing where the pack has no such instrument.
pub fn review(demand: &Demand, pack: &RulePack, server: &Server<'_>) -> Vec<Defect> {
    let Some(row) = pack.instrument(&demand.instrument) else {
        return Vec::new();
    };
    let lines: Vec<Line> = demand
        .requested
        .iter()
        .map(|text| category::line(server.inventory, text))
        .collect();
    let view = View {
        demand,
        row,
        pack,
        server,
        lines: &lines,
    };
    let found = |code: DefectCode| {
        let text = pack.check(row, code)?;
        let fact = view.fact(code)?;
        Some(Defect {
            code,
            rule: text.rule.clone(),
            fact,
            source: text.source.clone(),
        })
    };
    DefectCode::ALL.into_iter().filter_map(found).collect()
}

struct View<'a> {
    demand: &'a Demand,
    row: &'a Instrument,
    pack: &'a RulePack,
    server: &'a Server<'a>,
    lines: &'a [Line],
}

impl View<'_> {
    /// The fact that shows the defect, or nothing.
    fn fact(&self, code: DefectCode) -> Option<String> {
        let demand = self.demand;
        match code {
            DefectCode::DueBeforeService => {
                let (served, due) = self.service_and_due()?;
                (due < served).then(|| format!("Due {}, served {}.", due.long(), served.long()))
            }
            DefectCode::ReturnDatePast => self.past_date(),
            DefectCode::TooLittleTime => self.too_little_time(),
            DefectCode::IssuerBelowRank => self.below_rank(),
            DefectCode::IssuerUnverified => (!demand.issuer_verified)
                .then(|| "Nobody has called back on a number found independently.".to_owned()),
            DefectCode::NotSigned => (!demand.signed).then(|| "It carries no signature.".to_owned()),
            DefectCode::NotSpecific => quoted("It asks for", self.lines.iter().filter(|line| line.umbrella)),
            DefectCode::OutsideScope => quoted(
                "It asks for",
                self.lines.iter().filter(|line| self.is_outside(line)),
            ),
            DefectCode::WrongEntity => self.wrong_entity(),
            DefectCode::ContentWithoutWarrant => {
                let terms = self.pack.terms(demand)?;
                let content = self
                    .lines
                    .iter()
                    .filter(|line| line.us.contains(&Us::PrivateContent));
                quoted("It asks for", content.filter(|_| !terms.compels_content()))
            }
            DefectCode::NoOffenceNamed => {
                (!demand.offence_named).then(|| "It names no law that was broken.".to_owned())
            }
            DefectCode::NotSelfExecuting => {
                let terms = self.pack.terms(demand)?;
                let binds = matches!(terms.binding, Binding::Yes | Binding::UntilObjection);
                (!binds).then(|| "No court's order came with it.".to_owned())
            }
            DefectCode::SecrecyOnlyRequested => {
                (demand.non_disclosure == NonDisclosure::Request).then(|| {
                    "It asks for silence, and neither a statute's bar nor a court's order came with it."
                        .to_owned()
                })
            }
            DefectCode::NoSuchTarget => (self.server.found < demand.accounts).then(|| {
                let (found, asked) = (self.server.found, demand.accounts);
                format!("Of {asked} accounts that it asks about, {found} exist here.")
            }),
            DefectCode::ImpossibleDate => self.impossible_dates(),
        }
    }

    fn service_and_due(&self) -> Option<(Day, Day)> {
        Some((self.demand.served.on.day()?, self.demand.due.as_ref()?.day()?))
    }

    /// The day by which a court wants it back is over. A date before service has a defect of its own.
    fn past_date(&self) -> Option<String> {
        let served = self.demand.served.on.day()?;
        let today = self.server.now.day();
        let dates = [("due", &self.demand.due), ("to appear", &self.demand.appearance)];
        let past = dates.into_iter().find_map(|(what, time)| {
            let day = time.as_ref()?.day()?;
            (day < today && (day >= served || what == "to appear")).then_some((what, day))
        });
        past.map(|(what, day)| format!("It was {what} on {}; today is {}.", day.long(), today.long()))
    }

    fn too_little_time(&self) -> Option<String> {
        let least = i32::from(self.row.least_time.as_ref()?.days);
        let (served, due) = self.service_and_due()?;
        let left = due.get() - served.get();
        (0..least)
            .contains(&left)
            .then(|| format!("It leaves {left} days; the rule leaves {least}."))
    }

    fn below_rank(&self) -> Option<String> {
        if self.row.judge {
            return (!self.demand.signed_by_judge).then(|| "No judge or court stands behind it.".to_owned());
        }
        let rank = plain(&self.demand.issuer_rank);
        let rank = rank.strip_prefix("acting ").unwrap_or(&rank);
        let judge = self.demand.signed_by_judge && self.row.ranks.contains("judge");
        let accepted = judge || self.row.ranks.iter().any(|accepted| plain(accepted) == rank);
        (!accepted).then(|| match self.demand.issuer_rank.trim() {
            "" => "It does not say which rank signed it.".to_owned(),
            rank => format!("It is signed by: {rank}."),
        })
    }

    /// What it names lies beyond what the instrument can compel. Content has a defect of its own, and so has an umbrella.
    fn is_outside(&self, line: &Line) -> bool {
        let Some(terms) = self.pack.terms(self.demand) else {
            return false;
        };
        let content = line.us.contains(&Us::PrivateContent) || line.us.contains(&Us::PublicContent);
        let known = !line.umbrella && !line.us.is_empty();
        let us = line
            .us
            .iter()
            .filter(|us| **us != Us::None)
            .all(|us| terms.us.contains(us));
        let eu = !terms.eu.is_empty() && line.eu.iter().all(|eu| terms.eu.contains(eu));
        known && !content && !us && !eu
    }

    fn wrong_entity(&self) -> Option<String> {
        let named = self.demand.entity_named.as_ref()?;
        let ours = self
            .server
            .entities
            .iter()
            .any(|entity| plain(entity) == plain(named));
        (!ours && !self.server.entities.is_empty()).then(|| format!("It is addressed to: {named}."))
    }

    fn impossible_dates(&self) -> Option<String> {
        let demand = self.demand;
        let dates = [
            ("served", Some(&demand.served.on)),
            ("due", demand.due.as_ref()),
            ("appearance", demand.appearance.as_ref()),
        ];
        let impossible = dates
            .into_iter()
            .filter_map(|(what, time)| time.filter(|time| time.is_impossible()).map(|time| (what, time)))
            .map(|(what, time)| format!("{what}: `{}`", time.text()))
            .collect::<Vec<_>>();
        (!impossible.is_empty()).then(|| format!("No calendar has {}.", impossible.join(", ")))
    }
}

/// `It asks for: “a”; “b”.`, or nothing where there is no line.
fn quoted<'a>(says: &str, lines: impl Iterator<Item = &'a Line>) -> Option<String> {
    let texts: Vec<String> = lines.map(|line| format!("“{}”", line.text)).collect();
    (!texts.is_empty()).then(|| format!("{says}: {}.", texts.join("; ")))
}
