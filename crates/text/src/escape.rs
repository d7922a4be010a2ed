//! Escaping: the only way by which what a person typed gets into HTML.

use crate::characters::is_unprintable;

/// Escapes text for HTML content and for attribute values in either kind of quotes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        push_escaped(&mut out, c);
    }
    out
}

/// Appends one escaped character; what neither HTML nor XML can hold is left out.
pub fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c if is_unprintable(c) => {}
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_html_reads_as_markup_stays() {
        assert_eq!(
            escape_html("<a title='x\"'>&\0</a>"),
            "&lt;a title=&#39;x&quot;&#39;&gt;&amp;&lt;/a&gt;"
        );
    }
}
