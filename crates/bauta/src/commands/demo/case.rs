//! The demand and the case of the story, step by step through the desk: the same calls that `bauta desk …` makes.

use std::sync::Arc;

use bauta_desk::{Act, Command, Duties, Officer, UserAnswer};
use bauta_model::{DemandId, Handle, NoticeId, Role, Secret};
use bauta_public_log::PublicLog;
use bauta_service::App;
use bauta_store::sessions::Owner;
use serde_json::{Value, json};

use super::story::{Player, at};
use crate::commands::desk::facts;
use crate::failure::{Failure, Outcome};

/// Somebody of the desk, or counsel.
pub struct Clerk {
    /// Its handle.
    pub handle: String,
    /// To sign in.
    pub passphrase: Secret<String>,
    officer: Officer,
}

/// The desk of the story with its demands.
pub struct Office {
    /// Takes demands in, determines, produces.
    pub keeper: Clerk,
    /// Counsel of the server: a second person.
    pub counsel: Clerk,
    /// The demand of 14 March.
    pub demand: DemandId,
    /// Its name in the public record.
    pub public_name: String,
    /// What the account was told of it.
    pub notice: NoticeId,
    /// The demand that renews it.
    pub renewed: DemandId,
}

/// What was faxed, as the paper says it: the facts of the case behind the product, with a made-up office.
pub fn summons(served: &str, due: &str) -> Value {
    json!({
        "instrument": "administrative summons",
        "authority": "19 U.S.C. 1509",
        "issuer": "Waterways Office, Internal Affairs",
        "issuer_rank": "special agent in charge",
        "signed_by_judge": false,
        "served": {"on": served, "by": "fax"},
        "due": due,
        "non_disclosure": "request",
        "offence_named": false,
        "requested": [
            "all records regarding the account", "user names", "account login", "phone numbers",
            "mailing addresses", "I.P. addresses",
        ],
        "issuer_verified": true,
        "signed": true,
        "targets": ["ALT_waterways"],
    })
}

/// The summons of 14 March.
pub fn first_summons() -> Value {
    summons("2017-03-14", "2017-03-13T11:45:00")
}

/// Makes the officers. Their keys are for this story only: nobody keeps the secret halves.
pub async fn officers(app: &Arc<App>) -> Outcome<(Clerk, Clerk)> {
    let all = Duties::INTAKE.and(Duties::DETERMINE).and(Duties::PRODUCE);
    Ok((
        clerk(app, "lock_keeper", all).await?,
        clerk(app, "river_counsel", Duties::COUNSEL).await?,
    ))
}

async fn clerk(app: &Arc<App>, name: &str, duties: Duties) -> Outcome<Clerk> {
    let handle = Handle::parse(name).map_err(|error| Failure::new(error.to_string()))?;
    let (_, passphrase) = bauta_service::accounts::create_by_operator(app, &handle, Role::User).await?;
    app.desk.set_duties(name, duties).await?;
    let key = age::x25519::Identity::generate().to_public().to_string();
    app.desk.set_key_of(name, &key).await?;
    Ok(Clerk {
        handle: name.to_owned(),
        passphrase,
        officer: app.desk.officer_named(name).await?,
    })
}

/// A demand that is being worked on.
struct Work<'a> {
    app: &'a Arc<App>,
    officer: &'a Officer,
    id: DemandId,
}

impl Work<'_> {
    async fn act(&self, act: Act) -> Outcome<Value> {
        let command = Command::Act {
            id: self.id.to_string(),
            expected: None,
            act,
        };
        Ok(self.app.desk.run(self.officer, command).await?)
    }

    async fn record(&self, facts: Vec<Value>) -> Outcome<()> {
        let facts = facts.into_iter().map(facts::fact).collect::<Outcome<_>>()?;
        self.act(Act::Record { facts }).await.map(drop)
    }

    async fn process(&self, name: &str, fields: Value) -> Outcome<()> {
        self.record(vec![json!({"process": {name: fields}})]).await
    }

    async fn case(&self, facts: Vec<Value>) -> Outcome<()> {
        let of = |fact: Value| json!({"case": {"case": 0, "fact": fact}});
        self.record(facts.into_iter().map(of).collect()).await
    }
}

async fn intake(
    app: &Arc<App>,
    officer: &Officer,
    demand: &Value,
    renews: Option<DemandId>,
) -> Outcome<(DemandId, String)> {
    let command = Command::Intake {
        demand: demand.to_string(),
        renews: renews.map(|id| id.to_string()),
    };
    let taken = app.desk.run(officer, command).await?;
    let text = |key: &str| taken[key].as_str().unwrap_or_default().to_owned();
    let id = text("id").parse();
    Ok((
        id.map_err(|_| Failure::new("the desk gave no number"))?,
        text("public_name"),
    ))
}

/// From the fax to the notice, on one day.
async fn until_notice(work: &Work<'_>, day: (i32, u32, u32)) -> Outcome<()> {
    work.record(vec![json!({"gag": {"requested": {}}})]).await?;
    at(work.app, day, 15, 55);
    work.act(Act::Hold {
        nothing: false,
        reason: "What is asked for and held must not be lost while this is open.".to_owned(),
    })
    .await?;
    at(work.app, day, 16, 40);
    work.process("verification_begun", json!({})).await?;
    let note = "Called the switchboard of the office, on the number in the printed directory.";
    work.process("verified", json!({"how": "called_back", "note": note}))
        .await?;
    at(work.app, day, 17, 5);
    work.act(Act::Review {}).await?;
    work.act(Act::Scope {}).await?;
    at(work.app, day, 18, 20);
    work.act(Act::Notice {}).await.map(drop)
}

/// The one person behind a player's account.
async fn reader(app: &Arc<App>, player: &Player) -> Outcome<Owner> {
    let account = player.account;
    let people = app
        .store
        .read("story_keyholders", move |conn| {
            bauta_store::keyholders::of_account(conn, account)
        })
        .await?;
    let keyholder = people.first().map(|one| one.id);
    Ok(Owner { account, keyholder })
}

async fn newest_notice(app: &Arc<App>, player: &Player, demand: &str) -> Outcome<NoticeId> {
    let told = app.desk.told(reader(app, player).await?).await?;
    let found = told.into_iter().find(|told| told.letter.receipt.demand == demand);
    found
        .map(|told| told.id)
        .ok_or_else(|| Failure::new("the account was not told"))
}

/// 14 March: the fax, read, held, told.
pub async fn served(
    app: &Arc<App>,
    (keeper, counsel): (Clerk, Clerk),
    engineers: &Player,
) -> Outcome<Office> {
    let day = (2017, 3, 14);
    at(app, day, 15, 20);
    let (demand, public_name) = intake(app, &keeper.officer, &first_summons(), None).await?;
    let work = Work {
        app,
        officer: &keeper.officer,
        id: demand,
    };
    until_notice(&work, day).await?;
    let notice = newest_notice(app, engineers, &public_name).await?;
    Ok(Office {
        keeper,
        counsel,
        demand,
        public_name,
        notice,
        renewed: demand,
    })
}

/// 16 to 20 March: the account names counsel and objects, and so does the server.
pub async fn answered(app: &Arc<App>, office: &Office, engineers: &Player) -> Outcome<()> {
    at(app, (2017, 3, 16), 20, 10);
    let reads = reader(app, engineers).await?;
    app.desk.see(reads, office.notice).await?;
    // Counsel's own key; what is sealed to it stays for whoever has the link.
    let key = age::x25519::Identity::generate().to_public().to_string();
    let counsel = UserAnswer::Counsel { key };
    app.desk.answer(reads, office.notice, counsel).await?;
    let words =
        "We write about water levels. No law was named that we broke. Please hand out nothing.".to_owned();
    let objection = UserAnswer::Object { words };
    app.desk.answer(reads, office.notice, objection).await?;
    at(app, (2017, 3, 20), 10, 30);
    let work = office.work(app);
    let reason = "The statute is about the duties on imports. We keep no import records.";
    let grounds = app.desk.review(&office.keeper.officer, office.demand).await?;
    let grounds: Vec<_> = grounds.defects.iter().map(|defect| defect.code).collect();
    work.process("objected", json!({"grounds": grounds, "reason": reason}))
        .await
}

/// 6 April: to court.
pub async fn challenged(app: &Arc<App>, office: &Office) -> Outcome<()> {
    at(app, (2017, 4, 6), 20, 15);
    let work = office.work(app);
    let court = "District Court of the Locks";
    work.process("challenged", json!({"by": "provider", "court": court}))
        .await?;
    let parties = json!([
        {"role": "plaintiff", "name": "River notes, this server"},
        {"role": "defendant", "name": "Department of Canals"},
        {"role": "defendant", "name": "Waterways Office"},
        {"role": "user's counsel", "name": "Open Water Legal Fund"},
    ]);
    let on = "2017-04-06";
    work.case(vec![
        json!({"drafted": {"refiles": null}}),
        json!({"filed": {"court": court, "docket": "3:17-cv-00416", "sealed": false, "on": on, "parties": parties}}),
        json!({"docketed": {"on": on, "kind": "complaint", "rule": null, "pages": 25}}),
    ])
    .await
}

/// 7 April: the demand is withdrawn, and the case is dismissed without prejudice: two facts.
pub async fn withdrawn(app: &Arc<App>, office: &Office) -> Outcome<()> {
    at(app, (2017, 4, 7), 16, 0);
    let work = office.work(app);
    let on = "2017-04-07";
    work.process("withdrawn", json!({"on": on, "document": null}))
        .await?;
    at(app, (2017, 4, 7), 18, 30);
    let rule = "Fed. R. Civ. P. 41(a)(1)(A)(i)";
    work.case(vec![
        json!({"docketed": {"on": on, "kind": "notice of voluntary dismissal", "rule": rule, "pages": null}}),
        json!({"dismissed": {"with_prejudice": false, "voluntary": true, "on": on, "rule": rule}}),
    ])
    .await
}

/// 10 April: it is closed, and the account agrees to a public page.
pub async fn published(app: &Arc<App>, office: &Office, engineers: &Player) -> Outcome<()> {
    at(app, (2017, 4, 10), 9, 30);
    let work = office.work(app);
    let reads = reader(app, engineers).await?;
    app.desk
        .answer(reads, office.notice, UserAnswer::ConsentToPublish {})
        .await?;
    work.act(Act::Close {}).await?;
    work.record(vec![
        json!({"publication": {"published": {"to": "redacted_page"}}}),
    ])
    .await
}

/// 21 April: a note in the docket of a closed case.
pub async fn noted(app: &Arc<App>, office: &Office) -> Outcome<()> {
    at(app, (2017, 4, 21), 14, 10);
    let kind = "letter of the inspector general: the office may have exceeded its authority";
    let entry = json!({"on": "2017-04-21", "kind": kind, "rule": null, "pages": null});
    office.work(app).case(vec![json!({"docketed": entry})]).await
}

/// 22 May: the same paper with another date is a new demand that links back and takes nothing over.
pub async fn renewed(app: &Arc<App>, office: &mut Office) -> Outcome<()> {
    let day = (2017, 5, 22);
    at(app, day, 15, 30);
    let demand = summons("2017-05-22", "2017-06-12T11:45:00");
    let (id, _) = intake(app, &office.keeper.officer, &demand, Some(office.demand)).await?;
    office.renewed = id;
    let work = Work {
        app,
        officer: &office.keeper.officer,
        id,
    };
    until_notice(&work, day).await?;
    // It is counted as one that came again, and has no page while it is open.
    work.record(vec![json!({"publication": {"published": {"to": "aggregate"}}})])
        .await
}

impl Office {
    fn work<'a>(&'a self, app: &'a Arc<App>) -> Work<'a> {
        Work {
            app,
            officer: &self.keeper.officer,
            id: self.demand,
        }
    }
}

/// Lets the log's hours pass after a day of the story, one by one until nothing waits for it.
pub async fn night(app: &Arc<App>, log: &Arc<PublicLog>, day: (i32, u32, u32)) -> Outcome<()> {
    at(app, day, 22, 0);
    loop {
        log.tick()
            .await
            .map_err(|error| Failure::new(error.to_string()))?;
        let status = log.status().await;
        if status.map_err(|error| Failure::new(error.to_string()))?.waiting == 0 {
            return Ok(());
        }
        let hour = std::time::Duration::from_hours(1);
        app.clock.set(app.clock.now().plus(hour));
    }
}
