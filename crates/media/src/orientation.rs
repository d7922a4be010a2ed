//! Which way up a picture is: the one thing that is read from EXIF, and only to turn the pixels.

/// EXIF tag 0x0112: 1 is upright, 2 to 8 are the other ways to mirror and turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Orientation {
    pub(crate) const UPRIGHT: Self = Self(1);

    /// Finds the tag in the first directory of a TIFF block, with or without the prefix that JPEG puts before it.
    /// Upright when anything is odd.
    pub(crate) fn from_exif(block: &[u8]) -> Self {
        let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        find(tiff).map_or(Self::UPRIGHT, Self)
    }

    /// Width and height change places.
    pub(crate) const fn is_sideways(self) -> bool {
        self.0 >= 5
    }

    /// Turns `samples`, `width` × `height` pixels of `channels` bytes before turning, upright.
    pub(crate) fn turn(self, samples: Vec<u8>, width: usize, height: usize, channels: usize) -> Vec<u8> {
        if self == Self::UPRIGHT {
            return samples;
        }
        let (new_width, new_height) = if self.is_sideways() {
            (height, width)
        } else {
            (width, height)
        };
        let mut turned = Vec::with_capacity(samples.len());
        for y in 0..new_height {
            for x in 0..new_width {
                let (from_x, from_y) = self.source(x, y, width, height);
                let at = (from_y * width + from_x) * channels;
                turned.extend_from_slice(&samples[at..at + channels]);
            }
        }
        turned
    }

    /// Where the pixel that is shown at `x`, `y` is stored.
    const fn source(self, x: usize, y: usize, width: usize, height: usize) -> (usize, usize) {
        match self.0 {
            2 => (width - 1 - x, y),
            3 => (width - 1 - x, height - 1 - y),
            4 => (x, height - 1 - y),
            5 => (y, x),
            6 => (y, height - 1 - x),
            7 => (width - 1 - y, height - 1 - x),
            8 => (width - 1 - y, x),
            _ => (x, y),
        }
    }
}

fn find(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let four = |at: usize| {
        let (first, second) = (u32::from(two(at)?), u32::from(two(at + 2)?));
        Some(if little {
            second << 16 | first
        } else {
            first << 16 | second
        })
    };
    let directory = usize::try_from(four(4)?).ok()?;
    let entries = usize::from(two(directory)?);
    let first = directory + 2;
    let entry = (0..entries)
        .map(|index| first + index * 12)
        .find(|at| two(*at) == Some(0x0112))?;
    let value = two(entry + 8)?;
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_picture_that_lies_on_its_side_is_set_upright() {
        // Two pixels, 1 and 2, side by side; orientation 6 shows the first on top.
        let stored = vec![1, 1, 1, 1, 2, 2, 2, 2];
        assert_eq!(Orientation(6).turn(stored.clone(), 2, 1, 4), stored);
        assert_eq!(
            Orientation(8).turn(stored.clone(), 2, 1, 4),
            [2, 2, 2, 2, 1, 1, 1, 1]
        );
        assert_eq!(Orientation(2).turn(stored, 2, 1, 4), [2, 2, 2, 2, 1, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_orientation(block in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Orientation::from_exif(&[b"II*\0", &block[..]].concat());
        }
    }
}
