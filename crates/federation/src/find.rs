//! Looking up what somebody here searches for: a handle or an address of another server.

use std::sync::Arc;

use bauta_model::Handle;
use bauta_service::search::{Asked, Elsewhere};

use crate::fetch::Failed;
use crate::{Peers, json};

/// Starts answering the service's questions.
pub fn start(peers: &Arc<Peers>) {
    let mut questions = peers.app.elsewhere.listen();
    let peers = Arc::clone(peers);
    tokio::spawn(async move {
        while let Some(question) = questions.recv().await {
            let peers = Arc::clone(&peers);
            tokio::spawn(async move {
                let found = match &question.asked {
                    Asked::Find(text) => peers.find(text).await.ok(),
                    Asked::SaysThatItIs { actor, other } => {
                        let account = peers.names_as_itself(actor, other).await.ok();
                        account.map(|account| Elsewhere::Account(account.account))
                    }
                    Asked::Way { handle, act, object } => {
                        let address = peers.way(handle, *act, object).await.ok();
                        address.map(Elsewhere::Page)
                    }
                };
                let _ = question.answer.send(found);
            });
        }
    });
}

impl Peers {
    async fn find(&self, text: &str) -> Result<Elsewhere, Failed> {
        if text.starts_with("https://") || text.starts_with("http://") {
            return self.find_address(text).await;
        }
        let handle = Handle::parse_any(text).map_err(|_| Failed::Refused)?;
        Ok(Elsewhere::Account(self.resolve(&handle).await?.account))
    }

    async fn find_address(&self, uri: &str) -> Result<Elsewhere, Failed> {
        if let Some(post) = self.post_here(uri).await? {
            return Ok(Elsewhere::Post(post));
        }
        if let Some(known) = self.known(uri).await? {
            return Ok(Elsewhere::Account(known.account));
        }
        let document = self.document(uri).await?;
        let id = json::id(&document).ok_or(Failed::Refused)?.to_owned();
        if json::id_of(&document, "attributedTo").is_none() {
            return Ok(Elsewhere::Account(self.account_of(&id).await?.account));
        }
        let post = self.take_open(&document).await?;
        Ok(Elsewhere::Post(post))
    }
}
