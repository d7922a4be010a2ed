//! Reports and decisions on both databases.

use bauta_model::{AccountId, PostId, ReportId, Role, Standing, Visibility};
use bauta_store::Window;

use super::*;
use crate::posts::{self, Draft};
use crate::reports::{Category, Filing, State, file};
use crate::testing::{Server, on_both};
use crate::{Refused, Speaker};

pub(super) async fn staff(server: &Server, id: i64, role: Role) -> Speaker {
    let speaker = server.join(id).await;
    server
        .sql(format!(
            "UPDATE accounts SET role = {} WHERE id = {id}",
            role.code()
        ))
        .await;
    server.app.accounts.invalidate(speaker.account);
    Speaker { role, ..speaker }
}

fn filing(target: &Speaker, posts: &[PostId]) -> Filing {
    Filing {
        target: target.account,
        posts: posts.to_vec(),
        category: Category::Violation,
        comment: "It names a private person.".into(),
        forward: false,
    }
}

pub(super) async fn say(server: &Server, who: &Speaker, draft: Draft) -> PostId {
    posts::post(&server.app, who, draft).await.unwrap().id()
}

pub(super) async fn reads(server: &Server, viewer: Option<&Speaker>, post: PostId) -> bool {
    posts::read(&server.app, viewer, post).await.is_ok()
}

async fn standing(server: &Server, of: &Speaker) -> Standing {
    let card = crate::reading::account_card(&server.app, of.account)
        .await
        .unwrap();
    card.account.standing
}

#[test]
fn a_report_is_worked_from_the_queue_to_a_decision() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let moderator = staff(&server, 3, Role::Moderator).await;
        let app = &server.app;
        for n in 0..3 {
            say(&server, &other, Draft::new(format!("before {n}"))).await;
        }
        let direct = Draft {
            visibility: Visibility::Direct,
            ..Draft::new("@a1 I know where you live")
        };
        server
            .sql("INSERT INTO preferences (account_id, default_visibility, default_sensitive, theme, direct_from_strangers, expand_warnings) VALUES (1, 0, false, 0, true, false)".into())
            .await;
        let post = say(&server, &other, direct).await;
        let filed = file(app, &me, filing(&other, &[post, post])).await.unwrap();
        assert_eq!(filed.posts, [post]);
        assert_eq!(count_open(app, &moderator).await.unwrap(), 1);
        assert_eq!(count_open(app, &other).await.unwrap(), 0);
        let listed = queue(app, &moderator, Wanted::default(), Window::first(9))
            .await
            .unwrap();
        assert_eq!(listed.items[0].report, filed);
        let case = assign(app, &moderator, filed.id).await.unwrap();
        assert_eq!(case.assignee.unwrap().account.id, moderator.account);
        assert_eq!(case.posts[0].id(), post);
        assert_eq!(case.around.len(), 3);
        assert!(
            unassign(app, &moderator, filed.id)
                .await
                .unwrap()
                .assignee
                .is_none()
        );
        let why = Why {
            report: Some(filed.id),
            ..Why::because("A threat.")
        };
        suspend(app, &moderator, other.account, why).await.unwrap();
        let case = report(app, &moderator, filed.id).await.unwrap();
        assert_eq!((case.report.state, case.before.len()), (State::Upheld, 1));
        assert_eq!(count_open(app, &moderator).await.unwrap(), 0);
        assert_eq!(
            reopen(app, &moderator, filed.id).await.unwrap().report.state,
            State::Open
        );
        let settled = resolve(app, &moderator, filed.id, false).await.unwrap();
        assert_eq!(settled.report.state, State::Dismissed);
    });
}

#[test]
fn what_cannot_be_reported_is_refused() {
    on_both(async |server| {
        let (me, other, third) = (server.join(1).await, server.join(2).await, server.join(3).await);
        let app = &server.app;
        let hidden = Draft {
            visibility: Visibility::Followers,
            ..Draft::new("for followers")
        };
        let hidden = say(&server, &other, hidden).await;
        let foreign = say(&server, &third, Draft::new("of somebody else")).await;
        for posts in [vec![hidden], vec![foreign], vec![PostId::new(77)]] {
            assert!(matches!(
                file(app, &me, filing(&other, &posts)).await,
                Err(Refused::NotFound)
            ));
        }
        let long = Filing {
            comment: "x".repeat(1001),
            ..filing(&other, &[])
        };
        assert!(matches!(
            file(app, &me, long).await,
            Err(Refused::Invalid { field: "comment", .. })
        ));
        assert!(matches!(
            file(app, &me, filing(&me, &[])).await,
            Err(Refused::Invalid { .. })
        ));
        let nobody = Filing {
            target: AccountId::new(99),
            ..filing(&other, &[])
        };
        assert!(matches!(file(app, &me, nobody).await, Err(Refused::NotFound)));
    });
}

#[test]
fn a_hidden_post_is_for_its_author_and_comes_back() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let moderator = staff(&server, 3, Role::Moderator).await;
        let app = &server.app;
        crate::timelines::warm(app).await.unwrap();
        let post = say(&server, &other, Draft::new("words")).await;
        let local = async || {
            let page = bauta_timeline::Page::newest(9);
            crate::timelines::local(app, None, &page).await.unwrap().len()
        };
        assert_eq!(local().await, 1);
        hide_post(app, &moderator, post, Why::because("It names a private person."))
            .await
            .unwrap();
        assert!(!reads(&server, None, post).await && !reads(&server, Some(&me), post).await);
        assert!(reads(&server, Some(&other), post).await && reads(&server, Some(&moderator), post).await);
        assert_eq!(local().await, 0);
        let told = decisions_about_me(app, &other).await.unwrap();
        assert_eq!((told[0].decision, told[0].post), (Decision::HidePost, Some(post)));
        assert_eq!(told[0].reason, "It names a private person.");
        show_post(app, &moderator, post, Why::default()).await.unwrap();
        assert!(reads(&server, None, post).await);
        assert_eq!(local().await, 1);
        delete_post(app, &moderator, post, Why::because("Again."))
            .await
            .unwrap();
        assert!(!reads(&server, Some(&other), post).await);
        assert_eq!(decisions_about_me(app, &other).await.unwrap().len(), 3);
        assert!(decisions_about_me(app, &me).await.unwrap().is_empty());
    });
}

#[test]
fn a_standing_changes_what_others_see() {
    on_both(async |server| {
        let other = server.join(2).await;
        let moderator = staff(&server, 3, Role::Moderator).await;
        let app = &server.app;
        let post = say(&server, &other, Draft::new("words")).await;
        limit(app, &moderator, other.account, Why::because("Spam."))
            .await
            .unwrap();
        assert_eq!(standing(&server, &other).await, Standing::Limited);
        assert!(reads(&server, None, post).await);
        suspend(app, &moderator, other.account, Why::because("More spam."))
            .await
            .unwrap();
        assert!(!reads(&server, None, post).await);
        // Neither makes less of a suspension.
        limit(app, &moderator, other.account, Why::because("Less."))
            .await
            .unwrap();
        unlimit(app, &moderator, other.account, Why::default())
            .await
            .unwrap();
        assert_eq!(standing(&server, &other).await, Standing::Suspended);
        unsuspend(app, &moderator, other.account, Why::default())
            .await
            .unwrap();
        assert!(reads(&server, None, post).await);
        let decisions: Vec<_> = record(app, &moderator, None, 9).await.unwrap();
        assert_eq!(decisions.len(), 3);
        assert!(
            decisions
                .iter()
                .all(|entry| entry.target.is_some() && entry.moderator.is_some())
        );
    });
}

#[test]
fn moderators_have_no_power_over_those_who_run_the_server() {
    on_both(async |server| {
        let user = server.join(1).await;
        let moderator = staff(&server, 2, Role::Moderator).await;
        let second = staff(&server, 3, Role::Moderator).await;
        let operator = staff(&server, 4, Role::Operator).await;
        let app = &server.app;
        let tries = [
            (&user, &second, false),
            (&moderator, &moderator, false),
            (&moderator, &second, false),
            (&moderator, &operator, false),
            (&operator, &operator, false),
            (&operator, &second, true),
            (&moderator, &user, true),
        ];
        for (who, of, allowed) in tries {
            let done = limit(app, who, of.account, Why::because("Why.")).await;
            assert_eq!(done.is_ok(), allowed, "{:?} limits {:?}", who.account, of.account);
        }
    });
}

#[test]
fn everything_here_is_for_moderators_and_every_harm_has_a_reason() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let moderator = staff(&server, 3, Role::Moderator).await;
        let app = &server.app;
        let post = say(&server, &other, Draft::new("words")).await;
        let id = file(app, &me, filing(&other, &[])).await.unwrap().id;
        let why = || Why::because("Why.");
        let refusals = [
            queue(app, &me, Wanted::default(), Window::first(9)).await.err(),
            report(app, &me, id).await.err(),
            assign(app, &me, id).await.err(),
            unassign(app, &me, id).await.err(),
            resolve(app, &me, id, true).await.err(),
            reopen(app, &me, id).await.err(),
            hide_post(app, &me, post, why()).await.err(),
            show_post(app, &me, post, why()).await.err(),
            delete_post(app, &me, post, why()).await.err(),
            limit(app, &me, other.account, why()).await.err(),
            unlimit(app, &me, other.account, why()).await.err(),
            suspend(app, &me, other.account, why()).await.err(),
            unsuspend(app, &me, other.account, why()).await.err(),
            warn(app, &me, other.account, why()).await.err(),
            people(app, &me, Listing::default(), Window::first(9)).await.err(),
            person(app, &me, other.account).await.err(),
            record(app, &me, None, 9).await.err(),
        ];
        for (nth, refusal) in refusals.into_iter().enumerate() {
            assert!(
                matches!(refusal, Some(Refused::Forbidden(_))),
                "{nth}: {refusal:?}"
            );
        }
        let none = || Why::because("  ");
        for refusal in [
            hide_post(app, &moderator, post, none()).await.err(),
            delete_post(app, &moderator, post, none()).await.err(),
            limit(app, &moderator, other.account, none()).await.err(),
            suspend(app, &moderator, other.account, none()).await.err(),
            warn(app, &moderator, other.account, none()).await.err(),
        ] {
            assert!(
                matches!(refusal, Some(Refused::Invalid { field: "text", .. })),
                "{refusal:?}"
            );
        }
        let elsewhere = Why {
            report: Some(ReportId::new(5)),
            ..why()
        };
        let refusal = suspend(app, &moderator, other.account, elsewhere).await;
        assert!(matches!(refusal, Err(Refused::NotFound)));
        assert_eq!(standing(&server, &other).await, Standing::Good);
    });
}

#[test]
fn moderators_find_accounts() {
    on_both(async |server| {
        for id in [11, 12, 21] {
            server.join(id).await;
        }
        let moderator = staff(&server, 3, Role::Moderator).await;
        let app = &server.app;
        suspend(app, &moderator, AccountId::new(12), Why::because("Spam."))
            .await
            .unwrap();
        let find = async |listing: Listing| {
            let page = people(app, &moderator, listing, Window::first(9)).await.unwrap();
            page.items
                .iter()
                .map(|card| card.account.id.get())
                .collect::<Vec<_>>()
        };
        assert_eq!(find(Listing::default()).await, [21, 12, 11, 3]);
        assert_eq!(
            find(Listing {
                standing: Some(Standing::Suspended),
                ..Listing::default()
            })
            .await,
            [12]
        );
        assert_eq!(
            find(Listing {
                handle: Some("A1".into()),
                ..Listing::default()
            })
            .await,
            [12, 11]
        );
        assert_eq!(
            find(Listing {
                staff: true,
                ..Listing::default()
            })
            .await,
            [3]
        );
    });
}

#[test]
fn housekeeping_runs() {
    on_both(async |server| {
        crate::housekeeping::keep(&server.app).await.unwrap();
    });
}

#[test]
fn a_suspended_person_objects_once_and_is_let_back_when_moderators_agree() {
    on_both(async |server| {
        let (me, moderator) = (server.join(1).await, staff(&server, 2, Role::Moderator).await);
        let app = &server.app;
        suspend(app, &moderator, me.account, Why::because("Spam."))
            .await
            .unwrap();
        let notice = decisions_about_me(app, &me).await.unwrap().remove(0);
        assert_eq!((notice.decision, notice.appeal), (Decision::Suspend, None));
        let other = server.join(3).await;
        for (who, text) in [(&other, "not mine"), (&me, " ")] {
            assert!(appeal(app, who, notice.id, text).await.is_err());
        }
        appeal(app, &me, notice.id, "I did not say that.").await.unwrap();
        let again = appeal(app, &me, notice.id, "Really.").await;
        assert!(matches!(again, Err(Refused::Invalid { .. })));
        assert!(matches!(appeals(app, &me).await, Err(Refused::Forbidden(_))));
        let waiting = appeals(app, &moderator).await.unwrap();
        assert_eq!(waiting[0].appeal.text, "I did not say that.");
        settle_appeal(app, &moderator, notice.id, true).await.unwrap();
        assert!(crate::accounts::by_id(app, me.account).await.is_ok(), "let back");
        let told = decisions_about_me(app, &me).await.unwrap();
        let granted = told.iter().find(|one| one.id == notice.id).unwrap();
        assert_eq!(granted.appeal.as_ref().unwrap().1, AppealState::Granted);
        let over = settle_appeal(app, &moderator, notice.id, false).await;
        assert!(matches!(over, Err(Refused::NotFound)));
        let undone = told
            .iter()
            .find(|one| one.decision == Decision::Unsuspend)
            .unwrap();
        let nothing = appeal(app, &me, undone.id, "Why not earlier?").await;
        assert!(
            matches!(nothing, Err(Refused::NotFound)),
            "what was taken back is not objected to"
        );
    });
}
