//! Telling the user: a notice on the pages, and a direct post from the server's own account for apps. Saying that one has
//! read it takes a row away and leaves no time. What the user answers is sealed to the officers' keys; events say only
//! that there was an answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use bauta_inventory::Status;
use bauta_legal::{Fact, Hash, Held, OfficerId, ProcessFact, notice_window};
use bauta_letters::received_date;
use bauta_model::{Account, AccountId, Day, DemandId, Handle, Mention, NoticeId, Post, Visibility, counted};
use bauta_store::desk::notices::{self, Notice};
use bauta_store::notifications::{self, Kind};
use bauta_store::sessions::Owner;
use bauta_store::{Conn, accounts, posts, settings};
use serde::{Deserialize, Serialize};

use crate::case::Entry;
use crate::holdings::Counted;
use crate::papers;
use crate::{Case, Desk, Officer, Refused};

/// Shown on a lock screen: it tells nothing of what it is about.
const TITLE: &str = "A message from your server";
/// The setting that names the server's own account.
const ACCOUNT: &str = "server_account";

/// What is asked for and what it comes to, as the user is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldLine {
    /// The demand's words.
    pub requested: String,
    /// What it comes to, for people.
    pub answer: String,
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// "A message from your server".
    pub title: String,
    /// Who asks, by office and rank.
    pub issuer: String,
    /// By which instrument, and the law that it cites.
    pub instrument: String,
    /// When and how it came, as received.
    pub served: String,
    /// By when it wants an answer, as received.
    pub due: Option<String>,
    /// What it asks for, and what that comes to.
    pub asked: Vec<ToldLine>,
    /// A sealed copy was made of what is held and asked for.
    pub copy_kept: bool,
    /// The last day on which an answer is waited for.
    pub window_ends: String,
    /// How that day was computed.
    pub window_how: Vec<String>,
    /// What the user should know.
    pub paragraphs: Vec<String>,
    /// What proves that this notice was given: the public name of the demand, and the hash of the event.
    pub receipt: Receipt,
    /// Which of the keyholders this is.
    pub keyholder: u16,
    /// On every page and letter of the desk.
    pub not_advice: String,
    /// Promises and receipts of the public log, as files: counsel's copy carries them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<String>,
}

/// What a user holds in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The demand's name in the public record.
    pub demand: String,
    /// The number of the event that told the user, from 0.
    pub event: u32,
    /// SHA-256 of that event as JSON.
    pub hash: Hash,
}

/// A notice as its account sees it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Random.
    pub id: NoticeId,
    /// The last day on which an answer is waited for.
    pub until: Day,
    /// It was seen.
    pub seen: bool,
    /// What was answered.
    pub answer: notices::Answer,
    /// What it says.
    pub letter: Letter,
}

/// The server's own account: it speaks to its users and to nobody else. Made at the start of a server, so that its being
/// there tells nothing; nobody can sign in as it.
///
/// # Errors
/// Those of the store.
pub fn ensure_server_account(conn: &mut Conn) -> bauta_store::Result<Account> {
    let known = settings::get(conn, ACCOUNT)?
        .and_then(|id| id.parse().ok())
        .map(AccountId::new);
    if let Some(account) = known.map(|id| accounts::by_id(conn, id)).transpose()?.flatten() {
        return Ok(account);
    }
    for name in ["server", "server_account", "this_server", "server_itself"] {
        let Ok(handle) = Handle::parse(name) else { continue };
        if accounts::by_handle(conn, &handle)?.is_some() {
            continue;
        }
        let account = Account {
            display_name: "This server".to_owned(),
            locked: true,
            bot: true,
            ..Account::new(AccountId::random(), handle, conn.now().month())
        };
        accounts::insert(conn, &account)?;
        settings::set(conn, ACCOUNT, &account.id.to_string())?;
        return Ok(account);
    }
    Err(bauta_store::Error::Unknown("settings.value"))
}

impl Desk {
    /// Tells the user, or, while a gag bars that, records that the notice waits. Gives the demand as it is then.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where no officer has a key to which an answer could be sealed; else as [`Desk::record`].
    pub async fn notice(
        &self,
        officer: &Officer,
        id: DemandId,
        expected: Option<u32>,
    ) -> Result<Case, Refused> {
        let (this, heard) = (self.notifier(), Arc::clone(&self.heard));
        let (case, _) = self
            .change_then(
                officer,
                id,
                expected,
                move |entry| {
                    if entry.case.state.gag.bars_notice(entry.now()) {
                        entry.add(Fact::Process(ProcessFact::NoticeDelayed {}))?;
                        return Ok((entry.case.clone(), Vec::new()));
                    }
                    let said = this.send(entry)?;
                    Ok((entry.case.clone(), said))
                },
                move |(_, said)| {
                    for (post, author) in said {
                        heard(post, author.as_ref());
                    }
                },
            )
            .await?;
        Ok(case)
    }

    /// What the notice would say, for an officer to look at first.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn notice_preview(&self, officer: &Officer, id: DemandId) -> Result<Letter, Refused> {
        let (this, officer) = (self.notifier(), officer.clone());
        self.store
            .read("desk_notice_preview", move |conn| {
                let case = Case::load_for(conn, id, &officer)?;
                let event = case.state.events;
                this.letter(conn, &case, 0, event, Hash::of(b""))
            })
            .await
    }

    fn notifier(&self) -> Notifier {
        Notifier {
            inventory: self.inventory,
            rules: self.rules,
            base_url: self.base_url.clone(),
        }
    }

    /// What an account was told; what `reader` has not seen comes first.
    ///
    /// # Errors
    /// [`Refused::Failed`] where the store fails.
    pub async fn told(&self, reader: Owner) -> Result<Vec<Told>, Refused> {
        self.store
            .read("notices", move |conn| {
                let unseen = notices::unseen(conn, reader)?;
                let mut all = notices::of_account(conn, reader.account)?
                    .into_iter()
                    .map(|notice| told(notice, &unseen))
                    .collect::<Result<Vec<_>, Refused>>()?;
                all.sort_by_key(|told| told.seen);
                Ok(all)
            })
            .await
    }

    /// How many notices `reader` has not seen.
    ///
    /// # Errors
    /// [`Refused::Failed`] where the store fails.
    pub async fn unseen(&self, reader: Owner) -> Result<usize, Refused> {
        let unseen = self
            .store
            .read("unseen_notices", move |conn| notices::unseen(conn, reader));
        Ok(unseen.await?.len())
    }

    /// One notice, and nothing is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for another account's.
    pub async fn notice_of(&self, reader: Owner, id: NoticeId) -> Result<Told, Refused> {
        self.store
            .read("notice", move |conn| {
                let found = notices::by_id(conn, reader.account, id)?.ok_or(Refused::NotFound)?;
                told(found, &notices::unseen(conn, reader)?)
            })
            .await
    }

    /// The person says that they have read it: no time, no event, and it still waits for the others behind the account.
    ///
    /// # Errors
    /// [`Refused::NotFound`], also with a token that the operator made: it can't have read for anybody.
    pub async fn see(&self, reader: Owner, id: NoticeId) -> Result<(), Refused> {
        self.store
            .write("see_notice", move |conn| {
                let who = reader.keyholder.ok_or(Refused::NotFound)?;
                notices::by_id(conn, reader.account, id)?.ok_or(Refused::NotFound)?;
                Ok(notices::see(conn, id, who)?)
            })
            .await
    }
}

fn told(notice: Notice, unseen: &BTreeSet<NoticeId>) -> Result<Told, Refused> {
    Ok(Told {
        id: notice.id,
        until: notice.until,
        seen: !unseen.contains(&notice.id),
        answer: notice.answer,
        letter: serde_json::from_str(&notice.notice).map_err(|_| Refused::failed())?,
    })
}

/// What telling needs beside the rows.
struct Notifier {
    inventory: &'static bauta_inventory::Inventory,
    rules: &'static bauta_legal::RulePack,
    base_url: String,
}

impl Notifier {
    /// Records the notice and gives each account its letter and a direct post.
    fn send(&self, entry: &mut Entry<'_>) -> Result<Vec<(Post, Option<Account>)>, Refused> {
        let mut keyholders = Vec::new();
        for account in entry.case.found() {
            keyholders.extend(accounts::by_id(entry.conn, account)?);
        }
        if keyholders.len() as u32 != entry.case.state.process.found {
            let found = keyholders.len() as u32;
            entry.add_as(
                OfficerId::SERVER,
                Fact::Process(ProcessFact::AccountsCounted { found }),
            )?;
        }
        if !keyholders.is_empty() && !papers::can_seal(entry.conn, &entry.case) {
            return Err(Refused::invalid(
                "key",
                "the user's answer could be sealed to nobody: set an officer's age key first (bauta desk officer HANDLE --key age1…)",
            ));
        }
        let window = self.window(&entry.case, entry.now())?;
        let number = entry.case.state.events;
        entry.add(Fact::Process(ProcessFact::NoticeSent {
            keyholders: keyholders.len() as u16,
            window_ends: window.at,
        }))?;
        let event = entry.case.events.last().ok_or_else(Refused::failed)?;
        let hash = Hash::of(&serde_json::to_vec(event).map_err(|_| Refused::failed())?);
        let mut said = Vec::new();
        for (at, keyholder) in keyholders.iter().enumerate() {
            let letter = self.letter(entry.conn, &entry.case, at as u16, number, hash)?;
            let notice = Notice {
                id: NoticeId::random(),
                account: keyholder.id,
                demand: entry.case.id,
                until: window.at.day(),
                answer: notices::Answer::None,
                notice: serde_json::to_string(&letter).map_err(|_| Refused::failed())?,
            };
            notices::insert(entry.conn, &notice)?;
            said.push(self.say(entry.conn, keyholder, notice.id)?);
        }
        Ok(said)
    }

    fn window(&self, case: &Case, now: bauta_model::CoarseTime) -> Result<bauta_legal::Deadline, Refused> {
        let demand = case.state.process.demand.as_ref().ok_or(Refused::NotFound)?;
        Ok(notice_window(
            now,
            case.state.binding_deadline(),
            demand,
            self.rules,
        ))
    }

    /// What a keyholder is told.
    fn letter(
        &self,
        conn: &mut Conn,
        case: &Case,
        keyholder: u16,
        event: u32,
        hash: Hash,
    ) -> Result<Letter, Refused> {
        let process = &case.state.process;
        let demand = process.demand.as_ref().ok_or(Refused::NotFound)?;
        let window = self.window(case, conn.now())?;
        let counted = Counted::of(conn, self.inventory, &case.targets)?;
        let answers = counted.answer(self.inventory, &process.lines);
        let asked = process
            .lines
            .values()
            .map(|line| ToldLine {
                requested: line.text.clone(),
                answer: in_words(&answers, &line.text),
            })
            .collect();
        let issuer = if demand.issuer_rank.is_empty() {
            demand.issuer.clone()
        } else {
            format!("{} ({})", demand.issuer, demand.issuer_rank)
        };
        Ok(Letter {
            title: TITLE.to_owned(),
            issuer,
            instrument: self.instrument_in_words(demand),
            served: format!(
                "{}, by {}",
                received_date(demand.served.on.text()),
                demand.served.by
            ),
            due: demand.due.as_ref().map(|due| received_date(due.text())),
            asked,
            copy_kept: process
                .hold
                .as_ref()
                .is_some_and(|hold| hold.held == Held::SealedCopy),
            window_ends: window.at.day().long(),
            window_how: window.how.steps.clone(),
            paragraphs: paragraphs(),
            receipt: Receipt {
                demand: case.public_name.clone(),
                event,
                hash,
            },
            keyholder,
            not_advice: bauta_legal::NOT_ADVICE.to_owned(),
            proofs: Vec::new(),
        })
    }

    /// The instrument by the rule's name, and the law that it cites, where it cites one.
    fn instrument_in_words(&self, demand: &bauta_legal::Demand) -> String {
        let name = self.rules.instrument(&demand.instrument).map_or_else(
            || demand.instrument.as_str().replace('_', " "),
            |row| row.name.clone(),
        );
        if demand.authority.is_empty() {
            name
        } else {
            format!("{name}, {}", demand.authority)
        }
    }

    /// The direct post that apps show. It goes to nobody else, and never to another server.
    fn say(
        &self,
        conn: &mut Conn,
        to: &Account,
        notice: NoticeId,
    ) -> Result<(Post, Option<Account>), Refused> {
        let from = ensure_server_account(conn)?;
        let (handle, base) = (to.handle.as_str(), &self.base_url);
        let link = format!("{base}/notices/{notice}");
        let id = conn.next_post_id();
        let post = Post {
            text: format!("@{handle} {TITLE}: {link}"),
            html: format!(
                "<p><a href=\"{base}/@{handle}\" class=\"u-url mention\">@{handle}</a> {TITLE}: <a href=\"{link}\">{link}</a></p>"
            ),
            language: Some("en".to_owned()),
            mentions: vec![Mention {
                account: to.id,
                handle: to.handle.clone(),
            }],
            ..Post::new(id, from.id, Visibility::Direct)
        };
        let author = posts::insert(conn, &post, None)?;
        notifications::insert(conn, to.id, Kind::Mention, from.id, Some(id))?;
        Ok((post, author))
    }
}

fn in_words(answers: &[crate::AskedLine], requested: &str) -> String {
    let of_line: Vec<String> = answers
        .iter()
        .filter(|answer| answer.requested == requested)
        .map(|answer| match answer.status {
            Status::Held if answer.public => {
                format!(
                    "We hold {}, which everybody can read. {}",
                    answer.columns.join(", "),
                    answer.sentence
                )
            }
            Status::Held => {
                let rows = counted(answer.rows, "row", "rows");
                format!(
                    "We hold {} ({rows}). {}",
                    answer.columns.join(", "),
                    answer.sentence
                )
            }
            Status::Credential => format!("{}: {}", answer.columns.join(", "), answer.sentence),
            _ => answer.sentence.clone(),
        })
        .collect();
    if of_line.is_empty() {
        "This names no kind of record. Nothing is answered before it is narrowed in writing.".to_owned()
    } else {
        of_line.join(" ")
    }
}

fn paragraphs() -> Vec<String> {
    [
        "Somebody demands records about this account from the people who run this server.",
        "You can object, consent, or name a lawyer who speaks for you. If you do nothing, the operator decides alone.",
        "The operator is not your lawyer. What you write to the operator is not privileged: it can be demanded in turn. \
         Groups that defend speech, and bar associations, help to find a lawyer.",
        "A lawyer may tell you to change nothing for now. What is deleted after a demand is known can be held against whoever deletes it.",
        "When you read this is not kept.",
    ]
    .map(str::to_owned)
    .to_vec()
}
