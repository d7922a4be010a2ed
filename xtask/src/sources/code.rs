//! Rust text as a checker reads it: without comments and literals, so that only what is compiled is searched.

/// `text` with comments and the insides of string and character literals blanked. Lines stay where they are.
pub fn without_comments_and_texts(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest)
            .or_else(|| raw_string(rest, &out))
            .or_else(|| string(rest))
            .or_else(|| character(rest));
        let taken = skipped.unwrap_or(0);
        if taken == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.push(' ');
            out.extend(rest[..taken].chars().filter(|c| *c == '\n'));
            rest = &rest[taken..];
        }
    }
    out
}

/// `code` up to the tests at its end.
pub fn without_tests(code: &str) -> &str {
    let tests = code.match_indices("#[cfg(test)]").find(|(at, marker)| {
        let after = code[at + marker.len()..].trim_start();
        after.starts_with("mod ")
            && after
                .split_once(['{', ';'])
                .is_some_and(|(head, _)| !head.contains('\n'))
    });
    tests.map_or(code, |(at, _)| &code[..at])
}

/// True when `line` holds `word`, and not as part of a longer name.
pub fn has_word(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let begins = !word.starts_with(is_name) || !before.is_some_and(is_name);
        let ends = !word.ends_with(is_name) || !after.is_some_and(is_name);
        // A path begins with its slash: `network/x` holds no `/x` of the root.
        let rooted = !word.starts_with('/') || !before.is_some_and(|c| is_name(c) || ".-".contains(c));
        begins && ends && rooted
    })
}

/// How long the comment is that `text` begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match &text.as_bytes()[at..text.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    Some(text.len())
}

/// How long the raw string is that `text` begins with: `r"…"`, `r#"…"#`, after the prefixes b and c too.
fn raw_string(text: &str, before: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let named = |c: char| c.is_alphanumeric() || c == '_';
    let prefix = before.strip_suffix(['b', 'c']).unwrap_or(before);
    if prefix.ends_with(named) {
        return None;
    }
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inside.find(&close).map_or(inside.len(), |at| at + close.len());
    Some(text.len() - inside.len() + end)
}

fn string(text: &str) -> Option<usize> {
    if !text.starts_with('"') {
        return None;
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => (),
        }
    }
    Some(text.len())
}

/// A character literal; a lifetime is none, since no quote follows its first letter.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let c = inside.chars().next()?;
    inside[c.len_utf8()..]
        .starts_with('\'')
        .then(|| 1 + c.len_utf8() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> String {
        without_comments_and_texts(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn what_is_not_compiled_is_blank() {
        assert_eq!(stripped("a // unsafe\nb"), "a b");
        assert_eq!(stripped("a /* x /* unsafe */ y */ b"), "a b");
        assert_eq!(stripped(r#"f("un\"safe", 1)"#), "f( , 1)");
        assert_eq!(stripped("f(r#\"un\"safe\"#, br\"x\\\", 1)"), "f( , b , 1)");
        assert_eq!(stripped(r"f('\'', '\\', '\u{1F600}', '–', 'a')"), "f( , , , , )");
    }

    #[test]
    fn what_is_compiled_stays() {
        assert_eq!(
            stripped("fn f<'a>(x: &'a str) { unsafe {} }"),
            "fn f<'a>(x: &'a str) { unsafe {} }"
        );
        assert_eq!(stripped("let for_r = r#type; a / b"), "let for_r = r#type; a / b");
        assert_eq!(stripped("'\"'; unsafe"), "; unsafe");
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = "a\n/* x\ny */ \"s\nt\"\nb";
        assert_eq!(
            without_comments_and_texts(text).lines().count(),
            text.lines().count()
        );
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("std::io::stdout().lock()", "stdout()"));
        assert!(!has_word("command.stdout(pipe)", "stdout()"));
        assert!(!has_word("eprintln!()", "println!"));
        assert!(has_word("at /x/y", "/x/") && !has_word("at network/x/y", "/x/"));
    }

    #[test]
    fn tests_end_the_code() {
        assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {\nb\n}"), "a\n");
        assert_eq!(
            without_tests("a\n#[cfg(test)]\nuse b;\nc"),
            "a\n#[cfg(test)]\nuse b;\nc"
        );
    }
}
