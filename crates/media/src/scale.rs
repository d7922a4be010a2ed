//! From decoded samples to a picture of the wanted size: cut from the middle, scaled with premultiplied alpha.
#![expect(clippy::cast_precision_loss, reason = "sides are at most 12,000 pixels")]

use crate::decode::Decoded;
use crate::wire::Shape;

/// One pixel while it is being worked on: red, green, blue multiplied by alpha, and alpha, 0 to 255.
type Pixel = [f32; 4];

/// Fills `shape` with the middle of `source`; gives RGBA.
///
/// Each row of the source is read once and scaled across, then added to every row of the result that it touches:
/// the memory beside the source is one row and the result.
pub(crate) fn cover(source: &Decoded, shape: Shape) -> Vec<u8> {
    let (width, height) = (f64::from(source.width), f64::from(source.height));
    let (out_width, out_height) = (f64::from(shape.width), f64::from(shape.height));
    let scale = (width / out_width).min(height / out_height);
    let columns = taps(width, scale, usize::from(shape.width));
    let rows = taps(height, scale, usize::from(shape.height));

    let mut sums = vec![[0.0; 4]; columns.len() * rows.len()];
    let mut first_open = 0;
    for y in rows[0].first..source.height as usize {
        while first_open < rows.len() && rows[first_open].end() <= y {
            first_open += 1;
        }
        if first_open == rows.len() {
            break;
        }
        let across = scale_row(&load_row(source, y), &columns);
        for (index, row) in rows.iter().enumerate().skip(first_open) {
            if row.first > y {
                break;
            }
            let weight = row.weights[y - row.first];
            let sums = &mut sums[index * columns.len()..(index + 1) * columns.len()];
            for (sum, pixel) in sums.iter_mut().zip(&across) {
                add(sum, pixel, weight);
            }
        }
    }
    sums.into_iter().flat_map(to_rgba).collect()
}

/// The source made smaller by a whole number, each pixel the mean of a square: cheap, and still at least twice as large
/// as `shape`, so that [`cover`] has enough to work on. Nothing where the source is not that large.
pub(crate) fn halved(source: &Decoded, shape: Shape) -> Option<Decoded> {
    let times = |length: u32, wanted: u16| length as usize / usize::from(wanted) / 2;
    let by = times(source.width, shape.width).min(times(source.height, shape.height));
    // Colours under transparency must not be mixed in; such pictures are rare, and go the slow way.
    if by < 2 || source.channels.is_multiple_of(2) {
        return None;
    }
    let (width, height) = (source.width as usize / by, source.height as usize / by);
    let channels = source.channels;
    let row_bytes = source.width as usize * channels;
    let area = (by * by) as u32;
    let mut samples = Vec::with_capacity(width * height * channels);
    let mut sums = vec![0_u32; width * channels];
    for rows in source.samples.chunks_exact(row_bytes * by).take(height) {
        sums.fill(0);
        for row in rows.chunks_exact(row_bytes) {
            for (sum, square) in sums
                .chunks_exact_mut(channels)
                .zip(row.chunks_exact(by * channels))
            {
                for pixel in square.chunks_exact(channels) {
                    for (total, sample) in sum.iter_mut().zip(pixel) {
                        *total += u32::from(*sample);
                    }
                }
            }
        }
        samples.extend(sums.iter().map(|sum| ((sum + area / 2) / area) as u8));
    }
    Some(Decoded {
        width: width as u32,
        height: height as u32,
        channels,
        samples,
        orientation: source.orientation,
        lossy: source.lossy,
    })
}

/// The source pixels that make one pixel of the result, and how much each counts.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn end(&self) -> usize {
        self.first + self.weights.len()
    }
}

/// The taps of `count` pixels, laid over the middle of `length` source pixels, `scale` of them for each.
fn taps(length: f64, scale: f64, count: usize) -> Vec<Taps> {
    let start = (length - scale * count as f64) / 2.0;
    // When it shrinks, the filter grows with the scale, or fine patterns would alias.
    let spread = scale.max(1.0);
    (0..count)
        .map(|index| {
            let centre = start + (index as f64 + 0.5) * scale;
            let first = (centre - 2.0 * spread).floor().max(0.0) as usize;
            let end = ((centre + 2.0 * spread).ceil() as usize).min(length as usize);
            let weights: Vec<f64> = (first..end)
                .map(|at| catmull_rom((at as f64 + 0.5 - centre) / spread))
                .collect();
            let total: f64 = weights.iter().sum();
            Taps {
                first,
                weights: weights
                    .into_iter()
                    .map(|weight| (weight / total) as f32)
                    .collect(),
            }
        })
        .collect()
}

/// Catmull and Rom 1974; Keys' cubic with a = -1/2: sharp, with little ringing.
fn catmull_rom(distance: f64) -> f64 {
    let x = distance.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

fn load_row(source: &Decoded, y: usize) -> Vec<Pixel> {
    let row_bytes = source.width as usize * source.channels;
    let row = &source.samples[y * row_bytes..(y + 1) * row_bytes];
    row.chunks_exact(source.channels)
        .map(|samples| match *samples {
            [grey] => premultiply(grey, grey, grey, 255),
            [grey, alpha] => premultiply(grey, grey, grey, alpha),
            [red, green, blue] => premultiply(red, green, blue, 255),
            [red, green, blue, alpha, ..] => premultiply(red, green, blue, alpha),
            [] => [0.0; 4],
        })
        .collect()
}

fn premultiply(red: u8, green: u8, blue: u8, alpha: u8) -> Pixel {
    let share = f32::from(alpha) / 255.0;
    [
        f32::from(red) * share,
        f32::from(green) * share,
        f32::from(blue) * share,
        f32::from(alpha),
    ]
}

fn scale_row(row: &[Pixel], columns: &[Taps]) -> Vec<Pixel> {
    columns
        .iter()
        .map(|column| {
            let mut sum = [0.0; 4];
            for (pixel, weight) in row[column.first..].iter().zip(&column.weights) {
                add(&mut sum, pixel, *weight);
            }
            sum
        })
        .collect()
}

fn add(sum: &mut Pixel, pixel: &Pixel, weight: f32) {
    for (total, channel) in sum.iter_mut().zip(pixel) {
        *total += channel * weight;
    }
}

fn to_rgba(pixel: Pixel) -> [u8; 4] {
    let alpha = pixel[3].round().clamp(0.0, 255.0);
    // Nothing stays under a fully transparent pixel: colours there would be a hiding place.
    if alpha == 0.0 {
        return [0; 4];
    }
    let channel = |value: f32| (value * 255.0 / alpha).round().clamp(0.0, 255.0) as u8;
    [
        channel(pixel[0]),
        channel(pixel[1]),
        channel(pixel[2]),
        alpha as u8,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orientation::Orientation;
    use proptest::prelude::*;

    fn plain(width: u32, height: u32, colour: &[u8]) -> Decoded {
        Decoded {
            width,
            height,
            channels: colour.len(),
            samples: colour.repeat((width * height) as usize),
            orientation: Orientation::UPRIGHT,
            lossy: false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn one_colour_stays_that_colour_at_any_size(
            width in 1u32..90, height in 1u32..90, out_width in 1u16..60, out_height in 1u16..60,
            colour in proptest::collection::vec(any::<u8>(), 3),
        ) {
            let shape = Shape { width: out_width, height: out_height };
            let scaled = cover(&plain(width, height, &colour), shape);
            let opaque = [&colour[..], &[255]].concat();
            prop_assert_eq!(scaled, opaque.repeat(usize::from(out_width) * usize::from(out_height)));
        }
    }

    #[test]
    fn colours_under_full_transparency_are_gone() {
        let shape = Shape { width: 3, height: 3 };
        let scaled = cover(&plain(9, 9, &[200, 100, 50, 0]), shape);
        assert_eq!(scaled, [0; 36]);
    }
}
