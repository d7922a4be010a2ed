//! The texts of the pages on which people take their lists and their account along, and bring lists in. See
//! [`crate::words`].

catalogue! {
    export: "Take along";
    export_about: "Your lists as files for another server, or everything as an archive.";
    export_lead: "The files have the columns that Mastodon reads. They name people: keep them where nobody else looks.";
    export_what: "What you take along";
    export_follows: "Whom you follow";
    export_blocks: "Whom you block";
    export_mutes: "Whom you mute for good";
    export_lists: "Your lists";
    export_bookmarks: "Saved posts";
    export_domains: "Servers you leave out";
    export_archive: "Everything, as an archive";
    export_archive_hint: "Posts, media, likes, lists, and each row that we hold about you, as \"What we hold about you\" counts it. What opens your account is never in it.";
    export_pass: "Your passphrase";
    export_pass_hint: "So that nobody who finds your browser open takes it all.";
    export_get: "Get the file";
    export_choose: "Choose what you take along.";
    import: "Bring in";
    import_about: "Lists and posts from another server.";
    import_lead: "Each line is done as if you did it by hand, under the same limits. What is here already stays. How far it is, is kept in memory alone.";
    import_archive: "The posts of an archive, with their media, and its bookmarks";
    import_archive_hint: "Posts join at their place in the past, and nobody is told. What answers others, boosts, polls and what was between people stays out, and so does a post in which we find what tells who somebody is. Your profile stays as it is, and nobody is followed.";
    import_known: "I know that whoever finds one of these posts elsewhere knows whose account this is";
    import_known_hint: "For an archive alone. Words and pictures that were published under another name lead back to it.";
    import_known_missing: "Posts of an archive tell who you were: tick the box if that may be known.";
    import_what: "What the file is";
    import_file: "The file, as Mastodon writes it";
    import_file_hint: "A list: CSV, at most 2 MB and 10,000 lines. An archive: .zip or .tar.gz, at most 64 MB.";
    import_begin: "Bring it in";
    import_choose: "Choose what the file is.";
    import_missing: "A file is missing.";
    import_going: "Being brought in. Load this page again to see how far it is.";
    import_over: "Brought in.";
    import_taken: "taken";
    import_not_taken: "not taken";
    import_of: "of";
    import_failed: "Not taken";
}
