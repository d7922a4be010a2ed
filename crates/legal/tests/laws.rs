//! Hostile rules: what fuzzing looks at, over bounded inputs.

#[path = "laws/rule_pack.rs"]
mod rule_pack;

use bauta_legal::RulePack;
use proptest::prelude::*;

/// A built-in file with some of its bytes changed, lines doubled, or cut off.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let file = 0..RulePack::files().len();
    (
        file,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0u8..5,
        any::<u8>(),
    )
        .prop_map(|(file, at, other, how, byte)| {
            let text = RulePack::files()[file].1;
            let lines: Vec<&str> = text.lines().collect();
            let (one, two) = (at.index(lines.len()), other.index(lines.len()));
            let mut bytes = text.as_bytes().to_vec();
            let place = at.index(bytes.len());
            match how {
                0 => bytes[place] = byte,
                1 => bytes.truncate(place),
                2 => bytes.extend_from_slice(lines[one].as_bytes()),
                3 => {
                    let mut swapped = lines.clone();
                    swapped.swap(one, two);
                    bytes = swapped.join("\n").into_bytes();
                }
                _ => {
                    let mut without = lines.clone();
                    without.remove(one);
                    bytes = without.join("\n").into_bytes();
                }
            }
            bytes
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn spoiled_rules_are_refused_or_read(bytes in spoiled()) {
        rule_pack::check(&bytes);
    }

    #[test]
    fn anything_is_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        rule_pack::check(&bytes);
    }
}

#[test]
fn the_extremes_of_a_rule_are_read() {
    let civil = RulePack::files()
        .iter()
        .find(|(name, _)| *name == "civil_subpoena")
        .unwrap()
        .1;
    assert!(rule_pack::check(civil.as_bytes()));
    let mine = civil.replace("id = \"civil_subpoena\"", "id = \"mine\"");
    for (from, to) in [
        ("length = 14", "length = 3660"),
        ("calendar_days", "court_days"),
        (
            "length = 14\ncount = \"calendar_days\"",
            "length = 1000\ncount = \"hours\"",
        ),
        ("from = \"served\"", "from = \"due\"\ndirection = \"before\""),
    ] {
        assert!(mine.contains(from));
        assert!(rule_pack::check(mine.replace(from, to).as_bytes()), "{to}");
    }
    let general = RulePack::files()
        .iter()
        .find(|(name, _)| *name == "general")
        .unwrap()
        .1;
    let six = "weekend = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\"]";
    assert!(rule_pack::check(general.replace("weekend = []", six).as_bytes()));
    assert!(!rule_pack::check(
        general
            .replace("weekend = []", &six.replace(']', ", \"sunday\"]"))
            .as_bytes()
    ));
}

#[test]
fn a_file_or_a_pack_that_is_too_long_is_refused() {
    let long = "# ".repeat(40_000);
    assert!(
        RulePack::load(&[("mine".to_owned(), long)])
            .unwrap_err()
            .to_string()
            .contains("longer")
    );
    let many: Vec<_> = (0..300)
        .map(|number| (format!("mine_{number}"), String::new()))
        .collect();
    assert!(RulePack::load(&many).unwrap_err().to_string().contains("256"));
}
