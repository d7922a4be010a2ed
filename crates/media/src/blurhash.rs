//! The colours of a picture in a few letters, to show before it is loaded: <https://github.com/woltapp/blurhash>.
#![expect(clippy::cast_precision_loss, reason = "sides are some hundred pixels")]

use std::f32::consts::PI;

/// Waves across and down.
const ACROSS: usize = 4;
const DOWN: usize = 3;
/// Pixels looked at on each side, at most: more of them change nothing.
const SAMPLES: usize = 48;

/// The hash of RGBA pixels.
pub(crate) fn blurhash(rgba: &[u8], width: usize, height: usize) -> String {
    let waves = waves(rgba, width, height);
    let mut hash = String::with_capacity(4 + 2 * ACROSS * DOWN);
    digits(&mut hash, (ACROSS - 1) + (DOWN - 1) * 9, 1);
    let largest = waves[1..]
        .iter()
        .flatten()
        .fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let quantised = (largest * 166.0 - 0.5).floor().clamp(0.0, 82.0);
    digits(&mut hash, quantised as usize, 1);
    let scale = (quantised + 1.0) / 166.0;
    let [red, green, blue] = waves[0].map(to_srgb);
    digits(&mut hash, red << 16 | green << 8 | blue, 4);
    for wave in &waves[1..] {
        let [red, green, blue] = wave.map(|value| {
            let share = value / scale;
            (share.abs().sqrt() * share.signum() * 9.0 + 9.5)
                .floor()
                .clamp(0.0, 18.0) as usize
        });
        digits(&mut hash, (red * 19 + green) * 19 + blue, 2);
    }
    hash
}

/// How much of each wave is in the picture, in linear light.
fn waves(rgba: &[u8], width: usize, height: usize) -> Vec<[f32; 3]> {
    let step = |side: usize| side.div_ceil(SAMPLES).max(1);
    let (step_x, step_y) = (step(width), step(height));
    let mut waves = vec![[0.0_f32; 3]; ACROSS * DOWN];
    let mut count = 0.0_f32;
    for y in (0..height).step_by(step_y) {
        for x in (0..width).step_by(step_x) {
            let at = (y * width + x) * 4;
            let Some(pixel) = rgba.get(at..at + 4) else {
                continue;
            };
            let alpha = f32::from(pixel[3]) / 255.0;
            // What is transparent is shown on white.
            let colour = [pixel[0], pixel[1], pixel[2]].map(|value| to_linear(value) * alpha + (1.0 - alpha));
            count += 1.0;
            for (index, wave) in waves.iter_mut().enumerate() {
                let (i, j) = ((index % ACROSS) as f32, (index / ACROSS) as f32);
                let basis = (PI * i * (x as f32 + 0.5) / width as f32).cos()
                    * (PI * j * (y as f32 + 0.5) / height as f32).cos();
                for (sum, value) in wave.iter_mut().zip(colour) {
                    *sum += basis * value;
                }
            }
        }
    }
    for (index, wave) in waves.iter_mut().enumerate() {
        let norm = if index == 0 { 1.0 } else { 2.0 };
        for sum in wave {
            *sum *= norm / count.max(1.0);
        }
    }
    waves
}

/// IEC 61966-2-1.
fn to_linear(value: u8) -> f32 {
    let value = f32::from(value) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn to_srgb(value: f32) -> usize {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    };
    (value * 255.0 + 0.5) as usize
}

/// Adds `count` digits of base 83.
fn digits(hash: &mut String, value: usize, count: u32) {
    const DIGITS: &[u8; 83] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    for place in (0..count).rev() {
        hash.push(char::from(DIGITS[value / 83_usize.pow(place) % 83]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_is_that_colour_and_no_wave() {
        let hash = blurhash(&[255, 0, 0, 255].repeat(12 * 9), 12, 9);
        assert_eq!(hash.len(), 28);
        assert!(hash.starts_with("L0"), "{hash}");
        let value = hash[2..6].bytes().fold(0, |value, digit| {
            let digits =
                "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
            value * 83 + digits.bytes().position(|known| known == digit).unwrap()
        });
        assert_eq!(value, 0x00ff_0000);
    }

    #[test]
    fn left_and_right_make_a_wave() {
        let row: Vec<u8> = (0..40)
            .flat_map(|x| if x < 20 { [0, 0, 0, 255] } else { [255; 4] })
            .collect();
        let hash = blurhash(&row.repeat(30), 40, 30);
        assert_ne!(&hash[1..2], "0", "{hash}");
    }
}
