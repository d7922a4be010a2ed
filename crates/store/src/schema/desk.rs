//! The legal desk, and what is kept for it.

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
    held_files (hold_id, media_id) {
        hold_id -> BigInt,
        media_id -> BigInt,
        mime -> Text,
        public -> Bool,
        content -> Binary,
    }
}

diesel::table! {
    quarantines (hold_id) {
        hold_id -> BigInt,
        post_id -> Nullable<BigInt>,
        moderator_id -> BigInt,
        kind -> SmallInt,
        since_day -> Integer,
        sent_day -> Nullable<Integer>,
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
        answer -> SmallInt,
        notice -> Binary,
    }
}

diesel::table! {
    desk_unseen (notice_id, keyholder_id) {
        notice_id -> BigInt,
        keyholder_id -> BigInt,
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
