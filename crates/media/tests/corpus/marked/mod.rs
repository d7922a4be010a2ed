//! Makes pictures that carry a mark.

pub mod exif;
pub mod gif;
pub mod jpeg;
pub mod png;
pub mod webp;

use bauta_model::MediaId;

/// Side of the pictures, in pixels.
pub const SIDE: usize = 64;

/// 126 random bits in 16 bytes. Text fields carry them as hexadecimal, binary ones as they are.
pub struct Mark([u8; 16]);

impl Mark {
    pub fn random() -> Self {
        let half = || MediaId::random().get().to_be_bytes();
        let mut bits = [0; 16];
        bits[..8].copy_from_slice(&half());
        bits[8..].copy_from_slice(&half());
        Self(bits)
    }

    pub fn text(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    pub fn raw(&self) -> &[u8] {
        &self.0
    }

    fn utf16(&self) -> Vec<u8> {
        self.text().encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// How often the mark is found, in any form.
    pub fn count(&self, bytes: &[u8]) -> usize {
        let forms = [
            self.text().into_bytes(),
            self.text().to_uppercase().into_bytes(),
            self.utf16(),
            self.0.to_vec(),
        ];
        forms
            .iter()
            .map(|form| bytes.windows(form.len()).filter(|window| window == form).count())
            .sum()
    }
}

/// Red top left, blue elsewhere, as RGB.
pub fn quarters() -> Vec<u8> {
    (0..SIDE * SIDE)
        .flat_map(|at| {
            if at % SIDE < SIDE / 2 && at / SIDE < SIDE / 2 {
                [220, 20, 20]
            } else {
                [20, 20, 220]
            }
        })
        .collect()
}

/// Something like a photograph, as RGB: it does not compress to nothing, so that cutting it off cuts pixels.
pub fn noise() -> Vec<u8> {
    let mut state = 12345u32;
    (0..SIDE * SIDE * 3)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

/// An ICC profile of 128 bytes of header, no tags, and the mark in the places for text.
pub fn icc(mark: &Mark) -> Vec<u8> {
    let mut profile = vec![0; 128];
    profile[12..20].copy_from_slice(b"mntrRGB ");
    profile[20..24].copy_from_slice(b"XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile.extend(1u32.to_be_bytes());
    profile.extend(b"desc");
    profile.extend(144u32.to_be_bytes());
    profile.extend(90u32.to_be_bytes());
    let text = mark.text();
    profile.extend(b"desc\0\0\0\0");
    profile.extend((text.len() as u32 + 1).to_be_bytes());
    profile.extend(text.as_bytes());
    profile.resize(234, 0);
    let length = (profile.len() as u32).to_be_bytes();
    profile[..4].copy_from_slice(&length);
    profile
}

/// XMP that names an owner and a document.
pub fn xmp(mark: &Mark) -> Vec<u8> {
    let mark = mark.text();
    format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
         <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' \
         xmpMM:DocumentID='{mark}'><dc:creator><rdf:Seq><rdf:li>{mark}</rdf:li></rdf:Seq></dc:creator>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
    .into_bytes()
}

/// A JUMBF box as C2PA manifests are (ISO 19566-5).
pub fn jumbf(mark: &Mark) -> Vec<u8> {
    let label = format!("c2pa.{}\0", mark.text());
    let mut description = Vec::new();
    description.extend((8 + 16 + 1 + label.len() as u32).to_be_bytes());
    description.extend(b"jumd");
    description.extend(b"c2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71");
    description.push(3);
    description.extend(label.as_bytes());
    let mut content = Vec::new();
    content.extend((8 + mark.raw().len() as u32).to_be_bytes());
    content.extend(b"bidb");
    content.extend(mark.raw());
    let mut boxes = ((8 + description.len() + content.len()) as u32)
        .to_be_bytes()
        .to_vec();
    boxes.extend(b"jumb");
    boxes.extend(description);
    boxes.extend(content);
    boxes
}
