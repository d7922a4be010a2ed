//! PNG files.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{Mark, SIDE, exif, icc, jumbf, noise, quarters, xmp};

fn encode(rgb: &[u8]) -> Vec<u8> {
    let mut file = head(SIDE as u32, SIDE as u32, [8, 2]);
    let rows: Vec<u8> = rgb
        .chunks(SIDE * 3)
        .flat_map(|row| [&[0], row].concat())
        .collect();
    file.extend(chunk(*b"IDAT", &compress_to_vec_zlib(&rows, 6)));
    file.extend(chunk(*b"IEND", &[]));
    file
}

fn head(width: u32, height: u32, [depth, colour]: [u8; 2]) -> Vec<u8> {
    let mut content = [width.to_be_bytes(), height.to_be_bytes()].concat();
    content.extend([depth, colour, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n", &chunk(*b"IHDR", &content)[..]].concat()
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend(name);
    chunk.extend(content);
    chunk.extend(crc(&chunk[4..]).to_be_bytes());
    chunk
}

/// PNG annex D, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

/// After the header and before the pixels.
fn insert(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    let at = 8 + 25;
    file.splice(at..at, chunk(name, content));
}

pub fn plain() -> Vec<u8> {
    encode(&noise())
}

pub fn with_exif(block: &[u8]) -> Vec<u8> {
    let mut file = encode(&quarters());
    insert(&mut file, *b"eXIf", block);
    file
}

/// Claims to have as many pixels.
pub fn sized(width: u32, height: u32) -> Vec<u8> {
    let mut file = head(width, height, [8, 6]);
    file.extend(chunk(*b"IDAT", &compress_to_vec_zlib(&[0; 100], 6)));
    file.extend(chunk(*b"IEND", &[]));
    file
}

/// Sixteen bits a channel, every one zero.
pub fn blank(width: u32, height: u32) -> Vec<u8> {
    let mut file = head(width, height, [16, 6]);
    let rows = vec![0; (width as usize * 8 + 1) * height as usize];
    file.extend(chunk(*b"IDAT", &compress_to_vec_zlib(&rows, 1)));
    file.extend(chunk(*b"IEND", &[]));
    file
}

/// Text and a colour profile that are twice as long, inflated, as all that the decoder may hold of them.
pub fn with_text_bomb() -> Vec<u8> {
    let bomb = compress_to_vec_zlib(&vec![0; 64 << 20], 6);
    let mut file = plain();
    insert(&mut file, *b"zTXt", &[b"Comment\0\0", &bomb[..]].concat());
    insert(&mut file, *b"iTXt", &[b"Comment\0\x01\0\0\0", &bomb[..]].concat());
    insert(&mut file, *b"iCCP", &[b"profile\0\0", &bomb[..]].concat());
    file
}

pub fn marked(mark: &Mark) -> Vec<u8> {
    let text = mark.text();
    let text = text.as_bytes();
    let mut file = plain();
    insert(&mut file, *b"tEXt", &[b"Author\0", text].concat());
    insert(&mut file, *b"zTXt", &[b"Comment\0\0", &stored(text)[..]].concat());
    insert(
        &mut file,
        *b"iTXt",
        &[b"Title\0\0\0en\0", text, b"\0", text].concat(),
    );
    insert(
        &mut file,
        *b"iTXt",
        &[b"XML:com.adobe.xmp\0\0\0\0\0", &xmp(mark)[..]].concat(),
    );
    insert(
        &mut file,
        *b"iCCP",
        &[text, b"\0\0", &stored(&icc(mark))[..]].concat(),
    );
    insert(&mut file, *b"eXIf", &exif::marked(mark));
    insert(&mut file, *b"sPLT", &[text, b"\0\x08", &[9; 6]].concat());
    insert(&mut file, *b"caBX", &jumbf(mark));
    insert(&mut file, *b"prVt", mark.raw());
    insert(&mut file, *b"PLTE", &[text, b"pad!"].concat());
    insert(&mut file, *b"tIME", &[7, 0xe8, 5, 6, 7, 8, 9]);
    let end = file.len() - 12;
    let after_pixels = [
        chunk(*b"tEXt", &[b"Late\0", text].concat()),
        chunk(*b"prVt", mark.raw()),
    ]
    .concat();
    file.splice(end..end, after_pixels);
    file.extend(text);
    file
}

/// Zlib without compression, so that counting marks in what is sent needs no inflating.
fn stored(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, 0)
}
