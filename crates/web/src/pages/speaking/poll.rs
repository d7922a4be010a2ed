//! Polls: asked in the composer, answered below the post.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use bauta_model::{CoarseTime, Poll};
use bauta_service::posts::{self, NewPoll, PollWish, SHORTEST};
use bauta_service::{App, Refused};

use super::compose::Fields;
use super::{back, place};
use crate::ask::Ask;
use crate::csrf::Form;
use crate::error;
use crate::pages::{PostPath, post_at};
use crate::visitor::Visitor;
use crate::words_speaking::EN;

/// A day, in the composer's way of saying it.
pub const A_DAY: &str = "86400";

/// How long a poll is open: seconds, with their name.
pub const TIMES: &[(&str, &str)] = &[
    ("300", EN.minutes_5),
    ("1800", EN.minutes_30),
    ("3600", EN.hours_1),
    ("21600", EN.hours_6),
    ("43200", EN.hours_12),
    (A_DAY, EN.days_1),
    ("259200", EN.days_3),
    ("604800", EN.days_7),
    ("2592000", EN.days_30),
];

impl Fields {
    /// The options of the poll, as typed.
    pub fn options(&self) -> [&str; 4] {
        [&self.option1, &self.option2, &self.option3, &self.option4].map(String::as_str)
    }

    /// What is checked for leaks: text, warning, options.
    pub fn parts(&self) -> [&str; 6] {
        let [first, second, third, fourth] = self.options();
        [&self.text, &self.warning, first, second, third, fourth]
    }

    /// The same, to be mended.
    pub fn parts_mut(&mut self) -> [&mut String; 6] {
        [
            &mut self.text,
            &mut self.warning,
            &mut self.option1,
            &mut self.option2,
            &mut self.option3,
            &mut self.option4,
        ]
    }

    /// The poll that is asked, if one is.
    pub fn new_poll(&self) -> Option<NewPoll> {
        let typed = self
            .options()
            .into_iter()
            .filter(|option| !option.trim().is_empty());
        let options: Vec<String> = typed.map(str::to_owned).collect();
        (!options.is_empty()).then(|| NewPoll {
            options,
            multiple: !self.multiple.is_empty(),
            hide_totals: !self.hide_totals.is_empty(),
            open_for: Duration::from_secs(self.open_for.parse().unwrap_or(0)),
        })
    }

    /// Fills in the poll of a post that is edited.
    pub fn show_poll(&mut self, poll: &Poll) {
        let yes = |set: bool| if set { "yes".to_owned() } else { String::new() };
        let mut titles = poll.titles().map(str::to_owned);
        let mut title = || titles.next().unwrap_or_default();
        (self.option1, self.option2, self.option3, self.option4) = (title(), title(), title(), title());
        self.multiple = yes(poll.multiple);
        self.hide_totals = yes(poll.hide_totals);
    }

    /// What becomes of the poll of an edited post.
    pub fn poll_wish(&self, before: Option<&Poll>, now: CoarseTime) -> PollWish {
        let Some(mut asked) = self.new_poll() else {
            return PollWish::Remove;
        };
        if self.open_for.is_empty()
            && let Some(before) = before
        {
            let same = before.titles().eq(asked.options.iter().map(String::as_str))
                && (before.multiple, before.hide_totals) == (asked.multiple, asked.hide_totals);
            if same {
                return PollWish::Keep;
            }
            let left = before.expires.unix_seconds() - now.unix_seconds();
            asked.open_for = Duration::from_secs(left.unsigned_abs()).max(SHORTEST);
            if left < 0 {
                asked.open_for = SHORTEST;
            }
        }
        PollWish::Ask(asked)
    }
}

/// `POST /@handle/ID/vote`
pub async fn vote(
    State(app): State<Arc<App>>,
    path: Path<PostPath>,
    ask: Ask,
    Form(visitor, fields): Form<Vec<(String, String)>>,
) -> Response {
    let choices = fields.iter().filter(|(name, _)| name == "choice");
    // What is no number is no option of any poll.
    let choices = choices
        .map(|(_, choice)| choice.parse().unwrap_or(usize::MAX))
        .collect();
    error::answer(&app, &visitor, voted(&app, &visitor, &path, &ask, choices).await)
}

async fn voted(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    ask: &Ask,
    choices: Vec<usize>,
) -> Result<Response, Refused> {
    let speaker = visitor.person()?;
    let Ok(shown) = post_at(app, visitor, path, "").await? else {
        return Err(Refused::NotFound);
    };
    let id = shown.card.post.id;
    posts::vote(app, speaker, id, choices).await?;
    let back = format!("{}#p{id}", back(ask, &place(&shown)));
    Ok(Redirect::to(&back).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bauta_model::PollOption;

    const NOW: CoarseTime = CoarseTime::from_unix_seconds(1_489_500_000);

    fn poll() -> Poll {
        Poll {
            options: ["high", "low"]
                .map(|title| PollOption {
                    title: title.to_owned(),
                    votes: 3,
                })
                .into(),
            multiple: false,
            hide_totals: false,
            expires: NOW.plus(Duration::from_hours(1)),
            voters: 6,
        }
    }

    #[test]
    fn an_edit_that_leaves_the_poll_alone_keeps_it() {
        let mut fields = Fields::default();
        assert_eq!(fields.poll_wish(Some(&poll()), NOW), PollWish::Remove);
        fields.show_poll(&poll());
        assert_eq!(fields.poll_wish(Some(&poll()), NOW), PollWish::Keep);
        fields.option2 = "dry".into();
        let asked = |open_for| {
            PollWish::Ask(NewPoll {
                options: vec!["high".into(), "dry".into()],
                multiple: false,
                hide_totals: false,
                open_for,
            })
        };
        assert_eq!(
            fields.poll_wish(Some(&poll()), NOW),
            asked(Duration::from_hours(1))
        );
        let late = NOW.plus(Duration::from_hours(9));
        assert_eq!(fields.poll_wish(Some(&poll()), late), asked(SHORTEST));
        fields.open_for = "600".into();
        assert_eq!(
            fields.poll_wish(Some(&poll()), NOW),
            asked(Duration::from_mins(10))
        );
    }
}
