//! A letter as HTML: a page of its own that prints well, or the part that another page shows.

use crate::letter::{Block, Letter, Table};
use crate::plain::is_hidden;
use crate::words::{EN, NOT_ADVICE};

/// For the page of its own only: what the server sends obeys the stylesheet of the server.
const STYLE: &str = "@page{size:A4;margin:22mm 24mm}body{font:11pt/1.45 Charter,\"Noto Serif\",Tinos,Georgia,serif;max-width:40rem;\
margin:2rem auto;padding:0 1rem;color:#1d1b18;background:#fff}h1{font-size:1.5rem;line-height:1.2}h2{font-size:1.1rem;margin:1.4em 0 .4em}\
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.3em .8em .3em 0;border-bottom:1px solid #857e72}\
.draft,.advice{font-size:.85em;border-block:1px solid #857e72;padding:.5em 0}.checks{list-style:none;padding:0}\
.checks li::before{content:\"\\2610\\00a0\"}.sign{margin-top:3rem;border-top:1px solid #1d1b18;width:20rem}\
tr,li,.sign{break-inside:avoid}@media print{body{margin:0;padding:0;max-width:none}}";

/// A page of its own, with nothing that is loaded from elsewhere.
pub fn html(letter: &Letter) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n{}</main>\n</body>\n</html>\n",
        escape(&letter.title),
        escape(&letter.title),
        fragment(letter),
    )
}

/// The letter below its title, for a page that has its own `h1`. Headings are `h2`; there is no style in it.
pub fn fragment(letter: &Letter) -> String {
    let mut out = format!("<p class=\"draft\">{}</p>\n", escape(EN.draft));
    address(&mut out, EN.from, &letter.from);
    address(&mut out, EN.to, &letter.to);
    let mut lines = Vec::new();
    lines.extend(
        letter
            .date
            .map(|date| format!("{}: {}", escape(EN.date), date.long())),
    );
    let reference = letter.reference.as_ref();
    lines.extend(reference.map(|reference| format!("{}: {}", escape(EN.reference), escape(reference))));
    if !lines.is_empty() {
        out.push_str(&format_line("p", &lines.join("<br>")));
    }
    for block in &letter.body {
        self::block(&mut out, block);
    }
    out.push_str("<p class=\"advice\">");
    out.push_str(&escape(NOT_ADVICE));
    out.push_str("</p>\n");
    out
}

fn format_line(tag: &str, inner: &str) -> String {
    format!("<{tag}>{inner}</{tag}>\n")
}

fn address(out: &mut String, name: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    out.push_str(&format_line(
        "p",
        &format!("{}:<br>{}", escape(name), lines.join("<br>")),
    ));
}

fn block(out: &mut String, block: &Block) {
    match block {
        Block::Heading(text) => out.push_str(&format_line("h2", &escape(text))),
        Block::Para(text) => out.push_str(&format_line("p", &escape(text))),
        Block::Lines(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            out.push_str(&format_line("p", &lines.join("<br>")));
        }
        Block::Numbered(points) => out.push_str(&format_line("ol", &items(points))),
        Block::Checks(points) => {
            out.push_str("<ul class=\"checks\">");
            out.push_str(&items(points));
            out.push_str("</ul>\n");
        }
        Block::Table(table) => self::table(out, table),
        Block::Signature(text) => {
            out.push_str("<p class=\"sign\">");
            out.push_str(&escape(text));
            out.push_str("</p>\n");
        }
    }
}

fn items(points: &[String]) -> String {
    points
        .iter()
        .map(|point| format_line("li", &escape(point)))
        .collect()
}

fn table(out: &mut String, table: &Table) {
    out.push_str("<table class=\"stackable\">\n<thead><tr>");
    for name in &table.head {
        out.push_str("<th scope=\"col\">");
        out.push_str(&escape(name));
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (index, (name, cell)) in table.head.iter().zip(row).enumerate() {
            if index == 0 {
                out.push_str("<th scope=\"row\">");
                out.push_str(&escape(cell));
                out.push_str("</th>");
            } else {
                out.push_str("<td data-label=\"");
                out.push_str(&escape(name));
                out.push_str("\">");
                out.push_str(&escape(cell));
                out.push_str("</td>");
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            hidden if is_hidden(hidden) => {}
            other => out.push(other),
        }
    }
    out
}
