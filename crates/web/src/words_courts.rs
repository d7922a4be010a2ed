//! The texts of what further courts do, of dates and rules that change, and of what else the paper says. See
//! [`crate::words`].

catalogue! {
    outcome_modified: "It is narrowed, and has to be obeyed as far as that";
    field_lines: "What is asked for now, where it was narrowed";
    field_lines_hint: "One a line: the number of the older line, from 0, =, and the new words. As in: 0=user names";
    field_refiles: "The case that it brings again";
    basis_request: "It is only asked for. That binds nobody";

    review: "A higher court looks at the decision";
    review_means: "You put on the record that somebody asks a higher court about what was decided on this demand.";
    moves: "A case goes on, or rests";
    moves_means: "You put on the record that the court took a case up, or stayed it. While one is stayed nothing is produced.";
    moves_what: "What the court did";
    moves_pending: "It took the case up, or went on with it";
    moves_stayed: "It stayed the case";
    judged: "A case was decided";
    judged_means: "You put the judgment on the record. What becomes of the demand is another matter: say that as well, if the court decided it.";
    appealed: "A case went to a higher court";
    appealed_means: "You put on the record which court looks at it.";
    gag_court: "A court left the silence in force";
    gag_court_means: "You enter a court's decision that upheld the duty of silence, or narrowed it. Its end moves only by such a document.";
    gag_what: "What it decided";
    gag_upheld: "It is upheld";
    gag_narrowed: "It is narrowed";
    gag_ends_hint: "As in 2017-04-07. Leave it empty where the court set no other day.";
    let_in: "Let more officers see it";
    let_in_means: "The officers that you name see this demand from now on, and are bound by its silence.";
    let_in_hint: "Handles, parted by spaces.";
    deadline: "A date was set anew";
    deadline_means: "You put on the record a date that was agreed with the issuer, or ordered. It takes the place of the one of the same name.";
    deadline_name: "Which date";
    deadline_name_hint: "Its name in the list of dates: due, answer. A new name is a new date.";
    deadline_binds: "Missing it has a consequence in law.";
    terms: "Read it under the rules of today";
    terms_means: "You say that the rules changed since this demand came, and that it is read under the newer ones. It counts when a second person agrees; what was approved before is void then.";
    effect: "What it orders was done";
    effect_means: "You put on the record that what the paper orders was done, as when moderators took an item away. The report tells how soon that was.";
    defer: "Keep it out of the public log for now";
    defer_means: "Under a gag that is in force, counsel can have the entries of the public log wait until it ends. Nothing is lost: they follow then.";
    defer_what: "What happens to them";
    defer_wait: "They wait";
    defer_resume: "They follow now";
    defer_hint: "Only where they wait.";
    correct: "Put an earlier entry right";
    correct_means: "The entry stays as it is, and this stands beside it.";
    correct_of: "Which entry";
    correct_of_hint: "Its number in the timeline, from 0.";
    correct_note: "What is wrong, and what is right";

    intake_rest: "What else the paper may say";
    intake_rest_hint: "Leave empty what it does not say.";
    intake_state: "The member state of the European Union that issued it";
    intake_state_none: "None";
    intake_upon: "Who took it";
    intake_entity: "Whom it is addressed to";
    intake_appearance: "When somebody has to appear";
    intake_zone: "The time zone of its dates";
    intake_zone_hint: "As in America/New_York or Europe/Berlin. The holidays that count follow it.";
    intake_court: "The court";
    intake_sealed: "The court's docket is sealed.";
    intake_language: "The language that it is written in";
    intake_language_hint: "As in de or fr, where it is not yours.";
    intake_redress: "What it says about how it can be contested";
    intake_conflict: "The law of another country that forbids an answer";
    intake_underlying: "The process that a treaty request arrives as";
    intake_cited: "What it cites, where the rules leave it to the document";
    intake_cited_binds: "It binds without a further order.";
}

/// The texts of courts, and of the rest of the intake form.
pub use EN as COURTS;
