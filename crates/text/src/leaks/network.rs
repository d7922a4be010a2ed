//! Names in the network and on a disk: e-mail addresses, IP addresses, paths with a user name.

use super::{LeakKind, Seen};

/// E-mail addresses, IP addresses and paths in `text`.
pub fn find(text: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    for (at, sign) in text.match_indices('@').chain(text.match_indices("%40")) {
        seen.extend(email(text, at, sign.len()).map(|range| (LeakKind::Email, range)));
    }
    let mut from = 0;
    while let Some(range) = next_word(text, from, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')) {
        let word = text[range.0..range.1].trim_end_matches(['.', ':']);
        let bounded = !next_to(text, range);
        if bounded && (is_ipv4(word) && !is_version(&text[..range.0]) || is_ipv6(word)) {
            seen.push((LeakKind::NetworkAddress, (range.0, range.0 + word.len())));
        } else if bounded
            && let Some((host, port)) = word.split_once(':')
            && is_ipv4(host)
            && port.bytes().all(|b| b.is_ascii_digit())
        {
            seen.push((LeakKind::NetworkAddress, (range.0, range.0 + word.len())));
        }
        from = range.1;
    }
    seen.extend(paths(text));
    seen
}

/// The next run of wanted characters at or after `from`.
fn next_word(text: &str, from: usize, wanted: impl Fn(char) -> bool) -> Option<(usize, usize)> {
    let start = from + text[from..].find(&wanted)?;
    let end = text[start..]
        .find(|c| !wanted(c))
        .map_or(text.len(), |len| start + len);
    Some((start, end))
}

/// Letters, digits and the like touch the range: it is a part of something longer.
fn next_to(text: &str, (start, end): (usize, usize)) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text[..start].chars().next_back().is_some_and(part) || text[end..].chars().next().is_some_and(part)
}

/// RFC 5321 § 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;

/// `local@domain`, unless it is a handle of the Fediverse (`@a@b.c`, `acct:a@b.c`).
fn email(text: &str, at: usize, sign: usize) -> Option<(usize, usize)> {
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let before = &text[..at];
    // All of them are ASCII: characters are bytes.
    let start = at
        - before
            .chars()
            .rev()
            .take(MAX_LOCAL_BYTES)
            .take_while(|c| local(*c))
            .count();
    let name = text[start..at].trim_start_matches(['.', '%']);
    let start = at - name.len();
    if name.is_empty() || before[..start].ends_with('@') || super::follows(before, start, "acct:") {
        return None;
    }
    let rest = &text[at + sign..];
    let len = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
        .unwrap_or(rest.len());
    let domain = rest[..len].trim_end_matches(['.', '-']);
    let (_, top) = domain.rsplit_once('.')?;
    let real = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
    let labels = domain.split('.').all(|label| !label.is_empty());
    (real && labels && !rest[domain.len()..].starts_with('@')).then_some((start, at + sign + domain.len()))
}

/// Four numbers to 255. Loopback and `0.0.0.0` belong to everybody.
fn is_ipv4(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| {
        part.len() <= 3 && part.parse::<u8>().is_ok() && (*part == "0" || !part.starts_with('0'))
    };
    parts.len() == 4 && parts.iter().all(number) && !matches!(parts[0], "0" | "127")
}

/// `version 1.2.3.4`, `v 1.2.3.4`.
fn is_version(before: &str) -> bool {
    let word = before
        .trim_end()
        .rsplit(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("");
    ["v", "ver", "version", "release"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// RFC 4291 § 2.2. With `::` it must begin like an address, or `a::b` in a program would be one.
fn is_ipv6(word: &str) -> bool {
    if word.contains(":::") || word.matches("::").count() > 1 {
        return false;
    }
    let groups: Vec<&str> = word.split(':').filter(|group| !group.is_empty()).collect();
    let sound = groups
        .iter()
        .all(|group| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_hexdigit()));
    let digits = word.bytes().any(|b| b.is_ascii_digit());
    let complete = if word.contains("::") {
        (2..8).contains(&groups.len()) && groups[0].len() >= 3 && !word.starts_with(':')
    } else {
        groups.len() == 8 && word.split(':').count() == 8
    };
    sound && digits && complete
}

/// Where the names of users stand in paths.
const HOMES: [&str; 6] = [
    "/home/",
    "/users/",
    ":\\users\\",
    ":/users/",
    ":\\documents and settings\\",
    "\\\\users\\",
];

fn is_path_end(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '|' | ')' | ']' | '`' | ',' | ';')
}

/// Whole paths that hold a user's name, and whatever is on a `file:` address.
fn paths(text: &str) -> Vec<Seen> {
    let lower = text.to_ascii_lowercase();
    let mut seen = Vec::new();
    for home in HOMES {
        let mut last = 0;
        for (at, _) in lower.match_indices(home) {
            // The same path again.
            if at < last {
                continue;
            }
            // A drive's letter belongs to the path.
            let start = if home.starts_with(':') {
                at.saturating_sub(1)
            } else {
                at
            };
            if !text.is_char_boundary(start)
                || !stands_alone(&lower, start)
                || user(&text[at + home.len()..]).is_empty()
            {
                continue;
            }
            last = path_end(text, at);
            seen.push((LeakKind::UserPath, (start, last)));
        }
    }
    for (at, _) in lower.match_indices("file://") {
        let end = path_end(text, at);
        if end > at + "file:///".len() {
            seen.push((LeakKind::UserPath, (at, end)));
        }
    }
    seen
}

fn path_end(text: &str, at: usize) -> usize {
    text[at..].find(is_path_end).map_or(text.len(), |len| at + len)
}

/// Not in the middle of a longer path or of a web address.
fn stands_alone(lower: &str, start: usize) -> bool {
    let before = &lower[..start];
    before.ends_with("file://")
        || !before
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-'))
}

/// The user's name at the beginning of the rest of a path.
fn user(rest: &str) -> &str {
    let end = rest
        .find(|c| is_path_end(c) || matches!(c, '/' | '\\'))
        .unwrap_or(rest.len());
    if rest.starts_with(char::is_alphanumeric) {
        &rest[..end]
    } else {
        ""
    }
}

/// The path with the user's name masked.
pub fn without_user(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    let (at, home) = HOMES
        .iter()
        .filter_map(|home| lower.find(home).map(|at| (at, *home)))
        .min()?;
    let name = at + home.len();
    let masked = user(&path[name..]);
    (!masked.is_empty() && !lower.starts_with("file:"))
        .then(|| format!("{}…{}", &path[..name], &path[name + masked.len()..]))
}
