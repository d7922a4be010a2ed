//! Media of posts, without their bytes.

use crate::MediaId;

/// A picture, an animation, a film or a sound of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Random: whoever knows it can read the bytes.
    pub id: MediaId,
    /// What it is.
    pub kind: AttachmentKind,
    /// The format that this server encoded it to.
    pub mime: String,
    /// In pixels; 0 for a sound.
    pub width: u32,
    /// In pixels; 0 for a sound.
    pub height: u32,
    /// A smaller picture of it.
    pub preview: Option<Preview>,
    /// What it shows, in the author's words; empty if they found none.
    pub description: String,
    /// Its colours as a few letters (<https://blurha.sh>); empty for a sound.
    pub blurhash: String,
    /// What must not be cut off.
    pub focus: Focus,
    /// How long it plays, in whole seconds.
    pub seconds: Option<u32>,
}

/// A smaller picture of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Random.
    pub id: MediaId,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    /// It stands still.
    Picture,
    /// A GIF that moves.
    Animation,
    /// Moving pictures, perhaps with sound.
    Film,
    /// Sound alone.
    Sound,
    /// Of another server, and no copy of it is here: its size is not known, and there is nothing to load.
    Away,
}

impl AttachmentKind {
    /// The stored number.
    pub const fn code(self) -> i16 {
        match self {
            Self::Picture => 0,
            Self::Animation => 1,
            Self::Film => 2,
            Self::Sound => 3,
            Self::Away => 9,
        }
    }

    /// Reads the stored number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            0 => Some(Self::Picture),
            1 => Some(Self::Animation),
            2 => Some(Self::Film),
            3 => Some(Self::Sound),
            9 => Some(Self::Away),
            _ => None,
        }
    }

    /// Mastodon's word. A GIF is a picture there: `gifv` is a film that was made of one.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Picture | Self::Animation => "image",
            Self::Film => "video",
            Self::Sound => "audio",
            Self::Away => "unknown",
        }
    }
}

/// A point of a picture, from the middle, in thousandths of half a side: right and up are positive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    x: i16,
    y: i16,
}

impl Focus {
    /// A point; what lies outside is brought to the edge.
    pub fn new(x: i16, y: i16) -> Self {
        Self {
            x: x.clamp(-1000, 1000),
            y: y.clamp(-1000, 1000),
        }
    }

    /// Reads two numbers from -1 to 1, as apps write them: `0.5,-0.25`.
    pub fn parse(text: &str) -> Option<Self> {
        let (x, y) = text.split_once(',')?;
        let thousandths = |number: &str| {
            let number: f32 = number.trim().parse().ok()?;
            (-1.0..=1.0)
                .contains(&number)
                .then(|| (number * 1000.0).round() as i16)
        };
        Some(Self::new(thousandths(x)?, thousandths(y)?))
    }

    /// In thousandths.
    pub const fn x(self) -> i16 {
        self.x
    }

    /// In thousandths.
    pub const fn y(self) -> i16 {
        self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focus_is_two_numbers_from_minus_one_to_one() {
        assert_eq!(Focus::parse("0.5,-0.25"), Some(Focus::new(500, -250)));
        assert_eq!(Focus::parse(" -1 , 1.0 "), Some(Focus::new(-1000, 1000)));
        for wrong in ["", "0.5", "2,0", "a,b", "NaN,0", "inf,0", "0,0,0"] {
            assert_eq!(Focus::parse(wrong), None, "{wrong:?}");
        }
    }
}
