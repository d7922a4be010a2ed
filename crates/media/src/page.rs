//! One page of a paper, a PDF or a picture of a page, as pixels. Runs in the child alone.
//!
//! Nothing in a PDF is executed or fetched: what it would run, open or play is not pixels. Fonts that a file does not
//! embed are drawn with metric-compatible ones that are compiled in, since the child can open no file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::Dict;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::format::Format;
use crate::wire::{Outcome, PageHead, Shape};
use crate::{MAX_PAGE_SIDE, MAX_PAPER_PAGES, decode, scale};

/// Dots an inch, where the page is not so large that they would be too many. Small print of a fax stays readable.
const DOTS_PER_INCH: f32 = 150.0;
/// ISO 32000-2 § 8.3.2.3: a unit of the page is 1/72 inch.
const UNITS_PER_INCH: f32 = 72.0;
/// How far before the end of a file its end mark may stand (readers take this much for granted).
const END_MARK_WITHIN: usize = 1024;

/// A page on white.
pub(crate) struct Drawn {
    pub(crate) head: PageHead,
    pub(crate) rgb: Vec<u8>,
}

/// Draws page `number`, counted from 0.
pub(crate) fn draw(bytes: Vec<u8>, number: u16) -> Result<Drawn, Outcome> {
    if Format::of(&bytes) == Format::Pdf {
        pdf(bytes, number)
    } else if number == 0 {
        picture(&bytes)
    } else {
        Err(Outcome::NoSuchPage)
    }
}

fn pdf(bytes: Vec<u8>, number: u16) -> Result<Drawn, Outcome> {
    if !has_end(&bytes) {
        return Err(Outcome::CutOff);
    }
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Outcome::Locked,
        LoadPdfError::Invalid => Outcome::Unreadable,
    })?;
    let pages = pdf.pages();
    let count = u16::try_from(pages.len()).map_err(|_| Outcome::TooManyPages)?;
    match count {
        0 => return Err(Outcome::Unreadable),
        count if count > MAX_PAPER_PAGES => return Err(Outcome::TooManyPages),
        _ => {}
    }
    let page = pages.get(usize::from(number)).ok_or(Outcome::NoSuchPage)?;
    let (width, height, rgb, faithful) = pdf_page(page)?;
    let head = PageHead {
        pages: count,
        width,
        height,
        incomplete: !faithful || declared_pages(&pdf).is_some_and(|declared| declared > i64::from(count)),
    };
    Ok(Drawn { head, rgb })
}

/// A file that lost its end may have lost pages, and its reader would mend it without a word.
fn has_end(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(END_MARK_WITHIN)..];
    tail.windows(5).any(|five| five == b"%%EOF")
}

/// How many pages the file says it has.
fn declared_pages(pdf: &Pdf) -> Option<i64> {
    let catalogue: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    let tree: Dict<'_> = catalogue.get("Pages")?;
    tree.get::<i32>("Count").map(i64::from)
}

/// Width, height, pixels, and whether everything could be drawn.
fn pdf_page<'a>(page: &'a Page<'a>) -> Result<(u16, u16, Vec<u8>, bool), Outcome> {
    let (width, height) = page.render_dimensions();
    let longest = width.max(height);
    if !(longest.is_finite() && width > 0.0 && height > 0.0) {
        return Err(Outcome::Unreadable);
    }
    let scale = (DOTS_PER_INCH / UNITS_PER_INCH).min(f32::from(MAX_PAGE_SIDE) / longest);
    // The renderer rounds down, and can't draw on nothing.
    let (x_scale, y_scale) = (scale.max(1.0 / width), scale.max(1.0 / height));
    let failed = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&failed);
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |_| noted.store(true, Ordering::Relaxed)),
        ..InterpreterSettings::default()
    };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale,
            y_scale,
            bg_color: WHITE,
        },
    );
    let rgb = on_white(pixmap.data_as_u8_slice(), |colour, _| colour);
    let faithful = !failed.load(Ordering::Relaxed);
    Ok((pixmap.width(), pixmap.height(), rgb, faithful))
}

/// A picture is a paper of one page: upright, whole, and no larger than it was.
fn picture(bytes: &[u8]) -> Result<Drawn, Outcome> {
    let decoded = decode::decode(bytes)?;
    let stored = fitting(decoded.width, decoded.height);
    let rgba = scale::cover(&decoded, stored);
    let (width, height) = (usize::from(stored.width), usize::from(stored.height));
    let rgba = decoded.orientation.turn(rgba, width, height, 4);
    let (width, height) = if decoded.orientation.is_sideways() {
        (stored.height, stored.width)
    } else {
        (stored.width, stored.height)
    };
    let head = PageHead {
        pages: 1,
        width,
        height,
        incomplete: false,
    };
    let rgb = on_white(&rgba, |colour, alpha| {
        let sum = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        ((sum + 127) / 255) as u8
    });
    Ok(Drawn { head, rgb })
}

/// The same proportions, with no side above [`MAX_PAGE_SIDE`].
fn fitting(width: u32, height: u32) -> Shape {
    let longest = width.max(height).max(u32::from(MAX_PAGE_SIDE));
    let side = |length: u32| {
        let scaled = u64::from(length) * u64::from(MAX_PAGE_SIDE) / u64::from(longest);
        (scaled as u16).max(1)
    };
    Shape {
        width: side(width),
        height: side(height),
    }
}

fn on_white(rgba: &[u8], blend: impl Fn(u8, u8) -> u8) -> Vec<u8> {
    rgba.chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]].map(|colour| blend(colour, pixel[3])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_proportions_and_never_grows() {
        let shape = |width, height| {
            let shape = fitting(width, height);
            (shape.width, shape.height)
        };
        assert_eq!(shape(100, 50), (100, 50));
        assert_eq!(shape(4800, 2400), (2400, 1200));
        assert_eq!(shape(12_000, 1), (2400, 1));
    }

    #[test]
    fn an_end_mark_counts_only_at_the_end() {
        assert!(has_end(b"%PDF-1.4 ... %%EOF\n"));
        assert!(!has_end(b"%PDF-1.4"));
        let mut bytes = b"%%EOF".to_vec();
        bytes.resize(2000, b' ');
        assert!(!has_end(&bytes));
    }
}
