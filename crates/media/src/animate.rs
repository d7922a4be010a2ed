//! A GIF that moves, frame by frame. Each frame is written anew from the colours that its pixels have, so that no colour
//! of a palette, no unused bit and no block beside the frames goes on. Frames are decoded in the child and written by
//! the parent.

use std::borrow::Cow;

use gif::{ColorOutput, DecodeOptions, DisposalMethod, Encoder, Frame, MemoryLimit, Repeat};

use crate::wire::Outcome;
use crate::{MAX_ANIMATION_PIXELS, MAX_FRAMES};

/// A frame: one byte a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Still {
    pub(crate) left: u16,
    pub(crate) top: u16,
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// Hundredths of a second.
    pub(crate) delay: u16,
    /// 0 to 3, as GIF89a numbers what becomes of the frame when its time is over.
    pub(crate) disposal: u8,
    /// The number of the colour that is none.
    pub(crate) transparent: Option<u8>,
    /// Red, green, blue of each colour.
    pub(crate) palette: Vec<u8>,
    pub(crate) pixels: Vec<u8>,
}

/// The frames of a GIF; none where it has one alone, and is no animation.
pub(crate) fn frames(bytes: &[u8]) -> Result<Option<Vec<Still>>, Outcome> {
    let unreadable = |_| Outcome::Unreadable;
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    options.allow_unknown_blocks(true);
    let most = std::num::NonZeroU64::new(MAX_ANIMATION_PIXELS).ok_or(Outcome::Unreadable)?;
    options.set_memory_limit(MemoryLimit::Bytes(most));
    let mut decoder = options.read_info(bytes).map_err(unreadable)?;
    let global = decoder.global_palette().map(<[u8]>::to_vec);
    let (mut stills, mut pixels) = (Vec::new(), 0);
    while let Some(frame) = decoder.read_next_frame().map_err(unreadable)? {
        pixels += frame.buffer.len() as u64;
        if pixels > MAX_ANIMATION_PIXELS || stills.len() >= MAX_FRAMES {
            return Err(Outcome::TooManyPixels);
        }
        let palette = frame.palette.as_deref().or(global.as_deref());
        stills.push(still(frame, palette.ok_or(Outcome::Unreadable)?));
    }
    Ok((stills.len() > 1).then_some(stills))
}

/// The colours that are used, numbered in the order of coming.
fn still(frame: &Frame<'_>, palette: &[u8]) -> Still {
    let mut numbers: [Option<u8>; 256] = [None; 256];
    let (mut colours, mut used): (Vec<u8>, u16) = (Vec::new(), 0);
    let mut transparent = None;
    let pixels = frame
        .buffer
        .iter()
        .map(|index| {
            if let Some(number) = numbers[usize::from(*index)] {
                return number;
            }
            let number = used as u8;
            used += 1;
            let at = usize::from(*index) * 3;
            let shown = frame.transparent != Some(*index);
            if let Some(colour) = palette.get(at..at + 3).filter(|_| shown) {
                colours.extend_from_slice(colour);
            } else {
                colours.extend_from_slice(&[0; 3]);
                transparent.get_or_insert(number);
            }
            numbers[usize::from(*index)] = Some(number);
            number
        })
        .collect();
    Still {
        left: frame.left,
        top: frame.top,
        width: frame.width,
        height: frame.height,
        delay: frame.delay,
        disposal: frame.dispose as u8,
        transparent,
        palette: colours,
        pixels,
    }
}

/// A GIF of frames, on a canvas of this size, for ever from the beginning. Nothing where it would be longer than `most`
/// bytes, or the frames don't fit together.
pub(crate) fn gif_file(width: u16, height: u16, stills: Vec<Still>, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height, &[]).ok()?;
    encoder.set_repeat(Repeat::Infinite).ok()?;
    for still in stills {
        let fits = u32::from(still.left) + u32::from(still.width) <= u32::from(width)
            && u32::from(still.top) + u32::from(still.height) <= u32::from(height)
            && still.pixels.len() == usize::from(still.width) * usize::from(still.height)
            && !still.palette.is_empty();
        if !fits || encoder.get_ref().len() > most {
            return None;
        }
        let frame = Frame {
            delay: still.delay,
            dispose: DisposalMethod::from_u8(still.disposal).unwrap_or(DisposalMethod::Keep),
            transparent: still.transparent,
            needs_user_input: false,
            top: still.top,
            left: still.left,
            width: still.width,
            height: still.height,
            interlaced: false,
            palette: Some(still.palette),
            buffer: Cow::Owned(still.pixels),
        };
        encoder.write_frame(&frame).ok()?;
    }
    drop(encoder);
    (bytes.len() <= most).then_some(bytes)
}
