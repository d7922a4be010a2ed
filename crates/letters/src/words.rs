//! Every text of the letters, in one place. `{name}` stands for a fact.

/// On every page and letter of the desk.
pub const NOT_ADVICE: &str = "Bauta sorts facts and shows rules that may be out of date. This is not legal advice. Talk to a lawyer before you answer, refuse, delete or tell anyone.";

/// Declares the catalogue and its English at once, so that no text can be forgotten in either.
macro_rules! catalogue {
    ($($name:ident: $english:expr;)*) => {
        /// The texts of the letters in one language.
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)*
        }

        /// English.
        pub(crate) static EN: Words = Words { $($name: $english,)* };
    };
}

/// Puts facts in their places.
pub(crate) fn fill(text: &str, facts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    // One pass, so that a fact that looks like a place stays as it is.
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let fact = facts.iter().find(|(known, _)| *known == name);
        out.push_str(fact.map_or("", |(_, fact)| fact));
        rest = behind;
    }
    out.push_str(rest);
    out
}

catalogue! {
    // Around every letter.
    draft: "Draft. The program sends nothing: a person reads it, changes it, signs it and sends it.";
    reference: "Our reference";
    date: "Date";
    from: "From";
    to: "To";
    no_entity: "[who runs this server: set legal.entity]";
    no_address: "[postal address: set legal.address]";
    signature: "Name, office, signature";
    not_shown: "Characters that this PDF has no letters for stand as their numbers, such as [U+1F6C2]. The text and the web version have them.";
    more: "and {count} more, in the desk";

    // The paper, in a line.
    subject: "{instrument} under {authority}, received {served} by {by}";
    no_authority: "no law that it names";

    // Acknowledgement.
    ack_title: "Acknowledgement of receipt";
    ack_receipt: "A paper of this description reached us: {subject}. This letter confirms that, and nothing else.";
    ack_reserve: "It does not accept service. It does not agree that the paper was validly issued, signed or served, that it binds us, or that any court or authority has jurisdiction over us or over anybody who uses our service. It does not say that any account or record exists. Every right, objection and defence, ours and theirs, is reserved, and none is waived by anything that anybody says or does.";
    ack_answer: "We are reviewing the paper and answer in writing. Nothing said by telephone, at a door or in a chat is an answer of ours.";
    ack_hold: "What the paper describes, so far as there is any, is dealt with under our rules for keeping records once a demand is known.";
    ack_ask: "So that we can review it, please send in writing and signed:";
    ack_ask_office: "the name, office and rank of whoever issued it, so that we can call back on a number that we find ourselves";
    ack_ask_law: "the law that covers each thing that is asked for, line by line";
    ack_ask_court: "whether a court's order stands behind it, and a copy of it";
    ack_ask_silence: "whether you say that we may not tell the person concerned, and under which provision";
    log_promised: "Enclosed: a promise, signed by the key of this server's public log, that an entry about this paper will be in that log by the end of {day} (UTC). The entry is sealed; it commits to {commitment}. Whoever holds the promise can show it if the entry is left out: bauta verify --receipt reads it.";
    log_entered: "Enclosed: the receipt of the entry about this paper in this server's public log, at leaf {leaf}. bauta verify --receipt reads it, offline.";
    ack_notice: "Unless a statute or a court's order forbids it, we tell whoever a demand concerns before anything is disclosed.";

    // Objection.
    obj_title: "Objection";
    obj_lead: "We object to this paper as a whole and to each thing that it asks for: {subject}. The grounds that can be seen on its face are these. Others are reserved.";
    obj_fact: "Fact";
    obj_source: "Source";
    obj_asked: "It asks for:";
    obj_silence: "The paper asks us to keep silent. It cites nothing that commands it, so we treat it as a wish.";
    obj_stands: "Until the paper is withdrawn or narrowed in writing, or a court has decided on these objections, we do not intend to produce anything under it.";
    obj_binds: "The paper claims to bind without a further order. These objections are made within the time that it leaves, and do not refuse an order of a court.";
    obj_reserve: "This letter accepts no service and no jurisdiction, and waives no right, objection or defence, ours or anybody else's. It does not say that any account or record exists.";
    obj_withdraw: "We ask you to withdraw the paper in writing. If you don't, please tell us before you turn to a court, so that whoever is concerned can be heard.";

    // What we hold.
    held_title: "What we hold";
    held_lead: "This answers, line by line, what was asked for in {subject}. It is computed from the server's declared inventory, in which every stored column has an entry, and which the program compares with its database at every start.";
    held_asked: "Asked for";
    held_answer: "Answer";
    held_why: "Why";
    held: "held";
    held_rows: "held ({rows})";
    row: "row";
    rows: "rows";
    credential: "a credential: named, never produced";
    expired: "destroyed by rule";
    never: "never collected";
    outside: "outside the program";
    too_broad: "names no kind of record";
    held_open: "[the operator answers this line in their own words]";
    held_statement: "The operator's own statement, of {day}: {statement}";
    held_narrow: "It has to be narrowed in writing before it can be answered.";
    held_none: "No line has been computed yet: compute the scope at the desk first.";
    held_limits: "\"Never collected\" and \"destroyed by rule\" come from the inventory and from logged purges; nobody can type them. They speak of the program alone. What lies outside it, such as a proxy, the host, mail or backups, is the operator's own statement.";
    held_public: "What is held may be public already: a handle, a display name and public posts can be read by anybody.";
    held_reserve: "This list is not a production. It does not accept service, does not agree that the paper is valid, and waives nothing.";
    held_hashes: "Computed from inventory {inventory} and rules {rules}.";

    // Notice.
    notice_title: "A message from your server";
    notice_lead: "On {served}, {issuer} asked us who you are. We have given nothing.";
    notice_lead_given: "On {served}, {issuer} asked us who you are. What we have given is marked below.";
    notice_until: "You can answer until the end of {day} (UTC).";
    notice_no_until: "You can answer until we tell you otherwise.";
    notice_paper: "The paper calls itself: {instrument}, under {authority}.";
    notice_due: "It wants an answer by {due}.";
    notice_binds: "It claims to bind us as it stands.";
    notice_not_binds: "It does not bind us by itself: a court would have to order it.";
    notice_table: "What was asked, and what we hold";
    notice_counsel: "Find a lawyer first";
    notice_counsel_how: "Ask the bar association where you live for a referral, a law school's clinic, or an organisation that defends speech and privacy. Say that your server got a demand for records about an anonymous account and that there is a date. A first talk often costs nothing.";
    notice_not_yours: "We are not your lawyer. What you write to us is not privileged: the desk's officers read it, and a court could ask for it. Do not write to us who you are.";
    notice_keep: "Do not delete posts or your account because of this message before you have talked to a lawyer: it can be held against you. {hold}";
    notice_hold: "A sealed copy of what we hold of the things asked for was made when the demand came.";
    notice_no_hold: "No copy was made of what we hold.";
    notice_ways: "What you can do";
    notice_object: "Object, in your own words. We pass your reasons on only if you say so.";
    notice_agree: "Agree to what is asked. Where several people hold the account, it takes all of you.";
    notice_name: "Name a lawyer, with a key to which we encrypt this message.";
    notice_wait: "Wait. If you do nothing, we decide without you after that day, and tell you.";
    notice_next: "We tell you when something changes. No time of your reading this is kept.";
    notice_grounds: "What is wrong with it on its face";

    // Withdrawal.
    gone_title: "The demand was withdrawn";
    gone_lead: "On {day}, {issuer} took back the {instrument} that we had told you about. It has no force any more.";
    gone_given: "Before that we had given what the table says.";
    gone_not_given: "We have given nothing.";
    gone_again: "Taking it back decides nothing about the question behind it. It can be issued again; that would be a new demand, and we would tell you anew unless the law forbids it.";
    gone_case: "The lawsuit {docket} before {court} stands thus: {status}. That is a separate thing from the demand.";
    gone_without: "\"Without prejudice\" means that it can be brought again.";
    gone_copy: "The sealed copy of what was asked for is kept or let go by the desk's rules; ask us which.";
    gone_record: "What happened is entered in the public log without your name.";

    // Memo.
    memo_title: "Memo for outside counsel";
    memo_privilege: "Confidential. Prepared to ask for legal advice.";
    memo_line: "In a line";
    memo_line_is: "{issuer} ({rank}) asks {sender} about {accounts}: {subject}; answer wanted by {due}.";
    memo_account: "one account";
    memo_accounts: "{count} accounts";
    memo_no_due: "no date that it names";
    memo_no_rank: "no rank given";
    memo_silent_none: "It says nothing about silence.";
    memo_silent_request: "It asks for silence and cites nothing that commands it.";
    memo_silent_command: "It cites a statute, a certification or an order that commands silence.";
    memo_gagged: "The desk has recorded an active gag: the user has not been told.";
    memo_binds: "By the rule pack it binds as it stands.";
    memo_not_binds: "By the rule pack it carries no duty without a court's order.";
    memo_defects: "Defects on its face";
    memo_no_defects: "The rules found none. That does not make it valid.";
    memo_dates: "Dates";
    memo_date: "Date";
    memo_what: "What";
    memo_how: "How computed";
    memo_date_binds: "{name} (binds)";
    memo_steps: "What has happened";
    memo_questions: "What we need from you";
    memo_question_valid: "Is it valid, and was it served well? Which of the defects would you raise, and by when?";
    memo_question_tell: "May, must or must we not tell the user, and when?";
    memo_question_keep: "Is the copy that was made enough, or too much?";
    memo_question_court: "Do we object, narrow, or go to court first, and where?";
    memo_question_user: "Who can advise the user? We can't.";
    memo_made: "Made from inventory {inventory} and rules {rules}; rules marked \"verify\" were not read at their source.";

    // First hour.
    hour_title: "The first hour";
    hour_lead: "Somebody wants to know who is behind an account. Work down this sheet. Nothing on it needs to be fast but the first three lines.";
    hour_now: "Now";
    hour_say: "Say: \"We have received it and answer in writing.\" Nothing else, by phone, at the door or in a chat. Not whether the account exists.";
    hour_delete: "Delete nothing, and change no setting that deletes. What users delete by themselves goes on as always.";
    hour_note: "Note the day, the minute, how it came, who took it, who brought it. Keep the envelope or the fax's head line.";
    hour_then: "Then";
    hour_enter: "Enter it at the desk (photograph, or upload). Decide about the copy that is kept: the desk asks first.";
    hour_call: "Call back on a number that you find yourself, never one from the paper. Ask for the issuing office, then for the person.";
    hour_read: "Read three things on the paper: who signed it, the law that it names, and the day. The desk shows what does not fit.";
    hour_silence: "Does it command silence, or ask for it? Tell nobody but the desk until that is clear.";
    hour_counsel: "Call counsel. Send the memo, encrypted to their key.";
    hour_dates: "Put the dates into your calendar (the desk makes a file).";
    hour_not: "Not today";
    hour_not_answer: "No answer on the substance, no \"informal\" help, no look into the database out of curiosity.";
    hour_not_user: "No word to the user from your own account. The notice goes through the desk, once it may.";
    hour_not_public: "Nothing in public.";
    hour_door: "If officers stand at the door";
    hour_door_paper: "Ask for the paper and for names and offices; copy both. Read what may be searched, and say that you do not consent to more.";
    hour_door_help: "Do not hinder them, do not lie, do not hand over what the paper does not name. You need not give a passphrase before you have talked to counsel.";
    hour_who: "Who took it, day and minute, how it came, number that was called back:";

    // Calendar.
    cal_summary: "{reference}: {name}";
    cal_binds: "Missing it has a consequence in law.";
    cal_own: "The desk's own date.";
    cal_how: "How it was computed: {how}";
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_fact_that_looks_like_a_place_stays_a_fact() {
        let facts = [("a", "{b}"), ("b", "no")];
        assert_eq!(fill("x {a} y {b} {", &facts), "x {b} y no {");
        assert_eq!(fill("{unknown}.", &facts), ".");
    }
}
