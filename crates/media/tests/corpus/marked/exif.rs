//! EXIF blocks (TIFF 6.0, EXIF 2.32), little-endian.

use super::{Mark, jpeg};

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const UNDEFINED: u16 = 7;

struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

fn text(tag: u16, text: &str) -> Entry {
    let value: Vec<u8> = text.bytes().chain([0]).collect();
    Entry {
        tag,
        kind: ASCII,
        count: value.len() as u32,
        value,
    }
}

fn binary(tag: u16, value: Vec<u8>) -> Entry {
    Entry {
        tag,
        kind: UNDEFINED,
        count: value.len() as u32,
        value,
    }
}

fn short(tag: u16, value: u16) -> Entry {
    Entry {
        tag,
        kind: SHORT,
        count: 1,
        value: value.to_le_bytes().to_vec(),
    }
}

fn long(tag: u16, value: u32) -> Entry {
    Entry {
        tag,
        kind: LONG,
        count: 1,
        value: value.to_le_bytes().to_vec(),
    }
}

/// Degrees, minutes, seconds.
fn angle(tag: u16, parts: [u32; 3]) -> Entry {
    let value = parts
        .iter()
        .flat_map(|part| [part.to_le_bytes(), 1u32.to_le_bytes()].concat())
        .collect();
    Entry {
        tag,
        kind: RATIONAL,
        count: 3,
        value,
    }
}

/// Bytes of a directory whose values follow it.
fn length(entries: &[Entry]) -> u32 {
    let long: usize = entries
        .iter()
        .map(|entry| entry.value.len())
        .filter(|length| *length > 4)
        .map(|length| length + length % 2)
        .sum();
    (2 + entries.len() * 12 + 4 + long) as u32
}

fn directory(entries: &[Entry], at: u32, next: u32) -> Vec<u8> {
    let mut head = (entries.len() as u16).to_le_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 2 + entries.len() as u32 * 12 + 4;
    for entry in entries {
        head.extend(entry.tag.to_le_bytes());
        head.extend(entry.kind.to_le_bytes());
        head.extend(entry.count.to_le_bytes());
        if entry.value.len() <= 4 {
            let mut inline = entry.value.clone();
            inline.resize(4, 0);
            head.extend(inline);
        } else {
            head.extend((values_at + values.len() as u32).to_le_bytes());
            values.extend(&entry.value);
            values.resize(values.len() + entry.value.len() % 2, 0);
        }
    }
    head.extend(next.to_le_bytes());
    head.extend(values);
    head
}

/// A block that tells the orientation and nothing else.
pub fn orientation(value: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(directory(&[short(0x0112, value)], 8, 0));
    block
}

/// Maker, owner, serial numbers, maker note, position, and a thumbnail with a comment and EXIF of its own.
pub fn marked(mark: &Mark) -> Vec<u8> {
    let name = mark.text();
    let mut thumbnail = jpeg::plain();
    jpeg::insert(&mut thumbnail, 0xfe, name.as_bytes());
    jpeg::insert(&mut thumbnail, 0xe1, &[b"Exif\0\0", name.as_bytes()].concat());
    let camera = |owner: u32, position: u32| {
        vec![
            text(0x010e, &name),
            text(0x010f, &name),
            text(0x0110, &name),
            text(0x0131, &name),
            text(0x013b, &name),
            text(0x8298, &name),
            long(0x8769, owner),
            long(0x8825, position),
            binary(0x9c9b, mark.utf16()),
        ]
    };
    let mut note = b"Nikon\0\x02\x10\0\0".to_vec();
    note.extend(name.as_bytes());
    let owner = vec![
        text(0x9003, "2024:05:06 07:08:09"),
        binary(0x927c, note),
        binary(0x9286, [b"ASCII\0\0\0", name.as_bytes()].concat()),
        text(0xa420, &name),
        text(0xa430, &name),
        text(0xa431, &name),
        text(0xa435, &name),
    ];
    let position = vec![
        text(0x0001, "N"),
        angle(0x0002, [45, 26, 3]),
        text(0x0003, "E"),
        angle(0x0004, [12, 20, 19]),
        binary(0x001b, [b"ASCII\0\0\0", name.as_bytes()].concat()),
    ];
    let small = |at: u32| {
        vec![
            short(0x0103, 6),
            long(0x0201, at),
            long(0x0202, thumbnail.len() as u32),
        ]
    };

    let owner_at = 8 + length(&camera(0, 0));
    let position_at = owner_at + length(&owner);
    let small_at = position_at + length(&position);
    let thumbnail_at = small_at + length(&small(0));
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(directory(&camera(owner_at, position_at), 8, small_at));
    block.extend(directory(&owner, owner_at, 0));
    block.extend(directory(&position, position_at, 0));
    block.extend(directory(&small(thumbnail_at), small_at, 0));
    block.extend(&thumbnail);
    block
}
