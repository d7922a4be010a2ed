//! The page of the manual that is made from the pack.

use std::fmt::Write as _;

use super::{Compels, Count, DeadlineRule, Direction, From, Instrument, RulePack};
use crate::NOT_ADVICE;

/// The pack as a page: a table of the instruments, then each with its checks, dates, sources and open points. The page
/// says no hash: it is the one of the built-in files, which the program prints.
pub fn markdown(pack: &RulePack) -> String {
    let mut page = String::from("<!-- Made from rules/*.toml: BAUTA_BLESS=1 cargo test -p bauta-legal -->\n");
    let _ = writeln!(
        page,
        "# The rules that the desk reads demands against\n\n*{NOT_ADVICE}*\n"
    );
    let _ = writeln!(
        page,
        "Version {}. Each instrument is a file in `rules/`. A file of an operator's own with the same name takes its place; a\n\
         file with another name is one more instrument. A pack that contradicts itself is refused when it is loaded. Each\n\
         demand keeps the hash of the pack that it was read under, so that a newer one changes no past. Points that counsel\n\
         has still to check are shown to the officer and block nothing.\n",
        pack.version()
    );
    page.push_str("| instrument | compels | binds by itself? | may the user be told? |\n|---|---|---|---|\n");
    for row in pack.instruments() {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} | {} |",
            row.name, row.id, row.compels_text, row.binds_text, row.notice_text
        );
    }
    page.push_str("\n## What every demand is checked for\n\n");
    for (code, text) in pack.general_checks() {
        let _ = writeln!(page, "- `{code}`: {} ({})", text.rule, text.source);
    }
    page.push_str("\n## Calendars\n\n");
    for calendar in pack.calendars() {
        let _ = write!(
            page,
            "- `{}`: {}. {}.",
            calendar.id, calendar.label, calendar.source
        );
        let names: Vec<&str> = calendar.holidays.iter().map(super::Holiday::name).collect();
        if !names.is_empty() {
            let _ = write!(page, " Holidays: {}.", names.join(", "));
        }
        if let Some(place) = &calendar.in_place_of {
            let zones = calendar.zones.join(", ");
            let _ = write!(page, " In place of `{place}` where a demand is read in {zones}.");
        }
        page.push('\n');
    }
    let _ = writeln!(
        page,
        "\nDays are counted without the day of the event. A calendar day that is off moves the end to the next one that is\n\
         not (FRCP 6(a)). A day ends at 23:59 in the demand's time zone, else in {}.",
        pack.zone()
    );
    for row in pack.instruments() {
        instrument(&mut page, row);
    }
    page
}

fn instrument(page: &mut String, row: &Instrument) {
    let _ = writeln!(page, "\n<a id=\"{}\"></a>\n\n## {}\n", row.id, row.name);
    let _ = writeln!(
        page,
        "`{}`, version {}. {}.\n",
        row.id,
        row.version,
        row.authority.join("; ")
    );
    let lines = [
        ("Compels", &row.compels_text),
        ("Authorised by", &row.authorised_by),
        ("Standard", &row.standard),
        ("Binds by itself", &row.binds_text),
        ("Notice", &row.notice_text),
    ];
    for (what, text) in lines {
        let _ = writeln!(page, "- {what}: {}", sentence(text));
    }
    if row.compels.contains(&Compels::AsCited) {
        page.push_str("- An officer enters the classes and the duty that the document cites.\n");
    }
    for date in &row.deadlines {
        let _ = writeln!(page, "- Date `{}`: {}. {}", date.name, date.label, counted(date));
    }
    for (code, text) in &row.checks {
        let _ = writeln!(page, "- Check `{code}`: {} ({})", text.rule, text.source);
    }
    let skipped: Vec<String> = row.skip.iter().map(|code| format!("`{code}`")).collect();
    if !skipped.is_empty() {
        let _ = writeln!(page, "- Not checked: {}", skipped.join(", "));
    }
    let _ = writeln!(page, "- Sources: {}", row.sources.join("; "));
    for open in &row.verify {
        let _ = writeln!(page, "- For counsel to check: {}", sentence(open));
    }
}

fn counted(date: &DeadlineRule) -> String {
    let direction = if date.direction == Direction::After {
        "after"
    } else {
        "before"
    };
    let from = match date.from {
        From::Served => "service",
        From::Due => "the due date",
        From::Appearance => "the appearance",
    };
    let calendar = if date.count == Count::Hours {
        String::new()
    } else {
        format!(" (calendar `{}`)", date.calendar)
    };
    let duty = if date.binds {
        "It binds."
    } else {
        "It is the desk's own."
    };
    format!(
        "{} {direction} {from}{calendar}; {}. {duty}",
        date.count.words(date.length),
        date.source
    )
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
