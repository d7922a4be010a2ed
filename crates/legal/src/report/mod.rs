//! The public report: a fold over the opened entries of the log, and nothing else. Whoever has the log gets the same.

mod case;
mod counts;
mod eu;
pub mod package;
pub mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::record::{self, Band, Entry, Half, Paper, PublicId, Step, Tally, Uncountable, Version};

pub use case::{Case, Outcome, cases};
pub use counts::Counts;
pub use eu::EuRow;

/// An entry of the log whose opening is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// Its place in the log.
    pub index: u64,
    /// What it says.
    pub entry: Entry,
}

/// Figures of one half-year, instrument and issuer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The half-year of receipt.
    pub half: Half,
    /// The rule pack's bucket.
    pub bucket: String,
    /// The rule pack's id of the instrument.
    pub instrument: String,
    /// The office.
    pub issuer: String,
    /// The rank, or nothing.
    pub rank: String,
    /// The figures.
    pub counts: Counts,
}

/// Figures of a half-year.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The half-year of receipt.
    pub half: Half,
    /// The figures.
    pub counts: Counts,
}

/// A figure that was corrected: an entry that took the place of an earlier one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Place in the log of the entry that corrects.
    pub index: u64,
    /// The demand, or the half-year of a band.
    pub of: String,
    /// Counted from 1.
    pub revision: u32,
}

/// The report as data. Rows are in the order of their keys, so that the same entries give the same bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of the form.
    pub v: Version,
    /// How many opened entries it was made from.
    pub entries: u64,
    /// Everything together.
    pub total: Counts,
    /// By half-year.
    pub periods: Vec<Period>,
    /// By half-year, instrument and issuer.
    pub rows: Vec<Row>,
    /// Orders of authorities in the Union, by half-year, instrument and member state.
    pub eu: Vec<EuRow>,
    /// National-security process, by half-year.
    pub bands: Vec<Band>,
    /// What was corrected since.
    pub revisions: Vec<Revision>,
    /// Demands whose case has a page.
    pub cases: Vec<PublicId>,
}

/// Opened entries that can't all be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// Two entries of one demand or half-year have the same revision, or one between is missing.
    #[error("{of}: revision {revision} is missing, or is there twice")]
    Revisions {
        /// The demand or half-year.
        of: String,
        /// The revision that should be there once.
        revision: u32,
    },
    /// Two steps of one demand have the same number, or one between is missing.
    #[error("demand {demand}: step {step} is missing, or is there twice")]
    Steps {
        /// The demand.
        demand: PublicId,
        /// The step that should be there once.
        step: u32,
    },
    /// Two documents of one demand have the same number.
    #[error("demand {demand}: document {number} is there twice")]
    Papers {
        /// The demand.
        demand: PublicId,
        /// The document.
        number: u32,
    },
    /// Opened steps are no story of a demand.
    #[error("demand {demand}: {why}")]
    Illegal {
        /// The demand.
        demand: PublicId,
        /// What is wrong.
        why: Uncountable,
    },
    /// A tally is not what the steps say that it counts.
    #[error("demand {demand}: its line in the report is not what its steps come to")]
    Tally {
        /// The demand.
        demand: PublicId,
    },
}

/// Folds the opened entries of a log into the report. Their order does not matter.
///
/// A demand counts by its opened steps; where they are sealed, by its newest tally.
///
/// # Errors
/// [`Contradiction`] where entries can't all be true.
pub fn fold(opened: &[Opened]) -> Result<Report, Contradiction> {
    let newest = newest_tallies(opened)?;
    let (bands, band_revisions) = newest_bands(opened)?;
    let mut revisions: Vec<Revision> = newest
        .values()
        .flat_map(|newest| newest.revisions.clone())
        .collect();
    revisions.extend(band_revisions);
    revisions.sort();
    let mut tallies: BTreeMap<&PublicId, Tally> = BTreeMap::new();
    for (demand, steps) in stories(opened)? {
        let counted = by_steps(demand, &steps, newest.get(demand).map(|newest| &newest.tally))?;
        tallies.insert(demand, counted);
    }
    for (demand, newest) in newest {
        tallies.entry(demand).or_insert(newest.tally);
    }
    let tallies: Vec<Tally> = tallies.into_values().collect();
    let mut report = of_tallies(opened.len() as u64, &tallies, bands, revisions);
    report.cases = cases(opened)?.into_iter().map(|case| case.demand).collect();
    Ok(report)
}

/// The opened steps of each demand, in their order, without a gap.
pub fn stories(opened: &[Opened]) -> Result<BTreeMap<&PublicId, Vec<Step>>, Contradiction> {
    let mut stories: BTreeMap<&PublicId, Vec<Step>> = BTreeMap::new();
    for Opened { entry, .. } in opened {
        if let Entry::Step(step) = entry {
            stories.entry(&step.demand).or_default().push((**step).clone());
        }
    }
    for (demand, steps) in &mut stories {
        steps.sort_by_key(|step| step.n);
        for (expected, step) in (0..).zip(steps.iter()) {
            if step.n != expected {
                return Err(Contradiction::Steps {
                    demand: (*demand).clone(),
                    step: expected.min(step.n),
                });
            }
        }
    }
    Ok(stories)
}

/// The published documents of each demand, by number.
fn papers(opened: &[Opened]) -> Result<BTreeMap<&PublicId, BTreeMap<u32, &Paper>>, Contradiction> {
    let mut papers: BTreeMap<&PublicId, BTreeMap<u32, &Paper>> = BTreeMap::new();
    for Opened { entry, .. } in opened {
        if let Entry::Paper(paper) = entry
            && papers
                .entry(&paper.demand)
                .or_default()
                .insert(paper.number, paper)
                .is_some()
        {
            return Err(Contradiction::Papers {
                demand: paper.demand.clone(),
                number: paper.number,
            });
        }
    }
    Ok(papers)
}

/// What the steps come to. A tally says how many of them it counted, and has to be what those come to.
fn by_steps(demand: &PublicId, steps: &[Step], told: Option<&Tally>) -> Result<Tally, Contradiction> {
    let illegal = |why| Contradiction::Illegal {
        demand: demand.clone(),
        why,
    };
    if let Some(told) = told {
        let counted = steps.get(..told.steps as usize);
        let again = counted
            .map(|steps| record::tally(steps, told.revision))
            .transpose();
        if again.map_err(illegal)?.as_ref() != Some(told) {
            return Err(Contradiction::Tally {
                demand: demand.clone(),
            });
        }
    }
    record::tally(steps, told.map_or(0, |told| told.revision)).map_err(illegal)
}

fn of_tallies(entries: u64, tallies: &[Tally], bands: Vec<Band>, revisions: Vec<Revision>) -> Report {
    let renewed: BTreeSet<&PublicId> = tallies.iter().filter_map(|tally| tally.renews.as_ref()).collect();
    let is_renewed = |tally: &Tally| renewed.contains(&tally.demand);
    let mut periods: BTreeMap<Half, Vec<&Tally>> = BTreeMap::new();
    let mut rows: BTreeMap<RowKey<'_>, Vec<&Tally>> = BTreeMap::new();
    for tally in tallies {
        periods.entry(tally.half).or_default().push(tally);
        rows.entry(row_key(tally)).or_default().push(tally);
    }
    Report {
        v: Version,
        entries,
        total: Counts::of(tallies, is_renewed),
        periods: periods
            .into_iter()
            .map(|(half, of)| Period {
                half,
                counts: Counts::of(of, is_renewed),
            })
            .collect(),
        rows: rows
            .into_iter()
            .map(|((half, bucket, instrument, issuer, rank), of)| Row {
                half,
                bucket: bucket.to_owned(),
                instrument: instrument.to_owned(),
                issuer: issuer.to_owned(),
                rank: rank.to_owned(),
                counts: Counts::of(of, is_renewed),
            })
            .collect(),
        eu: eu::rows(tallies),
        bands,
        revisions,
        cases: Vec::new(),
    }
}

type RowKey<'a> = (Half, &'a str, &'a str, &'a str, &'a str);

fn row_key(tally: &Tally) -> RowKey<'_> {
    (
        tally.half,
        &tally.bucket,
        &tally.instrument,
        &tally.issuer,
        &tally.rank,
    )
}

/// The tally of a demand that counts, and the corrections that led to it.
struct Newest {
    tally: Tally,
    revisions: Vec<Revision>,
}

fn newest_tallies(opened: &[Opened]) -> Result<BTreeMap<&PublicId, Newest>, Contradiction> {
    let mut by_demand: BTreeMap<&PublicId, Vec<(u32, u64, &Tally)>> = BTreeMap::new();
    for Opened { index, entry } in opened {
        if let Entry::Tally(tally) = entry {
            by_demand
                .entry(&tally.demand)
                .or_default()
                .push((tally.revision, *index, tally));
        }
    }
    let newest = by_demand.into_iter().map(|(demand, mut of)| {
        let revisions = in_order(demand.as_str(), &mut of)?;
        let (_, _, tally) = of[of.len() - 1];
        let newest = Newest {
            tally: tally.clone(),
            revisions,
        };
        Ok((demand, newest))
    });
    newest.collect()
}

fn newest_bands(opened: &[Opened]) -> Result<(Vec<Band>, Vec<Revision>), Contradiction> {
    let mut by_half: BTreeMap<Half, Vec<(u32, u64, &Band)>> = BTreeMap::new();
    for Opened { index, entry } in opened {
        if let Entry::Band(band) = entry {
            by_half
                .entry(band.half)
                .or_default()
                .push((band.revision, *index, band));
        }
    }
    let (mut bands, mut revisions) = (Vec::new(), Vec::new());
    for (half, mut of) in by_half {
        revisions.extend(in_order(&half.to_string(), &mut of)?);
        bands.push(of[of.len() - 1].2.clone());
    }
    Ok((bands, revisions))
}

/// Sorts entries by their revision, which counts from 0 without a gap, and tells which of them correct.
fn in_order<T>(of: &str, entries: &mut [(u32, u64, &T)]) -> Result<Vec<Revision>, Contradiction> {
    entries.sort_by_key(|(revision, index, _)| (*revision, *index));
    for (expected, (revision, ..)) in (0..).zip(entries.iter()) {
        if *revision != expected {
            return Err(Contradiction::Revisions {
                of: of.to_owned(),
                revision: expected.min(*revision),
            });
        }
    }
    let later = entries.iter().skip(1).map(|(revision, index, _)| Revision {
        index: *index,
        of: of.to_owned(),
        revision: *revision,
    });
    Ok(later.collect())
}
