//! Bringing lists in: each line is what its owner would do by hand, under the same rules. It goes on behind the answer; how far
//! it is stands in memory alone.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::{AccountId, Handle, PostId};
use parking_lot::Mutex;

use super::Kind;
use crate::csv::records;
use crate::relations::{self, Silence, Wish};
use crate::search::{self, Kinds, Question};
use crate::{App, Refused, Speaker, accounts, keepsakes, lists, posts};

/// A line that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it names.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One list.
    List(Kind),
    /// The posts and bookmarks of an archive.
    Archive,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is brought in.
    pub what: What,
    /// Lines of the file, or posts and bookmarks of the archive.
    pub lines: usize,
    /// How many of them were taken.
    pub taken: usize,
    /// How many were not.
    pub not_taken: usize,
    /// The first of those.
    pub failed: Vec<Failed>,
    /// Nothing goes on any more.
    pub over: bool,
}

/// The last import of each account. Nothing of it is kept over a restart.
#[derive(Default)]
pub(crate) struct Imports(Mutex<HashMap<AccountId, Progress>>);

/// The longest file, in bytes.
const MOST_BYTES: usize = 2 << 20;
/// Lines of a file.
const MOST_LINES: usize = 10_000;
/// Failures that are told one by one.
const MOST_TOLD: usize = 50;
/// Imports that are remembered; beyond it, those that are over go.
const MOST_KNOWN: usize = 1_000;

impl Imports {
    pub(super) fn begin(&self, account: AccountId, what: What, lines: usize) -> Result<(), Refused> {
        let mut known = self.0.lock();
        if known.get(&account).is_some_and(|progress| !progress.over) {
            let why = "Something else is being brought in: wait until it is over.";
            return Err(Refused::invalid("file", why));
        }
        if known.len() >= MOST_KNOWN {
            known.retain(|_, progress| !progress.over);
        }
        if known.len() >= MOST_KNOWN {
            return Err(Refused::Busy);
        }
        let progress = Progress {
            what,
            lines,
            taken: 0,
            not_taken: 0,
            failed: Vec::new(),
            over: false,
        };
        known.insert(account, progress);
        Ok(())
    }

    fn change(&self, account: AccountId, change: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.0.lock().get_mut(&account) {
            change(progress);
        }
    }

    /// Notes what became of a line.
    pub(super) fn note(&self, account: AccountId, what: &str, became: Result<(), Refused>) {
        self.change(account, |progress| match became {
            Ok(()) => progress.taken += 1,
            Err(refused) => {
                progress.not_taken += 1;
                if progress.failed.len() < MOST_TOLD {
                    progress.failed.push(Failed {
                        what: what.chars().take(100).collect(),
                        why: refused.to_string(),
                    });
                }
            }
        });
    }
}

/// How far the speaker's last import is.
pub fn progress(app: &App, speaker: &Speaker) -> Option<Progress> {
    app.imports.0.lock().get(&speaker.account).cloned()
}

/// Begins to bring a list in, as Mastodon writes it. What is there already stays.
///
/// # Errors
/// [`Refused::Invalid`] names `file`: it is too long, is no text, or another import goes on.
pub fn begin(app: &Arc<App>, speaker: &Speaker, kind: Kind, file: Vec<u8>) -> Result<(), Refused> {
    speaker.speaks()?;
    let wrong = |why: &str| Err(Refused::invalid("file", why));
    if file.len() > MOST_BYTES {
        return wrong("The file has more than 2 MB: cut it into several.");
    }
    let Ok(text) = String::from_utf8(file) else {
        return wrong("The file is not text in UTF-8.");
    };
    let mut lines = records(text.trim_start_matches('\u{FEFF}'));
    if lines.first().is_some_and(|line| is_head(line)) {
        lines.remove(0);
    }
    if lines.is_empty() {
        return wrong("There is nothing in the file.");
    }
    if lines.len() > MOST_LINES {
        return wrong("The file has more than 10,000 lines: cut it into several.");
    }
    app.imports
        .begin(speaker.account, What::List(kind), lines.len())?;
    go_on(app, speaker, run(Arc::clone(app), speaker.clone(), kind, lines));
    Ok(())
}

/// Works behind the answer. Whatever becomes of it, it is over then.
pub(super) fn go_on(app: &Arc<App>, speaker: &Speaker, work: impl Future<Output = ()> + Send + 'static) {
    let (app, account) = (Arc::clone(app), speaker.account);
    tokio::spawn(async move {
        let _ = tokio::spawn(work).await;
        app.imports.change(account, |progress| progress.over = true);
    });
}

fn is_head(line: &[String]) -> bool {
    let first = line
        .first()
        .map(|cell| cell.trim().trim_start_matches('#').to_lowercase());
    matches!(first.as_deref(), Some("account address" | "domain" | "uri"))
}

/// Takes the lines of a list, one after the other.
pub(super) async fn run(app: Arc<App>, speaker: Speaker, kind: Kind, lines: Vec<Vec<String>>) {
    let me = speaker.account;
    for line in lines {
        // Whoever was suspended or deleted meanwhile does nothing more.
        if accounts::by_id(&app, me).await.is_err() {
            return;
        }
        let what = line
            .iter()
            .take(2)
            .map(|cell| cell.trim())
            .collect::<Vec<_>>()
            .join(", ");
        let became = take(&app, &speaker, kind, &line).await;
        app.imports.note(me, &what, became);
    }
}

async fn take(app: &App, speaker: &Speaker, kind: Kind, line: &[String]) -> Result<(), Refused> {
    let cell = |at: usize| line.get(at).map_or("", |cell| cell.trim());
    let flag = |at: usize| match cell(at).to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    };
    match kind {
        Kind::Follows => {
            let wish = Wish {
                show_boosts: flag(1),
                notify: flag(2),
            };
            let whom = person(app, speaker, cell(0)).await?;
            relations::follow(app, speaker, whom, wish).await?;
        }
        Kind::Blocks => {
            let whom = person(app, speaker, cell(0)).await?;
            relations::block(app, speaker, whom).await?;
        }
        Kind::Mutes => {
            let silence = Silence {
                hide_notifications: flag(1).unwrap_or(true),
                lasting: None,
            };
            let whom = person(app, speaker, cell(0)).await?;
            relations::mute(app, speaker, whom, silence).await?;
        }
        Kind::Lists => {
            let whom = person(app, speaker, cell(1)).await?;
            put_into_list(app, speaker, cell(0), whom).await?;
        }
        Kind::Bookmarks => {
            posts::bookmark(app, speaker, post(app, speaker, cell(0)).await?).await?;
        }
        Kind::Domains => keepsakes::block_domain(app, speaker, cell(0)).await?,
    }
    Ok(())
}

/// The account of an address, looked up on its server where it is not known here.
async fn person(app: &App, speaker: &Speaker, address: &str) -> Result<AccountId, Refused> {
    let address = address.trim_start_matches('@');
    let own = format!("@{}", app.site.domain);
    let handle = Handle::parse_any(address.strip_suffix(own.as_str()).unwrap_or(address))?;
    if let Ok(card) = accounts::by_handle(app, &handle).await {
        return Ok(card.account.id);
    }
    handle.domain().ok_or(Refused::NotFound)?;
    let kinds = Kinds {
        accounts: true,
        tags: false,
        posts: false,
    };
    let found = search::search(app, Some(speaker), &question(address, kinds)).await?;
    let same = found
        .accounts
        .iter()
        .find(|card| card.account.handle.key() == handle.key());
    same.map(|card| card.account.id).ok_or(Refused::NotFound)
}

/// The post at an address.
async fn post(app: &App, speaker: &Speaker, address: &str) -> Result<PostId, Refused> {
    if !address.starts_with("https://") && !address.starts_with("http://") {
        return Err(Refused::NotFound);
    }
    let kinds = Kinds {
        accounts: false,
        tags: false,
        posts: true,
    };
    let found = search::search(app, Some(speaker), &question(address, kinds)).await?;
    found
        .posts
        .first()
        .map(crate::reading::Shown::id)
        .ok_or(Refused::NotFound)
}

fn question(text: &str, kinds: Kinds) -> Question {
    Question {
        text: text.to_owned(),
        kinds,
        following: false,
        author: None,
        limit: 5,
        offset: 0,
    }
}

async fn put_into_list(app: &App, speaker: &Speaker, title: &str, whom: AccountId) -> Result<(), Refused> {
    let all = lists::all(app, speaker).await?;
    let list = if let Some(list) = all.into_iter().find(|list| list.title == title) {
        list.id
    } else {
        let wish = lists::Wish {
            title: Some(title.to_owned()),
            ..lists::Wish::default()
        };
        lists::create(app, speaker, wish).await?.id
    };
    lists::add(app, speaker, list, vec![whom]).await
}
