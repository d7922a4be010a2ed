//! Sentences of a case: its outcome, and one for each thing that happened.

use bauta_legal::record::{Secrecy, WITHHELD};
use bauta_legal::report::{Case, Outcome};
use bauta_legal::{
    Adjudication, Answer, CaseFact, Challenger, Fact, GagFact, HoldDecision, PreservationFact, ProcessFact,
    PublicationFact, ReceivedTime,
};
use bauta_model::counted;

/// What came of a demand, in at most three sentences.
pub fn outcome(case: &Case) -> String {
    let demand = case.state.process.demand.as_ref();
    let issuer = demand.map_or("An office", |demand| demand.issuer.as_str());
    let on = case
        .steps
        .first()
        .map_or_else(String::new, |step| step.event.at.day().long());
    let accounts = match case.tally.asked {
        1 => "an account".to_owned(),
        many => format!("{many} accounts"),
    };
    let asked = format!("{issuer} asked for records about {accounts}; we received it on {on}.");
    let secrecy = match case.tally.secrecy {
        Secrecy::None => "",
        Secrecy::Requested => " It asked for secrecy, which binds nobody.",
        Secrecy::Binding => " A duty of secrecy was in force.",
    };
    format!("{asked}{secrecy} {}", came_of_it(case))
}

fn came_of_it(case: &Case) -> String {
    let withdrawn = case.steps.iter().find_map(|step| match &step.event.fact {
        Fact::Process(ProcessFact::Withdrawn { on, .. }) => Some(date(on)),
        _ => None,
    });
    match case.outcome() {
        Outcome::Full => "We gave what was asked for.".to_owned(),
        Outcome::Part => "We gave a part of what was asked for.".to_owned(),
        Outcome::Withdrawn => format!(
            "The demand was withdrawn on {}. We gave nothing.",
            withdrawn.unwrap_or_else(|| "a day that is not told".to_owned())
        ),
        Outcome::Quashed => "A court set it aside. We gave nothing.".to_owned(),
        Outcome::NothingHeld => "We hold nothing of it, and gave nothing.".to_owned(),
        Outcome::Refused => "We refused. We gave nothing.".to_owned(),
        Outcome::Closed => "It is closed. We gave nothing.".to_owned(),
        Outcome::Open => "It goes on. We have given nothing.".to_owned(),
    }
}

/// A date as received, as people read it where a calendar has it.
pub fn date(time: &ReceivedTime) -> String {
    time.day()
        .map_or_else(|| time.text().to_owned(), bauta_model::Day::long)
}

/// What happened, in a sentence; nothing where it is of no interest outside.
pub fn happened(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Process(fact) => process(fact),
        Fact::Case { fact, .. } => Some(case(fact)),
        Fact::Gag(fact) => Some(gag(fact).to_owned()),
        Fact::Preservation(fact) => Some(preservation(fact).to_owned()),
        Fact::Publication(PublicationFact::Published { .. }) => {
            Some("This was opened to the public.".to_owned())
        }
        Fact::Corrected(correction) => Some(format!("Step {} was corrected.", correction.of)),
    }
}

fn process(fact: &ProcessFact) -> Option<String> {
    let said = match fact {
        ProcessFact::Received(received) => {
            let served = &received.demand.served;
            let due = received.demand.due.as_ref();
            let due = due.map_or_else(String::new, |due| format!(", due {}", due_text(due)));
            format!(
                "The demand came by {}, dated {}{due}.",
                served.by,
                date(&served.on)
            )
        }
        ProcessFact::HoldDecided(HoldDecision { held, .. }) => match held {
            bauta_legal::Held::SealedCopy => "A sealed copy of what it asks for was kept.".to_owned(),
            bauta_legal::Held::Nothing => "It was decided, with a reason, to keep no copy.".to_owned(),
        },
        ProcessFact::Verified { .. } => "It was found to be genuine.".to_owned(),
        ProcessFact::NotGenuine { .. } => "It was found not to be genuine.".to_owned(),
        ProcessFact::Reviewed { defects, .. } => match defects.len() {
            0 => "It was read against the rules.".to_owned(),
            1 => "It was read against the rules: one thing is wrong on its face.".to_owned(),
            many => format!("It was read against the rules: {many} things are wrong on its face."),
        },
        ProcessFact::ScopeComputed(_) => "What is asked for was held against what is held.".to_owned(),
        ProcessFact::NoRecords {} => "Nothing that it asks for is held.".to_owned(),
        ProcessFact::NoticeSent { .. } => "Whom it is about was told.".to_owned(),
        ProcessFact::NoticeDelayed {} => {
            "Telling whom it is about had to wait for the end of a duty of secrecy.".to_owned()
        }
        ProcessFact::Answered(Answer::Objects { .. }) => "The person objected.".to_owned(),
        ProcessFact::Answered(Answer::Consents { .. }) => "The person agreed.".to_owned(),
        ProcessFact::Answered(Answer::Revokes { .. }) => "The person took the consent back.".to_owned(),
        ProcessFact::Objected { .. } => "We objected.".to_owned(),
        ProcessFact::ObjectionLifted { .. } => "Our objection was settled without a court.".to_owned(),
        ProcessFact::Narrowed { .. } => "The issuer asked for less, in writing.".to_owned(),
        ProcessFact::EnforcementSought { court } => {
            format!("The issuer asked {} to enforce it.", named(court))
        }
        ProcessFact::WentStale { .. } => "The issuer fell silent.".to_owned(),
        ProcessFact::Challenged { by, court } => match by {
            Challenger::Provider => format!("We asked {} to set it aside.", named(court)),
            Challenger::User => format!("The person asked {} to set it aside.", named(court)),
        },
        ProcessFact::Adjudicated { outcome, .. } => match outcome {
            Adjudication::Quashed {} => "The court set it aside.".to_owned(),
            Adjudication::Modified { .. } => "The court narrowed it.".to_owned(),
            Adjudication::Enforced {} => "The court ordered us to answer.".to_owned(),
        },
        ProcessFact::ReviewSought { court } => format!("The decision went to {}.", named(court)),
        ProcessFact::Produced { items, .. } | ProcessFact::EmergencyDisclosed { items, .. } => {
            format!("We gave {}.", counted(items.len(), "record", "records"))
        }
        ProcessFact::EffectGiven {} => "We did what it orders.".to_owned(),
        ProcessFact::Withdrawn { on, .. } => format!("The demand was withdrawn, dated {}.", date(on)),
        ProcessFact::EmergencyAsked { .. } => "An official said that a life was in danger.".to_owned(),
        ProcessFact::EmergencyDeclined { .. } => "The emergency was not answered.".to_owned(),
        ProcessFact::CourtOrdered { .. } => "A court ordered one of our rules aside for one step.".to_owned(),
        ProcessFact::Closed {} => "We closed it.".to_owned(),
        _ => return None,
    };
    Some(said)
}

fn due_text(due: &ReceivedTime) -> String {
    match (due.day(), due.clock()) {
        (Some(day), Some((hour, minute))) => format!("{} {hour:02}:{minute:02}", day.long()),
        (Some(day), None) => day.long(),
        _ => due.text().to_owned(),
    }
}

fn named(court: &str) -> &str {
    if court.is_empty() || court == WITHHELD {
        "a court"
    } else {
        court
    }
}

fn case(fact: &CaseFact) -> String {
    match fact {
        CaseFact::Drafted { .. } => "A complaint was drafted.".to_owned(),
        CaseFact::Filed { court, on, .. } => {
            format!("A complaint was filed with {}, dated {}.", named(court), date(on))
        }
        CaseFact::Pending {} => "The court took the case up.".to_owned(),
        CaseFact::Stayed {} => "The court stayed the case.".to_owned(),
        CaseFact::Dismissed {
            with_prejudice,
            voluntary,
            on,
            ..
        } => format!(
            "The case was {}dismissed {} prejudice, dated {}.",
            if *voluntary { "voluntarily " } else { "" },
            if *with_prejudice { "with" } else { "without" },
            date(on)
        ),
        CaseFact::Judged { .. } => "The court decided the case.".to_owned(),
        CaseFact::Appealed { court } => format!("The case went to {}.", named(court)),
        CaseFact::Docketed(entry) => format!("On the docket, dated {}: {}.", date(&entry.on), entry.kind),
        CaseFact::DocumentAdded(document) => format!("A document came to the case: {}.", document.kind),
    }
}

const fn gag(fact: &GagFact) -> &'static str {
    match fact {
        GagFact::Requested {} => "It asks for secrecy, which binds nobody.",
        GagFact::Activated { .. } => "A duty of secrecy began.",
        GagFact::Named { .. } => "More people of the desk were let into the duty of secrecy.",
        GagFact::Challenged { .. } => "The duty of secrecy was challenged in court.",
        GagFact::Upheld { .. } => "A court upheld the duty of secrecy.",
        GagFact::Narrowed { .. } => "A court narrowed the duty of secrecy.",
        GagFact::Lifted { .. } => "A court lifted the duty of secrecy.",
        GagFact::Expired {} => "The duty of secrecy came to its end.",
    }
}

const fn preservation(fact: &PreservationFact) -> &'static str {
    match fact {
        PreservationFact::Activated { .. } => "A copy of named records was kept.",
        PreservationFact::Extended { .. } => "The copy is kept for longer.",
        PreservationFact::Released {} => "The copy was destroyed.",
        PreservationFact::UsedBy { .. } => "The copy was used by a later demand.",
    }
}
