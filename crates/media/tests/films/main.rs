//! Law 7 for films and sounds: nothing but pictures and samples comes through, and what is made to break something is
//! refused. Needs Debian's ffmpeg.

#![expect(clippy::unwrap_used, reason = "builders of test data may panic")]

mod marked;

use std::path::PathBuf;
use std::process::Command;

use bauta_media::{Film, MediaError, Worker, find_ffmpeg};
use marked::ffmpeg;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bauta-media-test-worker");

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    find_ffmpeg(&path).expect("ffmpeg is needed for this test: apt-get install ffmpeg")
}

fn worker() -> Worker {
    Worker::new(PROGRAM).with_ffmpeg(Some(program()))
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// What exiftool says of a file, one tag a line.
fn exiftool(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let output = Command::new("exiftool")
        .args(["-s", "-G0", "-a", "-u", "-U", "-ee3"])
        .arg(file.path())
        .output()
        .expect("exiftool is needed for this test: apt-get install libimage-exiftool-perl");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Geometry, length, coding, and where samples lie.
const ALLOWED: &[&str] = &[
    "AudioBitsPerSample",
    "AudioChannels",
    "AudioFormat",
    "AudioSampleRate",
    "AverageBitrate",
    "AVCConfiguration",
    "Balance",
    "BitDepth",
    "BufferSize",
    "ChunkOffset",
    "CompatibleBrands",
    "CompositionTimeToSample",
    "CompressorID",
    "CurrentTime",
    "Duration",
    "Free",
    "GraphicsMode",
    "HandlerDescription",
    "HandlerType",
    "HandlerVendorID",
    "ImageHeight",
    "ImageWidth",
    "MajorBrand",
    "MatrixStructure",
    "MaxBitrate",
    "MediaData",
    "MediaDataOffset",
    "MediaDataSize",
    "MediaDuration",
    "MediaHeaderVersion",
    "MediaLanguageCode",
    "MediaTimeScale",
    "MinorVersion",
    "MovieHeaderVersion",
    "NextTrackID",
    "OpColor",
    "PixelAspectRatio",
    "PosterTime",
    "PreferredRate",
    "PreferredVolume",
    "PreviewDuration",
    "PreviewTime",
    "SampleGroupDescription",
    "SampleSizes",
    "SampleToChunk",
    "SampleToGroup",
    "SelectionDuration",
    "SelectionTime",
    "SourceImageHeight",
    "SourceImageWidth",
    "SyncSampleTable",
    "TimeScale",
    "TimeToSampleTable",
    "TrackDuration",
    "TrackHeaderVersion",
    "TrackID",
    "TrackLayer",
    "TrackVolume",
    "Unknown_edts",
    "VideoFrameRate",
    "VideoFullRangeFlag",
    "XResolution",
    "YResolution",
    "ColorProfiles",
    "ColorPrimaries",
    "TransferCharacteristics",
    "MatrixCoefficients",
    "ColorRepresentation",
    "Unknown_sgpd",
    "Unknown_sbgp",
    "PurchaseFileFormat",
    "Unknown_esds",
    "Unknown_btrt",
    "Unknown_free",
    "CompressorName",
];

fn only_geometry(bytes: &[u8]) {
    let seen = exiftool(bytes);
    assert!(seen.contains("MIMEType"), "exiftool did not run: {seen}");
    for line in seen.lines() {
        let (group, rest) = line.trim_start_matches('[').split_once(']').unwrap();
        let (tag, value) = rest.split_once(':').unwrap();
        let (tag, value) = (tag.trim(), value.trim());
        // Dates are there, and are none.
        let no_date = tag.ends_with("Date") && value == "0000:00:00 00:00:00";
        let no_name = tag != "CompressorName" || value.is_empty();
        let right = group != "QuickTime" || no_date || (ALLOWED.contains(&tag) && no_name);
        assert!(right, "{line}");
    }
}

async fn no_mark_survives(sent: Vec<u8>, mark: &str, pictures: bool) -> Film {
    assert!(holds(&sent, mark), "the corpus itself lost its mark");
    let film = worker().film(sent).await.unwrap();
    for told in [mark, "x264", "Lavc", "Lavf", "+52.5"] {
        assert!(!holds(&film.file.bytes, told), "{told}");
    }
    only_geometry(&film.file.bytes);
    assert!((2..=3).contains(&film.seconds), "{}", film.seconds);
    assert_eq!(film.preview.is_some(), pictures);
    assert_eq!(film.blurhash.is_empty(), !pictures);
    if let Some(preview) = &film.preview {
        assert!(!holds(&preview.bytes, mark) && !holds(&preview.bytes, "Lavc"));
        assert_eq!((preview.width, preview.height), (320, 180));
        assert_eq!(
            (film.file.width, film.file.height, film.file.mime),
            (320, 180, "video/mp4")
        );
    } else {
        assert_eq!(
            (film.file.width, film.file.height, film.file.mime),
            (0, 0, "audio/mp4")
        );
    }
    film
}

#[tokio::test]
async fn nothing_but_pictures_and_samples_leaves_a_film() {
    let mark = marked::mark();
    for sent in [
        marked::mp4(&mark),
        marked::mp4_with_user_data(&mark),
        marked::quicktime(&mark),
        marked::webm(&mark),
    ] {
        no_mark_survives(sent, &mark, true).await;
    }
}

#[tokio::test]
async fn nothing_but_samples_leaves_a_sound() {
    let mark = marked::mark();
    for sent in [
        marked::mp3(&mark),
        marked::m4a(&mark),
        marked::ogg(&mark),
        marked::vorbis(&mark),
        marked::flac(&mark),
        marked::wav(&mark),
    ] {
        no_mark_survives(sent, &mark, false).await;
    }
}

#[test]
fn exiftool_finds_the_mark_in_what_is_sent() {
    // The positive control: if it were blind here, seeing nothing in the output would mean nothing.
    let mark = marked::mark();
    for sent in [
        marked::mp4(&mark),
        marked::quicktime(&mark),
        marked::mp3(&mark),
        marked::flac(&mark),
    ] {
        assert!(exiftool(&sent).contains(&mark));
    }
    assert!(holds(&marked::mp4(&mark), "x264 - core"));
}

#[tokio::test]
async fn without_ffmpeg_the_answer_says_so() {
    let refused = Worker::new(PROGRAM).film(b"ID3".to_vec()).await.unwrap_err();
    assert_eq!(refused, MediaError::NoFilms);
    assert!(!refused.is_ours(), "422, with the reason");
}

#[tokio::test]
async fn what_is_cut_off_or_something_else_is_refused() {
    let mark = marked::mark();
    let whole = marked::mp4(&mark);
    let webm = marked::webm(&mark);
    let playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n";
    let page = "<script>alert(1)</script>".repeat(40);
    for sent in [
        whole[..whole.len() / 2].to_vec(),
        webm[..300].to_vec(),
        [&b"\0\0\0\x20ftypisom"[..], page.as_bytes()].concat(),
        [&b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"[..], playlist].concat(),
        [&b"ID3\x04\0\0\0\0\0\0"[..], playlist].concat(),
        [&b"OggS"[..], &[0; 400]].concat(),
        [&b"fLaC"[..], page.as_bytes()].concat(),
        [&b"RIFF\xff\xff\xff\xffWAVEfmt "[..], &[0xff; 200]].concat(),
    ] {
        assert_eq!(worker().film(sent).await, Err(MediaError::FilmUnreadable));
    }
    for other in [
        &playlist[..],
        b"GIF89a",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ] {
        let refused = worker().film(other.to_vec()).await;
        assert!(matches!(refused, Err(MediaError::Format(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn giants_are_refused_and_large_films_made_smaller() {
    let giant = [
        "-f",
        "lavfi",
        "-i",
        "color=size=8192x4320:rate=1:duration=1",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    ];
    assert_eq!(
        worker().film(ffmpeg(&giant, "mp4")).await,
        Err(MediaError::FilmUnreadable)
    );
    let large = [
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=1920x1080:rate=60:duration=1",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    ];
    let film = worker().film(ffmpeg(&large, "mp4")).await.unwrap();
    assert_eq!((film.file.width, film.file.height), (1280, 720));
}

#[tokio::test]
async fn what_lasts_too_long_is_refused() {
    // Ten hours of one picture, in a few kilobytes; and six minutes of silence.
    let still = [
        "-f",
        "lavfi",
        "-i",
        "color=size=64x64:rate=0.001:duration=36000",
        "-c:v",
        "libx264",
    ];
    assert_eq!(
        worker().film(ffmpeg(&still, "mp4")).await,
        Err(MediaError::FilmTooLong)
    );
    let silence = [
        "-f",
        "lavfi",
        "-i",
        "anullsrc=r=8000:cl=mono",
        "-t",
        "360",
        "-b:a",
        "8k",
    ];
    assert_eq!(
        worker().film(ffmpeg(&silence, "mp3")).await,
        Err(MediaError::FilmTooLong)
    );
    let large = vec![0xff; bauta_media::MAX_FILM_BYTES + 1];
    assert_eq!(worker().film(large).await, Err(MediaError::FilmTooLarge));
}

#[test]
fn a_program_that_a_film_has_taken_over_reaches_nothing() {
    let ended = Command::new(PROGRAM)
        .args(["worker", PROGRAM, "film", "mov"])
        .env_clear()
        .status()
        .unwrap();
    assert_eq!(ended.code(), Some(0), "the number of what should not have worked");
}
