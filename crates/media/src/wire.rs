//! What parent and child say to each other over the child's standard input and output.
//!
//! The child greets with two bytes, [`GREETING`] and its [`crate::Sandbox`]. The parent sends one job: its kind (one
//! byte), two numbers (u16), the length of the file (u32), the file. The child answers one [`Outcome`] byte. After
//! [`Outcome::Done`] come, for a picture of the wanted width and height, whether the source was lossy (one byte) and RGBA
//! pixels; for a page of a paper, a [`PageHead`] and RGB pixels; for the medium of a post, an [`AttachmentHead`], RGB or
//! RGBA pixels or, of an animation, frames with a [`FrameHead`] each, RGBA pixels of the smaller form and, where it was asked
//! for, what the file said in its own words, after the length of that (u16). Numbers are little-endian. Both sides are the same
//! program, so the protocol has no version.

/// The child's first byte, once it is in its sandbox.
pub(crate) const GREETING: u8 = b'B';

/// The size that the child is to give, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl Shape {
    /// Bytes of RGBA in it.
    pub(crate) fn rgba_bytes(self) -> usize {
        usize::from(self.width) * usize::from(self.height) * 4
    }
}

/// What a child is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// The middle of a picture in this size.
    Picture(Shape),
    /// A page of a paper, counted from 0.
    Page(u16),
    /// A whole picture for a post, with its smaller form, and what its file says, where that is to be told.
    Attachment { tells: bool },
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Pixels follow.
    Done,
    /// The file is broken, or not what it seems.
    Unreadable,
    /// More pixels than are decoded.
    TooManyPixels,
    /// A PDF that needs a passphrase, or uses a cipher that is not known.
    Locked,
    /// A PDF without its end.
    CutOff,
    /// A PDF with more than [`crate::MAX_PAPER_PAGES`].
    TooManyPages,
    /// The paper has no page of that number.
    NoSuchPage,
}

impl Outcome {
    const ALL: [Self; 7] = [
        Self::Done,
        Self::Unreadable,
        Self::TooManyPixels,
        Self::Locked,
        Self::CutOff,
        Self::TooManyPages,
        Self::NoSuchPage,
    ];

    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// What precedes the file in a job.
pub(crate) struct JobHead {
    pub(crate) job: Job,
    pub(crate) length: u32,
}

impl JobHead {
    pub(crate) const BYTES: usize = 9;

    pub(crate) fn to_bytes(&self) -> [u8; Self::BYTES] {
        let (kind, first, second) = match self.job {
            Job::Picture(shape) => (0, shape.width, shape.height),
            Job::Page(page) => (1, page, 0),
            Job::Attachment { tells } => (2, u16::from(tells), 0),
        };
        let mut bytes = [0; Self::BYTES];
        bytes[0] = kind;
        bytes[1..3].copy_from_slice(&first.to_le_bytes());
        bytes[3..5].copy_from_slice(&second.to_le_bytes());
        bytes[5..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let job = match bytes[0] {
            0 => Job::Picture(Shape {
                width: short(1),
                height: short(3),
            }),
            1 => Job::Page(short(1)),
            _ => Job::Attachment { tells: short(1) != 0 },
        };
        Self {
            job,
            length: u32::from(short(5)) | u32::from(short(7)) << 16,
        }
    }
}

/// What precedes the pixels of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageHead {
    /// Pages in the whole paper.
    pub(crate) pages: u16,
    /// In pixels.
    pub(crate) width: u16,
    /// In pixels.
    pub(crate) height: u16,
    /// Something in the file could not be drawn.
    pub(crate) incomplete: bool,
}

impl PageHead {
    pub(crate) const BYTES: usize = 7;

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..2].copy_from_slice(&self.pages.to_le_bytes());
        bytes[2..4].copy_from_slice(&self.width.to_le_bytes());
        bytes[4..6].copy_from_slice(&self.height.to_le_bytes());
        bytes[6] = u8::from(self.incomplete);
        bytes
    }

    /// None when a child claims a page that it was told not to make.
    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let head = Self {
            pages: short(0),
            width: short(2),
            height: short(4),
            incomplete: bytes[6] != 0,
        };
        let sides = 1..=crate::MAX_PAGE_SIDE;
        let pages = 1..=crate::MAX_PAPER_PAGES;
        (sides.contains(&head.width) && sides.contains(&head.height) && pages.contains(&head.pages))
            .then_some(head)
    }

    /// Bytes of RGB that follow.
    pub(crate) fn rgb_bytes(self) -> usize {
        usize::from(self.width) * usize::from(self.height) * 3
    }
}

/// What precedes the pixels of a medium of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AttachmentHead {
    pub(crate) lossy: bool,
    /// [`crate::Found`] as a number.
    pub(crate) found: u16,
    /// 3 or 4.
    pub(crate) channels: u8,
    pub(crate) shape: Shape,
    pub(crate) preview: Shape,
    /// 0 for a picture that stands still.
    pub(crate) frames: u16,
}

impl AttachmentHead {
    pub(crate) const BYTES: usize = 14;

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = u8::from(self.lossy);
        bytes[1] = self.channels;
        let shorts = [
            self.found,
            self.shape.width,
            self.shape.height,
            self.preview.width,
            self.preview.height,
            self.frames,
        ];
        for (place, short) in bytes[2..].chunks_exact_mut(2).zip(shorts) {
            place.copy_from_slice(&short.to_le_bytes());
        }
        bytes
    }

    /// None when a child claims what it was told not to make.
    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let short = |nth: usize| u16::from_le_bytes([bytes[2 + nth * 2], bytes[3 + nth * 2]]);
        let shape = |nth: usize| Shape {
            width: short(nth),
            height: short(nth + 1),
        };
        let head = Self {
            lossy: bytes[0] != 0,
            channels: bytes[1],
            found: short(0),
            shape: shape(1),
            preview: shape(3),
            frames: short(5),
        };
        let fits = |shape: Shape, most: u64| {
            let pixels = u64::from(shape.width) * u64::from(shape.height);
            (1..=most).contains(&pixels)
        };
        // The canvas of an animation is no pixels by itself.
        let most = if head.frames == 0 {
            crate::MAX_ATTACHMENT_PIXELS
        } else {
            crate::MAX_PIXELS
        };
        let right = fits(head.shape, most)
            && fits(head.preview, crate::MAX_PREVIEW_PIXELS)
            && matches!(head.channels, 3 | 4)
            && usize::from(head.frames) <= crate::MAX_FRAMES;
        right.then_some(head)
    }
}

/// What precedes a frame of an animation: its colours, then one byte a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHead {
    pub(crate) left: u16,
    pub(crate) top: u16,
    pub(crate) shape: Shape,
    pub(crate) delay: u16,
    /// Up to 256.
    pub(crate) colours: u16,
    pub(crate) disposal: u8,
    pub(crate) transparent: Option<u8>,
}

impl FrameHead {
    pub(crate) const BYTES: usize = 15;

    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = self.disposal;
        bytes[1] = u8::from(self.transparent.is_some());
        bytes[2] = self.transparent.unwrap_or_default();
        let shorts = [
            self.left,
            self.top,
            self.shape.width,
            self.shape.height,
            self.delay,
            self.colours,
        ];
        for (place, short) in bytes[3..].chunks_exact_mut(2).zip(shorts) {
            place.copy_from_slice(&short.to_le_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let short = |nth: usize| u16::from_le_bytes([bytes[3 + nth * 2], bytes[4 + nth * 2]]);
        let head = Self {
            disposal: bytes[0],
            transparent: (bytes[1] != 0).then_some(bytes[2]),
            left: short(0),
            top: short(1),
            shape: Shape {
                width: short(2),
                height: short(3),
            },
            delay: short(4),
            colours: short(5),
        };
        (head.colours <= 256).then_some(head)
    }

    /// Bytes, and pixels, that follow.
    pub(crate) fn pixels(self) -> usize {
        usize::from(self.shape.width) * usize::from(self.shape.height)
    }
}
