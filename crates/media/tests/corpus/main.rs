//! Law 7: media is rebuilt, never stripped. Pictures with a mark in every place that is known to hold more than pixels
//! go in; of what comes out, no byte may hold the mark, and every byte must belong to the picture.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod marked;
mod output;

use bauta_media::{Found, MediaError, Picture, PictureKind, Rebuilt, Worker};
use marked::{Mark, exif, gif, jpeg, png, webp};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bauta-media-test-worker");

async fn rebuild(bytes: &[u8]) -> Result<Picture, MediaError> {
    Worker::new(PROGRAM)
        .picture(PictureKind::Avatar, bytes.to_vec())
        .await
}

async fn attach(bytes: &[u8]) -> Result<Rebuilt, MediaError> {
    Worker::new(PROGRAM).attachment(bytes.to_vec()).await
}

async fn no_mark_survives(sent: Vec<u8>, mark: &Mark, places: usize) {
    let sown = mark.count(&sent);
    assert!(sown >= places, "the corpus itself lost marks: {sown}");
    for kind in [PictureKind::Avatar, PictureKind::Header] {
        let picture = Worker::new(PROGRAM).picture(kind, sent.clone()).await.unwrap();
        assert_eq!(mark.count(&picture.bytes), 0);
        output::holds_only_pixels(&picture, mark);
        output::exiftool_sees_only_geometry(&picture.bytes);
    }
    let rebuilt = attach(&sent).await.unwrap();
    assert!(!rebuilt.moves);
    assert!(!rebuilt.found.is_empty(), "whoever sent it is told");
    for picture in [&rebuilt.file, &rebuilt.preview] {
        assert_eq!(mark.count(&picture.bytes), 0);
        output::holds_only_pixels(picture, mark);
        output::exiftool_sees_only_geometry(&picture.bytes);
    }
}

#[tokio::test]
async fn whoever_sends_a_photograph_is_told_what_it_carried() {
    let mark = Mark::random();
    let camera = [
        Found::PLACE,
        Found::DEVICE,
        Found::PERSON,
        Found::TIME,
        Found::TEXT,
        Found::SMALL_PICTURE,
        Found::TAIL,
    ];
    for sent in [jpeg::marked(&mark), png::marked(&mark), webp::marked(&mark)] {
        let found = attach(&sent).await.unwrap().found;
        for kind in camera {
            assert!(found.has(kind), "{kind:?} of {found:?}");
        }
    }
    assert!(attach(&gif::marked(&mark)).await.unwrap().found.has(Found::TEXT));
    for plain in [jpeg::plain(), png::plain(), webp::plain(), gif::plain()] {
        assert!(attach(&plain).await.unwrap().found.is_empty());
    }
}

#[tokio::test]
async fn in_their_own_words_only_where_that_is_asked_for() {
    let mark = Mark::random();
    let worker = Worker::new(PROGRAM);
    for sent in [jpeg::marked(&mark), png::marked(&mark), webp::marked(&mark)] {
        let rebuilt = worker.attachment_and_said(sent.clone()).await.unwrap();
        for kind in [Found::DEVICE, Found::PERSON] {
            let values = rebuilt.values.iter().filter(|(of, _)| *of == kind);
            let told = values.filter(|(_, value)| mark.count(value.as_bytes()) > 0);
            assert!(told.count() > 0, "{kind:?}: {:?}", rebuilt.values);
        }
        let silent = attach(&sent).await.unwrap();
        assert!(silent.values.is_empty());
        assert_eq!(silent.file, rebuilt.file);
    }
}

#[tokio::test]
async fn a_picture_of_a_post_stays_whole_and_what_was_lossless_stays_so() {
    let rebuilt = attach(&png::plain()).await.unwrap();
    assert_eq!((rebuilt.file.width, rebuilt.file.height), (64, 64));
    assert_eq!(rebuilt.file.mime, "image/png");
    assert_eq!(output::decode(&rebuilt.file), marked::noise());
    assert_eq!(attach(&jpeg::plain()).await.unwrap().file.mime, "image/jpeg");
}

#[tokio::test]
async fn a_large_picture_is_made_smaller() {
    let rebuilt = attach(&png::blank(11_900, 3_280)).await.unwrap();
    let pixels = |picture: &Picture| u64::from(picture.width) * u64::from(picture.height);
    assert!(pixels(&rebuilt.file) <= bauta_media::MAX_ATTACHMENT_PIXELS);
    assert!(pixels(&rebuilt.preview) <= bauta_media::MAX_PREVIEW_PIXELS);
}

#[tokio::test]
async fn a_gif_that_moves_goes_on_moving_and_carries_no_mark() {
    let mark = Mark::random();
    let sent = gif::moving(&mark);
    assert!(mark.count(&sent) >= 4, "the corpus itself lost marks");
    let rebuilt = attach(&sent).await.unwrap();
    assert!(rebuilt.moves);
    assert_eq!(
        (rebuilt.file.mime, mark.count(&rebuilt.file.bytes)),
        ("image/gif", 0)
    );
    output::gif_blocks(&rebuilt.file.bytes);
    let same = output::gif_frames(&rebuilt.file.bytes) == output::gif_frames(&sent);
    assert!(same, "every frame shows what it showed, as long");
    assert_eq!(mark.count(&rebuilt.preview.bytes), 0);
    for part in 1..=9 {
        let cut = &sent[..sent.len() * part / 10];
        assert_eq!(attach(cut).await, Err(MediaError::Unreadable), "{part}");
    }
}

#[tokio::test]
async fn nothing_but_pixels_leaves_a_jpeg() {
    let mark = Mark::random();
    no_mark_survives(jpeg::marked(&mark), &mark, 22).await;
}

#[tokio::test]
async fn nothing_but_pixels_leaves_a_png() {
    let mark = Mark::random();
    no_mark_survives(png::marked(&mark), &mark, 12).await;
}

#[tokio::test]
async fn nothing_but_pixels_leaves_a_webp() {
    let mark = Mark::random();
    no_mark_survives(webp::marked(&mark), &mark, 10).await;
}

#[tokio::test]
async fn nothing_but_pixels_leaves_a_gif() {
    let mark = Mark::random();
    no_mark_survives(gif::marked(&mark), &mark, 7).await;
}

#[test]
fn exiftool_finds_the_mark_in_what_is_sent() {
    // The positive control: if it were blind here, seeing nothing in the output would mean nothing.
    let mark = Mark::random();
    for sent in [
        jpeg::marked(&mark),
        png::marked(&mark),
        webp::marked(&mark),
        gif::marked(&mark),
    ] {
        let seen = output::exiftool(&sent);
        assert!(seen.contains(&mark.text()), "{seen}");
    }
}

#[tokio::test]
async fn a_mask_holds_only_pixels() {
    for bytes in [
        bauta_media::mask(bauta_model::AccountId::new(7)),
        bauta_media::icon(32),
    ] {
        output::png_chunks(&bytes);
        output::exiftool_sees_only_geometry(&bytes);
    }
}

#[tokio::test]
async fn every_orientation_is_applied() {
    // Where the red quarter, stored top left, is shown: (right, bottom). Table 5 of EXIF 2.32.
    let shown = [
        (false, false),
        (true, false),
        (true, true),
        (false, true),
        (false, false),
        (true, false),
        (true, true),
        (false, true),
    ];
    for (index, (right, bottom)) in shown.into_iter().enumerate() {
        let exif = exif::orientation(index as u16 + 1);
        for sent in [
            jpeg::with_exif(&exif),
            png::with_exif(&exif),
            webp::with_exif(&exif),
        ] {
            let pixels = output::decode(&rebuild(&sent).await.unwrap());
            for (x, y) in [(100, 100), (300, 100), (100, 300), (300, 300)] {
                let is_red = pixels[(y * 400 + x) * 3] > 150 && pixels[(y * 400 + x) * 3 + 2] < 100;
                assert_eq!(
                    is_red,
                    (x > 200, y > 200) == (right, bottom),
                    "orientation {} at {x}, {y}",
                    index + 1
                );
            }
        }
    }
}

#[tokio::test]
async fn what_is_cut_off_is_refused() {
    for whole in [jpeg::plain(), png::plain(), webp::plain(), gif::plain()] {
        assert!(rebuild(&whole).await.is_ok());
        for part in 1..=9 {
            let cut = &whole[..whole.len() * part / 10];
            let answer = rebuild(cut).await;
            assert_eq!(
                answer,
                Err(MediaError::Unreadable),
                "{} of {} bytes",
                cut.len(),
                whole.len()
            );
        }
    }
}

#[tokio::test]
async fn giants_are_refused_before_they_are_decoded() {
    for giant in [
        jpeg::sized(50_000, 50_000),
        jpeg::sized(50_000, 1),
        png::sized(50_000, 50_000),
        png::sized(1, 50_000),
        png::sized(0x7fff_ffff, 0x7fff_ffff),
        webp::sized(16_000, 16_000),
        gif::sized(50_000, 50_000),
    ] {
        assert_eq!(rebuild(&giant).await, Err(MediaError::TooManyPixels));
    }
}

#[tokio::test]
async fn a_bomb_does_not_go_off() {
    // 39 million pixels of sixteen-bit RGBA, 312 MB when inflated, in 0.3 MB: as much as is let in.
    let large = png::blank(11_900, 3_280);
    assert!(rebuild(&large).await.is_ok());
    // Text and colour profiles are not inflated at all.
    assert!(rebuild(&png::with_text_bomb()).await.is_ok());
}

#[tokio::test]
async fn what_only_begins_like_a_picture_is_refused() {
    let starts: [&[u8]; 4] = [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x40\0\0\0WEBPVP8 ",
        b"GIF89a",
    ];
    for start in starts {
        for rest in [
            "<script>alert(1)</script>".repeat(40).into_bytes(),
            vec![0; 500],
            vec![0xff; 500],
        ] {
            let answer = rebuild(&[start, &rest[..]].concat()).await;
            assert!(
                matches!(answer, Err(MediaError::Unreadable | MediaError::TooManyPixels)),
                "{answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_polyglot_becomes_a_plain_picture() {
    let zip = b"PK\x03\x04\x14\0\0\0\0\0 evil.sh #!/bin/sh echo";
    for picture in [jpeg::plain(), png::plain(), webp::plain(), gif::plain()] {
        let rebuilt = rebuild(&[&picture[..], zip].concat()).await.unwrap();
        assert!(!rebuilt.bytes.windows(7).any(|window| window == b"evil.sh"));
        assert_eq!(rebuilt, rebuild(&picture).await.unwrap());
    }
}
