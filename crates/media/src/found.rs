//! What a file carries beside its pixels, by kind: so that whoever sends it can be told what was dropped. Runs in the
//! child alone, and keeps nothing of what it sees.

use crate::carried::Carried;
use crate::format::Format;
use crate::jpeg_end::jpeg_end;

/// Kinds of things beside the pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found(u16);

impl Found {
    /// Where it was taken.
    pub const PLACE: Self = Self(1);
    /// Maker, model or serial number of a camera, or a maker's own notes.
    pub const DEVICE: Self = Self(2);
    /// A name: owner, author, holder of rights.
    pub const PERSON: Self = Self(4);
    /// When it was taken or changed.
    pub const TIME: Self = Self(8);
    /// The program that wrote it.
    pub const PROGRAM: Self = Self(16);
    /// A comment, a title, a description.
    pub const TEXT: Self = Self(32);
    /// A smaller picture, which may show what was cut off.
    pub const SMALL_PICTURE: Self = Self(64);
    /// A signed history (C2PA).
    pub const HISTORY: Self = Self(128);
    /// Bytes after the end.
    pub const TAIL: Self = Self(256);
    /// Something else that is no pixel.
    pub const OTHER: Self = Self(512);

    /// True if nothing was found.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if all of `kinds` were found.
    pub const fn has(self, kinds: Self) -> bool {
        self.0 & kinds.0 == kinds.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn code(self) -> u16 {
        self.0
    }

    pub(crate) const fn from_code(code: u16) -> Self {
        Self(code & 1023)
    }
}

/// Looks through a file, and notes values where `tells` asks for them. What it can't follow it leaves: the pixels are what
/// counts.
pub(crate) fn found(bytes: &[u8], tells: bool) -> Carried {
    let mut found = Carried::new(tells);
    // Each gives nothing at the first thing that makes no sense.
    let _ = match Format::of(bytes) {
        Format::Jpeg => jpeg(bytes, &mut found),
        Format::Png => png(bytes, &mut found),
        Format::WebP => webp(bytes, &mut found),
        Format::Gif => gif(bytes, &mut found),
        _ => None,
    };
    found
}

/// ITU-T T.81 annex B: segments up to the scan.
fn jpeg(bytes: &[u8], found: &mut Carried) -> Option<()> {
    if jpeg_end(bytes).is_some_and(|end| end < bytes.len()) {
        found.add(Found::TAIL);
    }
    let mut at = 2;
    loop {
        while *bytes.get(at)? == 0xff && *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0xda | 0xd9) {
            return Some(());
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let content = bytes.get(at + 4..at + 2 + length.max(2))?;
        jpeg_segment(marker, content, found);
        at += 2 + length;
    }
}

fn jpeg_segment(marker: u8, content: &[u8], found: &mut Carried) {
    match marker {
        // JFIF: the last two bytes of the head are the sides of a thumbnail.
        0xe0 if content.starts_with(b"JFIF\0") && content.get(12..14).is_none_or(|sides| sides == [0, 0]) => {
        }
        0xe0 if content.starts_with(b"JFIF\0") => found.add(Found::SMALL_PICTURE),
        0xe0 if content.starts_with(b"JFXX\0") => found.add(Found::SMALL_PICTURE),
        0xe1 if content.starts_with(b"Exif\0\0") => exif(&content[6..], found),
        0xe1 if content.starts_with(b"http://ns.adobe.com/x") => xmp(content, found),
        0xe2 if content.starts_with(b"MPF\0") => found.add(Found::SMALL_PICTURE),
        0xe2 if content.starts_with(b"ICC_PROFILE\0") => {}
        0xeb if content.starts_with(b"JP") => found.add(Found::HISTORY),
        0xed => found.add(Found::TEXT),
        0xee if content.starts_with(b"Adobe") => {}
        0xe0..=0xef => found.add(Found::OTHER),
        0xfe => found.say(Found::TEXT, content),
        _ => {}
    }
}

/// Chunks that say how pixels are meant.
const PNG_PIXELS: [&[u8]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"hIST",
    b"pHYs", b"cICP", b"acTL", b"fcTL", b"fdAT", b"mDCV", b"cLLI",
];

fn png(bytes: &[u8], found: &mut Carried) -> Option<()> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?) as usize;
        let name = bytes.get(at + 4..at + 8)?;
        let content = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        at += 12 + length;
        match name {
            b"IEND" => {
                if at < bytes.len() {
                    found.add(Found::TAIL);
                }
                return Some(());
            }
            b"eXIf" => exif(content, found),
            b"tIME" => found.add(Found::TIME),
            b"caBX" => found.add(Found::HISTORY),
            b"tEXt" | b"zTXt" | b"iTXt" => png_text(content, found),
            name if PNG_PIXELS.contains(&name) => {}
            _ => found.add(Found::OTHER),
        }
    }
}

/// Keywords of PNG § 11.3.3.
fn png_text(content: &[u8], found: &mut Carried) {
    let (keyword, value) = match content.iter().position(|byte| *byte == 0) {
        Some(end) => (&content[..end], &content[end + 1..]),
        None => (content, &[][..]),
    };
    match keyword {
        b"XML:com.adobe.xmp" => xmp(content, found),
        b"Author" | b"Copyright" => found.say(Found::PERSON, value),
        b"Software" => found.say(Found::PROGRAM, value),
        b"Creation Time" => found.say(Found::TIME, value),
        b"Source" => found.say(Found::DEVICE, value),
        _ => found.say(Found::TEXT, value),
    }
}

fn webp(bytes: &[u8], found: &mut Carried) -> Option<()> {
    let length = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?) as usize;
    let end = length.checked_add(8)?;
    if end < bytes.len() {
        found.add(Found::TAIL);
    }
    let mut at = 12;
    while at < end {
        let name = bytes.get(at..at + 4)?;
        let length = u32::from_le_bytes(*bytes.get(at + 4..)?.first_chunk()?) as usize;
        let content = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match name {
            b"EXIF" => exif(content.strip_prefix(b"Exif\0\0").unwrap_or(content), found),
            b"XMP " => xmp(content, found),
            b"C2PA" => found.add(Found::HISTORY),
            b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => {}
            _ => found.add(Found::OTHER),
        }
        at = at.checked_add(8 + length + length % 2)?;
    }
    Some(())
}

/// GIF89a: blocks up to the trailer.
fn gif(bytes: &[u8], found: &mut Carried) -> Option<()> {
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        match *bytes.get(at)? {
            0x2c => at = skip_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?,
            0x21 => {
                let content = bytes.get(at + 3..)?;
                match *bytes.get(at + 1)? {
                    0xf9 => {}
                    0xff if content.starts_with(b"NETSCAPE") || content.starts_with(b"ANIMEXTS") => {}
                    0xff if content.starts_with(b"XMP Data") => xmp(content, found),
                    0xfe | 0x01 => {
                        let length = usize::from(*bytes.get(at + 2)?);
                        found.say(Found::TEXT, content.get(..length)?);
                    }
                    _ => found.add(Found::OTHER),
                }
                at = skip_blocks(bytes, at + 2)?;
            }
            0x3b => {
                if at + 1 < bytes.len() {
                    found.add(Found::TAIL);
                }
                return Some(());
            }
            _ => return None,
        }
    }
}

/// The place after a run of sub-blocks.
fn skip_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

/// Properties that XMP names, wherever they stand in it.
fn xmp(packet: &[u8], found: &mut Carried) {
    let names: [(&[u8], Found); 8] = [
        (b"GPS", Found::PLACE),
        (b"creator", Found::PERSON),
        (b"Owner", Found::PERSON),
        (b"Make", Found::DEVICE),
        (b"Serial", Found::DEVICE),
        (b"Date", Found::TIME),
        (b"CreatorTool", Found::PROGRAM),
        (b"description", Found::TEXT),
    ];
    found.add(Found::OTHER);
    for (name, kind) in names {
        if packet.windows(name.len()).any(|window| window == name) {
            found.add(kind);
        }
    }
}

/// The most entries of a directory that are looked at.
const MOST_ENTRIES: usize = 500;

/// TIFF 6.0 and EXIF 2.32.
fn exif(tiff: &[u8], found: &mut Carried) {
    let _ = directories(tiff, found);
}

fn directories(tiff: &[u8], found: &mut Carried) -> Option<()> {
    let tiff = Tiff::open(tiff)?;
    let mut wanted = vec![tiff.four(4)?];
    let mut seen = 0;
    while let Some(at) = wanted.pop() {
        let entries = usize::from(tiff.two(at)?).min(MOST_ENTRIES);
        for entry in (0..entries).map(|nth| at + 2 + nth * 12) {
            let Some(tag) = tiff.two(entry) else { break };
            match tiff.text(entry) {
                Some(value) if of_tag(tag) != Found(0) => found.say(of_tag(tag), value),
                _ => found.add(of_tag(tag)),
            }
            if tag == 0x8825
                && let Some(place) = tiff.four(entry + 8).and_then(|at| tiff.place(at))
            {
                found.say(Found::PLACE, place.as_bytes());
            }
            // The directory of the camera's own tags.
            if tag == 0x8769 && seen == 0 {
                wanted.extend(tiff.four(entry + 8));
            }
        }
        if seen == 0 && tiff.four(at + 2 + entries * 12).is_some_and(|next| next != 0) {
            found.add(Found::SMALL_PICTURE);
        }
        seen += 1;
    }
    Some(())
}

/// Numbers and texts of a TIFF, in its order of bytes.
struct Tiff<'t> {
    bytes: &'t [u8],
    little: bool,
}

impl<'t> Tiff<'t> {
    fn open(bytes: &'t [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn four(&self, at: usize) -> Option<usize> {
        let bytes: [u8; 4] = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        } as usize)
    }

    fn two(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    /// The value of an entry of ASCII, which lies in the entry itself where it is short.
    fn text(&self, entry: usize) -> Option<&'t [u8]> {
        if self.two(entry + 2)? != 2 {
            return None;
        }
        let length = self.four(entry + 4)?;
        let at = if length <= 4 {
            entry + 8
        } else {
            self.four(entry + 8)?
        };
        self.bytes.get(at..at.checked_add(length)?)
    }

    /// Where a directory of GPS says that it was taken: degrees with the letter of the hemisphere.
    fn place(&self, at: usize) -> Option<String> {
        let entries = usize::from(self.two(at)?).min(MOST_ENTRIES);
        let entry = |tag: u16| {
            let mut all = (0..entries).map(|nth| at + 2 + nth * 12);
            all.find(|entry| self.two(*entry) == Some(tag))
        };
        let side = |letter: u16, degrees: u16| {
            let letter = *self.text(entry(letter)?)?.first()?;
            let at = self.four(entry(degrees)? + 8)?;
            let part = |nth: usize| {
                let (above, below) = (self.four(at + nth * 8)?, self.four(at + nth * 8 + 4)?);
                (below > 0).then(|| above as f64 / below as f64)
            };
            let degrees = part(0)? + part(1)? / 60.0 + part(2)? / 3600.0;
            letter
                .is_ascii_uppercase()
                .then(|| format!("{degrees:.4}° {}", char::from(letter)))
        };
        Some(format!("{}, {}", side(1, 2)?, side(3, 4)?))
    }
}

const fn of_tag(tag: u16) -> Found {
    match tag {
        0x8825 => Found::PLACE,
        0x010f | 0x0110 | 0x927c | 0xa420 | 0xa431 | 0xa433..=0xa435 | 0xc62f => Found::DEVICE,
        0x013b | 0x8298 | 0xa430 | 0x9c9d => Found::PERSON,
        0x0132 | 0x9003 | 0x9004 => Found::TIME,
        0x0131 => Found::PROGRAM,
        0x010e | 0x9286 | 0x9c9b | 0x9c9c | 0x9c9e | 0x9c9f => Found::TEXT,
        _ => Found(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_looked_through(
            start in proptest::sample::select(vec![
                &b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP", b"GIF89a", b"\xff\xd8\xff\xe1\0\x40Exif\0\0II*\0\x08\0\0\0",
            ]),
            rest in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let _ = found(&[start, &rest[..]].concat(), true);
        }
    }
}
