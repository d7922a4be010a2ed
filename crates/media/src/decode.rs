//! From the bytes of a file to pixels. Runs in the child alone.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};
use image_webp::WebPDecoder;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::format::Format;
use crate::jpeg_end::jpeg_end;
use crate::orientation::Orientation;
use crate::wire::{Outcome, Shape};
use crate::{MAX_PIXELS, MAX_SIDE, scale};

/// What decoders may allocate for their own tables and for chunks of the file, in bytes.
const MAX_CHUNK_BYTES: usize = 32 << 20;
/// Bytes of the largest picture as RGBA.
const MAX_RGBA_BYTES: u64 = MAX_PIXELS * 4;

/// A decoded picture, not yet turned upright.
pub(crate) struct Decoded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; eight bits each.
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
    pub(crate) orientation: Orientation,
    /// The file had already lost detail, so that encoding it lossily again costs little.
    pub(crate) lossy: bool,
}

/// A picture of the wanted shape.
pub(crate) struct Rebuilt {
    pub(crate) rgba: Vec<u8>,
    pub(crate) lossy: bool,
}

/// Decodes `bytes`, fills `shape` with the middle and turns it upright. Of an animation it takes the first frame.
pub(crate) fn rebuild(bytes: &[u8], shape: Shape) -> Result<Rebuilt, Outcome> {
    let decoded = decode(bytes)?;
    let stored = if decoded.orientation.is_sideways() {
        Shape {
            width: shape.height,
            height: shape.width,
        }
    } else {
        shape
    };
    let rgba = scale::cover(&decoded, stored);
    let (width, height) = (usize::from(stored.width), usize::from(stored.height));
    Ok(Rebuilt {
        rgba: decoded.orientation.turn(rgba, width, height, 4),
        lossy: decoded.lossy,
    })
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, Outcome> {
    let decoded = match Format::of(bytes) {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        Format::Gif => gif(bytes),
        _ => Err(Outcome::Unreadable),
    }?;
    let pixels = decoded.width as usize * decoded.height as usize;
    // Scaling relies on it, and no decoder is trusted to keep it.
    if pixels == 0 || decoded.samples.len() != pixels * decoded.channels {
        return Err(Outcome::Unreadable);
    }
    Ok(decoded)
}

/// Refuses a size before anything is allocated for it.
fn check_size(width: u32, height: u32) -> Result<(), Outcome> {
    let too_many = u64::from(width) * u64::from(height) > MAX_PIXELS;
    if width > MAX_SIDE || height > MAX_SIDE || too_many {
        return Err(Outcome::TooManyPixels);
    }
    Ok(())
}

/// Every way in which a decoder can fail is the same to the person who sent the file.
fn unreadable<E>(_: E) -> Outcome {
    Outcome::Unreadable
}

fn jpeg(bytes: &[u8]) -> Result<Decoded, Outcome> {
    let end = jpeg_end(bytes).ok_or(Outcome::Unreadable)?;
    // The decoder's own limits on sides would hide that a picture is too large behind an unspecific error.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes[..end]), options);
    decoder.decode_headers().map_err(unreadable)?;
    let info = decoder.info().ok_or(Outcome::Unreadable)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    check_size(width, height)?;
    let (space, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, 1),
        _ => (ColorSpace::RGB, 3),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(space));
    let orientation = decoder
        .exif()
        .map_or(Orientation::UPRIGHT, |exif| Orientation::from_exif(exif));
    let samples = decoder.decode().map_err(unreadable)?;
    Ok(Decoded {
        width,
        height,
        channels,
        samples,
        orientation,
        lossy: true,
    })
}

fn png(bytes: &[u8]) -> Result<Decoded, Outcome> {
    let limits = png::Limits {
        bytes: MAX_CHUNK_BYTES,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(unreadable)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let exif = reader.info().exif_metadata.as_deref();
    let orientation = exif.map_or(Orientation::UPRIGHT, Orientation::from_exif);
    let size = reader.output_buffer_size().ok_or(Outcome::TooManyPixels)?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(unreadable)?;
    let channels = frame.color_type.samples();
    Ok(Decoded {
        width,
        height,
        channels,
        samples,
        orientation,
        lossy: false,
    })
}

fn webp(bytes: &[u8]) -> Result<Decoded, Outcome> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    decoder.set_memory_limit(MAX_RGBA_BYTES as usize);
    let exif = decoder.exif_metadata().map_err(unreadable)?;
    let orientation = exif.map_or(Orientation::UPRIGHT, |exif| Orientation::from_exif(&exif));
    let size = decoder.output_buffer_size().ok_or(Outcome::TooManyPixels)?;
    let mut samples = vec![0; size];
    if decoder.is_animated() {
        decoder.read_frame(&mut samples).map_err(unreadable)?;
    } else {
        decoder.read_image(&mut samples).map_err(unreadable)?;
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    Ok(Decoded {
        width,
        height,
        channels,
        samples,
        orientation,
        lossy: decoder.is_lossy(),
    })
}

fn gif(bytes: &[u8]) -> Result<Decoded, Outcome> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.check_frame_consistency(true);
    // Browsers skip extensions that they don't know.
    options.allow_unknown_blocks(true);
    options.set_memory_limit(MemoryLimit::Bytes(MAX_RGBA_BYTES.try_into().map_err(unreadable)?));
    let mut decoder = options.read_info(bytes).map_err(unreadable)?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    check_size(width, height)?;
    let frame = decoder
        .next_frame_info()
        .map_err(unreadable)?
        .ok_or(Outcome::Unreadable)?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let frame_width = usize::from(frame.width);
    let mut pixels = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels).map_err(unreadable)?;
    let mut samples = vec![0; width as usize * height as usize * 4];
    // The consistency check above has seen that the frame lies within the canvas.
    for (index, row) in pixels.chunks_exact((frame_width * 4).max(1)).enumerate() {
        let at = ((top + index) * width as usize + left) * 4;
        samples
            .get_mut(at..at + row.len())
            .ok_or(Outcome::Unreadable)?
            .copy_from_slice(row);
    }
    let orientation = Orientation::UPRIGHT;
    Ok(Decoded {
        width,
        height,
        channels: 4,
        samples,
        orientation,
        lossy: false,
    })
}
