//! JPEG files.

use jpeg_encoder::{ColorType, Encoder};

use super::{Mark, SIDE, exif, icc, jumbf, noise, quarters, xmp};

fn encode(rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 90)
        .encode(rgb, SIDE as u16, SIDE as u16, ColorType::Rgb)
        .unwrap();
    bytes
}

pub fn plain() -> Vec<u8> {
    encode(&noise())
}

/// Puts a segment right after the start marker.
pub fn insert(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let mut segment = vec![0xff, marker];
    segment.extend((content.len() as u16 + 2).to_be_bytes());
    segment.extend(content);
    file.splice(2..2, segment);
}

pub fn with_exif(block: &[u8]) -> Vec<u8> {
    let mut file = encode(&quarters());
    insert(&mut file, 0xe1, &[b"Exif\0\0", block].concat());
    file
}

/// Claims to have as many pixels.
pub fn sized(width: u16, height: u16) -> Vec<u8> {
    let mut file = plain();
    let frame = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    file[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    file
}

pub fn marked(mark: &Mark) -> Vec<u8> {
    let (text, raw) = (mark.text(), mark.raw());
    let text = text.as_bytes();
    let mut file = plain();
    for app in [0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xec, 0xef] {
        insert(&mut file, app, &[b"Odd\0", raw].concat());
    }
    insert(&mut file, 0xfe, text);
    insert(&mut file, 0xed, &iptc(text));
    insert(
        &mut file,
        0xeb,
        &[b"JP\0\x01\0\0\0\x01", &jumbf(mark)[..]].concat(),
    );
    insert(&mut file, 0xe2, &[b"MPF\0", raw].concat());
    insert(&mut file, 0xe2, &[b"FPXR\0\0", raw].concat());
    insert(
        &mut file,
        0xe2,
        &[b"ICC_PROFILE\0\x01\x01", &icc(mark)[..]].concat(),
    );
    insert(
        &mut file,
        0xe1,
        &[b"http://ns.adobe.com/xmp/extension/\0", text, &[0; 8], text].concat(),
    );
    insert(
        &mut file,
        0xe1,
        &[b"http://ns.adobe.com/xap/1.0/\0", &xmp(mark)[..]].concat(),
    );
    insert(&mut file, 0xe1, &[b"Exif\0\0", &exif::marked(mark)[..]].concat());
    insert(&mut file, 0xe0, &[b"JFXX\0\x13\x03\x01", raw].concat());
    // A quantisation table that no component uses.
    insert(&mut file, 0xdb, &[b"\x03", raw, raw, raw, raw].concat());
    file.extend(text);
    file.extend(with_comment(text));
    file
}

/// A second picture behind the first, as cameras hide previews.
fn with_comment(text: &[u8]) -> Vec<u8> {
    let mut file = plain();
    insert(&mut file, 0xfe, text);
    file
}

/// A Photoshop block with IPTC records: by-line, city, caption.
fn iptc(text: &[u8]) -> Vec<u8> {
    let mut records = Vec::new();
    for record in [80, 90, 120] {
        records.extend([0x1c, 2, record]);
        records.extend((text.len() as u16).to_be_bytes());
        records.extend(text);
    }
    let mut block = b"Photoshop 3.0\08BIM\x04\x04\0\0".to_vec();
    block.extend((records.len() as u32).to_be_bytes());
    block.extend(&records);
    block.resize(block.len() + records.len() % 2, 0);
    block
}
