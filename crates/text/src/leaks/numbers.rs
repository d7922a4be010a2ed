//! Numbers that belong to somebody: telephones, cards, bank accounts.

use super::{LeakKind, Seen};

/// Telephone, card and account numbers in `text`.
pub fn find(text: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let mut next = at + c.len_utf8();
        if (c.is_ascii_digit() || matches!(c, '+' | '(')) && !before.is_some_and(joins_number) {
            if let Some(run) = Run::read(text, at) {
                seen.extend(
                    run.kind(super::follows(text, at, "tel:"))
                        .map(|kind| (kind, (at, run.end))),
                );
                next = run.end;
            }
        } else if c.is_ascii_uppercase() && !before.is_some_and(char::is_alphanumeric) {
            seen.extend(iban(text, at).map(|end| (LeakKind::Account, (at, end))));
        }
        at = next;
    }
    seen
}

/// A character before a digit that makes it a part of something else: a word, a price, a reference.
fn joins_number(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$' | '€' | '£' | '#' | '§' | '+' | ',')
}

/// No number that we look for has more groups; a page full of figures must not be read again from each of them.
const MAX_GROUPS: usize = 12;

/// `) ` stands between the parts of a number, but hardly anything longer.
const MAX_SEPARATOR_CHARS: usize = 2;

/// Groups of digits with separators between them.
struct Run {
    end: usize,
    plus: bool,
    digits: String,
    groups: Vec<usize>,
    separators: String,
}

impl Run {
    fn read(text: &str, start: usize) -> Option<Self> {
        let mut run = Self {
            end: start,
            plus: false,
            digits: String::new(),
            groups: Vec::new(),
            separators: String::new(),
        };
        let mut rest = &text[start..];
        loop {
            let separators = rest
                .chars()
                .take_while(|c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{A0}'));
            // One more than a separator may have, so that a longer one is seen to be none.
            let gap: usize = separators.take(MAX_SEPARATOR_CHARS + 1).map(char::len_utf8).sum();
            let first = run.groups.is_empty();
            let sign = &rest[..gap];
            let sound = if first {
                matches!(sign, "" | "+" | "(" | "+(" | "(+")
            } else {
                sign.chars().count() <= MAX_SEPARATOR_CHARS && !sign.contains('+')
            };
            let len = rest[gap..]
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len() - gap);
            if len == 0 || !sound || run.groups.len() == MAX_GROUPS {
                break;
            }
            run.plus |= first && sign.contains('+');
            run.separators.push_str(sign);
            run.digits.push_str(&rest[gap..gap + len]);
            run.groups.push(len);
            rest = &rest[gap + len..];
            run.end = text.len() - rest.len();
        }
        let mut after = rest.chars();
        let touches = match after.next() {
            Some('-' | '.' | ':' | ',' | '_') => after.next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        (!run.groups.is_empty() && !touches).then_some(run)
    }

    fn kind(&self, is_tel: bool) -> Option<LeakKind> {
        if self.is_card() {
            Some(LeakKind::Account)
        } else {
            (self.is_phone() || (is_tel && self.digits.len() >= 6)).then_some(LeakKind::Phone)
        }
    }

    fn is_phone(&self) -> bool {
        let count = self.digits.len();
        if self.plus {
            // ITU-T E.164: at most 15 digits.
            return (8..=15).contains(&count) && !self.digits.starts_with('0');
        }
        if self.digits.starts_with("00") {
            return (11..=15).contains(&count) && !self.digits.starts_with("000");
        }
        if self.digits.starts_with('0') {
            return match self.groups.as_slice() {
                [_] => (10..=12).contains(&count),
                [2, 2, 4, ..] => false,
                groups => {
                    (9..=12).contains(&count)
                        && (2..=5).contains(&groups[0])
                        && !self.separators.contains('.')
                }
            };
        }
        self.is_american()
    }

    /// (202) 555-0123, 202-555-0123, 1-202-555-0123: neither part begins with 0 or 1.
    fn is_american(&self) -> bool {
        let (groups, digits) = match (self.groups.as_slice(), self.digits.strip_prefix('1')) {
            ([1, rest @ ..], Some(digits)) => (rest, digits),
            (groups, _) => (groups, self.digits.as_str()),
        };
        let dense = |at: usize| {
            digits
                .as_bytes()
                .get(at)
                .is_some_and(|b| (b'2'..=b'9').contains(b))
        };
        groups == [3, 3, 4] && dense(0) && dense(3) && self.separators.contains(['-', '.', '('])
    }

    fn is_card(&self) -> bool {
        let brand = self.digits.starts_with(['3', '4', '5', '6']) || self.digits.starts_with('2');
        let grouped = self.groups.len() == 1 || self.groups.iter().all(|len| (3..=7).contains(len));
        let plain = self.separators.chars().all(|c| matches!(c, ' ' | '-'));
        !self.plus
            && brand
            && grouped
            && plain
            && matches!(self.digits.len(), 14..=16 | 19)
            && luhn(&self.digits)
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| {
            let digit = u32::from(b - b'0');
            if at % 2 == 1 {
                digit * 2 / 10 + digit * 2 % 10
            } else {
                digit
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|b| b != digits.as_bytes()[0])
}

/// The length of an IBAN by its country (ISO 13616).
const IBAN_LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 \
    EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 \
    LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 \
    SC31 SE24 SI19 SK24 SM27 ST25 SV28 TN24 TR26 UA29 VA22 VG24 XK20";

/// Reads an account number at `start` whose checksum is right; returns its end.
fn iban(text: &str, start: usize) -> Option<usize> {
    let country = text.get(start..start + 2)?;
    let length: usize = IBAN_LENGTHS
        .split(' ')
        .find_map(|entry| entry.strip_prefix(country))?
        .parse()
        .ok()?;
    let mut number = String::with_capacity(length);
    let mut end = start;
    for (at, c) in text[start..].char_indices() {
        match c {
            c if c.is_ascii_digit() || c.is_ascii_uppercase() => number.push(c),
            ' ' => continue,
            _ => break,
        }
        end = start + at + 1;
        if number.len() == length {
            break;
        }
    }
    let whole = number.len() == length && !text[end..].starts_with(char::is_alphanumeric);
    (whole && checksum(&number) == 1).then_some(end)
}

/// ISO/IEC 7064, MOD 97-10: the first four characters go to the end, letters count from 10.
fn checksum(number: &str) -> u32 {
    number[4..]
        .chars()
        .chain(number[..4].chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| {
            (rest * if value > 9 { 100 } else { 10 } + value) % 97
        })
}
