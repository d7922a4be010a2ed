//! Who may answer a post: its author's word, for people here and elsewhere.

use bauta_model::{AccountId, Post, PostId, ReplyPolicy};
use bauta_store::{Conn, relations, remote};

use crate::reading::Shown;
use crate::{App, Refused, Speaker};

/// Whether `account`, who may read `post` and perhaps follows its author, may answer it.
pub(crate) fn may_reply(account: AccountId, follows: bool, post: &Post) -> bool {
    let named = || post.mentions.iter().any(|mention| mention.account == account);
    post.author == account
        || match post.reply_policy {
            ReplyPolicy::Everybody => true,
            ReplyPolicy::Followers => follows || named(),
            ReplyPolicy::Mentioned => named(),
            ReplyPolicy::Nobody => false,
        }
}

/// Refuses an answer that the author of `post` does not let be.
pub(super) fn check(account: AccountId, follows: bool, post: &Post) -> Result<(), Refused> {
    if may_reply(account, follows, post) {
        return Ok(());
    }
    Err(Refused::Forbidden(match post.reply_policy {
        ReplyPolicy::Followers => {
            "Only followers of its author, and people whom it names, can answer this post."
        }
        ReplyPolicy::Mentioned => "Only people whom it names can answer this post.",
        _ => "The author of this post lets nobody answer it.",
    }))
}

/// Whether somebody elsewhere may answer `post`. For posts of other servers those decide.
pub(super) fn lets(conn: &mut Conn, account: AccountId, post: &Post) -> bauta_store::Result<bool> {
    if post.reply_policy == ReplyPolicy::Everybody || remote::of(conn, post.author)?.is_some() {
        return Ok(true);
    }
    let follows = relations::between(conn, account, post.author)?.follows;
    Ok(may_reply(account, follows, post))
}

/// Says who may answer a post of the speaker from now on. Answers that are there stay.
///
/// # Errors
/// [`Refused::NotFound`] for a post of somebody else.
pub async fn set_reply_policy(
    app: &App,
    speaker: &Speaker,
    id: PostId,
    policy: ReplyPolicy,
) -> Result<Shown, Refused> {
    speaker.speaks()?;
    super::quote::set_on_own(app, speaker, id, "set_reply_policy", move |conn, post| {
        bauta_store::posts::set_reply_policy(conn, post.id, policy)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::{Mention, Visibility};

    /// Each line: the author, somebody named, a follower, a stranger.
    #[test]
    fn every_policy_for_everybody() {
        let allowed = |policy| {
            let post = Post {
                reply_policy: policy,
                mentions: vec![Mention {
                    account: AccountId::new(2),
                    handle: crate::testing::account(2).handle,
                }],
                ..Post::new(PostId::new(9), AccountId::new(1), Visibility::Public)
            };
            [(1, false), (2, false), (3, true), (3, false)]
                .map(|(account, follows)| may_reply(AccountId::new(account), follows, &post))
        };
        assert_eq!(allowed(ReplyPolicy::Everybody), [true; 4]);
        assert_eq!(allowed(ReplyPolicy::Followers), [true, true, true, false]);
        assert_eq!(allowed(ReplyPolicy::Mentioned), [true, true, false, false]);
        assert_eq!(allowed(ReplyPolicy::Nobody), [true, false, false, false]);
    }
}
