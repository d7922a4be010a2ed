//! Looks for thousands of patterns in hundreds of megabytes, and into what is compressed there.

use std::collections::{BTreeSet, HashMap};

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use super::encodings::{self, Form};
use super::marks::Marks;

/// The number of a mark, and the form in which it was found.
pub type Hit = (usize, Form);

/// All forms of all marks.
pub struct Finder {
    /// A bit for each beginning of three bytes that a pattern has.
    beginnings: Vec<u64>,
    patterns: HashMap<[u8; 3], Vec<(Vec<u8>, usize, Form)>>,
    own: Vec<([u8; 4], usize)>,
    /// How many patterns there are.
    pub count: usize,
}

/// What compressed data may become, at most.
const INFLATED: usize = 4 << 20;
/// Of sixteen addresses, so many in their bare four bytes are no chance: one is found by chance in some thirty images.
const NO_CHANCE: usize = 6;
const BARE: Form = "packed in four bytes, with five others of the addresses";
const INSIDE: Form = "within compressed data";

impl Finder {
    /// Prepares the search.
    pub fn new(marks: &Marks) -> Self {
        let mut finder = Self {
            beginnings: vec![0; 1 << 18],
            patterns: HashMap::new(),
            own: Vec::new(),
            count: 0,
        };
        for (number, mark) in marks.all.iter().enumerate() {
            for (form, bytes) in encodings::of(mark) {
                let beginning = [bytes[0], bytes[1], bytes[2]];
                let bit = place(beginning);
                finder.beginnings[bit >> 6] |= 1 << (bit & 63);
                finder
                    .patterns
                    .entry(beginning)
                    .or_default()
                    .push((bytes, number, form));
                finder.count += 1;
            }
            if let Some(own) = marks.own.iter().find(|own| own.to_string() == mark.text) {
                finder.own.push((own.octets(), number));
            }
        }
        finder
    }

    /// What of it is in `bytes`.
    pub fn look(&self, bytes: &[u8]) -> BTreeSet<Hit> {
        let mut hits = BTreeSet::new();
        self.plain(bytes, &mut hits);
        for piece in inflated(bytes) {
            let mut inside = BTreeSet::new();
            self.plain(&piece, &mut inside);
            hits.extend(inside.into_iter().map(|(mark, _)| (mark, INSIDE)));
        }
        hits
    }

    fn plain(&self, bytes: &[u8], hits: &mut BTreeSet<Hit>) {
        let mut bare = BTreeSet::new();
        let mut at = 0;
        let end = bytes.len().saturating_sub(2);
        while at < end {
            // Most of a memory image is empty.
            if bytes[at] == 0 && bytes.len() - at > ZEROS.len() && bytes[at..at + ZEROS.len()] == ZEROS {
                at += ZEROS.len() - 3;
                continue;
            }
            let beginning = [bytes[at], bytes[at + 1], bytes[at + 2]];
            let bit = place(beginning);
            if self.beginnings[bit >> 6] >> (bit & 63) & 1 == 1 {
                for (pattern, mark, form) in &self.patterns[&beginning] {
                    if bytes[at..].starts_with(pattern) {
                        hits.insert((*mark, *form));
                    }
                }
            }
            if beginning[0] == 127 {
                bare.extend(
                    self.own
                        .iter()
                        .filter(|(own, _)| bytes[at..].starts_with(own))
                        .map(|(_, mark)| *mark),
                );
            }
            at += 1;
        }
        if bare.len() >= NO_CHANCE {
            hits.extend(bare.into_iter().map(|mark| (mark, BARE)));
        }
    }
}

const ZEROS: [u8; 512] = [0; 512];

fn place([a, b, c]: [u8; 3]) -> usize {
    usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c)
}

/// What begins as zlib or gzip does, inflated as far as it goes.
fn inflated(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    for at in 0..bytes.len().saturating_sub(12) {
        let inside = match (bytes[at], bytes[at + 1], bytes[at + 2]) {
            (0x78, 0x01 | 0x5e | 0x9c | 0xda, _) => decompress_to_vec_zlib_with_limit(&bytes[at..], INFLATED),
            // No name, comment or further field: what programs write into streams.
            (0x1f, 0x8b, 8) if bytes[at + 3] == 0 => {
                decompress_to_vec_with_limit(&bytes[at + 10..], INFLATED)
            }
            _ => continue,
        };
        let piece = inside.unwrap_or_else(|broke_off| broke_off.output);
        if piece.len() > 3 {
            pieces.push(piece);
        }
    }
    pieces
}
