//! What becomes public of a paper: pixels in sixteen greys, with black boxes burned in, as PNG pages or as a PDF that
//! consists of those pixels. No text, layer, annotation, attachment, date or name is written, so none can survive.

use std::fmt::Write as _;

use crate::encode::png_file;
use crate::paper::PaperPage;

/// Black, and the grey of nothing, out of sixteen.
const BLACK: u8 = 0;
const WHITE: u8 = 15;
/// Luminance up to which paper counts as black, and from which as white. The second is below pure yellow (237), in which
/// colour printers hide their serial number as dots.
const BLACK_POINT: u32 = 24;
const WHITE_POINT: u32 = 230;
/// Units of a PDF page (1/72 inch) for 150 pixels, as papers are drawn.
const UNITS: (u32, u32) = (72, 150);

/// A part of a page, in fractions of its width and height from the top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// A box that can't be drawn as it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a box is x, y, width and height in fractions of the page, from 0 to 1, and may not be empty or leave the page"
)]
pub struct NotOnThePage;

impl Area {
    /// A little more than a fraction may be: forms and scripts add up rounded numbers.
    const SLACK: f64 = 0.001;

    /// # Errors
    /// [`NotOnThePage`] when the box is empty, no number, or not on the page: a box that covers less than was meant
    /// would publish what it should hide.
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Result<Self, NotOnThePage> {
        let finite = [x, y, width, height].iter().all(|value| value.is_finite());
        let starts = x >= 0.0 && y >= 0.0 && width > 0.0 && height > 0.0;
        let ends = x + width <= 1.0 + Self::SLACK && y + height <= 1.0 + Self::SLACK;
        if finite && starts && ends {
            Ok(Self { x, y, width, height })
        } else {
            Err(NotOnThePage)
        }
    }

    /// Every pixel of a side of `length` that it touches, wholly or in part.
    fn pixels(from: f64, size: f64, length: usize) -> std::ops::Range<usize> {
        let length_f = length as f64;
        let first = (from * length_f).floor() as usize;
        let end = ((from + size) * length_f).ceil() as usize;
        first.min(length)..end.min(length)
    }
}

/// A page that may become public.
#[derive(Clone, PartialEq, Eq)]
pub struct PublishedPage {
    width: u16,
    height: u16,
    /// One byte a pixel, 0 to 15.
    greys: Vec<u8>,
}

impl PublishedPage {
    pub(crate) fn new(page: &PaperPage, areas: &[Area]) -> Self {
        let mut greys: Vec<u8> = page.rgb.chunks_exact(3).map(grey).collect();
        let (width, height) = (usize::from(page.width), usize::from(page.height));
        for area in areas {
            let columns = Area::pixels(area.x, area.width, width);
            for row in Area::pixels(area.y, area.height, height) {
                greys[row * width + columns.start..row * width + columns.end].fill(BLACK);
            }
        }
        Self {
            width: page.width,
            height: page.height,
            greys,
        }
    }

    /// In pixels.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// In pixels.
    pub const fn height(&self) -> u16 {
        self.height
    }

    /// A PNG of this page. Its chunks are IHDR, IDAT and IEND.
    pub fn png(&self) -> Vec<u8> {
        // Two pixels a byte; PNG pads each row to a whole byte.
        let packed: Vec<u8> = self
            .greys
            .chunks_exact(usize::from(self.width))
            .flat_map(|row| row.chunks(2))
            .map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&WHITE))
            .collect();
        png_file(self.width.into(), self.height.into(), &packed, |encoder| {
            encoder.set_color(png::ColorType::Grayscale);
            encoder.set_depth(png::BitDepth::Four);
            encoder.set_compression(png::Compression::High);
        })
    }
}

/// ITU-R BT.709 luminance in sixteen steps, between the black and the white point.
fn grey(rgb: &[u8]) -> u8 {
    let luminance = (2126 * u32::from(rgb[0]) + 7152 * u32::from(rgb[1]) + 722 * u32::from(rgb[2])) / 10_000;
    let above = luminance.clamp(BLACK_POINT, WHITE_POINT) - BLACK_POINT;
    (above * u32::from(WHITE) / (WHITE_POINT - BLACK_POINT)) as u8
}

/// A PDF of these pages, each one image, and nothing else: no information dictionary, identifier, date, font or text.
/// The same pages always give the same bytes.
pub fn published_pdf(pages: &[PublishedPage]) -> Vec<u8> {
    let mut file = PdfFile::default();
    let kids: String = (0..pages.len()).fold(String::new(), |mut kids, index| {
        let _ = write!(kids, "{} 0 R ", PdfFile::page_id(index));
        kids
    });
    file.object("<</Type/Catalog/Pages 2 0 R>>");
    file.object(&format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len()));
    for (index, page) in pages.iter().enumerate() {
        file.page(PdfFile::page_id(index), page);
    }
    file.end()
}

/// Writes objects one after the other; ISO 32000-2 § 7.5.
struct PdfFile {
    bytes: Vec<u8>,
    /// Where each object begins, from object 1 on.
    offsets: Vec<usize>,
}

impl Default for PdfFile {
    fn default() -> Self {
        Self {
            // The second line tells programs that move files that this is not text.
            bytes: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            offsets: Vec::new(),
        }
    }
}

impl PdfFile {
    /// Each page is three objects, after the two of the catalogue: page, content, image.
    const fn page_id(index: usize) -> usize {
        3 + index * 3
    }

    fn begin(&mut self) {
        self.offsets.push(self.bytes.len());
        let number = self.offsets.len();
        self.bytes
            .extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    }

    fn object(&mut self, text: &str) {
        self.begin();
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    fn stream(&mut self, dictionary: &str, data: &[u8]) {
        self.begin();
        let head = format!("<<{dictionary}/Length {}>>\nstream\n", data.len());
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn page(&mut self, id: usize, page: &PublishedPage) {
        let units = |pixels: u16| u32::from(pixels) * UNITS.0 / UNITS.1 + 1;
        let (width, height) = (units(page.width), units(page.height));
        let (content, image) = (id + 1, id + 2);
        self.object(&format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents {content} 0 R\
             /Resources<</XObject<</I {image} 0 R>>>>>>"
        ));
        self.stream("", format!("{width} 0 0 {height} 0 0 cm /I Do").as_bytes());
        let (columns, rows) = (page.width, page.height);
        // PDF takes the compressed rows of a PNG as they are (§ 7.4.4.4).
        self.stream(
            &format!(
                "/Type/XObject/Subtype/Image/Width {columns}/Height {rows}/ColorSpace/DeviceGray/BitsPerComponent 4\
                 /Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/BitsPerComponent 4/Columns {columns}>>"
            ),
            &compressed_rows(&page.png()),
        );
    }

    fn end(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        let size = self.offsets.len() + 1;
        let mut tail = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            let _ = writeln!(tail, "{offset:010} 00000 n ");
        }
        let _ = write!(
            tail,
            "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        );
        self.bytes.extend_from_slice(tail.as_bytes());
        self.bytes
    }
}

/// The data of all IDAT chunks of a PNG that was written here.
fn compressed_rows(png: &[u8]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(png.len());
    // After the signature of 8 bytes each chunk is length, kind, data, checksum.
    let mut rest = &png[8..];
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let (kind, data) = after.split_at(4);
        if kind == b"IDAT" {
            rows.extend_from_slice(&data[..length]);
        }
        rest = &data[length + 4..];
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn white(width: u16, height: u16) -> PaperPage {
        PaperPage {
            pages: 1,
            width,
            height,
            incomplete: false,
            rgb: vec![255; usize::from(width) * usize::from(height) * 3],
        }
    }

    #[test]
    fn a_box_takes_in_every_pixel_that_it_touches() {
        let page = white(10, 10).publish(&[Area::new(0.11, 0.0, 0.1, 1.0).unwrap()]);
        let row: Vec<bool> = page.greys[..10].iter().map(|grey| *grey == BLACK).collect();
        // From 1.1 to 2.1: pixels 1 and 2.
        assert_eq!(row.iter().filter(|black| **black).count(), 2);
        assert!(row[1] && row[2]);
    }

    #[test]
    fn a_box_that_is_not_on_the_page_is_refused() {
        let refused = [
            (0.0, 0.0, 0.0, 1.0),
            (-0.1, 0.0, 0.5, 0.5),
            (0.9, 0.0, 0.2, 0.5),
            (f64::NAN, 0.0, 0.5, 0.5),
            (0.0, 0.0, f64::INFINITY, 0.5),
        ];
        for (x, y, width, height) in refused {
            assert_eq!(Area::new(x, y, width, height), Err(NotOnThePage));
        }
        assert!(Area::new(0.0, 0.0, 1.0, 1.0).is_ok());
    }

    #[test]
    fn the_dots_of_colour_printers_become_white_and_ink_stays() {
        assert_eq!(grey(&[255, 255, 0]), WHITE);
        assert_eq!(grey(&[250, 250, 180]), WHITE);
        assert_eq!(grey(&[20, 20, 20]), BLACK);
        assert!(grey(&[0, 0, 200]) < 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// What lies under a box has no influence on what is published.
        #[test]
        fn nothing_under_a_box_matters(
            x in 0.0..0.9f64, y in 0.0..0.9f64, w in 0.01..0.1f64, h in 0.01..0.1f64,
            width in 1..60u16, height in 1..60u16, secret in any::<u8>(),
        ) {
            let area = Area::new(x, y, w, h).unwrap();
            let clean = white(width, height);
            let mut marked = clean.clone();
            for row in Area::pixels(y, h, height.into()) {
                for column in Area::pixels(x, w, width.into()) {
                    let at = (row * usize::from(width) + column) * 3;
                    marked.rgb[at..at + 3].fill(secret);
                }
            }
            let (clean, marked) = (clean.publish(&[area]), marked.publish(&[area]));
            prop_assert_eq!(clean.png(), marked.png());
            prop_assert_eq!(published_pdf(&[clean]), published_pdf(&[marked]));
        }
    }
}
