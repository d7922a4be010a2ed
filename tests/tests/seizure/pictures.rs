//! Pictures that carry a mark wherever their formats have room for one.

use std::process::Command;

use miniz_oxide::deflate::compress_to_vec_zlib;

/// Media type and bytes of a picture of a kind.
pub fn marked(kind: &str, mark: &str) -> (&'static str, Vec<u8>) {
    match kind {
        "png" => ("image/png", png(mark)),
        "jpeg" => ("image/jpeg", jpeg(mark)),
        "mp4" => ("video/mp4", film(mark)),
        _ => ("image/gif", gif(mark)),
    }
}

/// A PNG with the mark as a text, as a compressed text, as XMP, in its EXIF and after its end.
fn png(mark: &str) -> Vec<u8> {
    const SIDE: u32 = 16;
    let row = [&[0][..], &[0x1b, 0x5e, 0x68].repeat(SIDE as usize)].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [SIDE.to_be_bytes(), SIDE.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    chunk(&mut file, "IHDR", &head);
    chunk(&mut file, "tEXt", format!("Author\0{mark}").as_bytes());
    let squeezed = compress_to_vec_zlib(format!("Camera {mark}").as_bytes(), 6);
    chunk(&mut file, "zTXt", &[b"Comment\0\0", squeezed.as_slice()].concat());
    let xmp = format!("XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>{mark}</x:xmpmeta>");
    chunk(&mut file, "iTXt", xmp.as_bytes());
    chunk(&mut file, "eXIf", &exif(mark));
    chunk(
        &mut file,
        "IDAT",
        &compress_to_vec_zlib(&row.repeat(SIDE as usize), 6),
    );
    chunk(&mut file, "IEND", b"");
    file.extend(mark.bytes());
    file
}

fn chunk(file: &mut Vec<u8>, kind: &str, data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let checked = [kind.as_bytes(), data].concat();
    file.extend(&checked);
    file.extend(crc32(&checked).to_be_bytes());
}

/// The check sum of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Half a second of film with the mark in its tags, as a telephone writes its owner and its place.
fn film(mark: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("made.mp4");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]);
    ffmpeg.arg("color=c=teal:size=64x48:rate=10:duration=0.5");
    for tag in ["title", "artist", "comment", "location"] {
        ffmpeg.args(["-metadata", &format!("{tag}={mark}")]);
    }
    ffmpeg.args(["-metadata:s:v", &format!("handler_name={mark}")]);
    let made = ffmpeg.arg(&file).status();
    assert!(made.expect("ffmpeg is needed for this test").success());
    std::fs::read(file).expect("it was made")
}

/// A TIFF structure with the mark as the camera's maker.
fn exif(mark: &str) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x0f\0\x02".to_vec();
    tiff.extend((mark.len() as u32 + 1).to_be_bytes());
    tiff.extend(26_u32.to_be_bytes());
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(mark.bytes());
    tiff.push(0);
    tiff
}

/// The smallest grey JPEG (one block of 8 × 8), with the mark in EXIF, in a comment and after its end.
fn jpeg(mark: &str) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    segment(&mut file, 0xe1, &[b"Exif\0\0".as_slice(), &exif(mark)].concat());
    segment(&mut file, 0xfe, mark.as_bytes());
    segment(&mut file, 0xdb, &[&[0][..], &[1; 64]].concat());
    segment(&mut file, 0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    // One code of one bit for the difference 0, and one for the end of the block.
    segment(&mut file, 0xc4, &[&[0, 1][..], &[0; 15], &[0]].concat());
    segment(&mut file, 0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
    segment(&mut file, 0xda, &[1, 1, 0, 0, 63, 0]);
    file.extend([0x3f, 0xff, 0xd9]);
    file.extend(mark.bytes());
    file
}

fn segment(file: &mut Vec<u8>, kind: u8, data: &[u8]) {
    file.extend([0xff, kind]);
    file.extend((data.len() as u16 + 2).to_be_bytes());
    file.extend(data);
}

/// A GIF of one pixel with the mark in a comment, in an application's block and after its end.
fn gif(mark: &str) -> Vec<u8> {
    let mut file = b"GIF89a\x01\0\x01\0\x80\0\0\x1b\x5e\x68\xff\xff\xff".to_vec();
    for head in [&b"!\xfe"[..], b"!\xff\x0bXMP DataXMP"] {
        file.extend(head);
        file.push(mark.len() as u8);
        file.extend(mark.bytes());
        file.push(0);
    }
    file.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    file.extend(mark.bytes());
    file
}
