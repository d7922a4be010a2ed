//! Deadlines as a calendar (RFC 5545), for any calendar program. It names the demand by its public name only: calendars
//! are synchronised with other people's servers.

use crate::facts::{Deadline, Matter};
use crate::words::{EN, NOT_ADVICE, fill};

/// Octets of a line without its end (§ 3.1).
const LINE: usize = 75;

/// A file with an event for each deadline, and a reminder a day before. The same facts give the same bytes.
pub fn calendar(matter: &Matter) -> String {
    let mut out = Lines::default();
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bauta//Desk//EN",
        "CALSCALE:GREGORIAN",
    ] {
        out.line(text);
    }
    for (index, deadline) in matter.deadlines.iter().enumerate() {
        event(&mut out, matter, index, deadline);
    }
    out.line("END:VCALENDAR");
    out.0
}

fn event(out: &mut Lines, matter: &Matter, index: usize, deadline: &Deadline) {
    let name = [
        ("reference", matter.reference.as_str()),
        ("name", deadline.name.as_str()),
    ];
    let summary = fill(EN.cal_summary, &name);
    let kind = if deadline.binds { EN.cal_binds } else { EN.cal_own };
    let how = fill(EN.cal_how, &[("how", &deadline.how)]);
    out.line("BEGIN:VEVENT");
    out.line(&format!(
        "UID:{}-{index}@{}",
        escape(&matter.reference),
        escape(&matter.sender.domain)
    ));
    out.line(&format!("DTSTAMP:{}", stamp(&matter.today.start().rfc3339())));
    out.line(&format!("DTSTART:{}", stamp(&deadline.at.rfc3339())));
    out.line(&format!("SUMMARY:{}", escape(&summary)));
    out.line(&format!(
        "DESCRIPTION:{}\\n{}\\n{}",
        escape(kind),
        escape(&how),
        escape(NOT_ADVICE)
    ));
    out.line("CLASS:CONFIDENTIAL");
    out.line("TRANSP:TRANSPARENT");
    out.line("BEGIN:VALARM");
    out.line("ACTION:DISPLAY");
    out.line("TRIGGER:-P1D");
    out.line(&format!("DESCRIPTION:{}", escape(&summary)));
    out.line("END:VALARM");
    out.line("END:VEVENT");
}

/// `2017-03-13T11:45:00.000Z` as `20170313T114500Z`.
fn stamp(rfc3339: &str) -> String {
    let seconds = rfc3339.split('.').next().unwrap_or(rfc3339).trim_end_matches('Z');
    let mut stamp: String = seconds
        .chars()
        .filter(|character| !matches!(character, '-' | ':'))
        .collect();
    stamp.push('Z');
    stamp
}

/// § 3.3.11.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            hidden if crate::plain::is_hidden(hidden) => {}
            other => out.push(other),
        }
    }
    out
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Folds between characters: a line goes on after a line end and a space.
    fn line(&mut self, text: &str) {
        let mut octets = 0;
        for character in text.chars() {
            if octets + character.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(character);
            octets += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
