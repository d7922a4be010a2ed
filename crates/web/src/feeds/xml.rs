//! Atom (RFC 4287) and RSS 2.0.

use std::fmt::Write;

use bauta_model::CoarseTime;

use super::{Feed, Item};

pub fn atom(feed: &Feed) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let (page, place) = (text(&feed.page), text(&feed.place));
    let _ = writeln!(
        xml,
        "<id>{place}</id>\n<title>{}</title>\n<subtitle>{}</subtitle>",
        text(&feed.title),
        text(&feed.about)
    );
    let _ = writeln!(xml, "<updated>{}</updated>", feed.updated().rfc3339());
    let _ = writeln!(
        xml,
        "<link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>"
    );
    let _ = writeln!(
        xml,
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{place}\"/>"
    );
    if let Some(icon) = &feed.icon {
        let _ = writeln!(xml, "<icon>{}</icon>", text(icon));
    }
    for item in &feed.items {
        entry(&mut xml, item);
    }
    xml.push_str("</feed>\n");
    xml
}

fn entry(xml: &mut String, item: &Item) {
    let url = text(&item.url);
    let updated = item.edited.unwrap_or(item.published);
    let _ = writeln!(
        xml,
        "<entry>\n<id>{url}</id>\n<title>{}</title>",
        text(&item.title)
    );
    let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>");
    let _ = writeln!(
        xml,
        "<published>{}</published>\n<updated>{}</updated>",
        item.published.rfc3339(),
        updated.rfc3339()
    );
    let _ = writeln!(
        xml,
        "<author><name>{}</name><uri>{}</uri></author>",
        text(item.author.name()),
        text(&item.author_url)
    );
    for tag in &item.tags {
        let _ = writeln!(xml, "<category term=\"{}\"/>", text(tag));
    }
    for one in &item.media {
        let _ = writeln!(
            xml,
            "<link rel=\"enclosure\" type=\"{}\" title=\"{}\" href=\"{}\"/>",
            text(&one.mime),
            text(&one.said),
            text(&one.url)
        );
    }
    let _ = writeln!(
        xml,
        "<content type=\"html\">{}</content>\n</entry>",
        text(&item.html)
    );
}

pub fn rss(feed: &Feed) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n",
    );
    let _ = writeln!(
        xml,
        "<title>{}</title>\n<link>{}</link>\n<description>{}</description>",
        text(&feed.title),
        text(&feed.page),
        text(&feed.about)
    );
    let _ = writeln!(
        xml,
        "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{}\"/>",
        text(&feed.place)
    );
    for item in &feed.items {
        let url = text(&item.url);
        let _ = writeln!(
            xml,
            "<item>\n<guid isPermaLink=\"true\">{url}</guid>\n<link>{url}</link>"
        );
        let _ = writeln!(xml, "<title>{}</title>", text(&item.title));
        let _ = writeln!(xml, "<pubDate>{}</pubDate>", rfc822(item.published));
        let _ = writeln!(xml, "<dc:creator>{}</dc:creator>", text(item.author.name()));
        for tag in &item.tags {
            let _ = writeln!(xml, "<category>{}</category>", text(tag));
        }
        for one in &item.media {
            let _ = writeln!(
                xml,
                "<media:content url=\"{}\" type=\"{}\"><media:description>{}</media:description></media:content>",
                text(&one.url),
                text(&one.mime),
                text(&one.said)
            );
        }
        let _ = writeln!(xml, "<description>{}</description>\n</item>", text(&item.html));
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

/// Text of an element or an attribute. What XML 1.0 has no way to write, not even as a reference, is left out.
fn text(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    bauta_text::escape_html(&text.chars().filter(allowed).collect::<String>())
}

/// `Fri, 07 Apr 2017 14:02:00 +0000`, as RSS 2.0 asks for.
fn rfc822(time: CoarseTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (year, month, day) = time.day().civil();
    // 1 January 1970 was a Thursday.
    let weekday = DAYS[time.day().get().rem_euclid(7) as usize];
    let second = time.unix_seconds().rem_euclid(86_400);
    format!(
        "{weekday}, {day:02} {} {year:04} {:02}:{:02}:{:02} +0000",
        MONTHS[month as usize - 1],
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_mail_writes_them() {
        let time = CoarseTime::from_unix_seconds(1_491_573_720);
        assert_eq!(rfc822(time), "Fri, 07 Apr 2017 14:02:00 +0000");
    }

    #[test]
    fn what_xml_can_not_say_is_left_out() {
        assert_eq!(
            text("a\u{0}\u{B}\u{FFFE}<b>&\"'\u{1F600}"),
            "a&lt;b&gt;&amp;&quot;&#39;\u{1F600}"
        );
    }
}
