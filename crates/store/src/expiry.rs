//! Posts that go by themselves: one whose author said when, and all of an author's that are older than they want.

use bauta_model::{AccountId, CoarseTime, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{expiry_rules, post_ends};
use crate::{Conn, Result, ids};

/// Which old posts stay all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spared {
    /// Those on the profile's top.
    pub pinned: bool,
    /// Those that their author likes.
    pub liked: bool,
    /// Those that their author saved.
    pub saved: bool,
    /// Polls.
    pub polls: bool,
}

impl Spared {
    fn bits(self) -> i32 {
        let all = [self.pinned, self.liked, self.saved, self.polls];
        all.iter().rev().fold(0, |bits, on| bits << 1 | i32::from(*on))
    }

    const fn of(bits: i32) -> Self {
        Self {
            pinned: bits & 1 != 0,
            liked: bits & 2 != 0,
            saved: bits & 4 != 0,
            polls: bits & 8 != 0,
        }
    }
}

/// How long an author's posts stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// So many days.
    pub days: u16,
    /// But for these.
    pub spared: Spared,
}

/// A post goes at `at`.
pub fn put(conn: &mut Conn, post: PostId, at: CoarseTime) -> Result<()> {
    on!(conn, c => diesel::insert_into(post_ends::table)
        .values((post_ends::post_id.eq(post.get()), post_ends::ends_slot.eq(at.unix_seconds())))
        .execute(c))?;
    Ok(())
}

/// When a post goes by itself.
pub fn of_post(conn: &mut Conn, post: PostId) -> Result<Option<CoarseTime>> {
    let slot: Option<i64> = on!(conn, c => post_ends::table
        .find(post.get())
        .select(post_ends::ends_slot)
        .first(c)
        .optional())?;
    Ok(slot.map(CoarseTime::from_unix_seconds))
}

/// Posts whose time has come, the earliest first.
pub fn due(conn: &mut Conn, most: i64) -> Result<Vec<PostId>> {
    let now = conn.now().unix_seconds();
    let found: Vec<i64> = on!(conn, c => post_ends::table
        .filter(post_ends::ends_slot.le(now))
        .order((post_ends::ends_slot, post_ends::post_id))
        .limit(most)
        .select(post_ends::post_id)
        .load(c))?;
    Ok(found.into_iter().map(PostId::new).collect())
}

/// How long the posts of `account` stay; nothing: for good.
pub fn rule(conn: &mut Conn, account: AccountId) -> Result<Option<Rule>> {
    let row: Option<(i32, i32)> = on!(conn, c => expiry_rules::table
        .find(account.get())
        .select((expiry_rules::days, expiry_rules::spared))
        .first(c)
        .optional())?;
    Ok(row.map(read))
}

fn read((days, spared): (i32, i32)) -> Rule {
    Rule {
        days: u16::try_from(days).unwrap_or(u16::MAX),
        spared: Spared::of(spared),
    }
}

/// Sets how long the posts of `account` stay, or that they do.
pub fn set_rule(conn: &mut Conn, account: AccountId, rule: Option<Rule>) -> Result<()> {
    let Some(rule) = rule else {
        on!(conn, c => diesel::delete(expiry_rules::table.find(account.get())).execute(c))?;
        return Ok(());
    };
    let row = (
        expiry_rules::days.eq(i32::from(rule.days)),
        expiry_rules::spared.eq(rule.spared.bits()),
    );
    on!(conn, c => diesel::insert_into(expiry_rules::table)
        .values((expiry_rules::account_id.eq(account.get()), row))
        .on_conflict(expiry_rules::account_id)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// Every author whose old posts go.
pub fn rules(conn: &mut Conn) -> Result<Vec<(AccountId, Rule)>> {
    let rows: Vec<(i64, i32, i32)> = on!(conn, c => expiry_rules::table
        .order(expiry_rules::account_id)
        .select((expiry_rules::account_id, expiry_rules::days, expiry_rules::spared))
        .load(c))?;
    let all = rows.into_iter();
    Ok(all
        .map(|(account, days, spared)| (AccountId::new(account), read((days, spared))))
        .collect())
}

/// Posts and boosts of ?1 below the id ?2, but for those that the bits of ?3 spare: the oldest ?4.
const OLD: &str = "SELECT p.id AS id FROM posts p WHERE p.author_id = ?1 AND p.id < ?2 \
     AND ((?3 & 1) = 0 OR NOT p.pinned) \
     AND ((?3 & 2) = 0 OR NOT EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = ?1 AND f.post_id = p.id)) \
     AND ((?3 & 4) = 0 OR NOT EXISTS (SELECT 1 FROM bookmarks b WHERE b.account_id = ?1 AND b.post_id = p.id)) \
     AND ((?3 & 8) = 0 OR NOT EXISTS (SELECT 1 FROM polls q WHERE q.post_id = p.id)) \
     ORDER BY p.id LIMIT ?4";

/// The oldest posts of `account` that its rule lets go, boosts too.
pub fn old(conn: &mut Conn, account: AccountId, rule: Rule, most: i64) -> Result<Vec<PostId>> {
    let until = conn.now().unix_seconds() - i64::from(rule.days) * 24 * 3600;
    let below = PostId::first_of(CoarseTime::from_unix_seconds(until));
    let spared = i64::from(rule.spared.bits());
    let found = ids::select(conn, OLD, &[account.get(), below.get(), spared, most], None)?;
    Ok(found.into_iter().map(PostId::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, arrange, on_both, people, post, publish};
    use bauta_model::Visibility;
    use std::time::Duration;

    const ME: AccountId = AccountId::new(1);
    const ALL: Spared = Spared {
        pinned: true,
        liked: true,
        saved: true,
        polls: true,
    };

    fn rule_of(days: u16, spared: Spared) -> Rule {
        Rule { days, spared }
    }

    /// A post of so many days ago.
    fn ago(conn: &mut Conn, days: i64, author: i64) -> PostId {
        let then = CoarseTime::from_unix_seconds(NOW.unix_seconds() - days * 24 * 3600);
        let id = PostId::first_of(then).get() + author;
        publish(conn, &post(id, author, Visibility::Public));
        PostId::new(id)
    }

    #[test]
    fn a_post_goes_at_its_time_and_takes_its_end_along() {
        on_both(|conn| {
            people(conn, 1);
            let (first, second) = (ago(conn, 2, 1), ago(conn, 1, 1));
            let later = NOW.plus(Duration::from_hours(1));
            put(conn, first, later).unwrap();
            put(conn, second, NOW).unwrap();
            assert_eq!(due(conn, 10).unwrap(), [second]);
            assert_eq!(of_post(conn, first).unwrap(), Some(later));
            arrange(conn, &format!("DELETE FROM posts WHERE id = {second}"));
            assert_eq!(due(conn, 10).unwrap(), []);
        });
    }

    #[test]
    fn what_is_old_goes_but_for_what_is_spared_and_what_is_others() {
        on_both(|conn| {
            people(conn, 2);
            let old: Vec<PostId> = [40, 39, 38, 37, 36].map(|days| ago(conn, days, 1)).to_vec();
            let young = ago(conn, 29, 1);
            ago(conn, 35, 2);
            arrange(
                conn,
                &format!(
                    "UPDATE posts SET pinned = TRUE WHERE id = {};
                     INSERT INTO favourites (account_id, post_id) VALUES (1, {}), (2, {});
                     INSERT INTO bookmarks (account_id, post_id) VALUES (1, {});
                     INSERT INTO polls (post_id, multiple, hide_totals, expires_slot, voters_count, told)
                     VALUES ({}, FALSE, FALSE, 0, 0, TRUE);",
                    old[0], old[1], old[4], old[2], old[3]
                ),
            );
            assert_eq!(old_of(conn, rule_of(30, Spared::default())), old);
            assert_eq!(old_of(conn, rule_of(30, ALL)), [old[4]]);
            let each = [
                Spared { pinned: false, ..ALL },
                Spared { liked: false, ..ALL },
                Spared { saved: false, ..ALL },
                Spared { polls: false, ..ALL },
            ];
            for (at, spared) in each.into_iter().enumerate() {
                assert_eq!(old_of(conn, rule_of(30, spared)), [old[at], old[4]]);
            }
            assert!(old_of(conn, rule_of(1, Spared::default())).contains(&young));
            assert_eq!(super::old(conn, ME, rule_of(30, ALL), 0).unwrap(), []);
        });
    }

    fn old_of(conn: &mut Conn, rule: Rule) -> Vec<PostId> {
        old(conn, ME, rule, 10).unwrap()
    }

    #[test]
    fn a_rule_is_set_changed_and_taken_away() {
        on_both(|conn| {
            people(conn, 2);
            assert_eq!(rule(conn, ME).unwrap(), None);
            let liked = Spared {
                liked: true,
                ..Spared::default()
            };
            for wanted in [rule_of(7, ALL), rule_of(30, liked)] {
                set_rule(conn, ME, Some(wanted)).unwrap();
                assert_eq!(rule(conn, ME).unwrap(), Some(wanted));
            }
            assert_eq!(rules(conn).unwrap(), [(ME, rule_of(30, liked))]);
            set_rule(conn, ME, None).unwrap();
            assert_eq!(rules(conn).unwrap(), []);
        });
    }
}
