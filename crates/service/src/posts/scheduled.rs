//! Posts that appear later by themselves, at the beginning of a slot.
//!
//! They are checked when they are accepted, so that their author hears of it, and again when they are published, since
//! what they answer or name may be gone by then.

use std::sync::Arc;
use std::time::Duration;

use bauta_model::{
    AccountId, Attachment, CoarseTime, MediaId, PostId, QuotePolicy, ReplyPolicy, ScheduledId, SessionId,
    Standing, Visibility,
};
use bauta_store::{Conn, Window, attachments, scheduled as stored};
use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::idempotency::Made;
use super::polls::NewPoll;
use super::post::{check, publish};
use crate::reading::account_card;
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

/// A draft on the disk.
#[derive(Serialize, Deserialize)]
struct Kept {
    text: String,
    warning: String,
    visibility: i16,
    sensitive: bool,
    language: Option<String>,
    in_reply_to: Option<i64>,
    media: Vec<i64>,
    poll: Option<KeptPoll>,
    shorten: bool,
    /// What was kept before there were quotes names none, and lets nobody quote it.
    #[serde(default)]
    quote: Option<i64>,
    #[serde(default = "nobody")]
    quote_policy: i16,
    #[serde(default)]
    reply_policy: i16,
}

const fn nobody() -> i16 {
    QuotePolicy::Nobody.code()
}

#[derive(Serialize, Deserialize)]
struct KeptPoll {
    options: Vec<String>,
    multiple: bool,
    hide_totals: bool,
    seconds: u64,
}

impl Kept {
    fn of(draft: &Draft) -> Self {
        Self {
            text: draft.text.clone(),
            warning: draft.warning.clone(),
            visibility: draft.visibility.code(),
            sensitive: draft.sensitive,
            language: draft.language.clone(),
            in_reply_to: draft.in_reply_to.map(PostId::get),
            media: draft.media.iter().map(|id| id.get()).collect(),
            poll: draft.poll.as_ref().map(|poll| KeptPoll {
                options: poll.options.clone(),
                multiple: poll.multiple,
                hide_totals: poll.hide_totals,
                seconds: poll.open_for.as_secs(),
            }),
            shorten: draft.shorten,
            quote: draft.quote.map(PostId::get),
            quote_policy: draft.quote_policy.code(),
            reply_policy: draft.reply_policy.code(),
        }
    }

    /// The draft. Its author has seen what the leak check found: without that it would not have been accepted.
    fn into_draft(self) -> Option<Draft> {
        Some(Draft {
            warning: self.warning,
            visibility: Visibility::from_code(self.visibility)?,
            sensitive: self.sensitive,
            language: self.language,
            in_reply_to: self.in_reply_to.map(PostId::new),
            media: self.media.into_iter().map(MediaId::new).collect(),
            poll: self.poll.map(|poll| NewPoll {
                options: poll.options,
                multiple: poll.multiple,
                hide_totals: poll.hide_totals,
                open_for: Duration::from_secs(poll.seconds),
            }),
            shorten: self.shorten,
            quote: self.quote.map(PostId::new),
            quote_policy: QuotePolicy::from_code(self.quote_policy)?,
            reply_policy: ReplyPolicy::from_code(self.reply_policy)?,
            confirmed: true,
            ..Draft::new(self.text)
        })
    }
}

fn opened(one: &stored::Scheduled) -> Result<Draft, Refused> {
    serde_json::from_str::<Kept>(&one.draft)
        .ok()
        .and_then(Kept::into_draft)
        .ok_or_else(|| bauta_store::Error::Unknown("scheduled_posts.draft").into())
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
    let at = slot_of(app, seconds)?;
    let id = match draft.key.take() {
        // Keys of posts have no line break: they come in a header.
        Some(key) => {
            let key = format!("later\n{key}");
            let made = app.idempotency.once(speaker.account, &key, |made| async {
                keep(app, speaker, &draft, at, Some(made)).await.map(PostId::new)
            });
            made.await?.get()
        }
        None => keep(app, speaker, &draft, at, None).await?,
    };
    scheduled(app, speaker, ScheduledId::new(id)).await
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
        draft: serde_json::to_string(&Kept::of(draft)).expect("texts and numbers can be written as JSON"),
        failed: false,
    };
    let (before, media) = (made.clone(), draft.media.clone());
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
        let media = if draft.media.is_empty() {
            Vec::new()
        } else {
            crate::attachments::waiting(app, speaker, &draft.media).await?
        };
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
    let due = app
        .store
        .read("due", move |conn| stored::due(conn, MOST_DUE))
        .await?;
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
