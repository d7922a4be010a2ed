//! The poll of a post as a piece of a page: a form for whoever can vote, counts with bars for everybody else.

use askama::Template;
use bauta_model::{Poll, PostId};
use bauta_service::reading::Shown;
use bauta_text::escape_html;

use crate::emoji::pictured;
use crate::posts::Reader;
use crate::words::{EN, Words};

/// An option with its part of the whole.
struct Line<'a> {
    /// As HTML.
    name: String,
    title: &'a str,
    votes: i64,
    hundredths: i64,
}

#[derive(Template)]
#[template(path = "post/poll.html")]
struct Piece<'a> {
    words: &'static Words,
    poll: &'a Poll,
    lines: Vec<Line<'a>>,
    /// What a bar is measured against.
    whole: i64,
    /// Where a vote is sent; empty where the reader can't vote.
    action: String,
    csrf: &'a str,
    /// How many chose what may be told.
    shows: bool,
    voted: bool,
    over: bool,
}

/// The poll of a post; nothing where it has none.
pub fn poll_of(shown: &Shown, reader: &Reader<'_>) -> String {
    let post = &shown.card.post;
    post.poll
        .as_ref()
        .map_or_else(String::new, |poll| piece(poll, post.id, shown, reader))
}

fn piece(poll: &Poll, id: PostId, shown: &Shown, reader: &Reader<'_>) -> String {
    let now = reader.app.clock.now();
    let over = poll.is_over(now);
    let mine = reader.account == Some(shown.author.account.id);
    let can_vote = reader.account.is_some() && !over && !mine && !shown.voted;
    let whole = poll.whole().max(1);
    Piece {
        words: &EN,
        lines: poll
            .options
            .iter()
            .map(|option| Line {
                name: pictured(reader.app, &shown.author.account, &escape_html(&option.title)),
                title: &option.title,
                votes: option.votes,
                hundredths: (option.votes * 100 + whole / 2) / whole,
            })
            .collect(),
        whole,
        action: if can_vote {
            format!("/@{}/{id}/vote?back={}", shown.author.account.handle, reader.back)
        } else {
            String::new()
        },
        csrf: &reader.csrf,
        shows: poll.shows_totals(now),
        voted: shown.voted,
        over,
        poll,
    }
    .render()
    .unwrap_or_default()
}
