//! The texts of the account pages: sign-up, sign-in, apps, settings. The same rules as in [`crate::words`].

/// Declares the catalogue and its English at once, so that no text can be forgotten in either.
macro_rules! catalogue {
    ($($name:ident: $english:expr;)*) => {
        /// The texts of the account pages in one language.
        pub struct AccountWords {
            $(pub $name: &'static str,)*
        }

        /// English.
        pub static TEXT: AccountWords = AccountWords { $($name: $english,)* };
    };
}

catalogue! {
    // Forms.
    problem: "This was not done";
    go_on: "Go on";
    save: "Save";
    was_saved: "Saved.";
    handle: "Handle";
    passphrase: "Passphrase";

    // Sign in.
    sign_in_hint: "The name that you chose here, without this server's address.";
    remember: "Stay signed in on this device";
    remember_hint: "Without this you are signed out when you close the browser. With it, at the latest at the end of next month. Leave it off on a device that others use.";
    sign_in_lost: "I lost my passphrase";
    sign_in_for_app: "An app wants to use your account. Sign in, then you decide.";
    sign_in_wrong: "This handle and this passphrase do not belong together. Nothing is kept of this try.";

    // Join.
    join_step_1: "Step 1 of 4: a name";
    join_step_2: "Step 2 of 4: a passphrase";
    join_step_3: "Step 3 of 4: a way back";
    join_step_4: "Step 4 of 4: what you should know";
    join_nothing_yet: "Nothing is stored before the last step.";
    join_closed: "This server takes in nobody at the moment.";
    join_invite: "Invite";
    join_invite_hint: "Sixteen letters and digits from somebody who is here. We keep neither who gave it nor who used it.";
    join_reason: "A few words to whoever lets people in";
    join_reason_hint: "You need not say anything, and never who you are. Moderators read it, and it is deleted with their decision.";
    wait_title: "You wait to be let in";
    wait_lead: "Your account is made, and nobody sees it yet. It can do nothing until you are let in.";
    wait_by_chance: "Each day some of those who wait are let in by chance, and moderators let others in. How long you have waited counts for nothing, because we don't know it.";
    wait_for_people: "Moderators read what was said, and decide.";
    wait_how: "Nobody can tell you: we have no address. Sign in again tomorrow to see. Whoever is not answered in this month and the next is forgotten, with everything.";
    join_invite_missing: "This server is by invitation. Ask somebody who is here for an invite.";
    join_invite_wrong: "This invite was used, or has expired, or never was. Check it letter by letter, or ask for another one.";
    join_operator: "This link makes the account of this server's operator. It works once.";
    join_link_void: "This link was used, or the server was restarted since. Look at what the server wrote when it started.";
    join_handle: "Your name here";
    join_handle_hint: "Choose one that you use nowhere else. 1 to 30 letters from A to Z, digits and underscores. It can't be changed later.";
    join_words_lead: "These seven words are the only key to your account. Write them down, or put them into a password manager. Nobody can reset them for you.";
    join_words_done: "I have them";
    join_words_other: "Other words, please";
    join_own: "Use a passphrase of your own";
    join_own_hint: "At least 12 characters. Five or more words that have nothing to do with each other, and that you never used anywhere.";
    join_again: "The same once more";
    join_own_use: "Use my own";
    join_not_same: "The two passphrases are not the same. Type both again.";
    join_ask_title: "Two words back";
    join_ask_lead: "So that we both know that you have them.";
    join_word: "Word";
    join_ask_hint: "Small or large letters do not matter here.";
    join_ask_wrong: "At least one of the two words is another one. Nothing is lost: try again, or look at the words once more.";
    join_ask_back: "Show me the words again";
    join_codes_lead: "Ten recovery codes can be made. Each can set a new passphrase once, if you lose yours.";
    join_codes_risk: "Paper can be found. A code names neither you nor this server, but whoever has a code and knows your name here can take the account. Without codes, a lost passphrase is a lost account.";
    join_codes_yes: "Make codes";
    join_codes_no: "Go on without";
    join_codes_later: "You can make codes later in the settings.";
    set_unused: "When nobody uses it";
    set_unused_about: "An account that is deleted by itself after months that you choose.";
    unused_dies: "If nobody uses this account, it is deleted at the beginning of";
    unused_moved: "Each use moves that month on.";
    unused_what: "It goes as if you deleted it yourself: posts, pictures, name, for good. Every sign-in counts as use, and so does an app that still asks.";
    unused_kept: "We keep your choice and the month in which it would be. Whoever reads both learns in which month the account was last used. Without a choice we keep neither.";
    unused_held: "Months go on while the server is switched off. What we must keep for a demand stays as long as we must; the law can forbid us to tell you of it.";
    unused_after: "Delete this account after so many whole months without use";
    unused_never: "Never";
    unused_months: "months";
    set_onion: "The onion service alone";
    set_onion_about: "An account that nobody can use on the open web, not even you.";
    onion_done: "This account is used over the onion service alone.";
    onion_what: "On the open web nobody can sign in to this account or use its apps, even with the passphrase. Every other browser and every app is signed out now.";
    onion_good: "There is no way back: neither you nor the operator can undo it, so nobody can talk or order you out of it. If the onion service ends, the account can't be used.";
    onion_readers: "Readers see no difference. Your posts stay on the open web.";
    onion_confirm: "Your passphrase";
    onion_button: "Only over the onion, for good";
    onion_elsewhere: "To decide this, open this page over the onion service, in Tor Browser:";
    onion_none: "This server has no onion service.";
    join_hold: "When your posts appear";
    join_hold_hint: "Everyone sees the minute in which a post appears. You can choose otherwise for each post, and change this later.";
    join_know_1: "Nobody can reset your passphrase. If you lose it and have no code, the account is lost: the operator can't help either.";
    join_know_2: "What you post to everyone is for good: anyone can copy it, and a copy can't be called back.";
    join_know_3: "Direct posts are not end-to-end encrypted. The operator of this server can read them.";
    join_know_4: "Your words can show who you are: names, places, hours, habits of writing. No server can take that away.";
    join_came_onion: "You came here through our onion service. Nobody on the way knows that you visit us, and we don't know where you are.";
    join_came_web: "You came here over the open web. We keep no address, but your network can know that you visited this server. Tor Browser prevents that.";
    join_make: "Make my account";
    join_done_title: "Your recovery codes";
    join_done_lead: "Your account is there, and you are signed in. These codes are shown once, now.";
    join_done_keep: "Keep them away from your passphrase, where others don't look. Each works once. Write neither your name nor this server's beside them.";
    join_done_go: "Go to your home page";

    // Recover.
    recover_title: "Set a new passphrase";
    recover_lead: "With a recovery code you can set a new passphrase. Everything that is signed in to your account ends, apps included.";
    recover_code: "Recovery code";
    recover_code_hint: "One of the ten that you were shown. It is used up by this.";
    recover_nobody: "Without a code nobody can help: neither we nor anyone else can reset a passphrase.";
    recover_button: "Set the new passphrase";
    recover_done: "The new passphrase is set, and everything that was signed in has ended. The code is used up.";
    new_words: "Your new passphrase";
    new_words_hint: "Write these seven words down. They are taken when you press the button, unless you type one of your own.";
    new_own: "Or one of your own";

    // Apps.
    app_title: "Let an app in?";
    app_asks: "wants to use your account";
    app_may: "It would be able to:";
    app_unchecked: "The name is what the app calls itself. We did not check who wrote it.";
    app_until: "It can do so until you end it in the settings, under sessions and apps.";
    app_to: "You are led back to:";
    app_shown: "You are shown a code to copy into the app.";
    app_allow: "Allow";
    app_deny: "Deny";
    app_other: "Use another account";
    app_page: "Its page:";
    app_denied_title: "The app was not let in";
    app_denied: "Nothing was given to it. You can close this page.";
    app_code_title: "Your code";
    app_code_lead: "Copy this code into the app. It works once, and for ten minutes.";

    // Settings.
    set_profile: "Profile";
    set_profile_about: "Name, pictures, what others read about you";
    set_preferences: "Preferences";
    set_preferences_about: "Colours, who reads what you post, direct posts";
    set_passphrase: "Passphrase";
    set_passphrase_about: "Set another one";
    set_codes: "Recovery codes";
    set_codes_about: "The way back if you lose the passphrase";
    set_sessions: "Sessions and apps";
    set_sessions_about: "What is signed in as you";
    set_invites: "Invites";
    set_invites_about: "Let somebody in";
    set_held: "What we hold about you";
    set_held_about: "All of it, with your own values";
    set_move: "Move to another account";
    set_move_about: "Here or on another server, with your followers";
    set_delete: "Delete the account";
    set_delete_about: "For good";
    sign_out: "Sign out";
    back_to_settings: "Back to the settings";

    // Preferences.
    theme: "Colours";
    theme_auto: "As the browser says";
    theme_light: "Light";
    theme_dark: "Dark";
    theme_hint: "Tor Browser always says light.";
    default_repliers: "Who may answer a new post, unless you change it there";
    default_quoters: "Who may quote a new post, unless you change it there";
    default_visibility: "Who reads a new post, unless you change it there";
    default_hold: "When a new post appears, unless you change it there";
    visibility_public: "Everyone, for good";
    visibility_unlisted: "Everyone with the link; in no public list";
    visibility_followers: "Your followers, and whom it names";
    visibility_direct: "Only whom it names";
    language: "Language of your posts";
    language_hint: "A code such as en, es or pt-BR. Empty, and a post says none.";
    sensitive: "Mark my pictures as sensitive";
    strangers: "Let in direct posts from people whom I don't follow";
    strangers_hint: "Off, nobody can press a message on you. The operator can read direct posts in any case.";
    expand: "Open content warnings without asking";

    // Passphrase and codes.
    old_passphrase: "Your passphrase now";
    pass_lead: "Every other session and every app is signed out by this: whoever knew the old passphrase may have made them.";
    pass_done: "The new passphrase is set. Everything else that was signed in has ended.";
    pass_wrong: "This is not your passphrase. Nothing was changed.";
    codes_left: "Unused codes that you have:";
    codes_none: "You have no recovery codes. If you lose your passphrase now, the account is lost.";
    codes_renew: "Make ten new codes";
    codes_void: "All older codes stop working.";
    codes_shown: "These codes are shown once, now. All older ones have stopped working.";

    // Sessions.
    sessions_lead: "Everything that is signed in as you. When it was used is not in this list, because we don't keep it.";
    session_web: "A browser";
    session_app: "An app";
    session_operator: "Made by the operator";
    session_operator_about: "Whoever runs this server made this token. If you did not ask for it, end it, and ask them why.";
    session_this: "this one";
    session_until: "Ends with";
    session_lasting: "Lasts until it is ended";
    session_may: "May:";
    session_end: "End it";
    everywhere_about: "In a hurry: the button at the foot of every page signs out every browser and every app at once, this one too, and asks nothing. What waits to be posted is posted all the same, and nothing is deleted.";
    session_end_all: "End all others";
    session_end_all_about: "This browser stays signed in. Every other browser and every app is signed out.";
    session_ended: "It was ended.";

    // Posts that go by themselves.
    set_expiry: "Old posts";
    set_expiry_about: "Whether they are deleted by themselves";
    expiry_lead: "What is deleted can't be found, demanded or taken out of context. Posts and boosts older than this are deleted as by your own hand, the oldest first, up to 200 an hour; there is no way back. Other servers are asked to delete them; copies that others took can't be called back.";
    expiry_after: "Delete my posts after";
    expiry_never: "Never";
    expiry_day: "day";
    expiry_days: "days";
    expiry_spare: "But not";
    expiry_pinned: "what I pinned";
    expiry_liked: "what I liked myself";
    expiry_saved: "what I saved myself";
    expiry_polls: "polls";

    // Web push.
    set_push: "Push notifications";
    set_push_about: "Whether apps may be woken, and what that tells others";
    push_off: "Web push is off on this server. No app of yours is woken, and no company is told of you.";
    push_lead: "An app on a phone can be woken when there is something new. This goes through the company that made the phone or the browser: Apple, Google, Mozilla or another.";
    push_knows: "The address at which your app is woken stands for one device. The company knows which, and most often whose: with a name, a number, a payment.";
    push_court: "Whoever takes that address from this server and asks the company can learn who you are. Nothing else that we hold leads to you like that.";
    push_sees: "The company sees that this server woke you, and in which minute. It can't read of what: we send no text and no name, only that there is something, sealed for your app.";
    push_holds: "We hold the address sealed until you end this, sign the app out or delete the account.";
    push_safer: "Safer: leave it off, and open the app to look.";
    push_is_on: "You agreed. Apps that are woken now:";
    push_is_not: "You have not agreed. No app of yours can be woken.";
    push_agree: "I know this. Apps may be woken";
    push_withdraw: "Wake no app, and forget where";

    // Invites.
    invites_lead: "An invite lets one person in. We keep neither who made it nor who used it, so it can't be listed or called back.";
    invites_left: "Invites that you can make this month:";
    invites_any: "As operator you can make any number.";
    invites_none: "You can make no more this month. In your first month here there are none.";
    invites_count: "How many";
    invites_make: "Make invites";
    invites_number: "Write a number from 1 to 1000.";
    invites_shown: "Shown once, now. Each is good for one person, until the end of the month after next.";

    // Profile.
    display_name: "Name shown";
    display_name_hint: "Empty, and your handle is shown.";
    bio: "About you";
    bio_hint: "Everyone can read this. Write nothing that only you and your colleagues know.";
    field_lines: "Lines of your profile";
    field_name: "Label";
    field_value: "Text";
    avatar: "Picture";
    header: "Wide picture on top";
    picture_hint: "PNG, JPEG, WebP or GIF. We rebuild it from its pixels, so that place, time and camera are gone from it. What it shows remains.";
    picture_remove: "Take the picture away";
    header_remove: "Take the wide picture away";
    at_most: "Characters at most:";
    locked: "I decide who follows me";
    bot: "A program writes these posts";
    discoverable: "Suggest me to others";
    indexable: "My public posts can be found by their words";
    collections: "Show whom I follow, and who follows me";
    collections_hint: "Off, others see two numbers only. Who knows whom is what unmasks people.";

    // What is held.
    held_thing: "What";
    held_value: "Yours";
    held_why: "Why";
    held_who: "Who can see it";
    held_until: "Until when";
    held_nothing: "nothing";
    held_never: "Never collected";
    held_never_lead: "We can't give, lose or be made to tell what we don't have:";
    held_lead: "This is the whole of it, computed now from the database: the same table that a court would get.";
    held_notes: "Beside the table";
    held_outside: "What lies outside this program";

    // Delete.
    delete_what: "Your posts, pictures, follows, likes, settings and sessions are deleted now, and can't be brought back.";
    delete_name: "The name stays taken, so that nobody can speak in it after you.";
    delete_copies: "What was public may have been copied by others. Copies can't be called back.";
    delete_real: "On this server what was deleted is gone from the disk within a minute.";
    delete_key_dies: "What you wrote here is sealed, and its keys die shortly after midnight (UTC), a day later at the latest. From then on nobody can read any copy of it.";
    delete_not_real: "This server keeps its rows in PostgreSQL, which keeps old rows and a log of writes for a while: what you delete is gone from the pages at once, and can be found on the disk for some time.";
    delete_held: "A court can order us to keep a sealed copy. If one was made, it stays.";
    delete_confirm: "Your passphrase, to be sure that it is you";
    move_here: "From another account to this one";
    move_here_lead: "Say here which other account is yours, then begin the move there. Everybody can see that both are yours.";
    move_alias: "Handle of the other account, such as name@server";
    move_alias_button: "This account is mine too";
    move_forget: "No longer";
    move_away: "From this account to another one";
    move_first: "The other account has to say first that this one is its owner's too.";
    move_follows: "Your followers are led there. Whether their servers do so, we can't promise.";
    move_posts: "Posts stay here, and this account too: you can delete it later.";
    move_once: "It can be done once in a calendar month. Everybody can see where you went.";
    move_target: "Handle of the account where you go";
    move_button: "Move my followers there";
    move_went: "This account has moved to";
    move_stay: "Say no longer that it has moved";
    delete_button: "Delete my account for good";
    delete_done_title: "The account is deleted";
    delete_done: "It is gone, and you are signed out. Thank you for having been here.";
}
