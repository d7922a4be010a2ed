//! The tables of migrations/ as diesel sees them. Nothing outside this crate sees them.

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
    }
}

diesel::table! {
    credentials (account_id) {
        account_id -> BigInt,
        passphrase_hash -> Text,
    }
}

diesel::table! {
    recovery_codes (code_hash) {
        code_hash -> Binary,
        account_id -> BigInt,
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
    short_links (code) {
        code -> Text,
        post_id -> BigInt,
        url -> Binary,
        stopped -> Bool,
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
    deletions (kind, id) {
        kind -> SmallInt,
        id -> BigInt,
        month -> Integer,
    }
}

diesel::table! {
    holds (id) {
        id -> BigInt,
        purpose -> SmallInt,
        account_id -> Nullable<BigInt>,
        until_day -> Nullable<Integer>,
    }
}

diesel::table! {
    held_rows (hold_id, number) {
        hold_id -> BigInt,
        number -> Integer,
        source_table -> Text,
        content -> Binary,
    }
}

diesel::table! {
    desk_officers (account_id) {
        account_id -> BigInt,
        duties -> SmallInt,
        age_key -> Nullable<Text>,
    }
}

diesel::table! {
    desk_demands (id) {
        id -> BigInt,
        public_name -> Text,
        renews_id -> Nullable<BigInt>,
        salt -> Binary,
    }
}

diesel::table! {
    desk_targets (demand_id, number) {
        demand_id -> BigInt,
        number -> Integer,
        target -> Binary,
    }
}

diesel::table! {
    desk_events (demand_id, number) {
        demand_id -> BigInt,
        number -> Integer,
        slot -> BigInt,
        officer_id -> BigInt,
        fact -> Binary,
    }
}

diesel::table! {
    desk_findings (demand_id, number, kind) {
        demand_id -> BigInt,
        number -> Integer,
        kind -> SmallInt,
        finding -> Binary,
    }
}

diesel::table! {
    desk_papers (id) {
        id -> BigInt,
        demand_id -> BigInt,
        kind -> SmallInt,
        added_day -> Integer,
        destroy_day -> Nullable<Integer>,
        content_hash -> Binary,
        content -> Binary,
    }
}

diesel::table! {
    desk_drafts (id) {
        id -> BigInt,
        demand_id -> BigInt,
        kind -> SmallInt,
        officer_id -> BigInt,
        changed_day -> Integer,
        destroy_day -> Nullable<Integer>,
        content -> Binary,
    }
}

diesel::table! {
    desk_holds (hold_id) {
        hold_id -> BigInt,
        demand_id -> BigInt,
    }
}

diesel::table! {
    desk_notices (id) {
        id -> BigInt,
        account_id -> BigInt,
        demand_id -> BigInt,
        until_day -> Integer,
        seen -> Bool,
        answer -> SmallInt,
        notice -> Binary,
    }
}

diesel::table! {
    desk_pickups (token_hash) {
        token_hash -> Binary,
        notice_id -> BigInt,
        until_day -> Integer,
        content -> Binary,
    }
}

diesel::table! {
    log_entries (id) {
        id -> BigInt,
        about_id -> BigInt,
        epoch -> BigInt,
        leaf -> Nullable<BigInt>,
        open -> SmallInt,
        salt -> Binary,
        payload -> Binary,
    }
}

diesel::table! {
    purge_log (source_table) {
        source_table -> Text,
        month -> Integer,
    }
}

diesel::table! {
    remote_accounts (account_id) {
        account_id -> BigInt,
        uri -> Text,
        url -> Text,
        domain -> Text,
        inbox -> Text,
        shared_inbox -> Text,
        followers_uri -> Text,
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
    remote_keys (key_id) {
        key_id -> Text,
        owner -> Text,
        public_key -> Text,
        fetched_slot -> BigInt,
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

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    preferences,
    credentials,
    recovery_codes,
    apps,
    sessions,
    invites,
    invite_allowances,
    media,
    posts,
    post_edits,
    attachments,
    post_edit_media,
    post_mentions,
    post_tags,
    favourites,
    bookmarks,
    muted_threads,
    follows,
    follow_requests,
    blocks,
    mutes,
    notifications,
    markers,
    reports,
    report_posts,
    moderation_actions,
    short_links,
    settings,
    deletions,
    holds,
    held_rows,
    desk_officers,
    desk_demands,
    desk_targets,
    desk_events,
    desk_findings,
    desk_papers,
    desk_drafts,
    desk_holds,
    desk_notices,
    desk_pickups,
    log_entries,
    purge_log,
    remote_accounts,
    remote_posts,
    remote_keys,
    actor_keys,
    follow_names,
    outbox,
    activities,
    deliveries,
    lists,
    list_members,
    followed_tags,
    featured_tags,
    account_notes,
    endorsements,
    blocked_domains,
    conversations,
    filters,
    filter_keywords,
    filter_posts,
    domain_rules,
    given_up,
);
