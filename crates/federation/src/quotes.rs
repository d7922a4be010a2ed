//! Quotes across servers (FEP-044f): who asks, who answers, the stamps that prove an author's consent, and their end.

use bauta_model::{Account, Handle, Post, PostId, Quote, QuotePolicy};
use bauta_service::posts::{self, QuoteReceived};
use bauta_service::quoted::MayQuote;
use bauta_service::{Refused, peers};
use bauta_store::outbox::Change;
use bauta_store::quotes;
use bauta_store::remote::{self, RemoteAccount};
use serde_json::{Value, json};

use crate::fetch::Failed;
use crate::incoming::{self, Incoming, Quoting};
use crate::outgoing::Outgoing;
use crate::{Peers, envelope, json};

/// What follows the name of a quoting post in the name of the request to let it quote.
const REQUEST: &str = "#quote";

impl Peers {
    /// The stamp of ours by which the author of `quoted` lets `quoting` quote it.
    fn stamp(&self, quoted: (&Handle, PostId), quoting: PostId) -> String {
        format!("{}/{}/quotes/{quoting}", self.actor_uri(quoted.0), quoted.1)
    }

    /// Who may quote what `actor` posts, as others read it.
    pub(crate) fn can_quote(actor: &str, policy: QuotePolicy) -> Value {
        let who = match policy {
            QuotePolicy::Public => json::PUBLIC.to_owned(),
            QuotePolicy::Followers => format!("{actor}/followers"),
            _ => actor.to_owned(),
        };
        json!({"automaticApproval": [who]})
    }

    /// Says in a note of ours what it quotes: in the fields that servers know, and as a link for those that know none.
    pub(crate) async fn write_quote(&self, note: &mut Value, post: &Post) -> Result<(), Refused> {
        let Some(quoted) = post
            .quote
            .as_ref()
            .filter(|quote| quote.is_open())
            .and_then(|quote| quote.post)
        else {
            return Ok(());
        };
        let Ok((found, author)) = self.post(quoted).await else {
            return Ok(());
        };
        let (uri, page) = if author.domain().is_none() {
            let uri = format!("{}/{quoted}", self.actor_uri(&author));
            (uri.clone(), uri)
        } else {
            let names = self
                .app
                .store
                .read("name_of_post", move |conn| {
                    remote::names_of_posts(conn, &[quoted])
                })
                .await?;
            let Some((_, uri, url)) = names.into_iter().next() else {
                return Ok(());
            };
            (uri, url)
        };
        for field in ["quote", "quoteUri", "_misskey_quote"] {
            note[field] = json!(uri);
        }
        let content = format!(
            "<p class=\"quote-inline\">RE: <a href=\"{0}\">{0}</a></p>{1}",
            incoming::escaped(&page),
            post.html
        );
        if let Some(map) = note["contentMap"].as_object_mut() {
            for said in map.values_mut() {
                *said = json!(content);
            }
        }
        note["content"] = json!(content);
        if post.quote.as_ref().and_then(Quote::accepted).is_some() {
            let stamp = if author.domain().is_none() {
                Some(self.stamp((&author, found.id), post.id))
            } else {
                self.stamp_of(post.id).await?
            };
            note["quoteAuthorization"] = json!(stamp);
        }
        Ok(())
    }

    async fn stamp_of(&self, quoting: PostId) -> Result<Option<String>, Refused> {
        Ok(self
            .app
            .store
            .read("stamp_of", move |conn| quotes::stamp_of(conn, quoting))
            .await?)
    }

    /// The stamp for `quoting` of a post of ours, for `asker`: whoever may read the quoted post, and the quoting one or
    /// comes from its server.
    pub(crate) async fn stamp_for(
        &self,
        (account, quoted): (&Account, PostId),
        quoting: PostId,
        (asker, host): (Option<RemoteAccount>, Option<String>),
    ) -> Result<Value, Refused> {
        let (post, author) = self.post(quoting).await?;
        let quotes = post.quote.as_ref().and_then(Quote::accepted) == Some(quoted);
        if !quotes {
            return Err(Refused::NotFound);
        }
        self.note_for(account, quoted, asker.clone()).await?;
        if !post.visibility.is_open() && author.domain().map(str::to_owned) != host {
            let asker = asker.ok_or(Refused::NotFound)?;
            posts::read(&self.app, Some(&peers::speaks(asker.account)), quoting).await?;
        }
        let uri = self.actor_uri(&account.handle);
        Ok(envelope::document(json!({
            "id": self.stamp((&account.handle, quoted), quoting),
            "type": "QuoteAuthorization",
            "attributedTo": uri,
            "interactingObject": self.post_uri(&post, &author).await?,
            "interactionTarget": format!("{uri}/{quoted}"),
        })))
    }

    /// What a note of `author` quotes, as far as the quoted post is here and its author may read it.
    pub(crate) async fn quoted_by(
        &self,
        quoting: Option<&Quoting<'_>>,
        uri: &str,
        author: &RemoteAccount,
    ) -> Result<Option<QuoteReceived>, Failed> {
        let Some(quoting) = quoting else {
            return Ok(None);
        };
        let Some(quoted) = self.answered(Some(quoting.uri), author).await? else {
            return Ok(None);
        };
        let (post, handle) = self.post(quoted).await?;
        let mut received = QuoteReceived {
            post: quoted,
            unasked: quoting.unasked,
            proven: post.author == author.account,
            stamp: None,
        };
        let elsewhere = handle.domain().is_some() && !received.proven;
        if let (true, Some(stamp)) = (elsewhere, quoting.stamp) {
            let by = self
                .elsewhere(vec![post.author])
                .await?
                .pop()
                .ok_or(Failed::Gone)?;
            if self.is_stamp(stamp, &by, (uri, quoting.uri)).await {
                received.proven = true;
                received.stamp = Some(stamp.to_owned());
            }
        }
        Ok(Some(received))
    }

    /// True if `stamp` says that `by` lets the one quote the other. It is believed from the origin of its author alone.
    async fn is_stamp(&self, stamp: &str, by: &RemoteAccount, (quoting, quoted): (&str, &str)) -> bool {
        let host = json::authority(stamp).unwrap_or_default();
        if !json::same_origin(stamp, &by.uri) || !self.may_ask_again(&host) {
            return false;
        }
        let Ok(said) = self.document(stamp).await else {
            return false;
        };
        json::is(&said, "QuoteAuthorization")
            && json::id(&said) == Some(stamp)
            && json::id_of(&said, "attributedTo") == Some(&by.uri)
            && json::id_of(&said, "interactingObject") == Some(quoting)
            && json::id_of(&said, "interactionTarget") == Some(quoted)
    }

    /// Gets what a note quotes, as [`Peers::complete_thread`] gets what it answers: once, and not what that quotes.
    pub(crate) async fn bring_quoted(&self, note: &Value) -> Result<(), Failed> {
        let Some(quoting) = Quoting::read(note) else {
            return Ok(());
        };
        let host = json::authority(quoting.uri).unwrap_or_default();
        let own = quoting.uri.starts_with(&self.app.site.base_url);
        if own || self.post_here(quoting.uri).await?.is_some() || !self.may_ask_again(&host) {
            return Ok(());
        }
        let quoted = self.document(quoting.uri).await?;
        self.take_open(&quoted).await.map(|_| ())
    }

    /// Somebody asks whether their post may quote one of ours. Whoever may not read that hears nothing.
    pub(crate) async fn quote_requested(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let uri = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        let name = json::id(activity).ok_or(Failed::Refused)?;
        let quoted = self.post_here(uri).await?.ok_or(Failed::Gone)?;
        let (post, handle) = self.post(quoted).await?;
        if handle.domain().is_some() {
            return Err(Failed::Gone);
        }
        let asker = self.account_of(actor).await?;
        let speaker = peers::speaks(asker.account);
        let found = posts::read(&self.app, Some(&speaker), quoted).await?;
        let instrument = *json::list(activity, "instrument")
            .first()
            .ok_or(Failed::Refused)?;
        let quoting = json::id(instrument).ok_or(Failed::Refused)?;
        // Both are noted as lines.
        let odd = [name, quoting]
            .iter()
            .any(|uri| uri.chars().any(char::is_control));
        if odd || found.boost.is_some() || !json::same_origin(quoting, actor) {
            return Err(Failed::Refused);
        }
        posts::check_asking(&self.app, &speaker).await?;
        let lets = posts::may_quote(&self.app, &speaker, quoted).await? == MayQuote::Yes;
        let taken = if lets {
            Some(self.take_quoting(&asker, instrument, uri).await?)
        } else {
            None
        };
        let request = posts::QuoteRequest {
            name: name.to_owned(),
            quoting: quoting.to_owned(),
            asker: asker.account,
        };
        Ok(posts::answer_quote_request(&self.app, (post.author, quoted), taken, request).await?)
    }

    /// The quoting post that a request names, taken in if it is not here.
    async fn take_quoting(
        &self,
        author: &RemoteAccount,
        instrument: &Value,
        quoted: &str,
    ) -> Result<PostId, Failed> {
        let uri = json::id(instrument).ok_or(Failed::Refused)?;
        if let Some(here) = self.post_here(uri).await? {
            return Ok(here);
        }
        let got;
        let note = if instrument.is_object() {
            instrument
        } else {
            let host = json::authority(uri).unwrap_or_default();
            if !self.may_ask_again(&host) {
                return Err(Failed::Later);
            }
            got = self.document(uri).await?;
            &got
        };
        if Quoting::read(note).is_none_or(|quoting| quoting.uri != quoted) {
            return Err(Failed::Refused);
        }
        let received = self.received(note, author).await?;
        Ok(posts::receive_for_boost(&self.app, &peers::speaks(author.account), received).await?)
    }

    /// The quoting post of ours that an answer is about; nothing where it answers something else.
    fn asked_to_quote<'a>(&self, answer: &'a Incoming) -> Option<&'a str> {
        let object = answer.object()?;
        let name = json::id(object)?.strip_suffix(REQUEST)?;
        name.starts_with(&self.app.site.base_url).then_some(name)
    }

    /// Takes in what the author of a quoted post elsewhere says to a quote of ours. False where it is no such answer.
    pub(crate) async fn quote_answered(&self, answer: &Incoming, accepted: bool) -> Result<bool, Failed> {
        let Some(uri) = self.asked_to_quote(answer) else {
            return Ok(false);
        };
        let quoting = self.post_here(uri).await?.ok_or(Failed::Gone)?;
        let by = self.known(&answer.actor).await?.ok_or(Failed::Gone)?;
        let stamp = json::id_of(&answer.value, "result").filter(|stamp| json::same_origin(stamp, &by.uri));
        if accepted && stamp.is_none() {
            return Err(Failed::Refused);
        }
        let stamp = stamp.filter(|_| accepted).map(str::to_owned);
        posts::quote_answered(&self.app, by.account, quoting, stamp).await?;
        Ok(true)
    }

    /// A stamp is taken back by whose it is. False where the name is no stamp that is known.
    pub(crate) async fn stamp_gone(&self, by: &RemoteAccount, stamp: &str) -> Result<bool, Failed> {
        if !json::same_origin(stamp, &by.uri) {
            return Ok(false);
        }
        Ok(posts::stamp_gone(&self.app, by.account, stamp).await?)
    }

    /// Asks the author of a post elsewhere whether one of ours may quote it.
    pub(crate) async fn ask_to_quote(
        &self,
        actor: &Account,
        id: PostId,
    ) -> Result<Option<Outgoing>, Refused> {
        let (post, _) = self.post(id).await?;
        let Some(quoted) = post
            .quote
            .as_ref()
            .filter(|quote| quote.is_open())
            .and_then(|quote| quote.post)
        else {
            return Ok(None);
        };
        let (found, author) = self.post(quoted).await?;
        let Some(to) = self.elsewhere(vec![found.author]).await?.pop() else {
            return Ok(None);
        };
        let (note, _) = self.note(&post, &actor.handle).await?;
        let uri = self.actor_uri(&actor.handle);
        let own = json!({"object": self.post_uri(&found, &author).await?, "instrument": note});
        Ok(Some(Outgoing {
            body: envelope::activity("QuoteRequest", &uri, format!("{uri}/{id}{REQUEST}"), own),
            post: Some(id),
            inboxes: vec![to.inbox],
        }))
    }

    /// Answers a request: by what is so now.
    pub(crate) async fn tell_quote_answer(
        &self,
        actor: &Account,
        change: &Change,
    ) -> Result<Option<Outgoing>, Refused> {
        let Some((request, quoted)) = posts::QuoteRequest::read(&change.detail) else {
            return Ok(None);
        };
        let Some(to) = self.elsewhere(vec![request.asker]).await?.pop() else {
            return Ok(None);
        };
        let quoting = self.post_here(&request.quoting).await?;
        let accepted = match quoting {
            Some(id) => {
                let (post, _) = self.post(id).await?;
                (post.quote.as_ref().and_then(Quote::accepted) == Some(quoted)).then_some(id)
            }
            None => None,
        };
        let uri = self.actor_uri(&actor.handle);
        let kind = if accepted.is_some() { "Accept" } else { "Reject" };
        let asked = json!({"object": format!("{uri}/{quoted}"), "instrument": request.quoting});
        let asked = envelope::part("QuoteRequest", &to.uri, request.name, asked);
        let name = format!("{uri}/{quoted}#answers/{}/{kind}", change.object);
        let mut body = envelope::activity(kind, &uri, name, json!({"to": [to.uri], "object": asked}));
        if let Some(id) = accepted {
            body["result"] = json!(self.stamp((&actor.handle, quoted), id));
        }
        Ok(Some(Outgoing {
            body,
            post: None,
            inboxes: vec![to.inbox],
        }))
    }

    /// Takes a stamp of ours back, to all who may hold what it allowed.
    pub(crate) async fn tell_stamp_gone(
        &self,
        actor: &Account,
        change: &Change,
    ) -> Result<Option<Outgoing>, Refused> {
        let quoting = PostId::new(change.object);
        let Ok(quoted) = change.detail.parse::<PostId>() else {
            return Ok(None);
        };
        let mut inboxes = self.followers_of(actor.id).await?;
        if let Ok((post, _)) = self.post(quoting).await {
            let author = self.elsewhere(vec![post.author]).await?;
            inboxes.extend(author.into_iter().map(|author| author.inbox));
        }
        let uri = self.actor_uri(&actor.handle);
        let stamp = self.stamp((&actor.handle, quoted), quoting);
        let object = json!({"id": stamp, "type": "QuoteAuthorization"});
        Ok(Some(Outgoing {
            body: envelope::gone(&uri, &stamp, &object),
            post: None,
            inboxes,
        }))
    }

    /// Tells what changed of a post beside its words: what it quotes, or who may quote it.
    pub(crate) async fn tell_quote(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (post, _) = self.post(id).await?;
        let suffix = format!("quotes/{}", self.app.clock.now().unix_seconds());
        let mut told = self.tell_as(actor, &post, ("Update", &suffix)).await?;
        told.inboxes.extend(self.reached(id).await?);
        Ok(Some(told))
    }
}
