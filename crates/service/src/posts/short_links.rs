//! Short links: `/l/CODE` instead of a long address. Following one counts and logs nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bauta_store::short_links;

use crate::{App, Refused, Site, Speaker};

/// Shorter links stay as they are: the short one would be hardly shorter.
const WORTH_IT: usize = 50;
/// Bytes of randomness in a code: 8 characters, which nobody tries through.
const CODE_BYTES: usize = 6;

/// A short link that is to be written with its post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct New {
    pub code: String,
    pub url: String,
}

/// Replaces long links in `text`. The same link gets the same code.
pub(super) fn shorten(site: &Site, text: &str) -> (String, Vec<New>) {
    let found = bauta_text::render_line(text, site.text(), |_| None).links;
    let mut text = text.to_owned();
    let mut new = Vec::new();
    for url in found {
        if url.len() > WORTH_IT && !url.starts_with(&site.base_url) && text.contains(&url) {
            let code = code();
            text = text.replace(&url, &format!("{}/l/{code}", site.base_url));
            new.push(New { code, url });
        }
    }
    (text, new)
}

fn code() -> String {
    let mut bytes = [0; CODE_BYTES];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Where a short link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// To this address.
    To(String),
    /// The operator stopped it.
    Stopped,
}

/// Looks a code up. Nothing counts or logs it.
///
/// # Errors
/// [`Refused::NotFound`] if there is no such code.
pub async fn resolve(app: &App, code: &str) -> Result<Resolved, Refused> {
    let code = code.to_owned();
    let found = app
        .store
        .read("short_link", move |conn| short_links::by_code(conn, &code))
        .await?;
    match found {
        Some(link) if link.stopped => Ok(Resolved::Stopped),
        Some(link) => Ok(Resolved::To(link.url)),
        None => Err(Refused::NotFound),
    }
}

/// Stops a short link, or lets it lead on.
///
/// # Errors
/// [`Refused::Forbidden`] for whoever is not a moderator; [`Refused::NotFound`] if there is no such code.
pub async fn stop(app: &App, speaker: &Speaker, code: &str, stopped: bool) -> Result<(), Refused> {
    speaker.speaks()?;
    if !speaker.role.moderates() {
        return Err(Refused::Forbidden("Only moderators stop links."));
    }
    let code = code.to_owned();
    let known = app
        .store
        .write("stop_link", move |conn| {
            short_links::set_stopped(conn, &code, stopped)
        })
        .await?;
    if known { Ok(()) } else { Err(Refused::NotFound) }
}
