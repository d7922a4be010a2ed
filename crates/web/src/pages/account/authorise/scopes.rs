//! What an app may do, in plain words.

/// Each scope that is known to this server.
const SENTENCES: &[(&str, &str)] = &[
    ("profile", "see which account this is"),
    (
        "read",
        "read everything that you can read here, direct posts and notifications included",
    ),
    ("read:accounts", "read profiles, and your own settings of it"),
    ("read:blocks", "read whom you block"),
    ("read:bookmarks", "read what you saved"),
    ("read:favourites", "read what you like"),
    ("read:filters", "read your filters"),
    ("read:follows", "read whom you follow"),
    ("read:lists", "read your lists"),
    ("read:mutes", "read whom you mute"),
    ("read:notifications", "read your notifications"),
    ("read:search", "search as you"),
    (
        "read:statuses",
        "read all posts that you can read, direct posts included",
    ),
    (
        "write",
        "do everything that you can do here: post and delete, follow, change your profile",
    ),
    ("write:accounts", "change your profile"),
    ("write:blocks", "block people, and end that"),
    ("write:bookmarks", "save posts"),
    ("write:conversations", "mute and delete conversations"),
    ("write:favourites", "like posts"),
    ("write:filters", "change your filters"),
    ("write:follows", "follow people, and end that"),
    ("write:lists", "change your lists"),
    ("write:media", "upload pictures"),
    ("write:mutes", "mute people and threads"),
    ("write:notifications", "clear your notifications"),
    ("write:reports", "report posts and people"),
    ("write:statuses", "post and delete as you"),
    ("follow", "read and change whom you follow, block and mute"),
    ("push", "be told at once when something happens"),
    ("admin:read", "read everything that moderators can read"),
    ("admin:write", "do everything that moderators can do"),
];

/// What a scope lets an app do; a rare one stands for itself.
pub fn in_words(scope: &str) -> &str {
    SENTENCES
        .iter()
        .find(|(known, _)| *known == scope)
        .map_or(scope, |(_, sentence)| sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_apps_ask_for_is_said_in_words() {
        for scope in ["read", "write", "follow", "push", "profile", "write:statuses"] {
            assert_ne!(in_words(scope), scope);
        }
    }
}
