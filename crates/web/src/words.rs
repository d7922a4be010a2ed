//! Every text of the pages, in one place: a translation is another value of [`Words`].
//!
//! Short, calm, second person, present tense. First what happened, then what it means, then what you can do.

/// Declares the catalogue and its English at once, so that no text can be forgotten in either.
macro_rules! catalogue {
    ($($name:ident: $english:expr;)*) => {
        /// The texts of the pages in one language.
        pub struct Words {
            $(pub $name: &'static str,)*
        }

        /// English.
        pub static EN: Words = Words { $($name: $english,)* };
    };
}

catalogue! {
    // Frame.
    skip: "Skip to the text";
    menu: "Menu";
    home: "Home";
    notifications: "Notifications";
    local: "Everyone here";
    search: "Search";
    saved: "Saved";
    profile: "My profile";
    settings: "Settings";
    moderation: "Moderation";
    sign_in: "Sign in";
    join: "Join";
    about: "About this server";
    guide: "Before you speak";
    what_we_hold: "What we hold";
    record: "Demands and answers";
    source: "Source code";
    for_officials: "For officials";
    sign_out_everywhere: "Sign out everywhere, now";
    times_are_utc: "Times are in UTC. We know no other zone, because we ask for none.";
    server_message: "A message from your server";
    made_up: "A made-up story: nobody on this server is real.";

    // Errors.
    error_title: "This did not work";
    error_not_found: "Nothing here";
    error_wait: "Please wait";
    error_failed: "Something failed";
    nothing_here: "There is nothing here. It may have been deleted, or it may not be for you.";
    wrong_method: "This address can't be used in this way. If you sent a form, go back and send it from its page again.";
    too_large: "This is too large to be taken. Nothing was kept. Make it smaller, then try again.";
    broken_request: "This request could not be read. Nothing was changed. Go back and try again from the page.";
    busy: "The server is busy. Wait a minute, then try again.";
    slow: "This took too long, and was given up. Nothing was changed. Try again.";
    failed: "Something failed on our side. Nothing was changed.";
    stale_form: "This form is too old, or it was not sent from our own page. Nothing was changed. Load the page again and send it once more.";
    broken_form: "A field of this form is missing or could not be read. Nothing was changed. Go back and send it again.";
    wrong_page: "This link to a part of a list is not right. Begin at its top.";
    go_home: "Go to the front page";
    number_to_quote: "If you ask the operator about it, quote this number:";
    number_means: "It is random, and leads to a line in the log that says what failed, not who asked.";

    // A post.
    reply: "Reply";
    boost: "Boost";
    boosted: "Boosted";
    quote: "Quote";
    quotes: "Quotes";
    quotes_lead: "Posts that quote this one, as far as you may read them.";
    quotes_none: "Nobody quotes it, or not where you may read it.";
    quote_remove: "Remove my post from this quote";
    quote_within: "It quotes another post. Open it to see.";
    quote_pending: "It quotes a post whose author has not answered yet whether they let it be quoted here.";
    quote_rejected: "It quotes a post whose author does not let it be quoted.";
    quote_revoked: "The author of the quoted post has removed it from here.";
    quote_deleted: "The quoted post was deleted.";
    quote_unauthorized: "The quoted post is not for you.";
    quote_blocked: "The quoted post is by somebody whom you block.";
    quote_muted: "A post by somebody whom you mute";
    quote_filtered: "A filter of yours hides the quoted post.";
    repliers: "Who may answer it";
    repliers_everybody: "Everybody who may read it";
    repliers_followers: "My followers, and whom it names";
    repliers_mentioned: "Whom it names";
    repliers_nobody: "Only me";
    quoters: "Who may quote it";
    quoters_everybody: "Everybody";
    quoters_followers: "My followers";
    quoters_nobody: "Only me";
    like: "Like";
    liked: "Liked";
    save: "Save";
    saved_post: "Saved";
    more: "More";
    edit: "Edit";
    delete: "Delete";
    pin: "Pin to profile";
    unpin: "Unpin";
    report: "Report";
    mute: "Mute author";
    block: "Block author";
    mute_thread: "Mute this thread";
    unmute_thread: "Unmute this thread";
    share: "Share";
    replies: "Replies";
    boosts: "Boosts";
    likes: "Likes";
    show: "Show";
    poll: "Poll";
    vote: "Vote";
    poll_results: "Results so far";
    poll_votes: "Votes:";
    poll_voters: "Voters:";
    poll_until: "Open until";
    poll_ended: "It is over.";
    poll_voted: "You voted. What you chose is counted, and kept nowhere.";
    poll_hidden: "How many chose what is shown when it is over.";
    report_illegal: "Report something illegal";
    grey_media: "Pictures, films or sounds: look at them";
    sensitive_media: "Sensitive pictures";
    media_unsaid: "A picture that nobody described";
    elsewhere_title: "From your own server";
    elsewhere_follow: "You have an account on another server? Type it, and you go on there to follow.";
    elsewhere_open: "You have an account on another server? Type it, and you go on there to answer, boost or like.";
    elsewhere_account: "Your account";
    elsewhere_hint: "name@server";
    elsewhere_go: "Go on there";
    elsewhere_back: "Go back";
    elsewhere_note: "This server asks yours once where to send you, and keeps nothing of it.";
    elsewhere_wrong: "That server does not say where to go on, or can't be asked now. Look at what you typed, or search there for the address of this page.";
    elsewhere_link: "Follow from your own server";
    elsewhere_post_link: "Answer or boost from your own server";
    leave_title: "A link from somebody whom you don't follow";
    leave_to: "It leads to:";
    leave_warning: "Whoever runs that place sees that you come: your address, unless you use Tor, your browser, and that you read this post, since the link may have been made for you alone.";
    leave_plain: "And nothing is encrypted on the way.";
    leave_whole: "The whole address:";
    leave_go: "Go there all the same";
    leave_back: "Back to the post";
    media_away: "A picture on another server";
    media_away_where: "There is no copy of it here. It lies on";
    media_away_means: "This server gets it when you ask, at the beginning of the next minute. The other server learns that somebody here wants it, and not who.";
    media_away_odd: "This server can't rebuild it, so it shows no copy.";
    media_away_get: "Get a copy";
    media_away_sign_in: "Sign in to have it got.";
    media_away_there: "Open it there: that server sees your address";
    media_moves: "Moves: open it to see";
    film: "Film";
    sound: "Sound";
    media_tab: "Pictures";
    too_many_files: "These are too many files for one form. Nothing was kept. Send fewer.";
    edited: "edited";
    boosted_by: "Boosted by";
    pinned: "Pinned";
    answers: "In reply to";
    held_back: "hidden by moderators";
    audience_public: "Everyone, for good";
    audience_unlisted: "Everyone with the link";
    audience_followers: "Followers only";
    audience_direct: "Only those it names";

    // Lists.
    older: "Older";
    newer: "Newer";
    pages_of_list: "Parts of the list";
    no_posts: "No posts yet.";
    no_more_posts: "That is all.";

    // Front and local.
    front_nobody: "A place to speak without being known.";
    front_hold_1: "To speak here takes a name that you use nowhere else, and nothing more: no e-mail, no phone, no address. To read takes nothing at all, and leaves no trace with us.";
    what_we_hold_count: "What we hold:";
    things: "things";
    front_about: "Who runs this, and by what rules";
    latest: "Latest posts";
    local_lead: "Public posts of this server, newest first.";

    // Profile.
    posts: "Posts";
    one_post: "Post";
    posts_and_replies: "Posts and replies";
    posts_of: "Posts of";
    followers: "Followers";
    one_follower: "Follower";
    one_account: "account";
    many_accounts: "accounts";
    following: "Following";
    joined: "Joined";
    month_only: "The month is all we know.";
    has_moved: "Has moved to";
    is_bot: "Posts are made by a program.";
    is_locked: "Follows need consent.";
    is_limited: "Moderators keep this account out of public lists.";
    edit_profile: "Edit profile";
    feeds: "Feeds";
    write_to: "Write to";
    collections_hidden: "shows only how many.";
    nobody_yet: "Nobody yet.";
    people_followers_of: "Followers of";
    people_followed_by: "Followed by";

    // A post's own page.
    post_by: "Post by";
    post_deleted_above: "What this answers was deleted, or is not for you.";
    replies_heading: "Replies";
    no_replies: "No replies yet.";
    history: "History";
    history_of: "History of a post by";
    history_lead: "Every version, newest first. An edit keeps what was there before.";
    version_now: "Now";
    back_to_post: "Back to the post";

    // Tags and search.
    tag_lead: "Public posts with this tag, newest first.";
    search_label: "A person, a tag, or words from public posts";
    search_hint: "We don't keep what is searched for.";
    people: "People";
    tags: "Tags";
    more_people: "More people";
    more_tags: "More tags";
    search_back: "Go back in the results";
    nothing_found: "Nothing was found. Posts are found by their words only where their author allows it.";
    search_too_long: "A search has at most 200 characters.";

    // Share, embed.
    share_title: "Share a post";
    share_link: "Its link";
    share_quote: "To quote it on a page of yours, paste this. It needs no script, and loads nothing from us.";
    share_frame: "Or show it in a frame, which loads it from us:";
    share_elsewhere: "Share to your server";
    share_elsewhere_hint: "Your server's name, as in the address of its pages: example.social";
    share_elsewhere_note: "You are led there by your browser. We send nothing, and keep nothing.";
    share_go: "Go to my server";
    share_wrong: "This is not the name of a server. Write it as in its address, like example.social.";
    share_here: "Write about it here";
    embed_gone: "This post is not here any more, or it is not for everyone.";
    embed_from: "Read it on";

    // Short links.
    short_title: "Where this link leads";
    short_lead: "This short link leads to:";
    short_note: "Nobody counts who follows it, and that server is not told where you came from.";
    short_go: "Go there";
    short_stopped_title: "This link was stopped";
    short_stopped: "The operator of this server stopped it. It leads nowhere now.";

    // About, privacy, source.
    about_rules: "Rules";
    about_contact: "You reach whoever runs this server here:";
    about_servers: "Servers that are kept away";
    about_server_blocked: "Blocked";
    about_server_limited: "Limited";
    about_joining: "Who can join";
    about_invite: "Whoever has an invite. People here can give some each month; we don't keep who gave one to whom.";
    about_open: "Anybody.";
    about_approval: "Anybody, who then waits to be let in. When somebody came is not kept. Whoever has an invite does not wait.";
    about_closed: "Nobody at the moment.";
    about_limits: "Limits";
    about_post_chars: "Characters in a post";
    about_name_chars: "Characters in a display name";
    about_bio_chars: "Characters in a bio";
    about_fields: "Lines in a profile";
    about_pinned: "Pinned posts";
    about_picture: "Size of a picture";
    about_numbers: "Mebibytes";
    about_program: "The program";
    about_program_is: "This server runs Bauta";
    about_nobody: "The operator has not written yet who runs this server, and for whom.";
    privacy_title: "What we hold";
    privacy_lead: "This is everything that we hold about a person with an account here. The server compares this list with its own database each time that it starts, and does not start when they differ.";
    privacy_readers: "About those who only read we hold nothing: no address, no device, no cookie.";
    privacy_thing: "What";
    privacy_why: "Why";
    privacy_who: "Who can see it";
    privacy_until: "Until when";
    privacy_never: "Never collected";
    privacy_outside: "What lies outside this program";
    privacy_caveats: "What we can't promise";
    privacy_sealed: "What is private lies in the database unsealed: whoever takes the machine can read it. What was deleted is not there any more.";
    privacy_is_sealed: "What people write here lies in the database sealed: who takes the disk while the server is off can't read it without a root that the operator keeps elsewhere. Handles, who follows whom, times and counts are not sealed.";
    privacy_key_dies: "What you delete has a key of its own, which dies with the turn of keys shortly after midnight (UTC), a day later at the latest. From then on nobody can read any copy of it: not in the database, not in its logs, not in a backup. A backup can still tell that there was something, and when.";
    privacy_not_real: "This server keeps its rows in PostgreSQL, which keeps old rows and a log of writes for a while. So deleting is not shredding here yet: what you delete disappears from the pages at once, and can be found on the disk for some time.";
    privacy_real: "What you delete is overwritten in the database within a minute, and old copies of it in the write-ahead log are cut off.";
    privacy_proxy: "Something stands in front of this server and hands requests on (a proxy, or a content network). It sees addresses, and we can't know what it keeps.";
    privacy_direct: "Direct posts are not end-to-end encrypted: the operator can read them.";
    privacy_public: "What is public can be copied by anyone, and a copy can't be called back.";
    privacy_yours: "What we hold about you, with your own values";
    source_title: "Source code";
    source_lead: "This program is free software under the GNU Affero General Public License, version 3. You have a right to the source code of what runs here.";
    source_where: "The operator of this server offers it here:";
    source_ask: "The operator has not written down yet where it lies, and owes it to you: ask.";
    source_version: "Version";
}
