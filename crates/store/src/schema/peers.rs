//! Other servers.

diesel::table! {
    remote_accounts (account_id) {
        account_id -> BigInt,
        uri -> Text,
        url -> Text,
        domain -> Text,
        inbox -> Text,
        shared_inbox -> Text,
        followers_uri -> Text,
        featured_uri -> Text,
        fetched_day -> Integer,
    }
}

diesel::table! {
    remote_posts (post_id) {
        post_id -> BigInt,
        uri -> Text,
        url -> Text,
    }
}

diesel::table! {
    remote_media (id) {
        id -> BigInt,
        account_id -> BigInt,
        post_id -> Nullable<BigInt>,
        kind -> SmallInt,
        position -> SmallInt,
        host -> Text,
        url -> Binary,
        description -> Binary,
        blurhash -> Text,
        focus_x -> SmallInt,
        focus_y -> SmallInt,
        state -> SmallInt,
        attempts -> SmallInt,
        due_slot -> Nullable<BigInt>,
        got_day -> Nullable<Integer>,
    }
}

diesel::table! {
    remote_emojis (id) {
        id -> BigInt,
        domain -> Text,
        shortcode -> Text,
        server -> Text,
        host -> Text,
        url -> Binary,
        named_day -> Integer,
        attempts -> SmallInt,
        due_slot -> Nullable<BigInt>,
        width -> Integer,
        height -> Integer,
        picture -> Nullable<Binary>,
        still -> Nullable<Binary>,
        bytes -> Integer,
    }
}

diesel::table! {
    link_previews (id) {
        id -> BigInt,
        link_hash -> Binary,
        host -> Text,
        url -> Binary,
        title -> Binary,
        description -> Binary,
        site -> Binary,
        attempts -> SmallInt,
        due_slot -> Nullable<BigInt>,
        asked_day -> Nullable<Integer>,
        picture_id -> Nullable<BigInt>,
        picture -> Nullable<Binary>,
        picture_bytes -> Integer,
        picture_said -> Binary,
        picture_host -> Text,
        blurhash -> Text,
        width -> Integer,
        height -> Integer,
    }
}

diesel::table! {
    post_links (post_id) {
        post_id -> BigInt,
        preview_id -> BigInt,
    }
}

diesel::table! {
    remote_keys (key_id) {
        key_id -> Text,
        owner -> Text,
        public_key -> Text,
        fetched_slot -> BigInt,
    }
}

diesel::table! {
    gone_names (name_hash) {
        name_hash -> Binary,
        until_day -> Integer,
    }
}

diesel::table! {
    aliases (account_id, other_id) {
        account_id -> BigInt,
        other_id -> BigInt,
    }
}

diesel::table! {
    moves (account_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        month -> Integer,
        carried -> Bool,
    }
}

diesel::table! {
    actor_keys (account_id) {
        account_id -> BigInt,
        private_key -> Binary,
    }
}

diesel::table! {
    follow_names (follower_id, followee_id) {
        follower_id -> BigInt,
        followee_id -> BigInt,
        uri -> Text,
    }
}

diesel::table! {
    outbox (kind, actor_id, object_id) {
        kind -> SmallInt,
        actor_id -> BigInt,
        object_id -> BigInt,
        detail -> Binary,
        mark -> BigInt,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        signer_id -> BigInt,
        post_id -> Nullable<BigInt>,
        body -> Binary,
    }
}

diesel::table! {
    deliveries (activity_id, inbox) {
        activity_id -> BigInt,
        inbox -> Text,
        attempts -> Integer,
        due_slot -> BigInt,
        since_slot -> BigInt,
    }
}

diesel::table! {
    given_up (host) {
        host -> Text,
        deliveries -> BigInt,
        last_day -> Integer,
    }
}

diesel::table! {
    domain_rules (domain) {
        domain -> Text,
        id -> BigInt,
        severity -> SmallInt,
        reject_media -> Bool,
        reject_reports -> Bool,
        obfuscate -> Bool,
        public_comment -> Text,
        private_comment -> Text,
        month -> Integer,
    }
}
