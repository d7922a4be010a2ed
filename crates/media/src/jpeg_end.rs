//! Where a JPEG ends. The decoder forgives a file that was cut off; we don't, and what follows the end is not read.

/// The length of the first picture in `bytes`, its end marker included, or nothing if there is no end marker.
pub(crate) fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        let (marker, after) = next_marker(bytes, at)?;
        at = match marker {
            0xd9 => return Some(after),
            // TEM and RSTn stand alone (ITU-T T.81 table B.1).
            0x01 | 0xd0..=0xd8 => after,
            0xda => entropy_end(bytes, skip_segment(bytes, after)?)?,
            _ => skip_segment(bytes, after)?,
        };
    }
}

/// The marker at `at`, which any number of fill bytes 0xff may precede, and the place after it.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(at..)?;
    let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
    let marker = *rest.get(fill)?;
    (fill > 0).then_some((marker, at + fill + 1))
}

fn skip_segment(bytes: &[u8], at: usize) -> Option<usize> {
    let length = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
    (length >= 2).then_some(at + usize::from(length))
}

/// The place of the first marker after entropy-coded data; stuffed zeros and restart markers belong to the data.
fn entropy_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}
