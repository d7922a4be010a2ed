//! The texts of the pages for several people behind one account. See [`crate::words`].

catalogue! {
    people: "People behind this account";
    people_about: "Who else acts through it, and what you decide together.";
    lead: "Several people can act through one account. Each signs in with its name and an own passphrase, and sees one account.";
    lead_unknown: "What the account says and does is the account's: nothing that we keep tells who of you it was. You can't find out either.";
    you: "you";
    no_word: "No word chosen";
    speaks: "speaks";
    answers: "answers notices";
    manages: "manages";
    reads: "reads only";
    word: "A word by which the others know you";
    word_hint: "Not your name. Only those behind this account see it, and it is in what a court could get.";
    word_keep: "Keep this word";
    word_kept: "Kept.";
    invite: "Let somebody in";
    invite_hint: "The invitation works once, for seven days. Give it to the person yourself, and not by a post.";
    duty_speak: "Speaks: posts, messages, follows and likes as the account";
    duty_answer: "Answers notices of demands";
    duty_manage: "Manages: lets people in, and decides on the account as a whole";
    duty_all_read: "Everybody reads everything, messages too.";
    invite_make: "Make an invitation";
    invite_shown: "This is shown once. Whoever has it can come in:";
    invite_waiting: "Invitations that nobody has used:";
    invite_void: "Make them void";
    invite_voided: "They are void.";
    leave: "Leave this account";
    leave_lead: "Your passphrase, codes, sessions and apps end at once. What the account said stays. Nobody can bring you back but by another invitation.";
    leave_button: "Leave for good";
    leave_alone: "You are the only one behind this account, so that you can't leave it.";
    left: "You have left";
    left_lead: "Nothing of yours opens the account any more.";
    lock: "Has somebody your device? End your sessions:";
    back: "Back to the people";
    come: "Come to an account";
    come_lead: "Somebody gave you an invitation to act through an account.";
    come_code: "The invitation";
    come_look: "Look at it";
    come_into: "You will act through this account:";
    come_duties: "What you will do:";
    come_words_lead: "This will be your own passphrase, with the account's name. The others have theirs and don't learn yours.";
    come_unknown: "Nothing that we keep tells who of you said or did something. The others can't find out, and neither can you.";
    come_courts: "A court can learn from us how many are behind the account, the words that you call yourselves, and which sessions are of the same person. Nothing tells whose a post is.";
    come_codes: "Make recovery codes for me too";
    come_button: "Come in";
}
