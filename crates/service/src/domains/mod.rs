//! What the operator decided about other servers: who is not spoken to, who is out of public lists, and why.

mod change;
mod list;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use bauta_model::{Handle, Standing};
use bauta_store::domain_rules::{self, Severity};
use bauta_store::{Conn, Store, settings};
use parking_lot::RwLock;

use crate::{App, Refused};

pub use bauta_store::domain_rules::{Rule, Severity as How};
pub use change::{Effect, Planned, plan, put, remove, set_only_allowed, set_shown_to};
pub use list::{Bad, read, write};

/// The setting that says that only servers with a rule are spoken to.
const ONLY_ALLOWED: &str = "peers_only_allowed";
/// The setting that says who sees rules and their reasons.
const SHOWN_TO: &str = "peers_rules_shown_to";

/// Who sees which servers are kept away, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShownTo {
    /// Operators and moderators.
    #[default]
    Nobody,
    /// Whoever is signed in.
    Members,
    /// Everybody.
    Everybody,
}

impl ShownTo {
    /// As it is stored, and written on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Members => "members",
            Self::Everybody => "everybody",
        }
    }

    /// Reads [`ShownTo::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Nobody, Self::Members, Self::Everybody]
            .into_iter()
            .find(|one| one.word() == word)
    }
}

/// All that was decided.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    by_domain: HashMap<String, Rule>,
    /// Servers without a rule are not spoken to.
    pub only_allowed: bool,
    /// Who sees the rules.
    pub shown_to: ShownTo,
}

impl Rules {
    fn load(conn: &mut Conn) -> Result<Self, bauta_store::Error> {
        let rules = domain_rules::all(conn)?;
        let shown_to = settings::get(conn, SHOWN_TO)?;
        Ok(Self {
            by_domain: rules
                .into_iter()
                .map(|rule| (rule.domain.clone(), rule))
                .collect(),
            only_allowed: settings::get(conn, ONLY_ALLOWED)?.is_some_and(|value| value == "true"),
            shown_to: shown_to
                .and_then(|word| ShownTo::from_word(&word))
                .unwrap_or_default(),
        })
    }

    /// The rule of a host: its own, with or without its port, or that of the nearest domain above it.
    pub fn of(&self, host: &str) -> Option<&Rule> {
        let host = host.to_ascii_lowercase();
        if let Some(rule) = self.by_domain.get(&host) {
            return Some(rule);
        }
        let mut rest = host.split(':').next();
        while let Some(domain) = rest {
            if let Some(rule) = self.by_domain.get(domain) {
                return Some(rule);
            }
            rest = domain.split_once('.').map(|(_, above)| above);
        }
        None
    }

    /// True for a host from which nothing is taken and to which nothing is sent.
    pub fn refuses(&self, host: &str) -> bool {
        match self.of(host) {
            Some(rule) => rule.severity == Severity::Block,
            None => self.only_allowed,
        }
    }

    /// True for a host whose reports are not taken.
    pub fn rejects_reports(&self, host: &str) -> bool {
        self.of(host).is_some_and(|rule| rule.reject_reports)
    }

    /// True for a host whose pictures and other media are not taken.
    pub fn rejects_media(&self, host: &str) -> bool {
        self.refuses(host) || self.of(host).is_some_and(|rule| rule.reject_media)
    }

    /// The standing that accounts of a host have by its rule.
    pub fn standing(&self, host: &str) -> Standing {
        self.of(host)
            .map_or(Standing::Good, |rule| rule.severity.standing())
    }

    /// The rule that a domain has of its own.
    pub fn own(&self, domain: &str) -> Option<&Rule> {
        self.by_domain.get(domain)
    }

    /// True if a domain has a rule of its own.
    pub fn has(&self, domain: &str) -> bool {
        self.own(domain).is_some()
    }

    /// What moderators read about a domain; empty where nothing was said.
    pub fn private_comment(&self, domain: &str) -> String {
        let rule = self.own(domain);
        rule.map(|rule| rule.private_comment.clone()).unwrap_or_default()
    }

    /// Every rule, by domain.
    pub fn all(&self) -> Vec<&Rule> {
        let mut all: Vec<&Rule> = self.by_domain.values().collect();
        all.sort_by(|one, other| one.domain.cmp(&other.domain));
        all
    }
}

/// The rules as memory holds them, so that every delivery and every request can be held against them.
#[derive(Default)]
pub struct Domains(RwLock<Arc<Rules>>);

impl Domains {
    /// What is decided now.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.0.read())
    }

    fn put(&self, rules: Rules) {
        *self.0.write() = Arc::new(rules);
    }

    /// Reads the rules at the start.
    pub(crate) fn open(store: &Store) -> Result<Self, bauta_store::Error> {
        let domains = Self::default();
        domains.put(crate::at_start::read(store, "domain_rules", Rules::load)?);
        Ok(domains)
    }
}

/// A domain as rules hold it: lower case, in ASCII.
///
/// # Errors
/// [`Refused::Invalid`] for what is no domain, and for this server's own.
pub fn named(app: &App, text: &str) -> Result<String, Refused> {
    let wrong = || Refused::invalid("domain", format!("{text:?} is not the name of another server."));
    let handle = Handle::remote("x", text.trim().trim_end_matches('.')).map_err(|_| wrong())?;
    let host = handle.domain().ok_or_else(wrong)?;
    if host.starts_with(':') || domain_rules::is_under(&app.site.domain, host) {
        return Err(wrong());
    }
    Ok(host.to_owned())
}

/// A rule that says nothing but how far a server is kept away.
pub fn rule(app: &App, domain: String, severity: Severity) -> Rule {
    Rule {
        id: bauta_model::AccountId::random().get(),
        domain,
        severity,
        reject_media: false,
        reject_reports: false,
        obfuscate: false,
        public_comment: String::new(),
        private_comment: String::new(),
        month: app.clock.month(),
    }
}

/// The domain as those see it to whom rules are shown: whole, or with its middle hidden, as Mastodon does.
pub fn shown_name(rule: &Rule) -> String {
    if !rule.obfuscate {
        return rule.domain.clone();
    }
    let (length, seen) = (rule.domain.len(), rule.domain.len() / 4);
    let letters = rule.domain.chars().enumerate();
    letters
        .map(|(at, c)| {
            if c == '.' || at <= seen || at >= length - seen {
                c
            } else {
                '*'
            }
        })
        .collect()
}

/// SHA-256 of the domain in hexadecimal: who knows a name can tell whether it is meant.
pub fn digest(rule: &Rule) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, rule.domain.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::Month;

    fn rules(of: &[(&str, Severity)]) -> Rules {
        let rule = |domain: &str, severity| Rule {
            id: 1,
            domain: domain.to_owned(),
            severity,
            reject_media: false,
            reject_reports: false,
            obfuscate: false,
            public_comment: String::new(),
            private_comment: String::new(),
            month: Month::new(600),
        };
        Rules {
            by_domain: of
                .iter()
                .map(|(domain, severity)| ((*domain).to_owned(), rule(domain, *severity)))
                .collect(),
            ..Rules::default()
        }
    }

    #[test]
    fn a_hidden_name_keeps_its_ends_and_its_digest() {
        let rules = rules(&[("social.bad.example", Severity::Block)]);
        let mut rule = rules.all()[0].clone();
        assert_eq!(shown_name(&rule), "social.bad.example");
        rule.obfuscate = true;
        assert_eq!(shown_name(&rule), "socia*.***.***mple");
        assert_eq!(digest(&rule).len(), 64);
    }

    #[test]
    fn the_nearest_rule_counts_for_a_host() {
        let mut rules = rules(&[
            ("bad.example", Severity::Block),
            ("good.bad.example", Severity::Open),
            ("loud.example", Severity::Limit),
        ]);
        for host in ["bad.example", "A.BAD.example:8443", "x.y.bad.example"] {
            assert!(rules.refuses(host), "{host}");
        }
        for host in [
            "good.bad.example",
            "a.good.bad.example",
            "loud.example",
            "notbad.example",
            "example",
        ] {
            assert!(!rules.refuses(host), "{host}");
        }
        assert_eq!(rules.standing("a.loud.example"), Standing::Limited);
        rules.only_allowed = true;
        assert!(rules.refuses("notbad.example") && rules.refuses(""));
        assert!(!rules.refuses("loud.example") && !rules.refuses("good.bad.example"));
    }
}
