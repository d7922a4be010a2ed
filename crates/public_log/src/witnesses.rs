//! The log's side of the talk with witnesses.

use std::sync::Arc;
use std::time::Duration;

use bauta_ledger::SignedCheckpoint;
use bauta_ledger::log::Seen;
use bauta_ledger::policy::WitnessEntry;
use bauta_ledger::witness::{ADD_CHECKPOINT, AddCheckpoint, Reply};
use bauta_outbound::{Client, Limits, Redirects, Request};
use url::Url;

use crate::{Failed, PublicLog};

/// A witness answers at once or the next minute.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(20),
    body: 64 * 1024,
    redirects: 0,
};

impl PublicLog {
    /// Asks every witness how far it is: whether there are witnesses to ask, and what those said that answered.
    pub(crate) async fn ask_how_far(self: &Arc<Self>) -> Result<(bool, Vec<Seen>), Failed> {
        let witnesses = self.reachable();
        let checkpoint = self.with_log(|log| log.question()).await?;
        let size = checkpoint.checkpoint.size;
        let mut seen = Vec::new();
        for (witness, place) in &witnesses {
            let request = AddCheckpoint {
                old: size,
                proof: Vec::new(),
                checkpoint: checkpoint.clone(),
            };
            let reply = self.ask(place, &request).await;
            let Some(theirs) = reply.seen(size) else { continue };
            let known = match theirs {
                Seen::Size(theirs) => theirs,
                Seen::Agrees | Seen::OtherRoot => size,
            };
            self.cosigned.lock().insert(witness.name.clone(), known);
            seen.push(theirs);
        }
        Ok((!witnesses.is_empty(), seen))
    }

    /// Shows the newest checkpoint to each witness that has not cosigned it, and publishes what comes back. One that
    /// can't be reached is asked again the next time.
    pub(crate) async fn ask_for_cosignatures(self: &Arc<Self>) -> Result<(), Failed> {
        let missing = self.missing_cosignatures().await?;
        for (witness, place) in self.reachable() {
            if missing.contains(&witness.name)
                && let Some(checkpoint) = self.with_log(|log| Ok(log.checkpoint().cloned())).await?
            {
                self.ask_for_one(&witness, &place, &checkpoint).await?;
            }
        }
        Ok(())
    }

    async fn ask_for_one(
        self: &Arc<Self>,
        witness: &WitnessEntry,
        place: &Url,
        checkpoint: &SignedCheckpoint,
    ) -> Result<(), Failed> {
        let size = checkpoint.checkpoint.size;
        let mut old = self.cosigned.lock().get(&witness.name).copied().unwrap_or(0);
        // A second time with the size that it named, when this process had another one in mind.
        for _ in 0..2 {
            let proof = self.with_log(move |log| log.consistency(old)).await?;
            let request = AddCheckpoint {
                old,
                proof,
                checkpoint: checkpoint.clone(),
            };
            match self.ask(place, &request).await {
                Reply::Cosigned(lines) => {
                    let policy = self.setup.policy.clone();
                    self.with_log(move |log| log.add_cosignatures(&policy, &lines))
                        .await?;
                    self.cosigned.lock().insert(witness.name.clone(), size);
                    return Ok(());
                }
                Reply::Conflict(theirs) if theirs <= size && theirs != old => old = theirs,
                Reply::Conflict(_) | Reply::Refused(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Names of the witnesses that have not cosigned the newest checkpoint.
    pub(crate) async fn missing_cosignatures(self: &Arc<Self>) -> Result<Vec<String>, Failed> {
        let newest = self.with_log(|log| Ok(log.checkpoint().cloned())).await?;
        let witnesses = self.setup.policy.witnesses();
        let keys: Vec<_> = witnesses.iter().map(|witness| witness.key.clone()).collect();
        let signed = newest
            .as_ref()
            .map(|newest| newest.note.verified(&keys).unwrap_or_default());
        let signed = signed.unwrap_or_default();
        let missing = witnesses
            .iter()
            .filter(|witness| signed.iter().all(|(key, _)| **key != witness.key));
        Ok(missing.map(|witness| witness.name.clone()).collect())
    }

    /// The witnesses that have an address, if there is a way out.
    fn reachable(&self) -> Vec<(WitnessEntry, Url)> {
        if self.setup.client.is_none() {
            return Vec::new();
        }
        let witnesses = self.setup.policy.witnesses().iter();
        let reachable = witnesses.filter_map(|witness| {
            let prefix = witness.url.as_deref()?.trim_end_matches('/');
            let place = Url::parse(&format!("{prefix}{ADD_CHECKPOINT}")).ok()?;
            Some((witness.clone(), place))
        });
        reachable.collect()
    }

    async fn ask(&self, place: &Url, request: &AddCheckpoint) -> Reply {
        let Some(client) = &self.setup.client else {
            return Reply::Refused(0);
        };
        send(client, place, request.to_text()).await
    }
}

async fn send(client: &Client, place: &Url, body: String) -> Reply {
    let request = Request::post(place.clone(), body)
        .limits(LIMITS)
        .redirects(Redirects::Never);
    match client.send(request).await {
        Ok(answer) => Reply::read(answer.status, &answer.body),
        // Whatever went wrong, it has not answered.
        Err(_) => Reply::Refused(0),
    }
}
