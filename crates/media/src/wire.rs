//! What parent and child say to each other over the child's standard input and output.
//!
//! The child greets with two bytes, [`GREETING`] and its [`crate::Sandbox`]. The parent sends one job: width and
//! height (u16), the length of the file (u32), the file. The child answers one [`Outcome`] byte; after
//! [`Outcome::Done`] come whether the source was lossy (one byte) and RGBA pixels, width × height × 4 bytes. Numbers
//! are little-endian. Both sides are the same program, so the protocol has no version.

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

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Pixels follow.
    Done,
    /// The file is broken, cut off, or not what it seems.
    Unreadable,
    /// More pixels than are decoded.
    TooManyPixels,
}

impl Outcome {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unreadable => 1,
            Self::TooManyPixels => 2,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Done),
            1 => Some(Self::Unreadable),
            2 => Some(Self::TooManyPixels),
            _ => None,
        }
    }
}

/// What precedes the file in a job.
pub(crate) struct JobHead {
    pub(crate) shape: Shape,
    pub(crate) length: u32,
}

impl JobHead {
    pub(crate) const BYTES: usize = 8;

    pub(crate) fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..2].copy_from_slice(&self.shape.width.to_le_bytes());
        bytes[2..4].copy_from_slice(&self.shape.height.to_le_bytes());
        bytes[4..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        Self {
            shape: Shape {
                width: short(0),
                height: short(2),
            },
            length: u32::from(short(4)) | u32::from(short(6)) << 16,
        }
    }
}
