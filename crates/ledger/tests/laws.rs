//! The laws of the formats over hostile bytes: the same functions that the fuzz targets run, so that those can't rot.

#[path = "laws/bundles.rs"]
mod bundles;
#[path = "laws/checkpoints.rs"]
mod checkpoints;
#[path = "laws/notes.rs"]
mod notes;
#[path = "laws/policies.rs"]
mod policies;
#[path = "laws/proofs.rs"]
mod proofs;

use proptest::prelude::*;

/// Pieces that mean something to a reader of these formats, in any order, between any bytes.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "log.example\n",
        "12\n",
        "0\n",
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "\n",
        "\n\n",
        "\u{2014} log.example AAAAAAAA\n",
        "\u{2014} w AAAAAAA=\n",
        "\u{2014} ",
        "c2sp.org/tlog-proof@v1\n",
        "extra AA==\n",
        "index 3\n",
        "index 0\n",
        "old 0\n",
        "log ",
        "witness ",
        "group ",
        "quorum ",
        "none\n",
        "any ",
        "all ",
        "2 ",
        " ",
        "\t",
        "#",
        "W ",
        "w.example+8b76dffc+BDDFVOH9Lq+4xAQJuV3cx7D2gFWNIW8dSMOFnHVf8TNz\n",
        "\0\x02ab",
        "\0\0",
        "\u{ff}",
        "bauta.ledger/promise/v1\n",
        "old 5\n",
    ]);
    let piece = prop_oneof![
        5 => known.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_format_reads_hostile_bytes_and_spells_what_it_reads_in_one_way(bytes in hostile()) {
        notes::check(&bytes);
        checkpoints::check(&bytes);
        proofs::check(&bytes);
        policies::check(&bytes);
        bundles::check(&bytes);
    }
}

#[test]
fn the_laws_reach_beyond_the_first_refusal() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let checkpoint = format!("log.example\n12\n{root}\n\n\u{2014} log.example AAAAAAAA\n");
    assert!(notes::check(checkpoint.as_bytes()));
    assert!(checkpoints::check(checkpoint.as_bytes()));
    let proof = format!("c2sp.org/tlog-proof@v1\nextra AA==\nindex 3\n{root}\n\n{checkpoint}");
    assert!(proofs::check(proof.as_bytes()));
    assert!(policies::check(b"quorum none\n"));
    assert!(bundles::check(b"\x02\0\x02ab\0\0"));
}

/// A seed that is refused at once leads a fuzzer nowhere.
#[test]
fn every_seed_of_the_fuzz_targets_is_read() {
    let laws: [(&str, fn(&[u8]) -> bool); 5] = [
        ("notes", notes::check),
        ("checkpoints", checkpoints::check),
        ("proofs", proofs::check),
        ("policies", policies::check),
        ("bundles", bundles::check),
    ];
    for (target, law) in laws {
        let folder = format!("{}/../../fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
        let seeds: Vec<_> = std::fs::read_dir(&folder)
            .expect("the seeds are there")
            .flatten()
            .collect();
        assert!(!seeds.is_empty(), "{target}");
        for seed in seeds {
            let bytes = std::fs::read(seed.path()).expect("a seed");
            assert!(law(&bytes), "{target}: {:?}", seed.file_name());
            assert!(bytes.len() < 4096, "seeds are small");
        }
    }
}
