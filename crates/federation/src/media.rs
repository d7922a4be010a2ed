//! Media that notes and actors name: read from JSON, and got at the beginning of a slot.

use std::sync::Arc;
use std::time::Duration;

use bauta_model::Focus;
use bauta_outbound::{Limits, Redirects, Request};
use bauta_service::remote_media::{self, Remote, Shown};
use http::header::{ACCEPT, HeaderValue};
use serde_json::Value;
use tokio::task::JoinSet;
use url::Url;

use crate::fetch::Failed;
use crate::{Peers, json};

/// Bytes of a file: as of one that is uploaded.
const MOST_BYTES: usize = 16 << 20;
/// How long getting one may take.
const LONGEST: Duration = Duration::from_secs(30);
/// Got at a time: each is held whole.
const AT_ONCE: usize = 4;
/// Taken from the store at a time.
const STEP: i64 = 100;
/// What can be rebuilt here.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Starts the worker.
pub fn start(peers: &Arc<Peers>) {
    let peers = Arc::clone(peers);
    let slot = peers.app.clock.slot();
    tokio::spawn(async move {
        loop {
            bauta_service::by_slot::next(slot).await;
            // What the store refused is logged there, and is still in its tables.
            let _ = peers.get_media().await;
            let _ = peers.get_emojis().await;
            let _ = peers.get_previews().await;
        }
    });
}

impl Peers {
    /// Media that a note shows.
    pub(crate) fn media_of(&self, note: &Value, author: &str) -> Vec<Shown> {
        let attached = json::list(note, "attachment").into_iter();
        attached.filter_map(|one| self.shown(one, author)).collect()
    }

    /// A picture of an actor.
    pub(crate) fn picture_of(&self, actor: &Value, name: &str, id: &str) -> Option<Shown> {
        let picture = *json::list(actor, name).first()?;
        let shown = self.shown(picture, id)?;
        shown.picture.then_some(shown)
    }

    fn shown(&self, value: &Value, author: &str) -> Option<Shown> {
        let kinds = ["Document", "Image", "Audio", "Video"];
        if !value.is_string() && !kinds.iter().any(|kind| json::is(value, kind)) {
            return None;
        }
        let (address, mime) = file(value)?;
        let url = Url::parse(address).ok()?;
        let host = json::authority(address).filter(|_| json::origin(address).is_some())?;
        let rules = self.app.domains.rules();
        let of_author = json::authority(author)?;
        let rejects = rules.rejects_media(&host) || rules.rejects_media(&of_author);
        let still = json::is(value, "Image") || (mime.is_empty() && json::is(value, "Document"));
        Some(Shown {
            may_be_got: !rejects && self.may_ask(&url),
            picture: PICTURES.contains(&mime) || (mime.is_empty() && (still || value.is_string())),
            url: address.to_owned(),
            host,
            description: [json::text(value, "name"), json::text(value, "summary")].join(""),
            blurhash: json::text(value, "blurhash").to_owned(),
            focus: focus(value),
        })
    }

    /// Gets what is due, in random order, and makes room for it.
    async fn get_media(self: &Arc<Self>) -> Result<(), Failed> {
        loop {
            let mut due = remote_media::due(&self.app, STEP).await?;
            if due.is_empty() {
                break;
            }
            bauta_model::chance::shuffle(&mut due);
            let mut going = JoinSet::new();
            for known in due {
                if going.len() >= AT_ONCE {
                    let _ = going.join_next().await;
                }
                let peers = Arc::clone(self);
                going.spawn(async move { peers.get_medium(known).await });
            }
            while going.join_next().await.is_some() {}
            remote_media::make_room(&self.app, self.media_bytes).await?;
        }
        Ok(())
    }

    /// Gets one. Whatever comes of it, it is not due now any more.
    async fn get_medium(&self, known: Remote) {
        let settled = match self.file_of(&known).await {
            Ok(file) => match remote_media::got(&self.app, known.clone(), file).await {
                Err(bauta_service::Refused::Busy) => self.again(&known).await,
                Err(_) => remote_media::not_got(&self.app, &known, None).await,
                done => done,
            },
            Err(Failed::Later) => self.again(&known).await,
            Err(_) => remote_media::not_got(&self.app, &known, None).await,
        };
        // The store has logged what failed.
        let _ = settled;
    }

    async fn again(&self, known: &Remote) -> Result<(), bauta_service::Refused> {
        let due = self.later_by(known.attempts);
        remote_media::not_got(&self.app, known, Some(due)).await
    }

    async fn file_of(&self, known: &Remote) -> Result<Vec<u8>, Failed> {
        self.picture_at(&known.named.url, &known.named.host, MOST_BYTES)
            .await
    }

    /// The file of a picture that is said to lie on `host`.
    pub(crate) async fn picture_at(&self, address: &str, host: &str, most: usize) -> Result<Vec<u8>, Failed> {
        let url = Url::parse(address).map_err(|_| Failed::Refused)?;
        let rejects = self.app.domains.rules().rejects_media(host);
        if rejects || !self.may_ask(&url) {
            return Err(Failed::Refused);
        }
        if !self.may_ask_again(host) {
            return Err(Failed::Later);
        }
        let limits = Limits {
            time: LONGEST,
            body: most,
            ..Limits::default()
        };
        let request = Request::get(url)
            .redirects(Redirects::Anywhere)
            .limits(limits)
            .header(
                ACCEPT,
                HeaderValue::from_static("image/jpeg, image/png, image/gif, image/webp"),
            );
        let answer = self.client.send(request).await?;
        match answer.status {
            200 => {}
            429 | 500..=599 => return Err(Failed::Later),
            _ => return Err(Failed::Gone),
        }
        // A redirect may have led to a server that is kept away.
        let host = json::authority(answer.url.as_str()).unwrap_or_default();
        let kind = answer.content_type().unwrap_or_default();
        if self.app.domains.rules().rejects_media(&host) || !PICTURES.contains(&kind.as_str()) {
            return Err(Failed::Refused);
        }
        Ok(answer.body.to_vec())
    }
}

/// Where the file of a medium is, and its type: `url` is a name, a link, or a list of them.
pub(crate) fn file(value: &Value) -> Option<(&str, &str)> {
    if let Some(address) = value.as_str() {
        return Some((address, ""));
    }
    let mime = json::text(value, "mediaType");
    let links = json::list(value, "url");
    let mut links = links.iter().filter_map(|link| {
        let address = link.as_str().or_else(|| link["href"].as_str())?;
        let own = json::text(link, "mediaType");
        (address.len() <= 2048).then_some((address, if own.is_empty() { mime } else { own }))
    });
    let first = links.next()?;
    let fits = |one: &(&str, &str)| PICTURES.contains(&one.1);
    Some(if fits(&first) {
        first
    } else {
        links.find(fits).unwrap_or(first)
    })
}

fn focus(value: &Value) -> Focus {
    let point = json::list(value, "focalPoint");
    let part = |at: usize| {
        let number = point.get(at).and_then(|part| part.as_f64()).unwrap_or(0.0);
        (number.clamp(-1.0, 1.0) * 1000.0).round() as i16
    };
    Focus::new(part(0), part(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_is_found_in_every_spelling_and_in_nothing_else() {
        let png = ("https://a.example/x.png", "image/png");
        for value in [
            json!({"url": "https://a.example/x.png", "mediaType": "image/png"}),
            json!({"url": [{"href": "https://a.example/x.avif", "mediaType": "image/avif"},
                           {"href": "https://a.example/x.png", "mediaType": "image/png"}]}),
            json!({"url": {"href": "https://a.example/x.png"}, "mediaType": "image/png"}),
        ] {
            assert_eq!(file(&value), Some(png), "{value}");
        }
        for odd in [
            json!(null),
            json!(7),
            json!({"url": 7}),
            json!([[]]),
            json!({"url": [{}]}),
        ] {
            assert_eq!(file(&odd), None, "{odd}");
        }
        assert_eq!(focus(&json!({"focalPoint": [0.5, -7]})), Focus::new(500, -1000));
        assert_eq!(focus(&json!({"focalPoint": "x"})), Focus::default());
    }
}
