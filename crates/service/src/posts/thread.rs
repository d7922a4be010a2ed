//! A post among what it answers and what answers it.

use std::collections::HashMap;

use bauta_model::PostId;
use bauta_store::threads;

use super::read::only_readable;
use crate::reading::{Shown, readable, reader, shown};
use crate::{App, Refused, Speaker};

/// What is around a post.
pub struct Thread {
    /// What it answers, the beginning first.
    pub ancestors: Vec<Shown>,
    /// The post.
    pub post: Shown,
    /// What answers it, each answer followed by what answers that.
    pub descendants: Vec<Shown>,
}

/// How far a thread is read.
struct Limits {
    ancestors: i64,
    descendants: i64,
    depth: i64,
}

/// Mastodon's numbers: strangers get less, because long threads cost.
const STRANGER: Limits = Limits {
    ancestors: 40,
    descendants: 60,
    depth: 20,
};
const SIGNED_IN: Limits = Limits {
    ancestors: 4096,
    descendants: 4096,
    depth: 4096,
};

/// The thread around a post, as far as the viewer may read it. People whom the viewer mutes are left out.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read.
pub async fn thread(app: &App, viewer: Option<&Speaker>, id: PostId) -> Result<Thread, Refused> {
    let post = readable(app, viewer, id).await?;
    let limits = if viewer.is_some() { &SIGNED_IN } else { &STRANGER };
    let id = post.card.post.id;
    let answers = post.card.post.in_reply_to.is_some();
    let answered = post.card.post.replies_count > 0 || viewer.is_some();
    let (up, down) = app
        .store
        .read("thread", move |conn| {
            let up = if answers {
                threads::ancestors(conn, id, limits.ancestors)?
            } else {
                Vec::new()
            };
            let down = if answered {
                threads::descendants(conn, id, limits.depth, limits.descendants)?
            } else {
                Vec::new()
            };
            Ok::<_, bauta_store::Error>((up, down))
        })
        .await?;
    let ancestors = seen(app, viewer, &up).await?;
    let descendants = in_tree_order(id, seen(app, viewer, &down).await?);
    Ok(Thread {
        ancestors,
        post,
        descendants,
    })
}

async fn seen(app: &App, viewer: Option<&Speaker>, ids: &[PostId]) -> Result<Vec<Shown>, Refused> {
    let mut list = shown(app, viewer.map(|speaker| speaker.account), ids).await?;
    if let Some(speaker) = viewer {
        let reader = reader(app, speaker.account).await?;
        list.retain(|one| !reader.hides(one.author.account.id));
    }
    only_readable(app, viewer, list).await
}

/// Each post followed by what answers it. What answers a post that is not in the list is left out with it.
fn in_tree_order(root: PostId, list: Vec<Shown>) -> Vec<Shown> {
    let mut children: HashMap<PostId, Vec<Shown>> = HashMap::new();
    for one in list {
        if let Some(parent) = one.card.post.in_reply_to {
            children.entry(parent).or_default().push(one);
        }
    }
    let mut ordered = Vec::new();
    let mut waiting = children.remove(&root).unwrap_or_default();
    waiting.reverse();
    while let Some(one) = waiting.pop() {
        let answers = children.remove(&one.card.post.id).unwrap_or_default();
        ordered.push(one);
        waiting.extend(answers.into_iter().rev());
    }
    ordered
}
