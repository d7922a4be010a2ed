//! Answers of people elsewhere that go on to those who follow whom they answer (ActivityPub 7.1.2): their own servers do not know
//! these. docs/decisions/0095 says which, and why not all.

use bauta_model::{AccountId, Post, PostId, Standing};
use bauta_store::outbox::{self, Change, Kind};
use bauta_store::{Conn, relations, remote};

use super::delete_post::remove_and;
use crate::{App, Refused};

/// By whom it is passed on: the server.
const SERVER: AccountId = AccountId::new(0);
/// Answers to one post that are passed on.
const MOST: i64 = 500;

/// What is passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// Whose followers are told.
    pub answered: AccountId,
    /// The activity as it came.
    pub activity: String,
}

impl PassedOn {
    /// Reads what was noted.
    pub fn read(detail: &str) -> Option<Self> {
        let (answered, activity) = detail.split_once('\n')?;
        Some(Self {
            answered: answered.parse().ok()?,
            activity: activity.to_owned(),
        })
    }
}

/// The post of this server that everybody may read, if an open post answers one.
fn answered(conn: &mut Conn, answer: &Post) -> bauta_store::Result<Option<Post>> {
    let Some(parent) = answer.in_reply_to.filter(|_| answer.visibility.is_open()) else {
        return Ok(None);
    };
    let parent = bauta_store::posts::by_id(conn, parent)?.filter(|parent| parent.visibility.is_open());
    match parent {
        Some(parent) if remote::of(conn, parent.author)?.is_none() => Ok(Some(parent)),
        _ => Ok(None),
    }
}

/// Notes that an answer, or new words for it, is to be passed on, where whom it answers follows its author.
pub(super) fn note(conn: &mut Conn, kind: Kind, answer: &Post, activity: &str) -> Result<(), Refused> {
    let Some(parent) = answered(conn, answer)? else {
        return Ok(());
    };
    let between = relations::between(conn, parent.author, answer.author)?;
    let author = bauta_store::accounts::by_id(conn, answer.author)?;
    let good = author.is_some_and(|author| author.standing == Standing::Good);
    if !good || !between.follows || between.mutes || parent.replies_count > MOST {
        return Ok(());
    }
    Ok(put(conn, kind, (parent.author, answer.id), activity)?)
}

fn put(
    conn: &mut Conn,
    kind: Kind,
    (answered, answer): (AccountId, PostId),
    activity: &str,
) -> bauta_store::Result<()> {
    let change = Change {
        detail: format!("{answered}\n{activity}"),
        ..Change::new(kind, SERVER, answer.get())
    };
    outbox::note(conn, &change)
}

/// Deletes a post of another server, as [`super::remove`], and notes that this is to be passed on: whoever does not have the post
/// learns nothing by it.
///
/// # Errors
/// [`Refused::NotFound`] if it is gone already.
pub async fn remove_and_pass_on(app: &App, id: PostId, activity: String) -> Result<(), Refused> {
    remove_and(app, id, move |conn, post| {
        if let Some(parent) = answered(conn, post)? {
            put(conn, Kind::AnswerGone, (parent.author, post.id), &activity)?;
        }
        Ok(())
    })
    .await
}
