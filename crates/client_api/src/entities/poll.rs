//! A poll in Mastodon's JSON.

use bauta_model::{Account, Poll, PostId};
use bauta_service::App;
use serde_json::{Value, json};

use super::emoji;

/// The poll of a post; its id is the post's. `voted` is nothing for a stranger. `own` is what the reader chose, where that
/// is known: in the answer to a vote alone, since ballots are secret.
pub(crate) fn poll(
    app: &App,
    (id, author): (PostId, &Account),
    poll: &Poll,
    voted: Option<bool>,
    own: &[usize],
) -> Value {
    let now = app.clock.now();
    let shows = poll.shows_totals(now);
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|option| json!({ "title": option.title, "votes_count": shows.then_some(option.votes) }))
        .collect();
    let mut entity = json!({
        "id": id.to_string(),
        "expires_at": poll.expires.rfc3339(),
        "expired": poll.is_over(now),
        "multiple": poll.multiple,
        "votes_count": poll.votes(),
        "voters_count": poll.multiple.then_some(poll.voters),
        "options": options,
        "emojis": emoji::used(app, author, poll.titles()),
    });
    if let Some(voted) = voted {
        entity["voted"] = Value::from(voted);
        entity["own_votes"] = Value::from(own.to_vec());
    }
    entity
}
