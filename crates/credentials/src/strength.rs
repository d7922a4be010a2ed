//! An estimate of how hard a text is to guess: the cheapest way to put it together from what guessers try.
//!
//! It errs on the low side. A text is cut into pieces (a common password, a listed word, a repeat, a sequence, a date,
//! single characters); each has a price in bits, and the cheapest cut counts.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::passphrase;

const COMMON: &str = include_str!("../words/common.txt");

/// Passwords by rank, made when the first passphrase is judged.
static RANKS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| COMMON.lines().zip(1..).collect());

/// Sayings that everybody takes for original, without spaces.
const SAYINGS: [&str; 12] = [
    "correcthorsebatterystaple",
    "tobeornottobe",
    "thatisthequestion",
    "thequickbrownfox",
    "jumpsoverthelazydog",
    "maytheforcebewithyou",
    "letthemeatcake",
    "opensesame",
    "fourscoreandsevenyearsago",
    "ithinkthereforeiam",
    "wethepeople",
    "onceuponatime",
];

/// Neighbours on keyboards and in the alphabet.
const ROWS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
];

/// A word of the EFF list, or as good as one: log2(7776).
const WORD: f64 = 12.9;
/// The longest piece that is looked up in a dictionary.
const LONGEST: usize = 26;
/// Beyond this many characters nothing adds to the estimate, so that its cost stays small.
const COUNTED: usize = 96;

/// The estimate for `text`, in bits. `about` is what everybody knows around it.
pub fn bits(text: &str, about: &[&str]) -> f64 {
    let text = Text::new(text);
    let about: Vec<Vec<char>> = about.iter().map(|known| plain(known)).collect();
    let mut cheapest = vec![f64::INFINITY; text.plain.len() + 1];
    cheapest[0] = 0.0;
    for start in 0..text.plain.len() {
        let base = cheapest[start];
        text.pieces(start, &about, &mut |len, price| {
            let end = &mut cheapest[start + len];
            *end = end.min(base + price);
        });
    }
    cheapest[text.plain.len()]
}

/// Lower case, with the letters that digits and signs stand for.
fn plain(text: &str) -> Vec<char> {
    text.chars()
        .take(COUNTED)
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect()
}

const fn unmasked(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

struct Text {
    /// As typed.
    typed: Vec<char>,
    /// Lower case.
    plain: Vec<char>,
    /// Price of each character by itself.
    prices: Vec<f64>,
}

impl Text {
    fn new(text: &str) -> Self {
        let typed: Vec<char> = text.chars().take(COUNTED).collect();
        let prices = single_prices(&typed);
        Self {
            plain: plain(text),
            typed,
            prices,
        }
    }

    /// Tells `found` every piece that begins at `start`, as its length and price.
    fn pieces(&self, start: usize, about: &[Vec<char>], found: &mut impl FnMut(usize, f64)) {
        found(1, self.prices[start]);
        self.words(start, found);
        for len in 3..=self.repeat(start) {
            found(len, 3.0);
        }
        for len in 3..=self.sequence(start) {
            found(len, 3.0 + f64::from(len as u32).log2());
        }
        for known in about {
            for len in 3..=longest_part(known, &self.plain[start..]) {
                found(len, 2.0);
            }
        }
        self.dates(start, found);
    }

    fn words(&self, start: usize, found: &mut impl FnMut(usize, f64)) {
        let (mut lower, mut clear) = (String::new(), String::new());
        for len in 1..=LONGEST.min(self.plain.len() - start) {
            lower.push(self.plain[start + len - 1]);
            clear.push(unmasked(self.plain[start + len - 1]));
            if len < 3 {
                continue;
            }
            let price = match word_price(&lower) {
                Some(price) => price,
                None => match word_price(&clear) {
                    Some(price) => price + 1.0,
                    None => continue,
                },
            };
            found(len, price + self.capitals(start, len));
        }
        self.saying(start, found);
    }

    fn saying(&self, start: usize, found: &mut impl FnMut(usize, f64)) {
        for saying in SAYINGS {
            let mut letters = saying.chars().peekable();
            for (len, c) in self.plain[start..]
                .iter()
                .filter(|c| !c.is_whitespace() || **c == ' ')
                .enumerate()
            {
                if letters.peek() == Some(c) {
                    letters.next();
                } else if *c != ' ' {
                    break;
                }
                if letters.peek().is_none() {
                    found(len + 1, 8.0);
                    break;
                }
            }
        }
    }

    /// What capital letters add: nothing for the first letter alone or all of them, else a bit each.
    fn capitals(&self, start: usize, len: usize) -> f64 {
        let typed = &self.typed[start..start + len];
        let capitals = typed.iter().filter(|c| c.is_uppercase()).count();
        let letters = typed.iter().filter(|c| c.is_alphabetic()).count();
        match capitals {
            0 => 0.0,
            1 if typed[0].is_uppercase() => 0.5,
            all if all == letters => 1.0,
            some => f64::from(some as u32),
        }
    }

    /// The length of the longest piece at `start` that stood before.
    fn repeat(&self, start: usize) -> usize {
        let mut longest = 0;
        for earlier in 0..start {
            let same = (0..self.plain.len() - start)
                .take_while(|i| self.plain[earlier + i] == self.plain[start + i])
                .count();
            longest = longest.max(same);
        }
        longest
    }

    /// The length of the run of neighbours at `start`.
    fn sequence(&self, start: usize) -> usize {
        ROWS.iter()
            .flat_map(|row| [1isize, -1].map(|step| self.run(start, row.as_bytes(), step)))
            .max()
            .unwrap_or(0)
    }

    fn run(&self, start: usize, row: &[u8], step: isize) -> usize {
        let at = |c: char| row.iter().position(|r| char::from(*r) == c);
        let Some(mut here) = at(self.plain[start]) else {
            return 0;
        };
        let mut len = 1;
        while let Some(next) = self.plain.get(start + len) {
            let expected = here
                .checked_add_signed(step)
                .and_then(|i| row.get(i).map(|r| (i, char::from(*r))));
            match expected {
                Some((i, c)) if c == *next => here = i,
                _ => break,
            }
            len += 1;
        }
        len
    }

    /// Years, and dates of up to eight digits with at most two signs between.
    fn dates(&self, start: usize, found: &mut impl FnMut(usize, f64)) {
        let (mut digits, mut signs) = (String::new(), 0);
        for (len, c) in self.plain[start..].iter().take(10).enumerate() {
            match c {
                '0'..='9' => digits.push(*c),
                '.' | '-' | '/' if !digits.is_empty() && signs < 2 => signs += 1,
                _ => break,
            }
            match digits.len() {
                4 if signs == 0 && is_year(&digits) => found(len + 1, 6.6),
                // Days of a century (15 bits), written in one of a few ways.
                6 if signs != 1 => found(len + 1, 16.0),
                8 if is_year(&digits[..4]) || is_year(&digits[4..]) => found(len + 1, 16.0),
                _ => {}
            }
        }
    }
}

fn is_year(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

fn word_price(word: &str) -> Option<f64> {
    if let Some(rank) = RANKS.get(word) {
        return Some(f64::from(*rank).log2().max(1.0));
    }
    passphrase::is_listed(word).then_some(WORD)
}

/// The length of the longest start of `text` that stands anywhere in `known`.
fn longest_part(known: &[char], text: &[char]) -> usize {
    (0..known.len())
        .map(|from| known[from..].iter().zip(text).take_while(|(a, b)| a == b).count())
        .max()
        .unwrap_or(0)
}

/// What each character is worth where no piece covers it.
///
/// Letters in a row that can be spoken are taken for a word or a name that no list has: Shannon's one to two bits a
/// letter, and a little for having to be found. Letters that can't be spoken, digits and signs come near to random.
fn single_prices(typed: &[char]) -> Vec<f64> {
    let mut prices = Vec::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(first) = rest.first() {
        let run = rest
            .iter()
            .take_while(|c| c.is_alphabetic() == first.is_alphabetic())
            .count();
        let (here, after) = rest.split_at(run);
        if first.is_alphabetic() {
            let price = match here.len() {
                1 | 2 => 5.2,
                _ if speakable(here) => 2.3,
                _ => 4.5,
            };
            prices.extend(
                here.iter()
                    .map(|c| price + if c.is_uppercase() { 0.7 } else { 0.0 }),
            );
        } else {
            let digits = here.iter().filter(|c| c.is_ascii_digit()).count();
            prices.extend(here.iter().map(|c| match c {
                ' ' => 0.5,
                // A digit between letters might have been any sign.
                '0'..='9' if digits == 1 => 4.5,
                '0'..='9' => 3.3,
                _ => 5.0,
            }));
        }
        rest = after;
    }
    // A character that stands next to itself adds little.
    for i in 1..typed.len() {
        if typed[i] == typed[i - 1] {
            prices[i] = 0.5;
        }
    }
    prices
}

/// Letters among which vowels come often enough, or of a script whose vowels are not known here.
fn speakable(letters: &[char]) -> bool {
    if !letters.iter().all(char::is_ascii) {
        return true;
    }
    let vowel = |c: &char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let longest_without = letters.split(vowel).map(<[char]>::len).max().unwrap_or(0);
    longest_without < letters.len().min(5)
}
