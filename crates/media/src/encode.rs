//! From pixels to a file that holds pixels and nothing else.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::wire::Shape;
use crate::worker::Picture;

/// Of 100. Above it files grow much and pictures hardly.
const JPEG_QUALITY: u8 = 85;

/// PNG where there is transparency, or where nothing was lost before and keeping everything is also smaller, as with
/// flat drawings; JPEG for the rest.
pub(crate) fn encode(rgba: &[u8], shape: Shape, lossy: bool) -> Picture {
    let picture = |bytes, mime| Picture {
        bytes,
        mime,
        width: shape.width.into(),
        height: shape.height.into(),
    };
    if rgba.chunks_exact(4).any(|pixel| pixel[3] != 255) {
        return picture(png(rgba, shape, png::ColorType::Rgba), "image/png");
    }
    let rgb: Vec<u8> = rgba
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let jpeg = jpeg(&rgb, shape);
    if !lossy {
        let png = png(&rgb, shape, png::ColorType::Rgb);
        if png.len() <= jpeg.len() {
            return picture(png, "image/png");
        }
    }
    picture(jpeg, "image/jpeg")
}

/// A lossless file above this many bytes becomes a JPEG: a photograph that was saved as PNG.
const MAX_PNG_BYTES: usize = 4 << 20;

/// The medium of a post: PNG where there is transparency or where nothing was lost before, JPEG for the rest. `channels`
/// is 3 or 4.
pub(crate) fn encode_whole(samples: &[u8], channels: u8, shape: Shape, lossy: bool) -> Picture {
    let picture = |bytes, mime| Picture {
        bytes,
        mime,
        width: shape.width.into(),
        height: shape.height.into(),
    };
    if channels == 4 {
        return picture(png(samples, shape, png::ColorType::Rgba), "image/png");
    }
    if !lossy {
        let png = png(samples, shape, png::ColorType::Rgb);
        if png.len() <= MAX_PNG_BYTES {
            return picture(png, "image/png");
        }
    }
    picture(jpeg(samples, shape), "image/jpeg")
}

fn jpeg(rgb: &[u8], shape: Shape) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(rgb, shape.width, shape.height, ColorType::Rgb)
        .expect("memory takes every write and the pixels are as many as the shape says");
    bytes
}

fn png(samples: &[u8], shape: Shape, colour: png::ColorType) -> Vec<u8> {
    png_file(shape.width.into(), shape.height.into(), samples, |encoder| {
        encoder.set_color(colour);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
    })
}

/// A PNG file. Its chunks are IHDR, PLTE if `set_up` sets a palette, IDAT and IEND.
pub(crate) fn png_file(
    width: u32,
    height: u32,
    samples: &[u8],
    set_up: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    const REASON: &str = "memory takes every write and the samples are as many as the header says";
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    set_up(&mut encoder);
    let mut writer = encoder.write_header().expect(REASON);
    writer.write_image_data(samples).expect(REASON);
    writer.finish().expect(REASON);
    bytes
}
