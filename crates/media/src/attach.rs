//! The child's work for the medium of a post: the whole picture, upright and no larger than pages need, its smaller
//! form, and what the file carried beside.

use crate::animate::{self, Still};
use crate::carried::Carried;
use crate::decode::{Decoded, decode};
use crate::format::Format;
use crate::found::found;
use crate::orientation::Orientation;
use crate::scale;
use crate::wire::{Outcome, Shape};
use crate::{MAX_ATTACHMENT_PIXELS, MAX_PREVIEW_PIXELS};

/// What the parent makes files of.
pub(crate) struct Prepared {
    source: Decoded,
    pub(crate) found: Carried,
    pub(crate) channels: u8,
    /// The size of the canvas for an animation.
    pub(crate) shape: Shape,
    /// Nothing where they are those of the source.
    samples: Option<Vec<u8>>,
    /// Frames, which stand for the picture where there are any.
    pub(crate) frames: Vec<Still>,
}

impl Prepared {
    pub(crate) const fn lossy(&self) -> bool {
        self.source.lossy
    }

    /// The pixels of the picture; none for an animation.
    pub(crate) fn samples(&self) -> &[u8] {
        self.samples.as_deref().unwrap_or(&self.source.samples)
    }

    pub(crate) fn preview_shape(&self) -> Shape {
        upright_shape(&self.source, stored_preview(&self.source))
    }

    /// The pixels of the smaller form, RGBA. Made when the picture is on its way: the parent has begun with that.
    pub(crate) fn preview(&self) -> Vec<u8> {
        preview(&self.source)
    }
}

pub(crate) fn prepare(bytes: &[u8], tells: bool) -> Result<Prepared, Outcome> {
    let frames = if Format::of(bytes) == Format::Gif {
        animate::frames(bytes)?.unwrap_or_default()
    } else {
        Vec::new()
    };
    let source = decode(bytes)?;
    let (shape, channels, samples) = if frames.is_empty() {
        whole(&source)
    } else {
        let side = |side: u32| u16::try_from(side).map_err(|_| Outcome::TooManyPixels);
        let shape = Shape {
            width: side(source.width)?,
            height: side(source.height)?,
        };
        (shape, 3, Some(Vec::new()))
    };
    Ok(Prepared {
        found: found(bytes, tells),
        channels,
        shape,
        samples,
        frames,
        source,
    })
}

/// The largest shape of the same proportions with at most `most` pixels.
fn within(width: u32, height: u32, most: u64) -> Shape {
    let pixels = u64::from(width) * u64::from(height);
    let scale = if pixels <= most {
        1.0
    } else {
        (most as f64 / pixels as f64).sqrt()
    };
    let side = |side: u32| (f64::from(side) * scale).floor().clamp(1.0, f64::from(u16::MAX)) as u16;
    Shape {
        width: side(width),
        height: side(height),
    }
}

/// The shape, channels and samples of a whole picture, upright; no samples where they are the source's own.
fn whole(source: &Decoded) -> (Shape, u8, Option<Vec<u8>>) {
    let stored = within(source.width, source.height, MAX_ATTACHMENT_PIXELS);
    let shape = upright_shape(source, stored);
    let same = u32::from(stored.width) == source.width && u32::from(stored.height) == source.height;
    if same && source.channels == 3 && source.orientation == Orientation::UPRIGHT {
        return (shape, 3, None);
    }
    let (channels, samples) = if same {
        as_it_is(source)
    } else {
        without_alpha(scale::cover(source, stored))
    };
    (shape, channels, Some(upright(source, stored, channels, samples)))
}

fn stored_preview(source: &Decoded) -> Shape {
    within(source.width, source.height, MAX_PREVIEW_PIXELS)
}

fn preview(source: &Decoded) -> Vec<u8> {
    let shape = stored_preview(source);
    let samples = match scale::halved(source, shape) {
        Some(smaller) => scale::cover(&smaller, shape),
        None => scale::cover(source, shape),
    };
    upright(source, shape, 4, samples)
}

fn upright(source: &Decoded, stored: Shape, channels: u8, samples: Vec<u8>) -> Vec<u8> {
    let (width, height) = (usize::from(stored.width), usize::from(stored.height));
    source
        .orientation
        .turn(samples, width, height, usize::from(channels))
}

fn upright_shape(source: &Decoded, stored: Shape) -> Shape {
    if source.orientation.is_sideways() {
        Shape {
            width: stored.height,
            height: stored.width,
        }
    } else {
        stored
    }
}

/// The pixels of a picture that is not scaled.
fn as_it_is(source: &Decoded) -> (u8, Vec<u8>) {
    match source.channels {
        3 => (3, source.samples.clone()),
        1 => (3, source.samples.iter().flat_map(|grey| [*grey; 3]).collect()),
        2 => without_alpha(
            source
                .samples
                .chunks_exact(2)
                .flat_map(|pair| [pair[0], pair[0], pair[0], pair[1]])
                .collect(),
        ),
        _ => without_alpha(source.samples.clone()),
    }
}

/// RGB where nothing is transparent. Elsewhere what can't be seen is emptied: it would be a hiding place.
fn without_alpha(mut rgba: Vec<u8>) -> (u8, Vec<u8>) {
    if rgba.chunks_exact(4).all(|pixel| pixel[3] == 255) {
        let rgb = rgba
            .chunks_exact(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect();
        return (3, rgb);
    }
    for pixel in rgba.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
        pixel.fill(0);
    }
    (4, rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_shrinks_in_proportion() {
        let shape = |width, height| Shape { width, height };
        assert_eq!(within(640, 480, MAX_ATTACHMENT_PIXELS), shape(640, 480));
        let small = within(12_000, 3_000, MAX_ATTACHMENT_PIXELS);
        assert!(u64::from(small.width) * u64::from(small.height) <= MAX_ATTACHMENT_PIXELS);
        assert!((3.99..4.01).contains(&(f64::from(small.width) / f64::from(small.height))));
        assert_eq!(within(12_000, 1, 100).height, 1);
    }
}
