//! The page of the manual agrees with the pack.

use std::fs;
use std::path::Path;

use bauta_legal::RulePack;
use bauta_legal::pack::markdown;

/// `BAUTA_BLESS=1 cargo test -p bauta-legal` writes the page anew.
#[test]
fn the_page_of_the_manual_is_made_from_the_pack() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/legal-rules.md");
    let made = markdown(RulePack::built_in());
    if std::env::var_os("BAUTA_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/legal-rules.md is old: run BAUTA_BLESS=1 cargo test -p bauta-legal"
    );
}

#[test]
fn the_page_says_that_it_is_no_advice_and_names_every_instrument() {
    let made = markdown(RulePack::built_in());
    assert!(made.contains(bauta_legal::NOT_ADVICE));
    for row in RulePack::built_in().instruments() {
        assert!(made.contains(&format!("\n## {}\n", row.name)));
        assert!(row.sources.iter().all(|source| made.contains(source)));
    }
}
