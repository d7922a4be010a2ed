//! What the operator decided about this server.

use std::path::PathBuf;

use bauta_desk::legal::RulePack;
use bauta_model::{Door, is_loopback};

/// The server's settings that the verbs and the pages need.
#[derive(Clone, Debug)]
pub struct Site {
    /// The domain that handles belong to, with a port where it is not the usual one.
    pub domain: String,
    /// `https://` in front of the domain; `http://` for a loopback domain.
    pub base_url: String,
    /// The onion name, `….onion`, where there is an onion door.
    pub onion: Option<String>,
    /// The name of the server.
    pub title: String,
    /// One sentence on who runs it and for whom.
    pub description: String,
    /// Who runs it, for whom, and why, in some paragraphs; an empty line parts them.
    pub about: String,
    /// The rules of the server, in the operator's words and order.
    pub rules: Vec<String>,
    /// How to reach whoever runs it.
    pub contact: Option<Contact>,
    /// What officials and the desk's letters are told of who runs it.
    pub legal: LegalSettings,
    /// Where the source code of the running program lies (AGPL-3.0 § 13): an address.
    pub source: Option<String>,
    /// Who can sign up.
    pub registrations: Registrations,
    /// Of those who wait, about so many are let in by chance each day.
    pub let_in_a_day: u32,
    /// Limits that apps obey.
    pub limits: Limits,
    /// The program that reads films and sounds; none where only pictures are taken.
    pub ffmpeg: Option<PathBuf>,
    /// Pages that posts link to are asked what they are.
    pub previews: bool,
    /// False only on loopback, for test suites.
    pub rate_limits: bool,
    /// True for a demo: every page says that nobody on it is real.
    pub made_up: bool,
}

/// What officials are told on /legal, and what stands at the head of the desk's letters. The program can't know any of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegalSettings {
    /// Who runs the server, by its name in law.
    pub entity: Option<String>,
    /// The postal address, line by line.
    pub address: Vec<String>,
    /// How to reach the desk, where it is not the server's contact.
    pub contact: Option<Contact>,
    /// How a paper is served, in the operator's words.
    pub service: Option<String>,
    /// What answering costs, in the operator's words.
    pub costs: Option<String>,
    /// The rules that demands are read against.
    pub rules: Rules,
}

/// A rule pack for as long as the program runs: the built-in one, or one with the operator's own files beside it.
#[derive(Clone, Copy, Debug)]
pub struct Rules(&'static RulePack);

impl Rules {
    /// Keeps a pack that was checked.
    pub fn keep(pack: RulePack) -> Self {
        Self(Box::leak(Box::new(pack)))
    }

    /// The pack.
    pub const fn pack(self) -> &'static RulePack {
        self.0
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self(RulePack::built_in())
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.0.hash() == other.0.hash()
    }
}

impl Eq for Rules {}

/// How to reach whoever runs the server: a page of theirs, or a mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    uri: String,
}

/// Characters of an address that the operator gives.
const ADDRESS_CHARS: usize = 500;

impl Contact {
    /// Reads `https://…`, `http://….onion/…`, `mailto:…` or a mail address. None for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mail = text.strip_prefix("mailto:").unwrap_or(text);
        let uri = if is_web_address(text) {
            text.to_owned()
        } else if is_mail_address(mail) {
            format!("mailto:{mail}")
        } else {
            return None;
        };
        Some(Self { uri })
    }

    /// For links, and for RFC 9116.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// As people read it.
    pub fn shown(&self) -> &str {
        self.mail().unwrap_or(&self.uri)
    }

    /// The mail address, if it is one.
    pub fn mail(&self) -> Option<&str> {
        self.uri.strip_prefix("mailto:")
    }
}

/// True for the address of a page: https, or http where an onion service or loopback makes it safe.
pub fn is_web_address(text: &str) -> bool {
    let graphic = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\".contains(&byte));
    if text.len() > ADDRESS_CHARS || !graphic {
        return false;
    }
    let host = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        (!authority.is_empty() && !authority.contains('@')).then(|| authority.to_ascii_lowercase())
    };
    if let Some(rest) = text.strip_prefix("https://") {
        return host(rest).is_some();
    }
    let Some(host) = text.strip_prefix("http://").and_then(host) else {
        return false;
    };
    let name = host.split(':').next().unwrap_or_default();
    name.ends_with(".onion") || is_loopback(&host)
}

/// Roughly a mail address: a mail server says whether it is one.
fn is_mail_address(text: &str) -> bool {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"@.!#$%&'*+/=?^_`{|}~-".contains(&byte));
    plain
        && text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !domain.contains('@'))
}

/// Who can sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrations {
    /// Whoever has an invite.
    Invite,
    /// Anybody.
    Open,
    /// Anybody, who then waits until somebody or chance lets them in.
    Approval,
    /// Nobody.
    Closed,
}

impl Registrations {
    /// Anybody can ask to come, if not be here at once.
    pub const fn is_for_anybody(self) -> bool {
        matches!(self, Self::Open | Self::Approval)
    }
}

/// Limits that apps obey.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Characters of a post, as Mastodon counts them.
    pub post_chars: usize,
    /// Characters of a display name.
    pub name_chars: usize,
    /// Characters of a bio.
    pub bio_chars: usize,
    /// Profile fields.
    pub fields: usize,
    /// Characters of a field's label or value.
    pub field_chars: usize,
    /// Pinned posts.
    pub pinned_posts: usize,
    /// Bytes of an uploaded picture.
    pub picture_bytes: usize,
    /// Bytes of an uploaded film or sound.
    pub film_bytes: usize,
    /// Media of a post.
    pub attachments: usize,
    /// Characters of what is said of a picture.
    pub description_chars: usize,
    /// Options of a poll.
    pub poll_options: usize,
    /// Characters of an option.
    pub option_chars: usize,
    /// Invites that a person can mint in a calendar month, from the month after they joined.
    pub invites_a_month: i32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            post_chars: 1000,
            name_chars: 30,
            bio_chars: 500,
            fields: 4,
            field_chars: 255,
            pinned_posts: 5,
            picture_bytes: 8 * 1024 * 1024,
            film_bytes: bauta_media::MAX_FILM_BYTES,
            attachments: 4,
            description_chars: 1500,
            poll_options: 4,
            option_chars: 50,
            invites_a_month: 5,
        }
    }
}

impl Site {
    /// Where this server is for whoever came by `door`: nothing on the onion leads to the open web.
    pub fn base_at(&self, door: Door) -> String {
        match (&self.onion, door) {
            (Some(onion), Door::Onion) => format!("http://{onion}"),
            _ => self.base_url.clone(),
        }
    }

    /// True where films and sounds are taken.
    pub const fn takes_films(&self) -> bool {
        self.ffmpeg.is_some()
    }

    /// Bytes of the largest file that is taken.
    pub fn upload_bytes(&self) -> usize {
        if self.takes_films() {
            self.limits.picture_bytes.max(self.limits.film_bytes)
        } else {
            self.limits.picture_bytes
        }
    }

    /// The settings of a server that nobody configured.
    pub fn new(domain: &str, registrations: Registrations) -> Self {
        let scheme = if is_loopback(domain) { "http" } else { "https" };
        Self {
            domain: domain.to_owned(),
            base_url: format!("{scheme}://{domain}"),
            onion: None,
            title: "Bauta".to_owned(),
            description: String::new(),
            about: String::new(),
            rules: Vec::new(),
            contact: None,
            legal: LegalSettings::default(),
            source: None,
            registrations,
            let_in_a_day: 0,
            limits: Limits::default(),
            ffmpeg: None,
            rate_limits: true,
            previews: false,
            made_up: false,
        }
    }

    /// The names by which a paper may call whoever runs the server, beside the domain.
    pub(crate) fn entities(&self) -> Vec<String> {
        let own = self.legal.entity.iter().cloned();
        std::iter::once(self.title.clone()).chain(own).collect()
    }

    /// What stands at the head of the desk's letters.
    pub(crate) fn sender(&self) -> bauta_desk::Sender {
        let contact = self.legal.contact.as_ref().or(self.contact.as_ref());
        bauta_desk::Sender {
            title: self.title.clone(),
            domain: self.domain.clone(),
            entity: self.legal.entity.clone(),
            address: self.legal.address.clone(),
            contact: contact.map(|contact| contact.shown().to_owned()),
        }
    }

    /// The site as crate text needs it.
    pub fn text(&self) -> bauta_text::Site<'_> {
        bauta_text::Site {
            domain: &self.domain,
            base: &self.base_url,
        }
    }

    /// True for a server that only this machine reaches.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_page_or_a_mail_address() {
        let uri = |text| Contact::parse(text).map(|contact| contact.uri().to_owned());
        assert_eq!(
            uri("desk@union.example").as_deref(),
            Some("mailto:desk@union.example")
        );
        assert_eq!(uri(" mailto:a@b.example ").as_deref(), Some("mailto:a@b.example"));
        assert_eq!(
            uri("https://union.example/x").as_deref(),
            Some("https://union.example/x")
        );
        assert!(uri("http://abc.onion/").is_some());
        for wrong in [
            "",
            "a@b",
            "@b.example",
            "a@b@c.example",
            "http://union.example",
            "https://",
            "https://a@b.example/",
            "https://a.example/\nx",
            "javascript:alert(1)",
            "a@b.example\nX: y",
            "ftp://a.example",
        ] {
            assert_eq!(uri(wrong), None, "{wrong:?}");
        }
    }
}
