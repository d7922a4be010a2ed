//! People, and what lets them in.

diesel::table! {
    accounts (id) {
        id -> BigInt,
        handle -> Text,
        handle_key -> Text,
        display_name -> Binary,
        bio -> Binary,
        bio_html -> Binary,
        fields -> Binary,
        locked -> Bool,
        bot -> Bool,
        discoverable -> Bool,
        indexable -> Bool,
        hide_collections -> Bool,
        joined_month -> Integer,
        role -> SmallInt,
        standing -> SmallInt,
        avatar_id -> Nullable<BigInt>,
        header_id -> Nullable<BigInt>,
        posts_count -> BigInt,
        followers_count -> BigInt,
        following_count -> BigInt,
    }
}

diesel::table! {
    preferences (account_id) {
        account_id -> BigInt,
        default_visibility -> SmallInt,
        default_sensitive -> Bool,
        default_language -> Nullable<Text>,
        theme -> SmallInt,
        direct_from_strangers -> Bool,
        expand_warnings -> Bool,
        hold -> SmallInt,
        default_quote_policy -> SmallInt,
        default_reply_policy -> SmallInt,
    }
}

diesel::table! {
    lapses (account_id) {
        account_id -> BigInt,
        after_months -> Integer,
        dies_month -> Integer,
    }
}

diesel::table! {
    waiting_accounts (account_id) {
        account_id -> BigInt,
        words -> Binary,
    }
}

diesel::table! {
    onion_accounts (account_id) {
        account_id -> BigInt,
    }
}

diesel::table! {
    keyholders (id) {
        id -> BigInt,
        account_id -> BigInt,
        label -> Binary,
        duties -> SmallInt,
    }
}

diesel::table! {
    group_rules (account_id) {
        account_id -> BigInt,
        needed -> SmallInt,
    }
}

diesel::table! {
    proposals (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> SmallInt,
        about_id -> Nullable<BigInt>,
        notice_id -> Nullable<BigInt>,
        number -> SmallInt,
        detail -> Binary,
        stage -> SmallInt,
        until_day -> Integer,
    }
}

diesel::table! {
    proposal_agreements (proposal_id, keyholder_id) {
        proposal_id -> BigInt,
        keyholder_id -> BigInt,
    }
}

diesel::table! {
    credentials (keyholder_id) {
        keyholder_id -> BigInt,
        account_id -> BigInt,
        passphrase_hash -> Text,
    }
}

diesel::table! {
    recovery_codes (code_hash) {
        code_hash -> Binary,
        account_id -> BigInt,
        keyholder_id -> BigInt,
    }
}

diesel::table! {
    keyholder_invites (code_hash) {
        code_hash -> Binary,
        account_id -> BigInt,
        duties -> SmallInt,
        until_day -> Integer,
    }
}

diesel::table! {
    apps (id) {
        id -> BigInt,
        client_id -> Text,
        secret_hash -> Binary,
        name -> Text,
        website -> Nullable<Text>,
        redirect_uris -> Text,
        scopes -> Text,
        registered_month -> Integer,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Binary,
        id -> BigInt,
        account_id -> Nullable<BigInt>,
        app_id -> Nullable<BigInt>,
        kind -> SmallInt,
        scopes -> Text,
        expires_month -> Nullable<Integer>,
        keyholder_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    push_agreements (keyholder_id) {
        keyholder_id -> BigInt,
    }
}

diesel::table! {
    push_subscriptions (id) {
        id -> BigInt,
        session_id -> BigInt,
        account_id -> BigInt,
        target -> Binary,
        alerts -> Integer,
        policy -> SmallInt,
    }
}

diesel::table! {
    invites (code_hash) {
        code_hash -> Binary,
        expires_month -> Integer,
    }
}

diesel::table! {
    invite_allowances (account_id) {
        account_id -> BigInt,
        month -> Integer,
        minted -> Integer,
    }
}

diesel::table! {
    follows (follower_id, followee_id) {
        follower_id -> BigInt,
        followee_id -> BigInt,
        show_boosts -> Bool,
        notify -> Bool,
    }
}

diesel::table! {
    follow_requests (follower_id, followee_id) {
        follower_id -> BigInt,
        followee_id -> BigInt,
        show_boosts -> Bool,
        notify -> Bool,
    }
}

diesel::table! {
    blocks (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
    }
}

diesel::table! {
    mutes (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        hide_notifications -> Bool,
        expires_slot -> Nullable<BigInt>,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> SmallInt,
        from_id -> BigInt,
        post_id -> Nullable<BigInt>,
        filtered -> Bool,
    }
}

diesel::table! {
    notification_policies (account_id) {
        account_id -> BigInt,
        not_following -> SmallInt,
        not_followers -> SmallInt,
        new_accounts -> SmallInt,
        private_mentions -> SmallInt,
        limited_accounts -> SmallInt,
    }
}

diesel::table! {
    notification_permissions (account_id, from_id) {
        account_id -> BigInt,
        from_id -> BigInt,
    }
}

diesel::table! {
    markers (account_id, timeline) {
        account_id -> BigInt,
        timeline -> SmallInt,
        last_read_id -> BigInt,
        version -> Integer,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        target_id -> BigInt,
        reporter_id -> Nullable<BigInt>,
        category -> SmallInt,
        comment -> Binary,
        state -> SmallInt,
        month -> Integer,
        assignee_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    report_posts (report_id, post_id) {
        report_id -> BigInt,
        post_id -> BigInt,
    }
}

diesel::table! {
    report_codes (report_id) {
        report_id -> BigInt,
        code_hash -> Binary,
        kind -> SmallInt,
        due_day -> Nullable<Integer>,
    }
}

diesel::table! {
    moderation_actions (id) {
        id -> BigInt,
        moderator_id -> BigInt,
        target_id -> BigInt,
        post_id -> Nullable<BigInt>,
        report_id -> Nullable<BigInt>,
        kind -> SmallInt,
        reason -> Binary,
        day -> Integer,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    retired_handles (key_hash) {
        key_hash -> Binary,
    }
}

diesel::table! {
    appeals (action_id) {
        action_id -> BigInt,
        account_id -> BigInt,
        text -> Binary,
        state -> SmallInt,
        month -> Integer,
    }
}
