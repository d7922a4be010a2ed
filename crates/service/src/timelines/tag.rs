//! The timeline of a hashtag.

use bauta_timeline::Page;

use super::stored;
use crate::reading::{Shown, shown};
use crate::{App, Refused, Speaker};

/// Which tags a post must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// One of these at least.
    pub any: Vec<String>,
    /// All of these besides.
    pub all: Vec<String>,
    /// None of these.
    pub none: Vec<String>,
    /// Only those that show something.
    pub only_media: bool,
}

/// Tags of a kind that are looked at; the others are left out, as Mastodon does.
const MOST: usize = 4;

/// A page of the public posts with a hashtag, with or without `#`, whatever its case.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn tag(app: &App, viewer: Option<&Speaker>, tag: &str, page: &Page) -> Result<Vec<Shown>, Refused> {
    let account = viewer.map(|speaker| speaker.account);
    let tag = plain(tag);
    let page = stored(page);
    let ids = app
        .store
        .read("tag", move |conn| {
            bauta_store::timelines::tag(conn, account, &tag, &page)
        })
        .await?;
    shown(app, account, &ids).await
}

/// A page of the public posts with the tag or one of `tags.any`, that have all of `tags.all` and none of `tags.none`.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn tags(
    app: &App,
    viewer: Option<&Speaker>,
    tag: &str,
    tags: &Tags,
    page: &Page,
) -> Result<Vec<Shown>, Refused> {
    let mut any = few(&tags.any);
    any.insert(0, plain(tag));
    any.sort();
    any.dedup();
    let (all, none) = (few(&tags.all), few(&tags.none));
    let only_media = tags.only_media;
    let account = viewer.map(|speaker| speaker.account);
    let page = stored(page);
    let ids = app
        .store
        .read("tags", move |conn| {
            let mut found = Vec::new();
            for tag in &any {
                found.extend(bauta_store::timelines::tag_among(
                    conn, account, tag, &all, &none, only_media, &page,
                )?);
            }
            found.sort_unstable_by(|a, b| b.cmp(a));
            found.dedup();
            // The page lies at the end that was asked for.
            if page.right_above.is_some() {
                found.drain(..found.len().saturating_sub(page.limit));
            }
            found.truncate(page.limit);
            Ok::<_, bauta_store::Error>(found)
        })
        .await?;
    shown(app, account, &ids).await
}

fn plain(tag: &str) -> String {
    tag.trim_start_matches('#').to_lowercase()
}

/// The first few that can be tags at all.
fn few(tags: &[String]) -> Vec<String> {
    let plain = tags.iter().map(|tag| plain(tag));
    plain
        .filter(|tag| !tag.is_empty() && !tag.contains(','))
        .take(MOST)
        .collect()
}
