//! Posts that appear later by themselves, at the beginning of a slot: one that was named, or one by chance within a span, so
//! that nobody learns from the minute when somebody wrote.
//!
//! They are checked when they are accepted, so that their author hears of it, and again when they are published, since
//! what they answer or name may be gone by then.

use std::sync::Arc;
use std::time::Duration;

use bauta_model::{
    AccountId, Attachment, Clock, CoarseTime, PostId, ScheduledId, SessionId, Standing, chance,
};
use bauta_store::{Conn, Window, attachments, scheduled as stored};

use super::draft::Draft;
use super::idempotency::Made;
use super::kept;
use super::post::{Preview, check, preview, publish};
use crate::reading::{Shown, account_card};
use crate::{App, Listed, Refused, Scopes, SessionKind, Speaker};

/// How far ahead a post is scheduled, at least.
const AHEAD: Duration = Duration::from_mins(5);
/// Posts of one account that wait, at most: Mastodon's number.
const MOST: i64 = 300;

/// A post that waits for its slot.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Its number while it waits.
    pub id: ScheduledId,
    /// The slot at whose beginning it is published.
    pub at: CoarseTime,
    /// What is published.
    pub draft: Draft,
    /// What it shows, as far as it is still there.
    pub media: Vec<Attachment>,
    /// Its slot came, and it could not be published.
    pub failed: bool,
}

fn opened(one: &stored::Scheduled) -> Result<Draft, Refused> {
    kept::read(&one.draft).ok_or_else(|| bauta_store::Error::Unknown("scheduled_posts.draft").into())
}

/// The first slot that begins no earlier than `seconds` (since 1970), if that is far enough ahead.
fn slot_of(app: &App, seconds: i64) -> Result<CoarseTime, Refused> {
    let slot = app.clock.slot_of(seconds);
    let slot = if slot.unix_seconds() < seconds {
        slot.plus(app.clock.slot())
    } else {
        slot
    };
    if slot < app.clock.now().plus(AHEAD) {
        return Err(Refused::invalid(
            "scheduled_at",
            "A post is scheduled at least 5 minutes ahead.",
        ));
    }
    Ok(slot)
}

/// Keeps `draft` until the slot of `seconds` (since 1970), and publishes it then. Its media are not deleted meanwhile.
///
/// # Errors
/// As [`super::post`]; [`Refused::Invalid`] names `scheduled_at` for what is not 5 minutes ahead, or one too many.
pub async fn schedule(
    app: &App,
    speaker: &Speaker,
    mut draft: Draft,
    seconds: i64,
) -> Result<Scheduled, Refused> {
    speaker.speaks()?;
    let at = slot_of(app, seconds)?;
    let id = keep_once(app, speaker, &mut draft, at).await?;
    scheduled(app, speaker, id).await
}

/// A slot by chance, each as likely as any other: after this one, and no later than `span` from now.
fn slot_within(clock: &Clock, span: Duration) -> CoarseTime {
    let slots = (span.as_secs() / clock.slot().as_secs().max(1)).max(1);
    let drawn = u32::try_from(1 + chance::below(slots)).unwrap_or(1);
    clock.now().plus(clock.slot().saturating_mul(drawn))
}

/// Keeps `draft` until a slot by chance within `span`, and publishes it then. The slot is all that is kept of when that is,
/// and nothing tells when it was written.
///
/// # Errors
/// As [`super::post`]; [`Refused::Invalid`] names `scheduled_at` for one too many.
pub async fn hold(
    app: &App,
    speaker: &Speaker,
    mut draft: Draft,
    span: Duration,
) -> Result<Scheduled, Refused> {
    speaker.speaks()?;
    let at = slot_within(&app.clock, span);
    let id = keep_once(app, speaker, &mut draft, at).await?;
    match scheduled(app, speaker, id).await {
        // Asked again with its key, and published or taken back since: whoever asks shall not write it a second time.
        Err(Refused::NotFound) => Ok(Scheduled {
            id,
            at,
            draft: Draft {
                confirmed: true,
                ..draft
            },
            media: Vec::new(),
            failed: false,
        }),
        other => other,
    }
}

/// Keeps a draft; the same one where its key was heard before.
async fn keep_once(
    app: &App,
    speaker: &Speaker,
    draft: &mut Draft,
    at: CoarseTime,
) -> Result<ScheduledId, Refused> {
    let id = match draft.key.take() {
        // Keys of posts have no line break: they come in a header.
        Some(key) => {
            let key = format!("later\n{key}");
            let made = app.idempotency.once(speaker.account, &key, |made| async {
                keep(app, speaker, draft, at, Some(made)).await.map(PostId::new)
            });
            made.await?.get()
        }
        None => keep(app, speaker, draft, at, None).await?,
    };
    Ok(ScheduledId::new(id))
}

/// A post that waits, as its author's app would see it if it were published now: under the number that it waits with.
///
/// # Errors
/// As [`super::post`], where it could not be.
pub async fn as_if_published(app: &App, speaker: &Speaker, one: &Scheduled) -> Result<Shown, Refused> {
    let Preview { mut post, author } = preview(app, speaker, &one.draft).await?;
    post.media.clone_from(&one.media);
    Ok(Shown::alone(post, author))
}

/// Keeps a draft, and gives its number; `made` is what its key came to.
async fn keep(
    app: &App,
    speaker: &Speaker,
    draft: &Draft,
    at: CoarseTime,
    made: Option<Arc<Made>>,
) -> Result<i64, Refused> {
    check(app, speaker, draft).await?;
    let one = stored::Scheduled {
        id: ScheduledId::random(),
        account: speaker.account,
        at,
        draft: kept::write(draft),
        failed: false,
    };
    let (before, media, aside) = (made.clone(), draft.media.clone(), draft.aside);
    let written = app
        .store
        .write_then(
            "schedule",
            move |conn| {
                if let Some(kept) = before.and_then(|made| made.before()) {
                    return Ok(kept.get());
                }
                if stored::count(conn, one.account)? >= MOST {
                    let why = format!("At most {MOST} posts wait at a time.");
                    return Err(Refused::invalid("scheduled_at", why));
                }
                if let Some(aside) = aside {
                    super::aside::take(conn, one.account, aside)?;
                }
                if attachments::hold(conn, one.account, &media)? != media.len() {
                    // Whoever asked says it in better words.
                    return Err(Refused::invalid("media_ids", "not there"));
                }
                stored::insert(conn, &one)?;
                Ok(one.id.get())
            },
            move |kept: &i64| {
                if let Some(made) = made {
                    made.note(PostId::new(*kept));
                }
            },
        )
        .await;
    match written {
        Err(Refused::Invalid {
            field: "media_ids", ..
        }) => Err(crate::attachments::not_yours(app, speaker, &draft.media)),
        other => other,
    }
}

/// What waits for the speaker, in the order of random ids.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn all_scheduled(
    app: &App,
    speaker: &Speaker,
    window: Window<ScheduledId>,
) -> Result<Listed<Scheduled, ScheduledId>, Refused> {
    let account = speaker.account;
    let found = app
        .store
        .read("scheduled", move |conn| stored::list(conn, account, &window))
        .await?;
    let ids: Vec<ScheduledId> = found.iter().map(|one| one.id).collect();
    Ok(Listed::new(with_media(app, speaker, found).await?, &ids, &window))
}

async fn with_media(
    app: &App,
    speaker: &Speaker,
    found: Vec<stored::Scheduled>,
) -> Result<Vec<Scheduled>, Refused> {
    let mut list = Vec::with_capacity(found.len());
    for one in found {
        let draft = opened(&one)?;
        let media = crate::attachments::waiting(app, speaker, &draft.media).await?;
        list.push(Scheduled {
            id: one.id,
            at: one.at,
            draft,
            media,
            failed: one.failed,
        });
    }
    Ok(list)
}

/// One of what waits for the speaker.
///
/// # Errors
/// [`Refused::NotFound`] for one that is published, gone or somebody else's.
pub async fn scheduled(app: &App, speaker: &Speaker, id: ScheduledId) -> Result<Scheduled, Refused> {
    let account = speaker.account;
    let found = app
        .store
        .read("scheduled_post", move |conn| stored::get(conn, account, id))
        .await?;
    with_media(app, speaker, found.into_iter().collect())
        .await?
        .pop()
        .ok_or(Refused::NotFound)
}

/// Gives a post another slot; one that could not be published is tried again then.
///
/// # Errors
/// As [`scheduled`], and [`schedule`] for the time.
pub async fn reschedule(
    app: &App,
    speaker: &Speaker,
    id: ScheduledId,
    seconds: i64,
) -> Result<Scheduled, Refused> {
    speaker.speaks()?;
    let (account, at) = (speaker.account, slot_of(app, seconds)?);
    app.store
        .write("reschedule", move |conn| {
            stored::get(conn, account, id)?.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>(stored::move_to(conn, id, at)?)
        })
        .await?;
    scheduled(app, speaker, id).await
}

/// Deletes a post before it is published. Its media go as uploads that nobody posts.
///
/// # Errors
/// As [`scheduled`].
pub async fn unschedule(app: &App, speaker: &Speaker, id: ScheduledId) -> Result<(), Refused> {
    speaker.speaks()?;
    let account = speaker.account;
    app.store
        .write("unschedule", move |conn| drop_one(conn, account, id))
        .await
}

fn drop_one(conn: &mut Conn, account: AccountId, id: ScheduledId) -> Result<(), Refused> {
    let one = stored::get(conn, account, id)?.ok_or(Refused::NotFound)?;
    let media = opened(&one)?.media;
    stored::take(conn, id)?;
    Ok(attachments::release(conn, account, &media)?)
}

/// Posts that are looked at in a slot.
const MOST_DUE: i64 = 1000;

/// Publishes what is due. What can't be published waits for its author's word; where the server is to blame, or a limit,
/// it is tried again in the next slot.
///
/// # Errors
/// [`Refused::Failed`] where the store fails; what was published so far stays so.
pub(crate) async fn publish_due(app: &App) -> Result<(), Refused> {
    let mut due = app
        .store
        .read("due", move |conn| stored::due(conn, MOST_DUE))
        .await?;
    mix(&mut due);
    for one in due {
        match publish_one(app, &one).await {
            Ok(_)
            | Err(
                Refused::Limited { .. }
                | Refused::Busy
                | Refused::Away
                | Refused::Unsure
                | Refused::Failed(_),
            ) => {}
            Err(_) => {
                let id = one.id;
                app.store
                    .write("schedule_failed", move |conn| stored::set_failed(conn, id))
                    .await?;
            }
        }
    }
    Ok(())
}

/// Slot by slot, and within each in an order by chance.
fn mix(due: &mut [stored::Scheduled]) {
    chance::shuffle(due);
    due.sort_by_key(|one| one.at);
}

async fn publish_one(app: &App, one: &stored::Scheduled) -> Result<PostId, Refused> {
    let author = account_card(app, one.account).await?;
    if author.account.standing == Standing::Suspended {
        return Err(Refused::NotSignedIn);
    }
    let speaker = Speaker {
        account: one.account,
        keyholder: None,
        duties: bauta_model::Duties::ALL,
        role: author.account.role,
        session: SessionId::random(),
        kind: SessionKind::Web,
        scopes: Scopes::all(),
    };
    publish(app, &speaker, &opened(one)?, None, Some(one.id)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: CoarseTime = CoarseTime::from_unix_seconds(1_489_500_000);

    proptest! {
        #[test]
        fn a_slot_by_chance_is_a_later_slot_within_the_span(slot in 1_u64..600, span in 1_u64..200_000) {
            let clock = Clock::with_slot(Duration::from_secs(slot));
            clock.set(NOW);
            let (now, at) = (clock.now(), slot_within(&clock, Duration::from_secs(span)));
            prop_assert_eq!(clock.slot_of(at.unix_seconds()), at, "nothing finer than a slot");
            prop_assert!(at > now);
            let late = u64::try_from(at.unix_seconds() - now.unix_seconds()).unwrap();
            prop_assert!(late <= span.max(slot), "{} of {}", late, span);
        }

        #[test]
        fn what_is_due_goes_slot_by_slot_and_nothing_is_lost(slots in proptest::collection::vec(0_i64..4, 0..40)) {
            let mut due: Vec<_> = slots.iter().enumerate().map(|(id, slot)| waiting(id, *slot)).collect();
            mix(&mut due);
            prop_assert!(due.is_sorted_by_key(|one| one.at));
            let mut ids: Vec<i64> = due.iter().map(|one| one.id.get()).collect();
            ids.sort_unstable();
            prop_assert_eq!(ids, (0..slots.len() as i64).collect::<Vec<_>>());
        }
    }

    fn waiting(id: usize, slot: i64) -> stored::Scheduled {
        stored::Scheduled {
            id: ScheduledId::new(id as i64),
            account: AccountId::new(1),
            at: CoarseTime::from_unix_seconds(slot * 60),
            draft: String::new(),
            failed: false,
        }
    }

    #[test]
    fn every_slot_of_the_span_is_as_likely_as_any_other() {
        const ROUNDS: u32 = 60_000;
        let clock = Clock::system();
        clock.set(NOW);
        let mut drawn = [0_u32; 60];
        for _ in 0..ROUNDS {
            let at = slot_within(&clock, Duration::from_hours(1));
            let late = (at.unix_seconds() - clock.now().unix_seconds()) / 60;
            drawn[usize::try_from(late - 1).unwrap()] += 1;
        }
        // A thousand each; eight standard deviations are 252.
        assert!(
            drawn.iter().all(|count| (748..=1252).contains(count)),
            "{drawn:?}"
        );
    }

    #[test]
    fn the_order_within_a_slot_is_chance() {
        let orders: std::collections::HashSet<Vec<i64>> = (0..200)
            .map(|_| {
                let mut due: Vec<_> = (0..4).map(|id| waiting(id, 7)).collect();
                mix(&mut due);
                due.iter().map(|one| one.id.get()).collect()
            })
            .collect();
        // Of 24; that one order is missing after 200 has a chance of one in 200.
        assert!(orders.len() > 12, "{orders:?}");
    }
}
