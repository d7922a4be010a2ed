//! What other servers tell: each activity becomes a verb of the service, spoken by the account of its actor.

use bauta_model::{AccountId, PostId, ReportId};
use bauta_service::{Refused, peers, posts, relations};
use bauta_store::remote::RemoteAccount;
use bauta_store::reports::{self, Category, Report, State};
use serde_json::Value;

use crate::fetch::Failed;
use crate::forwarded::as_it_came;
use crate::incoming::Incoming;
use crate::{Peers, json, questions};

/// Posts that a report names.
const MOST_REPORTED: usize = 40;

impl Peers {
    /// Does what `activity` of `actor`, who has signed it, says. What is not understood, or is nobody's business here,
    /// changes nothing.
    ///
    /// # Errors
    /// [`Failed::Refused`] for what must not be believed, [`Failed::Later`] where something of ours failed.
    pub(crate) async fn perform(&self, actor: &str, incoming: &Incoming) -> Result<(), Failed> {
        if !incoming.is_by(actor) {
            return Err(Failed::Refused);
        }
        let Some(kind) = incoming.kind() else {
            return Ok(());
        };
        let activity = &incoming.value;
        let done = match kind {
            "Follow" => self.follow(actor, activity).await,
            "Accept" | "Reject" => self.answer(incoming, kind == "Accept").await,
            "Undo" => self.undo(actor, activity).await,
            "Create" => self.create(actor, activity).await,
            "Update" => self.update(actor, activity).await,
            "Delete" => self.delete(actor, activity).await,
            "Announce" => self.announce(actor, activity).await,
            "Like" => self.like(actor, activity).await,
            "Block" => self.block(actor, activity, true).await,
            "QuoteRequest" => self.quote_requested(actor, activity).await,
            "Add" | "Remove" => self.pinned(actor, activity, kind == "Add").await,
            "Move" => self.moved(actor, activity).await,
            _ if self.rejects_reports_of(actor) => Ok(()),
            _ => self.flag(activity).await,
        };
        match done {
            // Nobody here has to do with it.
            Err(Failed::Gone) => Ok(()),
            other => other,
        }
    }

    async fn follow(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let followee = self.ours(activity).await?;
        let follower = self.account_of(actor).await?;
        if let Some(name) = json::id(activity) {
            peers::name_follow(&self.app, follower.account, followee, name).await?;
        }
        relations::follow(
            &self.app,
            &peers::speaks(follower.account),
            followee,
            relations::Wish::default(),
        )
        .await?;
        Ok(())
    }

    /// An answer counts for the quote or the follow that it names, if that is of somebody here, and of the one who answers.
    async fn answer(&self, answer: &Incoming, accepted: bool) -> Result<(), Failed> {
        if self.quote_answered(answer, accepted).await? {
            return Ok(());
        }
        let follower = answer.asked_by().ok_or(Failed::Refused)?;
        let follower = self.own_account(follower).await.ok_or(Failed::Gone)?;
        let followee = self.known(&answer.actor).await?.ok_or(Failed::Gone)?;
        peers::answered(&self.app, follower.id, followee.account, accepted).await?;
        if accepted {
            self.pins.look_at(&followee);
        }
        Ok(())
    }

    async fn undo(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let undone = *json::list(activity, "object").first().ok_or(Failed::Refused)?;
        let Some(account) = self.known(actor).await? else {
            return Ok(());
        };
        let speaker = peers::speaks(account.account);
        if json::id_of(undone, "actor").is_some_and(|by| by != actor) {
            return Err(Failed::Refused);
        }
        if json::is(undone, "Follow") {
            let followee = self.ours(undone).await?;
            relations::unfollow(&self.app, &speaker, followee).await?;
        } else if json::is(undone, "Like") {
            let post = self.post_of(undone).await?;
            posts::unfavourite(&self.app, &speaker, post).await?;
        } else if json::is(undone, "Block") {
            self.block(actor, undone, false).await?;
        } else if let Some(boost) = self.post_here(json::id(undone).unwrap_or_default()).await? {
            self.remove_own(boost, account.account, None).await?;
        } else if json::is(undone, "Announce") {
            let post = self.post_of(undone).await?;
            posts::unboost(&self.app, &speaker, post).await?;
        }
        Ok(())
    }

    async fn create(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let object = *json::list(activity, "object").first().ok_or(Failed::Refused)?;
        if let Some((title, question)) = questions::ballot(object) {
            return self.vote(actor, object, (title, question)).await;
        }
        if object.is_string() {
            let note = self.document(object.as_str().unwrap_or_default()).await?;
            return self.take(actor, &note, None).await.map(|_| ());
        }
        self.take(actor, object, Some(activity)).await.map(|_| ())
    }

    /// A ballot, for a poll of ours. Its name is the voter's own, as that of any post.
    async fn vote(&self, actor: &str, ballot: &Value, (title, question): (&str, &str)) -> Result<(), Failed> {
        let own = json::id(ballot).is_some_and(|id| json::same_origin(id, actor));
        if !own || json::id_of(ballot, "attributedTo") != Some(actor) {
            return Err(Failed::Refused);
        }
        let post = self.post_here(question).await?.ok_or(Failed::Gone)?;
        let voter = self.account_of(actor).await?;
        posts::receive_vote(&self.app, &peers::speaks(voter.account), post, title).await?;
        Ok(())
    }

    /// Takes a note of `actor` in. `told`: the activity by which they told it themselves.
    pub(crate) async fn take(
        &self,
        actor: &str,
        note: &Value,
        told: Option<&Value>,
    ) -> Result<PostId, Failed> {
        let author = self.account_of(actor).await?;
        self.complete(&author, note).await;
        let mut received = self.received(note, &author).await?;
        received.pass_on = self.may_pass_on(note, told);
        Ok(posts::receive(&self.app, &peers::speaks(author.account), received).await?)
    }

    async fn update(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let object = *json::list(activity, "object").first().ok_or(Failed::Refused)?;
        self.change(actor, object, Some(activity)).await
    }

    /// Takes in what changed of a note of `actor`, or of the actor. A note that is not here may come before the activity
    /// that made it, which its server tries again.
    pub(crate) async fn change(
        &self,
        actor: &str,
        object: &Value,
        told: Option<&Value>,
    ) -> Result<(), Failed> {
        let author = self.known(actor).await?.ok_or(Failed::Gone)?;
        let id = json::id(object).ok_or(Failed::Refused)?;
        if id == actor {
            self.learn(actor).await?;
            return Ok(());
        }
        let Some(post) = self.post_here(id).await? else {
            return self.take(actor, object, told).await.map(|_| ());
        };
        let mut received = self.received(object, &author).await?;
        received.pass_on = self.may_pass_on(object, told);
        posts::receive_edit(&self.app, &peers::speaks(author.account), post, received).await?;
        Ok(())
    }

    async fn delete(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let id = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        self.erase(actor, id, Some(activity)).await
    }

    /// Deletes a post of `actor`, or the actor. `told`: the activity by which they told it themselves.
    pub(crate) async fn erase(&self, actor: &str, id: &str, told: Option<&Value>) -> Result<(), Failed> {
        let author = self.known(actor).await?.ok_or(Failed::Gone)?;
        if id == actor {
            return Ok(peers::forget(&self.app, actor).await?);
        }
        if self.stamp_gone(&author, id).await? {
            return Ok(());
        }
        match self.post_here(id).await? {
            Some(post) => self.remove_own(post, author.account, told).await,
            // It may still come: its server tries again what did not arrive.
            None if json::same_origin(id, actor) => Ok(posts::never_came(&self.app, id).await?),
            None => Err(Failed::Gone),
        }
    }

    async fn remove_own(&self, post: PostId, author: AccountId, told: Option<&Value>) -> Result<(), Failed> {
        let (found, _) = self.post(post).await?;
        if found.author != author {
            return Err(Failed::Refused);
        }
        match told.and_then(as_it_came) {
            Some(activity) => Ok(posts::remove_and_pass_on(&self.app, post, activity).await?),
            None => Ok(posts::remove(&self.app, post).await?),
        }
    }

    async fn announce(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let uri = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        let open = json::addressed(activity, "to")
            .into_iter()
            .chain(json::addressed(activity, "cc"))
            .any(json::is_public);
        let name = json::id(activity).ok_or(Failed::Refused)?;
        let known = self.post_here(uri).await?;
        if !open {
            return Ok(());
        }
        let booster = self.account_of(actor).await?;
        let post = match known {
            Some(post) => post,
            None => self.boosted(&booster, uri).await?,
        };
        posts::receive_boost(&self.app, &peers::speaks(booster.account), post, name).await?;
        Ok(())
    }

    /// What somebody passed on, got from its own server: only if somebody here follows who passed it on.
    async fn boosted(&self, booster: &RemoteAccount, uri: &str) -> Result<PostId, Failed> {
        if !self.is_followed(booster.account).await? || uri.starts_with(&self.app.site.base_url) {
            return Err(Failed::Gone);
        }
        let note = self.document(uri).await?;
        self.take_open(&note).await
    }

    /// True if somebody here follows an account.
    pub(crate) async fn is_followed(&self, account: AccountId) -> Result<bool, Failed> {
        let followed = self
            .app
            .store
            .read("has_follower", move |conn| {
                bauta_store::relations::has_follower(conn, account)
            })
            .await;
        Ok(followed.map_err(Refused::from)?)
    }

    async fn like(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        let post = self.post_of(activity).await?;
        let account = self.account_of(actor).await?;
        posts::favourite(&self.app, &peers::speaks(account.account), post).await?;
        Ok(())
    }

    async fn block(&self, actor: &str, activity: &Value, on: bool) -> Result<(), Failed> {
        let target = self.ours(activity).await?;
        let speaker = peers::speaks(self.account_of(actor).await?.account);
        if on {
            relations::block(&self.app, &speaker, target).await?;
        } else {
            relations::unblock(&self.app, &speaker, target).await?;
        }
        Ok(())
    }

    fn rejects_reports_of(&self, actor: &str) -> bool {
        json::authority(actor).is_none_or(|host| self.app.domains.rules().rejects_reports(&host))
    }

    /// A report: who made it is not told, and posts count only where they are of whom it is about.
    async fn flag(&self, activity: &Value) -> Result<(), Failed> {
        let (mut target, mut named) = (None, Vec::new());
        for uri in json::addressed(activity, "object")
            .into_iter()
            .take(MOST_REPORTED)
        {
            if let Some(account) = self.own_account(uri).await {
                target = target.or(Some(account.id));
            } else if let Some(post) = self.post_here(uri).await? {
                named.push(post);
            }
        }
        let target = target.ok_or(Failed::Gone)?;
        let mut posts = Vec::new();
        for post in named {
            if self.post(post).await.is_ok_and(|(post, _)| post.author == target) {
                posts.push(post);
            }
        }
        let report = Report {
            id: ReportId::random(),
            target,
            reporter: None,
            category: Category::Other,
            comment: json::text(activity, "content").chars().take(1000).collect(),
            state: State::Open,
            month: self.app.clock.month(),
            assignee: None,
            posts,
        };
        self.app
            .store
            .write("receive_report", move |conn| reports::insert(conn, &report))
            .await
            .map_err(Refused::from)?;
        Ok(())
    }

    /// The account of ours that is the object of an activity.
    async fn ours(&self, activity: &Value) -> Result<AccountId, Failed> {
        let uri = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        Ok(self.own_account(uri).await.ok_or(Failed::Gone)?.id)
    }

    /// The post here that is the object of an activity.
    async fn post_of(&self, activity: &Value) -> Result<PostId, Failed> {
        let uri = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        self.post_here(uri).await?.ok_or(Failed::Gone)
    }
}
