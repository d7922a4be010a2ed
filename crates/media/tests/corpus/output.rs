//! Looks at what comes out: an own parser of what may be there, and exiftool.

use std::io::Cursor;
use std::process::Command;

use bauta_media::Picture;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use zune_core::bytestream::ZCursor;

use crate::marked::Mark;

/// Every byte of the file belongs to a part that a picture needs, and no part holds the mark when it is unpacked.
pub fn holds_only_pixels(picture: &Picture, mark: &Mark) {
    match picture.mime {
        "image/jpeg" => jpeg_segments(&picture.bytes),
        "image/png" => {
            let packed = png_chunks(&picture.bytes);
            assert_eq!(mark.count(&decompress_to_vec_zlib(&packed).unwrap()), 0);
        }
        other => panic!("{other}"),
    }
    assert_eq!(mark.count(&decode(picture)), 0);
}

/// JFIF without a thumbnail, tables, one frame, one scan, the end. No comment, no other application segment.
fn jpeg_segments(bytes: &[u8]) {
    assert_eq!(bytes[..2], [0xff, 0xd8]);
    let mut at = 2;
    loop {
        assert_eq!(bytes[at], 0xff);
        let marker = bytes[at + 1];
        let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        match marker {
            0xe0 => {
                assert_eq!(&bytes[at + 4..at + 9], b"JFIF\0");
                assert_eq!((length, &bytes[at + 16..at + 18]), (16, &[0, 0][..]));
            }
            0xdb | 0xc0 | 0xc4 => {}
            0xda => break,
            _ => panic!("segment {marker:02x}"),
        }
        at += 2 + length;
    }
    let scan = &bytes[at + 2..];
    let end = scan
        .windows(2)
        .position(|pair| pair[0] == 0xff && pair[1] != 0)
        .unwrap();
    assert!(scan[end..] == [0xff, 0xd9], "the scan is the last thing");
}

/// Checks the chunks and gives the packed pixels.
pub fn png_chunks(bytes: &[u8]) -> Vec<u8> {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let mut at = 8;
    let mut packed = Vec::new();
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let content = &bytes[at + 8..at + 8 + length];
        match &bytes[at + 4..at + 8] {
            b"IHDR" => assert_eq!((at, length), (8, 13)),
            b"PLTE" => assert!(length <= 48),
            b"IDAT" => packed.extend(content),
            b"IEND" => assert_eq!((length, at + 12), (0, bytes.len()), "the end is the end"),
            name => panic!("chunk {}", name.escape_ascii()),
        }
        at += 12 + length;
    }
    packed
}

/// The pixels as RGB.
pub fn decode(picture: &Picture) -> Vec<u8> {
    if picture.mime == "image/jpeg" {
        return zune_jpeg::JpegDecoder::new(ZCursor::new(&picture.bytes))
            .decode()
            .unwrap();
    }
    let mut reader = png::Decoder::new(Cursor::new(&picture.bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    pixels
        .chunks(frame.color_type.samples())
        .flat_map(|pixel| pixel[..3].to_vec())
        .collect()
}

/// What exiftool tells about a file, one tag a line: `[Group] Tag : value`.
pub fn exiftool(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let output = Command::new("exiftool")
        .args(["-s", "-G1", "-a", "-u", "-U", "-ee3"])
        .arg(file.path())
        .output()
        .expect("exiftool is needed for this test: apt-get install libimage-exiftool-perl");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Geometry, coding, and what the file system says.
const ALLOWED: &[&str] = &[
    "Composite:ImageSize",
    "Composite:Megapixels",
    "ExifTool:ExifToolVersion",
    "File:BitsPerSample",
    "File:ColorComponents",
    "File:EncodingProcess",
    "File:FileType",
    "File:FileTypeExtension",
    "File:ImageHeight",
    "File:ImageWidth",
    "File:MIMEType",
    "File:YCbCrSubSampling",
    "JFIF:JFIFVersion",
    "JFIF:ResolutionUnit",
    "JFIF:XResolution",
    "JFIF:YResolution",
    "PNG:BitDepth",
    "PNG:ColorType",
    "PNG:Compression",
    "PNG:Filter",
    "PNG:ImageHeight",
    "PNG:ImageWidth",
    "PNG:Interlace",
    "PNG:Palette",
];

pub fn exiftool_sees_only_geometry(bytes: &[u8]) {
    let seen = exiftool(bytes);
    assert!(seen.contains("MIMEType"), "exiftool did not run: {seen}");
    for line in seen.lines() {
        let (group, rest) = line
            .trim_start_matches('[')
            .split_once(']')
            .expect("a group on every line");
        let tag = rest.split(':').next().unwrap_or_default().trim();
        let name = format!("{group}:{tag}");
        assert!(group == "System" || ALLOWED.contains(&name.as_str()), "{line}");
    }
}

/// Checks that a GIF holds its head, frames and the order to repeat, and nothing else.
pub fn gif_blocks(bytes: &[u8]) {
    assert_eq!(&bytes[..6], b"GIF89a");
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let mut at = 13 + table(bytes[10]);
    while bytes[at] != 0x3b {
        at += match (bytes[at], bytes[at + 1]) {
            (0x2c, _) => 11 + table(bytes[at + 9]),
            (0x21, 0xf9) => 2,
            (0x21, 0xff) => {
                assert_eq!(&bytes[at + 3..at + 14], b"NETSCAPE2.0");
                2
            }
            other => panic!("block {other:02x?}"),
        };
        while bytes[at] != 0 {
            at += 1 + usize::from(bytes[at]);
        }
        at += 1;
    }
    assert_eq!(at + 1, bytes.len(), "the end is the end");
}

/// The frames of a GIF as RGBA, with their times in hundredths of a second.
pub fn gif_frames(bytes: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    options.allow_unknown_blocks(true);
    let mut decoder = options.read_info(bytes).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let mut pixels = frame.buffer.to_vec();
        // The colour of what can't be seen is a hiding place, and does not go on.
        for pixel in pixels.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
            pixel.fill(0);
        }
        frames.push((frame.delay, pixels));
    }
    frames
}
