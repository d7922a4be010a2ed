//! Small pictures with a name: ours as tags of what we send, theirs read from tags and got at the beginning of a slot.

use std::sync::Arc;

use bauta_model::CoarseTime;
use bauta_service::Refused;
use bauta_service::emojis::MOST_BYTES;
use bauta_service::remote_emojis::{self, Named, Wanted};
use serde_json::{Value, json};
use url::Url;

use crate::fetch::Failed;
use crate::{Peers, json, media};

/// Taken from the store at a time.
const STEP: i64 = 200;
/// Names of one document that are looked at.
const MOST: usize = 50;

impl Peers {
    /// Those that `texts` of ours name, as tags: `Emoji` of <http://joinmastodon.org/ns>.
    pub(crate) fn emoji_tags<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Value> {
        let base = &self.app.site.base_url;
        let used = self.app.emojis.of(texts);
        let tag = used.iter().map(|one| {
            json!({
                "id": format!("{base}/media/emoji/{}", one.id),
                "type": "Emoji",
                "name": format!(":{}:", one.shortcode),
                "icon": {"type": "Image", "mediaType": one.mime, "url": format!("{base}/media/emoji/{}", one.id)},
            })
        });
        tag.collect()
    }

    /// Those that a note or an actor names by its tags, without those of hosts that no media are taken from.
    pub(crate) fn emojis_of(&self, value: &Value, author: &str) -> Vec<Named> {
        let rules = self.app.domains.rules();
        let Some(server) = json::authority(author).filter(|host| !rules.rejects_media(host)) else {
            return Vec::new();
        };
        let mut found: Vec<Named> = Vec::new();
        for tag in json::list(value, "tag") {
            if found.len() >= MOST || !json::is(tag, "Emoji") {
                continue;
            }
            let shortcode = json::text(tag, "name").trim_matches(':');
            let known = found.iter().any(|one| one.shortcode == shortcode);
            if !bauta_text::is_shortcode(shortcode) || known {
                continue;
            }
            let icon = json::list(tag, "icon");
            let Some((address, _)) = icon.first().and_then(|icon| media::file(icon)) else {
                continue;
            };
            let host = json::authority(address).filter(|host| !rules.rejects_media(host));
            let may = Url::parse(address).is_ok_and(|url| self.may_ask(&url));
            if let Some(host) = host.filter(|_| may && !server.is_empty()) {
                found.push(Named {
                    shortcode: shortcode.to_owned(),
                    url: address.to_owned(),
                    host,
                });
            }
        }
        found
    }

    /// Gets what is due, in random order, and makes room for it.
    pub(crate) async fn get_emojis(self: &Arc<Self>) -> Result<(), Refused> {
        let mut due = remote_emojis::due(&self.app, STEP).await?;
        if due.is_empty() {
            return Ok(());
        }
        bauta_model::chance::shuffle(&mut due);
        let mut any = false;
        for wanted in due {
            // The store has logged what failed.
            any |= self.get_emoji(&wanted).await.unwrap_or(false);
        }
        if any {
            remote_emojis::settle(&self.app, self.media_bytes / 16).await?;
        }
        Ok(())
    }

    /// Gets one; true if it is here now.
    async fn get_emoji(&self, wanted: &Wanted) -> Result<bool, Refused> {
        let got = match self.picture_at(&wanted.url, &wanted.host, MOST_BYTES).await {
            Ok(file) => remote_emojis::got(&self.app, wanted, file).await,
            Err(Failed::Later) => Err(Refused::Busy),
            Err(_) => Err(Refused::NotFound),
        };
        let later = match got {
            Ok(()) => return Ok(true),
            Err(Refused::Busy) => Some(self.later_by(wanted.attempts)),
            Err(_) => None,
        };
        remote_emojis::not_got(&self.app, wanted, later).await?;
        Ok(false)
    }

    /// When something is tried again that was tried so often in vain: four times as many slots each time, and some.
    pub(crate) fn later_by(&self, attempts: i16) -> CoarseTime {
        let slots = 4_u32.saturating_pow(attempts.unsigned_abs().into()).max(1);
        let slots = slots.saturating_add(bauta_model::chance::below(4) as u32);
        CoarseTime::plus(self.app.clock.now(), self.app.clock.slot().saturating_mul(slots))
    }
}
