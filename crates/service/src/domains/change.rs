//! Changing rules. What a rule says about accounts, follows and deliveries is so at once, in the same write.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{AccountId, Standing};
use bauta_store::domain_rules::{self, Rule, Severity};
use bauta_store::{Conn, follows, settings};

use super::list::COMMENT_CHARS;
use super::{ONLY_ALLOWED, Rules, SHOWN_TO, ShownTo};
use crate::{App, Refused, remote_media, search};

/// What a change of rules did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Accounts that are known of these servers.
    pub accounts: usize,
    /// Follows and requests that end.
    pub severed: usize,
}

/// What taking a list in would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The rule as it would be.
    pub after: Rule,
    /// The rule as it is.
    pub before: Option<Rule>,
    /// What it would do.
    pub effect: Effect,
}

/// What `rules` would change, without changing anything. Those that are so already are left out.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; so for all below.
pub async fn plan(app: &App, rules: Vec<Rule>) -> Result<Vec<Planned>, Refused> {
    let now = app.domains.rules();
    app.store
        .read("plan_domain_rules", move |conn| {
            let mut planned = Vec::new();
            for after in rules {
                let before = now.by_domain.get(&after.domain).cloned();
                if before.as_ref().is_some_and(|before| is_so(before, &after)) {
                    continue;
                }
                let mut effect = Effect::default();
                for (account, _) in domain_rules::accounts_under(conn, &after.domain)? {
                    effect.accounts += 1;
                    if after.severity == Severity::Block {
                        effect.severed += domain_rules::ties(conn, account)?.len();
                    }
                }
                planned.push(Planned {
                    after,
                    before,
                    effect,
                });
            }
            Ok(planned)
        })
        .await
}

/// True if the rule that is there says the same.
fn is_so(before: &Rule, after: &Rule) -> bool {
    let same = Rule {
        id: before.id,
        month: before.month,
        ..after.clone()
    };
    *before == same
}

/// Makes or changes rules. Number and month of one that is there stay.
///
/// # Errors
/// [`Refused::Invalid`] for a comment that is too long.
pub async fn put(app: &App, mut rules: Vec<Rule>) -> Result<Effect, Refused> {
    for rule in &mut rules {
        for comment in [&mut rule.public_comment, &mut rule.private_comment] {
            *comment = bauta_text::clean_line(comment);
            if comment.chars().count() > COMMENT_CHARS {
                let why = format!("A comment has at most {COMMENT_CHARS} characters.");
                return Err(Refused::invalid("public_comment", why));
            }
        }
    }
    write(app, move |conn| {
        for rule in &rules {
            domain_rules::set(conn, rule)?;
        }
        Ok(rules.into_iter().map(|rule| rule.domain).collect())
    })
    .await
}

/// Takes the rule of a domain away. Follows that it ended do not come back.
///
/// # Errors
/// [`Refused::NotFound`] where there is none.
pub async fn remove(app: &App, domain: &str) -> Result<Effect, Refused> {
    let domain = domain.to_owned();
    write(app, move |conn| {
        if !domain_rules::remove(conn, &domain)? {
            return Err(Refused::NotFound);
        }
        Ok(vec![domain])
    })
    .await
}

/// Speaks only with servers that have a rule which is no block, or with all that have none that is. Ends no follow.
///
/// # Errors
/// As above.
pub async fn set_only_allowed(app: &App, on: bool) -> Result<(), Refused> {
    write(app, move |conn| {
        settings::set(conn, ONLY_ALLOWED, if on { "true" } else { "false" })?;
        Ok(Vec::new())
    })
    .await
    .map(|_| ())
}

/// Says who sees the rules.
///
/// # Errors
/// As above.
pub async fn set_shown_to(app: &App, shown_to: ShownTo) -> Result<(), Refused> {
    write(app, move |conn| {
        settings::set(conn, SHOWN_TO, shown_to.word())?;
        Ok(Vec::new())
    })
    .await
    .map(|_| ())
}

/// What a write changed, for memory.
struct Written {
    rules: Rules,
    standings: HashMap<AccountId, Standing>,
    severed: Vec<(AccountId, AccountId)>,
    /// Copies of media that are not taken any more.
    dropped: bauta_store::remote_media::Dropped,
}

/// Has `work` change rules, makes rows follow for the domains that it names, and tells memory.
async fn write<F>(app: &App, work: F) -> Result<Effect, Refused>
where
    F: FnOnce(&mut Conn) -> Result<Vec<String>, Refused> + Send + 'static,
{
    let (domains, accounts, timelines) = (
        Arc::clone(&app.domains),
        Arc::clone(&app.accounts),
        Arc::clone(&app.timelines),
    );
    let mut memory = remote_media::Memory::of(app);
    let written = app
        .store
        .write_then(
            "domain_rules",
            move |conn| {
                let touched = work(conn)?;
                let rules = Rules::load(conn)?;
                let mut written = Written {
                    rules,
                    standings: HashMap::new(),
                    severed: Vec::new(),
                    dropped: bauta_store::remote_media::Dropped::default(),
                };
                for domain in touched {
                    follow_suit(conn, &domain, &mut written)?;
                }
                let rules = &written.rules;
                domain_rules::drop_deliveries(conn, |host| rules.refuses(host))?;
                written.dropped = remote_media::follow_rules(conn, |host| rules.rejects_media(host))?;
                Ok::<_, Refused>(written)
            },
            move |written| {
                for (account, standing) in &written.standings {
                    timelines.set_standing(*account, *standing);
                    accounts.invalidate(*account);
                }
                for (follower, followee) in &written.severed {
                    timelines.unfollow(*follower, *followee);
                    accounts.invalidate(*follower);
                    accounts.invalidate(*followee);
                }
                domains.put(written.rules.clone());
                memory.tell(&mut written.dropped.clone());
            },
        )
        .await?;
    let rules = written.rules.clone();
    crate::link_previews::purge(app, move |host| rules.rejects_media(host)).await?;
    let rules = written.rules.clone();
    crate::remote_emojis::purge(app, move |host| rules.rejects_media(host)).await?;
    for account in written.standings.keys() {
        search::refresh_behind(app, *account);
    }
    Ok(Effect {
        accounts: written.standings.len(),
        severed: written.severed.len(),
    })
}

/// Makes the accounts under a domain stand as rules and moderators say, whichever is stricter, and ends what a block ends.
fn follow_suit(conn: &mut Conn, domain: &str, written: &mut Written) -> Result<(), Refused> {
    for (account, host) in domain_rules::accounts_under(conn, domain)? {
        let (own, ruled) = (
            domain_rules::own_standing(conn, account)?,
            written.rules.standing(&host),
        );
        let standing = if own.code() > ruled.code() { own } else { ruled };
        bauta_store::accounts::set_standing(conn, account, standing)?;
        written.standings.insert(account, standing);
        let rule = written.rules.of(&host);
        if rule.is_none_or(|rule| rule.severity != Severity::Block) {
            continue;
        }
        for (follower, followee) in domain_rules::ties(conn, account)? {
            follows::unfollow(conn, follower, followee)?;
            follows::withdraw(conn, follower, followee)?;
            written.severed.push((follower, followee));
        }
    }
    Ok(())
}
