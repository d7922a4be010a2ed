//! Links that carry what belongs to one person, or whose owner watches who follows them.

use super::{LeakKind, places};
use crate::scan::whole_link;
use crate::tracking::is_any_host;
use url::{Url, form_urlencoded};

/// Parameters that open something, or name who shares; their values are long enough to be somebody's.
const TOKENS: &[&str] = &[
    "session",
    "sessionid",
    "session_id",
    "sid",
    "phpsessid",
    "jsessionid",
    "token",
    "auth",
    "authtoken",
    "auth_token",
    "access_token",
    "accesstoken",
    "id_token",
    "refresh_token",
    "api_key",
    "apikey",
    "sig",
    "signature",
    "secret",
    "password",
    "passwd",
    "pwd",
    "otp",
    "ticket",
    "x-amz-signature",
    "x-amz-credential",
    "share_token",
    "sharetoken",
    "share_id",
    "shareid",
    "share_link_id",
    "unlocked_article_code",
    "pwapi_token",
    "accesskey",
    "gift",
    "giftcopy",
    "igsh",
    "igshid",
    "rcm",
    "mc_eid",
    "ouid",
    "invite",
    "uid",
    "user_id",
    "userid",
    "key",
    "code",
    "hash",
];

/// Shorter values are page numbers and words, not tokens.
const MIN_TOKEN_CHARS: usize = 8;

const DOCUMENTS: &[&str] = &[
    "docs.google.com",
    "drive.google.com",
    "forms.gle",
    "dropbox.com",
    "db.tt",
    "onedrive.live.com",
    "1drv.ms",
    "sharepoint.com",
    "wetransfer.com",
    "we.tl",
    "mega.nz",
    "icloud.com",
    "box.com",
    "zoom.us",
    "meet.google.com",
    "teams.microsoft.com",
    "photos.app.goo.gl",
    "photos.google.com",
    "disk.yandex.ru",
    "notion.site",
];

const SHORT: &[&str] = &[
    "t.co",
    "bit.ly",
    "tinyurl.com",
    "goo.gl",
    "ow.ly",
    "is.gd",
    "v.gd",
    "buff.ly",
    "lnkd.in",
    "t.ly",
    "rb.gy",
    "cutt.ly",
    "shorturl.at",
    "tiny.cc",
    "rebrand.ly",
    "vm.tiktok.com",
    "redd.it",
    "dlvr.it",
    "trib.al",
    "amzn.to",
    "youtube.app.link",
    "fb.me",
    "wp.me",
    "spoti.fi",
    "spotify.link",
    "a.co",
    "s.id",
    "qr.ae",
    "clck.ru",
    "bl.ink",
];

/// What a link gives away.
pub fn find(link: &str, url: &Url) -> Option<LeakKind> {
    let host = url.host_str()?;
    let has_path = url.path().len() > 1;
    if places::in_link(link, url) {
        Some(LeakKind::Place)
    } else if is_any_host(host, DOCUMENTS) && has_path {
        Some(LeakKind::SharedDocument)
    } else if carries_token(link) {
        Some(LeakKind::LinkToken)
    } else {
        (is_any_host(host, SHORT) && has_path).then_some(LeakKind::ShortLink)
    }
}

/// A link with a user name before its host, perhaps with a passphrase.
pub fn names_user(link: &str) -> Option<LeakKind> {
    let authority = link.split_once("://")?.1.split(['/', '?', '#']).next()?;
    authority.contains('@').then_some(LeakKind::LinkToken)
}

fn carries_token(link: &str) -> bool {
    let (path, pairs) = link.split_once(['?', '#']).unwrap_or((link, ""));
    pairs.split(['&', '#', '?']).any(is_token) || session_in_path(path).is_some() || holds_jwt(path)
}

/// Old Java servers put the session at the end of the path.
fn session_in_path(path: &str) -> Option<usize> {
    path.to_ascii_lowercase().find(";jsessionid=")
}

fn is_token(pair: &str) -> bool {
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .is_some_and(|(name, value)| {
            let known = TOKENS.iter().any(|token| name.eq_ignore_ascii_case(token));
            (known && value.len() >= MIN_TOKEN_CHARS) || holds_jwt(&value)
        })
}

/// RFC 7519: three parts in base64url, of which the first begins with `{"`.
fn holds_jwt(text: &str) -> bool {
    text.split(['/', '?', '&', '=', ' ']).any(|part| {
        let parts: Vec<&str> = part.split('.').collect();
        let encoded = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        parts.len() == 3
            && part.starts_with("eyJ")
            && parts[1].len() >= 8
            && part.replace('.', "").chars().all(encoded)
    })
}

/// The link without its tokens; nothing if it is one through and through.
pub fn without_tokens(link: &str) -> Option<String> {
    whole_link(link)?;
    let (before, fragment) = link
        .split_once('#')
        .map_or((link, ""), |(before, part)| (before, part));
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let path = session_in_path(path).map_or(path, |at| &path[..at]);
    if holds_jwt(path) {
        return None;
    }
    let keep = |pairs: &str| {
        pairs
            .split(['&', '?', '#'])
            .filter(|pair| !is_token(pair))
            .collect::<Vec<_>>()
            .join("&")
    };
    let mut out = path.to_owned();
    for (sign, pairs) in [('?', keep(query)), ('#', keep(fragment))] {
        if !pairs.is_empty() {
            out.push(sign);
            out.push_str(&pairs);
        }
    }
    Some(out)
}
