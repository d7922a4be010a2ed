//! The texts of the pages about what is against the law: reporting it without an account, and quarantine. See
//! [`crate::words`].

catalogue! {
    illegal_title: "Report something illegal";
    illegal_lead: "Anybody can, without an account. We don't ask who you are, and can't write to you: you get a code, and see with it what became of your report.";
    illegal_not_sent: "The report was not sent";
    address: "Where is it?";
    address_hint: "The address of the post or of the profile, copied from your browser.";
    kind_legend: "What is it?";
    child_abuse: "It shows or asks for the sexual abuse of a child";
    intimate: "It shows me in private, and I did not agree";
    terrorism: "It calls for terrorism";
    other: "It is against the law in another way";
    words: "What should moderators know?";
    words_hint: "May be empty. Say which law it breaks, if you know. Don't write who you are.";
    illegal_intimate_hint: "Real pictures and made-up ones alike; also where you speak for the person who is shown. By sending this you say that it is true. Moderators answer within 48 hours.";
    illegal_send: "Send the report";
    wrong_kind: "Choose what it is.";
    done_title: "The report was sent";
    done_lead: "Moderators read it. This is your code; it is shown once, and nobody can find it for you:";
    done_by: "It is answered by the end of";
    done_safe: "If somebody is in danger now, call the police: we can't.";
    see_outcome: "See what became of a report";
    outcome_title: "What became of your report";
    outcome_lead: "With the code that you were given.";
    outcome_wrong: "Nothing was found";
    code: "Code";
    look_up: "Look";
    waits: "Moderators have not decided yet.";
    acted: "Moderators agreed, and did something about it. What is against the law is not shown any more.";
    dismissed: "Moderators looked at it and left it as it is: they found nothing that they have to take down. If you think that they are wrong, report it again and say why, or go to the police or to a lawyer.";

    // To moderators.
    says_it_is: "Reported without an account, as:";
    answer_by: "To be answered by the end of";
    due: "With a last day";
    kind: "What it is, for quarantine";
    kind_none: "Nothing of these";
    quarantine: "Quarantine";
    quarantine_hint: "Against the law: nobody sees it any more, its author neither; identical copies on this server go too. A sealed copy is kept for as long as the law wants it kept.";
    in_quarantine: "Quarantine";
    quarantine_lead: "What was taken down for the law's sake. The copies are destroyed by themselves when their last day is over, and with them the hidden posts; where a demand has made a copy of the same account, they wait for it.";
    quarantine_empty: "Nothing is in quarantine.";
    since: "Since";
    kept_until: "kept until";
    reported_on: "reported to an authority on";
    not_reported: "not reported to an authority yet";
    owner_gone: "an account that is deleted";
    duty_child: "In the United States a provider who learns of it reports it to NCMEC's CyberTipline as soon as it can, and keeps the copy for a year from then on (18 U.S.C. § 2258A).";
    duty_intimate: "In the United States it is taken down within 48 hours of the report, with identical copies (TAKE IT DOWN Act). It is done.";
    duty_terrorism: "In the European Union the copy is kept for six months, and a threat to life is reported to the police at once (Regulation (EU) 2021/784).";
    duty_other: "Its owner is told why, and can object. Ask a lawyer whether anybody has to be told.";
    not_advice: "Bauta sorts facts and shows rules that may be out of date. This is not legal advice.";
    look: "Look at what is kept";
    look_hint: "That you looked is put on the record.";
    kept_words: "The words";
    kept_files: "The files";
    grey: "grey until you open it";
    report_text: "A report to send";
    report_text_hint: "It is filled with what is held. Read it, copy it, and send it yourself: nothing is sent from here.";
    mark_sent: "I reported it to an authority today";
    release: "Put it back";
    release_hint: "It was taken down wrongly. Everything that is still there is shown again; other servers that were told keep it deleted.";
    release_reason: "Why";
    did_quarantine: "put something into quarantine";
    did_release: "put back what was in quarantine";
    did_look: "looked into a quarantine";
    did_send: "reported a quarantine to an authority";
    you_quarantine: "Something of yours was taken down as against the law";
    you_release: "What was taken down as against the law is back";
}
