//! What a picture costs besides its codec: a child in a sandbox, its pixels through pipes, the smaller form and the search
//! for what the file carried.

use std::time::Instant;

use bauta_media::Worker;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_jpeg::JpegDecoder;

use super::{Figure, Goal};
use crate::process::program;

/// Six million pixels, as many a telephone sends: below the size from which pictures are made smaller, so that both sides
/// encode the same.
const SIDES: (u16, u16) = (3000, 2000);
/// As the server encodes.
const QUALITY: u8 = 85;
const TIMES: usize = 9;

/// A picture through the server's pipeline ÷ decoding and encoding it alone, with the same codecs.
pub fn run() -> Vec<Figure> {
    let file = encoded(&landscape(), 92);
    let worker = Worker::new(program());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    // In turns: a machine that others use is faster at one time than at another.
    for _ in 0..TIMES {
        alone.push(seconds(|| {
            let pixels = JpegDecoder::new(ZCursor::new(&file[..])).decode();
            encoded(&pixels.expect("our own picture"), QUALITY);
        }));
        whole.push(seconds(|| {
            let rebuilt = runtime.block_on(worker.attachment(file.clone()));
            rebuilt.expect("our own picture");
        }));
    }
    let ratio = median(whole) / median(alone);
    vec![Figure::new("image_vs_codec", ratio, Goal::AtMost(1.3))]
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn encoded(rgb: &[u8], quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(rgb, SIDES.0, SIDES.1, ColorType::Rgb)
        .expect("memory takes it");
    bytes
}

/// Slopes, edges and grain, as a photograph has them.
fn landscape() -> Vec<u8> {
    let (width, height) = (usize::from(SIDES.0), usize::from(SIDES.1));
    let mut grain = 1_u32;
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let ridge = ((x * 7 / 5) ^ (x / 3)) % 400 + height / 2;
            let light = if y > ridge {
                40 + x * 60 / width
            } else {
                160 + y * 90 / height
            };
            let light = light as u32 + grain % 12;
            rgb.extend([light as u8, (light * 7 / 8) as u8, (light / 2 + 60) as u8]);
        }
    }
    rgb
}
