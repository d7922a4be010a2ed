//! The texts of the pages about what a person keeps: lists, hashtags, conversations, notes, servers. See [`crate::words`].

catalogue! {
    // Lists.
    lists: "Lists";
    lists_lead: "A list shows what some of those whom you follow post. Nobody else sees your lists, and nobody is told that they are in one.";
    lists_empty: "You have no list yet.";
    list_new: "Make a list";
    list_name: "Name of the list";
    list_make: "Make it";
    list_change: "Change this list";
    list_empty: "Nobody in this list has posted, or nobody is in it.";
    list_members: "People in this list";
    list_nobody: "Nobody yet. You put somebody into a list from their profile.";
    list_replies: "Which replies it shows";
    list_replies_none: "None";
    list_replies_list: "To people in this list";
    list_replies_followed: "To whomever you follow";
    list_exclusive: "Keep these people out of my home page";
    list_take_out: "Take out";
    list_delete: "Delete this list";
    list_delete_means: "The list goes. You go on following the people in it, and they are not told.";
    save: "Save";
    was_saved: "Saved.";
    go_back: "Go back";

    // What is kept about one person.
    keep: "Lists and notes";
    keep_title: "You and";
    keep_lead: "What you note here, and in which list somebody is, nobody else sees.";
    keep_note: "A note for yourself";
    keep_lists: "In your lists";
    keep_no_lists: "You have no list.";
    keep_follow_first: "Only people whom you follow can be in a list, or be recommended.";
    keep_recommend: "Recommend on my profile";
    keep_recommend_hint: "Everybody sees it there.";
    recommends: "Recommends";

    // Hashtags.
    tags: "Hashtags you follow";
    tags_lead: "Public posts with these are on your home page. Nobody else sees this list.";
    tags_empty: "You follow no hashtag. You follow one from its page.";
    tag_follow: "Follow";
    tag_unfollow: "Unfollow";
    featured: "Hashtags on your profile";
    featured_lead: "Everybody sees them there, with how many of your open posts have them.";
    featured_empty: "None yet.";
    featured_name: "Hashtag";
    featured_add: "Show it";
    featured_remove: "Take it off";
    featured_on: "Writes about";
    tagged_by: "by";

    // Conversations.
    conversations: "Conversations";
    conversations_lead: "Threads of posts that only those they name can read. They are not end-to-end encrypted: the operators of both servers can read them.";
    conversations_empty: "No conversation yet. It begins with a post for those it names alone.";
    with: "With";
    unread: "new";
    have_read: "I have read it";
    put_away: "Put away";

    // Filters.
    filters: "Filters";
    filters_lead: "Posts with certain words are behind a line, or left out, where you say. Nobody else sees your filters.";
    filters_empty: "You filter nothing.";
    filter_new: "New filter";
    filter_change: "Change a filter";
    filter_until: "until";
    filter_delete: "Delete";
    filter_name: "Name of the filter";
    filter_words: "Words";
    filter_words_hint: "A word or phrase on each line. Large and small letters are the same.";
    filter_whole: "Only as whole words";
    filter_where: "Where";
    filter_home: "Home and lists";
    filter_notifications: "Notifications";
    filter_public: "Public posts and hashtags";
    filter_thread: "Threads";
    filter_account: "Profiles";
    filter_what: "What happens";
    filter_warn: "Put it behind the name of the filter";
    filter_hide: "Leave it out";
    filter_lasts: "For how long, from now";
    filter_good: "Until you delete it";
    filter_day: "One day";
    filter_week: "One week";
    filter_month: "Thirty days";
    filtered: "Filtered";

    // Servers.
    servers: "Servers you leave out";
    servers_lead: "Nothing from these servers is shown to you, and nobody there follows you. They are not told by us.";
    servers_empty: "You leave out no server.";
    servers_name: "Name of a server, like far.example";
    servers_add: "Leave it out";
    servers_remove: "Let it in";
}
