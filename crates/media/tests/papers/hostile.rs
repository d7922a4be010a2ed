//! Papers that lie, break off, or want more than they may have.

use bauta_media::{MAX_FILE_BYTES, PaperError};
use proptest::prelude::*;

use super::{build, draw};

async fn refused(bytes: &[u8]) -> PaperError {
    draw(bytes).await.unwrap_err()
}

#[tokio::test]
async fn a_file_that_is_no_paper_is_refused() {
    for lie in [&b"MZ\x90"[..], b"", b"<html>%PDF-1.7", b"PK\x03\x04", b"{\\rtf1}"] {
        assert_eq!(refused(lie).await, PaperError::Format);
    }
    assert_eq!(
        refused(b"%PDF-1.7\nnothing of it is true\n%%EOF\n").await,
        PaperError::Unreadable
    );
    assert_eq!(
        refused(&vec![b'%'; MAX_FILE_BYTES + 1]).await,
        PaperError::TooLarge
    );
    // Says that it is a picture, and is a paper.
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.extend_from_slice(&build::simple(""));
    assert_eq!(refused(&picture).await, PaperError::Unreadable);
}

#[tokio::test]
async fn a_paper_without_its_end_is_not_mended_in_silence() {
    let whole = build::simple("BT /F 40 Tf 20 30 Td (HELD) Tj ET");
    for part in [whole.len() / 2, whole.len() - 7] {
        assert_eq!(refused(&whole[..part]).await, PaperError::CutOff);
    }
}

#[tokio::test]
async fn a_locked_paper_says_that_it_is_locked() {
    let locked = build::trailer(
        &[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_vec(),
            format!(
                "<</Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>>>",
                "41".repeat(32),
                "42".repeat(32)
            )
            .into_bytes(),
        ],
        "/Encrypt 4 0 R/ID[<00><00>]",
    );
    assert_eq!(refused(&locked).await, PaperError::Locked);
}

#[tokio::test]
async fn a_bomb_kills_its_child_and_nothing_else() {
    // 16 MiB of commands from some KiB; a picture that claims 10¹⁰ pixels; layers without end; a stack without end.
    let commands = "q 0 0 200 100 re W n 0 0 m 200 100 l S ".repeat(400_000);
    let nested = build::file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
            .to_vec(),
        build::stream("", b"/X Do"),
        build::stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</X 5 0 R>>>>",
            b"/X Do /X Do /X Do",
        ),
    ]);
    let giant = build::file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
            .to_vec(),
        build::stream("", b"200 0 0 100 0 0 cm /X Do"),
        build::packed(
            "/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceRGB/BitsPerComponent 8",
            &vec![0; 4 << 20],
        ),
    ]);
    for bomb in [
        build::simple(&commands),
        nested,
        giant,
        build::simple(&"[".repeat(2_000_000)),
    ] {
        match draw(&bomb).await {
            Ok(page) => assert!(page.width <= 2400 && page.height <= 2400),
            Err(error) => assert_eq!(error, PaperError::Unreadable),
        }
    }
    // The next one is drawn as if nothing had been.
    assert!(draw(&build::simple("")).await.is_ok());
}

#[tokio::test]
async fn absurd_pages_stay_within_the_limits() {
    let sized = |media: &str| {
        build::file(&[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            format!("<</Type/Page/Parent 2 0 R/MediaBox[{media}]>>").into_bytes(),
        ])
    };
    for media in [
        "0 0 1000000 1000000",
        "0 0 0.001 14400",
        "0 0 -200 -100",
        "0 0 0 0",
        "1 2",
        "0 0 1e38 1e38",
    ] {
        if let Ok(page) = draw(&sized(media)).await {
            assert!(
                (1..=2400).contains(&page.width) && (1..=2400).contains(&page.height),
                "{media}"
            );
        }
    }
}

#[tokio::test]
async fn a_paper_of_many_pages_is_refused_and_a_loop_of_pages_ends() {
    let ids: Vec<String> = (3..304).map(|id| format!("{id} 0 R")).collect();
    let kids = ids.join(" ");
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_vec();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Count 301/Kids[{kids}]>>").into_bytes(),
    ];
    objects.resize(2 + 301, page);
    assert_eq!(refused(&build::file(&objects)).await, PaperError::TooManyPages);
    let endless = build::file(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>".to_vec(),
    ]);
    assert_eq!(refused(&endless).await, PaperError::Unreadable);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A flipped or cut paper is drawn or refused; the parent never fails.
    #[test]
    fn a_damaged_paper_harms_nobody(at in any::<prop::sample::Index>(), bit in 0..8u8, cut in 0..40usize) {
        let mut paper = build::marked("kestrel7731");
        let index = at.index(paper.len());
        paper[index] ^= 1 << bit;
        paper.truncate(paper.len() - cut);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        match runtime.block_on(draw(&paper)) {
            Ok(page) => prop_assert!(page.width > 0 && page.height > 0),
            Err(error) => prop_assert!(!error.is_ours(), "{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The entry of the fuzz target, over papers damaged in several places.
    #[test]
    fn the_reader_alone_survives_damage(
        spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut paper = build::marked("kestrel7731");
        for (at, byte) in spots {
            let index = at.index(paper.len());
            paper[index] = byte;
        }
        bauta_media::fuzz_paper(&paper);
    }
}
