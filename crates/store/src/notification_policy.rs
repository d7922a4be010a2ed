//! Of whom an account wants to be told, and what waits aside until its owner looks.
//!
//! What a policy sets aside is stored and shown in no list until its owner lets the person in; what it drops is never
//! written. Neither keeps anybody from doing what they did.

use bauta_model::{AccountId, NotificationId, Post, PostId, Standing, Visibility};
use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;

use crate::conn::on;
use crate::notifications::Kind;
use crate::schema::{accounts, notification_permissions, notification_policies, notifications};
use crate::window::Window;
use crate::{Conn, Error, Result, blocks, ids};

/// What becomes of what somebody did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// The account is told.
    #[default]
    Accept,
    /// It waits aside.
    Filter,
    /// Nothing is written.
    Drop,
}

impl Answer {
    /// Every answer, from the mildest.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Filter, Self::Drop];

    const fn code(self) -> i16 {
        match self {
            Self::Accept => 0,
            Self::Filter => 1,
            Self::Drop => 2,
        }
    }

    fn from_code(code: i64) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|one| i64::from(one.code()) == code);
        known.ok_or(Error::Unknown("notification_policies"))
    }
}

/// An answer for each kind of stranger. Where somebody is several, the strictest holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// People whom the account does not follow.
    pub not_following: Answer,
    /// People who do not follow it.
    pub not_followers: Answer,
    /// Unfollowed people who came this month or last.
    pub new_accounts: Answer,
    /// Direct posts of unfollowed people to whom it never wrote directly.
    pub private_mentions: Answer,
    /// Unfollowed people whom moderators limited.
    pub limited_accounts: Answer,
}

impl Default for Policy {
    /// Everybody may tell, but those whom moderators limited.
    fn default() -> Self {
        Self {
            not_following: Answer::Accept,
            not_followers: Answer::Accept,
            new_accounts: Answer::Accept,
            private_mentions: Answer::Accept,
            limited_accounts: Answer::Drop,
        }
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notification_policies)]
struct Row {
    account_id: i64,
    not_following: i16,
    not_followers: i16,
    new_accounts: i16,
    private_mentions: i16,
    limited_accounts: i16,
}

/// The policy of an account, or the default.
pub fn of(conn: &mut Conn, account: AccountId) -> Result<Policy> {
    let row: Option<Row> = on!(conn, c => notification_policies::table
        .find(account.get())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    let Some(row) = row else {
        return Ok(Policy::default());
    };
    let answer = |code: i16| Answer::from_code(i64::from(code));
    Ok(Policy {
        not_following: answer(row.not_following)?,
        not_followers: answer(row.not_followers)?,
        new_accounts: answer(row.new_accounts)?,
        private_mentions: answer(row.private_mentions)?,
        limited_accounts: answer(row.limited_accounts)?,
    })
}

/// Sets the policy of an account.
pub fn set(conn: &mut Conn, account: AccountId, policy: &Policy) -> Result<()> {
    let row = Row {
        account_id: account.get(),
        not_following: policy.not_following.code(),
        not_followers: policy.not_followers.code(),
        new_accounts: policy.new_accounts.code(),
        private_mentions: policy.private_mentions.code(),
        limited_accounts: policy.limited_accounts.code(),
    };
    on!(conn, c => diesel::insert_into(notification_policies::table)
        .values(&row)
        .on_conflict(notification_policies::account_id)
        .do_update()
        .set(&row)
        .execute(c))?;
    Ok(())
}

macro_rules! not_followed {
    () => {
        "NOT EXISTS (SELECT 1 FROM follows w WHERE w.follower_id = ?1 AND w.followee_id = ?2) "
    };
}

/// The strictest answer of ?1's policy that is about ?2, whose account is new from the month ?3 on; ?4 is 1 for a direct post.
/// Nothing holds back moderators, nor whom ?1 let in.
const VERDICT: &str = concat!(
    "SELECT CAST(COALESCE(MAX(v.answer), 0) AS BIGINT) AS id FROM (",
    "SELECT p.not_following AS answer FROM notification_policies p WHERE p.account_id = ?1 AND ",
    not_followed!(),
    "UNION ALL SELECT p.not_followers FROM notification_policies p WHERE p.account_id = ?1 \
     AND NOT EXISTS (SELECT 1 FROM follows w WHERE w.follower_id = ?2 AND w.followee_id = ?1) ",
    "UNION ALL SELECT p.new_accounts FROM notification_policies p JOIN accounts f ON f.id = ?2 \
     WHERE p.account_id = ?1 AND f.joined_month >= ?3 AND ",
    not_followed!(),
    "UNION ALL SELECT p.private_mentions FROM notification_policies p WHERE p.account_id = ?1 AND ?4 = 1 \
     AND NOT EXISTS (SELECT 1 FROM post_mentions n JOIN posts d ON d.id = n.post_id \
     WHERE n.account_id = ?2 AND d.author_id = ?1 AND d.visibility = 3) AND ",
    not_followed!(),
    "UNION ALL SELECT COALESCE((SELECT p.limited_accounts FROM notification_policies p WHERE p.account_id = ?1), 2) \
     FROM accounts f WHERE f.id = ?2 AND f.standing = 1 AND ",
    not_followed!(),
    ") v WHERE NOT EXISTS (SELECT 1 FROM notification_permissions l WHERE l.account_id = ?1 AND l.from_id = ?2) \
     AND NOT EXISTS (SELECT 1 FROM accounts f WHERE f.id = ?2 AND f.role > 0)"
);

/// Accounts count as new in the month in which they came and in the one after: a day is not kept.
const NEW_FOR_MONTHS: i32 = 1;

/// What becomes of what `from` did, about `post` where there is one.
pub(crate) fn judge(
    conn: &mut Conn,
    account: AccountId,
    kind: Kind,
    from: AccountId,
    post: Option<&Post>,
) -> Result<Answer> {
    if !kind.is_held_back() {
        return Ok(Answer::Accept);
    }
    let new_from = i64::from(conn.clock().month().get() - NEW_FOR_MONTHS);
    let direct = i64::from(post.is_some_and(|post| post.visibility == Visibility::Direct));
    let found = ids::select(
        conn,
        VERDICT,
        &[account.get(), from.get(), new_from, direct],
        None,
    )?;
    Answer::from_code(found.first().copied().unwrap_or(0))
}

/// Somebody whose doings wait aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The first notification that waits.
    pub first: NotificationId,
    /// The last one.
    pub last: NotificationId,
    /// Who it is.
    pub from: AccountId,
    /// How many wait.
    pub count: i64,
    /// The newest post that one of them is about.
    pub post: Option<PostId>,
}

type Waiting = (i64, Option<i64>, Option<i64>, i64, Option<i64>);

fn request((from, first, last, count, post): Waiting) -> Option<Request> {
    Some(Request {
        first: NotificationId::new(first?),
        last: NotificationId::new(last?),
        from: AccountId::new(from),
        count,
        post: post.map(PostId::new),
    })
}

/// Whose doings wait aside for `account`, by the first of them, the newest first.
pub fn requests(
    conn: &mut Conn,
    account: AccountId,
    window: &Window<NotificationId>,
) -> Result<Vec<Request>> {
    let muted = blocks::not_heard(conn, account)?;
    let bounds = window.bounds(NotificationId::get);
    let mut rows: Vec<Waiting> = on!(conn, c => {
        let query = notifications::table
            .inner_join(accounts::table.on(accounts::id.eq(notifications::from_id)))
            .filter(accounts::standing.ne(Standing::Suspended.code()))
            .filter(notifications::account_id.eq(account.get()))
            .filter(notifications::filtered)
            .filter(notifications::from_id.ne_all(&muted))
            .group_by(notifications::from_id)
            .having(min(notifications::id).gt(bounds.above).and(min(notifications::id).lt(bounds.below)))
            .select((
                notifications::from_id,
                min(notifications::id),
                max(notifications::id),
                count_star(),
                max(notifications::post_id),
            ))
            .limit(bounds.limit);
        if bounds.ascends {
            query.order(min(notifications::id).asc()).load(c)
        } else {
            query.order(min(notifications::id).desc()).load(c)
        }
    })?;
    if bounds.ascends {
        rows.reverse();
    }
    Ok(rows.into_iter().filter_map(request).collect())
}

/// The request that the notification `id` is part of.
pub fn request_of(conn: &mut Conn, account: AccountId, id: NotificationId) -> Result<Option<Request>> {
    let from: Option<i64> = on!(conn, c => notifications::table
        .filter(notifications::id.eq(id.get()).and(notifications::account_id.eq(account.get())))
        .filter(notifications::filtered)
        .select(notifications::from_id)
        .first(c)
        .optional())?;
    let Some(from) = from else { return Ok(None) };
    let row: Waiting = on!(conn, c => notifications::table
        .filter(notifications::account_id.eq(account.get()).and(notifications::from_id.eq(from)))
        .filter(notifications::filtered)
        .group_by(notifications::from_id)
        .select((
            notifications::from_id,
            min(notifications::id),
            max(notifications::id),
            count_star(),
            max(notifications::post_id),
        ))
        .first(c))?;
    Ok(request(row))
}

/// Lets `from` tell `account` of what they do, now and later.
pub fn accept(conn: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    on!(conn, c => diesel::insert_into(notification_permissions::table)
        .values((
            notification_permissions::account_id.eq(account.get()),
            notification_permissions::from_id.eq(from.get()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    on!(conn, c => diesel::update(notifications::table.filter(
            notifications::account_id.eq(account.get()).and(notifications::from_id.eq(from.get()))))
        .set(notifications::filtered.eq(false))
        .execute(c))?;
    Ok(())
}

/// Forgets what of `from` waits aside.
pub fn dismiss(conn: &mut Conn, account: AccountId, from: AccountId) -> Result<()> {
    on!(conn, c => diesel::delete(notifications::table
            .filter(notifications::account_id.eq(account.get()).and(notifications::from_id.eq(from.get())))
            .filter(notifications::filtered))
        .execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follows::{self, How};
    use crate::testing::{arrange, mention, on_both, people, post, publish};
    use crate::{notifications as told_of, told};

    const ME: AccountId = AccountId::new(1);

    fn follow(conn: &mut Conn, one: i64, other: i64) {
        let how = How {
            show_boosts: true,
            notify: false,
        };
        follows::follow(conn, AccountId::new(one), AccountId::new(other), how).unwrap();
    }

    fn verdict(conn: &mut Conn, from: i64, post: Option<&Post>) -> Answer {
        judge(conn, ME, Kind::Mention, AccountId::new(from), post).unwrap()
    }

    #[test]
    fn each_part_of_a_policy_is_about_its_own_people_and_the_strictest_holds() {
        on_both(|conn| {
            people(conn, 7);
            // 2 is followed, 3 follows, 4 is limited, 5 is old, 6 moderates, 7 is new.
            follow(conn, 1, 2);
            follow(conn, 3, 1);
            arrange(
                conn,
                "UPDATE accounts SET standing = 1 WHERE id = 4; UPDATE accounts SET role = 1 WHERE id = 6;
                 UPDATE accounts SET joined_month = 500 WHERE id <> 7",
            );
            let mut all = |policy: Policy| {
                set(conn, ME, &policy).unwrap();
                (2..=7).map(|from| verdict(conn, from, None)).collect::<Vec<_>>()
            };
            let (yes, aside, no) = (Answer::Accept, Answer::Filter, Answer::Drop);
            let open = Policy {
                limited_accounts: yes,
                ..Policy::default()
            };
            assert_eq!(all(Policy::default()), [yes, yes, no, yes, yes, yes]);
            assert_eq!(all(open), [yes; 6]);
            let not_following = Policy {
                not_following: aside,
                ..Policy::default()
            };
            assert_eq!(all(not_following), [yes, aside, no, aside, yes, aside]);
            let not_followers = Policy {
                not_followers: no,
                ..open
            };
            assert_eq!(all(not_followers), [no, yes, no, no, yes, no]);
            let new_accounts = Policy {
                new_accounts: aside,
                ..open
            };
            assert_eq!(all(new_accounts), [yes, yes, yes, yes, yes, aside]);
            assert_eq!(of(conn, ME).unwrap(), new_accounts);
            assert_eq!(of(conn, AccountId::new(2)).unwrap(), Policy::default());
        });
    }

    #[test]
    fn a_direct_post_of_a_stranger_is_one_only_until_the_account_wrote_to_them() {
        on_both(|conn| {
            people(conn, 2);
            let private = Policy {
                private_mentions: Answer::Filter,
                ..Policy::default()
            };
            set(conn, ME, &private).unwrap();
            let direct = post(10, 2, Visibility::Direct);
            assert_eq!(verdict(conn, 2, Some(&direct)), Answer::Filter);
            assert_eq!(
                verdict(conn, 2, Some(&post(11, 2, Visibility::Public))),
                Answer::Accept
            );
            let written = Post {
                mentions: vec![mention(2)],
                ..post(12, 1, Visibility::Direct)
            };
            publish(conn, &written);
            assert_eq!(verdict(conn, 2, Some(&direct)), Answer::Accept);
        });
    }

    #[test]
    fn what_waits_aside_is_in_no_list_until_its_person_is_let_in() {
        on_both(|conn| {
            people(conn, 3);
            let aside = Policy {
                not_following: Answer::Filter,
                ..Policy::default()
            };
            set(conn, ME, &aside).unwrap();
            let mine = post(10, 1, Visibility::Public);
            publish(conn, &mine);
            let (two, three) = (AccountId::new(2), AccountId::new(3));
            assert!(!told_of::tell(conn, ME, Kind::Favourite, two, &mine).unwrap());
            assert!(!told_of::tell_of_account(conn, ME, Kind::Follow, three).unwrap());
            told_of::tell(conn, ME, Kind::Boost, two, &mine).unwrap();
            let seen = |conn: &mut Conn, aside| {
                told::list(conn, ME, &Kind::ALL, None, aside, &Window::first(9))
                    .unwrap()
                    .len()
            };
            assert_eq!((seen(conn, false), seen(conn, true)), (0, 3));
            assert!(conn.take_told().is_empty(), "streams hear nothing of it either");
            let waiting = requests(conn, ME, &Window::first(9)).unwrap();
            let who: Vec<_> = waiting
                .iter()
                .map(|one| (one.from, one.count, one.post))
                .collect();
            assert_eq!(who, [(three, 1, None), (two, 2, Some(mine.id))]);
            let below = Window {
                below: Some(waiting[0].first),
                ..Window::first(9)
            };
            assert_eq!(requests(conn, ME, &below).unwrap(), waiting[1..]);
            let above = Window {
                right_above: Some(waiting[1].first),
                ..Window::first(9)
            };
            assert_eq!(requests(conn, ME, &above).unwrap(), waiting[..1]);
            assert_eq!(request_of(conn, ME, waiting[1].first).unwrap(), Some(waiting[1]));
            assert_eq!(request_of(conn, two, waiting[1].first).unwrap(), None);
            accept(conn, ME, two).unwrap();
            assert_eq!((seen(conn, false), seen(conn, true)), (2, 3));
            assert!(told_of::tell_of_account(conn, ME, Kind::Follow, two).unwrap());
            dismiss(conn, ME, three).unwrap();
            assert_eq!(seen(conn, true), 3);
            assert_eq!(requests(conn, ME, &Window::first(9)).unwrap(), []);
        });
    }
}
