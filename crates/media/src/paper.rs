//! Papers: court documents that somebody uploads, a PDF or pictures of pages. They are looked at as pixels that a child
//! has drawn, and published as pixels alone (docs/decisions/0010).

use crate::encode::png_file;
use crate::format::Format;
use crate::published::{Area, PublishedPage};
use crate::wire::Outcome;
use crate::worker::PageFailed;
use crate::{MAX_FILE_BYTES, Worker};

/// Why a paper, or a page of it, can't be shown. The texts are for the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// Neither a PDF nor a picture that is taken.
    #[error(
        "this is neither a PDF nor a picture in JPEG, PNG, WebP or GIF: scan or print it to PDF, and send that"
    )]
    Format,
    /// Above [`MAX_FILE_BYTES`].
    #[error("this file has more than 16 MB: scan it in grey or in parts, and send that")]
    TooLarge,
    /// A picture of a page above [`crate::MAX_PIXELS`] or [`crate::MAX_SIDE`].
    #[error(
        "this picture has more than 40 million pixels, or a side above 12,000: make it smaller and send it again"
    )]
    TooManyPixels,
    /// Needs a passphrase, or uses a cipher that is not known.
    #[error("this PDF is locked: open it with its passphrase, print it to a new PDF, and send that")]
    Locked,
    /// The end of the file is missing.
    #[error(
        "this PDF is cut off: its end is missing, so pages may be missing too; fetch it again and send it whole"
    )]
    CutOff,
    /// Above [`crate::MAX_PAPER_PAGES`].
    #[error("this PDF has more than 300 pages: send it in parts")]
    TooManyPages,
    /// Broken, made to break the reader, or beyond what a page may cost.
    #[error("this paper can't be read: print it to a new PDF, or take a picture of it, and send that")]
    Unreadable,
    /// There is no page of that number.
    #[error("this paper has no page of that number")]
    NoSuchPage,
    /// Too much is waiting.
    #[error("many files are being worked on: try again in a minute")]
    Busy,
    /// No child could be started, or it could not enter its sandbox. `bauta doctor` says why.
    #[error("this server can't work on papers right now")]
    NoWorker,
}

impl PaperError {
    /// The server is at fault, not the paper: 503, not 422.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Busy | Self::NoWorker)
    }
}

impl From<PageFailed> for PaperError {
    fn from(failed: PageFailed) -> Self {
        match failed {
            PageFailed::Busy => Self::Busy,
            PageFailed::NoWorker => Self::NoWorker,
            PageFailed::Outcome(outcome) => match outcome {
                Outcome::Locked => Self::Locked,
                Outcome::CutOff => Self::CutOff,
                Outcome::TooManyPixels => Self::TooManyPixels,
                Outcome::TooManyPages => Self::TooManyPages,
                Outcome::NoSuchPage => Self::NoSuchPage,
                Outcome::Done | Outcome::Unreadable => Self::Unreadable,
            },
        }
    }
}

/// A page as drawn, on white.
#[derive(Clone, PartialEq, Eq)]
pub struct PaperPage {
    /// Pages in the whole paper, at most [`crate::MAX_PAPER_PAGES`].
    pub pages: u16,
    /// In pixels, at most [`crate::MAX_PAGE_SIDE`].
    pub width: u16,
    /// In pixels, at most [`crate::MAX_PAGE_SIDE`].
    pub height: u16,
    /// Something in the file could not be drawn: whoever reads the page must be told to compare it with the original.
    pub incomplete: bool,
    pub(crate) rgb: Vec<u8>,
}

/// Without the pixels: they are somebody's paper.
impl std::fmt::Debug for PaperPage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PaperPage")
            .field("pages", &self.pages)
            .field("width", &self.width)
            .field("height", &self.height)
            .field("incomplete", &self.incomplete)
            .finish_non_exhaustive()
    }
}

impl PaperPage {
    /// For the officer's eyes: in colour, with nothing but pixels in the file. The same page always gives the same
    /// bytes.
    pub fn png(&self) -> Vec<u8> {
        png_file(self.width.into(), self.height.into(), &self.rgb, |encoder| {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_depth(png::BitDepth::Eight);
            encoder.set_compression(png::Compression::Fast);
        })
    }

    /// For everybody's eyes: in sixteen greys, with `areas` black.
    pub fn publish(&self, areas: &[Area]) -> PublishedPage {
        PublishedPage::new(self, areas)
    }
}

impl Worker {
    /// Draws page `number` (counted from 0) of a paper, in a child of its own.
    ///
    /// # Errors
    /// [`PaperError`], with a sentence for the person who sent the paper.
    pub async fn paper_page(&self, bytes: &[u8], number: u16) -> Result<PaperPage, PaperError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(PaperError::TooLarge);
        }
        if !Format::of(bytes).is_paper() {
            return Err(PaperError::Format);
        }
        let (head, rgb) = self.page(number, bytes).await?;
        Ok(PaperPage {
            pages: head.pages,
            width: head.width,
            height: head.height,
            incomplete: head.incomplete,
            rgb,
        })
    }
}
