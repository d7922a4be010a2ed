//! A rule about one server. A block first says what it ends, and asks again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bauta_model::counted;
use bauta_service::domains::{self, Effect, How, Rule};
use bauta_service::{App, Refused};
use serde::Deserialize;

use super::{operator, saved};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::frame::{Frame, Here, page};
use crate::pages::speaking::Mistake;
use crate::visitor::Visitor;
use crate::words_servers::{EN, Words};

/// What is decided, as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fields {
    domain: String,
    /// [`How::as_api`].
    severity: String,
    reject_media: String,
    reject_reports: String,
    obfuscate: String,
    public_comment: String,
    private_comment: String,
    /// The rule goes.
    remove: String,
    /// What a block ends was shown.
    sure: String,
}

impl Fields {
    fn of(rule: &Rule) -> Self {
        let tick = |on: bool| if on { "yes" } else { "" }.to_owned();
        Self {
            domain: rule.domain.clone(),
            severity: rule.severity.as_api().to_owned(),
            reject_media: tick(rule.reject_media),
            reject_reports: tick(rule.reject_reports),
            obfuscate: tick(rule.obfuscate),
            public_comment: rule.public_comment.clone(),
            private_comment: rule.private_comment.clone(),
            ..Self::default()
        }
    }

    fn rule(&self, app: &App) -> Result<Rule, Refused> {
        let domain = domains::named(app, &self.domain)?;
        let severity =
            How::from_api(&self.severity).ok_or_else(|| Refused::invalid("severity", EN.wrong_severity))?;
        Ok(Rule {
            reject_media: !self.reject_media.is_empty(),
            reject_reports: !self.reject_reports.is_empty(),
            obfuscate: !self.obfuscate.is_empty(),
            public_comment: self.public_comment.clone(),
            private_comment: self.private_comment.clone(),
            ..domains::rule(app, domain, severity)
        })
    }
}

/// What can be decided: its code, its name, what it means.
const SEVERITIES: [(How, &str, &str); 3] = [
    (How::Limit, EN.severity_limit, EN.severity_limit_hint),
    (How::Block, EN.severity_block, EN.severity_block_hint),
    (How::Open, EN.severity_open, EN.severity_open_hint),
];

#[derive(Template)]
#[template(path = "care/server_rule.html")]
struct RulePage {
    frame: Frame,
    say: &'static Words,
    trouble: &'static str,
    mistake: Option<Mistake>,
    fields: Fields,
    /// The server has a rule: its name stands fast.
    known: bool,
    severities: [(How, &'static str, &'static str); 3],
    /// What a block would do, once it was asked for.
    effect: Option<String>,
}

impl RulePage {
    fn is_wrong(&self, id: &str) -> bool {
        Mistake::is_at(self.mistake.as_ref(), id)
    }
}

/// `GET /moderation/servers/rule`, with `domain` for a rule that is there
pub async fn ask(State(app): State<Arc<App>>, visitor: Visitor, ask: Ask) -> Response {
    let known = app.domains.rules().own(ask.text("domain")).map(Fields::of);
    let shown = show(&app, &visitor, known.unwrap_or_default(), None, None);
    error::answer(&app, &visitor, shown)
}

fn show(
    app: &App,
    visitor: &Visitor,
    fields: Fields,
    refused: Option<&Refused>,
    effect: Option<&Effect>,
) -> Result<Response, Refused> {
    operator(visitor)?;
    let known = app.domains.rules().has(&fields.domain);
    let title = if known {
        format!("{} {}", EN.rule, fields.domain)
    } else {
        EN.rule_new.to_owned()
    };
    let ids = [
        ("domain", "domain"),
        ("severity", "severity"),
        ("public_comment", "public_comment"),
    ];
    let shown = RulePage {
        frame: Frame::new(app, visitor, title, Here::Moderation),
        say: &EN,
        trouble: EN.rule_not,
        mistake: refused.map(|refused| Mistake::of(refused, &ids)),
        fields,
        known,
        severities: SEVERITIES,
        effect: effect.map(in_words),
    };
    Ok(page(refused.map_or(StatusCode::OK, error::status), &shown))
}

/// `3 accounts of it are known here, 1 follow ends`
pub fn in_words(effect: &Effect) -> String {
    format!(
        "{}, {}",
        counted(effect.accounts, EN.known_account, EN.known_accounts),
        counted(effect.severed, EN.follow_ends, EN.follows_end)
    )
}

/// `POST /moderation/servers/rule`
pub async fn send(State(app): State<Arc<App>>, Form(visitor, fields): Form<Fields>) -> Response {
    let sent = match decide(&app, &visitor, &fields).await {
        Ok(None) => Ok(saved()),
        Ok(Some(effect)) => show(&app, &visitor, fields, None, Some(&effect)),
        Err(refused @ (Refused::NotFound | Refused::NotSignedIn)) => Err(refused),
        Err(refused) => show(&app, &visitor, fields, Some(&refused), None),
    };
    error::answer(&app, &visitor, sent)
}

/// Decides, or gives what a block would do that nobody was sure of.
async fn decide(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Option<Effect>, Refused> {
    operator(visitor)?;
    if !fields.remove.is_empty() {
        domains::remove(app, &domains::named(app, &fields.domain)?).await?;
        return Ok(None);
    }
    let rule = fields.rule(app)?;
    if rule.severity == How::Block && fields.sure.is_empty() {
        let planned = domains::plan(app, vec![rule]).await?;
        return Ok(planned.into_iter().next().map(|planned| planned.effect));
    }
    domains::put(app, vec![rule]).await?;
    Ok(None)
}
