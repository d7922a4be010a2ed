//! Quarantine: what is against the law is taken down at once, with every identical copy on this server, and a sealed copy
//! is kept for as long as the law wants it kept.
//!
//! Nothing is ever scanned: copies are looked for when something is taken down, among files that are as long and as large.

use std::sync::Arc;

use bauta_model::{Account, AccountId, ActionId, Day, HoldId, MediaId, Post, PostId, PostState, Standing};
pub use bauta_store::alarms::{Alarm, Kind};
use bauta_store::media::{Kind as Use, Medium, Place, Stored};
use bauta_store::moderation::{self, Action, Decision};
use bauta_store::quarantine::{self as rows, New};
pub use bauta_store::quarantine::{Kept, Quarantine, Words};
use bauta_store::{Conn, alarms};
use bauta_timeline::AccountCard;

use super::decide::{Why, checked, may_decide, moderators_only, put_on_record};
use super::queue::{Case, cases};
use crate::pictures::{Eraser, bytes_of, store_bytes};
use crate::posts::{Memory, note_gone};
use crate::reading::account_cards;
use crate::{App, Refused, Speaker};

/// Days for which the copy is kept. Of the abuse of children a year from the report to the authority on (18 U.S.C.
/// § 2258A(h)), and as long from the taking down on until there is one; of terrorism six months (Regulation (EU) 2021/784,
/// Art. 6); of anything else until its owner has had time to object.
pub const fn term_of(kind: Kind) -> i32 {
    match kind {
        Kind::ChildAbuse => 366,
        Kind::Terrorism => 184,
        Kind::Intimate | Kind::Other => 30,
    }
}

/// What is taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A post with its media.
    Post(PostId),
    /// The pictures of a profile.
    Profile(AccountId),
}

/// A quarantine with whom it is about, while that account is there.
#[derive(Clone)]
pub struct Held {
    /// The quarantine.
    pub quarantine: Quarantine,
    /// Whose it is.
    pub owner: Option<Arc<AccountCard>>,
}

/// What a quarantine keeps.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The words.
    pub words: Words,
    /// What each file is, with its length and the SHA-256 of its bytes.
    pub files: Vec<(Kept, usize, String)>,
}

/// One thing to take down, with its files.
struct Part {
    post: Option<PostId>,
    account: AccountId,
    files: Vec<(Kept, Medium)>,
}

/// Takes something down, with every identical copy of its files, whoever's they are. Gives how many things were taken down.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::NotFound`]; [`Refused::Invalid`] without a reason, or where there is nothing to take
/// down.
pub async fn quarantine(
    app: &App,
    speaker: &Speaker,
    due: Due,
    kind: Kind,
    why: Why,
) -> Result<usize, Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let why = checked(why, true)?;
    let judge = speaker.clone();
    let part = app
        .store
        .read("find_for_quarantine", move |conn| {
            let (account, post) = match due {
                Due::Post(id) => {
                    let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
                    if post.boost_of.is_some() {
                        let why = "A boost has nothing to take down: take down what it boosts.";
                        return Err(Refused::invalid("decision", why));
                    }
                    (post.author, Some(id))
                }
                Due::Profile(account) => (account, None),
            };
            let owner = bauta_store::accounts::by_id(conn, account)?.ok_or(Refused::NotFound)?;
            may_decide(&judge, &owner)?;
            let files = rows::files_of(conn, account, post)?;
            if post.is_none() && files.is_empty() {
                let why = "This profile has no pictures of its own. Suspend the account instead.";
                return Err(Refused::invalid("decision", why));
            }
            Ok::<_, Refused>(Part { post, account, files })
        })
        .await?;
    let copies = copies_of(app, &part).await?;
    let reason = why.reason.clone();
    take_down(app, speaker, part, kind, why).await?;
    let mut count = 1;
    for copy in copies {
        match take_down(app, speaker, copy, kind, Why::because(reason.clone())).await {
            Ok(()) => count += 1,
            // It is gone meanwhile, or went with another part.
            Err(Refused::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(count)
}

/// Everything else on this server that shows a file with the same bytes.
async fn copies_of(app: &App, part: &Part) -> Result<Vec<Part>, Refused> {
    let mut copies: Vec<Part> = Vec::new();
    for (kept, medium) in part.files.iter().filter(|(kept, _)| !kept.is_preview()) {
        let (medium, own) = (medium.clone(), kept.id);
        let first = medium.clone();
        let alike = app
            .store
            .read("alike", move |conn| rows::alike(conn, &medium))
            .await?;
        let bytes = bytes_of(app, &first).await?;
        for (other, post) in alike {
            let known = part.files.iter().any(|(kept, _)| kept.id == other.id.get());
            // One that is erased in this moment is no copy any more.
            if known
                || own == other.id.get()
                || !matches!(bytes_of(app, &other).await, Ok(same) if same == bytes)
            {
                continue;
            }
            let (account, at) = (other.account, other.id);
            let files = app
                .store
                .read("find_for_quarantine", move |conn| whole(conn, &other, post))
                .await?;
            let there = copies
                .iter()
                .any(|copy| copy.files.iter().any(|(kept, _)| kept.id == at.get()));
            if !there {
                copies.push(Part { post, account, files });
            }
        }
    }
    Ok(copies)
}

/// The files that go with `copy`: all of its post's, or itself with its smaller picture.
fn whole(conn: &mut Conn, copy: &Medium, post: Option<PostId>) -> bauta_store::Result<Vec<(Kept, Medium)>> {
    if post.is_none() && matches!(copy.kind, Use::Attachment | Use::Preview) {
        return rows::uploaded(conn, copy.id);
    }
    let mut files = rows::files_of(conn, copy.account, post)?;
    if post.is_none() {
        files.retain(|(kept, _)| kept.id == copy.id.get());
    }
    Ok(files)
}

/// What is told when something was taken down.
struct Taken {
    post: Option<Post>,
    places: Vec<Place>,
}

async fn take_down(app: &App, speaker: &Speaker, part: Part, kind: Kind, why: Why) -> Result<(), Refused> {
    let mut files = Vec::with_capacity(part.files.len());
    for (kept, medium) in part.files {
        let bytes = bytes_of(app, &medium).await?;
        files.push((kept, bytes));
    }
    let (memory, accounts, eraser) = (Memory::of(app), Arc::clone(&app.accounts), Eraser::of(app));
    let (moderator, account, post) = (speaker.account, part.account, part.post);
    app.store
        .write_then(
            "quarantine",
            move |conn| {
                let new = New {
                    account,
                    post,
                    moderator,
                    kind,
                    until: conn.now().day().plus(term_of(kind)),
                };
                taken_down(conn, &new, &files, why)
            },
            move |taken: &Taken| {
                eraser.erase(taken.places.clone());
                if let Some(post) = &taken.post {
                    memory.hide(post);
                }
                accounts.invalidate(account);
            },
        )
        .await?;
    Ok(())
}

fn taken_down(conn: &mut Conn, new: &New, files: &[(Kept, Vec<u8>)], why: Why) -> Result<Taken, Refused> {
    let owner = bauta_store::accounts::by_id(conn, new.account)?.ok_or(Refused::NotFound)?;
    for (kept, _) in files {
        bauta_store::media::by_id(conn, MediaId::new(kept.id))?.ok_or(Refused::NotFound)?;
    }
    let post = match new.post {
        Some(id) => Some(bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?),
        None => None,
    };
    if let Some(id) = new.post
        && files.is_empty()
        && rows::has_post(conn, id)?
    {
        return Err(Refused::invalid("decision", "It is in quarantine already."));
    }
    let words = words(&owner, post.as_ref());
    let (_, places) = rows::take(conn, new, &words, files)?;
    let decision = Decision::Quarantine;
    put_on_record(conn, new.moderator, new.account, new.post, decision, why)?;
    let post = match post {
        Some(post) => {
            moderation::set_post_state(conn, post.id, PostState::Hidden)?;
            if owner.handle.domain().is_none() {
                note_gone(conn, &post)?;
            }
            Some(Post {
                state: PostState::Hidden,
                ..post
            })
        }
        None => None,
    };
    Ok(Taken { post, places })
}

fn words(owner: &Account, post: Option<&Post>) -> Words {
    match post {
        Some(post) => rows::words_of(post, owner.handle.as_str(), owner.name()),
        None => Words {
            handle: owner.handle.as_str().to_owned(),
            name: owner.name().to_owned(),
            text: owner.bio.clone(),
            public: true,
            ..Words::default()
        },
    }
}

/// Quarantines that are listed.
const MOST: i64 = 200;

/// What is in quarantine, the latest first.
///
/// # Errors
/// [`Refused::Forbidden`] to whoever does not moderate; so for all below.
pub async fn quarantines(app: &App, speaker: &Speaker) -> Result<Vec<Held>, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("quarantines", |conn| rows::list(conn, MOST))
        .await?;
    held(app, found).await
}

async fn held(app: &App, found: Vec<Quarantine>) -> Result<Vec<Held>, Refused> {
    let people: Vec<AccountId> = found.iter().map(|one| one.new.account).collect();
    let cards = account_cards(app, &people).await?;
    Ok(found
        .into_iter()
        .map(|quarantine| Held {
            owner: cards.get(&quarantine.new.account).cloned(),
            quarantine,
        })
        .collect())
}

/// One quarantine, without what it keeps.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn quarantined(app: &App, speaker: &Speaker, id: HoldId) -> Result<Held, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("quarantine", move |conn| rows::by_id(conn, id))
        .await?;
    let found = held(app, found.into_iter().collect()).await?.pop();
    found.ok_or(Refused::NotFound)
}

/// Opens what a quarantine keeps. That somebody looked is put on the record.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn look(app: &App, speaker: &Speaker, id: HoldId) -> Result<Looked, Refused> {
    moderators_only(speaker)?;
    let me = speaker.account;
    app.store
        .write("look_into_quarantine", move |conn| {
            let found = rows::by_id(conn, id)?.ok_or(Refused::NotFound)?;
            note(conn, me, &found, Decision::Look)?;
            let (words, kept) = rows::contents(conn, id)?;
            let mut files = Vec::with_capacity(kept.len());
            for one in kept {
                let bytes = rows::file(conn, id, MediaId::new(one.id))?.ok_or(Refused::NotFound)?;
                files.push((one, bytes.len(), bauta_credentials::token::sha256_hex(&bytes)));
            }
            Ok(Looked { words, files })
        })
        .await
}

/// Puts a line about a quarantine on the record.
fn note(conn: &mut Conn, me: AccountId, found: &Quarantine, decision: Decision) -> Result<(), Refused> {
    let action = Action {
        id: ActionId::random(),
        moderator: me,
        target: found.new.account,
        post: found.new.post,
        report: None,
        decision,
        reason: String::new(),
        day: conn.now().day(),
    };
    Ok(moderation::record(conn, &action)?)
}

/// A file that a quarantine keeps, for whoever has looked into it: the caller saw to that.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn held_file(
    app: &App,
    speaker: &Speaker,
    id: HoldId,
    file: MediaId,
) -> Result<(String, Vec<u8>), Refused> {
    moderators_only(speaker)?;
    app.store
        .read("held_file", move |conn| {
            let (_, kept) = rows::contents(conn, id)?;
            let one = kept
                .into_iter()
                .find(|one| one.id == file.get())
                .ok_or(Refused::NotFound)?;
            let bytes = rows::file(conn, id, file)?.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>((one.mime, bytes))
        })
        .await
}

/// Writes that an authority was told today: the term begins anew.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn sent(app: &App, speaker: &Speaker, id: HoldId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let me = speaker.account;
    app.store
        .write("quarantine_sent", move |conn| {
            let found = rows::by_id(conn, id)?.ok_or(Refused::NotFound)?;
            if found.sent.is_some() {
                return Ok(());
            }
            let until: Day = conn.now().day().plus(term_of(found.new.kind));
            rows::sent(conn, id, until.max(found.new.until))?;
            note(conn, me, &found, Decision::Sent)
        })
        .await
}

/// Puts back what was taken down wrongly, as far as it can be: a post that its author deleted meanwhile stays deleted, and
/// other servers that were told keep it deleted.
///
/// # Errors
/// [`Refused::Forbidden`] about the speaker's own account; [`Refused::NotFound`].
pub async fn release(app: &App, speaker: &Speaker, id: HoldId, why: Why) -> Result<(), Refused> {
    speaker.speaks()?;
    moderators_only(speaker)?;
    let why = checked(why, false)?;
    let (found, kept) = app
        .store
        .read("quarantine", move |conn| {
            let found = rows::by_id(conn, id)?.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>((found, rows::contents(conn, id)?.1))
        })
        .await?;
    let mut places = Vec::with_capacity(kept.len());
    for one in &kept {
        let file = MediaId::new(one.id);
        let bytes = app
            .store
            .read("held_file", move |conn| rows::file(conn, id, file))
            .await?;
        let bytes = bytes.ok_or(Refused::NotFound)?;
        places.push((one.id, store_bytes(app, bytes).await?));
    }
    let (memory, accounts) = (Memory::of(app), Arc::clone(&app.accounts));
    let (speaker, account) = (speaker.clone(), found.new.account);
    app.store
        .write_then(
            "release_quarantine",
            move |conn| {
                let found = rows::by_id(conn, id)?.ok_or(Refused::NotFound)?;
                released(conn, &speaker, &found, &kept, &places, why)
            },
            move |shown: &Option<(Post, bool)>| {
                if let Some((post, indexable)) = shown {
                    memory.show(post, *indexable);
                }
                accounts.invalidate(account);
            },
        )
        .await?;
    Ok(())
}

fn released(
    conn: &mut Conn,
    speaker: &Speaker,
    found: &Quarantine,
    kept: &[Kept],
    places: &[(i64, Stored)],
    why: Why,
) -> Result<Option<(Post, bool)>, Refused> {
    let owner = bauta_store::accounts::by_id(conn, found.new.account)?.ok_or(Refused::NotFound)?;
    if owner.id == speaker.account {
        return Err(Refused::Forbidden("Nobody decides about their own account."));
    }
    let post = match found.new.post {
        Some(id) => bauta_store::posts::by_id(conn, id)?,
        None => None,
    };
    if found.new.post.is_some() && post.is_none() {
        rows::discard(conn, found.id)?;
    } else {
        rows::put_back(conn, found, kept, places)?;
    }
    put_on_record(
        conn,
        speaker.account,
        owner.id,
        found.new.post,
        Decision::Release,
        why,
    )?;
    let Some(post) = post else { return Ok(None) };
    if rows::has_post(conn, post.id)? {
        return Ok(None);
    }
    moderation::set_post_state(conn, post.id, PostState::Live)?;
    let post = bauta_store::posts::by_id(conn, post.id)?.ok_or(Refused::NotFound)?;
    Ok(Some((post, owner.indexable && owner.standing == Standing::Good)))
}

/// Ends quarantines whose time is over: the hidden posts go for good. The copies go with the purge that follows.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub(crate) async fn end(app: &App) -> Result<(), Refused> {
    let over = app
        .store
        .write("quarantines_over", |conn| {
            rows::wait_for_demands(conn)?;
            rows::over(conn)
        })
        .await?;
    for post in over.iter().filter_map(|one| one.new.post) {
        match crate::posts::remove(app, post).await {
            // Its author deleted it meanwhile.
            Ok(()) | Err(Refused::NotFound) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(())
}

/// Reports that wait and have a last day, soonest first, each with what its reporter says it is.
pub async fn due(app: &App, speaker: &Speaker) -> Result<Vec<(Case, Alarm)>, Refused> {
    moderators_only(speaker)?;
    let found = app
        .store
        .read("due_reports", |conn| {
            let mut found = Vec::new();
            for (id, alarm) in alarms::due(conn, MOST)? {
                if let Some(report) = bauta_store::reports::by_id(conn, id)? {
                    found.push((report, alarm));
                }
            }
            Ok::<_, bauta_store::Error>(found)
        })
        .await?;
    let reports = found.iter().map(|(report, _)| report.clone()).collect();
    let shown = cases(app, reports).await?;
    Ok(shown
        .into_iter()
        .filter_map(|case| {
            let (_, alarm) = found.iter().find(|(report, _)| report.id == case.report.id)?;
            Some((case, *alarm))
        })
        .collect())
}
