//! What people keep for themselves.

diesel::table! {
    lists (id) {
        id -> BigInt,
        account_id -> BigInt,
        title -> Binary,
        replies -> SmallInt,
        exclusive -> Bool,
    }
}

diesel::table! {
    list_members (list_id, account_id) {
        list_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    followed_tags (account_id, tag) {
        account_id -> BigInt,
        tag -> Text,
    }
}

diesel::table! {
    featured_tags (id) {
        id -> BigInt,
        account_id -> BigInt,
        tag -> Text,
    }
}

diesel::table! {
    account_notes (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        note -> Binary,
    }
}

diesel::table! {
    endorsements (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
    }
}

diesel::table! {
    blocked_domains (account_id, domain) {
        account_id -> BigInt,
        domain -> Text,
    }
}

diesel::table! {
    conversations (account_id, thread_id) {
        account_id -> BigInt,
        thread_id -> BigInt,
        read_id -> BigInt,
        removed_id -> BigInt,
    }
}

diesel::table! {
    filters (id) {
        id -> BigInt,
        account_id -> BigInt,
        title -> Binary,
        contexts -> SmallInt,
        action -> SmallInt,
        expires_slot -> Nullable<BigInt>,
    }
}

diesel::table! {
    filter_keywords (id) {
        id -> BigInt,
        filter_id -> BigInt,
        keyword -> Binary,
        whole_word -> Bool,
    }
}

diesel::table! {
    filter_posts (id) {
        id -> BigInt,
        filter_id -> BigInt,
        post_id -> BigInt,
    }
}

diesel::table! {
    announcements (id) {
        id -> BigInt,
        text -> Binary,
        html -> Binary,
        published_slot -> BigInt,
        ends_slot -> Nullable<BigInt>,
    }
}

diesel::table! {
    announcement_dismissals (announcement_id, account_id) {
        announcement_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    announcement_reactions (announcement_id, account_id, name) {
        announcement_id -> BigInt,
        account_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    suggestion_dismissals (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
    }
}
