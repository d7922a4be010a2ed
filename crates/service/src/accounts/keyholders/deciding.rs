//! What those behind an account decide together: proposing, agreeing, stopping, and what comes of it.

use std::collections::BTreeSet;

use bauta_desk::UserAnswer;
use bauta_model::{AccountId, Day, Duties, Duty, KeyholderId, NoticeId, ProposalId};
use bauta_store::proposals::{self, Proposal as Row};
use bauta_store::{Conn, keyholders};

use super::leaving::{Afterwards, mend, take_out};
use super::rule::{Illegal, Proposal, Stage, USUAL, Voters};
use crate::accounts::erase_account_and;
use crate::{App, Refused, Speaker};

/// Proposals of one account that something can still come of, at most.
const MOST_LIVE: usize = 20;

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Somebody goes.
    Remove(KeyholderId),
    /// The account is deleted.
    Delete,
    /// A demand may be answered with what is asked for. All have to agree: it gives away what is everybody's.
    Consent(NoticeId),
    /// A public page about a demand may be made.
    Publish(NoticeId),
    /// Somebody speaks for the account, by their age public key.
    Counsel(NoticeId, String),
    /// So many have to agree.
    Rule(u8),
    /// What somebody does.
    Duties(KeyholderId, Duties),
}

impl Matter {
    const fn kind(&self) -> i16 {
        match self {
            Self::Remove(_) => 0,
            Self::Delete => 1,
            Self::Consent(_) => 2,
            Self::Publish(_) => 3,
            Self::Counsel(..) => 4,
            Self::Rule(_) => 5,
            Self::Duties(..) => 6,
        }
    }

    const fn about(&self) -> Option<KeyholderId> {
        match self {
            Self::Remove(who) | Self::Duties(who, _) => Some(*who),
            _ => None,
        }
    }

    const fn notice(&self) -> Option<NoticeId> {
        match self {
            Self::Consent(notice) | Self::Publish(notice) | Self::Counsel(notice, _) => Some(*notice),
            _ => None,
        }
    }

    fn number(&self) -> i16 {
        match self {
            Self::Rule(needed) => i16::from(*needed),
            Self::Duties(_, duties) => duties.code(),
            _ => 0,
        }
    }

    /// What a row is about; nothing once the person is gone.
    fn of(row: &Row) -> Option<Self> {
        Some(match row.kind {
            0 => Self::Remove(row.about?),
            1 => Self::Delete,
            2 => Self::Consent(row.notice?),
            3 => Self::Publish(row.notice?),
            4 => Self::Counsel(row.notice?, row.detail.clone()),
            5 => Self::Rule(u8::try_from(row.number).ok()?),
            6 => Self::Duties(row.about?, Duties::from_code(row.number)?),
            _ => return None,
        })
    }

    fn answer(&self) -> Option<(NoticeId, UserAnswer)> {
        match self {
            Self::Consent(notice) => Some((*notice, UserAnswer::Consent {})),
            Self::Publish(notice) => Some((*notice, UserAnswer::ConsentToPublish {})),
            Self::Counsel(notice, key) => Some((*notice, UserAnswer::Counsel { key: key.clone() })),
            _ => None,
        }
    }
}

/// A proposal as those behind the account see it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Random.
    pub id: ProposalId,
    /// What is decided; nothing where it was about somebody who is gone.
    pub matter: Option<Matter>,
    /// Where it stands.
    pub stage: Stage,
    /// Those who agree.
    pub agreed: BTreeSet<KeyholderId>,
    /// How many have to.
    pub needed: usize,
    /// The speaker agrees.
    pub mine: bool,
    /// Counsel's link, once counsel is named.
    pub link: Option<String>,
}

fn read_stage(code: i16, until: Day) -> Stage {
    match code {
        0 => Stage::Open { until },
        1 => Stage::Waiting { ready: until },
        2 => Stage::Done,
        3 => Stage::Stopped,
        _ => Stage::Lapsed,
    }
}

const WAITING: i16 = 1;

/// The stored number of a stage, and the day that goes with it: of the end, where it is over.
const fn stored(stage: Stage, today: Day) -> (i16, Day) {
    match stage {
        Stage::Open { until } => (0, until),
        Stage::Waiting { ready } => (WAITING, ready),
        Stage::Done => (2, today),
        Stage::Stopped => (3, today),
        Stage::Lapsed => (4, today),
    }
}

/// The way of a proposal, out of its row.
fn way(row: &Row) -> Proposal {
    let stage = read_stage(row.stage, row.until);
    // A row that is about somebody who is gone has lost them; the way must not go on as if it were about nobody.
    let gone = matches!(row.kind, 0 | 6) && row.about.is_none() && stage.is_live();
    Proposal {
        about: row.about,
        all: row.kind == 2,
        agreed: row.agreed.clone(),
        stage: if gone { Stage::Lapsed } else { stage },
    }
}

/// Writes where a proposal stands. Of one that is over nothing stays of who agreed.
fn write(conn: &mut Conn, row: &mut Row, way: Proposal) -> Result<(), Refused> {
    let today = conn.now().day();
    let was_live = read_stage(row.stage, row.until).is_live();
    if !was_live {
        return Ok(());
    }
    (row.stage, row.until) = stored(way.stage, today);
    row.agreed = if way.stage.is_live() {
        way.agreed
    } else {
        BTreeSet::new()
    };
    Ok(proposals::update(conn, row)?)
}

fn voters(conn: &mut Conn, account: AccountId) -> Result<Voters, Refused> {
    let people = keyholders::of_account(conn, account)?;
    let rule = proposals::rule(conn, account)?;
    Ok(Voters {
        people: people.into_iter().map(|one| one.id).collect(),
        rule: rule.and_then(|rule| u8::try_from(rule).ok()).unwrap_or(USUAL),
    })
}

/// Within a write that changed who is behind an account, or its rule: each proposal is seen in the new light at once.
pub(super) fn refresh(conn: &mut Conn, account: AccountId) -> Result<(), Refused> {
    let (voters, today) = (voters(conn, account)?, conn.now().day());
    for mut row in proposals::of_account(conn, account)? {
        let before = way(&row);
        let mut after = before.clone();
        after.refresh(&voters, today);
        if after != before || row.stage != stored(after.stage, today).0 {
            write(conn, &mut row, after)?;
        }
    }
    Ok(())
}

/// What those behind the speaker's account decide, and how many have to agree.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn decisions(app: &App, speaker: &Speaker) -> Result<(Vec<Decision>, usize), Refused> {
    let (account, me) = (speaker.account, speaker.keyholder);
    app.store
        .read("decisions", move |conn| {
            let (voters, today) = (voters(conn, account)?, conn.now().day());
            let rows = proposals::of_account(conn, account)?;
            let all = rows.iter().map(|row| decision(row, &voters, me, today));
            Ok::<_, Refused>((all.collect(), voters.needed(false)))
        })
        .await
}

fn decision(row: &Row, voters: &Voters, me: Option<KeyholderId>, today: Day) -> Decision {
    let mut way = way(row);
    way.refresh(voters, today);
    Decision {
        id: row.id,
        matter: Matter::of(row),
        needed: voters.needed(way.all),
        mine: me.is_some_and(|me| way.agreed.contains(&me)),
        link: (row.kind == 4 && way.stage == Stage::Done).then(|| row.detail.clone()),
        stage: way.stage,
        agreed: way.agreed,
    }
}

fn refused(why: Illegal) -> Refused {
    match why {
        Illegal::NotOneOfUs => Refused::NotFound,
        Illegal::Over => Refused::invalid("proposal", "This is over: it took effect, or was stopped."),
        Illegal::Alone => Refused::invalid(
            "proposal",
            "You are the only one behind this account, and need nobody's agreement.",
        ),
    }
}

/// Proposes `matter`, and agrees to it.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be, or is proposed already; [`Refused::Forbidden`] for an answer to a notice by
/// somebody who does not answer notices.
pub async fn propose(app: &App, speaker: &Speaker, matter: Matter) -> Result<(), Refused> {
    let (account, me) = (speaker.account, speaker.keyholder()?);
    if matter.notice().is_some() {
        speaker.may(Duty::Answer)?;
    }
    app.store
        .write("propose", move |conn| {
            let (voters, today) = (voters(conn, account)?, conn.now().day());
            possible(conn, account, &voters, &matter)?;
            let all = matches!(matter, Matter::Consent(_));
            let way = Proposal::new(&voters, me, matter.about(), all, today).map_err(refused)?;
            let (stage, until) = stored(way.stage, today);
            let row = Row {
                id: ProposalId::random(),
                account,
                kind: matter.kind(),
                about: matter.about(),
                notice: matter.notice(),
                number: matter.number(),
                detail: match &matter {
                    Matter::Counsel(_, key) => key.trim().to_owned(),
                    _ => String::new(),
                },
                stage,
                until,
                agreed: way.agreed,
            };
            Ok(proposals::insert(conn, &row)?)
        })
        .await
}

fn possible(conn: &mut Conn, account: AccountId, voters: &Voters, matter: &Matter) -> Result<(), Refused> {
    let not = |why: &str| Err(Refused::invalid("proposal", why));
    if matter.about().is_some_and(|who| !voters.people.contains(&who)) {
        return not("There is nobody of that kind behind this account.");
    }
    if let Matter::Rule(needed) = matter
        && !(1..=super::MOST).contains(&usize::from(*needed))
    {
        return not("At least one has to agree, and no more than can be behind an account.");
    }
    if let Some(notice) = matter.notice() {
        bauta_store::desk::notices::by_id(conn, account, notice)?.ok_or(Refused::NotFound)?;
    }
    if let Matter::Counsel(_, key) = matter {
        bauta_desk::check_key(key)?;
    }
    let live: Vec<Row> = proposals::of_account(conn, account)?
        .into_iter()
        .filter(|row| way(row).stage.is_live())
        .collect();
    if live.len() >= MOST_LIVE {
        return not("Too much waits to be decided. Stop something first.");
    }
    let same =
        |row: &Row| (row.kind, row.about, row.notice) == (matter.kind(), matter.about(), matter.notice());
    if live.iter().any(same) {
        return not("This is proposed already. Agree to it, or stop it first.");
    }
    Ok(())
}

/// The speaker agrees to a proposal.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] where it is over.
pub async fn agree(app: &App, speaker: &Speaker, id: ProposalId) -> Result<(), Refused> {
    step(app, speaker, id, |way, voters, me, today| {
        way.agree(voters, me, today)
    })
    .await
}

/// The speaker stops a proposal, whoever agreed to it.
///
/// # Errors
/// As [`agree`].
pub async fn stop(app: &App, speaker: &Speaker, id: ProposalId) -> Result<(), Refused> {
    step(app, speaker, id, |way, voters, me, _| way.stop(voters, me)).await
}

async fn step(
    app: &App,
    speaker: &Speaker,
    id: ProposalId,
    step: impl FnOnce(&mut Proposal, &Voters, KeyholderId, Day) -> Result<(), Illegal> + Send + 'static,
) -> Result<(), Refused> {
    let (account, me) = (speaker.account, speaker.keyholder()?);
    app.store
        .write("decide", move |conn| {
            let mut row = proposals::by_id(conn, account, id)?.ok_or(Refused::NotFound)?;
            let (voters, today) = (voters(conn, account)?, conn.now().day());
            let mut way = way(&row);
            step(&mut way, &voters, me, today).map_err(refused)?;
            write(conn, &mut row, way)
        })
        .await
}

/// What a proposal whose day has come asks for beyond its own write.
enum Beyond {
    Nothing,
    /// Somebody is out, or duties changed.
    Forget(Option<KeyholderId>),
    Delete,
    Answer(NoticeId, UserAnswer),
}

/// Lets take effect what has waited long enough. What failed is tried again a slot later.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn carry_out(app: &App) -> Result<(), Refused> {
    let due = app
        .store
        .read("decisions_due", |conn| {
            let today = conn.now().day();
            let mut due = proposals::due(conn, WAITING, today)?;
            due.extend(proposals::due(conn, 0, today.plus(-1))?);
            Ok::<_, Refused>(due)
        })
        .await?;
    for (account, id) in due {
        match within(app, account, id).await? {
            Beyond::Nothing | Beyond::Forget(_) => {}
            Beyond::Delete => {
                let ready = move |conn: &mut Conn| takes_effect(conn, account, id).map(|_| ());
                match erase_account_and(app, account, move |conn, _| ready(conn)).await {
                    Ok(()) | Err(Refused::NotFound | Refused::Invalid { .. }) => {}
                    Err(other) => return Err(other),
                }
            }
            Beyond::Answer(notice, answer) => give_answer(app, (account, id), notice, answer).await?,
        }
    }
    Ok(())
}

/// Settles one proposal, and does what its own write can do.
async fn within(app: &App, account: AccountId, id: ProposalId) -> Result<Beyond, Refused> {
    let after = Afterwards::of(app, account);
    app.store
        .write_then(
            "carry_out",
            move |conn| settle(conn, account, id),
            move |beyond| {
                if let Beyond::Forget(gone) = beyond {
                    after.happen(*gone);
                }
            },
        )
        .await
}

fn settle(conn: &mut Conn, account: AccountId, id: ProposalId) -> Result<Beyond, Refused> {
    let Some(mut row) = proposals::by_id(conn, account, id)? else {
        return Ok(Beyond::Nothing);
    };
    let (voters, today) = (voters(conn, account)?, conn.now().day());
    let mut way = way(&row);
    let effect = way.settle(&voters, today);
    let matter = Matter::of(&row).filter(|_| effect);
    if let Some((notice, answer)) = matter.as_ref().and_then(Matter::answer) {
        return Ok(Beyond::Answer(notice, answer));
    }
    if matter == Some(Matter::Delete) {
        return Ok(Beyond::Delete);
    }
    write(conn, &mut row, way)?;
    match matter {
        Some(Matter::Remove(who)) => {
            take_out(conn, account, who)?;
            Ok(Beyond::Forget(Some(who)))
        }
        Some(Matter::Duties(who, duties)) => {
            keyholders::set_duties(conn, who, duties)?;
            mend(conn, account)?;
            Ok(Beyond::Forget(None))
        }
        Some(Matter::Rule(needed)) => {
            proposals::set_rule(conn, account, i16::from(needed))?;
            refresh(conn, account)?;
            Ok(Beyond::Nothing)
        }
        _ => Ok(Beyond::Nothing),
    }
}

/// Within the write of what was decided: it is still so.
fn takes_effect(conn: &mut Conn, account: AccountId, id: ProposalId) -> Result<(Row, Proposal), Refused> {
    let row = proposals::by_id(conn, account, id)?.ok_or(Refused::NotFound)?;
    let (voters, today) = (voters(conn, account)?, conn.now().day());
    let mut way = way(&row);
    if way.settle(&voters, today) {
        Ok((row, way))
    } else {
        Err(Refused::NotFound)
    }
}

async fn give_answer(
    app: &App,
    (account, id): (AccountId, ProposalId),
    notice: NoticeId,
    answer: UserAnswer,
) -> Result<(), Refused> {
    let done = move |conn: &mut Conn, link: Option<&str>| {
        let (mut row, way) = takes_effect(conn, account, id).map_err(|_| bauta_desk::Refused::NotFound)?;
        link.unwrap_or_default().clone_into(&mut row.detail);
        write(conn, &mut row, way).map_err(|_| bauta_desk::Refused::NotFound)
    };
    match app.desk.answer_when(account, notice, answer, done).await {
        Ok(_) => Ok(()),
        Err(
            why @ (bauta_desk::Refused::Away
            | bauta_desk::Refused::Unsure
            | bauta_desk::Refused::Busy
            | bauta_desk::Refused::Failed(_)),
        ) => Err(why.into()),
        // The demand is over, or takes no such answer any more.
        Err(_) => {
            app.store
                .write("lapse", move |conn| {
                    let Some(mut row) = proposals::by_id(conn, account, id)? else {
                        return Ok(());
                    };
                    let mut way = way(&row);
                    way.stage = Stage::Lapsed;
                    write(conn, &mut row, way)
                })
                .await
        }
    }
}
