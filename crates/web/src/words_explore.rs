//! The texts of the pages about what is talked about, whom to follow, and what is announced. See [`crate::words`].

catalogue! {
    explore: "Talked about";
    explore_lead: "Counted from public posts of today and yesterday, of people who want to be found, and kept nowhere.";
    explore_tags: "Hashtags";
    explore_people_one: "person today";
    explore_people: "people today";
    explore_posts: "Posts that people like and boost";
    explore_empty: "Nothing is talked about by several people at the moment.";
    directory: "People to find";
    directory_lead: "Everybody who wants to be found, by their last public post.";
    directory_empty: "Nobody wants to be found.";
    suggested: "You may want to follow";
    suggested_near: "Followed by people whom you follow";
    suggested_known: "Followed by many";
    suggested_dismiss: "Not this one";
    announcements: "Announcements";
    announcements_empty: "Nothing is announced.";
    announced_until: "shown until";
    announced_dismiss: "I have read it";
    announced_read: "Read.";
    react: "React";
    react_hint: "One emoji, or the name of one of this server's.";
    announce: "Announce something";
    announce_lead: "Everybody here sees it in their app and on the page of announcements. Who wrote it is not kept.";
    announce_text: "What is announced";
    announce_days: "Days that it is shown";
    announce_days_hint: "Leave it empty to show it until it is taken down.";
    announce_now: "Announce it";
    announce_down: "Take it down";
    announce_wrong_days: "Write a number of days, or nothing.";
}
