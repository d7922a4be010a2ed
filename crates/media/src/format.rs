//! Which format a file has. Its first bytes decide; names and content types are never looked at.

/// A format that the first bytes of a file show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG, as cameras write it.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless.
    WebP,
    /// GIF.
    Gif,
    /// AVIF: refused, its decoders are large and young.
    Avif,
    /// HEIC, as many phones write it: refused, no free decoder is small enough to trust.
    Heic,
    /// SVG: refused, it is a program and not a picture.
    Svg,
    /// PDF: a paper, not a picture.
    Pdf,
    /// A document of an office program: refused, it names who wrote it, and keeps what was deleted from it.
    Document,
    /// MP4, M4A or QuickTime.
    Mp4,
    /// WebM.
    WebM,
    /// MP3.
    Mp3,
    /// Ogg.
    Ogg,
    /// FLAC.
    Flac,
    /// WAV.
    Wav,
    /// Anything else.
    Unknown,
}

impl Format {
    /// Looks at the first bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            // DOCX, ODT and their like are ZIP archives; DOC, XLS and PPT are compound files; RTF is a text.
            [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] | [b'{', b'\\', b'r', b't', b'f', ..] => {
                Self::Document
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Self::Wav,
            [0x1a, 0x45, 0xdf, 0xa3, ..] if is_webm(bytes) => Self::WebM,
            [b'I', b'D', b'3', ..] | [0xff, 0xe2 | 0xe3 | 0xf2 | 0xf3 | 0xfa | 0xfb, ..] => Self::Mp3,
            [b'O', b'g', b'g', b'S', ..] => Self::Ogg,
            [b'f', b'L', b'a', b'C', ..] => Self::Flac,
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => Self::of_brand(brand),
            _ if is_svg(bytes) => Self::Svg,
            _ => Self::Unknown,
        }
    }

    /// ISO 14496-12 § 4.3: the major brand follows `ftyp`; others may follow it.
    fn of_brand(brands: &[u8]) -> Self {
        match brands.get(..4) {
            Some(b"avif" | b"avis") => Self::Avif,
            Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => Self::Heic,
            Some(
                b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"dash"
                | b"M4V " | b"M4A " | b"M4B " | b"MSNV" | b"qt  " | b"3gp4" | b"3gp5" | b"3gp6",
            ) => Self::Mp4,
            _ => Self::Unknown,
        }
    }

    /// Can be taken in as a picture.
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP | Self::Gif)
    }

    /// Can be taken in as a film or a sound, where the server has a program for these.
    pub const fn is_film(self) -> bool {
        matches!(
            self,
            Self::Mp4 | Self::WebM | Self::Mp3 | Self::Ogg | Self::Flac | Self::Wav
        )
    }

    /// Can be taken in as a paper: a PDF, or a picture of a page.
    pub const fn is_paper(self) -> bool {
        self.is_taken() || matches!(self, Self::Pdf)
    }
}

/// Matroska's head names what is in it (RFC 8794 § 11.2.6); of what it can hold, WebM alone is taken.
fn is_webm(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    head.windows(7).any(|seven| seven == b"\x42\x82\x84webm")
}

/// SVG has no magic number: a tag of that name within what an editor usually puts before it.
fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"<") && head.windows(4).any(|four| four == b"<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_and_sounds_are_recognised() {
        assert_eq!(Format::of(b"\0\0\0\x20ftypisom\0\0\0\0"), Format::Mp4);
        assert_eq!(Format::of(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"), Format::WebM);
        assert_eq!(Format::of(b"RIFF\0\0\0\0WAVEfmt "), Format::Wav);
        assert!(Format::of(b"ID3\x04").is_film() && Format::of(b"fLaC").is_film());
        assert!(!Format::of(b"GIF89a").is_film());
    }

    #[test]
    fn what_is_refused_is_still_recognised() {
        assert_eq!(Format::of(b"\0\0\0\x20ftypavif\0\0\0\0"), Format::Avif);
        assert_eq!(Format::of(b"\0\0\0\x20ftypheic\0\0\0\0"), Format::Heic);
        assert_eq!(Format::of(b"\0\0\0\x20ftypxxxx\0\0\0\0"), Format::Unknown);
        // Matroska in general holds much more than WebM.
        assert_eq!(
            Format::of(b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"),
            Format::Unknown
        );
        assert_eq!(Format::of(b"<?xml version='1.0'?>\n<svg/>"), Format::Svg);
        assert_eq!(Format::of(b"%PDF-1.7 <svg"), Format::Pdf);
        for document in [&b"PK\x03\x04\x14\0"[..], b"\xd0\xcf\x11\xe0\xa1\xb1", b"{\\rtf1"] {
            assert_eq!(Format::of(document), Format::Document);
        }
        assert_eq!(Format::of(b""), Format::Unknown);
        assert_eq!(Format::of(b"BM"), Format::Unknown);
    }
}
