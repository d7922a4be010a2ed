//! Pictures: rebuilt from their pixels, kept in segment files, or drawn here.
//!
//! A picture that somebody sends is never stripped, always rebuilt (law 7): a child in a sandbox decodes it and
//! hands back raw pixels, and this process, which holds the keys, encodes those. Nothing else of the file crosses,
//! but for a few words about its maker where whoever sent it wants to read them, once.
//! Avatars and headers are cut to one size; the media of posts stay whole.
//!
//! Films and sounds are decoded and encoded again by ffmpeg, in a sandbox of its own.
//!
//! Papers (court documents) are drawn by the same child, page by page, and published as pixels with boxes burned in.

mod animate;
mod attach;
mod blurhash;
mod carried;
mod child;
mod decode;
mod draw;
mod encode;
mod ffmpeg;
mod film;
mod format;
mod found;
mod jpeg_end;
mod mask;
mod mp4;
mod orientation;
mod page;
mod paper;
mod published;
mod rebuilt;
mod sandbox;
mod scale;
mod segments;
mod wire;
mod worker;

pub use child::worker_main;
pub use film::{Film, find_ffmpeg};
pub use format::Format;
pub use found::Found;
pub use mask::{icon, mask};
pub use paper::{PaperError, PaperPage};
pub use published::{Area, NotOnThePage, PublishedPage, published_pdf};
pub use rebuilt::Rebuilt;
pub use sandbox::Sandbox;
pub use segments::{Place, SegmentError, Segments};
pub use worker::{MediaError, Picture, PictureKind, Worker, sandbox_status};

/// The largest file that is taken in, in bytes.
pub const MAX_FILE_BYTES: usize = 16 << 20;
/// The most pixels that are decoded. With [`MAX_SIDE`] it keeps the child far below its memory limit.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The longest side that is decoded, in pixels.
pub const MAX_SIDE: u32 = 12_000;

/// The most pixels of a picture of a post once it is rebuilt: larger ones are made smaller (3,840 × 2,160).
pub const MAX_ATTACHMENT_PIXELS: u64 = 8_294_400;
/// The most pixels of its smaller form (640 × 360).
pub const MAX_PREVIEW_PIXELS: u64 = 230_400;
/// The most pixels of all frames of an animation together.
pub const MAX_ANIMATION_PIXELS: u64 = 40_000_000;
/// The most frames of an animation.
pub const MAX_FRAMES: usize = 1_000;

/// The largest film or sound that is taken in, in bytes.
pub const MAX_FILM_BYTES: usize = 40 << 20;
/// The longest film or sound, in seconds.
pub const MAX_FILM_SECONDS: u32 = 300;
/// The most pixels of a frame that is decoded (4,096 × 2,176).
pub const MAX_FILM_PIXELS: u32 = 8_912_896;
/// Frames a second; of more, some are left out.
pub const MAX_FILM_RATE: u32 = 30;

/// The most pages of a paper.
pub const MAX_PAPER_PAGES: u16 = 300;
/// The longest side of a drawn page, in pixels: 16 inches at 150 dots an inch.
pub const MAX_PAGE_SIDE: u16 = 2_400;

/// The decoders without their child, for fuzzing alone: here a crash is what is looked for.
#[doc(hidden)]
pub fn fuzz_decode(bytes: &[u8]) {
    let shape = wire::Shape {
        width: 40,
        height: 40,
    };
    let _ = decode::rebuild(bytes, shape);
    let _ = attach::prepare(bytes, true);
}

/// The reader of what ffmpeg made, for fuzzing alone.
#[doc(hidden)]
pub fn fuzz_mp4(bytes: &[u8]) {
    let _ = mp4::check(&mut bytes.to_vec());
}

/// The reader of papers without its child, for fuzzing alone.
#[doc(hidden)]
pub fn fuzz_paper(bytes: &[u8]) {
    let _ = page::draw(bytes.to_vec(), 0);
}

/// Enters the sandbox of the child for good, and says whether it stands. For the test that tries to break out.
#[doc(hidden)]
pub fn enter_sandbox() -> bool {
    sandbox::enter().is_ok()
}
