//! Reporting what is against the law, without an account. No name and no contact is asked for: a code, shown once, lets
//! whoever has it see what became of the report.

use bauta_credentials::codes::{self, CodeHash, Kind as CodeKind};
use bauta_model::{AccountId, Day, Handle, LimiterKey, MediaId, PostId, ReportId, Secret};
pub use bauta_store::alarms::Kind;
use bauta_store::alarms::{self as rows, Alarm};
pub use bauta_store::reports::State;
use bauta_store::reports::{self, Category, Report};
use bauta_store::{Conn, attachments, media, posts};

use crate::gates::Gate;
use crate::reports::COMMENT_CHARS;
use crate::{App, Refused, accounts};

/// What somebody reports.
pub struct Filing {
    /// The address of a post, of an account, or of a picture, as typed.
    pub address: String,
    /// What they say it is.
    pub kind: Kind,
    /// In their words; may be empty.
    pub words: String,
    /// In place of an address of theirs.
    pub limiter: LimiterKey,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where it stands.
    pub state: State,
    /// What it was said to be.
    pub kind: Kind,
    /// The last day to answer it, where there is one.
    pub due: Option<Day>,
}

/// The last day to answer. Whoever is shown in private has 48 hours (TAKE IT DOWN Act): the end of the day after the report
/// is never later, and is all that has to be kept. What shows the abuse of a child is as urgent.
const fn due_of(kind: Kind, today: Day) -> Option<Day> {
    match kind {
        Kind::ChildAbuse | Kind::Intimate => Some(today.plus(1)),
        Kind::Terrorism | Kind::Other => None,
    }
}

/// Files a report, and gives the code that shows what becomes of it.
///
/// A post that not everybody can see is named in the report all the same where it is there; the answer does not tell
/// whether it is.
///
/// # Errors
/// [`Refused::Invalid`] for an address that leads to nobody here, and for too many words; [`Refused::Limited`].
pub async fn raise(app: &App, filing: Filing) -> Result<Secret<String>, Refused> {
    let words = bauta_text::clean_text(&filing.words);
    if words.chars().count() > COMMENT_CHARS {
        let why = format!("A comment has at most {COMMENT_CHARS} characters.");
        return Err(Refused::invalid("words", why));
    }
    let named = Named::read(app, &filing.address).ok_or_else(nowhere)?;
    app.gates.pass(Gate::Report, filing.limiter)?;
    let (target, post) = found(app, named).await?;
    let address = bauta_text::clean_text(&filing.address);
    let (code, hash) = codes::generate(CodeKind::Report);
    let alarm = Alarm {
        kind: filing.kind,
        due: due_of(filing.kind, app.clock.today()),
    };
    let report = Report {
        id: ReportId::random(),
        target,
        reporter: None,
        category: Category::Legal,
        comment: words,
        state: State::Open,
        month: app.clock.month(),
        assignee: None,
        posts: Vec::new(),
    };
    app.store
        .write("raise_alarm", move |conn| {
            let posts = theirs(conn, target, post)?;
            let mut report = Report { posts, ..report };
            if report.posts.is_empty() && post.is_some() {
                // Moderators see what was meant, though it is not there.
                let comment = format!("{}\n{address}", report.comment);
                comment.trim().clone_into(&mut report.comment);
            }
            reports::insert(conn, &report)?;
            rows::insert(conn, report.id, alarm, hash.as_bytes())
        })
        .await?;
    Ok(code)
}

fn nowhere() -> Refused {
    Refused::invalid(
        "address",
        "This leads to nobody on this server. Copy the address of the post or of the profile from here.",
    )
}

fn theirs(conn: &mut Conn, target: AccountId, post: Option<PostId>) -> bauta_store::Result<Vec<PostId>> {
    let Some(id) = post else { return Ok(Vec::new()) };
    let found = posts::by_id(conn, id)?;
    Ok(found
        .filter(|post| post.author == target && post.boost_of.is_none())
        .map(|post| post.id)
        .into_iter()
        .collect())
}

/// What an address names.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    Account(Handle, Option<PostId>),
    File(MediaId),
}

impl Named {
    fn read(app: &App, typed: &str) -> Option<Self> {
        read_address(typed, &app.site.domain)
    }
}

/// Reads `https://domain/@name/ID`, `/@name`, `@name@elsewhere`, `name`, `/media/ID`; the domain may be any, since the onion
/// address is another.
fn read_address(typed: &str, domain: &str) -> Option<Named> {
    let typed = typed.trim();
    if typed.len() > 500 {
        return None;
    }
    let path = match typed.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => typed
            .strip_prefix('/')
            .or_else(|| after_domain(typed, domain))
            .unwrap_or(typed),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next()?;
    if first == "media" {
        return parts.next()?.parse().ok().map(Named::File);
    }
    let handle = first.strip_suffix(&format!("@{domain}")).unwrap_or(first);
    let handle = Handle::parse_any(handle).ok()?;
    let post = parts.next().and_then(|part| part.parse().ok());
    Some(Named::Account(handle, post))
}

fn after_domain<'t>(typed: &'t str, domain: &str) -> Option<&'t str> {
    typed.strip_prefix(domain)?.strip_prefix('/')
}

/// Whom it is about, and the post.
async fn found(app: &App, named: Named) -> Result<(AccountId, Option<PostId>), Refused> {
    let found = match named {
        Named::Account(handle, post) => {
            let card = accounts::by_handle(app, &handle).await;
            card.map(|card| (card.account.id, post))
        }
        Named::File(id) => {
            let found = app.store.read("whose_file", move |conn| whose(conn, id)).await?;
            found.ok_or(Refused::NotFound)
        }
    };
    found.map_err(|refused| match refused {
        Refused::NotFound => nowhere(),
        other => other,
    })
}

fn whose(conn: &mut Conn, id: MediaId) -> bauta_store::Result<Option<(AccountId, Option<PostId>)>> {
    let Some(file) = media::by_id(conn, id)? else {
        return Ok(None);
    };
    Ok(Some((file.account, attachments::post_of(conn, id)?)))
}

/// What became of the report of a code.
///
/// # Errors
/// [`Refused::Invalid`] for a code that is wrong or whose report is deleted by now; [`Refused::Limited`].
pub async fn outcome(app: &App, code: &str, limiter: LimiterKey) -> Result<Outcome, Refused> {
    app.gates.pass(Gate::ReportCode, limiter)?;
    let unknown = || {
        Refused::invalid(
            "code",
            "There is no report with this code. Reports are deleted after 12 months, and with the account that they are about.",
        )
    };
    let hash = CodeHash::of(CodeKind::Report, code).ok_or_else(unknown)?;
    app.store
        .read("alarm_outcome", move |conn| {
            let id = rows::by_code(conn, hash.as_bytes())?.ok_or_else(unknown)?;
            let report = reports::by_id(conn, id)?.ok_or_else(unknown)?;
            let alarm = rows::of(conn, id)?.ok_or_else(unknown)?;
            Ok::<_, Refused>(Outcome {
                state: report.state,
                kind: alarm.kind,
                due: alarm.due,
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn account(handle: &str, post: Option<i64>) -> Option<Named> {
        let handle = Handle::parse_any(handle).ok()?;
        Some(Named::Account(handle, post.map(PostId::new)))
    }

    #[test]
    fn an_address_is_read_however_it_was_copied() {
        let id = PostId::new(123_456_789_012_345);
        for typed in [
            format!("https://bauta.example/@ann/{id}"),
            format!("http://abcdef.onion/@ann/{id}?x=1#p"),
            format!("/@ann/{id}"),
            format!(" bauta.example/@ann/{id} "),
            format!("@ann@bauta.example/{id}"),
        ] {
            assert_eq!(
                read_address(&typed, "bauta.example"),
                account("ann", Some(id.get())),
                "{typed}"
            );
        }
        for typed in [
            "ann",
            "@ann",
            "https://bauta.example/@ann",
            "@ann@bauta.example",
            "/@ann/",
        ] {
            assert_eq!(
                read_address(typed, "bauta.example"),
                account("ann", None),
                "{typed}"
            );
        }
        assert_eq!(
            read_address("@eve@far.example", "bauta.example"),
            account("eve@far.example", None)
        );
        let file = MediaId::new(77);
        let typed = format!("https://bauta.example/media/{file}");
        assert_eq!(read_address(&typed, "bauta.example"), Some(Named::File(file)));
        for wrong in [
            "",
            "https://bauta.example",
            "https://bauta.example/",
            "/media/",
            "a b",
        ] {
            assert_eq!(read_address(wrong, "bauta.example"), None, "{wrong}");
        }
    }

    #[test]
    fn the_last_day_is_never_more_than_48_hours_away() {
        let today = Day::new(20_000);
        let end = due_of(Kind::Intimate, today).unwrap().plus(1).start();
        let earliest = today.start();
        assert!(end.unix_seconds() - earliest.unix_seconds() <= 48 * 3600);
        assert_eq!(due_of(Kind::Other, today), None);
    }

    proptest! {
        #[test]
        fn no_address_breaks_the_reader(typed in "[@/:.?#a-z0-9 é]{0,40}") {
            let _ = read_address(&typed, "bauta.example");
        }
    }
}
