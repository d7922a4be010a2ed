//! The texts of the pages about who may tell somebody of what they do. See [`crate::words`].

catalogue! {
    told: "Who may notify you";
    told_about: "Quiet mode, and what becomes of notifications from strangers.";
    quiet: "Quiet mode";
    quiet_means: "For bad days: nobody whom you don't follow can notify you or write to you directly. What they do waits aside, and you need never look at it. Nobody is told that you are in quiet mode.";
    quiet_on: "You are in quiet mode.";
    quiet_begin: "Begin quiet mode";
    quiet_end: "End quiet mode";
    told_by: "Who may notify you";
    told_lead: "Where somebody is in several of these groups, the strictest holds. It keeps nobody from answering or liking what you post: you are not told of it.";
    told_not_following: "People whom you don't follow";
    told_not_followers: "People who don't follow you";
    told_new: "Accounts that came this month or last";
    told_direct: "Direct posts from strangers to whom you never wrote directly";
    told_limited: "People whom moderators limited";
    told_accept: "May notify you";
    told_filter: "Wait aside";
    told_drop: "Nothing is kept";
    aside: "Waiting aside";
    aside_lead: "What they did is in no list and counts as nothing new. Whoever you let in can notify you from now on.";
    aside_empty: "Nobody waits aside.";
    aside_one: "notification";
    aside_many: "notifications";
    aside_accept: "Let in";
    aside_dismiss: "Forget";
}
