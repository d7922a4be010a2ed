//! What the operator decided about other servers, and what a block cuts at once.

use bauta_model::{AccountId, Month, Standing};
use diesel::prelude::*;

use crate::conn::on;
use crate::moderation::{self, Decision};
use crate::schema::{
    accounts, activities, deliveries, domain_rules, follow_requests, follows, remote_accounts,
};
use crate::{Conn, Error, Result};

/// How far a server is kept away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Not at all; in allow-list mode such a rule lets the server in.
    Open,
    /// Its accounts are out of public lists and strangers' notifications.
    Limit,
    /// Nothing is taken from it nor sent to it.
    Block,
}

impl Severity {
    const ALL: [Self; 3] = [Self::Open, Self::Limit, Self::Block];

    /// As Mastodon calls it.
    pub const fn as_api(self) -> &'static str {
        match self {
            Self::Open => "noop",
            Self::Limit => "silence",
            Self::Block => "suspend",
        }
    }

    /// Reads what [`Severity::as_api`] says.
    pub fn from_api(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_api() == word)
    }

    /// The standing of accounts about which nobody decided otherwise.
    pub const fn standing(self) -> Standing {
        match self {
            Self::Open => Standing::Good,
            Self::Limit => Standing::Limited,
            Self::Block => Standing::Suspended,
        }
    }
}

/// What was decided about a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A random number, by which apps name it.
    pub id: i64,
    /// Lower case, in ASCII; with a port, if it is for that port alone.
    pub domain: String,
    /// How far it is kept away.
    pub severity: Severity,
    /// Its pictures and other media are not taken.
    pub reject_media: bool,
    /// Its reports are not taken.
    pub reject_reports: bool,
    /// The name is shown in part only.
    pub obfuscate: bool,
    /// Why, for those to whom rules are shown.
    pub public_comment: String,
    /// Why, for moderators.
    pub private_comment: String,
    /// When it was made.
    pub month: Month,
}

type Row = (String, i64, i16, bool, bool, bool, String, String, i32);

/// Every rule, by domain.
pub fn all(conn: &mut Conn) -> Result<Vec<Rule>> {
    let rows: Vec<Row> = on!(conn, c => domain_rules::table.order(domain_rules::domain).load(c))?;
    rows.into_iter().map(rule).collect()
}

fn rule(row: Row) -> Result<Rule> {
    let (
        domain,
        id,
        severity,
        reject_media,
        reject_reports,
        obfuscate,
        public_comment,
        private_comment,
        month,
    ) = row;
    Ok(Rule {
        id,
        domain,
        severity: Severity::ALL
            .into_iter()
            .find(|known| *known as i16 == severity)
            .ok_or(Error::Unknown("domain_rules.severity"))?,
        reject_media,
        reject_reports,
        obfuscate,
        public_comment,
        private_comment,
        month: Month::new(month),
    })
}

/// Sets the rule of a domain. Number and month of one that was there stay.
pub fn set(conn: &mut Conn, rule: &Rule) -> Result<()> {
    let told = (
        domain_rules::severity.eq(rule.severity as i16),
        domain_rules::reject_media.eq(rule.reject_media),
        domain_rules::reject_reports.eq(rule.reject_reports),
        domain_rules::obfuscate.eq(rule.obfuscate),
        domain_rules::public_comment.eq(&rule.public_comment),
        domain_rules::private_comment.eq(&rule.private_comment),
    );
    on!(conn, c => diesel::insert_into(domain_rules::table)
        .values((
            domain_rules::domain.eq(&rule.domain),
            domain_rules::id.eq(rule.id),
            domain_rules::month.eq(rule.month.get()),
            told,
        ))
        .on_conflict(domain_rules::domain)
        .do_update()
        .set(told)
        .execute(c))?;
    Ok(())
}

/// Takes the rule of a domain away. False if there is none.
pub fn remove(conn: &mut Conn, domain: &str) -> Result<bool> {
    let gone = on!(conn, c => diesel::delete(domain_rules::table.find(domain)).execute(c))?;
    Ok(gone > 0)
}

/// Accounts whose actor or handle is of `domain` or one under it, with the host of the actor or of the handle that is.
pub fn accounts_under(conn: &mut Conn, domain: &str) -> Result<Vec<(AccountId, String)>> {
    let rows: Vec<(i64, String, String)> = on!(conn, c => remote_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(remote_accounts::account_id)))
        .filter(remote_accounts::domain.like(format!("%{domain}%")).or(accounts::handle.like(format!("%{domain}%"))))
        .select((remote_accounts::account_id, remote_accounts::domain, accounts::handle))
        .load(c))?;
    let found = rows.into_iter().filter_map(|(id, host, handle)| {
        let named = handle.split_once('@').map_or("", |(_, named)| named);
        let host = [host.as_str(), named]
            .into_iter()
            .find(|host| is_under(host, domain))?;
        Some((AccountId::new(id), host.to_owned()))
    });
    Ok(found.collect())
}

/// True for `domain` and those under it. The port does not matter, unless the domain is written with one.
pub fn is_under(host: &str, domain: &str) -> bool {
    let host = if domain.contains(':') {
        host
    } else {
        host.split(':').next().unwrap_or_default()
    };
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// What moderators decided about an account itself, whatever is decided about its server.
pub fn own_standing(conn: &mut Conn, account: AccountId) -> Result<Standing> {
    let decided = moderation::about(conn, account, i64::MAX)?;
    let last = decided.into_iter().find_map(|action| match action.decision {
        Decision::Limit => Some(Standing::Limited),
        Decision::Suspend => Some(Standing::Suspended),
        Decision::Unlimit | Decision::Unsuspend => Some(Standing::Good),
        _ => None,
    });
    Ok(last.unwrap_or(Standing::Good))
}

/// Follows and requests, either way, of an account: (who follows, who is followed).
pub fn ties(conn: &mut Conn, account: AccountId) -> Result<Vec<(AccountId, AccountId)>> {
    let id = account.get();
    let mut pairs: Vec<(i64, i64)> = on!(conn, c => follows::table
        .filter(follows::follower_id.eq(id).or(follows::followee_id.eq(id)))
        .select((follows::follower_id, follows::followee_id))
        .load(c))?;
    let asked: Vec<(i64, i64)> = on!(conn, c => follow_requests::table
        .filter(follow_requests::follower_id.eq(id).or(follow_requests::followee_id.eq(id)))
        .select((follow_requests::follower_id, follow_requests::followee_id))
        .load(c))?;
    pairs.extend(asked);
    Ok(pairs
        .into_iter()
        .map(|(follower, followee)| (AccountId::new(follower), AccountId::new(followee)))
        .collect())
}

/// Drops every delivery to an inbox whose host `refused` names, and activities that have nowhere left to go. Says how
/// many deliveries.
pub fn drop_deliveries(conn: &mut Conn, refused: impl Fn(&str) -> bool) -> Result<usize> {
    let inboxes: Vec<String> =
        on!(conn, c => deliveries::table.select(deliveries::inbox).distinct().load(c))?;
    let mut dropped = 0;
    for inbox in inboxes.iter().filter(|inbox| refused(host_of(inbox))) {
        dropped +=
            on!(conn, c => diesel::delete(deliveries::table.filter(deliveries::inbox.eq(inbox))).execute(c))?;
    }
    if dropped > 0 {
        on!(conn, c => diesel::delete(activities::table
            .filter(diesel::dsl::not(activities::id.eq_any(deliveries::table.select(deliveries::activity_id)))))
            .execute(c))?;
        conn.purge_after_commit();
    }
    Ok(dropped)
}

/// Host and port of an inbox.
pub fn host_of(inbox: &str) -> &str {
    let rest = inbox.split_once("://").map_or(inbox, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_holds_for_those_under_it_and_no_others() {
        for host in [
            "bad.example",
            "bad.example:8443",
            "a.bad.example",
            "a.b.bad.example:1",
        ] {
            assert!(is_under(host, "bad.example"), "{host}");
        }
        for host in ["notbad.example", "bad.example.org", "example", ""] {
            assert!(!is_under(host, "bad.example"), "{host}");
        }
        assert!(is_under("localhost:1", "localhost:1") && !is_under("localhost:2", "localhost:1"));
        assert_eq!(host_of("https://a.example:444/inbox/x"), "a.example:444");
    }
}
