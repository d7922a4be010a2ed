//! The default avatar: a bauta, the mask of Venice, drawn in two tones that an account's random id picks.
#![expect(clippy::cast_precision_loss, reason = "these are tones and small choices")]

use bauta_model::AccountId;

use crate::draw::{Canvas, Path, Point};
use crate::encode::png_file;

/// Side of the default avatar, in pixels; that of every avatar.
const AVATAR_SIDE: u32 = 400;
/// Colours in the palette: more can't be told apart, fewer show steps at edges.
const LEVELS: usize = 16;

/// Tones on the canvas.
const SHADOW: f32 = 0.0;
const CLOTH: f32 = 0.1;
const GROUND: f32 = 0.3;
const NOSE_SHADE: f32 = 0.6;
const SHADE: f32 = 0.82;
const LIGHT: f32 = 1.0;

type Colour = [u8; 3];

/// Grounds, muted as the colours of the pages are, from lagoon to plum. White text on each is legible, and so is the
/// light of the mask.
const GROUNDS: [Colour; 12] = [
    [0x1b, 0x5e, 0x68],
    [0x2f, 0x6a, 0x3d],
    [0x81, 0x53, 0x00],
    [0x9a, 0x2b, 0x20],
    [0x3b, 0x4f, 0x7d],
    [0x6a, 0x3d, 0x6e],
    [0x5f, 0x5a, 0x51],
    [0x7a, 0x35, 0x4c],
    [0x4a, 0x64, 0x2c],
    [0x2c, 0x5f, 0x7a],
    [0x85, 0x46, 0x2c],
    [0x4d, 0x45, 0x7c],
];

/// Lights, from the pages' paper to what candles make of it.
const LIGHTS: [Colour; 5] = [
    [0xfa, 0xf8, 0xf4],
    [0xf6, 0xe9, 0xcf],
    [0xe9, 0xee, 0xe6],
    [0xf5, 0xe2, 0xda],
    [0xe4, 0xea, 0xf0],
];

/// The default avatar of an account, a PNG of 400 × 400 pixels in sixteen colours. The same id always gives the same
/// bytes.
pub fn mask(account: AccountId) -> Vec<u8> {
    let mut choices = Choices(account.get().cast_unsigned());
    let ground = GROUNDS[choices.next(GROUNDS.len())];
    let light = LIGHTS[choices.next(LIGHTS.len())];
    let face = Face {
        lit_from_left: choices.next(2) == 0,
        eyes: choices.next(EYES.len()),
        jaw: choices.next(3) as f32 * 2.0 - 2.0,
        ornament: Ornament::ALL[choices.next(Ornament::ALL.len())],
        trim: choices.next(3),
    };
    render(AVATAR_SIDE, ground, light, &face)
}

/// The sign of the site: the mask in lagoon and paper, as a PNG of `side` × `side` pixels, at most 1,024.
pub fn icon(side: u32) -> Vec<u8> {
    let face = Face {
        lit_from_left: true,
        eyes: 0,
        jaw: 0.0,
        ornament: Ornament::None,
        trim: usize::from(side >= 64),
    };
    render(side.clamp(1, 1024), GROUNDS[0], LIGHTS[0], &face)
}

/// Small numbers from a random id, one after another.
struct Choices(u64);

impl Choices {
    /// A number below `count`. SplitMix64 (Steele, Lea, Flood 2014) spreads the bits, so that ids that resemble each
    /// other don't look alike.
    fn next(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % count as u64) as usize
    }
}

/// What differs between masks, beside their colours.
struct Face {
    lit_from_left: bool,
    /// Index into [`EYES`].
    eyes: usize,
    /// How much wider the jaw is than usual.
    jaw: f32,
    ornament: Ornament,
    /// Braid on the hat: none, one, or one and a cockade.
    trim: usize,
}

#[derive(Clone, Copy)]
enum Ornament {
    None,
    /// A lozenge below an eye.
    Lozenge,
    /// A drop on the forehead.
    Drop,
    /// Three dots on the forehead.
    Dots,
    /// A line along each cheek.
    Cheeks,
}

impl Ornament {
    const ALL: [Self; 5] = [Self::None, Self::Lozenge, Self::Drop, Self::Dots, Self::Cheeks];
}

/// Left eyes: inner corner, upper curve's two handles, outer corner, lower curve's two handles.
const EYES: [[Point; 6]; 3] = [
    [
        (46.0, 51.5),
        (43.5, 46.0),
        (37.0, 45.5),
        (34.0, 48.5),
        (36.5, 52.0),
        (42.0, 53.5),
    ],
    [
        (46.0, 52.5),
        (44.0, 46.5),
        (37.5, 44.5),
        (33.5, 47.0),
        (36.0, 51.5),
        (41.5, 54.0),
    ],
    [
        (45.5, 50.5),
        (44.0, 45.0),
        (36.0, 45.0),
        (34.5, 50.0),
        (36.5, 54.0),
        (43.0, 54.0),
    ],
];

fn render(side: u32, ground: Colour, light: Colour, face: &Face) -> Vec<u8> {
    let mut canvas = Canvas::new(side as usize, GROUND);
    draw_cloth(&mut canvas);
    draw_face(&mut canvas, face);
    draw_hat(&mut canvas, face.trim);
    to_png(&canvas, side, &palette(ground, light))
}

/// The mantle and the hood of lace that belong to the mask.
fn draw_cloth(canvas: &mut Canvas) {
    let mantle = Path::at(50.0, 20.0)
        .line(27.0, 26.0)
        .curve((20.0, 46.0), (23.0, 62.0), (17.0, 74.0))
        .curve((12.0, 83.0), (4.0, 88.0), (0.0, 101.0))
        .line(50.0, 101.0)
        .and_mirror();
    canvas.fill(&mantle, CLOTH);
    let hollow = Path::at(50.0, 24.0)
        .line(30.0, 30.0)
        .curve((25.5, 48.0), (29.0, 62.0), (23.0, 78.0))
        .curve((30.0, 90.0), (40.0, 97.0), (50.0, 99.0))
        .and_mirror();
    canvas.fill(&hollow, SHADOW);
}

fn draw_face(canvas: &mut Canvas, face: &Face) {
    let (lit, shaded) = if face.lit_from_left {
        (LIGHT, SHADE)
    } else {
        (SHADE, LIGHT)
    };
    let half = half_face(face.jaw);
    canvas.fill(&half, lit);
    canvas.fill(&half.mirrored(), shaded);
    draw_lip(canvas, face.jaw, face.lit_from_left);
    draw_nose(canvas, lit, shaded);
    draw_eyes(canvas, face.eyes);
    draw_ornament(canvas, face.ornament, face.lit_from_left);
}

/// Forehead, cheekbone, and the jaw that juts out like the bow of a boat, so that the wearer can eat, drink and speak
/// with a changed voice.
fn half_face(jaw: f32) -> Path {
    Path::at(50.0, 28.0)
        .line(33.0, 32.0)
        .curve((30.0, 42.0), (30.5, 50.0), (33.0, 57.0))
        .curve((34.0, 62.0), (30.0, 70.0), (26.5 - jaw, 79.5))
        .curve((33.0 - jaw, 87.0), (42.0, 92.0), (50.0, 94.0))
}

/// The edge where the upper lip overhangs: a fold from below the nose to the corners of the jaw.
fn draw_lip(canvas: &mut Canvas, jaw: f32, lit_from_left: bool) {
    let fold = Path::at(50.0, 70.0)
        .curve((43.0, 71.0), (36.0, 69.0), (33.2, 62.0))
        .curve((33.0, 68.0), (29.5, 74.0), (26.5 - jaw, 79.5))
        .curve((34.0, 81.0), (44.0, 80.0), (50.0, 76.5));
    let (left, right) = if lit_from_left { (0.9, 0.68) } else { (0.68, 0.9) };
    canvas.fill(&fold, left);
    canvas.fill(&fold.mirrored(), right);
}

fn draw_nose(canvas: &mut Canvas, lit: f32, shaded: f32) {
    let half = Path::at(50.0, 44.0)
        .line(47.8, 49.0)
        .curve((47.0, 57.0), (44.5, 63.0), (42.6, 68.0))
        .curve((42.6, 72.5), (47.0, 71.5), (50.0, 74.5));
    let away = |tone: f32| if tone < LIGHT { NOSE_SHADE } else { LIGHT };
    canvas.fill(&half, away(lit));
    canvas.fill(&half.mirrored(), away(shaded));
    for nostril in [Path::circle(46.3, 71.2, 1.2), Path::circle(53.7, 71.2, 1.2)] {
        canvas.fill(&nostril, 0.2);
    }
}

fn draw_eyes(canvas: &mut Canvas, shape: usize) {
    let [inner, over_inner, over_outer, outer, under_outer, under_inner] = EYES[shape];
    let eye = Path::at(inner.0, inner.1)
        .curve(over_inner, over_outer, outer)
        .curve(under_outer, under_inner, inner);
    let brow = Path::at(47.6, 47.5)
        .curve((44.0, 41.5), (36.5, 40.0), (32.2, 44.5))
        .curve((36.5, 41.8), (43.0, 43.5), (46.6, 48.6));
    for path in [eye.clone(), eye.mirrored()] {
        canvas.fill(&path, SHADOW);
    }
    for path in [brow.clone(), brow.mirrored()] {
        canvas.fill(&path, 0.5);
    }
}

fn draw_ornament(canvas: &mut Canvas, ornament: Ornament, left: bool) {
    let side = |path: Path| if left { path } else { path.mirrored() };
    match ornament {
        Ornament::None => {}
        Ornament::Lozenge => {
            let lozenge = Path::at(39.5, 55.5)
                .line(41.0, 59.5)
                .line(39.5, 63.5)
                .line(38.0, 59.5);
            canvas.fill(&side(lozenge), GROUND);
        }
        Ornament::Drop => {
            let drop = Path::at(50.0, 39.6)
                .curve((51.2, 42.0), (51.9, 42.9), (51.9, 44.2))
                .curve((51.9, 46.8), (48.1, 46.8), (48.1, 44.2))
                .curve((48.1, 42.9), (48.8, 42.0), (50.0, 39.6));
            canvas.fill(&drop, GROUND);
        }
        Ornament::Dots => {
            for (x, y) in [(45.2, 41.4), (50.0, 42.6), (54.8, 41.4)] {
                canvas.fill(&Path::circle(x, y, 1.3), GROUND);
            }
        }
        Ornament::Cheeks => {
            let line = Path::at(35.0, 55.5)
                .curve((36.5, 60.0), (38.0, 63.0), (41.0, 65.0))
                .curve((37.4, 63.6), (35.4, 60.5), (35.0, 55.5));
            canvas.fill(&line, GROUND);
            canvas.fill(&line.mirrored(), GROUND);
        }
    }
}

/// The tricorn, seen from the front: one point over the brow, two to the sides.
fn draw_hat(canvas: &mut Canvas, trim: usize) {
    let crown = Path::at(50.0, 5.5)
        .curve((38.0, 5.5), (32.0, 12.0), (29.0, 24.0))
        .line(50.0, 32.0)
        .and_mirror();
    canvas.fill(&crown, CLOTH);
    let brim = Path::at(50.0, 13.0)
        .curve((36.0, 14.0), (20.0, 22.0), (6.5, 19.0))
        .curve((10.0, 30.0), (24.0, 36.0), (36.0, 36.0))
        .curve((42.0, 36.2), (46.5, 37.0), (50.0, 38.6))
        .and_mirror();
    canvas.fill(&brim, SHADOW);
    if trim > 0 {
        let braid = Path::at(50.0, 13.0)
            .curve((36.0, 14.0), (20.0, 22.0), (6.5, 19.0))
            .line(7.3, 21.0)
            .curve((20.5, 24.2), (36.0, 16.4), (50.0, 15.2))
            .and_mirror();
        canvas.fill(&braid, 0.72);
    }
    if trim > 1 {
        canvas.fill(&Path::circle(67.0, 23.5, 3.6), 0.72);
        canvas.fill(&Path::circle(67.0, 23.5, 1.7), SHADOW);
    }
}

/// Sixteen steps: from a shadow of the ground, through the ground, to the light.
fn palette(ground: Colour, light: Colour) -> Vec<u8> {
    let shadow = ground.map(|channel| (f32::from(channel) * 0.3) as u8);
    (0..LEVELS)
        .flat_map(|level| {
            let tone = level as f32 / (LEVELS - 1) as f32;
            if tone <= GROUND {
                mix(shadow, ground, tone / GROUND)
            } else {
                mix(ground, light, (tone - GROUND) / (1.0 - GROUND))
            }
        })
        .collect()
}

fn mix(from: Colour, to: Colour, part: f32) -> Colour {
    std::array::from_fn(|channel| {
        let (from, to) = (f32::from(from[channel]), f32::from(to[channel]));
        (from + (to - from) * part).round() as u8
    })
}

fn to_png(canvas: &Canvas, side: u32, palette: &[u8]) -> Vec<u8> {
    let level = |tone: &f32| (tone * (LEVELS - 1) as f32).round().clamp(0.0, 15.0) as u8;
    // Four bits a pixel; each row begins on a byte of its own.
    let samples: Vec<u8> = canvas
        .tones()
        .chunks_exact(side as usize)
        .flat_map(|row| {
            row.chunks(2)
                .map(|pair| level(&pair[0]) << 4 | pair.get(1).map_or(0, level))
                .collect::<Vec<u8>>()
        })
        .collect();
    png_file(side, side, &samples, |encoder| {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_palette(palette.to_vec());
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_small_and_the_same_every_time() {
        for raw in 1..60 {
            let account = AccountId::new(raw * 0x0123_4567_89ab_cdef);
            let drawn = mask(account);
            assert!(drawn.len() < 8192, "{} bytes", drawn.len());
            assert_eq!(drawn, mask(account));
        }
    }

    #[test]
    fn neighbouring_ids_do_not_look_alike() {
        let drawn: std::collections::BTreeSet<Vec<u8>> =
            (1..100).map(|raw| mask(AccountId::new(raw))).collect();
        assert!(drawn.len() > 90, "{} different", drawn.len());
    }

    #[test]
    fn every_light_stands_out_from_every_ground() {
        for ground in GROUNDS {
            for light in LIGHTS {
                let contrast = (luminance(light) + 0.05) / (luminance(ground) + 0.05);
                assert!(contrast >= 4.5, "{ground:?} {light:?} {contrast}");
            }
        }
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: Colour) -> f64 {
        let [red, green, blue] = colour.map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn an_icon_has_the_size_that_was_asked_for() {
        for side in [32, 180] {
            let icon = icon(side);
            assert_eq!(icon[16..24], [side.to_be_bytes(), side.to_be_bytes()].concat());
        }
    }
}
