//! Following and unfollowing.

use bauta_model::{Account, AccountId, Standing};
use bauta_store::Conn;
use bauta_store::follows::{self, How};
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::relations::between;

use super::{Between, change, exists, not_oneself, present};
use crate::reach::{self, Act};
use crate::{App, Refused, Speaker};

/// How the speaker wants to follow; what is not said stays as it is, or as Mastodon begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// With what the other boosts; at first, yes.
    pub show_boosts: Option<bool>,
    /// Tell of every post; at first, no.
    pub notify: Option<bool>,
}

/// Follows that everybody may have.
const FOLLOWS: i64 = 7_500;

/// How many an account may follow: more than [`FOLLOWS`] only if more follow it, with a tenth to spare, as in Mastodon.
const fn most_follows(followers: i64) -> i64 {
    let by_followers = followers + followers / 10;
    if by_followers > FOLLOWS {
        by_followers
    } else {
        FOLLOWS
    }
}

/// Follows an account, or asks it where it is locked; changes how, where the speaker does already.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Forbidden`] where one blocks the other; [`Refused::Invalid`] with too many follows.
pub async fn follow(app: &App, speaker: &Speaker, other: AccountId, wish: Wish) -> Result<Between, Refused> {
    speaker.speaks()?;
    not_oneself(speaker, other)?;
    if !crate::reading::reader(app, speaker.account).await?.follows(other) {
        reach::check(app, speaker, Act::Follow).await?;
    }
    let me = speaker.account;
    change(app, speaker, other, "follow", move |conn| {
        make(conn, me, other, wish)
    })
    .await
}

/// Makes `me` follow `other`, or ask, or changes how.
pub(super) fn make(conn: &mut Conn, me: AccountId, other: AccountId, wish: Wish) -> Result<(), Refused> {
    let target = present(conn, other)?;
    let own = present(conn, me)?;
    let tie = between(conn, me, other)?;
    if tie.is_blocked() {
        return Err(Refused::Forbidden("One of you blocks the other."));
    }
    let how = How {
        show_boosts: wish
            .show_boosts
            .unwrap_or(tie.show_boosts || !(tie.follows || tie.requested)),
        notify: wish.notify.unwrap_or(tie.notify),
    };
    if tie.follows || tie.requested {
        // Whoever asks again from elsewhere did not hear the answer.
        answer(conn, tie.follows, me, other)?;
        return Ok(follows::change(conn, me, other, how)?);
    }
    if own.following_count >= most_follows(own.followers_count) {
        return Err(Refused::invalid(
            "follow",
            "You follow as many people as an account can.",
        ));
    }
    if needs_consent(&own, &target) {
        follows::request(conn, me, other, how)?;
        notifications::tell_of_account(conn, other, Kind::FollowRequest, me)?;
        outbox::note(conn, &Change::new(outbox::Kind::Follow, me, other.get()))?;
    } else {
        follows::follow(conn, me, other, how)?;
        notifications::tell_of_account(conn, other, Kind::Follow, me)?;
        answer(conn, true, me, other)?;
    }
    Ok(())
}

/// A follower from another server hears that they were let in.
fn answer(
    conn: &mut Conn,
    follows: bool,
    follower: AccountId,
    followee: AccountId,
) -> bauta_store::Result<()> {
    if follows {
        outbox::note(conn, &Change::new(outbox::Kind::Answer, followee, follower.get()))?;
    }
    Ok(())
}

/// Locked accounts are asked, and those of other servers; so is everybody by an account that moderators limited.
fn needs_consent(follower: &Account, followee: &Account) -> bool {
    followee.locked || followee.handle.domain().is_some() || follower.standing == Standing::Limited
}

/// Ends a follow, or takes a request back. Nothing happens where there is neither.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unfollow(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, other, "unfollow", move |conn| {
        exists(conn, other)?;
        follows::unfollow(conn, me, other)?;
        follows::withdraw(conn, me, other)?;
        outbox::note(conn, &Change::new(outbox::Kind::Follow, me, other.get()))?;
        Ok(())
    })
    .await
}

/// Ends that `other` follows the speaker.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn remove_follower(app: &App, speaker: &Speaker, other: AccountId) -> Result<Between, Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    change(app, speaker, other, "remove_follower", move |conn| {
        exists(conn, other)?;
        follows::unfollow(conn, other, me)?;
        outbox::note(conn, &Change::new(outbox::Kind::Answer, me, other.get()))?;
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::most_follows;

    #[test]
    fn who_is_followed_by_more_may_follow_more() {
        assert_eq!(most_follows(0), 7_500);
        assert_eq!(most_follows(6_000), 7_500);
        assert_eq!(most_follows(10_000), 11_000);
    }
}
