//! Many rows at once, for the crowd of a demo and of a benchmark.

use bauta_model::{Account, AccountId, Post, Visibility};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{accounts, follows};
use crate::{Conn, Result};

/// Makes accounts, each following `followee`, and counts the follows.
pub fn followers(conn: &mut Conn, followee: AccountId, crowd: &[Account]) -> Result<()> {
    for account in crowd {
        crate::accounts::insert(conn, account)?;
    }
    let pairs: Vec<(AccountId, AccountId)> = crowd.iter().map(|account| (account.id, followee)).collect();
    follow_all(conn, &pairs)
}

/// Makes every pair (follower, followee) a follow, and counts them. None may be there yet.
pub fn follow_all(conn: &mut Conn, pairs: &[(AccountId, AccountId)]) -> Result<()> {
    for (follower, followee) in pairs {
        on!(conn, c => diesel::insert_into(follows::table)
            .values((
                follows::follower_id.eq(follower.get()),
                follows::followee_id.eq(followee.get()),
                follows::show_boosts.eq(true),
                follows::notify.eq(false),
            ))
            .execute(c))?;
    }
    for (follower, count) in counted(pairs.iter().map(|pair| pair.0)) {
        on!(conn, c => diesel::update(accounts::table.find(follower.get()))
            .set(accounts::following_count.eq(accounts::following_count + count))
            .execute(c))?;
    }
    for (followee, count) in counted(pairs.iter().map(|pair| pair.1)) {
        on!(conn, c => diesel::update(accounts::table.find(followee.get()))
            .set(accounts::followers_count.eq(accounts::followers_count + count))
            .execute(c))?;
    }
    Ok(())
}

/// Gives every account `each` public posts of these words, one account after the other, and counts them. Accounts in the
/// order of their ids go fastest: every index is then written at its end.
pub fn posts(conn: &mut Conn, authors: &[AccountId], each: u32, text: &str, html: &str) -> Result<()> {
    let mut all = Vec::with_capacity(authors.len() * each as usize);
    for author in authors {
        for _ in 0..each {
            all.push(Post {
                text: text.to_owned(),
                html: html.to_owned(),
                language: Some("en".to_owned()),
                ..Post::new(conn.next_post_id(), *author, Visibility::Public)
            });
        }
        on!(conn, c => diesel::update(accounts::table.find(author.get()))
            .set(accounts::posts_count.eq(accounts::posts_count + i64::from(each)))
            .execute(c))?;
    }
    crate::posts::insert_all(conn, &all)
}

/// How often each account stands in the list.
fn counted(ids: impl Iterator<Item = AccountId>) -> std::collections::BTreeMap<AccountId, i64> {
    let mut counts = std::collections::BTreeMap::new();
    for id in ids {
        *counts.entry(id).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, people};

    #[test]
    fn posts_by_the_thousand_are_there_and_counted() {
        on_both(|conn| {
            people(conn, 2);
            let all = [AccountId::new(1), AccountId::new(2)];
            posts(conn, &all, 700, "words", "<p>words</p>").unwrap();
            let inventory = bauta_inventory::Inventory::builtin();
            for account in all {
                let counts = crate::holdings::count(conn, inventory, account).unwrap();
                assert_eq!(counts["posts"], 700);
                let found = crate::accounts::by_id(conn, account).unwrap();
                assert_eq!(found.unwrap().posts_count, 700);
            }
            let newest = conn.next_post_id();
            let read = crate::posts::searchable(conn, newest, 1).unwrap();
            assert_eq!(read.len(), 1, "they are as any others");
        });
    }
}
