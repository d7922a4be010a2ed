//! The texts of the pages about other servers: what the operator decides about them, and what waits for them. See
//! [`crate::words`].

catalogue! {
    // Rules.
    servers: "Other servers";
    servers_lead: "What the operator decided about other servers, and why. A rule holds for the domains under its own too.";
    servers_empty: "There is no rule.";
    servers_saved: "It holds from now on.";
    rule_new: "Add a rule";
    rule_change: "Change";
    open: "Spoken with";
    limited: "Limited";
    blocked: "Blocked";
    no_media: "no pictures";
    no_reports: "no reports";
    in_part: "name shown in part";
    for_readers: "For readers:";
    for_moderators: "For moderators:";
    list_in: "Take a list in";
    list_out: "Take the rules out as CSV";
    deliveries: "Deliveries";

    // Whom the server speaks with, and who is told.
    settings: "For all of them";
    mode: "This server speaks with";
    mode_open: "Every server that is not blocked";
    mode_allowed: "Only servers that have a rule here which is no block";
    mode_allowed_hint: "Follows to others stay as they are and stand still.";
    shown_to: "Who reads the rules and the reasons for readers, on the page about this server";
    shown_nobody: "Moderators and operators";
    shown_members: "Whoever is signed in";
    shown_everybody: "Everybody";
    settings_save: "Save";

    // Copies of pictures.
    purge: "Delete copies of pictures";
    purge_hint: "Copies of what lies there, or is shown by its accounts. Members can ask for each again, unless a rule takes no pictures from it.";
    purge_do: "Delete the copies";
    purge_not: "Nothing was deleted";
    copy_deleted: "copy was deleted";
    copies_deleted: "copies were deleted";

    // A rule.
    rule: "A rule for";
    domain: "Name of the server";
    domain_hint: "Like far.example. What is under it, like social.far.example, follows it.";
    severity: "What is decided";
    severity_open: "Speak with it";
    severity_open_hint: "Though a domain above it is blocked, or only servers with a rule are spoken with.";
    severity_limit: "Limit it";
    severity_limit_hint: "Its accounts are in no public list, and reach nobody who does not follow them.";
    severity_block: "Block it";
    severity_block_hint: "Nothing is taken from it and nothing is sent to it. Follows end both ways at once, and don't come back.";
    reject_media: "Take no pictures from it";
    reject_reports: "Take no reports from it";
    obfuscate: "Show its name in part only";
    public_comment: "Why, for readers";
    public_comment_hint: "Those read it to whom rules are shown.";
    private_comment: "Why, for moderators";
    private_comment_hint: "Moderators and operators read it. It is in no list that is taken out.";
    rule_save: "Decide";
    rule_remove: "Take the rule away";
    rule_remove_means: "The server is spoken with again, where nothing else forbids it. Follows that a block ended don't come back.";
    rule_not: "Nothing was decided";
    wrong_severity: "Choose what is decided.";
    block_sure: "A block can't be undone: the follows that it ends don't come back.";
    known_account: "account of it is known here";
    known_accounts: "accounts of it are known here";
    follow_ends: "follow ends";
    follows_end: "follows end";
    block_do: "Block it now";
    go_back: "Go back";

    // Lists.
    list_lead: "A list in the columns of Mastodon's, or names of domains alone, which are then blocked. First you see what it would change.";
    list_file: "The list";
    list_file_hint: "A file in CSV.";
    list_look: "See what it would change";
    list_not: "Nothing was taken in";
    list_none: "Choose a file.";
    list_no_text: "This file is no text in UTF-8.";
    list_same: "It would change nothing.";
    list_changes: "What it would change";
    list_before: "Now";
    list_after: "Then";
    list_effect: "At once";
    list_no_rule: "no rule";
    list_bad: "Lines that can't be taken";
    list_line: "Line";
    list_do: "Change";
    one_rule: "rule";
    many_rules: "rules";
    list_ends: "Follows that a block ends don't come back.";
    list_long: "That is more than one page can ask about. Take the list in on the machine: bauta peers import FILE --apply.";

    // Deliveries.
    queue_lead: "What is on its way to other servers, by host. Each is tried again for some days, less and less often.";
    queue_empty: "Nothing waits.";
    queue_given_up: "Given up";
    queue_given_up_lead: "It is forgotten when the host takes something again.";
    delivery: "delivery";
    many_deliveries: "deliveries";
    waits_since: "the oldest since";
    next_at: "next at";
    tried: "tried";
    time: "time";
    times: "times";
    last_on: "the last on";
    try_now: "Try now";
    drop: "Drop";
    forget: "Forget";
    are_tried: "Tried from now on:";
    are_dropped: "Dropped:";
    drop_sure: "What is dropped never arrives: posts, deletions, answers. Drop everything that waits for";
    drop_do: "Drop it";
}
