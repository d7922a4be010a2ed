//! Polls: asked with a post, answered by its readers, over at a slot.
//!
//! Ballots are secret: see [`bauta_store::polls`].

use std::sync::Arc;
use std::time::Duration;

use bauta_model::{AccountId, CoarseTime, Poll, PollOption, Post, PostId};
use bauta_store::notifications::{self, Kind};
use bauta_store::outbox::{self, Change};
use bauta_store::{Conn, polls, remote};

use crate::reading::{Shown, readable, shown_one};
use crate::{App, Refused, Speaker};

/// The shortest time that a poll is open.
pub const SHORTEST: Duration = Duration::from_mins(5);
/// The longest: Mastodon's month.
pub const LONGEST: Duration = Duration::from_secs(2_629_746);

/// A poll as its author wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPoll {
    /// What can be chosen, as typed.
    pub options: Vec<String>,
    /// A reader may choose several.
    pub multiple: bool,
    /// Nobody sees how many chose what until it is over.
    pub hide_totals: bool,
    /// How long it is open from now on.
    pub open_for: Duration,
}

/// What becomes of a post's poll in an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollWish {
    /// It stays as it is, votes and all.
    Keep,
    /// There is none from now on.
    Remove,
    /// It asks this.
    Ask(NewPoll),
}

impl PollWish {
    /// The poll that is to be checked.
    pub(super) const fn asked(&self) -> Option<&NewPoll> {
        match self {
            Self::Ask(poll) => Some(poll),
            Self::Keep | Self::Remove => None,
        }
    }
}

/// Cleans and measures a poll. Nobody has voted in it.
pub(super) fn clean(app: &App, wanted: &NewPoll) -> Result<Poll, Refused> {
    let wrong = |why: String| Err(Refused::invalid("poll", why));
    let titles: Vec<String> = wanted
        .options
        .iter()
        .map(|title| bauta_text::clean_line(title))
        .filter(|title| !title.is_empty())
        .collect();
    let (most, longest) = (app.site.limits.poll_options, app.site.limits.option_chars);
    if titles.len() < 2 {
        return wrong("A poll has at least two options.".to_owned());
    }
    if titles.len() > most {
        return wrong(format!("A poll has at most {most} options."));
    }
    if titles.iter().any(|title| bauta_text::count("", title) > longest) {
        return wrong(format!("An option has at most {longest} characters."));
    }
    let twice = titles
        .iter()
        .enumerate()
        .any(|(at, title)| titles[..at].contains(title));
    if twice {
        return wrong("Each option of a poll is another.".to_owned());
    }
    if wanted.open_for < SHORTEST {
        return wrong("A poll is open for at least 5 minutes.".to_owned());
    }
    if wanted.open_for > LONGEST {
        return wrong("A poll is open for at most a month.".to_owned());
    }
    Ok(Poll {
        options: titles
            .into_iter()
            .map(|title| PollOption { title, votes: 0 })
            .collect(),
        multiple: wanted.multiple,
        hide_totals: wanted.hide_totals,
        expires: end(app, wanted.open_for),
        voters: 0,
    })
}

/// The first slot that begins no earlier than `open_for` after this one.
fn end(app: &App, open_for: Duration) -> CoarseTime {
    let exact = app.clock.now().plus(open_for);
    let slot = app.clock.slot_of(exact.unix_seconds());
    if slot < exact {
        slot.plus(app.clock.slot())
    } else {
        slot
    }
}

/// True if a post's readers are asked the same as before, or nothing as before.
pub(super) fn ask_the_same(before: Option<&Poll>, after: Option<&Poll>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => before.asks_the_same(after),
        (None, None) => true,
        _ => false,
    }
}

/// The poll of an edited post: votes stay where the same is asked.
pub(super) fn after(before: Option<&Poll>, asked: Option<Poll>) -> Option<Poll> {
    match (before, asked) {
        (Some(before), Some(asked)) if before.asks_the_same(&asked) => Some(Poll {
            options: before.options.clone(),
            voters: before.voters,
            ..asked
        }),
        (_, asked) => asked,
    }
}

/// The post whose poll this is.
///
/// # Errors
/// [`Refused::NotFound`] for a post that the viewer may not read, or that asks nothing.
pub async fn poll_of(app: &App, viewer: Option<&Speaker>, id: PostId) -> Result<Shown, Refused> {
    let found = readable(app, viewer, id).await?;
    if found.card.post.poll.is_some() && found.boost.is_none() {
        Ok(found)
    } else {
        Err(Refused::NotFound)
    }
}

/// Votes in the poll of a post, by the options' numbers from nought. It can't be taken back, and can't be found again
/// who chose what.
///
/// # Errors
/// [`Refused::NotFound`] as [`poll_of`]; [`Refused::Invalid`] for one's own poll, one that is over, a second vote, and
/// for choices that it does not have or does not take.
pub async fn vote(app: &App, speaker: &Speaker, id: PostId, choices: Vec<usize>) -> Result<Shown, Refused> {
    speaker.speaks()?;
    let found = poll_of(app, Some(speaker), id).await?;
    if found.card.post.author == speaker.account {
        return Err(wrong("You cannot vote in your own polls"));
    }
    let (account, cards) = (speaker.account, Arc::clone(&app.cards));
    let mut choices = choices;
    choices.sort_unstable();
    choices.dedup();
    app.store
        .write_then(
            "vote",
            move |conn| count(conn, account, id, &choices),
            move |()| cards.invalidate(id),
        )
        .await?;
    shown_one(app, Some(account), id).await
}

fn wrong(why: &str) -> Refused {
    Refused::invalid("choices", why)
}

/// Checks within the write: the author may have asked something else a moment ago.
fn count(conn: &mut Conn, account: AccountId, id: PostId, choices: &[usize]) -> Result<(), Refused> {
    let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
    let poll = post.poll.as_ref().ok_or(Refused::NotFound)?;
    if poll.is_over(conn.now()) {
        return Err(wrong("The poll has already ended"));
    }
    if choices.is_empty() {
        return Err(wrong("Choose an option."));
    }
    if choices.iter().any(|choice| *choice >= poll.options.len()) {
        return Err(wrong("The chosen vote option does not exist"));
    }
    if choices.len() > 1 && !poll.multiple {
        return Err(wrong("This poll takes one choice."));
    }
    if !polls::vote(conn, account, id, choices)? {
        return Err(wrong("You have already voted on this poll"));
    }
    tell_of_vote(conn, (account, &post), choices)
}

/// Tells the poll's own server of a ballot; or, where it is ours, those who have the poll how it stands.
fn tell_of_vote(
    conn: &mut Conn,
    (voter, post): (AccountId, &Post),
    choices: &[usize],
) -> Result<(), Refused> {
    let Some(poll) = &post.poll else {
        return Ok(());
    };
    if remote::of(conn, post.author)?.is_none() {
        return tell_of_counts(conn, post, poll);
    }
    let titles: Vec<&str> = poll
        .titles()
        .enumerate()
        .filter(|(at, _)| choices.contains(at))
        .map(|(_, title)| title)
        .collect();
    let ballot = Change {
        detail: titles.join("\n"),
        ..Change::new(outbox::Kind::Vote, voter, post.id.get())
    };
    Ok(outbox::note(conn, &ballot)?)
}

/// Tells other servers how a poll of ours stands, unless nobody is to see that yet.
pub(super) fn tell_of_counts(conn: &mut Conn, post: &Post, poll: &Poll) -> Result<(), Refused> {
    if poll.shows_totals(conn.now()) {
        outbox::note(conn, &Change::new(outbox::Kind::Poll, post.author, post.id.get()))?;
    }
    Ok(())
}

/// Polls that are looked at in a slot.
const MOST_POLLS: i64 = 1000;
/// Voters who are told in one write.
const MOST_VOTERS: i64 = 500;

/// Tells authors and voters of polls that are over, and forgets who voted.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; what was told so far stays so.
pub(crate) async fn tell_of_ends(app: &App) -> Result<(), Refused> {
    let over = app
        .store
        .read("polls_to_tell", move |conn| polls::to_tell(conn, MOST_POLLS))
        .await?;
    for id in over {
        while app
            .store
            .write("poll_over", move |conn| tell_some(conn, id))
            .await?
        {}
    }
    Ok(())
}

/// Tells some voters, and the author after the last of them. False when everybody was told.
fn tell_some(conn: &mut Conn, id: PostId) -> Result<bool, Refused> {
    let over = |post: &Post, now| post.poll.as_ref().is_some_and(|poll| poll.is_over(now));
    let now = conn.now();
    let Some(post) = bauta_store::posts::by_id(conn, id)?.filter(|post| over(post, now)) else {
        return Ok(false);
    };
    let voters = polls::take_voters(conn, id, MOST_VOTERS)?;
    for voter in &voters {
        notifications::tell(conn, *voter, Kind::Poll, post.author, &post)?;
    }
    if !voters.is_empty() {
        return Ok(true);
    }
    polls::set_told(conn, id)?;
    if remote::of(conn, post.author)?.is_none() {
        notifications::insert(conn, post.author, Kind::Poll, post.author, Some(id))?;
        if let Some(poll) = &post.poll {
            tell_of_counts(conn, &post, poll)?;
        }
    }
    Ok(false)
}
