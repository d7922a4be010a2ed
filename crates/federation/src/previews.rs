//! Pages that posts link to: asked what they are, at the beginning of a slot, by a request that names nobody.

use std::sync::Arc;
use std::time::Duration;

use bauta_outbound::{Answer, Limits, Redirects, Request};
use bauta_service::link_previews::{self, Wanted, host_of};
use bauta_service::{Refused, link_previews as previews};
use bauta_text::PageHead;
use http::header::{ACCEPT, HeaderValue};
use tokio::task::JoinSet;
use url::Url;

use crate::Peers;
use crate::fetch::Failed;

/// Bytes of a page: a larger one is not shown.
const PAGE_BYTES: usize = 2 << 20;
/// Bytes of a picture.
const PICTURE_BYTES: usize = 8 << 20;
/// How long getting either may take.
const LONGEST: Duration = Duration::from_secs(15);
/// Asked at a time.
const AT_ONCE: usize = 4;
/// Taken from the store at a time.
const STEP: i64 = 100;
/// What can be rebuilt here.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

impl Peers {
    /// Asks what is due, in random order, and makes room for it.
    pub(crate) async fn get_previews(self: &Arc<Self>) -> Result<(), Refused> {
        loop {
            let mut due = previews::due(&self.app, STEP).await?;
            if due.is_empty() {
                return Ok(());
            }
            bauta_model::chance::shuffle(&mut due);
            let mut going = JoinSet::new();
            for wanted in due {
                if going.len() >= AT_ONCE {
                    let _ = going.join_next().await;
                }
                let peers = Arc::clone(self);
                going.spawn(async move { peers.get_preview(wanted).await });
            }
            while going.join_next().await.is_some() {}
            previews::make_room(&self.app, self.media_bytes / 8).await?;
        }
    }

    /// Asks one. Whatever comes of it, it is not due now any more.
    async fn get_preview(&self, wanted: Wanted) {
        let settled = match self.page(&wanted).await {
            Ok((head, picture)) => match link_previews::got(&self.app, &wanted, head, picture).await {
                Err(Refused::Busy) => self.ask_later(&wanted).await,
                Err(_) => previews::not_got(&self.app, &wanted, None).await,
                done => done,
            },
            Err(Failed::Later) => self.ask_later(&wanted).await,
            Err(_) => previews::not_got(&self.app, &wanted, None).await,
        };
        // The store has logged what failed.
        let _ = settled;
    }

    async fn ask_later(&self, wanted: &Wanted) -> Result<(), Refused> {
        previews::not_got(&self.app, wanted, Some(self.later_by(wanted.attempts))).await
    }

    /// What a page says of itself, and the file of its picture with the host that it is of.
    async fn page(&self, wanted: &Wanted) -> Result<(PageHead, Option<(String, Vec<u8>)>), Failed> {
        let url = Url::parse(&wanted.url).map_err(|_| Failed::Refused)?;
        let answer = self
            .ask_page(url, PAGE_BYTES, "text/html, application/xhtml+xml")
            .await?;
        let kind = answer.content_type().unwrap_or_default();
        if !matches!(kind.as_str(), "text/html" | "application/xhtml+xml") {
            return Err(Failed::Refused);
        }
        let head = bauta_text::page_head(&text(&answer));
        if head.title.is_empty() {
            return Err(Failed::Refused);
        }
        // Without its picture a page is still what it is.
        let picture = match answer.url.join(&head.picture) {
            Ok(url) if !head.picture.is_empty() => self.page_picture(url, &answer.url).await.ok(),
            _ => None,
        };
        Ok((head, picture))
    }

    async fn page_picture(&self, url: Url, page: &Url) -> Result<(String, Vec<u8>), Failed> {
        let rejects = |url: &Url| self.app.domains.rules().rejects_media(&host_of(url));
        if rejects(&url) || rejects(page) {
            return Err(Failed::Refused);
        }
        let answer = self
            .ask_page(url, PICTURE_BYTES, "image/jpeg, image/png, image/gif, image/webp")
            .await?;
        let kind = answer.content_type().unwrap_or_default();
        if rejects(&answer.url) || !PICTURES.contains(&kind.as_str()) {
            return Err(Failed::Refused);
        }
        Ok((host_of(&answer.url), answer.body.to_vec()))
    }

    async fn ask_page(&self, url: Url, body: usize, accept: &'static str) -> Result<Answer, Failed> {
        if !self.may_ask(&url) {
            return Err(Failed::Refused);
        }
        if !self.may_ask_again(&host_of(&url)) {
            return Err(Failed::Later);
        }
        let request = Request::get(url)
            .redirects(Redirects::Anywhere)
            .without_onions()
            .limits(Limits {
                time: LONGEST,
                body,
                ..Limits::default()
            })
            .header(ACCEPT, HeaderValue::from_static(accept));
        let answer = self.client.send(request).await?;
        match answer.status {
            // A redirect may have led to a server that is kept away, or back to this one.
            200 if self.may_ask(&answer.url) => Ok(answer),
            429 | 500..=599 => Err(Failed::Later),
            _ => Err(Failed::Refused),
        }
    }
}

/// The text of a page: UTF-8, or Latin-1 where it says so. What fits neither is replaced.
fn text(answer: &Answer) -> String {
    let kind = answer
        .header("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let latin = ["iso-8859-1", "windows-1252", "latin1"];
    if latin.iter().any(|charset| kind.contains(charset)) {
        return answer.body.iter().map(|byte| char::from(*byte)).collect();
    }
    String::from_utf8_lossy(&answer.body).into_owned()
}
