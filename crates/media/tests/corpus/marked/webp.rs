//! WebP files (lossless: there is no free encoder of the lossy kind in Rust).

use image_webp::{ColorType, WebPEncoder};

use super::{Mark, SIDE, exif, icc, jumbf, noise, quarters, xmp};

const HAS_ICC: u8 = 0x20;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

fn encode(rgb: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    WebPEncoder::new(&mut bytes)
        .encode(rgb, SIDE as u32, SIDE as u32, ColorType::Rgb8)
        .unwrap();
    bytes
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((content.len() as u32).to_le_bytes());
    chunk.extend(content);
    chunk.resize(chunk.len() + content.len() % 2, 0);
    chunk
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(*b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
}

fn extended(flags: u8) -> Vec<u8> {
    let side = (SIDE as u32 - 1).to_le_bytes();
    chunk(*b"VP8X", &[&[flags, 0, 0, 0], &side[..3], &side[..3]].concat())
}

pub fn plain() -> Vec<u8> {
    encode(&noise())
}

pub fn with_exif(block: &[u8]) -> Vec<u8> {
    let pixels = encode(&quarters())[12..].to_vec();
    riff(&[extended(HAS_EXIF), pixels, chunk(*b"EXIF", block)])
}

/// Claims to have as many pixels.
pub fn sized(width: u32, height: u32) -> Vec<u8> {
    let mut file = plain();
    let size = (width - 1) | ((height - 1) << 14);
    file[21..25].copy_from_slice(&size.to_le_bytes());
    file
}

pub fn marked(mark: &Mark) -> Vec<u8> {
    let pixels = plain()[12..].to_vec();
    let mut file = riff(&[
        extended(HAS_ICC | HAS_EXIF | HAS_XMP),
        chunk(*b"ICCP", &icc(mark)),
        chunk(*b"odd1", mark.raw()),
        pixels,
        chunk(*b"EXIF", &exif::marked(mark)),
        chunk(*b"XMP ", &xmp(mark)),
        chunk(*b"C2PA", &jumbf(mark)),
        chunk(*b"odd2", mark.text().as_bytes()),
    ]);
    file.extend(mark.raw());
    file
}
