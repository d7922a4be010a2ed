//! Configuration: flags over environment (`BAUTA_…`) over a TOML file over defaults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bauta_ledger::log::KeyFolder;
use bauta_ledger::{LogError, Policy};
use bauta_service::{Contact, Limits, Registrations, Site, is_web_address};
use bauta_store::Where;
use serde::Deserialize;

use crate::cli::{RegistrationsArg, Settings};
use crate::config_bucket::{self, BUCKET_KEYS, BucketFile};
use crate::config_legal::{self, LEGAL_KEYS, LegalFile};
use crate::config_peers::{PEERS_KEYS, Peers, PeersFile};
use crate::config_tls::{self, TLS_KEYS, Tls, TlsFile};
use crate::failure::{Failure, Outcome};

/// Everything that was decided, by whoever decided it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Where the rows live.
    pub database: Where,
    /// HOST:PORT or unix:/PATH.
    pub listen: String,
    /// The server's settings that the rules need.
    pub site: Site,
    /// The length of a slot; shorter than a minute only on loopback.
    pub slot: Duration,
    /// Where the certificate comes from, where TLS ends here.
    pub tls: Option<Tls>,
    /// HOST:PORT that sends everybody to https.
    pub redirect: Option<String>,
    /// The onion service's socket and name.
    pub onion: Option<Onion>,
    /// A proxy stands in front.
    pub proxied: bool,
    /// The policy that names the witnesses of the public log.
    pub log: Option<LogFiles>,
    /// How other servers are met.
    pub peers: Peers,
    /// The bucket that media are carried to.
    pub bucket: Option<BucketFile>,
    /// Apps may be woken through push services, where their people want it.
    pub push: bool,
    /// Somebody said what the server is called; else its name is where it listens.
    pub named: bool,
    /// It does not start where a protection is missing.
    pub strict: bool,
}

/// The public log's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFiles {
    /// A tlog-policy: its witnesses with their addresses, and the quorum.
    pub policy: PathBuf,
}

/// The onion service's socket and name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Onion {
    /// The unix socket that Tor connects to.
    pub socket: PathBuf,
    /// The name, `….onion`.
    pub host: String,
}

/// Keys of the file, as docs/configuration.md lists them.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    domain: Option<String>,
    registrations: Option<RegistrationsArg>,
    let_in_a_day: Option<u32>,
    title: Option<String>,
    description: Option<String>,
    about: Option<String>,
    rules: Option<Vec<String>>,
    contact: Option<String>,
    pub(crate) legal: Option<LegalFile>,
    source: Option<String>,
    post_chars: Option<usize>,
    rate_limits: Option<bool>,
    proxied: Option<bool>,
    redirect: Option<String>,
    tls: Option<TlsFile>,
    onion: Option<Onion>,
    log: Option<LogFiles>,
    strict: Option<bool>,
    ffmpeg: Option<String>,
    push: Option<bool>,
    bucket: Option<BucketFile>,
    #[serde(default)]
    peers: PeersFile,
}

/// Every key of the file.
const KEYS: &[&str] = &[
    "data",
    "database",
    "listen",
    "domain",
    "registrations",
    "let_in_a_day",
    "title",
    "description",
    "about",
    "rules",
    "contact",
    "legal",
    "source",
    "post_chars",
    "rate_limits",
    "proxied",
    "redirect",
    "tls",
    "onion",
    "log",
    "peers",
    "strict",
    "ffmpeg",
    "push",
    "bucket",
];
const LOG_KEYS: &[&str] = &["policy"];
const ONION_KEYS: &[&str] = &["socket", "host"];

/// Every variable of the environment.
const VARIABLES: &[&str] = &[
    "BAUTA_CONFIG",
    "BAUTA_DATA",
    "BAUTA_DATABASE",
    "BAUTA_LISTEN",
    "BAUTA_DOMAIN",
    "BAUTA_REGISTRATIONS",
    "BAUTA_RATE_LIMITS",
    "BAUTA_SLOT",
    "BAUTA_PEERS",
    "BAUTA_STRICT",
    "BAUTA_FFMPEG",
    "BAUTA_PUSH",
    crate::keys::VARIABLE,
];

impl Config {
    /// Reads everything and merges it.
    pub fn load(settings: &Settings) -> Outcome<Self> {
        check_environment(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
        let file = settings
            .config
            .as_deref()
            .map(read_file)
            .transpose()?
            .unwrap_or_default();
        Self::merge(settings, file, |name| std::env::var(name).ok())
    }

    fn merge(settings: &Settings, file: File, variable: impl Fn(&str) -> Option<String>) -> Outcome<Self> {
        let data = settings
            .data
            .clone()
            .or(file.data)
            .unwrap_or_else(|| "bauta-data".into());
        let database = match settings.database.clone().or(file.database) {
            None => Where::embedded(&data),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Where::Postgres(url)
            }
            Some(_) => {
                return Err(Failure::new(
                    "the database is not a postgres:// URL; leave it out for SQLite",
                ));
            }
        };
        let listen = settings
            .listen
            .clone()
            .or(file.listen)
            .unwrap_or_else(|| "127.0.0.1:8080".into());
        let listen = with_a_port(listen)?;
        let named = settings.domain.clone().or(file.domain);
        let is_named = named.is_some();
        let domain = named.unwrap_or_else(|| default_domain(&listen));
        let registrations = match settings.registrations.or(file.registrations) {
            None | Some(RegistrationsArg::Invite) => Registrations::Invite,
            Some(RegistrationsArg::Open) => Registrations::Open,
            Some(RegistrationsArg::Approval) => Registrations::Approval,
            Some(RegistrationsArg::Closed) => Registrations::Closed,
        };
        let mut site = Site::new(&checked_domain(&domain)?, registrations);
        site.let_in_a_day = checked_a_day(file.let_in_a_day)?;
        site.title = file.title.unwrap_or(site.title);
        site.description = file.description.unwrap_or(site.description);
        site.about = file.about.unwrap_or_default();
        site.rules = checked_rules(file.rules.unwrap_or_default())?;
        site.contact = file.contact.as_deref().map(checked_contact).transpose()?;
        site.legal = config_legal::read(file.legal.unwrap_or_default())?;
        site.source = file.source.map(checked_source).transpose()?;
        site.limits = Limits {
            post_chars: checked_chars(file.post_chars)?,
            ..site.limits
        };
        site.rate_limits =
            file.rate_limits.unwrap_or(true) && variable("BAUTA_RATE_LIMITS").as_deref() != Some("off");
        if !site.rate_limits && !site.is_loopback() {
            return Err(Failure::new(
                "rate limits can be switched off only for a loopback domain",
            ));
        }
        let wanted = variable("BAUTA_FFMPEG").or(file.ffmpeg);
        site.ffmpeg = ffmpeg(wanted.as_deref(), variable("PATH").as_deref())?;
        site.onion = file.onion.as_ref().map(|onion| onion.host.clone());
        let tls = file
            .tls
            .map(|tls| config_tls::read(tls, &data, &site))
            .transpose()?;
        if tls.is_some() {
            // A loopback name is reached in the clear otherwise.
            site.base_url = format!("https://{}", site.domain);
        }
        let peers = Peers::of(file.peers, variable("BAUTA_PEERS").as_deref(), &site)?;
        site.previews = peers.previews();
        let slot = slot(variable("BAUTA_SLOT").as_deref(), &site)?;
        #[cfg(feature = "weaken")]
        let slot = crate::weaken::slot(slot);
        Ok(Self {
            data,
            database,
            listen,
            site,
            slot,
            tls,
            redirect: file.redirect,
            onion: file.onion,
            proxied: file.proxied.unwrap_or(false),
            log: file.log,
            peers,
            bucket: config_bucket::checked(file.bucket)?,
            push: variable("BAUTA_PUSH").map_or(file.push.unwrap_or(false), |wanted| wanted == "on"),
            named: is_named,
            strict: settings.strict || file.strict.unwrap_or(false),
        })
    }

    /// The folder of the public log's keys.
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The name that the public log has for ever; nothing before it has a key or a leaf.
    pub fn log_name(&self) -> Outcome<Option<String>> {
        KeyFolder::open(&self.keys(), &self.log_folder())
            .map_err(LogError::from)
            .and_then(|keys| keys.log_name())
            .map_err(|error| Failure::new(error.to_string()))
    }

    /// The name of the public log: for ever that under which its first key was made.
    pub fn log_origin(&self) -> Outcome<String> {
        let named = self.log_name()?;
        Ok(named.unwrap_or_else(|| format!("{}/log", self.site.domain)))
    }

    /// Where the public log lies.
    pub fn log_folder(&self) -> PathBuf {
        self.data.join("log")
    }

    /// The witnesses of the public log and their quorum; none where no policy is named.
    pub fn log_policy(&self) -> Outcome<Policy> {
        let Some(LogFiles { policy }) = &self.log else {
            return Ok(Policy::of_logs([]));
        };
        let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", policy.display()));
        let bytes = std::fs::read(policy).map_err(|error| wrong(&error))?;
        Policy::parse(&bytes).map_err(|error| wrong(&error))
    }

    /// Where `bauta …` asks a running server.
    pub fn admin_socket(&self) -> PathBuf {
        self.data.join("admin.sock")
    }
}

/// Port 0 is chosen now, so that URLs can name it.
fn with_a_port(listen: String) -> Outcome<String> {
    let Some(host) = listen.strip_suffix(":0").filter(|_| !listen.starts_with("unix:")) else {
        return Ok(listen);
    };
    let found = std::net::TcpListener::bind(&listen).and_then(|listener| listener.local_addr());
    let port = found
        .map_err(|error| Failure::new(format!("{listen}: no port is free: {error}")))?
        .port();
    Ok(format!("{host}:{port}"))
}

/// The program for films and sounds: where `PATH` has it, at a place of its own, or `off`.
fn ffmpeg(wanted: Option<&str>, path: Option<&str>) -> Outcome<Option<PathBuf>> {
    let Some(wanted) = wanted else {
        return Ok(path.and_then(|path| bauta_media::find_ffmpeg(path.as_ref())));
    };
    if wanted == "off" {
        return Ok(None);
    }
    let place = Path::new(wanted);
    let found = place.is_absolute().then(|| place.canonicalize().ok()).flatten();
    found
        .filter(|place| place.is_file())
        .map(Some)
        .ok_or_else(|| Failure::new("ffmpeg: write the absolute path of the program, or \"off\""))
}

/// Characters of a rule, and how many rules there can be: apps show them in a list.
const RULE_CHARS: usize = 500;
const RULES: usize = 50;

fn checked_rules(rules: Vec<String>) -> Outcome<Vec<String>> {
    let rules: Vec<String> = rules.iter().map(|rule| rule.trim().to_owned()).collect();
    if rules.len() > RULES
        || rules
            .iter()
            .any(|rule| rule.is_empty() || rule.chars().count() > RULE_CHARS)
    {
        return Err(Failure::new(format!(
            "rules: at most {RULES} of them, each of 1 to {RULE_CHARS} characters"
        )));
    }
    Ok(rules)
}

pub(crate) fn checked_contact(text: &str) -> Outcome<Contact> {
    Contact::parse(text).ok_or_else(|| {
        Failure::new(
            "contact: write a mail address, or the https:// address of a page that tells how to reach you",
        )
    })
}

fn checked_source(text: String) -> Outcome<String> {
    if is_web_address(&text) {
        Ok(text)
    } else {
        Err(Failure::new(
            "source: write the https:// address of the source code of the program that runs here",
        ))
    }
}

fn checked_a_day(wanted: Option<u32>) -> Outcome<u32> {
    match wanted {
        None => Ok(0),
        Some(people) if people <= 1_000 => Ok(people),
        Some(_) => Err(Failure::new("let_in_a_day is not between 0 and 1000")),
    }
}

fn checked_chars(wanted: Option<usize>) -> Outcome<usize> {
    match wanted {
        None => Ok(Limits::default().post_chars),
        Some(chars) if (1..=50_000).contains(&chars) => Ok(chars),
        Some(_) => Err(Failure::new("post_chars is not between 1 and 50000")),
    }
}

/// The name under which a server that was given none is reached: its own port on localhost.
fn default_domain(listen: &str) -> String {
    match listen.rsplit_once(':') {
        Some((_, port)) if !listen.starts_with("unix:") => format!("localhost:{port}"),
        _ => "localhost:8080".to_owned(),
    }
}

fn checked_domain(domain: &str) -> Outcome<String> {
    let name = domain.to_ascii_lowercase();
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if name.is_empty() || name.len() > 253 || !plain || name.starts_with('.') || name.ends_with('.') {
        return Err(Failure::new(format!(
            "domain: {domain:?} is not a host name; write it as in example.org (punycode for other scripts)"
        )));
    }
    Ok(name)
}

/// `60s`, `1s`: whole seconds.
fn slot(text: Option<&str>, site: &Site) -> Outcome<Duration> {
    let Some(text) = text else {
        return Ok(bauta_model::Clock::SLOT);
    };
    let seconds = text
        .strip_suffix('s')
        .and_then(|number| number.parse::<u64>().ok())
        .filter(|s| *s >= 1);
    let Some(seconds) = seconds else {
        return Err(Failure::new("BAUTA_SLOT is not a number of seconds such as 1s"));
    };
    if seconds < 60 && !site.is_loopback() {
        return Err(Failure::new(
            "a slot shorter than a minute is only for a loopback domain",
        ));
    }
    Ok(Duration::from_secs(seconds))
}

fn read_file(path: &Path) -> Outcome<File> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} could not be read: {error}", path.display())))?;
    parse_file(&text).map_err(|failure| Failure::new(format!("{}: {failure}", path.display())))
}

pub(crate) fn parse_file(text: &str) -> Outcome<File> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| Failure::new(error.message()))?;
    check_keys(&table, "", KEYS)?;
    let sections = [
        ("tls", TLS_KEYS),
        ("onion", ONION_KEYS),
        ("legal", LEGAL_KEYS),
        ("log", LOG_KEYS),
        ("peers", PEERS_KEYS),
        ("bucket", BUCKET_KEYS),
    ];
    for (section, keys) in sections {
        if let Some(toml::Value::Table(inner)) = table.get(section) {
            check_keys(inner, section, keys)?;
        }
    }
    table
        .try_into()
        .map_err(|error: toml::de::Error| Failure::new(error.message()))
}

fn check_keys(table: &toml::Table, section: &str, known: &[&str]) -> Outcome<()> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let shown = if section.is_empty() {
                key.clone()
            } else {
                format!("{section}.{key}")
            };
            let near = nearest(key, known);
            Err(Failure::new(format!(
                "there is no setting {shown:?}; the nearest is {near:?}"
            )))
        }
    }
}

/// A variable that is nearly one of ours is a slip of the pen; others belong to somebody else.
fn check_environment(names: impl Iterator<Item = String>) -> Outcome<()> {
    for name in names.filter(|name| name.starts_with("BAUTA_") && !VARIABLES.contains(&name.as_str())) {
        let near = nearest(&name, VARIABLES);
        if distance(&name, near) <= 3 {
            return Err(Failure::new(format!(
                "there is no variable {name}; the nearest is {near}"
            )));
        }
    }
    Ok(())
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> &'a str {
    known
        .iter()
        .min_by_key(|candidate| distance(word, candidate))
        .copied()
        .unwrap_or_default()
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(settings: &Settings, file: &str, env: &[(&str, &str)]) -> Outcome<Config> {
        Config::merge(settings, parse_file(file)?, |name| {
            env.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_configured_is_a_server_on_loopback() {
        let config = merged(&Settings::default(), "", &[]).unwrap();
        assert_eq!(config.listen, "127.0.0.1:8080");
        assert_eq!(config.site.base_url, "http://localhost:8080");
        assert_eq!(config.database, Where::Sqlite("bauta-data/bauta.sqlite".into()));
        assert_eq!(config.site.registrations, Registrations::Invite);
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let settings = Settings {
            domain: Some("flag.example".into()),
            ..Settings::default()
        };
        let config = merged(&settings, "domain = 'file.example'\ntitle = 'Ours'", &[]).unwrap();
        assert_eq!(config.site.base_url, "https://flag.example");
        assert_eq!(config.site.title, "Ours");
    }

    #[test]
    fn an_unknown_key_names_its_neighbour() {
        let failure = merged(&Settings::default(), "registration = 'open'", &[]).unwrap_err();
        assert_eq!(
            failure.0,
            "there is no setting \"registration\"; the nearest is \"registrations\""
        );
        let failure = merged(&Settings::default(), "[tls]\ncertficate = 'a'", &[]).unwrap_err();
        assert!(
            failure
                .0
                .contains("\"tls.certficate\"; the nearest is \"certificate\""),
            "{failure}"
        );
        let failure = check_environment(["BAUTA_REGISTRATION".to_owned()].into_iter()).unwrap_err();
        assert!(failure.0.ends_with("BAUTA_REGISTRATIONS"));
        assert!(check_environment(["BAUTA_KILLS".to_owned(), "HOME".to_owned()].into_iter()).is_ok());
    }

    #[test]
    fn protections_come_off_only_on_loopback() {
        let public = Settings {
            domain: Some("bauta.example".into()),
            ..Settings::default()
        };
        assert!(merged(&public, "", &[("BAUTA_RATE_LIMITS", "off")]).is_err());
        assert!(merged(&public, "", &[("BAUTA_SLOT", "1s")]).is_err());
        let local = merged(
            &Settings::default(),
            "",
            &[("BAUTA_SLOT", "1s"), ("BAUTA_RATE_LIMITS", "off")],
        )
        .unwrap();
        assert_eq!(local.slot, Duration::from_secs(1));
        assert!(!local.site.rate_limits);
    }

    #[test]
    fn who_runs_it_is_said_in_ways_that_pages_can_show() {
        let config = merged(
            &Settings::default(),
            "about = 'A union.'\nrules = ['No insults.']\ncontact = 'desk@union.example'\nsource = 'https://code.example/x'",
            &[],
        )
        .unwrap();
        assert_eq!(config.site.rules, ["No insults."]);
        assert_eq!(config.site.contact.unwrap().uri(), "mailto:desk@union.example");
        for wrong in [
            "rules = ['']".to_owned(),
            format!("rules = ['{}']", "x".repeat(501)),
            "contact = 'javascript:1'".to_owned(),
            "source = 'file:///x'".to_owned(),
        ] {
            assert!(merged(&Settings::default(), &wrong, &[]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for domain in ["", "a b", "http://x", "x/y", ".x", "x."] {
            let settings = Settings {
                domain: Some(domain.into()),
                ..Settings::default()
            };
            assert!(merged(&settings, "", &[]).is_err(), "{domain:?}");
        }
    }
}
