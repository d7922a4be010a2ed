//! The texts of the demo's own pages. See [`crate::words`].

catalogue! {
    tour: "A tour in seven stops";
    tour_lead: "Each stop is a plain link. The story is made up after a case of 2017: its dates and facts are real, nobody in it is. It goes through the same desk, log and pages that a real demand would.";
    tour_stops: "The stops";
    tour_roles: "Look at it as somebody";
    tour_roles_lead: "A link signs you in as one of the cast. There are such links in the demo alone, and they work on this machine alone.";
    as_speaker: "the account that was asked about";
    as_officer: "an officer of the desk";
    as_counsel: "counsel";
    tour_own: "That the office withdrew was its own decision. This program did not make it, and does not claim to. It shows what a server can say that has little to give, and how it says it.";
    back_to_tour: "Back to the tour";

    paper: "One paper, two answers";
    paper_lead: "This is what the fax of 14 March says. Beside each thing that it asks for stands what this server answers, made from its inventory and its tables at this moment, and then what a usual server holds.";
    paper_dates: "The dates";
    paper_dates_lead: "As they stand on the paper and in the record. Each leads to what happened on it.";
    paper_asked: "Asked";
    paper_here: "This server";
    paper_usual: "A usual server (an illustration)";
    paper_usual_means: "The last column is an illustration of what services of this kind commonly keep and can be made to hand over. It is no named service, and no real answer.";
    usual_all: "Everything below, and what it adds up to: where somebody is, when they are awake, which machines they own.";
    usual_names: "The name, every earlier name, and the name given at sign-up.";
    usual_login: "The times of each login and logout, with the device and the user agent of each.";
    usual_phones: "The number that was confirmed at sign-up, and the one for the second factor.";
    usual_mail: "The e-mail address, the recovery address, and a billing address where something was paid.";
    usual_addresses: "The address of sign-up and the last addresses, each with its time.";
    usual_other: "Whatever is on file.";
    receive_lead: "Press it, and your demo takes the same paper in as a new demand: the desk reads it against its rules and counts what is held. Nothing is produced by that, and nobody is told.";
    receive: "Receive this demand";

    answer: "What the desk reads, and what it would answer";
    answer_lead: "This demand has just come in. It waits for an officer, who decides first what is held back from deletion.";
    answer_defects: "What is wrong on its face";
    answer_what: "What";
    answer_fact: "On the paper";
    answer_rule: "The rule";
    answer_held: "Asked against held";
    answer_comes: "What it comes to";
    answer_narrow: "This names no kind of record. It has to be narrowed in writing before anything is answered.";
    answer_desk: "See it at the desk, as an officer";
    row: "row";
    rows: "rows";

    check: "Flip a bit, and check the record";
    check_lead: "The server takes a copy of its log and of its report, flips one bit of it where you say, and has the same check run that anybody runs with bauta verify. The record itself is not touched.";
    check_what: "What is changed in the copy";
    check_run: "Check the copy";
    check_nothing: "Nothing: the copy as it is";
    check_entries: "A leaf: what was committed to";
    check_tile: "A tile: a hash of the tree";
    check_opening: "An opening: what an entry says";
    check_checkpoint: "The signed checkpoint";
    check_report: "The report: a figure";
    check_flipped: "Bit";
    check_of_byte: "of byte";
    check_of: "of";
    check_was: "was changed from";
    check_to: "to";
    check_holds: "Everything holds: status 0";
    check_fails: "The check fails: status";
    check_hand: "By hand";
    check_hand_lead: "The same in a terminal. The first line makes a copy, the third flips a bit, and the last check fails.";
    check_receipt: "The account's receipt";
    check_receipt_lead: "With it the account can show that the demand is in the log, even if the server said otherwise later: bauta verify … --receipt FILE. Only the account can fetch it:";
    check_receipt_link: "the receipt, once you are signed in as the account";

    visit: "What this server knows about your visit";
    visit_lead: "Made at this moment: every table of the database was counted, and is compared with what it had when the demo began to serve.";
    visit_nothing: "Nothing. No table has a row that it did not have before you came.";
    visit_something: "These tables have more or fewer rows than when the demo began to serve. A row comes from something that was done here, such as signing in or pressing a button; reading adds none.";
    visit_table: "Table";
    visit_before: "Then";
    visit_now: "Now";
    visit_looked_at: "tables with";
    visit_columns: "columns were counted; none is left out, because the server does not start when its tables and its inventory differ.";
    visit_never: "What there is no place for";
    visit_memory: "In memory, for a while";
    visit_memory_lead: "Of what the law calls session records the program holds these, in memory alone:";
    visit_limits: "We can't know what lies outside the program: your browser keeps a history, and a network sees that you were here.";
}
