//! What is known of tracking: parameters that tell who passed a link on, and addresses that only lead elsewhere.
//! Data, and how it is looked up.

/// Parameters that serve no reader, on any host. A star at the end stands for any ending.
const EVERYWHERE: &[&str] = &[
    "utm_*",
    "fbclid",
    "gclid",
    "gclsrc",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "ysclid",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsctatracking",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "vero_conv",
    "rb_clickid",
    "ml_subscriber*",
    "wickedid",
    "_openstat",
    "ref_src",
    "ref_url",
    "share_id",
    "trk",
    "trkcampaign",
    "rcm",
    "li_fat_id",
    "epik",
    "srsltid",
    "_branch_match_id",
    "guccounter",
    "guce_referrer*",
    "xtor",
    "at_campaign",
    "at_medium",
    "at_custom*",
    "piwik_*",
    "pk_campaign",
    "pk_kwd",
    "pk_source",
    "pk_medium",
    "mtm_*",
    "matomo_*",
    "stm_*",
    "itm_*",
    "wt_mc",
    "wt_zmc",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "action_object_map",
    "action_type_map",
    "action_ref_map",
    "_ga",
    "_gl",
    "gs_l",
    "dm_i",
    "ncid",
    "spm",
    "cvid",
    "ocid",
    "mibextid",
    "sfnsn",
    "vd_source",
    "spm_id_from",
    "campaign_id",
    "email_subscriber_id",
    "subscriber_hash",
    "s_cid",
    "sc_campaign",
    "sc_channel",
    "ns_mchannel",
    "ns_campaign",
];

/// Parameters that track on some hosts and mean something on others.
const BY_HOST: &[(&[&str], &[&str])] = &[
    (
        &["youtube.com", "youtu.be"],
        &["si", "feature", "pp", "ab_channel", "embeds_referring_euri"],
    ),
    (&["spotify.com"], &["si", "nd", "context", "dlsi"]),
    (&["x.com", "twitter.com"], &["s", "t", "cxt", "cn", "refsrc"]),
    (
        &["instagram.com", "threads.net", "threads.com"],
        &["ig_rid", "img_index_src", "xmt", "slof"],
    ),
    (
        &["tiktok.com"],
        &[
            "_t",
            "_r",
            "is_from_webapp",
            "sender_device",
            "share_app_id",
            "share_link_id",
            "u_code",
            "user_id",
            "sec_user_id",
            "tt_from",
            "timestamp",
            "preview_pb",
            "enter_from",
            "is_copy_url",
            "sec_uid",
            "share_item_id",
            "checksum",
            "ugbiz_name",
            "social_share_type",
            "web_id",
        ],
    ),
    (
        &["reddit.com"],
        &[
            "rdt",
            "correlation_id",
            "ref",
            "ref_campaign",
            "ref_source",
            "%24*",
            "$*",
        ],
    ),
    (
        &["linkedin.com"],
        &[
            "trackingid",
            "refid",
            "lipi",
            "midtoken",
            "midsig",
            "trkemail",
            "ebp",
            "originalsubdomain",
        ],
    ),
    (
        &["facebook.com", "fb.com", "fb.watch"],
        &[
            "__cft__*",
            "__tn__",
            "__xts__*",
            "rdid",
            "share_url",
            "ref",
            "refsrc",
            "hc_ref",
            "acontext",
            "notif_id",
            "notif_t",
            "paipv",
            "eav",
            "fref",
            "extid",
            "fs",
            "s",
            "refid",
        ],
    ),
    (
        &["google.*"],
        &[
            "ei", "ved", "sca_esv", "sca_upv", "sxsrf", "gs_lcp", "gs_lcrp", "sclient", "oq", "aqs", "biw",
            "bih", "uact", "iflsig", "sei", "rlz", "source", "sourceid", "usg", "sa", "entry", "g_ep",
            "skid",
        ],
    ),
    (
        &["docs.google.com", "drive.google.com"],
        &["ouid", "usp", "rtpof"],
    ),
    (
        &["amazon.*"],
        &[
            "ref",
            "ref_",
            "pd_rd_*",
            "pf_rd_*",
            "qid",
            "sr",
            "sprefix",
            "crid",
            "dib",
            "dib_tag",
            "_encoding",
            "content-id",
            "linkcode",
            "linkid",
            "camp",
            "creative",
            "creativeasin",
            "ascsubtag",
            "psc",
            "smid",
        ],
    ),
    (
        &["bing.com"],
        &["form", "qs", "sk", "sp", "pq", "sc", "ghc", "lq"],
    ),
    (
        &["ebay.*"],
        &[
            "_trkparms",
            "_trksid",
            "mkcid",
            "mkrid",
            "mkevt",
            "campid",
            "toolid",
            "customid",
            "amdata",
        ],
    ),
    (
        &["nytimes.com"],
        &[
            "smid",
            "smtyp",
            "referringsource",
            "emc",
            "instance_id",
            "regi_id",
            "segment_id",
            "user_id",
            "te",
            "nl",
        ],
    ),
    (&["washingtonpost.com"], &["itid", "wpisrc", "wpmm"]),
    (&["theguardian.com"], &["cmp"]),
    (
        &["substack.com"],
        &["r", "triedredirect", "isfreemail", "showwelcomeonshare"],
    ),
    (&["medium.com"], &["source"]),
    (
        &["bilibili.com", "b23.tv"],
        &[
            "share_*",
            "from_source",
            "bbid",
            "ts",
            "unique_k",
            "plat_id",
            "buvid",
            "mid",
        ],
    ),
    (&["apple.com"], &["uo", "itscg", "itsct", "ct"]),
    (&["imdb.com"], &["ref_"]),
    (&["pinterest.*"], &["nic_v*", "invite_code", "sender", "sfo"]),
    (
        &["change.org"],
        &[
            "recruiter",
            "recruited_by_id",
            "share_*",
            "source_location",
            "psf_variant",
        ],
    ),
];

/// Addresses that only lead elsewhere, and carry where to: hosts, beginning of the path, parameters.
const REDIRECTORS: &[(&[&str], &str, &[&str])] = &[
    (&["google.*"], "/url", &["q", "url"]),
    (
        &[
            "l.facebook.com",
            "lm.facebook.com",
            "l.messenger.com",
            "l.instagram.com",
        ],
        "/",
        &["u"],
    ),
    (
        &["l.threads.net", "l.threads.com", "l.workplace.com"],
        "/",
        &["u"],
    ),
    (&["out.reddit.com"], "/", &["url"]),
    (&["linkedin.com"], "/redir/", &["url"]),
    (&["linkedin.com"], "/safety/go", &["url"]),
    (&["t.umblr.com", "href.li"], "/redirect", &["z"]),
    (&["duckduckgo.com"], "/l/", &["uddg"]),
    (&["youtube.com"], "/redirect", &["q"]),
    (&["steamcommunity.com"], "/linkfilter", &["url", "u"]),
    (&["vk.com", "vk.ru"], "/away.php", &["to"]),
    (&["slack-redir.net"], "/link", &["url"]),
    (&["safelinks.protection.outlook.com"], "/", &["url"]),
    (&["away.vk.com"], "/", &["to"]),
    (&["exit.sc"], "/", &["url"]),
    (&["disq.us"], "/url", &["url"]),
    (&["curseforge.com"], "/linkout", &["remoteurl"]),
    (&["gate.sc"], "/", &["url"]),
];

/// A parameter of this name tracks on this host.
pub fn is_tracking(host: &str, name: &str) -> bool {
    let listed = |list: &[&str]| list.iter().any(|rule| name_matches(rule, name));
    listed(EVERYWHERE)
        || BY_HOST
            .iter()
            .any(|(hosts, names)| is_any_host(host, hosts) && listed(names))
}

/// The parameters that may hold the target, where this address is a redirector.
pub fn target_names(host: &str, path: &str) -> Option<&'static [&'static str]> {
    REDIRECTORS
        .iter()
        .find(|(hosts, prefix, _)| is_any_host(host, hosts) && path.starts_with(prefix))
        .map(|(_, _, names)| *names)
}

/// The host is one of these domains or below one.
pub fn is_any_host(host: &str, domains: &[&str]) -> bool {
    domains.iter().any(|domain| match domain.strip_suffix(".*") {
        Some(name) => is_brand(host, name),
        None => host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
    })
}

/// `google.*`: the name under a country's domain, such as `www.google.co.uk`.
fn is_brand(host: &str, name: &str) -> bool {
    let mut labels = host
        .rsplit('.')
        .skip_while(|label| label.len() <= 3 && *label != name);
    host.contains('.') && labels.next() == Some(name)
}

fn name_matches(rule: &str, name: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(beginning) => name
            .get(..beginning.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(beginning)),
        None => rule.eq_ignore_ascii_case(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_matches_under_countries_and_nowhere_else() {
        assert!(is_any_host("www.google.co.uk", &["google.*"]));
        assert!(is_any_host("google.com", &["google.*"]));
        assert!(!is_any_host("google.evil.com", &["google.*"]));
        assert!(!is_any_host("notx.com", &["x.com"]));
    }
}
