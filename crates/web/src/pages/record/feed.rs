//! The record as an Atom feed (RFC 4287): a case is an entry, and so is a half-year.

use std::fmt::Write;

use bauta_legal::report::{Case, Report};
use bauta_model::CoarseTime;

use super::{case, sentences};
use crate::words_record::EN;

/// The feed of a server at `base_url`.
pub fn atom(report: &Report, cases: &[Case], base_url: &str, site: &str) -> String {
    let updated = cases.iter().map(updated).max();
    let updated = updated.unwrap_or(CoarseTime::from_unix_seconds(0));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>{base}/report/feed.atom</id>\n<title>{title} · {site}</title>\n<updated>{updated}</updated>\n\
         <author><name>{site}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}/report/feed.atom\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}/report\"/>\n",
        base = text(base_url),
        title = text(EN.title),
        site = text(site),
        updated = updated.rfc3339(),
    );
    for one in cases {
        entry(
            &mut xml,
            &format!("{base_url}/cases/{}", one.demand),
            &case::title(one),
            self::updated(one),
            &sentences::outcome(one),
        );
    }
    for period in report.periods.iter().rev() {
        let counts = &period.counts;
        let said = format!(
            "{} {}: {} {}, {} {}.",
            counts.demands,
            EN.many_demands,
            counts.produced_full + counts.produced_part,
            EN.answered,
            counts.withdrawn,
            EN.came_back
        );
        entry(
            &mut xml,
            &format!("{base_url}/report#{}", period.half),
            &period.half.long(),
            period.half.end().start(),
            &said,
        );
    }
    xml.push_str("</feed>\n");
    xml
}

fn updated(case: &Case) -> CoarseTime {
    let last = case.steps.last().map(|step| step.event.at);
    last.unwrap_or(CoarseTime::from_unix_seconds(0))
}

fn entry(xml: &mut String, url: &str, title: &str, at: CoarseTime, says: &str) {
    let (url, title, at, says) = (text(url), text(title), at.rfc3339(), text(says));
    let _ = write!(
        xml,
        "<entry>\n<id>{url}</id>\n<title>{title}</title>\n<updated>{at}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n<summary>{says}</summary>\n</entry>\n"
    );
}

/// What XML 1.0 has no way to write is left out.
fn text(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    bauta_text::escape_html(&text.chars().filter(allowed).collect::<String>())
}
