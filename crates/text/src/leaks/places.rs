//! Places: coordinates in the common notations, and links to a point on a map.

use super::{LeakKind, Seen};
use crate::tracking::is_any_host;
use url::Url;

/// Coordinates in `text`.
pub fn find(text: &str) -> Vec<Seen> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(|c: char| c.is_ascii_digit() || c == '-') {
        let start = at + step;
        let inside = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ','));
        let found = if inside {
            None
        } else {
            pair(&text[start..], 3).filter(|pair| pair.fine)
        };
        at = found.map_or(start + 1, |pair| start + pair.end);
        ranges.extend(found.map(|pair| (start, start + pair.end)));
    }
    ranges.extend(text.match_indices('°').filter_map(|(at, _)| degrees(text, at)));
    ranges.extend(text.match_indices("geo:").filter_map(|(at, name)| {
        let number = at + name.len();
        pair(&text[number..], 1).map(|pair| (at, number + pair.end))
    }));
    ranges.into_iter().map(|range| (LeakKind::Place, range)).collect()
}

const MAPS: &[&str] = &[
    "openstreetmap.org",
    "osm.org",
    "maps.apple.com",
    "waze.com",
    "wego.here.com",
    "what3words.com",
    "maps.app.goo.gl",
    "w3w.co",
];

/// These name a point without figures.
const POINTS: &[&str] = &["what3words.com", "w3w.co", "maps.app.goo.gl"];

/// The link leads to a point on a map.
pub fn in_link(link: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    if is_any_host(host, POINTS) && url.path().len() > 1 {
        return true;
    }
    let brand = is_any_host(host, &["google.*", "bing.com", "yandex.*"]);
    let map =
        is_any_host(host, MAPS) || (brand && (host.starts_with("maps.") || url.path().starts_with("/maps")));
    let link = link
        .replace("%2C", ",")
        .replace("%2c", ",")
        .replace("!4d", ",")
        .replace("&mlon=", ",")
        .replace('~', ",");
    link.char_indices().any(|(at, c)| {
        let opens = if map {
            matches!(c, '@' | '=' | '/' | ':' | 'd')
        } else {
            c == '@'
        };
        opens && pair(&link[at + 1..], 2).is_some()
    })
}

/// Two numbers that can be a latitude and a longitude.
#[derive(Clone, Copy)]
struct Pair {
    end: usize,
    /// So fine, or so marked, that it hardly means anything else.
    fine: bool,
}

fn pair(text: &str, decimals: usize) -> Option<Pair> {
    let latitude = Number::read(text, decimals, 90.0)?;
    let rest = &text[latitude.end..];
    let gap = rest
        .find(|c: char| !matches!(c, ',' | ';' | '/' | ' '))
        .unwrap_or(rest.len());
    if !(1..=3).contains(&gap) {
        return None;
    }
    let longitude = Number::read(&rest[gap..], decimals, 180.0)?;
    let fine = latitude.marked || longitude.marked || latitude.decimals.max(longitude.decimals) >= 4;
    Some(Pair {
        end: latitude.end + gap + longitude.end,
        fine,
    })
}

/// A number with decimals, and the degree sign or direction behind it.
struct Number {
    end: usize,
    decimals: usize,
    marked: bool,
}

impl Number {
    fn read(text: &str, decimals: usize, limit: f64) -> Option<Self> {
        let sign = usize::from(text.starts_with(['-', '+']));
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let whole = digits(&text[sign..]);
        let fraction = text[sign + whole..].strip_prefix('.').map_or(0, digits);
        let mut end = sign + whole + if fraction > 0 { fraction + 1 } else { 0 };
        let value: f64 = text[..end].parse().ok()?;
        if !(1..=3).contains(&whole) || fraction < decimals || fraction > 15 || value.abs() > limit {
            return None;
        }
        let number = end;
        end += text[end..].strip_prefix('°').map_or(0, |_| '°'.len_utf8());
        let spaced = end + usize::from(text[end..].starts_with(' '));
        let after = &text.as_bytes()[spaced..];
        if after.first().is_some_and(|b| b"NSEW".contains(b))
            && !after.get(1).is_some_and(u8::is_ascii_alphanumeric)
        {
            end = spaced + 1;
        }
        (!text[end..].starts_with(char::is_alphanumeric) && !text[end..].starts_with(['%', '°'])).then_some(
            Self {
                end,
                decimals: fraction,
                marked: end > number,
            },
        )
    }
}

/// Degrees and minutes around the degree sign at `at`, with seconds and direction if they follow.
fn degrees(text: &str, at: usize) -> Option<(usize, usize)> {
    let whole = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&whole) {
        return None;
    }
    let mut end = marked(text, at + '°'.len_utf8(), &['′', '\'', '’'])?;
    end = marked(text, end, &['″', '"', '”']).unwrap_or(end);
    let spaces = text[end..].len() - text[end..].trim_start_matches(' ').len();
    if text[end + spaces..].starts_with(['N', 'S', 'E', 'W', 'O']) {
        end += spaces + 1;
    }
    Some((at - whole, end))
}

/// The end of a number that stands at `from` and has one of `marks` behind it.
fn marked(text: &str, from: usize, marks: &[char]) -> Option<usize> {
    let rest = text[from..].trim_start_matches(' ');
    let start = text.len() - rest.len();
    let len = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(rest.len());
    let mark = rest[len..].chars().next().filter(|c| marks.contains(c))?;
    (len > 0 && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(start + len + mark.len_utf8())
}
