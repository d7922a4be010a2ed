//! Posts: ours as notes, theirs as what the service takes in.

use bauta_model::{AccountId, Attachment, CoarseTime, Handle, Post, PostId, ReplyPolicy, Visibility};
use bauta_service::posts::Received;
use bauta_service::{Refused, peers};
use bauta_store::remote::{self, RemoteAccount};
use serde_json::{Value, json};

use crate::fetch::Failed;
use crate::incoming::Note;
use crate::{Peers, json, questions};

/// A medium of a post, as Mastodon reads it: ActivityStreams `Document`, with `blurhash` and `focalPoint` of
/// <http://joinmastodon.org/ns>.
fn document(base: &str, one: &Attachment) -> Value {
    let part = |thousandths: i16| f64::from(thousandths) / 1000.0;
    json!({
        "type": "Document",
        "mediaType": one.mime,
        "url": format!("{base}/media/{}", one.id),
        "name": (!one.description.is_empty()).then_some(&one.description),
        "blurhash": one.blurhash,
        "focalPoint": [part(one.focus.x()), part(one.focus.y())],
        "width": one.width,
        "height": one.height,
    })
}

/// People of one note who are looked at.
const MOST_NAMED: usize = 50;

/// To whom something of ours goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// To.
    pub to: Vec<String>,
    /// And.
    pub cc: Vec<String>,
}

impl Audience {
    /// The audience of a post of `actor`. `named`: those whom it names or answers.
    pub fn of(visibility: Visibility, actor: &str, named: Vec<String>) -> Self {
        let followers = format!("{actor}/followers");
        let everybody = json::PUBLIC.to_owned();
        let (to, mut cc) = match visibility {
            Visibility::Public => (vec![everybody], vec![followers]),
            Visibility::Unlisted => (vec![followers], vec![everybody]),
            Visibility::Followers => (vec![followers], Vec::new()),
            Visibility::Direct => (named.clone(), Vec::new()),
        };
        if visibility != Visibility::Direct {
            cc.extend(named);
        }
        Self { to, cc }
    }
}

/// Who may answer a post of `actor`, as GoToSocial reads it. `tags`: those of its note.
fn can_reply(actor: &str, post: &Post, tags: &Value) -> Value {
    let mut who = match post.reply_policy {
        ReplyPolicy::Everybody => vec![json::PUBLIC.to_owned()],
        ReplyPolicy::Followers => vec![actor.to_owned(), format!("{actor}/followers")],
        ReplyPolicy::Mentioned | ReplyPolicy::Nobody => vec![actor.to_owned()],
    };
    if matches!(post.reply_policy, ReplyPolicy::Followers | ReplyPolicy::Mentioned) {
        let tags = tags.as_array().into_iter().flatten();
        let named = tags.filter(|tag| json::is(tag, "Mention"));
        who.extend(named.filter_map(|tag| tag["href"].as_str()).map(str::to_owned));
    }
    json!({"automaticApproval": who})
}

impl Peers {
    /// The name of a post: its page here, or what its server calls it.
    pub(crate) async fn post_uri(&self, post: &Post, author: &Handle) -> Result<String, Refused> {
        if author.domain().is_none() {
            return Ok(format!("{}/{}", self.actor_uri(author), post.id));
        }
        let id = post.id;
        let names = self
            .app
            .store
            .read("name_of_post", move |conn| remote::names_of_posts(conn, &[id]))
            .await?;
        names
            .into_iter()
            .next()
            .map(|(_, uri, _)| uri)
            .ok_or(Refused::NotFound)
    }

    /// The name of a post by its number alone.
    pub(crate) async fn uri_of_post(&self, id: PostId) -> Result<String, Refused> {
        let (post, author) = self.post(id).await?;
        self.post_uri(&post, &author).await
    }

    /// A post and its author's handle, whoever may read it: the caller decides that.
    pub(crate) async fn post(&self, id: PostId) -> Result<(Post, Handle), Refused> {
        self.app
            .store
            .read("post", move |conn| {
                let post = bauta_store::posts::by_id(conn, id)?.ok_or(Refused::NotFound)?;
                let author = bauta_store::accounts::by_id(conn, post.author)?.ok_or(Refused::NotFound)?;
                Ok((post, author.handle))
            })
            .await
    }

    /// Those of other servers whom a post names or answers.
    pub(crate) async fn concerned(&self, post: &Post) -> Result<Vec<RemoteAccount>, Refused> {
        let mut ids: Vec<AccountId> = post.mentions.iter().map(|mention| mention.account).collect();
        if post.visibility != Visibility::Direct {
            ids.extend(post.in_reply_to_author);
        }
        self.elsewhere(ids).await
    }

    pub(crate) fn hashtag(&self, tag: &str) -> Value {
        let href = format!("{}/tags/{tag}", self.app.site.base_url);
        json!({"type": "Hashtag", "href": href, "name": format!("#{tag}")})
    }

    /// A post of ours as a note, with its audience.
    pub(crate) async fn note(&self, post: &Post, author: &Handle) -> Result<(Value, Audience), Refused> {
        let actor = self.actor_uri(author);
        let uri = format!("{actor}/{}", post.id);
        let concerned = self.concerned(post).await?;
        let name_of = |id: AccountId, handle: &Handle| {
            let remote = concerned.iter().find(|account| account.account == id);
            remote.map_or_else(|| self.actor_uri(handle), |account| account.uri.clone())
        };
        let mut named: Vec<String> = Vec::new();
        let mut tags: Vec<Value> = Vec::new();
        for mention in &post.mentions {
            let href = name_of(mention.account, &mention.handle);
            let handle = match mention.handle.domain() {
                Some(_) => mention.handle.to_string(),
                None => format!("{}@{}", mention.handle, self.app.site.domain),
            };
            tags.push(json!({"type": "Mention", "href": href, "name": format!("@{handle}")}));
            named.push(href);
        }
        for account in &concerned {
            if !named.contains(&account.uri) {
                named.push(account.uri.clone());
            }
        }
        for tag in &post.tags {
            tags.push(self.hashtag(tag));
        }
        let options = post.poll.iter().flat_map(bauta_model::Poll::titles);
        let texts = [post.text.as_str(), post.warning.as_str()]
            .into_iter()
            .chain(options);
        tags.extend(self.emoji_tags(texts));
        let audience = Audience::of(post.visibility, &actor, named);
        let in_reply_to = match post.in_reply_to {
            Some(parent) => self.uri_of_post(parent).await.ok(),
            None => None,
        };
        let published = self.app.clock.slot_of(post.id.unix_seconds());
        let mut note = json!({
            "id": uri,
            "type": "Note",
            "attributedTo": actor,
            "content": post.html,
            "inReplyTo": in_reply_to,
            "context": self.context_of(post).await,
            "published": published.rfc3339(),
            "sensitive": post.sensitive,
            "summary": (!post.warning.is_empty()).then_some(&post.warning),
            "tag": tags,
            "to": audience.to,
            "cc": audience.cc,
            "url": uri,
        });
        if !post.media.is_empty() {
            let base = &self.app.site.base_url;
            note["attachment"] = post.media.iter().map(|one| document(base, one)).collect();
        }
        if let Some(poll) = &post.poll {
            questions::write(&mut note, poll, self.app.clock.now());
        }
        if let Some(language) = &post.language {
            note["contentMap"] = json!({ language: post.html });
        }
        if let Some(edited) = post.edited {
            note["updated"] = json!(CoarseTime::rfc3339(edited));
        }
        note["interactionPolicy"] = json!({
            "canQuote": Self::can_quote(&actor, post.quote_policy),
            "canReply": can_reply(&actor, post, &note["tag"]),
        });
        self.write_quote(&mut note, post).await?;
        Ok((note, audience))
    }

    /// The post here that a name means: one of ours, or one that came.
    pub(crate) async fn post_here(&self, uri: &str) -> Result<Option<PostId>, Refused> {
        if let Some(rest) = uri.strip_prefix(&self.app.site.base_url) {
            let found = rest.strip_prefix("/@").and_then(|rest| rest.split_once('/'));
            let Some((name, id)) = found.and_then(|(name, id)| Some((name, id.parse::<PostId>().ok()?)))
            else {
                return Ok(None);
            };
            let fits = self
                .post(id)
                .await
                .is_ok_and(|(_, author)| author.as_str() == name);
            return Ok(fits.then_some(id));
        }
        let uri = uri.to_owned();
        Ok(self
            .app
            .store
            .read("post_by_uri", move |conn| remote::post_by_uri(conn, &uri))
            .await?)
    }

    /// A note of `author` as the service takes it in. What it answers counts only where its author may read that.
    pub(crate) async fn received(&self, note: &Value, author: &RemoteAccount) -> Result<Received, Failed> {
        let poll = questions::read(note, &self.app.clock);
        let media = self.media_of(note, &author.uri);
        let emojis = self.emojis_of(note, &author.uri);
        let edited = note["updated"].as_str().and_then(CoarseTime::read_seconds);
        let note = Note::read(note, &author.uri, &author.followers_uri).ok_or(Failed::Refused)?;
        Ok(Received {
            quote: self.quoted_by(note.quotes.as_ref(), note.uri, author).await?,
            quote_policy: note.quote_policy,
            reply_policy: note.reply_policy,
            poll,
            media,
            emojis,
            edited: edited.map(|at| self.app.clock.slot_of(at)),
            pass_on: None,
            in_reply_to: self.answered(note.answers, author).await?,
            mentions: self.named(&note.named, &author.followers_uri).await?,
            uri: note.uri.to_owned(),
            url: note.url.to_owned(),
            html: note.html,
            warning: note.warning,
            visibility: note.visibility,
            sensitive: note.sensitive,
            language: note.language,
            tags: note.tags,
        })
    }

    pub(crate) async fn answered(
        &self,
        uri: Option<&str>,
        author: &RemoteAccount,
    ) -> Result<Option<PostId>, Failed> {
        let Some(uri) = uri else {
            return Ok(None);
        };
        let Some(parent) = self.post_here(uri).await? else {
            return Ok(None);
        };
        let speaker = peers::speaks(author.account);
        match bauta_service::posts::read(&self.app, Some(&speaker), parent).await {
            Ok(_) => Ok(Some(parent)),
            Err(Refused::NotFound) => Ok(None),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Those whom a note names, as far as they are known. `followers` of its author are nobody in particular.
    async fn named(&self, uris: &[&str], followers: &str) -> Result<Vec<AccountId>, Failed> {
        let mut accounts = Vec::new();
        for uri in uris.iter().filter(|uri| **uri != followers).take(MOST_NAMED) {
            if let Some(own) = self.own_account(uri).await {
                accounts.push(own.id);
            } else if let Some(known) = self.known(uri).await? {
                accounts.push(known.account);
            }
        }
        Ok(accounts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_come_back_as_they_were_sent() {
        let actor = "https://a.example/@x";
        let followers = format!("{actor}/followers");
        for visibility in Visibility::ALL {
            let audience = Audience::of(visibility, actor, vec!["https://b.example/y".to_owned()]);
            let to: Vec<&str> = audience.to.iter().map(String::as_str).collect();
            let cc: Vec<&str> = audience.cc.iter().map(String::as_str).collect();
            assert_eq!(crate::incoming::visibility(&to, &cc, &followers), visibility);
        }
    }
}
