//! Films and sounds with a mark in every place that is known to hold more than pictures and samples, made by ffmpeg.

use std::path::Path;
use std::process::Command;

/// A mark that no file holds by chance.
pub fn mark() -> String {
    let random = std::collections::hash_map::RandomState::new();
    let number = std::hash::BuildHasher::hash_one(&random, 1u8);
    format!("mark{number:016x}")
}

/// Runs ffmpeg and gives what it made.
pub fn ffmpeg(arguments: &[&str], ending: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join(format!("made.{ending}"));
    run(arguments, &made);
    std::fs::read(made).unwrap()
}

fn run(arguments: &[&str], made: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-y"])
        .args(arguments)
        .arg(made)
        .status()
        .expect("ffmpeg is needed for this test: apt-get install ffmpeg");
    assert!(status.success(), "{arguments:?}");
}

const PICTURES: &[&str] = &["-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=2"];
const SOUND: &[&str] = &["-f", "lavfi", "-i", "sine=frequency=440:duration=2"];

/// Tags that ffmpeg writes in whatever way the format has.
fn tags(mark: &str) -> Vec<String> {
    let names = [
        "title",
        "artist",
        "author",
        "album_artist",
        "comment",
        "copyright",
        "description",
        "encoder",
        "make",
        "model",
        "location",
        "creation_time",
        "date",
    ];
    let mut tags = Vec::new();
    for name in names {
        let value = match name {
            "creation_time" => "2017-04-05T06:07:08Z".to_owned(),
            "location" => format!("+52.5000+013.4000/{mark}"),
            _ => mark.to_owned(),
        };
        tags.extend(["-metadata".to_owned(), format!("{name}={value}")]);
    }
    for stream in ["s:0", "s:1"] {
        for name in ["handler_name", "title", "encoder"] {
            tags.extend([format!("-metadata:{stream}"), format!("{name}={mark}")]);
        }
    }
    tags
}

fn with_tags(inputs: &[&[&str]], coding: &[&str], mark: &str, ending: &str) -> Vec<u8> {
    let tags = tags(mark);
    let mut arguments: Vec<&str> = inputs.concat();
    arguments.extend(coding);
    arguments.extend(tags.iter().map(String::as_str));
    ffmpeg(&arguments, ending)
}

/// H.264 and AAC in MP4: tags, handlers, x264's own words, `©xyz`, a box that nobody knows, and bytes after the end.
pub fn mp4(mark: &str) -> Vec<u8> {
    let coding = [
        "-c:v",
        "libx264",
        "-c:a",
        "aac",
        "-movflags",
        "+use_metadata_tags",
    ];
    let mut bytes = with_tags(&[PICTURES, SOUND], &coding, mark, "mp4");
    for name in [b"free", b"uuid", b"skip", b"mark"] {
        bytes.extend((8 + mark.len() as u32).to_be_bytes());
        bytes.extend(name);
        bytes.extend(mark.as_bytes());
    }
    bytes
}

/// User data that travels between the pictures (ITU-T H.264 § D.1.7).
pub fn mp4_with_user_data(mark: &str) -> Vec<u8> {
    let sei = format!("h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+{mark}");
    let coding = ["-c:v", "libx264", "-bsf:v", &sei];
    with_tags(&[PICTURES], &coding, mark, "mp4")
}

/// QuickTime, as phones and cameras write it, with the place.
pub fn quicktime(mark: &str) -> Vec<u8> {
    with_tags(
        &[PICTURES, SOUND],
        &["-c:v", "libx264", "-c:a", "aac"],
        mark,
        "mov",
    )
}

/// VP8 and Vorbis in WebM.
pub fn webm(mark: &str) -> Vec<u8> {
    let coding = ["-c:v", "libvpx", "-c:a", "libvorbis", "-deadline", "realtime"];
    with_tags(&[PICTURES, SOUND], &coding, mark, "webm")
}

/// A cover whose own metadata has the mark too, and what is to be done with it.
fn with_cover(mark: &str, coding: &[&str], ending: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let cover = folder.path().join("cover.jpg");
    run(
        &["-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1"],
        &cover,
    );
    let mut picture = std::fs::read(&cover).unwrap();
    let mut comment = vec![0xff, 0xfe, 0, mark.len() as u8 + 2];
    comment.extend(mark.as_bytes());
    picture.splice(2..2, comment);
    std::fs::write(&cover, picture).unwrap();
    let cover = [
        "-i",
        cover.to_str().unwrap(),
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c:v",
        "copy",
    ];
    let disposition = ["-disposition:v", "attached_pic"];
    with_tags(&[SOUND, &cover], &[coding, &disposition].concat(), mark, ending)
}

/// ID3 with a cover.
pub fn mp3(mark: &str) -> Vec<u8> {
    with_cover(mark, &["-c:a", "libmp3lame", "-write_id3v1", "1"], "mp3")
}

/// Vorbis comments with a cover.
pub fn flac(mark: &str) -> Vec<u8> {
    with_cover(mark, &["-c:a", "flac"], "flac")
}

/// iTunes' tags with a cover.
pub fn m4a(mark: &str) -> Vec<u8> {
    with_cover(mark, &["-c:a", "aac"], "m4a")
}

/// Opus in Ogg with comments.
pub fn ogg(mark: &str) -> Vec<u8> {
    with_tags(&[SOUND], &["-c:a", "libopus"], mark, "ogg")
}

/// Vorbis in Ogg with comments.
pub fn vorbis(mark: &str) -> Vec<u8> {
    with_tags(&[SOUND], &["-c:a", "libvorbis"], mark, "ogg")
}

/// A list of facts beside the samples.
pub fn wav(mark: &str) -> Vec<u8> {
    with_tags(&[SOUND], &["-c:a", "pcm_s16le", "-write_bext", "1"], mark, "wav")
}
