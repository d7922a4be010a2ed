//! The texts of the pages on which people write and act. See [`crate::words`].

catalogue! {
    // Home.
    home: "Home";
    composer: "What do you want to say?";
    home_empty_title: "Nothing here yet. Three things to do:";
    home_empty_write: "Write your first post";
    home_empty_write_why: "Before it is published we look for what could tell who you are, and ask you.";
    home_empty_read: "Read what people here say";
    home_empty_read_why: "Whoever you follow appears on this page.";
    home_empty_profile: "Say a line about yourself";
    home_empty_profile_why: "Or don't. A name alone is enough.";

    // The composer.
    compose: "Write";
    reply_to: "Reply";
    quote: "Quote";
    quoting: "Your post will show this one below your words, to those who may read it:";
    quoters_hint: "Only where everybody may read it. You can take your post out of a quote later.";
    edit: "Edit your post";
    your_words: "Your words";
    words_hint: "characters at most. @name names a person, #word makes a tag.";
    who_sees: "Who will see it";
    public: "Everyone, for good";
    public_hint: "It is in public lists and search. Anybody can copy it, and a copy can't be called back.";
    unlisted: "Everyone with the link";
    unlisted_hint: "Anybody can read it on your profile or by its link. It is in no public list.";
    followers: "Your followers";
    followers_hint: "And the people that you name. Followers can copy it, and operators can read it.";
    direct: "Only the people that you name";
    direct_hint: "Operators of both servers can read this: it is not end-to-end encrypted.";
    later: "Post it later";
    at: "Day and time, in UTC";
    at_hint: "At least five minutes ahead; empty for at once. It is now";
    at_kept: "Until then we keep what you wrote.";
    wrong_time: "Write the day and the time as 2017-04-07 14:02.";
    scheduled: "Posts that appear later";
    scheduled_lead: "Nobody else sees them before their time. At that time each is checked once more.";
    scheduled_empty: "Nothing waits. \"Post it later\" below the composer puts it here.";
    scheduled_failed: "It could not be posted at its time: what it answers, names or shows may be gone. Give it another time to try again, or delete it.";
    scheduled_shows: "Pictures:";
    scheduled_change: "Change the time";
    scheduled_delete: "Delete it";
    poll: "Poll";
    option: "Option";
    option_hint: "characters at most. Two options or more make a poll; leave the others empty.";
    open_for: "Open for";
    open_as_it_is: "As long as it is now";
    multiple: "Readers may choose several";
    hide_totals: "Hide how many chose what until it is over";
    poll_hint: "Who has voted is known to the server until the poll is over. What somebody chose is counted, and kept nowhere.";
    poll_edit_hint: "Other options begin the poll anew: what was counted is gone.";
    minutes_5: "5 minutes";
    minutes_30: "30 minutes";
    hours_1: "1 hour";
    hours_6: "6 hours";
    hours_12: "12 hours";
    days_1: "1 day";
    days_3: "3 days";
    days_7: "7 days";
    days_30: "30 days";
    options: "Warning, language, replies, quotes, links";
    warning: "Warning";
    warning_hint: "Stands in front of the text, which opens on request. Leave it empty for none.";
    language: "Language";
    language_unsaid: "Not said";
    language_hint: "Screen readers and translators use it.";
    shorten: "Shorten long links";
    shorten_hint: "They become short links of this server. Nobody counts who follows one.";
    pictures: "Pictures";
    picture: "Picture";
    add_pictures: "Add pictures";
    add_media: "Add pictures, films or sounds";
    a_sound: "Sound";
    films_hint: "Films and sounds: MP4, WebM, MP3, Ogg, FLAC or WAV, 40 MB and 5 minutes each. We make them anew too, which takes up to some minutes. Voices and faces stay as they are: both can be recognised.";
    files_hint: "Up to four: JPEG, PNG, WebP or GIF, 8 MB each. We make each anew from its pixels: places, names, cameras and times in the file are dropped.";
    attach: "Add and look";
    alt: "Description of picture";
    alt_hint: "For people who can't see it. Say what matters in it, as you would on the telephone.";
    drop: "Take away picture";
    sensitive: "Hide the pictures at first";
    sensitive_hint: "Readers open them when they want to.";
    nudge: "A picture has no description: people who can't see it learn nothing from it. Say in a few words what it shows, or post it as it is.";
    too_many_pictures: "A post has at most four pictures.";
    found_lead: "The files carried more than their pixels. All of this was dropped, and nobody was told but you:";
    found_place: "Where it was taken";
    found_device: "Maker, model or serial number of the camera";
    found_person: "A name: an owner, an author or a holder of rights";
    found_time: "When it was taken or changed";
    found_program: "The program that wrote it";
    found_text: "A comment, a title or a description";
    found_small_picture: "A smaller picture, which can show what was cut off";
    found_history: "A signed history of the picture (C2PA)";
    found_tail: "Bytes after its end";
    found_other: "Other things that are no pixels";
    found_pixels: "What the pixels themselves show stays: faces, signs, reflections, screens, the view from a window.";
    appears: "It appears at once.";
    post: "Post";
    save_edit: "Save the change";
    edit_note: "The version before stays readable in the post's history.";
    not_sent: "This was not posted";
    not_saved: "This was not saved";
    mended: "It is mended. Read it once more, then post it.";
    parent_gone: "The post that you answer or quote is gone, or is not for you. You can post this by itself.";
    wrong_audience: "Choose who will see it.";

    // The leak check.
    leak_title: "Look at this before you post it";
    leak_lead: "The marked parts could tell who you are, or who somebody else is. Nothing was published, and nothing was kept.";
    leak_warning: "Warning:";
    leak_finds: "What we found";
    leak_change: "Change it";
    leak_anyway: "Post as it is";
    leak_save_anyway: "Save it as it is";
    leak_limits: "We know only some patterns. What we did not mark can tell who you are all the same.";

    // Deleting.
    delete_title: "Delete this post?";
    delete_means: "It goes with its history, its boosts and likes. Replies stay, and no longer show what they answered. There is no way back.";
    delete_real: "Its text is overwritten in our database within a minute.";
    delete_key_dies: "Its text is sealed, and its key dies shortly after midnight (UTC), a day later at the latest. From then on nobody can read any copy of it on our side.";
    delete_not_real: "This server keeps its rows in PostgreSQL: the text disappears from the pages at once, and can be found on the disk for some time.";
    delete_copies: "What others copied, we can't delete.";
    delete: "Delete it";
    keep: "Keep it";

    // What a person kept.
    saved: "Saved";
    liked: "Liked";
    saved_empty: "Nothing saved yet. \"Save\" below a post puts it here. Nobody else sees this list.";
    liked_empty: "Nothing liked yet. \"Like\" below a post puts it here, and tells its author.";
    kept_lists: "What you kept";
}
