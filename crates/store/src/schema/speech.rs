//! Posts, and what people do with them.

diesel::table! {
    media (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> SmallInt,
        mime -> Text,
        width -> Integer,
        height -> Integer,
        segment -> Integer,
        segment_offset -> BigInt,
        length -> Integer,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        author_id -> BigInt,
        in_reply_to_id -> Nullable<BigInt>,
        in_reply_to_author_id -> Nullable<BigInt>,
        thread_id -> BigInt,
        boost_of_id -> Nullable<BigInt>,
        boost_of_author_id -> Nullable<BigInt>,
        visibility -> SmallInt,
        sensitive -> Bool,
        warning -> Binary,
        text -> Binary,
        html -> Binary,
        language -> Nullable<Text>,
        edited_slot -> Nullable<BigInt>,
        replies_count -> BigInt,
        boosts_count -> BigInt,
        favourites_count -> BigInt,
        pinned -> Bool,
        state -> SmallInt,
        quote_policy -> SmallInt,
        quotes_count -> BigInt,
        reply_policy -> SmallInt,
    }
}

diesel::table! {
    post_edits (post_id, number) {
        post_id -> BigInt,
        number -> Integer,
        slot -> BigInt,
        sensitive -> Bool,
        warning -> Binary,
        text -> Binary,
        html -> Binary,
    }
}

diesel::table! {
    attachments (media_id) {
        media_id -> BigInt,
        preview_id -> Nullable<BigInt>,
        account_id -> BigInt,
        post_id -> Nullable<BigInt>,
        position -> SmallInt,
        kind -> SmallInt,
        description -> Binary,
        blurhash -> Text,
        focus_x -> SmallInt,
        focus_y -> SmallInt,
        seconds -> Nullable<Integer>,
        waiting_day -> Nullable<Integer>,
    }
}

diesel::table! {
    post_edit_media (post_id, number, position) {
        post_id -> BigInt,
        number -> Integer,
        position -> SmallInt,
        media_id -> BigInt,
        description -> Binary,
    }
}

diesel::table! {
    polls (post_id) {
        post_id -> BigInt,
        multiple -> Bool,
        hide_totals -> Bool,
        expires_slot -> BigInt,
        voters_count -> BigInt,
        told -> Bool,
    }
}

diesel::table! {
    poll_options (post_id, position) {
        post_id -> BigInt,
        position -> SmallInt,
        title -> Binary,
        votes_count -> BigInt,
    }
}

diesel::table! {
    poll_voters (post_id, account_id) {
        post_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    post_edit_options (post_id, number, position) {
        post_id -> BigInt,
        number -> Integer,
        position -> SmallInt,
        title -> Binary,
    }
}

diesel::table! {
    quotes (post_id) {
        post_id -> BigInt,
        quoted_id -> Nullable<BigInt>,
        state -> SmallInt,
    }
}

diesel::table! {
    quote_stamps (post_id) {
        post_id -> BigInt,
        stamp -> Text,
    }
}

diesel::table! {
    scheduled_posts (id) {
        id -> BigInt,
        account_id -> BigInt,
        publish_slot -> BigInt,
        draft -> Binary,
        failed -> Bool,
    }
}

diesel::table! {
    post_mentions (post_id, account_id) {
        post_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    post_tags (tag, post_id) {
        tag -> Text,
        post_id -> BigInt,
    }
}

diesel::table! {
    favourites (account_id, post_id) {
        account_id -> BigInt,
        post_id -> BigInt,
    }
}

diesel::table! {
    bookmarks (account_id, post_id) {
        account_id -> BigInt,
        post_id -> BigInt,
    }
}

diesel::table! {
    muted_threads (account_id, thread_id) {
        account_id -> BigInt,
        thread_id -> BigInt,
    }
}

diesel::table! {
    short_links (code) {
        code -> Text,
        post_id -> BigInt,
        url -> Binary,
        stopped -> Bool,
    }
}

diesel::table! {
    deletions (kind, id) {
        kind -> SmallInt,
        id -> BigInt,
        month -> Integer,
    }
}

diesel::table! {
    custom_emojis (id) {
        id -> BigInt,
        shortcode -> Text,
        category -> Text,
        in_picker -> Bool,
        mime -> Text,
        width -> Integer,
        height -> Integer,
        picture -> Binary,
        still -> Binary,
    }
}
