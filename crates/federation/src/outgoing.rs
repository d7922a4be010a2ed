//! From a change here to the activity that tells of it, and to whom. What is told is what is so now.

use bauta_model::{Account, AccountId, Post, PostId, ReportId};
use bauta_service::Refused;
use bauta_store::outbox::{Change, Kind};
use bauta_store::remote::{self, RemoteAccount};
use bauta_store::{polls, post_actions, relations, reports};
use serde_json::{Value, json};

use crate::notes::Audience;
use crate::{Peers, envelope, json, questions};

/// An activity, and where it goes.
pub struct Outgoing {
    /// The JSON.
    pub body: Value,
    /// The post that it carries.
    pub post: Option<PostId>,
    /// Where it goes.
    pub inboxes: Vec<String>,
}

impl Peers {
    /// What is to be told of a change; nothing where nobody needs to know.
    pub(crate) async fn tell(&self, change: &Change) -> Result<Vec<Outgoing>, Refused> {
        if change.kind == Kind::AccountGone {
            return Ok(vec![self.tell_account_gone(&change.detail).await?]);
        }
        if change.kind == Kind::Report {
            return Ok(self
                .tell_report(ReportId::new(change.object))
                .await?
                .into_iter()
                .collect());
        }
        if matches!(
            change.kind,
            Kind::Answered | Kind::AnswerEdited | Kind::AnswerGone
        ) {
            return Ok(self.pass_on(change).await?.into_iter().collect());
        }
        let actor = change.actor;
        let Some(actor) = self
            .app
            .store
            .read("account", move |conn| bauta_store::accounts::by_id(conn, actor))
            .await?
        else {
            return Ok(Vec::new());
        };
        let told = match change.kind {
            Kind::Vote => return self.tell_ballot(&actor, change).await,
            Kind::Poll => self.tell_counts(&actor, PostId::new(change.object)).await,
            Kind::Quote => self.tell_quote(&actor, PostId::new(change.object)).await,
            Kind::QuoteRequest => self.ask_to_quote(&actor, PostId::new(change.object)).await,
            Kind::QuoteAnswer => self.tell_quote_answer(&actor, change).await,
            Kind::QuoteGone => self.tell_stamp_gone(&actor, change).await,
            Kind::Post => self.tell_post(&actor, PostId::new(change.object)).await,
            Kind::PostGone => self.tell_post_gone(&actor, change).await.map(Some),
            Kind::Like => self.tell_like(&actor, PostId::new(change.object)).await,
            Kind::Boost => self.tell_boost(&actor, PostId::new(change.object)).await,
            Kind::BoostGone => self.tell_boost_gone(&actor, change).await,
            Kind::Move => self.tell_move(&actor, AccountId::new(change.object)).await,
            Kind::Pin => self.tell_pin(&actor, PostId::new(change.object)).await,
            Kind::Profile => self.tell_profile(&actor).await.map(Some),
            _ => self.tell_relation(&actor, change).await,
        };
        match told {
            // It is gone by now, and that is told by another change.
            Err(Refused::NotFound) => Ok(Vec::new()),
            other => Ok(other?.into_iter().collect()),
        }
    }

    async fn tell_post(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (post, _) = self.post(id).await?;
        let (kind, suffix) = match post.edited {
            Some(edited) => ("Update", format!("updates/{}", edited.unix_seconds())),
            None => ("Create", "activity".to_owned()),
        };
        let mut told = self.tell_as(actor, &post, (kind, &suffix)).await?;
        if post.edited.is_some() {
            told.inboxes.extend(self.reached(id).await?);
        }
        Ok(Some(told))
    }

    /// Where a post of ours went besides: servers of those who boosted, liked or answered it.
    pub(crate) async fn reached(&self, id: PostId) -> Result<Vec<String>, Refused> {
        let inboxes = self
            .app
            .store
            .read("reached_inboxes", move |conn| remote::reached_inboxes(conn, id));
        Ok(inboxes.await?)
    }

    /// A post of ours in an activity, to all who have or get it.
    pub(crate) async fn tell_as(
        &self,
        actor: &Account,
        post: &Post,
        (kind, suffix): (&str, &str),
    ) -> Result<Outgoing, Refused> {
        let (note, audience) = self.note(post, &actor.handle).await?;
        let mut inboxes = match post.visibility {
            bauta_model::Visibility::Direct => Vec::new(),
            _ => self.followers_of(actor.id).await?,
        };
        if let Some(answered) = post.in_reply_to_author.filter(|_| post.visibility.is_open()) {
            inboxes.extend(self.followers_of(answered).await?);
        }
        inboxes.extend(self.concerned(post).await?.iter().map(inbox));
        let (uri, id) = (self.actor_uri(&actor.handle), post.id);
        let own = json!({
            "published": note["published"],
            "to": audience.to,
            "cc": audience.cc,
            "object": note,
        });
        let body = envelope::activity(kind, &uri, format!("{uri}/{id}/{suffix}"), own);
        Ok(Outgoing {
            body,
            post: Some(id),
            inboxes,
        })
    }

    /// How a poll of ours stands, to all who have it, and to the servers of those who voted.
    async fn tell_counts(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (post, _) = self.post(id).await?;
        let now = self.app.clock.now();
        if !post.poll.as_ref().is_some_and(|poll| poll.shows_totals(now)) {
            return Ok(None);
        }
        let suffix = format!("votes/{}", now.unix_seconds());
        let mut told = self.tell_as(actor, &post, ("Update", &suffix)).await?;
        let voters = self
            .app
            .store
            .read("voter_inboxes", move |conn| polls::voter_inboxes(conn, id))
            .await?;
        told.inboxes.extend(voters);
        Ok(Some(told))
    }

    /// A report, by the server itself: who reported is not told.
    async fn tell_report(&self, id: ReportId) -> Result<Option<Outgoing>, Refused> {
        let report = self
            .app
            .store
            .read("report", move |conn| reports::by_id(conn, id))
            .await?;
        let Some(report) = report else {
            return Ok(None);
        };
        let Some(to) = self.elsewhere(vec![report.target]).await?.pop() else {
            return Ok(None);
        };
        let named = report.posts;
        let names = self
            .app
            .store
            .read("names_of_posts", move |conn| remote::names_of_posts(conn, &named))
            .await?;
        let mut about = vec![to.uri.clone()];
        about.extend(names.into_iter().map(|(_, uri, _)| uri));
        let actor = format!("{}/actor", self.app.site.base_url);
        let own = json!({"content": report.comment, "object": about});
        let body = envelope::activity("Flag", &actor, format!("{actor}#reports/{}", report.id), own);
        Ok(Some(to_one(&to, body)))
    }

    /// A ballot, to the poll's author alone: each choice by itself, as others read it.
    async fn tell_ballot(&self, actor: &Account, change: &Change) -> Result<Vec<Outgoing>, Refused> {
        let (Ok((post, author)), uri) = (
            self.post(PostId::new(change.object)).await,
            self.actor_uri(&actor.handle),
        ) else {
            return Ok(Vec::new());
        };
        let Some(to) = self.elsewhere(vec![post.author]).await?.pop() else {
            return Ok(Vec::new());
        };
        let question = self.post_uri(&post, &author).await?;
        Ok(lines(&change.detail)
            .enumerate()
            .map(|(number, title)| {
                let place = (post.id.get(), number);
                to_one(&to, questions::vote(&uri, (&question, &to.uri), place, &title))
            })
            .collect())
    }

    async fn tell_post_gone(&self, actor: &Account, change: &Change) -> Result<Outgoing, Refused> {
        let uri = self.actor_uri(&actor.handle);
        let gone = format!("{uri}/{}", change.object);
        let mut inboxes = self.followers_of(actor.id).await?;
        inboxes.extend(lines(&change.detail));
        let tombstone = json!({"id": gone, "type": "Tombstone"});
        Ok(Outgoing {
            body: envelope::gone(&uri, &gone, &tombstone),
            post: None,
            inboxes,
        })
    }

    /// That an account of ours is gone, to every server alike: who had to do with it is not written down anywhere, and
    /// whoever left it meanwhile still has what it said.
    async fn tell_account_gone(&self, uri: &str) -> Result<Outgoing, Refused> {
        Ok(Outgoing {
            body: envelope::gone(uri, uri, &json!(uri)),
            post: None,
            inboxes: self.app.store.read("every_inbox", remote::every_inbox).await?,
        })
    }

    async fn tell_like(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (post, author) = self.post(id).await?;
        let Some(to) = self.elsewhere(vec![post.author]).await?.pop() else {
            return Ok(None);
        };
        let (account, below) = (actor.id, AccountId::new(actor.id.get().saturating_add(1)));
        let likes = self
            .app
            .store
            .read("likes", move |conn| {
                post_actions::favourited_by(conn, id, below, 1)
            })
            .await?
            .contains(&account);
        let uri = self.actor_uri(&actor.handle);
        let own = json!({"object": self.post_uri(&post, &author).await?});
        let like = envelope::part("Like", &uri, format!("{uri}#likes/{id}"), own);
        Ok(Some(to_one(&to, envelope::done(&uri, like, likes))))
    }

    async fn tell_boost(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (boost, _) = self.post(id).await?;
        let Some(boosted) = boost.boost_of else {
            return Ok(None);
        };
        let (post, _) = self.post(boosted).await?;
        let uri = self.actor_uri(&actor.handle);
        let author = self.elsewhere(vec![post.author]).await?.pop();
        let named = author.iter().map(|author| author.uri.clone()).collect();
        let audience = Audience::of(boost.visibility, &uri, named);
        let mut inboxes = self.followers_of(actor.id).await?;
        inboxes.extend(author.iter().map(inbox));
        let own = json!({
            "published": self.app.clock.slot_of(id.unix_seconds()).rfc3339(),
            "to": audience.to,
            "cc": audience.cc,
            "object": self.uri_of_post(boosted).await?,
        });
        Ok(Some(Outgoing {
            body: envelope::activity("Announce", &uri, format!("{uri}/{id}/activity"), own),
            post: Some(id),
            inboxes,
        }))
    }

    async fn tell_boost_gone(&self, actor: &Account, change: &Change) -> Result<Option<Outgoing>, Refused> {
        let Ok(boosted) = change.detail.parse::<PostId>() else {
            return Ok(None);
        };
        let (post, _) = self.post(boosted).await?;
        let uri = self.actor_uri(&actor.handle);
        let mut inboxes = self.followers_of(actor.id).await?;
        inboxes.extend(self.elsewhere(vec![post.author]).await?.iter().map(inbox));
        let own = json!({"object": self.uri_of_post(boosted).await?});
        let name = format!("{uri}/{}/activity", change.object);
        let announce = envelope::part("Announce", &uri, name, own);
        Ok(Some(Outgoing {
            body: envelope::done(&uri, announce, false),
            post: None,
            inboxes,
        }))
    }

    async fn tell_profile(&self, actor: &Account) -> Result<Outgoing, Refused> {
        let uri = self.actor_uri(&actor.handle);
        let mut object = self.actor(actor).await?;
        if let Some(object) = object.as_object_mut() {
            object.remove("@context");
        }
        let name = format!("{uri}#updates/{}", self.app.clock.now().unix_seconds());
        let own = json!({"to": [json::PUBLIC], "object": object});
        Ok(Outgoing {
            body: envelope::activity("Update", &uri, name, own),
            post: None,
            inboxes: self.followers_of(actor.id).await?,
        })
    }

    /// Follows, answers to them, and blocks: to the other side alone.
    async fn tell_relation(&self, actor: &Account, change: &Change) -> Result<Option<Outgoing>, Refused> {
        let (own, other) = (actor.id, AccountId::new(change.object));
        let Some(to) = self.elsewhere(vec![other]).await?.pop() else {
            return Ok(None);
        };
        let (between, name) = self
            .app
            .store
            .read("relation", move |conn| {
                let between = relations::between(conn, own, other)?;
                Ok::<_, bauta_store::Error>((between, remote::follow_name(conn, other, own)?))
            })
            .await?;
        let uri = self.actor_uri(&actor.handle);
        let body = match change.kind {
            Kind::Follow => {
                if between.follows {
                    // It was answered meanwhile: nothing more to ask.
                    return Ok(None);
                }
                let name = format!("{uri}#follows/{other}");
                let follow = envelope::part("Follow", &uri, name, json!({"object": to.uri}));
                envelope::done(&uri, follow, between.requested)
            }
            Kind::Answer => {
                if between.requested_by {
                    return Ok(None);
                }
                let kind = if between.followed_by { "Accept" } else { "Reject" };
                let name = name.unwrap_or_else(|| format!("{}#follows/{own}", to.uri));
                let follow = envelope::part("Follow", &to.uri, name, json!({"object": uri}));
                let id = format!("{uri}#answers/{other}/{kind}");
                envelope::activity(kind, &uri, id, json!({"object": follow}))
            }
            _ => {
                let name = format!("{uri}#blocks/{other}");
                let block = envelope::part("Block", &uri, name, json!({"object": to.uri}));
                envelope::done(&uri, block, between.blocks)
            }
        };
        Ok(Some(to_one(&to, body)))
    }

    pub(crate) async fn followers_of(&self, account: AccountId) -> Result<Vec<String>, Refused> {
        Ok(self
            .app
            .store
            .read("follower_inboxes", move |conn| {
                remote::follower_inboxes(conn, account)
            })
            .await?)
    }
}

/// The whole server where it has one inbox for all, so that each is told once.
fn inbox(account: &RemoteAccount) -> String {
    account.shared_inbox.clone()
}

fn to_one(account: &RemoteAccount, body: Value) -> Outgoing {
    Outgoing {
        body,
        post: None,
        inboxes: vec![account.inbox.clone()],
    }
}

fn lines(detail: &str) -> impl Iterator<Item = String> {
    detail.lines().filter(|line| !line.is_empty()).map(str::to_owned)
}
