//! What the operator asks about other servers, and how it is done.

use bauta_service::domains::{self, How, Planned, Rule, ShownTo};
use bauta_service::{App, deliveries, remote_media};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};

/// Something about other servers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Peers {
    /// Every rule.
    List,
    /// Makes or changes a rule.
    Put(Wish),
    /// Takes one away.
    Remove {
        /// Whose.
        domain: String,
    },
    /// Looks at a list, or takes it in.
    Import {
        /// The file's text.
        csv: String,
        /// Takes it in.
        apply: bool,
    },
    /// The rules as a list.
    Export,
    /// Allow-list mode.
    OnlyAllowed {
        /// On.
        on: bool,
    },
    /// Who sees the rules.
    ShowTo {
        /// [`ShownTo::word`].
        whom: String,
    },
    /// What waits.
    Queue,
    /// Tries what waits for a host now.
    Retry {
        /// Host and port.
        host: String,
    },
    /// Deletes copies of media.
    PurgeMedia {
        /// Whose.
        domain: String,
    },
    /// Drops what waits for a host.
    Drop {
        /// Host and port.
        host: String,
    },
}

/// A rule as it is asked for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Wish {
    /// Whose.
    pub domain: String,
    /// [`How::as_api`].
    pub severity: String,
    /// For those to whom rules are shown.
    pub public_comment: String,
    /// For moderators.
    pub private_comment: String,
    /// Shown in part.
    pub obfuscate: bool,
    /// No media.
    pub reject_media: bool,
    /// No reports.
    pub reject_reports: bool,
}

/// Does what was asked.
pub async fn handle(app: &App, asked: Peers) -> Outcome<Value> {
    match asked {
        Peers::List => {
            let rules = app.domains.rules();
            Ok(json!({
                "mode": if rules.only_allowed { "allow-list" } else { "open" },
                "shown_to": rules.shown_to.word(),
                "rules": rules.all().into_iter().map(shown).collect::<Vec<_>>(),
            }))
        }
        Peers::Put(wish) => {
            let rule = rule(app, wish)?;
            let effect = domains::put(app, vec![rule]).await?;
            Ok(json!({"accounts": effect.accounts, "severed": effect.severed}))
        }
        Peers::Remove { domain } => {
            let effect = domains::remove(app, &domains::named(app, &domain)?).await?;
            Ok(json!({"accounts": effect.accounts, "severed": 0}))
        }
        Peers::Import { csv, apply } => import(app, &csv, apply).await,
        Peers::Export => Ok(json!(domains::write(app.domains.rules().all()))),
        Peers::OnlyAllowed { on } => {
            domains::set_only_allowed(app, on).await?;
            Ok(json!({"mode": if on { "allow-list" } else { "open" }}))
        }
        Peers::ShowTo { whom } => {
            let shown_to =
                ShownTo::from_word(&whom).ok_or_else(|| Failure::new("there is nobody like that"))?;
            domains::set_shown_to(app, shown_to).await?;
            Ok(json!({"shown_to": whom}))
        }
        Peers::Queue => Ok(waiting(&deliveries::look(app).await?)),
        Peers::Retry { host } => Ok(json!({"deliveries": deliveries::retry(app, &host).await?})),
        Peers::PurgeMedia { domain } => Ok(json!({"copies": remote_media::purge_host(app, &domain).await?})),
        Peers::Drop { host } => Ok(json!({"deliveries": deliveries::drop_host(app, &host).await?})),
    }
}

fn rule(app: &App, wish: Wish) -> Outcome<Rule> {
    let domain = domains::named(app, &wish.domain)?;
    let private_comment = match wish.private_comment {
        // What was said before stays.
        nothing if nothing.is_empty() => app.domains.rules().private_comment(&domain),
        said => said,
    };
    Ok(Rule {
        id: bauta_model::AccountId::random().get(),
        domain,
        severity: How::from_api(&wish.severity).ok_or_else(|| Failure::new("there is no such rule"))?,
        reject_media: wish.reject_media,
        reject_reports: wish.reject_reports,
        obfuscate: wish.obfuscate,
        public_comment: wish.public_comment,
        private_comment,
        month: app.clock.month(),
    })
}

async fn import(app: &App, csv: &str, apply: bool) -> Outcome<Value> {
    let (rules, bad) = domains::read(app, csv);
    let planned = domains::plan(app, rules).await?;
    let mut answer = json!({
        "applied": apply,
        "changes": planned.iter().map(change).collect::<Vec<_>>(),
        "bad": bad.iter().map(|bad| json!({"line": bad.line, "why": bad.why})).collect::<Vec<_>>(),
    });
    if apply {
        let rules = planned.into_iter().map(|planned| planned.after).collect();
        let effect = domains::put(app, rules).await?;
        answer["severed"] = json!(effect.severed);
    }
    Ok(answer)
}

fn change(planned: &Planned) -> Value {
    json!({
        "domain": planned.after.domain,
        "before": planned.before.as_ref().map(|before| before.severity.as_api()),
        "after": planned.after.severity.as_api(),
        "accounts": planned.effect.accounts,
        "severed": planned.effect.severed,
    })
}

fn shown(rule: &Rule) -> Value {
    json!({
        "domain": rule.domain,
        "severity": rule.severity.as_api(),
        "reject_media": rule.reject_media,
        "reject_reports": rule.reject_reports,
        "obfuscate": rule.obfuscate,
        "public_comment": rule.public_comment,
        "private_comment": rule.private_comment,
    })
}

fn day(day: bauta_model::Day) -> String {
    let (year, month, day) = day.civil();
    format!("{year:04}-{month:02}-{day:02}")
}

fn waiting(found: &deliveries::Queue) -> Value {
    let waiting = found.waiting.iter().map(|of| {
        json!({
            "host": of.host, "deliveries": of.deliveries, "attempts": of.attempts,
            "since": of.since.rfc3339(), "next": of.next.rfc3339(),
        })
    });
    let given_up = found
        .given_up
        .iter()
        .map(|of| json!({"host": of.host, "deliveries": of.deliveries, "last": day(of.last)}));
    json!({
        "deliveries": found.waiting.iter().map(|of| of.deliveries).sum::<i64>(),
        "waiting": waiting.collect::<Vec<_>>(),
        "given_up": given_up.collect::<Vec<_>>(),
    })
}
