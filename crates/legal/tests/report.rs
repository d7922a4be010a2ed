//! The report is a fold over opened entries: what it counts, and what it refuses to count.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use bauta_legal::record::{Band, Entry, Eu, Given, Half, PublicId, Secrecy, Span, Tally, Version};
use bauta_legal::report::{Contradiction, Opened, fold};
use proptest::prelude::*;

fn id(number: u64) -> PublicId {
    PublicId::read(&format!("{number:016x}")).unwrap()
}

fn tally(number: u64) -> Tally {
    Tally {
        v: Version,
        demand: id(number),
        revision: 0,
        steps: 1,
        half: Half::read("2017-H1").unwrap(),
        instrument: "administrative-summons".to_owned(),
        bucket: "administrative".to_owned(),
        issuer: "Waterways Office".to_owned(),
        rank: String::new(),
        asked: 1,
        affected: 0,
        notified: 0,
        given: Given::Nothing,
        nothing_held: false,
        refused: false,
        withdrawn: false,
        quashed: false,
        challenged_by_provider: false,
        challenged_by_user: false,
        secrecy: Secrecy::None,
        days_to_notice: None,
        notice_delayed: false,
        notice_exceptions: 0,
        renews: None,
        one_officer: false,
        closed: true,
        eu: None,
    }
}

fn log(entries: impl IntoIterator<Item = Entry>) -> Vec<Opened> {
    (0..)
        .zip(entries)
        .map(|(index, entry)| Opened { index, entry })
        .collect()
}

#[test]
fn an_empty_log_has_an_empty_report() {
    let report = fold(&[]).unwrap();
    assert_eq!((report.entries, report.total.demands), (0, 0));
    assert_eq!(report.total.median_days_to_notice, None);
    assert!(report.rows.is_empty() && report.periods.is_empty() && report.bands.is_empty());
}

#[test]
fn a_demand_that_was_withdrawn_and_came_again_is_told_as_numbers() {
    let first = Tally {
        withdrawn: true,
        challenged_by_provider: true,
        notified: 1,
        days_to_notice: Some(23),
        secrecy: Secrecy::Requested,
        ..tally(1)
    };
    let again = Tally {
        renews: Some(id(1)),
        half: Half::read("2017-H2").unwrap(),
        closed: false,
        ..tally(2)
    };
    let report = fold(&log([Entry::from(first), Entry::from(again)])).unwrap();
    let total = &report.total;
    assert_eq!((total.demands, total.withdrawn, total.renewed), (2, 1, 1));
    assert_eq!((total.secrecy_requested, total.secrecy_binding), (1, 0));
    assert_eq!((total.noticed, total.median_days_to_notice), (1, Some(23)));
    assert_eq!((total.open, total.challenged_by_provider), (1, 1));
    let halves: Vec<String> = report
        .periods
        .iter()
        .map(|period| period.half.to_string())
        .collect();
    assert_eq!(halves, ["2017-H1", "2017-H2"]);
    assert_eq!(report.rows.len(), 2);
}

#[test]
fn the_newest_revision_counts_and_the_correction_is_told() {
    let corrected = Tally {
        revision: 1,
        nothing_held: true,
        ..tally(1)
    };
    let report = fold(&log([Entry::from(tally(1)), Entry::from(corrected)])).unwrap();
    assert_eq!((report.total.demands, report.total.nothing_held), (1, 1));
    assert_eq!((report.revisions[0].index, report.revisions[0].revision), (1, 1));
}

#[test]
fn a_missing_or_a_doubled_revision_is_a_contradiction() {
    let third = Tally {
        revision: 2,
        ..tally(1)
    };
    let missing = fold(&log([Entry::from(tally(1)), Entry::from(third)]));
    assert!(matches!(
        missing,
        Err(Contradiction::Revisions { revision: 1, .. })
    ));
    let doubled = fold(&log([Entry::from(tally(1)), Entry::from(tally(1))]));
    assert!(matches!(
        doubled,
        Err(Contradiction::Revisions { revision: 0, .. })
    ));
}

#[test]
fn national_security_process_is_a_band_that_none_and_one_share() {
    let band = |revision, process| {
        Entry::Band(Band {
            v: Version,
            half: Half::read("2017-H1").unwrap(),
            revision,
            process: Span::of(process),
            selectors: Span::of(0),
        })
    };
    assert_eq!(
        fold(&log([band(0, 0)])).unwrap(),
        fold(&log([band(0, 1)])).unwrap()
    );
    let report = fold(&log([band(0, 0), band(1, 250)])).unwrap();
    assert_eq!(report.bands.len(), 1);
    assert_eq!(
        (report.bands[0].process.low(), report.bands[0].process.high()),
        (250, 499)
    );
    assert_eq!(report.revisions.len(), 1);
}

#[test]
fn european_orders_have_their_columns() {
    let order = |number, hours| {
        Entry::from(Tally {
            eu: Some(Eu {
                state: Some("NL".to_owned()),
                items: 2,
                hours_to_acknowledge: Some(hours),
                hours_to_effect: None,
            }),
            ..tally(number)
        })
    };
    let report = fold(&log([order(1, 4), order(2, 9), order(3, 1)])).unwrap();
    let row = &report.eu[0];
    assert_eq!((row.orders, row.items), (3, 6));
    assert_eq!(
        (row.median_hours_to_acknowledge, row.median_hours_to_effect),
        (Some(4), None)
    );
}

#[test]
fn an_entry_is_read_only_as_it_is_written() {
    let bytes = Entry::from(tally(1)).to_bytes().unwrap();
    assert_eq!(Entry::parse(&bytes).unwrap(), Entry::from(tally(1)));
    let text = String::from_utf8(bytes).unwrap();
    for other in [
        text.replace("\"v\":1", "\"v\":2"),
        text.replace("\"v\":1", "\"v\":1,\"x\":1"),
        text.replace("\"tally\"", "\"tale\""),
        text.replace(":1,", ": 1,"),
        text.replace("2017-H1", "2017-H3"),
        format!("{text}\n"),
        format!("{{{}}}", "\"a\":1,".repeat(20_000)),
    ] {
        assert!(Entry::parse(other.as_bytes()).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_entries_makes_no_difference(
        flags in proptest::collection::vec(any::<[bool; 4]>(), 1..12),
        seed in any::<prop::sample::Index>(),
    ) {
        let entries: Vec<Opened> = log((0..).zip(&flags).map(|(number, [withdrawn, refused, closed, renews])| {
            Entry::from(Tally {
                withdrawn: *withdrawn,
                refused: *refused,
                closed: *closed,
                renews: (*renews && number > 0).then(|| id(number - 1)),
                ..tally(number)
            })
        }));
        let mut turned = entries.clone();
        turned.rotate_left(seed.index(entries.len()));
        let report = fold(&entries).unwrap();
        prop_assert_eq!(&report, &fold(&turned).unwrap());
        let by_row: u32 = report.rows.iter().map(|row| row.counts.demands).sum();
        prop_assert_eq!(by_row, report.total.demands);
        prop_assert!(report.total.renewed <= report.total.withdrawn);
    }
}

#[test]
fn the_data_package_names_every_file_with_its_hash_and_its_columns() {
    let odd = Tally {
        issuer: "=Office, \"abroad\"".to_owned(),
        ..tally(1)
    };
    let report = fold(&log([Entry::from(odd)])).unwrap();
    let files = bauta_legal::report::package::files(&report).unwrap();
    let last = files.last().unwrap();
    assert_eq!(last.path, "datapackage.json");
    let package: serde_json::Value = serde_json::from_slice(&last.bytes).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), files.len() - 1);
    for (file, resource) in files.iter().zip(resources) {
        assert_eq!(resource["path"], file.path.as_str());
        assert_eq!(resource["bytes"], file.bytes.len());
        let hash = format!("sha256:{}", bauta_legal::Hash::of(&file.bytes));
        assert_eq!(resource["hash"], hash.as_str());
        if file.path.ends_with(".csv") {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
            let fields = resource["schema"]["fields"].as_array().unwrap();
            let names: Vec<&str> = fields
                .iter()
                .map(|field| field["name"].as_str().unwrap())
                .collect();
            assert_eq!(header, names);
        }
    }
    let demands = files.iter().find(|file| file.path == "data/demands.csv").unwrap();
    let text = String::from_utf8(demands.bytes.clone()).unwrap();
    assert!(
        text.contains("2017-H1,administrative,administrative-summons,\"'=Office, \"\"abroad\"\"\",,1,1,0"),
        "{text}"
    );
}
