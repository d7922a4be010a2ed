//! GIF files.

use super::{Mark, SIDE, icc, xmp};

/// Colours 0 and 1 are used, the rest of the sixteen are free.
fn encode(free_colours: &[u8]) -> Vec<u8> {
    let mut palette = vec![220, 20, 20, 20, 20, 220];
    palette.extend(free_colours);
    palette.resize(48, 0);
    let side = SIDE as u16;
    let pixels: Vec<u8> = super::noise().chunks(3).map(|pixel| pixel[0] & 1).collect();
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, side, side, &palette).unwrap();
    let frame = gif::Frame {
        width: side,
        height: side,
        buffer: pixels.into(),
        ..gif::Frame::default()
    };
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    bytes
}

pub fn plain() -> Vec<u8> {
    encode(&[])
}

/// Claims to have as many pixels.
pub fn sized(width: u16, height: u16) -> Vec<u8> {
    let mut file = plain();
    file[6..8].copy_from_slice(&width.to_le_bytes());
    file[8..10].copy_from_slice(&height.to_le_bytes());
    file
}

/// An extension: a label, and blocks of at most 255 bytes.
fn extension(label: u8, first: &[u8], content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x21, label];
    for block in std::iter::once(first)
        .filter(|first| !first.is_empty())
        .chain(content.chunks(255))
    {
        bytes.push(block.len() as u8);
        bytes.extend(block);
    }
    bytes.push(0);
    bytes
}

pub fn marked(mark: &Mark) -> Vec<u8> {
    let text = mark.text();
    let text = text.as_bytes();
    let mut file = encode(text);
    let extensions = [
        extension(0xfe, &[], text),
        // XMP is not cut into blocks: a trailer of 258 bytes brings readers that don't know it back on track.
        [
            &b"\x21\xff\x0bXMP DataXMP"[..],
            &xmp(mark),
            &[1],
            &(0..=255).rev().collect::<Vec<u8>>(),
            &[0],
        ]
        .concat(),
        extension(0xff, b"ICCRGBG1012", &icc(mark)),
        extension(0xff, b"ODDAPPL1.00", mark.raw()),
        extension(0x01, &[0; 12], text),
        extension(0x99, &[], mark.raw()),
    ]
    .concat();
    let after_palette = 13 + 48;
    file.splice(after_palette..after_palette, extensions);
    file.extend(text);
    file
}

/// Three frames, each smaller than the one before, with times and transparency; the mark in a comment, in colours that
/// no pixel has, in an unknown extension and after the end.
pub fn moving(mark: &Mark) -> Vec<u8> {
    let text = mark.text();
    let side = SIDE as u16;
    let mut bytes = Vec::new();
    let mut encoder = gif::Encoder::new(&mut bytes, side, side, &[]).unwrap();
    encoder.set_repeat(gif::Repeat::Finite(3)).unwrap();
    for nth in 0..3_u16 {
        let (width, height) = (side - nth * 8, side - nth * 4);
        let noise = super::noise();
        let pixels: Vec<u8> = noise
            .chunks(3)
            .take(usize::from(width) * usize::from(height))
            .map(|pixel| pixel[1] % 3)
            .collect();
        let mut palette = vec![220, 20, nth as u8, 20, 20, 220, 9, 9, 9];
        palette.extend(text.as_bytes());
        palette.resize(48, 0);
        let frame = gif::Frame {
            delay: 7 + nth,
            dispose: gif::DisposalMethod::Keep,
            transparent: (nth > 0).then_some(2),
            left: nth * 8,
            top: nth * 4,
            width,
            height,
            palette: Some(palette),
            buffer: pixels.into(),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    let extensions = [
        extension(0xfe, &[], text.as_bytes()),
        extension(0x99, &[], mark.raw()),
    ]
    .concat();
    // The encoder writes a table of two colours even where it has none.
    let table = 3 << ((bytes[10] & 7) + 1);
    let after_table = 13 + if bytes[10] & 0x80 == 0 { 0 } else { table };
    bytes.splice(after_table..after_table, extensions);
    bytes.extend(text.as_bytes());
    bytes
}
