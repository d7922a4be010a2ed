//! The columns that the template of the Digital Services Act asks for, for each order of an authority in the Union.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::median;
use crate::record::{Eu, Half, Tally};

/// Orders of one half-year, instrument and member state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EuRow {
    /// The half-year of receipt.
    pub half: Half,
    /// The rule pack's id: an order to inform (Art. 10) or to act (Art. 9), an order of another Union act, or
    /// of a national law.
    pub instrument: String,
    /// ISO 3166 code of the member state, or nothing where it was not written down.
    pub state: String,
    /// Orders.
    pub orders: u32,
    /// Pieces of information or items that they name.
    pub items: u32,
    /// Median hours until an order was acknowledged; of an even number the lower of the two in the middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_hours_to_acknowledge: Option<u32>,
    /// Median hours until an order was given effect, in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_hours_to_effect: Option<u32>,
}

/// Every row, in the order of its key.
pub fn rows(tallies: &[Tally]) -> Vec<EuRow> {
    let mut by_key: BTreeMap<(Half, &str, &str), Vec<&Eu>> = BTreeMap::new();
    for tally in tallies {
        if let Some(eu) = &tally.eu {
            by_key
                .entry((
                    tally.half,
                    &tally.instrument,
                    eu.state.as_deref().unwrap_or_default(),
                ))
                .or_default()
                .push(eu);
        }
    }
    by_key
        .into_iter()
        .map(|((half, instrument, state), of)| EuRow {
            half,
            instrument: instrument.to_owned(),
            state: state.to_owned(),
            orders: of.len() as u32,
            items: of.iter().fold(0, |sum, eu| sum.saturating_add(eu.items)),
            median_hours_to_acknowledge: median(of.iter().filter_map(|eu| eu.hours_to_acknowledge).collect()),
            median_hours_to_effect: median(of.iter().filter_map(|eu| eu.hours_to_effect).collect()),
        })
        .collect()
}
