//! Quarantine on both databases: from a stranger's report to the end of the copy.

use bauta_model::{Attachment, AttachmentKind, Focus, LimiterKey, MediaId, PostId, Role};
use bauta_store::media::{Kind as Use, Medium};

use super::tests::{reads, say, staff};
use super::*;
use crate::alarms::{Filing, outcome, raise};
use crate::pictures::{self, store_bytes};
use crate::posts::Draft;
use crate::reports::State;
use crate::testing::{Server, on_both};
use crate::{Refused, Speaker, housekeeping};

const BAD: &[u8] = b"the bytes of something against the law";
const GOOD: &[u8] = b"the bytes of another, and as long as it";

const DAY: i64 = 24 * 3600;

fn filing(address: String, kind: Kind) -> Filing {
    Filing {
        address,
        kind,
        words: "Take it down.".into(),
        limiter: LimiterKey::new([7; 16]),
    }
}

async fn file(server: &Server, whose: &Speaker, used: Use, bytes: &[u8]) -> Medium {
    let (place, key) = store_bytes(&server.app, bytes.to_vec()).await.unwrap();
    Medium {
        id: MediaId::random(),
        account: whose.account,
        kind: used,
        mime: "image/png".into(),
        width: 40,
        height: 30,
        place,
        key,
    }
}

/// A post of `whose` with one picture.
async fn shows(server: &Server, whose: &Speaker, bytes: &[u8]) -> (PostId, MediaId) {
    let medium = file(server, whose, Use::Attachment, bytes).await;
    let id = medium.id;
    let attachment = Attachment {
        id,
        kind: AttachmentKind::Picture,
        mime: "image/png".into(),
        width: 40,
        height: 30,
        preview: None,
        description: "what it shows".into(),
        blurhash: String::new(),
        focus: Focus::default(),
        seconds: None,
    };
    let insert = move |conn: &mut bauta_store::Conn| {
        bauta_store::attachments::insert(conn, &attachment, &medium, None)
    };
    server.app.store.write("test", insert).await.unwrap();
    let draft = Draft {
        media: vec![id],
        ..Draft::new("look at this")
    };
    (say(server, whose, draft).await, id)
}

async fn is_there(server: &Server, id: MediaId) -> bool {
    pictures::read(&server.app, id).await.is_ok()
}

async fn only(server: &Server, moderator: &Speaker, of: &Speaker) -> Quarantine {
    let all = quarantines(&server.app, moderator).await.unwrap();
    let mut theirs = all
        .iter()
        .filter(|held| held.quarantine.new.account == of.account);
    let found = theirs.next().unwrap().quarantine;
    assert!(theirs.next().is_none());
    found
}

#[test]
fn what_a_stranger_reports_goes_with_every_copy_and_comes_back_if_that_was_wrong() {
    on_both(async |server| {
        let (one, two, three, four) = (
            server.join(1).await,
            server.join(2).await,
            server.join(3).await,
            server.join(4).await,
        );
        let moderator = staff(&server, 9, Role::Moderator).await;
        let app = &server.app;
        let (post, picture) = shows(&server, &one, BAD).await;
        let (copy, copied) = shows(&server, &two, BAD).await;
        let (kept, other) = shows(&server, &four, GOOD).await;
        let face = file(&server, &three, Use::Avatar, BAD).await;
        let (face_id, owner) = (face.id, three.account);
        app.store
            .write("test", move |conn| bauta_store::media::insert(conn, &face))
            .await
            .unwrap();
        server
            .sql(format!(
                "UPDATE accounts SET avatar_id = {} WHERE id = {}",
                face_id.get(),
                owner.get()
            ))
            .await;

        let at = format!("https://bauta.example/@a1/{post}");
        let code = raise(app, filing(at, Kind::Intimate)).await.unwrap();
        let limiter = LimiterKey::new([8; 16]);
        let before = outcome(app, code.expose(), limiter).await.unwrap();
        assert_eq!((before.state, before.kind), (State::Open, Kind::Intimate));
        assert_eq!(before.due, Some(app.clock.today().plus(1)));
        let due = due(app, &moderator).await.unwrap();
        assert_eq!((due.len(), due[0].0.report.posts.clone()), (1, vec![post]));
        assert!(due[0].0.reporter.is_none());

        let why = Why {
            report: Some(due[0].0.report.id),
            ..Why::because("Against the law.")
        };
        let refused = quarantine(app, &one, Due::Post(post), Kind::Intimate, why.clone()).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        let taken = quarantine(app, &moderator, Due::Post(post), Kind::Intimate, why)
            .await
            .unwrap();
        assert_eq!(taken, 3);
        assert_eq!(
            outcome(app, code.expose(), limiter).await.unwrap().state,
            State::Upheld
        );
        for id in [picture, copied, face_id] {
            assert!(!is_there(&server, id).await, "{id}");
        }
        assert!(!reads(&server, None, post).await && !reads(&server, None, copy).await);
        assert!(is_there(&server, other).await && reads(&server, None, kept).await);
        let back = show_post(app, &moderator, post, Why::default()).await;
        assert!(matches!(back, Err(Refused::Invalid { .. })), "not by showing it");
        let again = quarantine(
            app,
            &moderator,
            Due::Post(post),
            Kind::Intimate,
            Why::because("x"),
        )
        .await;
        assert!(matches!(again, Err(Refused::Invalid { .. })));
        let told = decisions_about_me(app, &two).await.unwrap();
        assert_eq!(told[0].decision, Decision::Quarantine);

        let held = only(&server, &moderator, &one).await;
        let looked = look(app, &moderator, held.id).await.unwrap();
        assert_eq!(
            (looked.words.text.as_str(), looked.files.len()),
            ("look at this", 1)
        );
        assert_eq!(looked.files[0].1, BAD.len());
        let (mime, bytes) = held_file(app, &moderator, held.id, picture).await.unwrap();
        assert_eq!((mime.as_str(), bytes.as_slice()), ("image/png", BAD));
        let seen = record(app, &moderator, None, 9).await.unwrap();
        assert!(seen.iter().any(|entry| entry.action.decision == Decision::Look));
        assert!(matches!(
            look(app, &one, held.id).await,
            Err(Refused::Forbidden(_))
        ));

        release(app, &moderator, held.id, Why::default()).await.unwrap();
        assert!(reads(&server, None, post).await);
        let shown = crate::posts::read(app, None, post).await.unwrap();
        let media = shown.card.post.media.clone();
        assert_eq!((media.len(), media[0].description.as_str()), (1, "what it shows"));
        assert_eq!(pictures::read(app, media[0].id).await.unwrap().bytes, BAD);
        assert!(matches!(
            look(app, &moderator, held.id).await,
            Err(Refused::NotFound)
        ));
        assert!(
            !reads(&server, None, copy).await,
            "the others are decided one by one"
        );
        let face = only(&server, &moderator, &three).await;
        release(app, &moderator, face.id, Why::default()).await.unwrap();
        let card = crate::reading::account_card(app, three.account).await.unwrap();
        assert!(is_there(&server, card.account.avatar.unwrap()).await);
    });
}

#[test]
fn a_copy_ends_with_its_term_unless_a_demand_has_one_made_of_the_account() {
    on_both(async |server| {
        let (one, two) = (server.join(1).await, server.join(2).await);
        let moderator = staff(&server, 9, Role::Moderator).await;
        let app = &server.app;
        let why = || Why::because("Against the law.");
        let (post, picture) = shows(&server, &one, BAD).await;
        quarantine(app, &moderator, Due::Post(post), Kind::Other, why())
            .await
            .unwrap();
        let first = only(&server, &moderator, &one).await;
        let (wanted, _) = shows(&server, &two, GOOD).await;
        quarantine(app, &moderator, Due::Post(wanted), Kind::Other, why())
            .await
            .unwrap();
        server
            .sql("INSERT INTO holds VALUES (5, 1, 2, NULL)".into())
            .await;
        let start = app.clock.now().unix_seconds();
        let later = |days| bauta_model::CoarseTime::from_unix_seconds(start + days * DAY);

        app.clock.set(later(29));
        housekeeping::keep(app).await.unwrap();
        assert_eq!(quarantines(app, &moderator).await.unwrap().len(), 2);
        app.clock.set(later(32));
        housekeeping::keep(app).await.unwrap();
        let left = only(&server, &moderator, &two).await;
        let gone = app
            .store
            .read("test", move |conn| {
                let copy = bauta_store::quarantine::file(conn, first.id, picture)?;
                let post = bauta_store::posts::by_id(conn, post)?;
                Ok::<_, bauta_store::Error>(copy.is_none() && post.is_none())
            })
            .await
            .unwrap();
        assert!(gone);
        assert!(look(app, &moderator, left.id).await.is_ok());

        // A report to an authority begins the term anew; without the demand it ends by itself.
        sent(app, &moderator, left.id).await.unwrap();
        let after = only(&server, &moderator, &two).await;
        assert_eq!(after.sent, Some(app.clock.today()));
        assert_eq!(after.new.until, app.clock.today().plus(term_of(Kind::Other)));
        server.sql("DELETE FROM holds WHERE purpose = 1".into()).await;
        app.clock.set(later(70));
        housekeeping::keep(app).await.unwrap();
        assert!(quarantines(app, &moderator).await.unwrap().is_empty());
    });
}

#[test]
fn a_report_tells_nobody_which_posts_there_are() {
    on_both(async |server| {
        let one = server.join(1).await;
        let moderator = staff(&server, 9, Role::Moderator).await;
        let app = &server.app;
        let hidden = Draft {
            visibility: bauta_model::Visibility::Direct,
            ..Draft::new("for nobody")
        };
        let hidden = say(&server, &one, hidden).await;
        for post in [hidden, PostId::new(77)] {
            raise(app, filing(format!("/@a1/{post}"), Kind::ChildAbuse))
                .await
                .unwrap();
        }
        let named: Vec<_> = due(app, &moderator).await.unwrap();
        assert_eq!(
            named
                .iter()
                .filter(|(case, _)| case.report.posts == [hidden])
                .count(),
            1
        );
        assert!(
            named
                .iter()
                .any(|(case, _)| case.report.comment.ends_with("/@a1/77"))
        );
        let nobody = raise(app, filing("/@a8".into(), Kind::Other)).await;
        assert!(matches!(nobody, Err(Refused::Invalid { field: "address", .. })));
        let long = Filing {
            words: "x".repeat(1001),
            ..filing("/@a1".into(), Kind::Other)
        };
        assert!(matches!(
            raise(app, long).await,
            Err(Refused::Invalid { field: "words", .. })
        ));
        let wrong = outcome(app, "7QK3-M0VE-9XTB-42HD", LimiterKey::new([1; 16])).await;
        assert!(matches!(wrong, Err(Refused::Invalid { field: "code", .. })));
    });
}
