//! What ffmpeg made, box by box (ISO 14496-12): only boxes of a list may be there, and of what a player does not need
//! nothing may stand in them.

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tracks {
    /// Width and height of the pictures; none where there are none.
    pub(crate) size: Option<(u32, u32)>,
    /// Begun seconds.
    pub(crate) seconds: u32,
}

#[derive(Default)]
struct Seen {
    size: Option<(u32, u32)>,
    sound: bool,
    seconds: Option<u32>,
    data: bool,
}

/// Boxes that hold boxes.
const NESTS: &[&[u8; 4]] = &[b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"];
/// Boxes that say where and when samples are.
const TABLES: &[&[u8; 4]] = &[
    b"elst", b"mdhd", b"vmhd", b"smhd", b"dref", b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco",
    b"co64", b"sgpd", b"sbgp", b"sdtp",
];
/// Boxes that a description of samples may hold: how they are coded, their proportions and colours.
const CODINGS: &[&[u8; 4]] = &[b"avcC", b"esds", b"pasp", b"colr", b"btrt"];
/// How deep boxes lie in files of this kind.
const DEPTH: u8 = 6;

/// None for anything but a film or a sound as it was asked for. The encoder's name, which ffmpeg writes beside the
/// coding, is emptied.
pub(crate) fn check(bytes: &mut [u8]) -> Option<Tracks> {
    let mut seen = Seen::default();
    walk(bytes, DEPTH, &mut seen)?;
    let seconds = seen.seconds?;
    let anything = seen.data && (seen.size.is_some() || seen.sound);
    anything.then_some(Tracks {
        size: seen.size,
        seconds,
    })
}

fn walk(mut bytes: &mut [u8], depth: u8, seen: &mut Seen) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    while !bytes.is_empty() {
        let (name, content, rest) = first_box(bytes)?;
        match &*name {
            b"ftyp" => {}
            b"free" => content.fill(0),
            // Tags, empty ones too. A hole of the same length keeps every offset.
            b"udta" => {
                name.copy_from_slice(b"free");
                content.fill(0);
            }
            b"mdat" => seen.data = true,
            b"mvhd" => seen.seconds = Some(seconds(content)?),
            b"tkhd" => note_size(content, seen)?,
            b"hdlr" => match content.get(8..12)? {
                b"vide" => {}
                b"soun" => seen.sound = true,
                _ => return None,
            },
            b"stsd" => descriptions(content)?,
            name if NESTS.contains(&name) => walk(content, depth, seen)?,
            name if TABLES.contains(&name) => {}
            _ => return None,
        }
        bytes = rest;
    }
    Some(())
}

type Parts<'a> = (&'a mut [u8; 4], &'a mut [u8], &'a mut [u8]);

/// The name and the content of the first box, and what follows it.
fn first_box(bytes: &mut [u8]) -> Option<Parts<'_>> {
    let (head, length) = match four(bytes, 0)? {
        // A length of eight bytes.
        1 => (16, usize::try_from(eight(bytes, 8)?).ok()?),
        length => (8, length as usize),
    };
    if length < head || length > bytes.len() {
        return None;
    }
    let (this, rest) = bytes.split_at_mut(length);
    let (before, content) = this.split_at_mut(head);
    Some((before.get_mut(4..)?.first_chunk_mut()?, content, rest))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn seconds(header: &[u8]) -> Option<u32> {
    let (scale, length) = match header.first()? {
        0 => (four(header, 12)?, u64::from(four(header, 16)?)),
        1 => (four(header, 20)?, eight(header, 24)?),
        _ => return None,
    };
    (scale > 0).then(|| u32::try_from(length.div_ceil(scale.into())).unwrap_or(u32::MAX))
}

/// Sides are numbers of 16 bits with a fraction of 16; those of a sound are 0.
fn note_size(header: &[u8], seen: &mut Seen) -> Option<()> {
    let at = if header.first()? == &0 { 76 } else { 88 };
    let (width, height) = (four(header, at)? >> 16, four(header, at + 4)? >> 16);
    if width > 0 && height > 0 {
        seen.size = Some((width, height));
    }
    Some(())
}

/// Of each kind of samples: H.264 or AAC.
fn descriptions(table: &mut [u8]) -> Option<()> {
    let mut entries = table.get_mut(8..)?;
    while !entries.is_empty() {
        let (name, entry, rest) = first_box(entries)?;
        let codings = match &*name {
            b"avc1" => {
                // The name of the encoder: a byte for its length and 31 for itself.
                entry.get_mut(42..74)?.fill(0);
                entry.get_mut(78..)?
            }
            b"mp4a" => entry.get_mut(28..)?,
            _ => return None,
        };
        only_codings(codings)?;
        entries = rest;
    }
    Some(())
}

fn only_codings(mut bytes: &mut [u8]) -> Option<()> {
    while !bytes.is_empty() {
        let (name, _, rest) = first_box(bytes)?;
        if !CODINGS.contains(&&*name) {
            return None;
        }
        bytes = rest;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxed(name: [u8; 4], content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32 + 8).to_be_bytes();
        [&length, &name[..], content].concat()
    }

    fn sound(more: &[u8]) -> Vec<u8> {
        let mut header = vec![0; 100];
        header[12..16].copy_from_slice(&1000u32.to_be_bytes());
        header[16..20].copy_from_slice(&1500u32.to_be_bytes());
        let handler = boxed(*b"hdlr", b"\0\0\0\0\0\0\0\0soun\0\0\0\0");
        let track = boxed(*b"trak", &boxed(*b"mdia", &handler));
        let moov = boxed(*b"moov", &[&boxed(*b"mvhd", &header), &track[..], more].concat());
        [boxed(*b"ftyp", b"isom"), moov, boxed(*b"mdat", b"samples")].concat()
    }

    #[test]
    fn what_is_not_on_the_list_is_refused() {
        let found = check(&mut sound(&[])).unwrap();
        assert_eq!((found.size, found.seconds), (None, 2));
        let mut tagged = sound(&boxed(*b"udta", b"\xa9xyz+52-13"));
        assert!(check(&mut tagged).is_some());
        assert!(
            !tagged.windows(4).any(|four| four == b"udta" || four == b"+52-"),
            "it is emptied"
        );
        assert_eq!(check(&mut sound(&boxed(*b"meta", b""))), None);
        let whole = sound(&[]);
        assert_eq!(check(&mut whole[..whole.len() - 1].to_vec()), None);
        assert_eq!(check(&mut []), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_through(
            name in proptest::sample::select(vec![b"moov", b"mvhd", b"tkhd", b"stsd", b"hdlr", b"trak"]),
            rest in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let _ = check(&mut boxed(*name, &rest));
            let _ = check(&mut sound(&rest));
        }
    }
}
