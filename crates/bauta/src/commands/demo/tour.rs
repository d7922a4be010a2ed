//! The tour: seven stops, three roles, and the dates of the story, each a plain link.

use std::collections::BTreeMap;
use std::path::Path;

use bauta_model::{PostId, Secret};
use bauta_service::App;
use bauta_web::demo::{Demo, Role, Stop};

use super::case::{Office, first_summons};
use super::copy::Source;
use super::story::Cast;
use crate::failure::Outcome;
use crate::output;

fn stop(path: impl Into<String>, name: &str, what: &str) -> Stop {
    Stop {
        path: path.into(),
        name: name.to_owned(),
        what: what.to_owned(),
    }
}

fn stops(office: &Office) -> Vec<Stop> {
    vec![
        stop(
            "/demo/article",
            "A newspaper's article",
            "What happened, with two posts that the newspaper embeds.",
        ),
        stop(
            "/demo/paper",
            "The paper, and two answers",
            "What was asked, what this server answers, what a usual one would. Receive it yourself.",
        ),
        stop(
            "/demo/as/speaker",
            "What the account was told",
            "Signed in as the river engineers: the message from their server, and what they can answer.",
        ),
        stop(
            "/demo/as/officer",
            "What the desk did",
            "Signed in as an officer: defects, asked against held, deadlines, each step with its date.",
        ),
        stop(
            format!("/cases/{}", office.public_name),
            "The public record",
            "Withdrawn, and dismissed without prejudice: two facts. Anybody can check them.",
        ),
        stop(
            "/demo/check",
            "Flip a bit",
            "Change one bit of a copy of the record, and see the check fail.",
        ),
        stop(
            "/demo/visit",
            "Your visit",
            "What this server knows about it, counted at that moment.",
        ),
    ]
}

/// The dates of the paper and of the record, each with the page of what happened on it.
fn dates(cast: &Cast, office: &Office) -> Vec<Stop> {
    let case = format!("/cases/{}", office.public_name);
    let post = |handle: &str, id: PostId| format!("/@{handle}/{id}");
    let engineers = cast.engineers.handle.as_str();
    vec![
        stop(
            case.as_str(),
            "13 March 2017, 11:45",
            "by when the paper wants the records: a day before it came",
        ),
        stop(
            post(engineers, cast.asked),
            "14 March 2017",
            "the fax comes; the account is told the same day",
        ),
        stop(
            post(&cast.gazette.handle, cast.filed),
            "6 April 2017",
            "the server goes to court, on 25 pages",
        ),
        stop(
            post(engineers, cast.statement),
            "7 April 2017",
            "the office withdraws the paper; the case is dismissed without prejudice, and the account says thanks",
        ),
        stop(
            case,
            "21 April 2017",
            "a letter of the inspector general is entered in the docket of the closed case",
        ),
        stop(
            post(engineers, cast.asked_again),
            "22 May 2017",
            "the same paper comes again: a new demand that links back",
        ),
    ]
}

fn roles(cast: &Cast, office: &Office) -> BTreeMap<&'static str, Role> {
    let role = |handle: &str, passphrase: &Secret<String>, leads_to: String| Role {
        handle: handle.to_owned(),
        passphrase: Secret::new(passphrase.expose().clone()),
        leads_to,
    };
    let speaker = (&cast.engineers.handle, &cast.engineers.passphrase);
    let demand = format!("/desk/{}", office.demand);
    BTreeMap::from([
        (
            "speaker",
            role(speaker.0, speaker.1, format!("/notices/{}", office.notice)),
        ),
        (
            "officer",
            role(&office.keeper.handle, &office.keeper.passphrase, demand.clone()),
        ),
        (
            "counsel",
            role(&office.counsel.handle, &office.counsel.passphrase, demand),
        ),
    ])
}

/// What the demo's own pages know of the story. Counts every table: what comes after that, came with a visit.
pub async fn demo(app: &App, data: &Path, cast: &Cast, office: &Office) -> Outcome<Demo> {
    let source = Source::new(data, &app.site);
    Ok(Demo {
        stops: stops(office),
        roles: roles(cast, office),
        dates: dates(cast, office),
        summons: first_summons().to_string(),
        demand: office.demand,
        by_hand: source.by_hand(),
        receipt: format!("/notices/{}/receipt/demand", office.notice),
        check: Box::new(move |flip| source.check(flip)),
        rows: bauta_service::rows_of_tables(app).await?,
    })
}

/// Prints the stops, and the three links that sign a visitor in.
pub fn print(app: &App, office: &Office) {
    let base = &app.site.base_url;
    output::line(&format!("A tour of the story; nobody in it is real: {base}/demo"));
    for (number, stop) in stops(office).iter().enumerate() {
        let number = number + 1;
        output::line(&format!("  {number}. {base}{}\n     {}", stop.path, stop.what));
    }
    output::line("Sign in as one of them, on this machine alone:");
    for role in ["speaker", "officer", "counsel"] {
        output::line(&format!("  {base}/demo/as/{role}"));
    }
}
