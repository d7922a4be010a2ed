//! The texts of the legal desk, of what users are told, and of what counsel picks up. See [`crate::words`].

use bauta_model::CoarseTime;

catalogue! {
    // Inbox.
    desk: "Legal desk";
    desk_lead: "Each line is one demand. The one that waits for the nearest date stands first.";
    desk_empty: "No demand is open. Nothing is to be done.";
    desk_closed: "Closed";
    desk_no_key: "No officer has set an age key yet, so nothing can be sealed: no paper, no answer of a user. Run bauta desk officer HANDLE --key age1… on the machine.";
    receive_new: "Receive a demand";
    inbox_next: "Next:";
    inbox_by: "by";
    overdue: "Overdue";
    nothing_next: "Nothing at the moment";
    no_issuer: "Nobody is named";
    about: "about";
    accounts: "accounts";
    back_to_desk: "Back to the desk";
    back_to_demand: "Back to the demand";

    // Intake.
    intake: "Receive a demand";
    intake_lead: "Write what the paper says, as it says it. A date that no calendar has stays as it is. Nothing is answered by this, and nobody is told.";
    intake_paper: "The paper";
    intake_paper_hint: "A photograph, a scan or a PDF. It is encrypted to the officers' keys at once; nobody but they can open it.";
    intake_instrument: "What it is";
    intake_choose: "Choose";
    intake_authority: "The law that it cites";
    intake_issuer: "Who issued it";
    intake_rank: "The rank of whoever signed";
    intake_served: "When it came";
    intake_served_hint: "As in 2017-03-14.";
    intake_by: "How it came";
    intake_by_hint: "Fax, mail, by hand, a portal.";
    intake_due: "By when it wants an answer";
    intake_due_hint: "As it stands there: 2017-03-13, or 2017-03-13T11:45. Leave it empty where it names none.";
    intake_silence: "What it says about silence";
    intake_requested: "What it asks for";
    intake_requested_hint: "One thing a line, in its own words.";
    intake_targets: "Whom it is about";
    intake_targets_hint: "Handles, parted by spaces. A name that nobody has here is taken too: it is answered in the same way.";
    intake_more: "What else it shows";
    intake_signed: "It is signed.";
    intake_judge: "A judge or a court's order stands behind it.";
    intake_offence: "It names an offence, or a law that was broken.";
    intake_verified: "Somebody called back on a number found independently.";
    intake_renews: "The demand that it renews";
    intake_renews_hint: "By its public name. Leave it empty where it is new.";
    intake_send: "Receive this demand";
    not_received: "The demand was not received";
    silence_none: "Nothing";
    silence_request: "It asks for silence";
    silence_statute: "It cites a statute's bar";
    silence_certification: "It carries a certification";
    silence_order: "A court's order came with it";
    paper_of_demand: "demand";

    // A demand.
    strip_deadline: "Next date";
    strip_notice: "Notice";
    strip_secrecy: "Secrecy";
    strip_hold: "Hold";
    no_deadline: "None";
    notice_not: "The user was not told";
    notice_due: "Due by";
    notice_delayed: "Waits for the end of a gag";
    notice_sent: "Given on";
    notice_excepted: "Excepted by two people";
    secrecy_none: "Nothing commands it";
    secrecy_asked: "Asked for. That binds nobody";
    secrecy_until: "Commanded until";
    secrecy_open: "Commanded, without an end";
    hold_open: "Not decided";
    hold_copy: "A sealed copy is kept";
    hold_nothing: "Nothing is kept";
    next_step: "Next step";
    next_none: "This demand waits for somebody else. If something happened, choose it below.";
    other_steps: "Something else happened";
    papers: "Papers";
    the_paper: "What the paper says";
    paper_instrument: "Instrument";
    paper_authority: "Law cited";
    paper_issuer: "Issuer";
    paper_rank: "Rank";
    paper_served: "Served";
    paper_due: "Due, as received";
    paper_signed: "Signed";
    paper_judge: "By a judge";
    paper_offence: "Names an offence";
    paper_silence: "On silence";
    yes: "yes";
    no: "no";
    defects: "What is wrong on its face";
    defects_none: "Nothing was found that needs no lawyer to see. A lawyer may see more.";
    defect_what: "What";
    defect_fact: "The fact";
    defect_rule: "The rule";
    asked_held: "Asked against held";
    asked: "Asked";
    asked_comes: "What it comes to";
    asked_outside: "What only you can answer";
    asked_unanswered: "This names no kind of record that we know: it has to be narrowed in writing, or explained.";
    row: "row";
    rows: "rows";
    none_to_choose: "There is none to choose yet.";
    public: "public";
    not_public: "not public";
    dates: "Its dates";
    date_name: "Date";
    date_when: "When";
    date_how: "How it was computed";
    findings: "The four findings";
    met: "Met";
    not_met: "Not met";
    courts: "Before courts";
    no_docket: "No docket number yet";
    twice: "times ended by whoever brought it: look at FRCP 41(a)(1)(B)";
    keyholder: "Keyholder";
    told: "What was told";
    told_seen: "seen";
    told_unseen: "not seen yet";
    told_objected: "objects";
    told_consented: "consents";
    told_silent: "has not answered";
    told_until: "can answer until";
    timeline: "What happened, newest first";

    // Letters.
    letters: "Letters";
    letters_lead: "Drafts from what the desk knows of this demand. A person reads one, changes it, signs it and sends it: the server sends none.";
    letters_not_now: "Not now:";
    letters_kept: "Somebody changed this draft, last on";
    letters_fresh: "This is what the facts of the demand give now. Nobody has changed it.";
    letters_calendar: "Dates as a calendar";
    letters_calendar_means: "A file (.ics) for the calendar of whoever has to act. It names the demand by its public name only.";
    letters_pdf: "Take it as PDF";
    letters_text: "Take it as text";
    letters_change: "Change it";
    letters_words: "The letter";
    letters_words_hint: "An empty line parts two paragraphs; # and a space begin a heading. That it is a draft and no advice stands around every letter.";
    letters_keep: "Keep this draft";
    letters_drop: "Throw the changes away";
    letters_sent: "It was sent";
    letters_sent_means: "Only a person can know that. The letter as it stands above becomes a paper of the case, sealed to the officers' keys, and the record says that a letter of this kind was sent.";
    letters_how: "How and when it was sent";
    letters_how_hint: "As in: registered mail, 20 March 2017. It stands inside the sealed paper.";
    letters_mark: "Mark it as sent";
    letters_back: "All letters";

    // Papers.
    papers_lead: "Papers lie here encrypted to the officers' own keys. Open one with age, on a machine of yours.";
    papers_none: "There is no paper yet.";
    papers_add: "Add a paper";
    papers_name: "What it is";
    papers_name_hint: "Letter, order, complaint. The name of a document stands in the record.";
    papers_kind: "Kind";
    paper_document: "Document of the case";
    paper_answer: "Answer of a user";
    paper_note: "Counsel's note: in no export, report, production or log";
    papers_added: "added";
    papers_destroy: "will be destroyed on";
    papers_gone: "destroyed";

    // Steps.
    not_done: "Nothing was done";
    grave_lead: "This can't be undone.";
    grave_pass: "Your passphrase, once more";
    letter_preview: "What the user reads";
    preview: "What would be produced";
    preview_again: "Look again";
    preview_none: "Nothing can be shown. Two people have to say first what is to be produced.";
    step_hold: "Decide what is kept";
    step_hold_means: "You decide whether a sealed copy of what is held and asked for is kept. Whoever deletes it later deletes it from the server all the same; the copy stays until this demand is closed. Credentials are never copied.";
    step_verify: "Check that it is genuine";
    step_verify_means: "You say how you know that the demand comes from whom it names. Find the number yourself; never call the one on the paper.";
    step_review: "Record the review";
    step_review_means: "The defects and dates that the rules show now are put on the record. Nobody is told.";
    step_scope: "Record asked against held";
    step_scope_means: "Each thing that is asked for is compared with what is held, now. Only what was asked is answered. Nobody is told.";
    step_notice: "Tell the user";
    step_notice_means: "The user is told now, on a page of their own and by a neutral message in their apps. If a gag forbids it, the record says that the notice waits.";
    step_findings: "Record the four findings";
    step_findings_means: "You say for each of the four whether it is met, and why. They guide what is disclosed; they bind nobody by themselves.";
    step_determine: "Say what will be done";
    step_determine_means: "You say whether the demand is refused or answered, and with which records. It counts when a second person agrees.";
    step_second: "Agree as the second person";
    step_second_means: "You agree to what another officer entered. Where there is one officer only, a day's wait stands in place of a second person, and the public report says so.";
    step_ready: "Make the production ready";
    step_ready_means: "What two people approved is put together, with what you leave out. Another officer hands it out.";
    step_produce: "Produce";
    step_produce_means: "What lies ready is handed to you, encrypted to the recipient's key. It is not kept here; its manifest is. Nobody can call it back.";
    step_object: "Object";
    step_object_means: "You put on the record that you object, on these grounds. The letter is yours to send: the server sends nothing.";
    step_lift: "Take the objection back";
    step_lift_means: "The objection is no longer upheld, without a court.";
    step_enforcement: "They go to court";
    step_enforcement_means: "The issuer asks a court to enforce the demand.";
    step_challenge: "Ask a court to set it aside";
    step_challenge_means: "You put on the record that somebody asks a court to set the demand aside.";
    step_court: "A court decided about the demand";
    step_court_means: "You put on the record what a court decided about this demand.";
    step_file: "A case was filed";
    step_file_means: "You put on the record that a case about this demand was filed, with its docket number.";
    step_docket: "Something was entered in a docket";
    step_docket_means: "You copy a line of the court's docket into the record.";
    step_dismissed: "A case was dismissed";
    step_dismissed_means: "You put on the record that a case ended without a judgment. What becomes of the demand is another matter.";
    step_gag: "Silence is commanded";
    step_gag_means: "From now on only you and the officers that you name see this demand. Everybody else finds nothing. Counsel may always be told.";
    step_challenge_gag: "Ask a court to end the silence";
    step_challenge_gag_means: "You put on the record that somebody asks a court to end it.";
    step_lift_gag: "A court lifted the silence";
    step_lift_gag_means: "The demand is there for every officer again, and the user is to be told at once.";
    step_stale: "The issuer fell silent";
    step_stale_means: "You put on the record since when, and after what.";
    step_no_records: "Nothing that is asked for is held";
    step_no_records_means: "You put on the record that there is nothing to produce. The user is told all the same.";
    step_pass_on: "Pass on what a user said";
    step_pass_on_means: "You enter what a user handed in on paper, or had counsel say. The record names you.";
    step_except: "Do not tell the user";
    step_except_means: "The notice would reach the wrong hands, or cost a life. It counts when a second person agrees.";
    step_withdrawn: "The demand was withdrawn";
    step_withdrawn_means: "The demand has no force from here on. Nothing is produced, and the user is told.";
    step_publish: "Let the public read of it";
    step_publish_means: "From here on the public can read of this demand as far as you choose. What is public can't be called back.";
    step_close: "Close the demand";
    step_close_means: "Nothing more happens to it. The sealed copy is let go, unless an order to preserve runs, and its papers are destroyed in three years.";

    // Fields.
    field_reason: "Why";
    field_reason_hint: "It stays at the desk, and in the record as a commitment only.";
    why_offence: "Why an offence has been shown, or not";
    why_least: "Why there is no milder means, or which";
    why_speech: "Why it is not meant to suppress speech, or is";
    why_need: "Why the need outweighs the rights, or not";
    field_note: "Whom you asked, and where you found the number";
    field_note_hint: "Or why it is not genuine.";
    field_keep: "What is kept";
    keep_copy: "A sealed copy of what is held and asked for";
    keep_nothing: "Nothing";
    field_how: "How you know";
    how_called: "I called back on a number that I found";
    how_record: "It stands in a court's record";
    how_person: "It was handed over in person";
    how_signature: "Its signature was checked";
    how_not: "It is not genuine";
    finding_offence: "An offence has been shown";
    finding_least: "It is the least restrictive means";
    finding_speech: "It is not meant to suppress speech";
    finding_need: "The need outweighs the speaker's rights";
    field_decision: "What will be done";
    refuse_no_duty: "Refuse: it carries no duty";
    refuse_defects: "Refuse: it has defects";
    refuse_findings: "Refuse: a finding is not met";
    refuse_foreign: "Refuse: another country's law forbids it";
    refuse_hold: "Refuse: it asks for a hold only";
    produce_instrument: "Produce: the demand compels it";
    produce_consent: "Produce: each keyholder agrees";
    field_items: "Which records";
    field_items_hint: "Only where something is produced. Credentials are never among them.";
    field_second: "To what you agree";
    second_determination: "What will be done";
    second_exception: "That the user is not told";
    second_order: "A court's order";
    second_terms: "That the demand is read under other rules";
    field_redactions: "What is left out";
    field_redactions_hint: "One value a line: number of the account from 0, column, number of the row from 1. As in: 0 posts.text 3";
    field_to: "The recipient's age public key";
    field_to_hint: "It begins with age1. Make sure by another way that it is theirs.";
    field_grounds: "Grounds";
    field_court: "Court";
    field_on: "Date";
    field_day_hint: "As in 2017-04-07.";
    field_document: "Document";
    field_document_hint: "Add it to the papers first.";
    field_challenger: "Who asks";
    challenger_us: "We do";
    challenger_user: "The user does";
    field_outcome: "What it decided";
    outcome_quashed: "The demand is set aside";
    outcome_enforced: "The demand has to be obeyed";
    field_docket: "Docket number";
    field_parties: "Who takes part";
    field_parties_hint: "One a line, as in: plaintiff: the operator of this server";
    field_sealed: "The docket is sealed.";
    field_case: "Case";
    field_entry: "What was entered";
    field_entry_hint: "As in: notice of voluntary dismissal";
    field_rule: "The rule that it cites";
    field_pages: "Pages";
    field_voluntary: "Whoever brought it ended it.";
    field_prejudice: "It can't be brought again.";
    field_basis: "By what";
    basis_statute: "The instrument's own statute";
    basis_certification: "A certification that came with it";
    basis_order: "A court's order";
    field_user_may_know: "The user may be told all the same.";
    field_ends: "Its last day";
    field_ends_hint: "As in 2017-04-07. Leave it empty where it has no end, and say when somebody looks at it again.";
    field_review: "When somebody has to look at it again";
    field_named: "Officers who may see it";
    field_named_hint: "Handles, parted by spaces. You are among them.";
    field_keyholder: "Which keyholder";
    field_keyholder_hint: "The number that stands in the notice, from 0.";
    field_answer: "What the user says";
    answer_objects: "No";
    answer_consents: "Yes, to producing what is asked for";
    answer_revokes: "No longer yes";
    answer_publish: "Yes, to a public page about the demand";
    field_words: "In the user's own words";
    field_ground: "Ground";
    ground_taken: "The account is known to be in another's hands";
    ground_life: "A life is threatened";
    field_publish: "How far";
    publish_aggregate: "As one among a figure";
    publish_redacted: "As a page, with parts blacked out";
    publish_full: "As a page";
    wrong_empty: "This is needed.";
    wrong_long: "This is too long. At most 4,000 characters.";
    wrong_choice: "Choose one of these.";
    wrong_day: "This is no day. Write it as in 2017-04-07.";
    wrong_number: "This is no number that can be taken.";
    wrong_document: "Choose a document. Add it to the papers first where it is not there.";
    wrong_parties: "Write one a line, as in plaintiff: the operator of this server.";
    wrong_redactions: "Write one value a line, as in 0 posts.text 3.";
    wrong_renews: "No demand has this public name.";

    // To the user.
    messages: "Messages from your server";
    messages_lead: "Here your server tells you of demands about you. No time of reading is kept.";
    messages_none: "There is no message for you. The law can forbid us to tell you of a demand or of a copy.";
    message_title: "A message from your server";
    message_new: "not marked as read";
    notice_asks: "asks us about you.";
    notice_nothing: "When this was written, we had given nothing.";
    notice_served: "It came:";
    notice_by: "It rests on:";
    notice_due_by: "It wants an answer by:";
    notice_until: "You can answer until";
    notice_how: "How this day was computed";
    notice_asked: "What is asked, and what we hold";
    notice_copy: "A sealed copy was made of what is held and asked for. What you delete now stays in it until the demand is closed.";
    notice_lawyer: "Find a lawyer first";
    notice_lawyer_means: "A lawyer whom you ask for advice must keep quiet about it; we can't promise that. Rights groups, bar associations and unions name lawyers who defend speech, often without a fee. You can use a lawyer's name here instead of your own.";
    notice_wait: "You can also wait. If you say nothing, we go on by the rules, and tell you what happens.";
    notice_answer: "Answer";
    notice_reads: "The officers of this server's legal desk read what you write. It is not privileged: a court can ask for it. Don't write who you are.";
    notice_object: "I object";
    notice_words: "Why, in your own words";
    notice_words_hint: "It is sealed to the officers' keys. At most 20,000 characters.";
    notice_object_send: "Object";
    notice_counsel: "A lawyer speaks for me";
    notice_key: "Their age public key";
    notice_key_hint: "Ask them for it; it begins with age1. We make a link that works once and hands them this notice, encrypted to that key.";
    notice_counsel_send: "Name counsel";
    notice_consent: "I agree to producing what is asked for";
    notice_consent_means: "You can take it back for as long as nothing was produced.";
    notice_consent_send: "Agree";
    notice_revoke_send: "Take it back";
    notice_publish: "A public page about this demand may be made";
    notice_publish_send: "Agree to a page";
    notice_closed: "The day by which you could answer is over. You can still ask a court, and a lawyer tells you how.";
    notice_read: "I have read it";
    notice_read_means: "The line on your pages goes away. When you said so is kept nowhere.";
    notice_link: "Give this link to your lawyer. It works once, for 30 days, and is shown here only now:";
    notice_receipt: "Receipt";
    notice_receipt_means: "Keep this. It proves later that you were told, and of what.";
    receipt_demand: "Demand";
    receipt_event: "Event";
    receipt_hash: "SHA-256";
    receipt_log_means: "The public log of this server cannot be rewritten. A promise is signed before an entry is in it, a receipt shows that it is. Either one lets anybody show it if the entry was left out: bauta verify reads them.";
    receipt_of_demand: "That the demand came";
    receipt_of_notice: "That you were told";
    receipt_file: "Receipt";
    promise_file: "Signed promise; the receipt follows within hours";
    receipt_leaf: "leaf";
    receipt_open: "open to everybody";
    outside_title: "Outside the program";
    outside_lead: "The program speaks of itself only. What stands in front of it or beside it you answer yourself: your words go into the letter and the answer as the operator's own statement, with your name in the record and the day. A false statement to an authority can be a crime: write what you know, and ask counsel.";
    outside_none: "No line of this demand asks for anything outside the program.";
    outside_said: "Stated";
    outside_hint: "Leave it as it is, or empty, to state nothing new.";
    outside_send: "State this";
    outside_not: "Nothing was stated";
    receipts: "In the public log";
    receipts_lead: "Each step has an entry. Hand the first one's promise to whoever issued the demand, with the acknowledgement, and its receipt later.";
    receipts_none: "This demand has no entry: it is deferred, told in a band only, or the log stands still.";
    not_answered: "Nothing was answered";
    you_objected: "You objected.";
    you_consented: "You agreed to producing what is asked for.";

    // Counsel.
    pickup: "A notice for counsel";
    pickup_lead: "This hands you a notice that a server gave your client, encrypted to your age key. The link works once: after that it leads nowhere.";
    pickup_take: "Take the notice";
}

/// The texts of the desk.
pub use EN as DESK;

/// The name of a fact or a state as data has it: `due_before_service`.
pub fn spoken(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The same of what has no form in data.
pub fn spoken_debug(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

/// A slot as officers read it.
pub fn when(at: CoarseTime) -> String {
    format!("{}, {}", at.day().long(), at.clock_utc())
}

/// A defect in a sentence.
pub fn defect_name(code: &str) -> &'static str {
    match code {
        "due_before_service" => "It was due before it was served",
        "return_date_past" => "The day by which the court wants it back is over",
        "too_little_time" => "It leaves less time than the rule asks for",
        "issuer_below_rank" => "The issuer's rank is below what the statute asks for",
        "issuer_unverified" => "Nobody has called back on a number found independently",
        "not_signed" => "Nobody has signed it",
        "not_specific" => "It names no kind of record",
        "outside_scope" => "The law that it cites does not reach such records",
        "wrong_entity" => "It names somebody else than who runs this server",
        "content_without_warrant" => "It asks for private content without what content takes",
        "no_offence_named" => "It names no law that was broken",
        "not_self_executing" => "It carries no duty without a court's order",
        "secrecy_only_requested" => "It asks for silence and cites nothing that commands it",
        "no_such_target" => "There is no such account here",
        "impossible_date" => "It has a date that no calendar has",
        _ => "Something else",
    }
}

/// A finding in a sentence.
pub fn finding_name(code: &str) -> &'static str {
    match code {
        "offence_shown" => DESK.finding_offence,
        "least_restrictive" => DESK.finding_least,
        "not_to_suppress_speech" => DESK.finding_speech,
        _ => DESK.finding_need,
    }
}

/// What a line of a demand comes to.
pub fn status_name(code: &str) -> &'static str {
    match code {
        "held" => "Held",
        "credential" => "A credential: never produced",
        "expired" => "Destroyed by rule",
        "never_collected" => "Never collected",
        _ => "Outside the program",
    }
}

/// Where a demand stands.
pub fn position_name(code: &str) -> &'static str {
    match code {
        "received" => "Received",
        "verifying" => "Being checked",
        "not_genuine" => "Not genuine",
        "reviewed" => "Reviewed",
        "scope_computed" => "Compared with what is held",
        "notice_due" => "The user is to be told",
        "noticed" => "The user was told",
        "notice_delayed" => "The notice waits",
        "determining" => "One person has said what will be done",
        "determined" => "Two people have said what will be done",
        "ready" => "Ready to be produced",
        "produced" => "Produced",
        "no_records" => "Nothing is held",
        "objected" => "We objected",
        "enforcement_sought" => "The issuer went to court",
        "stale" => "The issuer fell silent",
        "challenged" => "Before a court",
        "quashed" => "Set aside by a court",
        "enforced" => "Enforced by a court",
        "under_review" => "Before a higher court",
        "emergency_asked" => "An emergency is claimed",
        "emergency_approved" => "One person approves an emergency",
        "emergency_declined" => "The emergency was not answered",
        "emergency_disclosed" => "Disclosed in an emergency",
        "withdrawn" => "Withdrawn",
        "closed" => "Closed",
        _ => "Open",
    }
}

/// What happened, in words: the names of data are words already.
pub fn event_name(name: &str) -> String {
    let known = match name {
        "process.received" => "Received",
        "process.hold_decided" => "Decided what is kept",
        "process.verification_begun" => "Began to check it",
        "process.verified" => "Found it genuine",
        "process.not_genuine" => "Found it not genuine",
        "process.reviewed" => "Reviewed",
        "process.scope_computed" => "Compared with what is held",
        "process.notice_sent" => "Told the user",
        "process.notice_delayed" => "The notice waits for the end of a gag",
        "process.finding_recorded" => "Recorded a finding",
        "process.determined" => "Said what will be done",
        "process.seconded" => "A second person agreed",
        "process.ready" => "Made a production ready",
        "process.produced" => "Produced",
        "process.objected" => "Objected",
        "process.answered" => "The user answered",
        "process.withdrawn" => "Withdrawn by the issuer",
        "process.effect_given" => "Done as ordered",
        "process.outside_stated" => "Said what lies outside the program",
        "process.document_added" => "A document came",
        "process.closed" => "Closed",
        "gag.activated" => "Silence was commanded",
        "gag.lifted" => "The silence was lifted",
        "gag.expired" => "The silence came to its end",
        "case.drafted" => "A case is being written",
        "case.filed" => "A case was filed",
        "case.dismissed" => "A case was dismissed",
        "case.docketed" => "Entered in the docket",
        _ => "",
    };
    if known.is_empty() {
        let plain = name.split('.').next_back().unwrap_or(name).replace('_', " ");
        let mut letters = plain.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        return first + letters.as_str();
    }
    known.to_owned()
}

/// A letter's name.
pub fn letter_name(kind: &str) -> &'static str {
    match kind {
        "acknowledgement" => "Acknowledgement of receipt",
        "objection" => "Objection",
        "what-we-hold" => "What we hold",
        "notice" => "Notice to the user",
        "withdrawal" => "Notice that it was withdrawn",
        "memo" => "Memo for outside counsel",
        _ => "The first hour",
    }
}

/// Whom a letter is for.
pub fn letter_use(kind: &str) -> &'static str {
    match kind {
        "acknowledgement" => "To the issuer: a paper came. It accepts no service and reserves all rights.",
        "objection" => "To the issuer: the defects as grounds.",
        "what-we-hold" => "To the issuer: asked against held, computed.",
        "notice" => "To the user, on paper. The page of their own says the same.",
        "withdrawal" => "To the user: the demand has no force any more.",
        "memo" => "Two pages with everything that a lawyer needs first.",
        _ => "A sheet for the wall: say nothing, delete nothing, call back, call counsel.",
    }
}
