//! Habits of writing: what the speaker says again and again, found in memory while they write.

use bauta_store::timelines::Of;
use bauta_timeline::Page;

use crate::{App, Refused, Speaker, timelines};

/// The speaker's own posts that a text is compared with.
const POSTS: usize = 40;
/// Phrases that are told, at most.
const MOST: usize = 5;

/// Phrases of `text` that stand in at least two of the speaker's last posts. Nothing is kept of the comparison.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn habits(app: &App, speaker: &Speaker, text: &str) -> Result<Vec<String>, Refused> {
    let of = Of::Posts {
        replies: true,
        boosts: false,
    };
    let page = Page::newest(POSTS);
    let last = timelines::profile(app, Some(speaker), speaker.account, &of, &page).await?;
    let before: Vec<&str> = last.iter().map(|one| one.card.post.text.as_str()).collect();
    let found = bauta_text::habits::repeated(text, &before);
    Ok(found
        .into_iter()
        .take(MOST)
        .map(|place| text[place].to_owned())
        .collect())
}
