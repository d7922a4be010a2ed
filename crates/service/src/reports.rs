//! Reporting somebody to the moderators. The other side is never told who reported.

use bauta_model::{AccountId, PostId, ReportId, Standing};
use bauta_store::outbox::{self, Change};
pub use bauta_store::reports::{Category, Report, State};
use bauta_store::{remote, reports as rows};

use crate::posts::read_many;
use crate::reach::{self, Act};
use crate::{App, Refused, Speaker};

/// What is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Whom it is about.
    pub target: AccountId,
    /// Posts of theirs.
    pub posts: Vec<PostId>,
    /// What it is about.
    pub category: Category,
    /// In the reporter's words; may be empty.
    pub comment: String,
    /// The moderators of the server that the account is of are told too, by this server, without who reported.
    pub forward: bool,
}

/// Characters of a comment, as in Mastodon.
pub const COMMENT_CHARS: usize = 1000;
/// Posts of a report.
const MOST_POSTS: usize = 40;

/// Files a report. Moderators see the posts that it names, whoever they were meant for.
///
/// Where it is to go to another server too, that server reads the comment and which posts it names, at the beginning of the
/// next slot.
///
/// No moderator gets a notification of it: that would keep the minute in which somebody reported. They see how many
/// reports wait.
///
/// # Errors
/// [`Refused::NotFound`] for an account or a post that the speaker can't see; [`Refused::Invalid`].
pub async fn file(app: &App, speaker: &Speaker, mut filing: Filing) -> Result<Report, Refused> {
    speaker.speaks()?;
    if filing.target == speaker.account {
        return Err(Refused::invalid("account_id", "You can't report yourself."));
    }
    let comment = bauta_text::clean_text(&filing.comment);
    if comment.chars().count() > COMMENT_CHARS {
        return Err(Refused::invalid(
            "comment",
            format!("A comment has at most {COMMENT_CHARS} characters."),
        ));
    }
    filing.posts.sort_unstable();
    filing.posts.dedup();
    if filing.posts.len() > MOST_POSTS {
        return Err(Refused::invalid(
            "status_ids",
            format!("A report names at most {MOST_POSTS} posts."),
        ));
    }
    let seen = read_many(app, Some(speaker), &filing.posts).await?;
    let theirs = seen
        .iter()
        .filter(|post| post.boost.is_none() && post.author.account.id == filing.target)
        .count();
    if theirs != filing.posts.len() {
        return Err(Refused::NotFound);
    }
    reach::check(app, speaker, Act::Report).await?;
    let forward = filing.forward;
    let report = Report {
        id: ReportId::random(),
        target: filing.target,
        reporter: Some(speaker.account),
        category: filing.category,
        comment,
        state: State::Open,
        month: app.clock.month(),
        assignee: None,
        posts: filing.posts,
    };
    app.store
        .write("file_report", move |conn| {
            let target = bauta_store::accounts::by_id(conn, report.target)?;
            target
                .filter(|account| account.standing != Standing::Suspended)
                .ok_or(Refused::NotFound)?;
            rows::insert(conn, &report)?;
            if forward && remote::of(conn, report.target)?.is_some() {
                let server = AccountId::new(0);
                outbox::note(conn, &Change::new(outbox::Kind::Report, server, report.id.get()))?;
            }
            Ok(report)
        })
        .await
}
