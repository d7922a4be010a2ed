//! Polls: a post that asks is a `Question`, a ballot a note with a name and no words.

use std::time::Duration;

use bauta_model::{Clock, CoarseTime, Poll, PollOption};
use serde_json::{Value, json};

use crate::{envelope, json};

/// Options that are looked at: what has more is no poll here.
const MOST_OPTIONS: usize = 64;
/// How long a poll is open that does not say it.
const OPEN: Duration = Duration::from_secs(30 * 86_400);
/// No poll is open for longer than this from now on: who voted is kept as long.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);

/// The poll of a `Question`. Nothing where it has no options that can be read.
pub fn read(note: &Value, clock: &Clock) -> Option<Poll> {
    if !json::is(note, "Question") {
        return None;
    }
    let any = json::list(note, "anyOf");
    let multiple = !any.is_empty();
    let told = if multiple { any } else { json::list(note, "oneOf") };
    if told.is_empty() || told.len() > MOST_OPTIONS {
        return None;
    }
    let counts: Vec<Option<i64>> = told
        .iter()
        .map(|option| option["replies"]["totalItems"].as_i64())
        .collect();
    let options = told.iter().zip(&counts).map(|(option, count)| PollOption {
        title: json::text(option, "name").to_owned(),
        votes: count.unwrap_or(0),
    });
    let options: Vec<PollOption> = options.collect();
    let votes: i64 = options
        .iter()
        .fold(0, |sum, option| sum.saturating_add(option.votes));
    Some(Poll {
        multiple,
        hide_totals: counts.iter().all(Option::is_none),
        expires: ends(note, clock),
        voters: note["votersCount"].as_i64().unwrap_or(votes),
        options,
    })
}

fn ends(note: &Value, clock: &Clock) -> CoarseTime {
    let now = clock.now();
    let said = |name: &str| note[name].as_str().and_then(CoarseTime::read_seconds);
    let closed = match &note["closed"] {
        Value::Null | Value::Bool(false) => None,
        _ => Some(
            said("closed")
                .unwrap_or(now.unix_seconds())
                .min(now.unix_seconds()),
        ),
    };
    let Some(end) = closed.or_else(|| said("endTime")) else {
        return now.plus(OPEN);
    };
    let end = end.clamp(0, now.plus(LONGEST).unix_seconds());
    // Nobody's vote is turned away before the end that was told.
    let slot = clock.slot_of(end);
    if slot.unix_seconds() < end {
        slot.plus(clock.slot())
    } else {
        slot
    }
}

/// Makes a note the `Question` that `poll` is at `now`.
pub fn write(note: &mut Value, poll: &Poll, now: CoarseTime) {
    let shows = poll.shows_totals(now);
    let options: Vec<Value> = poll
        .options
        .iter()
        .map(|option| {
            let mut told = json!({"type": "Note", "name": option.title});
            if shows {
                told["replies"] = json!({"type": "Collection", "totalItems": option.votes});
            }
            told
        })
        .collect();
    note["type"] = json!("Question");
    note[if poll.multiple { "anyOf" } else { "oneOf" }] = Value::Array(options);
    note["endTime"] = json!(poll.expires.rfc3339());
    if shows {
        note["votersCount"] = json!(poll.voters);
    }
    if poll.is_over(now) {
        note["closed"] = json!(poll.expires.rfc3339());
    }
}

/// What a note chooses, and of what, if it is a ballot: it has a name, and nothing else to say.
pub fn ballot(note: &Value) -> Option<(&str, &str)> {
    let title = note["name"].as_str().filter(|title| !title.is_empty())?;
    let silent = json::is(note, "Note") && json::text(note, "content").is_empty();
    silent.then_some((title, json::id_of(note, "inReplyTo")?))
}

/// The ballot of `actor` for one option of the poll `question` of `author`. `number` tells the actor's ballots in one poll
/// apart, and nothing of what was chosen.
pub fn vote(
    actor: &str,
    (question, author): (&str, &str),
    (post, number): (i64, usize),
    title: &str,
) -> Value {
    let id = format!("{actor}#votes/{post}/{number}");
    let name = format!("{id}/activity");
    let ballot = json!({
        "id": id, "type": "Note", "name": title, "attributedTo": actor, "to": author, "inReplyTo": question,
    });
    envelope::activity("Create", actor, name, json!({"to": author, "object": ballot}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        let clock = Clock::system();
        clock.set(CoarseTime::from_unix_seconds(1_489_500_000));
        clock
    }

    fn poll(multiple: bool, hide_totals: bool) -> Poll {
        let option = |title: &str, votes| PollOption {
            title: title.to_owned(),
            votes,
        };
        Poll {
            options: vec![option("high", 3), option("low", 2)],
            multiple,
            hide_totals,
            expires: clock().now().plus(Duration::from_mins(5)),
            voters: 4,
        }
    }

    #[test]
    fn a_poll_comes_back_as_it_was_sent() {
        for multiple in [false, true] {
            let mut note = json!({"type": "Note"});
            write(&mut note, &poll(multiple, false), clock().now());
            assert_eq!(read(&note, &clock()), Some(poll(multiple, false)));
        }
        let mut hidden = json!({"type": "Note"});
        write(&mut hidden, &poll(true, true), clock().now());
        let told = read(&hidden, &clock()).unwrap();
        assert!(
            told.hide_totals && told.votes() == 0 && told.voters == 0,
            "{told:?}"
        );
        let over = poll(true, true).expires;
        write(&mut hidden, &poll(true, true), over);
        assert_eq!(hidden["anyOf"][0]["replies"]["totalItems"], 3);
        assert!(hidden["closed"].is_string());
    }

    #[test]
    fn ends_are_bounded_and_a_closed_poll_is_over() {
        let clock = clock();
        let now = clock.now();
        let of = |more: Value| {
            let mut note = json!({"type": "Question", "oneOf": [{"name": "a"}, {"name": "b"}]});
            for (name, value) in more.as_object().unwrap() {
                note[name] = value.clone();
            }
            read(&note, &clock).unwrap().expires
        };
        assert_eq!(of(json!({})), now.plus(OPEN));
        assert_eq!(
            of(json!({"endTime": "9999-01-01T00:00:00Z"})),
            clock.slot_of(now.plus(LONGEST).unix_seconds())
        );
        for closed in [
            json!(true),
            json!("2001-01-01T00:00:00Z"),
            json!("9999-01-01T00:00:00Z"),
            json!("x"),
        ] {
            assert!(of(json!({"closed": closed})) <= now, "{closed}");
        }
        let within = CoarseTime::from_unix_seconds(now.unix_seconds() + 90).rfc3339();
        assert_eq!(
            of(json!({"endTime": within})).unix_seconds(),
            now.unix_seconds() + 120
        );
    }

    #[test]
    fn what_is_no_poll_is_none() {
        let clock = clock();
        let many: Vec<Value> = (0..100_000).map(|n| json!({"name": n.to_string()})).collect();
        for odd in [
            json!({"type": "Note", "oneOf": [{"name": "a"}]}),
            json!({"type": "Question"}),
            json!({"type": "Question", "oneOf": many}),
            json!({"type": "Question", "oneOf": null}),
        ] {
            assert_eq!(read(&odd, &clock), None);
        }
        let odd =
            json!({"type": "Question", "oneOf": [7, {"replies": {"totalItems": "x"}}], "votersCount": -1});
        assert!(read(&odd, &clock).is_some_and(|poll| poll.votes() == 0));
    }

    #[test]
    fn a_ballot_has_a_name_and_no_words() {
        let sent = vote(
            "https://a.example/@x",
            ("https://b.example/1", "https://b.example/y"),
            (7, 0),
            "high",
        );
        assert_eq!(ballot(&sent["object"]), Some(("high", "https://b.example/1")));
        for other in [
            json!({"type": "Note", "name": "", "inReplyTo": "x"}),
            json!({"type": "Note", "name": "high", "content": "words", "inReplyTo": "x"}),
            json!({"type": "Note", "name": "high"}),
            json!({"type": "Article", "name": "high", "inReplyTo": "x"}),
        ] {
            assert_eq!(ballot(&other), None, "{other}");
        }
    }
}
