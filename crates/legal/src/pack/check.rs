//! What makes a pack contradict itself. Each is an error that says where.

use std::collections::{BTreeMap, BTreeSet};

use bauta_inventory::{Eu, Us};

use super::{Binds, Calendar, CheckText, Compels, Count, GENERAL, Holiday, Instrument, Notifies, RulePack};
use crate::{Bucket, DefectCode, LogRule};

/// What is wrong in a file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rules/{file}.toml: {says}")]
pub struct Invalid {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub says: String,
}

impl Invalid {
    pub(super) fn new(file: &str, says: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            says: says.into(),
        }
    }
}

/// Checks that every instrument may have without words of its own.
const ALWAYS: [DefectCode; 10] = [
    DefectCode::DueBeforeService,
    DefectCode::ReturnDatePast,
    DefectCode::IssuerUnverified,
    DefectCode::NotSigned,
    DefectCode::NotSpecific,
    DefectCode::WrongEntity,
    DefectCode::ContentWithoutWarrant,
    DefectCode::SecrecyOnlyRequested,
    DefectCode::NoSuchTarget,
    DefectCode::ImpossibleDate,
];

/// The longest count of a deadline.
const LONGEST: u16 = 3660;

/// Calendars by name.
pub(super) fn calendars(all: Vec<Calendar>) -> Result<BTreeMap<String, Calendar>, Invalid> {
    let mut calendars = BTreeMap::new();
    for calendar in all {
        let wrong = |says: &str| Invalid::new(GENERAL, format!("calendar `{}`: {says}", calendar.id));
        let week: BTreeSet<_> = calendar.weekend.iter().collect();
        if week.len() > 6 {
            return Err(wrong("a week needs a day that is not off"));
        }
        if calendar.holidays.len() > 366 {
            return Err(wrong("it has more than 366 holidays"));
        }
        for holiday in &calendar.holidays {
            let exists = match holiday {
                Holiday::Yearly(one) => bauta_model::Day::from_civil(2024, one.month, one.day).is_some(),
                Holiday::Nth(one) => {
                    (1..=12).contains(&one.month) && (one.which == -1 || (1..=4).contains(&one.which))
                }
                Holiday::Easter(one) => (-100..=100).contains(&one.days),
                Holiday::Once(_) => true,
            };
            if !exists {
                return Err(wrong(&format!("there is no such day as `{}`", holiday.name())));
            }
        }
        let id = calendar.id.clone();
        if calendars.insert(id.clone(), calendar).is_some() {
            return Err(Invalid::new(
                GENERAL,
                format!("calendar `{id}` stands there twice"),
            ));
        }
    }
    places(&calendars)?;
    Ok(calendars)
}

/// Whether it is clear which calendar counts in a time zone.
fn places(calendars: &BTreeMap<String, Calendar>) -> Result<(), Invalid> {
    let mut taken = BTreeSet::new();
    for calendar in calendars.values() {
        let wrong = |says: String| Invalid::new(GENERAL, format!("calendar `{}`: {says}", calendar.id));
        let Some(place) = &calendar.in_place_of else {
            if calendar.zones.is_empty() {
                continue;
            }
            return Err(wrong("its zones need an `in_place_of`".to_owned()));
        };
        if calendars
            .get(place)
            .is_none_or(|other| other.in_place_of.is_some())
        {
            return Err(wrong(format!("it can't take the place of `{place}`")));
        }
        for zone in &calendar.zones {
            if !crate::deadline::is_zone(zone) {
                return Err(wrong(format!("`{zone}` is no IANA time zone")));
            }
            if !taken.insert((place, zone)) {
                return Err(wrong(format!(
                    "another one takes the place of `{place}` in {zone}"
                )));
            }
        }
    }
    Ok(())
}

/// The whole pack.
pub(super) fn pack(pack: &RulePack) -> Result<(), Invalid> {
    if pack.version.trim().is_empty() {
        return Err(Invalid::new(GENERAL, "the version is empty"));
    }
    if !crate::deadline::is_zone(&pack.zone) {
        return Err(Invalid::new(
            GENERAL,
            format!("`{}` is no IANA time zone", pack.zone),
        ));
    }
    for code in ALWAYS {
        if !pack.general_checks().contains_key(&code) {
            return Err(Invalid::new(GENERAL, format!("the check `{code}` is missing")));
        }
    }
    if let Some(code) = pack.general_checks().keys().find(|code| !ALWAYS.contains(code)) {
        return Err(Invalid::new(
            GENERAL,
            format!("the check `{code}` depends on the instrument: it stands there"),
        ));
    }
    texts(GENERAL, pack.general_checks())?;
    pack.instruments().try_for_each(|one| instrument(pack, one))
}

fn texts(file: &str, checks: &BTreeMap<DefectCode, CheckText>) -> Result<(), Invalid> {
    let empty = checks
        .iter()
        .find(|(_, text)| text.rule.trim().is_empty() || text.source.trim().is_empty());
    match empty {
        Some((code, _)) => Err(Invalid::new(
            file,
            format!("the check `{code}` needs a rule and a source"),
        )),
        None => Ok(()),
    }
}

fn instrument(pack: &RulePack, one: &Instrument) -> Result<(), Invalid> {
    let file = one.id.as_str();
    let fail = |says: &str| Err(Invalid::new(file, says));
    let texts_there = [
        &one.name,
        &one.compels_text,
        &one.authorised_by,
        &one.binds_text,
        &one.notice_text,
        &one.standard,
    ];
    if texts_there.iter().any(|text| text.trim().is_empty())
        || one.sources.iter().all(|text| text.trim().is_empty())
    {
        return fail("a text is empty, or there is no source");
    }
    if one.authority.is_empty() {
        return fail("it rests on no law: say `none` where there is none");
    }
    texts(file, &one.checks)?;
    if let Some(contradiction) = contradictions(one) {
        return fail(contradiction);
    }
    let mut names = BTreeSet::new();
    for deadline in &one.deadlines {
        let fail = |says: String| {
            Err(Invalid::new(
                file,
                format!("deadline `{}`: {says}", deadline.name),
            ))
        };
        if deadline.name.is_empty() || !names.insert(&deadline.name) {
            return fail("it has no name, or one that stands there twice".to_owned());
        }
        if ["due", "appearance", "notice_window"].contains(&deadline.name.as_str()) {
            return fail("that name is the desk's own".to_owned());
        }
        if deadline.length == 0 || deadline.length > LONGEST {
            return fail(format!("its length is 1 to {LONGEST}"));
        }
        if pack.calendar(&deadline.calendar).is_none() {
            return fail(format!("there is no calendar `{}`", deadline.calendar));
        }
        if deadline.source.trim().is_empty() || deadline.label.trim().is_empty() {
            return fail("it needs a label and a source".to_owned());
        }
        if deadline.count == Count::Hours && deadline.length > 1000 {
            return fail("more than 1000 hours are days".to_owned());
        }
    }
    Ok(())
}

/// What can't be true at once.
fn contradictions(one: &Instrument) -> Option<&'static str> {
    let compels = |class| one.compels.contains(&class);
    let binds_alone = matches!(one.binds, Binds::Yes | Binds::UntilObjection);
    let content = [Compels::Us(Us::PrivateContent), Compels::Eu(Eu::Content)]
        .into_iter()
        .any(|class| compels(class) && !one.judge_for.contains(&class));
    let has = |code| one.checks.contains_key(&code);
    let rules: [(bool, &'static str); 14] = [
        (
            !one.judge_for.is_subset(&one.compels),
            "a judge for what it does not compel",
        ),
        (
            one.hold_only && !one.compels.is_empty(),
            "a hold only, and yet it compels records",
        ),
        (
            one.binds == Binds::Voluntary && !one.compels.is_empty(),
            "voluntary, and yet it compels records",
        ),
        (
            binds_alone && has(DefectCode::NotSelfExecuting),
            "it binds by itself, and yet `not_self_executing` is checked",
        ),
        (
            content && !one.judge,
            "it compels private content without a judge",
        ),
        (
            one.emergency && one.binds != Binds::Voluntary,
            "an emergency is voluntary",
        ),
        (
            (one.bucket == Bucket::Band) != (one.log == LogRule::Band),
            "what is counted in a band has no entry in the log, and nothing else has none",
        ),
        (
            compels(Compels::AsUnderlying) != (one.binds == Binds::AsUnderlying),
            "it compels as the process that it arrives as, and binds otherwise, or the reverse",
        ),
        (
            one.notice == Notifies::AsUnderlying && !compels(Compels::AsUnderlying),
            "notice as with the process that it arrives as, and it arrives as none",
        ),
        (
            (compels(Compels::AsUnderlying) || compels(Compels::AsCited)) && one.compels.len() > 1,
            "it compels what another document says, and more",
        ),
        (
            one.binds == Binds::AsCited && one.judge,
            "it binds as it cites, and needs a judge whatever it cites",
        ),
        (
            one.skip.iter().any(|code| one.checks.contains_key(code)),
            "a check is left out and stands there",
        ),
        (
            one.skip.iter().any(|code| !ALWAYS.contains(code)),
            "a check is left out that nobody makes",
        ),
        (
            has(DefectCode::TooLittleTime) != one.least_time.is_some(),
            "`too_little_time` and `least_time` need each other",
        ),
    ];
    let ranked = one.judge || !one.ranks.is_empty();
    let unranked = (ranked != has(DefectCode::IssuerBelowRank))
        .then_some("`issuer_below_rank` and a rank or a judge need each other");
    rules
        .into_iter()
        .find(|(wrong, _)| *wrong)
        .map(|(_, says)| says)
        .or(unranked)
}
