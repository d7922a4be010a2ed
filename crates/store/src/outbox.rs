//! What other servers are yet to be told, and what is on its way to them.
//!
//! A row of the outbox says that something may have changed, and is written with the change. What is told is what is so
//! when the worker comes to it: a like that was taken back by then is told as taken back.

use std::collections::HashSet;

use bauta_model::{AccountId, CoarseTime, PostId};
use diesel::prelude::*;

use crate::conn::on;
use crate::schema::{activities, deliveries, outbox};
use crate::{Conn, Error, Place, Result, queue, remote};

/// What may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A post was written or edited; the object is the post.
    Post,
    /// A post was deleted; the detail holds, a line each, where those whom it named are written to.
    PostGone,
    /// A like of a post.
    Like,
    /// A boost; the object is the boost.
    Boost,
    /// A boost was taken back; the first line of the detail is the name of what it boosted.
    BoostGone,
    /// A follow, or a request; the object is the followed account.
    Follow,
    /// A follower from elsewhere was let in, or not; the object is that account.
    Answer,
    /// A block; the object is the blocked account.
    Block,
    /// The profile changed.
    Profile,
    /// The account was deleted; the detail holds its actor.
    AccountGone,
    /// A vote in another server's poll; the object is the post, the detail holds a line for each choice.
    Vote,
    /// The account moved; the object is where to.
    Move,
    /// A report is passed on; the actor is the server, the object the report.
    Report,
    /// Votes in a poll of ours were counted, or it is over; the object is the post.
    Poll,
    /// What a post quotes, or who may quote it, changed; the object is the post.
    Quote,
    /// A post of ours quotes one of elsewhere, whose author is to be asked; the object is the quoting post.
    QuoteRequest,
    /// A request to quote a post of ours is answered; the object is random, the detail holds the request.
    QuoteAnswer,
    /// Consent to a quote is taken back; the object is the quoting post, the detail the quoted one.
    QuoteGone,
    /// A post was pinned, or taken down again; the object is the post.
    Pin,
    /// What somebody elsewhere answered to a post of ours is passed on, by the server: the object is the answer, the detail the
    /// answered account and, in a line below, the activity.
    Answered,
    /// As [`Kind::Answered`]: new words for the answer.
    AnswerEdited,
    /// As [`Kind::Answered`]: the answer is gone.
    AnswerGone,
}

impl Kind {
    const ALL: [Self; 22] = [
        Self::Post,
        Self::PostGone,
        Self::Like,
        Self::Boost,
        Self::BoostGone,
        Self::Follow,
        Self::Answer,
        Self::Block,
        Self::Profile,
        Self::AccountGone,
        Self::Vote,
        Self::Move,
        Self::Report,
        Self::Poll,
        Self::Quote,
        Self::QuoteRequest,
        Self::QuoteAnswer,
        Self::QuoteGone,
        Self::Pin,
        Self::Answered,
        Self::AnswerEdited,
        Self::AnswerGone,
    ];
}

/// Something that may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub kind: Kind,
    /// Whose doing.
    pub actor: AccountId,
    /// The number of the post or account that it is about.
    pub object: i64,
    /// What can't be looked up any more by the time that it is told.
    pub detail: String,
}

impl Change {
    /// A change of which everything can be looked up.
    pub const fn new(kind: Kind, actor: AccountId, object: i64) -> Self {
        Self {
            kind,
            actor,
            object,
            detail: String::new(),
        }
    }
}

const fn detail_place(actor: i64) -> Place {
    Place::new("outbox", "detail", actor)
}

/// A change that nobody was told of yet, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What changed.
    pub change: Change,
    /// Random, and another one each time that the change is noted.
    mark: i64,
}

/// Notes a change, where somebody elsewhere may need to be told and an account of this server made it.
pub fn note(conn: &mut Conn, change: &Change) -> Result<()> {
    if remote::nobody(conn)? || remote::of(conn, change.actor)?.is_some() {
        return Ok(());
    }
    let detail = conn.seal(detail_place(change.actor.get()), &change.detail);
    let mark = AccountId::random().get();
    on!(conn, c => diesel::insert_into(outbox::table)
        .values((
            outbox::kind.eq(change.kind as i16),
            outbox::actor_id.eq(change.actor.get()),
            outbox::object_id.eq(change.object),
            outbox::detail.eq(&detail),
            outbox::mark.eq(mark),
        ))
        .on_conflict((outbox::kind, outbox::actor_id, outbox::object_id))
        .do_update()
        .set((outbox::mark.eq(mark), outbox::detail.eq(&detail)))
        .execute(c))?;
    Ok(())
}

/// Changes that nobody was told of yet.
pub fn changes(conn: &mut Conn, limit: i64) -> Result<Vec<Noted>> {
    let rows: Vec<(i16, i64, i64, Vec<u8>, i64)> = on!(conn, c => outbox::table
        .order((outbox::kind, outbox::actor_id, outbox::object_id))
        .limit(limit)
        .load(c))?;
    rows.into_iter()
        .map(|(kind, actor, object, detail, mark)| {
            let kind = Kind::ALL
                .into_iter()
                .find(|known| *known as i16 == kind)
                .ok_or(Error::Unknown("outbox.kind"))?;
            let change = Change {
                kind,
                actor: AccountId::new(actor),
                object,
                detail: conn.open(detail_place(actor), &detail)?,
            };
            Ok(Noted { change, mark })
        })
        .collect()
}

/// An activity as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Random.
    pub id: i64,
    /// Who signs it.
    pub signer: AccountId,
    /// The post that it carries, so that it is stopped when the post is deleted.
    pub post: Option<PostId>,
    /// The JSON.
    pub body: String,
}

const fn body_place(id: i64) -> Place {
    Place::new("activities", "body", id)
}

/// Turns a change into activities on their way, each to its inboxes, in one go. Without any nothing is sent, and what was
/// noted once more since it was read is left for another reading: what `told` says may be old.
pub fn send(conn: &mut Conn, noted: &Noted, told: &[(Activity, Vec<String>)]) -> Result<()> {
    let Noted { change, mark } = noted;
    let key = (change.kind as i16, change.actor.get(), change.object);
    let noted = on!(conn, c => diesel::delete(outbox::table.find(key))
        .filter(outbox::mark.eq(mark))
        .execute(c))?;
    if matches!(change.kind, Kind::PostGone | Kind::BoostGone | Kind::AnswerGone) {
        let stopped = on!(conn, c => diesel::delete(activities::table
            .filter(activities::post_id.eq(change.object)))
            .execute(c))?;
        if stopped > 0 {
            conn.purge_after_commit();
        }
    }
    if noted > 0 {
        for (activity, inboxes) in told {
            put(conn, activity, inboxes)?;
        }
    }
    if change.kind == Kind::Vote {
        // The row held a ballot.
        conn.purge_after_commit();
    }
    Ok(())
}

/// Puts an activity on its way.
pub fn put(conn: &mut Conn, activity: &Activity, inboxes: &[String]) -> Result<()> {
    if inboxes.is_empty() {
        return Ok(());
    }
    let body = conn.seal(body_place(activity.id), &activity.body);
    on!(conn, c => diesel::insert_into(activities::table)
        .values((
            activities::id.eq(activity.id),
            activities::signer_id.eq(activity.signer.get()),
            activities::post_id.eq(activity.post.map(PostId::get)),
            activities::body.eq(&body),
        ))
        .execute(c))?;
    let due = conn.now().unix_seconds();
    let rows: Vec<_> = inboxes
        .iter()
        .map(|inbox| {
            (
                deliveries::activity_id.eq(activity.id),
                deliveries::inbox.eq(inbox.as_str()),
                deliveries::attempts.eq(0),
                deliveries::due_slot.eq(due),
                deliveries::since_slot.eq(due),
            )
        })
        .collect();
    for part in rows.chunks(500) {
        on!(conn, c => diesel::insert_into(deliveries::table)
            .values(part)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// One way that an activity has to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The activity.
    pub activity: i64,
    /// Where to.
    pub inbox: String,
    /// How often it was tried.
    pub attempts: i32,
}

/// Deliveries that are due, with the activities that they carry.
pub fn due(conn: &mut Conn, limit: i64) -> Result<(Vec<Delivery>, Vec<Activity>)> {
    let now = conn.now().unix_seconds();
    let rows: Vec<(i64, String, i32)> = on!(conn, c => deliveries::table
        .filter(deliveries::due_slot.le(now))
        // What was never tried before what was tried in vain.
        .order((deliveries::attempts, deliveries::due_slot))
        .limit(limit)
        .select((deliveries::activity_id, deliveries::inbox, deliveries::attempts))
        .load(c))?;
    let mut ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let carried: Vec<(i64, i64, Option<i64>, Vec<u8>)> = on!(conn, c => activities::table
        .filter(activities::id.eq_any(&ids))
        .load(c))?;
    let carried = carried
        .into_iter()
        .map(|(id, signer, post, body)| {
            Ok(Activity {
                id,
                signer: AccountId::new(signer),
                post: post.map(PostId::new),
                body: conn.open(body_place(id), &body)?,
            })
        })
        .collect::<Result<_>>()?;
    let deliveries = rows
        .into_iter()
        .map(|(activity, inbox, attempts)| Delivery {
            activity,
            inbox,
            attempts,
        })
        .collect();
    Ok((deliveries, carried))
}

/// Those of `wanted`, activities with inboxes, that are still to be made: what they carry may have been deleted since they
/// were read.
pub fn on_their_way(conn: &mut Conn, wanted: &[(i64, String)]) -> Result<HashSet<(i64, String)>> {
    let mut activities: Vec<i64> = wanted.iter().map(|(activity, _)| *activity).collect();
    let mut inboxes: Vec<&str> = wanted.iter().map(|(_, inbox)| inbox.as_str()).collect();
    activities.sort_unstable();
    activities.dedup();
    inboxes.sort_unstable();
    inboxes.dedup();
    let there: Vec<(i64, String)> = on!(conn, c => deliveries::table
        .filter(deliveries::activity_id.eq_any(&activities))
        .filter(deliveries::inbox.eq_any(&inboxes))
        .select((deliveries::activity_id, deliveries::inbox))
        .load(c))?;
    Ok(there.into_iter().collect())
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived, or never will.
    Done,
    /// It is tried again in this slot.
    Again(CoarseTime),
    /// It was tried for days.
    GivenUp,
}

/// Writes what became of deliveries, and forgets activities that have nowhere left to go.
pub fn settle(conn: &mut Conn, outcomes: &[(Delivery, Outcome)]) -> Result<()> {
    for (delivery, outcome) in outcomes {
        let key = (delivery.activity, delivery.inbox.as_str());
        match outcome {
            Outcome::Done | Outcome::GivenUp => {
                on!(conn, c => diesel::delete(deliveries::table.find(key)).execute(c))?
            }
            Outcome::Again(slot) => on!(conn, c => diesel::update(deliveries::table.find(key))
                .set((
                    deliveries::attempts.eq(delivery.attempts + 1),
                    deliveries::due_slot.eq(slot.unix_seconds()),
                ))
                .execute(c))?,
        };
    }
    queue::note_given_up(conn, outcomes)?;
    let mut ids: Vec<i64> = outcomes.iter().map(|(delivery, _)| delivery.activity).collect();
    ids.sort_unstable();
    ids.dedup();
    let gone = on!(conn, c => diesel::delete(activities::table
        .filter(activities::id.eq_any(&ids))
        .filter(diesel::dsl::not(activities::id.eq_any(deliveries::table.select(deliveries::activity_id)))))
        .execute(c))?;
    if gone > 0 {
        conn.purge_after_commit();
    }
    remote::forget_own_keys(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, stranger};

    #[test]
    fn what_changes_again_while_it_is_told_is_told_again() {
        on_both(|conn| {
            stranger(conn);
            let change = Change::new(Kind::Profile, AccountId::new(1), 1);
            let told = |id| {
                let activity = Activity {
                    id,
                    signer: AccountId::new(1),
                    post: None,
                    body: "{}".to_owned(),
                };
                [(activity, vec!["https://a.example/2/inbox".to_owned()])]
            };
            note(conn, &change).unwrap();
            let read = changes(conn, 10).unwrap();
            // Another change, before what was read is told.
            note(conn, &change).unwrap();
            send(conn, &read[0], &told(1)).unwrap();
            assert!(due(conn, 10).unwrap().0.is_empty());
            let read = changes(conn, 10).unwrap();
            assert_eq!(read.len(), 1);
            assert_eq!(read[0].change, change);
            send(conn, &read[0], &told(2)).unwrap();
            assert!(changes(conn, 10).unwrap().is_empty());
            assert_eq!(due(conn, 10).unwrap().0[0].activity, 2);
            let named = |activity| (activity, "https://a.example/2/inbox".to_owned());
            let going = on_their_way(conn, &[named(1), named(2)]).unwrap();
            assert_eq!(going, HashSet::from([named(2)]));
            // It is told once.
            send(conn, &read[0], &told(3)).unwrap();
            assert_eq!(due(conn, 10).unwrap().0.len(), 1);
        });
    }
}
