//! What the operator decided about this server.

/// The server's settings that the rules need.
#[derive(Clone, Debug)]
pub struct Site {
    /// The domain that handles belong to, with a port where it is not the usual one.
    pub domain: String,
    /// `https://` in front of the domain; `http://` for a loopback domain.
    pub base_url: String,
    /// The name of the server.
    pub title: String,
    /// One sentence on who runs it and for whom.
    pub description: String,
    /// Who can sign up.
    pub registrations: Registrations,
    /// Limits that apps obey.
    pub limits: Limits,
    /// False only on loopback, for test suites.
    pub rate_limits: bool,
    /// True for a demo: every page says that nobody on it is real.
    pub made_up: bool,
}

/// Who can sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrations {
    /// Whoever has an invite.
    Invite,
    /// Anybody.
    Open,
    /// Nobody.
    Closed,
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
            invites_a_month: 5,
        }
    }
}

impl Site {
    /// The settings of a server that nobody configured.
    pub fn new(domain: &str, registrations: Registrations) -> Self {
        let scheme = if is_loopback(domain) { "http" } else { "https" };
        Self {
            domain: domain.to_owned(),
            base_url: format!("{scheme}://{domain}"),
            title: "Bauta".to_owned(),
            description: String::new(),
            registrations,
            limits: Limits::default(),
            rate_limits: true,
            made_up: false,
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

fn is_loopback(domain: &str) -> bool {
    let host = match domain.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => domain.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.ends_with(".localhost") || host == "::1" || host.starts_with("127.")
}
