//! Reading HTML as far as tests need it: tags, attributes and text, in the order in which they come.

/// A piece of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// `<!doctype …>`.
    Doctype,
    /// An opening tag.
    Open(Element),
    /// A closing tag, by its name in lower case.
    Close(String),
    /// Text, with references such as `&amp;` resolved.
    Text(String),
}

/// An opening tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// Names in lower case, values resolved; no value is an empty one.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// True when it has the attribute, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    /// True for elements that have no content and no closing tag.
    pub fn is_void(&self) -> bool {
        const VOID: [&str; 13] = [
            "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
            "wbr",
        ];
        VOID.contains(&self.name.as_str())
    }
}

/// Elements whose content is text up to their closing tag; in the first two references are resolved.
const TEXT_ONLY: [&str; 4] = ["textarea", "title", "script", "style"];

/// The pieces of `html`.
pub fn tokens(html: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with("<!") {
            tokens.push(Token::Doctype);
            rest = rest.split_once('>').map_or("", |(_, after)| after);
        } else if let Some(name) = rest.strip_prefix("</") {
            let (name, after) = name.split_once('>').unwrap_or((name, ""));
            tokens.push(Token::Close(name.trim().to_ascii_lowercase()));
            rest = after;
        } else if rest.starts_with('<') && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest = open(&rest[1..], &mut tokens);
        } else {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == '<')
                .map_or(rest.len(), |(at, _)| at);
            tokens.push(Token::Text(resolved(&rest[..end])));
            rest = &rest[end..];
        }
    }
    tokens
}

/// Takes an opening tag, and the text of an element that has only text. Gives what comes after.
fn open<'a>(text: &'a str, tokens: &mut Vec<Token>) -> &'a str {
    let end = text
        .find(|c: char| c.is_whitespace() || c == '/' || c == '>')
        .unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let (attributes, rest) = attributes(&text[end..]);
    tokens.push(Token::Open(Element {
        name: name.clone(),
        attributes,
    }));
    if !TEXT_ONLY.contains(&name.as_str()) {
        return rest;
    }
    let close = rest
        .to_ascii_lowercase()
        .find(&format!("</{name}"))
        .unwrap_or(rest.len());
    let inside = &rest[..close];
    // The first line break in a textarea is not part of its text (HTML § 13.2.6.4.7).
    let inside = if name == "textarea" {
        inside.strip_prefix('\n').unwrap_or(inside)
    } else {
        inside
    };
    let as_is = name == "script" || name == "style";
    tokens.push(Token::Text(if as_is {
        inside.to_owned()
    } else {
        resolved(inside)
    }));
    &rest[close..]
}

/// The attributes up to `>`, and what comes after it.
fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return (attributes, "");
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        // The first character belongs to the name whatever it is, so that this always gets on.
        let ends = |c: char| c.is_whitespace() || "/>=".contains(c);
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| ends(*c))
            .map_or(rest.len(), |(at, _)| at);
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            let (raw, after) = attribute_value(after.trim_start());
            value = resolved(raw);
            rest = after;
        }
        attributes.push((name, value));
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(
        text.find(|c: char| c.is_whitespace() || c == '>')
            .unwrap_or(text.len()),
    )
}

/// `text` with its character references resolved: numbers, and the few names that our pages use.
pub fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = after
            .split_once(';')
            .and_then(|(name, after)| Some((reference(name)?, after)));
        if let Some((c, after)) = reference {
            out.push(c);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The named references that are known.
const NAMES: [(&str, char); 12] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("middot", '·'),
    ("times", '×'),
    ("shy", '\u{ad}'),
];

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number
            .strip_prefix(['x', 'X'])
            .map(|hex| u32::from_str_radix(hex, 16));
        return char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?);
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

/// Text as a reader sees it: white space is one space, none at the ends.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_tag(name: &str, attributes: &[(&str, &str)]) -> Token {
        let attributes = attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Token::Open(Element {
            name: name.to_owned(),
            attributes,
        })
    }

    #[test]
    fn tags_attributes_and_text_are_told_apart() {
        let html =
            "<!doctype html><!-- <b> --><P class=x hidden data-y='1 > 0'>a &amp; b &lt;i&#62;</P><br/>";
        let expected = [
            Token::Doctype,
            open_tag("p", &[("class", "x"), ("hidden", ""), ("data-y", "1 > 0")]),
            Token::Text("a & b <i>".to_owned()),
            Token::Close("p".to_owned()),
            open_tag("br", &[]),
        ];
        assert_eq!(tokens(html), expected);
    }

    #[test]
    fn the_text_of_a_textarea_is_text() {
        let expected = [
            open_tag("textarea", &[]),
            Token::Text("<b>&\n".to_owned()),
            Token::Close("textarea".to_owned()),
        ];
        assert_eq!(tokens("<textarea>\n<b>&amp;\n</textarea>"), expected);
    }

    #[test]
    fn what_is_no_reference_stays() {
        assert_eq!(
            resolved("a & b &x; &amp;amp; &#x1F600; &#xD800;"),
            "a & b &x; &amp; \u{1F600} &#xD800;"
        );
    }

    #[test]
    fn broken_pages_come_to_an_end() {
        for html in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "</",
            "<!",
            "<!--",
            "a<",
            "<ä",
            "ä<b ö=ü",
            "<textarea>",
            "<a ==>",
        ] {
            tokens(html);
        }
    }
}
