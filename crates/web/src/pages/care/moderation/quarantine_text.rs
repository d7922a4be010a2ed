//! The text of a report to an authority: the fields that NCMEC's CyberTipline asks for, filled with what is held, and said
//! of each other that it is not. Whoever sends it reads it first.

use std::fmt::Write;

use bauta_model::MediaId;
use bauta_service::App;
use bauta_service::moderation::{Kind, Looked, Quarantine};

const fn incident(kind: Kind) -> &'static str {
    match kind {
        Kind::ChildAbuse => {
            "Child Pornography (possession, manufacture, and distribution). Choose another where it fits better:\n  \
             Child Sex Trafficking; Child Sexual Molestation; Online Enticement of Children for Sexual Acts;\n  \
             Unsolicited Obscene Material Sent to a Child"
        }
        Kind::Intimate => "Intimate image published without consent",
        Kind::Terrorism => "Terrorist content",
        Kind::Other => "Other illegal content",
    }
}

/// The text for a quarantine.
pub fn report(app: &App, one: &Quarantine, looked: &Looked) -> String {
    let (base, words) = (&app.site.base_url, &looked.words);
    let profile = format!("{base}/@{}", words.handle);
    let address = match one.new.post {
        Some(post) => format!("{profile}/{post}"),
        None => profile.clone(),
    };
    let when = match words.at {
        Some(at) => format!(
            "{} (the minute; nothing finer is kept)",
            app.clock.slot_of(at).rfc3339()
        ),
        None => format!("not known; found on {}", one.since.iso()),
    };
    let mut text = format!(
        "INCIDENT\n\
         Incident type: {}\n\
         Incident date and time: {when}\n\
         URL: {address}\n\
         Taken down on: {}\n\
         Publicly available before: {}\n\n\
         REPORTING PROVIDER\n\
         Electronic service provider: {} ({base})\n\
         A sealed copy is kept until: {}\n\n\
         REPORTED USER\n\
         Screen or user name: @{}\n\
         Display name: {}\n\
         Provider's user ID: {}\n\
         Profile URL: {profile}\n\
         E-mail, telephone, name, date of birth, address: never collected\n\
         IP addresses, devices, log-in times: never collected\n",
        incident(one.new.kind),
        one.since.iso(),
        yes(words.public),
        app.site.domain,
        one.new.until.iso(),
        words.handle,
        words.name,
        one.new.account,
    );
    for (number, (kept, bytes, hash)) in looked.files.iter().enumerate() {
        let _ = write!(
            text,
            "\nFILE {}\n\
             Provider's file ID: {}\n\
             Format and size: {}, {} x {} pixels, {bytes} bytes\n\
             SHA-256: {hash}\n\
             Original file name and bytes: not kept. What is uploaded is made anew from its pixels; the hash is of that.\n\
             Viewed by the provider: yes\n\
             Described by the user as: {}\n",
            number + 1,
            MediaId::new(kept.id),
            kept.mime,
            kept.width,
            kept.height,
            kept.description,
        );
    }
    let _ = write!(text, "\nTEXT\n{}\n{}\n", words.warning, words.text);
    text
}

const fn yes(so: bool) -> &'static str {
    if so { "yes" } else { "no" }
}
